//! Fixes into the working tree and out of it again.

use super::{Session, SessionError};
use crate::{
    change::{Change, Limits, ObjectId, RepoPath, WorkFile, blob_id},
    record::{RecordError, journal::NewEntry},
    scan::{Finding, Fingerprint, Fix, FixQuality, transplant},
};
use serde::{Deserialize, Serialize};

/// What the journal calls applied fixes.
const KIND: &str = "fix";

/// A fix that is (or was) in the working tree. Both contents are kept as git objects that nothing refers to, so that the fix can be
/// taken back after a crash, and no content (it may hold a secret) stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedFix {
    /// The finding.
    pub fingerprint: Fingerprint,
    /// The file, as git stores its path.
    path: Vec<u8>,
    /// What the file was.
    before: ObjectId,
    /// What the fix made of it.
    after: ObjectId,
}

impl Session {
    /// Puts the checked fix of `finding` into the working tree. `change` is what was shown. The journal knows of it first, so that it
    /// can be taken back even after a crash.
    ///
    /// # Errors
    /// When it does not fit the file as it is now, or the file cannot be written. Nothing has changed then.
    pub fn apply_fix(&mut self, finding: &Finding, change: &Change) -> Result<(), SessionError> {
        let fix = finding.fix.as_ref().filter(|f| f.quality == FixQuality::Checked);
        let fix = fix.ok_or_else(|| SessionError::Fix("This finding has no checked fix.".into()))?;
        let file = change.files.iter().find(|f| f.path == fix.path);
        let shown = file.and_then(|f| f.new_text()).ok_or_else(|| gone(&fix.path))?;
        let now = self.read(&fix.path)?;
        let edits = transplant(&fix.edits, shown, &now).ok_or_else(|| {
            let path = crate::text::safe::visible(fix.path.bytes());
            SessionError::Fix(format!(
                "{path} in the working tree differs where the fix goes: apply it by hand (e)."
            ))
        })?;
        let fix = Fix { edits, ..fix.clone() };
        let fixed = fix.apply(&now).ok_or_else(|| gone(&fix.path))?;
        let applied = AppliedFix {
            fingerprint: finding.fingerprint.clone(),
            path: fix.path.bytes().to_vec(),
            before: self.repo.keep_blob(&now)?,
            after: self.repo.keep_blob(&fixed)?,
        };
        self.note_fix(&applied)?;
        self.repo.replace_file(&fix.path, &now, &fixed)?;
        Ok(())
    }

    /// Takes the latest fix of this finding out of the working tree.
    ///
    /// # Errors
    /// When the file is no longer what the fix made of it, or cannot be written. Nothing has changed then.
    pub fn revert_fix(&mut self, fingerprint: &Fingerprint) -> Result<(), SessionError> {
        let applied = self.applied(fingerprint)?;
        self.exchange(&applied.path, &applied.after, &applied.before)
    }

    /// Puts a fix that was taken back into the working tree again.
    ///
    /// # Errors
    /// When the file is not what it was before the fix.
    pub fn reapply_fix(&mut self, fingerprint: &Fingerprint) -> Result<(), SessionError> {
        let applied = self.applied(fingerprint)?;
        self.exchange(&applied.path, &applied.before, &applied.after)
    }

    /// Makes the file at `path` be `to`, if it is `from` (or `to` already).
    fn exchange(&self, path: &[u8], from: &ObjectId, to: &ObjectId) -> Result<(), SessionError> {
        let path = RepoPath::new(path);
        let now = self.read(&path)?;
        let id = blob_id(&now);
        if id == *to {
            return Ok(());
        }
        if id != *from {
            let path = crate::text::safe::visible(path.bytes());
            return Err(SessionError::Fix(format!(
                "{path} was edited since: change it by hand (e opens the editor)."
            )));
        }
        Ok(self.repo.replace_file(&path, &now, &self.repo.blob(to)?)?)
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, SessionError> {
        match self.repo.read_work_file(path, Limits::default().file_bytes)? {
            WorkFile::File { bytes, .. } => Ok(bytes),
            _ => Err(gone(path)),
        }
    }

    fn note_fix(&mut self, applied: &AppliedFix) -> Result<(), SessionError> {
        let body = serde_json::to_value(applied).map_err(|error| RecordError::Unreadable {
            what: "the fix".into(),
            why: error.to_string(),
        })?;
        let about = vec![applied.fingerprint.0.to_string()];
        let content = vec![applied.before.0.to_string(), applied.after.0.to_string()];
        self.journal.append(NewEntry {
            kind: KIND,
            about,
            content,
            body,
        })?;
        Ok(())
    }

    fn applied(&self, fingerprint: &Fingerprint) -> Result<AppliedFix, SessionError> {
        let entries = self.journal.entries().iter().rev().filter(|e| e.kind == KIND);
        let mut fixes = entries.filter_map(|e| serde_json::from_value::<AppliedFix>(e.body.clone()).ok());
        let found = fixes.find(|f| f.fingerprint == *fingerprint);
        found.ok_or_else(|| SessionError::Fix("The journal knows of no fix of this finding.".into()))
    }
}

fn gone(path: &RepoPath) -> SessionError {
    let path = crate::text::safe::visible(path.bytes());
    SessionError::Fix(format!(
        "{path} is not in the working tree as an ordinary file: the fix does not fit."
    ))
}
