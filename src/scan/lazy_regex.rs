//! Regular expressions of rules: over bytes, without Unicode mode (dozens of times cheaper to build), built on first use, so that a rule
//! whose words do not occur costs nothing.
//!
//! Most of them are asked about a name, a path or a short text, and once: for these a plain automaton is built, in a tenth of the time that one
//! for searching whole files takes. That one is built when it is asked for. Neither is built for a text that lacks the literals which every match
//! holds: for embedded rules these were worked out when the program was built.

mod literals;

use super::bytes::has_in_any_case;
use crate::text::Span;
use regex_automata::{
    meta,
    util::{captures::Captures, syntax},
};
use std::{
    borrow::Cow,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What each regex of the embedded rules requires ([`literals::required`]), sorted by regex.
static REQUIRED: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/required_literals.rs"));

/// Largest compiled regex, in bytes: what a user's rule may cost.
const SIZE_LIMIT: usize = 4 << 20;
/// After so many bytes a regex is worth an automaton that takes longer to build and searches faster.
const MUCH: usize = 256 << 10;

/// A regex that is built when it is first needed. Clones share what is built.
#[derive(Clone, Debug)]
pub struct LazyRegex(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    source: Box<str>,
    required: OnceLock<Option<Box<[Word]>>>,
    plain: OnceLock<Result<meta::Regex, Box<str>>>,
    /// Bytes searched so far.
    searched: AtomicUsize,
    searching: OnceLock<Option<meta::Regex>>,
    searching_much: OnceLock<Option<meta::Regex>>,
}

/// A literal in lower case, with the set of its bytes (by their last six bits), which rules out most short texts at once.
#[derive(Debug)]
struct Word {
    text: Cow<'static, str>,
    letters: u64,
}

impl Word {
    fn new(text: Cow<'static, str>) -> Word {
        let letters = letters(text.as_bytes());
        Word { text, letters }
    }
}

fn letters(text: &[u8]) -> u64 {
    text.iter().fold(0, |all, b| all | 1 << (b.to_ascii_lowercase() & 63))
}

impl LazyRegex {
    /// Takes the source; nothing is built.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self(Arc::new(Lazy {
            source: source.into(),
            required: OnceLock::new(),
            plain: OnceLock::new(),
            searched: AtomicUsize::new(0),
            searching: OnceLock::new(),
            searching_much: OnceLock::new(),
        }))
    }

    /// True when a short `text` matches. A source that is no regex matches nothing; loading rules reports it through [`LazyRegex::error`].
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.may_match(text) && self.plain().as_ref().is_ok_and(|r| r.is_match(text))
    }

    /// Lower-case literals of which at least one occurs (in any case) wherever it matches; `None` when nothing of the kind is known.
    #[must_use]
    pub fn required(&self) -> Option<impl Iterator<Item = &str>> {
        self.words().map(|all| all.iter().map(|word| &*word.text))
    }

    fn words(&self) -> Option<&[Word]> {
        let known = self.0.required.get_or_init(|| required(&self.0.source));
        known.as_deref()
    }

    /// False when a short `text` has none of the required literals.
    fn may_match(&self, text: &[u8]) -> bool {
        let Some(words) = self.words() else { return true };
        let there = letters(text);
        words
            .iter()
            .any(|word| word.letters & !there == 0 && has_in_any_case(text, word.text.as_bytes()))
    }

    /// Every match in a text of any length, in order. A source that is no regex matches nothing.
    pub fn matches<'r>(&'r self, text: &'r [u8]) -> impl Iterator<Item = Match> + 'r {
        let much = self.0.searched.fetch_add(text.len(), Ordering::Relaxed) >= MUCH;
        let (regex, effort) = match much {
            true => (&self.0.searching_much, Effort::SearchMuch),
            false => (&self.0.searching, Effort::Search),
        };
        let regex = regex.get_or_init(|| build(&self.0.source, effort).ok());
        regex.iter().flat_map(move |r| r.captures_iter(text)).map(Match)
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
            build(&self.0.source, Effort::Ask).map_err(|e| match e.syntax_error() {
                // It shows the place.
                Some(syntax) => syntax.to_string().into(),
                None => e.to_string().into(),
            })
        })
    }
}

/// One match of a regex.
#[derive(Clone, Debug)]
pub struct Match(Captures);

impl Match {
    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.0.get_match().map(|m| span(m.span())).unwrap_or_default()
    }

    /// What a group matched, when it took part.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<Span> {
        self.0.get_group_by_name(name).map(span)
    }
}

fn span(span: regex_automata::Span) -> Span {
    Span::new(span.start, span.end)
}

/// What an automaton is for: each is quicker than the one before it, and takes longer to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effort {
    /// Does a short text match?
    Ask,
    /// Where does a file match?
    Search,
    /// Where do many files match? Prefilters take longer to build than a file takes without.
    SearchMuch,
}

fn build(source: &str, effort: Effort) -> Result<meta::Regex, Box<meta::BuildError>> {
    let automaton = meta::Config::new()
        .utf8_empty(false)
        .auto_prefilter(effort >= Effort::SearchMuch)
        .dfa(false)
        .onepass(false)
        .hybrid(effort >= Effort::Search)
        .nfa_size_limit(Some(SIZE_LIMIT));
    let built = meta::Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(automaton)
        .build(source);
    built.map_err(Box::new)
}

/// What `source` requires: from the table, or found now where a user wrote it.
fn required(source: &str) -> Option<Box<[Word]>> {
    // The table is for any case: literals are compared so anyway.
    let bare = source.trim_start_matches("(?i)");
    match REQUIRED.binary_search_by(|(known, _)| (*known).cmp(bare)) {
        Ok(at) => {
            let words = REQUIRED[at].1;
            (!words.is_empty()).then(|| words.iter().map(|w| Word::new(Cow::Borrowed(w))).collect())
        }
        Err(_) => {
            let words = literals::required(source)?.into_iter();
            Some(words.map(|w| Word::new(Cow::Owned(w))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_bytes_and_tells_what_is_wrong() {
        let good = LazyRegex::new(r"(?i)^select\b");
        assert!(good.is_match(b"SELECT \xff"));
        assert_eq!(good.matches(b"SELECT \xff").count(), 1);
        let bad = LazyRegex::new("(");
        assert!(!bad.is_match(b"(") && bad.error().is_some_and(|e| e.contains("unclosed group")));
    }

    #[test]
    fn a_match_tells_its_groups() {
        let regex = LazyRegex::new("key=(?P<v>[0-9]+)(?P<w>x)?");
        let found: Vec<Match> = regex.matches(b"a key=12 key=3x").collect();
        let places: Vec<_> = found.iter().map(|m| (m.whole(), m.group("v"), m.group("w"))).collect();
        let first = (Span::new(2, 8), Some(Span::new(6, 8)), None);
        let second = (Span::new(9, 15), Some(Span::new(13, 14)), Some(Span::new(14, 15)));
        assert_eq!(places, [first, second]);
    }

    #[test]
    fn what_is_required_is_known_of_embedded_regexes_and_found_for_others() {
        assert!(REQUIRED.is_sorted_by(|a, b| a.0 < b.0));
        for (source, known) in REQUIRED {
            assert_eq!(literals::required(source).unwrap_or_default(), *known, "{source}");
        }
        let words = |source: &str| {
            LazyRegex::new(source)
                .required()
                .map(|all| all.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(words("(?i)^no(?:such|thing)$").as_deref(), Some("such thing"));
        assert_eq!(words("."), None);
    }

    #[test]
    fn both_automata_say_the_same() {
        for source in ["", "a|b*", r"(?i)^x\d+$", r"[^a]", r"(?-u:\xff)", r"\bend$"] {
            let regex = LazyRegex::new(source);
            for text in [&b""[..], b"b", b"X12", b"a", b"\xff", b"the end"] {
                let searching = regex.matches(text).next().is_some();
                assert_eq!(regex.is_match(text), searching, "{source} {text:?}");
            }
        }
    }
}
