//! Fixes: edits that take a finding away, computed from the rule's `[[fix]]` tables and checked before anyone sees them.
//!
//! A table names a verb; a verb reads the facts and the source and gives edits of bytes, imports included; the edits are applied in memory, the
//! text is parsed and scanned again with the same rules ([`check`]): those of one file all at once, and one by one where that does not hold. Only when the finding is gone and nothing new is found is the fix
//! *checked*; of the rule's tables the first that gets there is proposed. A *sketch* is for a person to finish: it parses, it is shown, it is
//! never applied. Nothing here writes a file.
//!
//! Verbs keep the file's quotes, indentation, line endings and ways of importing, and refuse what they do not understand: no fix is better than a
//! wrong one.

mod argument;
mod arguments;
mod bind;
mod built;
mod callee;
mod check;
mod comparison;
mod compose;
mod condition;
mod dialect;
mod document;
mod edits;
mod environment;
mod follow;
mod holes;
mod imports;
mod job;
mod literal;
mod names;
mod shell;
mod sql;
mod stretches;
mod template;
mod value;
mod vector;
mod verbs;

pub use dialect::Dialects;
pub use verbs::{Problem, problems};

use super::{
    Edit, Finding, Fix, FixQuality,
    file::{About, FileScan, Found, MAX_PARSED},
    load::RuleSet,
    rule::FixSpec,
    view::FileView,
};
use crate::{lang::Lang, text::Span};
use check::Before;
use job::{Code, Job};

/// Proposes fixes for findings of one file.
pub struct Fixer<'a> {
    before: Before<'a>,
    dialects: &'a Dialects,
}

impl<'a> Fixer<'a> {
    /// For the file that `view` looks at, in which `scan` was found with `rules`.
    #[must_use]
    pub fn new(view: &'a FileView<'a>, scan: &'a FileScan, rules: &'a RuleSet, dialects: &'a Dialects) -> Fixer<'a> {
        Fixer {
            before: Before { view, scan, rules },
            dialects,
        }
    }

    /// The fixes of several findings, made and checked all at once: the first table of each that its verb can serve. Nothing when they do not go
    /// together or leave something to be found, and for findings whose first table is a sketch: those are for [`Fixer::propose`].
    #[must_use]
    pub fn propose_together<'f>(&self, found: impl IntoIterator<Item = (usize, &'f Found)>) -> Vec<(usize, Fix)> {
        let view = self.before.view;
        let planned = |(at, found): (usize, &'f Found)| {
            let mut plans = fitting(found).into_iter();
            let (spec, (edits, title, is_sketch)) = plans.find_map(|s| Some((s, self.planned(found, s)?)))?;
            let fix = self.fix(spec, edits, title, FixQuality::Checked);
            (!is_sketch).then_some((at, &found.finding, fix))
        };
        if view.text.len() > MAX_PARSED {
            return Vec::new();
        }
        let planned: Vec<_> = found.into_iter().filter_map(planned).collect();
        let mut all: Vec<Edit> = Vec::new();
        for edit in planned.iter().flat_map(|(_, _, fix)| &fix.edits) {
            if !all.contains(edit) {
                all.push(edit.clone());
            }
        }
        let findings: Vec<&Finding> = planned.iter().map(|(_, finding, _)| *finding).collect();
        let together = (planned.len() > 1).then(|| edits::tidy(view.text, all)).flatten();
        if !together.is_some_and(|edits| self.before.solves(&findings, &edits)) {
            return Vec::new();
        }
        planned.into_iter().map(|(at, _, fix)| (at, fix)).collect()
    }

    fn fix(&self, spec: &FixSpec, edits: Vec<Edit>, title: Option<String>, quality: FixQuality) -> Fix {
        Fix {
            title: title.unwrap_or_else(|| spec.title.clone()),
            quality,
            path: self.before.view.path.clone(),
            edits,
        }
    }

    /// The fix of one finding, the first checked one, else the first sketch; and how many bytes were scanned again to find it.
    #[must_use]
    pub fn propose(&self, found: &Found) -> (Option<Fix>, usize) {
        let view = self.before.view;
        let (mut sketch, mut cost) = (None, 0);
        if view.text.len() > MAX_PARSED {
            return (None, cost);
        }
        for spec in fitting(found) {
            let Some((edits, title, is_sketch)) = self.planned(found, spec) else {
                continue;
            };
            cost += view.text.len();
            let quality = if is_sketch {
                FixQuality::Sketch
            } else {
                FixQuality::Checked
            };
            let right = match quality {
                FixQuality::Sketch => sketch.is_none() && self.before.parses(&edits),
                FixQuality::Checked => self.before.solves(&[&found.finding], &edits),
            };
            if !right {
                continue;
            }
            let fix = self.fix(spec, edits, title, quality);
            if quality == FixQuality::Checked {
                return (Some(fix), cost);
            }
            sketch = Some(fix);
        }
        (sketch, cost)
    }

    /// What a table's verb makes of the finding: edits, a title of its own, and whether it is a sketch.
    fn planned(&self, found: &Found, spec: &FixSpec) -> Option<(Vec<Edit>, Option<String>, bool)> {
        let view = self.before.view;
        let verb = verbs::find(&spec.verb)?;
        let mut document = None;
        let (code, spans) = match &found.about {
            About::Text(spans) => (None, spans.clone()),
            About::Document { spot, place } => {
                let matcher = found.rule.document.get(spot.matcher)?;
                document = Some(document::Site {
                    document: view.document()?,
                    spot: *spot,
                    key: matcher.key.get(spot.pattern)?,
                    matches: matcher.matches.as_deref(),
                });
                (None, vec![*place])
            }
            About::Code { site, .. } => {
                let code = Code::new(view.text, view.facts()?, *site)?;
                (Some(code), code_spans(&code, found))
            }
        };
        let job = Job {
            view,
            text: view.text,
            spec,
            spans: &spans,
            code,
            document,
            dialects: self.dialects,
        };
        let plan = (verb.apply)(&job)?;
        let edits = edits::tidy(view.text, plan.edits)?;
        let edits = self.without_unused(edits)?;
        Some((edits, plan.title, spec.sketch || plan.sketch))
    }

    /// The edits, and where the language refuses imports that nothing uses, those that take them out.
    fn without_unused(&self, edits: Vec<Edit>) -> Option<Vec<Edit>> {
        let view = self.before.view;
        if view.lang != Some(Lang::Go) {
            return Some(edits);
        }
        let after = check::apply(view.path, &edits, view.text)?;
        let facts = crate::lang::lower(Lang::Go, &after)?;
        let more = imports::unused_in_go(view.facts()?, &facts, &after);
        let back = more.into_iter().map(|e| Edit {
            span: Span {
                start: edits::back(&edits, e.span.start),
                end: edits::back(&edits, e.span.end),
            },
            text: e.text,
        });
        let all = edits.iter().cloned().chain(back).collect();
        edits::tidy(view.text, all)
    }
}

/// The edits of several fixes of one file, made at once: a fix that overlaps an earlier one is left out, and what two of them want
/// (an import) is done once.
#[must_use]
pub fn together<'f>(text: &[u8], fixes: impl IntoIterator<Item = &'f Fix>) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for fix in fixes {
        let mut tried = all.clone();
        tried.extend(fix.edits.iter().filter(|e| !all.contains(e)).cloned());
        if edits::tidy(text, tried.clone()).is_some() {
            all = tried;
        }
    }
    edits::tidy(text, all).unwrap_or_default()
}

/// The stretch a finding about code is about: the matched value, else the whole expression, else its place.
fn code_spans(code: &Code<'_>, found: &Found) -> Vec<Span> {
    let expr = code.value.or(code.expr).map(|id| code.span(id));
    vec![expr.unwrap_or(found.finding.place.span)]
}

/// The tables that may fix the finding, in order.
fn fitting(found: &Found) -> Vec<&FixSpec> {
    match &found.about {
        About::Code { fixes, .. } => fixes.iter().filter_map(|i| found.rule.fix.get(*i)).collect(),
        About::Text(_) | About::Document { .. } => {
            let fits = |fix: &&FixSpec| fix.of.is_none() || fix.of == found.matcher;
            found.rule.fix.iter().filter(fits).collect()
        }
    }
}

#[cfg(test)]
mod tests;
