//! Exception handlers: what they protect, and whether they do nothing or give a constant.

use super::{ShapeHit, function_hit, last_name, within_fits};
use crate::{
    lang::facts::*,
    scan::{
        compile::{ConstPat, HandlerShape},
        taint::{equals, file::File},
        value::{Const, Value},
    },
    text::Span,
};
use std::rc::Rc;

/// All handlers of the file that some matcher looks for.
#[must_use]
pub fn handlers(file: &File<'_>) -> Vec<ShapeHit> {
    let mut hits = Vec::new();
    if file.active.handlers.is_empty() {
        return hits;
    }
    for (i, function) in file.facts.functions.iter().enumerate() {
        let id = FunctionId(i as u32);
        for handler in &function.handlers {
            for shape in &file.active.handlers {
                let shape = &file.index.handlers[*shape as usize];
                if within_fits(&shape.common, file, id) && fits(file.facts, shape, function, handler) {
                    let name = guarded_name(file.facts, shape, function, handler);
                    hits.push(function_hit(&shape.common, id, opening(file.text, handler), name));
                }
            }
        }
    }
    hits
}

/// The words that open a handler, on the last line before what it catches or does; its statements where nothing stands between.
fn opening(text: &[u8], handler: &Handler) -> Span {
    let end = handler.types.first().map_or(handler.arm.span.start, |t| t.span.start);
    let between = Span {
        start: handler.guarded.end.min(end),
        end,
    };
    let written = between.of(text);
    let line = written
        .trim_ascii_end()
        .rsplit(|b| *b == b'\n')
        .next()
        .unwrap_or_default();
    let before = written.trim_ascii_end().len() - line.trim_ascii_start().len();
    if line.trim_ascii().is_empty() {
        return handler.arm.span;
    }
    Span {
        start: between.start + before as u32,
        end: handler.arm.span.end,
    }
}

fn fits(facts: &Facts, shape: &HandlerShape, function: &Function, handler: &Handler) -> bool {
    (shape.guards.is_none() || guarded_name(facts, shape, function, handler).is_some())
        && shape.empty.is_none_or(|wanted| wanted == handler.arm.empty)
        && shape.returns.as_ref().is_none_or(|all| returns(function, handler, all))
}

/// The first protected call with a name the matcher asks for.
fn guarded_name(facts: &Facts, shape: &HandlerShape, function: &Function, handler: &Handler) -> Option<Rc<str>> {
    let regex = shape.guards.as_ref()?;
    let guarded = function.exprs.iter().filter(|e| handler.guarded.contains(e.span));
    guarded
        .filter_map(|e| match &e.kind {
            ExprKind::Call { callee, .. } => last_name(facts, function, *callee),
            _ => None,
        })
        .find(|name| regex.is_match(name.as_bytes()))
}

/// True when the handler itself returns one of these constants.
fn returns(function: &Function, handler: &Handler, wanted: &[ConstPat]) -> bool {
    function.blocks.iter().any(|block| {
        let Exit::Return(Some(value)) = &block.exit else {
            return false;
        };
        let expr = &function.exprs[value.ix()];
        if !handler.arm.span.contains(expr.span) {
            return false;
        }
        let constant = match &expr.kind {
            ExprKind::Str(text) => Const::Text(Rc::from(&**text)),
            ExprKind::Num(number) => Const::Number(Rc::from(&**number)),
            ExprKind::Bool(truth) => Const::Bool(*truth),
            ExprKind::Null => Const::Null,
            _ => return false,
        };
        let value = Value::constant(constant);
        wanted.iter().any(|c| equals(&value, c))
    })
}
