//! `hidden-unicode`: characters that a reader cannot see or that pass for others, where ordinary writing does not use them so. One
//! result for each line and kind. Labels: `bidi`, `tags`, `selectors`, `zero-width`, `zero-width-prose`, `invisible-letter`, `control`,
//! `separator`, `private-use`, `look-alike`, `look-alike-twin` (another identifier of the file looks the same), `far-right`.

use super::{Detector, Outcome};
use crate::{
    scan::{hit::Hit, kind::Values, view::FileView},
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

pub(super) fn run(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let mut found: BTreeMap<(u32, &'static str), Vec<Span>> = BTreeMap::new();
    for hidden in hidden::find(view.text, true).iter().filter(|h| !h.legitimate) {
        if let Some(label) = label(hidden, view) {
            found
                .entry((view.lines().line(hidden.span.start), label))
                .or_default()
                .push(hidden.span);
        }
    }
    for word in lookalike::mixed_words(view.text) {
        if let Some(label) = look_alike(&word, view) {
            found
                .entry((view.lines().line(word.span.start), label))
                .or_default()
                .push(word.span);
        }
    }
    far_right(view, &mut found);
    for ((_, label), spans) in found.into_iter().take(MOST_LINES) {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            continue;
        };
        let value = summary(view, &spans);
        hits.extend(detector.hit(Outcome {
            label,
            span: first.to(*last),
            values: spans.clone(),
            value: &value,
        }));
    }
}

/// The kinds of hidden characters on a line, with how many, safe to draw: `U+202E RLO, U+2066 LRI (3)`.
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

fn label(hidden: &Hidden, view: &FileView<'_>) -> Option<&'static str> {
    let prose = view.kind.is_none_or(|k| k.values == Values::Prose) || view.surroundings.translation;
    Some(match hidden.class {
        Class::Bidi => "bidi",
        Class::Tag => "tags",
        Class::VariationSelector => "selectors",
        Class::ZeroWidth if prose => "zero-width-prose",
        Class::ZeroWidth => "zero-width",
        Class::InvisibleLetter => "invisible-letter",
        Class::Control => "control",
        Class::Separator => "separator",
        Class::PrivateUse => "private-use",
        Class::Format | Class::Unassigned => return None,
    })
}

/// Mixed words matter where a program reads them as a name: in code outside comments and strings.
fn look_alike(word: &lookalike::MixedWord, view: &FileView<'_>) -> Option<&'static str> {
    let code = view.lang.is_some() || view.kind.is_some_and(|k| k.values != Values::Prose);
    let at = word.span.start;
    if !code || view.zones().in_comment(at) {
        return None;
    }
    if view.zones().in_string(at) {
        return Some("look-alike");
    }
    let twin = view.facts().is_some_and(|f| f.names.find(&word.looks_like).is_some());
    Some(if twin { "look-alike-twin" } else { "look-alike" })
}

/// Text pushed out of sight by blanks.
fn far_right(view: &FileView<'_>, found: &mut BTreeMap<(u32, &'static str), Vec<Span>>) {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let mut start = 0;
    for line in view.text.split_inclusive(|b| *b == b'\n') {
        let content = line.trim_ascii_end();
        if content.len() > FAR_RIGHT
            && let Some(at) = blanks_before_text(content)
        {
            // Leading blanks alone (deep nesting, aligned tables) hide nothing unless the line begins with them entirely.
            let before = content[..at].iter().any(|b| !blank(b));
            if before {
                let span = Span::new(start + at, start + content.len());
                found
                    .entry((view.lines().line(span.start), "far-right"))
                    .or_default()
                    .push(span);
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
