//! What a review came to, as recording needs it: plain data, one part for each commit (or one for uncommitted work).

use super::{
    content::ReviewedFile,
    full::{RecordedFinding, RecordedHunk, Unexamined},
};
use crate::{change::ObjectId, scan::Severity};

/// A review that shall be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Newest commit first.
    pub parts: Vec<Part>,
    /// Findings at or above must be decided.
    pub threshold: Severity,
}

/// What was reviewed and decided of one commit, or of uncommitted work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub target: Target,
    /// Findings with decisions, in any order.
    pub findings: Vec<RecordedFinding>,
    /// Hunks with whether they were seen.
    pub hunks: Vec<RecordedHunk>,
    /// What was not examined.
    pub not_examined: Vec<Unexamined>,
    /// Agents that left no mark of their own and that the reviewer confirmed (`Claude Code:claude-opus-4-6`).
    pub assisted_by: Vec<String>,
}

/// What a part is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A commit that exists.
    Commit(ObjectId),
    /// Uncommitted work, to be committed.
    Uncommitted(Uncommitted),
}

/// Uncommitted work as it was reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncommitted {
    /// Where its content is.
    pub from: From,
    /// HEAD when it was loaded; `None` when there was no commit yet.
    pub base: Option<ObjectId>,
    /// The files to commit, as shown.
    pub files: Vec<ReviewedFile>,
    /// The message, as the person wrote it, without our trailers.
    pub message: String,
}

/// Where uncommitted content is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The working tree, compared with HEAD.
    WorkTree,
    /// The index, compared with HEAD.
    Index,
    /// The working tree, compared with the index.
    Unstaged,
}
