//! Moving refs: several at once or none, each only from the value that was seen, each with a reflog entry.

use super::{
    error::{RecordError, Result},
    repo::{Head, Repo},
};
use crate::change::ObjectId;
use serde::{Deserialize, Serialize};

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
    commands.extend_from_slice(b"prepare\0commit\0");
    let call = repo
        .git
        .call(["update-ref", "-m", reason, "--create-reflog", "--stdin", "-z"]);
    let Err(error) = call.stdin(commands).bytes() else {
        return Ok(());
    };
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
    Err(error)
}

/// Where a ref is; all zeros when it does not exist.
///
/// # Errors
/// When git cannot be run.
pub fn current(repo: &Repo, name: &str) -> Result<ObjectId> {
    Ok(repo.resolve(name)?.unwrap_or_else(|| repo.zero()))
}
