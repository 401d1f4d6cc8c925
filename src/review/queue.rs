//! The queue: what there is to look at, as rows. A pure view of the state, worked out anew each time it is asked for.
//!
//! What needs a person stands in groups; what is decided folds away at the end. Groups are ordered by the worst finding they ever
//! held, decided or not, so that deciding never reorders the list under the reader.

use super::{Cursor, State};
use crate::{
    change::{FileChange, HunkId, RepoPath},
    scan::{Finding, Fingerprint, Severity},
};
use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

/// How the queue is grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By file, riskiest first; unseen hunks stand with their file.
    #[default]
    File,
    /// By severity, worst first.
    Severity,
    /// By category.
    Category,
    /// By the commit that brought it, and so by agent.
    Commit,
}

impl Grouping {
    /// The next way to group, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Grouping::File => Grouping::Severity,
            Grouping::Severity => Grouping::Category,
            Grouping::Category => Grouping::Commit,
            Grouping::Commit => Grouping::File,
        }
    }

    /// In words: `by file`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Grouping::File => "by file",
            Grouping::Severity => "by severity",
            Grouping::Category => "by category",
            Grouping::Commit => "by commit",
        }
    }
}

/// What can be folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// One file's rows.
    File(RepoPath),
    /// One group's rows.
    Group(String),
    /// Unseen hunks, when not grouped by file.
    Hunks,
    /// What is decided.
    Decided,
    /// What was not examined.
    NotExamined,
}

impl Fold {
    /// Open until the reviewer closes it?
    #[must_use]
    pub fn starts_open(&self) -> bool {
        !matches!(self, Fold::Decided | Fold::NotExamined)
    }
}

/// One row of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A file, with how many open findings and unseen hunks it holds.
    File {
        /// Which.
        path: RepoPath,
        /// Open findings in view.
        open: usize,
        /// Unseen hunks.
        unseen: usize,
    },
    /// A group that is not a file.
    Group {
        /// What it groups by: a severity, a category, a commit id (empty: uncommitted).
        key: String,
        /// Open findings in view.
        open: usize,
    },
    /// An open finding; inside [`Fold::Decided`] a decided one.
    Finding(Fingerprint),
    /// A finding that was fixed and is gone.
    Fixed(Fingerprint),
    /// An unseen hunk.
    Hunk(HunkId),
    /// The head of a fold.
    Fold {
        /// Which.
        fold: Fold,
        /// Rows in it.
        count: usize,
    },
    /// Something not examined, by index.
    NotExamined(usize),
}

impl Row {
    /// The cursor that selects this row.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        match self {
            Row::File { path, .. } => Cursor::File(path.clone()),
            Row::Group { key, .. } => Cursor::Group(key.clone()),
            Row::Finding(fingerprint) | Row::Fixed(fingerprint) => Cursor::Finding(fingerprint.clone()),
            Row::Hunk(id) => Cursor::Hunk(id.clone()),
            Row::Fold { fold, .. } => Cursor::Fold(fold.clone()),
            Row::NotExamined(index) => Cursor::NotExamined(*index),
        }
    }

    /// The fold this row opens and closes.
    #[must_use]
    pub fn fold(&self) -> Option<Fold> {
        match self {
            Row::File { path, .. } => Some(Fold::File(path.clone())),
            Row::Group { key, .. } => Some(Fold::Group(key.clone())),
            Row::Fold { fold, .. } => Some(fold.clone()),
            _ => None,
        }
    }
}

/// The rows of `state`, top to bottom.
pub(super) fn rows(state: &State) -> Vec<Row> {
    let mut rows = match state.grouping {
        Grouping::File => by_file(state),
        grouping => by_key(state, grouping),
    };
    decided(state, &mut rows);
    not_examined(state, &mut rows);
    rows
}

/// Open findings in view of one group row.
pub(super) fn members(state: &State, cursor: &Cursor) -> Vec<Arc<Finding>> {
    let of = |f: &&Arc<Finding>| match cursor {
        Cursor::File(path) => f.place.path == *path,
        Cursor::Group(key) => group_key(f, state.grouping) == *key,
        _ => false,
    };
    open(state).filter(of).cloned().collect()
}

fn open(state: &State) -> impl Iterator<Item = &Arc<Finding>> {
    state
        .findings
        .iter()
        .filter(|f| state.filter.shows(f) && state.standing(f).is_open())
}

fn by_file(state: &State) -> Vec<Row> {
    let mut of_file: BTreeMap<&RepoPath, Vec<&Arc<Finding>>> = BTreeMap::new();
    for finding in open(state) {
        of_file.entry(&finding.place.path).or_default().push(finding);
    }
    let mut files: Vec<&FileChange> = state.change.files.iter().collect();
    files.sort_by_cached_key(|f| (Reverse(worst(state, f)), f.path.clone()));
    let mut rows = Vec::new();
    for file in files {
        let mut findings = of_file.remove(&file.path).unwrap_or_default();
        if let Some(old) = file.old_path.as_ref().and_then(|old| of_file.remove(old)) {
            findings.extend(old);
        }
        findings.sort_by_key(|f| (Reverse(f.severity), f.place.start));
        let unseen = if state.filter.narrows() {
            Vec::new()
        } else {
            unseen_in(state, file)
        };
        if state.filter.narrows() && findings.is_empty() {
            continue;
        }
        rows.push(Row::File {
            path: file.path.clone(),
            open: findings.len(),
            unseen: unseen.len(),
        });
        if state.is_open(&Fold::File(file.path.clone())) {
            rows.extend(findings.iter().map(|f| Row::Finding(f.fingerprint.clone())));
            let covered = |id: &HunkId| {
                findings
                    .iter()
                    .any(|f| state.hunk_of(f).is_some_and(|(_, h)| h.id == *id))
            };
            rows.extend(unseen.into_iter().filter(|id| !covered(id)).map(Row::Hunk));
        }
    }
    // Findings outside the changed files (a commit message, a file name): after them, under their own path.
    for (path, findings) in of_file {
        rows.push(Row::File {
            path: path.clone(),
            open: findings.len(),
            unseen: 0,
        });
        if state.is_open(&Fold::File(path.clone())) {
            rows.extend(findings.iter().map(|f| Row::Finding(f.fingerprint.clone())));
        }
    }
    rows
}

fn worst(state: &State, file: &FileChange) -> Option<Severity> {
    let of_file = state
        .findings
        .iter()
        .filter(|f| f.place.path == file.path && state.filter.shows(f));
    of_file.map(|f| f.severity).max()
}

fn unseen_in(state: &State, file: &FileChange) -> Vec<HunkId> {
    file.hunks()
        .iter()
        .filter(|h| !state.ledger.seen(&h.id))
        .map(|h| h.id.clone())
        .collect()
}

fn group_key(finding: &Finding, grouping: Grouping) -> String {
    match grouping {
        Grouping::File => finding.place.path.lossy().into_owned(),
        Grouping::Severity => format!("{:?}", finding.severity).to_lowercase(),
        Grouping::Category => finding.category.to_string(),
        Grouping::Commit => finding.commit.as_ref().map(|c| c.0.to_string()).unwrap_or_default(),
    }
}

fn by_key(state: &State, grouping: Grouping) -> Vec<Row> {
    let mut groups: BTreeMap<(Reverse<Severity>, String), Vec<&Arc<Finding>>> = BTreeMap::new();
    let mut rank: BTreeMap<String, Severity> = BTreeMap::new();
    for finding in state.findings.iter().filter(|f| state.filter.shows(f)) {
        let rank = rank.entry(group_key(finding, grouping)).or_insert(finding.severity);
        *rank = finding.severity.max(*rank);
    }
    for finding in open(state) {
        let key = group_key(finding, grouping);
        let worst = rank.get(&key).copied().unwrap_or(finding.severity);
        groups.entry((Reverse(worst), key)).or_default().push(finding);
    }
    let mut rows = Vec::new();
    for ((_, key), findings) in groups {
        rows.push(Row::Group {
            key: key.clone(),
            open: findings.len(),
        });
        if state.is_open(&Fold::Group(key)) {
            rows.extend(findings.iter().map(|f| Row::Finding(f.fingerprint.clone())));
        }
    }
    let unseen: Vec<HunkId> = state.change.files.iter().flat_map(|f| unseen_in(state, f)).collect();
    if !unseen.is_empty() && !state.filter.narrows() {
        rows.push(Row::Fold {
            fold: Fold::Hunks,
            count: unseen.len(),
        });
        if state.is_open(&Fold::Hunks) {
            rows.extend(unseen.into_iter().map(Row::Hunk));
        }
    }
    rows
}

fn decided(state: &State, rows: &mut Vec<Row>) {
    let shown = state
        .findings
        .iter()
        .filter(|f| state.filter.shows(f) && !state.standing(f).is_open());
    let mut decided: Vec<Row> = shown.map(|f| Row::Finding(f.fingerprint.clone())).collect();
    decided.extend(state.fixed().iter().map(|s| Row::Fixed(s.subject.fingerprint.clone())));
    if decided.is_empty() {
        return;
    }
    rows.push(Row::Fold {
        fold: Fold::Decided,
        count: decided.len(),
    });
    if state.is_open(&Fold::Decided) {
        rows.extend(decided);
    }
}

fn not_examined(state: &State, rows: &mut Vec<Row>) {
    let count = state.not_examined.len();
    if count == 0 {
        return;
    }
    rows.push(Row::Fold {
        fold: Fold::NotExamined,
        count,
    });
    if state.is_open(&Fold::NotExamined) {
        rows.extend((0..count).map(Row::NotExamined));
    }
}
