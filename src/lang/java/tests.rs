//! What Java becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Java, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    body_of(&facts(text), name)
}

/// The facts of the statements inside a method.
fn statements(text: &str) -> String {
    body(
        &format!("import a.B;\nclass C {{ int field; void f(String p) {{\n{text}\n}} void m() {{}} }}\n"),
        "f",
    )
}

#[test]
fn imports_single_static_and_star() {
    let facts =
        facts("import java.sql.Statement;\nimport static java.lang.Math.random;\nimport java.util.*;\nclass A {}");
    let seen: Vec<_> = facts
        .imports
        .iter()
        .map(|i| (facts.name(i.local), &*i.path, i.all))
        .collect();
    let expected = [
        ("Statement", "java.sql.Statement", false),
        ("random", "java.lang.Math.random", false),
        ("*", "java.util", true),
        ("*", "java.lang", true),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_fragment_knows_the_usual_packages() {
    let facts = facts("void f(Statement s) { s.execute(q); }");
    assert!(facts.imports.iter().any(|i| &*i.path == "java.sql" && i.all));
}

#[test]
fn a_bare_name_may_be_a_field_or_a_variable() {
    let seen = statements("field = p; int field = 1; field = 2; m(); g(field); this.field = 3;");
    let expected = "0: this.field = p\nfield = (1 as int)\nfield = (2 as int)\nthis.m()\nthis.g(field)\nthis.field = 3";
    assert_eq!(seen, expected);
}

#[test]
fn a_class_written_inside_sees_the_fields_and_variables_around_it() {
    let text = "class A { String s; void f(String p) { new Thread() { String t; public void run() { use(s, p, t); } }; } void use(String a, String b, String c) {} }";
    assert_eq!(body(text, "run"), "0: A.use(A.s, p, this.t)");
    let facts = facts(text);
    assert_eq!(facts.name(facts.classes[1].bases[0].name), "Thread");
}

#[test]
fn methods_parameters_and_annotations() {
    let text = "@RestController class A { @GetMapping(\"/x\") public String f(@RequestParam(\"q\") final String q, int... n) { return q; } A(int a) { this.a = a; } }";
    let facts = facts(text);
    let class = &facts.classes[0];
    assert_eq!((class.decorators.len(), class.methods.len()), (1, 2));
    let dumped = dump::function(&facts, class.methods[0]);
    assert!(
        dumped.starts_with("fn f(q: String, *n: int) -> String   method of A, exported, @GetMapping(\"/x\")"),
        "{dumped}"
    );
    let f = &facts.functions[class.methods[0].ix()];
    assert_eq!((f.params[0].decorators.len(), f.decorators.len()), (1, 1));
    assert_eq!(facts.functions[class.methods[1].ix()].kind, FunctionKind::Constructor);
}

#[test]
fn values() {
    let seen = statements(
        "String q = \"a\" + p + 'c' + x.y[0];\nbyte[] b = new byte[16];\nString[] a = {\"x\", p};\nList<String> l = new ArrayList<>();\nint n = (int) p.length();\nObject o = c ? p : null;\nsb.append(p).append(\"y\");\nx += p; n++;",
    );
    let expected = "0: q = ((\"a\" ++ p ++ \"c\" ++ x.y[0]) as String)\n| 16\nb = ([] as []<byte>)\na = ([\"x\", p] as []<String>)\nl = (new ArrayList() as List<String>)\nn = ((p.length() as int) as int)\no = ((c ? p : null) as Object)\nsb.append(p).append(\"y\")\nx += p\nn -= 1";
    assert_eq!(seen, expected);
}

#[test]
fn a_switch_without_falling_through_is_a_chain_of_tests() {
    let old = statements("switch (p) { case \"a\": case \"b\": x(); break; case \"c\": y(); break; default: z(); }");
    assert!(
        old.contains("if (p in [\"a\", \"b\"]) -> ") && old.contains("if (p == \"c\") -> "),
        "{old}"
    );
    let arrows = statements("switch (p.charAt(0)) { case 'A' -> x(); case 'B', 'C' -> { y(); } default -> z(); }");
    assert!(
        arrows.contains("<0> = p.charAt(0)") && arrows.contains("(<0> in [\"B\", \"C\"])"),
        "{arrows}"
    );
    let through = statements("switch (p) { case 1: x(); case 2: y(); break; }");
    assert!(!through.contains("if "), "{through}");
}

#[test]
fn a_switch_as_a_value() {
    let seen =
        statements("String s = switch (p) { case \"a\" -> \"x\"; case \"b\" -> { yield p; } default -> null; };");
    assert!(seen.contains("((p == \"a\") ? \"x\" : ((p == \"b\") ? fn#"), "{seen}");
}

#[test]
fn exceptions_and_resources() {
    let text = "import a.B; class A { boolean f() { try (R r = open()) { check(r); return true; } catch (IOException | SQLException e) { return false; } finally { close(); } } }";
    let facts = facts(text);
    let f = facts.functions.iter().find(|f| facts.name(f.name) == "f").unwrap();
    assert_eq!((f.handlers.len(), f.handlers[0].types.len()), (1, 2));
    assert_eq!(f.handlers[0].arm.ends, ArmEnd::Returns);
    let seen = body(text, "f");
    assert!(
        seen.contains("r = (this.open() as R)") && seen.contains("this.close()"),
        "{seen}"
    );
}

#[test]
fn patterns_lambdas_and_references() {
    let seen = statements(
        "if (p instanceof String s && s.isEmpty()) { use(s); }\nrun(x -> x + p);\nrun(this::m); run(C::new);",
    );
    assert!(
        seen.contains("s = (p as String)") && seen.contains("this.run(fn#"),
        "{seen}"
    );
    assert!(
        seen.contains("this.run(this.m)") && seen.contains("this.run(C)"),
        "{seen}"
    );
}

#[test]
fn records_and_enums_have_fields_and_a_constructor() {
    let text = "record R(String a, int b) { R { check(a); } }";
    let facts = facts(text);
    assert_eq!(facts.classes[0].fields.len(), 2);
    assert_eq!(body(text, "R"), "0: this.check(a)\nthis.a = a\nthis.b = b");
    let text = "enum E { A(\"x\"), B(\"y\") { int g() { return 1; } }; final String s; E(String s) { this.s = s; } }";
    assert!(
        body(text, "<class>").starts_with("0: E.A = new E(\"x\")\nE.B = new class#1(\"y\")"),
        "{}",
        body(text, "<class>")
    );
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    assert!(statements(&format!("x = {}p;", "p + ".repeat(many))).starts_with("0: x = (p ++ p"));
    assert!(
        facts(&format!("class A {{ void f() {{ x{}; }} }}", ".y()".repeat(many)))
            .unread
            .is_empty()
    );
    let chain = format!("if (a) {{ }}{}", " else if (a) { }".repeat(many));
    let parsed = facts(&format!("class A {{ void f() {{ {chain} }} }}"));
    assert!(parsed.functions.iter().any(|f| f.branches.len() == many + 1));
    let calls = format!(
        "class A {{ void f() {{ {}x{}; }} }}",
        "f(".repeat(many),
        ")".repeat(many)
    );
    assert!(!facts(&calls).unread.is_empty());
}

#[test]
fn what_is_readable_of_a_broken_file_is_read() {
    let facts = facts("class A { void f( { s.execute(q + x); } void g() { s.run(y); } }");
    assert!(!facts.unread.is_empty());
    let calls = facts.functions.iter().flat_map(|f| &f.exprs);
    assert!(calls.filter(|e| matches!(e.kind, ExprKind::Call { .. })).count() >= 1);
}
