//! Performing what the screen asks for, through the session.

use super::{Runtime, ScreenError, editor, preview, signals, signals::Signal};
use crate::{
    change::RepoPath,
    record::Words,
    review::{Action, Entry},
    scan::Fingerprint,
    session::SessionError,
    tui::app::Request,
};
use crossterm::{clipboard::CopyToClipboard, execute};
use std::io;

impl Runtime {
    /// Performs requests and what follows from them. What takes a moment comes out, to be done after the next frame.
    pub(super) fn perform_all(&mut self, requests: Vec<Request>) -> Result<Vec<Request>, ScreenError> {
        let mut later = Vec::new();
        let mut waiting: std::collections::VecDeque<Request> = requests.into();
        while let Some(request) = waiting.pop_front() {
            match request {
                slow @ (Request::Plan { .. } | Request::Perform | Request::UndoRecording) => later.push(slow),
                request => waiting.extend(self.perform(request)?),
            }
        }
        Ok(later)
    }

    fn perform(&mut self, request: Request) -> Result<Vec<Request>, ScreenError> {
        match request {
            Request::Journal(entry) => return Ok(self.journal(entry)),
            Request::ApplyFix(fingerprint) => return Ok(self.apply_fix(&fingerprint)),
            Request::RevertFix(fingerprint) => {
                let done = self.session.revert_fix(&fingerprint);
                return Ok(self.after_fix(done, Entry::Undo));
            }
            Request::ReapplyFix(fingerprint) => {
                let done = self.session.reapply_fix(&fingerprint);
                return Ok(self.after_fix(done, Entry::Redo));
            }
            Request::Reload => self.jobs.reload(),
            Request::Paint(path) => {
                if let Some(file) = self.app.state().file(&path) {
                    self.highlight.ask(self.app.state().change(), file);
                }
            }
            Request::Copy(text) => self.copy(&text),
            Request::CopyFeedback => {
                let text = crate::report::feedback::text(self.app.state());
                match text {
                    Some(text) => {
                        self.copy(&text);
                        self.app.said("The feedback for the agent is on the clipboard.");
                    }
                    None => self
                        .app
                        .said("Nothing is rejected: there is no feedback for the agent."),
                }
            }
            Request::Edit { path, line } => self.edit(&path, line)?,
            Request::Suspend => self.suspend()?,
            Request::Quit => self.leave = true,
            Request::Plan { .. } | Request::Perform | Request::UndoRecording => {}
        }
        Ok(Vec::new())
    }

    /// What takes a moment: asks git, or writes with it.
    pub(super) fn perform_slowly(&mut self, request: Request) -> Result<(), ScreenError> {
        match request {
            Request::Plan { message, ways } => {
                let words = Words {
                    message,
                    ..Words::default()
                };
                match self.session.plan(self.app.state(), &words, ways) {
                    Ok(plan) => {
                        let others = preview::others(&plan);
                        self.app.planned(preview::of(&plan), others);
                        self.plan = Some(plan);
                    }
                    Err(error) => self.app.failed(sentence(&error)),
                }
            }
            Request::Perform => {
                let Some(plan) = self.plan.take() else { return Ok(()) };
                match self.session.record(&plan) {
                    Ok(recorded) => {
                        let said = [recorded.said]
                            .into_iter()
                            .chain(recorded.left)
                            .collect::<Vec<_>>()
                            .join(" ");
                        self.app.recorded(said);
                        // The record's own entry, so that what is in git is not undone here.
                        if let Some(stamped) = self.session.restore().pop() {
                            self.app.take(Action::Journaled(stamped));
                        }
                        self.jobs.reload();
                    }
                    Err(error) => self.app.failed(sentence(&error)),
                }
            }
            Request::UndoRecording => match self.session.undo_recording() {
                Ok(undone) => {
                    self.app.said(undone.said);
                    self.jobs.reload();
                }
                Err(error) => self.app.failed(sentence(&error)),
            },
            _ => {}
        }
        Ok(())
    }

    /// Disk first: only what is written and synced counts.
    fn journal(&mut self, entry: Entry) -> Vec<Request> {
        match self.session.write(entry) {
            Ok(stamped) => self.app.take(Action::Journaled(stamped)),
            Err(error) => self.app.take(Action::Failed(sentence(&error))),
        }
    }

    fn apply_fix(&mut self, fingerprint: &Fingerprint) -> Vec<Request> {
        let state = self.app.state();
        let Some(finding) = state.finding(fingerprint).cloned() else {
            return Vec::new();
        };
        let change = state.change().clone();
        match self.session.apply_fix(&finding, &change) {
            Ok(()) => self.app.take(Action::FixApplied(fingerprint.clone())),
            Err(error) => self.app.take(Action::Failed(sentence(&error))),
        }
    }

    /// The file is as it should be: the journal says so, then what is on disk is taken in.
    fn after_fix(&mut self, done: Result<(), SessionError>, entry: Entry) -> Vec<Request> {
        match done {
            Ok(()) => {
                let mut requests = self.journal(entry);
                requests.push(Request::Reload);
                requests
            }
            Err(error) => self.app.take(Action::Failed(sentence(&error))),
        }
    }

    /// By escape sequence, which also reaches the clipboard of a terminal on the other end of ssh.
    fn copy(&mut self, text: &str) {
        if let Err(error) = execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text)) {
            self.app.failed(format!("The terminal took no copy: {error}."));
        }
    }

    fn edit(&mut self, path: &RepoPath, line: u32) -> Result<(), ScreenError> {
        let file = self.session.root().join(system_path(path));
        if !file.exists() {
            self.app
                .failed("This file is not in the working tree: there is nothing to edit.");
            return Ok(());
        }
        self.input.stand_aside();
        self.terminal.leave()?;
        let opened = editor::open(&file, line);
        self.terminal.enter_again()?;
        self.input.resume();
        match opened {
            Ok(()) => self.jobs.reload(),
            Err(error) => self
                .app
                .failed(format!("The editor did not start: {error}. Set $EDITOR.")),
        }
        Ok(())
    }

    fn suspend(&mut self) -> Result<(), ScreenError> {
        self.input.stand_aside();
        self.terminal.leave()?;
        let stopped = signals::stop_here();
        self.terminal.enter_again()?;
        self.input.resume();
        stopped?;
        Ok(())
    }

    pub(super) fn signal(&mut self, signal: Signal) -> Result<Vec<Request>, ScreenError> {
        match signal {
            Signal::End => self.leave = true,
            Signal::Stop => self.suspend()?,
            Signal::Continue => self.terminal.enter_again()?,
        }
        Ok(Vec::new())
    }
}

/// What went wrong, and what to do about it.
fn sentence(error: &SessionError) -> String {
    let mut text = error.to_string();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    match error.hint() {
        Some(hint) => format!("{text} {hint}"),
        None => text,
    }
}

/// A path of the repository as the system's.
fn system_path(path: &RepoPath) -> std::path::PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(path.bytes()).into()
    }
    #[cfg(not(unix))]
    {
        path.lossy().into_owned().into()
    }
}
