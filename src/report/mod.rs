//! Findings for readers outside the screen: people ([`text`]), programs ([`json`]), code-scanning services ([`sarif`]);
//! rules as pages ([`rule_page`]).
//!
//! Pure: a [`Report`] in, text out. Nothing untrusted leaves here unescaped: text goes through [`crate::text`]'s safe text, machine
//! formats through a serialiser. What must be redacted ([`Finding::redact`]) is never in a snippet.

pub mod feedback;
pub mod json;
pub mod rule_page;
pub mod sarif;
mod snippet;
pub mod text;

use crate::{
    change::RepoPath,
    scan::{Confidence, Finding, NotExamined, Severity},
};
use std::{collections::HashMap, sync::Arc};

/// What a report is made of.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was scanned, in words: `working tree`, `HEAD~3..HEAD`, `src/`.
    pub subject: String,
    /// Digest of the rules in force.
    pub rules_digest: String,
    /// What is known of each rule that has a finding, by rule id.
    pub rules: HashMap<Arc<str>, RuleInfo>,
    /// Findings to report, in order.
    pub findings: Vec<Arc<Finding>>,
    /// What was not examined.
    pub not_examined: Vec<NotExamined>,
    /// Files examined.
    pub files: usize,
    /// Candidates that verification dismissed.
    pub dismissed: usize,
    /// Findings of the old side that the change did away with.
    pub gone: usize,
    /// The scanned texts of files with findings, for snippets and fixes.
    pub texts: HashMap<RepoPath, Arc<[u8]>>,
}

/// What readers need to know of a rule.
#[derive(Clone, Debug, Default)]
pub struct RuleInfo {
    /// Its title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How to check by hand.
    pub check: String,
    /// Where to read on.
    pub references: Vec<String>,
}

impl Report {
    /// Findings at or above a severity.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity >= severity).count()
    }

    fn text(&self, path: &RepoPath) -> &[u8] {
        self.texts.get(path).map_or(&[], |t| t)
    }
}

/// The name of a severity in every format.
#[must_use]
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The name of a confidence in every format.
#[must_use]
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
