//! What things cost, each as a ratio against something run beside it in the same minute, so that a busy machine changes both.
//!
//! `cargo bench` runs all; `cargo bench -- scan` those whose name contains the word. `COUNTERSIGN_CORPUS=DIR` adds the sources under a folder
//! to the generated ones; without it, this repository's own Rust sources are the real input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use countersign::{
    change::{Base, Repo, RepoPath, Request, Source},
    lang::{self, Lang},
    scan::{Cache, Cancel, RuleSet, Whole, scan_change, scan_files},
};
use rayon::prelude::*;
use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let all: [(&str, fn()); 5] = [
        ("scan against parse", scan_against_parse),
        ("load against git", load_against_git),
        ("one changed file among 5,000", one_file),
        ("journal against write and sync", journal),
        ("screen: first frame, key to frame", screen),
    ];
    for (name, bench) in all {
        if wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())) {
            println!("{name}");
            bench();
        }
    }
}

/// The median of a few runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..7)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn show(what: &str, ours: Duration, theirs: Duration, beside: &str) {
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("  {what:38} {ours:>10.2?}   {ratio:>6.2} x {beside} ({theirs:.2?})");
}

/// A file of a web application as agents write them: handlers, queries, helpers, most of it harmless.
fn python(handlers: usize) -> String {
    let mut out = String::from(
        "import sqlite3\nimport subprocess\nfrom flask import Flask, request, jsonify\n\napp = Flask(__name__)\n\n",
    );
    for i in 0..handlers {
        let _ = write!(
            out,
            "\n@app.get(\"/items{i}/<int:item_id>\")\ndef item{i}(item_id):\n    db = sqlite3.connect(\"shop.db\")\n    name = request.args.get(\"name\", \"\")\n    rows = db.execute(\"SELECT id, name FROM items WHERE id = ? AND name = ?\", (item_id, name))\n    found = [dict(r) for r in rows if r is not None]\n    if not found:\n        return jsonify(error=f\"no item {{item_id}}\"), 404\n    total = sum(len(r[\"name\"]) for r in found)\n    return jsonify(items=found, total=total)\n"
        );
    }
    out
}

fn corpus() -> Vec<(RepoPath, Vec<u8>)> {
    let mut files = vec![(RepoPath::new("generated.py"), python(300).into_bytes())];
    let root = std::env::var_os("COUNTERSIGN_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), PathBuf::from);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if Lang::of(path.as_os_str().as_encoded_bytes(), b"").is_some() {
                let text = fs::read(&path).unwrap();
                files.push((RepoPath::new(path.as_os_str().as_encoded_bytes()), text));
            }
        }
    }
    files
}

/// The whole scan at most three times the parse: the aim.
fn scan_against_parse() {
    let rules = RuleSet::builtin();
    let mut by_lang: std::collections::BTreeMap<Lang, Vec<Whole>> = std::collections::BTreeMap::new();
    for (path, text) in corpus() {
        if let Some(lang) = Lang::of(path.bytes(), &text) {
            by_lang.entry(lang).or_default().push(Whole {
                path,
                text: text.into(),
            });
        }
    }
    for (lang, files) in by_lang {
        let bytes: usize = files.iter().map(|f| f.text.len()).sum();
        let parse = median(|| {
            files.par_iter().for_each(|file| {
                std::hint::black_box(lang::parse::parse(lang, &file.text, None));
            });
        });
        // On as many threads as the parse; a fresh cache each time.
        let scan = median(|| {
            std::hint::black_box(scan_files(
                &files,
                &rules,
                &Cache::default(),
                &Cancel::default(),
                |_| {},
            ));
        });
        show(
            &format!("{lang:?}, {} files, {} kB", files.len(), bytes / 1000),
            scan,
            parse,
            "parse",
        );
    }
}

/// A repository of 5,000 files with 200 changed.
fn big_repository(dir: &Path, changed: usize) {
    let git = |args: &[&str]| {
        let status = Command::new("git")
            .args(args)
            .current_dir(dir)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .status()
            .unwrap();
        assert!(status.success(), "git {args:?}");
    };
    git(&["init", "-q"]);
    git(&["config", "user.name", "Bench"]);
    git(&["config", "user.email", "bench@example.com"]);
    for i in 0..5000 {
        let folder = dir.join(format!("d{}", i / 100));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("f{i}.py")), python(10)).unwrap();
    }
    git(&["add", "-A"]);
    git(&["commit", "-qm", "first"]);
    for i in (0..5000).step_by(5000 / changed).take(changed) {
        let path = dir.join(format!("d{}/f{i}.py", i / 100));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("item3", "thing3")).unwrap();
    }
}

fn git(dir: &Path, args: &[&str]) {
    let output = Command::new("git").args(args).current_dir(dir).output().unwrap();
    std::hint::black_box(output.stdout.len());
}

/// From nothing to the list of changed hunks: at most twice `git status` and `git diff`, the aim.
fn load_against_git() {
    let dir = tempfile::tempdir().unwrap();
    big_repository(dir.path(), 200);
    let theirs = median(|| {
        git(dir.path(), &["status", "--porcelain"]);
        git(dir.path(), &["diff", "HEAD"]);
    });
    let ours = median(|| {
        let change = Repo::open(dir.path())
            .unwrap()
            .load(&Request::new(Source::WorkTree))
            .unwrap();
        assert_eq!(change.files.len(), 200);
    });
    show("load, 5,000 files, 200 changed", ours, theirs, "git status + git diff");
    let rules = RuleSet::builtin();
    let change = Repo::open(dir.path())
        .unwrap()
        .load(&Request::new(Source::WorkTree))
        .unwrap();
    let scan = median(|| {
        std::hint::black_box(scan_change(
            &change,
            &Base::new(dir.path(), &change),
            &rules,
            &Cache::default(),
            &Cancel::default(),
            |_| {},
        ));
    });
    show("scan of that change, all cores", scan, theirs, "git status + git diff");
}

/// A change of one line costs one file, whatever the size of the repository: the whole program against `git status`.
fn one_file() {
    let dir = tempfile::tempdir().unwrap();
    big_repository(dir.path(), 1);
    let theirs = median(|| git(dir.path(), &["status", "--porcelain"]));
    let ours = median(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = command
            .current_dir(dir.path())
            .args(["scan", "--fail-on", "never"])
            .output()
            .unwrap();
        assert!(output.status.success());
    });
    show("countersign scan, whole process", ours, theirs, "git status");
}

/// One decision on disk.
fn journal() {
    use countersign::{
        change::Identity,
        record::{
            Clock,
            journal::{Journal, NewEntry, Stamp},
        },
    };
    let dir = tempfile::tempdir().unwrap();
    let by = Identity {
        name: "Bench".into(),
        email: "bench@example.com".into(),
    };
    let stamp = Stamp {
        tool: "bench".into(),
        rules: String::new(),
        by,
        clock: Clock::System,
    };
    let mut journal = Journal::open(dir.path(), stamp).unwrap();
    let entry = || NewEntry {
        kind: "review",
        about: vec![],
        content: vec![],
        body: serde_json::json!({"entry": "undo"}),
    };
    let ours = median(|| {
        for _ in 0..20 {
            journal.append(entry()).unwrap();
        }
    });
    let mut plain = fs::File::create(dir.path().join("plain")).unwrap();
    let theirs = median(|| {
        for _ in 0..20 {
            plain.write_all(&[b'x'; 300]).unwrap();
            plain.sync_all().unwrap();
        }
    });
    show("20 entries", ours, theirs, "write + fsync");
}

/// The real binary in a real terminal of 200 by 60: until the first frame, until the whole list, and from a key to the frame that
/// answers it, while nothing runs and while the change is being scanned again.
fn screen() {
    let dir = tempfile::tempdir().unwrap();
    big_repository(dir.path(), 200);
    let theirs = median(|| {
        git(dir.path(), &["status", "--porcelain"]);
        git(dir.path(), &["diff", "HEAD"]);
    });
    let mut first = Vec::new();
    let mut whole = Vec::new();
    let mut keys = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let mut terminal = Terminal::open(dir.path());
        terminal.until(|s| s.contains("countersign"));
        first.push(start.elapsed());
        terminal.until(|s| s.contains("/200"));
        whole.push(start.elapsed());
        // Scanning goes on behind these keys.
        for key in ["j", "j", "k", "]", "]", "["].iter().cycle().take(60) {
            let start = Instant::now();
            terminal.press(key);
            terminal.until_any();
            keys.push(start.elapsed());
        }
        terminal.close();
    }
    for times in [&mut first, &mut whole, &mut keys] {
        times.sort_unstable();
    }
    show("first frame", first[first.len() / 2], theirs, "git status + git diff");
    show(
        "list of all hunks",
        whole[whole.len() / 2],
        theirs,
        "git status + git diff",
    );
    let frame = Duration::from_millis(16);
    show(
        "key to frame, median",
        keys[keys.len() / 2],
        frame,
        "one frame of 60 a second",
    );
    show(
        "key to frame, worst of 20",
        keys[keys.len() * 19 / 20],
        frame,
        "one frame of 60 a second",
    );
}

/// The binary in a pseudo-terminal.
struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    input: Box<dyn std::io::Write + Send>,
    output: std::sync::mpsc::Receiver<Vec<u8>>,
    screen: vt100::Parser,
    _pair: portable_pty::PtyPair,
}

impl Terminal {
    fn open(dir: &Path) -> Self {
        use portable_pty::{CommandBuilder, PtySize, native_pty_system};
        let size = PtySize {
            rows: 60,
            cols: 200,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("--theme");
        command.arg("dark");
        command.cwd(dir);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, output) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n) = std::io::Read::read(&mut reader, &mut buffer) {
                if n == 0 || send.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        Self {
            child,
            input,
            output,
            screen: vt100::Parser::new(60.try_into().unwrap(), 200.try_into().unwrap(), 0),
            _pair: pair,
        }
    }

    fn press(&mut self, key: &str) {
        while self.output.try_recv().is_ok() {}
        self.input.write_all(key.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Until anything is drawn.
    fn until_any(&mut self) {
        if let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(1)) {
            self.screen.process(&bytes);
        }
    }

    fn until(&mut self, wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !wanted(&self.screen.screen().contents()) {
            assert!(Instant::now() < deadline, "{}", self.screen.screen().contents());
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
                self.screen.process(&bytes);
            }
        }
    }

    fn close(mut self) {
        let _ = self.input.write_all(b"q");
        let _ = self.input.flush();
        let _ = self.child.wait();
    }
}
