//! Elements and fields: what is known of the inside of a list, map, tuple or object, by constant key, a few levels deep.

use super::{Taints, V, Value, join, join::same_rc, same};
use crate::scan::paths::arena::Arena;
use std::rc::Rc;

/// Most keys kept apart; further ones are joined.
const MAX_ENTRIES: usize = 48;
/// Deepest nesting kept apart; deeper containers are only what they carry.
const MAX_DEPTH: u8 = 4;

/// A constant key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// By position in a sequence.
    Position(u32),
    /// By name or text.
    Text(Rc<str>),
}

/// The inside of a container.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    entries: Vec<(Key, V)>,
    /// Elements whose key is not known.
    rest: Option<V>,
    /// No other keys than these can be in it.
    closed: bool,
    depth: u8,
    taints: Taints,
    unknown: bool,
}

impl Parts {
    /// From a literal: these entries, perhaps others (`rest`); `closed` when nothing else can be in it.
    #[must_use]
    pub fn new(arena: &mut Arena<'_>, entries: Vec<(Key, V)>, rest: Option<V>, closed: bool) -> Parts {
        let mut parts = Parts {
            rest: rest.map(|v| flattened(&v)),
            closed,
            ..Parts::default()
        };
        for (key, value) in entries {
            parts.put(arena, key, &value);
        }
        parts.settle();
        parts
    }

    /// The entries with known keys.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &V)> {
        self.entries.iter().map(|(k, v)| (k, v))
    }

    /// All values in it.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|(_, v)| v).chain(&self.rest)
    }

    /// The elements of a list, in order: what is under positions.
    pub fn elements(&self) -> impl Iterator<Item = &V> {
        let positions = self.entries.iter().filter(|(k, _)| matches!(k, Key::Position(_)));
        positions.map(|(_, v)| v)
    }

    /// What is under `key`: `None` when nothing is known of it.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&V> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// Elements whose key is not known.
    #[must_use]
    pub fn rest(&self) -> Option<&V> {
        self.rest.as_ref()
    }

    /// True when it holds nothing but its entries.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed && self.rest.is_none()
    }

    /// Every element joined; `None` when nothing is in it.
    #[must_use]
    pub fn any(&self, arena: &mut Arena<'_>) -> Option<V> {
        let mut values = self.values();
        let first = values.next()?.clone();
        Some(values.fold(first, |all, v| join(arena, &all, v)))
    }

    /// Outside values anywhere in it.
    #[must_use]
    pub fn taints(&self) -> &Taints {
        &self.taints
    }

    /// True when some element has an unknown origin.
    #[must_use]
    pub fn any_unknown(&self) -> bool {
        self.unknown
    }

    /// True when nothing in it comes from outside or from an unknown origin, and nothing else can be in it.
    #[must_use]
    pub fn all_known(&self) -> bool {
        self.closed && !self.unknown && self.taints.is_empty()
    }

    /// With `value` under `key`, in place of what was there.
    #[must_use]
    pub fn with(&self, arena: &mut Arena<'_>, key: Key, value: &V) -> Parts {
        let mut parts = self.clone();
        parts.put(arena, key, value);
        parts.settle();
        parts
    }

    /// With `value` added under a key that is not known.
    #[must_use]
    pub fn with_any(&self, arena: &mut Arena<'_>, value: &V) -> Parts {
        let mut parts = self.clone();
        parts.add_rest(arena, value);
        parts.settle();
        parts
    }

    /// With every value changed.
    #[must_use]
    pub fn map(&self, mut change: impl FnMut(&V) -> V) -> Parts {
        let mut parts = Parts {
            entries: self.entries.iter().map(|(k, v)| (k.clone(), change(v))).collect(),
            rest: self.rest.as_ref().map(change),
            closed: self.closed,
            ..Parts::default()
        };
        parts.settle();
        parts
    }

    /// What either may hold; one of them itself when that says it all.
    #[must_use]
    pub fn joined(self: &Rc<Self>, other: &Rc<Self>, arena: &mut Arena<'_>) -> Rc<Parts> {
        if Rc::ptr_eq(self, other) {
            return self.clone();
        }
        let mut parts = self.clone();
        if parts.closed && !other.closed {
            Rc::make_mut(&mut parts).closed = false;
        }
        for (at, (key, value)) in other.entries.iter().enumerate() {
            match parts.position(key, at) {
                Some(at) => {
                    let known = &parts.entries[at].1;
                    let joined = join(arena, known, value);
                    if !Rc::ptr_eq(known, &joined) {
                        Rc::make_mut(&mut parts).entries[at].1 = joined;
                    }
                }
                None => Rc::make_mut(&mut parts).put(arena, key.clone(), value),
            }
        }
        if let Some(rest) = &other.rest {
            let joined = parts.rest_with(arena, rest);
            if !parts.rest.as_ref().is_some_and(|known| Rc::ptr_eq(known, &joined)) {
                Rc::make_mut(&mut parts).rest = Some(joined);
            }
        }
        if Rc::ptr_eq(self, &parts) {
            return parts;
        }
        if parts.is(other) {
            return other.clone();
        }
        Rc::make_mut(&mut parts).settle();
        parts
    }

    /// True when both hold the very same values.
    fn is(&self, other: &Parts) -> bool {
        let same = |((k, v), (l, w)): (&(Key, V), &(Key, V))| k == l && Rc::ptr_eq(v, w);
        self.closed == other.closed
            && same_rc(&self.rest, &other.rest)
            && self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(same)
    }

    /// Where `key` is; `guess` is looked at first.
    fn position(&self, key: &Key, guess: usize) -> Option<usize> {
        match self.entries.get(guess) {
            Some((known, _)) if known == key => Some(guess),
            _ => self.entries.iter().position(|(k, _)| k == key),
        }
    }

    /// True when other keys than its own may be in it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.closed
    }

    /// The same with perhaps other elements in it.
    #[must_use]
    pub fn open(mut self) -> Parts {
        self.closed = false;
        self
    }

    /// True when both say the same, as far as the fixpoint cares.
    #[must_use]
    pub fn same(&self, other: &Parts) -> bool {
        let rest = match (&self.rest, &other.rest) {
            (None, None) => true,
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        };
        rest && self.closed == other.closed
            && self.entries.len() == other.entries.len()
            && self
                .entries
                .iter()
                .zip(&other.entries)
                .all(|((k, v), (l, w))| k == l && same(v, w))
    }

    fn put(&mut self, arena: &mut Arena<'_>, key: Key, value: &V) {
        let value = flattened(value);
        if let Some((_, known)) = self.entries.iter_mut().find(|(k, _)| *k == key) {
            *known = value;
        } else if self.entries.len() < MAX_ENTRIES {
            self.entries.push((key, value));
        } else {
            self.add_rest(arena, &value);
        }
    }

    fn add_rest(&mut self, arena: &mut Arena<'_>, value: &V) {
        self.rest = Some(self.rest_with(arena, value));
    }

    /// Elements whose key is not known, with one more.
    fn rest_with(&self, arena: &mut Arena<'_>, value: &V) -> V {
        let value = flattened(value);
        match &self.rest {
            Some(rest) => join(arena, rest, &value),
            None => value,
        }
    }

    /// Sums up what is in it.
    fn settle(&mut self) {
        let values = || self.entries.iter().map(|(_, v)| v).chain(&self.rest);
        let depth = values().filter_map(|v| v.parts.as_ref()).map(|p| p.depth).max();
        let taints = values().fold(Taints::default(), |all, v| all.union(&v.deep_taints()));
        let unknown = values().any(|v| v.any_unknown());
        self.depth = depth.map_or(1, |d| d + 1);
        (self.taints, self.unknown) = (taints, unknown);
    }
}

/// The value as it may stand in a container: one that is too deep only keeps what it carries.
fn flattened(value: &V) -> V {
    match &value.parts {
        Some(parts) if parts.depth >= MAX_DEPTH => Rc::new(Value {
            taints: value.deep_taints(),
            unknown: true,
            path: value.path,
            ..Value::default()
        }),
        _ => value.clone(),
    }
}
