//! Results by content, kept while the program runs: a file that did not change is not scanned again.
//!
//! In memory only. A result on disk would be a place where whoever wrote the change could write "nothing found"; and a cold scan
//! costs milliseconds a file.

use super::file::FileScan;
use crate::change::{ObjectId, RepoPath};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Most results kept.
const CAPACITY: usize = 8192;

/// What a result depends on: the content, the name (it tells the language, and test code from other code), and the rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The content.
    pub blob: ObjectId,
    /// The name.
    pub path: RepoPath,
    /// Digest of the rules in force.
    pub rules: Arc<str>,
}

/// A bounded store of results. Share it between scans of one session.
#[derive(Default)]
pub struct Cache {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    results: HashMap<Key, (u64, Arc<FileScan>)>,
    clock: u64,
}

impl Cache {
    /// The result for `key`, when it is kept.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Arc<FileScan>> {
        let mut inner = self.lock();
        inner.clock += 1;
        let now = inner.clock;
        let (used, result) = inner.results.get_mut(key)?;
        *used = now;
        Some(result.clone())
    }

    /// Keeps a result; the least recently used half goes when there are too many.
    pub fn put(&self, key: Key, result: Arc<FileScan>) {
        let mut inner = self.lock();
        inner.clock += 1;
        let now = inner.clock;
        inner.results.insert(key, (now, result));
        if inner.results.len() > CAPACITY {
            let mut used: Vec<u64> = inner.results.values().map(|(used, _)| *used).collect();
            used.sort_unstable();
            let median = used[used.len() / 2];
            inner.results.retain(|_, (used, _)| *used > median);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        // A panic elsewhere cannot leave the map half-written: every change is one call.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
