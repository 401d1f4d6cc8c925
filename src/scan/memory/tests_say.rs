//! What a test says on either way: a pointer is NULL or not, a number is below another, a way cannot be taken at all.

use super::{
    arithmetic::compared,
    run::{Machine, Run},
    value::*,
};
use crate::lang::facts::*;

/// Deepest nesting of a test that is looked into.
const MAX_DEPTH: usize = 8;
/// Most expressions of a test that is remembered.
const MAX_REMEMBERED: usize = 24;

/// The state after a test that came out as `truth`; `None` when it cannot.
pub(super) fn after(machine: &mut Machine<'_>, run: &Run, test: ExprId, truth: bool) -> Option<State> {
    let mut state = run.state.clone();
    if !say(machine, run, &mut state, test, truth, 0) {
        return None;
    }
    // The same test of the same values comes out the same.
    let (test, truth) = plain(machine, run, test, truth);
    if let Some((hash, about)) = fingerprint(machine, run, test) {
        if let Some((_, before, _)) = state.decided.iter().find(|(h, ..)| *h == hash) {
            if *before != truth {
                return None;
            }
        } else if state.decided.len() < 16 {
            state.decided.push((hash, truth, about));
        }
    }
    Some(state)
}

/// Applies what a test says; false when it cannot come out so.
fn say(machine: &mut Machine<'_>, run: &Run, state: &mut State, test: ExprId, truth: bool, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    let test = machine.bare(run, test);
    match machine.kind(run, test) {
        ExprKind::Unary { op: "!", operand } => say(machine, run, state, *operand, !truth, depth + 1),
        ExprKind::Logic { op, operands } => {
            let all = match op {
                LogicOp::And => truth,
                LogicOp::Or => !truth,
                LogicOp::Coalesce => return true,
            };
            if all {
                return operands.iter().all(|o| say(machine, run, state, *o, truth, depth + 1));
            }
            // At least one came out so: with all others decided, it is the one left.
            let mut open = Vec::new();
            for operand in operands {
                let mut tried = state.clone();
                if say(machine, run, &mut tried, *operand, truth, depth + 1) {
                    open.push((*operand, tried));
                }
            }
            match open.len() {
                0 => false,
                1 => {
                    if let Some((_, only)) = open.pop() {
                        *state = only;
                    }
                    true
                }
                _ => {
                    marks(machine, run, state, test);
                    true
                }
            }
        }
        ExprKind::Binary { op, left, right } => comparison(machine, run, state, op, *left, *right, truth),
        ExprKind::Assign { target, .. } => {
            let value = run.val(test);
            if let Target::Name(name, _) = &**target {
                let var = machine.var(run, *name);
                return truthy(state, Some(var), &value, truth);
            }
            truthy(state, None, &value, truth)
        }
        ExprKind::Name(name) => {
            let var = machine.var(run, *name);
            let value = state.var(var);
            let pointer = machine
                .types
                .of_name(run.function, *name)
                .is_some_and(|t| machine.types.of(t).pointer);
            if value == Val::Unknown && pointer {
                if !truth {
                    state.vars.insert(var, Val::NullTested);
                }
                return true;
            }
            truthy(state, Some(var), &value, truth)
        }
        _ => truthy(state, None, &run.val(test), truth),
    }
}

/// A value used as a truth.
fn truthy(state: &mut State, var: Option<Var>, value: &Val, truth: bool) -> bool {
    match value {
        Val::Null | Val::NullTested => !truth,
        Val::Num(n) => match n.constant() {
            Some(constant) => (constant != 0) == truth,
            None if n.lo > 0 || n.hi < 0 => truth,
            None => {
                if let Some(var) = var {
                    let mut num = *n;
                    if !truth {
                        num = Num {
                            outside: false,
                            ..Num::exact(0)
                        };
                    } else if num.lo == 0 {
                        num.lo = 1;
                    } else if num.outside && !num.below {
                        // Known not to be zero.
                        return known_not_zero(state, var, num);
                    }
                    state.vars.insert(var, Val::Num(num));
                }
                true
            }
        },
        Val::Ptr(ptr) if ptr.unchecked => {
            if truth {
                checked(state, ptr.object);
            } else {
                absent(state, ptr.object);
            }
            true
        }
        Val::Ptr(ptr) if may_be_absent(state, *ptr) => {
            if let (false, Some(var)) = (truth, var) {
                state.vars.insert(var, Val::NullTested);
            }
            true
        }
        Val::Ptr(_) | Val::Ref(_) | Val::Func(_) => truth,
        Val::Unset | Val::Unknown => true,
    }
}

/// What a caller gave may be NULL: whoever tests it thinks so.
pub(super) fn may_be_absent(state: &State, ptr: Ptr) -> bool {
    let given = state.object(ptr.object).is_some_and(|o| o.kind == Kind::Given);
    given && ptr.offset.constant() == Some(0)
}

/// A range has no hole: that a number from outside is not zero is kept by leaving zero's side marked as looked at.
fn known_not_zero(state: &mut State, var: Var, num: Num) -> bool {
    state.vars.insert(var, Val::Num(Num { below: true, ..num }));
    true
}

/// Every variable and field with an address in that object is known to have it.
fn checked(state: &mut State, object: ObjectId) {
    each(state, object, |v| {
        if let Val::Ptr(p) = v {
            p.unchecked = false;
        }
    });
}

/// The allocation failed: there is no such object, and who has its address has NULL.
fn absent(state: &mut State, object: ObjectId) {
    each(state, object, |v| *v = Val::NullTested);
    state.objects.remove(&object);
}

fn each(state: &mut State, object: ObjectId, change: impl Fn(&mut Val)) {
    let holds = |v: &Val| matches!(v, Val::Ptr(p) if p.object == object);
    for value in state.vars.values_mut().filter(|v| holds(v)) {
        change(value);
    }
    for held in state.objects.values_mut() {
        if held.fields.values().chain(held.cells.values()).any(holds) {
            let held = std::rc::Rc::make_mut(held);
            held.fields.values_mut().filter(|v| holds(v)).for_each(&change);
            held.cells.values_mut().filter(|v| holds(v)).for_each(&change);
        }
    }
}

fn comparison(
    machine: &mut Machine<'_>,
    run: &Run,
    state: &mut State,
    op: &'static str,
    left: ExprId,
    right: ExprId,
    truth: bool,
) -> bool {
    if !matches!(op, "==" | "!=" | "<" | "<=" | ">" | ">=") {
        return true;
    }
    let (x, y) = (now(machine, run, state, left), now(machine, run, state, right));
    let absent = |v: &Val| matches!(v, Val::Ptr(p) if may_be_absent(state, *p));
    if let Some(decided) = compared(op, &x, &y)
        && decided != truth
        && !absent(&x)
        && !absent(&y)
    {
        return false;
    }
    let equal = matches!((op, truth), ("==", true) | ("!=", false));
    if matches!(op, "==" | "!=") {
        for (this, other, value) in [(left, &y, &x), (right, &x, &y)] {
            let zero = matches!(other, Val::Null | Val::NullTested)
                || matches!(other, Val::Num(n) if n.constant() == Some(0)) && !matches!(value, Val::Num(_));
            let var = named(machine, run, this);
            if zero {
                let pointer_like = matches!(other, Val::Null | Val::NullTested);
                match (value, var) {
                    (Val::Unknown, Some(var)) if equal && pointer_like => {
                        state.vars.insert(var, Val::NullTested);
                    }
                    _ => {
                        if !truthy(state, var, value, !equal) {
                            return false;
                        }
                    }
                }
            } else if let (Val::Num(n), Some(var)) = (other, var)
                && !matches!(value, Val::Ptr(_))
            {
                match (equal, n.constant()) {
                    (true, Some(constant)) => {
                        state.vars.insert(var, Val::Num(Num::exact(constant)));
                    }
                    (false, Some(0)) => {
                        if let Val::Num(num) = value {
                            truthy(state, Some(var), &Val::Num(*num), true);
                        }
                    }
                    _ => {}
                }
            }
        }
        return true;
    }
    let op = match (op, truth) {
        (op, true) => op,
        ("<", false) => ">=",
        ("<=", false) => ">",
        (">", false) => "<=",
        (_, false) => "<",
    };
    let turned = match op {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        _ => "<=",
    };
    bound(machine, run, state, left, op, &y);
    bound(machine, run, state, right, turned, &x);
    true
}

/// The value of a side as it is in `state`, which the parts of the test before it may have changed.
fn now(machine: &Machine<'_>, run: &Run, state: &State, id: ExprId) -> Val {
    match named(machine, run, id) {
        Some(var) if state.vars.contains_key(&var) => state.var(var),
        _ => run.val(id),
    }
}

/// The variable an expression is, or gives a value to.
fn named(machine: &Machine<'_>, run: &Run, id: ExprId) -> Option<Var> {
    match machine.kind(run, machine.bare(run, id)) {
        ExprKind::Name(name) => Some(machine.var(run, *name)),
        ExprKind::Assign { target, .. } => match &**target {
            Target::Name(name, _) => Some(machine.var(run, *name)),
            _ => None,
        },
        _ => None,
    }
}

/// `this op other`: what that says of `this`.
fn bound(machine: &mut Machine<'_>, run: &Run, state: &mut State, this: ExprId, op: &str, other: &Val) {
    let limit = match other {
        Val::Num(n) => *n,
        _ => Num::any(),
    };
    let Some(var) = named(machine, run, this) else {
        // `abs(n) < x`, `n + 1 < x`: whoever wrote that has looked at `n`.
        let bare = machine.bare(run, this);
        if !matches!(
            machine.kind(run, bare),
            ExprKind::Num(_) | ExprKind::Call { .. } | ExprKind::Concat(_) | ExprKind::Binary { .. }
        ) {
            return;
        }
        marks(machine, run, state, bare);
        return;
    };
    let num = match state.var(var) {
        Val::Num(num) => num,
        Val::Unknown => Num::any(),
        _ => return,
    };
    let mut num = num;
    match op {
        // A limit nobody knows: what the type allows says nothing any more.
        "<" | "<=" if limit.hi == MAX && !limit.outside => num.hi = MAX,
        "<" => num.hi = num.hi.min(if limit.hi == MAX { MAX } else { limit.hi - 1 }),
        "<=" => num.hi = num.hi.min(limit.hi),
        ">" => {
            num.lo = num.lo.max(if limit.lo == MIN {
                MIN
            } else {
                limit.lo.saturating_add(1)
            })
        }
        _ => num.lo = num.lo.max(limit.lo),
    }
    if num.lo > num.hi {
        return;
    }
    // Compared with a limit from either side: whoever goes on has looked. Compared with something from outside, it is as large as that.
    let with_small = limit.constant().is_some_and(|c| (-1..=1).contains(&c));
    if limit.unbounded() {
        // It is as large as that: nothing more is known.
    } else if with_small {
        num.below = true;
    } else {
        num.above = true;
    }
    if num.lo >= 0 {
        num.below = true;
    }
    state.vars.insert(var, Val::Num(num));
}

/// Every number a test mentions has been looked at.
pub(super) fn marks(machine: &Machine<'_>, run: &Run, state: &mut State, id: ExprId) {
    let mut open = vec![id];
    let mut left = MAX_REMEMBERED;
    while let Some(at) = open.pop() {
        if left == 0 {
            return;
        }
        left -= 1;
        if let ExprKind::Name(name) = machine.kind(run, at) {
            let var = machine.var(run, *name);
            if let Some(Val::Num(num)) = state.vars.get_mut(&var) {
                (num.above, num.below) = (true, true);
            }
        }
        machine.kind(run, at).each_operand(|o| open.push(o));
    }
}

/// Without negation: `!x` that is true is `x` that is false.
fn plain(machine: &Machine<'_>, run: &Run, test: ExprId, truth: bool) -> (ExprId, bool) {
    let (mut test, mut truth) = (machine.bare(run, test), truth);
    while let ExprKind::Unary { op: "!", operand } = machine.kind(run, test) {
        (test, truth) = (machine.bare(run, *operand), !truth);
    }
    (test, truth)
}

/// A hash of a test that only reads variables, and which.
fn fingerprint(machine: &Machine<'_>, run: &Run, test: ExprId) -> Option<(u64, Vec<Var>)> {
    let mut hash = 7_u64;
    let mut about = Vec::new();
    let mut open = vec![test];
    let mut left = MAX_REMEMBERED;
    while let Some(at) = open.pop() {
        left = left.checked_sub(1)?;
        let mut mix = |with: u64| {
            hash = (hash ^ with.wrapping_add(0x9e37_79b9_7f4a_7c15))
                .wrapping_mul(0x0100_0000_01b3)
                .rotate_left(23)
        };
        match machine.kind(run, at) {
            ExprKind::Name(name) => {
                let var = machine.var(run, *name);
                mix(u64::from(var.0) << 32 | u64::from(var.1.0));
                about.push(var);
            }
            ExprKind::Num(text) | ExprKind::Str(text) => text.bytes().for_each(|b| mix(u64::from(b))),
            ExprKind::Null => mix(3),
            ExprKind::Bool(truth) => mix(u64::from(*truth)),
            ExprKind::Unary { op, .. } if *op != "*" => op.bytes().for_each(|b| mix(u64::from(b))),
            ExprKind::Binary { op, .. } => op.bytes().for_each(|b| mix(u64::from(b) << 8)),
            ExprKind::Logic { op, .. } => mix(*op as u64 + 40),
            ExprKind::Concat(_) => mix(50),
            ExprKind::Same(_) | ExprKind::Cast { .. } => {}
            _ => return None,
        }
        machine.kind(run, at).each_operand(|o| open.push(o));
    }
    (!about.is_empty()).then_some((hash, about))
}

impl Machine<'_> {
    /// A loop that runs as often as a number from outside says.
    pub(super) fn loop_bound(&mut self, run: &Run, test: ExprId) {
        let test = self.bare(run, test);
        let ExprKind::Binary { op, left, right } = self.kind(run, test) else {
            return;
        };
        if !matches!(*op, "<" | "<=" | ">" | ">=") {
            return;
        }
        let named = |m: &Self, id: ExprId| {
            matches!(
                m.kind(run, m.bare(run, id)),
                ExprKind::Name(_) | ExprKind::Member { .. }
            )
        };
        for (limit, counter) in [(*right, *left), (*left, *right)] {
            if !named(self, limit) || !named(self, counter) {
                continue;
            }
            let bound = run.val(limit);
            let counts = !matches!(run.val(counter), Val::Num(n) if n.outside);
            if let Val::Num(n) = bound
                && n.unbounded()
                && n.hi > 1 << 20
                && counts
            {
                self.tell(run, "outside-loop", test, Some(limit), String::new());
            }
        }
    }
}
