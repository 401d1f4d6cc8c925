//! The direction of dependencies: each module of the library knows only the ones before it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// In the order data flows. A module may use those before it, and itself.
const ORDER: [&str; 12] = [
    "text", "config", "change", "origin", "lang", "scan", "review", "record", "session", "report", "tui", "cli",
];

/// What only certain modules may name.
const KEPT: [(&str, &[&str]); 4] = [
    ("git2::", &["change", "record", "cli"]),
    ("tree_sitter::", &["lang", "scan", "tui"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
];

/// The pure core: nothing here may touch the outside.
const PURE: [&str; 1] = ["review"];
const OUTSIDE: [&str; 7] = [
    "std::fs",
    "std::io",
    "std::env",
    "std::process",
    "std::net",
    "std::time",
    "std::thread",
];

fn files(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The code of a file: comments are prose and may name anything.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn modules() -> Vec<(&'static str, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    for module in ORDER {
        let mut found = Vec::new();
        let dir = src.join(module);
        if dir.is_dir() {
            files(&dir, &mut found);
        }
        all.extend(found.into_iter().map(|path| (module, path.clone(), code(&path))));
    }
    all
}

/// The modules a text names through `crate::x` or `crate::{x, y::z}`.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (0, true);
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.push(std::mem::take(&mut name));
                        start = true;
                    }
                    c if depth == 0 && start && (c.is_alphanumeric() || c == '_') => name.push(c),
                    c if depth == 0 && !c.is_whitespace() => start = false,
                    _ => {}
                }
            }
            names.push(name);
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn every_module_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        let rank = ORDER.iter().position(|m| *m == module).unwrap();
        for name in named(&code) {
            if ORDER.iter().position(|m| *m == name).is_some_and(|used| used > rank) {
                wrong.push(format!(
                    "{}: `{module}` uses `{name}`, which comes after it",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_library_has_its_place_in_the_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && fs::read_dir(&path).unwrap().next().is_some() {
            assert!(
                ORDER.contains(&name.as_str()),
                "src/{name} has no place in the order of tests/layers.rs"
            );
        }
    }
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (module, path, code) in modules() {
        for (name, homes) in KEPT {
            if code.contains(name) && !homes.contains(&module) {
                wrong.push(format!("{}: `{name}` belongs to {}", path.display(), homes.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_review_core_touches_nothing_outside() {
    for (module, path, code) in modules() {
        if !PURE.contains(&module) {
            continue;
        }
        for name in OUTSIDE {
            assert!(!code.contains(name), "{}: the review core names {name}", path.display());
        }
    }
}

#[test]
fn names_of_modules_are_found_in_every_form() {
    assert_eq!(
        named("use crate::{change::{A, B}, scan::X,\n text};"),
        ["change", "scan", "text"]
    );
    assert_eq!(named("crate::tui::run()"), ["tui"]);
}
