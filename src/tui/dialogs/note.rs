//! Several lines of text: a note on a finding, or the message of a commit.

use super::{Outcome, Setting, field::Field};
use crate::{
    review::Action,
    scan::Fingerprint,
    tui::{
        keymap::{Command, Mode},
        panes::footer,
        theme::Role,
        widgets::{
            popup, prose,
            prose::{safe, span},
            row,
        },
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

/// What the text is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A note on this finding.
    Finding(Fingerprint),
    /// The message of the commit to be made.
    Message,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct Note {
    /// What the text is for.
    pub about: About,
    pub(super) field: Field,
    /// An empty message was refused.
    refused: bool,
}

impl Note {
    /// With the text that is there already.
    #[must_use]
    pub fn new(about: About, text: &str) -> Self {
        Self {
            about,
            field: Field::lines(text),
            refused: false,
        }
    }

    /// What was typed so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.field.text()
    }

    pub(super) fn command(&mut self, command: Command) -> Outcome {
        match command {
            Command::Submit => match &self.about {
                About::Finding(target) => Outcome::Act(Action::Note {
                    target: target.clone(),
                    text: self.text(),
                }),
                About::Message if self.field.is_empty() => {
                    self.refused = true;
                    Outcome::Stay
                }
                About::Message => Outcome::Message(self.text()),
            },
            Command::NewLine => {
                self.field.new_line();
                Outcome::Stay
            }
            Command::Back => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let title = match &self.about {
            About::Finding(f) => setting
                .state
                .finding(f)
                .map_or("Note".into(), |f| format!("Note: {}", safe(&f.title))),
            About::Message => "Commit message".into(),
        };
        let hints = footer::dialog_hints(setting.keymap, Mode::Text, brush);
        let area = popup::frame(
            setting.screen,
            (72, 9),
            &title,
            hints,
            brush.theme,
            brush.glyphs,
            buffer,
        );
        let sentence = match (&self.about, self.refused) {
            (About::Finding(_), _) => "Goes into the record with the decision. Secrets that were found are left out.",
            (About::Message, false) => "What the commit does. The trailers are shown before anything is written.",
            (About::Message, true) => "A commit needs a message.",
        };
        let role = if self.refused { Role::Bad } else { Role::Dim };
        let text = prose::cut(sentence, usize::from(area.width), brush.glyphs.ellipsis);
        row::draw(
            &Line::from(span(text, brush.style(role))),
            Rect {
                height: 1.min(area.height),
                ..area
            },
            buffer,
        );
        let below = 2.min(area.height);
        let field = Rect {
            y: area.y + below,
            height: area.height - below,
            ..area
        };
        self.field.draw(true, field, brush, buffer);
    }
}
