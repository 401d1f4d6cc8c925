//! The scanner: from changed files to findings with evidence and checked fixes. Deterministic, offline, executes nothing.
//!
//! Knowledge is data (`rules/`), mechanism is here. Budgets count steps, never time.
//!
//! ```text
//! run: sides ─> file: text_pass, document, engine ─> link ─> scope ─> propose: fix
//! ```
//!
//! - `run`, `sides`: a whole change or whole files, both sides of it, in parallel; `cache`: results by content
//! - `file`: one text: `text_pass` and `secrets` over bytes, `document` over configuration, `engine` over code; `detect`, `aside`: names, messages
//! - `rule`, `model`: what rules and models say; `load` reads them, `compile` makes an index, `paths` and `lazy_regex` make it fast; `examples` tries it
//! - `taint` follows values (`value`: what is known of one) and `matchers` shapes, `memory` C's buffers and lifetimes; `code_pattern`: people's own shapes
//! - `link`: the same over several files; `placing` tells their places apart
//! - `candidates`, `verify`, `questioned`, `surroundings`: from what was found to a case for and against; `dedupe`, `identity`, `fingerprint`: one flaw, one finding
//! - `scope`: what the change has to do with it; `propose`, `fix`, `transplant`: edits, checked

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
