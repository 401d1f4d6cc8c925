//! What Rust becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{facts_of, function_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Rust, text)
}

/// One function of a file, its head first.
fn function(text: &str, name: &str) -> String {
    function_of(&facts(text), name)
}

/// The facts of the statements inside `fn f() { .. }`.
fn statements(text: &str) -> String {
    let dumped = function(&format!("fn f() {{\n{text}\n}}\n"), "f");
    dumped.split_once('\n').unwrap().1.to_owned()
}

#[test]
fn use_trees_give_dotted_paths() {
    let facts = facts(
        "use std::{io::{self, Read as R}, fs::*};\nuse crate::db::{self, Pool};\nuse super::x as y;\nextern crate a as b;\nuse anyhow::bail;\nfn f() { bail!(\"x\") }",
    );
    let seen: Vec<_> = facts
        .imports
        .iter()
        .map(|i| (facts.name(i.local), &*i.path, i.all))
        .collect();
    let expected = [
        ("io", "std.io", false),
        ("R", "std.io.Read", false),
        ("*", "std.fs", true),
        ("db", "crate.db", false),
        ("Pool", "crate.db.Pool", false),
        ("y", "super.x", false),
        ("b", "a", false),
        ("bail", "anyhow.bail", false),
        ("bail!", "anyhow.bail!", false),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn parameters_are_taken_apart_with_the_types_they_hold() {
    let seen = function(
        "#[get(\"/u/<id>\", data = \"<x>\")]\npub async fn f(Path((a, b)): Path<(String, i64)>, State(pool): State<PgPool>, mut q: web::Query<P>, _: &'a dyn Fn(&str)) -> Result<String, E> { Ok(a) }",
        "f",
    );
    let expected = "fn f(<0>: Path<()<String, i64>>, <1>: PgPool, q: web.Query<P>, _: fn) -> String   async, exported, @get(\"/u/<id>\", data=\"<x>\")\n0: (a, b) = (<0> as ()<String, i64>)\npool = <1>\nreturn ~a";
    assert_eq!(seen, expected);
}

#[test]
fn format_strings_hold_their_arguments() {
    let seen = statements(
        r#"let q = format!("select {} {name:?} {0:>4} {{}} {x}", a.b(), x = y + 1); write!(s, "{t}")?; println!("plain");"#,
    );
    let expected = "0: | \"select {} {name:?} {0:>4} {{}} {x}\"\nq = format!(f\"select {a.b()} {debug_text!(name)} {a.b()} {} {(y + 1)}\")\n| \"{t}\"\n~write!(s, f\"{t}\")\nprintln!(\"plain\")";
    assert_eq!(seen, expected);
}

#[test]
fn other_macros_give_what_can_be_read() {
    assert_eq!(
        statements("vec![1, a + b, c.d()];"),
        "0: vec!(1, (a + b), c.d())".replace("(a + b)", "(a ++ b)")
    );
    assert_eq!(
        statements("sqlx::query!(\"select $1\", id);"),
        "0: sqlx.query!(\"select $1\", id)"
    );
    assert_eq!(
        statements("json!({\"a\": b, \"c\": [1, d.e]});"),
        "0: json!({\"a\": b, \"c\": [1, d.e]})"
    );
    assert_eq!(
        statements("let x = matches!(s.as_str(), \"a\" | \"b\");"),
        "0: | (\"a\" | \"b\")\nx = (~s in [\"a\", \"b\"])"
    );
    let select = statements("tokio::select! { v = rx.recv() => { foo(v) } _ = b => {} }");
    assert!(select.contains("v = rx.recv()"), "{select}");
    let inside = facts("fn f() { tokio::select! { v = rx.recv() => { foo(v) } _ = b => {} } }");
    assert!(inside.functions.len() > 2);
}

#[test]
fn branches_have_values() {
    let seen = statements("let x = g(if a { 1 } else { h(); 2 });\nlet y = loop { break 5; };");
    let expected = "0: if a -> 1 else 2\n1: <0> = 1\n-> 3\n2: h()\n<0> = 2\n-> 3\n3: x = g(<0>)\n-> 4\n4: -> 5 | 6\n5: <1> = 5\n-> 6\n6: y = <1>";
    assert_eq!(seen, expected);
}

#[test]
fn the_last_expression_is_returned_from_every_branch() {
    let seen = function(
        "fn f(x: Option<i64>) -> i64 { match x { Some(n) if n > 3 => n, None => return 0, _ => 7 } }",
        "f",
    );
    let expected = "fn f(x: i64) -> i64\n0: if (n = x and (n > 3)) -> 1 else 2\n1: return n\n2: if (x == None) -> 5 else 6\n5: return 0\n6: return 7";
    assert_eq!(seen, expected);
}

#[test]
fn literal_patterns_are_tests() {
    let seen = statements("let c = match sort.as_str() { \"a\" | \"b\" => sort, _ => return };");
    assert!(
        seen.starts_with("0: if (~sort in [\"a\", \"b\"]) -> 1 else 2\n1: <0> = sort"),
        "{seen}"
    );
}

#[test]
fn let_else_and_checks_leave() {
    let facts = facts(
        "fn f(x: T) { let Some(y) = x else { return; }; ensure!(ok(y), \"no\"); assert!(y > 3); if let Err(e) = g() { panic!(\"{e}\") } }",
    );
    let f = &facts.functions[1];
    let ends: Vec<_> = f
        .branches
        .iter()
        .map(|b| (b.then.ends, b.other.map(|o| o.ends)))
        .collect();
    let expected = [
        (ArmEnd::Falls, Some(ArmEnd::Returns)),
        (ArmEnd::Returns, None),
        (ArmEnd::Raises, None),
        (ArmEnd::Raises, None),
    ];
    assert_eq!(ends, expected);
}

#[test]
fn what_only_wraps_is_the_value() {
    let seen = statements(
        "let v = Ok(Arc::new(x.await?.unwrap().clone()));\nlet n = s.parse::<i64>().unwrap_or(0);\nlet t: Vec<_> = it.collect::<Vec<_>>();",
    );
    let expected = "0: v = ~~~~~~x\nn = ((s.parse() as i64) ?? 0)\nt = (it.collect() as Vec)";
    assert_eq!(seen, expected);
}

#[test]
fn impl_blocks_join_their_type() {
    let facts = facts(
        "impl Shop { pub fn new() -> Self { Self { db: 1 } } }\nimpl Tr for Shop { fn m(&self) { self.db.go() } }\n#[derive(Clone)]\npub struct Shop { db: Arc<Pool> }",
    );
    let class = &facts.classes[0];
    assert_eq!(
        (facts.name(class.name), class.methods.len(), class.bases.len()),
        ("Shop", 2, 1)
    );
    assert_eq!(facts.name(class.fields[0].ty.as_ref().unwrap().name), "Pool");
    assert_eq!(class.decorators.len(), 1);
    let new = dump::function(&facts, class.methods[0]);
    assert!(new.contains("return new Shop(db=1)"), "{new}");
}

#[test]
fn what_is_in_a_test_module_says_so() {
    let seen = function("#[cfg(test)]\nmod tests { use super::*; #[test] fn t() { g() } }", "t");
    assert!(seen.starts_with("fn t()   @test, @cfg(test)"), "{seen}");
}

#[test]
fn async_blocks_and_closures_are_functions() {
    let seen = statements("tokio::spawn(async move { return x; });\nlet f = |a: &str, (b, c)| -> String { g(a) };");
    assert_eq!(seen, "0: tokio.spawn(fn#2())\nf = fn#3");
}

#[test]
fn an_inner_variable_of_the_same_name_is_another_one() {
    let facts = facts("fn f(x: String) { { let x = g(); h(x); } k(x); let x = x.trim(); k(x) }");
    let all = facts.functions[1].exprs.iter().filter_map(|e| match e.kind {
        ExprKind::Name(s) if facts.name(s) == "x" => Some(s),
        _ => None,
    });
    let x: Vec<_> = all.collect();
    assert_ne!(x[0], x[1]);
    assert_eq!(x[1], x[2]);
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    assert!(statements(&format!("let x = {}y;", "a + ".repeat(many))).starts_with("0: x = (a ++ a"));
    let chain = format!("if a {{ }}{}", " else if a { }".repeat(many));
    assert_eq!(
        facts(&format!("fn f() {{ {chain} }}")).functions[1].branches.len(),
        many + 1
    );
    let arms = "\"a\" => b(),".repeat(many);
    assert_eq!(
        facts(&format!("fn f() {{ match x {{ {arms} _ => c }} }}")).functions[1]
            .branches
            .len(),
        many
    );
    assert!(
        facts(&format!("fn f() {{ x{} }}", ".y()".repeat(many)))
            .unread
            .is_empty()
    );
    for (open, close) in [
        ("f(", ")"),
        ("{", "}"),
        ("vec![", "]"),
        ("if a {", "}"),
        ("|| ", ""),
        ("!", ""),
        ("a::<", ">"),
        ("(", ")"),
    ] {
        let deep = format!("fn f() {{ {}x{} }}", open.repeat(many), close.repeat(many));
        let _ = facts(&deep);
    }
    let calls = format!("fn f() {{ {}x{} }}", "f(".repeat(many), ")".repeat(many));
    assert_eq!(facts(&calls).unread[0].why, UnreadWhy::TooDeep);
}

#[test]
fn what_is_readable_of_a_broken_file_is_read() {
    let facts = facts("fn f( { db.query(q + x) }\nfn g() { db.execute(&y); }\n");
    assert!(!facts.unread.is_empty());
    let calls = facts
        .functions
        .iter()
        .flat_map(|f| &f.exprs)
        .filter(|e| matches!(e.kind, ExprKind::Call { .. }));
    assert!(calls.count() >= 1);
}
