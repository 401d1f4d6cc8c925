//! Notes: the full record beside a commit that need not change.
//!
//! `refs/notes/countersign` holds one JSON object a line, time first, so that `git notes merge -s cat_sort_uniq` joins what two people
//! wrote. A note is never overwritten: lines are added to what is there. Everything is written as objects first; the caller moves the ref
//! (with others, in one transaction) from the value that was read here.

use super::{
    clock, digest,
    error::{RecordError, Result},
    full::{Record, SCHEMA},
    refs::{self, RefChange},
    repo::Repo,
    scratch_index::{ScratchIndex, TreeEntry},
};
use crate::change::{ObjectId, RepoPath};
use jiff::Zoned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where records are.
pub const REF: &str = "refs/notes/countersign";

/// One line of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteLine {
    /// UTC, fixed width; sorts by time. First, so that sorting lines sorts time.
    pub time: String,
    /// Version of the line's form.
    pub v: u32,
    /// `sha256:` and the digest of the record's canonical form, as in the trailer.
    pub digest: String,
    /// The record.
    pub record: Record,
}

impl NoteLine {
    /// The line for a record.
    ///
    /// # Errors
    /// See [`Record::digest`].
    pub fn new(record: &Record, now: &Zoned) -> Result<Self> {
        Ok(Self {
            time: clock::sortable(now),
            v: SCHEMA,
            digest: record.digest()?,
            record: record.clone(),
        })
    }

    /// As one line with its ending.
    pub(super) fn to_line(&self) -> Result<Vec<u8>> {
        let unreadable = |e: serde_json::Error| RecordError::Unreadable {
            what: "the record".into(),
            why: e.to_string(),
        };
        // The digest is over the canonical form; writing that form makes it checkable with plain tools.
        let record = digest::canonical(&self.record).map_err(unreadable)?;
        let quoted = |s: &str| serde_json::to_string(s).map_err(unreadable);
        let line = format!(
            "{{\"time\":{},\"v\":{},\"digest\":{},\"record\":{record}}}\n",
            quoted(&self.time)?,
            self.v,
            quoted(&self.digest)?
        );
        Ok(line.into_bytes())
    }

    /// True when the digest is that of the record.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.record.digest().is_ok_and(|d| d == self.digest)
    }
}

/// A note, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Lines that are records, in order.
    pub lines: Vec<NoteLine>,
    /// Lines that are not, or are of a newer form: 1-based number and why.
    pub unreadable: Vec<(usize, String)>,
}

/// Reads a note's text. Blank lines (git puts them in when it appends) are nothing.
#[must_use]
pub fn parse(text: &[u8]) -> Note {
    let mut note = Note::default();
    for (at, line) in text
        .split(|b| *b == b'\n')
        .enumerate()
        .filter(|(_, l)| !l.trim_ascii().is_empty())
    {
        match serde_json::from_slice::<NoteLine>(line) {
            Ok(line) if line.v <= SCHEMA && line.record.schema <= SCHEMA => note.lines.push(line),
            Ok(line) => note
                .unreadable
                .push((at + 1, format!("written by a newer version (form {})", line.v))),
            Err(e) => note.unreadable.push((at + 1, e.to_string())),
        }
    }
    note
}

/// All notes of a ref, by the object they are on.
#[derive(Debug)]
pub struct NotesTree<'r> {
    repo: &'r Repo,
    name: String,
    /// The ref's value when it was read; all zeros when there was none.
    at: ObjectId,
    index: ScratchIndex<'r>,
    notes: BTreeMap<String, (RepoPath, ObjectId)>,
}

impl<'r> NotesTree<'r> {
    /// Reads which notes there are.
    ///
    /// # Errors
    /// When the ref does not hold notes.
    pub fn read(repo: &'r Repo, name: &str) -> Result<Self> {
        let at = refs::current(repo, name)?;
        let index = ScratchIndex::of(repo, Some(&at).filter(|at| **at != repo.zero()))?;
        let mut notes = BTreeMap::new();
        for entry in index.entries()? {
            // A note's path is its object's id, cut into folders somewhere; anything else is not ours to judge and stays.
            let id: String = entry.path.lossy().chars().filter(|c| *c != '/').collect();
            if let (true, Some((_, blob))) = (id.len() == repo.hex, entry.content) {
                notes.insert(id, (entry.path, blob));
            }
        }
        Ok(Self {
            repo,
            name: name.to_owned(),
            at,
            index,
            notes,
        })
    }

    /// The objects that have notes, with their blobs.
    pub fn all(&self) -> impl Iterator<Item = (ObjectId, &ObjectId)> {
        self.notes
            .iter()
            .map(|(id, (_, blob))| (ObjectId(id.as_str().into()), blob))
    }

    /// All notes with their texts, read in one go.
    ///
    /// # Errors
    /// When a blob cannot be read.
    pub fn texts(&self) -> Result<Vec<(ObjectId, Vec<u8>)>> {
        let stdin: String = self.notes.values().map(|(_, blob)| format!("{blob}\n")).collect();
        if stdin.is_empty() {
            return Ok(Vec::new());
        }
        let out = self.repo.git.call(["cat-file", "--batch"]).stdin(stdin).bytes()?;
        let mut rest = out.as_slice();
        let mut texts = Vec::new();
        for id in self.notes.keys() {
            let odd = || RecordError::Unreadable {
                what: format!("the note on {id}"),
                why: "it is not there".into(),
            };
            // `<blob> blob <size>`, a line ending, the bytes, a line ending.
            let end = rest.iter().position(|b| *b == b'\n').ok_or_else(odd)?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let size: usize = head.rsplit(' ').next().and_then(|n| n.parse().ok()).ok_or_else(odd)?;
            let text = rest.get(end + 1..end + 1 + size).ok_or_else(odd)?;
            texts.push((ObjectId(id.as_str().into()), text.to_vec()));
            rest = rest.get(end + 2 + size..).unwrap_or_default();
        }
        Ok(texts)
    }

    /// The note on an object.
    ///
    /// # Errors
    /// When its blob cannot be read.
    pub fn get(&self, id: &ObjectId) -> Result<Option<Vec<u8>>> {
        let Some((_, blob)) = self.notes.get(&*id.0) else {
            return Ok(None);
        };
        self.repo.git.call(["cat-file", "blob", &blob.0]).bytes().map(Some)
    }

    /// Writes notes (`None` removes one) as objects, and gives the move of the ref that makes them visible; nothing when nothing
    /// changes.
    ///
    /// # Errors
    /// When objects cannot be written, or git does not know who writes.
    pub fn write(&self, notes: &[(ObjectId, Option<Vec<u8>>)], message: &str) -> Result<Option<RefChange>> {
        let mut entries = Vec::new();
        for (id, text) in notes {
            let old = self.notes.get(&*id.0).map(|(path, _)| path.clone());
            let content = match text {
                Some(text) => Some((0o100_644, self.write_blob(text)?)),
                None if old.is_none() => continue,
                None => None,
            };
            entries.push(TreeEntry {
                path: old.unwrap_or_else(|| self.path_for(id)),
                content,
            });
        }
        self.index.change(&entries)?;
        let tree = self.index.write_tree()?;
        let mut args = vec!["commit-tree", "-m", message];
        if self.at != self.repo.zero() {
            if self.repo.tree_of(&self.at)? == tree {
                return Ok(None);
            }
            args.extend(["-p", &self.at.0]);
        }
        args.push(&tree.0);
        let new = self.repo.id(&self.repo.git.text(args)?)?;
        Ok(Some(RefChange {
            name: self.name.clone(),
            old: self.at.clone(),
            new,
        }))
    }

    fn write_blob(&self, text: &[u8]) -> Result<ObjectId> {
        let call = self
            .repo
            .git
            .call(["hash-object", "-w", "-t", "blob", "--no-filters", "--stdin"]);
        self.repo.id(&call.stdin(text).text()?)
    }

    /// The way other notes are cut into folders, so that the tree stays as git made it.
    fn path_for(&self, id: &ObjectId) -> RepoPath {
        let folders = self
            .notes
            .values()
            .next_back()
            .map_or(0, |(p, _)| p.bytes().iter().filter(|b| **b == b'/').count());
        let mut path = String::new();
        for (at, c) in id.0.chars().enumerate() {
            if at > 0 && at % 2 == 0 && at / 2 <= folders {
                path.push('/');
            }
            path.push(c);
        }
        RepoPath::new(path)
    }
}

/// `existing` with `line` added on a line of its own; unchanged when it is there already.
#[must_use]
pub fn with_line(existing: Option<Vec<u8>>, line: &[u8]) -> Vec<u8> {
    let mut text = existing.unwrap_or_default();
    let bare = line.strip_suffix(b"\n").unwrap_or(line);
    if text.split(|b| *b == b'\n').any(|l| l == bare) {
        return text;
    }
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(line);
    text
}

/// `existing` without `line`; `None` when nothing is left.
#[must_use]
pub fn without_line(existing: &[u8], line: &[u8]) -> Option<Vec<u8>> {
    let bare = line.strip_suffix(b"\n").unwrap_or(line);
    let kept: Vec<u8> = existing
        .split_inclusive(|b| *b == b'\n')
        .filter(|l| l.strip_suffix(b"\n").unwrap_or(l) != bare)
        .flatten()
        .copied()
        .collect();
    (!kept.trim_ascii().is_empty()).then_some(kept)
}
