//! `wrap-holes`: every part of a built text that is not constant goes through a function (`shlex.quote`, `html.escape`).
//!
//! `with` is the new code of a part, `{value}` the old one. `options.quotes = "drop"`: the function puts quotes round the value itself, so
//! quotes right around a hole go. Of a path that is joined in Python, every part but the folder it begins with is a hole.

use super::{
    built::{Hole, Tok, traced},
    follow::{assigned_once, is_constant, is_number},
    imports::{Wanted, meet},
    job::{Code, Job, Plan, edit},
    names, template,
};
use crate::{
    lang::{Lang, facts::*},
    scan::Edit,
};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let with = job.spec.with.as_deref()?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut localised = with.to_owned();
    if let Some(import) = job.spec.import.as_deref() {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(code.lang(), import)?, None)?;
        localised = met.localised(with);
        edits = met.edits;
    }
    if let Some(parts) = joined(&code, code.value?) {
        let open = parts.into_iter().filter(|p| !is_constant(&code, *p));
        let before = edits.len();
        for part in open {
            let source = code.source(part)?;
            let new = template::fill(&localised, |word| (word == "value").then(|| source.into()))?;
            edits.push(edit(code.span(part), new));
        }
        return (edits.len() > before).then(|| edits.into());
    }
    let traced = traced(&code, code.value?)?;
    let built = &traced.built;
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
        let inside = hole.literal.is_some() && hole.span.contains(code.span(hole.value));
        if code.lang() == Lang::Php && inside {
            edits.push(outside_of_text(&code, hole, &new)?);
        } else {
            edits.push(edit(code.span(hole.value), new));
        }
        wrapped += 1;
    }
    (wrapped > 0).then(|| edits.into())
}

/// What is put under a folder: the arguments of `os.path.join` after the first, the right side of `/`.
fn joined(code: &Code<'_>, id: ExprId) -> Option<Vec<ExprId>> {
    if code.lang() != Lang::Python {
        return None;
    }
    let id = assigned_once(code, id, false).map_or(id, |once| once.value);
    match code.kind(id) {
        ExprKind::Call { callee, args, .. } if names::path(code, *callee)? == "os.path.join" => {
            Some(args.iter().skip(1).map(|a| a.value).collect())
        }
        ExprKind::Binary { op: "/", right, .. } => Some(vec![*right]),
        _ => None,
    }
}

/// A string of PHP holds no calls: it ends before the value and goes on after it. `$a[key]` means another thing outside of a string, and
/// a heredoc does not end in the middle.
fn outside_of_text(code: &Code<'_>, hole: &Hole, new: &str) -> Option<Edit> {
    let bare = hole.span == code.span(hole.value);
    if bare && !matches!(code.kind(hole.value), ExprKind::Name(_)) {
        return None;
    }
    let line = code.text.get(..hole.span.start as usize)?;
    let line = line.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let quotes = line.iter().filter(|b| **b == b'"').count();
    (quotes % 2 == 1).then(|| edit(hole.span, format!("\" . {new} . \"")))
}
