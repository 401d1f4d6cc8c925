//! One line at the bottom of the screen: what to search, what to show.

use super::{Outcome, Setting, field::Field};
use crate::tui::{
    keymap::{Command, Mode},
    panes::footer,
    theme::Role,
    widgets::{prose, prose::span, row},
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Text to look for in the changed code.
    Search,
    /// Words that findings must have.
    Filter,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct Prompt {
    question: Question,
    pub(super) field: Field,
}

impl Prompt {
    /// Asks, with the text of last time.
    #[must_use]
    pub fn new(question: Question, text: &str) -> Self {
        Self {
            question,
            field: Field::line(text),
        }
    }

    pub(super) fn command(&mut self, command: Command) -> Outcome {
        match (command, self.question) {
            (Command::Submit, Question::Search) => Outcome::Search(self.field.text()),
            (Command::Submit, Question::Filter) => Outcome::Filter(self.field.text()),
            (Command::Back, _) => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let screen = setting.screen;
        let area = Rect {
            y: screen.bottom().saturating_sub(1),
            height: 1.min(screen.height),
            ..screen
        };
        row::shade(area, brush.style(Role::Page), buffer);
        for x in area.left()..area.right() {
            row::put(
                x,
                area.y,
                " ",
                brush.style(Role::Page).patch(brush.style(Role::Popup)),
                buffer,
            );
        }
        let label = match self.question {
            Question::Search => " Search the changed code: ",
            Question::Filter => " Findings with these words: ",
        };
        let used = prose::width(label) as u16;
        row::draw(&Line::from(span(label, brush.style(Role::Strong))), area, buffer);
        let hints = footer::dialog_hints(setting.keymap, Mode::Line, brush);
        let width: usize = hints.iter().map(|s| prose::width(&s.content)).sum();
        let room = usize::from(area.width.saturating_sub(used));
        let field = if room > width + 20 { room - width - 2 } else { room };
        if field < room {
            let at = Rect {
                x: area.x + used + field as u16 + 1,
                width: width as u16,
                ..area
            };
            row::draw(&Line::from(hints), at, buffer);
        }
        self.field.draw(
            true,
            Rect {
                x: area.x + used,
                width: field as u16,
                ..area
            },
            brush,
            buffer,
        );
    }
}
