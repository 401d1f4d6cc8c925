//! What can go wrong in a session, by where it comes from.

use crate::{
    change::{EditError, Error as ChangeError},
    config::{ConfigError, TomlError},
    record::RecordError,
    scan::load::LoadErrors,
};

/// Why a session cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The repository or the change cannot be read.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The user's configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The base revision's policy cannot be used; a review must not go on without it.
    #[error(transparent)]
    Policy(#[from] TomlError),
    /// The user's rules cannot be used.
    #[error("{0}")]
    Rules(#[from] LoadErrors),
    /// The journal or the recording.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file of the working tree was not edited.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A fix cannot be applied or taken back.
    #[error("{0}")]
    Fix(String),
}

impl SessionError {
    /// What the person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Change(error) => error.hint(),
            Self::Record(error) => error.hint().map(str::to_owned),
            _ => None,
        }
    }
}
