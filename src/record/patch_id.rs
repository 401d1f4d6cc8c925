//! The stable patch id: what a commit does, whatever it is based on.
//!
//! As git defines it: `git diff-tree -p` against the first parent, through `git patch-id --stable`. Made with the options that
//! would change it pinned, and without external diffs or text conversions, so that it is the same on every machine.

use super::{error::Result, repo::Repo};
use crate::change::ObjectId;
use std::collections::{HashMap, HashSet};

/// What would change the id, pinned.
const PINNED: [&str; 14] = [
    "-p",
    "-r",
    "--full-index",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--diff-algorithm=myers",
    "--no-indent-heuristic",
    "--unified=3",
    "--inter-hunk-context=0",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// The patch id of what `tree` changes against `base` (a commit or tree; nothing for a root commit). `None` when there is no
/// difference.
///
/// # Errors
/// When the objects cannot be read.
pub fn of(repo: &Repo, base: Option<&ObjectId>, tree: &ObjectId) -> Result<Option<String>> {
    let empty = empty_tree(repo)?;
    let base = base.unwrap_or(&empty);
    let patch = repo
        .git
        .call(["diff-tree"].iter().chain(&PINNED).chain(&[&*base.0, &*tree.0]))
        .bytes()?;
    if patch.is_empty() {
        return Ok(None);
    }
    let out = repo.git.call(["patch-id", "--stable"]).stdin(patch).text()?;
    Ok(out.split_whitespace().next().map(str::to_owned))
}

/// The patch ids of commits against their first parents, in two calls of git for all of them. Those that change nothing are left out, and
/// those of [`cut_off`].
///
/// # Errors
/// When the commits cannot be read.
pub fn of_commits<'a>(
    repo: &Repo,
    commits: impl IntoIterator<Item = &'a ObjectId>,
) -> Result<HashMap<ObjectId, String>> {
    let cut = cut_off(repo);
    let stdin: String = commits
        .into_iter()
        .filter(|id| !cut.contains(*id))
        .map(|id| format!("{id}\n"))
        .collect();
    if stdin.is_empty() {
        return Ok(HashMap::new());
    }
    let how = ["diff-tree", "--stdin", "--root", "--diff-merges=first-parent"];
    let patches = repo.git.call(how.iter().chain(&PINNED)).stdin(stdin).bytes()?;
    let out = repo.git.call(["patch-id", "--stable"]).stdin(patches).text()?;
    let pairs = out.lines().filter_map(|line| line.split_once(' '));
    pairs
        .map(|(patch, commit)| Ok((repo.id(commit)?, patch.to_owned())))
        .collect()
}

/// Commits of a shallow clone whose parents are not here: what they changed cannot be known, and must not be taken for everything.
#[must_use]
pub fn cut_off(repo: &Repo) -> HashSet<ObjectId> {
    let list = std::fs::read_to_string(repo.common_dir.join("shallow")).unwrap_or_default();
    list.lines().map(|line| ObjectId(line.trim().into())).collect()
}

/// The id of the tree that holds nothing, in the repository's object format.
fn empty_tree(repo: &Repo) -> Result<ObjectId> {
    repo.id(&repo.git.call(["hash-object", "-t", "tree", "-w", "--stdin"]).text()?)
}
