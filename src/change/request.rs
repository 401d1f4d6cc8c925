//! What is asked for, and how much of it is read.

use super::Source;
use std::path::PathBuf;

/// A change to load.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which change.
    pub source: Source,
    /// Only these files, folders or patterns, relative to the folder the repository was opened from; all when empty.
    pub paths: Vec<PathBuf>,
    /// Every file of the new side as if all of it were added, not only what differs.
    pub all_files: bool,
    /// Unchanged lines around each hunk.
    pub context: u32,
    /// How much is read.
    pub limits: Limits,
}

impl Request {
    /// The whole of `source`, with three lines of context and the default limits.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            source,
            paths: Vec::new(),
            all_files: false,
            context: 3,
            limits: Limits::default(),
        }
    }
}

/// How much is read. What a limit leaves out is listed in [`super::Change::omitted`]; nothing is cut in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A side of a file above this many bytes is not read. Far below 4 GiB, which is what a [`crate::text::Span`] can hold.
    pub file_bytes: u64,
    /// Bytes of all sides together; files after that, in the order of their paths, are listed without text.
    pub total_bytes: u64,
    /// Changed files; those after that, in the order of their paths, are left out.
    pub files: usize,
    /// Commits of a range, newest first; the older ones are left out. At most 65,535.
    pub commits: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 20,
            total_bytes: 256 << 20,
            files: 10_000,
            commits: 2_000,
        }
    }
}
