//! `set-argument` and `remove-argument`: one argument of the call, or one entry of an object that is an argument.
//!
//! `arg` names it (`0`, `"verify"`, `"1|Loader"`, `"1.schema"`), `with` is its new code. An argument that is not there is added as the
//! language writes it: by keyword, as a field, or in an object of options.

use super::{
    arguments::{self, Found, Listed, find},
    imports::{Wanted, meet},
    job::{Call, Code, Job, Plan, edit},
    template,
};
use crate::{
    lang::{Lang, facts::*},
    scan::{
        Edit,
        compile::{Selector, Who},
    },
    text::Span,
};

/// Applies `set-argument`.
pub fn set(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let call = code.call()?;
    let selector = Selector::parse(job.spec.arg.as_ref()?).ok()?;
    let mut with = template::of_code(job, &code, job.spec.with.as_deref()?)?;
    let mut edits = Vec::new();
    if let Some(import) = job.spec.import.as_deref() {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(code.lang(), import)?, None)?;
        with = met.localised(&with);
        edits = met.edits;
    }
    edits.push(match find(&code, &call, &selector) {
        Some(found) => {
            let value = arguments::value(&code, &call, found)?;
            let span = match found {
                Found::Arg(i) => arguments::value_span(&code, &call.args[i]),
                Found::Entry(..) => code.span(value),
            };
            edit(span, with)
        }
        None => add(&code, &call, &selector, &with)?,
    });
    Some(edits.into())
}

/// Applies `remove-argument`.
pub fn remove(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let call = code.call()?;
    let selector = Selector::parse(job.spec.arg.as_ref()?).ok()?;
    let found = find(&code, &call, &selector)?;
    Some(vec![taken_out(&code, &call, found)?].into())
}

/// The edit that takes an argument out. The last entry of an object takes the object with it.
#[must_use]
pub fn taken_out(code: &Code<'_>, call: &Call<'_>, found: Found) -> Option<Edit> {
    let args = Listed::args(call);
    match found {
        Found::Arg(i) => args.remove(code.text, i),
        Found::Entry(arg, i) => {
            let value = call.args.get(arg)?.value;
            match code.kind(value) {
                ExprKind::Map(entries) if entries.len() > 1 => {
                    Listed::entries(code.span(value), entries).remove(code.text, i)
                }
                _ => args.remove(code.text, arg),
            }
        }
    }
}

fn add(code: &Code<'_>, call: &Call<'_>, selector: &Selector, with: &str) -> Option<Edit> {
    let Who::Arg { position, names } = &selector.who else {
        return None;
    };
    // What an unpacked argument holds is not known: it may hold this one.
    let unpacked = |a: &Arg| matches!(code.kind(a.value), ExprKind::Spread(_));
    if call.args.iter().any(unpacked) {
        return None;
    }
    let args = Listed::args(call);
    let at_end = |new: &str| args.insert(code.text, call.args.len(), new);
    let lang = code.lang();
    if matches!(lang, Lang::JavaScript | Lang::TypeScript | Lang::Tsx)
        && let Some(key) = selector.field.as_deref().or(names.first().map(|n| &**n))
    {
        return option(code, call, *position, key, with);
    }
    if let Some(name) = names.first().filter(|_| lang == Lang::CSharp && call.new) {
        return initialised(&args, call, code.text, name, with);
    }
    if let Some(name) = names.first()
        && let Some(new) = arguments::named(lang, call.new, name, with)
    {
        return at_end(&new);
    }
    let position = (*position)?;
    let plain = call.args.iter().all(|a| a.name.is_none());
    (position == call.args.len() && plain).then(|| at_end(with))?
}

/// One more member of an object initialiser, or a new one: `new X(a) { Name = with }`.
fn initialised(args: &Listed, call: &Call<'_>, text: &[u8], name: &str, with: &str) -> Option<Edit> {
    let new = format!("{name} = {with}");
    if call.args.last().is_some_and(|a| a.name.is_some()) {
        return args.insert(text, call.args.len(), &new);
    }
    let at = Span {
        start: args.span.end,
        end: args.span.end,
    };
    let listed = text.get(args.span.start as usize) == Some(&b'(');
    listed.then(|| edit(at, format!(" {{ {new} }}")))
}

/// One more entry of the object of options, or a new object.
fn option(code: &Code<'_>, call: &Call<'_>, position: Option<usize>, key: &str, with: &str) -> Option<Edit> {
    let new = format!("{key}: {with}");
    let map = |i: usize| match code.kind(call.args.get(i)?.value) {
        ExprKind::Map(entries) => Some((call.args[i].value, entries)),
        _ => None,
    };
    let known = match position {
        Some(position) => map(position),
        None => (0..call.args.len()).rev().find_map(map),
    };
    if let Some((value, entries)) = known {
        return Listed::entries(code.span(value), entries).insert(code.text, entries.len(), &new);
    }
    let end = call.args.len();
    let lambda = call
        .args
        .iter()
        .any(|a| matches!(code.kind(a.value), ExprKind::Lambda(_)));
    let fits = position.map_or(!lambda, |p| p == end);
    fits.then(|| Listed::args(call).insert(code.text, end, &format!("{{ {new} }}")))?
}
