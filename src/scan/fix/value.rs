//! `replace-value` and `wrap`: other code where the matched value (or an argument) stands.
//!
//! `with` is the new code; `{value}` stands for what is there now. `arg` picks an argument instead of the matched value.

use super::{
    arguments::{self, find},
    imports::{Wanted, meet},
    job::{Code, Job, Plan, edit},
    template,
};
use crate::{lang::facts::*, scan::compile::Selector, text::Span};

/// Applies either verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let (id, span) = target(job, &code)?;
    let code = Code {
        value: Some(id),
        ..code
    };
    let with = template::of_code(job, &code, job.spec.with.as_deref()?)?;
    let mut edits = Vec::new();
    let mut new = with;
    if let Some(import) = job.spec.import.as_deref() {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(code.lang(), import)?, None)?;
        new = met.localised(&new);
        edits = met.edits;
    }
    edits.push(edit(span, new));
    Some(edits.into())
}

/// What is replaced.
fn target(job: &Job<'_>, code: &Code<'_>) -> Option<(ExprId, Span)> {
    let Some(selector) = &job.spec.arg else {
        let id = code.value.or(code.expr)?;
        return Some((id, code.span(id)));
    };
    let call = code.call()?;
    let found = find(code, &call, &Selector::parse(selector).ok()?)?;
    let id = arguments::value(code, &call, found)?;
    Some((id, code.span(id)))
}
