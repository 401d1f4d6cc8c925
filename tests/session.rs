//! The whole way without a screen: open a review, look, decide, fix, record, check; and go on where a crash left off.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use countersign::{
    change::{Request, Source},
    config::UserFiles,
    record::{Presence, Words},
    review::{Action, Effect, Reason, Scanned, Standing, State, Verdict, update},
    scan::{Cancel, Fingerprint, FixQuality},
    session::{Opening, Session, SessionError},
};
use std::{collections::HashMap, fs, process::Command, sync::Arc};
use support::repo::TestRepo;

/// A session with its review, driven as the screen drives it.
struct Review {
    session: Session,
    state: State,
    said: Vec<String>,
}

fn person() -> Presence {
    Presence {
        terminal: true,
        ..Presence::from_environment([])
    }
}

fn open(repo: &TestRepo, source: Source) -> Review {
    let opening = Opening {
        dir: repo.path(),
        request: Request::new(source),
        files: UserFiles::at(repo.home()),
        rules: Vec::new(),
    };
    let session = Session::open(opening, person()).unwrap();
    let change = Arc::new(session.reader().load().unwrap());
    let policy = session.policy(&change).unwrap();
    let mut review = Review {
        state: State::new(change, policy),
        said: session.said().to_vec(),
        session,
    };
    for stamped in review.session.restore() {
        update(&mut review.state, Action::Journaled(stamped));
    }
    review.scan();
    review
}

impl Review {
    fn scan(&mut self) {
        let result = self
            .session
            .reader()
            .scan(self.state.change(), &Cancel::default(), |_| {});
        let (findings, not_examined) = (result.findings, result.not_examined);
        self.act(Action::Scanned(Scanned::Done { findings, not_examined }));
    }

    fn act(&mut self, action: Action) {
        let mut effects = update(&mut self.state, action);
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                let next = match effect {
                    Effect::Journal(entry) => Action::Journaled(self.session.write(entry).unwrap()),
                    Effect::ApplyFix(f) => {
                        let finding = self.state.finding(&f).unwrap().clone();
                        match self.session.apply_fix(&finding, self.state.change()) {
                            Ok(()) => Action::FixApplied(f),
                            Err(error) => Action::Failed(error.to_string()),
                        }
                    }
                    Effect::RevertFix(f) => match self.session.revert_fix(&f) {
                        Ok(()) => Action::Journaled(self.session.write(countersign::review::Entry::Undo).unwrap()),
                        Err(error) => Action::Failed(error.to_string()),
                    },
                    Effect::Rescan => {
                        let change = Arc::new(self.session.reader().load().unwrap());
                        effects.extend(update(&mut self.state, Action::Loaded(change)));
                        self.scan();
                        continue;
                    }
                    Effect::Say(text) => {
                        self.said.push(text);
                        continue;
                    }
                    other => panic!("{other:?}"),
                };
                effects.extend(update(&mut self.state, next));
            }
        }
    }

    fn fingerprint(&self, path: &str) -> Fingerprint {
        let found = self.state.findings().iter().find(|f| f.place.path.lossy() == path);
        found
            .unwrap_or_else(|| panic!("nothing found in {path}"))
            .fingerprint
            .clone()
    }

    fn look_at_everything(&mut self) {
        let hunks: Vec<_> = self.state.hunks().map(|(_, h)| h.id.clone()).collect();
        let findings: Vec<_> = self.state.findings().iter().map(|f| f.fingerprint.clone()).collect();
        self.act(Action::OnScreen { hunks, findings });
        self.act(Action::OnScreen {
            hunks: vec![],
            findings: vec![],
        });
    }

    fn approve(&mut self, fingerprint: &Fingerprint, note: &str) {
        let (targets, note) = (vec![fingerprint.clone()], note.to_owned());
        self.act(Action::Approve {
            targets,
            reason: Reason::AcceptedRisk,
            note,
        });
    }

    fn record(&mut self, message: &str) -> Vec<String> {
        let words = Words {
            message: message.into(),
            ..Words::default()
        };
        let plan = self.session.plan(&self.state, &words, HashMap::new()).unwrap();
        self.session
            .record(&plan)
            .unwrap()
            .commits
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

/// Two files that hide something: three characters in one, a reversed line in the other.
fn agent_work() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("README", "hello\n")
        .write("other", "1\n")
        .add()
        .commit("first");
    repo.write("a.py", "x = 1\n# see\u{E0073}\u{E006B}\u{E0069}\n")
        .write("b.py", "y = 2\n# \u{202E}desrever\n");
    repo
}

fn check(repo: &TestRepo, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    repo.env(&mut command);
    let output = command
        .current_dir(repo.path())
        .arg("check")
        .args(args)
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn from_an_agents_change_to_a_countersigned_commit() {
    let repo = agent_work();
    repo.write("other", "2\n").git(&["add", "other"]);
    repo.write("other", "3\n");
    let mut review = open(&repo, Source::WorkTree);
    let (a, b) = (review.fingerprint("a.py"), review.fingerprint("b.py"));
    review.look_at_everything();
    review.approve(&a, "the terminal font shows it");
    review.approve(&b, "a test of our own display");
    assert!(review.state.progress().complete(), "{:?}", review.state.progress());
    review.record("Add two files\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n");
    let message = repo.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("Countersign-Verdict: approved"), "{message}");
    assert!(
        message.contains("Countersigned-by: Ada Byron <ada@example.com>"),
        "{message}"
    );
    assert!(
        message.contains("approved(accepted-risk) text/hidden-unicode a.py:2"),
        "{message}"
    );
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    let (code, said) = check(&repo, &[]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn what_is_open_or_unseen_is_recorded_and_not_accepted() {
    let repo = agent_work();
    let mut review = open(&repo, Source::WorkTree);
    review.record("Half looked at");
    assert!(
        repo.git(&["log", "-1", "--format=%B"])
            .contains("Countersign-Verdict: partial")
    );
    assert_eq!(check(&repo, &["--all"]).0, 1);
}

#[test]
fn a_decided_line_that_changes_makes_the_decision_and_the_commit_stale() {
    let repo = agent_work();
    let mut review = open(&repo, Source::WorkTree);
    let a = review.fingerprint("a.py");
    review.look_at_everything();
    review.approve(&a, "known");
    let b = review.fingerprint("b.py");
    review.approve(&b, "known");
    repo.write("a.py", "x = 1\n# see here\u{E0073}\u{E006B}\u{E0069}\u{E0070}\n");
    review.act(Action::Loaded(Arc::new(review.session.reader().load().unwrap())));
    review.scan();
    let changed = review.fingerprint("a.py");
    let finding = review.state.finding(&changed).unwrap().clone();
    assert!(
        matches!(review.state.standing(&finding), Standing::Stale(_)),
        "{:?}",
        review.state.standing(&finding)
    );
    // And the same after the commit: amended content is not what was countersigned.
    review.look_at_everything();
    review.approve(&changed, "known too");
    review.record("Add two files");
    assert_eq!(check(&repo, &["--all"]).0, 0);
    repo.write("b.py", "y = 3\n").add();
    repo.git(&["commit", "-q", "--amend", "--no-edit"]);
    let (code, said) = check(&repo, &["--all"]);
    assert_eq!(code, 1);
    assert!(said.contains("stale"), "{said}");
}

#[test]
fn a_fix_is_applied_counted_and_undone() {
    let repo = agent_work();
    let mut review = open(&repo, Source::WorkTree);
    let a = review.fingerprint("a.py");
    let before = fs::read(repo.path().join("a.py")).unwrap();
    let fix = review
        .state
        .finding(&a)
        .unwrap()
        .fix
        .clone()
        .expect("hidden characters can be removed");
    assert_eq!(fix.quality, FixQuality::Checked);
    review.act(Action::Select(countersign::review::Cursor::Finding(a.clone())));
    review.act(Action::Fix);
    review.act(Action::Fix);
    assert_eq!(fs::read_to_string(repo.path().join("a.py")).unwrap(), "x = 1\n# see\n");
    assert_eq!(review.state.progress().fixed, 1);
    // Another process, as after a crash: the fix is known and can be taken back.
    drop(review);
    let mut review = open(&repo, Source::WorkTree);
    assert_eq!(review.state.progress().fixed, 1);
    review.act(Action::Undo);
    assert_eq!(fs::read(repo.path().join("a.py")).unwrap(), before);
}

#[test]
fn a_fix_is_refused_when_the_file_is_not_what_was_shown() {
    let repo = agent_work();
    let mut review = open(&repo, Source::WorkTree);
    let a = review.fingerprint("a.py");
    repo.write("a.py", "x = 1\n# see something else\n");
    review.act(Action::Select(countersign::review::Cursor::Finding(a)));
    review.act(Action::Fix);
    review.act(Action::Fix);
    assert!(
        review.said.last().unwrap().contains("differs where the fix goes"),
        "{:?}",
        review.said
    );
    assert_eq!(
        fs::read_to_string(repo.path().join("a.py")).unwrap(),
        "x = 1\n# see something else\n"
    );
}

#[test]
fn decisions_survive_and_commits_keep_them() {
    let repo = agent_work();
    let mut review = open(&repo, Source::WorkTree);
    let a = review.fingerprint("a.py");
    review.look_at_everything();
    review.approve(&a, "known");
    drop(review);
    repo.add()
        .commit("By the agent itself\n\nCo-Authored-By: Claude <noreply@anthropic.com>");
    let mut review = open(&repo, Source::Commit { spec: "HEAD".into() });
    let finding = review.state.finding(&a).unwrap().clone();
    assert_eq!(
        review.state.standing(&finding).verdict(),
        Some(Verdict::Approved(Reason::AcceptedRisk))
    );
    let b = review.fingerprint("b.py");
    review.look_at_everything();
    review.approve(&b, "known");
    let head = repo.head();
    review.record("");
    assert_ne!(repo.head(), head, "HEAD was amended");
    assert_eq!(check(&repo, &[]).0, 0);
    let said = review.session.undo_recording().unwrap().said;
    assert_eq!(repo.head(), head, "{said}");
}

#[test]
fn an_agent_decides_nothing() {
    let repo = agent_work();
    let opening = Opening {
        dir: repo.path(),
        request: Request::new(Source::WorkTree),
        files: UserFiles::at(repo.home()),
        rules: Vec::new(),
    };
    let agent = Presence {
        terminal: true,
        ..Presence::from_environment([("CLAUDECODE".into(), "1".into())])
    };
    let mut session = Session::open(opening, agent).unwrap();
    let error = session.write(countersign::review::Entry::Undo).unwrap_err();
    assert!(
        matches!(error, SessionError::Record(_)) && error.to_string().contains("only a person"),
        "{error}"
    );
}

#[test]
fn the_change_cannot_weaken_the_policy() {
    let repo = TestRepo::new();
    repo.write(".countersign.toml", "threshold = \"low\"\n")
        .add()
        .commit("policy");
    repo.write(".countersign.toml", "threshold = \"critical\"\n")
        .write("a.py", "x = 1\n");
    let review = open(&repo, Source::WorkTree);
    assert_eq!(review.state.policy().threshold, countersign::scan::Severity::Low);
}
