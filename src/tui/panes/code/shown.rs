//! Which lines have been on screen in full, and so which hunks and findings the person has had before their eyes.

use super::{CodePane, CodeView, draw};
use crate::{
    change::{HunkId, LineKind},
    scan::Fingerprint,
    tui::widgets::code_line::{MAX_CELLS, wrapped_rows},
};
use ratatui::layout::Rect;

impl CodePane {
    /// Notes the lines that the next frame shows in full.
    pub(super) fn note_shown(&mut self, view: &CodeView<'_>, list: Rect) {
        let width = draw::Geometry::of(view, &self.listing, list.width).text;
        let (from, to) = (self.top, self.top + self.height);
        let first = self.row_at_line(from);
        for (index, row) in self.listing.rows.iter().enumerate().skip(first) {
            let (Some(start), Some(end)) = (self.offsets.get(index).copied(), self.offsets.get(index + 1).copied())
            else {
                break;
            };
            if start >= to {
                break;
            }
            // A row higher than the view counts when its end comes into view: there was no other way there.
            let whole = start >= from && end <= to;
            let scrolled_through = end - start > self.height && end <= to;
            if !whole && !scrolled_through {
                continue;
            }
            for line in row.lines() {
                let bytes = line.span.of(view.text(line.place().0));
                let cut = !view.options.wrap && self.left == 0 && wrapped_rows(bytes, &view.look(), width) > 1;
                if !cut && bytes.len() <= MAX_CELLS {
                    self.shown.insert(line.place());
                }
            }
        }
    }

    /// Hunks in view whose changed lines have all been shown, and findings whose lines have.
    #[must_use]
    pub fn on_screen(&self, view: &CodeView<'_>) -> (Vec<HunkId>, Vec<Fingerprint>) {
        let Some(file) = view.file else {
            return (Vec::new(), Vec::new());
        };
        let in_view = self.row_at_line(self.top)..=self.row_at_line((self.top + self.height).saturating_sub(1));
        let mut hunks = Vec::new();
        for (index, hunk) in file.hunks().iter().enumerate() {
            let Some(rows) = self.listing.rows_of_hunk(index) else {
                continue;
            };
            if rows.end() < in_view.start() || in_view.end() < rows.start() {
                continue;
            }
            let place = |l: &crate::change::Line| {
                if l.kind == LineKind::Removed {
                    (true, l.old)
                } else {
                    (false, l.new)
                }
            };
            let mut changed = hunk.lines.iter().filter(|l| l.kind != LineKind::Context);
            if changed.all(|l| self.shown.contains(&place(l))) {
                hunks.push(hunk.id.clone());
            }
        }
        let here = view.state.findings().iter().filter(|f| f.place.path == file.path);
        let shown = here
            .filter(|f| (f.place.start.line..=f.place.end.line).all(|l| self.shown.contains(&(f.place.old_side, l))));
        (hunks, shown.map(|f| f.fingerprint.clone()).collect())
    }
}
