//! The `credential` detector: literals given to what is called by the name of a secret, in code and in configuration. Labels: `assigned`,
//! `compared` (a constant the program checks a caller's value against), `default` (the well-known password of a local service), `header`
//! (credentials in an `Authorization` header).

use super::{
    assignment::{self, Assignment},
    formats::about,
    names::{self, Class, Name, Names, Options},
    owner, redacted,
    value::{self, Judgement},
    weigh_comment, weigh_surroundings,
};
use crate::{
    scan::{
        Confidence, Severity,
        detect::{Detector, Outcome},
        hit::Hit,
        kind::{FileKind, Values},
        view::FileView,
    },
    text::{Span, safe},
};
use serde::Deserialize;

/// Most findings in one file.
const MOST: usize = 100;

/// Builds the detector from the rule's options.
///
/// # Errors
/// What is wrong with the options, in a sentence.
pub fn prepare(options: &toml::Table) -> Result<Names, String> {
    let options = Options::deserialize(options.clone()).map_err(|e| e.message().to_owned())?;
    Names::new(options).ok_or_else(|| "too many words".to_owned())
}

/// Runs over one file.
pub(crate) fn run(detector: &Detector, names: &Names, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let values = view.kind.map_or(Values::Code, |k: &FileKind| k.values);
    let mut last_name = Span::default();
    let mut found = 0;
    for at in names.candidates(view.text) {
        let Some(span) = assignment::name_around(view.text, at) else {
            continue;
        };
        if span == last_name || found >= MOST {
            continue;
        }
        last_name = span;
        let Ok(identifier) = std::str::from_utf8(span.of(view.text)) else {
            continue;
        };
        let name = names.read(identifier);
        if name.is_none() && !names.is_part(identifier) {
            continue;
        }
        let Some(given) = assignment::value_of(view.text, span, values) else {
            continue;
        };
        let within = || match given.bytes {
            // Nothing but a key is called so and is a row of bytes.
            true => names.read_within("secret", identifier),
            false => names.read_within(owner::owner_of(view.text, span)?, identifier),
        };
        let Some(name) = name.or_else(within) else { continue };
        if let Some(hit) = judge(detector, names, view, &name, given) {
            hits.push(hit);
            found += 1;
        }
    }
}

fn judge(detector: &Detector, names: &Names, view: &FileView<'_>, name: &Name, given: Assignment) -> Option<Hit> {
    let value = given.value.of(view.text);
    let judgement = match given.bytes {
        true => value::judge_bytes(value),
        false => value::judge(name, value, given.quoted, &names.options),
    };
    let lower = String::from_utf8_lossy(value).to_ascii_lowercase();
    let is_default = names.options.defaults.contains(&lower);
    let label = match judgement {
        Judgement::Other if !(is_default && given.quoted != given.compared) => return None,
        _ if is_default => "default",
        _ if given.compared => "compared",
        _ => "assigned",
    };
    if view.surroundings.translation && (name.class != Class::Token || judgement != Judgement::Secret(Confidence::High))
    {
        return None;
    }
    let made = matches!(judgement, Judgement::Secret(Confidence::High)) || value.len() >= 8;
    let prose = view.kind.is_some_and(|k| k.values == Values::Prose) && !given.quoted;
    if prose && judgement != Judgement::Secret(Confidence::High) {
        return None;
    }
    if given.listed
        && judgement == Judgement::Secret(Confidence::Low)
        && !given.value.of(view.text).iter().any(u8::is_ascii_digit)
    {
        // ("password", "no_random_crypt_salt"): a setting and its key.
        return None;
    }
    if given.listed && !made {
        // ("auth_native_password", "latin1"): any two arguments.
        return None;
    }
    if given.listed && names::words_of(&lower).iter().any(|w| name.words.contains(w)) {
        // ("password1", "password2"): two names of fields.
        return None;
    }
    let shown = safe::visible(given.name.of(view.text));
    let mut hit = detector.hit(Outcome {
        label,
        span: given.name.to(given.value),
        values: vec![given.value],
        value: &shown,
    })?;
    hit.redact = vec![redacted(given.value, false)];
    hit.about = Some(about(&shown, value));
    match judgement {
        Judgement::Placeholder(why) => {
            hit.dismissed = true;
            hit.argue("placeholder", -3, why);
        }
        Judgement::Secret(confidence) => {
            hit.confidence = confidence;
            explain(&mut hit, confidence);
        }
        Judgement::Other => hit.confidence = Confidence::Low,
    }
    if view.kind.is_some_and(|k| k.name == "yaml") && owner::is_in_example(view.text, given.name) {
        hit.dismissed = true;
        hit.argue("placeholder", -3, "It stands below a key `example`.");
    }
    weigh_comment(&mut hit, view);
    weigh_surroundings(&mut hit, view.surroundings);
    Some(hit)
}

/// Says what the confidence rests on.
fn explain(hit: &mut Hit, confidence: Confidence) {
    match confidence {
        Confidence::High => hit.argue("random", 2, "The value looks random, as secrets do."),
        Confidence::Medium => hit.argue("made-up", 1, "The value looks like one that a person made up."),
        Confidence::Low => {
            hit.severity = hit.severity.min(Severity::Medium);
            hit.argue("weak", -1, "The value may also be a name or a label.");
        }
    }
}
