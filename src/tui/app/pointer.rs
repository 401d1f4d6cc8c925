//! The mouse: a click selects, the wheel scrolls the pane under the pointer.

use super::{App, Lead, Request};
use crate::{
    review::{Action, Cursor},
    tui::panes::{Focus, areas::Areas},
};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

/// Rows that one notch of the wheel goes.
const NOTCH: isize = 3;

impl App {
    pub(super) fn mouse(&mut self, event: MouseEvent) -> Vec<Request> {
        let by = match event.kind {
            MouseEventKind::ScrollDown => NOTCH,
            MouseEventKind::ScrollUp => -NOTCH,
            MouseEventKind::Down(MouseButton::Left) => 0,
            _ => return Vec::new(),
        };
        if let Some(dialog) = &mut self.dialog {
            dialog.scroll(by);
            return Vec::new();
        }
        let Some(areas) = self.panes.areas.clone() else {
            return Vec::new();
        };
        let Some((focus, area)) = pane_at(&areas, Position::new(event.column, event.row)) else {
            return Vec::new();
        };
        if by != 0 {
            match focus {
                Focus::Queue => self.panes.queue.scroll(by, &self.rows),
                Focus::Code => self.panes.code.scroll(by),
                Focus::Case => self.panes.case.scroll(by),
            }
            return Vec::new();
        }
        self.message = None;
        self.panes.focus = focus;
        match focus {
            Focus::Queue => self.click_queue(area, event.row),
            Focus::Code => self.click_code(area, event.row),
            Focus::Case => {
                if let Some(step) = self.panes.case.step_at(area, event.row) {
                    self.lead = Lead::Step(step);
                }
                Vec::new()
            }
        }
    }

    /// Selects the row; a second click on a fold opens or closes it.
    fn click_queue(&mut self, area: Rect, y: u16) -> Vec<Request> {
        let titled = self.titled();
        let row = self
            .panes
            .queue
            .row_at(area, titled, y)
            .and_then(|i| self.rows.get(i))
            .cloned();
        let Some(row) = row else { return Vec::new() };
        self.lead = Lead::Cursor;
        if self.state.cursor() == Some(&row.cursor()) {
            return row.fold().map(|f| self.take(Action::Toggle(f))).unwrap_or_default();
        }
        self.take(Action::Select(row.cursor()))
    }

    /// Selects the finding on the line, else the hunk.
    fn click_code(&mut self, area: Rect, y: u16) -> Vec<Request> {
        let Some(path) = self.file_path() else {
            return Vec::new();
        };
        let line = self.panes.code.line_at(area, y);
        let on_line = line.and_then(|(old_side, number)| {
            let here = self
                .state
                .findings()
                .iter()
                .filter(|f| f.place.path == path && self.state.filter().shows(f));
            let lines = |f: &&std::sync::Arc<crate::scan::Finding>| {
                f.place.old_side == old_side && (f.place.start.line..=f.place.end.line).contains(&number)
            };
            here.filter(lines)
                .max_by_key(|f| f.severity)
                .map(|f| Cursor::Finding(f.fingerprint.clone()))
        });
        let hunk = self.panes.code.hunk_at(area, y);
        let hunk = hunk
            .and_then(|i| self.state.file(&path)?.hunks().get(i))
            .map(|h| Cursor::Hunk(h.id.clone()));
        match on_line.or(hunk) {
            Some(cursor) => {
                self.lead = Lead::Cursor;
                self.take(Action::Select(cursor))
            }
            None => Vec::new(),
        }
    }
}

fn pane_at(areas: &Areas, at: Position) -> Option<(Focus, Rect)> {
    let panes = [
        (Focus::Queue, areas.queue),
        (Focus::Code, areas.code),
        (Focus::Case, areas.case),
    ];
    panes
        .into_iter()
        .find_map(|(focus, area)| area.filter(|a| a.contains(at)).map(|a| (focus, a)))
}
