//! The terminal: entering and leaving it, and giving it back however the program ends.

use crate::{
    scan::run::THREAD_NAME,
    tui::theme::{Background, background},
};
use crossterm::{
    cursor, event, execute, queue,
    terminal::{self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{backend::CrosstermBackend, buffer::Buffer, layout::Rect};
use std::{
    io::{self, BufWriter, Stdout, Write},
    panic,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

/// True while the terminal is ours: what leaving must undo.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Bytes of one frame that are kept before they go to the terminal at once.
const FRAME_BYTES: usize = 256 << 10;

/// The terminal while the review is open. Dropping it gives the terminal back.
pub(super) struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal over.
    pub(super) fn enter(mouse: bool) -> io::Result<Self> {
        give_back_on_panic();
        take(mouse)?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout()));
        let inner = ratatui::Terminal::new(backend).inspect_err(|_| give_back())?;
        Ok(Self { inner, mouse })
    }

    /// Gives it back.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        self.inner.backend_mut().flush()?;
        give_back();
        Ok(())
    }

    /// Takes it over again after [`Self::leave`]; the next frame is drawn from nothing.
    pub(super) fn enter_again(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        self.inner.clear()
    }

    /// The whole screen, as large as it is now.
    pub(super) fn area(&mut self) -> io::Result<Rect> {
        self.inner.autoresize()?;
        Ok(self.inner.get_frame().area())
    }

    /// Draws a frame inside a synchronised update, so that no half of it is ever seen.
    pub(super) fn draw(&mut self, draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        queue!(self.inner.backend_mut(), BeginSynchronizedUpdate)?;
        self.inner.draw(|frame| draw(frame.buffer_mut()))?;
        queue!(self.inner.backend_mut(), EndSynchronizedUpdate)?;
        self.inner.backend_mut().flush()
    }

    /// Asks the terminal whether it is dark. Takes [`background::PATIENCE`] at most.
    #[cfg(unix)]
    pub(super) fn background(&self) -> Option<Background> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        io::stdout().write_all(background::QUESTION).ok()?;
        io::stdout().flush().ok()?;
        let stdin = io::stdin();
        let until = Instant::now() + background::PATIENCE;
        let mut read = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let wait = Timespec {
                tv_sec: 0,
                tv_nsec: left.subsec_nanos().into(),
            };
            let ready = poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&wait)).ok()?;
            if ready == 0 || left.is_zero() {
                return background::answer_so_far(&read);
            }
            let mut bytes = [0; 256];
            let count = rustix::io::read(&stdin, &mut bytes).ok()?;
            read.extend_from_slice(bytes.get(..count)?);
            match background::answer(&read) {
                background::Answer::Waiting if count > 0 => {}
                background::Answer::Known(background) => return Some(background),
                _ => return None,
            }
        }
    }

    /// Other systems are not asked.
    #[cfg(not(unix))]
    pub(super) fn background(&self) -> Option<Background> {
        None
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)?;
    if mouse {
        execute!(out, event::EnableMouseCapture)?;
    }
    Ok(())
}

/// Undoes everything, once. Never fails: there is nobody left to tell.
fn give_back() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        event::DisableMouseCapture,
        event::DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = terminal::disable_raw_mode();
}

/// A panic of the main thread gives the terminal back before it is reported. Panics of workers are theirs: a scan lists the file as not
/// examined, a highlighter leaves it plain; they must not write over the screen.
fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let name = thread::current().name().map(str::to_owned).unwrap_or_default();
            if ENTERED.load(Ordering::SeqCst) && (name.starts_with(THREAD_NAME) || name == "highlight") {
                return;
            }
            give_back();
            before(info);
        }));
    });
}
