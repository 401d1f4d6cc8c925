//! Decisions into git: journal, trailers, notes, new and rewritten commits, signing, verification.
//!
//! Takes what a review came to and puts it where others find it, without losing anything of the user's and without running anything
//! of the repository's. Never decides: [`plan()`] says what would be done, a person presses the key, [`perform()`] does that and nothing else.
//! All writing goes through the `git` program, called so that no hook, filter, editor or fsmonitor runs (module `git`).
//!
//! ```text
//! State ──> Outcome ──> plan ──> Plan (shown) ──> perform ──> objects ─> intent ─> refs ─> index ─> done
//!                                                                        (journal)             (journal)
//! ```
//!
//! For the screen and the commands:
//!
//! - [`journal::Journal::open`], [`journal::Journal::append`]: decisions on disk before they count
//! - [`recover()`]: once after opening; settles and reports recordings that a crash interrupted
//! - [`Outcome::of`]: what the review in a state came to
//! - [`plan()`], [`perform()`], [`undo()`]: recording. `perform` may ask for a pass phrase on the terminal when commits are signed
//! - [`verify::verify()`]: is a commit countersigned? Every trailer and note is a claim
//! - [`Presence::observe`]: is a person at the keys?
//!
//! How it is cut:
//!
//! - what a review came to: `outcome`, `from_review`, `full` (the record), `digest`
//! - words: `wording` (record to trailers), `trailers` (where git puts them), `message`, `printable`, `claims` (reading them back)
//! - how: `way` (amend, note, new or review commit, and why), `obstacles`, `plan`, `draft`
//! - objects: `commit_object`, `content`, `conversion`, `scratch_index`, `notes`, `carry`, `patch_id`, `signing`
//! - doing it: `perform`, `intent`, `refs`, `user_index`, `turn`, `recover`, `undo`
//! - checking it: `verify`, `evidence`, `signature_check`
//! - the outside: `git`, `environment`, `settings`, `repo`, `clock`, `person`

mod carry;
pub mod claims;
mod clock;
mod commit_object;
pub mod content;
mod conversion;
pub mod digest;
mod draft;
mod environment;
mod error;
mod evidence;
mod from_review;
pub mod full;
mod git;
mod intent;
pub mod journal;
mod message;
pub mod notes;
pub mod obstacles;
mod outcome;
mod patch_id;
mod perform;
mod person;
mod plan;
pub mod printable;
mod recover;
pub mod refs;
mod repo;
mod scratch_index;
mod settings;
mod signature_check;
pub mod signing;
pub mod trailers;
mod turn;
mod undo;
mod user_index;
pub mod verify;
mod way;
pub mod wording;

pub use clock::Clock;
pub use commit_object::CommitObject;
pub use environment::Environment;
pub use error::{RecordError, Result};
pub use from_review::Words;
pub use outcome::{From, Outcome, Part, Target, Uncommitted};
pub use perform::{Recorded, perform};
pub use person::{Presence, has_controlling_terminal};
pub use plan::{Plan, PlannedCommit, Request, Step, plan};
pub use recover::recover;
pub use repo::{Head, Repo, Signature};
pub use scratch_index::{ScratchIndex, TreeEntry};
pub use signature_check::SignatureState;
pub use undo::{Undone, undo};
pub use way::{Choice, Way};
