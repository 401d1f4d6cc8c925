//! Decisions into git: journal, trailers, notes, new and rewritten commits, signing, verification.

pub mod claims;
mod clock;
mod commit_object;
pub mod digest;
mod error;
pub mod full;
mod git;
pub mod journal;
mod person;
pub mod printable;
mod repo;
mod settings;
pub mod trailers;
pub mod wording;

pub use clock::Clock;
pub use commit_object::CommitObject;
pub use error::{RecordError, Result};
pub use person::{Presence, has_controlling_terminal};
pub use repo::{Head, Repo, Signature};
