//! Parts of parameters: `options.cmd` of a parameter `options` is told apart from `options.log`, so that a caller's literal
//! can be taken apart at the same keys.

use super::{From, Key, Param, Taints, V, Value};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// Deepest part told apart.
const MAX_KEYS: usize = 3;

/// Which part of a parameter: an index into [`Withins`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Within(u32);

impl Within {
    /// All of it.
    pub const WHOLE: Within = Within(0);
}

/// A parameter, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Passed {
    /// The parameter.
    pub param: Param,
    /// The part.
    pub within: Within,
}

impl Passed {
    /// All of a parameter.
    #[must_use]
    pub fn whole(param: Param) -> Passed {
        Passed {
            param,
            within: Within::WHOLE,
        }
    }
}

/// The parts that occur in one file.
#[derive(Debug, Default)]
pub struct Withins(RefCell<Table>);

#[derive(Debug, Default)]
struct Table {
    keys: Vec<Rc<[Key]>>,
    known: HashMap<Rc<[Key]>, Within>,
}

impl Withins {
    /// The part under `key` of a part; the part itself when that is too deep.
    fn inner(&self, of: Within, key: &Key) -> Within {
        let mut keys = self.keys(of).to_vec();
        if keys.len() >= MAX_KEYS {
            return of;
        }
        keys.push(key.clone());
        let keys: Rc<[Key]> = keys.into();
        let mut table = self.0.borrow_mut();
        if let Some(known) = table.known.get(&keys) {
            return *known;
        }
        table.keys.push(keys.clone());
        let within = Within(table.keys.len() as u32);
        table.known.insert(keys, within);
        within
    }

    fn keys(&self, of: Within) -> Rc<[Key]> {
        match of.0.checked_sub(1) {
            None => Rc::from([]),
            Some(at) => self.0.borrow().keys[at as usize].clone(),
        }
    }

    /// What a value that is a parameter carries under `key`: the same parameter's part.
    #[must_use]
    pub fn part(&self, of: &Value, key: &Key) -> Option<(Taints, Passed)> {
        let passed = of.param?;
        let inner = Passed {
            param: passed.param,
            within: self.inner(passed.within, key),
        };
        let taints = of.taints.map(|taint| {
            let mut taint = taint.clone();
            if taint.from == From::Param(passed) {
                taint.from = From::Param(inner);
            }
            Some(taint)
        });
        Some((taints, inner))
    }

    /// The part of an argument that stands for that part of the parameter.
    #[must_use]
    pub fn select(&self, arg: &V, of: Within) -> V {
        let mut at = arg.clone();
        for key in self.keys(of).iter() {
            at = self.under(&at, key);
        }
        at
    }

    fn under(&self, of: &V, key: &Key) -> V {
        if let Some((taints, param)) = self.part(of, key) {
            return Rc::new(Value {
                taints,
                param: Some(param),
                unknown: of.unknown,
                ..Value::default()
            });
        }
        let Some(parts) = &of.parts else {
            return Rc::new(Value::carrying(of.taints.clone(), of.unknown));
        };
        let found = match parts.get(key) {
            Some(found) => found.clone(),
            None if parts.is_closed() => Rc::new(Value::default()),
            None => match parts.rest() {
                Some(rest) => rest.clone(),
                None => Rc::new(Value::unknown()),
            },
        };
        if of.taints.is_empty() {
            return found;
        }
        let mut value = (*found).clone();
        value.taints = value.taints.union(&of.taints);
        Rc::new(value)
    }
}
