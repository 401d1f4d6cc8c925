//! From the review core's state to what recording needs: one part for each commit, or one for uncommitted work.
//!
//! Findings and hunks of a range are given to the commits that brought them. Whatever text goes into a record is freed from secrets the
//! scanner found: a note that quotes one must not publish it.

use super::{
    content::ReviewedFile,
    full::{RecordedDecision, RecordedFinding, RecordedHunk, Unexamined},
    outcome::{From, Outcome, Part, Target, Uncommitted},
};
use crate::{
    change::{Change, FileChange, Hunk, LineKind, ObjectId, Source, Status},
    review::{Decision, Settled, Standing, State},
    scan::Finding,
};
use std::collections::HashSet;

/// What stands in place of a secret.
const REDACTED: &str = "[redacted]";

/// Secrets shorter than this are left in: taking `a` out of a sentence helps nobody.
const SHORTEST_SECRET: usize = 6;

/// What the person adds when recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The message of a new commit.
    pub message: String,
    /// Agents that left no mark and that the person confirmed (`Claude Code:claude-opus-4-6`).
    pub assisted_by: Vec<String>,
}

impl Outcome {
    /// What the review in `state` came to.
    #[must_use]
    pub fn of(state: &State, words: &Words) -> Self {
        let change = state.change();
        let secrets = Secrets::of(state);
        let parts = if change.commits.is_empty() {
            part(state, words, &secrets, None).into_iter().collect()
        } else {
            change
                .commits
                .iter()
                .filter_map(|c| part(state, words, &secrets, Some(&c.id)))
                .collect()
        };
        Self {
            parts,
            threshold: state.policy().threshold,
        }
    }
}

impl ReviewedFile {
    /// A changed file as it was shown.
    #[must_use]
    pub fn of(file: &FileChange) -> Self {
        Self {
            path: file.path.clone(),
            // A copy leaves the file it was copied from alone.
            old_path: file.old_path.clone().filter(|_| file.status == Status::Renamed),
            shown: file.new.as_ref().map(|side| (side.mode, side.blob.clone())),
            staged: file.stage.staged,
        }
    }
}

impl Uncommitted {
    /// The uncommitted work of a change; `None` when it is made of commits.
    #[must_use]
    pub fn of(change: &Change, message: &str) -> Option<Self> {
        let from = match change.source {
            Source::WorkTree => From::WorkTree,
            Source::Index => From::Index,
            Source::Unstaged => From::Unstaged,
            Source::Commit { .. } | Source::Range { .. } => return None,
        };
        let files = change.files.iter().map(ReviewedFile::of).collect();
        Some(Self {
            from,
            base: change.base.clone(),
            files,
            message: message.to_owned(),
        })
    }
}

/// One commit's share (no commit: all of it, uncommitted). `None` when there is neither.
fn part(state: &State, words: &Words, secrets: &Secrets, commit: Option<&ObjectId>) -> Option<Part> {
    let change = state.change();
    let mine = |of: Option<&ObjectId>| commit.is_none() || of.or(newest(change)) == commit;
    let mut findings: Vec<RecordedFinding> = state
        .findings()
        .iter()
        .filter(|f| State::counts(f) && mine(f.commit.as_ref()))
        .map(|f| finding(state, f, secrets))
        .collect();
    let fixed = state.fixed().into_iter().filter(|s| mine(s.subject.commit.as_ref()));
    findings.extend(fixed.map(|s| gone(s, secrets)));
    let hunks: Vec<RecordedHunk> = state
        .hunks()
        .filter(|(_, hunk)| commit.is_none_or(|id| brought_by(change, hunk, id)))
        .map(|(file, hunk)| RecordedHunk {
            path: file.path.lossy().into_owned(),
            id: hunk.id.clone(),
            seen: state.ledger().seen(&hunk.id),
        })
        .collect();
    let not_examined = unexamined(state, commit, &hunks);
    let target = match commit {
        Some(id) => Target::Commit(id.clone()),
        None => Target::Uncommitted(Uncommitted::of(change, &words.message)?),
    };
    Some(Part {
        target,
        findings,
        hunks,
        not_examined,
        assisted_by: words.assisted_by.clone(),
    })
}

fn newest(change: &Change) -> Option<&ObjectId> {
    change.commits.first().map(|c| &c.id)
}

/// True when a changed line of the hunk came with that commit. Lines that nobody is known to have brought are the newest commit's.
fn brought_by(change: &Change, hunk: &Hunk, id: &ObjectId) -> bool {
    let bringer = |index: Option<u16>| match index {
        Some(at) => change.commits.get(usize::from(at)).map(|c| &c.id),
        None => newest(change),
    };
    hunk.lines
        .iter()
        .filter(|l| l.kind != LineKind::Context)
        .any(|l| bringer(l.commit) == Some(id))
}

fn finding(state: &State, finding: &Finding, secrets: &Secrets) -> RecordedFinding {
    let note = state.ledger().note(&finding.fingerprint);
    RecordedFinding {
        fingerprint: finding.fingerprint.clone(),
        rule: finding.rule.to_string(),
        severity: finding.severity,
        confidence: Some(finding.confidence),
        title: secrets.out_of(&finding.title),
        path: finding.place.path.lossy().into_owned(),
        line: finding.place.start.line,
        decision: match state.standing(finding) {
            Standing::Decided(made) => Some(decision(&made, note, secrets)),
            Standing::Open | Standing::Stale(_) => None,
        },
    }
}

/// A finding that a fix made go away.
fn gone(settled: &Settled, secrets: &Secrets) -> RecordedFinding {
    let subject = &settled.subject;
    RecordedFinding {
        fingerprint: subject.fingerprint.clone(),
        rule: subject.rule.to_string(),
        severity: subject.severity,
        confidence: None,
        title: secrets.out_of(&subject.title),
        path: subject.path.clone(),
        line: subject.line,
        decision: Some(decision(&settled.decision, None, secrets)),
    }
}

/// A decision with the words given for it, or else the note on the finding.
fn decision(made: &Decision, note: Option<&str>, secrets: &Secrets) -> RecordedDecision {
    let words = made.note.as_deref().filter(|w| !w.trim().is_empty()).or(note);
    RecordedDecision {
        verdict: made.verdict,
        note: words.map(|w| secrets.out_of(w)),
        code: made.code.0.to_string(),
        at: made.at.to_string(),
        by: made.by.to_string(),
        batch: made.batch,
    }
}

/// What was not examined of this commit's files, and what is about no file.
fn unexamined(state: &State, commit: Option<&ObjectId>, hunks: &[RecordedHunk]) -> Vec<Unexamined> {
    let touched: HashSet<&str> = hunks.iter().map(|h| h.path.as_str()).collect();
    let is_newest = commit == newest(state.change());
    // A file without hunks (binary, too large) is nobody's in particular: it goes with the newest.
    let with_hunks: HashSet<_> = state.hunks().map(|(file, _)| file.path.lossy().into_owned()).collect();
    let mine = |path: &str| commit.is_none() || touched.contains(path) || (is_newest && !with_hunks.contains(path));
    let of_scan = state
        .not_examined()
        .iter()
        .map(|n| (Some(n.path.lossy().into_owned()), n.why.clone()));
    let of_load = state
        .change()
        .omitted
        .iter()
        .map(|o| (o.path.as_ref().map(|p| p.lossy().into_owned()), o.why.clone()));
    let all = of_scan
        .chain(of_load)
        .filter(|(path, _)| path.as_deref().is_none_or(mine));
    all.map(|(path, why)| Unexamined { path, why }).collect()
}

/// The secrets that the scanner found in the change.
struct Secrets(Vec<String>);

impl Secrets {
    fn of(state: &State) -> Self {
        let mut found = Vec::new();
        for finding in state.findings() {
            let Some(file) = state.file(&finding.place.path) else {
                continue;
            };
            let text = if finding.place.old_side {
                file.old_text()
            } else {
                file.new_text()
            };
            let Some(text) = text else { continue };
            for span in &finding.redact {
                let secret = String::from_utf8_lossy(span.of(text)).into_owned();
                if secret.chars().count() >= SHORTEST_SECRET {
                    found.push(secret);
                }
            }
        }
        // The longest first, so that one within another does not leave the rest of it.
        found.sort_by_key(|s| std::cmp::Reverse(s.len()));
        found.dedup();
        Self(found)
    }

    fn out_of(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_the_longest_first() {
        let secrets = Secrets(vec!["hunter2hunter2".into(), "hunter2".into()]);
        assert_eq!(
            secrets.out_of("it is hunter2hunter2, not hunter2"),
            "it is [redacted], not [redacted]"
        );
    }
}
