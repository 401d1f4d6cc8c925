//! The words for how bad a finding is and who sees it: settings, rules, screen and records all speak them.

use serde::{Deserialize, Serialize};

/// How bad it is when it is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hardening.
    Low,
    /// Exploitable under conditions.
    Medium,
    /// Exploitable.
    High,
    /// Exploitable by anyone, at once.
    Critical,
}

/// Who sees a finding without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Only on request (`--audit`, or the audit filter).
    Audit,
    /// Everyone.
    #[default]
    Default,
}
