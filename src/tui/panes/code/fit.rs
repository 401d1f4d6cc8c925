//! Fitting the code to its area: which rows, how high, where to stand.

use super::{Aim, CodePane, CodeView, draw};
use crate::{
    change::FileChange,
    scan::Finding,
    tui::{
        highlight::worker::PaintKey,
        listing::{LineAt, Listing, Row, Shape},
        widgets::{code_line::wrapped_rows, prose, scroll},
    },
};
use ratatui::layout::Rect;
use std::ops::{Range, RangeInclusive};

/// Lines around a piece of evidence outside the hunks.
const AROUND: u32 = 2;

impl CodePane {
    /// Brings listing, heights and place up to date for a frame in `area`.
    pub fn fit(&mut self, view: &CodeView<'_>, area: Rect) {
        let list = draw::list_area(area);
        let Some(file) = view.file else {
            *self = Self {
                height: usize::from(list.height),
                ..Self::default()
            };
            return;
        };
        let anchor = self.anchor();
        let relisted = self.list(view, file);
        let measured = self.measure(view, list);
        let resized = self.height != usize::from(list.height);
        self.height = usize::from(list.height);
        if relisted || measured {
            self.stand_on(anchor);
        }
        if view.aim != self.followed.as_ref() || resized {
            self.followed = view.aim.cloned();
            self.follow(view);
        }
        self.top = scroll::clamp(self.top, self.total(), self.height);
        self.note_shown(view, list);
    }

    /// Lists the file anew when it, its shape or the evidence changed. True when it did.
    fn list(&mut self, view: &CodeView<'_>, file: &FileChange) -> bool {
        let shape = Shape {
            split: view.options.split,
            whole: view.options.whole,
            extra: extra(view.finding, file, view.aim),
        };
        let key = PaintKey::of(file);
        if self.listed.as_ref().is_some_and(|(k, s)| *k == key && *s == shape) {
            return false;
        }
        if self.listed.as_ref().is_none_or(|(k, _)| *k != key) {
            self.shown.clear();
        }
        if self.listed.as_ref().is_none_or(|(k, _)| k.path != key.path) {
            (self.top, self.left) = (0, 0);
        }
        self.listing = Listing::of(file, &shape);
        self.listed = Some((key, shape));
        self.measured = None;
        true
    }

    /// Works out how high each row is. True when anything may have moved.
    fn measure(&mut self, view: &CodeView<'_>, list: Rect) -> bool {
        let as_measured = (list.width, view.options);
        if self.measured == Some(as_measured) {
            return false;
        }
        let width = draw::Geometry::of(view, &self.listing, list.width).text;
        let look = view.look();
        let line_rows = |line: &LineAt| {
            let bytes = line.span.of(view.text(line.place().0));
            if view.options.wrap {
                wrapped_rows(bytes, &look, width)
            } else {
                1
            }
        };
        let mut at = 0;
        self.offsets.clear();
        for (index, row) in self.listing.rows.iter().enumerate() {
            self.offsets.push(at);
            at += match row {
                Row::Hunk { .. } if index > 0 => 2,
                Row::Hunk { .. } | Row::Gap { .. } => 1,
                Row::Note(text) => prose::wrap(text, usize::from(list.width.saturating_sub(4))).len(),
                row => row.lines().map(line_rows).max().unwrap_or(1),
            };
        }
        self.offsets.push(at);
        self.measured = Some(as_measured);
        true
    }

    /// The first line in view and how far above it the view begins, to stand there again after the rows changed.
    fn anchor(&self) -> Option<((bool, u32), isize)> {
        let first = self.row_at_line(self.top);
        let rows = self.listing.rows.get(first..)?;
        let (index, line) = rows
            .iter()
            .enumerate()
            .find_map(|(i, r)| r.lines().next().map(|l| (first + i, l.place())))?;
        Some((line, self.top as isize - *self.offsets.get(index)? as isize))
    }

    fn stand_on(&mut self, anchor: Option<((bool, u32), isize)>) {
        let Some(((old_side, line), above)) = anchor else {
            return;
        };
        if let Some(row) = self.listing.row_of(old_side, line) {
            self.top = self.offsets[row].saturating_add_signed(above);
        }
    }

    /// Scrolls to the aim, when it is not in view already.
    fn follow(&mut self, view: &CodeView<'_>) {
        let Some(aim) = view.aim else { return };
        let ranges = self.ranges(aim, view);
        let Some(least) = ranges.first() else { return };
        let window = self.top..self.top + self.height;
        let inside = |r: &Range<usize>| window.start <= r.start && r.end <= window.end;
        if let Aim::File(_) = aim {
            self.top = 0;
        } else if !inside(least) {
            // The most that fits: the finding, with its evidence, with its hunk.
            let best = ranges.iter().rev().find(|r| r.len() <= self.height).unwrap_or(least);
            let free = self.height.saturating_sub(best.len());
            self.top = best.start.saturating_sub(free / 3);
        }
    }

    /// Display lines that the aim is about, from the least that must be in view to the most that is good to have.
    fn ranges(&self, aim: &Aim, view: &CodeView<'_>) -> Vec<Range<usize>> {
        let lines = |rows: RangeInclusive<usize>| self.offsets[*rows.start()]..self.offsets[rows.end() + 1];
        let join = |a: &Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        match aim {
            Aim::File(_) => std::iter::once(0..1).collect(),
            Aim::Line { old_side, line, .. } => self
                .listing
                .row_of(*old_side, *line)
                .map(|r| lines(r..=r))
                .into_iter()
                .collect(),
            Aim::Hunk(id) => {
                let index = view.file.and_then(|f| f.hunks().iter().position(|h| h.id == *id));
                index
                    .and_then(|i| self.listing.rows_of_hunk(i))
                    .map(lines)
                    .into_iter()
                    .collect()
            }
            Aim::Finding(_) => {
                let Some(finding) = view.finding else { return Vec::new() };
                let place = &finding.place;
                let first = self.listing.row_of(place.old_side, place.start.line);
                let last = self.listing.row_of(place.old_side, place.end.line).or(first);
                let (Some(first), Some(last)) = (first, last) else {
                    return Vec::new();
                };
                let own = lines(first..=last.max(first));
                let steps = finding.steps.iter().filter(|s| s.place.path == place.path);
                let rows = steps.filter_map(|s| self.listing.row_of(s.place.old_side, s.place.start.line));
                let with_steps = rows.fold(own.clone(), |all, row| join(&all, lines(row..=row)));
                let hunk = self.listing.hunk_at(first).and_then(|h| self.listing.rows_of_hunk(h));
                let with_hunk = hunk.map_or(with_steps.clone(), |h| join(&with_steps, lines(h)));
                vec![own, with_steps, with_hunk]
            }
        }
    }
}

/// Lines outside the hunks that must be listed: the finding's place, its evidence, the aim.
fn extra(finding: Option<&Finding>, file: &FileChange, aim: Option<&Aim>) -> Vec<RangeInclusive<u32>> {
    let mut lines: Vec<u32> = Vec::new();
    if let Some(finding) = finding {
        let places = finding.steps.iter().map(|s| &s.place).chain([&finding.place]);
        let here = places.filter(|p| p.path == file.path && !p.old_side);
        lines.extend(here.flat_map(|p| [p.start.line, p.end.line]));
    }
    if let Some(Aim::Line {
        path,
        old_side: false,
        line,
    }) = aim
        && *path == file.path
    {
        lines.push(*line);
    }
    lines.sort_unstable();
    let mut ranges: Vec<RangeInclusive<u32>> = Vec::new();
    for line in lines {
        let (from, to) = (line.saturating_sub(AROUND).max(1), line + AROUND);
        match ranges.last_mut() {
            Some(last) if from <= last.end() + 1 => *last = *last.start()..=to,
            _ => ranges.push(from..=to),
        }
    }
    ranges
}
