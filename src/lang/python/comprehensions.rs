//! Comprehensions and generator expressions: the bindings and conditions of their clauses, then one element, in a
//! [`ExprKind::Sequence`] or [`ExprKind::Map`]. The elements are evaluated in the function they are written in; their variables are
//! treated as that function's.

use super::{
    each_child,
    expressions::{expr, pair},
    kinds::Kind,
    targets,
};
use crate::lang::{facts::*, parse::Cx};
use tree_sitter::TreeCursor;

/// `[e for t in v if c]`, `{..}`, `(..)`.
pub fn comprehension(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    // The element is written first and evaluated last.
    let mut conditions = Vec::new();
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::ForInClause => clause(cx, cursor),
        Kind::IfClause => each_child(cx, cursor, |cx, cursor, _| {
            if cursor.node().is_named() {
                conditions.push(expr(cx, cursor));
            }
        }),
        _ => {}
    });
    let mut kind = None;
    each_child(cx, cursor, |cx, cursor, child| {
        if kind.is_some() || !cursor.node().is_named() {
            return;
        }
        kind = match child {
            Kind::Pair => pair(cx, cursor).map(|mut entry| {
                entry.value = filtered(cx, entry.value, &conditions);
                ExprKind::Map(vec![entry])
            }),
            Kind::ForInClause | Kind::IfClause => None,
            _ => {
                let element = expr(cx, cursor);
                let element = filtered(cx, element, &conditions);
                Some(ExprKind::Sequence(vec![element]))
            }
        };
    });
    cx.b.expr(kind.unwrap_or_else(|| ExprKind::Sequence(Vec::new())), span)
}

/// The element behind its conditions: what a condition lets through is what it was tested for, so it reads as a conditional.
fn filtered(cx: &mut Cx<'_>, element: ExprId, conditions: &[ExprId]) -> ExprId {
    let span = cx.b.span(element);
    let test = match conditions {
        [] => return element,
        [one] => *one,
        all => cx.b.expr(
            ExprKind::Logic {
                op: LogicOp::And,
                operands: all.to_vec(),
            },
            span,
        ),
    };
    let other = cx.b.expr(ExprKind::Null, span);
    cx.b.expr(
        ExprKind::Ternary {
            test,
            then: element,
            other,
        },
        span,
    )
}

/// `for target in values`.
fn clause(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let span = cx.span(cursor.node());
    let (mut target, mut value) = (None, None);
    each_child(cx, cursor, |cx, cursor, _| {
        if !cursor.node().is_named() {
        } else if target.is_none() {
            target = Some(targets::target(cx, cursor));
        } else {
            value = Some(expr(cx, cursor));
        }
    });
    if let (Some(target), Some(value)) = (target, value) {
        cx.b.expr(
            ExprKind::Assign {
                target: Box::new(target),
                value,
                mode: AssignMode::Each,
            },
            span,
        );
    }
}
