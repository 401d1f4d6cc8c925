//! `try`: what is guarded, the handlers, and what always runs.

use super::{
    each_child,
    kinds::Kind,
    statements::{block, clause_block, error},
    targets, types,
};
use crate::{
    lang::{facts::*, parse::Cx},
    text::Span,
};
use tree_sitter::TreeCursor;

/// `try`: an outer one for `finally`, an inner one for the handlers. `else` runs where the body ends; it is lowered with the body.
pub fn try_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let whole = cx.span(cursor.node());
    let has = |kind: Kind, cursor: &mut TreeCursor<'_>| {
        let mut found = false;
        if cursor.goto_first_child() {
            found = Kind::at(cursor) == kind;
            while !found && cursor.goto_next_sibling() {
                found = Kind::at(cursor) == kind;
            }
            cursor.goto_parent();
        }
        found
    };
    let mut outer = has(Kind::FinallyClause, cursor).then(|| cx.b.begin_try(whole));
    let mut inner = has(Kind::ExceptClause, cursor).then(|| cx.b.begin_try(whole));
    let mut guarded = Span {
        start: whole.end,
        end: whole.end,
    };
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            block(cx, cursor, false);
            guarded = cx.span(cursor.node());
        }
        Kind::ElseClause => {
            clause_block(cx, cursor);
        }
        Kind::Error => error(cx, cursor),
        _ => {}
    });
    if let Some(mut frame) = inner.take() {
        cx.b.end_try_body(&mut frame, guarded);
        each_child(cx, cursor, |cx, cursor, kind| {
            if kind == Kind::ExceptClause {
                cx.b.begin_handler(&mut frame);
                let (types, arm) = except_clause(cx, cursor);
                cx.b.end_handler(&mut frame, types, arm.0, arm.1);
            }
        });
        cx.b.end_try(frame);
    }
    if let Some(mut frame) = outer.take() {
        cx.b.end_try_body(&mut frame, guarded);
        let finally = cx.b.begin_finally(frame);
        each_child(cx, cursor, |cx, cursor, kind| {
            if kind == Kind::FinallyClause {
                clause_block(cx, cursor);
            }
        });
        cx.b.end_finally(finally);
    }
}

/// The types a handler catches, and its statements; the exception is bound first.
fn except_clause(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> (Vec<TypeRef>, (Span, bool)) {
    let end = cx.span(cursor.node()).end;
    let mut arm = (Span { start: end, end }, true);
    let mut caught = Vec::new();
    let mut alias = false;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            let empty = block(cx, cursor, false);
            arm = (cx.span(cursor.node()), empty);
        }
        Kind::As => alias = true,
        Kind::AsPattern => each_child(cx, cursor, |cx, cursor, kind| match kind {
            Kind::AsPatternTarget => bind_caught(cx, cursor),
            Kind::As => {}
            _ => caught.extend(types::type_ref(cx, cursor.node())),
        }),
        Kind::Error => error(cx, cursor),
        _ if !cursor.node().is_named() => {}
        _ if alias => bind_caught(cx, cursor),
        _ => caught.extend(types::type_ref(cx, cursor.node())),
    });
    // `except (A, B)` is one type of two.
    let tuple = cx.b.symbol("()");
    let caught = caught
        .into_iter()
        .flat_map(|t| if t.name == tuple { t.args } else { vec![t] })
        .collect();
    (caught, arm)
}

fn bind_caught(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let span = cx.span(cursor.node());
    let target = targets::target(cx, cursor);
    let value = cx.b.expr(ExprKind::Caught, span);
    cx.b.assign(target, value, AssignMode::Plain, span);
}
