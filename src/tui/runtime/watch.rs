//! Notices that the working tree changed, and whether that changes what is under review.
//!
//! The system tells of every touched file, builds and editors' swap files among them. Only when things have been quiet for a moment is
//! the change loaded again, on this thread, and handed over for comparison; so ignored files never raise an alarm.

use super::event::Event;
use crate::session::Reader;
use notify::{RecursiveMode, Watcher};
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

/// Quiet time before looking.
const QUIET: Duration = Duration::from_millis(300);
/// Least time between two looks, for trees where a build never rests.
const REST: Duration = Duration::from_secs(2);

/// Starts watching `root`. A system that cannot watch is no failure: `r` is always there.
pub(super) fn start(root: &Path, reader: Reader, send: Sender<Event>) {
    let root = root.to_path_buf();
    let _ = thread::Builder::new()
        .name("watch".into())
        .spawn(move || watch(&root, &reader, &send));
}

fn watch(root: &Path, reader: &Reader, send: &Sender<Event>) {
    let (stir, stirred) = channel();
    let git = root.join(".git");
    let handler = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|e| counts(&e, &git)) {
            let _ = stir.send(());
        }
    };
    let Ok(mut watcher) = notify::recommended_watcher(handler) else {
        return;
    };
    if watcher.watch(root, RecursiveMode::Recursive).is_err() {
        return;
    }
    while wait(&stirred) {
        if let Ok(change) = reader.load()
            && send.send(Event::OnDisk(Box::new(change))).is_err()
        {
            return;
        }
        thread::sleep(REST);
    }
}

/// Waits for something to stir and for quiet after it, but not for longer than a few times the quiet. False when the watch ended.
fn wait(stirred: &Receiver<()>) -> bool {
    if stirred.recv().is_err() {
        return false;
    }
    for _ in 0..10 {
        match stirred.recv_timeout(QUIET) {
            Ok(()) => while stirred.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// True for writes to the tree, and for the few files under `.git` that say what is staged and where HEAD is.
fn counts(event: &notify::Event, git: &Path) -> bool {
    let written = !matches!(event.kind, notify::EventKind::Access(_));
    let counts = |path: &PathBuf| match path.strip_prefix(git) {
        Ok(inside) => inside == Path::new("index") || inside == Path::new("HEAD") || inside.starts_with("refs/heads"),
        Err(_) => true,
    };
    written && event.paths.iter().any(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::{EventKind, event::CreateKind};

    #[test]
    fn of_git_only_index_head_and_branches_count() {
        let event = |path: &str| notify::Event::new(EventKind::Create(CreateKind::File)).add_path(path.into());
        let git = Path::new("/r/.git");
        for path in [
            "/r/a.py",
            "/r/.git/index",
            "/r/.git/HEAD",
            "/r/.git/refs/heads/main",
            "/r/.github/x",
        ] {
            assert!(counts(&event(path), git), "{path}");
        }
        for path in [
            "/r/.git/objects/ab/cd",
            "/r/.git/countersign/journal.jsonl",
            "/r/.git/index.lock",
            "/r/.git/refs/notes/x",
        ] {
            assert!(!counts(&event(path), git), "{path}");
        }
    }
}
