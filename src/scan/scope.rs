//! Scope: what the change has to do with a finding. Both sides of a file are scanned by the same engine; a finding is the change's own
//! when its place or a step of its evidence lies on added lines and the old side does not have it, or when the change made it
//! real without touching it (a guard above it went away).

use super::{Argument, Finding, Place, Scope, Step, StepKind};
use crate::{
    change::{Change, FileChange, Line, LineKind, ObjectId, RepoPath},
    text::{LineIndex, Span, safe},
};
use std::{collections::HashSet, sync::Arc};

/// Most characters of a removed line that are quoted.
const LONGEST: usize = 80;

/// The lines of one file that the change added, with the commit that brought each, and those it took away.
#[derive(Default)]
pub struct Changed {
    /// 1-based line on the new side and index into [`Change::commits`], in order.
    added: Vec<(u32, Option<u16>)>,
    /// What was taken away, in order.
    removed: Vec<Removed>,
}

/// One line that was taken away.
#[derive(Clone)]
struct Removed {
    /// Where it was, on the old side.
    place: Place,
    /// 1-based line of the new side before which it stood.
    before: u32,
    code: String,
}

impl Changed {
    /// The lines of `file` that differ.
    #[must_use]
    pub fn of(file: &FileChange) -> Self {
        let lines = || file.hunks().iter().flat_map(|h| &h.lines);
        let added = lines().filter(|l| l.kind == LineKind::Added).map(|l| (l.new, l.commit));
        let old = file
            .old
            .as_ref()
            .and_then(|side| side.text.as_deref())
            .unwrap_or_default();
        let path = file.old_path.as_ref().unwrap_or(&file.path);
        let index = LineIndex::new(old);
        let mut removed = Vec::new();
        for hunk in file.hunks() {
            let mut before = hunk.new_start;
            for line in &hunk.lines {
                if line.kind == LineKind::Removed {
                    removed.extend(Removed::of(line, before, path, old, &index));
                } else {
                    before = line.new + 1;
                }
            }
        }
        Self {
            added: added.collect(),
            removed,
        }
    }

    /// The first added line that `place` lies on.
    fn first_in(&self, place: &Place) -> Option<(u32, Option<u16>)> {
        let last = place.end.line.max(place.start.line);
        let at = self.added.partition_point(|(line, _)| *line < place.start.line);
        self.added.get(at).copied().filter(|(line, _)| *line <= last)
    }

    /// The removed line that most probably kept the place harmless: the first of the nearest ones above it, else of those below.
    fn nearest(&self, place: &Place) -> Option<&Removed> {
        let at = self.removed.partition_point(|r| r.before <= place.start.line);
        let nearest = self.removed.get(at.saturating_sub(1))?;
        self.removed.iter().find(|r| r.before == nearest.before)
    }
}

impl Removed {
    /// `None` for lines without code.
    fn of(line: &Line, before: u32, path: &RepoPath, old: &[u8], index: &LineIndex) -> Option<Removed> {
        let text = line.span.of(old);
        let code = safe::visible(text.trim_ascii());
        if !text.iter().any(u8::is_ascii_alphanumeric) {
            return None;
        }
        let indent = text.len() - text.trim_ascii_start().len();
        let start = line.span.start as usize + indent;
        let span = Span::new(start, start + text.trim_ascii().len());
        Some(Removed {
            place: Place {
                path: path.clone(),
                old_side: true,
                span,
                start: index.pos(old, span.start),
                end: index.pos(old, span.end),
                within: None,
            },
            before,
            code: code.chars().take(LONGEST).collect(),
        })
    }
}

/// Gives every finding of the new side its scope and commit. `old` are the findings of the old side, `text` the new side.
pub fn attribute(findings: &mut [Finding], old: &[Finding], lines: &Changed, change: &Change, text: &[u8]) {
    let known: HashSet<_> = old.iter().map(|f| &f.fingerprint).collect();
    for finding in findings.iter_mut() {
        let touched = touched(finding, lines);
        finding.scope = match (touched.is_some(), known.contains(&finding.fingerprint)) {
            (_, false) => Scope::New,
            (true, true) => Scope::Touched,
            (false, true) => Scope::Old,
        };
        finding.commit = commit(touched.flatten(), change);
    }
    exchange(findings, &known, lines, text);
    for finding in findings.iter_mut() {
        let untouched = finding.scope == Scope::New && touched(finding, lines).is_none();
        if untouched || old.iter().any(|before| is_fed(finding, before)) {
            match brought(finding, lines, change) {
                Some(step) => fed(finding, &step),
                None => made_worse(finding, lines),
            }
        }
    }
}

/// True when the old side had the same code with a weaker case, and what makes the case comes from another file.
fn is_fed(finding: &Finding, before: &Finding) -> bool {
    let elsewhere = finding
        .steps
        .iter()
        .any(|s| s.place.path != finding.place.path && !s.place.old_side);
    let case = |f: &Finding| (f.tier, f.confidence);
    elsewhere && before.fingerprint == finding.fingerprint && case(finding) > case(before)
}

/// The first step of the evidence on a line that the change added, in this file or another.
fn brought(finding: &Finding, lines: &Changed, change: &Change) -> Option<Place> {
    let added = |place: &Place| {
        if place.path == finding.place.path {
            return lines.first_in(place).is_some();
        }
        let other = change.files.iter().find(|file| file.path == place.path);
        other.is_some_and(|file| Changed::of(file).first_in(place).is_some())
    };
    let mut places = finding.steps.iter().map(|s| &s.place).filter(|p| !p.old_side);
    places.find(|p| added(p)).cloned()
}

/// Code that was there before, to which the change brings outside values.
fn fed(finding: &mut Finding, step: &Place) {
    finding.scope = Scope::Worse;
    let path = safe::visible(step.path.bytes());
    finding.arguments.push(Argument {
        key: "made-worse",
        note: format!(
            "This code was there; the change brings the value to it, in {path}:{}.",
            step.start.line
        ),
        weight: 1,
    });
}

/// A finding on lines that the change did not touch and that was none before: the change took away what kept it harmless.
fn made_worse(finding: &mut Finding, lines: &Changed) {
    finding.scope = Scope::Worse;
    let note = match lines.nearest(&finding.place) {
        Some(removed) => {
            let code = &removed.code;
            finding.steps.push(Step {
                kind: StepKind::Removed,
                place: removed.place.clone(),
                note: format!("The change took this away: {code}"),
                code: None,
            });
            format!("This code was there and harmless; the change took away `{code}`.")
        }
        None => "This code was there and harmless before the change.".to_owned(),
    };
    finding.arguments.push(Argument {
        key: "made-worse",
        note,
        weight: 1,
    });
}

/// A copy has no line of its own, and yet the change made it: what its original has is new here.
pub fn brought_by_copy(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|f| f.scope == Scope::Old) {
        finding.scope = Scope::New;
    }
}

/// What the old side had and the new side has not.
#[must_use]
pub fn gone(old: Vec<Finding>, new: &[Finding]) -> Vec<Finding> {
    let left: HashSet<_> = new.iter().map(|f| &f.fingerprint).collect();
    old.into_iter().filter(|f| !left.contains(&f.fingerprint)).collect()
}

/// New findings that are gone from another file of the change were moved. Identities say nothing of the file, so they are the same.
pub fn recognise_moved(findings: &mut [Arc<Finding>], gone: &[Finding]) {
    let from: HashSet<_> = gone.iter().map(|f| &f.fingerprint).collect();
    for finding in findings.iter_mut() {
        if finding.scope == Scope::New && from.contains(&finding.fingerprint) {
            Arc::make_mut(finding).scope = Scope::Moved;
        }
    }
}

/// The commit of the first added line the finding touches: its place first, then its evidence, last step first.
fn touched(finding: &Finding, added: &Changed) -> Option<Option<u16>> {
    let steps = finding
        .steps
        .iter()
        .rev()
        .map(|s| &s.place)
        .filter(|p| p.path == finding.place.path);
    let mut places = [&finding.place].into_iter().chain(steps).filter(|p| !p.old_side);
    places.find_map(|p| added.first_in(p)).map(|(_, commit)| commit)
}

fn commit(index: Option<u16>, change: &Change) -> Option<ObjectId> {
    match (index, &change.commits[..]) {
        (Some(index), commits) => commits.get(index as usize).map(|c| c.id.clone()),
        (None, [only]) => Some(only.id.clone()),
        (None, _) => None,
    }
}

/// Equal code has equal fingerprints but for a number: when the change adds a copy above an old one, the old one gets the new
/// number. The copy on added lines is the change's, the other is not.
fn exchange(findings: &mut [Finding], known: &HashSet<&super::Fingerprint>, added: &Changed, text: &[u8]) {
    let index = LineIndex::new(text);
    let code = |f: &Finding| {
        let (first, last) = index.lines_of(f.place.span);
        let span = index
            .span(first)
            .unwrap_or_default()
            .to(index.span(last).unwrap_or_default());
        String::from_utf8_lossy(Span::of(span, text))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let untouched: Vec<usize> = (0..findings.len())
        .filter(|i| !known.contains(&findings[*i].fingerprint) && touched(&findings[*i], added).is_none())
        .collect();
    for i in untouched {
        let same = |f: &Finding| {
            f.scope == Scope::Touched && f.rule == findings[i].rule && f.place.within == findings[i].place.within
        };
        let Some(copy) = findings.iter().position(|f| same(f) && code(f) == code(&findings[i])) else {
            continue;
        };
        findings[copy].scope = Scope::New;
        findings[i].scope = Scope::Old;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        change::{RepoPath, Source},
        scan::{Confidence, Fingerprint, Severity, Tier},
    };

    const TEXT: &[u8] = b"a\nrun(x)\nb\nrun(x)\n";

    fn finding(fingerprint: &str, line: u32) -> Finding {
        let index = LineIndex::new(TEXT);
        let span = index.content(TEXT, line).unwrap();
        let place = Place {
            path: RepoPath::new("a.py"),
            old_side: false,
            span,
            start: index.pos(TEXT, span.start),
            end: index.pos(TEXT, span.end),
            within: None,
        };
        Finding {
            fingerprint: Fingerprint(fingerprint.into()),
            rule: "r".into(),
            category: "c".into(),
            cwe: vec![],
            severity: Severity::High,
            confidence: Confidence::High,
            tier: Tier::Default,
            title: String::new(),
            message: String::new(),
            place,
            steps: vec![],
            arguments: vec![],
            fix: None,
            scope: Scope::New,
            redact: vec![],
            also: vec![],
            commit: None,
        }
    }

    fn change() -> Change {
        Change::empty(Source::WorkTree)
    }

    fn scopes(added: &[u32], new: &[(&str, u32)], old: &[(&str, u32)]) -> Vec<Scope> {
        let mut findings: Vec<_> = new.iter().map(|(f, l)| finding(f, *l)).collect();
        let old: Vec<_> = old.iter().map(|(f, l)| finding(f, *l)).collect();
        let added = Changed {
            added: added.iter().map(|l| (*l, None)).collect(),
            ..Changed::default()
        };
        attribute(&mut findings, &old, &added, &change(), TEXT);
        findings.iter().map(|f| f.scope).collect()
    }

    #[test]
    fn what_the_old_side_has_is_old_or_touched_and_the_rest_is_new() {
        assert_eq!(scopes(&[2], &[("f", 2)], &[]), [Scope::New]);
        assert_eq!(scopes(&[2], &[("f", 2)], &[("f", 4)]), [Scope::Touched]);
        assert_eq!(scopes(&[1], &[("f", 2)], &[("f", 2)]), [Scope::Old]);
    }

    #[test]
    fn made_real_without_being_touched_is_worse() {
        assert_eq!(scopes(&[1], &[("f", 4)], &[]), [Scope::Worse]);
    }

    #[test]
    fn a_copy_added_above_does_not_make_the_old_one_new() {
        assert_eq!(
            scopes(&[2], &[("f0", 2), ("f1", 4)], &[("f0", 2)]),
            [Scope::New, Scope::Old]
        );
    }
}
