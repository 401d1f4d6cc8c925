//! What functions without a name are called: an arrow that a variable or a member is given (`const load = async () => ..`,
//! `exports.handler = ..`) goes by that name. Never decides what a call reaches; that is what values are for.

use crate::lang::facts::*;
use std::collections::HashMap;

/// The names that functions without one are given, the first of several.
pub(super) fn given_names(facts: &Facts) -> HashMap<FunctionId, Symbol> {
    let mut names = HashMap::new();
    if !facts.functions.iter().any(|f| f.kind == FunctionKind::Lambda) {
        return names;
    }
    for function in &facts.functions {
        for expr in &function.exprs {
            let ExprKind::Assign { target, value, .. } = &expr.kind else {
                continue;
            };
            let (Target::Name(name, _) | Target::Member { name, .. }) = &**target else {
                continue;
            };
            let mut at = *value;
            while let ExprKind::Cast { value, .. } | ExprKind::Same(value) = &function.exprs[at.ix()].kind {
                at = *value;
            }
            if let ExprKind::Lambda(id) = &function.exprs[at.ix()].kind {
                names.entry(*id).or_insert(*name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::lang::{Lang, lower};

    #[test]
    fn arrows_go_by_what_they_are_given_to() {
        let code = "export const load: Load = async () => 1;\nexports.handler = (event) => event;\nrun(() => 2);";
        let facts = lower(Lang::TypeScript, code.as_bytes()).unwrap();
        let mut names: Vec<&str> = given_names(&facts).values().map(|n| facts.name(*n)).collect();
        names.sort_unstable();
        assert_eq!(names, ["handler", "load"]);
    }
}
