//! Kinds of sinks, and sets of them.

/// Most sink kinds one language may have.
pub const MAX_KINDS: usize = 128;

/// A set of sink kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kinds(u128);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);
    /// All.
    pub const ALL: Kinds = Kinds(u128::MAX);

    /// One.
    #[must_use]
    pub fn of(kind: Kind) -> Kinds {
        Kinds(1 << (kind.0 as u32 % 128))
    }

    /// True when `kind` is in it.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & Kinds::of(kind).0 != 0
    }

    /// In either.
    #[must_use]
    pub fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// In both.
    #[must_use]
    pub fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    /// In this one and not in `other`.
    #[must_use]
    pub fn except(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    /// True when it holds every kind.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Kinds::ALL
    }
}

/// A kind of sink (`sql`, `shell`), numbered within a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(pub u8);
