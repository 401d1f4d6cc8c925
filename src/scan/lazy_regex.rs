//! Regular expressions of rules: over bytes, without Unicode mode (dozens of times cheaper to build), built on first use, so that a rule
//! whose words do not occur costs nothing.
//!
//! Most of them are asked about a name, a path or a short text, and once: for these a plain automaton is built, in a tenth of the time that one
//! for searching whole files takes. That one is built when it is asked for.

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::{meta, util::syntax};
use std::sync::{Arc, OnceLock};

/// Largest compiled regex, in bytes: what a user's rule may cost.
const SIZE_LIMIT: usize = 4 << 20;

/// A regex that is built when it is first needed. Clones share what is built.
#[derive(Clone, Debug)]
pub struct LazyRegex(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    source: Box<str>,
    plain: OnceLock<Result<meta::Regex, Box<str>>>,
    searching: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// Takes the source; nothing is built.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self(Arc::new(Lazy {
            source: source.into(),
            plain: OnceLock::new(),
            searching: OnceLock::new(),
        }))
    }

    /// True when a short `text` matches. A source that is no regex matches nothing; loading rules reports it through [`LazyRegex::error`].
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.plain().as_ref().is_ok_and(|r| r.is_match(text))
    }

    /// The regex for searching long texts and for groups, built now if it was not.
    pub fn get(&self) -> Option<&Regex> {
        let build = || {
            RegexBuilder::new(&self.0.source)
                .unicode(false)
                .size_limit(SIZE_LIMIT)
                .build()
        };
        self.0.searching.get_or_init(|| build().ok()).as_ref()
    }

    /// Why it cannot be built.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.plain().as_ref().err().map(|e| &**e)
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    fn plain(&self) -> &Result<meta::Regex, Box<str>> {
        self.0.plain.get_or_init(|| {
            let automaton = meta::Config::new()
                .utf8_empty(false)
                .auto_prefilter(false)
                .dfa(false)
                .onepass(false)
                .hybrid(false)
                .nfa_size_limit(Some(SIZE_LIMIT));
            let built = meta::Regex::builder()
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .configure(automaton)
                .build(&self.0.source);
            // The other builder says the same with the place marked.
            built.map_err(|plain| {
                let marked = RegexBuilder::new(&self.0.source).unicode(false).build().err();
                marked.map_or_else(|| plain.to_string(), |e| e.to_string()).into()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_bytes_and_tells_what_is_wrong() {
        let good = LazyRegex::new(r"(?i)^select\b");
        assert!(good.is_match(b"SELECT \xff"));
        assert!(good.get().is_some_and(|r| r.is_match(b"SELECT \xff")));
        let bad = LazyRegex::new("(");
        assert!(!bad.is_match(b"(") && bad.error().is_some_and(|e| e.contains("unclosed group")));
    }

    #[test]
    fn both_automata_say_the_same() {
        for source in ["", "a|b*", r"(?i)^x\d+$", r"[^a]", r"(?-u:\xff)", r"\bend$"] {
            let regex = LazyRegex::new(source);
            for text in [&b""[..], b"b", b"X12", b"a", b"\xff", b"the end"] {
                let searching = regex.get().map(|r| r.is_match(text));
                assert_eq!(Some(regex.is_match(text)), searching, "{source} {text:?}");
            }
        }
    }
}
