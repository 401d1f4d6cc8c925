//! The plain commands as a script uses them: the real binary on real repositories.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output},
};
use support::repo::TestRepo;

fn run(repo: &TestRepo, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    repo.env(&mut command);
    command.current_dir(repo.path()).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(repo: &TestRepo, args: &[&str]) -> Value {
    let output = run(repo, args);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

/// A file whose line 3 hides an instruction, and whose line 5 runs a statement built from a request.
const BAD: &str = "import sqlite3\nfrom flask import request\n# quiet\u{E0073}\u{E006B}\u{E0069}\u{E0070}\ndef find():\n    return sqlite3.connect(\"x\").execute(f\"SELECT * FROM t WHERE a = '{request.args['a']}'\")\n";

fn with_bad_file() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("README", "hello\n").add().commit("first");
    repo.write("app.py", BAD);
    repo
}

fn rules_of(report: &Value) -> Vec<&str> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["rule"].as_str().unwrap())
        .collect()
}

#[test]
fn a_clean_tree_is_clean_and_says_what_was_looked_at() {
    let repo = TestRepo::new();
    repo.write("a.py", "x = 1\n").add().commit("first");
    repo.write("a.py", "x = 2\n");
    let output = run(&repo, &["scan"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "working tree: nothing found in 1 file examined.\n");
}

#[test]
fn findings_fail_at_the_asked_severity_and_no_other() {
    let repo = with_bad_file();
    assert_eq!(run(&repo, &["scan"]).status.code(), Some(1));
    assert_eq!(run(&repo, &["scan", "--fail-on", "high"]).status.code(), Some(1));
    assert_eq!(run(&repo, &["scan", "--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(run(&repo, &["scan", "--fail-on", "sometimes"]).status.code(), Some(2));
}

#[test]
fn json_is_one_versioned_document_and_json_lines_are_the_same_in_lines() {
    let repo = with_bad_file();
    let report = json(&repo, &["scan", "--format", "json"]);
    assert_eq!(report["version"], 1);
    assert_eq!(rules_of(&report), ["text/hidden-unicode", "python/sql-injection"]);
    let sql = &report["findings"][1];
    assert_eq!(
        (&sql["place"]["start"]["line"], &sql["scope"]),
        (&Value::from(5), &Value::from("new"))
    );
    assert_eq!(sql["steps"].as_array().unwrap().last().unwrap()["kind"], "sink");
    let lines = stdout(&run(&repo, &["scan", "--format", "jsonl"]));
    let kinds: Vec<String> = lines
        .lines()
        .map(|l| {
            serde_json::from_str::<Value>(l).unwrap()["type"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(kinds, ["start", "finding", "finding", "summary"]);
}

#[test]
fn sarif_is_valid_and_tells_rule_weakness_and_flow() {
    let repo = with_bad_file();
    repo.write("broken.py", "def f(:\n    import os; os.system(input())\n");
    let log = json(&repo, &["scan", "--format", "sarif"]);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sarif-schema-2.1.0.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|e| format!("{} at {}", e, e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let sql = rules.iter().find(|r| r["id"] == "python/sql-injection").unwrap();
    let tags: Vec<&str> = sql["properties"]["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t.as_str().unwrap())
        .collect();
    assert!(
        tags.contains(&"external/cwe/cwe-089") && tags.contains(&"sql-injection"),
        "{tags:?}"
    );
    let result = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["ruleId"] == "python/sql-injection")
        .unwrap();
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
    assert!(
        result["codeFlows"][0]["threadFlows"][0]["locations"]
            .as_array()
            .unwrap()
            .len()
            > 1
    );
    assert!(result["partialFingerprints"]["countersign/v1"].is_string());
    let notified = &run["invocations"][0]["toolExecutionNotifications"];
    assert!(
        notified
            .as_array()
            .unwrap()
            .iter()
            .any(|n| n["descriptor"]["id"] == "syntax"),
        "{notified}"
    );
}

#[test]
fn only_changed_lines_count_unless_asked_and_named_files_are_scanned_whole() {
    let repo = with_bad_file();
    repo.add().commit("second");
    repo.write("app.py", format!("{BAD}x = 1\n"));
    assert!(rules_of(&json(&repo, &["scan", "--format", "json"])).is_empty());
    let all = json(&repo, &["scan", "--format", "json", "--all-lines"]);
    assert_eq!(all["findings"][0]["scope"], "old");
    let whole = json(&repo, &["scan", "--format", "json", "app.py"]);
    assert_eq!(rules_of(&whole).len(), 2);
    let commit = json(&repo, &["scan", "--format", "json", "HEAD"]);
    assert_eq!(rules_of(&commit).len(), 2);
    assert_eq!(commit["findings"][0]["commit"].as_str(), Some(repo.head().trim()));
}

#[test]
fn bad_input_is_one_clear_sentence_and_exit_code_2() {
    let repo = with_bad_file();
    for args in [
        &["scan", "no-such-thing"][..],
        &["scan", "app.py", "missing.py"],
        &["rules", "show", "python/sql-injektion"],
    ] {
        let output = run(&repo, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = stderr(&output);
        assert!(said.starts_with("countersign: ") && said.lines().count() <= 2, "{said}");
        assert!(output.stdout.is_empty());
    }
    let said = stderr(&run(&repo, &["rules", "show", "python/sql-injektion"]));
    assert!(said.contains("Did you mean python/sql-injection?"), "{said}");
}

#[test]
fn outside_a_repository_it_says_so() {
    let repo = TestRepo::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    repo.env(&mut command);
    let output = command.current_dir(repo.around()).arg("scan").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("not inside a git repository"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_secret_is_never_printed() {
    let repo = TestRepo::new();
    let secret = ["7rQ9", "vanillaTundra", "x81Kq"].concat();
    repo.write(
        "settings.py",
        format!("DATABASE_URL = \"postgresql://shop:{secret}@db.internal:5432/shop\"\n"),
    );
    for format in ["text", "json", "jsonl", "sarif"] {
        let output = run(&repo, &["scan", "--format", format, "--evidence"]);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", stdout(&output));
        assert!(!stdout(&output).contains(&secret), "{format}: {}", stdout(&output));
    }
}

#[test]
fn no_byte_of_the_repository_reaches_the_terminal_as_a_control() {
    let repo = TestRepo::new();
    repo.write("a\x1b[31m.py", BAD.replace("quiet", "\x1b]0;owned\x07\x1b[2J"));
    let text = stdout(&run(&repo, &["scan", "--evidence"]));
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

#[test]
fn the_demo_is_a_repository_with_an_agents_work_in_it() {
    let repo = TestRepo::new();
    let dir = repo.around().join("demo");
    let output = run(&repo, &["demo", "--no-open", "--into", dir.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let log = repo.git_in(
        &dir,
        &[
            "log",
            "--format=%s|%(trailers:key=Co-Authored-By,valueonly,separator=%x2C)",
        ],
    );
    assert_eq!(
        log.lines().filter(|l| l.contains("noreply@anthropic.com")).count(),
        2,
        "{log}"
    );
    let found = run(&repo, &["-C", dir.to_str().unwrap(), "scan", "--format", "json"]);
    let report: Value = serde_json::from_slice(&found.stdout).unwrap();
    let mut categories: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["category"].as_str().unwrap())
        .collect();
    categories.sort_unstable();
    categories.dedup();
    let all = [
        "added-suppression",
        "auth-bypass",
        "command-injection",
        "hardcoded-secret",
        "hidden-unicode",
        "insecure-deserialization",
        "permissive-headers",
        "sql-injection",
    ];
    assert_eq!(categories, all);
    let again = run(&repo, &["demo", "--no-open", "--into", dir.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "a folder that is not empty is left alone");
}

#[test]
fn completions_and_the_manual_page_name_every_command() {
    let repo = TestRepo::new();
    for args in [
        &["completions", "bash"][..],
        &["completions", "fish"],
        &["man"],
        &["--help"],
    ] {
        let output = run(&repo, args);
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output).to_lowercase();
        for command in ["scan", "check", "log", "rules", "demo", "completions", "man"] {
            assert!(text.contains(command), "{args:?} does not name {command}");
        }
    }
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_asks_git_to_run_is_run() {
    let repo = with_bad_file();
    repo.add().commit("second");
    let mark = support::traps::set_traps(&repo);
    repo.write("app.py", BAD.replace("quiet", "loud"))
        .write("new.py", "x = 1\n");
    for args in [
        &["scan"][..],
        &["scan", "--staged"],
        &["scan", "HEAD"],
        &["scan", "HEAD~1..HEAD"],
        &["scan", "app.py"],
        &["check"],
        &["log"],
    ] {
        let output = run(&repo, args);
        assert_ne!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        let sprung = std::fs::read_to_string(&mark).unwrap_or_default();
        assert!(sprung.is_empty(), "{args:?} ran: {sprung}");
    }
    // The traps do work: git itself springs them.
    repo.git(&["status"]);
    assert!(mark.exists(), "the traps were not set right");
}

#[test]
fn names_and_messages_hide_nothing() {
    let repo = TestRepo::new();
    repo.write("a\u{202E}yp.x", "x\n")
        .add()
        .commit("Tidy up\u{E0073}\u{E006B}\u{E0069}\u{E0070}");
    let report = json(&repo, &["scan", "--format", "json", "HEAD"]);
    assert_eq!(rules_of(&report), ["text/hidden-unicode", "text/hidden-unicode"]);
    let paths: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["place"]["path"].as_str().unwrap())
        .collect();
    assert!(
        paths.contains(&"a\u{202E}yp.x") && paths.iter().any(|p| p.starts_with("commit ")),
        "{paths:?}"
    );
}

/// A handler that runs what it is told to, after a check.
const CHECKED: &str = "import subprocess\nfrom flask import request\n\ndef show():\n    name = request.args[\"name\"]\n    if not name.isalnum():\n        return \"no\"\n    return subprocess.run(\"id \" + name, shell=True)\n";

fn scopes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|f| f["scope"].as_str().unwrap()).collect()
}

#[test]
fn a_check_that_goes_makes_old_code_worse() {
    let repo = TestRepo::new();
    repo.write("app.py", CHECKED).add().commit("first");
    repo.write(
        "app.py",
        CHECKED.replace("    if not name.isalnum():\n        return \"no\"\n", ""),
    );
    let report = json(&repo, &["scan", "--format", "json"]);
    assert_eq!(rules_of(&report), ["python/command-injection"]);
    assert_eq!(scopes(&report), ["worse"]);
    let steps = report["findings"][0]["steps"].as_array().unwrap();
    let removed = steps.iter().find(|s| s["kind"] == "removed").unwrap();
    assert_eq!(
        (&removed["place"]["side"], &removed["place"]["start"]["line"]),
        (&"old".into(), &6.into())
    );
    let said = stdout(&run(&repo, &["scan", "--evidence"]));
    assert!(
        said.contains("made real by the change") && said.contains("if not name.isalnum():"),
        "{said}"
    );
}

#[test]
fn code_that_moves_takes_its_findings_along_and_what_goes_is_counted() {
    let repo = TestRepo::new();
    let worse = CHECKED.replace("    if not name.isalnum():\n        return \"no\"\n", "");
    repo.write("old.py", &worse).add().commit("first");
    repo.write("old.py", "import this\n");
    repo.write("new.py", &worse);
    let report = json(&repo, &["scan", "--format", "json"]);
    assert_eq!(
        (scopes(&report), &report["summary"]["gone"]),
        (vec!["moved"], &1.into())
    );
    repo.write("new.py", "import that\n");
    let report = json(&repo, &["scan", "--format", "json"]);
    assert_eq!((scopes(&report), &report["summary"]["gone"]), (vec![], &1.into()));
}
