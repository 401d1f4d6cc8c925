//! Whole classes: their names, what they extend, their decorators, their methods.

use super::{ShapeHit, function_hit};
use crate::{
    lang::facts::*,
    scan::{
        compile::{ClassShape, SetId},
        paths::arena::PathId,
        taint::file::File,
    },
    text::Span,
};

/// What each class of the file extends or implements; empty when no matcher asks.
pub(super) fn bases(file: &mut File<'_>) -> Vec<Vec<PathId>> {
    let index = file.index;
    let asked = index.functions.iter().any(|s| s.bases.is_some()) || index.classes.iter().any(|s| s.bases.is_some());
    if !asked {
        return Vec::new();
    }
    let facts = file.facts;
    let mut all = Vec::with_capacity(facts.classes.len());
    for (i, class) in facts.classes.iter().enumerate() {
        let module = file.links.part_of_class(ClassId(i as u32)).module;
        let paths = class.bases.iter().map(|base| file.type_path(base.name, module));
        all.push(paths.map(|(path, _)| path).collect());
    }
    all
}

/// True when the class extends one of the set.
pub(super) fn extends(file: &File<'_>, bases: &[Vec<PathId>], class: Option<ClassId>, set: SetId) -> bool {
    let of = class.and_then(|class| bases.get(class.ix()));
    of.is_some_and(|paths| paths.iter().any(|path| file.arena.is_in(*path, set)))
}

/// All classes of the file that some matcher looks for.
#[must_use]
pub fn classes(file: &File<'_>, bases: &[Vec<PathId>]) -> Vec<ShapeHit> {
    let mut hits = Vec::new();
    for shape in &file.active.classes {
        let shape = &file.index.classes[*shape as usize];
        for (i, class) in file.facts.classes.iter().enumerate() {
            if fits(file, bases, shape, ClassId(i as u32), class) {
                let name = file.facts.name(class.name);
                let span = name_span(file, class, name);
                hits.push(function_hit(&shape.common, FunctionId(0), span, Some(name.into())));
            }
        }
    }
    hits
}

fn fits(file: &File<'_>, bases: &[Vec<PathId>], shape: &ClassShape, id: ClassId, class: &Class) -> bool {
    let name = file.facts.name(class.name);
    let decorated = |set| {
        file.class_decorators[id.ix()]
            .iter()
            .any(|path| file.arena.is_in(*path, set))
    };
    let has = |wanted: &[Box<str>]| {
        let mut methods = class.methods.iter().map(|m| file.facts.name(file.function(*m).name));
        methods.any(|method| wanted.iter().any(|w| **w == *method))
    };
    shape.name.as_ref().is_none_or(|regex| regex.is_match(name.as_bytes()))
        && shape.bases.is_none_or(|set| extends(file, bases, Some(id), set))
        && shape.decorated.is_none_or(decorated)
        && !shape.undecorated.is_some_and(decorated)
        && (shape.has_method.is_empty() || has(&shape.has_method))
        && !has(&shape.lacks_method)
}

/// Where the name stands in the definition; the first byte of it when the class has none.
fn name_span(file: &File<'_>, class: &Class, name: &str) -> Span {
    let text = class.span.of(file.text);
    let at = text.windows(name.len().max(1)).position(|w| w == name.as_bytes());
    let start = class.span.start as usize + at.unwrap_or(0);
    Span::new(start, start + name.len().max(1))
}
