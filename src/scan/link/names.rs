//! What a file defines that others can name.

use super::links::{Linked, Module, Part};
use crate::lang::facts::*;
use std::collections::HashMap;

/// Functions without a name of their own, by the name, member or key they are assigned to where they are written.
#[must_use]
pub fn bound_names(facts: &Facts) -> HashMap<FunctionId, Symbol> {
    let mut bound = HashMap::new();
    for function in &facts.functions {
        for expr in &function.exprs {
            match &expr.kind {
                ExprKind::Assign { target, value, .. } => {
                    if let (Target::Name(name, _) | Target::Member { name, .. }, ExprKind::Lambda(lambda)) =
                        (&**target, &function.exprs[value.ix()].kind)
                    {
                        bound.insert(*lambda, *name);
                    }
                }
                ExprKind::Map(entries) => {
                    for entry in entries {
                        let key = entry.key.map(|k| &function.exprs[k.ix()].kind);
                        if let (Some(ExprKind::Str(key)), ExprKind::Lambda(lambda)) =
                            (key, &function.exprs[entry.value.ix()].kind)
                            && let Some(name) = facts.names.find(key)
                        {
                            bound.insert(*lambda, name);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    bound
}

/// What a file gives to others: `part` is the file, `functions` and `classes` are those of it.
#[must_use]
pub fn module_of(facts: &Facts, part: &Part, functions: &[FunctionId], classes: &[ClassId]) -> Module {
    let mut module = Module::default();
    let members = &mut module.members;
    for id in functions {
        let function = &facts.functions[id.ix()];
        if function.kind == FunctionKind::Function && function.parent == Some(part.module) {
            members.entry(function.name).or_insert(Linked::Function(*id));
        }
    }
    for id in classes {
        members.entry(facts.classes[id.ix()].name).or_insert(Linked::Class(*id));
    }
    let body = &facts.functions[part.module.ix()];
    for expr in &body.exprs {
        if let ExprKind::Assign { target, .. } = &expr.kind
            && let Target::Name(name, _) = &**target
        {
            members.entry(*name).or_insert(Linked::Variable(part.module, *name));
        }
    }
    let bound = bound_names(facts);
    for id in functions {
        if facts.functions[id.ix()].parent == Some(part.module)
            && let Some(name) = bound.get(id)
        {
            members.entry(*name).or_insert(Linked::Function(*id));
        }
    }
    module.whole = given_out(facts, body, &module)
        .or_else(|| said_last(facts, body, &module))
        .or_else(|| only_export(facts, functions, classes));
    module
}

/// What `module.exports = value` gives out.
fn given_out(facts: &Facts, body: &Function, module: &Module) -> Option<Linked> {
    body.exprs.iter().rev().find_map(|expr| {
        let ExprKind::Assign { target, value, .. } = &expr.kind else {
            return None;
        };
        let Target::Member { base, name, .. } = &**target else {
            return None;
        };
        let of = match &body.exprs[base.ix()].kind {
            ExprKind::Name(of) => facts.name(*of),
            _ => return None,
        };
        if of != "module" || facts.name(*name) != "exports" {
            return None;
        }
        value_given(body, module, *value)
    })
}

/// What a value that is given out is.
fn value_given(body: &Function, module: &Module, value: ExprId) -> Option<Linked> {
    match &body.exprs[value.ix()].kind {
        ExprKind::Lambda(function) => Some(Linked::Function(*function)),
        ExprKind::Class(class) => Some(Linked::Class(*class)),
        ExprKind::Name(name) => module.members.get(name).copied(),
        ExprKind::Call { callee, new: true, .. } => match value_given(body, module, *callee)? {
            Linked::Class(class) => Some(Linked::Instance(class)),
            _ => None,
        },
        _ => None,
    }
}

/// What a script says last, when that makes an instance: `export default new Store()`.
fn said_last(facts: &Facts, body: &Function, module: &Module) -> Option<Linked> {
    let script = facts.lang.members_are_keys();
    let last = body
        .blocks
        .iter()
        .rev()
        .find_map(|block| block.items.last())
        .filter(|_| script)?;
    match value_given(body, module, last.root)? {
        instance @ Linked::Instance(_) => Some(instance),
        _ => None,
    }
}

/// The only thing a script gives out: what a default import of it means.
fn only_export(facts: &Facts, functions: &[FunctionId], classes: &[ClassId]) -> Option<Linked> {
    if !facts.lang.members_are_keys() {
        return None;
    }
    let exported = |id: &&FunctionId| {
        let function = &facts.functions[id.ix()];
        function.exported && function.class.is_none()
    };
    let mut given = functions.iter().filter(exported);
    match (given.next(), given.next(), classes) {
        (Some(only), None, []) => Some(Linked::Function(*only)),
        (None, None, [only]) => Some(Linked::Class(*only)),
        _ => None,
    }
}
