//! Is a commit countersigned? Every trailer and every note is a claim; this is where claims are checked.
//!
//! A commit is *verified* when a record exists whose digest holds, made by a person who may, for exactly this change, in which all that is
//! found **now** is decided and nothing that still stands was rejected, and every hunk was seen. A record proves what was written, not that a
//! person read: whoever can write notes can write one that is consistent. Signatures bind it to a key; policy may demand them.

use super::{
    error::Result,
    evidence::{Archive, Evidence, Fault},
    full::{Conclusion, RecordedFinding, Reviewed},
    journal::Journal,
    printable,
    repo::Repo,
    signature_check::{self, SignatureState},
    wording::Keys,
};
use crate::{
    change::{Commit, Identity},
    config::Policy,
    review::Verdict,
    scan::{Finding, Fingerprint, Severity},
};
use std::collections::BTreeMap;

/// What is demanded.
pub struct Demands<'a> {
    /// Findings at or above must be decided.
    pub threshold: Severity,
    /// The **base** revision's policy: who may countersign.
    pub policy: &'a Policy,
    /// The commit that carries the trailers must be signed by the reviewer.
    pub signature: bool,
    /// The trailers' keys.
    pub keys: &'a Keys,
    /// Tells whether an identity is an agent's.
    pub is_agent: &'a dyn Fn(&Identity) -> bool,
}

/// A commit with what is found in it now.
#[derive(Clone, Debug)]
pub struct CommitNow<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// Findings that count, by today's rules.
    pub findings: Vec<FindingNow>,
}

/// A finding, as far as verification needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingNow {
    /// Identity.
    pub fingerprint: Fingerprint,
    /// How bad.
    pub severity: Severity,
    /// For the sentence: title and place, printable.
    pub what: String,
}

impl From<&Finding> for FindingNow {
    fn from(finding: &Finding) -> Self {
        let place = printable::path(&finding.place.path.lossy());
        Self {
            fingerprint: finding.fingerprint.clone(),
            severity: finding.severity,
            what: format!(
                "{}, {place}:{}",
                printable::line(&finding.title, 80),
                finding.place.start.line
            ),
        }
    }
}

/// Where a commit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Countersigned.
    Verified,
    /// Reviewed, but something is rejected, undecided or unseen.
    Incomplete,
    /// Reviewed as something else: the change, or what is found in it, is not what it was.
    Stale,
    /// Reviewed by somebody who may not, or without the signature that is demanded.
    NotPermitted,
    /// A claim, or a record, does not hold against the other.
    Altered,
    /// A claim without a record.
    RecordMissing,
    /// Nothing speaks of a review.
    Unreviewed,
}

/// What came of checking one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Where it stands.
    pub standing: Standing,
    /// Who reviewed it, those whose word counts first.
    pub reviewers: Vec<Identity>,
    /// What is missing or does not hold; and remarks on what does. Sentences without a full stop.
    pub why: Vec<String>,
}

/// Checks commits, given newest first. `still_there` tells whether a finding is still found at the head of the range: one that a later
/// commit removed is resolved by it.
///
/// # Errors
/// When the repository cannot be read.
pub fn verify(
    repo: &Repo,
    journal: Option<&Journal>,
    commits: &[CommitNow<'_>],
    demands: &Demands<'_>,
    still_there: &dyn Fn(&Fingerprint) -> bool,
) -> Result<Vec<Checked>> {
    let all: Vec<&Commit> = commits.iter().map(|c| c.commit).collect();
    let archive = Archive::read(repo, journal, &all, demands.keys)?;
    commits
        .iter()
        .map(|now| check(repo, &archive, now, demands, still_there))
        .collect()
}

fn check(
    repo: &Repo,
    archive: &Archive,
    now: &CommitNow<'_>,
    demands: &Demands<'_>,
    still_there: &dyn Fn(&Fingerprint) -> bool,
) -> Result<Checked> {
    let (evidence, faults) = archive.of(now.commit);
    let mut judged: Vec<Judgement> = Vec::new();
    for evidence in latest_of_each(evidence) {
        let signature = match (&evidence.carrier, demands.signature) {
            (Some(carrier), true) => signature_check::check(repo, carrier)?,
            _ => SignatureState::None,
        };
        judged.push(judge(
            &evidence,
            now,
            archive.patch(&now.commit.id),
            demands,
            &signature,
            still_there,
        ));
    }
    judged.sort_by_key(|j| j.standing);
    Ok(sum_up(judged, faults, archive.without_notes))
}

/// One person's word.
struct Judgement {
    standing: Standing,
    reviewer: Identity,
    why: Vec<String>,
    /// Something that still stands was rejected.
    refused: bool,
}

/// Each reviewer's latest word.
fn latest_of_each(evidence: Vec<Evidence>) -> Vec<Evidence> {
    let mut by_reviewer: BTreeMap<String, Evidence> = BTreeMap::new();
    for one in evidence {
        let key = one.record.reviewer.email.trim().to_lowercase();
        // A record made for this very commit goes before one found by the change alone.
        let rank = |e: &Evidence| (!e.by_change, moment(&e.record.time));
        match by_reviewer.get(&key) {
            // In the same moment, the one written later counts.
            Some(other) if rank(other) > rank(&one) => {}
            _ => {
                by_reviewer.insert(key, one);
            }
        }
    }
    by_reviewer.into_values().collect()
}

/// A record's time, comparable across zones; what cannot be read is oldest.
fn moment(time: &str) -> jiff::Timestamp {
    time.parse().unwrap_or(jiff::Timestamp::MIN)
}

/// One person's record against the commit as it is now.
fn judge(
    evidence: &Evidence,
    now: &CommitNow<'_>,
    patch: Option<&str>,
    demands: &Demands<'_>,
    signature: &SignatureState,
    still_there: &dyn Fn(&Fingerprint) -> bool,
) -> Judgement {
    let verdict = |standing, why| {
        let reviewer = evidence.record.reviewer.clone();
        Judgement {
            standing,
            reviewer,
            why,
            refused: false,
        }
    };
    let Some(reviewed) = evidence.reviewed() else {
        return verdict(Standing::Unreviewed, Vec::new());
    };
    if let Some(why) = objection(evidence, demands, signature) {
        return verdict(Standing::NotPermitted, vec![why]);
    }
    if Conclusion::of(&reviewed.findings, &reviewed.hunks, evidence.record.threshold) != reviewed.conclusion {
        return verdict(
            Standing::Altered,
            vec!["the record's verdict does not follow from its findings".into()],
        );
    }
    let same_change = match (&reviewed.patch, patch) {
        (Some(then), Some(now)) => then == now,
        _ => reviewed.tree == now.commit.tree,
    };
    if !same_change {
        return verdict(
            Standing::Stale,
            vec!["the change is not the one that was reviewed".into()],
        );
    }
    let left = Left::of(reviewed, now, demands.threshold, still_there);
    if !left.rejected.is_empty() {
        let why = [left.rejected, left.open].concat();
        return Judgement {
            refused: true,
            ..verdict(Standing::Incomplete, why)
        };
    }
    if !left.unknown.is_empty() {
        return verdict(Standing::Stale, left.unknown);
    }
    if !left.open.is_empty() {
        return verdict(Standing::Incomplete, left.open);
    }
    let moved = reviewed.tree != now.commit.tree;
    verdict(
        Standing::Verified,
        moved
            .then(|| "the same change was reviewed on another base".to_owned())
            .into_iter()
            .collect(),
    )
}

/// Why this record does not count.
fn objection(evidence: &Evidence, demands: &Demands<'_>, signature: &SignatureState) -> Option<String> {
    let record = &evidence.record;
    let who = printable::line(&format!("{} <{}>", record.reviewer.name, record.reviewer.email), 120);
    if (demands.is_agent)(&record.reviewer) {
        return Some(format!("{who} is an agent"));
    }
    if let Some(mark) = record.agent_markers.first() {
        return Some(format!(
            "it was recorded inside an agent ({})",
            printable::line(mark, 60)
        ));
    }
    if !record.terminal {
        return Some("it was recorded without a terminal".into());
    }
    if !demands.policy.permits(&record.reviewer.email) {
        return Some(format!("{who} may not countersign here"));
    }
    if !demands.signature || signature.is_of(&record.reviewer.email) {
        return None;
    }
    Some(match signature {
        SignatureState::None => format!("the commit that carries the trailers is not signed by {who}"),
        SignatureState::Good { .. } => format!("the signature is not that of {who}"),
        SignatureState::Bad(why) => format!("the signature does not hold: {why}"),
    })
}

/// What today's findings say against a record, in sentences.
#[derive(Default)]
struct Left {
    /// Found now, not in the record.
    unknown: Vec<String>,
    /// Rejected, and still there.
    rejected: Vec<String>,
    /// Undecided, unseen, or said to be fixed and still there.
    open: Vec<String>,
}

impl Left {
    fn of(
        reviewed: &Reviewed,
        now: &CommitNow<'_>,
        threshold: Severity,
        still_there: &dyn Fn(&Fingerprint) -> bool,
    ) -> Self {
        let mut left = Self::default();
        let verdict = |f: &RecordedFinding| f.decision.as_ref().map(|d| d.verdict);
        let recorded: BTreeMap<_, _> = reviewed.findings.iter().map(|f| (&f.fingerprint, verdict(f))).collect();
        for finding in now
            .findings
            .iter()
            .filter(|f| f.severity >= threshold && still_there(&f.fingerprint))
        {
            let what = &finding.what;
            match recorded.get(&finding.fingerprint) {
                None => left.unknown.push(format!("not in the record: {what}")),
                Some(None) => left.open.push(format!("undecided: {what}")),
                Some(Some(Verdict::Rejected)) => left.rejected.push(format!("rejected: {what}")),
                Some(Some(Verdict::Fixed)) => left.open.push(format!("recorded as fixed and still there: {what}")),
                Some(Some(Verdict::Approved(_))) => {}
            }
        }
        // What was rejected then stays so, even below the threshold or unknown to today's rules, unless it is gone.
        let counted = |f: &RecordedFinding| {
            now.findings
                .iter()
                .any(|n| n.fingerprint == f.fingerprint && n.severity >= threshold)
        };
        let rejected = reviewed
            .findings
            .iter()
            .filter(|f| verdict(f) == Some(Verdict::Rejected) && !counted(f));
        for finding in rejected.filter(|f| still_there(&f.fingerprint)) {
            let title = printable::line(&finding.title, 80);
            left.rejected.push(format!(
                "rejected: {title}, {}:{}",
                printable::path(&finding.path),
                finding.line
            ));
        }
        let unseen = reviewed.hunks.iter().filter(|h| !h.seen).count();
        if unseen > 0 {
            left.open
                .push(format!("{unseen} of {} hunks were not seen", reviewed.hunks.len()));
        }
        left
    }
}

/// The best word counts, unless somebody who may says that something must not stand.
fn sum_up(judged: Vec<Judgement>, faults: Vec<Fault>, without_notes: bool) -> Checked {
    let best = judged.iter().find(|j| j.refused).or(judged.first());
    let (mut standing, mut why) = best.map_or((Standing::Unreviewed, Vec::new()), |j| (j.standing, j.why.clone()));
    for fault in faults {
        let (altered, text) = match fault {
            Fault::Missing(text) => (None, text),
            // Anybody can add a line to a note; that takes nothing from a record that holds.
            Fault::Damaged(text) => (Some(false), text),
            // Somebody changed what the reviewer wrote into this very commit.
            Fault::Contradicted(text) => (Some(true), text),
        };
        standing = match (standing, altered) {
            (Standing::Unreviewed, None) => Standing::RecordMissing,
            (Standing::Unreviewed | Standing::RecordMissing, Some(_)) | (Standing::Verified, Some(true)) => {
                Standing::Altered
            }
            (other, _) => other,
        };
        why.push(text);
    }
    if standing == Standing::RecordMissing && without_notes {
        why.push("no notes are here at all: git fetch origin refs/notes/countersign:refs/notes/countersign".into());
    }
    let mut reviewers: Vec<Identity> = judged.into_iter().map(|j| j.reviewer).collect();
    reviewers.dedup();
    Checked {
        standing,
        reviewers,
        why,
    }
}
