//! The state of a review: the change, what was found in it, the ledger, and the reviewer's view of both.

use super::{
    CodeId, Cursor, Filter, Fold, Grouping, Ledger, Progress, Row, Standing, Subject, Verdict, ledger::Settled, queue,
};
use crate::{
    change::{Change, FileChange, Hunk, HunkId, RepoPath, Source},
    scan::{Finding, Fingerprint, NotExamined, Scope, Severity, Tier},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What the policy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Findings at or above must be decided.
    pub threshold: Severity,
    /// Findings at or above need a reason in words, must have been on screen, and are no part of a batch.
    pub reason_at: Severity,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            threshold: Severity::Medium,
            reason_at: Severity::High,
        }
    }
}

/// A review in progress. Read it freely; only [`super::update`] changes it.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) policy: Policy,
    pub(super) change: Arc<Change>,
    pub(super) findings: Vec<Arc<Finding>>,
    pub(super) not_examined: Vec<NotExamined>,
    pub(super) codes: HashMap<Fingerprint, CodeId>,
    /// Findings whose code was edited since they were decided, and the identity they were decided under.
    pub(super) ancestors: HashMap<Fingerprint, Fingerprint>,
    /// Fixed in the working tree, not scanned again yet.
    pub(super) fixing: HashSet<Fingerprint>,
    pub(super) ledger: Ledger,
    pub(super) cursor: Option<Cursor>,
    pub(super) filter: Filter,
    pub(super) grouping: Grouping,
    /// Folds that are open (they start closed) and groups that are closed (they start open).
    pub(super) toggled: HashSet<Fold>,
    /// Fully shown and still on screen.
    pub(super) showing: HashSet<HunkId>,
    /// Findings whose code has been on screen.
    pub(super) shown: HashSet<Fingerprint>,
    pub(super) fix_shown: Option<Fingerprint>,
    pub(super) scan: Option<(usize, usize)>,
}

impl State {
    /// A review of `change`, before anything was found.
    #[must_use]
    pub fn new(change: Arc<Change>, policy: Policy) -> Self {
        Self {
            policy,
            change,
            findings: Vec::new(),
            not_examined: Vec::new(),
            codes: HashMap::new(),
            ancestors: HashMap::new(),
            fixing: HashSet::new(),
            ledger: Ledger::default(),
            cursor: None,
            filter: Filter::default(),
            grouping: Grouping::default(),
            toggled: HashSet::new(),
            showing: HashSet::new(),
            shown: HashSet::new(),
            fix_shown: None,
            scan: None,
        }
    }

    /// What the policy asks.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The change under review.
    #[must_use]
    pub fn change(&self) -> &Arc<Change> {
        &self.change
    }

    /// All findings of the last scan (of the running one: so far), by path and line.
    #[must_use]
    pub fn findings(&self) -> &[Arc<Finding>] {
        &self.findings
    }

    /// What was not examined.
    #[must_use]
    pub fn not_examined(&self) -> &[NotExamined] {
        &self.not_examined
    }

    /// What was decided, noted and seen.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The reviewer's place.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// What is in view.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// How the queue is grouped.
    #[must_use]
    pub fn grouping(&self) -> Grouping {
        self.grouping
    }

    /// The finding whose fix is shown, ready to be applied.
    #[must_use]
    pub fn fix_shown(&self) -> Option<&Fingerprint> {
        self.fix_shown.as_ref()
    }

    /// Files scanned and to be scanned while a scan runs.
    #[must_use]
    pub fn scanning(&self) -> Option<(usize, usize)> {
        self.scan
    }

    /// The queue as it is shown now.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        queue::rows(self)
    }

    /// True when a fold or group is open.
    #[must_use]
    pub fn is_open(&self, fold: &Fold) -> bool {
        self.toggled.contains(fold) != fold.starts_open()
    }

    /// The open findings in view of a file or group.
    #[must_use]
    pub fn members(&self, cursor: &Cursor) -> Vec<Arc<Finding>> {
        queue::members(self, cursor)
    }

    /// A finding by identity.
    #[must_use]
    pub fn finding(&self, fingerprint: &Fingerprint) -> Option<&Arc<Finding>> {
        self.findings.iter().find(|f| f.fingerprint == *fingerprint)
    }

    /// The finding under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&Arc<Finding>> {
        match &self.cursor {
            Some(Cursor::Finding(fingerprint)) => self.finding(fingerprint),
            _ => None,
        }
    }

    /// Where a finding stands.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Standing {
        match self.codes.get(&finding.fingerprint) {
            Some(code) => {
                let ancestor = self.ancestors.get(&finding.fingerprint);
                self.ledger.standing(finding, code, ancestor, self.fix_stands(finding))
            }
            None => Standing::Open,
        }
    }

    /// A fix of a finding that is still here holds when the code under review cannot change (a commit: the fix is in the working
    /// tree), or has not been scanned since.
    fn fix_stands(&self, finding: &Finding) -> bool {
        let committed = matches!(self.change.source, Source::Commit { .. } | Source::Range { .. });
        committed || self.fixing.contains(&finding.fingerprint)
    }

    /// Fixes applied in this review whose finding is gone.
    #[must_use]
    pub fn fixed(&self) -> Vec<&Settled> {
        let fixed = self.ledger.fixed_since(self.change.base.as_ref());
        fixed
            .into_iter()
            .filter(|s| self.finding(&s.subject.fingerprint).is_none())
            .collect()
    }

    /// A changed file by path.
    #[must_use]
    pub fn file(&self, path: &RepoPath) -> Option<&FileChange> {
        self.change.files.iter().find(|f| f.path == *path)
    }

    /// All hunks with their files, in order.
    pub fn hunks(&self) -> impl DoubleEndedIterator<Item = (&FileChange, &Hunk)> {
        self.change
            .files
            .iter()
            .flat_map(|f| f.hunks().iter().map(move |h| (f, h)))
    }

    /// A hunk by identity, with its file.
    #[must_use]
    pub fn hunk(&self, id: &HunkId) -> Option<(&FileChange, &Hunk)> {
        self.hunks().find(|(_, h)| h.id == *id)
    }

    /// The hunk a finding lies in, when its place is in one.
    #[must_use]
    pub fn hunk_of(&self, finding: &Finding) -> Option<(&FileChange, &Hunk)> {
        let line = finding.place.start.line;
        let holds = |h: &&Hunk| {
            let (start, count) = if finding.place.old_side {
                (h.old_start, h.old_lines)
            } else {
                (h.new_start, h.new_lines)
            };
            start <= line && line < start + count
        };
        let path = &finding.place.path;
        let file = self
            .change
            .files
            .iter()
            .find(|f| f.path == *path || f.old_path.as_ref() == Some(path))?;
        file.hunks().iter().find(holds).map(|h| (file, h))
    }

    /// The hunk the cursor stands in or on.
    #[must_use]
    pub fn current_hunk(&self) -> Option<(&FileChange, &Hunk)> {
        match self.cursor.as_ref()? {
            Cursor::Hunk(id) => self.hunk(id),
            Cursor::Finding(_) => self.hunk_of(self.selected()?),
            Cursor::File(path) => {
                let file = self.file(path)?;
                file.hunks().first().map(|h| (file, h))
            }
            _ => None,
        }
    }

    /// The file the cursor stands in.
    #[must_use]
    pub fn current_file(&self) -> Option<&FileChange> {
        match self.cursor.as_ref()? {
            Cursor::File(path) => self.file(path),
            Cursor::Finding(_) => {
                let path = &self.selected()?.place.path;
                self.change
                    .files
                    .iter()
                    .find(|f| f.path == *path || f.old_path.as_ref() == Some(path))
            }
            Cursor::NotExamined(index) => self.file(&self.not_examined.get(*index)?.path),
            Cursor::Hunk(id) => self.hunk(id).map(|(f, _)| f),
            Cursor::Group(_) | Cursor::Fold(_) => None,
        }
    }

    /// True when the finding counts: default tier, made by the change.
    #[must_use]
    pub fn counts(finding: &Finding) -> bool {
        finding.tier == Tier::Default && finding.scope != Scope::Old
    }

    /// Counts over the whole change.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut p = Progress {
            fixed: self.fixed().len(),
            ..Progress::default()
        };
        p.findings = p.fixed;
        for finding in self.findings.iter().filter(|f| Self::counts(f)) {
            p.findings += 1;
            let standing = self.standing(finding);
            p.stale += usize::from(matches!(standing, Standing::Stale(_)));
            match standing.verdict() {
                Some(Verdict::Rejected) => p.rejected += 1,
                Some(_) => p.approved += 1,
                None => {
                    p.open += 1;
                    p.open_at_threshold += usize::from(finding.severity >= self.policy.threshold);
                }
            }
        }
        for (_, hunk) in self.hunks() {
            p.hunks += 1;
            p.seen += usize::from(self.ledger.seen(&hunk.id));
        }
        p
    }

    /// The finding as a journal entry names it. `None` when it is not of this review.
    #[must_use]
    pub fn subject(&self, fingerprint: &Fingerprint) -> Option<Subject> {
        let finding = self.finding(fingerprint)?;
        Some(Subject {
            fingerprint: fingerprint.clone(),
            code: self.codes.get(fingerprint)?.clone(),
            rule: finding.rule.clone(),
            severity: finding.severity,
            title: finding.title.clone(),
            path: finding.place.path.lossy().into_owned(),
            line: finding.place.start.line,
            within: finding.place.within.clone(),
            commit: finding.commit.clone(),
        })
    }
}
