//! What must be or must not be around a shape: the occurrences that its matcher asks for, in the same function, class or file.

use super::ShapeHit;
use crate::{
    lang::facts::{ClassId, FunctionId, FunctionKind, Symbol},
    scan::{compile::Surrounding, rule::Around, taint::file::File},
};
use std::collections::HashSet;

/// Keeps the shapes whose surroundings are as their matchers want them, and drops what was only found to know that.
pub(super) fn keep(file: &File<'_>, all: &mut Vec<ShapeHit>) {
    let occurrences: Vec<(u32, FunctionId)> = all
        .iter()
        .filter_map(|hit| Some((hit.occurrence?, named(file, hit.function))))
        .collect();
    let classes: HashSet<(u32, ClassId)> = occurrences
        .iter()
        .filter_map(|(number, function)| Some((*number, file.function(*function).class?)))
        .collect();
    let occurs = |number: &u32, hit: &ShapeHit, scope: Around| {
        let function = named(file, hit.function);
        match (scope, file.function(function).class) {
            (Around::Function, _) => occurrences.contains(&(*number, function)),
            (Around::Near, class) => occurrences.iter().any(|(n, at)| {
                let beside = class.is_some() && file.function(*at).class == class && !is_method(file, function);
                n == number && (*at == function || beside || calls(file, function, *at) || calls(file, *at, function))
            }),
            (Around::Class, Some(class)) => classes.contains(&(*number, class)),
            _ => occurrences.iter().any(|(n, _)| n == number),
        }
    };
    let fits = |hit: &ShapeHit, wanted: &Surrounding| {
        wanted.has.iter().all(|n| occurs(n, hit, wanted.scope))
            && !wanted.lacks.iter().any(|n| occurs(n, hit, wanted.scope))
    };
    all.retain(|hit| {
        hit.occurrence.is_none()
            && hit
                .surrounding
                .is_none_or(|s| fits(hit, &file.index.surroundings[s as usize]))
    });
}

/// True for what runs when it is called by its name, unlike a constructor or what stands in the class itself.
fn is_method(file: &File<'_>, id: FunctionId) -> bool {
    matches!(file.function(id).kind, FunctionKind::Function | FunctionKind::Method)
}

/// True when `from`, or a lambda in it, calls `to` by its name alone, on itself or on a class of the file; not for a method of that name of
/// whatever object.
fn calls(file: &File<'_>, from: FunctionId, to: FunctionId) -> bool {
    let name = file.function(to).name;
    let of_file = |base: Symbol| {
        matches!(file.facts.name(base), "this" | "self") || file.facts.classes.iter().any(|class| class.name == base)
    };
    let all = (0..file.facts.functions.len()).map(|i| FunctionId(i as u32));
    is_method(file, to)
        && all
            .filter(|id| named(file, *id) == from)
            .flat_map(|id| file.function(id).calls())
            .any(|(base, called)| called == name && base.is_none_or(of_file))
}

/// The named function that holds this one; itself, unless it is a lambda.
fn named(file: &File<'_>, id: FunctionId) -> FunctionId {
    let mut at = id;
    while let (FunctionKind::Lambda, Some(parent)) = (file.function(at).kind, file.function(at).parent) {
        at = parent;
    }
    at
}
