//! Who wrote a commit: a person, or an agent, with the evidence for saying so.
//!
//! Reads what a commit claims (identities, message, notes) and nothing else. All of it can be forged in both directions:
//! attribution may widen what is looked at and must never narrow it. What marks exist is data, in `rules/origin.toml`; this
//! module is the mechanism and its honesty: an address decides and a display name never does, only whole lines count, the
//! subject is no evidence, a vendor's staff are people.
//!
//! - `table`: the rows, read and compiled
//! - `message`: the lines and trailers of a message, as agents leave them rather than as git parses them
//! - `identity`: addresses, GitHub's own among them
//! - `detect`: rows against a commit
//! - `notes`: line-level attribution that agents leave in notes

mod detect;
mod identity;
mod message;
mod notes;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use std::fmt;

pub use detect::{is_agent, of, of_branch};
pub use notes::{Author, FileLines};

/// What an agent is called when its marks do not name it.
pub const UNNAMED: &str = "unnamed agent";

/// Who had a part in a commit, as far as its marks tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The agents, the surest first.
    pub agents: Vec<Agent>,
    /// Programs that write commits and are no agents.
    pub automation: Vec<Automation>,
    /// What does not fit together. Never attribution.
    pub suspicious: Vec<Suspicion>,
    /// True when the author is an agent: a person in `Co-authored-by` is then who asked for it.
    pub author_is_agent: bool,
    /// Who wrote which lines, where a note says so.
    pub lines: Vec<FileLines>,
}

impl Origin {
    /// True when an agent wrote at least part of it, by marks that speak of writing and not merely of a tool's use.
    #[must_use]
    pub fn is_ai(&self) -> bool {
        self.agents.iter().any(|agent| agent.confidence > Confidence::Low)
    }
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The tool, as `Claude Code`; [`UNNAMED`] when no mark says.
    pub tool: String,
    /// The model, as claimed; untrusted.
    pub model: Option<String>,
    /// Link to or name of the session, as claimed; untrusted.
    pub session: Option<String>,
    /// How sure the surest mark is.
    pub confidence: Confidence,
    /// The marks.
    pub evidence: Vec<Mark>,
}

/// How much a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The tool was used; nothing is said of who wrote the lines.
    Low,
    /// Usually so.
    Medium,
    /// Only the agent leaves this mark.
    High,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The row of the table.
    pub rule: String,
    /// What it is, in words.
    pub what: String,
    /// Where in the commit.
    pub place: Place,
    /// The line or identity, one line, cut to a readable length; untrusted.
    pub text: String,
}

/// A place in a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The author.
    Author,
    /// The committer.
    Committer,
    /// A trailer, wherever in the message it stands.
    Trailer,
    /// Another line of the message.
    Line,
    /// The first line of the message.
    Subject,
    /// A note.
    Note,
    /// The branch.
    Branch,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Author => "author",
            Self::Committer => "committer",
            Self::Trailer => "trailer",
            Self::Line => "message",
            Self::Subject => "subject",
            Self::Note => "note",
            Self::Branch => "branch",
        })
    }
}

/// A program that writes commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automation {
    /// Its name.
    pub name: String,
    /// Where it stands: as the author, as the committer, or in a trailer.
    pub place: Place,
}

/// Something about an identity that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// The row of the table that says so.
    pub rule: String,
    /// A sentence for people, without a full stop.
    pub why: String,
    /// Where in the commit.
    pub place: Place,
    /// The identity or line; untrusted.
    pub text: String,
}
