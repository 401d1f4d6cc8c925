//! What is assigned to.

use super::{
    each_child,
    expressions::{expr, subscripts},
    kinds::Kind,
    next,
};
use crate::lang::{facts::*, parse::Cx};
use tree_sitter::TreeCursor;

/// The target the cursor is on. Objects and keys it names are pushed.
pub fn target(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let node = cursor.node();
    cx.deeper(node, |cx| target_inside(cx, cursor))
        .unwrap_or(Target::Ignore)
}

fn target_inside(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let node = cursor.node();
    let span = cx.span(node);
    match Kind::of(node) {
        Kind::Identifier => Target::Name(cx.symbol(node), span),
        Kind::Attribute => member(cx, cursor),
        Kind::Subscript => index(cx, cursor),
        Kind::TuplePattern
        | Kind::ListPattern
        | Kind::PatternList
        | Kind::Tuple
        | Kind::List
        | Kind::ExpressionList => Target::Tuple(all(cx, cursor)),
        Kind::ParenthesizedExpression | Kind::AsPatternTarget => all(cx, cursor).pop().unwrap_or(Target::Ignore),
        Kind::ListSplatPattern | Kind::ListSplat | Kind::DictionarySplatPattern => {
            Target::Rest(Box::new(all(cx, cursor).pop().unwrap_or(Target::Ignore)))
        }
        _ => {
            let _ = expr(cx, cursor);
            Target::Ignore
        }
    }
}

fn all(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Vec<Target> {
    let mut all = Vec::new();
    each_child(cx, cursor, |cx, cursor, _| {
        if cursor.node().is_named() {
            all.push(target(cx, cursor));
        }
    });
    all
}

fn member(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let span = cx.span(cursor.node());
    let (mut base, mut name) = (None, None);
    each_child(cx, cursor, |cx, cursor, _| {
        if !cursor.node().is_named() {
        } else if base.is_none() {
            base = Some(expr(cx, cursor));
        } else {
            name = Some(cx.symbol(cursor.node()));
        }
    });
    match (base, name) {
        (Some(base), Some(name)) => Target::Member { base, name, span },
        _ => Target::Ignore,
    }
}

fn index(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let span = cx.span(cursor.node());
    if !cursor.goto_first_child() {
        return Target::Ignore;
    }
    let base = expr(cx, cursor);
    let index = if next(cx, cursor) { subscripts(cx, cursor) } else { None };
    cursor.goto_parent();
    let index = match index {
        Some(index) => index,
        None => cx.b.expr(ExprKind::Other(Vec::new()), span),
    };
    Target::Index { base, index, span }
}
