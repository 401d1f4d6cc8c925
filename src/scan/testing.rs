//! Analysing pieces of code in tests, with small models and one plain rule for each kind of sink.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::{
    change::RepoPath,
    lang::{Lang, STACK_BYTES, lower},
    scan::{
        compile::{Compiled, Regexes},
        engine::{Analysis, Budget, Candidate, analyse},
        model::ModelFile,
        rule::RuleFile,
    },
};
use std::sync::Arc;

const RULES: &str = r#"
sql = "sql-injection"
shell = "command-injection"
code = "code-injection"
path = "path-traversal"
url = "ssrf"
html = "xss"
size = "resource-exhaustion"
"#;

/// One rule for each kind of sink of the test models.
fn rules() -> Vec<Arc<RuleFile>> {
    let kinds: std::collections::BTreeMap<String, String> = toml::from_str(RULES).unwrap();
    let rule = |(kind, category): (&String, &String)| {
        let text = format!(
            r#"
schema = 1
id = "test/{category}"
category = "{category}"
title = "{category}"
severity = "high"
cwe = [1]
languages = ["python", "javascript", "typescript", "go", "rust", "c", "cpp", "csharp", "java", "kotlin"]
why = "-"
check = "-"
[[taint]]
sink = "{kind}"
message = "{{source}} reaches {{sink}}"
"#
        );
        Arc::new(toml::from_str::<RuleFile>(&text).unwrap())
    };
    kinds.iter().map(rule).collect()
}

fn compiled(models: &[&str], more: &[&str]) -> Compiled {
    let mut all = rules();
    all.extend(more.iter().map(|r| Arc::new(toml::from_str::<RuleFile>(r).unwrap())));
    let models: Vec<_> = models
        .iter()
        .map(|m| Arc::new(toml::from_str::<ModelFile>(m).unwrap()))
        .collect();
    Compiled::new(&all, &models, Regexes::Checked).unwrap_or_else(|e| panic!("{e:?}"))
}

fn on_stack<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
    worker.spawn(work).unwrap().join().unwrap()
}

/// The analysis of `code` in a file of that name.
pub fn analysis_of(path: &str, code: &str, models: &[&'static str], more: &[&'static str], budget: Budget) -> Analysis {
    let (path, code) = (path.to_owned(), code.to_owned());
    let (models, more) = (models.to_vec(), more.to_vec());
    on_stack(move || {
        let rules = compiled(&models, &more);
        let lang = Lang::of(path.as_bytes(), b"").unwrap();
        let facts = lower(lang, code.as_bytes()).unwrap();
        analyse(&facts, code.as_bytes(), &RepoPath::new(path.as_bytes()), &rules, budget)
    })
}

/// Models for Python.
pub const PYTHON: &str = include_str!("testing/python.toml");

/// What is found in Python code.
pub fn python(code: &str) -> Vec<Candidate> {
    analysis_of("src/app.py", code, &[PYTHON], &[], Budget::default()).candidates
}

/// Checks that exactly the marked lines are found.
pub fn check(code: &str) {
    check_lines("src/app.py", code, &[PYTHON]);
}

/// The same for a file of that name.
pub fn check_lines(path: &str, code: &str, models: &[&'static str]) {
    let found = analysis_of(path, code, models, &[], Budget::default()).candidates;
    let mut seen: Vec<u32> = found.iter().map(|c| c.finding.place.start.line).collect();
    seen.dedup();
    let wanted: Vec<u32> = (1..)
        .zip(code.lines())
        .filter(|(_, l)| l.ends_with("# hit") || l.ends_with("// hit"))
        .map(|(n, _)| n)
        .collect();
    let show = |lines: &[u32]| {
        let all: Vec<&str> = code.lines().collect();
        lines
            .iter()
            .map(|n| format!("{n}: {}", all[*n as usize - 1]))
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    let missing: Vec<u32> = wanted.iter().copied().filter(|n| !seen.contains(n)).collect();
    let wrong: Vec<u32> = seen.iter().copied().filter(|n| !wanted.contains(n)).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "missing:\n  {}\nwrong:\n  {}",
        show(&missing),
        show(&wrong)
    );
}

/// Python code with the usual imports before it.
pub fn flask(code: &str) -> String {
    format!(
        "import os, re, html, shlex, sqlite3, subprocess, requests, sys\nfrom flask import request, abort\nconn = sqlite3.connect('x')\n{code}"
    )
}
