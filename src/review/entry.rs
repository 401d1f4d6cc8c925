//! What the journal holds of a review: one entry for each thing a person did that must survive.

use super::{CodeId, Verdict};
use crate::{
    change::{HunkId, ObjectId},
    scan::{Fingerprint, Severity},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A finding as an entry names it: enough to show and to record the decision when the finding itself is gone (fixed, edited), never
/// the code or the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Identity.
    pub fingerprint: Fingerprint,
    /// The code it was decided on.
    pub code: CodeId,
    /// The rule.
    pub rule: Arc<str>,
    /// How bad.
    pub severity: Severity,
    /// Its title.
    pub title: String,
    /// The path, lossy.
    pub path: String,
    /// 1-based line at the time.
    pub line: u32,
    /// The enclosing definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The commit that brought it, for reviews of commits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<ObjectId>,
}

/// Something a person did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "entry")]
pub enum Entry {
    /// Decided one finding, or several with one key.
    Decide {
        /// What was decided.
        subjects: Vec<Subject>,
        /// How.
        #[serde(flatten)]
        verdict: Verdict,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// The commit the change under review started from; tells which fixes belong to which change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<ObjectId>,
    },
    /// Took a decision back.
    Withdraw {
        /// Of what.
        subjects: Vec<Subject>,
    },
    /// Wrote (or with an empty text removed) a note on a finding without deciding.
    Note {
        /// On what.
        subject: Subject,
        /// The text.
        text: String,
    },
    /// Saw hunks, or took that back.
    Seen {
        /// Which.
        hunks: Vec<HunkId>,
        /// Seen or not.
        seen: bool,
        /// True when they count as seen because the person moved on, without a key of their own: undo passes over such marks.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        passing: bool,
    },
    /// Undid the latest entry that was not undone yet.
    Undo,
    /// Did again what was undone last.
    Redo,
    /// Wrote the review into git. Ends what can be undone by [`Entry::Undo`].
    Recorded {
        /// The commits that now carry (or are covered by) the record.
        commits: Vec<ObjectId>,
    },
}

/// An entry that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// What was done.
    pub entry: Entry,
    /// When (ISO 8601).
    pub at: Arc<str>,
    /// By whom (`Name <email>`).
    pub by: Arc<str>,
}
