//! The full record of a review: everything an auditor asks of a log, as plain data.
//!
//! Who, what exactly (tree and patch id), when, under which rules, what was shown, what was decided of each finding and why, what was not
//! examined. Trailers are a short form of it and name it by its digest; the note and the journal hold it. It never holds code or secrets.

use super::digest;
use super::error::{RecordError, Result};
use crate::{
    change::{HunkId, Identity, ObjectId},
    review::Verdict,
    scan::{Confidence, Fingerprint, Severity},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Version of the form below. A reader refuses newer ones.
pub const SCHEMA: u32 = 1;

/// What one press of "record" says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: u32,
    /// When, with offset from UTC (ISO 8601), by the reviewer's clock.
    pub time: String,
    /// `countersign 0.1.0`.
    pub tool: String,
    /// Digest of the rule set in force.
    pub rules: String,
    /// Findings at or above this had to be decided.
    pub threshold: Severity,
    /// The person.
    pub reviewer: Identity,
    /// Marks of agents in the environment, by name. A record with any was not made by a person alone.
    pub agent_markers: Vec<String>,
    /// True when there was a controlling terminal.
    pub terminal: bool,
    /// What was reviewed: one entry for each commit.
    pub reviewed: Vec<Reviewed>,
}

/// The review of one commit, or of uncommitted work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The commit as it was shown; absent when the review led to the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<ObjectId>,
    /// The tree the reviewer saw.
    pub tree: ObjectId,
    /// `git patch-id --stable` of it against its first parent; finds the record again after rebase, squash or cherry-pick. Absent
    /// when there is no text to make one from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// The sum.
    pub conclusion: Conclusion,
    /// Findings, most severe first, with what was decided.
    pub findings: Vec<RecordedFinding>,
    /// Hunks, with whether they were seen.
    pub hunks: Vec<RecordedHunk>,
    /// What was not examined, and why.
    pub not_examined: Vec<Unexamined>,
    /// Agents that the reviewer confirmed (`Claude Code:claude-opus-4-6`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assisted_by: Vec<String>,
}

/// A finding with what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFinding {
    /// Identity.
    pub fingerprint: Fingerprint,
    /// The rule.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How sure the scanner was; absent for a finding that a fix had made go away before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// A short noun phrase.
    pub title: String,
    /// The path, lossy.
    pub path: String,
    /// 1-based line at the time.
    pub line: u32,
    /// What was decided; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<RecordedDecision>,
}

/// What was decided of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDecision {
    /// How.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Digest of the code it was decided on.
    pub code: String,
    /// When.
    pub at: String,
    /// By whom (`Name <email>`).
    pub by: String,
    /// Findings decided by the same key press; more than one is a batch.
    pub batch: u32,
}

/// A hunk with whether it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedHunk {
    /// The path, lossy.
    pub path: String,
    /// Content identity.
    pub id: HunkId,
    /// Seen in full.
    pub seen: bool,
}

/// Something that was not examined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unexamined {
    /// The path, lossy; absent when it is not about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A sentence.
    pub why: String,
}

/// The sum of a review, as `Countersign-Verdict` says it. Better ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Everything at or above the threshold decided, nothing rejected, every hunk seen.
    Approved,
    /// Nothing rejected, but something is open or unseen.
    Partial,
    /// Something is rejected.
    Rejected,
}

impl fmt::Display for Conclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Conclusion::Approved => "approved",
            Conclusion::Partial => "partial",
            Conclusion::Rejected => "rejected",
        })
    }
}

/// Counts of one review, in the words of the trailers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Approved, whatever the reason.
    pub approved: usize,
    /// Fixed.
    pub fixed: usize,
    /// Rejected.
    pub rejected: usize,
    /// Undecided.
    pub undecided: usize,
    /// Hunks seen.
    pub seen: usize,
    /// All hunks.
    pub hunks: usize,
}

impl Counts {
    /// Counts findings and hunks.
    #[must_use]
    pub fn of<'a>(
        findings: impl IntoIterator<Item = &'a RecordedFinding>,
        hunks: impl IntoIterator<Item = &'a RecordedHunk>,
    ) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match finding.decision.as_ref().map(|d| d.verdict) {
                Some(Verdict::Approved(_)) => &mut counts.approved,
                Some(Verdict::Fixed) => &mut counts.fixed,
                Some(Verdict::Rejected) => &mut counts.rejected,
                None => &mut counts.undecided,
            } += 1;
        }
        for hunk in hunks {
            counts.hunks += 1;
            counts.seen += usize::from(hunk.seen);
        }
        counts
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.approved + self.fixed + self.rejected + self.undecided
    }
}

impl Conclusion {
    /// What findings and hunks add up to.
    #[must_use]
    pub fn of(findings: &[RecordedFinding], hunks: &[RecordedHunk], threshold: Severity) -> Self {
        let counts = Counts::of(findings, hunks);
        let open = findings.iter().any(|f| f.decision.is_none() && f.severity >= threshold);
        if counts.rejected > 0 {
            Conclusion::Rejected
        } else if open || counts.seen < counts.hunks {
            Conclusion::Partial
        } else {
            Conclusion::Approved
        }
    }
}

impl Record {
    /// The worst of its parts.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        self.reviewed
            .iter()
            .map(|r| r.conclusion)
            .max()
            .unwrap_or(Conclusion::Approved)
    }

    /// All findings of all parts, most severe first; one that several commits share is named once.
    #[must_use]
    pub fn findings(&self) -> Vec<&RecordedFinding> {
        let mut all: Vec<_> = self.reviewed.iter().flat_map(|r| &r.findings).collect();
        all.sort_by(|a, b| by_weight(a, b));
        all.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.decision == b.decision);
        all
    }

    /// Counts over all parts.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(self.findings(), self.reviewed.iter().flat_map(|r| &r.hunks))
    }

    /// `sha256:` and the digest of its canonical form; what the trailer names it by.
    ///
    /// # Errors
    /// Never for records made here; a defect shows as an error rather than a panic.
    pub fn digest(&self) -> Result<String> {
        digest::of(self).map_err(|e| RecordError::Unreadable {
            what: "the record".into(),
            why: e.to_string(),
        })
    }
}

/// The order in trailers: most severe first, then by place.
pub(super) fn by_weight(a: &RecordedFinding, b: &RecordedFinding) -> std::cmp::Ordering {
    let key = |f: &RecordedFinding| (f.path.clone(), f.line, f.rule.clone(), f.fingerprint.clone());
    b.severity.cmp(&a.severity).then_with(|| key(a).cmp(&key(b)))
}
