//! The access paths that occur in one file. A path that no pattern can ever match is not kept: it is [`PathId::UNKNOWN`], from which only
//! patterns for any receiver go on. So the arena stays as small as what the models speak of, however large the file.

use super::{
    automaton::{Automaton, Fit, NameId, State, Step},
    pattern::{Pattern, Seg, names},
};
use crate::{
    lang::facts::{Interner, Symbol},
    scan::compile::{Index, Row, SetId, TypeIs},
};
use std::{collections::HashMap, rc::Rc};

/// Deepest chain of "stands for" followed from one path.
const MAX_TYPE_HOPS: usize = 8;

/// A path of this file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathId(u32);

impl PathId {
    /// Nothing is known of what it is.
    pub const UNKNOWN: PathId = PathId(0);

    /// True when some pattern may still speak of it.
    #[must_use]
    pub fn known(self) -> bool {
        self != PathId::UNKNOWN
    }
}

/// A step as it occurs in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part<'a> {
    /// A member.
    Member(Symbol),
    /// Calling.
    Call,
    /// An element of unknown key.
    Elem,
    /// An element of this key.
    Key(&'a str),
}

struct Path {
    states: Box<[State]>,
    rows: Rc<[(Row, Fit)]>,
    steps: HashMap<Step, PathId>,
}

/// All paths of a file.
pub struct Arena<'i> {
    index: &'i Index,
    members_are_keys: bool,
    paths: Vec<Path>,
    by_states: HashMap<Box<[State]>, PathId>,
    /// What each name of the file is among the names of patterns.
    names: Vec<Option<NameId>>,
}

impl<'i> Arena<'i> {
    /// An arena for a file with these names.
    #[must_use]
    pub fn new(index: &'i Index, interner: &Interner, members_are_keys: bool) -> Self {
        let unknown = Path {
            states: Box::default(),
            rows: Rc::from([]),
            steps: HashMap::new(),
        };
        Self {
            index,
            members_are_keys,
            paths: vec![unknown],
            by_states: HashMap::from([(Box::default(), PathId::UNKNOWN)]),
            names: interner.iter().map(|(_, text)| index.paths.name(text)).collect(),
        }
    }

    /// A builtin or global by its bare name.
    pub fn root(&mut self, name: Symbol) -> PathId {
        let state = self.names[name.0 as usize].and_then(|n| self.index.paths.root(n));
        self.of_states(state.into_iter().collect(), 0)
    }

    /// A dotted path as imports give it.
    pub fn dotted(&mut self, path: &str) -> PathId {
        let mut names = names(path);
        let automaton = &self.index.paths;
        let root = names
            .next()
            .and_then(|n| automaton.name(n))
            .and_then(|n| automaton.root(n));
        let mut at = self.of_states(root.into_iter().collect(), 0);
        for name in names {
            at = match self.index.paths.name(name) {
                Some(id) => self.step(at, Step::Name(id)),
                None => self.step_any(at),
            };
        }
        at
    }

    /// A path of a model row.
    pub fn of_pattern(&mut self, pattern: &Pattern) -> PathId {
        let states = walk(&self.index.paths, pattern, self.members_are_keys);
        self.of_states(states, 0)
    }

    /// What `part` of a value with path `from` is.
    pub fn part(&mut self, from: PathId, part: Part<'_>) -> PathId {
        let step = match part {
            Part::Member(name) => self.names[name.0 as usize].map(Step::Name),
            Part::Key(key) => Some(self.index.paths.name(key).map_or(Step::Elem, Step::Key)),
            Part::Call => Some(Step::Call),
            Part::Elem => Some(Step::Elem),
        };
        match step {
            Some(step) => self.step(from, step),
            None => self.step_any(from),
        }
    }

    /// A member whose name is not interned in the file by itself (a part of a dotted type).
    pub fn member_named(&mut self, from: PathId, name: &str) -> PathId {
        match self.index.paths.name(name) {
            Some(id) => self.step(from, Step::Name(id)),
            None => self.step_any(from),
        }
    }

    /// What is both: for names that may come from several places.
    pub fn both(&mut self, one: PathId, other: PathId) -> PathId {
        if one == other || !other.known() {
            return one;
        }
        let mut states = self.paths[one.0 as usize].states.to_vec();
        states.extend(&self.paths[other.0 as usize].states);
        self.of_states(states, 0)
    }

    /// What the rows of a path are, best fit first.
    #[must_use]
    pub fn rows(&self, path: PathId) -> Rc<[(Row, Fit)]> {
        self.paths[path.0 as usize].rows.clone()
    }

    /// True when the path is one of that list.
    #[must_use]
    pub fn is_in(&self, path: PathId, set: SetId) -> bool {
        self.paths[path.0 as usize]
            .rows
            .iter()
            .any(|(row, _)| *row == Row::Set(set))
    }

    /// True when a member of the path may be a source: then not all of it is.
    #[must_use]
    pub fn has_sources_below(&self, path: PathId) -> bool {
        let states = &self.paths[path.0 as usize].states;
        states.iter().any(|s| self.index.sources_below.contains(s))
    }

    /// The type argument that stands for the path, when a model says so.
    #[must_use]
    pub fn stands_for_argument(&self, path: PathId) -> Option<usize> {
        let rows = &self.paths[path.0 as usize].rows;
        rows.iter().find_map(|(row, _)| match row {
            Row::Type(id) => match self.index.types[*id as usize] {
                TypeIs::Argument(number) => Some(number),
                TypeIs::Path(_) | TypeIs::Passed(_) => None,
            },
            _ => None,
        })
    }

    /// The argument of the call that stands for what the call gives, when a model says so of this path.
    #[must_use]
    pub fn stands_for_passed(&self, path: PathId) -> Option<usize> {
        let rows = &self.paths[path.0 as usize].rows;
        rows.iter().find_map(|(row, _)| match row {
            Row::Type(id) => match self.index.types[*id as usize] {
                TypeIs::Passed(position) => Some(position),
                TypeIs::Path(_) | TypeIs::Argument(_) => None,
            },
            _ => None,
        })
    }

    fn step(&mut self, from: PathId, step: Step) -> PathId {
        if let Some(known) = self.paths[from.0 as usize].steps.get(&step) {
            return *known;
        }
        let mut states = Vec::new();
        let path = &self.paths[from.0 as usize];
        self.index
            .paths
            .step(&path.states, step, self.members_are_keys, &mut states);
        let to = self.of_states(states, 0);
        self.paths[from.0 as usize].steps.insert(step, to);
        to
    }

    fn step_any(&mut self, from: PathId) -> PathId {
        let mut states = Vec::new();
        self.index
            .paths
            .step_any(&self.paths[from.0 as usize].states, &mut states);
        self.of_states(states, 0)
    }

    /// The path with these states and those of everything they stand for.
    fn of_states(&mut self, mut states: Vec<State>, hops: usize) -> PathId {
        self.close(&mut states, hops);
        states.sort_unstable();
        states.dedup();
        let states: Box<[State]> = states.into();
        if let Some(known) = self.by_states.get(&states) {
            return *known;
        }
        let mut rows: Vec<(Row, Fit)> = Vec::new();
        for state in &states {
            let (hanging, fit) = self.index.paths.rows(*state);
            rows.extend(hanging.iter().map(|row| (*row, fit)));
        }
        rows.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
        let id = PathId(self.paths.len() as u32);
        self.paths.push(Path {
            states: states.clone(),
            rows: rows.into(),
            steps: HashMap::new(),
        });
        self.by_states.insert(states, id);
        id
    }

    /// Adds what type rows say the states stand for.
    fn close(&self, states: &mut Vec<State>, hops: usize) {
        let (mut next, mut hops) = (0, hops);
        while next < states.len() && hops < MAX_TYPE_HOPS {
            let (rows, _) = self.index.paths.rows(states[next]);
            next += 1;
            for row in rows {
                let Row::Type(id) = row else { continue };
                let TypeIs::Path(pattern) = &self.index.types[*id as usize] else {
                    continue;
                };
                hops += 1;
                for state in walk(&self.index.paths, pattern, self.members_are_keys) {
                    if !states.contains(&state) {
                        states.push(state);
                    }
                }
            }
        }
    }
}

/// The states a pattern without `*` leads to.
fn walk(automaton: &Automaton<Row>, pattern: &Pattern, members_are_keys: bool) -> Vec<State> {
    let mut segs = pattern.segs.iter();
    let mut states: Vec<State> = match segs.next() {
        Some(Seg::Name(root)) => automaton
            .name(root)
            .and_then(|n| automaton.root(n))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    for seg in segs {
        let step = match seg {
            Seg::Name(name) => automaton.name(name).map(Step::Name),
            Seg::Key(key) => Some(automaton.name(key).map_or(Step::Elem, Step::Key)),
            Seg::Call => Some(Step::Call),
            Seg::Elem => Some(Step::Elem),
            Seg::AnyName => None,
        };
        let mut next = Vec::new();
        match step {
            Some(step) => automaton.step(&states, step, members_are_keys, &mut next),
            None => automaton.step_any(&states, &mut next),
        }
        states = next;
    }
    states
}
