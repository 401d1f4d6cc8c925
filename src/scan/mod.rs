//! The scanner: from changed files to findings with evidence and checked fixes. Deterministic, offline, executes nothing.
//!
//! Knowledge is data (`rules/`), mechanism is here. Budgets count steps, never time.

pub mod cache;
pub mod compile;
pub mod decode;
mod detect;
pub mod engine;
pub mod examples;
pub mod file;
mod finding;
pub mod fingerprint;
mod hit;
pub mod kind;
pub mod lazy_regex;
pub mod load;
pub mod model;
pub mod paths;
pub mod rule;
pub mod run;
mod scope;
pub mod secrets;
pub mod surroundings;
pub mod text_pass;
mod transplant;
pub mod view;
pub mod matchers;
pub mod model;
pub mod paths;
pub mod rule;
pub mod taint;
pub mod value;

pub use cache::Cache;
pub use finding::*;
pub use load::RuleSet;
pub use run::{Cancel, Event, ScanResult, Whole, scan_change, scan_files};
pub use transplant::transplant;
