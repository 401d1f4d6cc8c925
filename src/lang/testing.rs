//! What the tests of all adapters need: facts of a text, on a stack deep enough, and a function of them in lines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Lang, STACK_BYTES, dump, facts::*, lower};

/// The facts of a text.
pub fn facts_of(lang: Lang, text: &str) -> Facts {
    let text = text.to_owned();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
    let lowered = worker.spawn(move || lower(lang, text.as_bytes()).unwrap());
    lowered.unwrap().join().unwrap()
}

/// The first function of that name, in trimmed lines with its head.
pub fn function_of(facts: &Facts, name: &str) -> String {
    let found = facts.functions.iter().position(|f| facts.name(f.name) == name).unwrap();
    let dumped = dump::function(facts, FunctionId(found as u32));
    let lines: Vec<_> = dumped.lines().map(str::trim).collect();
    lines.join("\n")
}

/// The same without its head.
pub fn body_of(facts: &Facts, name: &str) -> String {
    let whole = function_of(facts, name);
    whole
        .split_once('\n')
        .map_or(String::new(), |(_, body)| body.to_owned())
}
