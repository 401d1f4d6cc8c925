//! What a recording is about to do, written to the journal before it does it, and what came of it.
//!
//! Everything a recording needs (blobs, trees, commits, notes) is written as objects first; nothing points to them yet. Then the
//! intent goes to the journal, then the refs move in one transaction, then the index follows, then `done` goes to the journal. So after a
//! crash at any moment the intent says what was meant, the refs say whether it happened, and what is left to do can be done.

use super::{
    error::{RecordError, Result},
    full::Record,
    journal::{Journal, NewEntry},
    refs::RefChange,
    scratch_index::TreeEntry,
};
use crate::change::{ObjectId, RepoPath};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// Kinds of journal entries that recording writes.
const INTENT: &str = "intent";
const DONE: &str = "done";
const ABANDONED: &str = "abandoned";

/// What is about to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its name.
    pub id: String,
    /// The worktree's git directory it happens in (for HEAD and index).
    pub git_dir: String,
    /// For people and reflogs: `countersign: approved, 3 findings`.
    pub what: String,
    /// Refs that move together.
    pub refs: Vec<RefChange>,
    /// Paths of the index that follow.
    pub index: Vec<IndexStep>,
    /// Lines added to notes: ref, commit, line.
    pub notes: Vec<AddedLine>,
    /// The commits that carry or are covered by the record afterwards.
    pub commits: Vec<ObjectId>,
    /// Digest and record.
    pub records: BTreeMap<String, Record>,
    /// The recording that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
}

/// One path of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexStep {
    /// The path; bytes that are no UTF-8, and `%`, as `%xx`.
    path: String,
    before: Option<(u32, ObjectId)>,
    after: Option<(u32, ObjectId)>,
}

/// One line in one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedLine {
    /// The notes ref.
    pub name: String,
    /// The commit.
    pub commit: ObjectId,
    /// The line, without its ending.
    pub line: String,
}

impl IndexStep {
    /// A step from `before` to `after`.
    #[must_use]
    pub fn new(path: &RepoPath, before: Option<(u32, ObjectId)>, after: Option<(u32, ObjectId)>) -> Self {
        Self {
            path: encode(path.bytes()),
            before,
            after,
        }
    }

    /// The path with what it holds before.
    #[must_use]
    pub fn before(&self) -> TreeEntry {
        TreeEntry {
            path: RepoPath::new(decode(&self.path)),
            content: self.before.clone(),
        }
    }

    /// The path with what it holds after.
    #[must_use]
    pub fn after(&self) -> TreeEntry {
        TreeEntry {
            path: RepoPath::new(decode(&self.path)),
            content: self.after.clone(),
        }
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02x}"));
        }
    }
    out
}

fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|h| std::str::from_utf8(h).ok());
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

/// What came of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It happened.
    Done,
    /// It did not.
    Abandoned,
}

/// Writes an intent to the journal.
pub(super) fn announce(journal: &mut Journal, intent: &Intent) -> Result<()> {
    let body = serde_json::to_value(intent).map_err(|e| RecordError::Unreadable {
        what: "the intent".into(),
        why: e.to_string(),
    })?;
    let content = intent.commits.iter().map(ToString::to_string).collect();
    journal.append(NewEntry {
        kind: INTENT,
        about: Vec::new(),
        content,
        body,
    })?;
    Ok(())
}

/// Writes what came of it.
pub(super) fn conclude(journal: &mut Journal, intent: &Intent, fate: Fate) -> Result<()> {
    let kind = match fate {
        Fate::Done => DONE,
        Fate::Abandoned => ABANDONED,
    };
    let content = intent.commits.iter().map(ToString::to_string).collect();
    journal.append(NewEntry {
        kind,
        about: Vec::new(),
        content,
        body: serde_json::json!({ "intent": intent.id }),
    })?;
    Ok(())
}

/// Intents of which nobody knows what came, oldest first.
#[must_use]
pub fn unfinished(journal: &Journal) -> Vec<Intent> {
    let settled = named_by(journal, &[DONE, ABANDONED]);
    intents(journal).filter(|i| !settled.contains(i.id.as_str())).collect()
}

/// The latest recording that happened and was not taken back.
#[must_use]
pub fn latest(journal: &Journal) -> Option<Intent> {
    in_force(journal).pop()
}

/// Records in the journal by digest: those of recordings that happened and were not taken back.
#[must_use]
pub fn records(journal: &Journal) -> BTreeMap<String, Record> {
    in_force(journal).into_iter().flat_map(|i| i.records).collect()
}

fn in_force(journal: &Journal) -> Vec<Intent> {
    let done = named_by(journal, &[DONE]);
    let done: Vec<Intent> = intents(journal).filter(|i| done.contains(i.id.as_str())).collect();
    let gone: HashSet<String> = done.iter().filter_map(|i| i.undoes.clone()).collect();
    done.into_iter()
        .filter(|i| i.undoes.is_none() && !gone.contains(&i.id))
        .collect()
}

fn intents(journal: &Journal) -> impl Iterator<Item = Intent> {
    let of_kind = journal.entries().iter().filter(|e| e.kind == INTENT);
    of_kind.filter_map(|e| serde_json::from_value(e.body.clone()).ok())
}

fn named_by<'j>(journal: &'j Journal, kinds: &[&str]) -> HashSet<&'j str> {
    let of_kind = journal.entries().iter().filter(|e| kinds.contains(&e.kind.as_str()));
    of_kind.filter_map(|e| e.body.get("intent")?.as_str()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn any_path_survives_the_journal() {
        for bytes in [&b"a/b"[..], b"100%", b"%41", b"\xff\xfe/x\n", "ü".as_bytes(), b""] {
            assert_eq!(decode(&encode(bytes)), bytes, "{bytes:?}");
        }
    }
}
