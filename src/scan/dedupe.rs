//! One finding for each sink and category: the most telling one stays, the others are named in it.

use super::engine::Candidate;
use std::{collections::HashMap, sync::Arc};

/// Keeps the best candidate of every place and category, in order of place.
#[must_use]
pub fn dedupe(mut all: Vec<Candidate>) -> Vec<Candidate> {
    // The most telling first: surer, worse, with the longer case; then by rule, so that equals come out the same every time.
    all.sort_by(|a, b| {
        let rank = |c: &Candidate| {
            (
                c.finding.tier,
                c.finding.confidence,
                c.finding.severity,
                c.finding.steps.len(),
            )
        };
        rank(b).cmp(&rank(a)).then_with(|| a.finding.rule.cmp(&b.finding.rule))
    });
    let mut kept: Vec<Candidate> = Vec::new();
    let mut at: HashMap<(Arc<str>, crate::text::Span), usize> = HashMap::new();
    for candidate in all {
        if kept.iter().any(|best| is_part(&candidate, best)) {
            continue;
        }
        let key = (candidate.finding.category.clone(), candidate.finding.place.span);
        match at.get(&key) {
            Some(i) => {
                let best = &mut kept[*i].finding;
                if best.rule != candidate.finding.rule && !best.also.contains(&candidate.finding.rule) {
                    best.also.push(candidate.finding.rule.clone());
                }
            }
            None => {
                at.insert(key, kept.len());
                kept.push(candidate);
            }
        }
    }
    kept.sort_by(|a, b| {
        let order = |c: &Candidate| (c.finding.place.span, c.finding.rule.clone());
        order(a).cmp(&order(b))
    });
    kept
}

/// True when both say the same of one piece of code, once of all of it and once of a part (a call, and one of its arguments): shapes
/// found by the same rule, one inside the other.
fn is_part(candidate: &Candidate, best: &Candidate) -> bool {
    let shape = |c: &Candidate| c.finding.steps.len() == 1;
    let (a, b) = (candidate.finding.place.span, best.finding.place.span);
    candidate.rule == best.rule && shape(candidate) && shape(best) && a != b && (a.contains(b) || b.contains(a))
}
