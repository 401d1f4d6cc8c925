//! Calls: of functions of the file, with what is passed; of known functions, by what they do; of all others, which may do anything with
//! what they are given.

use super::{
    arithmetic::{added, multiplied},
    eval::pointer,
    knowledge::{self, Allocate, Deed, Family, Number},
    run::{Machine, Run},
    value::*,
};
use crate::lang::{Lang, facts::*};

impl Machine<'_> {
    pub(super) fn called_with(
        &mut self,
        run: &mut Run,
        id: ExprId,
        callee: ExprId,
        args: &[Arg],
        more: &mut Vec<Run>,
    ) -> Val {
        let args: Vec<ExprId> = args.iter().map(|a| a.value).collect();
        let name = match self.kind(run, callee) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => Some(*name),
            _ => None,
        };
        let function = match run.val(callee) {
            Val::Func(function) => Some(function),
            _ => match self.kind(run, callee) {
                ExprKind::Member { .. } => name.and_then(|n| self.functions.get(&n).copied().flatten()),
                _ => None,
            },
        };
        let text = name.map(|n| self.facts.name(n).to_owned()).unwrap_or_default();
        if text == "sizeof" {
            return self.size_of(run, &args);
        }
        if text == "__array" {
            return self.variable_array(run, id, &args);
        }
        if let Some(function) = function {
            return self.own(run, id, function, &args, more);
        }
        if matches!(self.kind(run, callee), ExprKind::Member { .. }) {
            return self.unknown_call(run, id, &args);
        }
        if let Some(at) = knowledge::followed(&text).and_then(|of| args.get(of)) {
            self.follow(run, *at, id);
        }
        let deed = knowledge::deed(&text);
        if matches!(
            deed,
            Some(Deed::Number(_) | Deed::Find(_) | Deed::Fallible | Deed::Looks)
        ) {
            for arg in &args {
                if let Val::Ref(var) = run.val(*arg) {
                    run.state.set(var, Val::Unknown);
                }
            }
        }
        if text.to_ascii_lowercase().contains("assert") {
            return self.asserted(run, &args);
        }
        match deed {
            Some(Deed::Allocate(row)) => self.allocate(run, id, row, &args),
            Some(Deed::Release(family)) => {
                self.release(run, id, *family, &args);
                Val::Unknown
            }
            Some(Deed::Copy(row)) => {
                self.copy(run, id, row, &args);
                args.get(row.to).map_or(Val::Unknown, |a| run.val(*a))
            }
            Some(Deed::Fill(row)) => {
                self.fill(run, id, row, &args);
                args.get(row.to).map_or(Val::Unknown, |a| run.val(*a))
            }
            Some(Deed::Text(row)) => {
                self.text(run, id, row, &args);
                args.get(row.to).map_or(Val::Unknown, |a| run.val(*a))
            }
            Some(Deed::Print(row)) => {
                self.print(run, id, row, &args);
                Val::Unknown
            }
            Some(Deed::Read(row)) => self.read(run, id, row, &args),
            Some(Deed::Scan(format)) => {
                self.scan(run, id, *format, &args);
                Val::Unknown
            }
            Some(Deed::Number(row)) => self.number(run, row, &args),
            Some(Deed::Outside) => self.outside_text(run, (u32::MAX - 3, run.function.0, id.0), true),
            Some(Deed::Find(of)) => {
                args.get(*of).into_iter().for_each(|a| self.follow(run, *a, id));
                Val::Unknown
            }
            Some(Deed::Length) => self.text_length(run, id, &args),
            Some(Deed::Wait) => {
                if let Some(at) = args.first() {
                    let time = run.num(*at);
                    if time.unbounded() {
                        self.tell(run, "outside-wait", id, Some(*at), String::new());
                    }
                }
                Val::Unknown
            }
            Some(Deed::Looks) => {
                for arg in &args {
                    self.used(run, *arg, id);
                    if let Val::Ptr(ptr) = run.val(*arg) {
                        self.alive(run, ptr, *arg, id);
                    }
                }
                Val::Unknown
            }
            Some(Deed::Fallible) => self.opaque(run, id),
            None => self.unknown_call(run, id, &args),
        }
    }

    /// What an assertion says holds afterwards.
    fn asserted(&mut self, run: &mut Run, args: &[ExprId]) -> Val {
        for arg in args {
            match super::tests_say::after(self, run, *arg, true) {
                Some(state) => run.state = state,
                None => run.dead = true,
            }
        }
        Val::Unknown
    }

    /// A function of the file: gone through with what is passed.
    fn own(&mut self, run: &mut Run, id: ExprId, function: FunctionId, args: &[ExprId], more: &mut Vec<Run>) -> Val {
        let params = &self.facts.functions[function.ix()].params;
        if params.last().is_some_and(|p| p.kind == ParamKind::Rest) || args.len() > params.len() {
            return self.unknown_call(run, id, args);
        }
        for arg in args {
            self.used(run, *arg, id);
        }
        let values: Vec<Val> = args.iter().map(|a| run.val(*a)).collect();
        let unset: Vec<Var> = values
            .iter()
            .filter_map(|v| match v {
                Val::Ref(var) if run.state.var(*var) == Val::Unset => Some(*var),
                _ => None,
            })
            .collect();
        let state = std::mem::take(&mut run.state);
        let mut outcomes = self.call(function, values, state);
        for var in unset {
            // Set on some ways only: which it was, the answer tells.
            if outcomes.iter().any(|o| o.state.var(var) != Val::Unset) {
                for outcome in outcomes.iter_mut().filter(|o| o.state.var(var) == Val::Unset) {
                    outcome.state.set(var, Val::Unknown);
                }
            }
        }
        let Some(first) = outcomes.pop() else {
            // It never comes back.
            run.dead = true;
            return Val::Unknown;
        };
        for outcome in outcomes {
            let other = self.fork(run, id, outcome);
            more.push(other);
        }
        run.state = first.state;
        first.value
    }

    /// Something that may keep, free or fill what it is given, or never come back.
    fn unknown_call(&mut self, run: &mut Run, id: ExprId, args: &[ExprId]) -> Val {
        for arg in args {
            let value = run.val(*arg);
            match &value {
                // A macro may give it a value.
                Val::Unset => self.forget(run, *arg),
                Val::Ptr(ptr) => {
                    self.alive(run, *ptr, *arg, id);
                    self.escape(run, &value);
                    run.state.change(ptr.object, |o| {
                        o.text = if matches!(o.kind, Kind::Literal) { o.text } else { None };
                        o.cells.clear();
                        o.fields.retain(|_, v| matches!(v, Val::Ptr(_)));
                        o.fields.values_mut().for_each(|v| {
                            if let Val::Ptr(p) = v {
                                p.unchecked = false;
                            }
                        });
                    });
                }
                Val::Ref(var) => {
                    self.escape(run, &value);
                    run.state.set(*var, Val::Unknown);
                }
                _ => {}
            }
        }
        for value in run.state.vars.values_mut() {
            match value {
                // What a test found out may be why it was called: it may not have come back.
                Val::NullTested => *value = Val::Unknown,
                Val::Num(n) if n.outside => (n.above, n.below) = (n.above, n.below),
                _ => {}
            }
        }
        Val::Unknown
    }

    fn size_of(&mut self, run: &mut Run, args: &[ExprId]) -> Val {
        let size = args.first().and_then(|a| match self.kind(run, *a) {
            ExprKind::Str(text) => self.types.size_of_text(text),
            ExprKind::Name(name) if self.types.of_name(run.function, *name).is_none() => {
                self.types.size_of_text(self.facts.name(*name))
            }
            _ => {
                let ty = self.types.of_expr(run.function, *a).map(|t| self.types.of(&t))?;
                // Another block of the function may declare an array of the same name.
                match (ty.array, run.val(*a)) {
                    (true, Val::Ptr(ptr)) if ptr.offset.constant() == Some(0) => {
                        run.state.object(ptr.object)?.size?.constant()
                    }
                    _ => ty.size,
                }
            }
        });
        size.map_or(Val::Unknown, |s| Val::Num(Num::exact(s)))
    }

    fn variable_array(&mut self, run: &mut Run, id: ExprId, args: &[ExprId]) -> Val {
        let count = args.first().map_or(Num::any(), |a| run.num(*a));
        if let Some(first) = args.first() {
            self.length(run, count, "outside-size", id, *first);
        }
        Val::Unknown
    }

    // ---- memory

    fn allocate(&mut self, run: &mut Run, id: ExprId, row: &Allocate, args: &[ExprId]) -> Val {
        let arg = |position: Option<usize>| position.and_then(|p| args.get(p)).copied();
        let mut size = None;
        if let Some(at) = arg(row.size) {
            size = Some(self.asked(run, id, at));
            self.wrong_sizeof(run, id, at);
        }
        if let Some(at) = arg(row.count) {
            let count = self.asked(run, id, at);
            let each = match (size, args.get(1).map(|a| self.kind(run, *a))) {
                (Some(each), _) => each,
                (None, Some(ExprKind::Str(ty))) => self.types.size_of_text(ty).map_or(Num::any(), Num::exact),
                _ => Num::any(),
            };
            size = Some(multiplied(count, each));
        }
        if row.family == Family::Delete
            && let Some(ExprKind::Str(ty)) = args.get(1).map(|a| self.kind(run, *a))
        {
            size = self.types.size_of_text(ty).map(Num::exact);
        }
        let mut text = None;
        if let Some(at) = arg(row.text) {
            self.follow(run, at, id);
            if let Val::Ptr(from) = run.val(at) {
                text = run.state.object(from.object).and_then(|o| o.text);
                size = text.map(|t| added(t, Num::exact(1)));
            }
        }
        if let Some(at) = arg(row.moves)
            && let Val::Ptr(from) = run.val(at)
        {
            self.alive(run, from, at, id);
            // When it fails the old memory is still there.
            run.state.change(from.object, |o| o.escaped = true);
        }
        let object = (run.frame, run.function.0, id.0);
        let kind = match row.family {
            Family::Stack => Kind::Stack(run.frame),
            family => Kind::Heap(family),
        };
        let known = size.filter(|s| s.lo > MIN && s.hi < MAX && !s.outside);
        self.make(run, object, kind, known, id);
        let zeroed = row.zeroed;
        run.state.change(object, |o| {
            o.text = text.or_else(|| zeroed.then(|| Num::exact(0)));
            o.escaped = row.moves.is_some();
        });
        if !zeroed && text.is_none() && row.text.is_none() && row.moves.is_none() && self.facts.lang == Lang::C {
            run.state.blank(object);
        }
        match pointer(object, 1) {
            Val::Ptr(ptr) => Val::Ptr(Ptr {
                unchecked: row.fails,
                ..ptr
            }),
            other => other,
        }
    }

    /// Something of the library's own, or NULL.
    fn opaque(&mut self, run: &mut Run, id: ExprId) -> Val {
        let object = (u32::MAX - 4, run.function.0, id.0);
        self.make(run, object, Kind::Given, None, id);
        run.state.change(object, |o| o.escaped = true);
        Val::Ptr(Ptr {
            object,
            offset: Num::exact(0),
            step: 0,
            unchecked: true,
        })
    }

    /// A size that is asked for.
    fn asked(&mut self, run: &mut Run, id: ExprId, at: ExprId) -> Num {
        self.used(run, at, id);
        let size = run.num(at);
        if size.wrapped {
            self.tell(
                run,
                "size-wraps",
                id,
                Some(at),
                "the product or sum may be smaller than its parts".to_owned(),
            );
        } else {
            self.length(run, size, "outside-size", id, at);
        }
        size
    }

    /// `malloc(sizeof(p))` where `p` is a pointer to something larger.
    fn wrong_sizeof(&mut self, run: &mut Run, id: ExprId, at: ExprId) {
        let Some(step) = self.size_of_pointer(run, at) else {
            return;
        };
        if step > 8 {
            self.tell(
                run,
                "sizeof-pointer",
                id,
                Some(at),
                format!("8 bytes for something of {step}"),
            );
        }
    }

    /// What a pointer points to, when an expression is the `sizeof` of that pointer.
    pub(super) fn size_of_pointer(&mut self, run: &Run, at: ExprId) -> Option<i64> {
        let ExprKind::Call { callee, args, .. } = self.kind(run, self.bare(run, at)) else {
            return None;
        };
        let ExprKind::Name(name) = self.kind(run, *callee) else {
            return None;
        };
        let operand = args.first()?.value;
        if self.facts.name(*name) != "sizeof" || !matches!(self.kind(run, operand), ExprKind::Name(_)) {
            return None;
        }
        let ty = self.types.of_expr(run.function, operand)?;
        let ty = self.types.of(&ty);
        ty.pointer.then_some(ty.step)
    }

    fn release(&mut self, run: &mut Run, id: ExprId, family: Family, args: &[ExprId]) {
        let Some(at) = args.last().copied() else { return };
        self.used(run, at, id);
        let Val::Ptr(ptr) = run.val(at) else { return };
        let Some(object) = run.state.object(ptr.object).cloned() else {
            return;
        };
        if run.quiet(id) {
            return run.state.change(ptr.object, |o| o.escaped = true);
        }
        match object.kind {
            Kind::Stack(_) | Kind::Static | Kind::Literal => {
                self.tell(run, "free-not-heap", id, Some(at), String::new());
                return;
            }
            Kind::Heap(made) if made != family && object.state == Life::Live => {
                let detail = format!("{} where {} belongs", family.name(), made.name());
                self.tell(run, "mismatched-free", id, Some(at), detail);
            }
            _ => {}
        }
        if object.state == Life::Freed {
            self.tell(run, "double-free", id, Some(at), String::new());
            return;
        }
        if matches!(object.kind, Kind::Heap(_)) && (ptr.offset.lo > 0 || ptr.offset.hi < 0) {
            self.tell(run, "free-inside", id, Some(at), String::new());
        }
        run.state.change(ptr.object, |o| o.state = Life::Freed);
    }

    fn number(&mut self, run: &mut Run, row: &Number, args: &[ExprId]) -> Val {
        let (outside, given) = match row.of.and_then(|p| args.get(p)) {
            None => (true, false),
            Some(arg) => match run.val(*arg) {
                Val::Ptr(ptr) => run
                    .state
                    .object(ptr.object)
                    .map_or((false, false), |o| (o.outside, o.kind == Kind::Given && !o.outside)),
                Val::Num(n) => (n.outside, false),
                _ => (false, false),
            },
        };
        if !outside && !given {
            return Val::Unknown;
        }
        let mut number = Num::outside(row.low.unwrap_or(MIN), row.high.unwrap_or(MAX));
        if row.high.is_some() {
            (number.above, number.below) = (true, true);
        }
        number.given = given;
        Val::Num(number)
    }
}
