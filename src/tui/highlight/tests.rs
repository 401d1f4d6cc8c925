#![allow(clippy::unwrap_used)]

use super::*;

/// The kinds on a line, as (text, kind).
fn line(path: &str, text: &str, line: u32) -> Vec<(String, Syntax)> {
    let tokens = tokens(path.as_bytes(), text.as_bytes());
    let content = text.lines().nth(line as usize - 1).unwrap();
    let cut = |t: &Token| content.as_bytes()[t.start as usize..(t.end as usize).min(content.len())].to_vec();
    tokens
        .line(line)
        .iter()
        .map(|t| (String::from_utf8(cut(t)).unwrap(), t.kind))
        .collect()
}

fn has(path: &str, text: &str, at: u32, word: &str, kind: Syntax) {
    let line = line(path, text, at);
    assert!(
        line.iter().any(|(t, k)| t == word && *k == kind),
        "{path}: {word} is not {kind:?} in {line:?}"
    );
}

#[test]
fn every_language_with_a_grammar_has_tokens() {
    has("a.py", "def f(x):\n    return \"a\"\n", 1, "def", Syntax::Keyword);
    has("a.py", "def f(x):\n    return \"a\"\n", 2, "\"a\"", Syntax::String);
    has("a.js", "const x = () => <div>{1}</div>;\n", 1, "const", Syntax::Keyword);
    has("a.ts", "interface A { b: string }\n", 1, "interface", Syntax::Keyword);
    has(
        "a.tsx",
        "export const A = (p: P) => <Item key=\"1\" />;\n",
        1,
        "export",
        Syntax::Keyword,
    );
    has(
        "a.go",
        "package main\nfunc f() string { return `x` }\n",
        2,
        "func",
        Syntax::Keyword,
    );
    has("a.rs", "fn main() { let s = \"x\"; }\n", 1, "fn", Syntax::Keyword);
}

#[test]
fn a_string_over_many_lines_is_a_string_on_each() {
    let text = "x = \"\"\"\nselect 1\nfrom t\n\"\"\"\n";
    assert_eq!(line("a.py", text, 2), [("select 1".to_owned(), Syntax::String)]);
}

#[test]
fn other_languages_come_from_syntect_by_name_extension_and_first_line() {
    has("Cargo.toml", "[package]\nname = \"x\"\n", 2, "\"x\"", Syntax::String);
    has("Dockerfile", "FROM debian:12\nRUN true\n", 1, "FROM", Syntax::Keyword);
    has("ci.yml", "# note\non: push\n", 1, "# note", Syntax::Comment);
    has(
        "run",
        "#!/bin/bash\nif true; then echo 1; fi\n",
        2,
        "if",
        Syntax::Keyword,
    );
}

#[test]
fn bytes_that_are_no_text_and_unknown_languages_do_no_harm() {
    assert_eq!(tokens(b"a.bin", b"\xff\xfe\x00").line(1), []);
    assert_eq!(tokens(b"a.toml", b"a = \"\xff\"\n").line(1), []);
    assert!(!tokens(b"a.py", b"def \xff\xfe: pass\n").line(1).is_empty());
    assert_eq!(tokens(b"a.py", b"").line(0), []);
    assert_eq!(tokens(b"a.py", b"").line(9), []);
}
