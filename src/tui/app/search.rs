//! Searching the changed code: every match of the change in order, and where the search stands.

use crate::{
    change::{Change, LineKind, RepoPath},
    text::Span,
    tui::panes::code::Found,
};

/// Matches that are kept; a search for `e` need not list them all.
const MAX_MATCHES: usize = 10_000;

/// One match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The file (its path on the new side).
    pub path: RepoPath,
    /// On the old side.
    pub old_side: bool,
    /// 1-based line.
    pub line: u32,
    /// Its bytes in that side's text.
    pub span: Span,
}

/// A search and its matches.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was looked for.
    pub text: String,
    matches: Vec<Match>,
    at: usize,
}

impl Search {
    /// Looks through the lines of all hunks. Capital letters in `text` make case count.
    #[must_use]
    pub fn of(change: &Change, text: &str) -> Self {
        let exact = text.chars().any(char::is_uppercase);
        let needle = if exact {
            text.as_bytes().to_vec()
        } else {
            text.to_lowercase().into_bytes()
        };
        let mut matches = Vec::new();
        for file in &change.files {
            for line in file.hunks().iter().flat_map(|h| &h.lines) {
                let old_side = line.kind == LineKind::Removed;
                let bytes = if old_side { file.old_text() } else { file.new_text() };
                let bytes = bytes.map_or(&[][..], |t| line.span.of(t));
                for at in positions(bytes, &needle, exact) {
                    let start = line.span.start as usize + at;
                    matches.push(Match {
                        path: file.path.clone(),
                        old_side,
                        line: if old_side { line.old } else { line.new },
                        span: Span::new(start, start + needle.len()),
                    });
                }
                if matches.len() > MAX_MATCHES {
                    break;
                }
            }
        }
        Self {
            text: text.to_owned(),
            matches,
            at: 0,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.matches.len()
    }

    /// Where the search stands, counted from 1, and the match there.
    #[must_use]
    pub fn current(&self) -> Option<(usize, &Match)> {
        self.matches.get(self.at).map(|m| (self.at + 1, m))
    }

    /// Goes to the next match, or the previous one, round and round.
    pub fn step(&mut self, forward: bool, times: usize) {
        let count = self.matches.len().max(1);
        let times = times % count;
        self.at = (self.at + if forward { times } else { count - times }) % count;
    }

    /// Goes to the first match in or after this file.
    pub fn start_at(&mut self, path: &RepoPath) {
        self.at = self.matches.iter().position(|m| m.path >= *path).unwrap_or(0);
    }

    /// The matches in one file.
    #[must_use]
    pub fn found(&self, path: &RepoPath) -> Vec<Found> {
        let here = self.matches.iter().enumerate().filter(|(_, m)| m.path == *path);
        here.map(|(i, m)| Found {
            old_side: m.old_side,
            span: m.span,
            current: i == self.at,
        })
        .collect()
    }
}

/// Where `needle` begins in `hay`. Without `exact`, ASCII letters match in either case.
fn positions(hay: &[u8], needle: &[u8], exact: bool) -> Vec<usize> {
    if needle.is_empty() {
        return Vec::new();
    }
    let fits = |window: &[u8]| {
        if exact {
            window == needle
        } else {
            window.eq_ignore_ascii_case(needle)
        }
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(window) = hay.get(at..at + needle.len()) {
        if fits(window) {
            found.push(at);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_counts_only_when_a_capital_was_typed() {
        assert_eq!(positions(b"Db db DB", b"db", false), [0, 3, 6]);
        assert_eq!(positions(b"Db db DB", b"Db", true), [0]);
        assert_eq!(positions(b"aaa", b"aa", true), [0]);
        assert!(positions(b"abc", b"", false).is_empty());
    }
}
