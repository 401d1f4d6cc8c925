//! Standard output and error: written whole, coloured only for people.

use super::Failure;
use crate::text::safe::{visible, visible_lines};
use std::io::{self, IsTerminal, Write};

/// True when standard output is a terminal that wants colour: `NO_COLOR` unset or empty, `TERM` not `dumb`.
pub(super) fn colour() -> bool {
    let unset = |name: &str| std::env::var_os(name).is_none_or(|v| v.is_empty());
    unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb") && io::stdout().is_terminal()
}

/// Writes `text` to standard output. A reader that went away (`| head`) is no failure.
///
/// # Errors
///
/// When it cannot be written for any other reason (a full disk).
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output could not be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says on standard error what stopped the command, and what to do.
pub(super) fn failure(failure: &Failure) {
    eprintln!("countersign: {}", visible_lines(&failure.what));
    if let Some(hint) = &failure.hint {
        eprintln!("  {}", visible(hint));
    }
}
