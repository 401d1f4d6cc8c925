//! Values that only stand for a secret: templates, references to where it is kept, words that say so, masks. The words are
//! `rules/placeholders.toml`.

use super::entropy::{self, pieces};
use crate::{config, scan::load};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{collections::HashSet, sync::OnceLock};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: HashSet<String>,
    whole: HashSet<String>,
    references: Vec<String>,
    published: HashSet<String>,
    samples: Vec<String>,
}

fn words() -> &'static Words {
    static LOADED: OnceLock<Words> = OnceLock::new();
    // A mistake in the embedded file is caught by this module's test.
    LOADED.get_or_init(|| parse().unwrap_or_default())
}

fn parse() -> Result<Words, config::TomlError> {
    config::parse("rules/placeholders.toml", load::embedded_data("placeholders.toml"))
}

/// Why `value` is no secret but stands for one, as a sentence; `None` when it may be one.
#[must_use]
pub fn reason(value: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    if text.is_empty() {
        return Some("It is empty.");
    }
    if is_template(text) {
        return Some("It is a template or a reference, filled in elsewhere.");
    }
    if entropy::is_repetitive(value) {
        return Some("It is a mask or a filler.");
    }
    let lower = text.to_lowercase();
    let known = words();
    if known.whole.contains(&lower) || known.references.iter().any(|r| lower.starts_with(r.as_str())) {
        return Some("It names a kind of value, or the place where the secret is kept.");
    }
    if known.published.contains(&digest(value)) || known.samples.iter().any(|sample| text.contains(sample.as_str())) {
        return Some("It is published as a sample, or for use on one's own machine.");
    }
    if says_so(text) {
        return Some("Its words say that it stands for a secret.");
    }
    None
}

/// The first sixteen hexadecimal digits of the SHA-256.
fn digest(value: &[u8]) -> String {
    Sha256::digest(value)
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// True when a word of the value says that it is a placeholder. In random text chance makes such words: there they must be long, or a good
/// part of the whole.
fn says_so(text: &str) -> bool {
    let known = words();
    let all = pieces(text.as_bytes());
    let letters: usize = all.iter().map(|p| p.len()).sum();
    let said: usize = all
        .iter()
        .filter(|p| known.words.contains(&String::from_utf8_lossy(p).to_lowercase()))
        .map(|p| p.len())
        .sum();
    if text.contains("EXAMPLE") || text.contains("***") {
        return true;
    }
    let wordy = entropy::strangeness(text.as_bytes()) < 0.35;
    said >= 6 || said >= 3 && (wordy || said * 5 >= letters)
}

/// `<..>`, `${..}`, `{{..}}`, `$(..)`, `%(..)s`, `#{..}`, `$NAME`, `%NAME%`, `[..]`, `{name}`, `...`.
fn is_template(text: &str) -> bool {
    const INSIDE: [&str; 10] = ["${", "{{", "$(", "<%", "#{", "%(", "@{", "[[", "{%", "…"];
    let wrapped = |open: char, close: char| text.starts_with(open) && text.ends_with(close) && text.len() > 2;
    let name = |t: &str| {
        !t.is_empty()
            && t.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    INSIDE.iter().any(|sign| text.contains(sign))
        || text.ends_with("...")
        || wrapped('<', '>')
        || wrapped('[', ']')
        || wrapped('{', '}')
        || wrapped('%', '%')
        || wrapped('_', '_') && text.starts_with("__")
        || text.strip_prefix('$').is_some_and(|rest| name(&rest.to_uppercase()))
        || text
            .strip_prefix("%")
            .is_some_and(|rest| matches!(rest, "s" | "d" | "v" | "q"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_stands_for_a_secret() {
        parse().unwrap();
        for value in [
            "",
            "<token>",
            "${API_KEY}",
            "{{ secret }}",
            "$(cat key)",
            "%(key)s",
            "$TOKEN",
            "%TOKEN%",
            "your-api-key-here",
            "YOUR_TOKEN",
            "changeme",
            "change-me",
            "xxxxxxxxxxxx",
            "********",
            "sk_live_xxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "password",
            "env:TOKEN",
            "vault:secret/db#password",
            "op://vault/item",
            "replaceWithRealKey",
            "insert key here",
            "sk-...",
            "mock-oauth-token-for-local-dev",
            "{token}",
            "process.env.KEY",
        ] {
            assert!(reason(value.as_bytes()).is_some(), "{value:?}");
        }
    }

    #[test]
    fn what_may_be_one() {
        for value in [
            "hunter2",
            "S3cr3t!pass",
            "xK9vQ2mZ7pLw4RtY",
            "supersecretkey",
            "admin123",
            "p@ss${",
        ] {
            let is_template = value.contains("${");
            assert_eq!(reason(value.as_bytes()).is_some(), is_template, "{value:?}");
        }
        // A short word by chance inside random text.
        assert_eq!(reason(b"q8ZfooX2mKd91LwPz77TyVbR4nHs0cJg"), None);
    }
}
