//! Joining what is known of a value on two ways: what may be true afterwards.
//!
//! Most joins add nothing (a loop gone through again, a container of which one element changed) or replace what was known: then one
//! of the two is given back itself, so that the next join sees at once that both are the same.

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
        (Some(x), Some(y)) => Some(x.joined(y, arena)),
        // A value that may be absent is otherwise what it is.
        (Some(x), None) if null(b) => Some(x.clone()),
        (None, Some(y)) if null(a) => Some(y.clone()),
        (Some(x), None) | (None, Some(x)) => Some(opened(x)),
        (None, None) => None,
    };
    let joined = Value {
        taints: a.taints.union(&b.taints),
        path: arena.both(a.path, b.path),
        constant: (a.constant == b.constant).then(|| a.constant.clone()).flatten(),
        shape: join_shapes(a, b),
        parts,
        callees: join_callees(a, b),
        instance: a.instance.or(b.instance),
        param: if a.param == b.param { a.param } else { None },
        tests: a.tests.clone().filter(|_| same_rc(&a.tests, &b.tests)),
        views: a.views.clone().filter(|_| a.views == b.views),
        reformed: a.reformed && b.reformed,
        element: a.element.clone().or_else(|| b.element.clone()),
        unknown: a.unknown || b.unknown,
        nothing: false,
        sourced: a.sourced || b.sourced,
    };
    match [a, b].into_iter().find(|v| is(&joined, v)) {
        Some(known) => known.clone(),
        None => Rc::new(joined),
    }
}

/// True when both are the same in everything, down to what they share. `a` may still say the same as `b` when this is false.
fn is(a: &Value, b: &Value) -> bool {
    a.taints.is(&b.taints)
        && a.path == b.path
        && a.constant == b.constant
        && same_rc(&a.shape, &b.shape)
        && same_rc(&a.parts, &b.parts)
        && same_rc(&a.callees, &b.callees)
        && a.instance == b.instance
        && a.param == b.param
        && same_rc(&a.tests, &b.tests)
        && a.views == b.views
        && a.reformed == b.reformed
        && same_rc(&a.element, &b.element)
        && a.unknown == b.unknown
        && a.nothing == b.nothing
        && a.sourced == b.sourced
}

/// True when both are one and the same, or neither is there.
pub(super) fn same_rc<T: ?Sized>(a: &Option<Rc<T>>, b: &Option<Rc<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Rc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// All of them joined; `None` when there are none.
#[must_use]
pub fn joins<'v>(arena: &mut Arena<'_>, values: impl IntoIterator<Item = &'v V>) -> Option<V> {
    let mut values = values.into_iter();
    let first = values.next()?.clone();
    Some(values.fold(first, |all, v| join(arena, &all, v)))
}

fn opened(parts: &Rc<Parts>) -> Rc<Parts> {
    if parts.is_open() {
        parts.clone()
    } else {
        Rc::new(Parts::clone(parts).open())
    }
}

fn join_callees(a: &V, b: &V) -> Option<Rc<[Callee]>> {
    match (&a.callees, &b.callees) {
        (Some(x), Some(y)) => {
            let new = y.iter().filter(|callee| !x.iter().any(|c| c.same(callee)));
            let mut new = new.take(MAX_CALLEES.saturating_sub(x.len())).peekable();
            if new.peek().is_none() {
                return Some(x.clone());
            }
            Some(x.iter().chain(new).cloned().collect())
        }
        (one, None) | (None, one) => one.clone(),
    }
}

/// The more telling text: with an outside part if one has it, else the first.
fn join_shapes(a: &V, b: &V) -> Option<Shape> {
    if a.constant.is_some() && a.constant == b.constant {
        return None;
    }
    let known = |v: &V| v.shape.clone().or_else(|| v.text().map(|_| shape(pieces(v))));
    let (x, y) = (known(a), known(b));
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
