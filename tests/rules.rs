//! Rules as a product: a rule file to begin with, pages for every rule, the words of a person who looks one up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.current_dir(dir).env("HOME", dir).env("XDG_CONFIG_HOME", dir);
    command.arg("rules").args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_new_rule_is_complete_from_the_first_line() {
    let dir = TempDir::new().unwrap();
    for (id, language) in [
        ("mine/jwt", "python"),
        ("mine/xss", "csharp"),
        ("mine/code-injection", "bash"),
        ("files/over-exposure", "yaml"),
    ] {
        let made = run(dir.path(), &["new", id, "--language", language, "--into", "mine"]);
        assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    }
    let checked = run(dir.path(), &["check", "mine"]);
    assert!(
        said(&checked).contains("4 rules in mine: nothing wrong."),
        "{}",
        said(&checked)
    );
    let tested = run(dir.path(), &["test", "mine/", "--rules", "mine"]);
    assert_eq!(tested.status.code(), Some(0), "{}", said(&tested));
    assert!(
        said(&tested).contains("3 rules, 9 examples, 9 near misses: 0 failed."),
        "{}",
        said(&tested)
    );
}

#[test]
fn a_rule_is_never_written_over_and_bad_ids_are_explained() {
    let dir = TempDir::new().unwrap();
    assert_eq!(run(dir.path(), &["new", "mine/xss"]).status.code(), Some(0));
    let again = run(dir.path(), &["new", "mine/xss"]);
    assert_ne!(again.status.code(), Some(0));
    assert!(said(&again).contains("there already"), "{}", said(&again));
    for (id, hint) in [
        ("python", "language or topic and a category"),
        ("python/sql-injektion", "sql-injection"),
        ("../xss", "no language"),
        ("Py/xss", "no language"),
        ("python/sql-injection", "take a topic of your own"),
    ] {
        let output = run(dir.path(), &["new", id]);
        assert_ne!(output.status.code(), Some(0), "{id}");
        assert!(said(&output).contains(hint), "{id}: {}", said(&output));
    }
}

/// Every file below a folder, by its relative name.
fn files(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![dir.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(dir).unwrap().to_path_buf(), text);
            }
        }
    }
    found
}

#[test]
fn the_pages_say_what_the_rules_say() {
    let dir = TempDir::new().unwrap();
    let made = run(dir.path(), &["docs", "pages"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let (new, kept) = (
        files(&dir.path().join("pages")),
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")),
    );
    let differing: Vec<_> = new
        .iter()
        .filter(|(name, text)| kept.get(*name) != Some(*text))
        .map(|(n, _)| n)
        .collect();
    let gone: Vec<_> = kept.keys().filter(|name| !new.contains_key(*name)).collect();
    assert!(
        differing.is_empty() && gone.is_empty(),
        "run `countersign rules docs docs/rules`: not as the rules are: {differing:?}; no rule: {gone:?}"
    );
}
