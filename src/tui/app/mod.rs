//! The screen's state between frames: the review, the panes' places, an open dialog, what was just said.
//!
//! Keys and results go in ([`App::input`], [`App::take`]), [`Request`]s come out; nothing here touches a terminal, a file or a
//! clock, so that a test can drive it with keys and look at what would be drawn. A frame is three steps: [`App::fit`] (work out what
//! is where), [`App::draw`] (pure), and, once the terminal has it, [`App::drawn`] (what the person has now had before their eyes).

mod commands;
mod frame;
mod input;
mod outcomes;
mod paints;
mod pointer;
mod search;
#[cfg(test)]
mod tests;

use super::{
    dialogs::{About as NoteAbout, Approve, Dialog, Note, Record},
    glyphs::Glyphs,
    keymap::{Key, Keymap},
    panes::{
        Brush, Focus,
        areas::Areas,
        case::{CasePane, Explanations},
        code::{CodePane, Options},
        footer::{Message, Tone},
        header::About,
        queue::QueuePane,
    },
    theme::Theme,
};
use crate::{
    change::{HunkId, ObjectId, RepoPath},
    record::Way,
    review::{self, Action, Effect, Entry, Row, State, update},
    scan::Fingerprint,
};
use paints::Paints;
pub use search::Search;
use std::collections::HashMap;

/// What is said while the change is loaded again.
const LOADING: &str = "Loading the change again";

/// Something the runtime must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Write this to the journal, sync it, then give [`Action::Journaled`].
    Journal(Entry),
    /// Apply the checked fix of this finding.
    ApplyFix(Fingerprint),
    /// Take the fix out again, then journal the undo.
    RevertFix(Fingerprint),
    /// Put the fix in again, then journal the redo.
    ReapplyFix(Fingerprint),
    /// Load the change and scan it again.
    Reload,
    /// Read tokens and words of this file.
    Paint(RepoPath),
    /// Work out what recording would do and give [`App::planned`].
    Plan {
        /// The message of the commit to be made, for uncommitted work.
        message: String,
        /// Ways the person chose.
        ways: HashMap<ObjectId, Way>,
    },
    /// Record as planned last.
    Perform,
    /// Take the latest recording back.
    UndoRecording,
    /// Put this on the clipboard.
    Copy(String),
    /// Put the feedback for the agent on the clipboard.
    CopyFeedback,
    /// Open the user's editor.
    Edit {
        /// The file.
        path: RepoPath,
        /// 1-based line.
        line: u32,
    },
    /// Back to the shell until continued.
    Suspend,
    /// Leave.
    Quit,
}

/// What the screen is made with; all of it from the program and the user.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Name of the project, for the header.
    pub project: String,
    /// The keys.
    pub keymap: Keymap,
    /// Themes to switch between; the first is in force.
    pub themes: Vec<Theme>,
    /// The signs.
    pub glyphs: Glyphs,
    /// How code is shown.
    pub options: Options,
    /// What the rules say of themselves.
    pub explanations: Explanations,
}

/// Panes and their places.
#[derive(Clone, Debug, Default)]
struct Panes {
    focus: Focus,
    queue: QueuePane,
    code: CodePane,
    case: CasePane,
    /// Where everything was in the last frame.
    areas: Option<Areas>,
}

/// What the code pane follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lead {
    /// The cursor of the review.
    #[default]
    Cursor,
    /// A step of the evidence.
    Step(usize),
    /// The search.
    Match,
}

/// Keys typed so far that mean nothing yet.
#[derive(Clone, Debug, Default)]
struct Pending {
    keys: Vec<Key>,
    count: Option<usize>,
}

/// What is known of a recording while it is being prepared.
#[derive(Clone, Debug, Default)]
struct Recording {
    message: String,
    ways: HashMap<ObjectId, Way>,
    /// The other ways of the last plan's steps.
    others: Vec<(ObjectId, Way)>,
    /// Only uncommitted work has a message to edit.
    editable: bool,
}

/// The screen.
#[derive(Clone, Debug)]
pub struct App {
    state: State,
    rows: Vec<Row>,
    setup: Setup,
    about: About,
    panes: Panes,
    lead: Lead,
    dialog: Option<Dialog>,
    drafts: HashMap<Fingerprint, String>,
    pending: Pending,
    message: Option<Message>,
    search: Option<Search>,
    paints: Paints,
    recording: Recording,
    /// Files on disk changed since the change was loaded.
    changed_on_disk: bool,
    /// The person has moved or done something: the cursor is theirs.
    touched: bool,
    /// What was reported last as being on screen.
    on_screen: (Vec<HunkId>, Vec<Fingerprint>),
}

impl App {
    /// A screen for this review.
    #[must_use]
    pub fn new(state: State, setup: Setup) -> Self {
        let about = About::of(&setup.project, &state);
        let mut app = Self {
            rows: state.rows(),
            state,
            setup,
            about,
            panes: Panes::default(),
            lead: Lead::default(),
            dialog: None,
            drafts: HashMap::new(),
            pending: Pending::default(),
            message: None,
            search: None,
            paints: Paints::default(),
            recording: Recording::default(),
            changed_on_disk: false,
            touched: false,
            on_screen: Default::default(),
        };
        if app.state.cursor().is_none() {
            // The first thing that needs a person; nothing to say when there is none.
            let filter = app.state.filter().clone();
            update(&mut app.state, Action::Filter(filter));
        }
        app
    }

    /// The review.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The theme in force.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.setup.themes[0]
    }

    fn brush(&self) -> Brush<'_> {
        Brush {
            theme: &self.setup.themes[0],
            glyphs: &self.setup.glyphs,
        }
    }

    /// Takes in something that happened to the review.
    pub fn take(&mut self, action: Action) -> Vec<Request> {
        let loaded = matches!(action, Action::Loaded(_));
        let scanned = matches!(action, Action::Scanned(_));
        let failed = matches!(action, Action::Failed(_));
        let effects = update(&mut self.state, action);
        self.rows = self.state.rows();
        if loaded {
            self.about = About::of(&self.setup.project, &self.state);
            self.changed_on_disk = false;
            self.search = None;
        }
        if scanned && !self.touched {
            self.go_to_first_finding();
        }
        let mut requests = Vec::new();
        for effect in effects {
            match effect {
                Effect::Journal(entry) => requests.push(Request::Journal(entry)),
                Effect::Open(dialog) => self.open(dialog),
                Effect::ApplyFix(f) => requests.push(Request::ApplyFix(f)),
                Effect::RevertFix(f) => requests.push(Request::RevertFix(f)),
                Effect::ReapplyFix(f) => requests.push(Request::ReapplyFix(f)),
                Effect::Record => requests.extend(self.begin_record()),
                Effect::Rescan => requests.push(Request::Reload),
                Effect::Say(text) => self.say(text, if failed { Tone::Bad } else { Tone::Plain }),
            }
        }
        requests
    }

    /// While the first scan streams in and nobody has touched a key, the cursor waits on the worst finding.
    fn go_to_first_finding(&mut self) {
        if let Some(row) = self.rows.iter().find(|r| matches!(r, Row::Finding(_))) {
            update(&mut self.state, Action::Select(row.cursor()));
        }
    }

    fn open(&mut self, dialog: review::Dialog) {
        self.dialog = Some(match dialog {
            review::Dialog::Approve { targets, words } => Dialog::Approve(Approve::new(targets, words)),
            review::Dialog::Note { target, text } => {
                let text = self.drafts.get(&target).cloned().unwrap_or(text);
                Dialog::Note(Note::new(NoteAbout::Finding(target), &text))
            }
        });
    }

    fn say(&mut self, text: impl Into<String>, tone: Tone) {
        self.message = Some(Message {
            text: crate::text::safe::visible(text.into()),
            tone,
        });
    }

    /// Files changed on disk: says so; what is shown stays until the person asks.
    pub fn changed_on_disk(&mut self) {
        self.changed_on_disk = true;
    }

    /// The change was loaded again because the person asked.
    pub fn loaded_again(&mut self) {
        if self.message.as_ref().is_some_and(|m| m.text.starts_with(LOADING)) {
            self.say("Up to date.", Tone::Plain);
        }
    }

    /// Something failed outside.
    pub fn failed(&mut self, text: impl Into<String>) {
        if matches!(self.dialog, Some(Dialog::Record(_))) {
            self.dialog = None;
        }
        self.say(text, Tone::Bad);
    }

    /// Something was done outside.
    pub fn said(&mut self, text: impl Into<String>) {
        self.say(text, Tone::Plain);
    }

    /// Shows a dialog about recording; `None` closes it.
    fn show_record(&mut self, record: Option<Record>) {
        self.dialog = record.map(Dialog::Record);
    }
}
