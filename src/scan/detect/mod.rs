//! Detectors: what a rule asks for by name because it needs more than a regex. Each is one file, gets its sentences, severities and data
//! from the rule, and labels its results so that a rule can give each kind of result a table of its own (`of = "bidi"`).

mod hidden_unicode;

use super::{
    hit::Hit,
    rule::{DetectorMatcher, RuleFile},
    view::FileView,
};
use crate::text::Span;
use std::sync::Arc;

/// The names that `[[detector]]` tables may use.
pub const NAMES: &[&str] = &["hidden-unicode"];

/// A detector as one rule asks for it.
pub struct Detector {
    rule: Arc<RuleFile>,
    matchers: Vec<DetectorMatcher>,
    kind: Kind,
}

enum Kind {
    HiddenUnicode,
}

/// One result of a detector.
struct Result<'t> {
    /// Which kind of result.
    label: &'static str,
    /// What a person must look at.
    span: Span,
    /// What fixes work on.
    values: Vec<Span>,
    /// For `{value}` in the message; safe to draw.
    value: &'t str,
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
            let kind = match *name {
                "hidden-unicode" => Kind::HiddenUnicode,
                _ => continue,
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
        match self.kind {
            Kind::HiddenUnicode => hidden_unicode::run(self, view, hits),
        }
    }

    /// The hit for a result: by the table with its label, or the one without any. `None` when the rule does not ask for it.
    fn hit(&self, result: Result<'_>) -> Option<Hit> {
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
