//! One `[[text]]` matcher over one file.

use super::{TextRule, concerns};
use crate::{
    scan::{hit::Hit, rule::Where, view::FileView},
    text::{Span, safe},
};

/// Most matches of one regex in one file: past that, more of the same says nothing new.
const MOST: usize = 200;

/// Adds every match of `rule` in the file.
pub(super) fn run(rule: &TextRule, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let path = view.path.bytes();
    let elsewhere = rule.path.as_ref().is_some_and(|r| !r.is_match(path));
    if elsewhere || rule.not_path.as_ref().is_some_and(|r| r.is_match(path)) || !concerns(&rule.rule, view) {
        return;
    }
    for found in rule.regex.matches(view.text).take(MOST) {
        let whole = found.whole();
        let span = found.group("v").unwrap_or(whole);
        if span.is_empty() || !is_within(rule.matcher.within, span.start, view) {
            continue;
        }
        if rule
            .unless
            .as_ref()
            .is_some_and(|r| r.is_match(line_around(view.text, span)))
        {
            continue;
        }
        if rule
            .unless_match
            .as_ref()
            .is_some_and(|r| r.is_match(whole.of(view.text)))
        {
            continue;
        }
        let m = &rule.matcher;
        let value = safe::visible(span.of(view.text));
        let mut hit = Hit::new(
            &rule.rule,
            span,
            m.message.replace("{value}", &value).replace("{code}", &value),
        );
        hit.matcher = m.id.clone();
        if let Some(title) = &m.title {
            hit.title = Some(title.clone());
        }
        hit.severity = m.severity.unwrap_or(hit.severity);
        hit.confidence = m.confidence.unwrap_or(hit.confidence);
        hit.tier = m.tier.unwrap_or(hit.tier);
        hits.push(hit);
    }
}

/// The lines that hold the span.
fn line_around(text: &[u8], span: Span) -> &[u8] {
    let (start, end) = (span.start as usize, span.end as usize);
    let from = text[..start].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let to = text[end..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(text.len(), |i| end + i);
    &text[from..to]
}

fn is_within(wanted: Where, offset: u32, view: &FileView<'_>) -> bool {
    match wanted {
        Where::Any => true,
        Where::Comment => view.zones().in_comment(offset),
        Where::String => view.zones().in_string(offset),
        Where::Code => !view.zones().in_comment(offset) && !view.zones().in_string(offset),
    }
}
