//! One line of the journal.

use super::Stamp;
use crate::{change::Identity, record::digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What the first line carries in place of a digest.
pub(super) const NO_LINE: &str = "";

/// The format of lines written today.
const VERSION: u32 = 1;

/// An entry as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, with offset from UTC (ISO 8601).
    pub time: String,
    /// SHA-256 (hex) of the line before, without its line ending; empty in the first line.
    pub prev: String,
    /// Version of the format.
    pub v: u32,
    /// The program and its version.
    pub tool: String,
    /// Digest of the rule set in force.
    pub rules: String,
    /// Who was at the keys.
    pub by: Identity,
    /// What the body is: `review`, `intent`, `done`, `undone`, `abandoned`.
    pub kind: String,
    /// Fingerprints of the findings it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// Content ids it is about: hunks, code, blobs, commits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<String>,
    /// What happened.
    pub body: Value,
}

/// An entry to be written; the journal adds the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// See [`Entry::kind`].
    pub kind: &'static str,
    /// See [`Entry::about`].
    pub about: Vec<String>,
    /// See [`Entry::content`].
    pub content: Vec<String>,
    /// See [`Entry::body`].
    pub body: Value,
}

impl Entry {
    pub(super) fn new(new: NewEntry, stamp: &Stamp, time: String, prev: String) -> Self {
        Self {
            time,
            prev,
            v: VERSION,
            tool: stamp.tool.clone(),
            rules: stamp.rules.clone(),
            by: stamp.by.clone(),
            kind: new.kind.to_owned(),
            about: new.about,
            content: new.content,
            body: new.body,
        }
    }

    /// The line without its ending. JSON escapes line endings, so it is one line whatever the body holds.
    pub(super) fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub(super) fn from_line(text: &[u8]) -> Result<Self, String> {
        let entry: Self = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        if entry.v > VERSION {
            return Err(format!("written by a newer version (format {})", entry.v));
        }
        Ok(entry)
    }
}

/// The digest that the next line carries.
pub(super) fn digest(text: &[u8]) -> String {
    digest::sha256(text)
}

/// Something wrong with the file. Entries that could be read are restored all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A line that is no entry: cut short by a crash, or damaged. Skipped.
    Torn {
        /// 1-based.
        line: usize,
        /// What the reader said.
        why: String,
    },
    /// A line does not follow from the one before it: something was edited, removed or put in.
    BrokenChain {
        /// 1-based.
        line: usize,
    },
    /// The file became shorter while it was open.
    Shortened,
    /// Another file took its place while it was open.
    Replaced,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Torn { line, why } => {
                write!(f, "journal line {line} was cut short or damaged and is skipped ({why})")
            }
            Problem::BrokenChain { line } => {
                write!(
                    f,
                    "journal line {line} does not follow from the line before it: the file was edited"
                )
            }
            Problem::Shortened => {
                f.write_str("the journal became shorter while it was open; what is left was read again")
            }
            Problem::Replaced => {
                f.write_str("the journal was replaced by another file while it was open; that one was read")
            }
        }
    }
}
