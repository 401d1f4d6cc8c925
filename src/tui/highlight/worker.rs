//! The thread that reads tokens and compares words, newest wish first.
//!
//! The screen asks for the file it shows (and may ask for the next one); a wish that waits is dropped when too many newer ones
//! come. Results go out through a function given at the start, in practice a sender of the one event channel.

use super::{Tokens, tokens, words::Words};
use crate::change::{Change, FileChange, ObjectId, RepoPath};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

/// Wishes that may wait; older ones are dropped, the screen asks again when it shows the file.
const MAX_WAITING: usize = 8;

/// Which file, by content: the same key always gives the same picture.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PaintKey {
    /// The path (it names the language).
    pub path: RepoPath,
    /// Blob of the old side.
    pub old: Option<ObjectId>,
    /// Blob of the new side.
    pub new: Option<ObjectId>,
}

impl PaintKey {
    /// The key of a changed file.
    #[must_use]
    pub fn of(file: &FileChange) -> Self {
        Self {
            path: file.path.clone(),
            old: file.old.as_ref().map(|s| s.blob.clone()),
            new: file.new.as_ref().map(|s| s.blob.clone()),
        }
    }
}

/// A file with its tokens on both sides and its differing words.
#[derive(Clone, Debug)]
pub struct Paint {
    /// Which file.
    pub key: PaintKey,
    /// Tokens of the old side.
    pub old: Tokens,
    /// Tokens of the new side.
    pub new: Tokens,
    /// Words that differ.
    pub words: Words,
}

impl Paint {
    /// Reads a file now, on this thread. For the worker, and for tests and pictures that cannot wait.
    #[must_use]
    pub fn of(file: &FileChange) -> Self {
        let empty: &[u8] = &[];
        let old = file.old_text().map_or(empty, |t| t);
        let new = file.new_text().map_or(empty, |t| t);
        let old_path = file.old_path.as_ref().unwrap_or(&file.path);
        Self {
            key: PaintKey::of(file),
            old: tokens(old_path.bytes(), old),
            new: tokens(file.path.bytes(), new),
            words: Words::of(file.hunks(), old, new),
        }
    }
}

struct Wish {
    change: Arc<Change>,
    path: RepoPath,
    key: PaintKey,
}

#[derive(Default)]
struct Queue {
    wishes: VecDeque<Wish>,
    closed: bool,
}

/// A handle on the worker; dropping it ends the thread.
pub struct Worker {
    shared: Arc<(Mutex<Queue>, Condvar)>,
}

impl Worker {
    /// Starts the thread. `done` is called on it with each result.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn start(done: impl Fn(Paint) + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
        let theirs = Arc::clone(&shared);
        thread::Builder::new()
            .name("highlight".into())
            .stack_size(16 << 20)
            .spawn(move || {
                while let Some(wish) = next(&theirs) {
                    if let Some(file) = wish.change.files.iter().find(|f| f.path == wish.path) {
                        done(Paint::of(file));
                    }
                }
            })?;
        Ok(Self { shared })
    }

    /// Asks for a file of `change`. The newest wish is served first; the same wish is not queued twice.
    pub fn ask(&self, change: &Arc<Change>, file: &FileChange) {
        let key = PaintKey::of(file);
        let mut queue = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.wishes.retain(|w| w.key != key);
        queue.wishes.push_front(Wish {
            change: Arc::clone(change),
            path: file.path.clone(),
            key,
        });
        queue.wishes.truncate(MAX_WAITING);
        self.shared.1.notify_one();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.1.notify_one();
    }
}

fn next(shared: &(Mutex<Queue>, Condvar)) -> Option<Wish> {
    let mut queue = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if queue.closed {
            return None;
        }
        if let Some(wish) = queue.wishes.pop_front() {
            return Some(wish);
        }
        queue = shared.1.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}
