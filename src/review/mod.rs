//! The pure heart of the program: what a person has looked at and decided, and what is left.
//!
//! [`update`] takes the state and one [`Action`] and returns [`Effect`]s: data that says what the outside must do (write the
//! journal, apply a fix, open a dialog). There is no clock, no I/O and no terminal type here; whoever drives it performs the
//! effects and feeds results back as actions.
//!
//! Two rules hold everywhere:
//!
//! - **Disk first.** A decision changes nothing until it comes back as [`Action::Journaled`]; the driver sends that only after the entry
//!   is on disk. Reopening a review is feeding the journal through the same door, so a crash loses nothing and a replay gives the
//!   same state.
//! - **Identities, not indices.** Findings are held by fingerprint, hunks by content id, the cursor by either. A new scan never
//!   moves the reviewer's place or a decision.

mod action;
mod cursor;
mod decision;
mod entry;
mod filter;
mod ledger;
mod progress;
mod queue;
mod state;
#[cfg(test)]
mod tests;
mod update;

pub use action::{Action, Dialog, Direction, Effect, Motion, Scanned};
pub use cursor::Cursor;
pub use decision::{CodeId, Decision, Reason, Standing, Verdict};
pub use entry::{Entry, Stamped, Subject};
pub use filter::Filter;
pub use ledger::{Ledger, Settled};
pub use progress::Progress;
pub use queue::{Fold, Grouping, Row};
pub use state::{Policy, State};
pub use update::update;
