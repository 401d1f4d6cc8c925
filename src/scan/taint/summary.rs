//! What a function does, seen from outside: what it returns, what it checks, what it changes in its arguments. Callers put their own
//! arguments in place of its parameters.

use super::{file::File, guards, trace::Hop};
use crate::{
    lang::facts::*,
    scan::{
        compile::Kinds,
        value::{
            Const, From, Key, Param, Passed, Piece, Place, Root, Taint, Taints, Tests, V, Value, Withins, join, joins,
            pieces, same, shape,
        },
    },
    text::Span,
};
use std::rc::Rc;

/// A check of a parameter, or of a chain of members of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Index of the parameter.
    pub param: u16,
    /// The chain, as in [`Place`].
    pub chain: u64,
    /// The kinds it is harmless for.
    pub kinds: Kinds,
}

/// What a function puts into one of its arguments.
#[derive(Clone, Debug)]
pub struct Added {
    /// Index of the parameter.
    pub param: u16,
    /// Under which field or key; `None`: somewhere in it.
    pub key: Option<Key>,
    /// What.
    pub value: V,
}

impl Added {
    fn same(&self, other: &Added) -> bool {
        (self.param, &self.key) == (other.param, &other.key) && same(&self.value, &other.value)
    }
}

/// What a function does.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What it returns, in terms of its parameters.
    pub returns: V,
    /// What each way out gives, in order of blocks.
    pub exits: Vec<Given>,
    /// It never comes back.
    pub never_returns: bool,
    /// What holds after it came back.
    pub checks: Vec<Check>,
    /// What holds when its result is true.
    pub yes: Vec<Check>,
    /// What holds when its result is false.
    pub no: Vec<Check>,
    /// What it adds to arguments that are changed in place.
    pub adds: Vec<Added>,
    /// What it sets variables to that are passed by reference.
    pub sets: Vec<(u16, V)>,
    /// Fields of the instance at the end of a constructor.
    pub fields: Option<V>,
}

/// What one way out of a function gives, as far as matchers ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The constant it gives.
    pub constant: Option<Const>,
    /// The parameter it gives back unchanged.
    pub param: Option<Passed>,
}

/// How one way of a function ends.
pub struct Exit {
    /// The returned value.
    pub value: Option<V>,
    /// What was checked on the way.
    pub checked: Vec<(Place, Kinds)>,
    /// The locals.
    pub vars: Vec<V>,
}

impl Summary {
    /// Of a function that was not visited yet: it has no result so far.
    #[must_use]
    pub fn none(nothing: &V) -> Summary {
        Summary {
            returns: nothing.clone(),
            exits: Vec::new(),
            never_returns: false,
            checks: Vec::new(),
            yes: Vec::new(),
            no: Vec::new(),
            adds: Vec::new(),
            sets: Vec::new(),
            fields: None,
        }
    }

    /// From the ways a visit ended. When the visit was cut short, what it returns is unknown.
    #[must_use]
    pub fn of(file: &mut File<'_>, id: FunctionId, exits: Vec<Exit>, complete: bool) -> Summary {
        let nothing = file.nothing.clone();
        let mut summary = Summary::none(&nothing);
        let function = file.function(id);
        summary.never_returns = exits.is_empty() && complete;
        for exit in &exits {
            let value = exit
                .value
                .clone()
                .unwrap_or_else(|| Rc::new(Value::constant(Const::Null)));
            summary.exits.push(Given {
                constant: value.constant.clone(),
                param: value.param,
            });
            summary.returns = join(&mut file.arena, &summary.returns, &value);
        }
        if !complete {
            summary.returns = join(&mut file.arena, &summary.returns, &file.unknown.clone());
        }
        if let Some(declared) = &function.returns {
            let (declared, _) = file.typed(declared, id);
            let mut value = (*summary.returns).clone();
            value.path = file.arena.both(value.path, declared.path);
            value.instance = value.instance.or(declared.instance);
            value.element = value.element.or(declared.element);
            summary.returns = Rc::new(value);
        }
        summary.read_checks(file, id, &exits);
        summary.read_adds(file, id, &exits);
        summary.read_sets(file, id, &exits);
        if function.kind == FunctionKind::Constructor
            && let Some(slot) = receiver_slot(file, id)
        {
            let mut all: Option<V> = None;
            for exit in &exits {
                let own = &exit.vars[slot as usize];
                all = Some(match all {
                    Some(all) => join(&mut file.arena, &all, own),
                    None => own.clone(),
                });
            }
            summary.fields = all;
        }
        summary
    }

    fn read_checks(&mut self, file: &File<'_>, id: FunctionId, exits: &[Exit]) {
        let of_param = |place: &Place| -> Option<u16> {
            let Root::Variable(of, slot) = place.root else {
                return None;
            };
            if of != id {
                return None;
            }
            if file.scopes.is_reassigned(id, slot) {
                return None;
            }
            let name = file.scopes.name(id, slot)?;
            let index = file.function(id).params.iter().position(|p| p.name == name)?;
            u16::try_from(index).ok()
        };
        let checks = |says: Vec<(Place, Kinds)>| -> Vec<Check> {
            let check = |(place, kinds): &(Place, Kinds)| {
                of_param(place).map(|param| Check {
                    param,
                    chain: place.chain,
                    kinds: *kinds,
                })
            };
            says.iter().filter_map(check).collect()
        };
        self.checks = checks(guards::intersection(exits.iter().map(|e| e.checked.as_slice())));
        let says = |exit: &Exit, truth: bool| -> Option<Vec<(Place, Kinds)>> {
            let value = exit.value.as_ref();
            let constant = value.map_or(Some(&Const::Null), |v| v.constant.as_ref());
            if constant.is_some_and(|c| c.truth() != truth) {
                return None;
            }
            let tests = value.and_then(|v| v.tests.as_ref());
            let tests = tests.map_or(&[][..], |t| if truth { &t.yes } else { &t.no });
            Some(guards::union([exit.checked.as_slice(), tests].into_iter()))
        };
        for truth in [true, false] {
            let all: Vec<Vec<(Place, Kinds)>> = exits.iter().filter_map(|e| says(e, truth)).collect();
            let holds = checks(guards::intersection(all.iter().map(Vec::as_slice)));
            if truth {
                self.yes = holds;
            } else {
                self.no = holds;
            }
        }
    }

    fn read_sets(&mut self, file: &mut File<'_>, id: FunctionId, exits: &[Exit]) {
        for (index, param) in file.function(id).params.iter().enumerate() {
            let slot = file.scopes.slot(id, param.name);
            let Some(slot) = slot.filter(|_| param.kind == ParamKind::Reference) else {
                continue;
            };
            let values: Vec<V> = exits.iter().map(|exit| exit.vars[slot as usize].clone()).collect();
            if let Some(value) = joins(&mut file.arena, &values) {
                self.sets.push((index as u16, value));
            }
        }
    }

    fn read_adds(&mut self, file: &mut File<'_>, id: FunctionId, exits: &[Exit]) {
        for (index, param) in file.function(id).params.iter().enumerate() {
            let Some(slot) = file.scopes.slot(id, param.name) else {
                continue;
            };
            if matches!(param.kind, ParamKind::Receiver | ParamKind::Reference) || file.scopes.is_reassigned(id, slot) {
                continue;
            }
            let own = Param {
                function: id,
                index: index as u16,
            };
            let is_own = |from: From| match from {
                From::Param(passed) => passed.param == own,
                From::Given { param, .. } => param == own,
                From::Source { .. } => false,
            };
            let others = |taints: &Taints| taints.map(|t| (!is_own(t.from)).then(|| t.clone()));
            let mut added: Vec<(Option<Key>, Taints)> = vec![(None, Taints::default())];
            let mut add = |key: Option<Key>, taints: Taints| match added.iter_mut().find(|(k, _)| *k == key) {
                Some((_, known)) => *known = known.union(&taints),
                None => added.push((key, taints)),
            };
            for exit in exits {
                let value = &exit.vars[slot as usize];
                add(None, others(&value.taints));
                for (key, part) in value.parts.iter().flat_map(|parts| parts.entries()) {
                    add(Some(key.clone()), others(&part.deep_taints()));
                }
                if let Some(rest) = value.parts.as_ref().and_then(|parts| parts.rest()) {
                    add(None, others(&rest.deep_taints()));
                }
            }
            let added = added.into_iter().filter(|(_, taints)| !taints.is_empty());
            self.adds.extend(added.map(|(key, taints)| Added {
                param: own.index,
                key,
                value: Rc::new(Value::carrying(taints, false)),
            }));
        }
    }

    /// True when both say the same, as far as callers care.
    #[must_use]
    pub fn same(&self, other: &Summary) -> bool {
        let fields = match (&self.fields, &other.fields) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        };
        fields
            && same(&self.returns, &other.returns)
            && self.exits == other.exits
            && self.never_returns == other.never_returns
            && self.checks == other.checks
            && self.yes == other.yes
            && self.no == other.no
            && self.sets.len() == other.sets.len()
            && self
                .sets
                .iter()
                .zip(&other.sets)
                .all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
            && self.adds.len() == other.adds.len()
            && self.adds.iter().zip(&other.adds).all(|(a, b)| a.same(b))
    }
}

fn receiver_slot(file: &File<'_>, id: FunctionId) -> Option<u32> {
    let function = file.function(id);
    let receiver = function.params.iter().find(|p| p.kind == ParamKind::Receiver)?;
    file.scopes.slot(id, receiver.name)
}

/// A call of a function of the file, for putting arguments in place of parameters.
pub struct Instance<'c> {
    /// What is called.
    pub callee: FunctionId,
    /// For each parameter, what is passed; `None` when nothing is.
    pub args: &'c [Option<V>],
    /// For each parameter, the places the passed expression speaks of.
    pub places: &'c [Vec<Place>],
    /// Parts of parameters.
    pub withins: &'c Withins,
    /// Who calls.
    pub caller: FunctionId,
    /// The calling expression.
    pub span: Span,
}

impl Instance<'_> {
    fn own(&self, passed: Passed) -> Option<V> {
        if passed.param.function != self.callee {
            return None;
        }
        let arg = self.args.get(passed.param.index as usize)?.as_ref()?;
        Some(self.withins.select(arg, passed.within))
    }

    /// A value of the callee as the caller sees it.
    #[must_use]
    pub fn value(&self, of: &V) -> V {
        if let Some(param) = of.param
            && let Some(arg) = self.own(param)
        {
            return self.with_step(&arg, Hop::Returned(self.callee, true));
        }
        if of.is_clean() && of.param.is_none() && of.views.is_none() && of.tests.is_none() && of.shape.is_none() {
            return of.clone();
        }
        let (taints, unknown) = self.taints(&of.taints);
        let mut value = (**of).clone();
        value.taints = taints;
        value.unknown |= unknown;
        value.sourced = false;
        value.tests = None;
        value.param = of.param.filter(|p| p.param.function != self.callee);
        value.views = of
            .views
            .as_ref()
            .map(|views| self.places_of(views))
            .filter(|v| !v.is_empty())
            .map(Rc::from);
        value.parts = of.parts.as_ref().map(|parts| Rc::new(parts.map(|v| self.value(v))));
        value.shape = of.shape.as_ref().map(|whole| {
            shape(whole.iter().flat_map(|piece| match piece {
                Piece::Lit(_) => vec![piece.clone()],
                Piece::Hole(hole) => match hole.param.and_then(|p| self.own(p)) {
                    Some(arg) => pieces(&self.with_step(&arg, Hop::Returned(self.callee, false))),
                    None => vec![Piece::Hole(self.value(hole))],
                },
            }))
        });
        Rc::new(value)
    }

    fn with_step(&self, value: &V, hop: Hop) -> V {
        if value.is_clean() {
            return value.clone();
        }
        let step = |taint: &Taint| {
            let mut taint = taint.clone();
            taint.trace = taint.trace.then(self.caller, self.span, hop);
            Some(taint)
        };
        let mut with = (**value).clone();
        with.taints = value.taints.map(step);
        with.parts = with.parts.map(|p| Rc::new(p.map(|v| self.with_step(v, hop))));
        Rc::new(with)
    }

    fn taints(&self, of: &Taints) -> (Taints, bool) {
        let mut all: Vec<Taint> = Vec::new();
        let mut unknown = false;
        for taint in of.iter() {
            let From::Param(passed) = taint.from else {
                all.push(taint.clone());
                continue;
            };
            let Some(arg) = self.own(passed) else {
                if passed.param.function != self.callee {
                    all.push(taint.clone());
                }
                continue;
            };
            unknown |= arg.any_unknown();
            for outer in arg.deep_taints().iter() {
                let way = outer.trace.then(self.caller, self.span, Hop::Into(passed.param));
                let way = way.followed_by(&taint.trace);
                all.push(Taint {
                    from: outer.from,
                    cleaned: outer.cleaned.or(taint.cleaned),
                    built: outer.built | taint.built,
                    weak: outer.weak | taint.weak,
                    assumed: outer.assumed.saturating_add(taint.assumed),
                    trace: way.then(self.caller, self.span, Hop::Returned(self.callee, false)),
                });
            }
        }
        (Taints::from_all(all), unknown)
    }

    fn places_of(&self, views: &[Place]) -> Vec<Place> {
        // Views of a callee's own variables say nothing outside, except those of its parameters.
        let mut places = Vec::new();
        for view in views {
            if let Root::Variable(of, slot) = view.root
                && of == self.callee
                && let Some(of_param) = self.places.get(slot as usize)
                && view.chain == 0
            {
                places.extend(of_param.iter().copied());
            }
        }
        places
    }

    /// The places of the caller that checks of parameters speak of.
    #[must_use]
    pub fn checks(&self, checks: &[Check]) -> Vec<(Place, Kinds)> {
        let mut says = Vec::new();
        for check in checks {
            for place in self.places.get(check.param as usize).into_iter().flatten() {
                match (place.chain, check.chain) {
                    (_, 0) => says.push((*place, check.kinds)),
                    (0, chain) => says.push((
                        Place {
                            root: place.root,
                            chain,
                        },
                        check.kinds,
                    )),
                    _ => {}
                }
            }
        }
        says
    }

    /// What the result says when it is true and when it is false.
    #[must_use]
    pub fn tests(&self, summary: &Summary) -> Option<Rc<Tests>> {
        let (yes, no) = (self.checks(&summary.yes), self.checks(&summary.no));
        (!yes.is_empty() || !no.is_empty()).then(|| Rc::new(Tests { yes, no }))
    }
}
