//! The code: the change in its context, the finding marked on its lines, evidence numbered beside it.
//!
//! The pane holds a listing of one file, how high each row is at the present width, and its own scroll position. [`CodePane::fit`]
//! brings all of that up to date before a frame; drawing then only reads. Fitting also notes which lines have been on screen in full:
//! that is what makes a hunk seen.

mod draw;
mod fit;
mod marks;
mod shown;

use super::super::{
    highlight::worker::{Paint, PaintKey},
    listing::{Listing, Shape},
};
use crate::{
    change::{FileChange, HunkId, RepoPath},
    review::State,
    scan::{Finding, Fingerprint},
    text::{Span, safe::Look},
};
use ratatui::layout::Rect;
use std::collections::HashSet;

/// How the person wants code shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Old and new side by side.
    pub split: bool,
    /// Long lines wrap instead of being cut.
    pub wrap: bool,
    /// Everything between the hunks too.
    pub whole: bool,
    /// Distance of tab stops.
    pub tab: u8,
}

impl Default for Options {
    fn default() -> Self {
        // A cut line hides what is behind its end; a reviewer must not have to ask for it.
        Self {
            split: false,
            wrap: true,
            whole: false,
            tab: 4,
        }
    }
}

/// What the code should have in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A finding's lines, with its evidence when that fits.
    Finding(Fingerprint),
    /// A hunk.
    Hunk(HunkId),
    /// The top of a file.
    File(RepoPath),
    /// A line of the file: a step of the evidence, a search match.
    Line {
        /// The file.
        path: RepoPath,
        /// On the old side.
        old_side: bool,
        /// 1-based.
        line: u32,
    },
}

/// A place a search found, in the file on view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// On the old side.
    pub old_side: bool,
    /// Its bytes in that side's text.
    pub span: Span,
    /// True for the one the search stands on.
    pub current: bool,
}

/// What one frame of the code needs.
#[derive(Clone, Copy)]
pub struct CodeView<'a> {
    /// The review.
    pub state: &'a State,
    /// The file to show.
    pub file: Option<&'a FileChange>,
    /// Why there is none, as a sentence.
    pub no_file: &'a str,
    /// What to bring into view.
    pub aim: Option<&'a Aim>,
    /// The finding whose evidence is numbered.
    pub finding: Option<&'a Finding>,
    /// Its step that is selected in the case.
    pub step: Option<usize>,
    /// Tokens and words, when the worker is done with the file.
    pub paint: Option<&'a Paint>,
    /// Search matches in the file.
    pub found: &'a [Found],
    /// How code is shown.
    pub options: Options,
    /// True when the pane has the keys.
    pub focused: bool,
    /// ASCII markers.
    pub ascii: bool,
}

impl CodeView<'_> {
    fn look(&self) -> Look {
        Look {
            tab: self.options.tab,
            ascii: self.ascii,
            file_start: false,
        }
    }

    /// The text of one side.
    fn text(&self, old_side: bool) -> &[u8] {
        let text = self
            .file
            .and_then(|f| if old_side { f.old_text() } else { f.new_text() });
        text.map_or(&[], |t| t)
    }
}

/// The code pane's own state.
#[derive(Clone, Debug, Default)]
pub struct CodePane {
    listed: Option<(PaintKey, Shape)>,
    listing: Listing,
    /// Display line at which each row begins, and one past the end.
    offsets: Vec<usize>,
    /// What the offsets were worked out for: text width, wrapping.
    measured: Option<(u16, Options)>,
    /// First display line in view.
    top: usize,
    /// Cells scrolled to the right.
    left: usize,
    height: usize,
    followed: Option<Aim>,
    shown: HashSet<(bool, u32)>,
}

impl CodePane {
    /// Display lines of the whole listing.
    fn total(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// Scrolls by display lines.
    pub fn scroll(&mut self, by: isize) {
        self.top = super::super::widgets::scroll::clamp(self.top.saturating_add_signed(by), self.total(), self.height);
    }

    /// Scrolls sideways by cells; only when lines are cut.
    pub fn scroll_sideways(&mut self, by: isize) {
        self.left = self
            .left
            .saturating_add_signed(by)
            .min(super::super::widgets::code_line::MAX_CELLS);
    }

    /// To the first or the last line.
    pub fn to_end(&mut self, last: bool) {
        self.top = if last {
            self.total().saturating_sub(self.height)
        } else {
            0
        };
    }

    /// Lines of code in view.
    #[must_use]
    pub fn page(&self) -> usize {
        self.height
    }

    /// Forgets what was followed, so that the aim is brought to its best place again.
    pub fn centre(&mut self) {
        self.followed = None;
        self.top = usize::MAX / 2;
    }

    /// Side and 1-based number of the line at the top of the view: where an editor would open.
    #[must_use]
    pub fn top_line(&self) -> Option<(bool, u32)> {
        let first = self.row_at_line(self.top);
        self.listing
            .rows
            .get(first..)?
            .iter()
            .flat_map(super::super::listing::Row::lines)
            .next()
            .map(|l| l.place())
    }

    /// The hunk drawn at a row of the screen, by index in the file.
    #[must_use]
    pub fn hunk_at(&self, area: Rect, y: u16) -> Option<usize> {
        let list = draw::list_area(area);
        let line = (list.top()..list.bottom())
            .contains(&y)
            .then(|| self.top + usize::from(y - list.y))?;
        self.listing.hunk_at(self.row_at_line(line))
    }

    /// Side and number of the line drawn at a row of the screen.
    #[must_use]
    pub fn line_at(&self, area: Rect, y: u16) -> Option<(bool, u32)> {
        let list = draw::list_area(area);
        let line = (list.top()..list.bottom())
            .contains(&y)
            .then(|| self.top + usize::from(y - list.y))?;
        self.listing
            .rows
            .get(self.row_at_line(line))?
            .lines()
            .last()
            .map(super::super::listing::LineAt::place)
    }

    /// The row that covers a display line.
    fn row_at_line(&self, line: usize) -> usize {
        self.offsets.partition_point(|o| *o <= line).saturating_sub(1)
    }
}
