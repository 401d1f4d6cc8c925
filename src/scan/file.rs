//! The scan of one text: every rule that concerns it, over the whole of it, knowing nothing of any change.
//!
//! The same path, text and rules always give the same result: this is what the cache keeps, and what both sides of a change
//! are given to.

use super::{
    Finding, NotExamined,
    compile::Compiled,
    detect::hidden_unicode,
    document::Spot,
    engine::{self, Analysis, Budget, Site},
    hit::Hit,
    link::{Outlook, Program},
    load::{RuleSet, Shelf},
    rule::RuleFile,
    text_pass::Live,
    view::FileView,
};
use crate::{
    lang::{
        self,
        embedded::Host,
        facts::{Unread, UnreadWhy},
    },
    text::Span,
};
use std::{collections::HashMap, sync::Arc};

/// Largest text that is parsed, in bytes. Larger ones are still searched for secrets and hidden characters, and reported.
pub const MAX_PARSED: usize = 4 << 20;
/// Most stretches that could not be read which are reported one by one for a file.
const MOST_UNREAD: usize = 20;

/// A finding with what is needed to fix it and to place it in a change.
#[derive(Clone, Debug)]
pub struct Found {
    /// What people see.
    pub finding: Finding,
    /// The rule.
    pub rule: Arc<RuleFile>,
    /// Label of the matcher, for fixes.
    pub matcher: Option<String>,
    /// What fixes work on.
    pub about: About,
}

/// What a finding is about, for fixes.
#[derive(Clone, Debug)]
pub enum About {
    /// Stretches of text.
    Text(Vec<Span>),
    /// An entry of a document, or where it should be.
    Document {
        /// Where.
        spot: Spot,
        /// The stretch that is shown.
        place: Span,
    },
    /// An expression of the facts, and the rule's fixes that fit it.
    Code {
        /// Where in the facts.
        site: Site,
        /// Indices of the rule's fixes.
        fixes: Vec<usize>,
    },
}

/// What the scan of one text gives.
#[derive(Clone, Debug, Default)]
pub struct FileScan {
    /// In order of their places.
    pub found: Vec<Found>,
    /// What was disproved; the argument with the lowest weight says why.
    pub dismissed: Vec<Finding>,
    /// What was not examined.
    pub not_examined: Vec<NotExamined>,
    /// What its code has to do with other files.
    pub outlook: Option<Arc<Outlook>>,
}

/// Scans one text.
#[must_use]
pub fn scan(view: &FileView<'_>, rules: &RuleSet) -> FileScan {
    scan_with(view, rules, None).0
}

/// Scans one text whose code is analysed together with that of others. Gives what of it ends in them too.
#[must_use]
pub fn scan_program(view: &FileView<'_>, rules: &RuleSet, program: &Program) -> (FileScan, Vec<Found>) {
    scan_with(view, rules, Some(program))
}

fn scan_with(view: &FileView<'_>, rules: &RuleSet, program: Option<&Program>) -> (FileScan, Vec<Found>) {
    let mut scan = FileScan::default();
    let mut hits = Vec::new();
    let of_lang = view.lang.and_then(|l| rules.of_lang(l));
    let of_kind = view.kind.and_then(|k| rules.of_kind(&k.name));
    for shelf in [of_lang, of_kind, rules.of_any()].into_iter().flatten() {
        let live = shelf.text.live(view.text);
        if live.analysis {
            analyse(view, shelf, program, &mut scan);
        }
        hits.extend(shelf.text.run(view, &live));
        if live.documents() {
            read_document(view, shelf, &live, &mut hits, &mut scan);
        }
    }
    islands(view, rules, &mut scan);
    if !hidden_unicode::is_text(view.text) {
        scan.not_examined.push(NotExamined {
            path: view.path.clone(),
            lines: None,
            key: "encoding",
            why: "more than a tenth of its bytes are not UTF-8: hidden characters were not looked for".into(),
        });
    }
    let (own, elsewhere) = scan.found.into_iter().partition(|f| f.finding.place.path == *view.path);
    scan.found = own;
    add_hits(view, hits, &mut scan);
    scan.found.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
    scan.found = one_each(std::mem::take(&mut scan.found));
    scan.dismissed.sort_by(|a, b| order(a).cmp(&order(b)));
    (scan, elsewhere)
}

/// Drops what two rules say of one piece of code in one category: the analysis and a search of the text may both see it. Who is
/// shown without asking stays; what knows a secret's characters lends them, so that they are hidden.
fn one_each(found: Vec<Found>) -> Vec<Found> {
    /// How many findings back another about the same place may stand.
    const NEAR: usize = 8;
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        let (category, span) = (&next.finding.category, next.finding.place.span);
        let same = kept.iter_mut().rev().take(NEAR).find(|known| {
            let other = known.finding.place.span;
            known.finding.category == *category
                && known.finding.rule != next.finding.rule
                && (other.contains(span) || span.contains(other))
        });
        let Some(known) = same else {
            kept.push(next);
            continue;
        };
        let rank = |f: &Found| (f.finding.tier, f.finding.confidence, !f.finding.redact.is_empty());
        let (mut best, other) = match rank(&next) > rank(known) {
            true => (next, known.clone()),
            false => (known.clone(), next),
        };
        if !best.finding.also.contains(&other.finding.rule) {
            best.finding.also.push(other.finding.rule);
        }
        if best.finding.redact.is_empty() {
            best.finding.redact = other.finding.redact;
        }
        *known = best;
    }
    kept
}

fn order(finding: &Finding) -> (Span, Arc<str>, &str) {
    (finding.place.span, finding.rule.clone(), &finding.title)
}

/// Code of other languages in the file.
fn islands(view: &FileView<'_>, rules: &RuleSet, scan: &mut FileScan) {
    let Some(host) = Host::of(view.path.bytes()) else {
        return;
    };
    if view.text.len() > MAX_PARSED {
        scan.not_examined
            .push(too_large(view, "the code in it is not analysed"));
        return;
    }
    for island in host.islands(view.text) {
        let Some(shelf) = rules.of_lang(island.lang) else {
            continue;
        };
        let Some(compiled) = &shelf.compiled else { continue };
        if !shelf.text.live(&island.text).analysis {
            continue;
        }
        let Some(facts) = lang::lower(island.lang, &island.text) else {
            continue;
        };
        if island.whole {
            unread(view, &facts.unread, scan);
        }
        let budget = Budget::default();
        let analysis = engine::analyse_within(&facts, &island.text, view.text, view.path, compiled, budget);
        add_analysis(analysis, compiled, scan);
    }
}

/// A file of more than [`MAX_PARSED`] bytes.
fn too_large(view: &FileView<'_>, what: &str) -> NotExamined {
    NotExamined {
        path: view.path.clone(),
        lines: None,
        key: "too-large",
        why: format!(
            "{} bytes: over {MAX_PARSED} {what} (secrets and hidden characters were looked for)",
            view.text.len()
        ),
    }
}

/// Taint and shapes of code.
fn analyse(view: &FileView<'_>, shelf: &Shelf, program: Option<&Program>, scan: &mut FileScan) {
    let Some(compiled) = &shelf.compiled else { return };
    if view.text.len() > MAX_PARSED {
        scan.not_examined.push(too_large(view, "the code is not analysed"));
        return;
    }
    let Some(facts) = view.facts() else { return };
    unread(view, &facts.unread, scan);
    let analysis = match program {
        Some(program) => engine::analyse_program(program, view.path, compiled, Budget::default()),
        None => engine::analyse(facts, view.text, view.path, compiled, Budget::default()),
    };
    scan.outlook = Some(Arc::new(analysis.outlook.clone()));
    add_analysis(analysis, compiled, scan);
}

fn add_analysis(analysis: Analysis, compiled: &Compiled, scan: &mut FileScan) {
    for candidate in analysis.candidates {
        let Some(rule) = compiled.rules.get(candidate.rule) else {
            continue;
        };
        scan.found.push(Found {
            finding: candidate.finding,
            rule: rule.clone(),
            matcher: candidate.matcher,
            about: About::Code {
                site: candidate.site,
                fixes: candidate.fixes,
            },
        });
    }
    scan.dismissed.extend(analysis.dismissed.into_iter().map(|c| c.finding));
    scan.not_examined.extend(analysis.not_examined);
}

/// Entries of configuration, infrastructure and CI files.
fn read_document(view: &FileView<'_>, shelf: &Shelf, live: &Live, hits: &mut Vec<Hit>, scan: &mut FileScan) {
    if view.text.len() > MAX_PARSED {
        scan.not_examined.push(too_large(view, "its entries are not read"));
        return;
    }
    let outcome = shelf.text.run_documents(view, live);
    hits.extend(outcome.hits);
    if let Some(document) = view.known_document() {
        unread(view, &document.unread, scan);
    }
    if outcome.exhausted {
        scan.not_examined.push(NotExamined {
            path: view.path.clone(),
            lines: None,
            key: "steps",
            why: "it takes more steps to search than the limit".into(),
        });
    }
}

/// Stretches the grammar did not accept, by lines; neighbours are one.
fn unread(view: &FileView<'_>, unread: &[Unread], scan: &mut FileScan) {
    let mut stretches: Vec<((u32, u32), UnreadWhy)> = Vec::new();
    for unread in unread {
        let (first, last) = view.lines().lines_of(unread.span);
        match stretches.last_mut() {
            Some(((_, end), why)) if *why == unread.why && first <= *end + 1 => *end = last.max(*end),
            _ => stretches.push(((first, last), unread.why)),
        }
    }
    let left_out = stretches.len().saturating_sub(MOST_UNREAD);
    let mut push = |lines, key, why: String| {
        scan.not_examined.push(NotExamined {
            path: view.path.clone(),
            lines,
            key,
            why,
        });
    };
    for (lines, why) in stretches.into_iter().take(MOST_UNREAD) {
        let (key, sentence) = match why {
            UnreadWhy::Syntax => (
                "syntax",
                "not valid in this language; what could be read around it was examined",
            ),
            UnreadWhy::TooDeep => ("too-deep", "nested deeper than the limit"),
        };
        push(Some(lines), key, sentence.into());
    }
    if left_out > 0 {
        push(
            None,
            "syntax",
            format!("{left_out} more stretches that are not valid in this language"),
        );
    }
}

/// Hits become findings: of two about the same bytes and category the surer one stays, and equal ones are numbered.
fn add_hits(view: &FileView<'_>, mut hits: Vec<Hit>, scan: &mut FileScan) {
    hits.sort_by(|a, b| (a.span, &a.rule.id).cmp(&(b.span, &b.rule.id)));
    let mut kept: Vec<(Hit, Vec<Arc<str>>)> = Vec::new();
    for hit in hits {
        let same = kept.iter_mut().rev().take(8).find(|(other, _)| {
            let touches = other.rule.category == hit.rule.category && other.span.touches(hit.span);
            let differ = other.title != hit.title || other.rule.id != hit.rule.id;
            let again = other.rule.id == hit.rule.id && other.span == hit.span && other.title == hit.title;
            !(other.is_absence() && hit.is_absence()) && touches && differ || again
        });
        match same {
            None => kept.push((hit, Vec::new())),
            Some((other, also)) => {
                let rank = |h: &Hit| (!h.dismissed, h.specific, h.confidence, h.severity);
                let loser = if rank(other) < rank(&hit) {
                    std::mem::replace(other, hit)
                } else {
                    hit
                };
                let name: Arc<str> = loser.rule.id.as_str().into();
                if loser.rule.id != other.rule.id && !also.contains(&name) {
                    also.push(name);
                }
            }
        }
    }
    let mut ordinals: HashMap<Arc<str>, u32> = HashMap::new();
    for (hit, also) in kept {
        let first = hit.finding(view, 0);
        let ordinal = ordinals.entry(first.fingerprint.0.clone()).or_insert(0);
        let mut finding = if *ordinal == 0 {
            first
        } else {
            hit.finding(view, *ordinal)
        };
        *ordinal += 1;
        finding.also = also;
        if hit.dismissed {
            scan.dismissed.push(finding);
        } else {
            scan.found.push(Found {
                finding,
                rule: hit.rule,
                matcher: hit.matcher,
                about: match hit.spot {
                    Some(spot) => About::Document { spot, place: hit.span },
                    None => About::Text(hit.values),
                },
            });
        }
    }
}
