//! Code patterns: every expression of the file compared with those that rules ask for.

use super::{ShapeHit, function_hit, within_fits};
use crate::{
    lang::facts::{ExprId, ExprKind, FunctionId},
    scan::{code_pattern::Bindings, taint::file::File},
};

/// All expressions that some pattern matches.
#[must_use]
pub fn patterns(file: &File<'_>) -> Vec<ShapeHit> {
    let mut hits = Vec::new();
    let mut bound = Bindings::new();
    for shape in &file.active.patterns {
        let shape = &file.index.patterns[*shape as usize];
        for (i, function) in file.facts.functions.iter().enumerate() {
            let id = FunctionId(i as u32);
            if !within_fits(&shape.common, file, id) {
                continue;
            }
            for (at, expr) in function.exprs.iter().enumerate() {
                // Parentheses and `await` would be found once more than what is in them.
                let wrapped = matches!(expr.kind, ExprKind::Same(_));
                let at = ExprId(at as u32);
                if wrapped || !shape.pattern.matches(file.facts, file.text, id, at, &mut bound) {
                    continue;
                }
                let mut hit = function_hit(&shape.common, id, expr.span, None);
                hit.expr = Some(at);
                hit.value = bound.get("X").copied();
                hits.push(hit);
            }
        }
    }
    hits
}
