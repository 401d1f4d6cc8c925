//! Commits as plain data: identities, message, notes; and the commits of a range.

use super::{Commit, Error, Identity, ObjectId, error::Doing};
use std::sync::Arc;

/// Bytes of a note that are kept.
const NOTE_BYTES: usize = 4 << 20;
/// Notes refs that are looked through.
const NOTE_REFS: usize = 32;

const WALKING: &str = "walk the history";

/// An object id of libgit2's as ours.
pub(super) fn id(oid: git2::Oid) -> ObjectId {
    ObjectId(Arc::from(oid.to_string()))
}

/// And back; an id that is none is an error of the caller's data.
pub(super) fn oid(id: &ObjectId) -> Result<git2::Oid, Error> {
    git2::Oid::from_str(&id.0).doing("read an object id")
}

/// Reads commits of one repository, with the names of its notes refs looked up once.
pub(super) struct Reader<'r> {
    repo: &'r git2::Repository,
    notes: Vec<String>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(repo: &'r git2::Repository) -> Self {
        let mut notes: Vec<String> = repo
            .references_glob("refs/notes/*")
            .map(|refs| {
                refs.flatten()
                    .filter_map(|r| r.name().ok().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default();
        notes.sort();
        notes.truncate(NOTE_REFS);
        Self { repo, notes }
    }

    /// The commit `oid`.
    pub(super) fn read(&self, oid: git2::Oid) -> Result<Commit, Error> {
        let commit = self.repo.find_commit(oid).doing("read a commit")?;
        let encoding = commit.message_encoding().ok().flatten();
        let decode = |bytes: &[u8]| decode(bytes, encoding);
        let identity = |signature: git2::Signature<'_>| Identity {
            name: decode(signature.name_bytes()),
            email: decode(signature.email_bytes()),
        };
        let when = commit.author().when();
        Ok(Commit {
            id: id(oid),
            tree: id(commit.tree_id()),
            parents: commit.parent_ids().map(id).collect(),
            author: identity(commit.author()),
            committer: identity(commit.committer()),
            time: (when.seconds(), when.offset_minutes()),
            message: decode(commit.message_raw_bytes()),
            signed: ["gpgsig", "gpgsig-sha256"]
                .iter()
                .any(|header| commit.header_field_bytes(*header).is_ok()),
            notes: self.notes_on(oid),
        })
    }

    fn notes_on(&self, oid: git2::Oid) -> Vec<(String, String)> {
        let on = |name: &String| {
            let note = self.repo.find_note(Some(name), oid).ok()?;
            let bytes = note.message_bytes();
            let kept = bytes.get(..NOTE_BYTES).unwrap_or(bytes);
            Some((name.clone(), String::from_utf8_lossy(kept).into_owned()))
        };
        self.notes.iter().filter_map(on).collect()
    }

    /// The commits reachable from `head` and not from `hidden`, newest first (children before parents), and how many more
    /// there are than `limit`.
    pub(super) fn range(
        &self,
        head: git2::Oid,
        hidden: Option<git2::Oid>,
        limit: u16,
    ) -> Result<(Vec<Commit>, usize), Error> {
        let mut walk = self.walk(head, hidden)?;
        let commits = self.take(&mut walk, limit)?;
        Ok((commits, walk.count()))
    }

    /// The newest commits reachable from `head`.
    pub(super) fn newest(&self, head: git2::Oid, limit: u16) -> Result<Vec<Commit>, Error> {
        self.take(&mut self.walk(head, None)?, limit)
    }

    fn walk(&self, head: git2::Oid, hidden: Option<git2::Oid>) -> Result<git2::Revwalk<'r>, Error> {
        let mut walk = self.repo.revwalk().doing(WALKING)?;
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::TIME)
            .and_then(|()| walk.push(head))
            .and_then(|()| hidden.map_or(Ok(()), |hidden| walk.hide(hidden)))
            .doing(WALKING)?;
        Ok(walk)
    }

    fn take(&self, walk: &mut git2::Revwalk<'_>, limit: u16) -> Result<Vec<Commit>, Error> {
        walk.take(usize::from(limit))
            .map(|oid| self.read(oid.doing(WALKING)?))
            .collect()
    }
}

/// Text of a commit. Latin-1 is a table of its own; any other declared encoding is read as UTF-8, which shows what is not as
/// replacement characters.
fn decode(bytes: &[u8], encoding: Option<&str>) -> String {
    let latin1 = encoding.is_some_and(|name| {
        ["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    });
    if latin1 {
        bytes.iter().map(|b| char::from(*b)).collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    }
}
