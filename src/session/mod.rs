//! A review in a real repository: what stands between the pure review and git.
//!
//! Owns the journal, the rules and the ways to load, scan, edit and record; performs what the review's effects ask for, one method each. Knows
//! no terminal, so that a test can drive a whole review from opening to a countersigned commit. Whoever drives it (the screen) calls [`Reader`] from its
//! worker threads and everything else from one place.

mod error;
mod fixes;
mod journal;
mod open;
mod reader;

pub use error::SessionError;
pub use fixes::AppliedFix;
pub use open::{Opening, Session, repository_policy};
pub use reader::Reader;
