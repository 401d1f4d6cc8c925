//! Taking the latest recording back: refs to where they were, notes without the lines, the index as it was.
//!
//! The same care as recording: each ref only from the value that recording gave it, nothing that others have already, and an intent in the
//! journal first.

use super::{
    error::{RecordError, Result},
    intent::{self, AddedLine, IndexStep, Intent},
    journal::Journal,
    notes::{self, NotesTree},
    obstacles,
    perform::{carry_out, intent_id},
    refs::{self, RefChange},
    repo::Repo,
    turn::Turn,
};
use crate::change::ObjectId;

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// A sentence for the screen.
    pub said: String,
    /// What could not be finished; sentences.
    pub left: Vec<String>,
}

/// Takes the latest recording of this repository back.
///
/// # Errors
/// [`RecordError::Refused`] when there is none, or it was published; [`RecordError::Moved`] when work went on since.
pub fn undo(repo: &Repo, journal: &mut Journal) -> Result<Undone> {
    let turn = Turn::take(repo)?;
    journal.refresh()?;
    let Some(last) = intent::latest(journal) else {
        return Err(RecordError::refused(
            "no recording to take back",
            "Nothing was recorded here, or it was taken back.",
        ));
    };
    let mut refs = Vec::new();
    for change in &last.refs {
        if change.name.starts_with("refs/notes/") {
            refs.extend(note_back(repo, change, &last.notes)?);
        } else {
            check_head(repo, &last, change)?;
            refs.push(change.reversed());
        }
    }
    let steps: Vec<IndexStep> = index_back(repo, &last)?;
    let back = Intent {
        id: intent_id(&refs, &last.id),
        git_dir: last.git_dir.clone(),
        what: format!("countersign: undo of \"{}\"", last.what),
        refs,
        index: steps,
        notes: Vec::new(),
        commits: last.commits.clone(),
        records: std::collections::BTreeMap::new(),
        undoes: Some(last.id.clone()),
    };
    let left = carry_out(repo, journal, &back)?;
    drop(turn);
    Ok(Undone {
        said: "The recording was taken back; your decisions are kept.".into(),
        left,
    })
}

/// A branch goes back only if nobody built on it and nobody has it.
fn check_head(repo: &Repo, last: &Intent, change: &RefChange) -> Result<()> {
    if last.git_dir != repo.git_dir.to_string_lossy() {
        return Err(RecordError::refused(
            "the latest recording was made in another worktree",
            "Take it back there.",
        ));
    }
    let now = refs::current(repo, &change.name)?;
    if now != change.new {
        return Err(RecordError::Moved {
            what: change.name.clone(),
            why: format!("it is at {} now", now.short()),
        });
    }
    let head = repo.head()?;
    if let Some(why) = obstacles::to_moving_head(repo, &head)? {
        return Err(RecordError::refused(
            format!("not taken back: {why}"),
            "Finish that first, then undo again.",
        ));
    }
    let held = obstacles::holders(repo, &change.new, &head)?;
    match held.published.first() {
        Some(name) => Err(RecordError::refused(
            format!("the commit was published meanwhile ({name})"),
            "Others may have it; make a new commit instead of taking this one back.",
        )),
        None => Ok(()),
    }
}

/// A notes ref that nobody moved goes back as a whole; otherwise only our lines are taken out.
fn note_back(repo: &Repo, change: &RefChange, lines: &[AddedLine]) -> Result<Option<RefChange>> {
    if refs::current(repo, &change.name)? == change.new {
        return Ok(Some(change.reversed()));
    }
    let tree = NotesTree::read(repo, &change.name)?;
    let mut texts: Vec<(ObjectId, Option<Vec<u8>>)> = Vec::new();
    for line in lines.iter().filter(|l| l.name == change.name) {
        if let Some(text) = tree.get(&line.commit)? {
            texts.push((line.commit.clone(), notes::without_line(&text, line.line.as_bytes())));
        }
    }
    tree.write(&texts, "Notes taken back by countersign")
}

/// Only paths that still hold what recording put there.
fn index_back(repo: &Repo, last: &Intent) -> Result<Vec<IndexStep>> {
    let after: Vec<_> = last.index.iter().map(IndexStep::after).collect();
    let now = super::content::index_entries(repo, after.iter().map(|e| &e.path))?;
    let unchanged = last
        .index
        .iter()
        .zip(&after)
        .filter(|(_, e)| now.get(&e.path) == e.content.as_ref());
    Ok(unchanged
        .map(|(step, e)| IndexStep::new(&e.path, e.content.clone(), step.before().content))
        .collect())
}
