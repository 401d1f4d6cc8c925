//! What speaks for a commit having been reviewed: records in notes and journal, found by commit or by what the commit does, and the claims of
//! trailers. Gathered here, judged in [`super::verify`].

use super::{
    claims::{self, Claim},
    error::Result,
    full::{Record, Reviewed},
    intent,
    journal::Journal,
    notes::{self, NotesTree},
    patch_id,
    repo::Repo,
    wording::Keys,
};
use crate::change::{Commit, ObjectId};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// One record that speaks of a commit.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub record: Arc<Record>,
    /// Which part of the record.
    pub part: usize,
    /// The commit whose signature stands for the record: the one whose trailers name it.
    pub carrier: Option<ObjectId>,
    /// True when it was found by the change alone: the commit was made again elsewhere.
    pub by_change: bool,
}

impl Evidence {
    pub(super) fn reviewed(&self) -> Option<&Reviewed> {
        self.record.reviewed.get(self.part)
    }
}

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A trailer names a record that is not here.
    Missing(String),
    /// A line of the note is no record, or not the one its digest names.
    Damaged(String),
    /// A trailer says something else than the record it names.
    Contradicted(String),
}

/// All records, and the claims of the commits in question.
pub(super) struct Archive {
    by_digest: HashMap<String, Arc<Record>>,
    on_commit: HashMap<ObjectId, Vec<Arc<Record>>>,
    damaged: HashMap<ObjectId, Vec<String>>,
    claims: HashMap<ObjectId, Vec<Claim>>,
    /// Commits that a review commit speaks of, with that commit and its claim.
    covered: HashMap<ObjectId, Vec<(ObjectId, Claim)>>,
    patches: HashMap<ObjectId, String>,
    /// True when there is no notes ref at all.
    pub without_notes: bool,
}

impl Archive {
    /// Reads notes, journal and messages.
    pub(super) fn read(repo: &Repo, journal: Option<&Journal>, commits: &[&Commit], keys: &Keys) -> Result<Self> {
        let tree = NotesTree::read(repo, notes::REF)?;
        let mut archive = Self {
            by_digest: HashMap::new(),
            on_commit: HashMap::new(),
            damaged: HashMap::new(),
            claims: HashMap::new(),
            covered: HashMap::new(),
            patches: patch_id::of_commits(repo, commits.iter().map(|c| &c.id))?,
            without_notes: tree.all().next().is_none(),
        };
        for (commit, text) in tree.texts()? {
            archive.take_note(&commit, &text);
        }
        let local: BTreeMap<String, Record> = journal.map(intent::records).unwrap_or_default();
        for (digest, record) in local {
            // The journal is checked as the notes are: the digest is made again.
            if record.digest().is_ok_and(|d| d == digest) {
                archive.by_digest.entry(digest).or_insert_with(|| Arc::new(record));
            }
        }
        for commit in commits {
            let claims = claims::read(&commit.message, keys);
            for claim in &claims {
                for covered in &claim.commits {
                    archive
                        .covered
                        .entry(covered.clone())
                        .or_default()
                        .push((commit.id.clone(), claim.clone()));
                }
            }
            archive.claims.insert(commit.id.clone(), claims);
        }
        Ok(archive)
    }

    fn take_note(&mut self, commit: &ObjectId, text: &[u8]) {
        let note = notes::parse(text);
        for line in note.lines {
            if !line.is_intact() {
                let why = format!("a line of the note of {} does not match its digest", line.time);
                self.damaged.entry(commit.clone()).or_default().push(why);
                continue;
            }
            let record = self
                .by_digest
                .entry(line.digest)
                .or_insert_with(|| Arc::new(line.record))
                .clone();
            self.on_commit.entry(commit.clone()).or_default().push(record);
        }
        for (at, why) in note.unreadable {
            self.damaged
                .entry(commit.clone())
                .or_default()
                .push(format!("line {at} of the note is no record ({why})"));
        }
    }

    /// The patch id of one of the commits in question.
    pub(super) fn patch(&self, commit: &ObjectId) -> Option<&str> {
        self.patches.get(commit).map(String::as_str)
    }

    /// Everything that speaks of `commit`.
    pub(super) fn of(&self, commit: &Commit) -> (Vec<Evidence>, Vec<Fault>) {
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(
            self.damaged
                .get(&commit.id)
                .into_iter()
                .flatten()
                .map(|why| Fault::Damaged(why.clone())),
        );
        for record in self.on_commit.get(&commit.id).into_iter().flatten() {
            self.add(&mut evidence, commit, record, None, false);
        }
        let own = self
            .claims
            .get(&commit.id)
            .into_iter()
            .flatten()
            .filter(|c| c.commits.is_empty());
        let above = self.covered.get(&commit.id).into_iter().flatten();
        let claims = own.map(|c| (&commit.id, c)).chain(above.map(|(id, c)| (id, c)));
        for (carrier, claim) in claims {
            match self.claimed(claim) {
                Ok(record) => self.add(&mut evidence, commit, &record, Some(carrier), false),
                Err(fault) => faults.push(fault),
            }
        }
        if let (true, Some(patch)) = (evidence.is_empty(), self.patch(&commit.id)) {
            let same = |r: &&Arc<Record>| r.reviewed.iter().any(|part| part.patch.as_deref() == Some(patch));
            for record in self.by_digest.values().filter(same) {
                self.add(&mut evidence, commit, record, None, true);
            }
        }
        (evidence, faults)
    }

    /// The record a claim names, when the claim agrees with it.
    fn claimed(&self, claim: &Claim) -> std::result::Result<Arc<Record>, Fault> {
        let by = super::printable::line(&claim.by, 80);
        let Some(digest) = &claim.record else {
            return Err(Fault::Missing(format!("the trailers of {by} name no record")));
        };
        let Some(record) = self.by_digest.get(digest) else {
            return Err(Fault::Missing(format!(
                "the record that the trailers of {by} name is not here"
            )));
        };
        let email = record.reviewer.email.trim().to_lowercase();
        if claim.email() != Some(email) {
            return Err(Fault::Contradicted(format!(
                "the trailers name {by}, the record {}",
                record.reviewer.name
            )));
        }
        let verdict = record.conclusion().to_string();
        if claim
            .verdict
            .as_deref()
            .is_some_and(|v| !v.eq_ignore_ascii_case(&verdict))
        {
            return Err(Fault::Contradicted(format!(
                "the trailers of {by} say another verdict than the record ({verdict})"
            )));
        }
        let named = |tree: &ObjectId| record.reviewed.iter().any(|part| part.tree == *tree);
        if claim.commits.is_empty() && claim.tree.as_ref().is_some_and(|tree| !named(tree)) {
            return Err(Fault::Contradicted(format!(
                "the trailers of {by} name another tree than the record"
            )));
        }
        Ok(record.clone())
    }

    /// Adds the part of `record` that speaks of `commit`; the same record again adds only the carrier.
    fn add(
        &self,
        evidence: &mut Vec<Evidence>,
        commit: &Commit,
        record: &Arc<Record>,
        carrier: Option<&ObjectId>,
        by_change: bool,
    ) {
        if let Some(known) = evidence.iter_mut().find(|e| Arc::ptr_eq(&e.record, record)) {
            known.carrier = known.carrier.take().or(carrier.cloned());
            return;
        }
        let parts = &record.reviewed;
        let patch = self.patch(&commit.id);
        let at = parts
            .iter()
            .position(|p| p.commit.as_ref() == Some(&commit.id))
            .or_else(|| {
                parts
                    .iter()
                    .position(|p| p.patch.is_some() && p.patch.as_deref() == patch)
            })
            .or_else(|| parts.iter().position(|p| p.tree == commit.tree))
            // A note carried along by a rewrite that changed the content: the one it was about, which will be judged stale.
            .or((parts.len() == 1).then_some(0));
        if let Some(part) = at {
            evidence.push(Evidence {
                record: record.clone(),
                part,
                carrier: carrier.cloned(),
                by_change,
            });
        }
    }
}
