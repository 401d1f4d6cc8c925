//! Abstract values: what the engine knows of a value without running anything.
//!
//! A value is shared (`Rc`) and never changed in place; every operation gives a new one. All its parts are bounded in size and depth, so
//! that no input makes them grow without end: at a bound, detail is given up, taint never.

mod join;
mod parts;
mod shape;
mod taints;
mod within;

pub use join::{join, joins, same};
pub use parts::{Key, Parts};
pub use shape::{Piece, Shape, concat, pieces, render_words, shape};
pub use taints::{From, Taint, Taints};
pub use within::{Passed, Within, Withins};

use super::{compile::Kinds, paths::arena::PathId};
use crate::lang::facts::{ClassId, ExprId, FunctionId};
use std::rc::Rc;

/// Most functions one value may stand for.
const MAX_CALLEES: usize = 4;

/// A shared value.
pub type V = Rc<Value>;

/// What is known of a value.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// Outside values it carries, itself or in elements whose key is not known.
    pub taints: Taints,
    /// What it is, by where it was imported, built or declared.
    pub path: PathId,
    /// Its constant value.
    pub constant: Option<Const>,
    /// Its text as far as it is known.
    pub shape: Option<Shape>,
    /// Its elements and fields.
    pub parts: Option<Rc<Parts>>,
    /// The functions or classes of the file it may be.
    pub callees: Option<Rc<[Callee]>>,
    /// The class of the file it is an instance of.
    pub instance: Option<ClassId>,
    /// It is exactly this parameter, or this part of one, unchanged.
    pub param: Option<Passed>,
    /// What its truth says of other values.
    pub tests: Option<Rc<Tests>>,
    /// Places it is another view of: a check of it is a check of them.
    pub views: Option<Rc<[Place]>>,
    /// It is what it came from in another form (a parsed address): a check of a member of it is a check of the variable that holds it.
    pub reformed: bool,
    /// What its elements are, by their declared type.
    pub element: Option<V>,
    /// Some of it has an origin nobody knows (parameters are not counted: they are taints).
    pub unknown: bool,
    /// No value at all: a variable on a way that never assigned it, a function not analysed yet.
    pub nothing: bool,
    /// It is a source, or was read from one by member, key or method.
    pub sourced: bool,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Const {
    /// Text.
    Text(Rc<str>),
    /// A number as written.
    Number(Rc<str>),
    /// A truth value.
    Bool(bool),
    /// `None`, `null`, `nil`, `undefined`.
    Null,
}

impl Const {
    /// Whether it counts as true in a test.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Const::Text(text) => !text.is_empty(),
            Const::Number(number) => super::compile::number(number) != Some(0.0),
            Const::Bool(truth) => *truth,
            Const::Null => false,
        }
    }
}

/// Something of the file that can be called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function.
    Function(FunctionId),
    /// A method with what it is called on.
    Bound(FunctionId, V),
    /// A class: calling it makes an instance.
    Class(ClassId),
    /// A module that is analysed with the file, for its members; nothing that can be called.
    Module(u32),
}

/// A parameter of a function of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Param {
    /// The function.
    pub function: FunctionId,
    /// Index into its parameters.
    pub index: u16,
}

/// A variable, or a chain of members of one (`self.path`, `req.query.table`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The variable.
    pub root: Root,
    /// A hash of the chain; 0 for the variable itself.
    pub chain: u64,
}

/// The variable a place begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// A variable of a function, by its slot there. Values travel between functions, so a slot alone would say nothing.
    Variable(FunctionId, u32),
    /// Something imported or builtin: its symbol.
    Global(u32),
}

/// What the truth of a value says: these places are harmless for these kinds of sinks.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// When it is true.
    pub yes: Vec<(Place, Kinds)>,
    /// When it is false.
    pub no: Vec<(Place, Kinds)>,
}

impl Value {
    /// A constant.
    #[must_use]
    pub fn constant(constant: Const) -> Value {
        Value {
            constant: Some(constant),
            ..Value::default()
        }
    }

    /// No value.
    #[must_use]
    pub fn nothing() -> Value {
        Value {
            nothing: true,
            ..Value::default()
        }
    }

    /// Something of unknown origin.
    #[must_use]
    pub fn unknown() -> Value {
        Value {
            unknown: true,
            ..Value::default()
        }
    }

    /// Something with this path.
    #[must_use]
    pub fn at(path: PathId) -> Value {
        Value {
            path,
            unknown: true,
            ..Value::default()
        }
    }

    /// Its taints and those of everything in it.
    #[must_use]
    pub fn deep_taints(&self) -> Taints {
        match &self.parts {
            Some(parts) => self.taints.union(parts.taints()),
            None => self.taints.clone(),
        }
    }

    /// Its taints as a sink sees them: a list that is judged by its text (an argument vector) is the words in it. So is an array of C.
    /// `deep`: all that is in it.
    #[must_use]
    pub fn at_sink(&self, as_text: bool, deep: bool) -> Taints {
        let is_list = |parts: &Rc<Parts>| parts.entries().all(|(key, _)| matches!(key, Key::Position(_)));
        if deep || as_text && self.parts.as_ref().is_some_and(is_list) {
            self.deep_taints()
        } else {
            self.taints.clone()
        }
    }

    /// True when nothing from outside is in it, whatever its depth. Parameters count as outside.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.taints.is_empty() && self.parts.as_ref().is_none_or(|p| p.taints().is_empty())
    }

    /// True when some part of it, whatever its depth, has an unknown origin.
    #[must_use]
    pub fn any_unknown(&self) -> bool {
        self.unknown || self.parts.as_ref().is_some_and(|p| p.any_unknown())
    }

    /// True when some of its text is known.
    #[must_use]
    pub fn text_or_shape(&self) -> bool {
        self.shape.is_some() || self.text().is_some()
    }

    /// Its constant number, as written.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match &self.constant {
            Some(Const::Number(written)) => Some(written),
            _ => None,
        }
    }

    /// True when it is a text of several pieces, of which one is no constant.
    #[must_use]
    pub fn is_built(&self) -> bool {
        let hole = |piece: &Piece| matches!(piece, Piece::Hole(_));
        self.shape.as_ref().is_some_and(|s| s.len() > 1 && s.iter().any(hole))
    }

    /// Its constant text.
    #[must_use]
    pub fn text(&self) -> Option<&Rc<str>> {
        match &self.constant {
            Some(Const::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Harmless for these kinds from here on.
    #[must_use]
    pub fn cleaned(&self, kinds: Kinds) -> Value {
        let mut clean = self.clone();
        clean.param = None;
        clean.taints = clean.taints.cleaned(kinds);
        clean.parts = clean.parts.map(|p| Rc::new(p.map(|v| Rc::new(v.cleaned(kinds)))));
        clean.shape = clean.shape.map(|s| shape::map_holes(&s, |v| Rc::new(v.cleaned(kinds))));
        if kinds.is_all() {
            clean.unknown = false;
        }
        clean
    }

    /// Only what it may carry: no path, no parts, no constant.
    #[must_use]
    pub fn carrying(taints: Taints, unknown: bool) -> Value {
        Value {
            taints,
            unknown,
            ..Value::default()
        }
    }
}

impl Callee {
    fn same(&self, other: &Callee) -> bool {
        match (self, other) {
            (Callee::Function(a), Callee::Function(b)) => a == b,
            (Callee::Bound(a, _), Callee::Bound(b, _)) => a == b,
            (Callee::Class(a), Callee::Class(b)) => a == b,
            (Callee::Module(a), Callee::Module(b)) => a == b,
            _ => false,
        }
    }
}

/// An expression of a function: what findings and call sites are keyed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    /// The function.
    pub function: FunctionId,
    /// The expression of its arena.
    pub expr: ExprId,
}
