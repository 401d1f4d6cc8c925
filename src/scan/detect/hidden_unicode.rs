//! `hidden-unicode`: characters that a reader cannot see or that pass for others, where ordinary writing does not use them so. One
//! result for each line and kind.
//!
//! Labels: `bidi`, `tags`, `selectors`, `stray-selector` (one emoji selector left over), `zero-width`, `zero-width-prose`, `invisible-letter`,
//! `control` (moves the cursor or colours a terminal), `inert-control`, `separator`, `private-use`, `literal` (a string that holds nothing else,
//! or the end of a range of characters: meant so), `look-alike`, `look-alike-twin` (another name of the file looks the same), `far-right`.

use super::{Detector, Outcome};
use crate::{
    scan::{Severity, Tier, hit::Hit, kind::Values, view::FileView},
    text::{
        Span,
        hidden::{self, Hidden},
        lookalike, safe,
        unicode::Class,
    },
};
use std::collections::BTreeMap;

/// Most lines reported in one file.
const MOST_LINES: usize = 50;
/// Text behind more blanks than this on its line is outside every window.
const FAR_RIGHT: usize = 200;
/// Lines longer than this, in bytes, are bundled code or data: tables of characters stand in them as they are.
const BUNDLED: usize = 4_000;
/// This many control characters on a line are a table.
const TABLE: usize = 8;
/// This many left-over selectors in a file are no accident.
const STRAYS: usize = 4;

type Found = BTreeMap<(u32, &'static str), Vec<Span>>;

pub(super) fn run(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    if !is_text(view.text) {
        return;
    }
    let mut found = Found::new();
    let hidden: Vec<Hidden> = hidden::find(view.text, true)
        .into_iter()
        .filter(|h| !h.legitimate)
        .collect();
    let strays = hidden.iter().filter(|h| h.class == Class::VariationSelector).count();
    for one in &hidden {
        if let Some(label) = label(one, strays, view) {
            add(&mut found, view, label, one.span);
        }
    }
    for word in lookalike::mixed_words(view.text) {
        if let Some(label) = look_alike(&word, view) {
            add(&mut found, view, label, word.span);
        }
    }
    far_right(view, &mut found);
    for ((line, label), spans) in found.into_iter().take(MOST_LINES) {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            continue;
        };
        let value = summary(view, &spans);
        let smuggled = hidden.iter().any(|h| h.spells.is_some() && spans.contains(&h.span));
        let hit = detector.hit(Outcome {
            label,
            span: first.to(*last),
            values: spans.clone(),
            value: &value,
        });
        if let Some(mut hit) = hit {
            weigh(&mut hit, view, line, smuggled);
            hits.push(hit);
        }
    }
}

/// More than a tenth of the bytes outside UTF-8 means that it is no text in this encoding; the scan of the file says so.
pub(in crate::scan) fn is_text(text: &[u8]) -> bool {
    if text.is_ascii() {
        return true;
    }
    let invalid: usize = text.utf8_chunks().map(|c| c.invalid().len()).sum();
    invalid * 10 <= text.len()
}

fn add(found: &mut Found, view: &FileView<'_>, label: &'static str, span: Span) {
    found
        .entry((view.lines().line(span.start), label))
        .or_default()
        .push(span);
}

/// Translations are full of direction marks, bundles of tables of characters. Text that was smuggled in is neither.
fn weigh(hit: &mut Hit, view: &FileView<'_>, line: u32, smuggled: bool) {
    if smuggled {
        hit.argue("spells", 3, "The hidden characters spell readable text.");
        return;
    }
    if view.surroundings.translation {
        hit.severity = hit.severity.min(Severity::Low);
        hit.tier = Tier::Audit;
        hit.argue("translation", -1, "It stands in a translation, by the file's path.");
    }
    if hit.matcher.as_deref() == Some("control") && hit.values.len() >= TABLE {
        hit.severity = hit.severity.min(Severity::Low);
        hit.argue(
            "table",
            -1,
            "It is one of many on this line, as in a table of characters.",
        );
    }
    let bundled = view.lines().content(view.text, line).is_some_and(|l| l.len() > BUNDLED);
    if bundled || view.surroundings.vendored || view.surroundings.generated {
        hit.severity = hit.severity.min(Severity::Low);
        hit.argue("bundled", -1, "It stands in bundled or generated code.");
    }
}

/// The kinds of hidden characters on a line, safe to draw: `U+202E RLO, U+2066 LRI`.
fn summary(view: &FileView<'_>, spans: &[Span]) -> String {
    const LONGEST: usize = 100;
    let mut shown: Vec<String> = Vec::new();
    for span in spans {
        let text = safe::visible(span.of(view.text));
        let text = text.trim_matches(['⟨', '⟩']).to_owned();
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    let mut all = shown.join(", ");
    if let Some((end, _)) = all.char_indices().nth(LONGEST) {
        all.truncate(end);
        all.push('…');
    }
    all
}

fn label(hidden: &Hidden, strays: usize, view: &FileView<'_>) -> Option<&'static str> {
    let overrides = matches!(hidden.first, '\u{202d}' | '\u{202e}');
    if hidden.count == 1 && !overrides && hidden.class != Class::Control && is_meant(hidden.span, view) {
        return Some("literal");
    }
    Some(match hidden.class {
        Class::Bidi => "bidi",
        Class::Tag => "tags",
        Class::VariationSelector if hidden.count == 1 && strays < STRAYS => "stray-selector",
        Class::VariationSelector => "selectors",
        Class::ZeroWidth if is_prose(hidden.span, view) => "zero-width-prose",
        Class::ZeroWidth => "zero-width",
        Class::InvisibleLetter => "invisible-letter",
        Class::Control if is_active(hidden.first) => "control",
        Class::Control => "inert-control",
        Class::Separator => "separator",
        Class::PrivateUse => "private-use",
        Class::Format | Class::Unassigned => return None,
    })
}

/// Controls that a terminal acts on.
fn is_active(c: char) -> bool {
    matches!(c, '\u{7}' | '\u{8}' | '\u{b}' | '\u{c}' | '\r' | '\u{e}' | '\u{f}' | '\u{1b}' | '\u{7f}' | '\u{84}'..='\u{8d}' | '\u{90}' | '\u{9b}'..='\u{9f}')
}

/// A string that holds this one character and nothing else, or the end of a range (`\u202a-\ud7ff` in a class of characters).
fn is_meant(span: Span, view: &FileView<'_>) -> bool {
    let range = span.range();
    let before = range.start.checked_sub(1).and_then(|i| view.text.get(i));
    let after = view.text.get(range.end);
    let alone = matches!((before, after), (Some(a @ (b'"' | b'\'' | b'`')), Some(b)) if a == b);
    // The other end of the range is no ASCII either: `-` beside it stands between two such characters.
    let no_ascii = |i: Option<usize>| i.and_then(|i| view.text.get(i)).is_some_and(|b| !b.is_ascii());
    let ranged = after == Some(&b'-') && no_ascii(Some(range.end + 1))
        || before == Some(&b'-') && no_ascii(range.start.checked_sub(2));
    alone || ranged
}

fn is_prose(span: Span, view: &FileView<'_>) -> bool {
    view.kind.is_none_or(|k| k.values == Values::Prose) || view.zones().in_comment(span.start)
}

/// Mixed words matter where a program reads them as a name: in code outside comments.
fn look_alike(word: &lookalike::MixedWord, view: &FileView<'_>) -> Option<&'static str> {
    let code = view.lang.is_some() || view.kind.is_some_and(|k| k.values != Values::Prose);
    let at = word.span.start;
    if !code || view.surroundings.translation || view.zones().in_comment(at) {
        return None;
    }
    if view.zones().in_string(at) {
        return Some("look-alike");
    }
    let twin = view.facts().is_some_and(|f| f.names.find(&word.looks_like).is_some());
    Some(if twin { "look-alike-twin" } else { "look-alike" })
}

/// Text pushed out of sight by blanks.
fn far_right(view: &FileView<'_>, found: &mut Found) {
    let mut start = 0;
    for line in view.text.split_inclusive(|b| *b == b'\n') {
        let content = line.trim_ascii_end();
        if content.len() > FAR_RIGHT
            && let Some(at) = blanks_before_text(content)
        {
            let begins = content[..at].iter().any(|b| !b.is_ascii_whitespace());
            let words = content[at..].iter().filter(|b| b.is_ascii_alphanumeric()).count();
            // Frames of tables and aligned punctuation hide nothing.
            if begins && words >= 4 && content[at] != b'|' {
                add(found, view, "far-right", Span::new(start + at, start + content.len()));
            }
        }
        start += line.len();
    }
}

/// Where text begins again after a run of more than [`FAR_RIGHT`] blanks.
fn blanks_before_text(line: &[u8]) -> Option<usize> {
    let mut run = 0;
    for (i, byte) in line.iter().enumerate() {
        if matches!(byte, b' ' | b'\t') {
            run += 1;
        } else if run > FAR_RIGHT {
            return Some(i);
        } else {
            run = 0;
        }
    }
    None
}
