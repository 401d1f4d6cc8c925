//! Expressions: what each gives and what it changes.

use super::{
    arithmetic::{added, narrowed},
    knowledge,
    run::{Machine, Run},
    types::Ty,
    value::*,
};
use crate::lang::{Lang, facts::*};
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
            blank: false,
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
            if declared_only && ty.step > 0 {
                run.state.blank(object);
            }
            return pointer(object, ty.step);
        }
        if ty.layout.is_some() && !ty.pointer && (declared_only || matches!(of, Val::Unknown)) {
            let object = (run.frame, run.function.0, id.0);
            self.make(run, object, Kind::Stack(run.frame), ty.size.map(Num::exact), id);
            if declared_only && self.facts.lang == Lang::C {
                run.state.blank(object);
            }
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
        let blank = object.blank && matches!(object.kind, Kind::Stack(_)) && object.fields.is_empty();
        let layout = self
            .types
            .of_expr(run.function, base)
            .and_then(|t| self.types.of(&t).layout);
        let Some(field) = layout.and_then(|l| self.types.field(l, name)) else {
            return Val::Unknown;
        };
        if !field.array {
            if field.layout.is_none() {
                self.read_of(run, blank, id);
            }
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
        if let Some(inner) = inner.as_ref().filter(|t| t.array) {
            return Val::Ptr(Ptr {
                step: inner.step,
                ..ptr
            });
        }
        if !run.addressed(id) {
            let bytes = Num::exact(ptr.step.max(1));
            self.access(run, ptr, bytes, false, id, index);
            let blank = run.state.object(ptr.object).is_some_and(|o| o.blank);
            self.read_of(run, blank, id);
        }
        match (self.load(run, ptr), inner) {
            (Val::Num(num), Some(ty)) => Val::Num(narrowed(num, &ty)),
            // One of several texts that a caller gave.
            (Val::Unknown, Some(ty)) if ty.pointer && ty.step == 1 && self.from_caller(run, ptr) => {
                let object = (u32::MAX - 5, ptr.object.1, ptr.object.2);
                self.make(run, object, Kind::Given, None, id);
                run.state.change(object, |o| o.escaped = true);
                pointer(object, 1)
            }
            (value, _) => value,
        }
    }

    /// An address in what a caller gave as a parameter.
    fn from_caller(&self, run: &Run, ptr: Ptr) -> bool {
        ptr.object.0 == u32::MAX && run.state.object(ptr.object).is_some_and(|o| o.kind == Kind::Given)
    }

    /// Something is read of an object into which nothing was put.
    fn read_of(&mut self, run: &Run, blank: bool, id: ExprId) {
        match blank && !run.addressed(id) {
            true => self.tell(run, "unset", id, Some(id), String::new()),
            false => {
                self.fine.insert(("unset", run.function, id));
            }
        }
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
                            let blank = run.state.object(ptr.object).is_some_and(|o| o.blank);
                            self.read_of(run, blank, id);
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

    /// A value that is used: one that was never set is told.
    pub(super) fn used(&mut self, run: &mut Run, id: ExprId, at: ExprId) {
        let bare = self.bare(run, id);
        let named = matches!(self.kind(run, bare), ExprKind::Name(_));
        if run.val(bare) == Val::Unset && named {
            self.tell(run, "unset", at, Some(id), String::new());
            self.forget(run, bare);
        } else if named {
            self.fine.insert(("unset", run.function, id));
        }
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
