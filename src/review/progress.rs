//! Counts: what is done and what is left.

/// Counts over the change under review, whatever the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Findings of the default tier that the change made.
    pub findings: usize,
    /// Of these, still to be decided (stale ones too).
    pub open: usize,
    /// Of the open ones, those at or above the threshold.
    pub open_at_threshold: usize,
    /// Approved.
    pub approved: usize,
    /// Rejected.
    pub rejected: usize,
    /// Fixed: applied and gone.
    pub fixed: usize,
    /// Decided once, changed since.
    pub stale: usize,
    /// Hunks of the change.
    pub hunks: usize,
    /// Of these, seen.
    pub seen: usize,
}

impl Progress {
    /// True when the verdict would be `approved`.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.open_at_threshold == 0 && self.rejected == 0 && self.seen == self.hunks
    }
}
