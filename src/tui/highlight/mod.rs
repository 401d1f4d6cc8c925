//! What the code looks like: kinds of tokens on every line of a file, and the words that differ inside changed lines.
//!
//! Owns a worker thread and nothing on the screen. A file is always read from its first byte to its last, so that a string over
//! many lines is right wherever a hunk begins; it is shown plain until the worker is done. Results are keyed by content, so they are
//! right whenever they arrive and can be kept. Never runs on the thread that draws.

mod grammar;
mod syntaxes;
pub mod words;
pub mod worker;

use super::theme::Syntax;
use crate::lang::Lang;

/// Above this many bytes a file with one of our grammars stays plain.
const MAX_BYTES: usize = 2 << 20;

/// One token of a line: bytes `start..end` counted from the line's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it is.
    pub kind: Syntax,
}

/// The tokens of a file, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    lines: Vec<Box<[Token]>>,
}

impl Tokens {
    /// The tokens of 1-based `line`, ascending and not overlapping. Empty for lines there are none of.
    #[must_use]
    pub fn line(&self, line: u32) -> &[Token] {
        let index = (line as usize).wrapping_sub(1);
        self.lines.get(index).map_or(&[], |l| l)
    }
}

/// Reads the tokens of a file. `path` names the language; a language nobody knows gives no tokens.
#[must_use]
pub fn tokens(path: &[u8], text: &[u8]) -> Tokens {
    if text.len() > MAX_BYTES {
        return Tokens::default();
    }
    match Lang::of(path, text) {
        Some(lang) => grammar::tokens(lang, text),
        None => syntaxes::tokens(path, text),
    }
}

/// Cuts runs of one kind, given in order of bytes, into lines.
struct Lines {
    starts: Vec<usize>,
    lines: Vec<Vec<Token>>,
}

impl Lines {
    fn new(text: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(i, _)| i + 1),
        );
        let lines = vec![Vec::new(); starts.len()];
        Self { starts, lines }
    }

    fn push(&mut self, start: usize, end: usize, kind: Syntax) {
        let mut line = self.starts.partition_point(|s| *s <= start).saturating_sub(1);
        let mut at = start;
        while at < end {
            let first = self.starts[line];
            let stop = self.starts.get(line + 1).copied().unwrap_or(usize::MAX).min(end);
            let (from, to) = ((at - first) as u32, (stop - first) as u32);
            match self.lines[line].last_mut() {
                Some(last) if last.end == from && last.kind == kind => last.end = to,
                _ => self.lines[line].push(Token {
                    start: from,
                    end: to,
                    kind,
                }),
            }
            at = stop;
            line += 1;
        }
    }

    fn done(self) -> Tokens {
        Tokens {
            lines: self.lines.into_iter().map(Vec::into_boxed_slice).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
