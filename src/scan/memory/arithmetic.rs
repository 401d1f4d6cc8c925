//! Arithmetic on ranges and addresses, and what comparisons decide.

use super::{
    run::{Machine, Run},
    types::Ty,
    value::*,
};
use crate::lang::facts::*;

impl Machine<'_> {
    pub(super) fn sum(&mut self, run: &mut Run, parts: &[ExprId], id: ExprId) -> Val {
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
        let wide = |m: &Self, o: &ExprId| matches!(m.kind(run, *o), ExprKind::Cast { ty, .. } if m.types.of(ty).size == Some(8));
        if operands.iter().any(|o| wide(self, o)) {
            // Someone made room first.
            return;
        }
        for operand in operands {
            let Val::Num(num) = run.val(*operand) else { continue };
            // Hashes and counters of the widest unsigned type wrap on purpose.
            let ty = self
                .types
                .of_expr(run.function, *operand)
                .and_then(|t| self.types.of(&t).range);
            if ty == Some((0, MAX)) {
                continue;
            }
            let (name, wrong) = match over {
                true => ("arithmetic-over", num.unbounded()),
                false => ("arithmetic-under", num.outside && !num.below && num.lo < 0),
            };
            if wrong && !num.given && num.constant().is_none() {
                let detail = String::new();
                self.tell(run, name, id, Some(*operand), detail);
            }
        }
    }

    pub(super) fn binary(&mut self, run: &mut Run, op: &str, left: ExprId, right: ExprId, id: ExprId) -> Val {
        self.used(run, left, id);
        if op != ">>" || run.val(right) != Val::Unset {
            self.used(run, right, id);
        }
        let (x, y) = (run.val(left), run.val(right));
        match op {
            "&" => self.both_sides(run, left, right, id),
            ">>" => self.read_word(run, left, right, id),
            _ => {}
        }
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
            let absent = |v: &Val| matches!(v, Val::Ptr(p) if super::tests_say::may_be_absent(&run.state, *p));
            if absent(&x) || absent(&y) {
                return Val::Unknown;
            }
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
                    given: a.given,
                })
            }
            "&" => match (a.constant(), b.constant()) {
                (Some(mask), _) | (_, Some(mask)) if mask >= 0 => bounded(mask, true),
                _ => Val::Num(Num::any()),
            },
            "/" => Val::Num(divided(a, b)),
            "<<" | "|" | "^" if small(a) && small(b) => {
                let most = match op {
                    "<<" => crate::lang::arithmetic("<<", a.hi, b.hi.min(32)).unwrap_or(MAX),
                    _ => (a.hi.max(b.hi) as u64 + 1).next_power_of_two() as i64 - 1,
                };
                Val::Num(Num {
                    lo: 0,
                    hi: most,
                    ..added(a, b)
                })
            }
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
        if by.constant() != Some(0) {
            self.fine.insert(("zero-divisor", run.function, right));
        }
        if by.constant() == Some(0) {
            self.tell(run, "zero-divisor", id, Some(right), String::new());
        } else if by.outside && !by.above && !by.below && by.lo <= 0 && by.hi >= 0 {
            self.tell(run, "outside-divisor", id, Some(right), String::new());
        }
    }
}

/// A quotient: by a constant, its range is narrower.
fn divided(a: Num, b: Num) -> Num {
    let by = b.constant().filter(|c| *c > 0).unwrap_or(1);
    let part = |n: i64| if n == MIN || n == MAX { n } else { n / by };
    Num {
        lo: part(a.lo),
        hi: part(a.hi),
        wrapped: false,
        ..a
    }
}

/// Not below zero, and no more than a few bytes hold.
fn small(n: Num) -> bool {
    n.lo >= 0 && n.hi <= 1 << 30
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
pub(super) fn narrowed(num: Num, ty: &Ty) -> Num {
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
        above: a.above && b.above,
        below: a.below && b.below,
        wrapped: a.wrapped || b.wrapped,
        given: a.given || b.given,
    }
}

pub(super) fn negated(n: Num) -> Num {
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
        given: a.given || b.given,
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
