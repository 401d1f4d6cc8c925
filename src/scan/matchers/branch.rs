//! `if`s: what the test reads, whether it can ever differ, what the arm does.

use super::within_fits;
use crate::{
    lang::facts::*,
    scan::{compile::BranchShape, taint::visit::Visit, value::Const},
};

impl<'a> Visit<'_, 'a> {
    /// A branch whose test has been evaluated.
    pub(in crate::scan) fn branch_shapes(&mut self, test: ExprId) {
        if self.file.active.branches.is_empty() {
            return;
        }
        let function = self.function;
        let Some(branch) = self.branch_of(test) else { return };
        let parts = parts_of(function, test);
        for at in 0..self.file.active.branches.len() {
            let shape = self.file.active.branches[at];
            let index = self.file.index;
            let shape = &index.branches[shape as usize];
            if within_fits(&shape.common, self.file, self.id) && self.branch_fits(shape, branch, &parts) {
                let mut hit = self.shape_hit(&shape.common, test, Some(test), self.span(test));
                hit.name = super::last_name(self.file.facts, function, test);
                self.found.shapes.push(hit);
            }
        }
    }

    fn branch_of(&mut self, test: ExprId) -> Option<&'a Branch> {
        let function = self.function;
        let of_tests = self.branches.get_or_insert_with(|| {
            let numbered = function.branches.iter().enumerate();
            numbered.map(|(i, branch)| (branch.test, i)).collect()
        });
        of_tests.get(&test).map(|i| &function.branches[*i])
    }

    fn branch_fits(&self, shape: &BranchShape, branch: &Branch, parts: &[ExprId]) -> bool {
        let facts = self.file.facts;
        let mentions = shape.mentions.as_ref().is_none_or(|regex| {
            let is = |name: &str| regex.is_match(name.as_bytes());
            if shape.alone {
                return super::last_name(facts, self.function, self.bare(branch.test)).is_some_and(|n| is(&n));
            }
            parts.iter().any(|part| match self.kind(*part) {
                ExprKind::Name(name) | ExprKind::Member { name, .. } => is(facts.name(*name)),
                _ => false,
            })
        });
        mentions
            && shape
                .negated
                .is_none_or(|wanted| wanted == self.is_negated(branch.test))
            && shape
                .always
                .is_none_or(|wanted| self.always(branch.test) == Some(wanted))
            && shape.empty.is_none_or(|wanted| wanted == branch.then.empty)
            && shape.other.is_none_or(|wanted| wanted == branch.other.is_some())
            && shape
                .then
                .as_ref()
                .is_none_or(|regex| regex.is_match(branch.then.span.of(self.file.text)))
            && shape.ends.as_ref().is_none_or(|ends| ends.contains(&branch.then.ends))
            && shape
                .reads
                .is_none_or(|set| parts.iter().any(|p| self.file.arena.is_in(self.vals[p.ix()].path, set)))
    }

    /// A test without its negation.
    fn bare(&self, test: ExprId) -> ExprId {
        match self.kind(test) {
            ExprKind::Unary { op: "!", operand } => *operand,
            _ => test,
        }
    }

    fn is_negated(&self, test: ExprId) -> bool {
        match self.kind(test) {
            ExprKind::Unary { op: "!", .. } => true,
            ExprKind::Binary { op, left, right } => {
                let constant = [left, right].into_iter().find_map(|s| match self.kind(*s) {
                    ExprKind::Bool(truth) => Some(*truth),
                    _ => None,
                });
                match (*op, constant) {
                    ("==" | "===" | "is", Some(truth)) => !truth,
                    ("!=" | "!==" | "is not", Some(truth)) => truth,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// The value the test has whatever the rest of it is.
    fn always(&self, test: ExprId) -> Option<bool> {
        let literal = |id: ExprId| match self.kind(id) {
            ExprKind::Bool(_) | ExprKind::Num(_) | ExprKind::Str(_) => {
                self.vals[id.ix()].constant.as_ref().map(Const::truth)
            }
            _ => None,
        };
        if let ExprKind::Logic { op, operands } = self.kind(test) {
            let absorbing = *op == LogicOp::Or;
            return operands
                .iter()
                .any(|o| literal(*o) == Some(absorbing))
                .then_some(absorbing);
        }
        if let ExprKind::Binary { op, left, right } = self.kind(test)
            && matches!(*op, "==" | "===")
            && let (Some(a), Some(b)) = (&self.vals[left.ix()].constant, &self.vals[right.ix()].constant)
            && matches!(self.kind(*left), ExprKind::Str(_) | ExprKind::Num(_))
            && matches!(self.kind(*right), ExprKind::Str(_) | ExprKind::Num(_))
        {
            return Some(a == b);
        }
        literal(test)
    }
}

/// A test and everything in it.
fn parts_of(function: &Function, test: ExprId) -> Vec<ExprId> {
    let mut all = Vec::new();
    let mut open = vec![test];
    while let Some(id) = open.pop() {
        all.push(id);
        function.exprs[id.ix()].kind.each_operand(|operand| open.push(operand));
    }
    all
}
