//! What can go wrong when reading a repository: what happened, where, and what to do.

use std::path::PathBuf;

/// Why a repository or a change cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no repository at this folder or above it.
    #[error("{} is not inside a git repository", .0.display())]
    NotARepository(PathBuf),
    /// Another user owns the repository, and nobody has said that it may be trusted.
    #[error("git does not trust {}: another user owns it", .0.display())]
    NotTrusted(PathBuf),
    /// A kind of repository that this program cannot read correctly, so that it does not read it at all.
    #[error("{what}")]
    Unsupported {
        /// One sentence without a full stop.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Uncommitted work was asked for where there is no working tree.
    #[error("this repository has no working tree")]
    Bare,
    /// What was typed does not name what it should.
    #[error("{spec:?} {why}")]
    BadRevision {
        /// What was typed.
        spec: String,
        /// The rest of the sentence.
        why: String,
    },
    /// A path argument that cannot be used.
    #[error("{}: {why}", .path.display())]
    BadPath {
        /// What was typed.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// git's own complaint.
    #[error("git cannot {doing}: {message}")]
    Git {
        /// What was being done, as in "git cannot ...".
        doing: &'static str,
        /// libgit2's message.
        message: String,
    },
}

impl Error {
    /// What the person can do about it, when there is something.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotARepository(_) => Some("start it inside a repository, or name one with -C DIR".into()),
            Self::NotTrusted(path) => Some(format!(
                "if you trust it: git config --global --add safe.directory '{}'",
                path.display()
            )),
            Self::Unsupported { hint, .. } => Some(hint.clone()),
            Self::Bare => Some("name a commit or a range, as in `countersign HEAD~3..`".into()),
            Self::BadRevision { .. } => Some("name a commit, a range `A..B`, or `A...B`".into()),
            Self::BadPath { .. } | Self::Io { .. } | Self::Git { .. } => None,
        }
    }
}

/// Adds what was being done to a libgit2 error.
pub(super) trait Doing<T> {
    /// `doing` completes "git cannot ...".
    fn doing(self, doing: &'static str) -> Result<T, Error>;
}

impl<T> Doing<T> for Result<T, git2::Error> {
    fn doing(self, doing: &'static str) -> Result<T, Error> {
        self.map_err(|e| Error::Git {
            doing,
            message: e.message().to_owned(),
        })
    }
}
