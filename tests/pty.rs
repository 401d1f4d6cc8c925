//! The real binary in a real terminal: it opens, takes keys, is resized, and gives the terminal back however it ends.
//!
//! Nothing here sleeps for a fixed time: a test waits for the screen to show something, with a deadline, and prints the screen when
//! it does not come.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read, Write},
    num::NonZeroU16,
    path::Path,
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(20);

struct Session {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<Terminal>>,
    _home: tempfile::TempDir,
    repo: tempfile::TempDir,
}

/// What the terminal shows, and every byte it was sent.
struct Terminal {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

impl Session {
    /// Opens the review of the demo's uncommitted work.
    fn open(size: (u16, u16), variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(
            home.path().join(".gitconfig"),
            "[user]\nname = Ada Byron\nemail = ada@example.com\n",
        )
        .unwrap();
        let repo = tempfile::tempdir().unwrap();
        let demo = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["demo", "--no-open", "--into"])
            .arg(repo.path().join("shop"))
            .env("HOME", home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(demo.status.success(), "{demo:?}");
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(["-C", repo.path().join("shop").to_str().unwrap()]);
        command.env_clear();
        for (name, value) in [
            ("PATH", std::env::var("PATH").unwrap().as_str()),
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let screen = Arc::new(Mutex::new(Terminal {
            parser: vt100::Parser::new(cells(size.1), cells(size.0), 0),
            bytes: Vec::new(),
        }));
        let theirs = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                let mut terminal = theirs.lock().unwrap();
                terminal.parser.process(&bytes[..count]);
                terminal.bytes.extend_from_slice(&bytes[..count]);
            }
        });
        Self {
            master: pair.master,
            child,
            keys,
            screen,
            _home: home,
            repo,
        }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().parser.screen().contents()
    }

    /// Waits until the screen shows `what`.
    fn shows(&self, what: &str) -> &Self {
        self.until(what, |t| t.parser.screen().contents().contains(what))
    }

    fn until(&self, what: &str, ready: impl Fn(&Terminal) -> bool) -> &Self {
        let deadline = Instant::now() + PATIENCE;
        while !ready(&self.screen.lock().unwrap()) {
            assert!(
                Instant::now() < deadline,
                "{what:?} did not come; the screen shows:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits until the first scan is over.
    fn ready(self) -> Self {
        self.until("the scan's end", |t| {
            let text = t.parser.screen().contents();
            text.contains("hunks seen") && text.contains("open") && !text.contains("scanning")
        });
        self
    }

    fn types(&mut self, keys: &str) -> &Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Waits for the end; gives the exit code and what the terminal was left as.
    fn ends(&mut self) -> (u32, bool) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                Instant::now() < deadline,
                "it does not end; the screen shows:\n{}",
                self.text()
            );
            thread::sleep(Duration::from_millis(10));
        };
        self.until("the screen given back", |t| !t.parser.screen().alternate_screen());
        let terminal = self.screen.lock().unwrap();
        let screen = terminal.parser.screen();
        let clean = !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
        (status.exit_code(), clean)
    }

    fn shop(&self) -> std::path::PathBuf {
        self.repo.path().join("shop")
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

fn journal(repo: &Path) -> String {
    std::fs::read_to_string(repo.join(".git/countersign/journal.jsonl")).unwrap_or_default()
}

#[test]
fn opens_decides_and_leaves_with_everything_kept() {
    let mut session = Session::open((160, 45), &[]).ready();
    session.types("x");
    session.shows("Rejected. u undoes.");
    assert!(
        journal(&session.shop()).contains("rejected"),
        "the decision is on disk before the screen shows it"
    );
    session.types("u");
    session.shows("Undone: the decision.");
    session.types("q");
    assert_eq!(session.ends(), (0, true));
    assert!(
        session.text().contains("Everything decided is kept"),
        "{}",
        session.text()
    );
}

#[test]
fn follows_the_size_of_the_terminal() {
    let session = Session::open((160, 45), &[]).ready();
    session.shows("Case");
    session.master.resize(pty_size((80, 24))).unwrap();
    session
        .screen
        .lock()
        .unwrap()
        .parser
        .screen_mut()
        .set_size(cells(24), cells(80));
    session.until("the narrow header", |t| {
        let text = t.parser.screen().contents();
        text.lines()
            .next()
            .is_some_and(|l| l.starts_with(" shop") && l.trim_end().ends_with("seen"))
    });
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let mut session = Session::open((120, 35), &[]).ready();
        let pid = session.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let (code, clean) = session.ends();
        assert!(clean, "{signal} left the terminal changed");
        assert_eq!(code, 0, "{signal}");
    }
}

#[test]
fn without_colour_no_colour_is_sent() {
    let session = Session::open((120, 35), &[("NO_COLOR", "1")]).ready();
    let terminal = session.screen.lock().unwrap();
    let text = String::from_utf8_lossy(&terminal.bytes).into_owned();
    for colour in ["\x1b[38;", "\x1b[48;", ";38;", ";48;"] {
        assert!(!text.contains(colour), "{colour:?} was sent");
    }
    let reversed =
        (0..35).any(|y| (0..120).any(|x| terminal.parser.screen().cell(y, x).is_some_and(vt100::Cell::inverse)));
    assert!(reversed, "the selected row shows without colour");
}

#[test]
fn pasted_text_decides_nothing() {
    let mut session = Session::open((160, 45), &[]).ready();
    session.types("\x1b[200~xxxaaaqqq\x1b[201~");
    session.types("?");
    session.shows("Keys");
    assert!(!journal(&session.shop()).contains("rejected"));
}

#[test]
fn without_a_terminal_it_says_so_in_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["demo", "--into"])
        .arg(home.path().join("shop"))
        .env("HOME", home.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("the review needs a terminal"), "{said}");
}

#[test]
fn what_changes_on_disk_waits_for_a_key() {
    let mut session = Session::open((160, 45), &[]).ready();
    std::fs::write(session.shop().join("app/new.py"), "x = 1\n").unwrap();
    session.shows("Files changed on disk.");
    assert!(!session.text().contains("new.py"));
    session.types("r");
    session.shows("new.py");
}
