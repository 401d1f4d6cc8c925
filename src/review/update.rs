//! The one function that changes a review.

use super::{
    Action, CodeId, Cursor, Dialog, Effect, Entry, Motion, Reason, Row, Scanned, State, Subject, Verdict,
    action::Direction, queue,
};
use crate::{
    change::{Change, HunkId, Source},
    scan::{Finding, Fingerprint, FixQuality},
};
use std::{collections::HashSet, sync::Arc};

/// Takes in one action; says what must be done outside.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Move(motion) => go(state, motion),
        Action::Select(cursor) => select(state, cursor),
        Action::Toggle(fold) => {
            if !state.toggled.remove(&fold) {
                state.toggled.insert(fold);
            }
            Vec::new()
        }
        Action::OnScreen { hunks, findings } => on_screen(state, hunks, findings),
        Action::ToggleSeen => toggle_seen(state),
        Action::Filter(filter) => reseated(state, |state| state.filter = filter),
        Action::Group(grouping) => reseated(state, |state| state.grouping = grouping),
        Action::BeginApprove => begin_approve(state),
        Action::Approve { targets, reason, note } => approve(state, &targets, reason, note),
        Action::Reject => reject(state),
        Action::Withdraw => withdraw(state),
        Action::BeginNote => begin_note(state),
        Action::Note { target, text } => note(state, &target, text),
        Action::Fix => fix(state),
        Action::HideFix => {
            state.fix_shown = None;
            Vec::new()
        }
        Action::Undo => undo(state),
        Action::Redo => redo(state),
        Action::BeginRecord => vec![Effect::Record],
        Action::Loaded(change) => reseated(state, |state| loaded(state, change)),
        Action::Scanned(scanned) => reseated(state, |state| take_in(state, scanned)),
        Action::Journaled(stamped) => journaled(state, &stamped),
        Action::FixApplied(fingerprint) => fix_applied(state, &fingerprint),
        Action::Failed(what) | Action::Said(what) => vec![Effect::Say(what)],
    }
}

fn say(text: &str) -> Vec<Effect> {
    vec![Effect::Say(text.into())]
}

// ---- moving

fn go(state: &mut State, motion: Motion) -> Vec<Effect> {
    let rows = state.rows();
    let at = state
        .cursor
        .as_ref()
        .and_then(|c| rows.iter().position(|r| r.cursor() == *c));
    let target = match motion {
        Motion::Rows(by) => at.map_or(Some(0), |at| {
            Some(at.saturating_add_signed(by).min(rows.len().saturating_sub(1)))
        }),
        Motion::First => Some(0),
        Motion::Last => rows.len().checked_sub(1),
        Motion::Undecided(direction) => {
            let found = undecided_from(
                &rows,
                at,
                direction,
                |r| matches!(r, Row::Finding(f) if is_open(state, f)),
            );
            let found = found.or_else(|| undecided_from(&rows, at, direction, |r| matches!(r, Row::Hunk(_))));
            if found.is_none() {
                return say(left_to_do(state));
            }
            found
        }
        Motion::File(direction) => step(&rows, at, direction, |r| matches!(r, Row::File { .. })),
        Motion::Hunk(direction) => return go_hunk(state, direction),
    };
    match target.and_then(|i| rows.get(i)) {
        Some(row) => select(state, row.cursor()),
        None => Vec::new(),
    }
}

/// The nearest row in that direction, without going round.
fn step(rows: &[Row], at: Option<usize>, direction: Direction, wanted: impl Fn(&Row) -> bool) -> Option<usize> {
    match (direction, at) {
        (Direction::Forward, Some(at)) => (at + 1..rows.len()).find(|i| wanted(&rows[*i])),
        (Direction::Forward, None) => rows.iter().position(wanted),
        (Direction::Back, Some(at)) => (0..at).rev().find(|i| wanted(&rows[*i])),
        (Direction::Back, None) => rows.iter().rposition(wanted),
    }
}

/// The nearest row in that direction, going round once.
fn undecided_from(
    rows: &[Row],
    at: Option<usize>,
    direction: Direction,
    wanted: impl Fn(&Row) -> bool + Copy,
) -> Option<usize> {
    step(rows, at, direction, wanted).or_else(|| step(rows, None, direction, wanted).filter(|i| Some(*i) != at))
}

fn is_open(state: &State, fingerprint: &Fingerprint) -> bool {
    state.finding(fingerprint).is_some_and(|f| state.standing(f).is_open())
}

fn go_hunk(state: &mut State, direction: Direction) -> Vec<Effect> {
    let ids: Vec<HunkId> = state.hunks().map(|(_, h)| h.id.clone()).collect();
    let at = state
        .current_hunk()
        .and_then(|(_, h)| ids.iter().position(|id| *id == h.id));
    let next = match (direction, at) {
        (Direction::Forward, Some(at)) => at.checked_add(1).filter(|i| *i < ids.len()),
        (Direction::Back, Some(at)) => at.checked_sub(1),
        (Direction::Forward, None) => Some(0),
        (Direction::Back, None) => ids.len().checked_sub(1),
    };
    match next.and_then(|i| ids.get(i)) {
        Some(id) => select(state, Cursor::Hunk(id.clone())),
        None => say(if direction == Direction::Forward {
            "This is the last hunk."
        } else {
            "This is the first hunk."
        }),
    }
}

fn select(state: &mut State, cursor: Cursor) -> Vec<Effect> {
    if state.cursor.as_ref() != Some(&cursor) {
        state.fix_shown = None;
        state.cursor = Some(cursor);
    }
    Vec::new()
}

/// Runs `change`, then sees to it that the cursor stands on something: where it was, else at the row that took its place.
fn reseated(state: &mut State, change: impl FnOnce(&mut State)) -> Vec<Effect> {
    let before = state.rows();
    let at = state
        .cursor
        .as_ref()
        .and_then(|c| before.iter().position(|r| r.cursor() == *c));
    change(state);
    if !stands(state) {
        let rows = state.rows();
        let first = rows.iter().position(|r| matches!(r, Row::Finding(_) | Row::Hunk(_)));
        let index = at.or(first).unwrap_or(0).min(rows.len().saturating_sub(1));
        state.cursor = rows.get(index).map(Row::cursor);
    }
    Vec::new()
}

/// True when what the cursor names is there. A hunk or a finding stands though its row is folded away.
fn stands(state: &State) -> bool {
    match &state.cursor {
        Some(Cursor::Hunk(id)) => state.hunk(id).is_some(),
        Some(Cursor::Finding(f)) => state.finding(f).is_some_and(|f| state.filter.shows(f)),
        Some(cursor) => state.rows().iter().any(|r| r.cursor() == *cursor),
        None => false,
    }
}

// ---- looking

fn on_screen(state: &mut State, hunks: Vec<HunkId>, findings: Vec<Fingerprint>) -> Vec<Effect> {
    let now: HashSet<HunkId> = hunks.into_iter().collect();
    state.shown.extend(findings);
    let mut left: Vec<HunkId> = state
        .showing
        .iter()
        .filter(|h| !now.contains(h) && !state.ledger.seen(h))
        .cloned()
        .collect();
    left.retain(|h| state.hunk(h).is_some());
    left.sort();
    state.showing = now;
    seen(left, true, true)
}

fn seen(hunks: Vec<HunkId>, seen: bool, passing: bool) -> Vec<Effect> {
    if hunks.is_empty() {
        Vec::new()
    } else {
        vec![Effect::Journal(Entry::Seen { hunks, seen, passing })]
    }
}

fn toggle_seen(state: &mut State) -> Vec<Effect> {
    let hunks: Vec<HunkId> = match &state.cursor {
        Some(Cursor::File(path)) => state
            .file(path)
            .map(|f| f.hunks().iter().map(|h| h.id.clone()).collect())
            .unwrap_or_default(),
        _ => state.current_hunk().map(|(_, h)| h.id.clone()).into_iter().collect(),
    };
    if hunks.is_empty() {
        return say("There is no hunk here to mark as seen.");
    }
    let all = hunks.iter().all(|h| state.ledger.seen(h));
    if all {
        return seen(hunks, false, false);
    }
    let unseen = hunks.into_iter().filter(|h| !state.ledger.seen(h)).collect();
    seen(unseen, true, false)
}

// ---- deciding

fn begin_approve(state: &mut State) -> Vec<Effect> {
    match &state.cursor {
        Some(Cursor::Finding(fingerprint)) => {
            let Some(finding) = state.finding(fingerprint) else {
                return say("This finding is gone: there is nothing to decide.");
            };
            let weighty = finding.severity >= state.policy.reason_at;
            if weighty && !state.shown.contains(fingerprint) {
                return say("Look at the code first: this finding can be approved once its lines have been on screen.");
            }
            vec![Effect::Open(Dialog::Approve {
                targets: vec![fingerprint.clone()],
                words: weighty,
            })]
        }
        Some(cursor @ (Cursor::File(_) | Cursor::Group(_))) => {
            let members = queue::members(state, cursor);
            let light = members.iter().filter(|f| f.severity < state.policy.reason_at);
            let targets: Vec<_> = light.map(|f| f.fingerprint.clone()).collect();
            match (targets.is_empty(), members.is_empty()) {
                (false, _) => vec![Effect::Open(Dialog::Approve { targets, words: true })],
                (true, false) => say("These findings are too severe for a batch: decide them one by one."),
                (true, true) => say("There is no open finding here."),
            }
        }
        _ => say("Select a finding to approve it; n goes to the next one."),
    }
}

fn approve(state: &mut State, targets: &[Fingerprint], reason: Reason, note: String) -> Vec<Effect> {
    let findings: Vec<Arc<Finding>> = targets.iter().filter_map(|t| state.finding(t).cloned()).collect();
    let batch = findings.len() > 1;
    let weighty = |f: &&Arc<Finding>| f.severity >= state.policy.reason_at;
    if batch && findings.iter().any(|f| weighty(&f)) {
        return say("A finding in this batch is too severe for one: decide it by itself.");
    }
    let words = batch || findings.iter().any(|f| weighty(&f));
    if words && note.trim().is_empty() {
        return say("A reason in words is needed here.");
    }
    if findings
        .iter()
        .any(|f| weighty(&f) && !state.shown.contains(&f.fingerprint))
    {
        return say("Look at the code first: this finding can be approved once its lines have been on screen.");
    }
    decide(state, &findings, Verdict::Approved(reason), note)
}

fn reject(state: &mut State) -> Vec<Effect> {
    match state.selected().cloned() {
        Some(finding) => {
            let note = state.ledger.note(&finding.fingerprint).unwrap_or_default().to_owned();
            decide(state, &[finding], Verdict::Rejected, note)
        }
        None => say("Select a finding to reject it; n goes to the next one."),
    }
}

fn decide(state: &State, findings: &[Arc<Finding>], verdict: Verdict, note: String) -> Vec<Effect> {
    let subjects: Vec<Subject> = findings.iter().filter_map(|f| state.subject(&f.fingerprint)).collect();
    if subjects.is_empty() {
        return say("This finding is gone: there is nothing to decide.");
    }
    let note = Some(note.trim().to_owned()).filter(|n| !n.is_empty());
    vec![Effect::Journal(Entry::Decide {
        subjects,
        verdict,
        note,
        base: state.change.base.clone(),
    })]
}

fn withdraw(state: &mut State) -> Vec<Effect> {
    let Some(finding) = state.selected() else {
        return say("Select a decided finding to take its decision back.");
    };
    if state.ledger.settled(&finding.fingerprint).is_none() {
        return say("Nothing was decided here.");
    }
    let subjects = state.subject(&finding.fingerprint).into_iter().collect();
    vec![Effect::Journal(Entry::Withdraw { subjects })]
}

fn begin_note(state: &mut State) -> Vec<Effect> {
    let Some(finding) = state.selected() else {
        return say("Select a finding to write a note on it.");
    };
    let target = finding.fingerprint.clone();
    let text = state.ledger.note(&target).unwrap_or_default().to_owned();
    vec![Effect::Open(Dialog::Note { target, text })]
}

fn note(state: &mut State, target: &Fingerprint, text: String) -> Vec<Effect> {
    match state.subject(target) {
        Some(subject) => vec![Effect::Journal(Entry::Note {
            subject,
            text: text.trim().to_owned(),
        })],
        None => say("This finding is gone; the note was not kept."),
    }
}

// ---- fixing

fn fix(state: &mut State) -> Vec<Effect> {
    let Some(finding) = state.selected().cloned() else {
        return say("Select a finding to see its fix.");
    };
    let Some(fix) = &finding.fix else {
        return say("No fix is known for this finding; e opens the editor here.");
    };
    if state.fix_shown.as_ref() != Some(&finding.fingerprint) {
        state.fix_shown = Some(finding.fingerprint.clone());
        return match fix.quality {
            FixQuality::Checked => say("f again applies this fix to the working tree; Esc puts it away."),
            FixQuality::Sketch => say("This is a sketch: a person must finish it. e opens the editor here."),
        };
    }
    match fix.quality {
        FixQuality::Checked => vec![Effect::ApplyFix(finding.fingerprint.clone())],
        FixQuality::Sketch => say("A sketch is never applied: e opens the editor here."),
    }
}

fn fix_applied(state: &mut State, fingerprint: &Fingerprint) -> Vec<Effect> {
    state.fix_shown = None;
    let Some(finding) = state.finding(fingerprint).cloned() else {
        return vec![Effect::Rescan];
    };
    state.fixing.insert(fingerprint.clone());
    let mut effects = decide(state, &[finding], Verdict::Fixed, String::new());
    effects.push(Effect::Rescan);
    effects
}

// ---- undo

fn undo(state: &mut State) -> Vec<Effect> {
    match state.ledger.undoable() {
        None => say("There is nothing to undo."),
        Some(entry) => match fixed_subject(entry) {
            Some(fingerprint) => vec![Effect::RevertFix(fingerprint)],
            None => vec![Effect::Journal(Entry::Undo)],
        },
    }
}

fn redo(state: &mut State) -> Vec<Effect> {
    match state.ledger.redoable() {
        None => say("There is nothing to do again."),
        Some(entry) => match fixed_subject(entry) {
            Some(fingerprint) => vec![Effect::ReapplyFix(fingerprint)],
            None => vec![Effect::Journal(Entry::Redo)],
        },
    }
}

fn fixed_subject(entry: &Entry) -> Option<Fingerprint> {
    match entry {
        Entry::Decide {
            subjects,
            verdict: Verdict::Fixed,
            ..
        } => subjects.first().map(|s| s.fingerprint.clone()),
        _ => None,
    }
}

// ---- results

fn loaded(state: &mut State, change: Arc<Change>) {
    state.change = change;
    let there: HashSet<HunkId> = state.hunks().map(|(_, h)| h.id.clone()).collect();
    state.showing.retain(|h| there.contains(h));
}

fn take_in(state: &mut State, scanned: Scanned) {
    match scanned {
        Scanned::Began { files } => {
            // The old findings stay until the new picture is whole, so that nothing flickers.
            state.scan = Some((0, files));
        }
        Scanned::Progress { done, findings } => {
            if let Some((at, _)) = &mut state.scan {
                *at = done;
            }
            let known: HashSet<_> = state.findings.iter().map(|f| f.fingerprint.clone()).collect();
            let fresh: Vec<_> = findings
                .into_iter()
                .filter(|f| !known.contains(&f.fingerprint))
                .collect();
            let all = state.findings.iter().cloned().chain(fresh).collect();
            set_findings(state, all);
        }
        Scanned::Done { findings, not_examined } => {
            state.scan = None;
            state.fixing.clear();
            state.not_examined = not_examined;
            set_findings(state, findings);
        }
    }
}

fn set_findings(state: &mut State, mut findings: Vec<Arc<Finding>>) {
    findings.sort_by(|a, b| (&a.place.path, a.place.start, &a.rule).cmp(&(&b.place.path, b.place.start, &b.rule)));
    state.codes = findings
        .iter()
        .map(|f| (f.fingerprint.clone(), CodeId::of(f, text_of(&state.change, f))))
        .collect();
    state.ancestors = state.ledger.ancestors(&findings);
    state.findings = findings;
}

fn text_of<'c>(change: &'c Change, finding: &Finding) -> &'c [u8] {
    let path = &finding.place.path;
    let file = change
        .files
        .iter()
        .find(|f| f.path == *path || f.old_path.as_ref() == Some(path));
    let text = file.and_then(|f| {
        if finding.place.old_side {
            f.old_text()
        } else {
            f.new_text()
        }
    });
    text.map_or(&[], |t| t)
}

fn journaled(state: &mut State, stamped: &super::Stamped) -> Vec<Effect> {
    let before = state.rows();
    let at = state
        .cursor
        .as_ref()
        .and_then(|c| before.iter().position(|r| r.cursor() == *c));
    let undone = state.ledger.undoable().cloned();
    state.ledger.apply(stamped);
    state.ancestors = state.ledger.ancestors(&state.findings);
    let moved_on = match &stamped.entry {
        Entry::Decide { subjects, .. } => subjects.iter().any(|s| on_cursor(state, &s.fingerprint)),
        Entry::Seen { hunks, seen: true, .. } => matches!(&state.cursor, Some(Cursor::Hunk(id)) if hunks.contains(id)),
        _ => false,
    };
    if moved_on {
        to_next(state, &before, at);
    }
    match described(state, &stamped.entry, undone.as_ref()) {
        Some(text) => vec![Effect::Say(text)],
        None => Vec::new(),
    }
}

fn on_cursor(state: &State, fingerprint: &Fingerprint) -> bool {
    matches!(&state.cursor, Some(Cursor::Finding(f)) if f == fingerprint)
}

/// After a decision: on to the next row of the old list that still needs a person, going round once.
fn to_next(state: &mut State, before: &[Row], at: Option<usize>) {
    let finding = |r: &Row| matches!(r, Row::Finding(f) if is_open(state, f));
    let hunk = |r: &Row| matches!(r, Row::Hunk(id) if !state.ledger.seen(id));
    let next = undecided_from(before, at, Direction::Forward, finding)
        .or_else(|| undecided_from(before, at, Direction::Forward, hunk));
    if let Some(next) = next {
        let cursor = before[next].cursor();
        select(state, cursor);
    } else {
        state.fix_shown = None;
    }
}

fn described(state: &State, entry: &Entry, undone: Option<&Entry>) -> Option<String> {
    let done = match entry {
        Entry::Decide { subjects, verdict, .. } => {
            let what = match verdict {
                Verdict::Approved(_) => "Approved",
                Verdict::Rejected => "Rejected",
                Verdict::Fixed => "Fixed in the working tree",
            };
            let many = if subjects.len() > 1 {
                format!(" ({} findings)", subjects.len())
            } else {
                String::new()
            };
            let rest = if state.progress().open == 0 {
                format!(" {}", left_to_do(state))
            } else {
                String::new()
            };
            format!("{what}{many}. u undoes.{rest}")
        }
        Entry::Withdraw { .. } => "The decision is taken back. u undoes.".into(),
        Entry::Note { text, .. } if text.is_empty() => "The note is removed. u undoes.".into(),
        Entry::Note { .. } => "The note is kept. u undoes.".into(),
        Entry::Seen { .. } => return None,
        Entry::Undo => format!("Undone: {}. Ctrl-r does it again.", name(undone?)),
        Entry::Redo => "Done again. u undoes.".into(),
        Entry::Recorded { .. } => return None,
    };
    Some(done)
}

fn name(entry: &Entry) -> &'static str {
    match entry {
        Entry::Decide {
            verdict: Verdict::Fixed,
            ..
        } => "the fix",
        Entry::Decide { .. } => "the decision",
        Entry::Withdraw { .. } => "taking the decision back",
        Entry::Note { .. } => "the note",
        Entry::Seen { .. } => "the mark on a hunk",
        Entry::Undo | Entry::Redo | Entry::Recorded { .. } => "the last step",
    }
}

fn left_to_do(state: &State) -> &'static str {
    let progress = state.progress();
    let committed = !matches!(state.change.source, Source::WorkTree | Source::Index | Source::Unstaged);
    match (progress.open, progress.hunks - progress.seen, committed) {
        (0, 0, false) => "Everything is decided and seen: C commits and countersigns.",
        (0, 0, true) => "Everything is decided and seen: C countersigns.",
        (0, _, _) => "Every finding is decided; some hunks are not seen yet: ] goes on.",
        _ => "Findings out of view are still open: clear the filter to see them.",
    }
}
