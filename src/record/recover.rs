//! After a crash: intents of which nobody knows what came are looked at, finished or put away, and reported.

use super::{
    error::Result,
    intent::{self, Fate, IndexStep, Intent},
    journal::Journal,
    printable,
    refs::{self, RefChange},
    repo::Repo,
    turn::Turn,
    user_index::{self, UserIndex},
};
use std::{path::PathBuf, thread, time::Duration};

/// How long a git at work is waited for.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// Looks at unfinished recordings of this worktree and settles them. Gives a sentence for each; none when there was nothing to do.
///
/// # Errors
/// When git or the journal cannot be used; what could not be settled stays for the next time.
pub fn recover(repo: &Repo, journal: &mut Journal) -> Result<Vec<String>> {
    if intent::unfinished(journal).is_empty() {
        return Ok(Vec::new());
    }
    // Whoever is recording right now holds the turn, so what is unfinished under it was interrupted.
    let _turn = Turn::take(repo)?;
    journal.refresh()?;
    let mut said = Vec::new();
    for unfinished in intent::unfinished(journal) {
        if unfinished.git_dir != repo.git_dir.to_string_lossy() {
            said.push("A recording in another worktree was interrupted; open countersign there to settle it.".into());
            continue;
        }
        if let Some(lock) = lock_that_stays(repo, &unfinished) {
            said.push(format!(
                "An interrupted recording cannot be settled while {} exists. If no git is running here, remove that file and open the review again.",
                printable::line(&lock.to_string_lossy(), 200)
            ));
            continue;
        }
        user_index::clear(repo, &unfinished.id)?;
        let happened = happened(repo, &unfinished)?;
        if happened {
            bring_notes(repo, &unfinished, false)?;
            follow(repo, &unfinished)?;
            intent::conclude(journal, &unfinished, Fate::Done)?;
            said.push(format!("An interrupted recording was finished ({}).", unfinished.what));
        } else {
            bring_notes(repo, &unfinished, true)?;
            intent::conclude(journal, &unfinished, Fate::Abandoned)?;
            said.push("An interrupted recording had not taken place; record again when you are ready.".into());
        }
    }
    Ok(said)
}

/// A git that the interrupted program had told to go finishes on its own; before that nothing can be said.
fn lock_that_stays(repo: &Repo, intent: &Intent) -> Option<PathBuf> {
    for _ in 0..TRIES {
        refs::locked(repo, &intent.refs)?;
        thread::sleep(PAUSE);
    }
    refs::locked(repo, &intent.refs)
}

/// The ref that tells: the branch when one moves, else the first of the notes.
fn leading(intent: &Intent) -> Option<&RefChange> {
    intent
        .refs
        .iter()
        .find(|c| !c.name.starts_with("refs/notes/"))
        .or(intent.refs.first())
}

/// True when the leading ref is at its new value, or has gone on from there.
fn happened(repo: &Repo, intent: &Intent) -> Result<bool> {
    let Some(change) = leading(intent) else { return Ok(true) };
    let now = refs::current(repo, &change.name)?;
    if now == change.new {
        return Ok(true);
    }
    if now == change.old || change.new == repo.zero() || now == repo.zero() {
        return Ok(false);
    }
    // For an undo the old value is a descendant or sibling of the new one; only a plain move forward counts as "went on".
    let onward = |from: &str, to: &str| repo.git.call(["merge-base", "--is-ancestor", from, to]).succeeds();
    Ok(intent.undoes.is_none() && onward(&change.new.0, &now.0)?)
}

/// Refs move one after the other inside git; those that were left behind (or ran ahead) follow the leading one.
fn bring_notes(repo: &Repo, intent: &Intent, back: bool) -> Result<()> {
    for change in &intent.refs {
        if Some(change) == leading(intent) {
            continue;
        }
        let wanted = if back { change.reversed() } else { change.clone() };
        if refs::current(repo, &wanted.name)? == wanted.old {
            refs::apply(repo, &[wanted], &format!("{} (after an interruption)", intent.what))?;
        }
    }
    Ok(())
}

/// The index, at paths that nobody touched since.
fn follow(repo: &Repo, intent: &Intent) -> Result<()> {
    let before: Vec<_> = intent.index.iter().map(IndexStep::before).collect();
    let now = super::content::index_entries(repo, before.iter().map(|e| &e.path))?;
    let untouched = intent
        .index
        .iter()
        .zip(&before)
        .filter(|(_, e)| now.get(&e.path) == e.content.as_ref());
    let after: Vec<_> = untouched.map(|(step, _)| step.after()).collect();
    if after.is_empty() {
        return Ok(());
    }
    let index = UserIndex::lock(repo, &intent.id)?;
    index.prepare(&after)?;
    index.install()
}
