//! What is asked of the person over the screen: one file each.
//!
//! A dialog holds what was typed so far, says which key table is in force ([`Dialog::mode`]), takes commands and text, and ends in an
//! [`Outcome`]. It changes nothing itself.

mod approve;
mod field;
mod help;
mod note;
mod palette;
mod prompt;
mod record;

pub use approve::Approve;
pub use help::Help;
pub use note::{About, Note};
pub use palette::Palette;
pub use prompt::{Prompt, Question};
pub use record::{Preview, PreviewLine, Record};

use super::{
    keymap::{Command, Keymap, Mode},
    panes::Brush,
};
use crate::review::{Action, State};
use crossterm::event::KeyEvent;
use ratatui::{buffer::Buffer, layout::Rect};

/// A dialog that is open.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Which reason, and in what words.
    Approve(Approve),
    /// A note, or the message of a commit.
    Note(Note),
    /// One line: search, filter.
    Prompt(Prompt),
    /// Commands by name.
    Palette(Palette),
    /// All keys.
    Help(Help),
    /// What countersign would write.
    Record(Record),
}

/// What a dialog comes to after a key.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It stays open.
    Stay,
    /// It closes; nothing happens. What was typed of a note is kept as a draft.
    Close,
    /// It closes and this happens to the review.
    Act(Action),
    /// It closes and this command runs.
    Run(Command),
    /// It closes: search for this.
    Search(String),
    /// It closes: show only findings with these words.
    Filter(String),
    /// The message of the commit to be made.
    Message(String),
    /// Record as shown.
    Perform,
    /// Plan again, the other way for the step that is selected.
    OtherWay,
    /// Edit the message again.
    EditMessage,
    /// Copy the feedback for the agent.
    CopyFeedback,
}

/// What drawing a dialog needs beside its own data.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The review.
    pub state: &'a State,
    /// The keys, for hints.
    pub keymap: &'a Keymap,
    /// Looks and signs.
    pub brush: Brush<'a>,
    /// The whole screen.
    pub screen: Rect,
}

impl Dialog {
    /// The key table in force.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self {
            Dialog::Approve(d) => d.mode(),
            Dialog::Note(_) => Mode::Text,
            Dialog::Prompt(_) | Dialog::Palette(_) => Mode::Line,
            Dialog::Help(_) => Mode::Read,
            Dialog::Record(_) => Mode::Record,
        }
    }

    /// True while typed characters are text.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        matches!(self.mode(), Mode::Line | Mode::Text)
    }

    /// A command of the dialog's key table.
    pub fn command(&mut self, command: Command) -> Outcome {
        match self {
            Dialog::Approve(d) => d.command(command),
            Dialog::Note(d) => d.command(command),
            Dialog::Prompt(d) => d.command(command),
            Dialog::Palette(d) => d.command(command),
            Dialog::Help(d) => d.command(command),
            Dialog::Record(d) => d.command(command),
        }
    }

    /// A key that is bound to nothing: text.
    pub fn key(&mut self, key: KeyEvent) {
        match self {
            Dialog::Approve(d) => d.key(key),
            Dialog::Note(d) => d.field.key(key),
            Dialog::Prompt(d) => d.field.key(key),
            Dialog::Palette(d) => d.key(key),
            Dialog::Help(_) | Dialog::Record(_) => {}
        }
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Dialog::Approve(d) => d.paste(text),
            Dialog::Note(d) => d.field.paste(text),
            Dialog::Prompt(d) => d.field.paste(text),
            Dialog::Palette(d) => d.paste(text),
            Dialog::Help(_) | Dialog::Record(_) => {}
        }
    }

    /// Scrolls what can be scrolled.
    pub fn scroll(&mut self, by: isize) {
        match self {
            Dialog::Help(d) => d.scroll(by),
            Dialog::Record(d) => d.scroll(by),
            Dialog::Palette(d) => d.step(by),
            Dialog::Approve(_) | Dialog::Note(_) | Dialog::Prompt(_) => {}
        }
    }

    /// Draws it over the screen.
    pub fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        match self {
            Dialog::Approve(d) => d.draw(setting, buffer),
            Dialog::Note(d) => d.draw(setting, buffer),
            Dialog::Prompt(d) => d.draw(setting, buffer),
            Dialog::Palette(d) => d.draw(setting, buffer),
            Dialog::Help(d) => d.draw(setting, buffer),
            Dialog::Record(d) => d.draw(setting, buffer),
        }
    }
}
