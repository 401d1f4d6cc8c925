//! Findings over real published packages, read by a person and labelled (`labels/*.toml`): what a rule must have shown before it speaks without
//! being asked. Precision is measured over what is labelled true or false; what nobody could decide counts for neither.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde::Deserialize;
use std::{collections::BTreeMap, fs, path::Path};

/// Least share of true findings among the decided ones, over all rules of a language. A ratchet: to be raised as rules are mended, never
/// lowered for a rule.
const LEAST_OF_ALL: f64 = 0.45;

/// Rules that speak without being asked in spite of their labels, and why.
const STANDING: &str = "standing.toml";
/// Decided labels from which a rule is judged.
const ENOUGH: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    package: Vec<Package>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    name: String,
    version: String,
    #[allow(dead_code, reason = "for the reader: where the package was published")]
    source: String,
    #[serde(default)]
    finding: Vec<Labelled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    rule: String,
    file: String,
    line: u32,
    verdict: Verdict,
    /// The scanner says it no longer (`labels/again.py --write`): it counts for no rule.
    #[serde(default)]
    gone: bool,
    why: String,
}

/// `labels/standing.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Standing {
    rule: Vec<Stands>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stands {
    id: String,
    why: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    True,
    False,
    Unsure,
}

fn all() -> BTreeMap<String, Labels> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels");
    let files = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    files
        .filter(|p| p.extension().is_some_and(|e| e == "toml") && !p.ends_with(STANDING))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let labels = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), labels)
        })
        .collect()
}

#[test]
fn every_label_says_what_and_why() {
    for (language, labels) in all() {
        for package in &labels.package {
            assert!(!package.name.is_empty() && !package.version.is_empty(), "{language}");
            for finding in &package.finding {
                let place = format!("{language}: {} {}:{}", package.name, finding.file, finding.line);
                assert!(
                    finding.line > 0 && finding.why.len() > 5 && finding.rule.contains('/'),
                    "{place}"
                );
                assert!(!finding.file.starts_with('/'), "{place}");
            }
        }
    }
}

#[test]
fn what_is_shown_without_being_asked_is_more_often_right_than_wrong() {
    for (language, labels) in all() {
        let findings = || labels.package.iter().flat_map(|p| &p.finding).filter(|f| !f.gone);
        let count = |verdict| findings().filter(|f| f.verdict == verdict).count();
        let (right, wrong) = (count(Verdict::True), count(Verdict::False));
        if right + wrong < 10 {
            continue;
        }
        let precision = right as f64 / (right + wrong) as f64;
        assert!(precision >= LEAST_OF_ALL, "{language}: {right} right, {wrong} wrong");
    }
}

#[test]
fn a_rule_that_is_more_often_wrong_than_right_says_why_it_stands() {
    let mut decided: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, labels) in all() {
        for finding in labels.package.iter().flat_map(|p| &p.finding).filter(|f| !f.gone) {
            let counts = decided.entry(finding.rule.clone()).or_default();
            counts.0 += usize::from(finding.verdict == Verdict::True);
            counts.1 += usize::from(finding.verdict == Verdict::False);
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels").join(STANDING);
    let standing: Standing = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let judged = decided
        .iter()
        .filter(|(_, (right, wrong))| right + wrong >= ENOUGH && wrong > right);
    let wrong: Vec<&str> = judged.map(|(rule, _)| rule.as_str()).collect();
    let mut stands: Vec<&str> = standing.rule.iter().map(|r| r.id.as_str()).collect();
    stands.sort_unstable();
    assert_eq!(
        wrong, stands,
        "more often wrong than right, and those that labels/standing.toml excuses"
    );
    assert!(standing.rule.iter().all(|r| r.why.len() > 20));
}
