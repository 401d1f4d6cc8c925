//! Arguments by selector, and conditions on them.

use super::*;
use crate::scan::{compile::SetId, exploding, lazy_regex::LazyRegex, matchers::last_name, value::render_words};

impl<'a> Visit<'_, 'a> {
    /// The expressions a selector names.
    pub(in crate::scan) fn selected_exprs(&self, selector: &Selector, call: &Call<'a>) -> Vec<ExprId> {
        match &selector.who {
            Who::Receiver => call.receiver.into_iter().collect(),
            Who::Return => Vec::new(),
            Who::From(0) => call.args.iter().map(|a| a.value).collect(),
            Who::From(from) => {
                let positional = call.args.iter().filter(|a| a.name.is_none());
                positional.skip(*from).map(|a| a.value).collect()
            }
            Who::Arg { position, names } => {
                let is_named = |arg: &&Arg| {
                    let name = arg.name.map(|n| self.file.facts.name(n));
                    name.is_some_and(|name| names.iter().any(|n| **n == *name))
                };
                let by_name = call.args.iter().find(is_named);
                let by_position = || {
                    let mut positional = call.args.iter().filter(|a| a.name.is_none());
                    positional.nth((*position)?)
                };
                if let Some(arg) = by_name {
                    return vec![arg.value];
                }
                if let Some((option, _)) = names.iter().find_map(|n| self.option(n, call)) {
                    return vec![option];
                }
                by_position().map(|a| a.value).into_iter().collect()
            }
        }
    }

    /// The values a selector names, each with its expression.
    pub(in crate::scan) fn selected(&mut self, selector: &Selector, call: &Call<'a>) -> Vec<(V, Option<ExprId>)> {
        if let Who::Arg { names, .. } = &selector.who
            && selector.part == Part::Whole
            && let Some((expr, value)) = names.iter().find_map(|n| self.option(n, call))
        {
            return vec![(value, Some(expr))];
        }
        let exprs = self.selected_exprs(selector, call);
        let mut all = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let value = self.vals[expr.ix()].clone();
            let value = match selector.part {
                Part::Whole => match self.kind(expr) {
                    // `f(*args)`: some element of what is spread.
                    ExprKind::Spread(_) => Rc::new(self.element(&value, None)),
                    _ => value,
                },
                Part::Elements => Rc::new(self.element(&value, None)),
                Part::At(argument) => {
                    let key = self.key_of_argument(argument, call);
                    Rc::new(self.element(&value, key.as_ref()))
                }
                Part::Field => {
                    let Some(field) = selector.field.as_deref() else {
                        continue;
                    };
                    if value.text_or_shape() {
                        // A text has none.
                        continue;
                    }
                    let first = Key::Text(Rc::from(field.split('.').next().unwrap_or_default()));
                    // An object that is written out has the fields that are written, and no others.
                    let written = value.parts.as_ref().filter(|p| p.is_closed());
                    if written.is_some_and(|parts| parts.get(&first).is_none()) {
                        continue;
                    }
                    Rc::new(self.field_at(&value, field))
                }
                Part::Result => self.result_of(expr, &value, call),
            };
            all.push((value, Some(expr)));
        }
        all
    }

    /// What a passed function gives back: known for functions of the file; a sanitiser that is passed by name (`map(Number)`) cleans; anything
    /// else may give back what it gets of the receiver.
    fn result_of(&mut self, expr: ExprId, function: &V, call: &Call<'a>) -> V {
        let known: Vec<V> = self
            .given_back
            .iter()
            .filter(|(e, _)| *e == expr)
            .map(|(_, v)| v.clone())
            .collect();
        if let Some(result) = crate::scan::value::joins(&mut self.file.arena, &known) {
            return result;
        }
        // A function of the file, of which no model says what it gets.
        let local: Vec<FunctionId> = function
            .callees
            .iter()
            .flat_map(|c| c.iter())
            .filter_map(local_function)
            .collect();
        let mut results = Vec::with_capacity(local.len());
        for function in local {
            let args = vec![None; self.file.function(function).params.len()];
            results.push(self.returned(function, &args, call));
        }
        if let Some(result) = crate::scan::value::joins(&mut self.file.arena, &results) {
            return result;
        }
        let input = match call.receiver {
            Some(receiver) => Rc::new(self.element(&self.vals[receiver.ix()].clone(), None)),
            None => self.file.unknown.clone(),
        };
        let rows = self.file.arena.rows(function.path);
        let cleans = rows.iter().find_map(|(row, _)| match row {
            Row::Sanitiser(row) => {
                let sanitiser = &self.file.index.sanitisers[*row as usize];
                let number = match sanitiser.number {
                    true => self.file.index.harmless_numbers(),
                    false => Kinds::NONE,
                };
                Some(sanitiser.cleans.or(number))
            }
            Row::Neutral => Some(Kinds::ALL),
            Row::Number => Some(self.file.index.harmless_numbers()),
            _ => None,
        });
        let span = self.span(call.callee);
        let hop = if cleans.is_some() { Hop::Cleaned } else { Hop::Assumed };
        let mut value = self.carried(&input, span, hop);
        if let Some(kinds) = cleans {
            value.taints = value.taints.cleaned(kinds);
        }
        Rc::new(value)
    }

    /// In JavaScript named arguments are the entries of an object that is passed; elsewhere those of a map that is spread (`f(**options)`):
    /// the value under that key, and the expression to show for it.
    fn option(&self, name: &str, call: &Call<'a>) -> Option<(ExprId, V)> {
        let is_spread = |arg: &&Arg| matches!(self.kind(arg.value), ExprKind::Spread(_));
        if !self.file.takes_options && !call.args.iter().any(|arg| is_spread(&arg)) {
            return None;
        }
        let key = Key::Text(Rc::from(name));
        let holders = call.args.iter().rev();
        let mut holders = holders.filter(|arg| self.file.takes_options || is_spread(arg));
        holders.find_map(|arg| {
            let value = &self.vals[arg.value.ix()];
            let found = value.parts.as_ref()?.get(&key)?.clone();
            let ExprKind::Map(entries) = self.kind(arg.value) else {
                return Some((arg.value, found));
            };
            let entry = entries.iter().rev().find(|e| {
                let key = e.key.and_then(|k| self.vals[k.ix()].text());
                key.is_some_and(|k| **k == *name)
            });
            Some((entry.map_or(arg.value, |e| e.value), found))
        })
    }

    /// True when an object that is passed may hold any option: its content is not known here.
    fn may_hold_options(&self, call: &Call<'a>) -> bool {
        let open = |(at, value): (usize, &V)| match &value.parts {
            Some(parts) => !parts.is_closed(),
            // What stands first is what is worked on, unless it is written out as an object.
            None => at > 0 && value.constant.is_none() && value.callees.is_none() && value.shape.is_none(),
        };
        let values = call.args.iter().map(|arg| &self.vals[arg.value.ix()]);
        self.file.takes_options && values.enumerate().any(open)
    }

    pub(in crate::scan) fn key_of_argument(&self, argument: usize, call: &Call<'a>) -> Option<Key> {
        let arg = call.args.get(argument)?;
        constant_key(&self.vals[arg.value.ix()])
    }

    /// True when a condition on the call's arguments holds.
    pub(in crate::scan) fn holds(&mut self, check: &ArgCheck, call: &Call<'a>) -> bool {
        self.holds_plainly(check, call) != check.not
    }

    fn holds_plainly(&mut self, check: &ArgCheck, call: &Call<'a>) -> bool {
        let values = self.selected(&check.arg, call);
        if let Some(absent) = check.absent {
            // With `*args` or `**options` nobody knows what is absent.
            let spread = call
                .args
                .iter()
                .any(|a| matches!(self.kind(a.value), ExprKind::Spread(_)));
            let named = matches!(check.arg.who, Who::Arg { position: None, .. });
            if spread || (named && values.is_empty() && self.may_hold_options(call)) || absent != values.is_empty() {
                return false;
            }
            if absent {
                return true;
            }
        }
        values.iter().any(|(value, expr)| {
            let named = |regex| expr.is_some_and(|id| self.is_named(id, regex));
            let mentions = |regex| expr.is_some_and(|id| self.mentions(id, regex));
            let bounded = |wanted| expr.is_some_and(|id| self.is_bounded(id) == wanted);
            check.named.as_ref().is_none_or(named)
                && check.bounded.is_none_or(bounded)
                && check.mentions.as_ref().is_none_or(mentions)
                && self.value_holds(check, value)
                && check
                    .holds
                    .is_none_or(|set| expr.is_some_and(|e| self.has_part_in(e, set)))
        })
    }

    /// True when the value was compared with an upper bound on the way here.
    fn is_bounded(&self, expr: ExprId) -> bool {
        let bound = self.file.index.amounts;
        let checked = |place| self.env.kinds(place).and(bound) != Kinds::NONE;
        self.places(expr).into_iter().any(checked)
    }

    /// The expressions written inside of `expr`, itself included.
    fn written_in(&self, expr: ExprId) -> impl Iterator<Item = ExprId> {
        let around = self.span(expr);
        let before = self.function.exprs[..=expr.ix()].iter().enumerate().rev();
        before
            .take_while(move |(_, e)| e.span.end > around.start)
            .filter(move |(_, e)| e.span.start >= around.start && e.span.end <= around.end)
            .map(|(i, _)| ExprId(i as u32))
    }

    /// True when some expression written inside of `expr`, or itself, resolves to a path of the set, or is a function whose result does.
    pub(in crate::scan) fn has_part_in(&mut self, expr: ExprId, set: SetId) -> bool {
        let written: Vec<ExprId> = self.written_in(expr).collect();
        written.into_iter().any(|e| {
            let path = match self.kind(e) {
                ExprKind::Lambda(function) => {
                    let function = *function;
                    self.file.summary(function, self.id).returns.path
                }
                _ => self.vals[e.ix()].path,
            };
            self.file.arena.is_in(path, set)
        })
    }

    /// True when something that is written inside of `expr` and not called has a name that matches.
    fn mentions(&self, expr: ExprId, regex: &LazyRegex) -> bool {
        let called: Vec<ExprId> = self.written_in(expr).filter_map(|e| self.callee_of(e)).collect();
        self.written_in(expr).any(|e| {
            let plain = matches!(
                self.kind(e),
                ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. }
            );
            plain && !called.contains(&e) && self.is_named(e, regex)
        })
    }

    fn callee_of(&self, expr: ExprId) -> Option<ExprId> {
        match self.kind(expr) {
            ExprKind::Call { callee, .. } => Some(*callee),
            _ => None,
        }
    }

    pub(in crate::scan) fn value_holds(&self, check: &ArgCheck, value: &V) -> bool {
        let equals = check
            .equals
            .as_ref()
            .is_none_or(|all| of_value_or_element(value, |v| all.iter().any(|c| equals(v, c))));
        let fits = |regex: &LazyRegex, v: &Value| v.text().is_some_and(|t| regex.is_match(t.as_bytes()));
        let matches = check
            .matches
            .as_ref()
            .is_none_or(|regex| of_value_or_element(value, |v| fits(regex, v)));
        let text = check
            .text
            .as_ref()
            .is_none_or(|regex| regex.is_match(render_words(value, |_| false).as_bytes()));
        let path = check.path.is_none_or(|set| self.file.arena.is_in(value.path, set));
        let constant = check.constant.is_none_or(|wanted| {
            wanted == (value.constant.is_some() || value.parts.as_ref().is_some_and(|p| p.all_known()))
        });
        let list = check
            .list
            .is_none_or(|wanted| wanted == (value.parts.is_some() && value.constant.is_none()));
        let built = check.built.is_none_or(|wanted| wanted == value.is_built());
        let redos = check
            .redos
            .is_none_or(|wanted| value.text().is_some_and(|t| wanted == exploding::explodes(t)));
        let crawls = check
            .crawls
            .is_none_or(|wanted| value.text().is_some_and(|t| wanted == exploding::crawls(t)));
        equals
            && matches
            && text
            && path
            && constant
            && list
            && built
            && redos
            && crawls
            && check.range.holds(value.number())
    }

    /// True when the last name of an expression matches.
    pub(in crate::scan) fn is_named(&self, id: ExprId, regex: &LazyRegex) -> bool {
        let name = last_name(self.file.facts, self.function, id);
        name.is_some_and(|name| regex.is_match(name.as_bytes()))
    }
}

fn local_function(callee: &Callee) -> Option<FunctionId> {
    match callee {
        Callee::Function(function) | Callee::Bound(function, _) => Some(*function),
        _ => None,
    }
}

/// True when it holds of a value, or of an element of a literal list.
pub(in crate::scan) fn of_value_or_element(value: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    holds(value)
        || value
            .parts
            .as_ref()
            .is_some_and(|parts| parts.elements().any(|e| holds(e)))
}

/// True when a value is that constant.
pub(in crate::scan) fn equals(value: &Value, constant: &ConstPat) -> bool {
    match (&value.constant, constant) {
        (Some(Const::Text(text)), ConstPat::Text(wanted)) => **text == **wanted,
        (Some(Const::Null), ConstPat::Text(wanted)) => &**wanted == "null",
        (Some(Const::Bool(truth)), ConstPat::Bool(wanted)) => truth == wanted,
        (Some(Const::Bool(truth)), ConstPat::Text(wanted)) => &**wanted == if *truth { "true" } else { "false" },
        (Some(Const::Number(written)), ConstPat::Number(wanted)) => number(written) == Some(*wanted),
        (Some(Const::Number(written)), ConstPat::Text(wanted)) => **written == **wanted,
        _ => false,
    }
}
