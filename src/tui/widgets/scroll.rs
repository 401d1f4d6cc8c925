//! Scrolling: where a list of rows stands in its window, and the thumb that shows it.

use super::row;
use crate::tui::{
    glyphs::Glyphs,
    theme::{Role, Theme},
};
use ratatui::{buffer::Buffer, layout::Rect};

/// The first visible row such that `focus` is in view with `margin` rows around it, moved as little as possible from `top`.
#[must_use]
pub fn follow(top: usize, focus: usize, rows: usize, height: usize, margin: usize) -> usize {
    let margin = margin.min(height.saturating_sub(1) / 2);
    let least = (focus + margin + 1).saturating_sub(height);
    let most = focus.saturating_sub(margin);
    clamp(top.max(least).min(most), rows, height)
}

/// `top` such that the window is not emptier than it must be.
#[must_use]
pub fn clamp(top: usize, rows: usize, height: usize) -> usize {
    top.min(rows.saturating_sub(height))
}

/// Draws the thumb over the column at the right of `area`, when there is more than fits. `wall` tells that a line between panes is
/// there already, on which the thumb lies.
pub fn thumb(area: Rect, top: usize, rows: usize, theme: &Theme, glyphs: &Glyphs, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    if rows <= height || height == 0 {
        return;
    }
    let length = (height * height).div_ceil(rows).max(1).min(height);
    let free = height - length;
    let start = (top * free).checked_div(rows - height).unwrap_or(0).min(free);
    for y in start..start + length {
        row::put(
            area.right(),
            area.y + y as u16,
            glyphs.scroll[0],
            theme.style(Role::ScrollThumb),
            buffer,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_moves_no_more_than_it_must() {
        assert_eq!(follow(0, 3, 100, 10, 2), 0);
        assert_eq!(follow(0, 9, 100, 10, 2), 2);
        assert_eq!(follow(50, 10, 100, 10, 2), 8);
        assert_eq!(follow(50, 99, 100, 10, 2), 90);
        assert_eq!(follow(5, 2, 3, 10, 2), 0);
        assert_eq!(follow(7, 0, 0, 0, 2), 0);
    }
}
