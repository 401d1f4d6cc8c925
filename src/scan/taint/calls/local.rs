//! Calls of functions, methods and classes of the file itself.

use super::{super::summary::Added, *};

impl<'a> Visit<'_, 'a> {
    /// Calls whatever of the file the callee may be.
    pub(in crate::scan) fn local_call(&mut self, callees: &Rc<[Callee]>, call: &Call<'a>) -> Value {
        let mut result: Option<V> = None;
        let mut all_leave = true;
        for callee in callees.iter() {
            let (value, leaves) = match callee {
                Callee::Function(function) => self.call_function(*function, None, call),
                Callee::Bound(function, receiver) => self.call_function(*function, Some(receiver.clone()), call),
                Callee::Class(class) => (self.construct(*class, call), false),
                Callee::Module(_) => continue,
            };
            all_leave &= leaves;
            result = Some(match result {
                Some(known) => join(&mut self.file.arena, &known, &value),
                None => value,
            });
        }
        if all_leave && result.is_some() {
            self.dead = true;
        }
        result.map_or_else(Value::unknown, |v| (*v).clone())
    }

    /// A property read as a member.
    pub(in crate::scan::taint) fn call_bound(&mut self, method: FunctionId, receiver: &V, id: ExprId) -> V {
        let call = Call {
            id,
            callee: id,
            args: &[],
            receiver: None,
            path: PathId::UNKNOWN,
        };
        self.call_function(method, Some(receiver.clone()), &call).0
    }

    /// The function of that name and class that takes as many arguments, where a class may have several.
    fn overload(&self, function: FunctionId, args: &[Arg]) -> FunctionId {
        let takes = |id: FunctionId| {
            let params = &self.file.function(id).params;
            let own = || params.iter().filter(|p| p.kind != ParamKind::Receiver);
            let needed = own()
                .filter(|p| p.default.is_none() && p.kind != ParamKind::Rest)
                .count();
            let rest = own().any(|p| p.kind == ParamKind::Rest);
            let named = |a: &Arg| a.name.is_some_and(|n| !own().any(|p| p.name == n));
            let given = args.iter().filter(|a| !named(a)).count();
            needed <= given && (rest || given <= own().count())
        };
        let of = self.file.function(function);
        let Some(class) = of
            .class
            .filter(|_| self.file.facts.lang.overloads() && !takes(function))
        else {
            return function;
        };
        let mut methods = self.file.facts.classes[class.ix()].methods.iter().copied();
        let same = |id: &FunctionId| {
            let other = self.file.function(*id);
            other.name == of.name && other.kind == of.kind && takes(*id)
        };
        methods.find(same).unwrap_or(function)
    }

    /// The result of calling a function, and whether it never comes back.
    fn call_function(&mut self, function: FunctionId, receiver: Option<V>, call: &Call<'a>) -> (V, bool) {
        let function = self.overload(function, call.args);
        let summary = self.file.summary(function, self.id);
        let bound = self.bind(function, receiver.is_some(), call);
        for (index, arg) in bound.values.iter().enumerate() {
            if let Some(value) = arg {
                let param = Param {
                    function,
                    index: index as u16,
                };
                self.feed(param, call.id, value.clone());
            }
        }
        let instance = Instance {
            callee: function,
            args: &bound.values,
            places: &bound.places,
            withins: &self.file.withins,
            caller: self.id,
            span: self.span(call.id),
        };
        let mut value = (*instance.value(&summary.returns)).clone();
        value.tests = instance.tests(&summary);
        let checked = instance.checks(&summary.checks);
        let adds = summary.adds.iter().map(|added| (added, instance.value(&added.value)));
        let adds: Vec<(&Added, V)> = adds.collect();
        let sets: Vec<(u16, V)> = summary.sets.iter().map(|(i, v)| (*i, instance.value(v))).collect();
        super::super::visit::refine(&mut self.env, &checked);
        for (added, value) in adds {
            let Some(Some(expr)) = bound.exprs.get(added.param as usize) else {
                continue;
            };
            match &added.key {
                Some(key) => self.write_back(*expr, Some(key.clone()), &value),
                None => {
                    let of = self.vals[expr.ix()].clone();
                    let changed = self.with_element(&of, &value, call.id);
                    self.replace(*expr, Rc::new(changed));
                }
            }
        }
        for (index, set) in sets {
            if let Some(Some(expr)) = bound.exprs.get(index as usize) {
                self.replace(*expr, super::super::file::elsewhere(&set));
            }
        }
        (Rc::new(value), summary.never_returns)
    }

    /// A new instance of a class of the file.
    fn construct(&mut self, class: ClassId, call: &Call<'a>) -> V {
        let mut value = self.file.instance(class);
        if let Some(constructor) = self.file.constructor(class) {
            let constructor = self.overload(constructor, call.args);
            let bound = self.bind(constructor, true, call);
            let summary = self.file.summary(constructor, self.id);
            for (index, arg) in bound.values.iter().enumerate() {
                if let Some(arg) = arg {
                    let param = Param {
                        function: constructor,
                        index: index as u16,
                    };
                    self.feed(param, call.id, arg.clone());
                }
            }
            if let Some(fields) = &summary.fields {
                let instance = Instance {
                    callee: constructor,
                    args: &bound.values,
                    places: &bound.places,
                    withins: &self.file.withins,
                    caller: self.id,
                    span: self.span(call.id),
                };
                let fields = instance.value(fields);
                value.parts = fields.parts.clone();
                value.unknown = fields.unknown;
            }
            self.initialise(class, constructor, &mut value, call);
            return Rc::new(value);
        }
        // Fields by name, or in the order they are declared.
        let facts = self.file.facts;
        let declared = &facts.classes[class.ix()].fields;
        let mut entries = Vec::new();
        for (position, arg) in call.args.iter().enumerate() {
            let v = self.vals[arg.value.ix()].clone();
            let name = arg.name.or_else(|| declared.get(position).map(|f| f.name));
            match name {
                Some(name) if !matches!(self.kind(arg.value), ExprKind::Spread(_)) => {
                    let v = self.with_hop(&v, arg.span, Hop::Field(name));
                    self.file.write(Cell::Field(class, name), &v);
                    entries.push((Key::Text(Rc::from(facts.name(name))), v));
                }
                _ => {
                    let carried = self.carried(&v, arg.span, Hop::Through);
                    value.taints = value.taints.union(&carried.taints);
                    value.unknown |= carried.unknown;
                }
            }
        }
        if !entries.is_empty() {
            value.parts = Some(Rc::new(Parts::new(&mut self.file.arena, entries, None, false)));
        }
        Rc::new(value)
    }

    /// Named arguments that no parameter of the constructor takes are fields: `new Box(1) { Text = x }`.
    fn initialise(&mut self, class: ClassId, constructor: FunctionId, value: &mut Value, call: &Call<'a>) {
        let params = &self.file.function(constructor).params;
        let takes_any = params.iter().any(|p| p.kind == ParamKind::KeywordRest);
        for arg in call.args.iter().filter(|_| !takes_any) {
            let Some(name) = arg.name.filter(|n| !params.iter().any(|p| p.name == *n)) else {
                continue;
            };
            let field = self.vals[arg.value.ix()].clone();
            let field = self.with_hop(&field, arg.span, Hop::Field(name));
            self.file.write(Cell::Field(class, name), &field);
            let key = Key::Text(Rc::from(self.file.facts.name(name)));
            let parts = match &value.parts {
                Some(parts) => parts.with(&mut self.file.arena, key, &field),
                None => Parts::new(&mut self.file.arena, vec![(key, field)], None, false),
            };
            value.parts = Some(Rc::new(parts));
        }
    }

    /// Which argument reaches which parameter.
    fn bind(&mut self, function: FunctionId, bound: bool, call: &Call<'a>) -> Bound {
        let params = &self.file.function(function).params;
        let mut all = Bound {
            values: vec![None; params.len()],
            exprs: vec![None; params.len()],
            places: vec![Vec::new(); params.len()],
        };
        let receivers = params.iter().filter(|p| p.kind == ParamKind::Receiver).count();
        // `Type::method(value)`, `Class.method(obj)`: the receiver is an argument like any other.
        let mut next = if bound { receivers } else { 0 };
        if !bound && receivers > 0 && call.receiver.is_some_and(|r| self.vals[r.ix()].instance.is_some()) {
            next = receivers;
        }
        let mut spread: Option<V> = None;
        for arg in call.args {
            let value = self.vals[arg.value.ix()].clone();
            if let ExprKind::Spread(_) = self.kind(arg.value) {
                let element = Rc::new(self.element(&value, None));
                spread = Some(match spread {
                    Some(known) => join(&mut self.file.arena, &known, &element),
                    None => element,
                });
                continue;
            }
            let named = arg.name.and_then(|name| params.iter().position(|p| p.name == name));
            match (arg.name, named) {
                (_, Some(index)) => self.bind_one(&mut all, index, &value, arg.value),
                (Some(name), None) => {
                    if let Some(index) = params.iter().position(|p| p.kind == ParamKind::KeywordRest) {
                        let key = Key::Text(Rc::from(self.file.facts.name(name)));
                        self.bind_rest(&mut all, index, Some(key), &value);
                    }
                }
                (None, None) => {
                    let index = next;
                    match params.get(index).map(|p| p.kind) {
                        Some(ParamKind::Rest) => self.bind_rest(&mut all, index, None, &value),
                        Some(ParamKind::Normal | ParamKind::Reference | ParamKind::Receiver) => {
                            self.bind_one(&mut all, index, &value, arg.value);
                            next += 1;
                        }
                        _ => {}
                    }
                }
            }
        }
        self.bind_missing(function, &mut all, spread, receivers);
        all
    }

    /// What no argument reaches: what was spread, or the default.
    fn bind_missing(&mut self, function: FunctionId, all: &mut Bound, spread: Option<V>, receivers: usize) {
        let of = self.file.function(function);
        for (index, param) in of.params.iter().enumerate().skip(receivers) {
            if all.values[index].is_some() {
                continue;
            }
            if let Some(spread) = &spread {
                all.values[index] = Some(spread.clone());
                continue;
            }
            let constant = param.default.map(|d| match &of.exprs[d.ix()].kind {
                ExprKind::Str(text) => Value::constant(Const::Text(Rc::from(&**text))),
                ExprKind::Num(text) => Value::constant(Const::Number(Rc::from(&**text))),
                ExprKind::Bool(truth) => Value::constant(Const::Bool(*truth)),
                ExprKind::Null => Value::constant(Const::Null),
                _ => Value::unknown(),
            });
            all.values[index] = constant.map(Rc::new);
        }
    }

    fn bind_one(&mut self, all: &mut Bound, index: usize, value: &V, expr: ExprId) {
        all.places[index] = self.places(expr);
        all.exprs[index] = Some(expr);
        all.values[index] = Some(value.clone());
    }

    fn bind_rest(&mut self, all: &mut Bound, index: usize, key: Option<Key>, value: &V) {
        let before = all.values[index].clone();
        let parts = match (before.as_ref().and_then(|v| v.parts.clone()), key) {
            (Some(parts), Some(key)) => parts.with(&mut self.file.arena, key, value),
            (Some(parts), None) => {
                let at = Key::Position(parts.entries().count() as u32);
                parts.with(&mut self.file.arena, at, value)
            }
            (None, key) => {
                let key = key.unwrap_or(Key::Position(0));
                Parts::new(&mut self.file.arena, vec![(key, value.clone())], None, true)
            }
        };
        all.values[index] = Some(Rc::new(Value {
            parts: Some(Rc::new(parts)),
            ..Value::default()
        }));
    }
}

/// Arguments in the order of the parameters they reach.
struct Bound {
    values: Vec<Option<V>>,
    exprs: Vec<Option<ExprId>>,
    places: Vec<Vec<Place>>,
}
