//! Reading: names, members, elements, slices; what is a source, neutral or checked is marked as it is read.

use super::{file::Cell, scope::Meaning, visit::Visit};
use crate::{
    lang::facts::*,
    scan::{
        compile::{Kinds, Row},
        paths::arena::{Part as Step, PathId},
        value::{Callee, Const, Key, Parts, Passed, Place, Taints, Tests, V, Value, join},
    },
};
use std::rc::Rc;

impl Visit<'_, '_> {
    pub(in crate::scan) fn name(&mut self, name: Symbol, id: ExprId) -> V {
        let value = match self.file.scopes.meaning(self.file.facts, self.id, name) {
            Meaning::Local(slot) => return self.local(slot, name, id),
            Meaning::Outer(owner, slot) => self.captured(owner, slot, name, id),
            Meaning::Function(function) => Rc::new(self.file.function_value(function)),
            Meaning::Class(class) => Rc::new(self.file.class_value(class)),
            Meaning::Module(module) => Rc::new(self.module_named(module, name)),
            Meaning::Free => self.free(name, id),
        };
        self.as_checked(value, id)
    }

    fn local(&mut self, slot: u32, name: Symbol, id: ExprId) -> V {
        let mut value = self.env.vars[slot as usize].clone();
        if self.file.scopes.is_written_inside(self.id, slot)
            && let Some(shared) = self.file.read(Cell::Shared(self.id, slot), self.id)
        {
            value = join(&mut self.file.arena, &value, &shared);
        }
        // `list.forEach((item) => { lines.push(item); })`
        if self.file.scopes.is_shared(self.id, slot)
            && let Some(changed) = self.file.read(Cell::Inner(self.id, slot), self.id)
        {
            value = join(&mut self.file.arena, &value, &changed);
        }
        // `try: import x / except: x = None` makes a local of an import.
        let module = self.function.kind == FunctionKind::Module;
        if self.file.is_imported(self.id, name) && (value.nothing || module) {
            let imported = self.free(name, id);
            value = join(&mut self.file.arena, &value, &imported);
        }
        value
    }

    /// A variable of a function this one is written in.
    pub(in crate::scan) fn captured(&mut self, owner: FunctionId, slot: u32, name: Symbol, id: ExprId) -> V {
        let of_module = self.file.function(owner).kind == FunctionKind::Module;
        let cell = if self.function.kind == FunctionKind::Lambda && !of_module {
            Cell::Captured(self.id, owner, slot)
        } else {
            Cell::Shared(owner, slot)
        };
        let known = self.file.read(cell, self.id);
        // What another function written there puts in it: `request.on("data", (part) => { body += part; })`.
        let changed = match cell {
            Cell::Captured(..) => self.file.read(Cell::Inner(owner, slot), self.id),
            _ => None,
        };
        match (known, changed) {
            (Some(known), Some(changed)) => join(&mut self.file.arena, &known, &changed),
            (Some(value), None) | (None, Some(value)) => value,
            (None, None) if self.file.is_imported(self.id, name) => self.free(name, id),
            (None, None) => self.file.nothing.clone(),
        }
    }

    fn free(&mut self, name: Symbol, id: ExprId) -> V {
        let text = self.file.facts.name(name);
        if text == "super"
            && let Some(value) = self.file.base_instance(self.id)
        {
            return Rc::new(value);
        }
        if matches!(text, "this" | "self" | "Self")
            && !self.file.is_imported(self.id, name)
            && let Some(class) = self.file.enclosing_class(self.id)
        {
            let value = if text == "Self" {
                self.file.class_value(class)
            } else {
                self.file.instance(class)
            };
            return Rc::new(value);
        }
        let value = self.file.free(self.id, name);
        if !value.sourced {
            return value;
        }
        let (spot, span) = (self.spot(id), self.span(id));
        Rc::new(self.file.sourced((*value).clone(), spot, span))
    }

    /// `base.name`.
    pub(in crate::scan) fn member(&mut self, base: ExprId, name: Symbol, id: ExprId) -> V {
        let of = self.vals[base.ix()].clone();
        let mut path = self.file.arena.part(of.path, Step::Member(name));
        let mut method = PathId::UNKNOWN;
        if self.file.facts.lang.getters_are_properties() {
            method = self.getter(&of, name);
            let got = self.file.arena.part(method, Step::Call);
            path = self.file.arena.both(path, got);
        }
        let mut value = match self.inner_member(&of, name, id) {
            Some(inner) => {
                let mut value = (*inner).clone();
                value.taints = value.taints.union(&of.taints);
                if path.known() {
                    value.path = self.file.arena.both(path, value.path);
                }
                value
            }
            None => {
                let mut value = Value::at(path);
                (value.taints, value.param) = self.param_part(&of, &Key::Text(Rc::from(self.file.facts.name(name))));
                value.unknown = of.unknown || !of.is_clean() || of.instance.is_some();
                value
            }
        };
        value.sourced = of.sourced;
        value.views = of.views.clone();
        if method.known() {
            value = self.given_by_getter(value, method, base);
        }
        self.part_read(value, id)
    }

    /// What models say of the method that a property stands for: what it makes harmless, and whether it is another view of its object.
    fn given_by_getter(&self, mut value: Value, method: PathId, base: ExprId) -> Value {
        let index = self.file.index;
        for (row, _) in self.file.arena.rows(method).iter().filter(|(_, fit)| fit.exact) {
            match row {
                Row::Sanitiser(row) if index.sanitisers[*row as usize].args.is_empty() => {
                    value = value.cleaned(index.sanitisers[*row as usize].cleans);
                }
                Row::Propagator(row) if index.propagators[*row as usize].view => {
                    let views = value.views.iter().flat_map(|v| v.iter().copied());
                    let views: Vec<Place> = views.chain(self.places(base)).collect();
                    value.views = (!views.is_empty()).then(|| Rc::from(views));
                }
                _ => {}
            }
        }
        value
    }

    /// Kotlin reads what Java's `getName()` gives as `name`: the method it is.
    fn getter(&mut self, of: &V, name: Symbol) -> PathId {
        let text = self.file.facts.name(name);
        let mut letters = text.chars();
        let Some(first) = letters.next().filter(|c| c.is_ascii_lowercase() && of.path.known()) else {
            return PathId::UNKNOWN;
        };
        let getter = format!("get{}{}", first.to_ascii_uppercase(), letters.as_str());
        self.file.arena.member_named(of.path, &getter)
    }

    /// What is known of a member from the inside of its object: a field, a method.
    pub(in crate::scan::taint) fn inner_member(&mut self, of: &V, name: Symbol, id: ExprId) -> Option<V> {
        if let Some(parts) = &of.parts {
            let key = Key::Text(Rc::from(self.file.facts.name(name)));
            if let Some(found) = parts.get(&key) {
                return Some(found.clone());
            }
        }
        if let Some(class) = of.instance {
            if let Some(method) = self.file.method(class, name) {
                if self.is_property(method) {
                    return Some(self.call_bound(method, of, id));
                }
                return Some(Rc::new(Value {
                    callees: Some(Rc::from([Callee::Bound(method, of.clone())])),
                    ..Value::default()
                }));
            }
            return self.field(class, name);
        }
        for callee in of.callees.iter().flat_map(|c| c.iter()) {
            match callee {
                Callee::Class(class) => {
                    if let Some(method) = self.file.method(*class, name) {
                        return Some(Rc::new(self.file.function_value(method)));
                    }
                    return self.field(*class, name);
                }
                Callee::Module(module) => {
                    if let Some(member) = self.member_of_module(*module, name) {
                        return Some(member);
                    }
                }
                Callee::Function(_) | Callee::Bound(..) => {}
            }
        }
        let rest = of.parts.as_ref().and_then(|p| p.rest().cloned());
        rest.filter(|_| !of.path.known())
    }

    /// A field by what methods and class bodies put in it and by its declared type, in the class or one it extends.
    fn field(&mut self, class: ClassId, name: Symbol) -> Option<V> {
        for class in self.file.with_bases(class) {
            let written = self.file.read(Cell::Field(class, name), self.id);
            let declared = self.file.declared_field(class, name);
            let found = match (written, declared) {
                (Some(written), Some(declared)) => {
                    let mut value = (*written).clone();
                    value.path = self.file.arena.both(declared.path, value.path);
                    value.instance = value.instance.or(declared.instance);
                    Some(Rc::new(value))
                }
                (Some(written), None) => Some(written),
                (None, declared) => declared.map(Rc::new),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn is_property(&self, method: FunctionId) -> bool {
        let function = self.file.function(method);
        let Some(parent) = function.parent else { return false };
        let exprs = &self.file.function(parent).exprs;
        function.decorators.iter().any(|d| {
            let name = match &exprs[d.ix()].kind {
                ExprKind::Name(name) | ExprKind::Member { name, .. } => self.file.facts.name(*name),
                _ => "",
            };
            matches!(name, "property" | "cached_property")
        })
    }

    /// `base[index]`.
    pub(in crate::scan) fn index(&mut self, base: ExprId, index: ExprId, id: ExprId) -> V {
        let (of, key) = (self.vals[base.ix()].clone(), self.vals[index.ix()].clone());
        let mut value = self.element(&of, constant_key(&key).as_ref());
        value.sourced = of.sourced;
        value.views = of.views.clone();
        // `if allowed[x]`: true only for keys of something that is not from outside.
        if !of.deep_taints().any_source() {
            let places = self.places(index);
            if !places.is_empty() {
                let yes = places.into_iter().map(|p| (p, Kinds::ALL)).collect();
                value.tests = Some(Rc::new(Tests { yes, no: Vec::new() }));
            }
        }
        self.part_read(value, id)
    }

    /// An element of a value, under a constant key or any.
    pub(in crate::scan) fn element(&mut self, of: &V, key: Option<&Key>) -> Value {
        let path = match key {
            Some(Key::Text(text)) => self.file.arena.part(of.path, Step::Key(text)),
            Some(Key::Position(at)) => self.file.arena.part(of.path, Step::Key(&at.to_string())),
            None => self.file.arena.part(of.path, Step::Elem),
        };
        let inner = match &of.parts {
            Some(parts) => match key.and_then(|k| parts.get(k)) {
                Some(found) => Some(found.clone()),
                None if key.is_some() && parts.is_closed() => Some(Rc::new(Value::default())),
                None if key.is_some() => parts.rest().cloned().or_else(|| of.element.clone()),
                None => parts.any(&mut self.file.arena),
            },
            None => of.element.clone(),
        };
        let mut value = match inner {
            Some(inner) => {
                let mut value = (*inner).clone();
                value.taints = value.taints.union(&of.taints);
                value.path = self.file.arena.both(value.path, path);
                value.param = None;
                value.taints = value.taints.cleaned(self.harmless(value.path));
                value
            }
            None => {
                let (taints, param) = match key {
                    Some(key) => self.param_part(of, key),
                    None => (of.taints.clone(), None),
                };
                Value {
                    taints,
                    param,
                    path,
                    // An element of a known text is known.
                    unknown: of.unknown || (of.constant.is_none() && of.shape.is_none() && of.taints.is_empty()),
                    ..Value::default()
                }
            }
        };
        if of.parts.as_ref().is_some_and(|p| p.all_known()) && of.taints.is_empty() {
            value.unknown = false;
        }
        value.tests = None;
        value
    }

    /// What a value of that path is harmless for: a number, a truth value.
    fn harmless(&self, path: PathId) -> Kinds {
        match path.known() {
            true => self.file.harmless(path),
            false => Kinds::NONE,
        }
    }

    /// What is carried under a key by something opaque: all of it, or a parameter's part.
    pub(in crate::scan) fn param_part(&self, of: &V, key: &Key) -> (Taints, Option<Passed>) {
        match self.file.withins.part(of, key) {
            Some((taints, param)) => (taints, Some(param)),
            None => (of.taints.clone(), None),
        }
    }

    /// Marks what was read by member, key or call when it is a source, clean, or was checked before.
    pub(in crate::scan) fn part_read(&mut self, mut value: Value, id: ExprId) -> V {
        if value.path.known() {
            let harmless = self.harmless(value.path);
            if harmless != Kinds::NONE {
                value.taints = value.taints.cleaned(harmless);
                value.param = value.param.filter(|_| !harmless.is_all());
            }
            let (spot, span) = (self.spot(id), self.span(id));
            value = self.file.sourced(value, spot, span);
        }
        self.as_checked(Rc::new(value), id)
    }

    /// The value, clean for what its place was checked for on the way here.
    fn as_checked(&mut self, value: V, id: ExprId) -> V {
        if self.env.checked.is_empty() || value.is_clean() {
            return value;
        }
        let Some(place) = self.place(id) else { return value };
        match self.env.kinds(place) {
            Kinds::NONE => value,
            kinds => Rc::new(value.cleaned(kinds)),
        }
    }

    pub(in crate::scan) fn slice(&mut self, base: ExprId, id: ExprId) -> Value {
        let of = &self.vals[base.ix()];
        let mut value = Value::carrying(of.taints.clone(), of.unknown);
        value.sourced = of.sourced;
        value.views = of.views.clone();
        value.parts = of.parts.clone();
        if value.parts.is_some() {
            // Positions move.
            let rest = of.parts.clone().and_then(|p| p.any(&mut self.file.arena));
            let closed = of.parts.as_ref().is_some_and(|p| p.is_closed());
            value.parts = Some(Rc::new(Parts::new(&mut self.file.arena, Vec::new(), rest, closed)));
        }
        let _ = id;
        value
    }
}

/// A constant as a key.
pub(in crate::scan) fn constant_key(value: &V) -> Option<Key> {
    match value.constant.as_ref()? {
        Const::Text(text) => Some(Key::Text(text.clone())),
        Const::Number(number) => match number.parse() {
            Ok(at) => Some(Key::Position(at)),
            Err(_) => Some(Key::Text(number.clone())),
        },
        Const::Bool(_) | Const::Null => None,
    }
}
