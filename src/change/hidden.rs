//! Changes that git itself has been told not to see.
//!
//! Bits in the index and a few settings make `git status` and `git diff` pass over files. An agent can set them; so each
//! file behind them that differs is named.

use super::{Omitted, Repo, RepoPath, WorkFile, commits::id, worktree};

/// Bit of an index entry set by `git update-index --assume-unchanged`.
const ASSUME_UNCHANGED: u16 = 1 << 15;
/// Bit of an index entry set by `git update-index --skip-worktree`.
const SKIP_WORKTREE: u16 = 1 << 14;
/// Files above this many bytes are named without being compared.
const COMPARED: u64 = 16 << 20;

/// Names what the working tree has and git would not show.
pub(super) fn in_working_tree(repo: &Repo) -> Vec<Omitted> {
    let mut omitted = Vec::new();
    let (Ok(index), Some(workdir)) = (repo.git.index(), repo.workdir()) else {
        return omitted;
    };
    for entry in index.iter() {
        let by = if entry.flags & ASSUME_UNCHANGED != 0 {
            "assume-unchanged"
        } else if entry.flags_extended & SKIP_WORKTREE != 0 {
            "skip-worktree"
        } else {
            submodule_ignored(repo, &entry, &mut omitted);
            continue;
        };
        let path = RepoPath::new(&entry.path);
        let state = match worktree::read(workdir, &path, COMPARED) {
            Ok(WorkFile::File { bytes, .. } | WorkFile::Link { target: bytes })
                if worktree::blob_id(&bytes) == id(entry.id) =>
            {
                continue;
            }
            Ok(WorkFile::File { .. } | WorkFile::Link { .. }) => "changed",
            Ok(WorkFile::Absent) => "missing",
            _ => "perhaps changed",
        };
        omitted.push(Omitted {
            path: Some(path),
            why: format!("{state}, and hidden from git by its {by} bit"),
        });
    }
    let modes_off = repo.setting("core.fileMode").is_some_and(|v| v == "false");
    if cfg!(unix) && modes_off {
        omitted.push(Omitted {
            path: None,
            why: "changed file modes are not seen: core.fileMode is false".into(),
        });
    }
    omitted
}

/// Names a submodule whose changes are set to be ignored.
fn submodule_ignored(repo: &Repo, entry: &git2::IndexEntry, omitted: &mut Vec<Omitted>) {
    if entry.mode != super::contents::SUBMODULE {
        return;
    }
    let path = RepoPath::new(&entry.path);
    let rule = repo.git.find_submodule(&path.lossy()).map(|s| s.ignore_rule());
    if let Ok(git2::SubmoduleIgnore::All | git2::SubmoduleIgnore::Dirty) = rule {
        omitted.push(Omitted {
            path: Some(path),
            why: "changes inside this submodule are set to be ignored".into(),
        });
    }
}
