//! Scope: what the change has to do with a finding. Both sides of a file are scanned by the same engine; a finding is the change's own
//! when its place or a step of its evidence lies on added lines and the old side does not have it, or when the change made it
//! real without touching it (a guard above it went away).

use super::{Finding, Place, Scope};
use crate::{
    change::{Change, FileChange, LineKind, ObjectId},
    text::{LineIndex, Span},
};
use std::collections::HashSet;

/// The lines of one file that the change added, with the commit that brought each.
pub struct Added {
    /// 1-based line on the new side and index into [`Change::commits`], in order.
    lines: Vec<(u32, Option<u16>)>,
}

impl Added {
    /// The added lines of `file`.
    #[must_use]
    pub fn of(file: &FileChange) -> Self {
        let lines = file.hunks().iter().flat_map(|h| &h.lines);
        Self {
            lines: lines
                .filter(|l| l.kind == LineKind::Added)
                .map(|l| (l.new, l.commit))
                .collect(),
        }
    }

    /// The first added line that `place` lies on.
    fn first_in(&self, place: &Place) -> Option<(u32, Option<u16>)> {
        let last = place.end.line.max(place.start.line);
        let at = self.lines.partition_point(|(line, _)| *line < place.start.line);
        self.lines.get(at).copied().filter(|(line, _)| *line <= last)
    }
}

/// Gives every finding of the new side its scope and commit. `old` are the findings of the old side, `text` the new side.
pub fn attribute(findings: &mut [Finding], old: &[Finding], added: &Added, change: &Change, text: &[u8]) {
    let known: HashSet<_> = old.iter().map(|f| &f.fingerprint).collect();
    for finding in findings.iter_mut() {
        let touched = touched(finding, added);
        finding.scope = match (touched.is_some(), known.contains(&finding.fingerprint)) {
            (_, false) => Scope::New,
            (true, true) => Scope::Touched,
            (false, true) => Scope::Old,
        };
        finding.commit = commit(touched.flatten(), change);
    }
    exchange(findings, &known, added, text);
}

/// The commit of the first added line the finding touches: its place first, then its evidence, last step first.
fn touched(finding: &Finding, added: &Added) -> Option<Option<u16>> {
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
fn exchange(findings: &mut [Finding], known: &HashSet<&super::Fingerprint>, added: &Added, text: &[u8]) {
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
        let added = Added {
            lines: added.iter().map(|l| (*l, None)).collect(),
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
    fn made_real_without_being_touched_is_new() {
        assert_eq!(scopes(&[1], &[("f", 4)], &[]), [Scope::New]);
    }

    #[test]
    fn a_copy_added_above_does_not_make_the_old_one_new() {
        assert_eq!(
            scopes(&[2], &[("f0", 2), ("f1", 4)], &[("f0", 2)]),
            [Scope::New, Scope::Old]
        );
    }
}
