//! Text rules and secrets: one literal prefilter over a file's bytes, then only the regexes whose literals occur.
//!
//! Owns the prefilter of a shelf of rules, which also tells whether the taint engine has anything to look for (its trigger
//! names are among the literals), so that most files are never parsed. Gives hits; scope, suppression and fixes are not its business.

mod rules;

use super::{
    compile::Compiled,
    detect::Detector,
    document::{self, DocumentRule, Outcome},
    hit::Hit,
    lazy_regex::LazyRegex,
    rule::{RuleFile, SecretMatcher, TextMatcher},
    secrets,
    view::FileView,
};
use crate::lang::Lang;
use aho_corasick::{AhoCorasick, MatchKind};
use std::{collections::HashMap, sync::Arc};

/// Shorter literals occur in every file: where nobody named them, they are no filter.
const SHORTEST: usize = 3;

/// What a literal of the prefilter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Text(u32),
    Secret(u32),
    Document(u32),
    /// A name that a taint sink or a shape of code ends in.
    Analysis,
}

/// A text matcher, ready to run.
pub struct TextRule {
    rule: Arc<RuleFile>,
    matcher: TextMatcher,
    regex: LazyRegex,
    unless: Option<LazyRegex>,
    unless_match: Option<LazyRegex>,
    path: Option<LazyRegex>,
    not_path: Option<LazyRegex>,
}

/// A secret format, ready to run.
pub struct SecretRule {
    /// The rule it belongs to.
    pub rule: Arc<RuleFile>,
    /// The format.
    pub matcher: SecretMatcher,
    /// Its regex.
    pub regex: LazyRegex,
}

/// Everything on a shelf that looks at text.
pub struct TextIndex {
    words: Option<AhoCorasick>,
    owners: Vec<Vec<Owner>>,
    texts: Vec<TextRule>,
    secrets: Vec<SecretRule>,
    documents: Vec<DocumentRule>,
    detectors: Vec<Detector>,
    /// What runs on every file: no literal is known for it.
    always: Vec<Owner>,
}

/// What the prefilter found worth running.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    texts: Vec<u32>,
    secrets: Vec<u32>,
    documents: Vec<u32>,
    /// The taint engine and the shapes of code may find something.
    pub analysis: bool,
}

impl TextIndex {
    /// Collects what `rules` say of text, and the triggers of `compiled`.
    #[must_use]
    pub fn new(rules: &[Arc<RuleFile>], compiled: Option<&Compiled>) -> TextIndex {
        let mut words: HashMap<String, Vec<Owner>> = HashMap::new();
        let mut index = TextIndex {
            words: None,
            owners: Vec::new(),
            texts: Vec::new(),
            secrets: Vec::new(),
            documents: Vec::new(),
            detectors: rules.iter().flat_map(Detector::of_rule).collect(),
            always: Vec::new(),
        };
        for rule in rules {
            for matcher in &rule.text {
                let owner = Owner::Text(index.texts.len() as u32);
                let text = TextRule::new(rule, matcher);
                let known = if matcher.literals.is_empty() {
                    let required = text.regex.required();
                    let required: Option<Vec<String>> = required.map(|all| all.map(str::to_owned).collect());
                    required.filter(|all| all.iter().all(|l| l.len() >= SHORTEST))
                } else {
                    Some(matcher.literals.iter().map(|l| l.to_ascii_lowercase()).collect())
                };
                index.texts.push(text);
                index.file(owner, known, &mut words);
            }
            for matcher in &rule.secret {
                let owner = Owner::Secret(index.secrets.len() as u32);
                let known = matcher.keywords.iter().map(|k| k.to_ascii_lowercase()).collect();
                index.secrets.push(SecretRule {
                    rule: rule.clone(),
                    matcher: matcher.clone(),
                    regex: LazyRegex::new(&matcher.source()),
                });
                index.file(owner, Some(known), &mut words);
            }
            for document in (0..rule.document.len()).filter_map(|i| DocumentRule::new(rule, i)) {
                let owner = Owner::Document(index.documents.len() as u32);
                index.file(owner, document.words(), &mut words);
                index.documents.push(document);
            }
        }
        if let Some(compiled) = compiled {
            index.triggers(compiled, &mut words);
        }
        index.build(words);
        index
    }

    fn file(&mut self, owner: Owner, known: Option<Vec<String>>, words: &mut HashMap<String, Vec<Owner>>) {
        match known {
            Some(known) if !known.is_empty() => {
                for word in known {
                    words.entry(word).or_default().push(owner);
                }
            }
            _ => self.always.push(owner),
        }
    }

    fn triggers(&mut self, compiled: &Compiled, words: &mut HashMap<String, Vec<Owner>>) {
        // TSX shares TypeScript's index.
        let indices = Lang::ALL
            .into_iter()
            .filter(|l| *l != Lang::Tsx)
            .filter_map(|l| compiled.index(l));
        for index in indices {
            // Shapes other than calls begin with anything at all.
            let shapes = index.assigns.len()
                + index.compares.len()
                + index.branches.len()
                + index.handlers.len()
                + index.functions.len()
                + index.classes.len()
                + index.patterns.len();
            if index.always_triggered || shapes > 0 {
                self.always.push(Owner::Analysis);
                continue;
            }
            for name in &index.trigger_names {
                words
                    .entry(name.to_ascii_lowercase())
                    .or_default()
                    .push(Owner::Analysis);
            }
        }
    }

    fn build(&mut self, words: HashMap<String, Vec<Owner>>) {
        let mut words: Vec<(String, Vec<Owner>)> = words.into_iter().collect();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        // Over the automaton's limits (billions of states) nothing could be built; every rule then runs on every file.
        self.words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(words.iter().map(|(word, _)| word))
            .ok();
        self.owners = words.into_iter().map(|(_, owners)| owners).collect();
        if self.words.is_none() {
            self.always.extend(self.owners.drain(..).flatten());
        }
    }

    /// What may find something in `text`.
    #[must_use]
    pub fn live(&self, text: &[u8]) -> Live {
        let mut live = Live::default();
        self.always.iter().for_each(|o| live.add(*o));
        if let Some(words) = &self.words {
            let mut seen = vec![false; self.owners.len()];
            for found in words.find_overlapping_iter(text) {
                let id = found.pattern().as_usize();
                if !std::mem::replace(&mut seen[id], true) {
                    self.owners[id].iter().for_each(|o| live.add(*o));
                }
            }
        }
        live.texts.sort_unstable();
        live.texts.dedup();
        live.secrets.sort_unstable();
        live.secrets.dedup();
        live.documents.sort_unstable();
        live.documents.dedup();
        live
    }

    /// Runs what is live, and every detector, over a file.
    #[must_use]
    pub fn run(&self, view: &FileView<'_>, live: &Live) -> Vec<Hit> {
        let mut hits = Vec::new();
        for id in &live.texts {
            if let Some(rule) = self.texts.get(*id as usize) {
                rules::run(rule, view, &mut hits);
            }
        }
        for id in &live.secrets {
            if let Some(rule) = self.secrets.get(*id as usize) {
                secrets::formats::run(rule, view, &mut hits);
            }
        }
        for detector in self.detectors.iter().filter(|d| concerns(d.rule(), view)) {
            detector.run(view, &mut hits);
        }
        hits
    }
}

impl TextIndex {
    /// Runs what is live of the document matchers over a file.
    #[must_use]
    pub fn run_documents(&self, view: &FileView<'_>, live: &Live) -> Outcome {
        let rules = live.documents.iter().filter_map(|id| self.documents.get(*id as usize));
        document::run(rules.filter(|r| concerns(r.rule(), view)), view)
    }
}

impl Live {
    /// Whether a matcher of documents may find something.
    #[must_use]
    pub fn documents(&self) -> bool {
        !self.documents.is_empty()
    }

    fn add(&mut self, owner: Owner) {
        match owner {
            Owner::Text(id) => self.texts.push(id),
            Owner::Secret(id) => self.secrets.push(id),
            Owner::Document(id) => self.documents.push(id),
            Owner::Analysis => self.analysis = true,
        }
    }
}

impl TextRule {
    fn new(rule: &Arc<RuleFile>, matcher: &TextMatcher) -> TextRule {
        TextRule {
            rule: rule.clone(),
            matcher: matcher.clone(),
            regex: LazyRegex::new(&matcher.regex),
            unless: matcher.unless.as_deref().map(LazyRegex::new),
            unless_match: matcher.unless_match.as_deref().map(LazyRegex::new),
            path: matcher.path.as_deref().map(LazyRegex::new),
            not_path: matcher.not_path.as_deref().map(LazyRegex::new),
        }
    }
}

/// Whether a rule's `languages` include this file.
fn concerns(rule: &RuleFile, view: &FileView<'_>) -> bool {
    rule.languages.iter().any(|language| {
        language == "*"
            || view.lang.is_some_and(|l| l.name() == language)
            || view.kind.is_some_and(|k| k.name == *language)
    })
}

#[cfg(test)]
mod tests;
