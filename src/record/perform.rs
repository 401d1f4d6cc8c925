//! Doing what a plan says: objects, intent, refs in one transaction, index, done.
//!
//! See [`super::intent`] for why a crash at any moment leaves the repository as it was or as it should be.

use super::{
    carry,
    error::{RecordError, Result},
    intent::{self, AddedLine, Fate, IndexStep, Intent},
    journal::Journal,
    notes::{self, NoteLine, NotesTree},
    obstacles,
    plan::Plan,
    refs::{self, RefChange},
    repo::Repo,
    signing::{self, Signing},
    turn::Turn,
    user_index::UserIndex,
    way::Way,
};
use crate::change::ObjectId;
use std::collections::BTreeMap;

/// How often a note that somebody else wrote meanwhile is taken in and tried again.
const TRIES: usize = 5;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Commits that now carry, or are covered by, the record.
    pub commits: Vec<ObjectId>,
    /// Commits that were made.
    pub made: Vec<ObjectId>,
    /// The commit that was rewritten: its old and its new id.
    pub rewritten: Option<(ObjectId, ObjectId)>,
    /// A sentence for the screen.
    pub said: String,
    /// What could not be finished although the record is in git; sentences.
    pub left: Vec<String>,
}

/// Does it.
///
/// # Errors
/// [`RecordError::Moved`] when HEAD, a branch or the index is no longer what the plan was made on; nothing has changed then.
pub fn perform(repo: &Repo, plan: &Plan, journal: &mut Journal) -> Result<Recorded> {
    if let Some(why) = &plan.blocked {
        return Err(RecordError::refused(why.clone(), "Record from your own terminal."));
    }
    let turn = Turn::take(repo)?;
    check_unmoved(repo, plan)?;
    let made = make_commits(repo, plan)?;
    let mut tries = TRIES;
    let intent = loop {
        let intent = draft_intent(repo, plan, &made)?;
        match carry_out(repo, journal, &intent) {
            Err(RecordError::Moved { what, .. }) if what.starts_with("refs/notes/") && tries > 0 => tries -= 1,
            Err(error) => return Err(error),
            Ok(left) => break (intent, left),
        }
    };
    drop(turn);
    let (intent, left) = intent;
    Ok(recorded(plan, intent, made, left))
}

fn recorded(plan: &Plan, intent: Intent, made: Vec<ObjectId>, left: Vec<String>) -> Recorded {
    let first = plan.commits.first();
    let rewritten = first.and_then(|c| Some((c.replaces.clone()?, made.first()?.clone())));
    let said = match (first.map(|c| c.way), made.as_slice()) {
        (Some(Way::NewCommit), [id, ..]) => format!("Committed {} with its record.", id.short()),
        (Some(Way::Amend), [id, ..]) => format!("Recorded; the commit is {} now.", id.short()),
        (Some(_), [id, ..]) => format!("Recorded in the review commit {}.", id.short()),
        _ => "Recorded in a note.".into(),
    };
    Recorded {
        commits: intent.commits,
        made,
        rewritten,
        said,
        left,
    }
}

fn check_unmoved(repo: &Repo, plan: &Plan) -> Result<()> {
    if plan.commits.is_empty() {
        return Ok(());
    }
    let head = repo.head()?;
    if head != plan.head {
        let now = head.id.as_ref().map_or("nothing", |id| id.short()).to_owned();
        return Err(RecordError::Moved {
            what: "HEAD".into(),
            why: format!("it is {} at {now} now", head.describe()),
        });
    }
    match obstacles::to_moving_head(repo, &head)? {
        Some(why) => Err(RecordError::refused(
            format!("not recorded: {why}"),
            "Finish that first, then record again.",
        )),
        None => Ok(()),
    }
}

/// Writes the commits, signed as configured.
fn make_commits(repo: &Repo, plan: &Plan) -> Result<Vec<ObjectId>> {
    let signing = if plan.commits.is_empty() {
        Signing::Off
    } else {
        signing::configured(repo)
    };
    let mut made: Vec<ObjectId> = Vec::new();
    for planned in &plan.commits {
        let mut object = planned.object.clone();
        if let Some(below) = made.last() {
            object.set_parent(below);
        }
        match &signing {
            Signing::Off => {}
            Signing::With(signer) => {
                let armour = signer.sign(&object.to_bytes(), &plan.reviewer)?;
                object.sign(&armour, repo.hex);
            }
            Signing::Impossible(why) => return Err(RecordError::Signing { why: why.clone() }),
        }
        made.push(object.write(repo)?);
    }
    Ok(made)
}

/// Writes the notes as objects and puts together what will move.
fn draft_intent(repo: &Repo, plan: &Plan, made: &[ObjectId]) -> Result<Intent> {
    let mut refs: Vec<RefChange> = made
        .last()
        .map(|tip| RefChange::of_head(repo, &plan.head, tip))
        .into_iter()
        .collect();
    let mut lines: BTreeMap<ObjectId, Vec<Vec<u8>>> = BTreeMap::new();
    let mut added = Vec::new();
    let mut records = BTreeMap::new();
    for planned in &plan.records {
        let line = NoteLine::new(&planned.record, &plan.now)?.to_line()?;
        let carrier = planned.carried_by.and_then(|at| made.get(at));
        for commit in planned.on.iter().chain(carrier) {
            lines.entry(commit.clone()).or_default().push(line.clone());
            let text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
            added.push(AddedLine {
                name: notes::REF.into(),
                commit: commit.clone(),
                line: text,
            });
        }
        records.insert(planned.digest.clone(), planned.record.clone());
    }
    let rewritten = plan
        .commits
        .iter()
        .zip(made)
        .find_map(|(c, new)| Some((c.replaces.clone()?, new.clone())));
    let ours = NotesTree::read(repo, notes::REF)?;
    let mut texts = Vec::new();
    for (commit, lines) in lines {
        // What was noted on the commit before it was rewritten goes on.
        let old = rewritten
            .as_ref()
            .filter(|(_, new)| *new == commit)
            .map_or(&commit, |(old, _)| old);
        let text = lines
            .iter()
            .fold(ours.get(old)?, |text, line| Some(notes::with_line(text, line)));
        texts.push((commit, text));
    }
    refs.extend(ours.write(&texts, "Notes added by countersign")?);
    if let Some((old, new)) = &rewritten {
        refs.extend(carry::notes(repo, old, new)?);
    }
    let commits: Vec<ObjectId> = added.iter().map(|a| a.commit.clone()).collect();
    let index = plan
        .index
        .iter()
        .filter(|(before, after)| before.content != after.content);
    Ok(Intent {
        id: intent_id(&refs, &plan.now.to_string()),
        git_dir: repo.git_dir.to_string_lossy().into_owned(),
        what: reason(plan),
        refs,
        index: index
            .map(|(b, a)| IndexStep::new(&a.path, b.content.clone(), a.content.clone()))
            .collect(),
        notes: added,
        commits,
        records,
        undoes: None,
    })
}

/// For the reflog.
fn reason(plan: &Plan) -> String {
    let worst = plan.steps.iter().map(|s| s.conclusion).max();
    let findings: usize = plan.steps.iter().map(|s| s.counts.findings()).sum();
    let verdict = worst.map_or_else(String::new, |c| c.to_string());
    format!("countersign: {verdict}, {findings} findings")
}

/// A name for an intent: what moves and when; the process id keeps two apart that do the same in the same moment.
pub(super) fn intent_id(refs: &[RefChange], now: &str) -> String {
    let text = format!("{refs:?} {now} {}", std::process::id());
    super::digest::sha256(text.as_bytes()).chars().take(16).collect()
}

/// Announces, moves, follows with the index, concludes. Gives what was left undone after the refs had moved.
pub(super) fn carry_out(repo: &Repo, journal: &mut Journal, intent: &Intent) -> Result<Vec<String>> {
    intent::announce(journal, intent)?;
    let moved = move_refs(repo, intent);
    let index = match moved {
        Ok(index) => index,
        Err(error) => {
            intent::conclude(journal, intent, Fate::Abandoned)?;
            return Err(error);
        }
    };
    let mut left = Vec::new();
    if let Some(Err(error)) = index.map(UserIndex::install) {
        // The intent stays open: the next start finishes it.
        left.push(format!(
            "The index does not know of the commit yet ({error}); reopening the review finishes that."
        ));
        return Ok(left);
    }
    if let Err(error) = intent::conclude(journal, intent, Fate::Done) {
        left.push(format!(
            "The journal does not say that this was done ({error}); reopening the review finishes that."
        ));
    }
    Ok(left)
}

/// Everything that can fail without harm comes before the refs: the index is locked and prepared, then they move.
fn move_refs<'r>(repo: &'r Repo, intent: &Intent) -> Result<Option<UserIndex<'r>>> {
    let index = match intent.index.as_slice() {
        [] => None,
        steps => {
            let index = UserIndex::lock(repo, &intent.id)?;
            check_index(repo, steps)?;
            index.prepare(&steps.iter().map(IndexStep::after).collect::<Vec<_>>())?;
            Some(index)
        }
    };
    refs::apply(repo, &intent.refs, &intent.what)?;
    Ok(index)
}

/// The index must still hold what the plan saw: something staged since is not overwritten.
fn check_index(repo: &Repo, steps: &[IndexStep]) -> Result<()> {
    let before: Vec<_> = steps.iter().map(IndexStep::before).collect();
    let now = super::content::index_entries(repo, before.iter().map(|e| &e.path))?;
    match before.iter().find(|e| now.get(&e.path) != e.content.as_ref()) {
        Some(entry) => Err(RecordError::Moved {
            what: super::printable::line(&entry.path.lossy(), 200),
            why: "what is staged of it changed".into(),
        }),
        None => Ok(()),
    }
}
