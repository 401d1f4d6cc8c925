//! How much of a review goes into a commit's message.

use serde::{Deserialize, Serialize};

/// How much goes into the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Everything: one line for each decided finding, up to the limit.
    #[default]
    Full,
    /// Counts instead of findings.
    Summary,
    /// What the Linux kernel's grammar allows: `Assisted-by: AGENT:MODEL countersign`. The rest is in the note.
    Kernel,
    /// Nothing in the message; the note holds the record.
    NotesOnly,
}
