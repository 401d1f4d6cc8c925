//! TOML read strictly: an error names the file, the line, and what was probably meant.
//!
//! Every TOML file of the program is read through [`parse`]: configuration, policy, rules, themes, keymaps. Types are
//! expected to carry `#[serde(deny_unknown_fields)]`, so that a misspelt key is an error and not a setting silently lost.

use crate::text::{LineIndex, Pos};
use serde::de::DeserializeOwned;
use std::{fmt, ops::Range};

/// What is wrong in a TOML file, where, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TomlError {
    /// The file as the reader knows it: a path, or the name of an embedded file. Untrusted.
    pub file: String,
    /// Where in the file; `None` when the mistake has no place of its own.
    pub at: Option<Pos>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(at) = self.at {
            write!(f, ":{}:{}", at.line, at.column)?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl TomlError {
    /// An error that a loader found after the TOML itself was read: `span` are bytes of `text`, as `toml::Spanned` gives them.
    #[must_use]
    pub fn new(file: &str, text: &str, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            at: span.map(|span| {
                let offset = u32::try_from(span.start).unwrap_or(u32::MAX);
                LineIndex::new(text.as_bytes()).pos(text.as_bytes(), offset)
            }),
            message: message.into(),
            hint: None,
        }
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, advising the one of `known` that is nearest to `wrong`; unchanged when none is near.
    #[must_use]
    pub fn did_you_mean<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(wrong, known) {
            Some(right) => self.with_hint(format!("did you mean `{right}`?")),
            None => self,
        }
    }
}

/// Reads `text` as a `T`. `file` is only for the message.
///
/// # Errors
/// What is wrong first, with its line; for an unknown key or value, the nearest known one.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, TomlError> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim_end().replace('\n', ", ");
        let mut ticked = message.split('`').skip(1).step_by(2);
        let wrong = ticked.next().unwrap_or_default().to_owned();
        let known: Vec<String> = ticked.map(str::to_owned).collect();
        let found = TomlError::new(file, text, error.span(), message);
        // serde's two messages that list what would have been right: "unknown field `x`, expected one of `a`, `b`" and
        // the same with "variant".
        if found.message.starts_with("unknown ") {
            found.did_you_mean(&wrong, known.iter().map(String::as_str))
        } else {
            found
        }
    })
}

/// The name of `known` that is nearest to `wrong`: at most a third of its letters wrong, and the first of equals.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (distance(&wrong, &name.to_lowercase()), name))
        .filter(|(d, name)| *d <= name.chars().count().max(3) / 3)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// Edits between two words: a letter inserted, dropped or replaced, or two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        threshold: Option<Level>,
        wrap: Option<bool>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Level {
        Low,
        Medium,
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest_key() {
        let error = parse::<Sample>("config.toml", "wrap = true\n\nthreshhold = \"low\"\n").unwrap_err();
        assert_eq!(error.at, Some(Pos { line: 3, column: 1 }));
        assert_eq!(error.hint.as_deref(), Some("did you mean `threshold`?"));
        assert!(
            error
                .to_string()
                .starts_with("config.toml:3:1: unknown field `threshhold`"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_value_is_treated_alike() {
        let error = parse::<Sample>("c", "threshold = \"medum\"").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `medium`?"));
    }

    #[test]
    fn a_wrong_type_or_broken_syntax_has_its_line_and_no_guess() {
        let error = parse::<Sample>("c", "\nwrap = 3").unwrap_err();
        assert_eq!((error.at.map(|p| p.line), error.hint), (Some(2), None));
        let error = parse::<Sample>("c", "wrap = true\n[").unwrap_err();
        assert_eq!(error.at.map(|p| p.line), Some(2));
    }

    #[test]
    fn nearest_is_near() {
        assert_eq!(nearest("sevreity", ["family", "severity"]), Some("severity"));
        assert_eq!(nearest("colour", ["family", "severity"]), None);
        assert_eq!(nearest("", ["family"]), None);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
