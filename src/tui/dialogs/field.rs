//! A text being typed. Pasted control and hidden characters become visible before they enter it.

use crate::{
    text::safe::visible_lines,
    tui::{panes::Brush, theme::Role},
};
use crossterm::event::KeyEvent;
use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

/// One or several lines of text with a cursor.
#[derive(Clone, Debug)]
pub struct Field {
    area: TextArea<'static>,
    lines: bool,
}

impl Field {
    /// One line.
    #[must_use]
    pub fn line(text: &str) -> Self {
        Self::new(text, false)
    }

    /// Several lines.
    #[must_use]
    pub fn lines(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, lines: bool) -> Self {
        let text = visible_lines(text);
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_cursor_line_style(ratatui::style::Style::new());
        area.set_wrap_mode(if lines { WrapMode::WordOrGlyph } else { WrapMode::None });
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, lines }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// True when nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// A typed key.
    pub fn key(&mut self, key: KeyEvent) {
        self.area.input(key);
    }

    /// Begins a new line, where there may be several.
    pub fn new_line(&mut self) {
        if self.lines {
            self.area.insert_newline();
        }
    }

    /// Pasted text; on one line, line ends become blanks.
    pub fn paste(&mut self, text: &str) {
        let text = visible_lines(text.replace("\r\n", "\n").replace('\r', "\n"));
        let text = if self.lines { text } else { text.replace('\n', " ") };
        self.area.insert_str(text);
    }

    /// Draws it; the cursor only when the field has the keys.
    pub fn draw(&self, focused: bool, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
        let mut shown = self.area.clone();
        shown.set_style(brush.style(Role::Popup));
        shown.set_cursor_style(if focused {
            brush.style(Role::Cursor)
        } else {
            brush.style(Role::Popup)
        });
        (&shown).render(area, buffer);
    }
}
