//! Calls and their arguments. Two calls are something else: formatting (`"..".format(x)`) and loading a module by name.

use super::{
    each_child,
    expressions::{Pending, expr, finish},
    kinds::Kind,
};
use crate::lang::{facts::*, parse::Cx};
use std::sync::Arc;
use tree_sitter::TreeCursor;

/// A call: the cursor on its arguments, `left` what is called. Goes to the parent.
pub(super) fn call(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, left: Pending) -> Pending {
    let formats = match &left {
        Pending::Member { base, name, .. } => {
            let name = cx.b.name(*name);
            (name == "format" || name == "format_map").then_some(*base)
        }
        _ => None,
    };
    let callee = match formats {
        Some(base) => base,
        None => finish(cx, left),
    };
    let args_span = cx.span(cursor.node());
    let args = arguments(cx, cursor);
    cursor.goto_parent();
    let span = cx.span(cursor.node());
    if formats.is_some() {
        let kind = ExprKind::Format {
            template: callee,
            args,
            style: FormatStyle::Braces,
        };
        return Pending::One(cx.b.expr(kind, span));
    }
    let kind = match loaded_module(cx, callee, &args) {
        Some(path) => ExprKind::Module(path),
        None => ExprKind::Call {
            callee,
            args,
            new: false,
            args_span,
        },
    };
    Pending::One(cx.b.expr(kind, span))
}

/// `__import__("x")`, `importlib.import_module("x")` with a literal; takes both back.
fn loaded_module(cx: &mut Cx<'_>, callee: ExprId, args: &[Arg]) -> Option<Arc<str>> {
    let name = match cx.b.kind(callee) {
        ExprKind::Name(name) | ExprKind::Member { name, .. } => *name,
        _ => return None,
    };
    if !matches!(cx.b.name(name), "__import__" | "import_module") {
        return None;
    }
    let ExprKind::Str(path) = cx.b.kind(args.first()?.value) else {
        return None;
    };
    let path: Arc<str> = Arc::from(&**path);
    if args.len() == 1 && cx.b.take_back(args[0].value).is_some() {
        cx.b.take_back(callee);
    }
    Some(path)
}

/// The arguments of a call, the cursor on their parentheses.
pub fn arguments(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Vec<Arg> {
    let mut args = Vec::new();
    if Kind::at(cursor) == Kind::GeneratorExpression {
        let value = expr(cx, cursor);
        args.push(Arg {
            name: None,
            value,
            span: cx.b.span(value),
        });
        return args;
    }
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::KeywordArgument => args.extend(keyword(cx, cursor)),
        Kind::Error => {
            let _ = expr(cx, cursor);
        }
        _ if cursor.node().is_named() => {
            let span = cx.span(cursor.node());
            let value = expr(cx, cursor);
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        _ => {}
    });
    args
}

fn keyword(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<Arg> {
    let span = cx.span(cursor.node());
    let (mut name, mut value) = (None, None);
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::Identifier && name.is_none() {
            name = Some(cx.symbol(cursor.node()));
        } else if cursor.node().is_named() {
            value = Some(expr(cx, cursor));
        }
    });
    Some(Arg {
        name,
        value: value?,
        span,
    })
}
