//! Slips that one expression shows: `&` where `&&` is meant, a word read into an array.

use super::{
    knowledge::{self, Deed},
    run::{Machine, Run},
    value::*,
};
use crate::lang::facts::*;

/// Most operators of a chain of `>>` that are looked through.
const MAX_CHAIN: usize = 64;

impl Machine<'_> {
    /// `(p != NULL) & (p->n > 0)`: the second side runs whatever the first says.
    pub(super) fn both_sides(&mut self, run: &Run, left: ExprId, right: ExprId, id: ExprId) {
        let name = |m: &Self, at: ExprId| match m.kind(run, m.bare(run, at)) {
            ExprKind::Name(name) => Some(*name),
            _ => None,
        };
        let ExprKind::Binary {
            op: "!=",
            left: tested,
            right: null,
        } = self.kind(run, self.bare(run, left))
        else {
            return;
        };
        let pointer = *tested;
        let Some(tested) = name(self, pointer).filter(|_| matches!(run.val(*null), Val::Null)) else {
            return;
        };
        for at in (left.0 + 1..=right.0).map(ExprId) {
            let followed = match self.kind(run, at) {
                ExprKind::Unary { op: "*", operand } => Some(*operand),
                ExprKind::Member { base, .. } | ExprKind::Index { base, .. } => Some(*base),
                ExprKind::Call { callee, args, .. } => match self.kind(run, *callee) {
                    ExprKind::Name(n) if matches!(knowledge::deed(self.facts.name(*n)), Some(Deed::Length)) => {
                        args.first().map(|a| a.value)
                    }
                    _ => None,
                },
                _ => None,
            };
            if followed.is_some_and(|p| name(self, p) == Some(tested)) {
                return self.tell(run, "null", id, Some(pointer), String::new());
            }
        }
    }

    /// `std::cin >> array`: nothing limits the word, unless a width was set. A number that is read may be any.
    pub(super) fn read_word(&mut self, run: &mut Run, left: ExprId, right: ExprId, id: ExprId) {
        let mut stream = left;
        for _ in 0..MAX_CHAIN {
            match self.kind(run, stream) {
                ExprKind::Binary { op: ">>", left, .. } => stream = *left,
                _ => break,
            }
        }
        let is = |at: ExprId, wanted: &[&str]| match self.kind(run, at) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => wanted.contains(&self.facts.name(*name)),
            _ => false,
        };
        if !is(stream, &["cin", "wcin"]) {
            return;
        }
        let limited = (0..right.0).map(ExprId).any(|at| is(at, &["width", "setw"]));
        if let ExprKind::Name(name) = *self.kind(run, right) {
            let var = self.var(run, name);
            let ty = self
                .types
                .of_name(run.function, name)
                .map(|t| self.types.of(t))
                .unwrap_or_default();
            if let Some((lo, hi)) = ty.range {
                return run.state.set(var, Val::Num(Num::outside(lo, hi)));
            }
            if matches!(run.state.var(var), Val::Unset) {
                return run.state.set(var, Val::Unknown);
            }
        }
        if matches!(run.val(right), Val::Ptr(_)) && self.is_array(run, right) && !limited {
            self.tell(
                run,
                "unbounded-array",
                id,
                Some(right),
                "nothing limits what is read".to_owned(),
            );
        }
    }
}
