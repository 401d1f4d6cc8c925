//! Decisions into git: journal, trailers, notes, new and rewritten commits, signing, verification.

mod clock;
pub mod digest;
mod error;
mod git;
pub mod journal;
mod person;
pub mod printable;
mod repo;
mod settings;

pub use clock::Clock;
pub use error::{RecordError, Result};
pub use person::{Presence, has_controlling_terminal};
pub use repo::{Head, Repo, Signature};
