//! Building: texts from pieces, lists and maps from elements.

use super::{read::constant_key, trace::Hop, visit::Visit};
use crate::{
    lang::facts::*,
    scan::{
        compile::Row,
        paths::arena::Part as Step,
        value::{Const, Key, Parts, Piece, Taints, V, Value, concat, join, joins},
    },
};
use std::rc::Rc;

impl Visit<'_, '_> {
    pub(in crate::scan) fn concat(&mut self, operands: &[ExprId], id: ExprId) -> Value {
        let values: Vec<V> = operands.iter().map(|o| self.vals[o.ix()].clone()).collect();
        if values.iter().all(|v| v.parts.is_some()) {
            return self.lists_joined(&values);
        }
        self.built(&values, id, Hop::Concat)
    }

    fn lists_joined(&mut self, values: &[V]) -> Value {
        let all: Vec<V> = values
            .iter()
            .flat_map(|v| v.parts.iter().flat_map(|p| p.values().cloned()))
            .collect();
        let closed = values.iter().all(|v| v.parts.as_ref().is_some_and(|p| p.all_known()));
        let rest = joins(&mut self.file.arena, &all);
        let taints = values.iter().fold(Taints::default(), |t, v| t.union(&v.taints));
        let mut value = Value::carrying(taints, values.iter().any(|v| v.unknown));
        value.parts = Some(Rc::new(Parts::new(&mut self.file.arena, Vec::new(), rest, closed)));
        value
    }

    /// A text made of these values.
    pub(in crate::scan) fn built(&mut self, values: &[V], id: ExprId, hop: Hop) -> Value {
        let span = self.span(id);
        let mut value = Value::default();
        for part in values {
            let carried = self.carried(part, span, hop);
            value.taints = value.taints.union(&carried.taints);
            value.unknown |= carried.unknown;
        }
        let marked: Vec<V> = values.iter().map(|v| self.with_hop(v, span, hop)).collect();
        let whole = concat(&marked);
        if let [Piece::Lit(text)] = &*whole {
            value.constant = Some(Const::Text(text.clone()));
        } else {
            value.shape = Some(whole);
        }
        value
    }

    /// The same value with a step on the way of what it carries.
    pub(in crate::scan) fn with_hop(&self, value: &V, span: crate::text::Span, hop: Hop) -> V {
        if value.taints.is_empty() {
            return value.clone();
        }
        let mut with = (**value).clone();
        with.taints = self.carried(value, span, hop).taints;
        Rc::new(with)
    }

    pub(in crate::scan) fn template(&mut self, tag: Option<ExprId>, parts: &[Part], id: ExprId) -> V {
        if let Some(tag) = tag {
            let path = self.vals[tag.ix()].path;
            let rows = self.file.arena.rows(path);
            let builds = rows
                .iter()
                .any(|(row, _)| matches!(row, Row::Propagator(_) | Row::Format(_)));
            if !builds {
                // The tag gets pieces and values apart and binds them.
                let path = self.file.arena.part(path, Step::Call);
                return self.part_read(Value::at(path), id);
            }
        }
        let mut values: Vec<V> = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Lit(text, _) => values.push(Rc::new(Value::constant(Const::Text(Rc::from(&**text))))),
                Part::Hole { value, span } => {
                    let value = self.vals[value.ix()].clone();
                    let formats = self.file.facts.lang.holes_have_formats();
                    if formats && is_number_hole(span.of(self.file.text)) {
                        values.push(Rc::new(Value::default()));
                    } else {
                        values.push(value);
                    }
                }
            }
        }
        Rc::new(self.built(&values, id, Hop::Template))
    }

    pub(in crate::scan) fn sequence(&mut self, elements: &[ExprId]) -> Value {
        let mut entries = Vec::new();
        let mut rest: Option<V> = None;
        let mut value = Value::default();
        let mut closed = true;
        for (at, element) in elements.iter().enumerate() {
            let v = self.vals[element.ix()].clone();
            if let ExprKind::Spread(_) = self.kind(*element) {
                let inner = Rc::new(self.element(&v, None));
                closed &= v.parts.as_ref().is_some_and(|p| p.all_known());
                rest = Some(match rest {
                    Some(rest) => join(&mut self.file.arena, &rest, &inner),
                    None => inner,
                });
            } else if rest.is_none() {
                entries.push((Key::Position(at as u32), v));
            } else if let Some(known) = rest {
                rest = Some(join(&mut self.file.arena, &known, &v));
            }
        }
        value.parts = Some(Rc::new(Parts::new(&mut self.file.arena, entries, rest, closed)));
        value
    }

    pub(in crate::scan) fn map(&mut self, literal: &[Entry], id: ExprId) -> Value {
        let mut entries: Vec<(Key, V)> = Vec::new();
        let mut rest: Option<V> = None;
        let mut value = Value::default();
        let mut closed = true;
        for entry in literal {
            let v = self.vals[entry.value.ix()].clone();
            let key = entry.key.map(|k| (k, self.vals[k.ix()].clone()));
            if let Some((k, _)) = &key {
                self.assign_shape_keyed(*k, entry.value, id);
            }
            match key {
                Some((_, k)) => match constant_key(&k) {
                    Some(key) => entries.push((key, v)),
                    None => rest = Some(self.joined(rest, &v)),
                },
                // `{...other}`: what is known of the inside, and all it may carry.
                None => {
                    closed &= v.parts.as_ref().is_some_and(|p| p.is_closed());
                    value.taints = value.taints.union(&v.taints);
                    let inner = v.parts.iter().flat_map(|p| p.entries());
                    entries.extend(inner.map(|(key, inner)| (key.clone(), inner.clone())));
                    if let Some(inner) = v.parts.as_ref().and_then(|p| p.rest().cloned()) {
                        rest = Some(self.joined(rest, &inner));
                    }
                }
            }
        }
        value.parts = Some(Rc::new(Parts::new(&mut self.file.arena, entries, rest, closed)));
        value
    }

    fn joined(&mut self, one: Option<V>, other: &V) -> V {
        match one {
            Some(one) => join(&mut self.file.arena, &one, other),
            None => other.clone(),
        }
    }
}

/// A hole with a format that only numbers have (`{x:d}`, `{x:.2f}`).
fn is_number_hole(hole: &[u8]) -> bool {
    let inner = hole.strip_suffix(b"}").unwrap_or(hole);
    let spec = inner.iter().rposition(|b| *b == b':').map(|i| &inner[i + 1..]);
    spec.is_some_and(|s| {
        matches!(s.last(), Some(b'd' | b'f' | b'g' | b'e' | b'%' | b'n'))
            && s[..s.len() - 1]
                .iter()
                .all(|b| b.is_ascii_digit() || b"+-.,_<>=^".contains(b))
    })
}
