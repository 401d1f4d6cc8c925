//! What shell scripts become.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Bash, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    let facts = facts(text);
    assert!(facts.unread.is_empty(), "{:?}", facts.unread);
    body_of(&facts, name)
}

fn statements(text: &str) -> String {
    body(text, "<module>")
}

#[test]
fn commands_are_calls_with_words_pipes_and_redirections() {
    let seen = statements(
        "sudo -u root /usr/bin/rm -rf \"$dir/x\" $y\ncurl -s \"$u\" | sh -s > out.txt\nmysql <<< \"select $q\"\n$cmd a",
    );
    let expected = "0: rm(\"-rf\", f\"{dir}/x\", y)\nsh(\"-s\", stdin=curl(\"-s\", u), stdout=\"out.txt\")\nmysql(stdin=f\"select {q}\")\ncommand(cmd, \"a\")";
    assert_eq!(seen, expected);
}

#[test]
fn words_substitutions_and_expansions() {
    let seen = statements(
        "x=a$(date +%s)b\ny+=${z:-def}\nv=${x//[^a-z]/}\nw=${x%.txt}\nn=$((1 + 2))\narr=(a \"$b\")\nexport K='s'",
    );
    let expected = "0: x = f\"a{~date(\"+%s\")}b\"\ny += (z ?? \"def\")\nv = ${//}(x, \"[^a-z]\")\nw = other(x, \".txt\")\nn = other()\narr = [\"a\", b]\nK = \"s\"";
    assert_eq!(seen, expected);
}

#[test]
fn here_documents_are_what_is_read() {
    let seen = statements("cat <<EOF\nhello $name\nEOF\n");
    assert!(seen.contains("cat(stdin=f\"hello {name}"), "{seen}");
}

#[test]
fn functions_have_numbered_parameters_and_own_variables() {
    let text = "q=1\nrun() {\n local q=\"$1\"\n eval \"$q\" \"$@\"\n}\nrun \"$x\"\n";
    assert_eq!(body(text, "run"), "0: q = 1\neval(q, @)");
    let facts = facts(text);
    let run = facts.functions.iter().find(|f| facts.name(f.name) == "run").unwrap();
    assert_eq!(run.params.len(), 2);
}

#[test]
fn tests_branch_and_lists_are_branches() {
    let seen = statements(
        "[ -z \"$x\" ] && exit 1\nif [[ $x =~ ^[0-9]+$ ]]; then a; elif [ \"$x\" = y ]; then b; else c; fi\nd || e",
    );
    assert!(seen.contains("if -z(x) -> ") && seen.contains("raise"), "{seen}");
    assert!(
        seen.contains("if =~(x, \"^[0-9]+$\") -> ") && seen.contains("if (x == \"y\") -> "),
        "{seen}"
    );
    assert!(seen.contains("if !d() -> "), "{seen}");
}

#[test]
fn read_and_loops_bind() {
    let seen = statements(
        "read -r -p 'name: ' a b\nfor f in x $y; do g $f; done\nwhile read l; do h $l; done\ncase $a in x|y) i;; *) j;; esac",
    );
    assert!(seen.contains("| a = ~read("), "{seen}");
    assert!(seen.contains("f <- <words 24>\ng(f)"), "{seen}");
    assert!(seen.contains("l = ~read(\"l\")"), "{seen}");
    assert!(seen.contains("if (a in [\"x\", \"y\"]) -> "), "{seen}");
}

#[test]
fn depth_is_reported() {
    let many = 3_000;
    let nested = format!("{}x{}", "$(".repeat(many), ")".repeat(many));
    assert!(facts(&nested).unread.iter().any(|u| u.why == UnreadWhy::TooDeep));
}
