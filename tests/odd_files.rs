//! Files that are not as files should be: nothing crashes, nothing hangs, the flaw beside the oddity is found, and what was not examined is said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// A flaw that is found wherever the rest of the file allows.
const FLAW: &str = "import os\nfrom flask import request\n\ndef run():\n    os.system(\"ls \" + request.args[\"d\"])\n";

/// What a scan of one file says.
struct Said {
    rules: Vec<String>,
    keys: Vec<String>,
}

fn scan(name: &str, content: &[u8]) -> Said {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join(name), content).unwrap();
    scan_path(&dir.path().join(name))
}

fn scan_path(path: &Path) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .env("HOME", path.parent().unwrap())
        .args(["scan", "--format", "json", "--audit"])
        .arg(path)
        .output()
        .unwrap();
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "{}: {code:?} {}",
        path.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let texts = |list: &str, key: &str| {
        let all = report[list].as_array().unwrap();
        all.iter().map(|f| f[key].as_str().unwrap().to_owned()).collect()
    };
    Said {
        rules: texts("findings", "rule"),
        keys: texts("not_examined", "key"),
    }
}

fn finds_the_flaw(name: &str, content: &[u8]) -> Said {
    let said = scan(name, content);
    assert!(
        said.rules.iter().any(|r| r == "python/command-injection"),
        "{name}: {:?} {:?}",
        said.rules,
        said.keys
    );
    said
}

#[test]
fn bytes_that_are_no_text_do_not_hide_the_rest() {
    let latin = [b"# caf\xe9\n".as_slice(), FLAW.as_bytes()].concat();
    finds_the_flaw("latin1.py", &latin);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(FLAW.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    finds_the_flaw("utf16.py", &utf16);
    let utf16: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain(FLAW.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    finds_the_flaw("utf16be.py", &utf16);
    let marked = [b"\xef\xbb\xbf".as_slice(), FLAW.as_bytes()].concat();
    finds_the_flaw("bom.py", &marked);
    finds_the_flaw("mac.py", FLAW.replace('\n', "\r\n").as_bytes());
    let said = scan("nul.py", &[b"x = '\0'\n".as_slice(), FLAW.as_bytes()].concat());
    assert!(
        !said.rules.is_empty() || !said.keys.is_empty(),
        "a file with a NUL is found in or reported"
    );
}

#[test]
fn what_is_not_valid_is_reported_and_the_rest_examined() {
    let said = finds_the_flaw("syntax.py", format!("{FLAW}\ndef broken(:\n    pass\n").as_bytes());
    assert!(said.keys.contains(&"syntax".to_owned()), "{:?}", said.keys);
    let said = finds_the_flaw(
        "conflict.py",
        format!("<<<<<<< ours\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n{FLAW}").as_bytes(),
    );
    assert!(said.keys.contains(&"syntax".to_owned()), "{:?}", said.keys);
    let cut = &FLAW[..FLAW.len() - 3];
    assert!(!scan("cut.py", cut.as_bytes()).keys.is_empty());
}

#[test]
fn depth_and_length_end_in_a_report_never_in_a_crash() {
    let deep = format!("x = {}1{}\n{FLAW}", "f(".repeat(20_000), ")".repeat(20_000));
    let said = scan("deep.py", deep.as_bytes());
    assert!(
        said.keys.iter().any(|k| k == "too-deep" || k == "syntax"),
        "{:?}",
        said.keys
    );
    let terms = "'a' + ".repeat(20_000);
    finds_the_flaw(
        "concat.py",
        format!("{FLAW}\ndef b():\n    os.system({terms}request.args['d'])\n").as_bytes(),
    );
    let elifs = "    elif x == 1:\n        y = 2\n".repeat(3_000);
    finds_the_flaw(
        "elif.py",
        format!("{FLAW}\ndef c(x):\n    if x:\n        y = 1\n{elifs}").as_bytes(),
    );
    let line = format!("var a = \"{}\"; eval(location.hash);\n", "x".repeat(3 << 20));
    let said = scan("line.js", line.as_bytes());
    assert!(!said.rules.is_empty() || !said.keys.is_empty());
    let huge = "x = 1\n".repeat(1 << 20);
    let said = scan("huge.py", huge.as_bytes());
    assert!(said.keys.contains(&"too-large".to_owned()), "{:?}", said.keys);
}

#[test]
fn every_language_survives_what_is_none_of_it() {
    let nested = "({[<".repeat(5_000);
    let random: String = (0..4_000u32)
        .map(|i| char::from(33 + (i.wrapping_mul(2_654_435_761) >> 13) as u8 % 90))
        .collect();
    let quotes = "\"'`".repeat(3_000);
    let names = [
        "a.py",
        "a.js",
        "a.jsx",
        "a.ts",
        "a.tsx",
        "a.go",
        "a.rs",
        "a.java",
        "a.kt",
        "a.cs",
        "a.rb",
        "a.php",
        "a.c",
        "a.h",
        "a.cpp",
        "a.sh",
        "a.json",
        "a.yaml",
        "a.toml",
        "a.ini",
        "a.properties",
        ".env",
        "a.xml",
        "Dockerfile",
        "a.tf",
        "a.html",
        "a.vue",
        "a.svelte",
        "a.erb",
        "a.ejs",
        "a.jsp",
        "a.sql",
        "a.ipynb",
        "a.hbs",
        "docker-compose.yml",
    ];
    let dir = TempDir::new().unwrap();
    let contents = [
        nested.as_str(),
        &random,
        &quotes,
        "",
        "\n",
        "\u{feff}",
        "\\",
        "{",
        "<?php",
        "<%",
        "#!",
        "---",
    ];
    for (i, content) in contents.into_iter().enumerate() {
        let folder = dir.path().join(i.to_string());
        fs::create_dir(&folder).unwrap();
        for name in names {
            fs::write(folder.join(name), content).unwrap();
        }
    }
    let said = scan_path(dir.path());
    assert!(!said.keys.contains(&"panic".to_owned()), "{:?}", said.keys);
}
