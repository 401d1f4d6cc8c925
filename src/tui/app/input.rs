//! Keys, pastes and the mouse: to commands, to dialogs, to nothing.

use super::{App, Pending, Request};
use crate::tui::{
    dialogs::Dialog,
    keymap::{Key, Mode, Resolved},
    panes::Focus,
};
use crossterm::event::{Event, KeyEvent, KeyEventKind};

/// Highest count before a command.
const MAX_COUNT: usize = 9999;

impl App {
    /// Takes in something the person did.
    pub fn input(&mut self, event: &Event) -> Vec<Request> {
        let mut requests = Vec::new();
        if !self.touched && matches!(event, Event::Key(_) | Event::Mouse(_)) {
            // From here on, what is on screen has a person before it.
            self.touched = true;
            requests.extend(self.drawn());
        }
        requests.extend(match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Paste(text) => {
                // Pasted text is text: outside a field it does nothing, least of all decide.
                if let Some(dialog) = &mut self.dialog {
                    dialog.paste(text);
                }
                Vec::new()
            }
            Event::Mouse(mouse) => self.mouse(*mouse),
            _ => Vec::new(),
        });
        requests
    }

    /// The key tables in force, the most special first.
    #[must_use]
    pub(super) fn modes(&self) -> Vec<Mode> {
        match &self.dialog {
            Some(dialog) => vec![dialog.mode()],
            None => vec![
                match self.panes.focus {
                    Focus::Queue => Mode::Queue,
                    Focus::Code => Mode::Code,
                    Focus::Case => Mode::Case,
                },
                Mode::Main,
            ],
        }
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Request> {
        let key = Key::of(&event);
        if self.count(key) {
            return Vec::new();
        }
        let modes = self.modes();
        self.pending.keys.push(key);
        match self.setup.keymap.resolve(&modes, &self.pending.keys) {
            Resolved::More => Vec::new(),
            Resolved::Run(command) => {
                let count = std::mem::take(&mut self.pending).count;
                self.message = None;
                match self.dialog.is_some() {
                    true => self.in_dialog(|dialog| dialog.command(command)),
                    false => self.run(command, count),
                }
            }
            Resolved::Unbound => {
                let typed_so_far = self.pending.keys.len();
                self.pending = Pending::default();
                if let Some(dialog) = self.dialog.as_mut().filter(|_| typed_so_far == 1) {
                    dialog.key(event);
                }
                Vec::new()
            }
        }
    }

    /// Digits before a command are a count, where digits are bound to nothing.
    fn count(&mut self, key: Key) -> bool {
        if self
            .dialog
            .as_ref()
            .is_some_and(|d| d.takes_text() || matches!(d, Dialog::Approve(_)))
        {
            return false;
        }
        let Some(digit) = key.digit() else { return false };
        if !self.pending.keys.is_empty() || (digit == 0 && self.pending.count.is_none()) {
            return false;
        }
        if self.setup.keymap.resolve(&self.modes(), &[key]) != Resolved::Unbound {
            return false;
        }
        let count = self.pending.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
        self.pending.count = Some(count.min(MAX_COUNT));
        true
    }
}
