//! The ledger: what the journal adds up to. Decisions, notes and seen hunks by identity, with undo and redo.
//!
//! Knows nothing of what is on screen; a ledger is the same whatever change is loaded.

use super::{Decision, Entry, Stamped, Standing, Subject};
use crate::{
    change::{HunkId, ObjectId},
    review::{CodeId, Verdict},
    scan::{Finding, Fingerprint},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What was decided, noted and seen.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    decided: HashMap<Fingerprint, Settled>,
    notes: HashMap<Fingerprint, String>,
    seen: HashSet<HunkId>,
    done: Vec<Step>,
    undone: Vec<Step>,
}

/// A decision with what it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// About what.
    pub subject: Subject,
    /// The decision.
    pub decision: Decision,
    /// Where the change under review started.
    pub base: Option<ObjectId>,
}

/// One entry and what it replaced, so that it can be taken back.
#[derive(Clone, Debug)]
struct Step {
    stamped: Stamped,
    before: Before,
}

#[derive(Clone, Debug, Default)]
struct Before {
    decided: Vec<(Fingerprint, Option<Settled>)>,
    note: Option<(Fingerprint, Option<String>)>,
    seen: Vec<(HunkId, bool)>,
}

impl Ledger {
    /// Takes in one entry from the journal.
    pub fn apply(&mut self, stamped: &Stamped) {
        match &stamped.entry {
            Entry::Undo => self.undo(),
            Entry::Redo => self.redo(),
            // What was seen in passing is no step to be taken back: undo after a decision must undo the decision.
            Entry::Seen { passing: true, .. } => {
                self.perform(stamped);
            }
            Entry::Recorded { .. } => {
                self.done.clear();
                self.undone.clear();
            }
            _ => {
                self.undone.clear();
                let before = self.perform(stamped);
                self.done.push(Step {
                    stamped: stamped.clone(),
                    before,
                });
            }
        }
    }

    /// The entry that undo would take back.
    #[must_use]
    pub fn undoable(&self) -> Option<&Entry> {
        self.done.last().map(|s| &s.stamped.entry)
    }

    /// The entry that redo would do again.
    #[must_use]
    pub fn redoable(&self) -> Option<&Entry> {
        self.undone.last().map(|s| &s.stamped.entry)
    }

    /// True when the hunk was seen.
    #[must_use]
    pub fn seen(&self, hunk: &HunkId) -> bool {
        self.seen.contains(hunk)
    }

    /// The note on a finding.
    #[must_use]
    pub fn note(&self, fingerprint: &Fingerprint) -> Option<&str> {
        self.notes.get(fingerprint).map(String::as_str)
    }

    /// The decision on a finding by its identity, whatever its code is now.
    #[must_use]
    pub fn settled(&self, fingerprint: &Fingerprint) -> Option<&Settled> {
        self.decided.get(fingerprint)
    }

    /// Fixes applied in a review that started from `base`, in a stable order.
    #[must_use]
    pub fn fixed_since(&self, base: Option<&ObjectId>) -> Vec<&Settled> {
        let of_base = |s: &&Settled| s.decision.verdict == Verdict::Fixed && s.base.as_ref() == base;
        let mut fixed: Vec<_> = self.decided.values().filter(of_base).collect();
        fixed.sort_by(|a, b| (&a.subject.path, a.subject.line).cmp(&(&b.subject.path, b.subject.line)));
        fixed
    }

    /// Where a finding stands whose code now has the digest `code`. A fix that did not make the finding go away is stale too,
    /// unless `fix_stands`. `ancestor` is the identity it had before its code was edited, when that is known.
    #[must_use]
    pub fn standing(
        &self,
        finding: &Finding,
        code: &CodeId,
        ancestor: Option<&Fingerprint>,
        fix_stands: bool,
    ) -> Standing {
        if let Some(settled) = self.decided.get(&finding.fingerprint) {
            let decision = settled.decision.clone();
            let holds = decision.code == *code && (decision.verdict != Verdict::Fixed || fix_stands);
            return if holds {
                Standing::Decided(decision)
            } else {
                Standing::Stale(decision)
            };
        }
        match ancestor.and_then(|a| self.decided.get(a)) {
            Some(settled) => Standing::Stale(settled.decision.clone()),
            None => Standing::Open,
        }
    }

    /// Which undecided finding each decision that lost its finding was made on: the nearest one of the same rule, file and
    /// definition. Keys are identities of `findings`, values the identities they had. A fix is no ancestor: what it fixed is gone.
    #[must_use]
    pub fn ancestors(&self, findings: &[Arc<Finding>]) -> HashMap<Fingerprint, Fingerprint> {
        let present: HashSet<&Fingerprint> = findings.iter().map(|f| &f.fingerprint).collect();
        let lost = |s: &&Settled| s.decision.verdict != Verdict::Fixed && !present.contains(&s.subject.fingerprint);
        let mut orphans: Vec<&Settled> = self.decided.values().filter(lost).collect();
        orphans.sort_by(|a, b| a.subject.fingerprint.cmp(&b.subject.fingerprint));
        let mut ancestors = HashMap::new();
        for orphan in orphans {
            let subject = &orphan.subject;
            let same = |f: &&Arc<Finding>| {
                f.rule == subject.rule && f.place.path.lossy() == subject.path && f.place.within == subject.within
            };
            let nearest = findings
                .iter()
                .filter(|f| !self.decided.contains_key(&f.fingerprint) && !ancestors.contains_key(&f.fingerprint))
                .filter(same)
                .min_by_key(|f| f.place.start.line.abs_diff(subject.line));
            if let Some(finding) = nearest {
                ancestors.insert(finding.fingerprint.clone(), subject.fingerprint.clone());
            }
        }
        ancestors
    }

    fn perform(&mut self, stamped: &Stamped) -> Before {
        let mut before = Before::default();
        match &stamped.entry {
            Entry::Decide {
                subjects,
                verdict,
                note,
                base,
            } => {
                for subject in subjects {
                    let decision = Decision {
                        verdict: *verdict,
                        note: note.clone(),
                        code: subject.code.clone(),
                        at: stamped.at.clone(),
                        by: stamped.by.clone(),
                        batch: subjects.len() as u32,
                    };
                    let settled = Settled {
                        subject: subject.clone(),
                        decision,
                        base: base.clone(),
                    };
                    let old = self.decided.insert(subject.fingerprint.clone(), settled);
                    before.decided.push((subject.fingerprint.clone(), old));
                }
            }
            Entry::Withdraw { subjects } => {
                for subject in subjects {
                    let old = self.decided.remove(&subject.fingerprint);
                    before.decided.push((subject.fingerprint.clone(), old));
                }
            }
            Entry::Note { subject, text } => {
                let key = subject.fingerprint.clone();
                let old = if text.is_empty() {
                    self.notes.remove(&key)
                } else {
                    self.notes.insert(key.clone(), text.clone())
                };
                before.note = Some((key, old));
            }
            Entry::Seen { hunks, seen, .. } => {
                for hunk in hunks {
                    before.seen.push((hunk.clone(), self.seen.contains(hunk)));
                    self.mark(hunk, *seen);
                }
            }
            Entry::Undo | Entry::Redo | Entry::Recorded { .. } => {}
        }
        before
    }

    fn undo(&mut self) {
        let Some(step) = self.done.pop() else { return };
        // Backwards: an entry may name the same finding twice.
        for (fingerprint, old) in step.before.decided.iter().rev() {
            match old {
                Some(old) => self.decided.insert(fingerprint.clone(), old.clone()),
                None => self.decided.remove(fingerprint),
            };
        }
        if let Some((fingerprint, old)) = &step.before.note {
            match old {
                Some(old) => self.notes.insert(fingerprint.clone(), old.clone()),
                None => self.notes.remove(fingerprint),
            };
        }
        for (hunk, was) in step.before.seen.iter().rev() {
            self.mark(hunk, *was);
        }
        self.undone.push(step);
    }

    fn redo(&mut self) {
        let Some(mut step) = self.undone.pop() else { return };
        step.before = self.perform(&step.stamped);
        self.done.push(step);
    }

    fn mark(&mut self, hunk: &HunkId, seen: bool) {
        if seen {
            self.seen.insert(hunk.clone());
        } else {
            self.seen.remove(hunk);
        }
    }
}
