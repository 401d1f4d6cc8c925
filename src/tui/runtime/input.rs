//! Keys from the terminal, on a thread of their own that can be told to stand aside for an editor.

use super::event::Event;
use crossterm::event::{self, Event as Key, KeyCode, KeyEventKind, KeyModifiers};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
        mpsc::Sender,
    },
    thread,
    time::Duration,
};

/// How often the thread looks whether it should stand aside.
const LOOK: Duration = Duration::from_millis(40);

const READING: u8 = 0;
const ASKED_ASIDE: u8 = 1;
const ASIDE: u8 = 2;

/// A handle on the thread.
pub(super) struct Input {
    state: Arc<AtomicU8>,
    thread: thread::Thread,
}

impl Input {
    /// Starts reading.
    pub(super) fn start(send: Sender<Event>) -> io::Result<Self> {
        let state = Arc::new(AtomicU8::new(READING));
        let theirs = Arc::clone(&state);
        let handle = thread::Builder::new()
            .name("input".into())
            .spawn(move || read(&theirs, &send))?;
        Ok(Self {
            state,
            thread: handle.thread().clone(),
        })
    }

    /// Stands aside: when this returns, the terminal's input is another program's.
    pub(super) fn stand_aside(&self) {
        self.state.store(ASKED_ASIDE, Ordering::SeqCst);
        while self.state.load(Ordering::SeqCst) == ASKED_ASIDE {
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Reads again.
    pub(super) fn resume(&self) {
        self.state.store(READING, Ordering::SeqCst);
        self.thread.unpark();
    }
}

fn read(state: &AtomicU8, send: &Sender<Event>) {
    let mut late = LateAnswer::default();
    loop {
        if state.load(Ordering::SeqCst) != READING {
            state.store(ASIDE, Ordering::SeqCst);
            while state.load(Ordering::SeqCst) == ASIDE {
                thread::park();
            }
        }
        match event::poll(LOOK) {
            Ok(false) => late.pause(),
            Ok(true) => match event::read() {
                Ok(event) if late.swallows(&event) => {}
                Ok(event) => {
                    if send.send(Event::Input(event)).is_err() {
                        return;
                    }
                }
                Err(_) => break,
            },
            Err(_) => break,
        }
    }
    let _ = send.send(Event::InputEnded);
}

/// Keeps a terminal's late answer to the question for its background from being taken for keys: it reads `ESC ] 11;rgb:...`, and its hex
/// digits are letters that decide things.
#[derive(Debug, Default)]
struct LateAnswer {
    /// Keys of an answer so far; `None` outside one.
    inside: Option<usize>,
}

/// An answer is never longer than this many keys.
const LONGEST_ANSWER: usize = 48;

impl LateAnswer {
    fn swallows(&mut self, event: &Key) -> bool {
        let Key::Key(key) = event else { return false };
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match self.inside {
            None if alt && key.code == KeyCode::Char(']') => {
                self.inside = Some(0);
                true
            }
            None => false,
            Some(count) => {
                let bell = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('g');
                let end = bell || (alt && key.code == KeyCode::Char('\\'));
                self.inside = Some(count + 1).filter(|c| !end && *c < LONGEST_ANSWER);
                true
            }
        }
    }

    /// Nothing came for a while: whatever comes next is typed.
    fn pause(&mut self) {
        self.inside = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyEvent;

    fn key(code: char, modifiers: KeyModifiers) -> Key {
        Key::Key(KeyEvent::new(KeyCode::Char(code), modifiers))
    }

    #[test]
    fn a_late_answer_presses_no_keys_and_the_next_key_counts() {
        let mut late = LateAnswer::default();
        assert!(late.swallows(&key(']', KeyModifiers::ALT)));
        assert!(
            "11;rgb:1a1a/caca/fafa"
                .chars()
                .all(|c| late.swallows(&key(c, KeyModifiers::NONE)))
        );
        assert!(late.swallows(&key('\\', KeyModifiers::ALT)));
        assert!(!late.swallows(&key('a', KeyModifiers::NONE)));
    }

    #[test]
    fn a_lone_alt_bracket_swallows_nothing_for_long() {
        let mut late = LateAnswer::default();
        assert!(late.swallows(&key(']', KeyModifiers::ALT)));
        late.pause();
        assert!(!late.swallows(&key('a', KeyModifiers::NONE)));
    }
}
