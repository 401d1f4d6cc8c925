//! Functions that a call is given: what their parameters get.

use super::*;

impl<'a> Visit<'_, 'a> {
    /// Feeds the functions that a call is given, as models say. True when some row did.
    pub(in crate::scan) fn callbacks(&mut self, rows: &[(Row, Fit)], call: &Call<'a>) -> bool {
        let index = self.file.index;
        let mut any = false;
        for (row, _) in rows {
            let Row::Callback(id) = row else { continue };
            any = true;
            let row = &index.callbacks[*id as usize];
            for (value, expr) in self.selected(&row.arg, call) {
                if let Some(expr) = expr {
                    self.sinks_called_later(value.path, expr, &row.params, call);
                }
                for callee in value.callees.iter().flat_map(|c| c.iter().cloned().collect::<Vec<_>>()) {
                    let (Callee::Function(function) | Callee::Bound(function, _)) = callee else {
                        continue;
                    };
                    let mut args = vec![None; self.file.function(function).params.len()];
                    for (position, param) in row.params.iter().enumerate() {
                        let fed = self.feed_callback(function, position, param, call, expr);
                        if let Some((target, value)) = fed
                            && let Some(arg) = args.get_mut(target.index as usize)
                        {
                            *arg = Some(value);
                        }
                    }
                    if let Some(expr) = expr {
                        let result = self.returned(function, &args, call);
                        self.given_back.push((expr, result));
                    }
                }
            }
        }
        any
    }

    /// A sink that is passed instead of called (`map(os.system, lines)`): what its dangerous parameters get.
    fn sinks_called_later(&mut self, path: PathId, callee: ExprId, params: &[CallbackParam], call: &Call<'a>) {
        if !path.known() {
            return;
        }
        let index = self.file.index;
        let rows = self.file.arena.rows(path);
        for (row, fit) in rows.iter() {
            let Row::Sink(sink) = row else { continue };
            let about = &index.sinks[*sink as usize];
            let Who::Arg { position: Some(at), .. } = &about.arg.who else {
                continue;
            };
            if about.assigned || about.returned || !about.when.is_empty() || about.arg.part != Part::Whole {
                continue;
            }
            if let Some(CallbackParam::Argument(selector)) = params.get(*at) {
                for (value, given) in self.selected(selector, call) {
                    let given = given.unwrap_or(callee);
                    self.hit(*sink, fit.exact, Some(callee), given, value, call.id, path);
                }
            }
        }
    }

    /// A function that is declared to be of a type, or is one of an object so declared, gets what models say of the type.
    pub(in crate::scan) fn called_as_declared(&mut self, path: PathId, value: &V) {
        let index = self.file.index;
        for (row, _) in self.file.arena.rows(path).iter() {
            let Row::Callback(id) = row else { continue };
            let parts = value.parts.clone();
            let entries = parts.and_then(|parts| parts.any(&mut self.file.arena));
            let declared = [Some(value.clone()), entries].into_iter().flatten();
            let functions = declared.flat_map(|v| v.callees.iter().flat_map(|c| c.iter().cloned()).collect::<Vec<_>>());
            for callee in functions.collect::<Vec<_>>() {
                let (Callee::Function(function) | Callee::Bound(function, _)) = callee else {
                    continue;
                };
                for (position, param) in index.callbacks[*id as usize].params.iter().enumerate() {
                    if let (CallbackParam::Path(pattern), Some(target)) = (param, self.param_at(function, position)) {
                        let path = self.file.arena.of_pattern(pattern);
                        self.file.write(Cell::Given(target), &Rc::new(Value::at(path)));
                    }
                }
            }
        }
    }

    /// What a function of the file gives back to the call it is passed to.
    pub(in crate::scan) fn returned(&mut self, function: FunctionId, args: &[Option<V>], call: &Call<'a>) -> V {
        let summary = self.file.summary(function, self.id);
        let instance = Instance {
            callee: function,
            args,
            places: &[],
            withins: &self.file.withins,
            caller: self.id,
            span: self.span(call.callee),
        };
        let mut value = (*instance.value(&summary.returns)).clone();
        value.tests = None;
        value.views = None;
        Rc::new(value)
    }

    pub(in crate::scan) fn feed_callback(
        &mut self,
        function: FunctionId,
        position: usize,
        param: &CallbackParam,
        call: &Call<'a>,
        expr: Option<ExprId>,
    ) -> Option<(Param, V)> {
        let target = self.param_at(function, position)?;
        let value = match param {
            CallbackParam::Unknown => self.file.unknown.clone(),
            CallbackParam::Path(pattern) => {
                let path = self.file.arena.of_pattern(pattern);
                let given = Rc::new(Value::at(path));
                self.file.write(Cell::Given(target), &given);
                return None;
            }
            CallbackParam::Receiver => match call.receiver {
                Some(receiver) => self.vals[receiver.ix()].clone(),
                None => return None,
            },
            CallbackParam::Element => match call.receiver {
                Some(receiver) => Rc::new(self.element(&self.vals[receiver.ix()].clone(), None)),
                None => return None,
            },
            CallbackParam::Argument(selector) => match self.selected(selector, call).into_iter().next() {
                Some((value, _)) => value,
                None => return None,
            },
        };
        let value = self.with_hop(&value, self.span(call.callee), Hop::Callback(target));
        self.feed(target, expr.unwrap_or(call.id), value.clone());
        Some((target, value))
    }

    /// A lambda given to something unknown may be called with whatever that has.
    pub(in crate::scan) fn assumed_callbacks(&mut self, call: &Call<'a>) {
        let span = self.span(call.callee);
        for arg in call.args {
            let ExprKind::Lambda(lambda) = self.kind(arg.value) else {
                continue;
            };
            let mut taints = Taints::default();
            let others = call.args.iter().map(|a| a.value).filter(|v| *v != arg.value);
            for other in call.receiver.into_iter().chain(others) {
                let value = self.vals[other.ix()].clone();
                taints = taints.union(&self.carried(&value, span, Hop::Assumed).taints);
            }
            let value = Rc::new(Value::carrying(taints, true));
            for position in 0..self.file.function(*lambda).params.len() {
                if let Some(target) = self.param_at(*lambda, position) {
                    self.feed(target, arg.value, value.clone());
                }
            }
        }
    }

    /// The parameter at a position, the receiver not counted.
    pub(in crate::scan) fn param_at(&self, function: FunctionId, position: usize) -> Option<Param> {
        let params = &self.file.function(function).params;
        let of = params.iter().enumerate().filter(|(_, p)| p.kind != ParamKind::Receiver);
        let (index, _) = of.clone().nth(position)?;
        Some(Param {
            function,
            index: index as u16,
        })
    }

    /// Notes what a caller passes.
    pub(in crate::scan) fn feed(&mut self, param: Param, at: ExprId, value: V) {
        let spot = self.spot(at);
        let value = super::super::file::elsewhere(&value);
        self.file.feeds.entry(param).or_default().insert(spot, value);
    }
}
