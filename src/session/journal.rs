//! Entries of the review to the journal and back.

use super::{Session, SessionError};
use crate::{
    record::{
        RecordError,
        journal::{Entry as Line, NewEntry},
    },
    review::{Entry, Stamped},
};

/// What the journal calls the entries of a review.
const KIND: &str = "review";

impl Session {
    /// Everything the journal holds of reviews in this repository, oldest first: feed it to a new review and it stands where it stood.
    #[must_use]
    pub fn restore(&self) -> Vec<Stamped> {
        self.journal.entries().iter().filter_map(stamped).collect()
    }

    /// Writes an entry and syncs it. Only then may it count.
    ///
    /// # Errors
    /// When a person is not at the keys, or the journal could not be written and synced.
    pub fn write(&mut self, entry: Entry) -> Result<Stamped, SessionError> {
        if let Some(objection) = self.presence.objection() {
            return Err(RecordError::refused(objection, "Decide from your own terminal.").into());
        }
        let (about, content) = names(&entry);
        let body = serde_json::to_value(&entry).map_err(|error| RecordError::Unreadable {
            what: "the entry".into(),
            why: error.to_string(),
        })?;
        let line = self.journal.append(NewEntry {
            kind: KIND,
            about,
            content,
            body,
        })?;
        Ok(Stamped {
            entry,
            at: line.time.as_str().into(),
            by: by(line).into(),
        })
    }
}

fn stamped(line: &Line) -> Option<Stamped> {
    if line.kind != KIND {
        return None;
    }
    let entry = serde_json::from_value(line.body.clone()).ok()?;
    Some(Stamped {
        entry,
        at: line.time.as_str().into(),
        by: by(line).into(),
    })
}

fn by(line: &Line) -> String {
    format!("{} <{}>", line.by.name, line.by.email)
}

/// The fingerprints and content ids an entry is about, so that the journal can be searched without knowing entries.
fn names(entry: &Entry) -> (Vec<String>, Vec<String>) {
    let of = |subjects: &[crate::review::Subject]| {
        let about = subjects.iter().map(|s| s.fingerprint.0.to_string()).collect();
        (about, subjects.iter().map(|s| s.code.0.to_string()).collect())
    };
    match entry {
        Entry::Decide { subjects, .. } | Entry::Withdraw { subjects } => of(subjects),
        Entry::Note { subject, .. } => of(std::slice::from_ref(subject)),
        Entry::Seen { hunks, .. } => (Vec::new(), hunks.iter().map(|h| h.0.to_string()).collect()),
        Entry::Recorded { commits } => (Vec::new(), commits.iter().map(|c| c.0.to_string()).collect()),
        Entry::Undo | Entry::Redo => (Vec::new(), Vec::new()),
    }
}
