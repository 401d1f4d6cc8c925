//! Approve asks only what it must: the class of reason, and words where the policy wants them.

use super::{Outcome, Setting, field::Field};
use crate::{
    review::{Action, Reason},
    scan::Fingerprint,
    tui::{
        glyphs,
        keymap::{Command, Mode},
        panes::{footer, severity_role},
        theme::Role,
        widgets::{
            popup, prose,
            prose::{safe, span},
            row,
        },
    },
};
use crossterm::event::KeyEvent;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

/// Findings of a batch that are listed by name.
const LISTED: usize = 6;

/// The dialog.
#[derive(Clone, Debug)]
pub struct Approve {
    targets: Vec<Fingerprint>,
    /// Words are needed.
    words_needed: bool,
    reason: usize,
    words: Field,
    /// The words have the keys.
    in_words: bool,
    /// Words were asked for and not given.
    refused: bool,
}

impl Approve {
    /// Asks about these findings.
    #[must_use]
    pub fn new(targets: Vec<Fingerprint>, words_needed: bool) -> Self {
        Self {
            targets,
            words_needed,
            reason: 0,
            words: Field::line(""),
            in_words: false,
            refused: false,
        }
    }

    pub(super) fn mode(&self) -> Mode {
        if self.in_words { Mode::Line } else { Mode::Approve }
    }

    pub(super) fn command(&mut self, command: Command) -> Outcome {
        match command {
            Command::Choice1 => self.choose(0),
            Command::Choice2 => self.choose(1),
            Command::Choice3 => self.choose(2),
            Command::Submit => self.submit(),
            Command::NextField | Command::PreviousField => {
                self.in_words = !self.in_words;
                Outcome::Stay
            }
            Command::Down | Command::Up => {
                let step = if command == Command::Down {
                    1
                } else {
                    Reason::ALL.len() - 1
                };
                self.reason = (self.reason + step) % Reason::ALL.len();
                Outcome::Stay
            }
            Command::Back => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    /// One key approves, unless words are needed: then it leads on to them.
    fn choose(&mut self, reason: usize) -> Outcome {
        self.reason = reason;
        if self.words_needed && self.words.is_empty() {
            self.in_words = true;
            return Outcome::Stay;
        }
        self.submit()
    }

    fn submit(&mut self) -> Outcome {
        if self.words_needed && self.words.is_empty() {
            self.refused = self.in_words;
            self.in_words = true;
            return Outcome::Stay;
        }
        let reason = Reason::ALL[self.reason];
        Outcome::Act(Action::Approve {
            targets: self.targets.clone(),
            reason,
            note: self.words.text(),
        })
    }

    pub(super) fn key(&mut self, key: KeyEvent) {
        if self.in_words {
            self.refused = false;
            self.words.key(key);
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.in_words {
            self.words.paste(text);
        }
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let findings: Vec<_> = self.targets.iter().filter_map(|t| setting.state.finding(t)).collect();
        let batch = findings.len() > 1;
        let title = match findings.as_slice() {
            [one] => format!("Approve: {}", safe(&one.title)),
            many => format!("Approve {} findings together", many.len()),
        };
        let listed = if batch {
            findings.len().min(LISTED) + usize::from(findings.len() > LISTED) + 1
        } else {
            0
        };
        let hints = footer::dialog_hints(setting.keymap, self.mode(), brush);
        let inside = (72, listed as u16 + 4);
        let area = popup::frame(setting.screen, inside, &title, hints, brush.theme, brush.glyphs, buffer);
        let mut y = area.y;
        let mut line = |line: Line<'_>, buffer: &mut Buffer| {
            if y < area.bottom() {
                row::draw(&line, Rect { y, height: 1, ..area }, buffer);
            }
            y += 1;
        };
        if batch {
            for finding in findings.iter().take(LISTED) {
                let place = format!("{}:{}", safe(finding.place.path.bytes()), finding.place.start.line);
                let left = vec![
                    span(
                        format!("{}  ", glyphs::letter(finding.severity)),
                        brush.style(severity_role(finding.severity)),
                    ),
                    span(safe(&finding.title), brush.style(Role::Text)),
                ];
                let right = vec![span(place, brush.style(Role::Faint))];
                line(
                    prose::between(left, right, usize::from(area.width), brush.glyphs.ellipsis),
                    buffer,
                );
            }
            if findings.len() > LISTED {
                line(
                    Line::from(span(
                        format!("and {} more", findings.len() - LISTED),
                        brush.style(Role::Dim),
                    )),
                    buffer,
                );
            }
            line(Line::default(), buffer);
        }
        line(self.choices(setting), buffer);
        line(Line::default(), buffer);
        let (label, role) = match (self.words_needed, self.refused) {
            (_, true) => ("A reason in words is needed here.", Role::Bad),
            (true, _) => ("Reason (needed here)", Role::Dim),
            (false, _) => ("Reason (if you like)", Role::Dim),
        };
        line(Line::from(span(label, brush.style(role))), buffer);
        if y < area.bottom() {
            let prompt = Line::from(span(
                brush.glyphs.folds[1],
                brush.style(if self.in_words { Role::Pointer } else { Role::Faint }),
            ));
            row::draw(&prompt, Rect { y, height: 1, ..area }, buffer);
            let field = Rect {
                x: area.x + 2,
                y,
                width: area.width.saturating_sub(2),
                height: 1,
            };
            self.words.draw(self.in_words, field, brush, buffer);
        }
    }

    fn choices(&self, setting: Setting<'_>) -> Line<'static> {
        let brush = setting.brush;
        let mut spans = Vec::new();
        let commands = [Command::Choice1, Command::Choice2, Command::Choice3];
        for (i, (reason, command)) in Reason::ALL.iter().zip(commands).enumerate() {
            let words = reason.key().replace('-', " ");
            let role = if i == self.reason { Role::Selected } else { Role::Popup };
            let style = brush.style(role);
            let text = brush.style(if i == self.reason { Role::Strong } else { Role::Text });
            spans.push(span(
                format!(" {} ", setting.keymap.key_of(&[Mode::Approve], command)),
                style.patch(brush.style(Role::Key)),
            ));
            spans.push(span(format!("{words} "), style.patch(text)));
            spans.push(Span::raw(" "));
        }
        Line::from(spans)
    }
}
