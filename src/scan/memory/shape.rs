//! What a function is like, whatever it is called with: the order of its blocks, its loops, and what runs only under a condition.

use crate::lang::facts::*;
use std::collections::{BTreeSet, HashSet};

/// What a function is like, computed once.
pub(super) struct Shape {
    /// Blocks in reverse post-order: their rank.
    pub rank: Vec<u32>,
    pub order: Vec<BlockId>,
    /// Blocks that a loop comes back to.
    pub heads: HashSet<BlockId>,
    /// Expressions that only run when a test before them in the same statement came out so.
    pub quiet: Vec<bool>,
    /// Expressions whose address is taken.
    pub addressed: Vec<bool>,
}

impl Shape {
    pub(super) fn of(function: &Function) -> Shape {
        let blocks = &function.blocks;
        let mut order = Vec::with_capacity(blocks.len());
        let mut seen = vec![false; blocks.len()];
        let mut active: BTreeSet<BlockId> = BTreeSet::new();
        let mut heads = HashSet::new();
        let mut open = vec![(BlockId(0), false)];
        while let Some((id, left)) = open.pop() {
            if left {
                active.remove(&id);
                order.push(id);
                continue;
            }
            if seen[id.ix()] {
                continue;
            }
            seen[id.ix()] = true;
            active.insert(id);
            open.push((id, true));
            let mut to: Vec<BlockId> = match &blocks[id.ix()].exit {
                Exit::Goto(to) => vec![*to],
                Exit::Branch { yes, no, .. } => vec![*no, *yes],
                Exit::Any(all) => all.iter().rev().copied().collect(),
                Exit::Return(_) | Exit::Raise | Exit::End => Vec::new(),
            };
            heads.extend(to.iter().filter(|t| active.contains(t)));
            to.retain(|t| !seen[t.ix()]);
            open.extend(to.into_iter().map(|t| (t, false)));
        }
        order.reverse();
        let mut rank = vec![u32::MAX; blocks.len()];
        for (i, id) in order.iter().enumerate() {
            rank[id.ix()] = i as u32;
        }
        let mut quiet = vec![false; function.exprs.len()];
        let mut addressed = vec![false; function.exprs.len()];
        for expr in &function.exprs {
            let stretch = match &expr.kind {
                ExprKind::Logic { operands, .. } => operands.first().zip(operands.last()).map(|(a, b)| (*a, *b)),
                ExprKind::Ternary { test, other, .. } if test < other => Some((*test, *other)),
                ExprKind::Unary { op: "&", operand } => {
                    addressed[operand.ix()] = true;
                    None
                }
                ExprKind::Call { callee, args, .. } => {
                    // What `sizeof` is given is not read.
                    if matches!(function.exprs[callee.ix()].kind, ExprKind::Name(_))
                        && let [one] = args[..]
                        && let Some(first) = function.exprs.get(callee.ix())
                        && first.span.start == expr.span.start
                        && first.span.end == expr.span.end
                    {
                        Some((*callee, one.value))
                    } else {
                        None
                    }
                }
                _ => None,
            };
            if let Some((from, to)) = stretch {
                for id in from.0 + 1..=to.0 {
                    quiet[id as usize] = true;
                }
            }
        }
        Shape {
            rank,
            order,
            heads,
            quiet,
            addressed,
        }
    }
}
