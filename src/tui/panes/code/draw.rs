//! Drawing the code: title, rows, gutters.

use super::{CodePane, CodeView};
use crate::{
    change::{FileChange, Hunk, LineKind, Status},
    tui::{
        listing::{LineAt, Listing, Row, changed_lines},
        panes::{Brush, header},
        theme::Role,
        widgets::{
            code_line::CodeLine,
            prose::{self, safe, span},
            row, scroll,
        },
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

/// From this width on, both line numbers have a column.
const TWO_NUMBERS_FROM: u16 = 70;

/// Which lines a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Both, one under the other.
    Both,
    /// The old side.
    Old,
    /// The new side.
    New,
}

impl Side {
    /// The side whose text the line is drawn from. Unchanged lines are drawn from the new text, which is the same.
    pub(super) fn is_old(self, line: &LineAt) -> bool {
        line.kind == LineKind::Removed
    }
}

/// Widths of the parts of a row of code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Geometry {
    /// Of one column: the pane, or half of it side by side.
    column: u16,
    /// Digits of the old number's column; 0 when it has none.
    old: u16,
    /// Digits of the new number's column.
    new: u16,
    /// Of the code itself.
    pub(super) text: u16,
    /// Of the evidence numbers at the right.
    marks: u16,
}

impl Geometry {
    pub(super) fn of(view: &CodeView<'_>, listing: &Listing, width: u16) -> Self {
        let split = view.options.split;
        let column = if split { width.saturating_sub(1) / 2 } else { width };
        let (old, new) = (listing.digits.0 as u16, listing.digits.1 as u16);
        let both = !split && width >= TWO_NUMBERS_FROM;
        let (old, new) = if both { (old, new) } else { (0, old.max(new)) };
        let marks = if view.finding.is_some() { 4 } else { 1 };
        let gutter = 1 + old + u16::from(old > 0) + new + 1 + 2;
        Self {
            column,
            old,
            new,
            text: column.saturating_sub(gutter + marks),
            marks,
        }
    }

    /// Where the sign stands, counted from the column's left.
    fn sign(&self) -> u16 {
        1 + self.old + u16::from(self.old > 0) + self.new + 1
    }
}

/// The rows below the title.
pub(super) fn list_area(area: Rect) -> Rect {
    let above = if area.height < 20 { 1 } else { 2 };
    Rect::new(
        area.x,
        area.y + above.min(area.height),
        area.width,
        area.height.saturating_sub(above),
    )
}

impl CodePane {
    /// Draws the pane.
    pub fn draw(&self, view: &CodeView<'_>, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
        let list = list_area(area);
        let Some(file) = view.file else {
            draw_sentence(view.no_file, list, brush, buffer);
            return;
        };
        draw_title(view, file, area, brush, buffer);
        let geometry = Geometry::of(view, &self.listing, list.width);
        let first = self.row_at_line(self.top);
        for (index, row) in self.listing.rows.iter().enumerate().skip(first) {
            let (Some(start), Some(end)) = (self.offsets.get(index), self.offsets.get(index + 1)) else {
                break;
            };
            let skip = self.top.saturating_sub(*start);
            let y = start.saturating_sub(self.top);
            if y >= usize::from(list.height) {
                break;
            }
            let height = (end - start - skip).min(usize::from(list.height) - y) as u16;
            let at = Rect::new(list.x, list.y + y as u16, list.width, height);
            self.draw_row(view, row, (at, skip, end - start), &geometry, brush, buffer);
        }
        scroll::thumb(list, self.top, self.total(), brush.theme, brush.glyphs, buffer);
    }

    fn draw_row(
        &self,
        view: &CodeView<'_>,
        row: &Row,
        (at, skip, full): (Rect, usize, usize),
        geometry: &Geometry,
        brush: Brush<'_>,
        buffer: &mut Buffer,
    ) {
        match row {
            Row::Hunk { index, skipped } => {
                // Above the head is a row of air, which the edges of the view may cut off.
                if let Some(hunk) = view
                    .file
                    .and_then(|f| f.hunks().get(*index))
                    .filter(|_| skip + usize::from(at.height) == full)
                {
                    draw_hunk(
                        view,
                        hunk,
                        *skipped,
                        Rect {
                            y: at.bottom() - 1,
                            height: 1,
                            ..at
                        },
                        brush,
                        buffer,
                    );
                }
            }
            Row::Gap { skipped } => {
                let lines = if *skipped == 1 { "line" } else { "lines" };
                let text = format!("  {} {skipped} {lines}", brush.glyphs.gap);
                row::draw(&Line::from(span(text, brush.style(Role::Gap))), at, buffer);
            }
            Row::Note(text) => {
                let lines = prose::wrap(text, usize::from(at.width.saturating_sub(4)));
                for (y, text) in (at.top()..at.bottom()).zip(lines.into_iter().skip(skip)) {
                    let area = Rect {
                        x: at.x + 2,
                        y,
                        height: 1,
                        width: at.width.saturating_sub(4),
                    };
                    row::draw(&Line::from(span(text, brush.style(Role::Dim))), area, buffer);
                }
            }
            Row::Line(line) => self.draw_line(view, line, Side::Both, (at, skip), geometry, brush, buffer),
            Row::Pair(old, new) => {
                let left = Rect {
                    width: geometry.column,
                    ..at
                };
                let wall = Rect {
                    x: at.x + geometry.column,
                    width: 1,
                    ..at
                };
                let right = Rect { x: wall.x + 1, ..left };
                if let Some(old) = old {
                    self.draw_line(view, old, Side::Old, (left, skip), geometry, brush, buffer);
                }
                row::wall(wall, brush.style(Role::Rule), brush.glyphs, buffer);
                if let Some(new) = new {
                    self.draw_line(view, new, Side::New, (right, skip), geometry, brush, buffer);
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // where, what and with what; a struct would only rename them
    fn draw_line(
        &self,
        view: &CodeView<'_>,
        line: &LineAt,
        side: Side,
        (at, skip): (Rect, usize),
        geometry: &Geometry,
        brush: Brush<'_>,
        buffer: &mut Buffer,
    ) {
        let (ground, sign, sign_role) = match line.kind {
            LineKind::Context => (Role::Context, " ", Role::Context),
            LineKind::Added => (Role::Added, "+", Role::AddedSign),
            LineKind::Removed => (Role::Removed, "-", Role::RemovedSign),
        };
        let base = brush.style(Role::Context).patch(brush.style(ground));
        let text_at = Rect {
            x: at.x + geometry.sign() + 2,
            width: geometry.text,
            ..at
        };
        let ground_at = Rect {
            x: at.x + geometry.sign(),
            width: geometry.column.saturating_sub(geometry.sign()),
            ..at
        };
        row::shade(ground_at, base, buffer);
        draw_gutter(view, line, side, (at, skip), geometry, brush, buffer);
        if skip == 0 {
            row::put(
                at.x + geometry.sign(),
                at.y,
                sign,
                base.patch(brush.style(sign_role)),
                buffer,
            );
        }
        let old_text = side.is_old(line);
        let bytes = line.span.of(view.text(old_text));
        let tokens = view.paint.map_or(&[][..], |p| {
            if old_text {
                p.old.line(line.old)
            } else {
                p.new.line(line.new)
            }
        });
        let overlays = view.overlays(line, side, brush);
        let first = line.place().1 == 1;
        let look = crate::text::safe::Look {
            file_start: first,
            ..view.look()
        };
        let code = CodeLine {
            bytes,
            at: line.span.start,
            look,
            tokens,
            overlays: &overlays,
            base,
        };
        if view.options.wrap {
            code.draw_wrapped(text_at, skip, brush.theme, brush.glyphs, buffer);
        } else {
            code.draw_cut(text_at, self.left, brush.theme, brush.glyphs, buffer);
        }
        if line.no_eol && at.height > 0 {
            let used = code.width(brush.theme, brush.glyphs);
            let rest = usize::from(text_at.width).saturating_sub(used + 1);
            let sign = Line::from(span("(no line ending)", base.patch(brush.style(Role::Faint))));
            if rest >= 16 {
                row::draw(
                    &sign,
                    Rect {
                        x: text_at.x + used as u16 + 1,
                        width: rest as u16,
                        ..text_at
                    },
                    buffer,
                );
            }
        }
    }
}

/// Bar, numbers and evidence signs of a line.
fn draw_gutter(
    view: &CodeView<'_>,
    line: &LineAt,
    side: Side,
    (at, skip): (Rect, usize),
    geometry: &Geometry,
    brush: Brush<'_>,
    buffer: &mut Buffer,
) {
    if let Some((selected, role)) = view.bar(line) {
        let sign = if selected || brush.glyphs.ascii {
            brush.glyphs.bar
        } else {
            brush.glyphs.eighths[0]
        };
        for y in at.top()..at.bottom() {
            row::put(at.x, y, sign, brush.style(role), buffer);
        }
    }
    if skip > 0 {
        if let Some(x) = (at.x + geometry.sign()).checked_sub(2) {
            row::put(x, at.y, brush.glyphs.wrapped, brush.style(Role::Faint), buffer);
        }
        return;
    }
    let number = |n: u32, width: u16| {
        if n == 0 {
            " ".repeat(width.into())
        } else {
            format!("{n:>width$}", width = usize::from(width))
        }
    };
    let text = if geometry.old > 0 {
        format!("{} {}", number(line.old, geometry.old), number(line.new, geometry.new))
    } else {
        let n = if line.kind == LineKind::Removed || side == Side::Old {
            line.old
        } else {
            line.new
        };
        number(n, geometry.new)
    };
    let changed = match line.kind {
        LineKind::Context => Role::Gutter,
        LineKind::Added => Role::AddedSign,
        LineKind::Removed => Role::RemovedSign,
    };
    let style = Style {
        add_modifier: Modifier::empty(),
        ..brush.style(changed)
    };
    row::draw(
        &Line::from(span(text, style)),
        Rect {
            x: at.x + 1,
            width: geometry.sign() - 1,
            height: 1,
            ..at
        },
        buffer,
    );
    for y in at.top() + 1..at.bottom() {
        row::put(
            at.x + geometry.sign() - 2,
            y,
            brush.glyphs.wrapped,
            brush.style(Role::Faint),
            buffer,
        );
    }
    let numbers = view.numbers(line);
    let x = at.x + geometry.column.saturating_sub(1 + numbers.len() as u16);
    for (i, step) in numbers.iter().enumerate() {
        let style = brush.style(Role::Evidence);
        let style = if view.step == Some(*step) {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        };
        row::put(x + i as u16, at.y, brush.glyphs.number(*step), style, buffer);
    }
    debug_assert!(numbers.len() < usize::from(geometry.marks.max(4)));
}

fn draw_hunk(view: &CodeView<'_>, hunk: &Hunk, skipped: u32, at: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let (first, last) = changed_lines(hunk);
    let lines = if first == last {
        format!("line {first}")
    } else {
        format!("lines {first}-{last}")
    };
    let sign = if skipped > 0 { brush.glyphs.gap } else { " " };
    let mut left = vec![span(format!("  {sign} {lines}"), brush.style(Role::Hunk))];
    let heading = safe(hunk.heading.trim());
    if !heading.is_empty() {
        left.push(span(format!("   {heading}"), brush.style(Role::Faint)));
    }
    let seen = view.state.ledger().seen(&hunk.id);
    let right = if seen {
        vec![
            span("seen ", brush.style(Role::Faint)),
            span(format!("{} ", brush.glyphs.approved), brush.style(Role::Faint)),
        ]
    } else {
        vec![
            span("not seen ", brush.style(Role::Dim)),
            span(format!("{} ", brush.glyphs.unseen), brush.style(Role::Unseen)),
        ]
    };
    row::draw(
        &prose::between(left, right, usize::from(at.width), brush.glyphs.ellipsis),
        at,
        buffer,
    );
}

fn draw_title(view: &CodeView<'_>, file: &FileChange, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let right = credits(view, file, brush);
    let used: usize = right.iter().map(|s| prose::width(&s.content)).sum();
    let path = prose::path(
        &safe(file.path.bytes()),
        width.saturating_sub(used + 3),
        brush.glyphs.ellipsis,
    );
    let mut left = vec![span(format!(" {path}"), brush.title(view.focused))];
    if let Some(within) = view.finding.and_then(|f| f.place.within.as_ref()) {
        left.push(span(format!("   {}", safe(within)), brush.style(Role::Dim)));
    }
    row::draw(&prose::between(left, right, width, brush.glyphs.ellipsis), area, buffer);
}

/// Who wrote what is in view; for uncommitted work, where it stands.
fn credits(view: &CodeView<'_>, file: &FileChange, brush: Brush<'_>) -> Vec<Span<'static>> {
    let change = view.state.change();
    let of_finding = view.finding.and_then(|f| f.commit.as_ref());
    let of_lines = || {
        let (_, hunk) = view.state.current_hunk()?;
        let index = hunk.lines.iter().find_map(|l| l.commit)?;
        change.commits.get(usize::from(index)).map(|c| &c.id)
    };
    let commit = of_finding
        .cloned()
        .or_else(|| of_lines().cloned())
        .and_then(|id| change.commits.iter().find(|c| c.id == id));
    if let Some(commit) = commit {
        let (name, agent) = header::author(commit);
        let role = if agent { Role::Agent } else { Role::Person };
        return vec![
            span(format!("{}  ", commit.id.short()), brush.style(Role::Faint)),
            span(format!("{name} "), brush.style(role)),
        ];
    }
    let mut words = Vec::new();
    match file.status {
        Status::Added => words.push("new file"),
        Status::Deleted => words.push("deleted"),
        Status::Renamed => words.push("renamed"),
        Status::Copied => words.push("copied"),
        Status::TypeChanged => words.push("another kind of file"),
        Status::Modified => {}
    }
    match (file.stage.staged, file.stage.unstaged, file.stage.untracked) {
        (_, _, true) => words.push("untracked"),
        (true, true, _) => words.push("staged in part"),
        (true, false, _) => words.push("staged"),
        _ => {}
    }
    vec![span(format!("{} ", words.join(", ")), brush.style(Role::Dim))]
}

fn draw_sentence(text: &str, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let width = usize::from(area.width.saturating_sub(4));
    for (y, text) in (area.top()..area.bottom()).zip(prose::wrap(text, width)) {
        let at = Rect::new(area.x + 2, y, area.width.saturating_sub(4), 1);
        row::draw(&Line::from(span(text, brush.style(Role::Dim))), at, buffer);
    }
}
