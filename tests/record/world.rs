//! A repository, a reviewer, and the shortest way from "this was reviewed" to "this is in git".

use crate::support::repo::{ADA, TestRepo};
use countersign::{
    change::{self, HunkId, ObjectId, Source},
    record::{
        Clock, Environment, Outcome, Part, Plan, Presence, RecordError, Recorded, Repo, Request, Target, Uncommitted,
        Way,
        full::{RecordedDecision, RecordedFinding, RecordedHunk},
        journal::{Journal, Stamp},
        perform, plan,
        wording::Wording,
    },
    review::{Reason, Verdict},
    scan::{Confidence, Fingerprint, Severity},
};
use std::{collections::HashMap, ffi::OsString, path::Path, process::Command};

/// A test repository with a user's own git configuration beside it.
pub struct World {
    pub repo: TestRepo,
    pub wording: Wording,
    pub presence: Presence,
    pub clock: Clock,
}

impl Default for World {
    fn default() -> Self {
        Self::with(TestRepo::new())
    }
}

impl World {
    pub fn with(repo: TestRepo) -> Self {
        std::fs::write(repo.around().join("user.gitconfig"), "").unwrap();
        Self {
            repo,
            wording: Wording::default(),
            presence: Presence {
                terminal: true,
                ..Presence::default()
            },
            clock: Clock::Fixed("2026-11-20T13:22:27+01:00[+01:00]".parse().unwrap()),
        }
    }

    /// The one that another process of the same test made.
    pub fn existing(around: &Path) -> Self {
        Self::with(TestRepo::existing(around))
    }

    /// One commit `a.py`, HEAD on main.
    pub fn with_commit() -> Self {
        let world = Self::default();
        world.repo.write("a.py", "print(1)\n");
        world.repo.commit("First\n");
        world
    }

    /// Sets a value in the user's own configuration.
    pub fn user_config(&self, key: &str, value: &str) -> &Self {
        let file = self.repo.around().join("user.gitconfig");
        self.repo.git(&["config", "--file", file.to_str().unwrap(), key, value]);
        self
    }

    /// Takes a value out of the repository's configuration (the test repository sets some).
    pub fn unset(&self, key: &str) -> &Self {
        self.repo.git(&["config", "--unset-all", key]);
        self
    }

    pub fn environment(&self) -> Environment {
        let mut command = Command::new("true");
        self.repo.env(&mut command);
        let mut all: HashMap<OsString, OsString> = std::env::vars_os().collect();
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => all.insert(key.into(), value.into()),
                None => all.remove(key),
            };
        }
        all.insert(
            "GIT_CONFIG_GLOBAL".into(),
            self.repo.around().join("user.gitconfig").into(),
        );
        all.into_iter().collect()
    }

    pub fn open(&self) -> Repo {
        self.open_at(&self.repo.path())
    }

    pub fn open_at(&self, dir: &Path) -> Repo {
        Repo::open_with(dir, self.environment()).unwrap()
    }

    pub fn stamp(&self) -> Stamp {
        stamp(self.clock.clone())
    }

    pub fn journal(&self) -> Journal {
        Journal::open(&self.open().common_dir, self.stamp()).unwrap()
    }

    /// Uncommitted work as it is now, all seen, nothing found.
    pub fn uncommitted(&self, source: Source, message: &str) -> Outcome {
        let repo = change::Repo::open(&self.repo.path()).unwrap();
        let change = repo.load(&change::Request::new(source)).unwrap();
        let work = Uncommitted::of(&change, message).unwrap();
        outcome(vec![part(Target::Uncommitted(work), vec![])])
    }

    pub fn plan(&self, outcome: &Outcome) -> Result<Plan, RecordError> {
        self.plan_ways(outcome, HashMap::new())
    }

    pub fn plan_ways(&self, outcome: &Outcome, ways: HashMap<ObjectId, Way>) -> Result<Plan, RecordError> {
        self.plan_in(&self.open(), outcome, ways)
    }

    pub fn plan_in(&self, repo: &Repo, outcome: &Outcome, ways: HashMap<ObjectId, Way>) -> Result<Plan, RecordError> {
        let stamp = self.stamp();
        plan(
            repo,
            &Request {
                outcome,
                ways,
                wording: &self.wording,
                stamp: &stamp,
                presence: &self.presence,
            },
        )
    }

    pub fn perform(&self, plan: &Plan) -> Result<Recorded, RecordError> {
        perform(&self.open(), plan, &mut self.journal())
    }

    /// Plans and performs.
    pub fn record(&self, outcome: &Outcome) -> Recorded {
        self.perform(&self.plan(outcome).unwrap()).unwrap()
    }

    /// Reviews a commit: two findings decided, all seen.
    pub fn review(&self, commit: &str) -> Outcome {
        let id = self.repo.git(&["rev-parse", commit]);
        outcome(vec![part(Target::Commit(ObjectId(id.as_str().into())), findings())])
    }

    /// The raw commit object of HEAD.
    pub fn raw(&self, revision: &str) -> String {
        self.repo.git(&["cat-file", "commit", revision])
    }

    /// What git itself finds as trailers.
    pub fn trailers(&self, revision: &str) -> Vec<String> {
        let text = self
            .repo
            .git(&["log", "-1", "--format=%(trailers:only,unfold)", revision]);
        text.lines()
            .map(str::trim_end)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The lines of our note on a commit; none when there is none.
    pub fn note(&self, revision: &str) -> Vec<serde_json::Value> {
        let listed = self.repo.git(&["notes", "--ref=countersign", "list"]);
        let id = self.repo.git(&["rev-parse", revision]);
        if !listed.contains(&id) {
            return Vec::new();
        }
        let text = self.repo.git(&["notes", "--ref=countersign", "show", &id]);
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

pub fn stamp(clock: Clock) -> Stamp {
    let by = change::Identity {
        name: ADA.0.into(),
        email: ADA.1.into(),
    };
    Stamp {
        tool: "countersign test".into(),
        rules: "rules".into(),
        by,
        clock,
    }
}

pub fn outcome(parts: Vec<Part>) -> Outcome {
    Outcome {
        parts,
        threshold: Severity::Low,
    }
}

pub fn part(target: Target, findings: Vec<RecordedFinding>) -> Part {
    let hunks = ["h1", "h2"].map(|id| RecordedHunk {
        path: "a.py".into(),
        id: HunkId(id.into()),
        seen: true,
    });
    Part {
        target,
        findings,
        hunks: hunks.into(),
        not_examined: vec![],
        assisted_by: vec![],
    }
}

pub fn findings() -> Vec<RecordedFinding> {
    vec![
        finding("aaaaaaaa", Severity::Medium, Some(Verdict::Fixed), None),
        finding(
            "bbbbbbbb",
            Severity::High,
            Some(Verdict::Approved(Reason::AcceptedRisk)),
            Some("internal hosts only"),
        ),
    ]
}

pub fn finding(id: &str, severity: Severity, verdict: Option<Verdict>, note: Option<&str>) -> RecordedFinding {
    RecordedFinding {
        fingerprint: Fingerprint(format!("{id}00000000").into()),
        rule: "python/ssrf".into(),
        severity,
        confidence: Some(Confidence::High),
        title: "Address built from request".into(),
        path: "a.py".into(),
        line: 1,
        decision: verdict.map(|verdict| RecordedDecision {
            verdict,
            note: note.map(str::to_owned),
            code: "c0de".into(),
            at: "2026-11-20T13:00:00.000+01:00".into(),
            by: format!("{} <{}>", ADA.0, ADA.1),
            batch: 1,
        }),
    }
}
