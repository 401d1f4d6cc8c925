//! What text rules, secret formats and detectors find, before it becomes a [`Finding`].

use super::{
    Argument, Confidence, Finding, Place, Scope, Severity, Step, StepKind, Tier, document::Spot,
    fingerprint::fingerprint, rule::RuleFile, view::FileView,
};
use crate::text::{Span, safe};
use std::sync::Arc;

/// One thing found in the text of a file.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The rule that asked for it.
    pub rule: Arc<RuleFile>,
    /// The matcher's own id, for fixes.
    pub matcher: Option<String>,
    /// What a person must look at.
    pub span: Span,
    /// The stretches that fixes work on, in order; as a rule one, inside [`Hit::span`].
    pub values: Vec<Span>,
    /// Instead of the rule's title.
    pub title: Option<String>,
    /// The sentence.
    pub message: String,
    /// Instead of the rule's CWE numbers.
    pub cwe: Option<Vec<u32>>,
    /// The enclosing definition, when the facts of a program do not tell it.
    pub within: Option<String>,
    /// Where in a document it is.
    pub spot: Option<Spot>,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Who sees it.
    pub tier: Tier,
    /// For and against.
    pub arguments: Vec<Argument>,
    /// What must not be shown.
    pub redact: Vec<Span>,
    /// What it is about, for the fingerprint, when that is not the code of [`Hit::span`]. A secret is never in the clear here: the
    /// digest of the fingerprint could be tried out against guesses, so it gets the name and the shape instead.
    pub about: Option<Vec<u8>>,
    /// Between two hits about the same bytes the more specific stays: a format before a name.
    pub specific: u8,
    /// True when it is disproved; it is then only counted and listed on request.
    pub dismissed: bool,
}

impl Hit {
    /// A hit of `rule` with the rule's own severity and tier, and medium confidence.
    #[must_use]
    pub fn new(rule: &Arc<RuleFile>, span: Span, message: String) -> Hit {
        Hit {
            rule: rule.clone(),
            matcher: None,
            span,
            values: vec![span],
            title: None,
            message,
            cwe: None,
            within: None,
            spot: None,
            severity: rule.severity,
            confidence: Confidence::Medium,
            tier: rule.tier,
            arguments: Vec::new(),
            redact: Vec::new(),
            about: None,
            specific: 0,
            dismissed: false,
        }
    }

    /// Something is not there: its place is only where it should be, and may be that of other such hits.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        self.spot.is_some_and(|s| s.absent)
    }

    /// Adds an argument.
    pub fn argue(&mut self, key: &'static str, weight: i8, note: impl Into<String>) {
        self.arguments.push(Argument {
            key,
            note: note.into(),
            weight,
        });
    }

    /// The finding, with `ordinal` telling apart equal ones (see [`fingerprint`]).
    #[must_use]
    pub fn finding(&self, view: &FileView<'_>, ordinal: u32) -> Finding {
        let within = self.within.clone().or_else(|| view.within(self.span.start));
        let code = self.span.of(view.text);
        let about = self.about.as_deref().unwrap_or(code);
        let place = Place {
            path: view.path.clone(),
            old_side: false,
            span: self.span,
            start: view.lines().pos(view.text, self.span.start),
            end: view.lines().pos(view.text, self.span.end),
            within: within.clone(),
        };
        Finding {
            fingerprint: fingerprint(&self.rule.id, within.as_deref(), [about], ordinal),
            rule: self.rule.id.as_str().into(),
            category: self.rule.category.as_str().into(),
            cwe: self.cwe.clone().unwrap_or_else(|| self.rule.cwe.clone()),
            severity: self.severity,
            confidence: self.confidence,
            tier: self.tier,
            title: self.title.clone().unwrap_or_else(|| self.rule.title.clone()),
            message: self.message.clone(),
            steps: vec![Step {
                kind: StepKind::Sink,
                place: place.clone(),
                note: self.note(view),
                code: None,
            }],
            place,
            arguments: self.arguments.clone(),
            fix: None,
            scope: Scope::New,
            redact: self.redact.clone(),
            also: Vec::new(),
            commit: None,
        }
    }

    /// What stands there, on one line, with what must not be shown left out.
    fn note(&self, view: &FileView<'_>) -> String {
        const LONGEST: usize = 80;
        let mut shown = String::new();
        let mut at = self.span.start;
        let mut holes: Vec<Span> = self.redact.iter().copied().filter(|r| self.span.touches(*r)).collect();
        holes.sort();
        for hole in holes {
            shown.push_str(&safe::visible(
                Span {
                    start: at,
                    end: hole.start.max(at),
                }
                .of(view.text),
            ));
            shown.push('…');
            at = hole.end.max(at);
        }
        shown.push_str(&safe::visible(
            Span {
                start: at,
                end: self.span.end.max(at),
            }
            .of(view.text),
        ));
        match shown.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }
}
