//! Commands by name: typing narrows the list, Enter runs.

use super::{Outcome, Setting, field::Field};
use crate::tui::{
    keymap::{Command, Mode},
    panes::footer,
    theme::Role,
    widgets::{popup, prose, prose::span, row, scroll},
};
use crossterm::event::KeyEvent;
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

/// Rows of the list.
const ROWS: usize = 12;

/// The dialog.
#[derive(Clone, Debug)]
pub struct Palette {
    field: Field,
    selected: usize,
}

impl Palette {
    /// Empty: everything is listed.
    #[must_use]
    pub fn new() -> Self {
        Self {
            field: Field::line(""),
            selected: 0,
        }
    }

    /// The commands that fit what was typed, best first.
    fn fitting(&self) -> Vec<Command> {
        let typed = self.field.text().trim().to_lowercase();
        let mut scored: Vec<(usize, Command)> = runnable().filter_map(|c| Some((score(c, &typed)?, c))).collect();
        scored.sort_by_key(|(score, _)| *score);
        scored.into_iter().map(|(_, c)| c).collect()
    }

    pub(super) fn command(&mut self, command: Command) -> Outcome {
        match command {
            Command::Submit => match self.fitting().get(self.selected) {
                Some(command) => Outcome::Run(*command),
                None => Outcome::Stay,
            },
            Command::Down | Command::NextField => self.stepped(1),
            Command::Up | Command::PreviousField => self.stepped(-1),
            Command::Back => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    fn stepped(&mut self, by: isize) -> Outcome {
        self.step(by);
        Outcome::Stay
    }

    pub(super) fn step(&mut self, by: isize) {
        let last = self.fitting().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    pub(super) fn key(&mut self, key: KeyEvent) {
        self.field.key(key);
        self.selected = 0;
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.selected = 0;
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let hints = footer::dialog_hints(setting.keymap, Mode::Line, brush);
        let inside = (76, ROWS as u16 + 2);
        let area = popup::frame(
            setting.screen,
            inside,
            "Commands",
            hints,
            brush.theme,
            brush.glyphs,
            buffer,
        );
        if area.height < 3 {
            return;
        }
        row::draw(
            &Line::from(span(":", brush.style(Role::Key))),
            Rect { height: 1, ..area },
            buffer,
        );
        let field = Rect {
            x: area.x + 2,
            width: area.width.saturating_sub(2),
            height: 1,
            ..area
        };
        self.field.draw(true, field, brush, buffer);
        let list = Rect {
            y: area.y + 2,
            height: area.height - 2,
            ..area
        };
        let commands = self.fitting();
        if commands.is_empty() {
            row::draw(
                &Line::from(span("No command has this name.", brush.style(Role::Dim))),
                list,
                buffer,
            );
        }
        let top = scroll::follow(0, self.selected, commands.len(), usize::from(list.height), 0);
        for (y, (index, command)) in (list.top()..list.bottom()).zip(commands.iter().enumerate().skip(top)) {
            let at = Rect { y, height: 1, ..list };
            let key = setting.keymap.key_of(&[Mode::Main], *command);
            let key = if key.starts_with(':') && key.len() > 1 {
                String::new()
            } else {
                key
            };
            let left = vec![
                span(format!(" {:<16}", command.name()), brush.style(Role::Strong)),
                span(command.sentence(), brush.style(Role::Dim)),
            ];
            let right = vec![span(format!("{key} "), brush.style(Role::Key))];
            row::draw(
                &prose::between(left, right, usize::from(at.width), brush.glyphs.ellipsis),
                at,
                buffer,
            );
            if index == self.selected {
                row::shade(at, brush.selected(true), buffer);
            }
        }
    }
}

impl Default for Palette {
    fn default() -> Self {
        Self::new()
    }
}

/// Commands that make sense outside a dialog.
fn runnable() -> impl Iterator<Item = Command> {
    let only_inside = [
        Command::Submit,
        Command::NewLine,
        Command::NextField,
        Command::PreviousField,
        Command::Choice1,
        Command::Choice2,
        Command::Choice3,
        Command::EditMessage,
        Command::OtherWay,
        Command::CopyFeedback,
        Command::Nothing,
        Command::Palette,
    ];
    Command::ALL.iter().copied().filter(move |c| !only_inside.contains(c))
}

/// How well a command fits; less is better. The name's beginning, the name, the sentence, letters of the name in order.
fn score(command: Command, typed: &str) -> Option<usize> {
    let (name, sentence) = (command.name(), command.sentence().to_lowercase());
    if name.starts_with(typed) {
        Some(0)
    } else if name.contains(typed) {
        Some(1)
    } else if sentence.contains(typed) {
        Some(2)
    } else {
        let mut letters = name.chars();
        typed.chars().all(|t| letters.any(|l| l == t)).then_some(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_before_sentences_and_scattered_letters() {
        let palette = |text: &str| {
            Palette {
                field: Field::line(text),
                selected: 0,
            }
            .fitting()
        };
        assert_eq!(palette("side").first(), Some(&Command::SideBySide));
        assert_eq!(palette("sbs").first(), Some(&Command::SideBySide));
        assert!(palette("git").contains(&Command::Countersign));
        assert!(palette("zzzz").is_empty());
        assert!(!palette("").contains(&Command::Submit));
    }
}
