//! What each command does while no dialog is open.

use super::{App, LOADING, Lead, Request};
use crate::{
    change::RepoPath,
    review::{Action, Cursor, Direction, Filter, Fold, Motion},
    scan::{Severity, Tier},
    text::safe::visible,
    tui::{
        dialogs::{Dialog, Help, Palette, Prompt, Question},
        keymap::Command,
        panes::{Focus, areas::Arrangement, footer::Tone},
    },
};

/// Cells that one step sideways goes.
const SIDEWAYS: isize = 8;

impl App {
    /// Runs a command; `count` repeats it where that makes sense.
    pub(super) fn run(&mut self, command: Command, count: Option<usize>) -> Vec<Request> {
        let times = count.unwrap_or(1);
        match command {
            Command::Approve => self.take(Action::BeginApprove),
            Command::Reject => self.take(Action::Reject),
            Command::Comment => self.take(Action::BeginNote),
            Command::Fix => self.fix(),
            Command::Withdraw => self.take(Action::Withdraw),
            Command::Seen => self.take(Action::ToggleSeen),
            Command::Undo => self.take(Action::Undo),
            Command::Redo => self.take(Action::Redo),
            Command::Countersign => self.take(Action::BeginRecord),
            Command::UndoRecording => {
                self.say("Taking the recording back\u{2026}", Tone::Plain);
                vec![Request::UndoRecording]
            }
            Command::Refresh => {
                self.say(format!("{LOADING}\u{2026}"), Tone::Plain);
                vec![Request::Reload]
            }
            Command::Editor => self.editor(),
            Command::Copy => self.copy(),
            Command::Suspend => vec![Request::Suspend],
            Command::Quit => self.quit(),
            Command::Back => self.back(),
            Command::Search => self.prompt(Question::Search),
            Command::Filter => self.prompt(Question::Filter),
            Command::Palette => self.open_dialog(Dialog::Palette(Palette::new())),
            Command::Help => self.open_dialog(Dialog::Help(Help::default())),
            Command::Severity | Command::Audit | Command::Old => self.narrow(command),
            Command::Group => {
                let next = self.state.grouping().next();
                self.say(format!("Grouped {}.", next.title()), Tone::Plain);
                self.take(Action::Group(next))
            }
            Command::SideBySide | Command::Wrap | Command::WholeFile | Command::Theme => self.look(command),
            _ => self.go(command, times),
        }
    }

    fn open_dialog(&mut self, dialog: Dialog) -> Vec<Request> {
        self.dialog = Some(dialog);
        Vec::new()
    }

    fn prompt(&mut self, question: Question) -> Vec<Request> {
        let text = match question {
            Question::Search => self.search.as_ref().map_or("", |s| &s.text),
            Question::Filter => &self.state.filter().text,
        };
        let prompt = Prompt::new(question, text);
        self.open_dialog(Dialog::Prompt(prompt))
    }

    // ---- moving

    fn go(&mut self, command: Command, times: usize) -> Vec<Request> {
        let by = isize::try_from(times).unwrap_or(isize::MAX);
        let motion = match command {
            Command::NextOpen | Command::PreviousOpen if self.search.is_some() => {
                return self.go_to_match(command == Command::NextOpen, times);
            }
            Command::NextOpen => Motion::Undecided(Direction::Forward),
            Command::PreviousOpen => Motion::Undecided(Direction::Back),
            Command::NextHunk => Motion::Hunk(Direction::Forward),
            Command::PreviousHunk => Motion::Hunk(Direction::Back),
            Command::NextFile => Motion::File(Direction::Forward),
            Command::PreviousFile => Motion::File(Direction::Back),
            _ => return self.in_pane(command, by),
        };
        self.lead = Lead::Cursor;
        let mut requests = Vec::new();
        for _ in 0..times.min(self.rows.len().max(1)) {
            requests.extend(self.take(Action::Move(motion)));
        }
        requests
    }

    fn go_to_match(&mut self, forward: bool, times: usize) -> Vec<Request> {
        if let Some(search) = &mut self.search {
            search.step(forward, times);
        }
        self.lead = Lead::Match;
        self.say_match();
        Vec::new()
    }

    /// Movement inside the pane that has the keys.
    fn in_pane(&mut self, command: Command, by: isize) -> Vec<Request> {
        let half = |page: usize| isize::try_from(page / 2).unwrap_or(1).max(1);
        let full = |page: usize| isize::try_from(page.saturating_sub(2)).unwrap_or(1).max(1);
        let case = self.panes.focus == Focus::Case;
        let page = if case {
            self.panes.case.page()
        } else {
            self.panes.code.page()
        };
        match command {
            Command::HalfPageDown => self.scroll_reading(by.saturating_mul(half(page))),
            Command::HalfPageUp => self.scroll_reading(by.saturating_mul(-half(page))),
            Command::PageDown => self.scroll_reading(by.saturating_mul(full(page))),
            Command::PageUp => self.scroll_reading(by.saturating_mul(-full(page))),
            Command::ScrollDown => self.panes.code.scroll(by),
            Command::ScrollUp => self.panes.code.scroll(-by),
            Command::Centre => self.panes.code.centre(),
            Command::NextPane => self.turn_focus(true),
            Command::PreviousPane => self.turn_focus(false),
            Command::Down => return self.step(by),
            Command::Up => return self.step(-by),
            Command::First | Command::Last => return self.go_to_end(command == Command::Last),
            Command::Left | Command::Right => return self.sideways(command == Command::Right, by),
            Command::Open => return self.open_here(),
            _ => {}
        }
        Vec::new()
    }

    /// The code scrolls whichever pane has the keys; the case when it has them.
    fn scroll_reading(&mut self, by: isize) {
        match self.panes.focus {
            Focus::Case => self.panes.case.scroll(by),
            Focus::Queue | Focus::Code => self.panes.code.scroll(by),
        }
    }

    fn step(&mut self, by: isize) -> Vec<Request> {
        match self.panes.focus {
            Focus::Queue => {
                self.lead = Lead::Cursor;
                return self.take(Action::Move(Motion::Rows(by)));
            }
            Focus::Code => self.panes.code.scroll(by),
            Focus::Case => self.step_evidence(by),
        }
        Vec::new()
    }

    /// From step to step of the evidence; past its ends the text scrolls.
    fn step_evidence(&mut self, by: isize) {
        let steps = self.state.selected().map_or(0, |f| f.steps.len());
        let at = match self.lead {
            Lead::Step(at) => Some(at),
            _ => None,
        };
        let next = match at {
            None if by > 0 && steps > 0 => Some(0),
            Some(at) => at.checked_add_signed(by).filter(|n| *n < steps),
            None => None,
        };
        match next {
            Some(next) => self.lead = Lead::Step(next),
            None => self.panes.case.scroll(by),
        }
    }

    fn go_to_end(&mut self, last: bool) -> Vec<Request> {
        match self.panes.focus {
            Focus::Queue => {
                self.lead = Lead::Cursor;
                return self.take(Action::Move(if last { Motion::Last } else { Motion::First }));
            }
            Focus::Code => self.panes.code.to_end(last),
            Focus::Case => self.panes.case.to_end(last),
        }
        Vec::new()
    }

    fn sideways(&mut self, right: bool, by: isize) -> Vec<Request> {
        match self.panes.focus {
            Focus::Queue => self.fold_towards(right),
            Focus::Code => {
                self.panes
                    .code
                    .scroll_sideways(by.saturating_mul(if right { SIDEWAYS } else { -SIDEWAYS }));
                Vec::new()
            }
            Focus::Case => Vec::new(),
        }
    }

    /// Left closes the fold around the cursor (and goes to its head), right opens the one under it.
    fn fold_towards(&mut self, open: bool) -> Vec<Request> {
        let Some(at) = self.cursor_row() else { return Vec::new() };
        let own = self.rows[at].fold();
        let head = match &own {
            Some(fold) if open || self.state.is_open(fold) => at,
            _ if open => return self.turn_to(Focus::Code),
            _ => match self.rows[..at].iter().rposition(|r| r.fold().is_some()) {
                Some(head) => head,
                None => return Vec::new(),
            },
        };
        let Some(fold) = self.rows[head].fold() else {
            return Vec::new();
        };
        let mut requests = Vec::new();
        if head != at {
            requests.extend(self.take(Action::Select(self.rows[head].cursor())));
        }
        if self.state.is_open(&fold) != open {
            requests.extend(self.take(Action::Toggle(fold)));
        } else if open {
            requests.extend(self.turn_to(Focus::Code));
        }
        requests
    }

    fn cursor_row(&self) -> Option<usize> {
        let cursor = self.state.cursor()?;
        self.rows.iter().position(|r| r.cursor() == *cursor)
    }

    /// Enter: opens or closes a fold; from a finding on to its code; from a step of the evidence to its place.
    fn open_here(&mut self) -> Vec<Request> {
        match self.panes.focus {
            Focus::Queue => {
                let fold = self.cursor_row().and_then(|at| self.rows[at].fold());
                match (fold, self.state.cursor()) {
                    (Some(fold @ (Fold::Decided | Fold::NotExamined | Fold::Hunks | Fold::Group(_))), _) => {
                        self.take(Action::Toggle(fold))
                    }
                    (Some(fold), Some(Cursor::File(_))) => self.take(Action::Toggle(fold)),
                    _ => self.turn_to(Focus::Code),
                }
            }
            Focus::Case if matches!(self.lead, Lead::Step(_)) => self.turn_to(Focus::Code),
            Focus::Code | Focus::Case => Vec::new(),
        }
    }

    fn turn_to(&mut self, focus: Focus) -> Vec<Request> {
        self.panes.focus = focus;
        Vec::new()
    }

    /// Round through the panes in the order they stand on the screen.
    fn turn_focus(&mut self, forward: bool) {
        let stacked = self
            .panes
            .areas
            .as_ref()
            .is_some_and(|a| a.arrangement == Arrangement::Halves);
        let order = if stacked {
            [Focus::Queue, Focus::Case, Focus::Code]
        } else {
            [Focus::Queue, Focus::Code, Focus::Case]
        };
        let at = order.iter().position(|f| *f == self.panes.focus).unwrap_or(0);
        self.panes.focus = order[(at + if forward { 1 } else { 2 }) % 3];
    }

    // ---- doing

    /// Shows the fix; where the case is not in view, brings it there.
    fn fix(&mut self) -> Vec<Request> {
        let hidden = self.panes.areas.as_ref().is_some_and(|a| a.case.is_none());
        if hidden && self.state.selected().is_some_and(|f| f.fix.is_some()) {
            self.panes.focus = Focus::Case;
        }
        self.take(Action::Fix)
    }

    fn narrow(&mut self, command: Command) -> Vec<Request> {
        let now = self.state.filter().clone();
        let (filter, text) = match command {
            Command::Severity => {
                let severity = match now.severity {
                    Severity::Info => Severity::Medium,
                    Severity::Low | Severity::Medium => Severity::High,
                    Severity::High => Severity::Critical,
                    Severity::Critical => Severity::Info,
                };
                let name = format!("{severity:?}").to_lowercase();
                let text = if severity == Severity::Info {
                    "All severities.".into()
                } else {
                    format!("Only findings from {name} on.")
                };
                (Filter { severity, ..now }, text)
            }
            Command::Audit => {
                let audit = now.tier == Tier::Default;
                let tier = if audit { Tier::Audit } else { Tier::Default };
                let text = if audit {
                    "Audit findings are shown too."
                } else {
                    "Audit findings are hidden."
                };
                (Filter { tier, ..now }, text.into())
            }
            _ => {
                let old = !now.old;
                let text = if old {
                    "Old findings are shown too."
                } else {
                    "Old findings are hidden."
                };
                (Filter { old, ..now }, text.into())
            }
        };
        self.say(text, Tone::Plain);
        self.take(Action::Filter(filter))
    }

    fn look(&mut self, command: Command) -> Vec<Request> {
        let options = &mut self.setup.options;
        let text = match command {
            Command::SideBySide => {
                options.split = !options.split;
                if options.split {
                    "Old and new side by side."
                } else {
                    "Old and new one under the other."
                }
            }
            Command::Wrap => {
                options.wrap = !options.wrap;
                if options.wrap {
                    "Long lines wrap."
                } else {
                    "Long lines are cut; h and l scroll."
                }
            }
            Command::WholeFile => {
                options.whole = !options.whole;
                if options.whole {
                    "The whole file."
                } else {
                    "Only what changed."
                }
            }
            _ => {
                self.setup.themes.rotate_left(1);
                let name = self.setup.themes[0].name.clone();
                self.say(format!("Theme: {name}."), Tone::Plain);
                return Vec::new();
            }
        };
        self.say(text, Tone::Plain);
        Vec::new()
    }

    /// Closes what is open, one thing at a time.
    fn back(&mut self) -> Vec<Request> {
        if self.search.take().is_some() {
            self.lead = Lead::Cursor;
            return Vec::new();
        }
        if self.state.fix_shown().is_some() {
            return self.take(Action::HideFix);
        }
        if self.lead != Lead::Cursor {
            self.lead = Lead::Cursor;
            return Vec::new();
        }
        if self.panes.focus != Focus::Queue {
            return self.turn_to(Focus::Queue);
        }
        if self.state.filter().narrows() {
            let filter = Filter {
                text: String::new(),
                severity: Severity::Info,
                ..self.state.filter().clone()
            };
            self.say("The filter is cleared.", Tone::Plain);
            return self.take(Action::Filter(filter));
        }
        Vec::new()
    }

    /// Leaves; a draft that would be lost is shown first.
    fn quit(&mut self) -> Vec<Request> {
        if let Some(target) = self.drafts.keys().next().cloned() {
            if self.state.finding(&target).is_some() {
                let requests = self.take(Action::Select(Cursor::Finding(target)));
                let more = self.take(Action::BeginNote);
                self.say(
                    "This note was begun and not kept. Keep it or empty it, then leave.",
                    Tone::Warn,
                );
                return requests.into_iter().chain(more).collect();
            }
            self.drafts.remove(&target);
            return self.quit();
        }
        vec![Request::Quit]
    }

    fn editor(&mut self) -> Vec<Request> {
        match self.place() {
            Some((path, line)) => vec![Request::Edit { path, line }],
            None => {
                self.say("There is no file here to edit.", Tone::Plain);
                Vec::new()
            }
        }
    }

    /// The line an editor would open at: the finding's, or the first in view.
    fn place(&self) -> Option<(RepoPath, u32)> {
        let path = self.file_path()?;
        let finding = self
            .state
            .selected()
            .filter(|f| f.place.path == path && !f.place.old_side && self.lead == Lead::Cursor);
        let line = finding.map(|f| f.place.start.line);
        let top = || self.panes.code.top_line().map(|(_, line)| line);
        Some((path, line.or_else(top).unwrap_or(1)))
    }

    fn copy(&mut self) -> Vec<Request> {
        let text = match self.state.selected() {
            Some(f) => {
                let place = format!("{}:{}", visible(f.place.path.bytes()), f.place.start.line);
                format!("{place}: {} ({})", visible(&f.title), visible(f.rule.as_bytes()))
            }
            None => match self.place() {
                Some((path, line)) => format!("{}:{line}", visible(path.bytes())),
                None => return Vec::new(),
            },
        };
        self.say(format!("Copied: {text}"), Tone::Plain);
        vec![Request::Copy(text)]
    }
}
