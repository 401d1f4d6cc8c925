//! Kinds of text files, adapter or not: how comments and strings are written and whether values need quotes. The knowledge is
//! `rules/kinds.toml`; this file finds the kind of a path, and the comments and strings of a text whose language has no
//! adapter.

use super::load;
use crate::{config, text::Span};
use serde::Deserialize;
use std::sync::OnceLock;

/// How names get values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Values {
    /// A value that matters is a literal in quotes.
    Code,
    /// Bare values too.
    Config,
    /// Nothing is a value.
    #[default]
    Prose,
}

/// One kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileKind {
    /// The name that rules use in `languages`.
    pub name: String,
    #[serde(default)]
    extensions: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    interpreters: Vec<String>,
    /// What begins a comment that ends with its line.
    #[serde(default)]
    pub line_comments: Vec<String>,
    /// What begins and ends a comment.
    #[serde(default)]
    pub block_comments: Vec<(String, String)>,
    /// What begins and ends a string; longer ones first.
    #[serde(default)]
    pub strings: Vec<String>,
    /// How names get values.
    #[serde(default)]
    pub values: Values,
}

/// All kinds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileKinds {
    kind: Vec<FileKind>,
}

impl FileKinds {
    /// The embedded table.
    #[must_use]
    pub fn get() -> &'static FileKinds {
        static LOADED: OnceLock<FileKinds> = OnceLock::new();
        // A mistake in the embedded file is caught by this module's test.
        LOADED.get_or_init(|| Self::parse().unwrap_or_default())
    }

    fn parse() -> Result<FileKinds, config::TomlError> {
        config::parse("rules/kinds.toml", load::embedded_data("kinds.toml"))
    }

    /// The names of all kinds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kind.iter().map(|k| k.name.as_str())
    }

    /// The kind of a file by its name, else by its extension, else by its first line (`#!`).
    #[must_use]
    pub fn of(&self, path: &[u8], text: &[u8]) -> Option<&FileKind> {
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let name = String::from_utf8_lossy(name).to_lowercase();
        let named = |kind: &&FileKind| {
            kind.names.iter().any(|n| match n.strip_suffix(".*") {
                Some(stem) => name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.')),
                None => *n == name,
            })
        };
        let extension = name.rsplit_once('.').map(|(_, e)| e);
        self.kind
            .iter()
            .find(named)
            .or_else(|| {
                self.kind
                    .iter()
                    .find(|k| extension.is_some_and(|e| k.extensions.iter().any(|x| x == e)))
            })
            .or_else(|| self.by_first_line(text))
    }

    fn by_first_line(&self, text: &[u8]) -> Option<&FileKind> {
        let first = text.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
        let first = String::from_utf8_lossy(first);
        let program = first
            .split_whitespace()
            .flat_map(|w| w.rsplit('/').next())
            .find(|w| *w != "env")?;
        let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        self.kind.iter().find(|k| k.interpreters.iter().any(|i| i == program))
    }
}

/// Comments and strings of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones {
    /// Comments, in order.
    pub comments: Vec<Span>,
    /// String literals with their quotes, in order.
    pub strings: Vec<Span>,
}

impl FileKind {
    /// Finds comments and strings by the kind's signs alone, in one pass. A string ends at its quote, or, when the quote is one character,
    /// at the end of the line.
    #[must_use]
    pub fn zones(&self, text: &[u8]) -> Zones {
        let mut zones = Zones::default();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let end = if let Some(end) = self.comment_at(text, at) {
                zones.comments.push(Span::new(at, end));
                end
            } else if let Some(quote) = self.strings.iter().find(|q| rest.starts_with(q.as_bytes())) {
                let end = at + string_len(rest, quote.as_bytes());
                zones.strings.push(Span::new(at, end));
                end
            } else {
                at + 1
            };
            at = end;
        }
        zones
    }

    /// One past the comment that begins at `at`.
    fn comment_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = &text[at..];
        let block = self
            .block_comments
            .iter()
            .find(|(open, _)| rest.starts_with(open.as_bytes()));
        if let Some((open, close)) = block {
            let inner = &rest[open.len()..];
            let len = find(inner, close.as_bytes()).map_or(inner.len(), |i| i + close.len());
            return Some(at + open.len() + len);
        }
        let sign = self
            .line_comments
            .iter()
            .find(|sign| starts_with_ignoring_case(rest, sign.as_bytes()))?;
        // `#` inside a word (`a#b`, `$#`, a colour) is no comment, and neither is the `//` of a URL.
        let before = at.checked_sub(1).and_then(|i| text.get(i)).copied().unwrap_or(b'\n');
        let glued = match sign.as_str() {
            "//" => before == b':',
            _ => !before.is_ascii_whitespace() && !matches!(before, b';' | b'}' | b')'),
        };
        if glued {
            return None;
        }
        let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        Some(at + line)
    }
}

/// Length of the string literal that `rest` begins with.
fn string_len(rest: &[u8], quote: &[u8]) -> usize {
    let mut at = quote.len();
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'\n' if quote.len() == 1 && quote != b"`" => return at,
            _ if rest[at..].starts_with(quote) => return at + quote.len(),
            _ => at += 1,
        }
    }
    rest.len()
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}

fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kind(path: &str) -> &'static str {
        FileKinds::get().of(path.as_bytes(), b"").map_or("", |k| &k.name)
    }

    #[test]
    fn kinds_by_name_extension_and_first_line() {
        FileKinds::parse().unwrap();
        assert_eq!(kind("a/Dockerfile"), "dockerfile");
        assert_eq!(kind("a/Dockerfile.dev"), "dockerfile");
        assert_eq!(kind(".env.production"), "env");
        assert_eq!(kind("prod.env"), "env");
        assert_eq!(kind("package-lock.json"), "lockfile");
        assert_eq!(kind("x.YML"), "yaml");
        assert_eq!(kind("unknown.zzz"), "");
        let shell = FileKinds::get().of(b"run", b"#!/usr/bin/env bash\n").unwrap();
        assert_eq!(shell.name, "shell");
    }

    fn zones<'t>(path: &str, text: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
        let zones = FileKinds::get()
            .of(path.as_bytes(), b"")
            .unwrap()
            .zones(text.as_bytes());
        let of = |spans: Vec<Span>| spans.into_iter().map(|s| &text[s.range()]).collect();
        (of(zones.comments), of(zones.strings))
    }

    #[test]
    fn comments_and_strings() {
        let (comments, strings) = zones("a.java", "a(\"x // no\", 'c'); // yes\n/* b\n */ \"https://x\"");
        assert_eq!(comments, ["// yes", "/* b\n */"]);
        assert_eq!(strings, ["\"x // no\"", "'c'", "\"https://x\""]);
        let (comments, strings) = zones("a.sh", "x=${#a} # note\ny=\"a\\\"b # c\"\nurl=http://a#b");
        assert_eq!(comments, ["# note"]);
        assert_eq!(strings, ["\"a\\\"b # c\""]);
        let (comments, strings) = zones("a.yaml", "it: don't\nb: \"x\" # c\n");
        assert_eq!((comments, strings), (vec!["# c"], vec!["'t", "\"x\""]));
    }
}
