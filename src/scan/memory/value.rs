//! Abstract values: numbers as ranges, addresses as object and offset, and the objects themselves.

use super::knowledge::Family;
use crate::lang::facts::{ExprId, FunctionId, Symbol};
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

/// No limit.
pub(super) const MAX: i64 = i64::MAX;
/// No limit.
pub(super) const MIN: i64 = i64::MIN;

/// A variable: in which call it lives (0: of the file) and its name.
pub(super) type Var = (u32, Symbol);

/// What a variable or a cell of memory holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    /// Nobody knows.
    Unknown,
    /// Nothing was ever put there.
    Unset,
    /// A number.
    Num(Num),
    /// The null pointer.
    Null,
    /// The null pointer, because a test came out so: a function nobody knows may have left since.
    NullTested,
    /// An address in an object.
    Ptr(Ptr),
    /// The address of a variable.
    Ref(Var),
    /// A function of the file.
    Func(FunctionId),
}

/// A range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Num {
    pub lo: i64,
    pub hi: i64,
    /// It comes from outside.
    pub outside: bool,
    /// Something was compared with it from above (below): nobody need know what.
    pub above: bool,
    pub below: bool,
    /// It is what arithmetic gave that may have gone over the limit of its type.
    pub wrapped: bool,
    /// Read out of a text that a caller gave: it may be anything, but nobody need mean it as a limit of its type.
    pub given: bool,
}

impl Num {
    pub(super) fn exact(value: i64) -> Num {
        Num {
            lo: value,
            hi: value,
            outside: false,
            above: true,
            below: true,
            wrapped: false,
            given: false,
        }
    }

    pub(super) fn any() -> Num {
        Num {
            lo: MIN,
            hi: MAX,
            outside: false,
            above: false,
            below: false,
            wrapped: false,
            given: false,
        }
    }

    pub(super) fn outside(lo: i64, hi: i64) -> Num {
        Num {
            lo,
            hi,
            outside: true,
            above: false,
            below: lo >= 0,
            wrapped: false,
            given: false,
        }
    }

    pub(super) fn constant(self) -> Option<i64> {
        (self.lo == self.hi).then_some(self.lo)
    }

    /// From outside, and nothing was found out about how large it is.
    pub(super) fn unbounded(self) -> bool {
        self.outside && !self.above
    }

    /// From outside, perhaps below zero, and nothing was found out about that.
    pub(super) fn unsigned_checked(self) -> bool {
        !self.outside || self.below || self.lo >= 0
    }

    fn joined(self, other: Num) -> Num {
        Num {
            lo: self.lo.min(other.lo),
            hi: self.hi.max(other.hi),
            outside: self.outside || other.outside,
            above: self.above && other.above,
            below: self.below && other.below,
            wrapped: self.wrapped || other.wrapped,
            given: self.given || other.given,
        }
    }
}

/// An address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ptr {
    pub object: ObjectId,
    /// Bytes from its beginning.
    pub offset: Num,
    /// Bytes of what it points to, as far as its type tells.
    pub step: i64,
    /// It may be NULL, and nobody has looked.
    pub unchecked: bool,
}

/// An object: where it was made, and in which call.
pub(super) type ObjectId = (u32, u32, u32);

/// A piece of memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    pub kind: Kind,
    /// Its size in bytes.
    pub size: Option<Num>,
    pub state: Life,
    /// Length of the text in it, in elements, where that is known.
    pub text: Option<Num>,
    /// What is in it comes from outside.
    pub outside: bool,
    /// Single cells by byte offset.
    pub cells: BTreeMap<i64, Val>,
    /// Fields.
    pub fields: HashMap<Symbol, Val>,
    /// Something else may hold its address.
    pub escaped: bool,
    /// It was made here.
    pub at: (FunctionId, ExprId),
    /// Nothing was ever put into it.
    pub blank: bool,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An array or struct of a call (its depth), or what `alloca` gave.
    Stack(u32),
    /// Made by an allocation.
    Heap(Family),
    /// Of the file, or a text in the code.
    Static,
    /// A text in the code.
    Literal,
    /// What a caller gave.
    Given,
}

/// Whether an object is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Live,
    Freed,
}

/// Everything known at one point of one way through the program.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub vars: HashMap<Var, Val>,
    pub objects: HashMap<ObjectId, Rc<Object>>,
    /// Tests of values nobody knows, by a hash of what is tested, with what they came out as, and the variables they are about.
    pub decided: Vec<(u64, bool, Vec<Var>)>,
}

impl State {
    pub(super) fn var(&self, var: Var) -> Val {
        self.vars.get(&var).cloned().unwrap_or(Val::Unknown)
    }

    pub(super) fn set(&mut self, var: Var, value: Val) {
        self.decided.retain(|(_, _, about)| !about.contains(&var));
        self.vars.insert(var, value);
    }

    pub(super) fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(&id).map(|o| &**o)
    }

    pub(super) fn change(&mut self, id: ObjectId, change: impl FnOnce(&mut Object)) {
        if let Some(object) = self.objects.get_mut(&id) {
            let object = Rc::make_mut(object);
            object.blank = false;
            change(object);
        }
    }

    /// Nothing has been put into it yet.
    pub(super) fn blank(&mut self, id: ObjectId) {
        if let Some(object) = self.objects.get_mut(&id) {
            Rc::make_mut(object).blank = true;
        }
    }

    /// What may be true when it is either; what differs is given up, ranges are joined.
    pub(super) fn join(&mut self, other: &State, widen: bool) {
        let mut vars = HashMap::with_capacity(self.vars.len());
        let mut lost: Vec<ObjectId> = Vec::new();
        for (var, mine) in &self.vars {
            let theirs = other.vars.get(var);
            let joined = theirs.map(|t| join(mine, t, widen));
            if joined.as_ref().is_none_or(|j| *j == Val::Unknown) {
                lost.extend([Some(mine), theirs].into_iter().flatten().filter_map(|v| match v {
                    Val::Ptr(p) => Some(p.object),
                    _ => None,
                }));
            }
            vars.extend(joined.map(|j| (*var, j)));
        }
        self.vars = vars;
        for (id, theirs) in &other.objects {
            match self.objects.get_mut(id) {
                None => {
                    self.objects.insert(*id, theirs.clone());
                }
                Some(mine) if Rc::ptr_eq(mine, theirs) => {}
                Some(mine) => join_objects(Rc::make_mut(mine), theirs, widen),
            }
        }
        for id in lost {
            self.change(id, |o| o.escaped = true);
        }
        self.decided.retain(|d| other.decided.contains(d));
    }
}

fn join_objects(mine: &mut Object, theirs: &Object, widen: bool) {
    if mine.state != theirs.state {
        // Freed on one way only: nothing is said about it any more.
        (mine.state, mine.escaped) = (Life::Live, true);
    }
    mine.size = match (mine.size, theirs.size) {
        (Some(a), Some(b)) => Some(a.joined(b)),
        _ => None,
    };
    mine.text = match (mine.text, theirs.text) {
        (Some(a), Some(b)) => Some(a.joined(b)),
        _ => None,
    };
    mine.blank &= theirs.blank;
    mine.outside |= theirs.outside;
    mine.escaped |= theirs.escaped;
    mine.cells.retain(|k, _| theirs.cells.contains_key(k));
    for (k, v) in &mut mine.cells {
        if let Some(other) = theirs.cells.get(k) {
            *v = join(v, other, widen);
        }
    }
    mine.fields.retain(|k, _| theirs.fields.contains_key(k));
    for (k, v) in &mut mine.fields {
        if let Some(other) = theirs.fields.get(k) {
            *v = join(v, other, widen);
        }
    }
}

/// Either value; with `widen`, a bound that moves is given up, so that loops come to an end.
pub(super) fn join(a: &Val, b: &Val, widen: bool) -> Val {
    match (a, b) {
        _ if a == b => a.clone(),
        (Val::Num(x), Val::Num(y)) => {
            let mut joined = x.joined(*y);
            if widen {
                joined.lo = if y.lo < x.lo { MIN } else { x.lo };
                joined.hi = if y.hi > x.hi { MAX } else { x.hi };
            }
            Val::Num(joined)
        }
        (Val::Ptr(x), Val::Ptr(y)) if x.object == y.object => {
            let mut offset = x.offset.joined(y.offset);
            if widen {
                offset.lo = if y.offset.lo < x.offset.lo { MIN } else { x.offset.lo };
                offset.hi = if y.offset.hi > x.offset.hi { MAX } else { x.offset.hi };
            }
            Val::Ptr(Ptr {
                offset,
                unchecked: x.unchecked && y.unchecked,
                ..*x
            })
        }
        _ => Val::Unknown,
    }
}
