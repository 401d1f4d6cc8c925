//! Shapes of code that rules look for. Those about calls, values given to names, comparisons and branches are asked during evaluation,
//! when constants and paths are known; those about handlers, functions and classes afterwards, and so what must be around a shape. One
//! file a kind.

mod around;
mod assign;
mod branch;
mod calls;
mod class;
mod code;
mod compare;
mod copying;
mod function;
mod handler;
mod memory;

pub use class::classes;
pub use code::patterns;
pub use function::functions;
pub use handler::handlers;

use super::{
    compile::{Common, Index},
    taint::{file::File, visit::Visit},
};
use crate::{change::RepoPath, lang::facts::*, text::Span};
use std::{collections::HashMap, rc::Rc};

/// Something a matcher found.
#[derive(Clone, Debug)]
pub struct ShapeHit {
    /// Index into [`super::compile::Compiled::rules`].
    pub rule: usize,
    /// Index into the rule's `match`.
    pub matcher: usize,
    /// The function it is in.
    pub function: FunctionId,
    /// The call, assignment, comparison or test.
    pub expr: Option<ExprId>,
    /// The matched value.
    pub value: Option<ExprId>,
    /// What is called, for fixes.
    pub callee: Option<ExprId>,
    /// What the callee is.
    pub path: super::paths::arena::PathId,
    /// Where.
    pub span: Span,
    /// The name that matched, for the message.
    pub name: Option<Rc<str>>,
    /// It was recognised through any receiver.
    pub weak: bool,
    /// Where the matched value comes from, when the matcher asked.
    pub from: Option<super::value::Taint>,
    /// What the matcher wants around it.
    pub surrounding: Option<u32>,
    /// It is no finding, but something that may be wanted around one.
    pub occurrence: Option<u32>,
}

/// The matchers that apply to one file: its path and imports have been looked at.
pub struct Active {
    calls: Vec<bool>,
    /// Indices into [`Index::assigns`].
    pub(in crate::scan) assigns: Vec<u32>,
    compares: Vec<u32>,
    branches: Vec<u32>,
    handlers: Vec<u32>,
    functions: Vec<u32>,
    classes: Vec<u32>,
    patterns: Vec<u32>,
    memory: Vec<u32>,
}

impl Active {
    /// Looks at the file's path and imports.
    #[must_use]
    pub fn new(index: &Index, facts: &Facts, path: &RepoPath) -> Active {
        let mut memo = HashMap::new();
        let mut applies = |common: &Common| {
            let key = (common.rule, common.matcher, common.occurrence);
            *memo.entry(key).or_insert_with(|| file_fits(common, facts, path))
        };
        Active {
            calls: index.calls.iter().map(|s| applies(&s.common)).collect(),
            assigns: chosen(index.assigns.iter().map(|s| applies(&s.common))),
            compares: chosen(index.compares.iter().map(|s| applies(&s.common))),
            branches: chosen(index.branches.iter().map(|s| applies(&s.common))),
            handlers: chosen(index.handlers.iter().map(|s| applies(&s.common))),
            functions: chosen(index.functions.iter().map(|s| applies(&s.common))),
            classes: chosen(index.classes.iter().map(|s| applies(&s.common))),
            patterns: chosen(index.patterns.iter().map(|s| applies(&s.common))),
            memory: chosen(index.memory.iter().map(|s| applies(&s.common))),
        }
    }

    /// True when something other than calls and sinks is looked for.
    #[must_use]
    pub fn beyond_calls(&self) -> bool {
        !(self.assigns.is_empty()
            && self.compares.is_empty()
            && self.branches.is_empty()
            && self.handlers.is_empty()
            && self.functions.is_empty()
            && self.classes.is_empty()
            && self.patterns.is_empty()
            && self.memory.is_empty())
    }
}

fn chosen(applies: impl Iterator<Item = bool>) -> Vec<u32> {
    let numbered = applies.enumerate().filter(|(_, fits)| *fits);
    numbered.map(|(i, _)| i as u32).collect()
}

fn file_fits(common: &Common, facts: &Facts, path: &RepoPath) -> bool {
    let imported = |wanted: &str| {
        facts.imports.iter().any(|import| {
            let rest = import.path.strip_prefix(wanted);
            rest.is_some_and(|r| r.is_empty() || r.starts_with(['.', '/']))
        })
    };
    common.path.as_ref().is_none_or(|r| r.is_match(path.bytes()))
        && !common.not_path.as_ref().is_some_and(|r| r.is_match(path.bytes()))
        && common
            .imports
            .as_ref()
            .is_none_or(|all| all.iter().any(|i| imported(i)))
}

/// True when the enclosing named function's name fits. A function that goes by the name of what it is assigned to may fit too, but does
/// not keep the one around it from fitting.
fn within_fits(common: &Common, file: &File<'_>, function: FunctionId) -> bool {
    if common.within.is_none() && common.not_within.is_none() {
        return true;
    }
    let mut at = Some(function);
    while let Some(id) = at {
        let function = file.function(id);
        let named = matches!(
            function.kind,
            FunctionKind::Function | FunctionKind::Method | FunctionKind::Constructor
        );
        let name = file.facts.name(file.name_of(id)).as_bytes();
        let (lambda, unwanted) = (
            function.kind == FunctionKind::Lambda,
            common.not_within.as_ref().is_some_and(|r| r.is_match(name)),
        );
        let wanted = common.within.as_ref().is_none_or(|r| r.is_match(name));
        if named {
            return wanted && !unwanted;
        }
        if lambda && unwanted {
            return false;
        }
        if lambda && wanted && common.within.is_some() {
            return true;
        }
        at = function.parent;
    }
    common.within.is_none()
}

impl Visit<'_, '_> {
    /// A hit of a matcher in the function being visited.
    fn shape_hit(&self, common: &Common, expr: ExprId, value: Option<ExprId>, span: Span) -> ShapeHit {
        ShapeHit {
            rule: common.rule,
            matcher: common.matcher,
            function: self.id,
            expr: Some(expr),
            value,
            callee: None,
            path: super::paths::arena::PathId::UNKNOWN,
            span,
            name: None,
            weak: false,
            from: None,
            surrounding: common.surrounding,
            occurrence: common.occurrence,
        }
    }
}

/// The last name of an expression as written: `a.b.c` is `c`, `a["c"]` is `c`, `f.g(x)` is `g`.
pub(in crate::scan) fn last_name(facts: &Facts, function: &Function, id: ExprId) -> Option<Rc<str>> {
    let mut at = id;
    loop {
        match &function.exprs[at.ix()].kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => return Some(facts.name(*name).into()),
            ExprKind::Index { index, .. } => match &function.exprs[index.ix()].kind {
                ExprKind::Str(text) => return Some(Rc::from(&**text)),
                _ => return None,
            },
            ExprKind::Call { callee, .. } => at = *callee,
            ExprKind::Same(inner) | ExprKind::Cast { value: inner, .. } | ExprKind::Slice { base: inner } => {
                at = *inner
            }
            _ => return None,
        }
    }
}

/// A hit about a whole function or handler.
fn function_hit(common: &Common, function: FunctionId, span: Span, name: Option<Rc<str>>) -> ShapeHit {
    ShapeHit {
        rule: common.rule,
        matcher: common.matcher,
        function,
        expr: None,
        value: None,
        callee: None,
        path: super::paths::arena::PathId::UNKNOWN,
        span,
        name,
        weak: false,
        from: None,
        surrounding: common.surrounding,
        occurrence: common.occurrence,
    }
}

/// All hits of a file after its evaluation, in order of functions and blocks.
#[must_use]
pub fn collect(file: &mut File<'_>) -> Vec<ShapeHit> {
    let mut all: Vec<ShapeHit> = Vec::new();
    for blocks in &file.found {
        for block in blocks {
            all.extend(block.shapes.iter().cloned());
        }
    }
    let bases = class::bases(file);
    all.extend(handlers(file));
    all.extend(functions(file, &bases));
    all.extend(classes(file, &bases));
    all.extend(patterns(file));
    all.extend(memory::hits(file));
    all.retain(|hit| file.links.is_own(hit.span.start));
    around::keep(file, &mut all);
    all
}

#[cfg(test)]
mod tests;
