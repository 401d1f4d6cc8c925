//! Calls: of functions of the file by their summaries, of everything else by models, and by assumption where nothing is known.

use super::{
    file::Cell,
    guards::both,
    read::constant_key,
    summary::Instance,
    trace::{Hop, Link},
    visit::{SinkHit, Visit},
};
use crate::{
    lang::facts::*,
    scan::{
        compile::{ArgCheck, CallbackParam, ConstPat, Kinds, Part, Row, Selector, Who, number},
        model::BuildStyle,
        paths::{arena::Part as Step, arena::PathId, automaton::Fit},
        value::{Callee, Const, From, Key, Param, Parts, Piece, Place, Taint, Taints, Tests, V, Value, join, pieces},
    },
};
use std::rc::Rc;

mod callbacks;
mod format;
mod known;
mod local;
mod select;

pub(in crate::scan) use select::{equals, of_value_or_element};

/// What a call looks like, for everything that asks about it.
#[derive(Clone, Copy)]
pub(in crate::scan) struct Call<'a> {
    /// The whole call.
    pub id: ExprId,
    /// What is called.
    pub callee: ExprId,
    /// The arguments.
    pub args: &'a [Arg],
    /// What the method is called on.
    pub receiver: Option<ExprId>,
    /// What the callee is.
    pub path: PathId,
}

impl<'a> Visit<'_, 'a> {
    /// Evaluates a call whose callee and arguments have been evaluated.
    pub(in crate::scan) fn call(&mut self, id: ExprId, callee: ExprId, args: &'a [Arg]) -> V {
        let of = self.vals[callee.ix()].clone();
        let receiver = match self.kind(callee) {
            ExprKind::Member { base, .. } => Some(*base),
            _ => None,
        };
        let call = Call {
            id,
            callee,
            args,
            receiver,
            path: of.path,
        };
        let rows = self.file.arena.rows(of.path);
        let modelled = rows.iter().any(|(row, fit)| {
            let behaves = matches!(
                row,
                Row::Guard(_) | Row::Neutral | Row::Number | Row::Sanitiser(_) | Row::Propagator(_) | Row::Format(_)
            );
            fit.exact && behaves
        });
        for (row, fit) in rows.iter() {
            // What a model knows exactly is not judged by a name it shares either.
            if modelled && !fit.exact {
                continue;
            }
            // A method that the file itself defines is judged by its body, not by a name it shares.
            if of.callees.is_some() && !fit.exact {
                continue;
            }
            match row {
                Row::Sink(sink) => self.sink_called(*sink, *fit, &call),
                Row::Call(shape) => self.call_shape(*shape, *fit, &call),
                Row::Source(source) => self.source_into(*source, *fit, &call),
                _ => {}
            }
        }
        self.key_called(&call);
        self.object_shapes(&call);
        self.named_args(&call);
        let known = |callee: &Callee| !matches!(callee, Callee::Module(_));
        let mut value = match &of.callees {
            Some(callees) if callees.iter().any(known) => self.local_call(callees, &call),
            _ => {
                if !modelled {
                    self.note_handed(&call);
                }
                self.modelled_call(&rows, &of, &call)
            }
        };
        let path = self.file.arena.part(of.path, Step::Call);
        value.path = self.file.arena.both(path, value.path);
        if let Some(passed) = self.file.arena.stands_for_passed(path).and_then(|at| args.get(at)) {
            let passed = self.vals[passed.value.ix()].clone();
            value.path = self.file.arena.both(value.path, passed.path);
            value.callees = passed.callees.clone();
            value.constant = value.constant.or_else(|| passed.constant.clone());
        }
        value.sourced |= receiver.is_some_and(|r| self.vals[r.ix()].sourced) && of.callees.is_none();
        if rows.iter().any(|(row, _)| *row == Row::Exit) {
            self.dead = true;
        }
        self.part_read(value, id)
    }

    /// A call of something outside the file.
    fn modelled_call(&mut self, rows: &[(Row, Fit)], of: &V, call: &Call<'a>) -> Value {
        if let Some(known) = self.known_call(rows, of, call) {
            return known;
        }
        let mut guard_tests: Option<Rc<Tests>> = None;
        for (row, _) in rows {
            if let Row::Guard(guard) = row
                && let Some(tests) = self.guard_called(*guard, call)
            {
                guard_tests = Some(guard_tests.map_or(tests.clone(), |known| both(&known, &tests)));
            }
        }
        self.given_back.clear();
        let registered = self.callbacks(rows, call);
        let decides = |(row, _): &&(Row, Fit)| match row {
            Row::Neutral | Row::Number | Row::Propagator(_) | Row::Format(_) => true,
            Row::Sanitiser(row) => {
                let index = self.file.index;
                let checks = &index.sanitisers[*row as usize].args;
                checks.iter().all(|check| self.holds(check, call))
            }
            _ => false,
        };
        let behaviour = rows.iter().find(decides).map(|first| {
            let builds = |(row, fit): &&(Row, Fit)| matches!(row, Row::Format(_)) && *fit == first.1;
            let passes = matches!(first.0, Row::Propagator(_));
            rows.iter().find(builds).filter(|_| passes).unwrap_or(first)
        });
        let mut value = match behaviour {
            Some((Row::Neutral, _)) => Value::default(),
            Some((Row::Number, _)) => self.number_of(call),
            Some((Row::Sanitiser(_), fit)) => {
                let kinds = self.cleaned_by(rows, *fit, call);
                self.sanitised(kinds, call)
            }
            Some((Row::Propagator(_), fit)) => {
                let kinds = self.cleaned_by(rows, *fit, call);
                let value = self.propagated(rows, *fit, call);
                if kinds == Kinds::NONE {
                    value
                } else {
                    value.cleaned(kinds)
                }
            }
            Some((Row::Format(format), fit)) => {
                // What builds a text may be another view of it at the same time (`Path(name)`).
                let viewed = self.propagated(rows, *fit, call);
                Value {
                    views: viewed.views,
                    reformed: viewed.reformed,
                    ..self.formatted(*format, call)
                }
            }
            _ if guard_tests.is_some() => Value::default(),
            _ => self.assumed(of, call, registered),
        };
        if guard_tests.is_some() {
            value.tests = guard_tests;
        }
        value
    }

    /// What all sanitisers clean that know the call equally well: several models may speak of one function.
    fn cleaned_by(&mut self, rows: &[(Row, Fit)], fit: Fit, call: &Call<'a>) -> Kinds {
        let index = self.file.index;
        let mut kinds = Kinds::NONE;
        for (row, other) in rows {
            if let Row::Sanitiser(row) = row
                && other.exact == fit.exact
                && index.sanitisers[*row as usize].args.iter().all(|c| self.holds(c, call))
            {
                let sanitiser = &index.sanitisers[*row as usize];
                kinds = kinds.or(sanitiser.cleans);
                if sanitiser.number {
                    kinds = kinds.or(index.harmless_numbers());
                }
            }
        }
        kinds
    }

    /// Nothing is known of what is called: its result may carry whatever goes in.
    fn assumed(&mut self, of: &V, call: &Call<'a>, registered: bool) -> Value {
        let span = self.span(call.callee);
        let mut value = Value::unknown();
        if let Some(receiver) = call.receiver {
            let receiver_value = self.vals[receiver.ix()].clone();
            // What a source is asked for comes from outside without any assumption.
            let hop = if receiver_value.sourced {
                Hop::Through
            } else {
                Hop::Assumed
            };
            value.taints = self.carried(&receiver_value, span, hop).taints;
            value.unknown = !(receiver_value.constant.is_some() || self.is_known(&receiver_value))
                || !call.args.iter().all(|a| self.is_known(&self.vals[a.value.ix()]));
        } else {
            value.taints = self.carried(of, span, Hop::Through).taints;
        }
        for arg in call.args {
            let arg_value = self.vals[arg.value.ix()].clone();
            if !arg_value.is_clean() {
                value.taints = value.taints.union(&self.carried(&arg_value, span, Hop::Assumed).taints);
            }
        }
        if !registered {
            self.assumed_callbacks(call);
            if call.receiver.is_none() {
                value.callees = self.wrapped(call);
            }
        }
        value
    }

    /// Remembers who is given something, for when the file that defines it is found.
    fn note_handed(&mut self, call: &Call<'a>) {
        let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = *self.kind(call.callee) else {
            return;
        };
        let mut given = call
            .args
            .iter()
            .map(|a| &self.vals[a.value.ix()])
            .filter(|v| !v.is_clean())
            .peekable();
        if given.peek().is_none() {
            return;
        }
        let outside = given.any(|v| v.deep_taints().any_source());
        *self.file.handed.entry((self.id, name)).or_default() |= outside;
    }

    /// An object that is made is asked for by `*.new` too, whatever its class.
    fn object_shapes(&mut self, call: &Call<'a>) {
        if !matches!(self.kind(call.id), ExprKind::Call { new: true, .. }) {
            return;
        }
        let path = self.file.arena.member_named(call.path, "new");
        for (row, fit) in self.file.arena.rows(path).iter() {
            if let Row::Call(shape) = row {
                self.call_shape(*shape, *fit, call);
            }
        }
    }

    /// A function given to an unknown function that gives something back (`wrap(async (req, res) => ..)`, `debounce(f)`) is taken for
    /// what is given back.
    fn wrapped(&self, call: &Call<'a>) -> Option<Rc<[Callee]>> {
        let mut lambdas = call
            .args
            .iter()
            .filter(|a| matches!(self.kind(a.value), ExprKind::Lambda(_)));
        let (only, more) = (lambdas.next()?, lambdas.next());
        let is_new = matches!(self.kind(call.id), ExprKind::Call { new: true, .. });
        if more.is_some() || is_new {
            return None;
        }
        self.vals[only.value.ix()].callees.clone()
    }

    /// True when nothing of the value is unknown or from outside.
    fn is_known(&self, value: &V) -> bool {
        value.is_clean() && !value.any_unknown()
    }

    fn sanitised(&mut self, kinds: Kinds, call: &Call<'a>) -> Value {
        let span = self.span(call.callee);
        let mut value = Value::default();
        // Nobody needs to know which number it is.
        let number = self.file.index.harmless_numbers().except(kinds) == Kinds::NONE;
        let all = call.receiver.into_iter().chain(call.args.iter().map(|a| a.value));
        for input in all {
            let input = self.vals[input.ix()].clone();
            let carried = self.carried(&input, span, Hop::Cleaned);
            value.unknown |= carried.unknown && !number;
            value.taints = value.taints.union(&carried.taints.cleaned(kinds));
        }
        value
    }

    /// A number made of what goes in.
    fn number_of(&mut self, call: &Call<'a>) -> Value {
        let kinds = self.file.index.harmless_numbers();
        if kinds.is_all() {
            return Value::default();
        }
        self.sanitised(kinds, call)
    }

    /// Applies every propagator row that fits as well as the best one.
    fn propagated(&mut self, rows: &[(Row, Fit)], best: Fit, call: &Call<'a>) -> Value {
        let span = self.span(call.callee);
        let mut result = Value::default();
        let mut read = PathId::UNKNOWN;
        for (row, fit) in rows {
            let Row::Propagator(id) = row else { continue };
            if *fit != best {
                continue;
            }
            let row = &self.file.index.propagators[*id as usize];
            let inputs: Vec<(V, Option<ExprId>)> = row.from.iter().flat_map(|s| self.selected(s, call)).collect();
            // `map.get(key)` is `map[key]` under another name.
            if let (Some(Selector { part: Part::At(_), .. }), Some((element, _))) = (row.from.first(), inputs.first()) {
                read = element.path;
            }
            // One value passes through when all others are known: a separator, a default, a position.
            let single = inputs.iter().filter(|(v, _)| !self.is_known(v)).count() <= 1;
            for (input, expr) in &inputs {
                let input = match row.number {
                    true => &Rc::new(input.cleaned(self.file.index.harmless_numbers())),
                    false => input,
                };
                let through = match single && (row.view || input.parts.is_none()) {
                    true => self.with_hop(input, span, Hop::Through),
                    false => Rc::new(self.carried(input, span, Hop::Through)),
                };
                for to in &row.to {
                    match (&to.who, to.part) {
                        (Who::Return, Part::Whole) => result = self.merged(result, (*through).clone()),
                        (Who::Return, _) => {
                            let list = self.list(&through, to);
                            result = self.merged(result, list);
                        }
                        _ => self.propagate_to(to, &through, call),
                    }
                }
                result.reformed |= row.view;
                if row.view
                    && let Some(expr) = expr
                {
                    let mut views: Vec<Place> = result.views.iter().flat_map(|v| v.iter().copied()).collect();
                    views.extend(self.places(*expr));
                    views.dedup();
                    result.views = (!views.is_empty()).then(|| Rc::from(views));
                }
            }
        }
        result.param = None;
        result.constant = None;
        result.callees = None;
        result.instance = None;
        result.tests = None;
        result.path = read;
        result
    }

    fn merged(&mut self, one: Value, other: Value) -> Value {
        if one.parts.is_none() && one.taints.is_empty() && one.shape.is_none() && one.constant.is_none() && !one.unknown
        {
            let views = one.views;
            return Value { views, ..other };
        }
        let joined = join(&mut self.file.arena, &Rc::new(one), &Rc::new(other));
        (*joined).clone()
    }

    /// A list of such elements; of tuples that hold one there, when the selector says at which position.
    fn list(&mut self, element: &V, to: &Selector) -> Value {
        let position = to.field.as_deref().and_then(|f| f.parse().ok());
        let element = match position {
            Some(at) => {
                let parts = Parts::new(
                    &mut self.file.arena,
                    vec![(Key::Position(at), element.clone())],
                    None,
                    false,
                );
                Rc::new(Value {
                    parts: Some(Rc::new(parts)),
                    ..Value::default()
                })
            }
            None => element.clone(),
        };
        let parts = Parts::new(&mut self.file.arena, Vec::new(), Some(element), false);
        Value {
            parts: Some(Rc::new(parts)),
            ..Value::default()
        }
    }

    /// Adds to the receiver or to an argument what goes into it.
    fn propagate_to(&mut self, to: &Selector, value: &V, call: &Call<'a>) {
        for target in self.selected_exprs(to, call) {
            let of = self.vals[target.ix()].clone();
            let changed = match to.part {
                Part::Elements | Part::At(_) => self.with_element(&of, value, call.id),
                Part::Whole | Part::Field | Part::Result => {
                    let mut changed = (*of).clone();
                    changed.nothing = false;
                    changed.taints = of.taints.union(&value.deep_taints());
                    changed.constant = None;
                    changed
                }
            };
            let key = match to.part {
                Part::At(argument) => self.key_of_argument(argument, call),
                _ => None,
            };
            match key {
                Some(key) => self.write_back(target, Some(key), value),
                None => self.replace(target, Rc::new(changed)),
            }
        }
    }

    /// A call that fills an argument with outside values.
    fn source_into(&mut self, row: u32, fit: Fit, call: &Call<'a>) {
        let index = self.file.index;
        let Some(selector) = &index.sources[row as usize].into else {
            return;
        };
        let taint = Taint {
            from: From::Source {
                spot: self.spot(call.id),
                row,
            },
            cleaned: index.sources[row as usize].harmless,
            built: false,
            weak: !fit.exact,
            assumed: 0,
            trace: Link::first(self.id, self.span(call.id), Hop::Source(row)),
        };
        for target in self.selected_exprs(selector, call) {
            let mut filled = (*self.vals[target.ix()]).clone();
            filled.nothing = false;
            filled.taints = filled.taints.union(&Taints::one(taint.clone()));
            (filled.constant, filled.shape) = (None, None);
            self.replace(target, Rc::new(filled));
        }
    }

    // ---- guards

    /// What a call says as a test, or does as a check that raises.
    pub(in crate::scan) fn guard_called(&mut self, guard: u32, call: &Call<'a>) -> Option<Rc<Tests>> {
        let index = self.file.index;
        let guard = &index.guards[guard as usize];
        if !guard.args.iter().all(|check| self.holds(check, call)) {
            return None;
        }
        let tested: Vec<ExprId> = match &guard.arg {
            Some(selector) => self.selected_exprs(selector, call),
            None => match call.receiver.filter(|r| !self.vals[r.ix()].is_clean()) {
                Some(receiver) => vec![receiver],
                None => call.args.first().map(|a| a.value).into_iter().collect(),
            },
        };
        // Membership in what comes from outside itself says nothing.
        let by_argument = guard.arg.as_ref().is_some_and(|a| a.who != Who::Receiver);
        if by_argument
            && call
                .receiver
                .is_some_and(|r| self.vals[r.ix()].deep_taints().any_source())
        {
            return None;
        }
        // Of a list that is written out, its elements: `commonpath([base, path])`.
        let tested = tested.into_iter().flat_map(|t| match self.kind(t) {
            ExprKind::Sequence(elements) => elements.to_vec(),
            _ => vec![t],
        });
        let says: Vec<(Place, Kinds)> = tested
            .flat_map(|t| self.places(t))
            .map(|place| (place, guard.cleans))
            .collect();
        if says.is_empty() {
            return None;
        }
        if guard.raises {
            super::visit::refine(&mut self.env, &says);
            return None;
        }
        let (yes, no) = if guard.when {
            (says, Vec::new())
        } else {
            (Vec::new(), says)
        };
        Some(Rc::new(Tests { yes, no }))
    }

    // ---- sinks

    fn sink_called(&mut self, sink: u32, fit: Fit, call: &Call<'a>) {
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
    fn key_called(&mut self, call: &Call<'a>) {
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

    fn part_returned(&mut self, sink: u32, exact: bool, returned: ExprId, path: PathId) {
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
    fn entry_at(&self, object: ExprId, field: &str) -> Option<ExprId> {
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
    fn hit(&mut self, row: u32, exact: bool, callee: Option<ExprId>, arg: ExprId, value: V, id: ExprId, path: PathId) {
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

    /// Named arguments are fields of what is made: `Cookie{Secure: false}`, JSX attributes.
    fn named_args(&mut self, call: &Call<'a>) {
        for arg in call.args {
            let Some(name) = arg.name else { continue };
            self.assign_shape_named(name, arg.value, call.path, arg.span, call.id);
            let path = self.file.arena.part(call.path, Step::Call);
            let path = self.file.arena.part(path, Step::Member(name));
            let rows = self.file.arena.rows(path);
            for (row, fit) in rows.iter() {
                if let Row::Sink(sink) = row
                    && self.file.index.sinks[*sink as usize].assigned
                {
                    let value = self.vals[arg.value.ix()].clone();
                    self.sink_assigned(*sink, fit.exact, arg.value, &value, call.id, path);
                }
            }
        }
    }
}
