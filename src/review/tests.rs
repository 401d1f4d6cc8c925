//! The review as a person drives it: actions in, effects out, the journal in the middle.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::{
    change::{Body, Change, FileChange, Hunk, HunkId, Line, LineKind, ObjectId, RepoPath, Side, Source, Stage, Status},
    scan::{Confidence, Finding, Fingerprint, Fix, FixQuality, Place, Scope, Severity, Step, StepKind, Tier},
    text::{LineIndex, Span},
};
use proptest::prelude::*;
use std::sync::Arc;

const TEXT: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

fn id(text: &str) -> ObjectId {
    ObjectId(text.into())
}

fn hunk(path: &str, start: u32, count: u32, index: &LineIndex) -> Hunk {
    let lines = (start..start + count)
        .map(|n| Line {
            kind: LineKind::Added,
            old: 0,
            new: n,
            span: index.span(n).unwrap(),
            no_eol: false,
            commit: None,
        })
        .collect();
    Hunk {
        id: HunkId(format!("{path}:{start}").into()),
        old_start: 0,
        old_lines: 0,
        new_start: start,
        new_lines: count,
        heading: String::new(),
        lines,
    }
}

fn file(path: &str, text: &str) -> FileChange {
    let index = LineIndex::new(text.as_bytes());
    let side = Side {
        mode: 0o100_644,
        blob: id("b"),
        size: text.len() as u64,
        text: Some(Arc::from(text.as_bytes())),
    };
    FileChange {
        path: RepoPath::new(path),
        old_path: None,
        status: Status::Added,
        stage: Stage::default(),
        old: None,
        new: Some(side),
        body: Body::Text {
            hunks: vec![hunk(path, 1, 2, &index), hunk(path, 4, 3, &index)],
        },
    }
}

fn change(text: &str) -> Arc<Change> {
    Arc::new(Change {
        source: Source::WorkTree,
        base: Some(id("base")),
        tree: None,
        commits: Vec::new(),
        files: vec![file("a.py", text), file("b.py", TEXT)],
        omitted: Vec::new(),
        remarks: Vec::new(),
    })
}

fn finding(fingerprint: &str, path: &str, line: u32, severity: Severity) -> Arc<Finding> {
    let index = LineIndex::new(TEXT.as_bytes());
    let span = index.content(TEXT.as_bytes(), line).unwrap();
    let place = Place {
        path: RepoPath::new(path),
        old_side: false,
        span,
        start: index.pos(TEXT.as_bytes(), span.start),
        end: index.pos(TEXT.as_bytes(), span.end),
        within: Some("f".into()),
    };
    let fix = Fix {
        title: "t".into(),
        quality: FixQuality::Checked,
        path: place.path.clone(),
        edits: Vec::new(),
    };
    Arc::new(Finding {
        fingerprint: Fingerprint(fingerprint.into()),
        rule: "python/sql-injection".into(),
        category: "sql-injection".into(),
        cwe: vec![89],
        severity,
        confidence: Confidence::High,
        tier: Tier::Default,
        title: format!("Finding {fingerprint}"),
        message: String::new(),
        steps: vec![Step {
            kind: StepKind::Sink,
            place: place.clone(),
            note: String::new(),
            code: None,
        }],
        place,
        arguments: Vec::new(),
        fix: Some(fix),
        scope: Scope::New,
        redact: Vec::<Span>::new(),
        also: Vec::new(),
        commit: None,
    })
}

/// Drives a state, playing the journal's part.
struct Driver {
    state: State,
    journal: Vec<Stamped>,
    said: Vec<String>,
    other: Vec<Effect>,
}

impl Driver {
    fn new(findings: Vec<Arc<Finding>>) -> Self {
        let state = State::new(change(TEXT), Policy::default());
        let mut driver = Self {
            state,
            journal: Vec::new(),
            said: Vec::new(),
            other: Vec::new(),
        };
        driver.scanned(findings);
        driver
    }

    fn scanned(&mut self, findings: Vec<Arc<Finding>>) {
        self.act(Action::Scanned(Scanned::Done {
            findings,
            not_examined: Vec::new(),
        }));
    }

    fn act(&mut self, action: Action) {
        let mut effects: std::collections::VecDeque<Effect> = update(&mut self.state, action).into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Journal(entry) => {
                    let stamped = Stamped {
                        entry,
                        at: "2026-11-20T12:00:00Z".into(),
                        by: "Ada <ada@example.com>".into(),
                    };
                    self.journal.push(stamped.clone());
                    effects.extend(update(&mut self.state, Action::Journaled(stamped)));
                }
                Effect::Say(text) => self.said.push(text),
                other => self.other.push(other),
            }
        }
    }

    fn standing(&self, fingerprint: &str) -> Standing {
        self.state
            .standing(self.state.finding(&Fingerprint(fingerprint.into())).unwrap())
    }

    fn select(&mut self, fingerprint: &str) {
        self.act(Action::Select(Cursor::Finding(Fingerprint(fingerprint.into()))));
    }

    fn approve(&mut self, fingerprint: &str, note: &str) {
        let targets = vec![Fingerprint(fingerprint.into())];
        self.act(Action::Approve {
            targets,
            reason: Reason::FalsePositive,
            note: note.into(),
        });
    }

    fn cursor(&self) -> String {
        match self.state.cursor() {
            Some(Cursor::Finding(f)) => f.0.to_string(),
            Some(Cursor::Hunk(h)) => h.0.to_string(),
            other => format!("{other:?}"),
        }
    }
}

fn three() -> Vec<Arc<Finding>> {
    vec![
        finding("low", "a.py", 2, Severity::Low),
        finding("high", "a.py", 5, Severity::High),
        finding("medium", "b.py", 4, Severity::Medium),
    ]
}

#[test]
fn a_decision_holds_only_once_it_is_on_disk() {
    let mut d = Driver::new(three());
    d.select("low");
    let effects = update(&mut d.state, Action::Reject);
    assert!(matches!(&effects[..], [Effect::Journal(Entry::Decide { .. })]));
    assert_eq!(d.standing("low"), Standing::Open);
}

#[test]
fn after_a_decision_the_cursor_goes_to_what_still_needs_a_person() {
    let mut d = Driver::new(three());
    d.select("high");
    d.act(Action::Reject);
    assert_eq!(d.cursor(), "low");
    d.act(Action::Reject);
    assert_eq!(d.cursor(), "medium");
    d.act(Action::Reject);
    assert_eq!(d.cursor(), "b.py:1");
    assert!(d.said.last().unwrap().contains("] goes on"), "{:?}", d.said);
}

#[test]
fn a_severe_finding_needs_to_have_been_seen_and_words() {
    let mut d = Driver::new(three());
    d.select("high");
    d.act(Action::BeginApprove);
    assert!(d.said.last().unwrap().contains("Look at the code first"));
    d.approve("high", "because");
    assert!(d.standing("high").is_open());
    d.act(Action::OnScreen {
        hunks: vec![],
        findings: vec![Fingerprint("high".into())],
    });
    d.approve("high", "  ");
    assert!(d.standing("high").is_open());
    d.approve("high", "ids come from the session");
    assert_eq!(
        d.standing("high").verdict(),
        Some(Verdict::Approved(Reason::FalsePositive))
    );
}

#[test]
fn a_batch_leaves_severe_findings_out_and_needs_words() {
    let mut d = Driver::new(three());
    d.act(Action::Select(Cursor::File(RepoPath::new("a.py"))));
    d.act(Action::BeginApprove);
    let targets = vec![Fingerprint("low".into())];
    assert_eq!(d.other, vec![Effect::Open(Dialog::Approve { targets, words: true })]);
    let all = ["low", "high"].map(|f| Fingerprint(f.into())).to_vec();
    d.act(Action::Approve {
        targets: all,
        reason: Reason::AcceptedRisk,
        note: "all fine".into(),
    });
    assert!(d.standing("low").is_open() && d.standing("high").is_open());
}

#[test]
fn a_decision_on_code_that_changed_is_stale_and_counts_as_open() {
    let mut d = Driver::new(three());
    d.approve("low", "");
    assert_eq!(d.state.progress().open, 2);
    d.act(Action::Loaded(change(&TEXT.replace("two", "two and a half"))));
    d.scanned(three());
    assert!(matches!(d.standing("low"), Standing::Stale(_)));
    assert_eq!((d.state.progress().open, d.state.progress().stale), (3, 1));
}

#[test]
fn an_edited_finding_remembers_the_decision_on_what_it_was() {
    let mut d = Driver::new(three());
    d.approve("low", "");
    let mut findings = three();
    findings[0] = finding("low-edited", "a.py", 2, Severity::Low);
    d.scanned(findings);
    assert!(matches!(d.standing("low-edited"), Standing::Stale(_)));
    assert_eq!(
        d.standing("high"),
        Standing::Open,
        "another severity, but the decision is on another line's identity"
    );
}

#[test]
fn a_fix_shows_first_applies_second_and_counts_when_the_finding_is_gone() {
    let mut d = Driver::new(three());
    d.select("low");
    d.act(Action::Fix);
    assert_eq!(d.state.fix_shown(), Some(&Fingerprint("low".into())));
    d.act(Action::Fix);
    assert_eq!(d.other, vec![Effect::ApplyFix(Fingerprint("low".into()))]);
    d.act(Action::FixApplied(Fingerprint("low".into())));
    d.scanned(three().into_iter().skip(1).collect());
    assert_eq!((d.state.progress().fixed, d.state.progress().open), (1, 2));
    d.other.clear();
    d.act(Action::Undo);
    assert_eq!(d.other, vec![Effect::RevertFix(Fingerprint("low".into()))]);
}

#[test]
fn a_fix_that_did_not_help_is_no_decision() {
    let mut d = Driver::new(three());
    d.act(Action::FixApplied(Fingerprint("low".into())));
    assert!(!d.standing("low").is_open());
    d.scanned(three());
    assert!(matches!(d.standing("low"), Standing::Stale(_)));
}

#[test]
fn a_hunk_is_seen_when_it_was_shown_in_full_and_left() {
    let mut d = Driver::new(three());
    let first = HunkId("a.py:1".into());
    d.act(Action::OnScreen {
        hunks: vec![first.clone()],
        findings: vec![],
    });
    assert!(!d.state.ledger().seen(&first));
    d.act(Action::OnScreen {
        hunks: vec![HunkId("a.py:4".into())],
        findings: vec![],
    });
    assert!(d.state.ledger().seen(&first));
    assert_eq!(d.state.progress().seen, 1);
}

#[test]
fn the_queue_folds_what_is_decided_away() {
    let mut d = Driver::new(three());
    d.approve("low", "");
    let rows = d.state.rows();
    assert!(!rows.contains(&Row::Finding(Fingerprint("low".into()))));
    assert_eq!(
        rows.last(),
        Some(&Row::Fold {
            fold: Fold::Decided,
            count: 1
        })
    );
    d.act(Action::Toggle(Fold::Decided));
    assert!(d.state.rows().contains(&Row::Finding(Fingerprint("low".into()))));
}

#[test]
fn a_scan_moves_neither_cursor_nor_decision() {
    let mut d = Driver::new(three());
    d.select("medium");
    d.approve("low", "");
    d.act(Action::Scanned(Scanned::Began { files: 2 }));
    d.act(Action::Scanned(Scanned::Progress {
        done: 1,
        findings: vec![finding("new", "a.py", 1, Severity::Critical)],
    }));
    assert_eq!(d.cursor(), "medium");
    assert_eq!(d.state.scanning(), Some((1, 2)));
    d.scanned(three());
    assert_eq!(d.cursor(), "medium");
    assert_eq!(
        d.standing("low").verdict(),
        Some(Verdict::Approved(Reason::FalsePositive))
    );
}

#[test]
fn next_undecided_goes_round_and_says_what_is_left() {
    let mut d = Driver::new(three());
    d.select("medium");
    d.act(Action::Move(Motion::Undecided(Direction::Forward)));
    assert_eq!(d.cursor(), "high");
    for f in ["low", "medium", "high"] {
        d.select(f);
        d.act(Action::Reject);
    }
    for _ in 0..2 {
        d.act(Action::Select(Cursor::File(RepoPath::new("a.py"))));
        d.act(Action::ToggleSeen);
        d.act(Action::Select(Cursor::File(RepoPath::new("b.py"))));
        d.act(Action::ToggleSeen);
    }
    assert_eq!(d.state.progress().seen, 0, "marking twice takes it back");
}

fn any_action() -> impl Strategy<Value = Action> {
    let fingerprint =
        prop_oneof![Just("low"), Just("high"), Just("medium"), Just("gone")].prop_map(|f| Fingerprint(f.into()));
    prop_oneof![
        fingerprint.clone().prop_map(|f| Action::Select(Cursor::Finding(f))),
        Just(Action::Select(Cursor::File(RepoPath::new("a.py")))),
        Just(Action::Reject),
        Just(Action::Withdraw),
        Just(Action::ToggleSeen),
        Just(Action::Undo),
        Just(Action::Redo),
        Just(Action::Fix),
        Just(Action::Move(Motion::Undecided(Direction::Forward))),
        Just(Action::Move(Motion::Hunk(Direction::Forward))),
        fingerprint.clone().prop_map(|f| Action::OnScreen {
            hunks: vec![HunkId("a.py:1".into())],
            findings: vec![f]
        }),
        fingerprint.clone().prop_map(|f| Action::Approve {
            targets: vec![f],
            reason: Reason::AcceptedRisk,
            note: "known".into()
        }),
        fingerprint.prop_map(|target| Action::Note {
            target,
            text: "n".into()
        }),
    ]
}

proptest! {
    #[test]
    fn replaying_the_journal_gives_the_same_review(actions in prop::collection::vec(any_action(), 0..60)) {
        let mut d = Driver::new(three());
        for action in actions {
            d.act(action);
        }
        let mut again = Driver::new(three());
        for stamped in &d.journal {
            update(&mut again.state, Action::Journaled(stamped.clone()));
        }
        prop_assert_eq!(d.state.progress(), again.state.progress());
        for f in ["low", "high", "medium"] {
            prop_assert_eq!(d.standing(f), again.standing(f));
        }
    }

    #[test]
    fn undoing_everything_leaves_nothing(actions in prop::collection::vec(any_action(), 0..40)) {
        let mut d = Driver::new(three());
        for action in actions {
            d.act(action);
        }
        for _ in 0..200 {
            d.act(Action::Undo);
        }
        let progress = d.state.progress();
        prop_assert_eq!((progress.open, progress.seen), (3, 0));
    }
}
