//! The screen in a real terminal: the one place of this folder that does things.
//!
//! One channel of [`Event`]s, a few threads that send into it (keys, signals, loading and scanning, highlighting, watching). The main
//! thread takes everything that waits, lets the [`App`] work out what follows, performs it through the [`Session`], and draws once. The
//! session lives on the main thread: a decision is on disk before the next frame is drawn. Loading and scanning carry the
//! number of the request that started them; what a newer request replaced is dropped.

mod editor;
mod event;
mod input;
mod jobs;
mod perform;
mod preview;
mod signals;
mod terminal;
mod watch;

use super::{
    app::{App, Request, Setup},
    glyphs::Glyphs,
    highlight::worker::Worker,
    keymap::Keymap,
    panes::{
        case::{Explanation, Explanations},
        code::Options,
    },
    theme::{Background, Depth, Theme, background},
};
use crate::{
    change::{Change, Source},
    record::Plan,
    review::{Action, Scanned, State},
    session::{Reader, Session},
};
use event::Event;
use input::Input;
use jobs::Jobs;
use std::{
    io::{self, IsTerminal},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
};
use terminal::Terminal;

/// Why the screen could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// Standard input or output is a pipe or a file.
    #[error("the review needs a terminal: standard {0} is not one")]
    NoTerminal(&'static str),
    /// The terminal could not be used.
    #[error("the terminal could not be used: {0}")]
    Terminal(#[from] io::Error),
    /// The change or the journal could not be used.
    #[error(transparent)]
    Session(#[from] crate::session::SessionError),
    /// The change could not be read.
    #[error(transparent)]
    Change(#[from] crate::change::Error),
    /// The user's theme.
    #[error(transparent)]
    Theme(#[from] super::theme::ThemeError),
    /// The user's keys.
    #[error(transparent)]
    Keys(#[from] super::keymap::KeymapError),
}

/// What theme to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the terminal's background is.
    #[default]
    Automatic,
    /// A built-in one.
    BuiltIn(Background),
    /// The text of a theme file of the user's.
    File(String),
}

/// How the screen is opened; all of it the user's own.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The theme.
    pub theme: ThemeChoice,
    /// The text of the user's key table.
    pub keys: Option<String>,
    /// How code is shown.
    pub options: Options,
    /// Use the mouse.
    pub mouse: bool,
}

/// How the review was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Findings still to be decided.
    pub open: usize,
    /// Hunks not seen.
    pub unseen: usize,
}

/// Opens the review of the session's change and stays until the person leaves.
///
/// # Errors
/// When there is no terminal, when the change cannot be loaded, or when the terminal fails.
pub fn run(session: Session, opening: Opening) -> Result<Left, ScreenError> {
    for (name, there) in [
        ("input", io::stdin().is_terminal()),
        ("output", io::stdout().is_terminal()),
    ] {
        if !there {
            return Err(ScreenError::NoTerminal(name));
        }
    }
    let change = Arc::new(session.reader().load()?);
    let policy = session.policy(&change)?;
    let mut state = State::new(Arc::clone(&change), policy);
    for stamped in session.restore() {
        crate::review::update(&mut state, Action::Journaled(stamped));
    }
    let keymap = match &opening.keys {
        Some(text) => Keymap::with_user(text)?,
        None => Keymap::built_in()?,
    };
    let terminal = Terminal::enter(opening.mouse)?;
    let setup = Setup {
        project: project(&session),
        keymap,
        themes: themes(&opening.theme, &terminal)?,
        glyphs: Glyphs::of(|name| std::env::var(name).ok()),
        options: opening.options,
        explanations: explanations(session.reader()),
    };
    let mut app = App::new(state, setup);
    if let Some(said) = session.said().first() {
        app.said(said.clone());
    }
    Runtime::start(app, session, terminal, &change)?.stay()
}

/// The folder's name.
fn project(session: &Session) -> String {
    let root = session
        .root()
        .canonicalize()
        .unwrap_or_else(|_| session.root().to_path_buf());
    root.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The theme in force, then the one that `theme` switches to.
fn themes(choice: &ThemeChoice, terminal: &Terminal) -> Result<Vec<Theme>, ScreenError> {
    let variable = |name: &str| std::env::var(name).ok();
    let depth = Depth::of(variable);
    let known = || {
        let asked = (depth > Depth::None).then(|| terminal.background()).flatten();
        asked.or_else(|| background::from_environment(variable("COLORFGBG").as_deref()))
    };
    let first = match choice {
        ThemeChoice::Automatic => Theme::built_in(known().unwrap_or_default(), depth)?,
        ThemeChoice::BuiltIn(background) => Theme::built_in(*background, depth)?,
        ThemeChoice::File(text) => Theme::from_user(text, depth)?,
    };
    let other = match first.background {
        Background::Dark => Background::Light,
        Background::Light => Background::Dark,
    };
    Ok(vec![first, Theme::built_in(other, depth)?])
}

fn explanations(reader: Reader) -> Explanations {
    Explanations::new(move |id| {
        reader.rules().rule(id).map(|rule| Explanation {
            why: rule.why.clone(),
            check: rule.check.clone(),
            references: rule.references.clone(),
        })
    })
}

/// Everything while the screen is open.
struct Runtime {
    app: App,
    session: Session,
    terminal: Terminal,
    events: Receiver<Event>,
    input: Input,
    jobs: Jobs,
    highlight: Worker,
    /// What the person is asked to confirm.
    plan: Option<Plan>,
    /// A change that was loaded, kept until its scan is whole.
    next: Option<Arc<Change>>,
    leave: bool,
}

impl Runtime {
    fn start(app: App, session: Session, terminal: Terminal, change: &Arc<Change>) -> io::Result<Self> {
        let (send, events) = channel();
        signals::listen(send.clone())?;
        let input = Input::start(send.clone())?;
        let painted = send.clone();
        let highlight = Worker::start(move |paint| {
            let _ = painted.send(Event::Painted(Box::new(paint)));
        })?;
        let mut jobs = Jobs::new(session.reader(), send.clone());
        jobs.scan(Arc::clone(change));
        let on_disk = matches!(change.source, Source::WorkTree | Source::Index | Source::Unstaged);
        if on_disk {
            watch::start(session.root(), session.reader(), send);
        }
        Ok(Self {
            app,
            session,
            terminal,
            events,
            input,
            jobs,
            highlight,
            plan: None,
            next: None,
            leave: false,
        })
    }

    fn stay(mut self) -> Result<Left, ScreenError> {
        let mut later = Vec::new();
        loop {
            later = self.frame(later)?;
            if self.leave {
                break;
            }
            if !later.is_empty() {
                // What takes a moment is done after a frame has said so.
                for request in std::mem::take(&mut later) {
                    self.perform_slowly(request)?;
                }
                continue;
            }
            let Ok(first) = self.events.recv() else { break };
            later = self.take_in(first)?;
            if self.leave {
                break;
            }
        }
        self.terminal.leave()?;
        let progress = self.app.state().progress();
        Ok(Left {
            open: progress.open,
            unseen: progress.hunks - progress.seen,
        })
    }

    /// Takes in one event and everything that waits behind it. What takes a moment comes out.
    fn take_in(&mut self, first: Event) -> Result<Vec<Request>, ScreenError> {
        let mut later = Vec::new();
        let mut event = Some(first);
        while let Some(now) = event {
            let requests = self.handle(now)?;
            later.extend(self.perform_all(requests)?);
            if self.leave {
                break;
            }
            event = self.events.try_recv().ok();
        }
        Ok(later)
    }

    /// Draws a frame, and again while what was drawn changes what there is to draw.
    fn frame(&mut self, mut later: Vec<Request>) -> Result<Vec<Request>, ScreenError> {
        // Twice is enough: marks that follow from what was on screen lead to no further marks.
        for _ in 0..2 {
            let area = self.terminal.area()?;
            let wishes = self.app.fit(area);
            later.extend(self.perform_all(wishes)?);
            self.terminal.draw(|buffer| self.app.draw(buffer))?;
            let after = self.app.drawn();
            if after.is_empty() {
                break;
            }
            later.extend(self.perform_all(after)?);
        }
        Ok(later)
    }

    fn handle(&mut self, event: Event) -> Result<Vec<Request>, ScreenError> {
        Ok(match event {
            Event::Input(event) => self.app.input(&event),
            Event::InputEnded => {
                self.leave = true;
                Vec::new()
            }
            Event::Signal(signal) => return self.signal(signal),
            Event::Painted(paint) => {
                self.app.painted(*paint);
                Vec::new()
            }
            Event::OnDisk(change) => {
                if !jobs::same(self.app.state().change(), &change) {
                    self.app.changed_on_disk();
                }
                Vec::new()
            }
            Event::Loaded { number, result } if self.jobs.is_current(number) => self.loaded(result),
            Event::Scanned { number, scanned } if self.jobs.is_current(number) => self.scanned(scanned),
            Event::Loaded { .. } | Event::Scanned { .. } => Vec::new(),
        })
    }

    fn loaded(&mut self, result: Result<Arc<Change>, String>) -> Vec<Request> {
        match result {
            Ok(change) => {
                self.next = Some(change);
                Vec::new()
            }
            Err(why) => {
                self.app.failed(why);
                Vec::new()
            }
        }
    }

    /// A first scan streams in. After loading again, the old picture stays until the new one is whole.
    fn scanned(&mut self, scanned: Scanned) -> Vec<Request> {
        let scanned = match (&self.next, scanned) {
            (Some(_), Scanned::Progress { done, .. }) => Scanned::Progress {
                done,
                findings: Vec::new(),
            },
            (_, scanned) => scanned,
        };
        let mut requests = Vec::new();
        if matches!(scanned, Scanned::Done { .. })
            && let Some(change) = self.next.take()
        {
            requests.extend(self.app.take(Action::Loaded(change)));
            self.app.loaded_again();
        }
        requests.extend(self.app.take(Action::Scanned(scanned)));
        requests
    }
}
