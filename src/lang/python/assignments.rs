//! Assignments: plain, declared, with an operator, and the bindings of `with`. Each is an expression whose value is what was assigned.

use super::{definitions, each_child, expressions::expr, kinds::Kind, targets};
use crate::lang::{facts::*, parse::Cx};
use tree_sitter::TreeCursor;

/// `a = b`, `a: T = b`, `a := b`; a declaration without a value gives nothing a value.
pub fn assignment(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let (mut target, mut value) = (None, None);
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Type if target.is_some() => definitions::declared(cx, cursor, target.as_ref()),
        _ if !cursor.node().is_named() => {}
        _ if target.is_none() => target = Some(targets::target(cx, cursor)),
        _ => value = Some(expr(cx, cursor)),
    });
    match (target, value) {
        (Some(target), Some(value)) => cx.b.expr(
            ExprKind::Assign {
                target: Box::new(target),
                value,
                mode: AssignMode::Plain,
            },
            span,
        ),
        (_, Some(value)) => value,
        _ => cx.b.expr(ExprKind::Other(Vec::new()), span),
    }
}

/// `a += b` and the like.
pub fn augmented(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let (mut target, mut value) = (None, None);
    let mut mode = AssignMode::Other;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        // `%=` on text fills a format: the old value joined with the new, as far as anyone downstream cares.
        Kind::PlusEquals => mode = AssignMode::Extend,
        _ if !cursor.node().is_named() => {
            if cursor.node().kind() == "%=" {
                mode = AssignMode::Extend;
            }
        }
        _ if target.is_none() => target = Some(targets::target(cx, cursor)),
        _ => value = Some(expr(cx, cursor)),
    });
    match (target, value) {
        (Some(target), Some(value)) => cx.b.expr(
            ExprKind::Assign {
                target: Box::new(target),
                value,
                mode,
            },
            span,
        ),
        (_, Some(value)) => value,
        _ => cx.b.expr(ExprKind::Other(Vec::new()), span),
    }
}

/// `value as target` in `with`.
pub fn as_pattern(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let (mut target, mut value) = (Target::Ignore, None);
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::AsPatternTarget => each_child(cx, cursor, |cx, cursor, _| {
            if cursor.node().is_named() {
                target = targets::target(cx, cursor);
            }
        }),
        _ if cursor.node().is_named() => value = Some(expr(cx, cursor)),
        _ => {}
    });
    match value {
        Some(value) => {
            let target = Box::new(std::mem::replace(&mut target, Target::Ignore));
            cx.b.expr(
                ExprKind::Assign {
                    target,
                    value,
                    mode: AssignMode::Plain,
                },
                span,
            )
        }
        None => cx.b.expr(ExprKind::Other(Vec::new()), span),
    }
}
