//! The scanner: from changed files to findings with evidence and checked fixes. Deterministic, offline, executes nothing.
//!
//! Knowledge is data (`rules/`), mechanism is here. Budgets count steps, never time.

pub mod compile;
pub mod engine;
mod finding;
pub mod lazy_regex;
pub mod model;
pub mod paths;
pub mod rule;

pub use finding::*;
