//! Comparisons.

use super::{last_name, within_fits};
use crate::{
    lang::facts::*,
    scan::{
        compile::CompareShape,
        lazy_regex::LazyRegex,
        taint::visit::Visit,
        value::{From, V},
    },
};

impl Visit<'_, '_> {
    /// A comparison whose sides have been evaluated.
    pub(in crate::scan) fn compare_shapes(&mut self, op: &str, left: ExprId, right: ExprId, id: ExprId) {
        for at in 0..self.file.active.compares.len() {
            let shape = self.file.active.compares[at];
            let index = self.file.index;
            let shape = &index.compares[shape as usize];
            if !shape.ops.iter().any(|o| **o == *op) || !within_fits(&shape.common, self.file, self.id) {
                continue;
            }
            let side = [(left, right), (right, left)]
                .into_iter()
                .find(|(side, other)| self.compare_fits(shape, *side, *other));
            let Some((side, other)) = side else { continue };
            let mut hit = self.shape_hit(&shape.common, id, Some(other), self.span(id));
            hit.name = last_name(self.file.facts, self.function, side);
            self.found.shapes.push(hit);
        }
    }

    fn compare_fits(&self, shape: &CompareShape, side: ExprId, other: ExprId) -> bool {
        let (value, other_value) = (&self.vals[side.ix()], &self.vals[other.ix()]);
        let is_named = |id: ExprId, regex: &LazyRegex| {
            last_name(self.file.facts, self.function, id).is_some_and(|n| regex.is_match(n.as_bytes()))
        };
        let named = shape.name.as_ref().is_none_or(|regex| is_named(side, regex))
            && shape.other.as_ref().is_none_or(|regex| is_named(other, regex));
        let constant = shape
            .constant
            .as_ref()
            .is_none_or(|regex| other_value.text().is_some_and(|t| regex.is_match(t.as_bytes())));
        let dynamic = !shape.dynamic || other_value.constant.is_none();
        let path = shape.side_path.is_none_or(|set| self.file.arena.is_in(value.path, set));
        let from = shape.from.as_ref().is_none_or(|origins| {
            let outside = |v: &V| {
                // What was only assumed to pass a value on says nothing of what is compared.
                let taints = v.deep_taints();
                let mut sure = taints.iter().filter(|t| t.assumed == 0);
                sure.any(|t| match t.from {
                    From::Source { row, .. } | From::Given { row, .. } => {
                        origins.contains(&self.file.index.sources[row as usize].from)
                    }
                    From::Param(_) => false,
                })
            };
            outside(value) || outside(other_value)
        });
        named && constant && dynamic && path && from
    }
}
