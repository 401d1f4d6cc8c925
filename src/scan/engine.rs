//! The analysis of one file: facts in, candidates out. Knows nothing of changes, suppression, caches or fixes; those read what it gives.
//!
//! The same facts, text, path and rules always give the same candidates in the same order: budgets count steps.

use super::{
    Finding, NotExamined,
    candidates::Build,
    compile::{Compiled, Index},
    link::{Links, Outlook, Program},
    matchers::{self, Active},
    surroundings::Surroundings,
    taint::{file::File, resolve::resolve, sentence::function_name},
};
use crate::{
    change::RepoPath,
    lang::facts::{ExprId, Facts, FunctionId},
    text::LineIndex,
};

/// How much work one file may cost, in steps of evaluation (one expression evaluated once, one variable joined once).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// For one visit of one function.
    pub per_function: u32,
    /// For the whole file.
    pub per_file: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            per_function: 400_000,
            per_file: 4_000_000,
        }
    }
}

/// What the analysis of a file gives.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Suspected defects in order of their place, at most one for each sink and category, verified.
    pub candidates: Vec<Candidate>,
    /// What verification disproved, with the argument that did.
    pub dismissed: Vec<Candidate>,
    /// Functions whose budget ran out.
    pub not_examined: Vec<NotExamined>,
    /// What it has to do with other files.
    pub outlook: Outlook,
}

/// One suspected defect, with what fix verbs need to find the code again.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What people see. Its scope is `New`, its fix and commit are empty: those come later.
    pub finding: Finding,
    /// Index into [`Compiled::rules`].
    pub rule: usize,
    /// The matcher's own id, when it has one.
    pub matcher: Option<String>,
    /// Indices of the rule's fixes whose `of` and `callee` fit, in order.
    pub fixes: Vec<usize>,
    /// The expression it is about.
    pub site: Site,
}

/// An expression of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The function whose arena holds it.
    pub function: FunctionId,
    /// The call, assignment, comparison or test; `None` when the finding is about a whole function or handler.
    pub expr: Option<ExprId>,
    /// The dangerous argument's value, or the matched value.
    pub value: Option<ExprId>,
}

/// Analyses one file. `path` names it in places and tells what it is for; it is not read.
#[must_use]
pub fn analyse(facts: &Facts, text: &[u8], path: &RepoPath, rules: &Compiled, budget: Budget) -> Analysis {
    analyse_within(facts, text, text, path, rules, budget)
}

/// Analyses code that stands in a file of another kind: `text` is the file blanked around the code (see [`crate::lang::embedded`]), `host` the
/// file itself, which places are told in.
#[must_use]
pub fn analyse_within(
    facts: &Facts,
    text: &[u8],
    host: &[u8],
    path: &RepoPath,
    rules: &Compiled,
    budget: Budget,
) -> Analysis {
    let Some(index) = rules.index(facts.lang) else {
        return Analysis::default();
    };
    let links = Links::none(path);
    let code = Code {
        facts,
        text,
        host,
        links: &links,
    };
    analyse_code(&code, path, rules, index, budget)
}

/// Analyses several files as one: what is found in the first, and what of it ends in the others.
#[must_use]
pub fn analyse_program(program: &Program, path: &RepoPath, rules: &Compiled, budget: Budget) -> Analysis {
    let Some(index) = rules.index(program.facts.lang) else {
        return Analysis::default();
    };
    let code = Code {
        facts: &program.facts,
        text: &program.text,
        host: &program.text,
        links: &program.links,
    };
    analyse_code(&code, path, rules, index, budget)
}

/// What is analysed.
struct Code<'c> {
    facts: &'c Facts,
    text: &'c [u8],
    host: &'c [u8],
    links: &'c Links,
}

fn analyse_code(code: &Code<'_>, path: &RepoPath, rules: &Compiled, index: &Index, budget: Budget) -> Analysis {
    let active = Active::new(index, code.facts, path);
    if !active.beyond_calls() && !mentions_trigger(index, code.facts) {
        return Analysis::default();
    }
    let mut file = File::new(code.facts, code.text, code.links, index, &active, budget);
    file.run();
    let shapes = matchers::collect(&mut file);
    let resolved = resolve(&file);
    let build = Build {
        file: &file,
        rules,
        path,
        lines: LineIndex::new(code.host),
        surroundings: Surroundings::of(path.bytes()),
    };
    let candidates = build.candidates(&resolved, &shapes);
    let dismissed = build.dismissed(&resolved, &candidates);
    Analysis {
        candidates,
        dismissed,
        not_examined: exhausted(&file, path, &build.lines),
        outlook: Outlook::of(&file),
    }
}

/// True when the file uses a name that some sink or call matcher ends in.
fn mentions_trigger(index: &Index, facts: &Facts) -> bool {
    index.always_triggered || index.trigger_names.iter().any(|name| facts.names.find(name).is_some())
}

fn exhausted(file: &File<'_>, path: &RepoPath, lines: &LineIndex) -> Vec<NotExamined> {
    let report = |id: &FunctionId| NotExamined {
        path: path.clone(),
        lines: Some(lines.lines_of(file.function(*id).span)),
        key: "steps",
        why: format!("{} takes more steps to follow than the limit", function_name(file, *id)),
    };
    let own = file.exhausted.iter().filter(|id| file.links.is_own_function(**id));
    own.map(report).collect()
}
