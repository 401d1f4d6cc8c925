//! Which added file is an old one moved or copied: by identical content first, then by lines in common, as git does it.
//!
//! Works on what has been read within the limits, so that its cost is bounded by them. Sources of a rename are deleted
//! files; sources of a copy are these and the old sides of other changed files.

use super::{RepoPath, contents::Loaded, load::Item};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

/// Bytes in common, in percent of the larger file, from which two files count as one moved or copied.
pub(super) const SIMILAR: u64 = 50;
/// Pairs that are compared by their lines.
const PAIRS: usize = 40_000;

/// Joins added files with their sources: sets `old_path` and the old side of the target, drops the moved source. False when
/// there were too many candidates to compare by lines.
pub(super) fn pair(items: &mut Vec<Item>) -> bool {
    let targets: Vec<usize> = (0..items.len()).filter(|i| is_target(&items[*i])).collect();
    let sources: Vec<usize> = (0..items.len()).filter(|i| is_source(&items[*i])).collect();
    if targets.is_empty() || sources.is_empty() {
        return true;
    }
    let mut matches = identical(items, &targets, &sources);
    let open: Vec<usize> = targets
        .into_iter()
        .filter(|t| !matches.iter().any(|m| m.target == *t))
        .collect();
    let complete = open.len().saturating_mul(sources.len()) <= PAIRS;
    if complete {
        matches.extend(similar(items, &open, &sources));
    }
    apply(items, matches);
    complete
}

/// A target and the source found for it.
struct Match {
    target: usize,
    source: usize,
}

fn is_target(item: &Item) -> bool {
    item.old.is_none() && item.new.as_ref().is_some_and(|new| new.side.size > 0)
}

fn is_source(item: &Item) -> bool {
    item.old.as_ref().is_some_and(|old| old.side.size > 0)
}

/// True when the file is gone from where it was.
fn is_gone(item: &Item) -> bool {
    item.new.is_none()
}

/// Targets whose content is that of a source; one that is gone and has the same name is preferred.
fn identical(items: &[Item], targets: &[usize], sources: &[usize]) -> Vec<Match> {
    let mut by_blob: HashMap<_, Vec<usize>> = HashMap::new();
    for source in sources {
        if let Some(old) = &items[*source].old {
            by_blob
                .entry((&old.side.blob, old.side.mode >> 12))
                .or_default()
                .push(*source);
        }
    }
    let mut used = vec![false; items.len()];
    let mut matches = Vec::new();
    for target in targets {
        let Some(new) = &items[*target].new else { continue };
        let found = by_blob.get(&(&new.side.blob, new.side.mode >> 12)).and_then(|sources| {
            sources
                .iter()
                .min_by_key(|s| (used[**s], !is_gone(&items[**s]), !same_name(items, *target, **s)))
        });
        if let Some(source) = found {
            used[*source] = true;
            matches.push(Match {
                target: *target,
                source: *source,
            });
        }
    }
    matches
}

fn same_name(items: &[Item], a: usize, b: usize) -> bool {
    items[a].delta.path.file_name() == items[b].delta.path.file_name()
}

/// Targets whose text is mostly that of a source; the best pairs first.
fn similar(items: &[Item], targets: &[usize], sources: &[usize]) -> Vec<Match> {
    let weigh = |side: Option<&Loaded>| side?.side.text.as_deref().map(Weights::new);
    let sources: Vec<(usize, Weights)> = sources
        .iter()
        .filter_map(|s| Some((*s, weigh(items[*s].old.as_ref())?)))
        .collect();
    let mut scored = Vec::new();
    for target in targets {
        let Some(new) = weigh(items[*target].new.as_ref()) else {
            continue;
        };
        for (source, old) in &sources {
            let score = new.similarity(old);
            if score >= SIMILAR {
                let rank = (score, is_gone(&items[*source]), same_name(items, *target, *source));
                scored.push((rank, *target, *source));
            }
        }
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; items.len()];
    scored
        .into_iter()
        .filter(|(_, target, _)| !std::mem::replace(&mut taken[*target], true))
        .map(|(_, target, source)| Match { target, source })
        .collect()
}

/// The lines of a text by digest, with the bytes that each digest covers, sorted.
pub(super) struct Weights {
    lines: Vec<(u64, u64)>,
    size: u64,
}

impl Weights {
    pub(super) fn new(text: &[u8]) -> Self {
        let mut lines: Vec<(u64, u64)> = text
            .split_inclusive(|b| *b == b'\n')
            .map(|line| {
                let mut hasher = DefaultHasher::new();
                line.hash(&mut hasher);
                (hasher.finish(), line.len() as u64)
            })
            .collect();
        lines.sort_unstable();
        lines.dedup_by(|line, kept| {
            let same = line.0 == kept.0;
            if same {
                kept.1 += line.1;
            }
            same
        });
        Self {
            lines,
            size: text.len() as u64,
        }
    }

    /// Bytes in common, in percent of the larger text.
    pub(super) fn similarity(&self, other: &Self) -> u64 {
        let larger = self.size.max(other.size);
        if self.size.min(other.size) * 100 < larger * SIMILAR {
            return 0;
        }
        let (mut a, mut b) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut common = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    common += x.1.min(y.1);
                    a.next();
                    b.next();
                }
            }
        }
        common * 100 / larger.max(1)
    }
}

/// Gives targets their old sides. The first target of a source that is gone is the rename; all others are copies.
fn apply(items: &mut Vec<Item>, matches: Vec<Match>) {
    let mut moved = vec![false; items.len()];
    for Match { target, source } in matches {
        let from: RepoPath = items[source].delta.path.clone();
        let old = items[source].old.clone();
        let stage = items[source].delta.stage;
        let renamed = is_gone(&items[source]) && !moved[source];
        moved[source] |= renamed;
        let item = &mut items[target];
        item.old = old;
        item.old_path = Some(from);
        item.copied = !renamed;
        if renamed {
            item.delta.stage.staged |= stage.staged;
            item.delta.stage.unstaged |= stage.unstaged;
        }
    }
    let mut moved = moved.into_iter();
    items.retain(|_| !moved.next().unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_bytes_in_common_of_the_larger() {
        let weigh = |text: &str| Weights::new(text.as_bytes());
        assert_eq!(weigh("a\nb\n").similarity(&weigh("b\na\n")), 100);
        assert_eq!(weigh("a\na\nb\nc\n").similarity(&weigh("a\nx\nb\ny\n")), 50);
        assert_eq!(weigh("a\n").similarity(&weigh("b\n")), 0);
        assert_eq!(weigh("").similarity(&weigh("")), 0);
    }
}
