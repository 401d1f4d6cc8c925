//! The words that differ inside changed lines.
//!
//! Each run of removed lines is set against the run of added lines that follows it, word by word over the whole run, so that a
//! statement that was broken over more lines still shows only what is new. Lines that share little are left unmarked: a line full
//! of marks says nothing.

use crate::{
    change::{Hunk, Line, LineKind},
    text::Span,
};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::HashMap;

/// Runs longer than this many bytes (both sides together) are not compared word by word.
const MAX_BYTES: usize = 32 << 10;
/// Of the words of a run, at least this part must be on both sides for marks to help.
const LEAST_SHARED: f64 = 0.35;

/// Which bytes of which line differ. Keyed by side and 1-based line; spans are bytes of that side's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    old: HashMap<u32, Vec<Span>>,
    new: HashMap<u32, Vec<Span>>,
}

impl Words {
    /// What differs in 1-based `line` of the old side.
    #[must_use]
    pub fn removed(&self, line: u32) -> &[Span] {
        self.old.get(&line).map_or(&[], Vec::as_slice)
    }

    /// What differs in 1-based `line` of the new side.
    #[must_use]
    pub fn added(&self, line: u32) -> &[Span] {
        self.new.get(&line).map_or(&[], Vec::as_slice)
    }

    /// Compares the changed lines of `hunks`; `old` and `new` are the texts of the sides.
    #[must_use]
    pub fn of(hunks: &[Hunk], old: &[u8], new: &[u8]) -> Self {
        let mut words = Words::default();
        for hunk in hunks {
            let mut rest = hunk.lines.as_slice();
            while !rest.is_empty() {
                rest = take(rest, LineKind::Context).1;
                let (removed, after) = take(rest, LineKind::Removed);
                let (added, after) = take(after, LineKind::Added);
                if !removed.is_empty() && !added.is_empty() {
                    words.compare(removed, added, old, new);
                }
                rest = after;
            }
        }
        words
    }

    fn compare(&mut self, removed: &[Line], added: &[Line], old: &[u8], new: &[u8]) {
        let (a, b) = (split(removed, old), split(added, new));
        let bytes = |words: &[Word<'_>]| words.iter().map(|w| w.text.len()).sum::<usize>();
        if bytes(&a) + bytes(&b) > MAX_BYTES {
            return;
        }
        let keys = |words: &[Word<'_>]| words.iter().map(|w| w.text.to_vec()).collect::<Vec<_>>();
        let ops = capture_diff_slices(Algorithm::Myers, &keys(&a), &keys(&b));
        let (mut gone, mut came, mut shared) = (Vec::new(), Vec::new(), 0);
        for op in ops {
            let (tag, old_range, new_range) = op.as_tag_tuple();
            if tag == DiffTag::Equal {
                shared += a[old_range].iter().filter(|w| w.counts()).count();
            } else {
                gone.extend(old_range);
                came.extend(new_range);
            }
        }
        let count = |words: &[Word<'_>]| words.iter().filter(|w| w.counts()).count();
        let total = count(&a) + count(&b);
        if total == 0 || (2.0 * shared as f64) < LEAST_SHARED * total as f64 {
            return;
        }
        mark(&mut self.old, &a, &gone);
        mark(&mut self.new, &b, &came);
    }
}

/// The leading lines of one kind, and the rest.
fn take(lines: &[Line], kind: LineKind) -> (&[Line], &[Line]) {
    let count = lines.iter().take_while(|l| l.kind == kind).count();
    lines.split_at(count)
}

/// A word, a run of blanks, or one other character; with its place.
struct Word<'t> {
    text: &'t [u8],
    line: u32,
    span: Span,
}

impl Word<'_> {
    /// Blanks say nothing about likeness.
    fn counts(&self) -> bool {
        !self.text.iter().all(u8::is_ascii_whitespace)
    }
}

fn split<'t>(lines: &[Line], text: &'t [u8]) -> Vec<Word<'t>> {
    let mut words = Vec::new();
    for line in lines {
        let bytes = line.span.of(text);
        let number = if line.kind == LineKind::Removed {
            line.old
        } else {
            line.new
        };
        let mut at = 0;
        while let Some(first) = bytes.get(at) {
            let class = class(*first);
            let mut length = 1;
            while class != Class::Other && bytes.get(at + length).is_some_and(|b| self::class(*b) == class) {
                length += 1;
            }
            let start = line.span.start as usize + at;
            words.push(Word {
                text: &bytes[at..at + length],
                line: number,
                span: Span::new(start, start + length),
            });
            at += length;
        }
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Other,
}

fn class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 128.. => Class::Word,
        b' ' | b'\t' => Class::Blank,
        _ => Class::Other,
    }
}

/// Marks the words at `indices`, joining marks that only a single byte keeps apart. Blanks at the ends of a mark are noise.
fn mark(into: &mut HashMap<u32, Vec<Span>>, words: &[Word<'_>], indices: &[usize]) {
    let mut runs: Vec<(u32, Span)> = Vec::new();
    for word in indices.iter().filter_map(|i| words.get(*i)) {
        match runs.last_mut() {
            Some((line, last)) if *line == word.line && word.span.start.saturating_sub(last.end) <= 1 => {
                last.end = word.span.end;
            }
            _ => runs.push((word.line, word.span)),
        }
    }
    for (line, run) in runs {
        let mut inside = words.iter().filter(|w| run.contains(w.span) && w.counts());
        if let Some(first) = inside.next() {
            let last = inside.next_back().unwrap_or(first);
            into.entry(line).or_default().push(first.span.to(last.span));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::change::HunkId;

    fn hunk(old: &str, new: &str) -> Hunk {
        let mut lines = Vec::new();
        let mut at = 0;
        for (i, text) in old.lines().enumerate() {
            lines.push(line(LineKind::Removed, i as u32 + 1, 0, at, text));
            at += text.len() + 1;
        }
        at = 0;
        for (i, text) in new.lines().enumerate() {
            lines.push(line(LineKind::Added, 0, i as u32 + 1, at, text));
            at += text.len() + 1;
        }
        Hunk {
            id: HunkId("h".into()),
            old_start: 1,
            old_lines: 1,
            new_start: 1,
            new_lines: 1,
            heading: String::new(),
            lines,
        }
    }

    fn line(kind: LineKind, old: u32, new: u32, at: usize, text: &str) -> Line {
        Line {
            kind,
            old,
            new,
            span: Span::new(at, at + text.len()),
            no_eol: false,
            commit: None,
        }
    }

    fn marked<'t>(spans: &[Span], text: &'t str) -> Vec<&'t str> {
        spans
            .iter()
            .map(|s| std::str::from_utf8(s.of(text.as_bytes())).unwrap())
            .collect()
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        let (old, new) = ("    return totals(rows)\n", "    return totals(rows, tax)\n");
        let words = Words::of(&[hunk(old, new)], old.as_bytes(), new.as_bytes());
        assert_eq!(marked(words.removed(1), old), Vec::<&str>::new());
        assert_eq!(marked(words.added(1), new), [", tax"]);
    }

    #[test]
    fn a_statement_broken_over_lines_shows_what_is_new() {
        let (old, new) = ("run(sql, args)\n", "run(\n    sql,\n    values,\n)\n");
        let words = Words::of(&[hunk(old, new)], old.as_bytes(), new.as_bytes());
        assert_eq!(marked(words.removed(1), old), ["args"]);
        assert!(words.added(2).iter().all(|s| !marked(&[*s], new)[0].contains("sql")));
        assert!(marked(words.added(3), new)[0].contains("values"));
    }

    #[test]
    fn lines_that_share_little_stay_unmarked() {
        let (old, new) = ("alpha beta gamma\n", "one two three four\n");
        let words = Words::of(&[hunk(old, new)], old.as_bytes(), new.as_bytes());
        assert_eq!(words, Words::default());
    }

    #[test]
    fn characters_of_several_bytes_are_never_cut() {
        let (old, new) = ("name = \"Zoë\"\n", "name = \"Zoé\"\n");
        let words = Words::of(&[hunk(old, new)], old.as_bytes(), new.as_bytes());
        assert_eq!(marked(words.added(1), new), ["Zoé"]);
    }
}
