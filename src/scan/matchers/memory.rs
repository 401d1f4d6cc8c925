//! Defects of memory and numbers that the analysis of C and C++ finds.

use super::{ShapeHit, within_fits};
use crate::{
    lang::facts::*,
    scan::{memory::defects, paths::arena::PathId, taint::file::File},
};

/// All defects of the file that some matcher asks for.
pub(super) fn hits(file: &mut File<'_>) -> Vec<ShapeHit> {
    if file.active.memory.is_empty() {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for defect in defects(file.facts, file.text) {
        let function = file.function(defect.function);
        let expr = &function.exprs[defect.expr.ix()];
        let callee = match &expr.kind {
            ExprKind::Call { callee, .. } => Some(*callee),
            _ => None,
        };
        for shape in &file.active.memory {
            let shape = &file.index.memory[*shape as usize];
            let asked = shape.names.contains(&defect.name) && within_fits(&shape.common, file, defect.function);
            if !asked {
                continue;
            }
            let path = callee.map_or(PathId::UNKNOWN, |c| match &function.exprs[c.ix()].kind {
                ExprKind::Name(name) => file.arena.root(*name),
                _ => PathId::UNKNOWN,
            });
            hits.push(ShapeHit {
                rule: shape.common.rule,
                matcher: shape.common.matcher,
                function: defect.function,
                expr: Some(defect.expr),
                value: defect.value,
                callee,
                path,
                span: expr.span,
                name: Some(defect.detail.as_str().into()),
                weak: false,
                from: None,
                surrounding: shape.common.surrounding,
                occurrence: shape.common.occurrence,
            });
        }
    }
    hits
}
