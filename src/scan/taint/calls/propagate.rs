//! Calls that models know: what passes through them, and what they fill.

use super::*;

impl<'a> Visit<'_, 'a> {
    pub(super) fn sanitised(&mut self, kinds: Kinds, call: &Call<'a>) -> Value {
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
    pub(super) fn number_of(&mut self, call: &Call<'a>) -> Value {
        let kinds = self.file.index.harmless_numbers();
        if kinds.is_all() {
            return Value::default();
        }
        self.sanitised(kinds, call)
    }

    /// Applies every propagator row that fits as well as the best one.
    pub(super) fn propagated(&mut self, rows: &[(Row, Fit)], best: Fit, call: &Call<'a>) -> Value {
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

    pub(super) fn merged(&mut self, one: Value, other: Value) -> Value {
        if one.parts.is_none() && one.taints.is_empty() && one.shape.is_none() && one.constant.is_none() && !one.unknown
        {
            let views = one.views;
            return Value { views, ..other };
        }
        let joined = join(&mut self.file.arena, &Rc::new(one), &Rc::new(other));
        (*joined).clone()
    }

    /// A list of such elements; of tuples that hold one there, when the selector says at which position.
    pub(super) fn list(&mut self, element: &V, to: &Selector) -> Value {
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
    pub(super) fn propagate_to(&mut self, to: &Selector, value: &V, call: &Call<'a>) {
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
    pub(super) fn source_into(&mut self, row: u32, fit: Fit, call: &Call<'a>) {
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
}
