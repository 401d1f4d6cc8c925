//! Regular expressions of rules: over bytes, without Unicode mode (dozens of times cheaper to build), built on first use, so that a rule
//! whose words do not occur costs nothing.

use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// Largest compiled regex, in bytes: what a user's rule may cost.
const SIZE_LIMIT: usize = 4 << 20;

/// A regex that is built when it is first needed.
#[derive(Debug)]
pub struct LazyRegex {
    source: Box<str>,
    built: OnceLock<Result<Regex, Box<str>>>,
}

impl LazyRegex {
    /// Takes the source; nothing is built.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            built: OnceLock::new(),
        }
    }

    /// True when `text` matches. A source that is no regex matches nothing; loading rules reports it through [`LazyRegex::error`].
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.get().is_some_and(|r| r.is_match(text))
    }

    /// The regex, built now if it was not.
    pub fn get(&self) -> Option<&Regex> {
        self.build().as_ref().ok()
    }

    /// Why it cannot be built.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.build().as_ref().err().map(|e| &**e)
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn build(&self) -> &Result<Regex, Box<str>> {
        self.built.get_or_init(|| {
            RegexBuilder::new(&self.source)
                .unicode(false)
                .size_limit(SIZE_LIMIT)
                .build()
                .map_err(|e| e.to_string().into())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_bytes_and_tells_what_is_wrong() {
        assert!(LazyRegex::new(r"(?i)^select\b").is_match(b"SELECT \xff"));
        let bad = LazyRegex::new("(");
        assert!(!bad.is_match(b"(") && bad.error().is_some());
    }
}
