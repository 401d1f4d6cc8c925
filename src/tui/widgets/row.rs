//! One row of text in a buffer, and lines between panes.

use crate::tui::glyphs::Glyphs;
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};

/// Draws a line of safe text into the first row of `area`, cut at its right edge.
pub fn draw(line: &Line<'_>, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let (mut x, mut room) = (area.x, area.width);
    for span in &line.spans {
        if room == 0 {
            break;
        }
        let (end, _) = buffer.set_stringn(
            x,
            area.y,
            span.content.as_ref(),
            usize::from(room),
            line.style.patch(span.style),
        );
        room = room.saturating_sub(end - x);
        x = end;
    }
}

/// Lays a style over a whole area.
pub fn shade(area: Rect, style: Style, buffer: &mut Buffer) {
    buffer.set_style(area, style);
}

/// A horizontal line over the width of `area`'s first row.
pub fn rule(area: Rect, style: Style, glyphs: &Glyphs, buffer: &mut Buffer) {
    for x in area.left()..area.right() {
        put(x, area.y, glyphs.horizontal, style, buffer);
    }
}

/// A vertical line over the height of `area`'s first column.
pub fn wall(area: Rect, style: Style, glyphs: &Glyphs, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        put(area.x, y, glyphs.vertical, style, buffer);
    }
}

/// One sign.
pub fn put(x: u16, y: u16, sign: &str, style: Style, buffer: &mut Buffer) {
    if let Some(cell) = buffer.cell_mut((x, y)) {
        cell.set_symbol(sign).set_style(style);
    }
}
