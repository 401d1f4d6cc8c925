//! Rules as a product: a rule file to begin with, pages for every rule, the words of a person who looks one up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    path::Path,
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
