//! What dialogs come to, and the way from the decisions to git.

use super::{App, Lead, Recording, Request, Search};
use crate::{
    change::{ObjectId, Source},
    record::Way,
    review::{Action, Filter},
    tui::{
        dialogs::{About, Dialog, Note, Outcome, Preview, Record},
        highlight::worker::Paint,
        keymap::{Command, Mode},
        panes::footer::Tone,
    },
};

impl App {
    /// Gives a dialog something to do and does what comes of it.
    pub(super) fn in_dialog(&mut self, act: impl FnOnce(&mut Dialog) -> Outcome) -> Vec<Request> {
        let Some(dialog) = &mut self.dialog else {
            return Vec::new();
        };
        let outcome = act(dialog);
        if matches!(
            outcome,
            Outcome::Stay | Outcome::Perform | Outcome::OtherWay | Outcome::CopyFeedback
        ) {
            return self.staying(outcome);
        }
        let closed = self.dialog.take();
        match outcome {
            Outcome::Close => {
                self.keep_draft(closed);
                Vec::new()
            }
            Outcome::Act(action) => {
                if let Action::Note { target, .. } = &action {
                    self.drafts.remove(target);
                }
                self.take(action)
            }
            Outcome::Run(command) => self.run(command, None),
            Outcome::Search(text) => {
                self.search(&text);
                Vec::new()
            }
            Outcome::Filter(text) => {
                let filter = Filter {
                    text,
                    ..self.state.filter().clone()
                };
                self.take(Action::Filter(filter))
            }
            Outcome::Message(text) => {
                self.recording.message = text;
                self.plan()
            }
            Outcome::EditMessage => self.edit_message(closed),
            Outcome::Stay | Outcome::Perform | Outcome::OtherWay | Outcome::CopyFeedback => Vec::new(),
        }
    }

    fn staying(&mut self, outcome: Outcome) -> Vec<Request> {
        match outcome {
            Outcome::Perform => vec![Request::Perform],
            Outcome::CopyFeedback => vec![Request::CopyFeedback],
            Outcome::OtherWay => self.other_way(),
            _ => Vec::new(),
        }
    }

    /// A note that was begun and left is kept for the next time; a message too.
    fn keep_draft(&mut self, closed: Option<Dialog>) {
        let Some(Dialog::Note(note)) = closed else { return };
        let text = note.text();
        match &note.about {
            About::Finding(target) => {
                let written = self.state.ledger().note(target).unwrap_or_default();
                if text.trim() == written.trim() {
                    self.drafts.remove(target);
                } else {
                    self.drafts.insert(target.clone(), text);
                    self.say("The text is kept as a draft until you leave.", Tone::Plain);
                }
            }
            About::Message => self.recording.message = text,
        }
    }

    fn search(&mut self, text: &str) {
        if text.trim().is_empty() {
            self.search = None;
            self.lead = Lead::Cursor;
            return;
        }
        let mut search = Search::of(self.state.change(), text);
        if search.count() == 0 {
            self.say("Nothing in the changed code matches.", Tone::Warn);
            self.search = None;
            return;
        }
        if let Some(path) = self.file_path() {
            search.start_at(&path);
        }
        self.search = Some(search);
        self.lead = Lead::Match;
        self.say_match();
    }

    /// Says where the search stands.
    pub(super) fn say_match(&mut self) {
        let Some(search) = &self.search else { return };
        let (at, count) = (search.current().map_or(0, |(at, _)| at), search.count());
        self.say(format!("Match {at} of {count}. Esc ends the search."), Tone::Plain);
    }

    // ---- recording

    /// Begins a recording: uncommitted work needs a message first.
    pub(super) fn begin_record(&mut self) -> Vec<Request> {
        let source = &self.state.change().source;
        let editable = matches!(source, Source::WorkTree | Source::Index | Source::Unstaged);
        if self.state.change().files.is_empty() {
            self.say("There is nothing to countersign.", Tone::Plain);
            return Vec::new();
        }
        self.recording = Recording {
            message: std::mem::take(&mut self.recording.message),
            editable,
            ..Recording::default()
        };
        if editable {
            self.dialog = Some(Dialog::Note(Note::new(About::Message, &self.recording.message)));
            return Vec::new();
        }
        self.plan()
    }

    fn plan(&mut self) -> Vec<Request> {
        self.say("Working out what would be written\u{2026}", Tone::Plain);
        vec![Request::Plan {
            message: self.recording.message.clone(),
            ways: self.recording.ways.clone(),
        }]
    }

    fn edit_message(&mut self, closed: Option<Dialog>) -> Vec<Request> {
        if self.recording.editable {
            self.dialog = Some(Dialog::Note(Note::new(About::Message, &self.recording.message)));
        } else {
            self.dialog = closed;
            self.say("A commit that is there keeps the words of who wrote it.", Tone::Plain);
        }
        Vec::new()
    }

    /// Takes the next possible way for the newest commit that has another one.
    fn other_way(&mut self) -> Vec<Request> {
        let Some((commit, way)) = self.recording.others.first().cloned() else {
            self.say("There is no other way to record this.", Tone::Plain);
            return Vec::new();
        };
        self.recording.ways.insert(commit, way);
        self.plan()
    }

    /// What recording would do: shows it for confirmation. `others` are the ways that could be taken instead.
    pub fn planned(&mut self, preview: Preview, others: Vec<(ObjectId, Way)>) {
        self.message = None;
        self.recording.others = others;
        self.show_record(Some(Record::new(preview)));
    }

    /// It is in git.
    pub fn recorded(&mut self, said: impl Into<String>) {
        self.show_record(None);
        self.recording = Recording::default();
        let key = self.setup.keymap.key_of(&[Mode::Main], Command::UndoRecording);
        self.say(format!("{} {key} takes it back.", said.into()), Tone::Plain);
    }

    /// The worker is done with a file.
    pub fn painted(&mut self, paint: Paint) {
        self.paints.put(paint);
    }
}
