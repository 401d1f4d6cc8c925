//! The state between two statements: what each local holds, and which places have been checked.

use super::guards;
use crate::{
    lang::facts::FunctionId,
    scan::{
        compile::Kinds,
        paths::arena::Arena,
        value::{Const, Place, Root, Tests, V, join, same},
    },
};
use std::rc::Rc;

/// Most checked places remembered at once.
const MAX_CHECKS: usize = 64;

/// The state.
#[derive(Clone)]
pub struct Env {
    /// The function whose locals these are.
    pub of: FunctionId,
    /// The locals by slot.
    pub vars: Vec<V>,
    /// Places that were checked on every way here, and the kinds of sinks they can no longer harm.
    pub checked: Vec<(Place, Kinds)>,
    /// The exception that is being handled.
    pub caught: V,
}

impl Env {
    /// Nothing assigned.
    #[must_use]
    pub fn new(of: FunctionId, count: usize, nothing: &V) -> Env {
        Env {
            of,
            vars: vec![nothing.clone(); count],
            checked: Vec::new(),
            caught: nothing.clone(),
        }
    }

    /// Remembers a check.
    pub fn check(&mut self, place: Place, kinds: Kinds) {
        let full = self.checked.len() >= MAX_CHECKS;
        match self.checked.iter_mut().find(|(p, _)| *p == place) {
            Some((_, known)) => *known = known.or(kinds),
            None if full => {}
            None => self.checked.push((place, kinds)),
        }
    }

    /// Forgets the checks of a variable that changes.
    pub fn forget(&mut self, root: Root) {
        self.checked.retain(|(p, _)| p.root != root);
    }

    /// The kinds a place was checked for.
    #[must_use]
    pub fn kinds(&self, place: Place) -> Kinds {
        let found = self.checked.iter().find(|(p, _)| *p == place);
        found.map_or(Kinds::NONE, |(_, kinds)| *kinds)
    }

    /// Joins the state of another way in; true when that changed anything.
    pub fn join(&mut self, other: &Env, arena: &mut Arena<'_>) -> bool {
        let mut changed = false;
        for (mine, theirs) in self.vars.iter_mut().zip(&other.vars) {
            let flag = flag((mine, &self.checked), (theirs, &other.checked));
            changed |= join_into(mine, theirs, flag, arena);
        }
        changed |= join_into(&mut self.caught, &other.caught, None, arena);
        let before = self.checked.len();
        self.checked.retain_mut(|(place, kinds)| {
            let both = kinds.and(other.kinds(*place));
            changed |= both != *kinds;
            *kinds = both;
            both != Kinds::NONE
        });
        changed | (before != self.checked.len())
    }
}

fn join_into(mine: &mut V, theirs: &V, flag: Option<Rc<Tests>>, arena: &mut Arena<'_>) -> bool {
    if Rc::ptr_eq(mine, theirs) || theirs.nothing {
        return false;
    }
    let mut joined = join(arena, mine, theirs);
    if flag.is_some() {
        let mut flagged = (*joined).clone();
        flagged.tests = flag;
        joined = Rc::new(flagged);
    }
    let changed = !same(mine, &joined) || !same_tests(mine, &joined);
    if changed {
        *mine = joined;
    }
    changed
}

fn same_tests(a: &V, b: &V) -> bool {
    match (&a.tests, &b.tests) {
        (None, None) => true,
        (Some(a), Some(b)) => Rc::ptr_eq(a, b) || (a.yes == b.yes && a.no == b.no),
        _ => false,
    }
}

/// What the truth of a variable says that is set to `true` on one way and to `false` on another (`found = true` behind a check): what was
/// checked on every way on which it is so.
fn flag(mine: (&V, &[(Place, Kinds)]), theirs: (&V, &[(Place, Kinds)])) -> Option<Rc<Tests>> {
    let is_flag = |v: &V| matches!(v.constant, Some(Const::Bool(_)));
    let differ = mine.0.constant != theirs.0.constant || mine.0.constant.is_none();
    if mine.0.nothing || theirs.0.nothing || !differ || !(is_flag(mine.0) || is_flag(theirs.0)) {
        return None;
    }
    let said = |truth: bool| {
        let ways = [mine, theirs].into_iter().filter_map(|(value, checked)| {
            let tests = value
                .tests
                .as_ref()
                .map_or(&[][..], |t| if truth { &t.yes } else { &t.no });
            match value.constant {
                Some(Const::Bool(constant)) if constant != truth => None,
                _ => Some(guards::union([checked, tests].into_iter())),
            }
        });
        let ways: Vec<_> = ways.collect();
        guards::intersection(ways.iter().map(Vec::as_slice))
    };
    let (yes, no) = (said(true), said(false));
    (!yes.is_empty() || !no.is_empty()).then(|| Rc::new(Tests { yes, no }))
}
