//! Expressions: one loop over the run of a statement, operands before what uses them, no recursion.

use super::{
    constants,
    file::Cell,
    guards,
    trace::Hop,
    visit::{Visit, refine},
};
use crate::{
    lang::facts::*,
    scan::{
        compile::Kinds,
        value::{Const, From, Place, Root, Taint, Taints, Tests, V, Value, concat, join, joins},
    },
};
use std::rc::Rc;

/// A stretch of a statement that only runs when a test came out one way (`test ? here : ..`, `test && here`).
struct Region {
    first: u32,
    last: u32,
    test: ExprId,
    when: bool,
}

/// What to put back at the end of a region.
struct Refined {
    last: u32,
    /// Slots with their values before and within.
    changed: Vec<(usize, V, V)>,
    /// Number of checks known before.
    checks: usize,
}

/// Types of exceptions that all, or nearly all, others are.
const BROADEST: [&str; 6] = [
    "Exception",
    "BaseException",
    "Throwable",
    "RuntimeException",
    "StandardError",
    "Error",
];

impl Visit<'_, '_> {
    /// Evaluates one statement. False when the budget ran out.
    pub(in crate::scan) fn item(&mut self, item: Item) -> bool {
        let run = item.first.0..=item.root.0;
        if !self.spend(run.clone().count()) {
            return false;
        }
        let regions = self.regions(item);
        if regions.is_empty() {
            for id in run {
                self.vals[id as usize] = self.eval(ExprId(id));
            }
            return true;
        }
        let mut open: Vec<Refined> = Vec::new();
        let mut ahead = regions.iter().peekable();
        for id in run {
            while let Some(region) = ahead.next_if(|r| r.first == id) {
                open.push(self.enter_region(region));
            }
            self.vals[id as usize] = self.eval(ExprId(id));
            while let Some(refined) = open.pop_if(|r| r.last == id) {
                self.leave_region(refined);
            }
        }
        true
    }

    fn regions(&self, item: Item) -> Vec<Region> {
        let mut regions = Vec::new();
        let mut add = |first: u32, last: u32, test: ExprId, when: bool| {
            if first <= last {
                regions.push(Region {
                    first,
                    last,
                    test,
                    when,
                });
            }
        };
        for id in item.first.0..=item.root.0 {
            match self.kind(ExprId(id)) {
                ExprKind::Ternary { test, then, other } if test < then && then < other => {
                    add(test.0 + 1, then.0, *test, true);
                    add(then.0 + 1, other.0, *test, false);
                }
                ExprKind::Logic { op, operands } if *op != LogicOp::Coalesce => {
                    let Some(last) = operands.last() else { continue };
                    for test in &operands[..operands.len() - 1] {
                        add(test.0 + 1, last.0, *test, *op == LogicOp::And);
                    }
                }
                _ => {}
            }
        }
        // Outer regions end later and are entered first.
        regions.sort_by_key(|r| (r.first, std::cmp::Reverse(r.last)));
        regions
    }

    /// Applies a test for a stretch; gives what to put back at its end.
    fn enter_region(&mut self, region: &Region) -> Refined {
        let mut refined = Refined {
            last: region.last,
            changed: Vec::new(),
            checks: self.env.checked.len(),
        };
        let Some(tests) = self.vals[region.test.ix()].tests.clone() else {
            return refined;
        };
        let says = if region.when { &tests.yes } else { &tests.no };
        let slots: Vec<usize> = says
            .iter()
            .filter_map(|(place, _)| match (place.root, place.chain) {
                (Root::Variable(of, slot), 0) if of == self.id => Some(slot as usize),
                _ => None,
            })
            .collect();
        let before: Vec<(usize, V)> = slots.iter().map(|s| (*s, self.env.vars[*s].clone())).collect();
        refine(&mut self.env, says);
        refined.changed = before
            .into_iter()
            .map(|(s, v)| (s, v, self.env.vars[s].clone()))
            .collect();
        refined
    }

    fn leave_region(&mut self, refined: Refined) {
        for (slot, before, within) in refined.changed {
            // An assignment inside the stretch stands.
            if Rc::ptr_eq(&self.env.vars[slot], &within) {
                self.env.vars[slot] = before;
            }
        }
        self.env.checked.truncate(refined.checks);
    }

    /// The value of one expression whose operands have been evaluated.
    pub(in crate::scan) fn eval(&mut self, id: ExprId) -> V {
        let known = &self.vals[id.ix()];
        let kind = self.kind(id);
        let value = match kind {
            ExprKind::Str(_) | ExprKind::Num(_) | ExprKind::Bool(_) | ExprKind::Null if !known.nothing => {
                return known.clone();
            }
            ExprKind::Str(text) => Value::constant(Const::Text(Rc::from(&**text))),
            ExprKind::Num(number) => Value::constant(Const::Number(Rc::from(&**number))),
            ExprKind::Bool(truth) => Value::constant(Const::Bool(*truth)),
            ExprKind::Null => Value::constant(Const::Null),
            ExprKind::Name(name) => return self.name(*name, id),
            ExprKind::Module(path) => match self.loaded(path) {
                Some(module) => module,
                None => Value::at(self.file.arena.dotted(path)),
            },
            ExprKind::Member { base, name, .. } => return self.member(*base, *name, id),
            ExprKind::Index { base, index } => return self.index(*base, *index, id),
            ExprKind::Slice { base } => self.slice(*base, id),
            ExprKind::Call { callee, args, .. } => return self.call(id, *callee, args),
            ExprKind::Concat(operands) => {
                if self.file.facts.lang.constants_decide()
                    && let Some(sum) = constants::sum(operands.iter().map(|o| &self.vals[o.ix()]))
                {
                    return Rc::new(Value::constant(sum));
                }
                if self.file.facts.lang.has_pointers()
                    && let Some(sum) = self.native_sum(operands)
                {
                    return sum;
                }
                self.concat(operands, id)
            }
            ExprKind::Template { tag, parts } => return self.template(*tag, parts, id),
            ExprKind::Format { template, args, style } => self.format(*template, args, *style, id),
            ExprKind::Binary { op, left, right } => return self.binary(op, *left, *right, id),
            ExprKind::Unary { op, operand } => return self.unary(op, *operand),
            ExprKind::Logic { op, operands } => return self.logic(*op, operands),
            ExprKind::Ternary { test, then, other } => return self.ternary(*test, *then, *other),
            ExprKind::Sequence(elements) => self.sequence(elements),
            ExprKind::Map(entries) => self.map(entries, id),
            ExprKind::Lambda(lambda) => self.lambda(*lambda),
            ExprKind::Spread(inner) | ExprKind::Same(inner) => return self.vals[inner.ix()].clone(),
            ExprKind::Cast { value, ty } => self.cast(*value, ty),
            ExprKind::Assign { target, value, mode } => return self.assign(target, *value, *mode, id),
            ExprKind::Caught => self.caught(id),
            ExprKind::Class(class) => {
                self.publish_class_decorators(*class);
                self.file.class_value(*class)
            }
            ExprKind::Other(operands) => self.other(operands),
        };
        Rc::new(value)
    }

    /// The exception a handler binds: what was put into it, and a thing of the program's own.
    fn caught(&mut self, id: ExprId) -> Value {
        let mut value = (*self.env.caught).clone();
        if !value.path.known() {
            let name = if self.catches_everything(id) {
                "caught"
            } else {
                "caught.expected"
            };
            let name = self.file.arena.dotted(name);
            value.path = self.file.arena.part(name, crate::scan::paths::arena::Part::Call);
        }
        let carried = value.taints.clone();
        let mut value = self.file.sourced(value, self.spot(id), self.span(id));
        value.taints = value.taints.union(&carried);
        value
    }

    /// True when the handler that binds an exception here takes whatever is thrown: nobody chose what its text says.
    fn catches_everything(&self, binding: ExprId) -> bool {
        let bound = self.span(binding);
        let after = self.function.handlers.iter().filter(|h| h.arm.span.start >= bound.end);
        let own = after.min_by_key(|h| h.arm.span.start);
        own.is_none_or(|handler| {
            let broad = |t: &TypeRef| BROADEST.contains(&self.file.facts.name(t.name));
            handler.types.is_empty() || handler.types.iter().any(broad)
        })
    }

    // ---- operators

    fn binary(&mut self, op: &'static str, left: ExprId, right: ExprId, id: ExprId) -> V {
        self.compare_shapes(op, left, right, id);
        if self.file.facts.lang.constants_decide()
            && let Some(constant) = constants::folded(op, &self.vals[left.ix()], &self.vals[right.ix()])
        {
            return Rc::new(Value::constant(constant));
        }
        if self.file.facts.lang.has_pointers()
            && let Some(value) = self.native_binary(op, left, right, id)
        {
            return value;
        }
        match op {
            "|" if self.file.facts.lang.bars_make_numbers() => Rc::new(Value::default()),
            "/" | "|" | "*" => {
                // A path joined with `/`, two sets or maps, a text repeated; numbers carry nothing anyway.
                let values = [self.vals[left.ix()].clone(), self.vals[right.ix()].clone()];
                if values.iter().all(|v| v.is_clean()) {
                    let mut value = Value::carrying(Taints::default(), values.iter().any(|v| v.unknown));
                    value.path = values[0].path;
                    return Rc::new(value);
                }
                let mut value = self.built(&values, id, Hop::Concat);
                if op == "/" {
                    let slash = Rc::new(Value::constant(Const::Text("/".into())));
                    value.shape = Some(concat([&values[0], &slash, &values[1]]));
                    value.path = values[0].path;
                }
                Rc::new(value)
            }
            _ => {
                let tests = guards::of_comparison(self, op, left, right);
                Rc::new(Value {
                    tests,
                    ..Value::default()
                })
            }
        }
    }

    fn unary(&mut self, op: &'static str, operand: ExprId) -> V {
        let of = self.vals[operand.ix()].clone();
        match op {
            "!" => {
                let tests = of.tests.as_ref().map(|t| {
                    Rc::new(Tests {
                        yes: t.no.clone(),
                        no: t.yes.clone(),
                    })
                });
                let constant = match &of.constant {
                    Some(Const::Bool(truth)) => Some(Const::Bool(!truth)),
                    Some(Const::Number(_)) if self.file.facts.lang.constants_decide() => {
                        of.constant.as_ref().map(|c| Const::Bool(!c.truth()))
                    }
                    _ => None,
                };
                Rc::new(Value {
                    tests,
                    constant,
                    ..Value::default()
                })
            }
            "*" if self.file.facts.lang.has_pointers() => self.native_first(&of),
            "&" | "*" | "&mut" => of,
            "-" => match &of.constant {
                Some(Const::Number(number)) => Rc::new(Value::constant(Const::Number(format!("-{number}").into()))),
                _ => Rc::new(Value::default()),
            },
            _ => Rc::new(Value::default()),
        }
    }

    fn logic(&mut self, op: LogicOp, operands: &[ExprId]) -> V {
        let values: Vec<V> = operands.iter().map(|o| self.vals[o.ix()].clone()).collect();
        let Some(last) = values.last() else {
            return self.file.nothing.clone();
        };
        let mut value = match op {
            // What comes through is the last operand, or something that counts as false.
            LogicOp::And => (**last).clone(),
            LogicOp::Or | LogicOp::Coalesce => {
                joins(&mut self.file.arena, &values).map_or_else(Value::default, |v| (*v).clone())
            }
        };
        value.param = None;
        value.tests = match op {
            LogicOp::And => guards::all_of(&values),
            LogicOp::Or => guards::any_of(&values),
            LogicOp::Coalesce => None,
        };
        if values.iter().any(|v| v.constant.is_none()) || op == LogicOp::And {
            value.constant = None;
        }
        let truths = |v: &V| matches!(v.constant, None | Some(Const::Bool(_)));
        let is_truth = !self.file.facts.lang.connectives_give_operands() || values.iter().all(truths);
        if self.file.facts.lang.constants_decide() && op != LogicOp::Coalesce && is_truth {
            value.constant = constants::logic(op, &values);
        }
        Rc::new(value)
    }

    fn ternary(&mut self, test: ExprId, then: ExprId, other: ExprId) -> V {
        let (mut yes, mut no) = (self.vals[then.ix()].clone(), self.vals[other.ix()].clone());
        if let Some(truth) = self.decided(test) {
            return if truth { yes } else { no };
        }
        if test > then
            && let Some(tests) = self.vals[test.ix()].tests.clone()
        {
            // Written value first, tested afterwards: what was checked is recognised by where it comes from.
            yes = self.without(&yes, &tests.yes);
            no = self.without(&no, &tests.no);
        }
        let joined = join(&mut self.file.arena, &yes, &no);
        let mut value = (*joined).clone();
        value.tests = None;
        Rc::new(value)
    }

    /// The value without what the checked places carry.
    fn without(&self, value: &V, checked: &[(Place, Kinds)]) -> V {
        let mut clean: Vec<(From, Kinds)> = Vec::new();
        for (place, kinds) in checked {
            if let (Root::Variable(of, slot), 0) = (place.root, place.chain)
                && of == self.id
            {
                clean.extend(self.env.vars[slot as usize].taints.iter().map(|t| (t.from, *kinds)));
            }
        }
        if clean.is_empty() || value.is_clean() {
            return value.clone();
        }
        let mut without = (**value).clone();
        without.param = None;
        without.taints = value
            .taints
            .map(|taint| match clean.iter().find(|(from, _)| *from == taint.from) {
                Some((_, kinds)) if kinds.is_all() => None,
                Some((_, kinds)) => Some(Taint {
                    cleaned: taint.cleaned.or(*kinds),
                    ..taint.clone()
                }),
                None => Some(taint.clone()),
            });
        Rc::new(without)
    }

    fn lambda(&mut self, lambda: FunctionId) -> Value {
        let captures = self.file.scopes.captures(lambda).to_vec();
        self.made.insert(lambda);
        if self.file.function(lambda).kind == FunctionKind::Lambda {
            for (owner, slot) in captures {
                if self.file.function(owner).kind == FunctionKind::Module {
                    continue;
                }
                let value = if owner == self.id {
                    self.env.vars[slot as usize].clone()
                } else {
                    match self.file.read(Cell::Captured(self.id, owner, slot), self.id) {
                        Some(value) => value,
                        None => continue,
                    }
                };
                if !value.nothing {
                    self.file.write(Cell::Captured(lambda, owner, slot), &value);
                }
            }
        }
        self.file.function_value(lambda)
    }

    fn cast(&mut self, value: ExprId, ty: &TypeRef) -> Value {
        let of = self.vals[value.ix()].clone();
        let (declared, harmless) = self.file.typed(ty, self.id);
        let converts = self.file.facts.lang.casts_convert();
        let mut result = (*of).clone();
        if harmless != Kinds::NONE && converts {
            result.taints = result.taints.cleaned(harmless);
            result.param = None;
            // Constant numbers in a list stay known.
            result.parts = result.parts.filter(|p| p.all_known());
            result.unknown = false;
        }
        if declared.path.known() {
            self.called_as_declared(declared.path, &of);
            result.path = self.file.arena.both(declared.path, result.path);
        }
        result.instance = result.instance.or(declared.instance);
        result.element = result.element.or(declared.element);
        result.parts = result.parts.or(declared.parts);
        if matches!(self.kind(value), ExprKind::Null) && (declared.path.known() || declared.instance.is_some()) {
            result.constant = None;
        }
        result
    }

    fn other(&mut self, operands: &[ExprId]) -> Value {
        let mut value = Value::unknown();
        for operand in operands {
            value.taints = value.taints.union(&self.vals[operand.ix()].deep_taints());
        }
        value
    }
}
