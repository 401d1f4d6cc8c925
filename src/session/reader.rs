//! The reading half of a session: loads and scans, on any thread, and changes nothing.

use crate::{
    change::{Base, Change, Error, Repo, Request},
    scan::{Cache, Cancel, Event, RuleSet, ScanResult, scan_change},
};
use std::{path::PathBuf, sync::Arc};

/// Loads the change under review and scans it. Clone one for each worker; results by content are shared.
#[derive(Clone)]
pub struct Reader {
    pub(super) dir: PathBuf,
    pub(super) request: Request,
    pub(super) rules: Arc<RuleSet>,
    pub(super) cache: Arc<Cache>,
}

impl Reader {
    /// The change as it is now.
    ///
    /// # Errors
    /// When the repository or the change cannot be read.
    pub fn load(&self) -> Result<Change, Error> {
        // A repository handle belongs to one thread; opening one costs well under a millisecond.
        Repo::open(&self.dir)?.load(&self.request)
    }

    /// Everything found in `change`.
    pub fn scan(&self, change: &Change, cancel: &Cancel, on_event: impl Fn(Event) + Sync) -> ScanResult {
        scan_change(
            change,
            &Base::new(&self.dir, change),
            &self.rules,
            &self.cache,
            cancel,
            on_event,
        )
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }
}
