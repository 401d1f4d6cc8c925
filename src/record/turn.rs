//! One recording at a time: so that nobody takes a recording under way for one that a crash interrupted.

use super::{
    error::{RecordError, Result},
    repo::Repo,
};
use std::{
    fs::{File, OpenOptions, TryLockError},
    thread,
    time::Duration,
};

const TRIES: usize = 150;
const PAUSE: Duration = Duration::from_millis(20);

/// Held while a recording, an undo or a recovery is under way. The system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Turn(File);

impl Turn {
    /// Waits for it, a few seconds at most.
    pub(super) fn take(repo: &Repo) -> Result<Self> {
        // The journal made the folder, private.
        let path = repo.common_dir.join("countersign").join("recording.lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(RecordError::io("open", &path))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(e)) => return Err(RecordError::io("lock", &path)(e)),
            }
        }
        Err(RecordError::refused(
            "another countersign is recording in this repository",
            "Wait for it, then try again.",
        ))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
