//! Provider formats: the `[[secret]]` tables of rules, over one file.

use super::{
    entropy, placeholder, redacted,
    structure::{self, Verdict},
    weigh_comment, weigh_surroundings,
};
use crate::{
    scan::{Confidence, hit::Hit, text_pass::SecretRule, view::FileView},
    text::Span,
};

/// Most matches of one format in one file.
const MOST: usize = 100;

/// Adds every secret of one format in the file.
pub fn run(rule: &SecretRule, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    for found in rule.regex.matches(view.text).take(MOST) {
        let value = found.group("v").or(found.group("w")).unwrap_or(found.whole());
        hits.extend(judge(rule, view, value));
    }
}

fn judge(rule: &SecretRule, view: &FileView<'_>, span: Span) -> Option<Hit> {
    let format = &rule.matcher;
    let value = span.of(view.text);
    let by_name = format.provider.as_ref().map(|_| "mixed");
    let structure = format.checksum.as_deref().or(by_name);
    let verdict = structure.map(|name| structure::check(name, value));
    if verdict == Some(Verdict::Fails) || format.entropy.is_some_and(|least| entropy::shannon(value) < least) {
        return None;
    }
    let message = format.message.clone().unwrap_or_else(|| {
        let name = &format.name;
        format!(
            "A {name} ({} characters) is written into this file. Whoever can read the file can use it.",
            value.len()
        )
    });
    let mut hit = Hit::new(&rule.rule, span, message);
    hit.specific = 1;
    hit.title = Some(format.name.clone());
    hit.severity = format.severity.unwrap_or(hit.severity);
    let plausible = verdict == Some(Verdict::Plausible);
    let usual = if plausible {
        Confidence::Medium
    } else {
        Confidence::High
    };
    hit.confidence = format.confidence.unwrap_or(usual);
    hit.redact = vec![redacted(span, true)];
    hit.about = Some(about(&format.name, value));
    match verdict {
        Some(Verdict::Holds) => hit.argue(
            "structure",
            2,
            "It has the structure of the real thing, to the checksum.",
        ),
        Some(Verdict::Invented) => {
            hit.confidence = hit.confidence.min(Confidence::Low);
            hit.argue(
                "checksum",
                -1,
                "Its checksum does not hold: it may be invented or shortened.",
            );
        }
        _ => {}
    }
    if let Some(why) = placeholder::reason(value) {
        hit.dismissed = true;
        hit.argue("placeholder", -3, why);
    } else if entropy::is_repetitive(last_part(value)) {
        hit.dismissed = true;
        hit.argue("placeholder", -3, "It is a mask or a filler.");
    } else if entropy::is_sequential(last_part(value)) {
        hit.confidence = hit.confidence.min(Confidence::Low);
        hit.argue("sequence", -1, "Its characters follow each other: it may be invented.");
    }
    if plausible {
        weigh_comment(&mut hit, view);
    }
    weigh_surroundings(&mut hit, view.surroundings);
    Some(hit)
}

/// What identifies the secret without giving it away: its format, its length, and sixteen bits of its digest, enough to tell two
/// secrets in one place apart and too few to confirm a guess by.
pub(super) fn about(name: &str, value: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(value);
    let mut out = format!("{name}:{}:", value.len()).into_bytes();
    out.extend_from_slice(&digest[..2]);
    out
}

/// What stands after the last separator: the part that was drawn by chance.
fn last_part(value: &[u8]) -> &[u8] {
    let at = value
        .iter()
        .rposition(|b| matches!(b, b'_' | b'-' | b'.' | b'/' | b':'))
        .map_or(0, |i| i + 1);
    let part = &value[at..];
    if part.len() < 8 { value } else { part }
}
