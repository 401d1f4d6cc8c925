//! Expressions: what each gives and what it changes.

use super::{
    knowledge,
    run::{Machine, Run},
    types::Ty,
    value::*,
};
use crate::lang::facts::*;
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

impl Machine<'_> {
    /// The value of one expression whose operands have been evaluated. A call with several ways out leaves the others in `more`.
    pub(super) fn eval(&mut self, run: &mut Run, id: ExprId, more: &mut Vec<Run>) -> Val {
        match self.kind(run, id) {
            ExprKind::Str(text) => self.literal(run, text, id),
            ExprKind::Num(text) => text.parse().map_or(Val::Num(Num::any()), |n| Val::Num(Num::exact(n))),
            ExprKind::Bool(truth) => Val::Num(Num::exact(i64::from(*truth))),
            ExprKind::Null => Val::Null,
            ExprKind::Name(name) => self.name(run, *name),
            ExprKind::Member { base, name, .. } => self.member(run, *base, *name, id),
            ExprKind::Index { base, index } => self.index(run, *base, *index, id),
            ExprKind::Unary { op, operand } => self.unary(run, op, *operand, id),
            ExprKind::Binary { op, left, right } => self.binary(run, op, *left, *right, id),
            ExprKind::Concat(parts) => self.sum(run, parts, id),
            ExprKind::Logic { .. } => Val::Num(Num {
                lo: 0,
                hi: 1,
                ..Num::any()
            }),
            ExprKind::Ternary { test, then, other } => {
                let (yes, no) = (run.val(*then), run.val(*other));
                match run
                    .num(*test)
                    .constant()
                    .filter(|_| matches!(run.val(*test), Val::Num(_)))
                {
                    Some(0) => no,
                    Some(_) => yes,
                    None => {
                        let joined = join(&yes, &no, false);
                        if joined == Val::Unknown {
                            self.escape(run, &yes);
                            self.escape(run, &no);
                        }
                        joined
                    }
                }
            }
            ExprKind::Same(inner) | ExprKind::Spread(inner) => run.val(*inner),
            ExprKind::Cast { value, ty } => {
                let known = self.types.of(ty);
                self.cast(run, *value, &known, id)
            }
            ExprKind::Call { callee, args, .. } => self.called_with(run, id, *callee, args, more),
            ExprKind::Assign { target, value, mode } => {
                let given = match mode {
                    AssignMode::Plain => run.val(*value),
                    _ => Val::Unknown,
                };
                self.used(run, *value, id);
                let copied = matches!(self.kind(run, self.bare(run, *value)), ExprKind::Name(_));
                let given = if given == Val::Unset && copied {
                    Val::Unknown
                } else {
                    given
                };
                self.store(run, target, given, *value, id)
            }
            ExprKind::Sequence(parts) => {
                parts.iter().for_each(|p| {
                    let value = run.val(*p);
                    self.escape(run, &value);
                });
                Val::Unknown
            }
            ExprKind::Map(entries) => {
                entries.iter().for_each(|e| {
                    let value = run.val(e.value);
                    self.escape(run, &value);
                });
                Val::Unknown
            }
            ExprKind::Other(parts) => {
                parts.iter().for_each(|p| {
                    let value = run.val(*p);
                    self.escape(run, &value);
                });
                Val::Unknown
            }
            _ => Val::Unknown,
        }
    }

    // ---- objects

    pub(super) fn make(&mut self, run: &mut Run, id: ObjectId, kind: Kind, size: Option<Num>, at: ExprId) {
        let object = Object {
            kind,
            size,
            state: Life::Live,
            text: None,
            outside: false,
            cells: BTreeMap::new(),
            fields: HashMap::new(),
            escaped: false,
            at: (run.function, at),
        };
        run.state.objects.insert(id, Rc::new(object));
    }

    fn literal(&mut self, run: &mut Run, text: &str, id: ExprId) -> Val {
        let object = (u32::MAX - 1, run.function.0, id.0);
        if run.state.object(object).is_none() {
            let length = text.len() as i64;
            self.make(run, object, Kind::Literal, None, id);
            run.state.change(object, |o| {
                o.text = Some(Num::exact(length));
                o.escaped = true;
            });
        }
        pointer(object, 0)
    }

    /// A variable that is declared without a value, or with one: arrays and structs become objects.
    fn cast(&mut self, run: &mut Run, value: ExprId, ty: &Ty, id: ExprId) -> Val {
        let of = run.val(value);
        let nothing = matches!(self.kind(run, value), ExprKind::Other(parts) if parts.is_empty());
        let at = &self.facts.functions[run.function.ix()].exprs[value.ix()];
        let declared_only = nothing && at.span.start == at.span.end;
        if ty.array {
            let object = (run.frame, run.function.0, id.0);
            self.make(run, object, Kind::Stack(run.frame), ty.size.map(Num::exact), id);
            let text = match (&of, self.kind(run, value)) {
                (Val::Ptr(p), ExprKind::Str(_)) => run.state.object(p.object).and_then(|o| o.text),
                (_, ExprKind::Sequence(parts)) => {
                    let zero = parts.first().is_some_and(|p| run.num(*p).constant() == Some(0));
                    zero.then(|| Num::exact(0))
                }
                _ => None,
            };
            run.state.change(object, |o| o.text = text);
            return pointer(object, ty.step);
        }
        if ty.layout.is_some() && !ty.pointer && (declared_only || matches!(of, Val::Unknown)) {
            let object = (run.frame, run.function.0, id.0);
            self.make(run, object, Kind::Stack(run.frame), ty.size.map(Num::exact), id);
            return pointer(object, ty.size.unwrap_or(0));
        }
        if declared_only {
            return if ty.pointer || ty.range.is_some() {
                Val::Unset
            } else {
                Val::Unknown
            };
        }
        match of {
            Val::Ptr(ptr) if ty.pointer && ty.step > 0 => Val::Ptr(Ptr { step: ty.step, ..ptr }),
            Val::Num(num) => {
                self.fits(run, num, ty, value, id);
                Val::Num(narrowed(num, ty))
            }
            other => other,
        }
    }

    fn name(&mut self, run: &mut Run, name: Symbol) -> Val {
        let var = self.var(run, name);
        if let Some(value) = run.state.vars.get(&var) {
            return value.clone();
        }
        if let Some(Some(function)) = self.functions.get(&name) {
            return Val::Func(*function);
        }
        knowledge::limit(self.facts.name(name)).map_or(Val::Unknown, |v| Val::Num(Num::exact(v)))
    }

    fn member(&mut self, run: &mut Run, base: ExprId, name: Symbol, id: ExprId) -> Val {
        self.follow(run, base, id);
        let Val::Ptr(ptr) = run.val(base) else {
            return Val::Unknown;
        };
        let Some(object) = run.state.object(ptr.object) else {
            return Val::Unknown;
        };
        if let Some(value) = object.fields.get(&name) {
            return value.clone();
        }
        let outside = object.outside;
        let layout = self
            .types
            .of_expr(run.function, base)
            .and_then(|t| self.types.of(&t).layout);
        let Some(field) = layout.and_then(|l| self.types.field(l, name)) else {
            return Val::Unknown;
        };
        if !field.array {
            return Val::Unknown;
        }
        // An array in a struct: an object of its own, as large as it is declared.
        let kind = object.kind;
        let part = (ptr.object.0, ptr.object.1 ^ (name.0 << 12), ptr.object.2 | 1 << 31);
        self.make(
            run,
            part,
            if kind == Kind::Given {
                Kind::Given
            } else {
                kind_of_part(kind)
            },
            field.size.map(Num::exact),
            id,
        );
        run.state.change(part, |o| (o.outside, o.escaped) = (outside, true));
        let value = pointer(part, field.step);
        run.state.change(ptr.object, |o| {
            o.fields.insert(name, value.clone());
        });
        value
    }

    fn index(&mut self, run: &mut Run, base: ExprId, index: ExprId, id: ExprId) -> Val {
        self.follow(run, base, id);
        self.used(run, index, id);
        let Val::Ptr(ptr) = run.val(base) else {
            return Val::Unknown;
        };
        let ptr = self.moved(run, ptr, run.num(index));
        let inner = self.types.of_expr(run.function, id).map(|t| self.types.of(&t));
        if let Some(inner) = inner.filter(|t| t.array) {
            return Val::Ptr(Ptr {
                step: inner.step,
                ..ptr
            });
        }
        if !run.addressed(id) {
            let bytes = Num::exact(ptr.step.max(1));
            self.access(run, ptr, bytes, false, id, index);
        }
        self.load(run, ptr)
    }

    pub(super) fn moved(&self, _run: &Run, ptr: Ptr, by: Num) -> Ptr {
        let step = ptr.step.max(1);
        let scaled = |n: i64| {
            if n == MIN || n == MAX {
                n
            } else {
                n.saturating_mul(step)
            }
        };
        Ptr {
            offset: added(
                ptr.offset,
                Num {
                    lo: scaled(by.lo),
                    hi: scaled(by.hi),
                    ..by
                },
            ),
            ..ptr
        }
    }

    /// What is at an address.
    fn load(&mut self, run: &mut Run, ptr: Ptr) -> Val {
        let Some(object) = run.state.object(ptr.object) else {
            return Val::Unknown;
        };
        if let Some(at) = ptr.offset.constant()
            && let Some(value) = object.cells.get(&at)
        {
            return value.clone();
        }
        if !object.outside {
            return Val::Unknown;
        }
        if ptr.step == 8 && object.kind == Kind::Given {
            return self.outside_text(run, (u32::MAX - 2, ptr.object.1, ptr.object.2), false);
        }
        Val::Num(Num {
            above: true,
            below: true,
            ..Num::outside(-128, 255)
        })
    }

    /// A text from outside, of any length.
    pub(super) fn outside_text(&mut self, run: &mut Run, object: ObjectId, unchecked: bool) -> Val {
        self.make(run, object, Kind::Given, None, ExprId(0));
        run.state.change(object, |o| (o.outside, o.escaped) = (true, true));
        Val::Ptr(Ptr {
            object,
            offset: Num::exact(0),
            step: 1,
            unchecked,
        })
    }

    fn unary(&mut self, run: &mut Run, op: &str, operand: ExprId, id: ExprId) -> Val {
        let of = run.val(operand);
        match op {
            "*" => {
                self.follow(run, operand, id);
                match run.val(operand) {
                    Val::Ptr(ptr) => {
                        if !run.addressed(id) {
                            self.access(run, ptr, Num::exact(ptr.step.max(1)), false, id, operand);
                        }
                        self.load(run, ptr)
                    }
                    Val::Ref(var) => run.state.var(var),
                    other @ Val::Func(_) => other,
                    _ => Val::Unknown,
                }
            }
            "&" => self.address(run, operand, of),
            "!" => match of {
                Val::Null | Val::NullTested => Val::Num(Num::exact(1)),
                Val::Num(n) => n
                    .constant()
                    .map_or(Val::Num(Num::any()), |c| Val::Num(Num::exact(i64::from(c == 0)))),
                _ => Val::Unknown,
            },
            "-" => match of {
                Val::Num(n) => {
                    let flip = |v: i64| {
                        if v == MIN {
                            MAX
                        } else if v == MAX {
                            MIN
                        } else {
                            -v
                        }
                    };
                    Val::Num(Num {
                        lo: flip(n.hi),
                        hi: flip(n.lo),
                        above: n.below,
                        below: n.above,
                        ..n
                    })
                }
                _ => Val::Unknown,
            },
            _ => match of {
                Val::Num(n) if n.outside => Val::Num(Num::outside(MIN, MAX)),
                _ => Val::Unknown,
            },
        }
    }

    fn address(&mut self, run: &mut Run, operand: ExprId, of: Val) -> Val {
        match self.kind(run, operand) {
            ExprKind::Name(name) => {
                let ty = self.types.of_name(run.function, *name).map(|t| self.types.of(t));
                let object = ty.is_some_and(|t| t.array || t.layout.is_some() && !t.pointer);
                match of {
                    Val::Ptr(_) if object => of,
                    Val::Func(_) => of,
                    _ => Val::Ref(self.var(run, *name)),
                }
            }
            ExprKind::Index { base, index } => match run.val(*base) {
                Val::Ptr(ptr) => Val::Ptr(self.moved(run, ptr, run.num(*index))),
                _ => Val::Unknown,
            },
            ExprKind::Unary { op: "*", operand } => run.val(*operand),
            _ => match of {
                Val::Ptr(_) => of,
                _ => Val::Unknown,
            },
        }
    }

    // ---- arithmetic

    fn sum(&mut self, run: &mut Run, parts: &[ExprId], id: ExprId) -> Val {
        for part in parts {
            self.used(run, *part, id);
        }
        let pointer = parts.iter().find_map(|p| match run.val(*p) {
            Val::Ptr(ptr) => Some((*p, ptr)),
            _ => None,
        });
        let numbers = parts.iter().filter(|p| pointer.is_none_or(|(at, _)| at != **p));
        let mut total = Num::exact(0);
        let mut unknown = false;
        for part in numbers {
            unknown |= !matches!(run.val(*part), Val::Num(_));
            total = added(total, run.num(*part));
        }
        if let Some((_, ptr)) = pointer {
            return Val::Ptr(self.moved(run, ptr, total));
        }
        if parts.iter().any(|p| matches!(run.val(*p), Val::Ref(_))) {
            return Val::Unknown;
        }
        if unknown && !total.outside {
            return Val::Unknown;
        }
        total.wrapped |= parts.iter().any(|p| run.num(*p).unbounded());
        self.arithmetic(run, parts, true, id);
        Val::Num(total)
    }

    /// Arithmetic on a number from outside that nothing was found out about.
    fn arithmetic(&mut self, run: &mut Run, operands: &[ExprId], over: bool, id: ExprId) {
        for operand in operands {
            let Val::Num(num) = run.val(*operand) else { continue };
            let (name, wrong) = match over {
                true => ("arithmetic-over", num.unbounded()),
                false => ("arithmetic-under", num.outside && !num.below && num.lo < 0),
            };
            if wrong && num.constant().is_none() {
                let detail = String::new();
                self.tell(run, name, id, Some(*operand), detail);
            }
        }
    }

    fn binary(&mut self, run: &mut Run, op: &str, left: ExprId, right: ExprId, id: ExprId) -> Val {
        self.used(run, left, id);
        self.used(run, right, id);
        let (x, y) = (run.val(left), run.val(right));
        if let (Val::Ptr(a), "-") = (&x, op) {
            return match y {
                Val::Ptr(b) if a.object == b.object => {
                    let step = a.step.max(1);
                    let distance = added(a.offset, negated(b.offset));
                    match distance.constant() {
                        Some(bytes) => Val::Num(Num::exact(bytes / step)),
                        None => Val::Unknown,
                    }
                }
                Val::Num(n) => Val::Ptr(self.moved(run, *a, negated(n))),
                _ => Val::Unknown,
            };
        }
        if matches!(op, "==" | "!=" | "<" | "<=" | ">" | ">=") {
            return compared(op, &x, &y).map_or(Val::Unknown, |t| Val::Num(Num::exact(i64::from(t))));
        }
        if matches!(op, "/" | "%") {
            self.divided(run, right, id);
        }
        let (Val::Num(a), Val::Num(b)) = (x, y) else {
            let known = [run.val(left), run.val(right)];
            let outside = known.iter().any(|v| matches!(v, Val::Num(n) if n.unbounded()));
            return match (op, outside) {
                ("*" | "<<", true) => Val::Num(Num {
                    wrapped: true,
                    ..Num::outside(MIN, MAX)
                }),
                ("%", _) => match run.val(right) {
                    Val::Num(n) if n.hi < MAX => bounded(n.hi.max(-n.lo.max(-MAX)) - 1, false),
                    _ => Val::Unknown,
                },
                ("&", _) => known
                    .iter()
                    .find_map(|v| match v {
                        Val::Num(n) => n.constant().filter(|c| *c >= 0),
                        _ => None,
                    })
                    .map_or(Val::Unknown, |mask| bounded(mask, true)),
                _ => Val::Unknown,
            };
        };
        if let (Some(a), Some(b)) = (a.constant(), b.constant()) {
            let value = crate::lang::arithmetic(op, a, b);
            return value.map_or(Val::Num(Num::any()), |v| Val::Num(Num::exact(v)));
        }
        match op {
            "-" => {
                self.arithmetic(run, &[left], false, id);
                Val::Num(added(a, negated(b)))
            }
            "*" => {
                self.arithmetic(run, &[left, right], true, id);
                Val::Num(Num {
                    wrapped: a.unbounded() || b.unbounded(),
                    ..multiplied(a, b)
                })
            }
            "%" if b.hi < MAX => {
                let most = b.hi.saturating_sub(1);
                Val::Num(Num {
                    lo: if a.lo >= 0 { 0 } else { -most },
                    hi: most,
                    outside: a.outside,
                    above: true,
                    below: a.unsigned_checked(),
                    wrapped: false,
                })
            }
            "&" => match (a.constant(), b.constant()) {
                (Some(mask), _) | (_, Some(mask)) if mask >= 0 => bounded(mask, true),
                _ => Val::Num(Num::any()),
            },
            "/" => Val::Num(Num { wrapped: false, ..a }),
            "<<" if a.unbounded() => Val::Num(Num {
                wrapped: true,
                ..Num::outside(MIN, MAX)
            }),
            _ if a.outside || b.outside => Val::Num(Num {
                above: a.above && b.above,
                below: a.below && b.below,
                ..Num::outside(MIN, MAX)
            }),
            _ => Val::Num(Num::any()),
        }
    }

    fn divided(&mut self, run: &mut Run, right: ExprId, id: ExprId) {
        let Val::Num(by) = run.val(right) else { return };
        if by.constant() == Some(0) {
            self.tell(run, "zero-divisor", id, Some(right), String::new());
        } else if by.outside && !by.above && !by.below && by.lo <= 0 && by.hi >= 0 {
            self.tell(run, "outside-divisor", id, Some(right), String::new());
        }
    }

    /// A value that is used: one that was never set is told.
    pub(super) fn used(&mut self, run: &mut Run, id: ExprId, at: ExprId) {
        let bare = self.bare(run, id);
        let named = matches!(self.kind(run, bare), ExprKind::Name(_));
        if run.val(bare) == Val::Unset && named {
            self.tell(run, "unset", at, Some(id), String::new());
            self.forget(run, bare);
        }
    }

    // ---- assignments

    fn store(&mut self, run: &mut Run, target: &Target, value: Val, from: ExprId, id: ExprId) -> Val {
        match target {
            Target::Name(name, _) => {
                let ty = self
                    .types
                    .of_name(run.function, *name)
                    .map(|t| self.types.of(t))
                    .unwrap_or_default();
                let value = self.declared(run, value, from, id);
                let value = match value {
                    Val::Num(num) => {
                        self.fits(run, num, &ty, from, id);
                        Val::Num(narrowed(num, &ty))
                    }
                    Val::Ptr(ptr) if ty.pointer && ty.step > 0 => Val::Ptr(Ptr { step: ty.step, ..ptr }),
                    other => other,
                };
                let var = self.var(run, *name);
                if var.0 == 0 && run.frame != 0 {
                    self.escape(run, &value);
                }
                run.state.set(var, value.clone());
                value
            }
            Target::Member { base, name, .. } => {
                self.follow(run, *base, id);
                match run.val(*base) {
                    Val::Ptr(ptr) => {
                        let own = run.state.object(ptr.object).is_some_and(|o| !o.escaped);
                        if !own {
                            self.escape(run, &value);
                        }
                        run.state.change(ptr.object, |o| {
                            o.fields.insert(*name, value.clone());
                        });
                    }
                    _ => self.escape(run, &value),
                }
                value
            }
            Target::Index { base, index, .. } => {
                self.follow(run, *base, id);
                self.used(run, *index, id);
                match run.val(*base) {
                    Val::Ptr(ptr) => {
                        let ptr = self.moved(run, ptr, run.num(*index));
                        self.access(run, ptr, Num::exact(ptr.step.max(1)), true, id, *index);
                        let own = run.state.object(ptr.object).is_some_and(|o| !o.escaped);
                        if !own {
                            self.escape(run, &value);
                        }
                        self.put(run, ptr, &value);
                    }
                    Val::Ref(var) => {
                        if var.0 == 0 {
                            self.escape(run, &value);
                        }
                        run.state.set(var, value.clone());
                    }
                    _ => self.escape(run, &value),
                }
                value
            }
            Target::Tuple(all) => {
                for target in all {
                    if let Target::Name(name, _) = target {
                        let var = self.var(run, *name);
                        run.state.set(var, Val::Unknown);
                    }
                }
                Val::Unknown
            }
            _ => value,
        }
    }

    /// `static` variables live on.
    fn declared(&mut self, run: &mut Run, value: Val, from: ExprId, id: ExprId) -> Val {
        let at = self.facts.functions[run.function.ix()].exprs[id.ix()].span;
        if !matches!(self.kind(run, from), ExprKind::Cast { .. }) || !self.is_static(at) {
            return value;
        }
        match value {
            Val::Ptr(ptr) => {
                run.state.change(ptr.object, |o| {
                    if matches!(o.kind, Kind::Stack(_)) {
                        (o.kind, o.text, o.escaped) = (Kind::Static, None, true);
                    }
                });
                Val::Ptr(ptr)
            }
            _ => Val::Unknown,
        }
    }

    /// Constants whose sum the variable cannot hold.
    fn fits(&mut self, run: &mut Run, num: Num, ty: &Ty, from: ExprId, id: ExprId) {
        let (Some((lo, hi)), Some(value)) = (ty.range, num.constant()) else {
            return;
        };
        let bare = self.bare(run, from);
        let computed = match self.kind(run, bare) {
            ExprKind::Concat(_) => true,
            ExprKind::Binary { op, .. } => matches!(*op, "-" | "*"),
            _ => false,
        };
        if computed && value > hi {
            self.tell(
                run,
                "arithmetic-over",
                bare,
                Some(bare),
                format!("{value} is more than {hi}"),
            );
        } else if computed && value < lo {
            self.tell(
                run,
                "arithmetic-under",
                bare,
                Some(bare),
                format!("{value} is less than {lo}"),
            );
        }
        let _ = id;
    }

    fn put(&mut self, run: &mut Run, ptr: Ptr, value: &Val) {
        let step = ptr.step.max(1);
        run.state.change(ptr.object, |o| {
            let Some(at) = ptr.offset.constant() else {
                o.cells.clear();
                return;
            };
            o.cells.insert(at, value.clone());
            let position = at / step;
            let zero = matches!(value, Val::Num(n) if n.constant() == Some(0));
            o.text = match (o.text, zero) {
                (Some(text), true) => Some(Num {
                    lo: text.lo.min(position),
                    hi: text.hi.min(position),
                    ..text
                }),
                (None, true) => Some(Num {
                    lo: 0,
                    hi: position,
                    ..Num::exact(0)
                }),
                (Some(text), false) if text.hi <= position => None,
                (text, false) => text,
            };
        });
    }
}

fn kind_of_part(kind: Kind) -> Kind {
    match kind {
        Kind::Stack(depth) => Kind::Stack(depth),
        _ => Kind::Static,
    }
}

/// An address at the beginning of an object.
pub(super) fn pointer(object: ObjectId, step: i64) -> Val {
    Val::Ptr(Ptr {
        object,
        offset: Num::exact(0),
        step: step.max(1),
        unchecked: false,
    })
}

fn bounded(most: i64, from_zero: bool) -> Val {
    let most = most.max(0);
    Val::Num(Num {
        lo: if from_zero { 0 } else { -most },
        hi: most,
        above: true,
        below: true,
        ..Num::any()
    })
}

/// A number as a variable of that type holds it.
fn narrowed(num: Num, ty: &Ty) -> Num {
    let Some((lo, hi)) = ty.range else { return num };
    let inside = |v: i64| v >= lo && v <= hi;
    if inside(num.lo) && inside(num.hi) {
        return num;
    }
    if num.constant().is_some() {
        return Num {
            outside: num.outside,
            ..Num { lo, hi, ..Num::any() }
        };
    }
    // A number from outside keeps saying that it may be below zero when the type has no sign: it was read as a signed one.
    let keep_sign = num.outside && lo == 0 && !num.below && num.lo < 0 && num.lo > MIN;
    Num {
        lo: if keep_sign { num.lo } else { num.lo.max(lo) },
        hi: num.hi.min(hi),
        ..num
    }
}

pub(super) fn added(a: Num, b: Num) -> Num {
    let low = if a.lo == MIN || b.lo == MIN {
        MIN
    } else {
        a.lo.saturating_add(b.lo)
    };
    let high = if a.hi == MAX || b.hi == MAX {
        MAX
    } else {
        a.hi.saturating_add(b.hi)
    };
    Num {
        lo: low,
        hi: high,
        outside: a.outside || b.outside,
        above: (a.above || !a.outside) && (b.above || !b.outside) && (a.above || b.above),
        below: (a.below || !a.outside) && (b.below || !b.outside) && (a.below || b.below),
        wrapped: a.wrapped || b.wrapped,
    }
}

fn negated(n: Num) -> Num {
    let flip = |v: i64| match v {
        MIN => MAX,
        MAX => MIN,
        v => -v,
    };
    Num {
        lo: flip(n.hi),
        hi: flip(n.lo),
        above: n.below,
        below: n.above,
        ..n
    }
}

pub(super) fn multiplied(a: Num, b: Num) -> Num {
    let finite = |n: Num| n.lo > MIN && n.hi < MAX;
    let (lo, hi) = if finite(a) && finite(b) {
        let all = [
            a.lo.saturating_mul(b.lo),
            a.lo.saturating_mul(b.hi),
            a.hi.saturating_mul(b.lo),
            a.hi.saturating_mul(b.hi),
        ];
        (
            all.iter().copied().min().unwrap_or(MIN),
            all.iter().copied().max().unwrap_or(MAX),
        )
    } else if a.lo >= 0 && b.lo >= 0 {
        (0, MAX)
    } else {
        (MIN, MAX)
    };
    Num {
        lo,
        hi,
        outside: a.outside || b.outside,
        above: (a.above || !a.outside) && (b.above || !b.outside),
        below: (a.below || !a.outside) && (b.below || !b.outside),
        wrapped: a.wrapped || b.wrapped,
    }
}

/// What a comparison gives, where the values decide it.
pub(super) fn compared(op: &str, x: &Val, y: &Val) -> Option<bool> {
    let null =
        |v: &Val| matches!(v, Val::Null | Val::NullTested) || matches!(v, Val::Num(n) if n.constant() == Some(0));
    let there = |v: &Val| matches!(v, Val::Ptr(p) if !p.unchecked) || matches!(v, Val::Ref(_) | Val::Func(_));
    match (x, y) {
        (Val::Num(a), Val::Num(b)) => match op {
            "==" | "!=" => {
                let equal = if a.constant().is_some() && a.constant() == b.constant() {
                    Some(true)
                } else if a.hi < b.lo || b.hi < a.lo {
                    Some(false)
                } else {
                    None
                };
                equal.map(|e| e == (op == "=="))
            }
            "<" => decided(a.hi < b.lo, a.lo >= b.hi),
            "<=" => decided(a.hi <= b.lo, a.lo > b.hi),
            ">" => decided(a.lo > b.hi, a.hi <= b.lo),
            ">=" => decided(a.lo >= b.hi, a.hi < b.lo),
            _ => None,
        },
        _ if op != "==" && op != "!=" => None,
        _ if null(x) && null(y) => Some(op == "=="),
        (Val::Ptr(p), other) | (other, Val::Ptr(p)) if null(other) && !p.unchecked => Some(op == "!="),
        _ if there(x) && null(y) || there(y) && null(x) => Some(op == "!="),
        _ => None,
    }
}

fn decided(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
