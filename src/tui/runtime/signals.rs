//! What the system asks of the program: to end, to stop, to go on.

use super::event::Event;
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP},
    iterator::Signals,
};
use std::{io, sync::mpsc::Sender, thread};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// End; everything decided is on disk.
    End,
    /// Stop until continued.
    Stop,
    /// Going on: the screen may hold anything.
    Continue,
}

/// Listens from now on.
pub(super) fn listen(send: Sender<Event>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGTSTP => Signal::Stop,
                SIGCONT => Signal::Continue,
                _ => Signal::End,
            };
            if send.send(Event::Signal(signal)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Stops this process, as the shell expects of Ctrl-z. Returns when it goes on.
pub(super) fn stop_here() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(SIGTSTP)
}
