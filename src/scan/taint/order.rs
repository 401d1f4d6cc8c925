//! In which order functions are visited first: the module and class bodies, then callees before callers as far as names tell, lambdas after
//! what they are written in. Only speed depends on it; changes are followed up in any case.

use super::scope::Scopes;
use crate::lang::facts::*;
use std::collections::HashMap;

/// The rank of each function; lower ones are visited first.
#[must_use]
pub fn ranks(facts: &Facts, scopes: &Scopes<'_>) -> Vec<u32> {
    let count = facts.functions.len();
    let mut by_name: HashMap<Symbol, Vec<FunctionId>> = HashMap::new();
    for (i, function) in facts.functions.iter().enumerate() {
        if !matches!(function.kind, FunctionKind::Module | FunctionKind::ClassBody) {
            by_name.entry(function.name).or_default().push(FunctionId(i as u32));
        }
    }
    let mut ranks = vec![u32::MAX; count];
    let mut next = 0;
    for (i, function) in facts.functions.iter().enumerate() {
        if matches!(function.kind, FunctionKind::Module | FunctionKind::ClassBody) {
            ranks[i] = next;
            next += 1;
        }
    }
    // Depth first over "mentions a function of that name", without recursion; a function is ranked when all it calls are.
    let mut seen = vec![false; count];
    for start in 0..count {
        let mut open = vec![(FunctionId(start as u32), false)];
        while let Some((id, left)) = open.pop() {
            if left {
                if ranks[id.ix()] == u32::MAX {
                    ranks[id.ix()] = next;
                    next += 1;
                }
                continue;
            }
            if std::mem::replace(&mut seen[id.ix()], true) {
                continue;
            }
            // What is written in a function is visited right after it: it sees its variables.
            open.extend(scopes.children(id).iter().map(|c| (*c, false)));
            open.push((id, true));
            for name in called(facts, id) {
                let callees = by_name.get(&name).into_iter().flatten();
                open.extend(callees.filter(|c| !seen[c.ix()]).map(|c| (*c, false)));
            }
        }
    }
    ranks
}

fn called(facts: &Facts, id: FunctionId) -> Vec<Symbol> {
    let function = &facts.functions[id.ix()];
    let callee = |expr: &Expr| match &expr.kind {
        ExprKind::Call { callee, .. } => match &function.exprs[callee.ix()].kind {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(*name),
            _ => None,
        },
        _ => None,
    };
    let mut names: Vec<Symbol> = function.exprs.iter().filter_map(callee).collect();
    names.sort_unstable();
    names.dedup();
    names
}
