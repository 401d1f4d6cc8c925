//! A record in trailers: which lines, under which keys, in which words.
//!
//! Values come from enums, numbers, ids, and text reduced to one printable line; nothing a reviewed file says can begin a line of its own.

use super::{
    full::{Counts, Record, RecordedFinding},
    printable,
    trailers::Trailer,
};
use crate::change::ObjectId;
use serde::{Deserialize, Serialize};

pub use crate::config::Profile;

/// Characters of a trailer line, key included: what mail and forges show in full.
const LINE: usize = 200;

/// The keys. Reading uses the same ones, compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Keys {
    /// The agent.
    pub assisted_by: String,
    /// The person. Begins a group: what follows up to the next one is that person's.
    pub countersigned_by: String,
    /// The conclusion.
    pub verdict: String,
    /// One finding.
    pub finding: String,
    /// Counts.
    pub findings: String,
    /// Hunks seen.
    pub seen: String,
    /// The tree the reviewer saw.
    pub tree: String,
    /// Digest of the full record.
    pub record: String,
    /// A commit that a review commit speaks of.
    pub commit: String,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            assisted_by: "Assisted-by".into(),
            countersigned_by: "Countersigned-by".into(),
            verdict: "Countersign-Verdict".into(),
            finding: "Countersign-Finding".into(),
            findings: "Countersign-Findings".into(),
            seen: "Countersign-Seen".into(),
            tree: "Countersign-Tree".into(),
            record: "Countersign-Record".into(),
            commit: "Countersign-Commit".into(),
        }
    }
}

impl Keys {
    /// True for a key of ours that belongs to a person's group (not the agent's line).
    #[must_use]
    pub fn is_ours(&self, key: &str) -> bool {
        [
            &self.countersigned_by,
            &self.verdict,
            &self.finding,
            &self.findings,
            &self.seen,
            &self.tree,
            &self.record,
            &self.commit,
        ]
        .iter()
        .any(|k| k.eq_ignore_ascii_case(key))
    }
}

/// The setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wording {
    /// How much.
    pub profile: Profile,
    /// Findings named one by one; the rest are one line of counts.
    pub limit: usize,
    /// Under which keys.
    pub keys: Keys,
}

impl Default for Wording {
    fn default() -> Self {
        Self {
            profile: Profile::Full,
            limit: 20,
            keys: Keys::default(),
        }
    }
}

/// The trailers for `record` on a commit with `tree`. `covers` are the commits that a review commit speaks of, empty otherwise.
#[must_use]
pub fn trailers(
    record: &Record,
    digest: &str,
    tree: &ObjectId,
    covers: &[ObjectId],
    wording: &Wording,
) -> Vec<Trailer> {
    let keys = &wording.keys;
    let mut agents: Vec<&str> = record
        .reviewed
        .iter()
        .flat_map(|r| &r.assisted_by)
        .map(String::as_str)
        .collect();
    agents.sort_unstable();
    agents.dedup();
    match wording.profile {
        Profile::NotesOnly => return Vec::new(),
        Profile::Kernel => {
            // `AGENT_NAME:MODEL_VERSION [TOOL]`: the grammar has no spaces in names and needs both halves.
            let grammar = |agent: &str| {
                let (name, model) = agent.split_once(':')?;
                Some(format!(
                    "{}:{} countersign",
                    name.trim().replace(' ', "-"),
                    model.trim().replace(' ', "-")
                ))
            };
            return agents
                .into_iter()
                .filter_map(grammar)
                .map(|a| trailer(&keys.assisted_by, &a))
                .collect();
        }
        Profile::Full | Profile::Summary => {}
    }
    let mut out: Vec<Trailer> = agents.into_iter().map(|a| trailer(&keys.assisted_by, a)).collect();
    let reviewer = format!("{} <{}>", record.reviewer.name, record.reviewer.email);
    out.push(trailer(&keys.countersigned_by, &reviewer));
    out.extend(covers.iter().map(|c| trailer(&keys.commit, &c.0)));
    out.push(trailer(&keys.verdict, &record.conclusion().to_string()));
    let decided: Vec<_> = record.findings().into_iter().filter(|f| f.decision.is_some()).collect();
    let counts = record.counts();
    if wording.profile == Profile::Full {
        out.extend(
            decided
                .iter()
                .take(wording.limit)
                .map(|f| trailer(&keys.finding, &finding(f))),
        );
        if let Some(rest) = decided.get(wording.limit..).filter(|rest| !rest.is_empty()) {
            let text = format!("{} more {}", rest.len(), tally(&Counts::of(rest.iter().copied(), [])));
            out.push(trailer(&keys.findings, &text));
        }
    } else if counts.findings() > 0 {
        out.push(trailer(
            &keys.findings,
            &format!("total={} {}", counts.findings(), tally(&counts)),
        ));
    }
    out.push(trailer(&keys.seen, &format!("{}/{}", counts.seen, counts.hunks)));
    out.push(trailer(&keys.tree, &tree.0));
    out.push(trailer(&keys.record, digest));
    out
}

/// `approved(accepted-risk) python/ssrf app/fetch.py:31 #3f9c1a2b; internal hosts only`
fn finding(finding: &RecordedFinding) -> String {
    let Some(decision) = &finding.decision else {
        return String::new();
    };
    let place = printable::path(&finding.path);
    let rule = printable::line(&finding.rule, 60);
    let mut text = format!(
        "{} {rule} {place}:{} #{}",
        decision.verdict,
        finding.line,
        finding.fingerprint.short()
    );
    if let Some(note) = decision.note.as_deref().filter(|n| !n.trim().is_empty()) {
        text.push_str("; ");
        text.push_str(note);
    }
    text
}

fn tally(counts: &Counts) -> String {
    format!(
        "approved={} fixed={} rejected={} undecided={}",
        counts.approved, counts.fixed, counts.rejected, counts.undecided
    )
}

fn trailer(key: &str, value: &str) -> Trailer {
    let room = LINE.saturating_sub(key.chars().count() + 2);
    Trailer::new(key, printable::line(value, room))
}

/// How a verdict reads in a sentence: `2 approved, 1 fixed`. Empty counts are left out.
#[must_use]
pub fn in_words(counts: &Counts) -> String {
    let parts = [
        (counts.approved, "approved"),
        (counts.fixed, "fixed"),
        (counts.rejected, "rejected"),
        (counts.undecided, "undecided"),
    ];
    let words: Vec<_> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::{
        change::Identity,
        record::full::{Conclusion, RecordedDecision, RecordedHunk, Reviewed, SCHEMA},
        review::{Reason, Verdict},
        scan::{Fingerprint, Severity},
    };

    fn found(n: usize, severity: Severity, verdict: Option<Verdict>, note: &str) -> RecordedFinding {
        RecordedFinding {
            fingerprint: Fingerprint(format!("{n:08x}aaaaaaaaaaaaaaaaaaaaaaaa").into()),
            rule: "python/ssrf".into(),
            severity,
            confidence: None,
            title: "t".into(),
            path: "app/fetch.py".into(),
            line: 31,
            decision: verdict.map(|verdict| RecordedDecision {
                verdict,
                note: Some(note.to_owned()).filter(|n| !n.is_empty()),
                code: "c".into(),
                at: "t".into(),
                by: "Ada".into(),
                batch: 1,
            }),
        }
    }

    fn record(findings: Vec<RecordedFinding>) -> Record {
        let hunks = vec![RecordedHunk {
            path: "p".into(),
            id: crate::change::HunkId("h".into()),
            seen: true,
        }];
        Record {
            schema: SCHEMA,
            time: "t".into(),
            tool: "countersign 0".into(),
            rules: "r".into(),
            threshold: Severity::Low,
            reviewer: Identity {
                name: "Ada\nEvil-Key: x".into(),
                email: "ada@example.com".into(),
            },
            agent_markers: vec![],
            terminal: true,
            reviewed: vec![Reviewed {
                commit: None,
                tree: ObjectId("4b825dc642cb6eb9a060e54bf8d69288fbee4904".into()),
                patch: None,
                conclusion: Conclusion::of(&findings, &hunks, Severity::Low),
                findings,
                hunks,
                not_examined: vec![],
                assisted_by: vec!["Claude Code:claude-opus-4-6".into()],
            }],
        }
    }

    fn written(record: &Record, profile: Profile) -> Vec<String> {
        let wording = Wording {
            profile,
            limit: 3,
            ..Wording::default()
        };
        let tree = record.reviewed[0].tree.clone();
        trailers(record, "sha256:00", &tree, &[], &wording)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_full_profile_names_findings_most_severe_first() {
        let findings = vec![
            found(1, Severity::Low, Some(Verdict::Fixed), ""),
            found(
                2,
                Severity::High,
                Some(Verdict::Approved(Reason::AcceptedRisk)),
                "internal\nhosts only",
            ),
        ];
        assert_eq!(
            written(&record(findings), Profile::Full),
            [
                "Assisted-by: Claude Code:claude-opus-4-6",
                "Countersigned-by: Ada Evil-Key: x <ada@example.com>",
                "Countersign-Verdict: approved",
                "Countersign-Finding: approved(accepted-risk) python/ssrf app/fetch.py:31 #00000002; internal hosts only",
                "Countersign-Finding: fixed python/ssrf app/fetch.py:31 #00000001",
                "Countersign-Seen: 1/1",
                "Countersign-Tree: 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
                "Countersign-Record: sha256:00",
            ]
        );
    }

    #[test]
    fn past_the_limit_there_are_counts_and_no_line_is_long() {
        let note = "very ".repeat(100);
        let mut findings: Vec<_> = (0..5)
            .map(|n| found(n, Severity::High, Some(Verdict::Rejected), &note))
            .collect();
        findings.push(found(9, Severity::Low, None, ""));
        let lines = written(&record(findings), Profile::Full);
        assert!(
            lines.contains(&"Countersign-Findings: 2 more approved=0 fixed=0 rejected=2 undecided=0".into()),
            "{lines:#?}"
        );
        assert!(lines.contains(&"Countersign-Verdict: rejected".into()));
        assert!(lines.iter().all(|l| l.chars().count() <= 200));
        assert_eq!(
            lines.iter().filter(|l| l.starts_with("Countersign-Finding:")).count(),
            3
        );
    }

    #[test]
    fn profiles_write_what_they_say() {
        let record = record(vec![found(1, Severity::Low, None, "")]);
        assert_eq!(written(&record, Profile::NotesOnly), [""; 0]);
        assert_eq!(
            written(&record, Profile::Kernel),
            ["Assisted-by: Claude-Code:claude-opus-4-6 countersign"]
        );
        let summary = written(&record, Profile::Summary);
        assert!(summary.contains(&"Countersign-Findings: total=1 approved=0 fixed=0 rejected=0 undecided=1".into()));
        assert!(summary.contains(&"Countersign-Verdict: partial".into()));
    }
}
