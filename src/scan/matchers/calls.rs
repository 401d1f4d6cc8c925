//! Calls of given paths with given arguments.

use super::within_fits;
use crate::lang::facts::*;
use crate::scan::{
    paths::automaton::Fit,
    taint::{Call, visit::Visit},
};

impl<'a> Visit<'_, 'a> {
    /// A call whose callee has the path of a call matcher.
    pub(in crate::scan) fn call_shape(&mut self, shape: u32, fit: Fit, call: &Call<'a>) {
        let file = &*self.file;
        let (index, facts) = (file.index, file.facts);
        let row = &index.calls[shape as usize];
        if !file.active.calls[shape as usize] || !within_fits(&row.common, self.file, self.id) {
            return;
        }
        if !row.args.iter().all(|check| self.holds(check, call)) {
            return;
        }
        if row.unused && !self.is_unused(call.id) {
            return;
        }
        let first = row.args.first();
        let value = first.and_then(|check| self.selected_exprs(&check.arg, call).first().copied());
        let mut hit = self.shape_hit(&row.common, call.id, value, self.span(call.id));
        hit.callee = Some(call.callee);
        hit.path = call.path;
        hit.weak = !fit.exact;
        hit.name = super::last_name(facts, self.function, call.callee);
        self.found.shapes.push(hit);
    }

    /// True for `x?`, `x.unwrap()`, `x.expect(..)` round `inner`: they act on the answer.
    fn leaves_on_failure(&self, inner: ExprId, around: crate::text::Span) -> bool {
        let tail = crate::text::Span {
            start: self.span(inner).end.min(around.end),
            ..around
        };
        let tail = tail.of(self.file.text).trim_ascii();
        tail.starts_with(b"?") || tail.starts_with(b".unwrap()") || tail.starts_with(b".expect(")
    }

    /// True when a call is a statement of its own, or its result is dropped by name (`_ = f()`).
    fn is_unused(&self, call: ExprId) -> bool {
        let mut at = call;
        for (i, expr) in self.function.exprs.iter().enumerate().skip(call.ix() + 1) {
            let mut uses = false;
            expr.kind.each_operand(|operand| uses |= operand == at);
            match &expr.kind {
                _ if !uses => {}
                ExprKind::Same(_) if !self.leaves_on_failure(at, expr.span) => at = ExprId(i as u32),
                ExprKind::Assign { target, .. } if matches!(**target, Target::Ignore) => at = ExprId(i as u32),
                _ => return false,
            }
        }
        let is_root = |block: &Block| block.items.iter().any(|item| item.root == at);
        let leads = |exit: &Exit| match exit {
            Exit::Branch { test, .. } => *test == at,
            Exit::Return(value) => *value == Some(at),
            _ => false,
        };
        let blocks = &self.function.blocks;
        blocks.iter().any(is_root) && !blocks.iter().any(|b| leads(&b.exit))
    }
}
