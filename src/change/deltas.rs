//! Which paths differ between the two sides: ids and modes, no content yet.
//!
//! For the working tree, what is staged and what is not are asked separately and joined into one net change a path, since
//! the net change is what a person reviews and the parts are what [`Stage`] says.

use super::{
    Error, Omitted, Remark, Repo, RepoPath, Stage,
    error::Doing,
    paths::Pathspecs,
    repo::entry_at,
    source::{New, Sides},
};
use std::collections::BTreeMap;

/// One side of a path as git's records have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    /// The blob's id (of a submodule: the commit's); null when only the disk knows.
    pub oid: git2::Oid,
    /// git file mode.
    pub mode: u32,
}

/// A path that differs.
#[derive(Clone, Debug)]
pub(super) struct Delta {
    pub path: RepoPath,
    pub stage: Stage,
    pub old: Option<Blob>,
    pub new: Option<Blob>,
}

/// What was found, and what could not be.
#[derive(Default)]
pub(super) struct Deltas {
    /// By path.
    pub found: BTreeMap<RepoPath, Delta>,
    pub omitted: Vec<Omitted>,
    pub remarks: Vec<Remark>,
}

/// Compares the two sides.
pub(super) fn between(repo: &Repo, sides: &Sides<'_>, specs: &Pathspecs) -> Result<Deltas, Error> {
    let mut deltas = Deltas::default();
    let git = &repo.git;
    let mut options = options(specs);
    let old = sides.old.as_ref();
    match &sides.new {
        New::Tree(new) => {
            let diff = git
                .diff_tree_to_tree(old, Some(new), Some(&mut options))
                .doing("compare two trees")?;
            deltas.add(&diff, Stage::default());
        }
        New::Index => {
            let diff = git
                .diff_tree_to_index(old, None, Some(&mut options))
                .doing("compare the index")?;
            deltas.add(&diff, STAGED);
        }
        New::Disk | New::DiskOverIndex => {
            if matches!(sides.new, New::Disk) {
                let staged = git
                    .diff_tree_to_index(old, None, Some(&mut options))
                    .doing("compare the index")?;
                deltas.add(&staged, STAGED);
            }
            deltas.untracked(repo, &mut options);
            let unstaged = git
                .diff_index_to_workdir(None, Some(&mut options))
                .doing("compare the working tree")?;
            deltas.add(&unstaged, UNSTAGED);
        }
    }
    deltas.settle_conflicts(repo, sides)?;
    Ok(deltas)
}

const STAGED: Stage = Stage {
    staged: true,
    unstaged: false,
    untracked: false,
};
const UNSTAGED: Stage = Stage {
    staged: false,
    unstaged: true,
    untracked: false,
};

fn options(specs: &Pathspecs) -> git2::DiffOptions {
    let mut options = git2::DiffOptions::new();
    options
        .include_typechange(true)
        .ignore_submodules(false)
        .disable_pathspec_match(specs.literal)
        .update_index(false)
        .skip_binary_check(true);
    for spec in &specs.specs {
        options.pathspec(spec.clone());
    }
    options
}

impl Deltas {
    fn omit(&mut self, path: Option<&RepoPath>, why: &str) {
        self.omitted.push(Omitted {
            path: path.cloned(),
            why: why.to_owned(),
        });
    }

    /// Asks for untracked files, as the configuration says.
    fn untracked(&mut self, repo: &Repo, options: &mut git2::DiffOptions) {
        match repo.setting("status.showUntrackedFiles").as_deref() {
            Some("no" | "false" | "off" | "0") => self.omit(
                None,
                "untracked files were not looked at: status.showUntrackedFiles says so",
            ),
            _ => {
                options
                    .include_untracked(true)
                    .recurse_untracked_dirs(true)
                    .include_unreadable(true);
            }
        }
    }

    /// Adds what `diff` says, over what an earlier diff said of the same path: its old side stays the old side.
    fn add(&mut self, diff: &git2::Diff<'_>, stage: Stage) {
        for delta in diff.deltas() {
            let file = delta.new_file();
            let Some(path) = file.path_bytes().or(delta.old_file().path_bytes()) else {
                continue;
            };
            let path = RepoPath::new(path);
            let mut stage = stage;
            match delta.status() {
                git2::Delta::Unmodified | git2::Delta::Ignored => continue,
                git2::Delta::Unreadable => {
                    self.omit(Some(&path), "the system does not let it be read");
                    continue;
                }
                git2::Delta::Untracked if path.bytes().ends_with(b"/") => {
                    self.omit(Some(&path), "a git repository inside this one, not looked into");
                    continue;
                }
                git2::Delta::Untracked => {
                    stage = Stage {
                        untracked: true,
                        ..Stage::default()
                    };
                }
                _ => {}
            }
            let entry = self.found.entry(path.clone()).or_insert_with(|| Delta {
                path,
                stage: Stage::default(),
                old: match delta.status() {
                    git2::Delta::Added | git2::Delta::Untracked | git2::Delta::Conflicted => None,
                    _ => side(&delta.old_file()),
                },
                new: None,
            });
            entry.stage.staged |= stage.staged;
            entry.stage.unstaged |= stage.unstaged;
            entry.stage.untracked |= stage.untracked;
            entry.new = match delta.status() {
                git2::Delta::Deleted | git2::Delta::Conflicted => None,
                _ => side(&file),
            };
        }
    }

    /// Unmerged paths: the old side is HEAD's; the new side is what is on disk, and nothing in the index.
    fn settle_conflicts(&mut self, repo: &Repo, sides: &Sides<'_>) -> Result<(), Error> {
        if matches!(sides.new, New::Tree(_)) {
            return Ok(());
        }
        let index = repo.git.index().doing("read the index")?;
        if !index.has_conflicts() {
            return Ok(());
        }
        let mut unmerged: Vec<RepoPath> = index
            .iter()
            .filter(|entry| entry.flags >> 12 & 3 != 0)
            .map(|entry| RepoPath::new(entry.path))
            .collect();
        unmerged.dedup();
        for path in unmerged {
            let Some(delta) = self.found.get_mut(&path) else {
                continue;
            };
            if matches!(sides.new, New::Index) {
                self.found.remove(&path);
                self.omit(
                    Some(&path),
                    "unmerged: nothing is staged until the conflict is resolved",
                );
                continue;
            }
            delta.old = match &sides.old {
                Some(tree) => entry_at(&repo.git, tree.clone(), &path)?.map(|(oid, mode)| Blob { oid, mode }),
                None => None,
            };
            delta.new = Some(Blob {
                oid: git2::Oid::ZERO_SHA1,
                mode: delta.old.map_or(0o100_644, |old| old.mode),
            });
            self.remarks.push(Remark {
                path: Some(path),
                what: "unmerged: the working file is shown against HEAD".to_owned(),
            });
        }
        Ok(())
    }
}

/// A side of libgit2's delta; `None` when it has none.
fn side(file: &git2::DiffFile<'_>) -> Option<Blob> {
    let mode = u32::from(file.mode());
    (mode != 0).then(|| Blob { oid: file.id(), mode })
}
