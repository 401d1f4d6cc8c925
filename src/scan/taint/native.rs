//! Operators of C and C++: sums that are addresses, `*p`, and streams (`out << x`, `in >> x`).

use super::{constants::number, trace::Hop, visit::Visit};
use crate::{
    lang::facts::*,
    scan::value::{Const, Key, Taints, V, Value},
};
use std::rc::Rc;

impl Visit<'_, '_> {
    /// What an operator gives, where C has its own meaning of it; `None` where every language agrees.
    pub(super) fn native_binary(&mut self, op: &'static str, left: ExprId, right: ExprId, id: ExprId) -> Option<V> {
        let values = [self.vals[left.ix()].clone(), self.vals[right.ix()].clone()];
        let cpp = self.file.facts.lang.has_streams();
        match op {
            "<<" if cpp && self.is_stream(left) => {
                let so_far = match &values[0] {
                    v if v.shape.is_some() || v.constant.is_some() || !v.is_clean() => v.clone(),
                    _ => Rc::new(Value::constant(Const::Text("".into()))),
                };
                let mut after = self.built(&[so_far, values[1].clone()], id, Hop::Append);
                after.path = values[0].path;
                let after = Rc::new(after);
                self.replace(left, after.clone());
                Some(after)
            }
            ">>" if cpp && self.is_stream(left) => {
                let mut read = (*values[1]).clone();
                read.taints = read.taints.union(&values[0].taints);
                (read.nothing, read.constant, read.shape) = (false, None, None);
                self.replace(right, Rc::new(read));
                Some(values[0].clone())
            }
            // A position in a buffer; of numbers nothing is carried, whose types say so.
            "-" => Some(Rc::new(Value::carrying(values[0].taints.clone(), values[0].unknown))),
            "*" | "/" | "%" | "|" | "&" | "^" | "<<" | ">>" => {
                let unknown = values.iter().any(|v| v.unknown);
                let taints = values.iter().fold(Taints::default(), |t, v| t.union(&v.taints));
                Some(Rc::new(Value::carrying(taints, unknown)))
            }
            _ => None,
        }
    }

    fn is_stream(&self, id: ExprId) -> bool {
        self.vals[id.ix()].path.known() || matches!(self.kind(id), ExprKind::Binary { op: "<<" | ">>", .. })
    }

    /// A sum: of constants a constant; in C an address in the buffer it begins at, else perhaps a text.
    pub(super) fn native_sum(&mut self, operands: &[ExprId]) -> Option<V> {
        let values: Vec<V> = operands.iter().map(|o| self.vals[o.ix()].clone()).collect();
        let text = |v: &V| v.text_or_shape();
        if self.file.facts.lang.has_streams() && (values.iter().any(text) || values.iter().all(|v| number(v).is_none()))
        {
            return None;
        }
        let taints = values.iter().fold(Taints::default(), |t, v| t.union(&v.taints));
        Some(Rc::new(Value::carrying(taints, values.iter().any(|v| v.unknown))))
    }

    /// `*p`: the first element, where something was put there; else `p` itself.
    pub(super) fn native_first(&mut self, of: &V) -> V {
        let first = Key::Position(0);
        match of.parts.as_ref().and_then(|p| p.get(&first)) {
            Some(_) => Rc::new(self.element(of, Some(&first))),
            None => of.clone(),
        }
    }
}
