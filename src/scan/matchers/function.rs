//! Whole functions: their names, decorators, and what they return.

use super::{ShapeHit, function_hit, within_fits};
use crate::{
    lang::facts::*,
    scan::{
        compile::FunctionShape,
        lazy_regex::LazyRegex,
        taint::{equals, file::File},
        value::Value,
    },
};

/// All functions of the file that some matcher looks for.
#[must_use]
pub fn functions(file: &File<'_>) -> Vec<ShapeHit> {
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
        if !named {
            continue;
        }
        for shape in &file.active.functions {
            let shape = &file.index.functions[*shape as usize];
            if within_fits(&shape.common, file.facts, id) && fits(file, shape, id, function) {
                let name = file.facts.name(function.name).into();
                hits.push(function_hit(&shape.common, id, function.name_span, Some(name)));
            }
        }
    }
    hits
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
