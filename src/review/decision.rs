//! Decisions: what the person said of a finding, and of which code.

use crate::{scan::Finding, text::LineIndex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// Why a finding may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The scanner is wrong.
    FalsePositive,
    /// It is so, and it is accepted.
    AcceptedRisk,
    /// Something outside the code in view takes care of it.
    HandledElsewhere,
}

impl Reason {
    /// All, in the order of the keys that choose them.
    pub const ALL: [Reason; 3] = [Reason::FalsePositive, Reason::AcceptedRisk, Reason::HandledElsewhere];

    /// As written in trailers.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Reason::FalsePositive => "false-positive",
            Reason::AcceptedRisk => "accepted-risk",
            Reason::HandledElsewhere => "handled-elsewhere",
        }
    }
}

/// What the person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reason")]
pub enum Verdict {
    /// It may stand.
    Approved(Reason),
    /// It must not.
    Rejected,
    /// The proposed fix was applied.
    Fixed,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Approved(reason) => write!(f, "approved({})", reason.key()),
            Verdict::Rejected => f.write_str("rejected"),
            Verdict::Fixed => f.write_str("fixed"),
        }
    }
}

/// Digest of the code a decision was made on: the lines of the finding and of every step of its evidence, without indentation. When
/// it differs, the decision is stale. 32 hex characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CodeId(pub Arc<str>);

impl CodeId {
    /// The code `finding` is about, in `text` (the finding's file).
    #[must_use]
    pub fn of(finding: &Finding, text: &[u8]) -> Self {
        let index = LineIndex::new(text);
        let same_file = finding
            .steps
            .iter()
            .map(|s| &s.place)
            .filter(|p| p.path == finding.place.path);
        let mut lines: Vec<u32> = same_file
            .chain([&finding.place])
            .filter(|p| p.old_side == finding.place.old_side)
            .flat_map(|p| p.start.line..=p.end.line.max(p.start.line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let mut digest = Sha256::new();
        for line in lines {
            let bytes = index.content(text, line).map(|s| s.of(text)).unwrap_or_default();
            digest.update(bytes.trim_ascii());
            digest.update(b"\n");
        }
        let hex: String = digest.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
        CodeId(hex.into())
    }
}

/// A decision in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was said.
    pub verdict: Verdict,
    /// The reason in words, when one was given.
    pub note: Option<String>,
    /// The code it was said of.
    pub code: CodeId,
    /// When, as the journal stamped it.
    pub at: Arc<str>,
    /// By whom, as the journal stamped it.
    pub by: Arc<str>,
    /// How many findings were decided by the same key press; more than one is a batch.
    pub batch: u32,
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody decided.
    Open,
    /// Decided, for exactly this code.
    Decided(Decision),
    /// Decided once; the code changed since. Counts as open.
    Stale(Decision),
}

impl Standing {
    /// True when a person must still decide.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Standing::Decided(_))
    }

    /// The verdict in force, when there is one.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            Standing::Decided(decision) => Some(decision.verdict),
            _ => None,
        }
    }
}
