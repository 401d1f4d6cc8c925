//! Tests that a value went through and whose meaning the engine cannot tell: a comparison, or a call that is given the value, which decides
//! whether the dangerous code is reached. They are no barrier, and yet the usual reason why a finding is wrong: nothing behind one is certain.

use super::taint::{file::File, resolve::Reached, trace::Hop};
use crate::{lang::facts::*, text::Span};
use std::collections::{BTreeMap, BTreeSet};

/// The first such test on the value's way.
#[must_use]
pub fn questioned(file: &File<'_>, reached: &Reached) -> Option<Span> {
    let taint = reached.taint.as_ref()?;
    let steps = taint.trace.steps();
    let names = names(file, reached);
    let hit = reached.hit.spot;
    let sink = (hit.function, file.function(hit.function).exprs[hit.expr.ix()].span);
    // A function's last step on the way is the one that its tests may keep from being reached.
    let ways = steps.iter().map(|step| (step.function, step.span)).chain([sink]);
    let last: BTreeMap<FunctionId, Span> = ways.collect();
    last.into_iter().find_map(|(function, span)| {
        let function = file.function(function);
        let mut branches = function.branches.iter().filter(|branch| decides(branch, span));
        let telling = branches.find(|branch| is_telling(function, branch.test, &names))?;
        Some(function.exprs[telling.test.ix()].span)
    })
}

/// The names the value is carried under.
fn names(file: &File<'_>, reached: &Reached) -> BTreeSet<Symbol> {
    let steps = reached.taint.iter().flat_map(|taint| taint.trace.steps());
    let mut names: BTreeSet<Symbol> = steps
        .filter_map(|step| match step.hop {
            Hop::Kept(name) | Hop::Field(name) => Some(name),
            Hop::Param(param) | Hop::Given(param, _) | Hop::Into(param) | Hop::Callback(param) => {
                Some(file.function(param.function).params.get(param.index as usize)?.name)
            }
            _ => None,
        })
        .collect();
    let function = file.function(reached.hit.spot.function);
    if let ExprKind::Name(name) = function.exprs[reached.hit.arg.ix()].kind {
        names.insert(name);
    }
    names
}

/// True when the branch decides whether `place` is reached: one of its arms leaves before, or the place stands in one.
fn decides(branch: &Branch, place: Span) -> bool {
    let arms = || [Some(branch.then), branch.other].into_iter().flatten();
    let inside = arms().any(|arm| arm.span.start <= place.start && place.end <= arm.span.end);
    let leaves = branch.span.end <= place.start && arms().any(|arm| arm.ends != ArmEnd::Falls);
    inside || leaves
}

/// True when the test says something of one of the names beyond that it is there.
fn is_telling(function: &Function, test: ExprId, names: &BTreeSet<Symbol>) -> bool {
    let mut open = vec![test];
    while let Some(id) = open.pop() {
        match &function.exprs[id.ix()].kind {
            ExprKind::Call { callee, args, .. } => {
                let given = args.iter().any(|arg| mentions(function, arg.value, names));
                let on = mentions(function, *callee, names)
                    && !matches!(function.exprs[callee.ix()].kind, ExprKind::Name(_));
                if given || on {
                    return true;
                }
            }
            ExprKind::Binary { left, right, .. } => {
                let says = |one: ExprId, other: ExprId| mentions(function, one, names) && !is_nothing(function, other);
                if says(*left, *right) || says(*right, *left) {
                    return true;
                }
            }
            ExprKind::Index { index, .. } if mentions(function, *index, names) => return true,
            kind => kind.each_operand(|operand| open.push(operand)),
        }
    }
    false
}

/// Nothing, the empty text, zero, a truth value: what a value is compared with to see whether it is there.
fn is_nothing(function: &Function, id: ExprId) -> bool {
    match &function.exprs[id.ix()].kind {
        ExprKind::Null | ExprKind::Bool(_) => true,
        ExprKind::Str(text) => text.is_empty() || &**text == "undefined",
        ExprKind::Num(number) => matches!(&**number, "0" | "1"),
        ExprKind::Unary { operand, .. } => matches!(function.exprs[operand.ix()].kind, ExprKind::Num(_)),
        _ => false,
    }
}

/// True when an expression uses one of the names.
fn mentions(function: &Function, id: ExprId, names: &BTreeSet<Symbol>) -> bool {
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        match &function.exprs[id.ix()].kind {
            ExprKind::Name(name) if names.contains(name) => return true,
            ExprKind::Member { base, name, .. } => {
                if names.contains(name) {
                    return true;
                }
                open.push(*base);
            }
            kind => kind.each_operand(|operand| open.push(operand)),
        }
    }
    false
}
