//! Joining what is known of a value on two ways: what may be true afterwards.

use super::{Callee, Const, MAX_CALLEES, Parts, Piece, Shape, V, Value, pieces, shape};
use crate::scan::paths::arena::Arena;
use std::rc::Rc;

/// What is known when it may be either.
#[must_use]
pub fn join(arena: &mut Arena<'_>, a: &V, b: &V) -> V {
    if Rc::ptr_eq(a, b) || b.nothing {
        return a.clone();
    }
    if a.nothing {
        return b.clone();
    }
    let null = |v: &V| v.constant == Some(Const::Null);
    let parts = match (&a.parts, &b.parts) {
        (Some(x), Some(y)) if Rc::ptr_eq(x, y) => Some(x.clone()),
        (Some(x), Some(y)) => Some(Rc::new(x.joined(y, arena))),
        // A value that may be absent is otherwise what it is.
        (Some(x), None) if null(b) => Some(x.clone()),
        (None, Some(y)) if null(a) => Some(y.clone()),
        (Some(x), None) | (None, Some(x)) => Some(Rc::new(opened(x))),
        (None, None) => None,
    };
    Rc::new(Value {
        taints: a.taints.union(&b.taints),
        path: arena.both(a.path, b.path),
        constant: (a.constant == b.constant).then(|| a.constant.clone()).flatten(),
        shape: join_shapes(a, b),
        parts,
        callees: join_callees(a, b),
        instance: a.instance.or(b.instance),
        param: if a.param == b.param { a.param } else { None },
        tests: match (&a.tests, &b.tests) {
            (Some(x), Some(y)) if Rc::ptr_eq(x, y) => Some(x.clone()),
            _ => None,
        },
        views: match (&a.views, &b.views) {
            (Some(x), Some(y)) if x == y => Some(x.clone()),
            _ => None,
        },
        reformed: a.reformed && b.reformed,
        element: a.element.clone().or_else(|| b.element.clone()),
        unknown: a.unknown || b.unknown,
        nothing: false,
        sourced: a.sourced || b.sourced,
    })
}

/// All of them joined; `None` when there are none.
#[must_use]
pub fn joins<'v>(arena: &mut Arena<'_>, values: impl IntoIterator<Item = &'v V>) -> Option<V> {
    let mut values = values.into_iter();
    let first = values.next()?.clone();
    Some(values.fold(first, |all, v| join(arena, &all, v)))
}

fn opened(parts: &Parts) -> Parts {
    parts.clone().open()
}

fn join_callees(a: &V, b: &V) -> Option<Rc<[Callee]>> {
    match (&a.callees, &b.callees) {
        (Some(x), Some(y)) => {
            let mut all = x.to_vec();
            for callee in y.iter() {
                if all.len() < MAX_CALLEES && !all.iter().any(|c| c.same(callee)) {
                    all.push(callee.clone());
                }
            }
            Some(all.into())
        }
        (one, None) | (None, one) => one.clone(),
    }
}

/// The more telling text: with an outside part if one has it, else the first.
fn join_shapes(a: &V, b: &V) -> Option<Shape> {
    let known = |v: &V| (v.shape.is_some() || v.text().is_some()).then(|| shape(pieces(v)));
    let (x, y) = (known(a), known(b));
    if a.constant.is_some() && a.constant == b.constant {
        return None;
    }
    let tainted = |s: &Shape| s.iter().any(|p| matches!(p, Piece::Hole(v) if !v.is_clean()));
    match (x, y) {
        (Some(x), Some(y)) => Some(if !tainted(&x) && tainted(&y) { y } else { x }),
        // A text on one way and an outside value on the other: the outside one tells more.
        (Some(x), None) => (b.is_clean() || tainted(&x)).then_some(x),
        (None, Some(y)) => (a.is_clean() || tainted(&y)).then_some(y),
        (None, None) => None,
    }
}

/// True when both say the same, as far as the fixpoint cares.
#[must_use]
pub fn same(a: &V, b: &V) -> bool {
    if Rc::ptr_eq(a, b) {
        return true;
    }
    let parts = match (&a.parts, &b.parts) {
        (None, None) => true,
        (Some(x), Some(y)) => x.same(y),
        _ => false,
    };
    parts
        && a.path == b.path
        && a.constant == b.constant
        && a.unknown == b.unknown
        && a.nothing == b.nothing
        && a.param == b.param
        && a.instance == b.instance
        && a.sourced == b.sourced
        && a.taints.same(&b.taints)
        && a.callees.as_ref().map(|c| c.len()) == b.callees.as_ref().map(|c| c.len())
        && a.shape.is_some() == b.shape.is_some()
}
