//! Assignments: what a variable, a field or a cell holds afterwards, and what a declaration makes of it.

use super::{
    arithmetic::narrowed,
    run::{Machine, Run},
    types::Ty,
    value::*,
};
use crate::lang::facts::*;

impl Machine<'_> {
    pub(super) fn store(&mut self, run: &mut Run, target: &Target, value: Val, from: ExprId, id: ExprId) -> Val {
        self.compared_with_null(run, from);
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
                let value = self.counted(run, *name, value, from);
                let var = self.var(run, *name);
                let own = self.types.declares(run.function, *name);
                if (var.0 == 0 || !own) && run.frame != 0 {
                    self.escape(run, &value);
                }
                run.state.set(var, value.clone());
                value
            }
            Target::Member { base, name, .. } => {
                self.follow(run, *base, id);
                match run.val(*base) {
                    Val::Ptr(ptr) => {
                        self.escape(run, &value);
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
                        if !own || ptr.offset.constant().is_none() {
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

    /// `found = p != NULL`: somebody has looked, and goes by the answer.
    fn compared_with_null(&mut self, run: &mut Run, value: ExprId) {
        let ExprKind::Binary {
            op: "==" | "!=",
            left,
            right,
        } = self.kind(run, self.bare(run, value))
        else {
            return;
        };
        if let (Val::Ptr(ptr), Val::Null) | (Val::Null, Val::Ptr(ptr)) = (run.val(*left), run.val(*right)) {
            self.looked_at(run, ptr.object);
        }
    }

    /// `i = i + 1`: how far it goes is not known until it is compared with something.
    fn counted(&self, run: &Run, name: Symbol, value: Val, from: ExprId) -> Val {
        let bare = self.bare(run, from);
        let (over, first) = match self.kind(run, bare) {
            ExprKind::Concat(parts) => (true, parts.first().copied()),
            ExprKind::Binary { op: "-", left, .. } => (false, Some(*left)),
            _ => return value,
        };
        let same = first.is_some_and(|f| matches!(self.kind(run, self.bare(run, f)), ExprKind::Name(n) if *n == name));
        if !same {
            return value;
        }
        let mark = |n: Num| match over {
            true => Num {
                above: n.outside && n.above,
                ..n
            },
            false => Num {
                below: n.outside && n.below,
                ..n
            },
        };
        match value {
            Val::Num(n) => Val::Num(mark(n)),
            Val::Ptr(p) => Val::Ptr(Ptr {
                offset: mark(p.offset),
                ..p
            }),
            other => other,
        }
    }

    /// `static` variables live on.
    fn declared(&mut self, run: &mut Run, value: Val, from: ExprId, id: ExprId) -> Val {
        let at = self.facts.functions[run.function.ix()].exprs[id.ix()].span;
        let lives_on = matches!(self.kind(run, from), ExprKind::Cast { .. }) && self.is_static(at);
        if !lives_on || run.frame == 0 {
            return value;
        }
        if let ExprKind::Assign { target, .. } = self.kind(run, id)
            && let Target::Name(name, _) = &**target
        {
            self.statics.insert(*name);
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
            constant if self.is_constant(at) => constant,
            _ => Val::Unknown,
        }
    }

    /// Constants whose sum the variable cannot hold.
    pub(super) fn fits(&mut self, run: &mut Run, num: Num, ty: &Ty, from: ExprId, id: ExprId) {
        let (Some((lo, hi)), Some(value)) = (ty.range, num.constant()) else {
            return;
        };
        let bare = self.bare(run, from);
        let computed = match self.kind(run, bare) {
            ExprKind::Concat(_) => true,
            ExprKind::Binary { op, .. } => matches!(*op, "-" | "*"),
            _ => false,
        };
        if computed && value >= lo && value <= hi {
            // A counter that goes on from here was not at its end.
            self.fine.insert(("arithmetic-over", run.function, bare));
            self.fine.insert(("arithmetic-under", run.function, bare));
        }
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
