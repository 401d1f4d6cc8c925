//! All patterns of one language as one automaton. Built once when rules are compiled, read-only afterwards.
//!
//! A state is a place in the tree of all patterns; what hangs there (rows of models, matchers of rules) is an index into the
//! compiled tables. Patterns that begin with any receiver start at a state of their own, which is tried at every step.

use super::pattern::{Pattern, Seg};
use rustc_hash::FxHashMap;
use std::iter::successors;

/// A name that occurs in some pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(u32);

/// A state of the automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(u32);

/// Where patterns with a root begin.
const ROOT: State = State(0);
/// Where patterns for any receiver begin.
const ANYWHERE: State = State(1);

/// A step, with its name interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A member.
    Name(NameId),
    /// Calling.
    Call,
    /// An element whose key is not known.
    Elem,
    /// The element with this key.
    Key(NameId),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Step(Step),
    AnyName,
}

/// How well a pattern fits; greater is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// It begins at a root, not at any receiver.
    pub exact: bool,
    /// Its number of steps.
    pub steps: u8,
}

struct Node<T> {
    fit: Fit,
    before: Option<State>,
    rows: Vec<T>,
}

/// The automaton over rows of type `T`.
pub struct Automaton<T> {
    names: FxHashMap<Box<str>, NameId>,
    edges: FxHashMap<(State, Edge), State>,
    nodes: Vec<Node<T>>,
}

impl<T: Copy> Default for Automaton<T> {
    fn default() -> Self {
        let node = |exact| Node {
            fit: Fit { exact, steps: 0 },
            before: None,
            rows: Vec::new(),
        };
        Self {
            names: FxHashMap::default(),
            edges: FxHashMap::default(),
            nodes: vec![node(true), node(false)],
        }
    }
}

impl<T: Copy> Automaton<T> {
    /// Hangs `row` where `pattern` ends; gives that state.
    pub fn add<N: AsRef<str>>(&mut self, pattern: &Pattern<N>, row: T) -> State {
        let mut at = if pattern.anywhere { ANYWHERE } else { ROOT };
        for seg in &pattern.segs {
            let edge = match seg {
                Seg::Name(name) => Edge::Step(Step::Name(self.intern(name.as_ref()))),
                Seg::AnyName => Edge::AnyName,
                Seg::Call => Edge::Step(Step::Call),
                Seg::Elem => Edge::Step(Step::Elem),
                Seg::Key(key) => Edge::Step(Step::Key(self.intern(key.as_ref()))),
            };
            at = self.follow_or_grow(at, edge);
        }
        self.nodes[at.0 as usize].rows.push(row);
        at
    }

    /// The states on the way to `state`, the last one first.
    pub fn way(&self, state: State) -> impl Iterator<Item = State> {
        let before = |state: &State| self.nodes[state.0 as usize].before;
        successors(before(&state), before)
    }

    fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let id = NameId(self.names.len() as u32);
        self.names.insert(name.into(), id);
        id
    }

    fn follow_or_grow(&mut self, at: State, edge: Edge) -> State {
        if let Some(next) = self.edges.get(&(at, edge)) {
            return *next;
        }
        let Fit { exact, steps } = self.nodes[at.0 as usize].fit;
        let next = State(self.nodes.len() as u32);
        self.nodes.push(Node {
            fit: Fit {
                exact,
                steps: steps.saturating_add(1),
            },
            before: Some(at),
            rows: Vec::new(),
        });
        self.edges.insert((at, edge), next);
        next
    }

    /// The name, when any pattern speaks of it.
    #[must_use]
    pub fn name(&self, text: &str) -> Option<NameId> {
        self.names.get(text).copied()
    }

    /// The states reached from `from` (none: an unknown receiver) by `step`, appended to `into`. With `members_are_keys`, `x.name` and
    /// `x["name"]` are the same (JavaScript).
    pub fn step(&self, from: &[State], step: Step, members_are_keys: bool, into: &mut Vec<State>) {
        let mut follow = |state: State, edge: Edge| {
            if let Some(next) = self.edges.get(&(state, edge))
                && !into.contains(next)
            {
                into.push(*next);
            }
        };
        for state in from.iter().copied().chain([ANYWHERE]) {
            follow(state, Edge::Step(step));
            match step {
                Step::Name(name) => {
                    follow(state, Edge::AnyName);
                    if members_are_keys && state != ANYWHERE {
                        follow(state, Edge::Step(Step::Key(name)));
                        follow(state, Edge::Step(Step::Elem));
                    }
                }
                Step::Key(name) => {
                    follow(state, Edge::Step(Step::Elem));
                    if members_are_keys {
                        follow(state, Edge::Step(Step::Name(name)));
                    }
                }
                Step::Call | Step::Elem => {}
            }
        }
    }

    /// The states of a name that no pattern knows: what stands for any name there.
    pub fn step_any(&self, from: &[State], into: &mut Vec<State>) {
        for state in from.iter().copied().chain([ANYWHERE]) {
            if let Some(next) = self.edges.get(&(state, Edge::AnyName)) {
                into.push(*next);
            }
        }
    }

    /// The state of a root name.
    #[must_use]
    pub fn root(&self, name: NameId) -> Option<State> {
        self.edges.get(&(ROOT, Edge::Step(Step::Name(name)))).copied()
    }

    /// What hangs at a state, and how well it fits there.
    #[must_use]
    pub fn rows(&self, state: State) -> (&[T], Fit) {
        let node = &self.nodes[state.0 as usize];
        (&node.rows, node.fit)
    }

    /// Number of states.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True when no pattern was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn automaton(patterns: &[&str]) -> Automaton<usize> {
        let mut all = Automaton::default();
        for (i, text) in patterns.iter().enumerate() {
            for pattern in Pattern::parse(text).unwrap() {
                all.add(&pattern, i);
            }
        }
        all
    }

    fn matched(all: &Automaton<usize>, root: &str, steps: &[&str]) -> Vec<(usize, bool)> {
        let mut states: Vec<State> = all.name(root).and_then(|n| all.root(n)).into_iter().collect();
        for step in steps {
            let mut next = Vec::new();
            match *step {
                "()" => all.step(&states, Step::Call, false, &mut next),
                "[]" => all.step(&states, Step::Elem, false, &mut next),
                name => match (name.strip_prefix('#'), all.name(name.trim_start_matches('#'))) {
                    (Some(_), Some(key)) => all.step(&states, Step::Key(key), false, &mut next),
                    (None, Some(name)) => all.step(&states, Step::Name(name), false, &mut next),
                    (_, None) => all.step_any(&states, &mut next),
                },
            }
            states = next;
        }
        let rows = states.iter().flat_map(|s| {
            let (rows, fit) = all.rows(*s);
            rows.iter().map(move |r| (*r, fit.exact))
        });
        rows.collect()
    }

    #[test]
    fn one_walk_finds_every_pattern_that_fits() {
        let all = automaton(&["db.connect().execute", "*.execute", "db.*.execute", "db.connect"]);
        assert_eq!(matched(&all, "db", &["connect"]), [(3, true)]);
        assert_eq!(
            matched(&all, "db", &["connect", "()", "execute"]),
            [(0, true), (1, false)]
        );
        assert_eq!(matched(&all, "db", &["other", "execute"]), [(2, true), (1, false)]);
        assert_eq!(matched(&all, "unknown", &["execute"]), [(1, false)]);
    }

    #[test]
    fn any_element_covers_every_key_but_a_key_only_itself() {
        let all = automaton(&["r.headers[]", "r.headers[\"x-admin\"]"]);
        assert_eq!(matched(&all, "r", &["headers", "#x-admin"]), [(1, true), (0, true)]);
        assert_eq!(matched(&all, "r", &["headers", "[]"]), [(0, true)]);
    }
}
