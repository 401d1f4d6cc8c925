//! What C and C++ become.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{body_of, facts_of},
};

/// The facts of the statements inside `void f(..) { .. }`.
fn c(text: &str) -> String {
    body_of(&facts_of(Lang::C, &format!("void f(void) {{\n{text}\n}}\n")), "f")
}

fn cpp(text: &str) -> String {
    body_of(&facts_of(Lang::Cpp, &format!("void f() {{\n{text}\n}}\n")), "f")
}

#[test]
fn arrays_keep_their_size_and_pointers_their_stars() {
    let facts = facts_of(
        Lang::C,
        "#define N 8\nenum { M = 3, K };\nvoid f(char *s, FILE *in, int argc, char **argv, char b[10]) {\nchar a[N * 2]; int g[K][2]; char t[] = \"abc\"; char *names[4]; char *p; struct s *q; int v[] = {1, 2};\nchar z[n];\n}",
    );
    let head = dump::function(&facts, FunctionId(1));
    assert!(
        head.starts_with("fn f(s: char*, in: FILE<*>, argc: int, argv: char**, b: char*) -> void   exported"),
        "{head}"
    );
    let lines = body_of(&facts, "f");
    let expected = "0: a = (other() as []<16, char>)\ng = (other() as []<4, []<2, int>>)\nt = (\"abc\" as []<4, char>)\nnames = (other() as []<4, char*>)\np = (other() as char*)\nq = (other() as s<*>)\nv = ([1, 2] as []<2, int>)\nz = (new __array(n) as []<char>)";
    assert_eq!(lines, expected);
}

#[test]
fn assignments_steps_and_addresses() {
    let seen = c("x += 2; i++; a[i++] = *p; *q = &x; if ((n = read(fd, b, 4)) < 0) return; s->y[2].z = 1, k = 'A';");
    let expected = "0: x = (x ++ 2)\ni = (i ++ 1)\n| i = (i ++ 1)\na[~i] = *p\nq[0] = &x\nif (n = read(fd, b, 4) < 0) -> 1 else 2\n1: return\n2: -> 3\n3: | s.y[2].z = 1\n~k = 65";
    assert_eq!(seen, expected);
}

#[test]
fn sizes_are_calls_with_the_type_as_text() {
    let seen = c("p = malloc(n * sizeof(struct point *)); memset(b, 0, sizeof b);");
    let expected = "0: p = malloc((n * sizeof(\"struct point *\")))\nmemset(b, 0, sizeof(b))";
    assert_eq!(seen, expected);
}

#[test]
fn a_switch_that_never_falls_through_is_a_chain_of_tests() {
    let seen = c("switch (6) { case 1: case 2: a(); break; case 6: b(); break; default: d(); break; }");
    assert!(
        seen.contains("if (<0> in [1, 2])") && seen.contains("if (<0> == 6)"),
        "{seen}"
    );
    let falls = c("switch (x) { case 1: a(); case 2: b(); break; }");
    assert!(falls.contains("-> 2 | 3 | 1") && falls.contains("a()\n-> 3"), "{falls}");
}

#[test]
fn conditionals_are_branches_and_what_is_switched_off_is_left_out() {
    let seen = c("#ifdef X\na();\n#else\nb();\n#endif\n#if 0\nsystem(x);\n#endif\n");
    assert!(
        seen.contains("if other() -> ") && seen.contains("a()") && seen.contains("b()"),
        "{seen}"
    );
    assert!(!seen.contains("system"), "{seen}");
}

#[test]
fn jumps_and_what_never_returns() {
    let seen = c("if (!p) goto out; if (bad) exit(1); use(p);\nout: free(p);");
    assert!(seen.contains("exit(1)\nraise"), "{seen}");
    let facts = facts_of(
        Lang::C,
        "void f(void) { if (a) abort(); else if (b) { printf(\"x\"); } }",
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
fn structs_have_layouts_and_designated_initialisers_are_maps() {
    let facts = facts_of(
        Lang::C,
        "typedef struct { char name[8]; int *next; } item;\nvoid f(void) { item a = { \"x\", 0 }; struct pt b = { .y = 2 }; }",
    );
    let class = &facts.classes[0];
    assert_eq!((facts.name(class.name), class.fields.len()), ("struct item", 2));
    assert_eq!(
        body_of(&facts, "f"),
        "0: a = ({\"name\": \"x\", \"next\": 0} as item)\nb = ({\"y\": 2} as pt)"
    );
}

#[test]
fn literals_side_by_side_are_one_and_macros_are_constants() {
    let facts = facts_of(
        Lang::C,
        "#define LIMIT (4 * 1024)\n#define CMD \"ls \"\nvoid f(void) { puts(\"a\\n\" \"b\\x41\"); g(CMD \"x\", 0x1fUL, L\"w\"); }",
    );
    assert_eq!(body_of(&facts, "<module>"), "0: LIMIT = 4096\nCMD = \"ls \"");
    assert_eq!(
        body_of(&facts, "f"),
        "0: puts(\"a\\nbA\")\ng((CMD ++ \"x\"), 31, \"w\")"
    );
}

#[test]
fn static_functions_are_internal_and_prototypes_are_no_variables() {
    let facts = facts_of(
        Lang::C,
        "int g(int);\nextern int h;\nstatic void f(int (*cb)(int)) { cb(1); }",
    );
    assert!(!facts.functions[1].exported);
    assert_eq!(body_of(&facts, "<module>"), "0:");
    assert_eq!(
        facts.name(facts.functions[1].params[0].ty.as_ref().unwrap().name),
        "()*"
    );
}

#[test]
fn cpp_names_objects_and_casts() {
    let seen = cpp(
        "std::string s(\"a\"); s += x; auto n = static_cast<int>(y); std::system(s.c_str()); char *p = new char[10]; delete[] p; Foo *q = new Foo(1); std::vector<int> v;",
    );
    let expected = "0: s = (new std.string(\"a\") as std.string)\ns = (s ++ x)\nn = (y as int)\nsystem(s.c_str())\np = (new[](10, \"char\") as char*)\ndelete[](p)\nq = ((new(new Foo(1), \"Foo\") as Foo) as Foo<*>)\nv = (new std.vector() as std.vector<int>)";
    assert_eq!(seen, expected);
}

#[test]
fn methods_join_their_class_and_members_are_found_without_this() {
    let facts = facts_of(
        Lang::Cpp,
        "namespace app {\nclass Shop : public Base { std::string q; public: Shop(std::string s) : q(s) {} void run(); };\nvoid Shop::run() { system(q.c_str()); }\nvoid go() { app::other(1); }\nvoid other(int) {}\n}",
    );
    let class = &facts.classes[0];
    assert_eq!(
        (
            facts.name(class.name),
            class.methods.len(),
            facts.name(class.bases[0].name)
        ),
        ("Shop", 2, "Base")
    );
    assert_eq!(body_of(&facts, "run"), "0: system(this.q.c_str())");
    assert_eq!(body_of(&facts, "Shop"), "0: this.q = s");
    assert_eq!(body_of(&facts, "go"), "0: other(1)");
}

#[test]
fn lambdas_range_loops_and_exceptions() {
    let seen = cpp(
        "for (const auto &x : xs) { use(x); }\ntry { g(); } catch (const std::exception &e) { } catch (...) { throw; }",
    );
    assert!(
        seen.contains("x <- xs") && seen.contains("e = caught") && seen.contains("raise"),
        "{seen}"
    );
    assert_eq!(cpp("run([&](int a) { return a; });"), "0: run(fn#2)");
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    assert!(c(&format!("x = {}1;", "a + ".repeat(many))).starts_with("0: x = (a ++ a"));
    let chain = format!("if (a) {{ }}{}", " else if (a) { }".repeat(2_000));
    assert_eq!(
        facts_of(Lang::C, &format!("void f(void) {{ {chain} }}")).functions[1]
            .branches
            .len(),
        2_001
    );
    let calls = format!("{}x{};", "f(".repeat(many), ")".repeat(many));
    let facts = facts_of(Lang::C, &format!("void f(void) {{ {calls} }}"));
    assert!(facts.unread.iter().any(|u| u.why == UnreadWhy::TooDeep));
}

#[test]
fn what_is_readable_of_a_broken_file_is_read() {
    let facts = facts_of(Lang::C, "void f( { system(q); }\nvoid g(void) { gets(y); }\n");
    assert!(!facts.unread.is_empty());
    let calls = facts.functions.iter().flat_map(|f| &f.exprs);
    assert!(calls.filter(|e| matches!(e.kind, ExprKind::Call { .. })).count() >= 1);
}
