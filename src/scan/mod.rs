//! The scanner: from changed files to findings with evidence and checked fixes. Deterministic, offline, executes nothing.
//!
//! Knowledge is data (`rules/`), mechanism is here. Budgets count steps, never time.

mod finding;
pub mod model;
pub mod rule;

pub use finding::*;
