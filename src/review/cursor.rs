//! The reviewer's place, held by identity.

use crate::{
    change::{HunkId, RepoPath},
    scan::Fingerprint,
};

/// What is selected.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// A finding.
    Finding(Fingerprint),
    /// A hunk.
    Hunk(HunkId),
    /// A file (its header row).
    File(RepoPath),
    /// A group that is not a file (a severity, a category, an agent), by its key.
    Group(String),
    /// A fold at the end of the queue.
    Fold(super::Fold),
    /// Something that was not examined, by its index in the list of the current scan.
    NotExamined(usize),
}
