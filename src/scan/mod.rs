//! The scanner: from changed files to findings with evidence and checked fixes. Deterministic, offline, executes nothing.
//!
//! Knowledge is data (`rules/`), mechanism is here. Budgets count steps, never time.

mod aside;
mod bytes;
pub mod cache;
mod candidates;
pub mod code_pattern;
pub mod compile;
pub mod decode;
mod dedupe;
mod detect;
pub mod document;
pub mod engine;
pub mod examples;
mod exploding;
pub mod file;
mod finding;
pub mod fingerprint;
pub mod fix;
mod hit;
mod identity;
pub mod kind;
pub mod lazy_regex;
pub mod link;
pub mod load;
pub mod matchers;
pub mod memory;
pub mod model;
pub mod paths;
mod placing;
mod propose;
mod questioned;
pub mod rule;
pub mod run;
mod scope;
pub mod secrets;
mod sides;
pub mod surroundings;
pub mod taint;
mod test_code;
#[cfg(test)]
pub(crate) mod testing;
pub mod text_pass;
mod transplant;
pub mod value;
mod verify;
pub mod view;

pub use cache::Cache;
pub use finding::*;
pub use load::RuleSet;
pub use run::{Cancel, Event, ScanResult, Whole, scan_change, scan_files};
pub use transplant::transplant;
