//! The vocabulary: what may happen to a review, and what the outside must do about it.

use super::{Cursor, Entry, Filter, Fold, Grouping, Reason, Stamped};
use crate::{
    change::{Change, HunkId},
    scan::{Finding, Fingerprint, NotExamined},
};
use std::sync::Arc;

/// Something that happened: a key, or the result of an effect.
#[derive(Clone, Debug)]
pub enum Action {
    // ---- moving
    /// Moves the cursor through what is in view.
    Move(Motion),
    /// Puts the cursor on something, when it is there.
    Select(Cursor),
    /// Opens or closes a fold or group.
    Toggle(Fold),

    // ---- looking
    /// These hunks are on screen now, each shown in full since it came into view; what was on screen and is no longer counts as seen.
    OnScreen {
        /// Hunks whose every line has been drawn.
        hunks: Vec<HunkId>,
        /// Findings whose lines are drawn.
        findings: Vec<Fingerprint>,
    },
    /// Marks the hunk under the cursor seen, or takes that back.
    ToggleSeen,
    /// Changes what is in view.
    Filter(Filter),
    /// Groups the queue otherwise.
    Group(Grouping),

    // ---- deciding
    /// Asks to approve what is under the cursor (a finding, or all findings in view of a group as a batch).
    BeginApprove,
    /// Approves the targets that [`Dialog::Approve`] named.
    Approve {
        /// What.
        targets: Vec<Fingerprint>,
        /// The class of reason.
        reason: Reason,
        /// The reason in words; may be empty below the severity that asks for one.
        note: String,
    },
    /// Rejects what is under the cursor.
    Reject,
    /// Takes back the decision on what is under the cursor.
    Withdraw,
    /// Asks to write a note on what is under the cursor.
    BeginNote,
    /// Writes the note; empty removes it.
    Note {
        /// On what.
        target: Fingerprint,
        /// The text.
        text: String,
    },
    /// Shows the fix of the finding under the cursor; when it is shown already, applies it.
    Fix,
    /// Puts the shown fix away.
    HideFix,
    /// Takes back the latest decision, note, mark or fix.
    Undo,
    /// Does it again.
    Redo,
    /// Asks to record.
    BeginRecord,

    // ---- results
    /// The change was loaded, again or for the first time.
    Loaded(Arc<Change>),
    /// The scan found something, or is done.
    Scanned(Scanned),
    /// An entry is on disk.
    Journaled(Stamped),
    /// The fix of this finding is in the working tree.
    FixApplied(Fingerprint),
    /// Something could not be done.
    Failed(String),
    /// The outside has something to say.
    Said(String),
}

/// What a scan tells.
#[derive(Clone, Debug)]
pub enum Scanned {
    /// A scan of so many files began; what it finds replaces the old findings when it is done.
    Began {
        /// Files to scan.
        files: usize,
    },
    /// Files done so far, and what was found in the latest of them.
    Progress {
        /// Files done.
        done: usize,
        /// New findings.
        findings: Vec<Arc<Finding>>,
    },
    /// The scan is done: these are all findings.
    Done {
        /// All findings.
        findings: Vec<Arc<Finding>>,
        /// All that was not examined.
        not_examined: Vec<NotExamined>,
    },
}

/// Where to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// So many rows down (negative: up).
    Rows(isize),
    /// The first row.
    First,
    /// The last row.
    Last,
    /// The next (or previous) finding that needs a person; then the next unseen hunk.
    Undecided(Direction),
    /// The next or previous hunk of the change.
    Hunk(Direction),
    /// The next or previous file.
    File(Direction),
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// On.
    Forward,
    /// Back.
    Back,
}

/// Something to ask the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Class of reason, and words.
    Approve {
        /// What would be approved.
        targets: Vec<Fingerprint>,
        /// True when words are needed.
        words: bool,
    },
    /// A note on a finding.
    Note {
        /// On what.
        target: Fingerprint,
        /// What is there already.
        text: String,
    },
}

/// What the outside must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write this to the journal, sync it, then send [`Action::Journaled`].
    Journal(Entry),
    /// Ask.
    Open(Dialog),
    /// Apply the checked fix of this finding to the working tree, then send [`Action::FixApplied`] or [`Action::Failed`].
    ApplyFix(Fingerprint),
    /// Take the fix of this finding out of the working tree again (send [`Action::Failed`] when the file changed since), then write
    /// [`Entry::Undo`] to the journal.
    RevertFix(Fingerprint),
    /// Put the fix of this finding into the working tree again, then write [`Entry::Redo`] to the journal.
    ReapplyFix(Fingerprint),
    /// Plan the recording and show it.
    Record,
    /// Load and scan again: the working tree changed.
    Rescan,
    /// Say this in the footer.
    Say(String),
}
