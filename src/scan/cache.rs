//! Results by content, kept while the program runs: a file that did not change is not scanned again, and what was checked for its
//! fixes is not checked again.
//!
//! In memory only. A result on disk would be a place where whoever wrote the change could write "nothing found"; and a cold scan
//! costs milliseconds a file.

use super::{Fix, file::FileScan, fix::Dialects};
use crate::change::{ObjectId, RepoPath};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Most results kept, of each sort.
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

/// What a fix depends on: the file's scan, the finding's index in it, and what the change tells of its drivers.
pub type FixKey = (Key, usize, Arc<Dialects>);

/// A fix and what it cost to check, in bytes scanned: a warm result uses up as much of a file's budget as a cold one.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The fix, if there is one.
    pub fix: Option<Fix>,
    /// Bytes scanned.
    pub cost: usize,
}

/// A bounded store of results. Share it between scans of one session.
#[derive(Default)]
pub struct Cache {
    scans: Mutex<Store<Key, Arc<FileScan>>>,
    fixes: Mutex<Store<FixKey, Proposed>>,
}

impl Cache {
    /// The result for `key`, when it is kept.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Arc<FileScan>> {
        lock(&self.scans).get(key)
    }

    /// Keeps a result; the least recently used half goes when there are too many.
    pub fn put(&self, key: Key, result: Arc<FileScan>) {
        lock(&self.scans).put(key, result);
    }

    /// The fix for `key`, when it is kept.
    #[must_use]
    pub fn fix(&self, key: &FixKey) -> Option<Proposed> {
        lock(&self.fixes).get(key)
    }

    /// Keeps a fix.
    pub fn put_fix(&self, key: FixKey, proposed: Proposed) {
        lock(&self.fixes).put(key, proposed);
    }
}

fn lock<T>(store: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere cannot leave the map half-written: every change is one call.
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Store<K, V> {
    results: HashMap<K, (u64, V)>,
    clock: u64,
}

impl<K, V> Default for Store<K, V> {
    fn default() -> Self {
        Self {
            results: HashMap::new(),
            clock: 0,
        }
    }
}

impl<K: Hash + Eq, V: Clone> Store<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        self.clock += 1;
        let (used, result) = self.results.get_mut(key)?;
        *used = self.clock;
        Some(result.clone())
    }

    fn put(&mut self, key: K, result: V) {
        self.clock += 1;
        self.results.insert(key, (self.clock, result));
        if self.results.len() > CAPACITY {
            let mut used: Vec<u64> = self.results.values().map(|(used, _)| *used).collect();
            used.sort_unstable();
            let median = used[used.len() / 2];
            self.results.retain(|_, (used, _)| *used > median);
        }
    }
}
