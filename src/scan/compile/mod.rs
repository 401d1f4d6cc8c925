//! Rules and models of each language, compiled once to an index: one automaton of access paths whose states carry rows, and the
//! rows themselves in flat tables with their selectors, tests and regexes ready.
//!
//! Data comes from loaded rule and model files; the engine only reads what is built here.

use super::{
    model::{Folding, ModelFile, SequenceStep},
    paths::automaton::{Automaton, State},
    rule::RuleFile,
};
use crate::lang::Lang;
use rustc_hash::FxHashSet;
use std::{collections::HashMap, sync::Arc};
use thiserror::Error;

mod build;
mod checks;
mod kinds;
mod select;
mod tables;

pub use checks::{ArgCheck, ConstPat, Range, number};
pub use kinds::{Kind, Kinds, MAX_KINDS};
pub use select::{Part, Selector, Who};
pub use tables::*;

use build::Build;

/// A list of access paths that some test asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub u32);

/// What hangs at a state of the automaton: an index into a table of [`Index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// [`Index::sources`].
    Source(u32),
    /// [`Index::sinks`].
    Sink(u32),
    /// [`Index::sanitisers`].
    Sanitiser(u32),
    /// [`Index::guards`].
    Guard(u32),
    /// [`Index::propagators`].
    Propagator(u32),
    /// [`Index::types`].
    Type(u32),
    /// [`Index::callbacks`].
    Callback(u32),
    /// [`Index::formats`].
    Format(u32),
    /// Changes or makes a list.
    Sequence(SequenceStep),
    /// A function of constants.
    Fold(Folding),
    /// The result carries nothing.
    Neutral,
    /// The result is a number.
    Number,
    /// The call does not return.
    Exit,
    /// [`Index::calls`].
    Call(u32),
    /// A test asks whether a path is one of a list.
    Set(SetId),
}

/// Where a mistake is: which file of those given, which table and entry, which key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{table}[{entry}].{key}: {problem}")]
pub struct CompileError {
    /// True for a model file, false for a rule file.
    pub model: bool,
    /// Index of the file among those given.
    pub file: usize,
    /// The table (`sink`, `match`, ...).
    pub table: &'static str,
    /// 0-based entry of that table.
    pub entry: usize,
    /// The key.
    pub key: &'static str,
    /// What is wrong, in a sentence.
    pub problem: String,
}

/// When regular expressions are built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Regexes {
    /// When first needed: rules that are known to be right.
    #[default]
    Lazy,
    /// At once, so that what is wrong with them is reported: rules of users, and tests.
    Checked,
}

/// All rules and models, ready for every language.
pub struct Compiled {
    /// The rules, as given; candidates refer to them by index.
    pub rules: Vec<Arc<RuleFile>>,
    indices: HashMap<&'static str, Index>,
}

impl Compiled {
    /// Compiles `rules` with `models` for every language.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn new(
        rules: &[Arc<RuleFile>],
        models: &[Arc<ModelFile>],
        regexes: Regexes,
    ) -> Result<Compiled, Vec<CompileError>> {
        Self::for_languages(&Lang::ALL.map(Lang::name), rules, models, regexes)
    }

    /// Compiles them for these languages only (by [`Lang::name`]).
    ///
    /// # Errors
    /// Every mistake found.
    pub fn for_languages(
        languages: &[&str],
        rules: &[Arc<RuleFile>],
        models: &[Arc<ModelFile>],
        regexes: Regexes,
    ) -> Result<Compiled, Vec<CompileError>> {
        let mut indices = HashMap::new();
        let mut errors = Vec::new();
        for name in Lang::ALL.map(Lang::name) {
            if indices.contains_key(name) || !languages.contains(&name) {
                continue;
            }
            let mut build = Build::new(name, regexes);
            let concerns = |all: &[String]| all.iter().any(|l| l == name);
            // Rules first: sinks of kinds that no rule asks for are left out.
            for (i, rule) in rules.iter().enumerate().filter(|(_, r)| concerns(&r.languages)) {
                build.rule(i, rule);
            }
            for (i, model) in models.iter().enumerate().filter(|(_, m)| concerns(&m.languages)) {
                build.model(i, model);
            }
            let (index, found) = build.finish();
            // A file of several languages repeats its mistakes.
            let new: Vec<_> = found.into_iter().filter(|e| !errors.contains(e)).collect();
            errors.extend(new);
            indices.insert(name, index);
        }
        if errors.is_empty() {
            let rules = rules.to_vec();
            Ok(Compiled { rules, indices })
        } else {
            Err(errors)
        }
    }

    /// The index of a language.
    #[must_use]
    pub fn index(&self, lang: Lang) -> Option<&Index> {
        self.indices.get(lang.name())
    }
}

/// Everything compiled for one language.
#[derive(Default)]
pub struct Index {
    /// All access paths.
    pub paths: Automaton<Row>,
    /// Names of sink kinds, by [`Kind`].
    pub kinds: Vec<Box<str>>,
    /// For each kind, the rules that ask for it.
    pub takers: Vec<Vec<Taker>>,
    /// Kinds that rules ask for only where the value may be more than text.
    pub structured: Kinds,
    /// Kinds of sinks where a number does the harm.
    pub amounts: Kinds,
    /// Sources.
    pub sources: Vec<Source>,
    /// States from which a source can be reached.
    pub sources_below: FxHashSet<State>,
    /// Sinks of kinds that some rule asks for.
    pub sinks: Vec<Sink>,
    /// Sanitisers.
    pub sanitisers: Vec<Sanitiser>,
    /// Guards.
    pub guards: Vec<Guard>,
    /// Those about containing a constant.
    pub contained: Vec<u32>,
    /// Guards about comparisons with constants (`*.__eq__`).
    pub compared: Vec<u32>,
    /// Propagators.
    pub propagators: Vec<Propagator>,
    /// What types stand for.
    pub types: Vec<TypeIs>,
    /// What parameters are by their names; the most telling rows first.
    pub parameters: Vec<Parameters>,
    /// Callbacks.
    pub callbacks: Vec<Callback>,
    /// Text builders.
    pub formats: Vec<Format>,
    /// Matchers of calls.
    pub calls: Vec<CallShape>,
    /// Matchers of values given to names.
    pub assigns: Vec<AssignShape>,
    /// Matchers of comparisons.
    pub compares: Vec<CompareShape>,
    /// Matchers of `if`s.
    pub branches: Vec<BranchShape>,
    /// Matchers of handlers.
    pub handlers: Vec<HandlerShape>,
    /// Matchers of functions.
    pub functions: Vec<FunctionShape>,
    /// Matchers of classes.
    pub classes: Vec<ClassShape>,
    /// Matchers of defects of memory.
    pub memory: Vec<MemoryShape>,
    /// Code patterns.
    pub patterns: Vec<PatternShape>,
    /// What matchers want around what they match.
    pub surroundings: Vec<Surrounding>,
    /// How many things some matcher looks for around what it matches.
    pub occurrences: u32,
    /// For each rule and fix that names callees, the list of paths.
    pub fix_callees: HashMap<(usize, usize), SetId>,
    /// Last names of everything that can begin a finding by itself: sinks and call matchers.
    pub trigger_names: FxHashSet<Box<str>>,
    /// True when some trigger ends in no name, so that every file may hold it.
    pub always_triggered: bool,
}

impl Index {
    /// What a number is harmless for.
    #[must_use]
    pub fn harmless_numbers(&self) -> Kinds {
        Kinds::ALL.except(self.amounts)
    }
}
