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

mod assumed;
mod callbacks;
mod format;
mod known;
mod local;
mod propagate;
mod select;
mod sinks;

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
