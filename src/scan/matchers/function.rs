//! Whole functions: their names, decorators, and what they return.

use super::{ShapeHit, class::extends, copying::unchecked_copy, function_hit, within_fits};
use crate::{
    lang::facts::*,
    scan::{
        compile::FunctionShape,
        lazy_regex::LazyRegex,
        paths::arena::PathId,
        taint::{equals, file::File},
        value::Value,
    },
    text::Span,
};

/// All functions of the file that some matcher looks for.
#[must_use]
pub fn functions(file: &File<'_>, bases: &[Vec<PathId>]) -> Vec<ShapeHit> {
    let mut hits = Vec::new();
    if file.active.functions.is_empty() {
        return hits;
    }
    for (i, function) in file.facts.functions.iter().enumerate() {
        let id = FunctionId(i as u32);
        let named = matches!(
            function.kind,
            FunctionKind::Function | FunctionKind::Method | FunctionKind::Constructor
        );
        let lambda = function.kind == FunctionKind::Lambda;
        for shape in &file.active.functions {
            let shape = &file.index.functions[*shape as usize];
            if !(named || lambda && shape.copies_keys) {
                continue;
            }
            if within_fits(&shape.common, file, id)
                && fits(file, shape, id, function)
                && shape.bases.is_none_or(|set| extends(file, bases, function.class, set))
            {
                let place = if shape.copies_keys {
                    unchecked_copy(file.facts, id)
                } else {
                    // What a decorator does is told where it stands.
                    Some(decorator_span(file, id, shape).unwrap_or(function.name_span))
                };
                let name = file.facts.name(function.name).into();
                hits.extend(place.map(|span| function_hit(&shape.common, id, span, Some(name))));
            }
        }
    }
    hits
}

/// Where the decorator stands that the matcher asks for. Where one is missing beside it, the function is what lacks it.
fn decorator_span(file: &File<'_>, id: FunctionId, shape: &FunctionShape) -> Option<Span> {
    let set = shape
        .decorated
        .filter(|_| shape.undecorated.is_none() && shape.name.is_none())?;
    let paths = file.decorators[id.ix()].iter();
    let at = paths.clone().position(|path| file.arena.is_in(*path, set))?;
    let function = file.function(id);
    let written = function.decorators.get(at)?;
    Some(file.function(function.parent?).exprs.get(written.ix())?.span)
}

fn fits(file: &File<'_>, shape: &FunctionShape, id: FunctionId, function: &Function) -> bool {
    let decorated = |set| file.decorators[id.ix()].iter().any(|path| file.arena.is_in(*path, set));
    let name = file.facts.name(function.name).as_bytes();
    shape.name.as_ref().is_none_or(|regex| regex.is_match(name))
        && shape.decorated.is_none_or(decorated)
        && !shape.undecorated.is_some_and(decorated)
        && shape
            .nested
            .as_ref()
            .is_none_or(|(outer, inner)| is_nested(file, function, outer, inner))
        && shape.always_returns.as_ref().is_none_or(|wanted| {
            let exits = &file.summaries[id.ix()].exits;
            // Raising is a way of saying no.
            let raises = function.blocks.iter().any(|b| matches!(b.exit, Exit::Raise));
            !exits.is_empty()
                && !raises
                && exits.iter().all(|exit| {
                    let value = Value {
                        constant: exit.constant.clone(),
                        ..Value::default()
                    };
                    wanted.iter().any(|c| equals(&value, c))
                })
        })
        && shape
            .returns_input
            .is_none_or(|wanted| wanted == returns_input(file, id))
        && shape.empty.is_none_or(|wanted| wanted == is_empty(function))
        && shape.params.is_none_or(|wanted| {
            let own = function.params.iter().filter(|p| p.kind != ParamKind::Receiver);
            wanted == own.count()
        })
}

/// True when the function does nothing at all.
fn is_empty(function: &Function) -> bool {
    let acts = |e: &Expr| {
        matches!(
            e.kind,
            ExprKind::Call { .. } | ExprKind::Assign { .. } | ExprKind::Lambda(_)
        )
    };
    let gives = |exit: &Exit| match exit {
        Exit::Return(Some(value)) => !matches!(function.exprs[value.ix()].kind, ExprKind::Null),
        Exit::Raise | Exit::Branch { .. } | Exit::Any(_) => true,
        Exit::Goto(_) | Exit::Return(None) | Exit::End => false,
    };
    !function.exprs.iter().any(acts) && !function.blocks.iter().any(|b| gives(&b.exit))
}

/// True when a decorator named like `outer` stands before one named like `inner`.
fn is_nested(file: &File<'_>, function: &Function, outer: &LazyRegex, inner: &LazyRegex) -> bool {
    let Some(parent) = function.parent else { return false };
    let named = |decorator: &ExprId, regex: &LazyRegex| {
        let name = super::last_name(file.facts, file.function(parent), *decorator);
        name.is_some_and(|n| regex.is_match(n.as_bytes()))
    };
    let first = function.decorators.iter().position(|d| named(d, outer));
    let last = function.decorators.iter().rposition(|d| named(d, inner));
    matches!((first, last), (Some(first), Some(last)) if first < last)
}

/// True when the function gives back a parameter as it came, or nothing at all, whatever it does beside that.
fn returns_input(file: &File<'_>, id: FunctionId) -> bool {
    let exits = &file.summaries[id.ix()].exits;
    let own = |p: crate::scan::value::Passed| p.param.function == id && p.within == crate::scan::value::Within::WHOLE;
    exits.iter().any(|e| e.param.is_some_and(own))
        && exits.iter().all(|e| e.param.is_some_and(own) || e.constant.is_some())
}
