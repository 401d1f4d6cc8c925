//! Secrets in text: provider formats, and what is called by the name of a credential.
//!
//! A value is judged by its own structure first (checksum, prefix, randomness), then by what it stands for (placeholder,
//! reference, template), then by where it stands (test, example). Words in comments never make a secret harmless. The value
//! itself never leaves this folder: messages name its kind and length, and its bytes are handed on to be redacted.

mod assignment;
pub(super) mod connection;
pub(super) mod credential;
pub mod entropy;
pub(super) mod formats;
mod literal;
pub(super) mod names;
mod owner;
pub mod placeholder;
pub(super) mod private_key;
pub mod sample;
pub(super) mod structure;
mod value;

use super::{Confidence, Severity, hit::Hit, surroundings::Surroundings, view::FileView};
use crate::text::Span;

/// What of a secret may be shown: at most its first four bytes, and never more than a quarter of it.
#[must_use]
pub fn redacted(value: Span, shown_prefix: bool) -> Span {
    let shown = if shown_prefix { (value.len() / 4).min(4) } else { 0 };
    Span {
        start: value.start + shown as u32,
        end: value.end,
    }
}

/// Lowers the severity of a secret in tests, examples and documentation, and says so.
fn weigh_surroundings(hit: &mut Hit, around: Surroundings) {
    let place = match around {
        Surroundings { test: true, .. } => "test code",
        Surroundings { example: true, .. } => "an example",
        Surroundings { docs: true, .. } => "documentation",
        _ => return,
    };
    hit.severity = hit.severity.min(Severity::Low);
    hit.argue("aside", -1, format!("It stands in {place}, by the file's path."));
}

/// What people make up for an example in a comment or docstring is rarely a secret, and what looks random there often an example too.
fn weigh_comment(hit: &mut Hit, view: &FileView<'_>) {
    if hit.dismissed || !view.zones().in_comment(hit.span.start) {
        return;
    }
    let (confidence, severity) = match hit.confidence {
        Confidence::High => (Confidence::Medium, Severity::Medium),
        _ => (Confidence::Low, Severity::Low),
    };
    hit.dismissed = hit.confidence == Confidence::Low;
    hit.confidence = confidence;
    hit.severity = hit.severity.min(severity);
    hit.argue("comment", -2, "It stands in a comment, as examples do.");
}
