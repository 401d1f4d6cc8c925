//! What must hold of a rule beyond its types: its id, its category, that something is looked for, that regexes can be built,
//! that fixes name verbs that exist; and, for rules that are to be trusted, that it carries enough examples.

use super::{Categories, locate};
use crate::{
    config::TomlError,
    lang::Lang,
    scan::{detect, document, fix, kind::FileKinds, lazy_regex::LazyRegex, rule::RuleFile, secrets::structure},
};

/// Least number of examples, and of near misses, of a complete rule.
pub const LEAST_EXAMPLES: usize = 3;

/// A rule under examination.
pub struct Checked<'r> {
    /// The file's name, for messages.
    pub name: &'r str,
    /// The file's text, for lines.
    pub text: &'r str,
    /// The rule.
    pub rule: &'r RuleFile,
}

impl Checked<'_> {
    /// Every mistake that makes the rule unusable.
    #[must_use]
    pub fn errors(&self) -> Vec<TomlError> {
        let mut found = Vec::new();
        self.head(&mut found);
        self.regexes(&mut found);
        for (i, detector) in self.rule.detector.iter().enumerate() {
            if !detect::NAMES.contains(&detector.name.as_str()) {
                let error = self.at("detector", i, "name", format!("unknown detector `{}`", detector.name));
                found.push(error.did_you_mean(&detector.name, detect::NAMES.iter().copied()));
            }
        }
        if let Some((i, problem)) = detect::check_options(self.rule) {
            found.push(self.at("detector", i, "options", problem));
        }
        for (i, secret) in self.rule.secret.iter().enumerate() {
            if let Some(name) = &secret.checksum
                && !structure::NAMES.iter().any(|(n, _)| n == name)
            {
                let error = self.at("secret", i, "checksum", format!("unknown structure `{name}`"));
                found.push(error.did_you_mean(name, structure::NAMES.iter().map(|(n, _)| *n)));
            }
        }
        for (i, fix) in self.rule.fix.iter().enumerate() {
            for problem in fix::problems(self.rule, fix) {
                found.push(self.at("fix", i, problem.key, problem.why));
            }
        }
        found
    }

    /// What a complete rule lacks: examples and near misses, samples of secrets.
    #[must_use]
    pub fn gaps(&self) -> Vec<TomlError> {
        let mut found = Vec::new();
        let samples = |all: fn(&crate::scan::rule::SecretMatcher) -> &Vec<String>| {
            self.rule.secret.iter().map(|s| all(s).len()).sum::<usize>()
        };
        let matching = self.rule.example.len() + samples(|s| &s.valid);
        let near = self.rule.near.len() + samples(|s| &s.invalid);
        if matching < LEAST_EXAMPLES {
            let why = format!("{matching} examples; a rule needs at least {LEAST_EXAMPLES} (`[[example]]`)");
            found.push(self.at("", 0, "id", why));
        }
        if near < LEAST_EXAMPLES {
            let why = format!("{near} near misses; a rule needs at least {LEAST_EXAMPLES} (`[[near]]`)");
            found.push(self.at("", 0, "id", why));
        }
        for (i, secret) in self.rule.secret.iter().enumerate() {
            if secret.valid.is_empty() || secret.invalid.is_empty() {
                found.push(self.at(
                    "secret",
                    i,
                    "name",
                    "a secret format needs `valid` and `invalid` samples".into(),
                ));
            }
        }
        found
    }

    fn head(&self, found: &mut Vec<TomlError>) {
        let rule = self.rule;
        if rule.schema != 1 {
            let why = format!("schema {} is not known; this program reads schema 1", rule.schema);
            found.push(self.at("", 0, "schema", why));
        }
        let categories = Categories::get();
        if categories.title(&rule.category).is_none() {
            let error = self.at("", 0, "category", format!("unknown category `{}`", rule.category));
            found.push(error.did_you_mean(&rule.category, categories.iter().map(|(_, c, _)| c)));
        }
        let word = |w: &str| {
            !w.is_empty()
                && w.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        match rule.id.split_once('/') {
            Some((topic, category)) if word(topic) && category == rule.category => {}
            _ => {
                let why = format!(
                    "`{}` is no id; ids are `<language or topic>/{}`",
                    rule.id, rule.category
                );
                found.push(self.at("", 0, "id", why));
            }
        }
        for language in &rule.languages {
            if !is_language(language) {
                let error = self.at(
                    "",
                    0,
                    "languages",
                    format!("unknown language or file kind `{language}`"),
                );
                found.push(error.did_you_mean(language, language_names()));
            }
        }
        let of_text = rule.text.len() + rule.document.len() + rule.secret.len() + rule.detector.len();
        if rule.taint.len() + rule.matches.len() + of_text == 0 {
            let why = "nothing is looked for: a rule needs a `taint`, `match`, `text`, `document`, `secret` or `detector` table";
            found.push(self.at("", 0, "id", why.into()));
        }
    }

    fn regexes(&self, found: &mut Vec<TomlError>) {
        let mut check = |table: &str, i: usize, key: &str, source: &str| {
            if let Some(problem) = LazyRegex::new(source).error() {
                found.push(self.at(table, i, key, problem.to_owned()));
            }
        };
        for (i, text) in self.rule.text.iter().enumerate() {
            check("text", i, "regex", &text.regex);
            for (key, source) in [
                ("path", &text.path),
                ("not-path", &text.not_path),
                ("unless", &text.unless),
                ("unless-match", &text.unless_match),
            ] {
                if let Some(source) = source {
                    check("text", i, key, source);
                }
            }
        }
        for (i, secret) in self.rule.secret.iter().enumerate() {
            check("secret", i, "regex", &secret.source());
        }
        for (i, document) in self.rule.document.iter().enumerate() {
            for (key, problem) in document::problems(document) {
                found.push(self.at("document", i, key, problem));
            }
        }
    }

    fn at(&self, table: &str, entry: usize, key: &str, why: String) -> TomlError {
        TomlError::new(self.name, self.text, locate::span(self.text, table, entry, key), why)
    }
}

/// True for languages with an adapter, file kinds, and `*`.
fn is_language(name: &str) -> bool {
    name == "*" || language_names().any(|l| l == name)
}

fn language_names() -> impl Iterator<Item = &'static str> {
    Lang::ALL.into_iter().map(Lang::name).chain(FileKinds::get().names())
}
