//! What stands in the way of a new commit or a rewrite: operations in progress, locks, other tools, published commits.

use super::{
    error::Result,
    repo::{Head, Repo},
};
use crate::change::ObjectId;
use std::path::Path;

/// Files and folders that a git operation leaves while it is under way, with its name.
const IN_PROGRESS: &[(&str, &str)] = &[
    ("MERGE_HEAD", "a merge"),
    ("rebase-merge", "a rebase"),
    ("rebase-apply", "a rebase or `git am`"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"),
    ("REVERT_HEAD", "a revert"),
    ("sequencer", "a cherry-pick or revert of several commits"),
    ("BISECT_LOG", "a bisection"),
];

/// Why HEAD must not be moved now; `None` when nothing speaks against it. Sentences for people.
///
/// # Errors
/// When git cannot be asked.
pub fn to_moving_head(repo: &Repo, head: &Head) -> Result<Option<String>> {
    if repo.work_tree.as_ref().is_some_and(|top| top.join(".jj").exists()) {
        return Ok(Some(
            "this is a jj repository; jj must make and rewrite its commits itself".into(),
        ));
    }
    if let Some(what) = operation(repo)? {
        return Ok(Some(format!("{what} is in progress")));
    }
    if let Some(lock) = lock(repo, head) {
        return Ok(Some(format!(
            "{lock} exists: another git is at work, or was interrupted"
        )));
    }
    if let Some(place) = elsewhere(repo, head)? {
        return Ok(Some(format!("{} is checked out in {place} too", head.describe())));
    }
    Ok(None)
}

/// The operation in progress in this worktree.
fn operation(repo: &Repo) -> Result<Option<String>> {
    for (name, what) in IN_PROGRESS {
        if repo.git_dir.join(name).exists() {
            return Ok(Some((*what).to_owned()));
        }
    }
    // With reftable these are no files.
    for (name, what) in [
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("MERGE_HEAD", "a merge"),
    ] {
        if repo.resolve(name)?.is_some() {
            return Ok(Some(what.to_owned()));
        }
    }
    if repo.work_tree.is_some() && !repo.git.call(["ls-files", "--unmerged", "-z"]).bytes()?.is_empty() {
        return Ok(Some("a merge with conflicts".into()));
    }
    Ok(None)
}

/// A lock file that would make us or somebody else lose.
fn lock(repo: &Repo, head: &Head) -> Option<String> {
    let of_ref = head
        .branch
        .as_ref()
        .map(|name| repo.common_dir.join(format!("{name}.lock")));
    let all = [
        Some(repo.git_dir.join("index.lock")),
        Some(repo.git_dir.join("HEAD.lock")),
        of_ref,
    ];
    all.into_iter().flatten().find(|p| p.exists()).map(|p| show(&p))
}

/// Another worktree with the same branch; its files would no longer be what its HEAD says.
fn elsewhere(repo: &Repo, head: &Head) -> Result<Option<String>> {
    let Some(branch) = &head.branch else { return Ok(None) };
    let out = repo.git.text(["worktree", "list", "--porcelain"])?;
    let own = repo.work_tree.as_deref();
    for block in out.split("\n\n") {
        let place = block.lines().find_map(|l| l.strip_prefix("worktree "));
        let on = block.lines().find_map(|l| l.strip_prefix("branch "));
        if let (Some(place), Some(on)) = (place, on) {
            let other = own.is_none_or(|own| {
                own != Path::new(place) && own.canonicalize().ok() != Path::new(place).canonicalize().ok()
            });
            if on == branch && other {
                return Ok(Some(show(Path::new(place))));
            }
        }
    }
    Ok(None)
}

fn show(path: &Path) -> String {
    super::printable::line(&path.to_string_lossy(), 200)
}

/// Refs that hold a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Remote-tracking refs and tags: whoever has those has the commit.
    pub published: Vec<String>,
    /// Other local branches.
    pub branches: Vec<String>,
    /// Anything else (stashes, a tool's own refs).
    pub others: Vec<String>,
}

/// Which refs beside the one HEAD stands on hold `commit`.
///
/// # Errors
/// When git cannot tell.
pub fn holders(repo: &Repo, commit: &ObjectId, head: &Head) -> Result<Holders> {
    let out = repo
        .git
        .text(["for-each-ref", "--format=%(refname)", "--contains", &commit.0])?;
    let mut holders = Holders::default();
    for name in out
        .lines()
        .filter(|n| Some(*n) != head.branch.as_deref() && !n.starts_with("refs/notes/"))
    {
        let short = super::printable::line(name, 120);
        if name.starts_with("refs/remotes/") || name.starts_with("refs/tags/") {
            holders.published.push(short);
        } else if name.starts_with("refs/heads/") {
            holders.branches.push(short);
        } else {
            holders.others.push(short);
        }
    }
    Ok(holders)
}

/// Hooks that git would run for a commit or an amend, and that are not run here.
#[must_use]
pub fn hooks_present(repo: &Repo) -> Vec<String> {
    const NAMES: [&str; 6] = [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-rewrite",
        "reference-transaction",
    ];
    let folder = match repo.settings.get("core.hookspath") {
        Some(path) => {
            let base = repo.work_tree.as_deref().unwrap_or(&repo.git_dir);
            base.join(repo.git.environment().expand_home(path))
        }
        None => repo.common_dir.join("hooks"),
    };
    let files = NAMES
        .iter()
        .filter(|name| super::environment::is_executable(&folder.join(name)));
    let mut present: Vec<String> = files.map(|n| (*n).to_owned()).collect();
    present.extend(
        repo.settings
            .middles("hook", "command")
            .map(|n| super::printable::line(n, 60)),
    );
    present
}
