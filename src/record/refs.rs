//! Moving refs: several at once or none, each only from the value that was seen, each with a reflog entry.

use super::{
    error::{RecordError, Result},
    repo::{Head, Repo},
};
use crate::change::ObjectId;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One ref that moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefChange {
    /// Full name (`refs/heads/main`), or `HEAD` when it is detached.
    pub name: String,
    /// Where it must be; all zeros when it must not exist.
    pub old: ObjectId,
    /// Where it goes; all zeros to remove it.
    pub new: ObjectId,
}

impl RefChange {
    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            name: self.name.clone(),
            old: self.new.clone(),
            new: self.old.clone(),
        }
    }

    /// The change that moves what HEAD stands for from what it is to `new`.
    #[must_use]
    pub fn of_head(repo: &Repo, head: &Head, new: &ObjectId) -> Self {
        Self {
            // By the branch's own name: if somebody switches branches meanwhile, it is still the reviewed one that moves.
            name: head.branch.clone().unwrap_or_else(|| "HEAD".into()),
            old: head.id.clone().unwrap_or_else(|| repo.zero()),
            new: new.clone(),
        }
    }
}

/// Moves all of them in one transaction. `reason` goes into the reflogs.
///
/// In two steps: git locks and checks everything, then is told to go. If this process dies before that word, git lets go of all
/// of it; if after, git finishes. So once the locks of [`locked`] are gone, the refs say for good whether it happened.
///
/// # Errors
/// [`RecordError::Moved`] when one of them is not where it must be; then none has moved.
pub fn apply(repo: &Repo, changes: &[RefChange], reason: &str) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut commands = b"start\0".to_vec();
    for change in changes {
        if change.name == "HEAD" {
            // Detached: if it was attached meanwhile, no branch must move by this.
            commands.extend_from_slice(b"option no-deref\0");
        }
        commands.extend_from_slice(format!("update {}\0{}\0{}\0", change.name, change.new, change.old).as_bytes());
    }
    commands.extend_from_slice(b"prepare\0");
    let args = ["update-ref", "-m", reason, "--create-reflog", "--stdin", "-z"];
    let mut git = repo.git.call(args).converse()?;
    git.say(&commands);
    if git.hears("prepare: ok") {
        git.say(b"commit\0");
        if git.hears("commit: ok") {
            return git.finish();
        }
    }
    let ended = git.finish();
    for change in changes {
        let now = current(repo, &change.name)?;
        if now != change.old {
            let why = format!("it is at {} and was at {}", now.short(), change.old.short());
            return Err(RecordError::Moved {
                what: change.name.clone(),
                why,
            });
        }
    }
    ended.and_then(|()| {
        Err(RecordError::Git {
            command: "update-ref".into(),
            said: "it ended without moving the refs".into(),
        })
    })
}

/// A lock file of one of these refs; while there is one, a git may still be moving it.
#[must_use]
pub fn locked(repo: &Repo, changes: &[RefChange]) -> Option<PathBuf> {
    let of_refs = changes.iter().map(|change| match change.name.as_str() {
        "HEAD" => repo.git_dir.join("HEAD.lock"),
        name => repo.common_dir.join(format!("{name}.lock")),
    });
    let shared = [
        repo.git_dir.join("HEAD.lock"),
        repo.common_dir.join("reftable/tables.list.lock"),
    ];
    of_refs.chain(shared).find(|path| path.exists())
}

/// Where a ref is; all zeros when it does not exist.
///
/// # Errors
/// When git cannot be run.
pub fn current(repo: &Repo, name: &str) -> Result<ObjectId> {
    Ok(repo.resolve(name)?.unwrap_or_else(|| repo.zero()))
}
