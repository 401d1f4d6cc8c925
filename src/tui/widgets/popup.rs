//! A dialog over the screen: a quiet border, a title, a line of hints, room inside.

use super::{prose, row};
use crate::tui::{
    glyphs::Glyphs,
    theme::{Role, Theme},
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

/// Draws the frame of a dialog in the middle of `screen`, wide and high enough for `inside` cells when the screen allows, and
/// gives the area inside (a cell of air left and right).
pub fn frame(
    screen: Rect,
    inside: (u16, u16),
    title: &str,
    hints: Vec<Span<'static>>,
    theme: &Theme,
    glyphs: &Glyphs,
    buffer: &mut Buffer,
) -> Rect {
    let width = (inside.0 + 4).min(screen.width);
    let height = (inside.1 + 2).min(screen.height);
    let area = Rect::new(
        screen.x + (screen.width - width) / 2,
        screen.y + (screen.height - height) / 2,
        width,
        height,
    );
    clear(area, theme.style(Role::Page).patch(theme.style(Role::Popup)), buffer);
    border(area, theme.style(Role::PopupEdge), glyphs, buffer);
    let room = usize::from(width.saturating_sub(6));
    let title = prose::cut(title, room, glyphs.ellipsis);
    if !title.is_empty() {
        let line = Line::from(vec![
            Span::raw(" "),
            Span::styled(title, theme.style(Role::Strong)),
            Span::raw(" "),
        ]);
        row::draw(&line, Rect::new(area.x + 2, area.y, width.saturating_sub(4), 1), buffer);
    }
    if !hints.is_empty() && height > 1 {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(prose::fit(hints, room, glyphs.ellipsis));
        spans.push(Span::raw(" "));
        let bottom = Rect::new(area.x + 2, area.bottom() - 1, width.saturating_sub(4), 1);
        row::draw(&Line::from(spans), bottom, buffer);
    }
    Rect::new(
        area.x + 2,
        area.y + 1,
        width.saturating_sub(4),
        height.saturating_sub(2),
    )
}

/// Empties an area; wide characters cut in half at its left edge go with it.
fn clear(area: Rect, style: Style, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        if let Some(before) = area.x.checked_sub(1).and_then(|x| buffer.cell_mut((x, y)))
            && prose::width(before.symbol()) > 1
        {
            before.set_symbol(" ");
        }
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

fn border(area: Rect, style: Style, glyphs: &Glyphs, buffer: &mut Buffer) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (left, right, top, bottom) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
    for x in left + 1..right {
        row::put(x, top, glyphs.horizontal, style, buffer);
        row::put(x, bottom, glyphs.horizontal, style, buffer);
    }
    for y in top + 1..bottom {
        row::put(left, y, glyphs.vertical, style, buffer);
        row::put(right, y, glyphs.vertical, style, buffer);
    }
    for ((x, y), corner) in [(left, top), (right, top), (left, bottom), (right, bottom)]
        .into_iter()
        .zip(glyphs.corners)
    {
        row::put(x, y, corner, style, buffer);
    }
}
