//! The state between two statements: what each local holds, and which places have been checked.

use crate::{
    lang::facts::FunctionId,
    scan::{
        compile::Kinds,
        paths::arena::Arena,
        value::{Place, Root, V, join, same},
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
            changed |= join_into(mine, theirs, arena);
        }
        changed |= join_into(&mut self.caught, &other.caught, arena);
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

fn join_into(mine: &mut V, theirs: &V, arena: &mut Arena<'_>) -> bool {
    if Rc::ptr_eq(mine, theirs) || theirs.nothing {
        return false;
    }
    let joined = join(arena, mine, theirs);
    let changed = !same(mine, &joined);
    if changed {
        *mine = joined;
    }
    changed
}
