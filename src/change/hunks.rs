//! Two texts to hunks: which lines changed, with context, and an identity that outlives line numbers.
//!
//! The comparison is git's own (xdiff with the indent heuristic), so that hunks are the ones `git diff` shows.

use super::{Error, Hunk, HunkId, Line, LineKind, RepoPath, error::Doing, heading};
use crate::text::{LineIndex, Span};
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// How two texts are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compare {
    /// Unchanged lines around a change.
    pub context: u32,
    /// True when `\r\n` and `\n` are the same to git here, because it converts between them.
    pub any_eol: bool,
}

/// The hunks between two texts, in order.
pub(super) fn between(path: &RepoPath, old: &[u8], new: &[u8], compare: Compare) -> Result<Vec<Hunk>, Error> {
    let raw = changed_runs(old, new, compare)?;
    let sides = Sides {
        old,
        new,
        old_lines: LineIndex::new(old),
        new_lines: LineIndex::new(new),
        show_cr: !compare.any_eol && endings_matter(eol_style(old), eol_style(new)),
    };
    let mut seen = HashMap::new();
    Ok(raw
        .into_iter()
        .map(|run| {
            let lines: Vec<Line> = run.lines.iter().filter_map(|l| sides.line(*l)).collect();
            let id = identity(path, &lines, &sides, &mut seen);
            Hunk {
                id,
                old_start: run.old_start,
                old_lines: run.old_lines,
                new_start: run.new_start,
                new_lines: run.new_lines,
                heading: sides.heading(&lines),
                lines,
            }
        })
        .collect())
}

/// For every line of `new` its line in `old` (1-based), or `None` when `old` does not have it. The first is line 1.
pub(super) fn origins(old: &[u8], new: &[u8]) -> Result<Vec<Option<u32>>, Error> {
    let compare = Compare {
        context: 0,
        any_eol: false,
    };
    let runs = changed_runs(old, new, compare)?;
    let mut added = HashSet::new();
    let mut shifts: Vec<(u32, i64)> = Vec::new();
    for run in &runs {
        for line in run.lines.iter().filter(|l| l.0 == LineKind::Added) {
            added.insert(line.2);
        }
        // A side of zero lines is placed after its line by git, so the first line behind it is the next.
        let behind = |start: u32, count: u32| i64::from(start) + i64::from(count.max(1));
        let old_behind = behind(run.old_start, run.old_lines);
        let new_behind = behind(run.new_start, run.new_lines);
        shifts.push((new_behind as u32, old_behind - new_behind));
    }
    let mut shift = 0;
    let mut next = shifts.into_iter().peekable();
    Ok((1..=LineIndex::new(new).count())
        .map(|line| {
            while let Some((_, by)) = next.next_if(|(from, _)| *from <= line) {
                shift = by;
            }
            match added.contains(&line) {
                true => None,
                false => u32::try_from(i64::from(line) + shift).ok(),
            }
        })
        .collect())
}

/// One run of lines as libgit2 found it: kind, old line, new line.
struct Run {
    old_start: u32,
    old_lines: u32,
    new_start: u32,
    new_lines: u32,
    lines: Vec<(LineKind, u32, u32)>,
}

/// The runs of changed lines with their context.
fn changed_runs(old: &[u8], new: &[u8], compare: Compare) -> Result<Vec<Run>, Error> {
    let mut options = git2::DiffOptions::new();
    options
        .context_lines(compare.context)
        .indent_heuristic(true)
        .force_text(true);
    let (stripped_old, stripped_new);
    let (old, new) = if compare.any_eol {
        stripped_old = without_cr(old);
        stripped_new = without_cr(new);
        (&stripped_old[..], &stripped_new[..])
    } else {
        (old, new)
    };
    let patch = git2::Patch::from_buffers(old, None, new, None, Some(&mut options)).doing("compare two texts")?;
    let mut runs = Vec::with_capacity(patch.num_hunks());
    for index in 0..patch.num_hunks() {
        let (hunk, count) = patch.hunk(index).doing("compare two texts")?;
        let mut lines = Vec::with_capacity(count);
        for line in 0..count {
            let line = patch.line_in_hunk(index, line).doing("compare two texts")?;
            let kind = match line.origin_value() {
                git2::DiffLineType::Context => LineKind::Context,
                git2::DiffLineType::Addition => LineKind::Added,
                git2::DiffLineType::Deletion => LineKind::Removed,
                // The remarks about a missing final line ending: read off the text itself.
                _ => continue,
            };
            lines.push((kind, line.old_lineno().unwrap_or(0), line.new_lineno().unwrap_or(0)));
        }
        runs.push(Run {
            old_start: hunk.old_start(),
            old_lines: hunk.old_lines(),
            new_start: hunk.new_start(),
            new_lines: hunk.new_lines(),
            lines,
        });
    }
    Ok(runs)
}

/// `text` with every `\r\n` as `\n`.
fn without_cr(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(i + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eol {
    /// There is no whole line.
    None,
    Lf,
    Crlf,
    Mixed,
}

/// The style of a text.
fn eol_style(text: &[u8]) -> Eol {
    let lf = text.iter().filter(|b| **b == b'\n').count();
    let crlf = text.windows(2).filter(|w| w == b"\r\n").count();
    match (crlf, lf - crlf) {
        (0, 0) => Eol::None,
        (0, _) => Eol::Lf,
        (_, 0) => Eol::Crlf,
        _ => Eol::Mixed,
    }
}

/// True when the endings of changed lines tell something: they differ between the sides, or within the new one.
fn endings_matter(old: Eol, new: Eol) -> bool {
    new == Eol::Mixed || (old != new && old != Eol::None && new != Eol::None)
}

/// Both texts with their lines.
struct Sides<'t> {
    old: &'t [u8],
    new: &'t [u8],
    old_lines: LineIndex,
    new_lines: LineIndex,
    /// Keep the `\r` of a changed line's ending in its span, because the endings themselves may be what changed.
    show_cr: bool,
}

impl Sides<'_> {
    fn line(&self, (kind, old, new): (LineKind, u32, u32)) -> Option<Line> {
        let (index, text, number) = match kind {
            LineKind::Removed => (&self.old_lines, self.old, old),
            _ => (&self.new_lines, self.new, new),
        };
        let whole = index.span(number)?;
        let no_eol = !whole.of(text).ends_with(b"\n");
        let span = if self.show_cr && kind != LineKind::Context && !no_eol {
            Span {
                start: whole.start,
                end: whole.end - 1,
            }
        } else {
            index.content(text, number)?
        };
        Some(Line {
            kind,
            old,
            new,
            span,
            no_eol,
            commit: None,
        })
    }

    fn text(&self, line: &Line) -> &[u8] {
        line.span.of(match line.kind {
            LineKind::Removed => self.old,
            _ => self.new,
        })
    }

    /// The definition that encloses the first changed line, looked up on the side that has it.
    fn heading(&self, lines: &[Line]) -> String {
        let first = lines.iter().find(|l| l.kind != LineKind::Context);
        match first {
            Some(line) if line.kind == LineKind::Removed => heading::enclosing(self.old, &self.old_lines, line.old),
            Some(line) => heading::enclosing(self.new, &self.new_lines, line.new),
            None => String::new(),
        }
    }
}

/// A digest of the path and the changed lines. Hunks of one file with equal lines are told apart by their order.
fn identity(path: &RepoPath, lines: &[Line], sides: &Sides<'_>, seen: &mut HashMap<[u8; 32], u32>) -> HunkId {
    let mut digest = Sha256::new();
    digest.update((path.bytes().len() as u64).to_be_bytes());
    digest.update(path.bytes());
    for line in lines.iter().filter(|l| l.kind != LineKind::Context) {
        digest.update(match (line.kind, line.no_eol) {
            (LineKind::Removed, false) => b"-",
            (LineKind::Removed, true) => b"=",
            (_, false) => b"+",
            (_, true) => b"#",
        });
        digest.update(sides.text(line));
        digest.update(b"\n");
    }
    let content: [u8; 32] = digest.finalize().into();
    let ordinal = seen.entry(content).or_insert(0);
    let id = Sha256::new()
        .chain_update(content)
        .chain_update(ordinal.to_be_bytes())
        .finalize();
    *ordinal += 1;
    let hex: String = id.iter().take(16).map(|b| format!("{b:02x}")).collect();
    HunkId(Arc::from(hex))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn hunks(old: &str, new: &str) -> Vec<Hunk> {
        let compare = Compare {
            context: 3,
            any_eol: false,
        };
        between(&RepoPath::new("f"), old.as_bytes(), new.as_bytes(), compare).unwrap()
    }

    /// The hunk's lines as `git diff` prints them.
    fn print(hunk: &Hunk, old: &str, new: &str) -> String {
        hunk.lines
            .iter()
            .map(|l| {
                let (sign, text) = match l.kind {
                    LineKind::Context => (' ', new),
                    LineKind::Added => ('+', new),
                    LineKind::Removed => ('-', old),
                };
                format!("{sign}{}|", String::from_utf8_lossy(l.span.of(text.as_bytes())))
            })
            .collect()
    }

    #[test]
    fn lines_are_numbered_and_spans_are_of_their_side() {
        let (old, new) = ("a\nb\nc\n", "a\nB\nc\nd");
        let [hunk] = &hunks(old, new)[..] else { panic!() };
        assert_eq!(print(hunk, old, new), " a|-b|+B| c|+d|");
        assert_eq!(
            (hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines),
            (1, 3, 1, 4)
        );
        let last = hunk.lines.last().unwrap();
        assert_eq!((last.old, last.new, last.no_eol), (0, 4, true));
    }

    #[test]
    fn an_identity_ignores_line_numbers_and_sees_content_and_order() {
        let far = |top: &str, word: &str| {
            let middle = "x\n".repeat(20);
            hunks(
                &format!("{top}{middle}{middle}"),
                &format!("{top}{middle}{word}\n{middle}{word}\n"),
            )
            .into_iter()
            .map(|h| h.id)
            .collect::<Vec<_>>()
        };
        assert_eq!(far("", "new"), far("one\ntwo\n", "new"));
        assert_ne!(far("", "new"), far("", "newer"));
        let [first, second] = &far("", "new")[..] else { panic!() };
        assert_ne!(first, second);
        assert_ne!(hunks("a", "b")[0].id, hunks("a\n", "b\n")[0].id);
    }

    #[test]
    fn a_changed_line_ending_is_visible_and_converted_ones_are_not() {
        let (old, new) = ("a\nb\n", "a\nb\r\n");
        assert_eq!(print(&hunks(old, new)[0], old, new), " a|-b|+b\r|");
        let (old, new) = ("a\r\nb\r\n", "a\r\nc\r\n");
        assert_eq!(print(&hunks(old, new)[0], old, new), " a|-b|+c|");
        let any = Compare {
            context: 3,
            any_eol: true,
        };
        let found = between(&RepoPath::new("f"), b"a\nb\n", b"a\r\nc\r\n", any).unwrap();
        assert_eq!(print(&found[0], "a\nb\n", "a\r\nc\r\n"), " a|-b|+c|");
    }

    proptest! {
        #[test]
        fn a_hunk_s_lines_make_the_new_text_and_origins_name_equal_lines(
            old in "([ab]{0,1}\n){0,12}[ab]{0,1}", new in "([ab]{0,1}\n){0,12}[ab]{0,1}"
        ) {
            let compare = Compare { context: 100, any_eol: false };
            let found = between(&RepoPath::new("f"), old.as_bytes(), new.as_bytes(), compare).unwrap();
            prop_assert_eq!(found.is_empty(), old == new);
            if let [hunk] = &found[..] {
                let side = |gone: LineKind| -> Vec<u8> {
                    let mut out = Vec::new();
                    for line in hunk.lines.iter().filter(|l| l.kind != gone) {
                        let of = if line.kind == LineKind::Removed { &old } else { &new };
                        out.extend_from_slice(line.span.of(of.as_bytes()));
                        if !line.no_eol { out.push(b'\n'); }
                    }
                    out
                };
                prop_assert_eq!(side(LineKind::Removed), new.as_bytes());
                prop_assert_eq!(side(LineKind::Added), old.as_bytes());
            }
            let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
            let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
            let mut last = 0;
            for (line, origin) in new_lines.iter().zip(origins(old.as_bytes(), new.as_bytes()).unwrap()) {
                if let Some(origin) = origin {
                    prop_assert!(origin > last);
                    prop_assert_eq!(old_lines.get(origin as usize - 1), Some(line));
                    last = origin;
                }
            }
        }
    }
}
