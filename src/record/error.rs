//! What can go wrong while recording: what happened, where, and what to do about it.

use std::{io, path::PathBuf};

/// Why nothing (or not everything) was recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No usable `git` program.
    #[error("`git` was not found in PATH")]
    NoGit,
    /// A git command said no. `said` is its own words, control characters taken out.
    #[error("`git {command}` failed: {said}")]
    Git {
        /// The subcommand with its first arguments.
        command: String,
        /// Its standard error.
        said: String,
    },
    /// The system said no.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried (`write`, `open`, ...).
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of ours is not a plain file of the user's: a symlink, a device, a second name for something else.
    #[error("{}: {why}", path.display())]
    Suspicious {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// What was reviewed is not what is there now.
    #[error("{what} is not what was shown: {why}")]
    Moved {
        /// The path, branch or commit.
        what: String,
        /// What differs.
        why: String,
    },
    /// Recording this way would lose or hide something.
    #[error("{why}")]
    Refused {
        /// What would be lost.
        why: String,
        /// What to do instead.
        hint: String,
    },
    /// A signature was asked for by configuration and could not be made.
    #[error("the commit could not be signed: {why}")]
    Signing {
        /// The program's own words.
        why: String,
    },
    /// Something git or an earlier version wrote cannot be understood.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// Which object, ref or file.
        what: String,
        /// Why.
        why: String,
    },
}

impl RecordError {
    /// What the person can do, in one sentence.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::NoGit => Some("Install git 2.36 or newer; recording writes through it so that nothing is lost."),
            Self::Moved { .. } => Some("Take in what changed (`r`), look at it, and record again."),
            Self::Refused { hint, .. } => Some(hint),
            Self::Signing { .. } => {
                Some("Check `git config --global user.signingkey` and gpg.format, or record as a note instead.")
            }
            Self::Suspicious { .. } => Some("Move it away; countersign writes only to its own plain files."),
            Self::Git { .. } | Self::Io { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// An [`RecordError::Io`] maker for `map_err`.
    pub(super) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }

    /// A refusal.
    pub(crate) fn refused(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused {
            why: why.into(),
            hint: hint.into(),
        }
    }
}

/// Shorthand of this module.
pub type Result<T> = std::result::Result<T, RecordError>;
