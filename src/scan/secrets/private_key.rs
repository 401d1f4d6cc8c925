//! The `private-key` detector: keys in PEM armour with their body, also as one line with `\n` written out, and PuTTY's format. A header alone,
//! as programs that read keys contain it, is none. Labels: `plain`, `encrypted`.

use super::{entropy, formats::about, redacted, weigh_comment, weigh_surroundings};
use crate::{
    scan::{
        bytes::has,
        detect::{Detector, Outcome},
        hit::Hit,
        lazy_regex::LazyRegex,
        view::FileView,
    },
    text::Span,
};
use std::sync::LazyLock;

/// Most keys in one file.
const MOST: usize = 50;
/// Least base64 characters of a body: the shortest keys (Ed25519) have 64.
const LEAST_BODY: usize = 60;

static KEY: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::new(
        r##"-----BEGIN (?P<kind>[A-Z0-9 ]{0,24}?)PRIVATE KEY(?: BLOCK)?-----(?P<v>(?:[A-Za-z0-9+/=:,. \t\r\n"'>*#;-]|\\[nrt]|\\\\n)+)|PuTTY-User-Key-File-[23]:[^\n]*\r?\n(?s:(?P<w>.*?Private-Lines:[^\n]*\r?\n[A-Za-z0-9+/=]+))"##,
    )
});

/// Runs over one file.
pub(crate) fn run(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    if !has(view.text, b"PRIVATE KEY") && !has(view.text, b"PuTTY-User-Key-File") {
        return;
    }
    for found in KEY.matches(view.text).take(MOST) {
        let Some(body) = found.group("v").or(found.group("w")) else {
            continue;
        };
        let text = body.of(view.text);
        let text = &text[..end_of_body(text)];
        let base64: Vec<u8> = text
            .iter()
            .copied()
            .filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
            .collect();
        if has(text, b"...")
            || base64.len() < LEAST_BODY
            || entropy::is_repetitive(&base64)
            || entropy::strangeness(&base64) < 0.3
        {
            continue;
        }
        let kind = found.group("kind").map_or(&b""[..], |k| k.of(view.text));
        let encrypted = kind.starts_with(b"ENCRYPTED") || has(text, b"ENCRYPTED") || has(text, b"aes256-cbc");
        let start = body.start as usize;
        let value = Span::new(start, start + text.len());
        let outcome = Outcome {
            label: if encrypted { "encrypted" } else { "plain" },
            span: Span::new(found.whole().start as usize, start),
            values: vec![value],
            value: "",
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        hit.redact = vec![redacted(value, false)];
        hit.about = Some(about("private key", &base64));
        weigh_comment(&mut hit, view);
        weigh_surroundings(&mut hit, view.surroundings);
        hits.push(hit);
    }
}

/// Where the armour's end line begins.
fn end_of_body(text: &[u8]) -> usize {
    text.windows(5).position(|w| w == b"-----").unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_regex_can_be_built() {
        assert_eq!(KEY.error(), None);
    }
}
