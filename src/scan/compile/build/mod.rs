//! Building an [`Index`] from rule and model files, collecting every mistake: [`rules`] and [`models`] say what each becomes, here is what both are made
//! of: paths, selectors, regexes, constants.

mod models;
mod rules;

use super::*;
use crate::{
    lang::{Lang, facts::ArmEnd},
    scan::{lazy_regex::LazyRegex, model::*, paths::pattern::Pattern},
};

/// An index being built.
#[derive(Default)]
pub(super) struct Build {
    index: Index,
    kinds: HashMap<Box<str>, Kind>,
    sets: u32,
    errors: Vec<CompileError>,
    at: At,
    lang: Option<Lang>,
    regexes: Regexes,
    known: HashMap<Box<str>, LazyRegex>,
}

/// Where we are, for errors.
#[derive(Clone, Copy, Default)]
struct At {
    model: bool,
    file: usize,
    table: &'static str,
    entry: usize,
}

impl Build {
    pub(super) fn new(language: &str, regexes: Regexes) -> Self {
        Self {
            lang: Lang::ALL.into_iter().find(|l| l.name() == language),
            regexes,
            ..Self::default()
        }
    }

    pub(super) fn finish(mut self) -> (Index, Vec<CompileError>) {
        let rank = |p: &Parameters| {
            std::cmp::Reverse((p.function.is_some(), p.names.iter().filter(|n| !n.is_empty()).count()))
        };
        self.index.parameters.sort_by_key(rank);
        (self.index, self.errors)
    }

    pub(super) fn at(&mut self, model: bool, file: usize, table: &'static str, entry: usize) {
        self.at = At {
            model,
            file,
            table,
            entry,
        };
    }

    pub(super) fn error(&mut self, key: &'static str, problem: String) {
        let At {
            model,
            file,
            table,
            entry,
        } = self.at;
        self.errors.push(CompileError {
            model,
            file,
            table,
            entry,
            key,
            problem,
        });
    }

    /// Hangs `row` where these paths end.
    pub(super) fn paths(&mut self, key: &'static str, texts: &[String], row: Row) {
        for text in texts {
            let paths = &mut self.index.paths;
            let below = &mut self.index.sources_below;
            let added = Pattern::each(text, |pattern| {
                let end = paths.add(pattern, row);
                if matches!(row, Row::Source(_)) {
                    below.extend(paths.way(end));
                }
            });
            if let Err(e) = added {
                self.error(key, format!("`{text}`: {e}"));
            }
        }
    }

    pub(super) fn one_path(&mut self, text: &str) -> Result<Pattern, String> {
        let mut patterns = Pattern::parse(text).map_err(|e| format!("`{text}`: {e}"))?;
        match (patterns.pop(), patterns.is_empty()) {
            (Some(one), true) if !one.anywhere => Ok(one),
            _ => Err(format!(
                "`{text}`: exactly one path, without `*` at its beginning or braces"
            )),
        }
    }

    pub(super) fn set(&mut self, key: &'static str, texts: &[String]) -> SetId {
        let set = SetId(self.sets);
        self.sets += 1;
        self.paths(key, texts, Row::Set(set));
        set
    }

    /// What a file must mention for one of these paths to be in it, which [`Build::paths`] has been given.
    pub(super) fn triggers(&mut self, texts: &[String]) {
        for text in texts {
            // A mistake in the path has been reported.
            let _ = Pattern::each(text, |pattern| match pattern.last_name() {
                Some(name) if self.index.trigger_names.contains(name) => {}
                Some(name) => {
                    self.index.trigger_names.insert(name.into());
                }
                None => self.index.always_triggered = true,
            });
        }
    }

    pub(super) fn kind(&mut self, key: &'static str, name: &str) -> Option<Kind> {
        if let Some(kind) = self.kinds.get(name) {
            return Some(*kind);
        }
        if self.kinds.len() >= MAX_KINDS {
            self.error(key, format!("more than {MAX_KINDS} kinds of sinks in one language"));
            return None;
        }
        let kind = Kind(self.kinds.len() as u8);
        self.kinds.insert(name.into(), kind);
        self.index.kinds.push(name.into());
        self.index.takers.push(Vec::new());
        Some(kind)
    }

    pub(super) fn kinds(&mut self, key: &'static str, names: &[String]) -> Kinds {
        names.iter().fold(Kinds::NONE, |all, name| match name.as_str() {
            "*" => Kinds::ALL,
            name => self.kind(key, name).map_or(all, |k| all.or(Kinds::of(k))),
        })
    }

    pub(super) fn selector(&mut self, key: &'static str, selector: &ArgSelector) -> Option<Selector> {
        Selector::parse(selector)
            .map_err(|problem| self.error(key, problem))
            .ok()
    }

    pub(super) fn regex(&mut self, key: &'static str, source: Option<&str>) -> Option<LazyRegex> {
        let source = source?;
        // The same expression in many matchers is built once.
        let known = self
            .known
            .entry(source.into())
            .or_insert_with(|| LazyRegex::new(source));
        let regex = known.clone();
        if self.regexes == Regexes::Checked
            && let Some(problem) = regex.error()
        {
            let problem = problem.to_owned();
            self.error(key, problem);
        }
        Some(regex)
    }

    /// A regex for names, which are compared without regard to case.
    pub(super) fn name_regex(&mut self, key: &'static str, source: Option<&str>) -> Option<LazyRegex> {
        self.regex(key, Some(&format!("(?i){}", source?)))
    }

    pub(super) fn constants(&mut self, key: &'static str, values: Option<&[toml::Value]>) -> Option<Vec<ConstPat>> {
        let values = values?;
        let mut all = Vec::with_capacity(values.len());
        for value in values {
            match ConstPat::parse(value) {
                Ok(constant) => all.push(constant),
                Err(problem) => self.error(key, problem),
            }
        }
        Some(all)
    }

    pub(super) fn check(&mut self, key: &'static str, test: &ArgTest) -> Option<ArgCheck> {
        Some(ArgCheck {
            arg: self.selector(key, &test.arg)?,
            absent: test.absent,
            bounded: test.bounded,
            equals: self.constants(key, test.equals.as_deref()),
            matches: self.regex(key, test.matches.as_deref()),
            text: self.regex(key, test.text.as_deref()),
            path: test.path.as_ref().map(|p| self.set(key, p)),
            constant: test.constant,
            list: test.list,
            holds: test.holds.as_ref().map(|p| self.set(key, p)),
            built: test.built,
            range: Range {
                below: test.below,
                above: test.above,
            },
            named: self.name_regex(key, test.named.as_deref()),
            mentions: self.name_regex(key, test.mentions.as_deref()),
            redos: test.redos,
            crawls: test.crawls,
            not: test.not,
        })
    }

    pub(super) fn origins(&mut self, key: &'static str, names: Option<&[String]>) -> Option<Vec<Origin>> {
        let names = names?;
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            match Origin::parse(name) {
                Some(origin) => all.push(origin),
                None => self.error(
                    key,
                    format!("`{name}` is no origin; one of {}", Origin::NAMES.join(", ")),
                ),
            }
        }
        Some(all)
    }

    pub(super) fn ends(&mut self, names: &[String]) -> Vec<ArmEnd> {
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            match name.as_str() {
                "falls" => all.push(ArmEnd::Falls),
                "returns" => all.push(ArmEnd::Returns),
                "raises" => all.push(ArmEnd::Raises),
                "jumps" => all.push(ArmEnd::Jumps),
                _ => self.error(
                    "ends",
                    format!("`{name}` is none of `falls`, `returns`, `raises`, `jumps`"),
                ),
            }
        }
        all
    }
}
