//! Detectors: what a rule asks for by name because it needs more than a regex. Each is one file, gets its sentences, severities and data
//! from the rule, and labels its results so that a rule can give each kind of result a table of its own (`of = "bidi"`).

pub(super) mod hidden_unicode;

use super::{
    hit::Hit,
    rule::{DetectorMatcher, RuleFile},
    secrets::{connection, credential, names::Names, private_key},
    view::FileView,
};
use crate::text::Span;
use std::sync::Arc;

/// The names that `[[detector]]` tables may use.
pub const NAMES: &[&str] = &["hidden-unicode", "credential", "connection", "private-key"];

/// A detector as one rule asks for it.
pub struct Detector {
    rule: Arc<RuleFile>,
    matchers: Vec<DetectorMatcher>,
    kind: Kind,
}

enum Kind {
    HiddenUnicode,
    Credential(Box<Names>),
    Connection,
    PrivateKey,
}

/// One result of a detector.
pub(super) struct Outcome<'t> {
    /// Which kind of result.
    pub label: &'static str,
    /// What a person must look at.
    pub span: Span,
    /// What fixes work on.
    pub values: Vec<Span>,
    /// For `{value}` in the message; safe to draw.
    pub value: &'t str,
}

impl Kind {
    fn prepare(name: &str, options: &toml::Table) -> Result<Kind, String> {
        let without = |kind| match options.keys().next() {
            Some(key) => Err(format!("the detector `{name}` takes no option `{key}`")),
            None => Ok(kind),
        };
        match name {
            "hidden-unicode" => without(Kind::HiddenUnicode),
            "credential" => credential::prepare(options).map(|n| Kind::Credential(Box::new(n))),
            "connection" => without(Kind::Connection),
            "private-key" => without(Kind::PrivateKey),
            _ => Err(format!("unknown detector `{name}`")),
        }
    }
}

/// The options of a detector: those of all its tables in the rule together.
fn options_of(matchers: &[DetectorMatcher]) -> toml::Table {
    matchers.iter().flat_map(|m| m.options.clone()).collect()
}

/// What is wrong with the detectors of a rule, with the entry at fault.
#[must_use]
pub fn check_options(rule: &RuleFile) -> Option<(usize, String)> {
    NAMES.iter().find_map(|name| {
        let first = rule.detector.iter().position(|d| d.name == *name)?;
        let matchers: Vec<DetectorMatcher> = rule.detector.iter().filter(|d| d.name == *name).cloned().collect();
        Kind::prepare(name, &options_of(&matchers))
            .err()
            .map(|problem| (first, problem))
    })
}

impl Detector {
    /// The detectors that a rule asks for, one for each name.
    #[must_use]
    pub fn of_rule(rule: &Arc<RuleFile>) -> Vec<Detector> {
        let mut found: Vec<Detector> = Vec::new();
        for name in NAMES {
            let matchers: Vec<DetectorMatcher> = rule.detector.iter().filter(|d| d.name == *name).cloned().collect();
            if matchers.is_empty() {
                continue;
            }
            // Options that are wrong are reported when rules are loaded (`check_options`).
            let Ok(kind) = Kind::prepare(name, &options_of(&matchers)) else {
                continue;
            };
            found.push(Detector {
                rule: rule.clone(),
                matchers,
                kind,
            });
        }
        found
    }

    /// The rule that asks.
    #[must_use]
    pub fn rule(&self) -> &RuleFile {
        &self.rule
    }

    /// Runs over one file.
    pub fn run(&self, view: &FileView<'_>, hits: &mut Vec<Hit>) {
        match &self.kind {
            Kind::HiddenUnicode => hidden_unicode::run(self, view, hits),
            Kind::Credential(names) => credential::run(self, names, view, hits),
            Kind::Connection => connection::run(self, view, hits),
            Kind::PrivateKey => private_key::run(self, view, hits),
        }
    }

    /// The hit for a result: by the table with its label, or the one without any. `None` when the rule does not ask for it.
    pub(super) fn hit(&self, result: Outcome<'_>) -> Option<Hit> {
        let of = |wanted: Option<&str>| self.matchers.iter().find(|m| m.of.as_deref() == wanted);
        let matcher = of(Some(result.label)).or_else(|| of(None))?;
        let mut hit = Hit::new(
            &self.rule,
            result.span,
            matcher.message.replace("{value}", result.value),
        );
        hit.matcher = matcher.of.clone();
        hit.values = result.values;
        hit.title = matcher.title.clone();
        hit.severity = matcher.severity.unwrap_or(hit.severity);
        hit.confidence = matcher.confidence.unwrap_or(hit.confidence);
        hit.tier = matcher.tier.unwrap_or(hit.tier);
        Some(hit)
    }
}
