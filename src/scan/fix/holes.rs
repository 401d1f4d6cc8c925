//! `wrap-holes`: every part of a built text that is not constant goes through a function (`shlex.quote`, `html.escape`).
//!
//! `with` is the new code of a part, `{value}` the old one. `options.quotes = "drop"`: the function puts quotes round the value itself, so
//! quotes right around a hole go.

use super::{
    built::{Tok, traced},
    follow::{is_constant, is_number},
    imports::{Wanted, meet},
    job::{Job, Plan, edit},
    names, template,
};
use crate::{lang::facts::*, scan::Edit};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let with = job.spec.with.as_deref()?;
    let traced = traced(&code, code.value?)?;
    let built = &traced.built;
    let mut edits: Vec<Edit> = Vec::new();
    let mut localised = with.to_owned();
    if let Some(import) = job.spec.import.as_deref() {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(code.lang(), import)?, None)?;
        localised = met.localised(with);
        edits = met.edits;
    }
    let function = with.split('(').next().unwrap_or_default();
    let done = |id: ExprId| match code.kind(id) {
        ExprKind::Call { callee, .. } => names::path(&code, *callee).as_deref() == Some(function),
        _ => false,
    };
    let drop_quotes = job.option("quotes") == Some("drop");
    let mut quote = None;
    let mut wrapped = 0;
    for (i, tok) in built.toks.iter().enumerate() {
        let hole = match tok {
            Tok::Char { ch, .. } if drop_quotes && matches!(ch, '\'' | '"') => {
                quote = match quote {
                    None => Some(*ch),
                    Some(open) if open == *ch => None,
                    open => open,
                };
                continue;
            }
            Tok::Char { .. } => continue,
            Tok::Hole(hole) => &built.holes[*hole],
        };
        if is_constant(&code, hole.value) || is_number(&code, hole.value) || done(hole.value) {
            continue;
        }
        if let Some(open) = quote {
            for side in [i.checked_sub(1)?, i + 1] {
                match built.toks.get(side) {
                    Some(Tok::Char { ch, span, .. }) if *ch == open => edits.push(edit(*span, "")),
                    _ => return None,
                }
            }
        }
        let source = code.source(hole.value)?;
        let new = template::fill(&localised, |word| (word == "value").then(|| source.into()))?;
        edits.push(edit(code.span(hole.value), new));
        wrapped += 1;
    }
    (wrapped > 0).then(|| edits.into())
}
