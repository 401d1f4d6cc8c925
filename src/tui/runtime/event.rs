//! Everything that can happen to the screen, through one channel.

use super::signals::Signal;
use crate::{change::Change, review::Scanned, tui::highlight::worker::Paint};
use std::sync::Arc;

/// Something happened.
pub(super) enum Event {
    /// A key, a paste, the mouse, a resize.
    Input(crossterm::event::Event),
    /// The terminal went away.
    InputEnded,
    /// The system wants something.
    Signal(Signal),
    /// A file's tokens and words.
    Painted(Box<Paint>),
    /// What the change would be now, after files stirred.
    OnDisk(Box<Change>),
    /// The change was loaded again, or why not.
    Loaded {
        /// Which request.
        number: u64,
        /// What came of it.
        result: Result<Arc<Change>, String>,
    },
    /// The scan has something.
    Scanned {
        /// Which request.
        number: u64,
        /// What.
        scanned: Scanned,
    },
}
