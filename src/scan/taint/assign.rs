//! Assignments: to variables, fields, elements, and by taking values apart; and changes of containers in place.

use super::{file::Cell, read::constant_key, trace::Hop, visit::Visit};
use crate::{
    lang::facts::*,
    scan::{
        compile::Row,
        paths::arena::{Part as Step, PathId},
        value::{Key, Parts, Place, Root, V, Value, join},
    },
    text::Span,
};
use std::rc::Rc;

/// Most levels of `a.b.c = v` that are followed to the variable.
const MAX_LEVELS: usize = 4;

impl Visit<'_, '_> {
    /// `target = value`; gives the assigned value.
    pub(in crate::scan) fn assign(&mut self, target: &Target, value: ExprId, mode: AssignMode, id: ExprId) -> V {
        let given = self.vals[value.ix()].clone();
        self.assign_shapes(target, value, id);
        let assigned = match mode {
            AssignMode::Plain => self.aliased(&given, value),
            AssignMode::Each => Rc::new(self.element(&given, None)),
            AssignMode::Extend => self.extended(target, &given, id),
            AssignMode::Other => Rc::new(Value::default()),
        };
        self.give(target, assigned.clone(), value, id);
        assigned
    }

    /// A value that gets a second name: a check of the one is a check of the other.
    fn aliased(&self, value: &V, from: ExprId) -> V {
        if value.is_clean() || value.views.is_some() {
            return value.clone();
        }
        match self.place(from) {
            Some(place) => {
                let mut value = (**value).clone();
                value.views = Some(Rc::from([place]));
                Rc::new(value)
            }
            None => value.clone(),
        }
    }

    /// `target += value`.
    fn extended(&mut self, target: &Target, given: &V, id: ExprId) -> V {
        let before = self.target_value(target);
        if before.parts.is_some() && given.shape.is_none() && given.constant.is_none() {
            let added = Rc::new(self.element(given, None));
            return Rc::new(self.with_element(&before, &added, id));
        }
        Rc::new(self.built(&[before, given.clone()], id, Hop::Concat))
    }

    fn target_value(&mut self, target: &Target) -> V {
        match target {
            Target::Name(name, _) => match self.meaning(*name) {
                super::scope::Meaning::Local(slot) => self.env.vars[slot as usize].clone(),
                super::scope::Meaning::Outer(owner, slot) => {
                    let known = self.file.read(Cell::Shared(owner, slot), self.id);
                    known.unwrap_or_else(|| self.file.nothing.clone())
                }
                _ => self.file.unknown.clone(),
            },
            Target::Member { base, name, .. } => {
                let of = self.vals[base.ix()].clone();
                let key = Key::Text(Rc::from(self.file.facts.name(*name)));
                let known = of.parts.as_ref().and_then(|p| p.get(&key).cloned());
                match (known, of.instance) {
                    (Some(known), _) => known,
                    (None, Some(class)) => {
                        let field = self.file.read(Cell::Field(class, *name), self.id);
                        field.unwrap_or_else(|| self.file.nothing.clone())
                    }
                    (None, None) => Rc::new(Value::carrying(of.taints.clone(), true)),
                }
            }
            Target::Index { base, index, .. } => {
                let (of, key) = (self.vals[base.ix()].clone(), self.vals[index.ix()].clone());
                Rc::new(self.element(&of, constant_key(&key).as_ref()))
            }
            _ => self.file.nothing.clone(),
        }
    }

    /// Gives `value` to a target, taking it apart where the target is taken apart. `from` and `id` are the expressions of the whole.
    fn give(&mut self, target: &Target, value: V, from: ExprId, id: ExprId) {
        let mut open: Vec<(&Target, V)> = vec![(target, value)];
        while let Some((target, value)) = open.pop() {
            match target {
                Target::Name(name, span) => self.give_name(*name, *span, value),
                Target::Member { base, name, span } => self.give_member(*base, *name, *span, &value, from, id),
                Target::Index { base, index, .. } => self.give_element(*base, *index, &value, from, id),
                Target::Tuple(all) => self.take_apart(all, &value, &mut open),
                Target::Fields(all) => {
                    for (name, inner) in all {
                        let part = self.field_of(&value, *name, inner, id);
                        open.push((inner, part));
                    }
                }
                Target::Rest(inner) => open.push((inner, value)),
                Target::Default(inner, default) => {
                    let default = self.vals[default.ix()].clone();
                    open.push((inner, join(&mut self.file.arena, &value, &default)));
                }
                Target::Ignore => {}
            }
        }
    }

    fn meaning(&self, name: Symbol) -> super::scope::Meaning {
        self.file.scopes.meaning(self.file.facts, self.id, name)
    }

    fn give_name(&mut self, name: Symbol, span: Span, value: V) {
        let value = self.with_hop(&value, span, Hop::Kept(name));
        match self.meaning(name) {
            super::scope::Meaning::Local(slot) => {
                let value = self.viewing_itself(slot, value);
                self.set_local(slot, value);
            }
            super::scope::Meaning::Outer(owner, slot) => {
                self.env.forget(Root::Variable(owner, slot));
                self.file.write(Cell::Shared(owner, slot), &value);
                self.file.write(Cell::Inner(owner, slot), &value);
                if self.file.function(self.id).kind == FunctionKind::Lambda {
                    self.file.write(Cell::Captured(self.id, owner, slot), &value);
                }
            }
            _ => {}
        }
    }

    /// What is kept in a variable in another form: its members speak of the whole (`u.Host` of `u`).
    fn viewing_itself(&self, slot: u32, value: V) -> V {
        if !value.reformed || value.is_clean() {
            return value;
        }
        let own = Place {
            root: Root::Variable(self.id, slot),
            chain: 0,
        };
        let views = value.views.iter().flat_map(|v| v.iter().copied());
        let views: Vec<Place> = views.filter(|v| *v != own).chain([own]).collect();
        Rc::new(Value {
            views: Some(Rc::from(views)),
            ..(*value).clone()
        })
    }

    /// `base.name = value`.
    fn give_member(&mut self, base: ExprId, name: Symbol, span: Span, value: &V, from: ExprId, id: ExprId) {
        let of = self.vals[base.ix()].clone();
        let path = self.file.arena.part(of.path, Step::Member(name));
        self.sinks_assigned(path, value, from, id, false);
        let value = self.with_hop(value, span, Hop::Field(name));
        let key = Key::Text(Rc::from(self.file.facts.name(name)));
        self.write_back(base, Some(key), &value);
    }

    /// Sinks that writing to `path` is. `of_key`: the value is the key that is written under, not what is written.
    fn sinks_assigned(&mut self, path: PathId, value: &V, from: ExprId, id: ExprId, of_key: bool) {
        let index = self.file.index;
        let rows = self.file.arena.rows(path);
        // What a model knows to be harmless there (`Object.create(null)[key] = ..`).
        let harmless = |kind| {
            rows.iter().any(|(row, fit)| match row {
                Row::Sanitiser(row) => fit.exact && index.sanitisers[*row as usize].cleans.has(kind),
                _ => false,
            })
        };
        for (row, fit) in rows.iter() {
            if let Row::Sink(sink) = row
                && index.sinks[*sink as usize].assigned
                && index.sinks[*sink as usize].is_about_key() == of_key
                && !harmless(index.sinks[*sink as usize].kind)
            {
                self.sink_assigned(*sink, fit.exact, from, value, id, path);
            }
        }
    }

    /// `base[index] = value`.
    fn give_element(&mut self, base: ExprId, index: ExprId, value: &V, from: ExprId, id: ExprId) {
        let key = constant_key(&self.vals[index.ix()]);
        if let Some(Key::Text(text)) = &key {
            let path = self.file.arena.part(self.vals[base.ix()].path, Step::Key(text));
            self.sinks_assigned(path, value, from, id, false);
        } else if key.is_none() && self.is_open(base, value) {
            let path = self.file.arena.part(self.vals[base.ix()].path, Step::Elem);
            let name = self.vals[index.ix()].clone();
            self.sinks_assigned(path, &name, index, id, true);
        }
        let value = self.with_hop(value, self.span(id), Hop::Append);
        self.write_back(base, key, &value);
    }

    /// True when writing an element may reach beyond its own container: the container was itself picked by a key that is not known, or
    /// what is written comes from outside.
    fn is_open(&self, base: ExprId, value: &V) -> bool {
        let picked = match self.kind(base) {
            ExprKind::Index { index, .. } => constant_key(&self.vals[index.ix()]).is_none(),
            _ => false,
        };
        !self.vals[base.ix()].sourced && (picked || value.deep_taints().any_source())
    }

    fn take_apart<'t>(&mut self, targets: &'t [Target], value: &V, open: &mut Vec<(&'t Target, V)>) {
        let rest = targets.iter().position(|t| matches!(t, Target::Rest(_)));
        for (at, target) in targets.iter().enumerate() {
            let part = match rest {
                Some(rest) if at >= rest => {
                    // Positions after `*rest` count from the end: any element.
                    let element = Rc::new(self.element(value, None));
                    if at == rest {
                        Rc::new(self.list_of(&element))
                    } else {
                        element
                    }
                }
                _ if at + 1 == targets.len() && self.is_outcome(target) => {
                    let part = self.element(value, Some(&Key::Position(at as u32)));
                    Rc::new(Value::at(part.path))
                }
                _ => {
                    let mut part = self.element(value, Some(&Key::Position(at as u32)));
                    // One of several results is the other form: `u, err := url.Parse(x)`.
                    part.reformed = value.reformed;
                    part.views = part.views.or_else(|| value.views.clone());
                    Rc::new(part)
                }
            };
            open.push((target, part));
        }
    }

    /// `v, err := f(x)`, `v, ok := m[x]`: the last of several results says how it went, and carries nothing of what was asked for.
    fn is_outcome(&self, target: &Target) -> bool {
        let Target::Name(name, _) = target else { return false };
        let outcomes = self.file.facts.lang.outcomes();
        outcomes.contains(&self.file.facts.name(*name))
    }

    fn list_of(&mut self, element: &V) -> Value {
        let parts = Parts::new(&mut self.file.arena, Vec::new(), Some(element.clone()), false);
        Value {
            parts: Some(Rc::new(parts)),
            ..Value::default()
        }
    }

    fn field_of(&mut self, value: &V, name: Symbol, target: &Target, id: ExprId) -> V {
        if matches!(target, Target::Rest(_)) {
            return value.clone();
        }
        for callee in value.callees.iter().flat_map(|c| c.iter()) {
            if let crate::scan::value::Callee::Module(module) = callee
                && let Some(member) = self.member_of_module(*module, name)
            {
                return member;
            }
        }
        let text = self.file.facts.name(name);
        if text == "[]" {
            return Rc::new(self.element(value, None));
        }
        let path = self.file.arena.part(value.path, Step::Member(name));
        let key = Key::Text(Rc::from(text));
        let mut part = match &value.parts {
            Some(_) => self.element(value, Some(&key)),
            None => {
                let (taints, param) = self.param_part(value, &key);
                Value {
                    unknown: value.unknown || param.is_none(),
                    taints,
                    param,
                    ..Value::default()
                }
            }
        };
        part.path = self.file.arena.both(path, part.path);
        part.sourced = value.sourced;
        let (spot, span) = (self.spot(id), self.span(id));
        Rc::new(self.file.sourced(part, spot, span))
    }

    // ---- containers changed in place

    /// The value with an element added whose key is not known.
    pub(in crate::scan) fn with_element(&mut self, of: &V, element: &V, id: ExprId) -> Value {
        let element = self.with_hop(element, self.span(id), Hop::Append);
        let mut value = (**of).clone();
        value.nothing = false;
        match &of.parts {
            Some(parts) => value.parts = Some(Rc::new(parts.with_any(&mut self.file.arena, &element))),
            None => value.taints = of.taints.union(&element.deep_taints()),
        }
        value
    }

    /// Puts `value` under `key` (none: any) of what `base` names, and the changed container back where it came from, up to the
    /// variable.
    pub(in crate::scan) fn write_back(&mut self, base: ExprId, key: Option<Key>, value: &V) {
        let mut changed = self.with_part(base, key, value);
        let mut at = base;
        for _ in 0..MAX_LEVELS {
            match self.kind(at) {
                ExprKind::Name(name) => return self.put_back(*name, changed),
                ExprKind::Member { base, name, .. } => {
                    let key = Key::Text(Rc::from(self.file.facts.name(*name)));
                    changed = self.with_part(*base, Some(key), &changed);
                    at = *base;
                }
                ExprKind::Index { base, index } => {
                    let key = constant_key(&self.vals[index.ix()]);
                    changed = self.with_part(*base, key, &changed);
                    at = *base;
                }
                ExprKind::Same(inner) | ExprKind::Unary { operand: inner, .. } => at = *inner,
                ExprKind::Cast { value, .. } => at = *value,
                _ => return,
            }
        }
    }

    /// Replaces what an expression names by a changed value: `sb.append(x)` gives `sb` more text.
    pub(in crate::scan) fn replace(&mut self, expr: ExprId, changed: V) {
        let mut at = expr;
        for _ in 0..MAX_LEVELS {
            match self.kind(at) {
                ExprKind::Name(name) => return self.put_back(*name, changed),
                ExprKind::Member { base, name, .. } => {
                    let key = Key::Text(Rc::from(self.file.facts.name(*name)));
                    return self.write_back(*base, Some(key), &changed);
                }
                ExprKind::Index { base, index } => {
                    let key = constant_key(&self.vals[index.ix()]);
                    return self.write_back(*base, key, &changed);
                }
                ExprKind::Same(inner) | ExprKind::Unary { operand: inner, .. } => at = *inner,
                ExprKind::Cast { value, .. } => at = *value,
                // `buffer + length`: a part of the same buffer.
                ExprKind::Concat(parts) if self.file.facts.lang.has_pointers() => match parts.first() {
                    Some(first) => at = *first,
                    None => return,
                },
                // `out << a << b`: the same stream; `end - length`: the same buffer.
                ExprKind::Binary { left, .. } if self.file.facts.lang.has_pointers() => at = *left,
                // `sb.append(a).append(b)`: the same object again.
                ExprKind::Call { callee, .. } => match self.kind(*callee) {
                    ExprKind::Member { base, .. } => at = *base,
                    _ => return,
                },
                _ => return,
            }
        }
    }

    fn with_part(&mut self, base: ExprId, key: Option<Key>, value: &V) -> V {
        let of = self.current(base);
        if let Some(class) = self.instance_of(&of)
            && let Some(Key::Text(name)) = &key
            && let Some(name) = self.file.facts.names.find(name)
        {
            self.file.write(Cell::Field(class, name), value);
        }
        let mut changed = (*of).clone();
        changed.nothing = false;
        changed.param = None;
        let parts = match (&of.parts, key) {
            (Some(parts), Some(key)) => Some(parts.with(&mut self.file.arena, key, value)),
            (Some(parts), None) => Some(parts.with_any(&mut self.file.arena, value)),
            (None, Some(key)) => Some(Parts::new(
                &mut self.file.arena,
                vec![(key, value.clone())],
                None,
                false,
            )),
            (None, None) => {
                changed.taints = of.taints.union(&value.deep_taints());
                None
            }
        };
        if parts.is_some() {
            changed.parts = parts.map(Rc::new);
        }
        Rc::new(changed)
    }

    /// What an expression is now: a variable may have changed since it was evaluated.
    fn current(&self, id: ExprId) -> V {
        if let ExprKind::Name(name) = self.kind(id)
            && let super::scope::Meaning::Local(slot) = self.meaning(*name)
            && !self.env.vars[slot as usize].nothing
        {
            return self.env.vars[slot as usize].clone();
        }
        self.vals[id.ix()].clone()
    }

    fn instance_of(&self, of: &V) -> Option<ClassId> {
        of.instance.or_else(|| {
            of.callees.iter().flat_map(|c| c.iter()).find_map(|c| match c {
                crate::scan::value::Callee::Class(class) => Some(*class),
                _ => None,
            })
        })
    }

    fn put_back(&mut self, name: Symbol, changed: V) {
        match self.meaning(name) {
            super::scope::Meaning::Local(slot) => self.set_local(slot, changed),
            super::scope::Meaning::Outer(owner, slot) => {
                self.env.forget(Root::Variable(owner, slot));
                self.file.write(Cell::Shared(owner, slot), &changed);
                self.file.write(Cell::Inner(owner, slot), &changed);
            }
            _ => {}
        }
    }
}
