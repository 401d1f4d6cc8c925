//! One frame: fitting the panes to the screen, drawing them, and what was then on screen.

use super::{App, Lead, Request};
use crate::{
    change::{FileChange, RepoPath},
    review::{Action, Cursor, Grouping, Row},
    scan::{FixQuality, Place},
    tui::{
        dialogs::Setting,
        highlight::worker::PaintKey,
        keymap::{Command, Mode},
        panes::{
            Focus,
            areas::{Areas, Arrangement},
            case::{CaseKeys, CaseView},
            code::{Aim, CodeView, Found},
            footer::{self, Message, Tone},
            header,
            queue::QueueView,
        },
        theme::Role,
        widgets::row,
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

/// Least screen on which anything can be shown.
const LEAST: (u16, u16) = (30, 6);

/// Everything the code and case panes look at, worked out once a frame.
struct Sight {
    path: Option<RepoPath>,
    aim: Option<Aim>,
    found: Vec<Found>,
    step: Option<usize>,
    keys: CaseKeys,
}

impl App {
    /// Fits everything to a screen of this size. What must be fetched for it comes out.
    pub fn fit(&mut self, screen: Rect) -> Vec<Request> {
        let areas = Areas::of(screen, self.panes.focus, self.rows.len(), self.setup.options.split);
        let sight = self.sight();
        let requests = self.wish(&sight);
        let mut panes = std::mem::take(&mut self.panes);
        if let Some(area) = areas.queue {
            let titled = areas.arrangement != Arrangement::Stack;
            panes.queue.fit(&self.state, &self.rows, area, titled);
        }
        if let Some(area) = areas.code {
            panes.code.fit(&self.code_view(&sight, panes.focus), area);
        }
        if let Some(area) = areas.case {
            panes.case.fit(&self.case_view(&sight, panes.focus), area, self.brush());
        }
        panes.areas = Some(areas);
        self.panes = panes;
        requests
    }

    /// Draws the frame that was fitted last.
    pub fn draw(&self, buffer: &mut Buffer) {
        let brush = self.brush();
        let Some(areas) = &self.panes.areas else { return };
        row::shade(areas.screen, brush.style(Role::Page), buffer);
        if areas.screen.width < LEAST.0 || areas.screen.height < LEAST.1 {
            row::draw(&"Too small: 30x6 at least.".into(), areas.screen, buffer);
            return;
        }
        let sight = self.sight();
        header::draw(&self.state, &self.about, areas.header, brush, buffer);
        self.draw_lines(areas, buffer);
        if let Some(area) = areas.queue {
            let view = QueueView {
                state: &self.state,
                rows: &self.rows,
                focused: self.panes.focus == Focus::Queue,
                titled: self.titled(),
            };
            self.panes.queue.draw(&view, area, brush, buffer);
        }
        if let Some(area) = areas.code {
            self.panes
                .code
                .draw(&self.code_view(&sight, self.panes.focus), area, brush, buffer);
        }
        if let Some(area) = areas.case {
            self.panes
                .case
                .draw(&self.case_view(&sight, self.panes.focus), area, brush, buffer);
        }
        self.draw_foot(areas, buffer);
        if let Some(dialog) = &self.dialog {
            let setting = Setting {
                state: &self.state,
                keymap: &self.setup.keymap,
                brush,
                screen: areas.screen,
            };
            dialog.draw(setting, buffer);
        }
    }

    /// The terminal has the frame: what was on it counts as shown, unless a dialog covered it or nobody has touched a key yet.
    pub fn drawn(&mut self) -> Vec<Request> {
        let in_view = self.panes.areas.as_ref().is_some_and(|a| a.code.is_some());
        if self.dialog.is_some() || !in_view || !self.touched {
            return Vec::new();
        }
        let sight = self.sight();
        let (hunks, findings) = self.panes.code.on_screen(&self.code_view(&sight, self.panes.focus));
        let now = (hunks, findings);
        if now == self.on_screen {
            return Vec::new();
        }
        self.on_screen = now.clone();
        self.take(Action::OnScreen {
            hunks: now.0,
            findings: now.1,
        })
    }

    pub(super) fn titled(&self) -> bool {
        self.panes
            .areas
            .as_ref()
            .is_none_or(|a| a.arrangement != Arrangement::Stack)
    }

    /// The file in the code pane.
    pub(super) fn file_path(&self) -> Option<RepoPath> {
        self.sight().path
    }

    fn sight(&self) -> Sight {
        let step = match self.lead {
            Lead::Step(step) => Some(step),
            _ => None,
        };
        let at_step = step.and_then(|i| self.state.selected()?.steps.get(i)).map(|s| &s.place);
        let at_match = self
            .search
            .as_ref()
            .filter(|_| self.lead == Lead::Match)
            .and_then(|s| s.current())
            .map(|(_, m)| m);
        let (path, aim) = match (at_step, at_match) {
            (Some(place), _) => (self.changed_path(place), self.aim_at(place)),
            (_, Some(m)) => (
                Some(m.path.clone()),
                Some(Aim::Line {
                    path: m.path.clone(),
                    old_side: m.old_side,
                    line: m.line,
                }),
            ),
            _ => (self.cursor_path(), self.cursor_aim()),
        };
        let found = match (&self.search, &path) {
            (Some(search), Some(path)) => search.found(path),
            _ => Vec::new(),
        };
        let key = |c| self.setup.keymap.key_of(&[Mode::Main], c);
        let keys = CaseKeys {
            approve: key(Command::Approve),
            fix: key(Command::Fix),
            seen: key(Command::Seen),
            editor: key(Command::Editor),
        };
        Sight {
            path,
            aim,
            found,
            step,
            keys,
        }
    }

    /// The changed file that holds a place; `None` when the change does not touch its file.
    fn changed_path(&self, place: &Place) -> Option<RepoPath> {
        let files = &self.state.change().files;
        let file = files
            .iter()
            .find(|f| f.path == place.path || f.old_path.as_ref() == Some(&place.path))?;
        Some(file.path.clone())
    }

    fn aim_at(&self, place: &Place) -> Option<Aim> {
        let path = self.changed_path(place)?;
        Some(Aim::Line {
            path,
            old_side: place.old_side,
            line: place.start.line,
        })
    }

    /// The file under the cursor; over rows that are of no file, the first one with something open in it.
    fn cursor_path(&self) -> Option<RepoPath> {
        if let Some(file) = self.state.current_file() {
            return Some(file.path.clone());
        }
        let at = self
            .state
            .cursor()
            .and_then(|c| self.rows.iter().position(|r| r.cursor() == *c));
        let below = self.rows.iter().skip(at.unwrap_or(0)).find_map(|r| self.path_of_row(r));
        below.or_else(|| self.state.change().files.first().map(|f| f.path.clone()))
    }

    fn path_of_row(&self, row: &Row) -> Option<RepoPath> {
        match row {
            Row::File { path, .. } => self.state.file(path).map(|f| f.path.clone()),
            Row::Finding(f) => self.changed_path(&self.state.finding(f)?.place),
            Row::Hunk(id) => self.state.hunk(id).map(|(f, _)| f.path.clone()),
            _ => None,
        }
    }

    fn cursor_aim(&self) -> Option<Aim> {
        match self.state.cursor()? {
            Cursor::Finding(fingerprint) => Some(Aim::Finding(fingerprint.clone())),
            Cursor::Hunk(id) => Some(Aim::Hunk(id.clone())),
            Cursor::File(path) => Some(Aim::File(path.clone())),
            Cursor::NotExamined(index) => {
                let n = self.state.not_examined().get(*index)?;
                let line = n.lines.map_or(1, |(first, _)| first);
                Some(Aim::Line {
                    path: n.path.clone(),
                    old_side: false,
                    line,
                })
            }
            Cursor::Group(_) | Cursor::Fold(_) => None,
        }
    }

    fn file_of(&self, sight: &Sight) -> Option<&FileChange> {
        self.state.file(sight.path.as_ref()?)
    }

    fn code_view<'a>(&'a self, sight: &'a Sight, focus: Focus) -> CodeView<'a> {
        let file = self.file_of(sight);
        CodeView {
            state: &self.state,
            file,
            no_file: if self.state.change().files.is_empty() {
                ""
            } else {
                "This file is not part of the change."
            },
            aim: sight.aim.as_ref(),
            finding: self.state.selected().map(AsRef::as_ref),
            step: sight.step,
            paint: file.and_then(|f| self.paints.get(&PaintKey::of(f))),
            found: &sight.found,
            options: self.setup.options,
            focused: focus == Focus::Code,
            ascii: self.setup.glyphs.ascii,
        }
    }

    fn case_view<'a>(&'a self, sight: &'a Sight, focus: Focus) -> CaseView<'a> {
        CaseView {
            state: &self.state,
            finding: self.state.selected().map(AsRef::as_ref),
            explanations: &self.setup.explanations,
            step: sight.step,
            focused: focus == Focus::Case,
            keys: &sight.keys,
        }
    }

    /// Asks for the tokens of the file in view, and of the one that is likely next.
    fn wish(&mut self, sight: &Sight) -> Vec<Request> {
        let mut wishes = Vec::new();
        let mut paths: Vec<RepoPath> = sight.path.iter().cloned().collect();
        let here = self
            .rows
            .iter()
            .position(|r| self.path_of_row(r).as_ref() == sight.path.as_ref());
        let next = here.and_then(|at| {
            self.rows[at..]
                .iter()
                .filter_map(|r| self.path_of_row(r))
                .find(|p| Some(p) != sight.path.as_ref())
        });
        paths.extend(next);
        // The newest wish is served first.
        for path in paths.into_iter().rev() {
            let Some(key) = self
                .state
                .file(&path)
                .filter(|f| !f.hunks().is_empty())
                .map(PaintKey::of)
            else {
                continue;
            };
            if self.paints.wants(&key) {
                wishes.push(Request::Paint(path));
            }
        }
        wishes
    }

    fn draw_lines(&self, areas: &Areas, buffer: &mut Buffer) {
        let brush = self.brush();
        let style = brush.style(Role::Rule);
        let g = brush.glyphs;
        for rule in areas.top_rule.iter().chain([&areas.bottom_rule]).chain(&areas.rules) {
            row::rule(*rule, style, g, buffer);
        }
        for wall in &areas.walls {
            row::wall(*wall, style, g, buffer);
            if areas.top_rule.is_some() {
                row::put(wall.x, wall.y.saturating_sub(1), g.tee_down, style, buffer);
            }
            row::put(wall.x, wall.bottom(), g.tee_up, style, buffer);
        }
        if areas.arrangement == Arrangement::Halves
            && let (Some(rule), Some(wall)) = (areas.rules.first(), areas.walls.first())
        {
            row::put(wall.x, rule.y, g.tee_left, style, buffer);
        }
    }

    fn draw_foot(&self, areas: &Areas, buffer: &mut Buffer) {
        let brush = self.brush();
        if self.changed_on_disk {
            let key = self.setup.keymap.key_of(&[Mode::Main], Command::Refresh);
            let text = format!("Files changed on disk. {key} takes in what changed.");
            let rule = areas.top_rule.unwrap_or(areas.bottom_rule);
            footer::draw_message(&Message { text, tone: Tone::Warn }, rule, brush, buffer);
        }
        if let Some(message) = &self.message {
            footer::draw_message(message, areas.bottom_rule, brush, buffer);
        }
        if self.dialog.is_some() {
            // A dialog brings its own hints.
            return;
        }
        let modes = self.modes();
        let pending = footer::pending(&self.setup.keymap, &modes, &self.pending.keys, self.pending.count);
        let pairs = if pending.is_empty() { self.hints() } else { pending };
        footer::draw(&pairs, areas.footer, brush, buffer);
    }

    /// Keys that do something here and now, read off the key table.
    fn hints(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for mode in [self.modes()[0], Mode::Main] {
            for binding in self.setup.keymap.of(mode).filter(|b| !b.hint.is_empty()) {
                let word = self.word(binding.command, &binding.hint);
                if self.applies(binding.command) && !pairs.iter().any(|(_, w)| *w == word) {
                    pairs.push((binding.written(), word));
                }
            }
        }
        pairs
    }

    fn word(&self, command: Command, hint: &str) -> String {
        match command {
            Command::Fix if self.state.fix_shown().is_some() => "apply fix".into(),
            Command::NextPane if self.panes.areas.as_ref().is_some_and(|a| a.case.is_none()) => "case".into(),
            Command::NextOpen if self.search.is_some() => "next match".into(),
            _ => hint.to_owned(),
        }
    }

    /// True when the command has something to do here.
    fn applies(&self, command: Command) -> bool {
        let selected = self.state.selected();
        let progress = self.state.progress();
        match command {
            Command::Approve => match self.state.cursor() {
                Some(Cursor::Finding(_)) => selected.is_some(),
                Some(cursor @ (Cursor::File(_) | Cursor::Group(_))) => !self.state.members(cursor).is_empty(),
                _ => false,
            },
            Command::Reject | Command::Comment => selected.is_some(),
            Command::Fix => selected
                .and_then(|f| f.fix.as_ref())
                .is_some_and(|f| self.state.fix_shown().is_none() || f.quality == FixQuality::Checked),
            Command::Seen => self.state.current_hunk().is_some(),
            Command::Undo => self.state.ledger().undoable().is_some(),
            Command::NextOpen => progress.open > 0 || progress.seen < progress.hunks || self.search.is_some(),
            Command::NextHunk => progress.hunks > 1 && self.state.grouping() == Grouping::File,
            Command::Countersign => !self.state.change().files.is_empty(),
            _ => true,
        }
    }
}
