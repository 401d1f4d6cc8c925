//! What programs in C and C++ do to memory: sizes, lifetimes, null pointers and numbers from outside, followed along every way through
//! each function, into the functions of the file it calls with what is passed, and out again.
//!
//! - [`value`]: ranges, addresses, objects, states; [`types`]: sizes of what is declared; [`knowledge`]: what functions do, from
//!   `rules/memory.toml`
//! - [`start`], [`run`] and [`shape`]: where it begins, blocks and ways; [`eval`] and [`store`]: expressions and assignments; [`arithmetic`]:
//!   ranges; [`calls`], [`texts`] and [`formats`]: what known functions do; [`check`]: accesses; [`tests_say`]: what a test says on either way
//! - [`order`], [`gone`] and [`slips`]: what the order of a function, its return or one expression shows without following values
//!
//! A defect is only told where it happens on a way with the values at hand; what is not known is never guessed at. Nothing here knows a
//! rule: [`defects`] gives places with the name of the defect, and matchers (`memory = ["..."]`) say which of them are findings.

mod arithmetic;
mod calls;
mod check;
mod eval;
mod formats;
mod gone;
mod knowledge;
mod order;
mod run;
mod shape;
mod slips;
mod start;
mod store;
mod tests_say;
mod texts;
mod types;
mod value;

#[cfg(test)]
mod tests;

use crate::lang::{
    Lang,
    facts::{ExprId, Facts, FunctionId},
};

/// The names of defects, as matchers ask for them.
pub const NAMES: [&str; 35] = [
    "overflow",
    "overflow-text",
    "overread",
    "underwrite",
    "underread",
    "unbounded",
    "unbounded-array",
    "unbounded-given",
    "unbounded-given-array",
    "outside-index",
    "outside-length",
    "outside-size",
    "size-wraps",
    "arithmetic-over",
    "arithmetic-under",
    "outside-loop",
    "outside-wait",
    "outside-divisor",
    "zero-divisor",
    "use-after-free",
    "double-free",
    "free-not-heap",
    "free-inside",
    "mismatched-free",
    "null",
    "unchecked-null",
    "unset",
    "returns-local",
    "leak",
    "sizeof-pointer",
    "checked-name",
    "looked-up-name",
    "cleared-last",
    "gone-iterator",
    "unsafe-in-handler",
];

/// Something wrong with memory or numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Which, of [`NAMES`].
    pub name: &'static str,
    /// The function it is in.
    pub function: FunctionId,
    /// The call, access or operation.
    pub expr: ExprId,
    /// The value at fault.
    pub value: Option<ExprId>,
    /// Sizes and places, for the sentence.
    pub detail: String,
}

/// Everything found in a file of C or C++, in order of functions and places; nothing for other languages.
#[must_use]
pub fn defects(facts: &Facts, text: &[u8]) -> Vec<Defect> {
    if !matches!(facts.lang, Lang::C | Lang::Cpp) {
        return Vec::new();
    }
    let mut found = run::Machine::new(facts, text).run_all();
    found.extend(order::defects(facts, text));
    if facts.lang == Lang::Cpp {
        found.extend(gone::defects(facts, text));
    }
    found.sort_by_key(|d| (d.function, d.expr, d.name));
    found.dedup_by_key(|d| (d.function, d.expr, d.name));
    found
}
