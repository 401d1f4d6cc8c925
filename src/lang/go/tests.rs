//! What Go becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Go, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    body_of(&facts(text), name)
}

/// The facts of the statements inside `func f(..) { .. }`.
fn statements(text: &str) -> String {
    body(&format!("package p\nfunc f() {{\n{text}\n}}\n"), "f")
}

#[test]
fn imports_lose_versions_and_keep_the_name_a_file_would_use() {
    let facts = facts(
        r#"package p
import (
    "net/http"
    "github.com/labstack/echo/v4"
    "github.com/jackc/pgx/v5/pgxpool"
    "gopkg.in/yaml.v3"
    "github.com/mattn/go-sqlite3"
    "github.com/nats-io/nats.go"
    core "k8s.io/api/core/v1"
    _ "embed"
    . "fmt"
)"#,
    );
    let seen: Vec<_> = facts
        .imports
        .iter()
        .map(|i| (facts.name(i.local), &*i.path, i.all))
        .collect();
    let expected = [
        ("http", "net/http", false),
        ("echo", "github.com/labstack/echo", false),
        ("pgxpool", "github.com/jackc/pgx/pgxpool", false),
        ("yaml", "gopkg.in/yaml", false),
        ("sqlite3", "github.com/mattn/go-sqlite3", false),
        ("nats", "github.com/nats-io/nats", false),
        ("core", "k8s.io/api/core/v1", false),
        ("_", "embed", false),
        (".", "fmt", true),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn methods_join_the_type_of_their_receiver_even_before_it_is_declared() {
    let facts = facts(
        "package p\nfunc (s *Shop) Find(q string, n ...int) (string, error) { return q, nil }\ntype Shop struct { db *sql.DB; Base }",
    );
    let class = &facts.classes[0];
    assert_eq!(
        (facts.name(class.name), class.methods.len(), class.fields.len()),
        ("Shop", 1, 2)
    );
    assert_eq!(facts.name(class.bases[0].name), "Base");
    let dumped = dump::function(&facts, class.methods[0]);
    let head = "fn Find(s: receiver: Shop, q: string, *n: int) -> ()<string, error>   method of Shop, exported";
    assert_eq!(dumped, format!("{head}\n  0: return [q, null]\n"));
}

#[test]
fn results_and_comma_ok() {
    let seen = statements("a, err := g(1)\nv, ok := m[k]\nw, fine := v.(string)\nx, y = y, x\nvar n, t int = 1, 2");
    let expected = "0: (a, err) = g(1)\n| v = m[k]\nok = (k in m)\n| w = (v as string)\nfine = other()\n(x, y) = [y, x]\nn = (1 as int)\nt = (2 as int)";
    assert_eq!(seen, expected);
}

#[test]
fn a_declared_type_is_known_without_a_value() {
    let seen = body("package p\nvar db *sql.DB\n", "<module>");
    assert_eq!(seen, "0: db = (null as sql.DB)");
}

#[test]
fn a_switch_is_a_chain_of_tests() {
    let seen = statements("switch s {\ncase \"a\", \"b\":\n\tbreak\ndefault:\n\treturn\n}\ngo done()");
    assert!(seen.contains("if (s in [\"a\", \"b\"]) -> "), "{seen}");
    let facts = facts("package p\nfunc f() { switch { case !ok: return; case x: } ; g() }");
    let branches = &facts.functions[1].branches;
    assert_eq!(branches.len(), 2);
    assert!(branches.iter().any(|b| b.then.ends == ArmEnd::Returns));
}

#[test]
fn composite_literals_build_their_type() {
    let seen = statements(
        "x := &http.Cookie{Name: n, Secure: false}\ny := []pt{{1, 2}, {X: 3}}\nz := gin.H{\"k\": v}\nw := map[string][]int{\"a\": {1}}",
    );
    let expected = "0: x = ~new http.Cookie(Name=n, Secure=false)\ny = [new pt(1, 2), new pt(X=3)]\nz = new gin.H(k=v)\nw = {\"a\": [1]}";
    assert_eq!(seen, expected);
}

#[test]
fn conversions_assertions_channels_and_concatenation() {
    let seen = statements("q := \"a\" + string(b) + `c` + x.y[0]\nr := []byte(q)\ns := <-ch\nn := 1 + 2");
    let expected = "0: q = (\"a\" ++ (b as string) ++ \"c\" ++ x.y[0])\nr = (q as []<byte>)\ns = ~ch\nn = (1 + 2)";
    assert_eq!(seen, expected);
}

#[test]
fn what_never_returns_ends_its_arm() {
    let facts = facts(
        "package p\nfunc f() { if err != nil { log.Fatalf(\"x\") } ; if a { panic(1) } else if b { log.Println(a) } }",
    );
    let ends: Vec<_> = facts.functions[1]
        .branches
        .iter()
        .map(|b| (b.then.ends, b.then.empty))
        .collect();
    assert!(
        ends.contains(&(ArmEnd::Raises, false)) && ends.contains(&(ArmEnd::Falls, true)),
        "{ends:?}"
    );
}

#[test]
fn an_inner_variable_of_the_same_name_is_another_one() {
    let facts = facts(
        "package p\nimport \"net/url\"\nfunc f(q string) { if q := g(); q { h(q) }; k(q); url := url.Parse(q); k(url) }",
    );
    let named = |text: &str| -> Vec<Symbol> {
        let all = facts.functions[1].exprs.iter().filter_map(|e| match e.kind {
            ExprKind::Name(s) if facts.name(s) == text => Some(s),
            _ => None,
        });
        all.collect()
    };
    let q = named("q");
    assert_eq!(q[0], q[1]);
    assert_ne!(q[1], q[2]);
    let url = named("url");
    assert_eq!(url[0], facts.imports[0].local);
    assert_ne!(url[0], url[1]);
}

#[test]
fn a_bare_return_gives_the_named_results() {
    let seen = body("package p\nfunc f() (n int, err error) { n = 1; return }", "f");
    assert_eq!(seen, "0: n = 1\nreturn [n, err]");
}

#[test]
fn closures_and_deferred_calls() {
    let seen = statements("defer func() { recover() }()\nhandle(\"/\", func(w W, r *R) { w.Write(r.B) })");
    assert_eq!(seen, "0: fn#2()\nhandle(\"/\", fn#3)");
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    let sum = format!("x := {}\"\"", "a + ".repeat(many));
    assert!(statements(&sum).starts_with("0: x = (a ++ a"));
    let chain = format!("if a {{ }}{}", " else if a { }".repeat(many));
    assert_eq!(
        facts(&format!("package p\nfunc f() {{ {chain} }}")).functions[1]
            .branches
            .len(),
        many + 1
    );
    let dots = format!("x{}", ".y()".repeat(many));
    assert!(facts(&format!("package p\nfunc f() {{ {dots} }}")).unread.is_empty());
    let calls = format!("{}x{}", "f(".repeat(many), ")".repeat(many));
    assert_eq!(
        facts(&format!("package p\nfunc f() {{ {calls} }}")).unread[0].why,
        UnreadWhy::TooDeep
    );
    let blocks = format!("{}{}", "{".repeat(many), "}".repeat(many));
    assert!(!facts(&format!("package p\nfunc f() {{ {blocks} }}")).unread.is_empty());
}

#[test]
fn what_is_readable_of_a_broken_file_is_read() {
    let facts = facts("package p\nfunc f( { db.Query(q + x) }\nfunc g() { db.Exec(y) }\n");
    assert!(!facts.unread.is_empty());
    let calls = facts
        .functions
        .iter()
        .flat_map(|f| &f.exprs)
        .filter(|e| matches!(e.kind, ExprKind::Call { .. }));
    assert!(calls.count() >= 1);
}
