//! Values given to names: assignments, defaults of parameters, keyword arguments, struct fields, entries of maps.

use super::{last_name, within_fits};
use crate::{
    lang::facts::*,
    scan::{
        compile::AssignShape,
        paths::arena::{Part as Step, PathId},
        taint::{equals, of_value_or_element, visit::Visit},
        value::{Callee, From, Taint, V, Value},
    },
    text::Span,
};
use std::rc::Rc;

impl Visit<'_, '_> {
    /// An assignment.
    pub(in crate::scan) fn assign_shapes(&mut self, target: &Target, value: ExprId, id: ExprId) {
        if self.file.active.assigns.is_empty() {
            return;
        }
        let span = self.span(id);
        match target {
            Target::Name(name, _) => self.assign_shape_named(*name, value, PathId::UNKNOWN, span, id),
            Target::Member { base, name, .. } => {
                let of = self.vals[base.ix()].path;
                self.assign_shape_named(*name, value, of, span, id);
            }
            Target::Index { index, base, .. } => {
                let of = self.vals[base.ix()].path;
                match self.vals[index.ix()].text().cloned() {
                    Some(key) => self.assign_shape(&key, value, of, span, id),
                    // An element of a list goes by the name of the list (`token[i] = ..`).
                    None => {
                        if let Some(name) = last_name(self.file.facts, self.function, *base) {
                            self.assign_shape(&name, value, of, span, id);
                        }
                    }
                }
            }
            Target::Tuple(targets) => {
                let ExprKind::Sequence(values) = self.kind(value) else {
                    return;
                };
                for (target, value) in targets.iter().zip(values) {
                    if let Target::Name(name, _) | Target::Member { name, .. } = target {
                        self.assign_shape_named(*name, *value, PathId::UNKNOWN, span, id);
                    }
                }
            }
            Target::Fields(_) | Target::Rest(_) | Target::Default(..) | Target::Ignore => {}
        }
    }

    /// An entry of a map literal.
    pub(in crate::scan) fn assign_shape_keyed(&mut self, key: ExprId, value: ExprId, id: ExprId) {
        if self.file.active.assigns.is_empty() {
            return;
        }
        if let Some(text) = self.vals[key.ix()].text().cloned() {
            let span = self.span(key).to(self.span(value));
            self.assign_shape(&text, value, PathId::UNKNOWN, span, id);
        }
    }

    /// A keyword argument, a field of a struct literal, a default.
    pub(in crate::scan) fn assign_shape_named(
        &mut self,
        name: Symbol,
        value: ExprId,
        of: PathId,
        span: Span,
        id: ExprId,
    ) {
        if self.file.active.assigns.is_empty() {
            return;
        }
        let text: Rc<str> = self.file.facts.name(name).into();
        self.assign_shape(&text, value, of, span, id);
    }

    fn assign_shape(&mut self, name: &Rc<str>, value: ExprId, of: PathId, span: Span, id: ExprId) {
        let candidates = self.file.assigns_named(name);
        for shape in candidates.iter() {
            let index = self.file.index;
            let shape = &index.assigns[*shape as usize];
            let given = self.vals[value.ix()].clone();
            let Some(from) = self.assign_fits(shape, &given, value, of) else {
                continue;
            };
            let mut hit = self.shape_hit(&shape.common, id, Some(value), span);
            hit.name = Some(name.clone());
            hit.path = of;
            hit.from = from;
            self.found.shapes.push(hit);
        }
    }

    /// None when it does not fit; else where the value comes from, when the matcher asks.
    fn assign_fits(&mut self, shape: &AssignShape, value: &V, written: ExprId, of: PathId) -> Option<Option<Taint>> {
        if !within_fits(&shape.common, self.file, self.id) {
            return None;
        }
        let equal = shape
            .equals
            .as_ref()
            .is_none_or(|all| of_value_or_element(value, |v| all.iter().any(|c| equals(v, c))));
        let text = shape
            .matches
            .as_ref()
            .is_none_or(|regex| of_value_or_element(value, |v| v.text().is_some_and(|t| regex.is_match(t.as_bytes()))));
        let path = shape
            .value_path
            .is_none_or(|set| self.file.arena.is_in(value.path, set));
        let object = shape.of.is_none_or(|set| {
            let made = self.file.arena.part(of, Step::Call);
            self.file.arena.is_in(of, set) || self.file.arena.is_in(made, set)
        });
        let part = shape.holds.is_none_or(|set| self.has_part_in(written, set));
        let kept = shape.range.holds(value.number())
            && shape.built.is_none_or(|wanted| wanted == value.is_built())
            && shape.named.as_ref().is_none_or(|regex| self.is_named(written, regex));
        if !(equal && text && path && object && part && kept && self.always_returns(shape, value)) {
            return None;
        }
        let Some(origins) = &shape.from else { return Some(None) };
        let taints = value.deep_taints();
        let found = taints.iter().find(|t| match t.from {
            From::Source { row, .. } | From::Given { row, .. } => {
                origins.contains(&self.file.index.sources[row as usize].from)
            }
            From::Param(_) => false,
        });
        found.cloned().map(Some)
    }

    /// True when the matcher asks for no function, or the value is one that always returns what it asks for.
    fn always_returns(&mut self, shape: &AssignShape, value: &V) -> bool {
        let Some(wanted) = &shape.returns else { return true };
        let callees: Vec<Callee> = value.callees.iter().flat_map(|c| c.iter().cloned()).collect();
        let [Callee::Function(function)] = callees[..] else {
            return false;
        };
        let summary = self.file.summary(function, self.id);
        let constants = summary.exits.iter().map(|exit| Value {
            constant: exit.constant.clone(),
            ..Value::default()
        });
        let all: Vec<bool> = constants.map(|c| wanted.iter().any(|w| equals(&c, w))).collect();
        !all.is_empty() && all.iter().all(|fits| *fits)
    }
}
