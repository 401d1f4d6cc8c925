//! What Kotlin becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Kotlin, text)
}

fn body(text: &str, name: &str) -> String {
    body_of(&facts(text), name)
}

fn statements(text: &str) -> String {
    body(&format!("import a.B\nfun f(p: String) {{\n{text}\n}}\n"), "f")
}

#[test]
fn imports_with_alias_and_star() {
    let facts = facts("import a.b.C\nimport a.D as E\nimport x.y.*\n");
    let seen: Vec<_> = facts
        .imports
        .iter()
        .take(3)
        .map(|i| (facts.name(i.local), &*i.path, i.all))
        .collect();
    assert_eq!(seen, [("C", "a.b.C", false), ("E", "a.D", false), ("*", "x.y", true)]);
}

#[test]
fn texts_operators_and_calls() {
    let seen = statements(
        "val q = \"a $p and ${p.trim()}\"\nval r: Int = p?.length ?: 0\nval s = p!!.trim() + \"x\"\nC(name = p, other = true)\nval t = p as? String\nval u = \"a\" to p",
    );
    let expected = "0: q = f\"a {p} and {p.trim()}\"\nr = ((p.length ?? 0) as Int)\ns = (~p.trim() ++ \"x\")\nnew C(name=p, other=true)\nt = (p as String)\nu = [\"a\", p]";
    assert_eq!(seen, expected);
}

#[test]
fn a_sign_before_a_chain_is_about_all_of_it() {
    let seen =
        statements("val a = !p.b.c(1)\nval d = (!p).c()\nval e = (!p.c()).d()\nval s = buildString { append(p) }");
    assert!(seen.contains("a = !p.b.c(1)"), "{seen}");
    assert!(seen.contains("new StringBuilder()"), "{seen}");
}

#[test]
fn classes_have_properties_methods_and_a_constructor() {
    let text = "class A(val db: Db, n: Int = 3) : Base(n), I {\n  private var kept = \"x\"\n  fun f(q: String): Int { kept = q; return db.run(q) + g() }\n  private fun g() = 1\n  companion object { const val K = \"k\"\n fun make() = A(K) }\n}";
    let facts = facts(text);
    let class = &facts.classes[0];
    assert_eq!((class.bases.len(), class.methods.len(), class.fields.len()), (2, 4, 4));
    assert_eq!(body(text, "f"), "0: this.kept = q\nreturn (this.db.run(q) ++ this.g())");
    assert!(facts.functions.iter().any(|f| facts.name(f.name) == "f" && f.exported));
    assert!(facts.functions.iter().any(|f| facts.name(f.name) == "g" && !f.exported));
}

#[test]
fn branches_are_statements_or_values() {
    let seen = statements("if (p == \"a\") { x() } else if (q) y() else z()\nval v = if (p == \"a\") \"x\" else p");
    assert!(
        seen.contains("if (p == \"a\") -> ") && seen.contains("v = ((p == \"a\") ? \"x\" : p)"),
        "{seen}"
    );
    let when = statements("when (p) { \"a\", \"b\" -> x()\n is C -> y()\n in list -> z()\n else -> w() }");
    assert!(
        when.contains("(<0> == \"a\") or (<0> == \"b\")") && when.contains("(<0> in list)"),
        "{when}"
    );
    assert_eq!(
        body("fun f(p: String) = when (p) { \"a\" -> 1\n else -> g(p) }", "f")
            .matches("return")
            .count(),
        2
    );
}

#[test]
fn scope_functions() {
    let seen =
        statements("val c = Cookie(p).apply { secure = true\n setPath(p) }\np.let { use(it) }\nwith(x) { go() }");
    assert!(
        seen.contains("<0> = new Cookie(p)") && seen.contains("c = <0>"),
        "{seen}"
    );
    let facts = facts("import a.B\nfun f(p: String) { val c = Cookie(p).apply { secure = true\n setPath(p) } }");
    let dumped = dump::function(&facts, FunctionId(2));
    assert!(
        dumped.contains("<0>.secure = true") && dumped.contains("<0>.setPath(p)"),
        "{dumped}"
    );
}

#[test]
fn exceptions_loops_and_extensions() {
    let seen = statements(
        "try { x() } catch (e: IOException) { return } finally { y() }\nfor ((a, b) in xs) { use(a) }\nwhile (c) { d() }",
    );
    assert!(seen.contains("x()") && seen.contains("(a, b) <- xs"), "{seen}");
    let extended = facts("fun String.run(n: Int) = exec(this)");
    let dumped = dump::function(&extended, FunctionId(1));
    assert!(dumped.starts_with("fn run(this: receiver: String, n: Int)"), "{dumped}");
}

#[test]
fn annotations_and_parameters() {
    let facts = facts(
        "class A {\n @GetMapping(\"/x\") fun f(@RequestParam(\"q\") q: String, vararg n: Int, d: String = \"x\") = q\n}",
    );
    let f = facts.functions.iter().find(|f| facts.name(f.name) == "f").unwrap();
    assert_eq!(
        (f.decorators.len(), f.params.len(), f.params[0].decorators.len()),
        (1, 3, 1)
    );
    assert_eq!(f.params[1].kind, ParamKind::Rest);
    assert!(f.params[2].default.is_some());
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    assert!(
        facts(&format!("fun f() {{ x{} }}", ".y()".repeat(many)))
            .unread
            .is_empty()
    );
    assert!(
        !facts(&format!("fun f() {{ {}x{} }}", "g(".repeat(many), ")".repeat(many)))
            .unread
            .is_empty()
    );
}
