//! What the scanner says: findings, their evidence, and proposed fixes. Plain data.

use crate::{
    change::{ObjectId, RepoPath},
    text::{Pos, Span},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use crate::config::{Severity, Tier};

/// How sure the scanner is, after verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Plausible; a person must look.
    Low,
    /// Likely.
    Medium,
    /// Right at least nine times in ten.
    High,
}

/// What the change has to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Its place and evidence lie on lines the change did not touch.
    Old,
    /// The flaw was there, in code the change moved or touched without making it.
    Touched,
    /// The flaw was there in another place of the changed files, and the change moved its code here.
    Moved,
    /// The code was there and harmless; the change took away what kept it so, or brings it what does harm.
    Worse,
    /// The change made it.
    New,
}

/// A finding's identity: 32 hex characters over rule, enclosing definition, and the normalised code it is about. No line
/// numbers, no path. Stable over rebase, reformatting of other lines, moves and renames.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fingerprint(pub Arc<str>);

impl Fingerprint {
    /// The first eight characters, as shown and as written in trailers.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file (path on the side it is on).
    pub path: RepoPath,
    /// True when it is on the old side (something was removed).
    pub old_side: bool,
    /// Its bytes.
    pub span: Span,
    /// Where it begins.
    pub start: Pos,
    /// Where it ends (exclusive column).
    pub end: Pos,
    /// The enclosing definition (`Shop.orders`), when there is one; untrusted.
    pub within: Option<String>,
}

/// What a step of the evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Where the value comes from.
    Source,
    /// What it passes through.
    Step,
    /// Where it does harm.
    Sink,
    /// What the change took away, on the old side.
    Removed,
}

/// One step of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Where.
    pub place: Place,
    /// A sentence: what happens here.
    pub note: String,
    /// The code there, on one line and harmless, where the file is not under review: whoever shows the step does not have its text.
    pub code: Option<String>,
}

/// One argument for or against, found by verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// A stable key (`reached-from-http`, `constant`, `test-code`, ...), for counting and for tests.
    pub key: &'static str,
    /// A sentence.
    pub note: String,
    /// What it does to confidence: positive speaks for the finding, negative against.
    pub weight: i8,
}

/// A suspected defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Identity.
    pub fingerprint: Fingerprint,
    /// The rule (`python/sql-injection`).
    pub rule: Arc<str>,
    /// The category of the catalogue (`sql-injection`).
    pub category: Arc<str>,
    /// CWE numbers, the most specific first.
    pub cwe: Vec<u32>,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Who sees it.
    pub tier: Tier,
    /// A short noun phrase: `SQL statement built from request text`.
    pub title: String,
    /// One or two sentences a colleague would say.
    pub message: String,
    /// Where it is: the sink, or the line a person must look at.
    pub place: Place,
    /// Ordered steps; the last is the sink. At least one.
    pub steps: Vec<Step>,
    /// Arguments for and against.
    pub arguments: Vec<Argument>,
    /// A proposed edit.
    pub fix: Option<Fix>,
    /// What the change has to do with it.
    pub scope: Scope,
    /// Bytes (of the place's file) that must not be shown or stored in the clear.
    pub redact: Vec<Span>,
    /// Other rules of the same family that matched the same sink.
    pub also: Vec<Arc<str>>,
    /// The commit of the change that brought it, for ranges.
    pub commit: Option<ObjectId>,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixQuality {
    /// Applied in memory, parsed and scanned again: the finding is gone and nothing new appeared.
    Checked,
    /// A person must finish it. Shown, never applied.
    Sketch,
}

/// A proposed edit of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does: `Bind the values as parameters`.
    pub title: String,
    /// How far it can be trusted.
    pub quality: FixQuality,
    /// The file.
    pub path: RepoPath,
    /// Edits in ascending order, not overlapping, as offsets into the new side as scanned.
    pub edits: Vec<Edit>,
}

/// Replace these bytes by that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Fix {
    /// `text` with the edits applied; `None` when they do not fit it.
    #[must_use]
    pub fn apply(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len() + 64);
        let mut at = 0;
        for edit in &self.edits {
            let range = edit.span.range();
            if range.start < at || range.end > text.len() {
                return None;
            }
            out.extend_from_slice(&text[at..range.start]);
            out.extend_from_slice(edit.text.as_bytes());
            at = range.end;
        }
        out.extend_from_slice(&text[at..]);
        Some(out)
    }
}

/// A file, or part of one, that was not examined. Silence never means clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExamined {
    /// The file.
    pub path: RepoPath,
    /// The part, when it is not the whole file: first and last 1-based line.
    pub lines: Option<(u32, u32)>,
    /// A stable key (`syntax`, `too-large`, `binary`, `too-deep`, `steps`, `panic`, ...).
    pub key: &'static str,
    /// A sentence for people.
    pub why: String,
}
