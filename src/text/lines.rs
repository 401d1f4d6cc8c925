//! One line index per file: byte offset to line and column, and back.

use super::Span;
use serde::{Deserialize, Serialize};

/// A line and column, both 1-based; the column counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pos {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters (an invalid byte counts as one).
    pub column: u32,
}

/// Where each line of a text starts. Lines end at `\n`; a `\r` before it belongs to the line's ending.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(i, _)| i as u32 + 1),
        );
        Self {
            starts,
            len: text.len() as u32,
        }
    }

    /// The 1-based line that holds the byte at `offset` (the last line for offsets past the end).
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|s| *s <= offset) as u32
    }

    /// Line and column of the byte at `offset`; `text` is the indexed text.
    #[must_use]
    pub fn pos(&self, text: &[u8], offset: u32) -> Pos {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = (offset as usize).min(text.len());
        let before = text.get(start..end).unwrap_or_default();
        let column = String::from_utf8_lossy(before).chars().count() as u32 + 1;
        Pos { line, column }
    }

    /// Number of lines; a final `\n` does not begin another.
    #[must_use]
    pub fn count(&self) -> u32 {
        let n = self.starts.len() as u32;
        if n > 1 && self.starts[n as usize - 1] == self.len {
            n - 1
        } else {
            n
        }
    }

    /// The bytes of 1-based `line` with its ending; `None` when there is no such line.
    #[must_use]
    pub fn span(&self, line: u32) -> Option<Span> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let end = self.starts.get(line as usize).copied().unwrap_or(self.len);
        Some(Span { start, end })
    }

    /// The bytes of 1-based `line` without `\n` or `\r\n`.
    #[must_use]
    pub fn content(&self, text: &[u8], line: u32) -> Option<Span> {
        let mut span = self.span(line)?;
        let bytes = span.of(text);
        let trimmed = bytes
            .strip_suffix(b"\n")
            .map_or(bytes, |b| b.strip_suffix(b"\r").unwrap_or(b));
        span.end = span.start + trimmed.len() as u32;
        Some(span)
    }

    /// First and last 1-based line that `span` touches.
    #[must_use]
    pub fn lines_of(&self, span: Span) -> (u32, u32) {
        let last = if span.end > span.start { span.end - 1 } else { span.end };
        (self.line(span.start), self.line(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let text = "a\nhé x\r\nz".as_bytes();
        let index = LineIndex::new(text);
        assert_eq!(index.pos(text, 0), Pos { line: 1, column: 1 });
        assert_eq!(index.pos(text, 6), Pos { line: 2, column: 4 });
        assert_eq!(index.content(text, 2).map(|s| s.of(text)), Some("hé x".as_bytes()));
        assert_eq!(index.count(), 3);
        assert_eq!(LineIndex::new(b"a\n").count(), 1);
        assert_eq!(index.span(4), None);
    }
}
