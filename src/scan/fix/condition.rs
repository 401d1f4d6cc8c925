//! Verbs about an `if`: `remove-branch` takes one out that lets through what should not pass, `negate-test` turns a test round,
//! `drop-constant` takes a constant operand out of a test that it decides.

use super::{
    job::{Code, Job, Plan, edit},
    names,
};
use crate::{
    lang::{Lang, facts::*},
    text::Span,
};

/// Applies `remove-branch`: the whole `if` of whose test the finding is part. Only one without `else`, and only one that does something when
/// its test holds: taking out what turns away when it does not would let everybody in.
pub fn remove(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let branch = around(&code, code.span(code.expr?))?;
    let grants = branch.other.is_none() && branch.then.ends != ArmEnd::Raises && !branch.then.empty;
    if !grants || !says_yes(&code, branch.test) {
        return None;
    }
    let index = job.view.lines();
    let (first, last) = index.lines_of(branch.span);
    let (top, bottom) = (index.span(first)?, index.span(last)?);
    let before = job.text.get(top.start as usize..branch.span.start as usize)?;
    let after = job.text.get(branch.span.end as usize..bottom.end as usize)?;
    let alone = before.trim_ascii().is_empty() && after.trim_ascii().is_empty();
    alone.then(|| vec![edit(top.to(bottom), "")].into())
}

/// The innermost `if` whose test holds `span`.
fn around<'a>(code: &Code<'a>, span: Span) -> Option<&'a Branch> {
    let holds = |b: &&Branch| code.span(b.test).contains(span);
    let branches = code.function.branches.iter().filter(holds);
    branches.min_by_key(|b| code.span(b.test).len())
}

/// True for a test that asks whether something is so, not whether it is not: `x`, `x == "true"`, `a and b`.
fn says_yes(code: &Code<'_>, test: ExprId) -> bool {
    const NO: &[&str] = &["", "0", "false", "no", "off", "none", "null"];
    match code.kind(test) {
        ExprKind::Same(inner) => says_yes(code, *inner),
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. } => true,
        ExprKind::Call { callee, .. } => {
            // `x.is_none()`, `strings.Contains`: only what looks a value up.
            let name = names::last_name(code, *callee).unwrap_or_default().to_ascii_lowercase();
            matches!(name.as_str(), "get" | "header" | "getheader")
        }
        ExprKind::Binary {
            op: "==" | "===" | "is",
            left,
            right,
        } => ![left, right].into_iter().any(|side| match code.kind(*side) {
            ExprKind::Str(text) => NO.contains(&text.to_ascii_lowercase().as_str()),
            ExprKind::Null | ExprKind::Bool(false) => true,
            ExprKind::Num(text) => &**text == "0",
            _ => false,
        }),
        ExprKind::Logic {
            op: LogicOp::And,
            operands,
        } => operands.iter().all(|o| says_yes(code, *o)),
        _ => false,
    }
}

/// Applies `negate-test`.
pub fn negate(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let test = code.expr?;
    let span = code.span(test);
    let not = if code.lang() == Lang::Python { "not " } else { "!" };
    let source = code.source(test)?;
    let new = match code.kind(test) {
        ExprKind::Unary { op: "!", operand } => code.source(*operand)?.to_owned(),
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. } | ExprKind::Index { .. } => {
            format!("{not}{source}")
        }
        _ => format!("{not}({source})"),
    };
    Some(vec![edit(span, new)].into())
}

/// Applies `drop-constant`: `x or True` becomes `x`.
pub fn drop_constant(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let mut waiting = vec![code.expr?];
    while let Some(id) = waiting.pop() {
        if let ExprKind::Logic { operands, .. } = code.kind(id) {
            let constant = |o: &&ExprId| {
                matches!(
                    code.kind(**o),
                    ExprKind::Bool(_) | ExprKind::Num(_) | ExprKind::Str(_) | ExprKind::Null
                )
            };
            let at = operands.iter().position(|o| constant(&o));
            if let Some(at) = at.filter(|_| operands.len() > 1) {
                let operand = code.span(operands[at]);
                let span = match at.checked_sub(1) {
                    Some(before) => Span {
                        start: code.span(operands[before]).end,
                        end: operand.end,
                    },
                    None => Span {
                        start: operand.start,
                        end: code.span(operands[1]).start,
                    },
                };
                return Some(vec![edit(span, "")].into());
            }
        }
        code.kind(id).each_operand(|operand| waiting.push(operand));
    }
    None
}
