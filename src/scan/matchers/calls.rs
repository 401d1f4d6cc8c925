//! Calls of given paths with given arguments.

use super::within_fits;
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
        if !file.active.calls[shape as usize] || !within_fits(&row.common, facts, self.id) {
            return;
        }
        if !row.args.iter().all(|check| self.holds(check, call)) {
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
}
