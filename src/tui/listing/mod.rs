//! The rows of the code pane for one file: hunks, lines, what lies between them.
//!
//! A listing is made from a changed file and a [`Shape`]; it holds places only (line numbers and byte spans), no text and no styles. It is
//! made when the file, the shape or the evidence changes, never while drawing.

mod build;

use crate::{
    change::{Hunk, Line, LineKind},
    text::{LineIndex, Span},
};
use std::ops::RangeInclusive;

/// What a listing shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Old and new side by side.
    pub split: bool,
    /// Also everything between the hunks.
    pub whole: bool,
    /// Lines of the new side that must be there though no hunk holds them (evidence), in order.
    pub extra: Vec<RangeInclusive<u32>>,
}

/// One line of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAt {
    /// Context, added or removed.
    pub kind: LineKind,
    /// 1-based line on the old side; 0 when added.
    pub old: u32,
    /// 1-based line on the new side; 0 when removed.
    pub new: u32,
    /// Its bytes: in the old text when removed, in the new text otherwise.
    pub span: Span,
    /// True when the file ends here without a line ending.
    pub no_eol: bool,
    /// The hunk it belongs to, by index in the file.
    pub hunk: Option<usize>,
    /// The commit that brought it, by index in the change.
    pub commit: Option<u16>,
}

impl LineAt {
    /// Side (true: old) and 1-based number: where findings and search matches point.
    #[must_use]
    pub fn place(&self) -> (bool, u32) {
        if self.kind == LineKind::Removed {
            (true, self.old)
        } else {
            (false, self.new)
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The head of a hunk.
    Hunk {
        /// Which, by index in the file.
        index: usize,
        /// Unchanged lines left out before it.
        skipped: u32,
    },
    /// Unchanged lines left out.
    Gap {
        /// How many.
        skipped: u32,
    },
    /// A line, unified.
    Line(LineAt),
    /// A line of each side; one may be missing.
    Pair(Option<LineAt>, Option<LineAt>),
    /// A sentence about the file.
    Note(String),
}

impl Row {
    /// The lines on this row, old side first.
    pub fn lines(&self) -> impl Iterator<Item = &LineAt> {
        let (a, b) = match self {
            Row::Line(line) => (Some(line), None),
            Row::Pair(old, new) => (old.as_ref(), new.as_ref()),
            _ => (None, None),
        };
        a.into_iter().chain(b)
    }
}

/// The rows of a file.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Top to bottom.
    pub rows: Vec<Row>,
    /// Digits of the highest old and new line number.
    pub digits: (usize, usize),
    /// The indices of both texts.
    pub old_index: Option<LineIndex>,
    /// See `old_index`.
    pub new_index: Option<LineIndex>,
}

impl Listing {
    /// The first row that shows this line of this side (true: old).
    #[must_use]
    pub fn row_of(&self, old_side: bool, line: u32) -> Option<usize> {
        self.rows
            .iter()
            .position(|row| row.lines().any(|l| shows(l, old_side, line)))
    }

    /// The rows of a hunk, by index: its head (where it has one) to its last line.
    #[must_use]
    pub fn rows_of_hunk(&self, hunk: usize) -> Option<RangeInclusive<usize>> {
        let of = |row: &Row| match row {
            Row::Hunk { index, .. } => *index == hunk,
            row => row.lines().any(|l| l.hunk == Some(hunk)),
        };
        let first = self.rows.iter().position(of)?;
        let last = self.rows.iter().rposition(of)?;
        Some(first..=last)
    }

    /// The hunk a row belongs to.
    #[must_use]
    pub fn hunk_at(&self, row: usize) -> Option<usize> {
        match self.rows.get(row)? {
            Row::Hunk { index, .. } => Some(*index),
            row => row.lines().find_map(|l| l.hunk),
        }
    }
}

/// The first and last changed line of a hunk, on the new side; on the old side when nothing was added.
#[must_use]
pub fn changed_lines(hunk: &Hunk) -> (u32, u32) {
    let of = |number: fn(&Line) -> u32, kind| {
        let lines = hunk.lines.iter().filter(move |l| l.kind == kind).map(number);
        lines.clone().min().zip(lines.max())
    };
    let changed = of(|l| l.new, LineKind::Added).or_else(|| of(|l| l.old, LineKind::Removed));
    changed.unwrap_or((hunk.new_start, hunk.new_start))
}

/// True when `line` is that line of that side. Unchanged lines are on both.
#[must_use]
pub fn shows(line: &LineAt, old_side: bool, number: u32) -> bool {
    let there = if old_side { line.old } else { line.new };
    there == number && number > 0
}
