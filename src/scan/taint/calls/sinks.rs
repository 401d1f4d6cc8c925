//! Values at sinks: in calls, in assignments, in what functions return.

use super::*;

impl<'a> Visit<'_, 'a> {
    pub(super) fn sink_called(&mut self, sink: u32, fit: Fit, call: &Call<'a>) {
        let index = self.file.index;
        let row = &index.sinks[sink as usize];
        if row.assigned || row.returned || row.is_about_key() || !row.when.iter().all(|check| self.holds(check, call)) {
            return;
        }
        // `res.type("text"); res.send(x)`: what is called was told before what keeps it from harm.
        let told = call.receiver.and_then(|r| self.place(r));
        if told.is_some_and(|place| self.env.kinds(place).has(row.kind)) {
            return;
        }
        for (value, expr) in self.selected(&row.arg, call) {
            let Some(arg) = expr else { continue };
            self.hit(sink, fit.exact, Some(call.callee), arg, value, call.id, call.path);
        }
    }

    /// `object[key](..)`: sinks that a method chosen by its name is.
    pub(super) fn key_called(&mut self, call: &Call<'a>) {
        let ExprKind::Index { base, index } = *self.kind(call.callee) else {
            return;
        };
        let name = self.vals[index.ix()].clone();
        if constant_key(&name).is_some() {
            return;
        }
        let path = self.file.arena.part(self.vals[base.ix()].path, Step::Elem);
        for (row, fit) in self.file.arena.rows(path).iter() {
            if let Row::Sink(sink) = row
                && !self.file.index.sinks[*sink as usize].assigned
                && self.file.index.sinks[*sink as usize].is_about_key()
            {
                self.hit(*sink, fit.exact, Some(call.callee), index, name.clone(), call.id, path);
            }
        }
    }

    /// A value written to a member that is a sink.
    pub(in crate::scan) fn sink_assigned(
        &mut self,
        sink: u32,
        exact: bool,
        arg: ExprId,
        value: &V,
        id: ExprId,
        path: PathId,
    ) {
        let index = self.file.index;
        let part = &index.sinks[sink as usize].arg;
        let called = |c: &ArgCheck| c.named.as_ref().is_none_or(|regex| self.is_named(arg, regex) != c.not);
        if !index.sinks[sink as usize].when.iter().all(called) {
            return;
        }
        let value = match &part.field {
            Some(field) => Rc::new(self.field_at(value, field)),
            None => value.clone(),
        };
        let written = part.field.as_deref().and_then(|field| self.entry_at(arg, field));
        self.hit(sink, exact, None, written.unwrap_or(arg), value, id, path);
    }

    /// What a function returns that carries a decorator, or takes a parameter, which says who gets it.
    pub(in crate::scan) fn sink_returned(&mut self, value: ExprId) {
        let mut says = self.file.decorators[self.id.ix()].clone();
        says.extend_from_slice(&self.given_paths);
        for path in says {
            for (row, fit) in self.file.arena.rows(path).iter() {
                if let Row::Sink(sink) = row
                    && self.file.index.sinks[*sink as usize].returned
                {
                    self.part_returned(*sink, fit.exact, value, path);
                }
            }
        }
    }

    pub(super) fn part_returned(&mut self, sink: u32, exact: bool, returned: ExprId, path: PathId) {
        let index = self.file.index;
        let given = self.vals[returned.ix()].clone();
        let Some(field) = &index.sinks[sink as usize].arg.field else {
            return self.hit(sink, exact, None, returned, given, returned, path);
        };
        // An object that is not seen being made says nothing of its fields.
        let first = Key::Text(Rc::from(field.split('.').next().unwrap_or_default()));
        if given.parts.as_ref().is_none_or(|parts| parts.get(&first).is_none()) {
            return;
        }
        let part = Rc::new(self.field_at(&given, field));
        let written = self.entry_at(returned, field).unwrap_or(returned);
        self.hit(sink, exact, None, written, part, written, path);
    }

    /// The field `a.b` of a value: that of a field.
    pub(in crate::scan) fn field_at(&mut self, value: &V, field: &str) -> Value {
        let mut names = field.split('.');
        let first = names.next().unwrap_or_default();
        let part = self.element(value, Some(&Key::Text(Rc::from(first))));
        names.fold(part, |of, name| {
            self.element(&Rc::new(of), Some(&Key::Text(Rc::from(name))))
        })
    }

    /// Where the field `a.b` of an object is written, when the object is written out.
    pub(super) fn entry_at(&self, object: ExprId, field: &str) -> Option<ExprId> {
        field.split('.').try_fold(object, |at, name| {
            let ExprKind::Map(entries) = self.kind(at) else {
                return None;
            };
            let named = |e: &&Entry| {
                let key = e.key.and_then(|k| self.vals[k.ix()].text());
                key.is_some_and(|k| **k == *name)
            };
            entries.iter().rev().find(named).map(|e| e.value)
        })
    }

    #[allow(clippy::too_many_arguments)] // one hit has that many independent parts
    pub(super) fn hit(
        &mut self,
        row: u32,
        exact: bool,
        callee: Option<ExprId>,
        arg: ExprId,
        value: V,
        id: ExprId,
        path: PathId,
    ) {
        let sink = &self.file.index.sinks[row as usize];
        let built_unknown = value.unknown && value.shape.is_some();
        let as_text = sink.text.is_some() || self.file.facts.lang.has_pointers();
        if value.at_sink(as_text, sink.deep).harm(sink.kind) || built_unknown {
            self.found.sinks.push(SinkHit {
                spot: self.spot(id),
                callee,
                arg,
                row,
                exact,
                value,
                path,
            });
        }
    }
}
