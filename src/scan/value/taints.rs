//! Sets of outside values, each with where it comes from, what it has been cleaned for, and the way it took.

use super::{Param, Passed, Spot};
use crate::scan::{
    compile::{Kind, Kinds},
    taint::trace::Link,
};
use std::rc::Rc;

/// Most outside values one value carries; the least trusted are kept.
const MAX_TAINTS: usize = 10;

/// Where an outside value enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum From {
    /// An expression that a model calls a source.
    Source {
        /// The expression.
        spot: Spot,
        /// Index into the compiled sources.
        row: u32,
    },
    /// A parameter that a model calls a source, by the function's decorators or the parameter's type.
    Given {
        /// The parameter.
        param: Param,
        /// Index into the compiled sources.
        row: u32,
    },
    /// A parameter of a function of the file, or a part of one: whatever callers pass.
    Param(Passed),
}

/// One outside value.
#[derive(Clone, Debug)]
pub struct Taint {
    /// Where it enters.
    pub from: From,
    /// Kinds of sinks it can no longer harm.
    pub cleaned: Kinds,
    /// It has been put into a text on its way.
    pub built: bool,
    /// The source was recognised through any receiver.
    pub weak: bool,
    /// Steps that were only assumed to pass it on.
    pub assumed: u8,
    /// The way so far.
    pub trace: Rc<Link>,
}

/// A set of outside values, ordered by where they enter.
#[derive(Clone, Debug, Default)]
pub struct Taints(Option<Rc<[Taint]>>);

impl Taints {
    /// One.
    #[must_use]
    pub fn one(taint: Taint) -> Taints {
        Taints(Some(Rc::from([taint])))
    }

    /// From any order.
    #[must_use]
    pub fn from_all(mut all: Vec<Taint>) -> Taints {
        all.sort_by_key(|t| t.from);
        let mut merged: Vec<Taint> = Vec::with_capacity(all.len());
        for taint in all {
            match merged.last_mut() {
                Some(last) if last.from == taint.from => last.merge(&taint),
                _ => merged.push(taint),
            }
        }
        Taints::bounded(merged)
    }

    fn bounded(mut all: Vec<Taint>) -> Taints {
        if all.is_empty() {
            return Taints(None);
        }
        // `From` orders real sources before parameters.
        all.truncate(MAX_TAINTS);
        Taints(Some(all.into()))
    }

    /// True when it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Taint> {
        self.0.iter().flat_map(|all| all.iter())
    }

    /// Those of both.
    #[must_use]
    pub fn union(&self, other: &Taints) -> Taints {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) || covers(a, b) => self.clone(),
            (Some(a), Some(b)) => Taints::from_all(a.iter().chain(b.iter()).cloned().collect()),
        }
    }

    /// True when both are one and the same set.
    #[must_use]
    pub fn is(&self, other: &Taints) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// With every taint changed; those for which `change` gives none are dropped.
    #[must_use]
    pub fn map(&self, change: impl FnMut(&Taint) -> Option<Taint>) -> Taints {
        match &self.0 {
            None => Taints(None),
            Some(all) => Taints::bounded(all.iter().filter_map(change).collect()),
        }
    }

    /// Harmless for these kinds from here on.
    #[must_use]
    pub fn cleaned(&self, kinds: Kinds) -> Taints {
        if kinds.is_all() {
            return Taints(None);
        }
        self.map(|taint| {
            let mut taint = taint.clone();
            taint.cleaned = taint.cleaned.or(kinds);
            Some(taint)
        })
    }

    /// True when some of them come from a modelled source rather than from a parameter.
    #[must_use]
    pub fn any_source(&self) -> bool {
        self.iter().any(|t| !matches!(t.from, From::Param(_)))
    }

    /// True when some of them can harm a sink of this kind.
    #[must_use]
    pub fn harm(&self, kind: Kind) -> bool {
        self.iter().any(|t| !t.cleaned.has(kind))
    }

    /// True when both say the same, the ways aside.
    #[must_use]
    pub fn same(&self, other: &Taints) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                Rc::ptr_eq(a, b)
                    || (a.len() == b.len()
                        && a.iter().zip(b.iter()).all(|(x, y)| {
                            x.from == y.from && x.cleaned == y.cleaned && x.built == y.built && x.assumed == y.assumed
                        }))
            }
            _ => false,
        }
    }
}

/// True when merging `b` into `a` would change nothing. Both are in order.
fn covers(a: &[Taint], b: &[Taint]) -> bool {
    let mut known = a.iter();
    b.iter().all(|new| known.any(|t| t.from == new.from && t.covers(new)))
}

impl Taint {
    /// True when [`Taint::merge`] would change nothing.
    fn covers(&self, other: &Taint) -> bool {
        self.cleaned.and(other.cleaned) == self.cleaned
            && (self.built || !other.built)
            && (!self.weak || other.weak)
            && self.assumed <= other.assumed
    }

    /// The same outside value arriving by two ways: clean only for what both are clean for.
    fn merge(&mut self, other: &Taint) {
        self.cleaned = self.cleaned.and(other.cleaned);
        self.built |= other.built;
        self.weak &= other.weak;
        // The way that needs fewer assumptions is the better evidence.
        if other.assumed < self.assumed {
            self.assumed = other.assumed;
            self.trace = other.trace.clone();
        }
    }
}
