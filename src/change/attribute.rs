//! Which commit of a range brought, or took away, each changed line.
//!
//! Blame, over the range alone. Added lines are followed back from the newest commit: a commit that changed the file either
//! brought the line or had it from its parent, where the search goes on. Removed lines are followed forward from the base in
//! the same way. What waits is kept by path and blob id, so that branches and merges need no order beyond children first.

use super::{
    Error, FileChange, LineKind, RepoPath, commits,
    error::Doing,
    hunks,
    renames::{SIMILAR, Weights},
    repo::entry_at,
};
use std::collections::HashMap;

/// Bytes of text compared in all; what is left then stays without a commit.
const BYTES: u64 = 512 << 20;
/// Blobs above this many bytes are not compared.
const BLOB_BYTES: u64 = 4 << 20;

/// A changed line of the change: file, hunk, line, by their places in it.
type Place = (usize, usize, usize);

/// Lines that wait at a version of a file: their number there (1-based), and what they are in the change.
type Waiting = HashMap<(RepoPath, git2::Oid), Vec<(u32, Place)>>;

/// Marks every line of `files` with the commit that brought or removed it, where that can be told. `range` are the commits,
/// newest first, children before parents. False when the work was cut short.
pub(super) fn mark(repo: &git2::Repository, range: &[super::Commit], files: &mut [FileChange]) -> Result<bool, Error> {
    let ids: Vec<git2::Oid> = range.iter().map(|c| commits::oid(&c.id)).collect::<Result<_, _>>()?;
    let mut tracer = Tracer {
        repo,
        left: BYTES,
        found: Vec::new(),
    };
    let mut added = waiting(files, LineKind::Added);
    for (index, id) in ids.iter().enumerate() {
        if added.is_empty() || tracer.left == 0 {
            break;
        }
        tracer.back(*id, index, &mut added)?;
    }
    let mut removed = waiting(files, LineKind::Removed);
    for (index, id) in ids.iter().enumerate().rev() {
        if removed.is_empty() || tracer.left == 0 {
            break;
        }
        tracer.forward(*id, index, &mut removed)?;
    }
    let complete = tracer.left > 0;
    for ((file, hunk, line), commit) in tracer.found {
        if let super::Body::Text { hunks } = &mut files[file].body {
            hunks[hunk].lines[line].commit = u16::try_from(commit).ok();
        }
    }
    Ok(complete)
}

/// The lines of `kind`, waiting at the version of their side.
fn waiting(files: &[FileChange], kind: LineKind) -> Waiting {
    let mut waiting = Waiting::new();
    for (file_at, file) in files.iter().enumerate() {
        let (path, side) = match kind {
            LineKind::Removed => (file.old_path.as_ref().unwrap_or(&file.path), &file.old),
            _ => (&file.path, &file.new),
        };
        let Some(Ok(blob)) = side.as_ref().map(|side| commits::oid(&side.blob)) else {
            continue;
        };
        for (hunk_at, hunk) in file.hunks().iter().enumerate() {
            for (line_at, line) in hunk.lines.iter().enumerate().filter(|(_, l)| l.kind == kind) {
                let number = if kind == LineKind::Removed { line.old } else { line.new };
                let place = (file_at, hunk_at, line_at);
                waiting.entry((path.clone(), blob)).or_default().push((number, place));
            }
        }
    }
    waiting
}

/// One version of a file to the next, in one commit.
struct Step {
    old: Option<(RepoPath, git2::Oid)>,
    new: Option<(RepoPath, git2::Oid)>,
}

struct Tracer<'r> {
    repo: &'r git2::Repository,
    /// Bytes that may still be compared.
    left: u64,
    /// What was found: which line is of which commit, by its place in the range.
    found: Vec<(Place, usize)>,
}

impl Tracer<'_> {
    /// Settles the lines that this commit brought and sends the others to its parents.
    fn back(&mut self, id: git2::Oid, index: usize, waiting: &mut Waiting) -> Result<(), Error> {
        let commit = self.repo.find_commit(id).doing("read a commit")?;
        for step in self.steps(&commit)? {
            let Some(here) = step.new else { continue };
            if commit.parent_count() > 1 && self.other_parents(&commit, &here.0)?.contains(&here) {
                // The file is as on a merged branch: its commits will be asked.
                continue;
            }
            let Some(mut lines) = waiting.remove(&here) else {
                continue;
            };
            let mut sources: Vec<_> = step.old.into_iter().collect();
            if commit.parent_count() > 1 {
                sources.extend(self.other_parents(&commit, &here.0)?);
            }
            for source in sources {
                let Some(origin) = self.origins(source.1, here.1)? else {
                    continue;
                };
                let from = |number: u32| *origin.get(number as usize - 1)?;
                let (found, rest): (Vec<_>, Vec<_>) = lines.into_iter().partition(|l| from(l.0).is_some());
                lines = rest;
                let found = found
                    .into_iter()
                    .filter_map(|(number, place)| Some((from(number)?, place)));
                waiting.entry(source).or_default().extend(found);
            }
            self.found.extend(lines.into_iter().map(|(_, place)| (place, index)));
        }
        waiting.retain(|_, lines| !lines.is_empty());
        Ok(())
    }

    /// Settles the lines that this commit removed and sends the others on to its own version. Which commit a merge takes a
    /// removal from is not looked for.
    fn forward(&mut self, id: git2::Oid, index: usize, waiting: &mut Waiting) -> Result<(), Error> {
        let commit = self.repo.find_commit(id).doing("read a commit")?;
        let merges = commit.parent_count() > 1;
        for step in self.steps(&commit)? {
            let Some(here) = step.old else { continue };
            let Some(lines) = waiting.remove(&here) else {
                continue;
            };
            let kept = match &step.new {
                Some(next) => match self.origins(next.1, here.1)? {
                    Some(kept) => kept,
                    None => continue,
                },
                None => Vec::new(),
            };
            for (number, place) in lines {
                match (kept.get(number as usize - 1).copied().flatten(), &step.new) {
                    (Some(now), Some(next)) => waiting.entry(next.clone()).or_default().push((now, place)),
                    _ if merges => {}
                    _ => self.found.push((place, index)),
                }
            }
        }
        Ok(())
    }

    /// What this commit did to files, against its first parent.
    fn steps(&self, commit: &git2::Commit<'_>) -> Result<Vec<Step>, Error> {
        let tree = commit.tree().doing("read a tree")?;
        let parent = commit
            .parents()
            .next()
            .map(|p| p.tree())
            .transpose()
            .doing("read a tree")?;
        let mut options = git2::DiffOptions::new();
        options.skip_binary_check(true);
        let diff = self
            .repo
            .diff_tree_to_tree(parent.as_ref(), Some(&tree), Some(&mut options))
            .doing("compare two trees")?;
        let side = |file: git2::DiffFile<'_>| {
            let is_file = u32::from(file.mode()) & 0o170_000 == 0o100_000;
            is_file
                .then(|| Some((RepoPath::new(file.path_bytes()?), file.id())))
                .flatten()
        };
        let mut steps: Vec<Step> = diff
            .deltas()
            .map(|delta| Step {
                old: side(delta.old_file()),
                new: side(delta.new_file()),
            })
            .collect();
        self.join_renames(&mut steps);
        Ok(steps)
    }

    /// Gives files that appeared the file they were moved from: the same content, or the most similar one.
    fn join_renames(&self, steps: &mut Vec<Step>) {
        let mut gone: Vec<usize> = (0..steps.len()).filter(|i| steps[*i].new.is_none()).collect();
        let came: Vec<usize> = (0..steps.len()).filter(|i| steps[*i].old.is_none()).collect();
        // As many pairs as are worth reading texts for.
        let compare_texts = gone.len() * came.len() <= 400;
        for target in came {
            let Some((_, blob)) = &steps[target].new else { continue };
            let same = gone
                .iter()
                .position(|g| steps[*g].old.as_ref().is_some_and(|old| old.1 == *blob));
            let source = same.or_else(|| compare_texts.then(|| self.most_similar(*blob, &gone, steps)).flatten());
            if let Some(source) = source {
                let source = gone.remove(source);
                steps[target].old = steps[source].old.take();
            }
        }
        steps.retain(|step| step.old.is_some() || step.new.is_some());
    }

    /// Which of `gone` (by place in it) has the most lines in common with `blob`.
    fn most_similar(&self, blob: git2::Oid, gone: &[usize], steps: &[Step]) -> Option<usize> {
        let weigh = |oid| Some(Weights::new(self.repo.find_blob(oid).ok()?.content()));
        let new = weigh(blob)?;
        gone.iter()
            .enumerate()
            .filter_map(|(place, g)| Some((new.similarity(&weigh(steps[*g].old.as_ref()?.1)?), place)))
            .filter(|(score, _)| *score >= SIMILAR)
            .max_by_key(|(score, place)| (*score, std::cmp::Reverse(*place)))
            .map(|(_, place)| place)
    }

    /// The versions of a file that a merge's parents after the first have.
    fn other_parents(&self, commit: &git2::Commit<'_>, path: &RepoPath) -> Result<Vec<(RepoPath, git2::Oid)>, Error> {
        let mut found = Vec::new();
        for parent in commit.parents().skip(1) {
            let tree = parent.tree().doing("read a tree")?;
            if let Some((oid, _)) = entry_at(self.repo, tree, path)? {
                found.push((path.clone(), oid));
            }
        }
        Ok(found)
    }

    /// For each line of `new`, its line in `old`; `None` when either is too large or no blob, or the budget is used up.
    fn origins(&mut self, old: git2::Oid, new: git2::Oid) -> Result<Option<Vec<Option<u32>>>, Error> {
        let (Ok(old), Ok(new)) = (self.repo.find_blob(old), self.repo.find_blob(new)) else {
            return Ok(None);
        };
        let bytes = (old.size() + new.size()) as u64;
        if bytes > BLOB_BYTES {
            return Ok(None);
        }
        self.left = self.left.saturating_sub(bytes);
        hunks::origins(old.content(), new.content()).map(Some)
    }
}
