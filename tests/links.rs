//! Values that go from one file into another, through the binary on real repositories: where a finding is told, whether the change is to be
//! blamed for it, and what another file disproves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use std::{fs, path::Path, process::Command};
use support::repo::TestRepo;

fn findings(repo: &TestRepo, args: &[&str]) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    repo.env(&mut command);
    let all = [&["scan", "--format", "json"], args].concat();
    let output = command.current_dir(repo.path()).args(all).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    report["findings"].as_array().unwrap().clone()
}

/// `path:line rule scope confidence` of each finding of a category.
fn told(findings: &[Value], category: &str) -> Vec<String> {
    let of = findings.iter().filter(|f| f["category"] == category);
    of.map(|f| {
        let place = &f["place"];
        let part = |value: &Value| value.as_str().unwrap().to_owned();
        format!(
            "{}:{} {} {}",
            part(&place["path"]),
            place["start"]["line"],
            part(&f["scope"]),
            part(&f["confidence"])
        )
    })
    .collect()
}

const STORE: &str = "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n\n\ndef find(name):\n    return db.execute(\"SELECT * FROM users WHERE name = '%s'\" % name).fetchone()\n\n\ndef number(text):\n    return int(text)\n";
const VIEWS: &str = "from flask import Flask, request\nfrom shop.store import find, number\n\napp = Flask(__name__)\n\n\n@app.route('/user')\ndef user():\n    return find(number(request.args['id']))\n";

fn shop() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("shop/__init__.py", "")
        .write("shop/store.py", STORE)
        .write("shop/views.py", VIEWS);
    repo.add().commit("A shop");
    repo
}

#[test]
fn what_ends_in_an_unchanged_file_is_told_where_the_change_hands_it_on() {
    let repo = shop();
    let more = format!("{VIEWS}\n\n@app.route('/name')\ndef by_name():\n    return find(request.args['name'])\n");
    repo.write("shop/views.py", &more);
    let found = findings(&repo, &[]);
    assert_eq!(
        told(&found, "sql-injection"),
        ["shop/views.py:14 new high"],
        "{found:#?}"
    );
    let sql = found.iter().find(|f| f["category"] == "sql-injection").unwrap();
    let steps: Vec<_> = sql["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["place"]["path"].as_str().unwrap())
        .collect();
    assert_eq!(steps.first(), Some(&"shop/views.py"));
    assert_eq!(steps.last(), Some(&"shop/store.py"));
    let sink = sql["steps"].as_array().unwrap().last().unwrap();
    let code = sink["code"].as_str().expect("the reader has no text of that file");
    assert!(code.contains("SELECT"), "{code}");
    assert!(sql["steps"][0]["code"].is_null(), "this file's text is there");
    assert!(sql["fix"].is_null(), "a file that is not under review is not edited");
}

#[test]
fn both_files_under_review_give_one_finding_at_the_sink_with_its_fix() {
    let repo = TestRepo::new();
    repo.write("README", "x").add().commit("first");
    repo.write("shop/__init__.py", "").write("shop/store.py", STORE);
    repo.write(
        "shop/views.py",
        VIEWS.replace("number(request.args['id'])", "request.args['id']"),
    );
    let found = findings(&repo, &[]);
    assert_eq!(
        told(&found, "sql-injection"),
        ["shop/store.py:7 new high"],
        "{found:#?}"
    );
    let sql = found.iter().find(|f| f["category"] == "sql-injection").unwrap();
    assert_eq!(sql["steps"][0]["place"]["path"], "shop/views.py");
    assert_eq!(sql["fix"]["quality"], "checked");
}

#[test]
fn a_function_of_another_file_that_makes_it_harmless_is_believed() {
    let repo = shop();
    repo.write("shop/views.py", VIEWS.replace("def user", "def account"));
    assert_eq!(told(&findings(&repo, &[]), "sql-injection"), Vec::<String>::new());
    // By itself the file would have to assume that `number` passes text on.
    repo.write(
        "shop/store.py",
        STORE.replace("    return int(text)", "    return text.strip()"),
    );
    let found = findings(&repo, &[]);
    assert_eq!(
        told(&found, "sql-injection"),
        ["shop/store.py:7 worse high"],
        "{found:#?}"
    );
}

#[test]
fn what_was_there_before_is_not_the_changes_fault() {
    let repo = shop();
    let bad = VIEWS.replace("number(request.args['id'])", "request.args['id']");
    repo.write("shop/views.py", &bad).add().commit("Text ids");
    repo.write("shop/views.py", format!("{bad}\n\ndef other():\n    return 1\n"));
    assert_eq!(told(&findings(&repo, &[]), "sql-injection"), Vec::<String>::new());
    let old = findings(&repo, &["--all-lines"]);
    assert_eq!(told(&old, "sql-injection"), ["shop/views.py:9 old high"], "{old:#?}");
}

#[test]
fn a_caller_that_now_feeds_an_old_sink_under_review_makes_it_worse() {
    let repo = shop();
    repo.write("shop/store.py", STORE.replace("shop.db", "store.db"));
    let more = format!("{VIEWS}\n\n@app.route('/name')\ndef by_name():\n    return find(request.args['name'])\n");
    repo.write("shop/views.py", &more);
    let found = findings(&repo, &[]);
    assert_eq!(
        told(&found, "sql-injection"),
        ["shop/store.py:7 worse high"],
        "{found:#?}"
    );
    let sql = found.iter().find(|f| f["category"] == "sql-injection").unwrap();
    let notes = sql["arguments"].as_array().unwrap().iter();
    assert!(
        notes
            .into_iter()
            .any(|a| a["note"].as_str().unwrap().contains("shop/views.py:14")),
        "{sql:#?}"
    );
}

/// A folder a language under `tests/links`, small programs of several files. `found.txt` says where outside values end and where they come from.
#[test]
fn every_language_follows_values_through_its_imports() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links");
    let mut languages: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    languages.sort();
    assert!(languages.len() >= 10, "{languages:?}");
    let mut wrong = Vec::new();
    for language in languages {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = command
            .current_dir(&language)
            .args(["scan", "--format", "json", "."])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = report["findings"].as_array().unwrap().iter();
        let at = |place: &Value| {
            let path = place["path"].as_str().unwrap();
            format!("{}:{}", path.trim_start_matches("./"), place["start"]["line"])
        };
        let line = |f: &Value| {
            format!(
                "{} {} from {}",
                at(&f["place"]),
                f["category"].as_str().unwrap(),
                at(&f["steps"][0]["place"])
            )
        };
        let found: String = all.map(|f| line(f) + "\n").collect();
        let file = language.join("found.txt");
        if std::env::var_os("UPDATE_LINKS").is_some() {
            fs::write(&file, &found).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\nexpected\n{expected}found\n{found}", language.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
