//! `replace-callee`: another function in the place of the one that is called, with its import.
//!
//! `with` is the function's path as the language writes it (`yaml.safe_load`, `hmac.Equal`). Where the old and the new one belong to the
//! same module, the file's own way of naming that module stays. `options.follow` is code that must follow the call and goes with it, replaced
//! by `options.then` (`.read()` after `os.popen(..)`). `options.inside` names the function whose calls are looked for in the value that is
//! given to a name, where the finding is about that (`token = str(random.random())`). `options.second` is put in as a new second argument
//! (`sizeof(b)` for `snprintf`).

use super::{
    imports::{Wanted, meet},
    job::{Call, Code, Job, Plan, edit},
    names, template,
};
use crate::{
    lang::{Lang, facts::*},
    scan::Edit,
    text::Span,
};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let with = job.spec.with.as_deref()?;
    if let Some(function) = job.option("inside") {
        return replaced_inside(job, &code, function, with);
    }
    let call = code.call()?;
    let mut edits = replaced(job, &code, call.callee, with)?;
    edits.extend(followed(job, &call)?);
    if let Some(second) = job.option("second") {
        let first = call.args.first()?.span.end as usize;
        let new = template::of_code(job, &code, second)?;
        edits.push(edit(Span::new(first, first), format!(", {new}")));
    }
    Some(edits.into())
}

/// Every call of `function` in the value that is given to a name.
fn replaced_inside(job: &Job<'_>, code: &Code<'_>, function: &str, with: &str) -> Option<Plan> {
    let around = code.span(code.value.or(code.expr)?);
    let mut edits: Vec<Edit> = Vec::new();
    for expr in &code.function.exprs {
        let ExprKind::Call { callee, .. } = &expr.kind else {
            continue;
        };
        if !around.contains(expr.span) || names::path(code, *callee).as_deref() != Some(function) {
            continue;
        }
        for new in replaced(job, code, *callee, with)? {
            if !edits.iter().any(|e| e.span == new.span && e.text == new.text) {
                edits.push(new);
            }
        }
    }
    (!edits.is_empty()).then(|| edits.into())
}

/// The edits that make `callee` be `with`.
#[must_use]
pub fn replaced(job: &Job<'_>, code: &Code<'_>, callee: ExprId, with: &str) -> Option<Vec<Edit>> {
    let lang = code.lang();
    let wanted = match job.spec.import.as_deref() {
        Some(import) => Some(Wanted::parse(lang, import)?),
        None => None,
    };
    let new = match &wanted {
        Some(wanted) if wanted.item.as_deref() == Some(with) => wanted.path(),
        _ => with.replace("::", "."),
    };
    let old = names::path(code, callee);
    let module = |path: &str| path.rsplit_once('.').map(|(module, _)| module.to_owned());
    let siblings = old
        .as_deref()
        .and_then(module)
        .is_some_and(|m| module(&new).as_ref() == Some(&m));
    let last = new.rsplit('.').next().unwrap_or(&new);
    match code.kind(callee) {
        ExprKind::Member { name_span, .. } if siblings => return Some(vec![edit(*name_span, last)]),
        _ => {}
    }
    let span = code.span(callee);
    let taken_from = |wanted: &Wanted| meet(code, job.view.path.bytes(), wanted, Some(callee));
    if siblings && lang != Lang::Rust {
        // It was imported by its own name: so is the new one.
        let wanted = Wanted {
            module: module(&new)?,
            item: Some(last.to_owned()),
        };
        let met = taken_from(&wanted)?;
        let mut edits = met.edits.clone();
        edits.push(edit(span, met.localised(last)));
        return Some(edits);
    }
    let Some(wanted) = wanted else {
        return Some(vec![edit(span, with)]);
    };
    let met = taken_from(&wanted)?;
    let mut edits = met.edits.clone();
    edits.push(edit(span, met.localised(with)));
    Some(edits)
}

/// What must follow the call, replaced; `None` when it does not follow.
#[must_use]
pub fn followed(job: &Job<'_>, call: &Call<'_>) -> Option<Vec<Edit>> {
    let Some(follow) = job.option("follow") else {
        return Some(Vec::new());
    };
    let end = call.span.end as usize;
    let span = Span::new(end, end + follow.len());
    let then = job.option("then").unwrap_or_default();
    (span.of(job.text) == follow.as_bytes()).then(|| vec![edit(span, then)])
}

/// [`replaced`], also where the file made a promise-returning function of the callee first: that is then made of the new one.
#[must_use]
pub fn replaced_through(job: &Job<'_>, code: &Code<'_>, callee: ExprId, with: &str) -> Option<Vec<Edit>> {
    let ExprKind::Name(symbol) = code.kind(callee) else {
        return replaced(job, code, callee, with);
    };
    if code.facts.imports.iter().any(|i| i.local == *symbol) {
        return replaced(job, code, callee, with);
    }
    let uses = code.facts.functions.iter().flat_map(|f| &f.exprs);
    if uses
        .filter(|e| matches!(e.kind, ExprKind::Name(n) if n == *symbol))
        .count()
        != 1
    {
        return None;
    }
    for (i, function) in code.facts.functions.iter().enumerate() {
        for expr in &function.exprs {
            let ExprKind::Assign { target, value, .. } = &expr.kind else {
                continue;
            };
            let Target::Name(name, span) = &**target else { continue };
            if name != symbol {
                continue;
            }
            let there = Code {
                id: FunctionId(i as u32),
                function,
                ..*code
            };
            let wrapped = there.call_at(*value)?;
            let promise = names::path(&there, wrapped.callee)?.ends_with("promisify");
            let inner = wrapped.args.first().filter(|_| promise)?;
            let mut edits = replaced(job, &there, inner.value, with)?;
            // The name told what it was.
            if code.facts.name(*symbol) == names::last_name(&there, inner.value)? && names::is_word(with) {
                edits.push(edit(*span, with));
                edits.push(edit(code.span(callee), with));
            }
            return Some(edits);
        }
    }
    None
}
