//! Places: what variable, or chain of members of one, an expression names. Checks are remembered by place.

use super::{scope::Meaning, visit::Visit};
use crate::{
    lang::facts::*,
    scan::value::{Place, Root},
};

/// Most steps of a place (`a.b.c`) that checks follow.
const MAX_CHAIN: usize = 8;

impl Visit<'_, '_> {
    /// The place an expression reads: a variable, or a chain of members, constant keys and calls with constant arguments.
    pub(in crate::scan) fn place(&self, id: ExprId) -> Option<Place> {
        let mut chain: Vec<u64> = Vec::new();
        let mut at = id;
        while chain.len() < MAX_CHAIN {
            at = match self.kind(at) {
                ExprKind::Name(name) => {
                    let root = self.root(*name)?;
                    let hash = chain.iter().rev().fold(0, |hash, step| mix(hash, *step));
                    return Some(Place { root, chain: hash });
                }
                ExprKind::Member { base, name, .. } => {
                    chain.push(u64::from(name.0) << 2);
                    *base
                }
                ExprKind::Index { base, index } => {
                    chain.push(self.constant_hash(*index)? << 2 | 1);
                    *base
                }
                ExprKind::Call { callee, args, .. } => {
                    let mut hash = 2;
                    for arg in args {
                        hash = mix(hash, self.constant_hash(arg.value)?);
                    }
                    chain.push(hash << 2 | 2);
                    *callee
                }
                ExprKind::Same(inner) => *inner,
                ExprKind::Unary { op, operand } if matches!(*op, "&" | "*" | "&mut") => *operand,
                _ => return None,
            };
        }
        None
    }

    fn root(&self, name: Symbol) -> Option<Root> {
        Some(match self.file.scopes.meaning(self.file.facts, self.id, name) {
            Meaning::Local(slot) => Root::Variable(self.id, slot),
            Meaning::Outer(owner, slot) => Root::Variable(owner, slot),
            Meaning::Free => Root::Global(name.0),
            Meaning::Function(_) | Meaning::Class(_) | Meaning::Module(_) => return None,
        })
    }

    fn constant_hash(&self, id: ExprId) -> Option<u64> {
        let text = match self.kind(id) {
            ExprKind::Str(text) | ExprKind::Num(text) => text,
            _ => return None,
        };
        Some(text.bytes().fold(7, |hash, byte| mix(hash, u64::from(byte))))
    }

    /// The places a check of this expression speaks of: its own, and those it is another view of.
    pub(in crate::scan) fn places(&self, id: ExprId) -> Vec<Place> {
        let mut places: Vec<Place> = self.place(id).into_iter().collect();
        for view in self.vals[id.ix()].views.iter().flat_map(|v| v.iter()) {
            if !places.contains(view) {
                places.push(*view);
            }
        }
        places
    }
}

/// One round of an FNV-like mix: places are compared by hash, and a clash would only make a check count for a wrong place.
fn mix(hash: u64, with: u64) -> u64 {
    (hash ^ with.wrapping_add(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0x0100_0000_01b3)
        .rotate_left(23)
}
