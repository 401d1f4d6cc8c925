//! A fixed review for pictures and screen tests: a small shop that an agent worked on. Everything in it is invented; nothing is read
//! from a repository or from the rules, so that pictures change only when the screen does.

use countersign::{
    change::{
        Body, Change, Commit, FileChange, Hunk, HunkId, Identity, Line, LineKind, ObjectId, RepoPath, Side, Source,
        Stage, Status,
    },
    review::{Action, Policy, Reason, Scanned, Stamped, State, update},
    scan::{
        Argument, Confidence, Edit, Finding, Fingerprint, Fix, FixQuality, NotExamined, Place, Scope, Severity, Step,
        StepKind, Tier,
    },
    text::{LineIndex, Span},
};
use similar::{ChangeTag, TextDiff};
use std::sync::Arc;

const DB_OLD: &str = include_str!("shop/db.old.py");
const DB_NEW: &str = include_str!("shop/db.new.py");
const AUTH_OLD: &str = include_str!("shop/auth.old.py");
const AUTH_NEW: &str = include_str!("shop/auth.new.py");
const SETTINGS: &str = include_str!("shop/settings.json");
const WEB_OLD: &str = include_str!("shop/basket.old.ts");
const WEB_NEW: &str = include_str!("shop/basket.new.ts");
const REQUIREMENTS_OLD: &str = "flask==3.1.2\npsycopg==3.2.10\n";
const REQUIREMENTS_NEW: &str = "flask==3.1.2\npsycopg==3.2.10\nrequests-oauth2==0.4.1\n";

fn id(seed: &str) -> ObjectId {
    let hex: String = seed
        .bytes()
        .cycle()
        .take(20)
        .enumerate()
        .map(|(i, b)| format!("{:02x}", b.wrapping_mul(31).wrapping_add(i as u8 * 7)))
        .collect();
    ObjectId(hex.into())
}

fn side(text: &str) -> Side {
    Side {
        mode: 0o100_644,
        blob: id(&format!("{}{}", text.len(), text)),
        size: text.len() as u64,
        text: Some(text.as_bytes().into()),
    }
}

fn commit(seed: &str, subject: &str, by: (&str, &str), trailer: &str) -> Commit {
    Commit {
        id: id(seed),
        tree: id(&format!("tree {seed}")),
        parents: vec![id(&format!("parent {seed}"))],
        author: Identity {
            name: by.0.into(),
            email: by.1.into(),
        },
        committer: Identity {
            name: by.0.into(),
            email: by.1.into(),
        },
        time: (1_763_640_000, 60),
        message: format!("{subject}\n\n{trailer}"),
        signed: false,
        notes: Vec::new(),
    }
}

/// A changed file with its hunks, three lines of context.
fn file(path: &str, old: Option<&str>, new: Option<&str>, by: u16) -> FileChange {
    let (old_text, new_text) = (old.unwrap_or_default(), new.unwrap_or_default());
    let (old_index, new_index) = (LineIndex::new(old_text.as_bytes()), LineIndex::new(new_text.as_bytes()));
    let diff = TextDiff::from_lines(old_text, new_text);
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(3) {
        let mut lines = Vec::new();
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let old_line = change.old_index().map_or(0, |i| i as u32 + 1);
            let new_line = change.new_index().map_or(0, |i| i as u32 + 1);
            let (kind, span) = match change.tag() {
                ChangeTag::Equal => (LineKind::Context, new_index.content(new_text.as_bytes(), new_line)),
                ChangeTag::Insert => (LineKind::Added, new_index.content(new_text.as_bytes(), new_line)),
                ChangeTag::Delete => (LineKind::Removed, old_index.content(old_text.as_bytes(), old_line)),
            };
            let commit = (kind != LineKind::Context).then_some(by);
            lines.push(Line {
                kind,
                old: old_line,
                new: new_line,
                span: span.unwrap(),
                no_eol: false,
                commit,
            });
        }
        let count = |not: LineKind| lines.iter().filter(|l| l.kind != not).count() as u32;
        let first = |number: fn(&Line) -> u32| lines.iter().map(number).filter(|n| *n > 0).min().unwrap_or(0);
        let new_start = first(|l| l.new);
        let heading = new_text
            .lines()
            .take(new_start as usize - new_start.min(1) as usize)
            .filter(|l| l.starts_with("def ") || l.starts_with("export "))
            .last();
        hunks.push(Hunk {
            id: HunkId(format!("{path}#{}", hunks.len()).into()),
            old_start: first(|l| l.old),
            old_lines: count(LineKind::Added),
            new_start,
            new_lines: count(LineKind::Removed),
            heading: heading.unwrap_or_default().to_owned(),
            lines,
        });
    }
    FileChange {
        path: RepoPath::new(path),
        old_path: None,
        status: if old.is_none() { Status::Added } else { Status::Modified },
        stage: Stage::default(),
        old: old.map(side),
        new: new.map(side),
        body: Body::Text { hunks },
    }
}

/// The place of `snippet` in a file.
fn place(change: &Change, path: &str, old_side: bool, snippet: &str, within: Option<&str>) -> Place {
    let file = change.files.iter().find(|f| f.path == RepoPath::new(path)).unwrap();
    let text = if old_side { file.old_text() } else { file.new_text() }.unwrap();
    let at = text
        .windows(snippet.len())
        .position(|w| w == snippet.as_bytes())
        .unwrap_or_else(|| panic!("{snippet:?} is not in {path}"));
    let index = LineIndex::new(text);
    let span = Span::new(at, at + snippet.len());
    Place {
        path: RepoPath::new(path),
        old_side,
        span,
        start: index.pos(text, span.start),
        end: index.pos(text, span.end),
        within: within.map(str::to_owned),
    }
}

struct Draft<'a> {
    change: &'a Change,
    rule: &'static str,
    severity: Severity,
    confidence: Confidence,
    cwe: u32,
    title: &'static str,
    message: &'static str,
    place: Place,
    steps: Vec<(StepKind, &'static str, &'static str)>,
    arguments: Vec<(&'static str, i8)>,
    commit: usize,
}

impl Draft<'_> {
    fn done(self) -> Finding {
        let path = self.place.path.lossy().into_owned();
        let step = |(kind, snippet, note): &(StepKind, &str, &str)| Step {
            kind: *kind,
            place: place(self.change, &path, self.place.old_side, snippet, None),
            note: (*note).to_owned(),
            code: None,
        };
        let mut steps: Vec<Step> = self.steps.iter().map(step).collect();
        if steps.is_empty() {
            steps.push(Step {
                kind: StepKind::Sink,
                place: self.place.clone(),
                note: "here".into(),
                code: None,
            });
        }
        Finding {
            fingerprint: Fingerprint(format!("{:0<32}", id(self.title).0.get(..12).unwrap()).into()),
            rule: self.rule.into(),
            category: self.rule.split('/').next_back().unwrap().into(),
            cwe: vec![self.cwe],
            severity: self.severity,
            confidence: self.confidence,
            tier: Tier::Default,
            title: self.title.into(),
            message: self.message.into(),
            place: self.place,
            steps,
            arguments: self
                .arguments
                .iter()
                .map(|(note, weight)| Argument {
                    key: "x",
                    note: (*note).into(),
                    weight: *weight,
                })
                .collect(),
            fix: None,
            scope: Scope::New,
            redact: Vec::new(),
            also: Vec::new(),
            commit: Some(self.change.commits[self.commit].id.clone()),
        }
    }
}

/// The change under review.
pub fn change() -> Change {
    let claude = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\n";
    let ada = ("Ada Byron", "ada@example.com");
    Change {
        source: Source::Range {
            spec: "HEAD~4..HEAD".into(),
        },
        base: Some(id("base")),
        tree: Some(id("tree")),
        commits: vec![
            commit("a1", "Add orders", ada, claude),
            commit("b2", "Let support staff in", ada, claude),
            commit("c3", "Total of the basket", ada, claude),
            commit("d4", "Pin psycopg", ada, ""),
        ],
        files: vec![
            file(".claude/settings.json", None, Some(SETTINGS), 1),
            file("app/auth.py", Some(AUTH_OLD), Some(AUTH_NEW), 1),
            file("app/db.py", Some(DB_OLD), Some(DB_NEW), 0),
            file("requirements.txt", Some(REQUIREMENTS_OLD), Some(REQUIREMENTS_NEW), 0),
            file("web/src/basket.ts", Some(WEB_OLD), Some(WEB_NEW), 2),
        ],
        omitted: Vec::new(),
        remarks: Vec::new(),
    }
}

/// What the scanner found in it.
pub fn findings(change: &Change) -> Vec<Arc<Finding>> {
    let mut all = sql(change);
    all.extend(others(change));
    all.into_iter().map(Arc::new).collect()
}

fn sql(change: &Change) -> Vec<Finding> {
    let statement = "db.execute(\n        f\"SELECT id, total FROM orders WHERE email = '{email}'\"\n    )";
    let mut sql = Draft {
        change,
        rule: "python/sql-injection",
        severity: Severity::High,
        confidence: Confidence::High,
        cwe: 89,
        title: "SQL statement built from request text",
        message: "The e-mail of the request becomes part of the statement; whoever sends it writes SQL.",
        place: place(change, "app/db.py", false, statement, Some("orders")),
        steps: vec![
            (StepKind::Source, "request.args.get(\"email\")", "from outside (http)"),
            (
                StepKind::Step,
                "return value.strip()",
                "returns what it was given, without blanks",
            ),
            (
                StepKind::Sink,
                "f\"SELECT id, total FROM orders WHERE email = '{email}'\"",
                "becomes SQL text",
            ),
        ],
        arguments: vec![("reached by GET /orders, no guard in between", 2)],
        commit: 0,
    }
    .done();
    let text = DB_NEW;
    let from = text.find("        f\"SELECT id, total").unwrap();
    let end = text[from..].find('\n').unwrap() + from;
    sql.fix = Some(Fix {
        title: "Bind the value as a parameter".into(),
        quality: FixQuality::Checked,
        path: RepoPath::new("app/db.py"),
        edits: vec![Edit {
            span: Span::new(from, end),
            text: "        \"SELECT id, total FROM orders WHERE email = ?\", (email,)".into(),
        }],
    });
    let mut secret = Draft {
        change,
        rule: "secrets/postgres-password",
        severity: Severity::Medium,
        confidence: Confidence::High,
        cwe: 798,
        title: "Secret in source",
        message: "A database password stands in the code; everyone who can read the repository has it.",
        place: place(change, "app/db.py", false, "postgresql://shop:Ub7kq2mZx9@db/shop", None),
        steps: Vec::new(),
        arguments: vec![("has the form of a connection string with a password", 1)],
        commit: 0,
    }
    .done();
    secret.redact = vec![place(change, "app/db.py", false, "Ub7kq2mZx9", None).span];
    vec![sql, secret]
}

fn others(change: &Change) -> Vec<Finding> {
    let removed = Draft {
        change,
        rule: "python/missing-authorization",
        severity: Severity::High,
        confidence: Confidence::Medium,
        cwe: 862,
        title: "Guard removed",
        message: "The check that only administrators may refund is gone; everyone who is signed in can.",
        place: place(change, "app/auth.py", true, "@admin_required", Some("refund")),
        steps: Vec::new(),
        arguments: vec![
            ("the route is still reachable", 1),
            ("a check of the session remains", -1),
        ],
        commit: 1,
    };
    let header = Draft {
        change,
        rule: "python/header-trust",
        severity: Severity::High,
        confidence: Confidence::High,
        cwe: 290,
        title: "A header of the request decides who is support staff",
        message: "X-Support can be sent by anyone.",
        place: place(
            change,
            "app/auth.py",
            false,
            "request.headers.get(\"X-Support\") == \"yes\"",
            Some("is_staff"),
        ),
        steps: vec![(
            StepKind::Source,
            "request.headers.get(\"X-Support\")",
            "from outside (http)",
        )],
        arguments: vec![("the result guards `refund`", 2)],
        commit: 1,
    };
    let agent = Draft {
        change,
        rule: "agent/permissions",
        severity: Severity::Critical,
        confidence: Confidence::High,
        cwe: 250,
        title: "The agent may run any command without asking",
        message: "With this setting the agent runs every shell command unasked, on every machine that checks the repository out.",
        place: place(change, ".claude/settings.json", false, "\"Bash(*)\"", None),
        steps: Vec::new(),
        arguments: Vec::new(),
        commit: 1,
    };
    let lock = Draft {
        change,
        rule: "supply-chain/unknown-package",
        severity: Severity::Medium,
        confidence: Confidence::Low,
        cwe: 1357,
        title: "A package nobody else here uses",
        message: "requests-oauth2 is close to the name of a far better known package. Is it the one that was meant?",
        place: place(change, "requirements.txt", false, "requests-oauth2==0.4.1", None),
        steps: Vec::new(),
        arguments: Vec::new(),
        commit: 0,
    };
    let hidden = Draft {
        change,
        rule: "text/hidden-characters",
        severity: Severity::Low,
        confidence: Confidence::High,
        cwe: 1007,
        title: "Characters that hide in a comment",
        message: "What an editor shows here is not what the compiler reads.",
        place: place(change, "web/src/basket.ts", false, "// total \u{202e}", Some("total")),
        steps: Vec::new(),
        arguments: Vec::new(),
        commit: 2,
    };
    [removed, header, agent, lock, hidden]
        .into_iter()
        .map(Draft::done)
        .collect()
}

/// The review as the person finds it: scanned, two things decided, two hunks seen.
pub fn state() -> State {
    let change = Arc::new(change());
    let found = findings(&change);
    let mut state = State::new(change, Policy::default());
    let not_examined = vec![NotExamined {
        path: RepoPath::new("web/src/basket.ts"),
        lines: Some((19, 21)),
        key: "syntax",
        why: "the grammar does not accept these lines".into(),
    }];
    update(&mut state, Action::Scanned(Scanned::Began { files: 5 }));
    update(
        &mut state,
        Action::Scanned(Scanned::Done {
            findings: found,
            not_examined,
        }),
    );
    decide(&mut state, "Secret in source", |fingerprint| Action::Approve {
        targets: vec![fingerprint],
        reason: Reason::AcceptedRisk,
        note: "password of the local test database".into(),
    });
    decide(
        &mut state,
        "A header of the request decides who is support staff",
        |fingerprint| Action::Select(countersign::review::Cursor::Finding(fingerprint)),
    );
    perform(&mut state, Action::Reject);
    let hunks: Vec<_> = state
        .hunks()
        .filter(|(f, _)| f.path == RepoPath::new("requirements.txt"))
        .map(|(_, h)| h.id.clone())
        .collect();
    perform(
        &mut state,
        Action::OnScreen {
            hunks,
            findings: Vec::new(),
        },
    );
    perform(
        &mut state,
        Action::OnScreen {
            hunks: Vec::new(),
            findings: Vec::new(),
        },
    );
    select(&mut state, "SQL statement built from request text");
    state
}

/// Puts the cursor on the finding of this title.
pub fn select(state: &mut State, title: &str) {
    let fingerprint = state
        .findings()
        .iter()
        .find(|f| f.title == title)
        .unwrap()
        .fingerprint
        .clone();
    perform(state, Action::Select(countersign::review::Cursor::Finding(fingerprint)));
}

fn decide(state: &mut State, title: &str, action: impl Fn(Fingerprint) -> Action) {
    let fingerprint = state
        .findings()
        .iter()
        .find(|f| f.title == title)
        .unwrap()
        .fingerprint
        .clone();
    perform(state, action(fingerprint));
}

/// Runs an action as the runtime would, journal and all.
pub fn perform(state: &mut State, action: Action) {
    for effect in update(state, action) {
        if let countersign::review::Effect::Journal(entry) = effect {
            let stamped = stamp(entry);
            perform(state, Action::Journaled(stamped));
        }
    }
}

/// An entry as the journal would stamp it.
pub fn stamp(entry: countersign::review::Entry) -> Stamped {
    Stamped {
        entry,
        at: "2026-11-20T13:20:00+01:00".into(),
        by: "Ada Byron <ada@example.com>".into(),
    }
}
