//! What the adapter makes of code, as [`dump`] prints it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{Lang, STACK_BYTES, dump, facts::*, lower};

/// Lowers on a thread with the stack that the scanner gives.
fn facts(lang: Lang, code: &str) -> Facts {
    let code = code.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let handle = thread.spawn(move || lower(lang, code.as_bytes()).unwrap()).unwrap();
    handle.join().unwrap()
}

fn ts(code: &str) -> String {
    dump::facts(&facts(Lang::TypeScript, code))
}

fn js(code: &str) -> String {
    dump::facts(&facts(Lang::JavaScript, code))
}

/// The statements of the module, trimmed.
fn body(code: &str) -> Vec<String> {
    let facts = facts(Lang::TypeScript, code);
    assert!(facts.unread.is_empty(), "{code}: {:?}", facts.unread);
    let text = dump::function(&facts, FunctionId(0));
    let lines = text
        .lines()
        .skip(1)
        .map(|l| l.trim_start_matches(|c: char| c.is_ascii_digit() || " :".contains(c)));
    lines.map(str::to_owned).collect()
}

#[test]
fn operators_are_flattened_in_the_order_they_are_written() {
    assert_eq!(
        body("x = 'a' + b + `c${d}e` + 1"),
        [r#"x = ("a" ++ b ++ f"c{d}e" ++ 1)"#]
    );
    assert_eq!(
        body("x = a && b && c || (d ?? 1)"),
        ["x = ((a and b and c) or (d ?? 1))"]
    );
    assert_eq!(body("x = 1 + 2 - y * 3"), ["x = ((1 + 2) - (y * 3))"]);
    assert_eq!(body("x = a ? 1 : b ? 2 : 3"), ["x = (a ? 1 : (b ? 2 : 3))"]);
    assert_eq!(
        body("x = (a, b), !c; y ||= 1; y -= 1; z++"),
        ["| a", "x = b", "!c", "y += 1", "y -= 1", "z -= 1"]
    );
}

#[test]
fn chains_keep_calls_members_and_tags() {
    assert_eq!(body("a?.b?.(c)[d]!.e`f${g}`"), [r#"a.b(c)[d].ef"f{g}""#]);
    assert_eq!(body("new A.B(...c); new D"), ["new A.B(*c)", "new D()"]);
    assert_eq!(body("this.#p.q(/a+/g)"), [r#"this.#p.q(new RegExp("a+", "g"))"#]);
}

#[test]
fn escapes_in_strings_and_names_are_decoded() {
    let lines = body(
        r#"x = "\u0061\x62\143\n\u{1F600}\ud83d\ude00\
"; \u0065val(y)"#,
    );
    assert_eq!(lines, [r#"x = "abc\n😀😀""#, "eval(y)"]);
}

#[test]
fn objects_have_methods_shorthands_and_spreads() {
    let text = js("o = {a, b() {}, get c() { return 1 }, [k]: 2, 's t': 3, ...r}");
    assert!(
        text.contains(r#"o = {"a": a, "b": fn#1, "c": fn#2, k: 2, "s t": 3, *r}"#),
        "{text}"
    );
    assert!(text.contains("fn b()\n") && text.contains("fn c()\n"), "{text}");
}

#[test]
fn destructuring_reaches_every_place_that_binds() {
    assert_eq!(
        body("const {a = 1, b: {c}, ['d']: e, [f]: g, ...h} = i, [j, , ...k] = l"),
        [
            "| f",
            "{a: a ?= 1, b: {c: c}, d: e, []: g, ...: *h} = i",
            "(j, _, *k) = l"
        ]
    );
    assert_eq!(body("[a.b, c[d]] = e"), ["(a.b, c[d]) = e"]);
    let text = ts("function f({ a }: P = {}, [b]: Q, ...c: R[]) {}");
    assert!(text.contains("fn f(<0>: P = {}, <1>: Q, *c: []<R>)"), "{text}");
    assert!(text.contains("{a: a} = <0>") && text.contains("(b) = <1>"), "{text}");
}

#[test]
fn modules_come_by_import_and_by_require() {
    let text = ts(
        r#"import a, { b as c, type D } from "node:fs"; import * as e from "./e.js"; import "f";
        import g = require("g"); const { h, i: j = 1 } = require("k"), l = (await import("m")).default.n;
        function later() { const hidden = require("o") }"#,
    );
    for import in [
        "a = fs", "c = fs.b", "D = fs.D", "e = ./e", " = f", "g = g", "h = k.h", "j = k.i", "l = m.n",
    ] {
        assert!(text.contains(&format!("import {import}\n")), "{import}: {text}");
    }
    assert!(!text.contains("import hidden"), "{text}");
    assert!(text.contains("hidden = module(o)"), "{text}");
}

#[test]
fn what_others_can_call_is_exported() {
    let exported = |code: &str| {
        let facts = facts(Lang::TypeScript, code);
        let all = facts.functions.iter().filter(|f| f.exported);
        all.map(|f| String::from_utf8_lossy(f.span.of(code.as_bytes())).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(exported("export function f() {} function g() {}"), ["function f() {}"]);
    assert_eq!(
        exported("const f = () => 1; function g() {} export { f, g as h }"),
        ["() => 1", "function g() {}"]
    );
    assert_eq!(exported("export const h = wrap(async () => 2)"), ["async () => 2"]);
    assert_eq!(
        exported("exports.a = () => 1; module.exports.b = () => 2"),
        ["() => 1", "() => 2"]
    );
    assert_eq!(
        exported("const f = () => 1; module.exports = { f, g() {} }"),
        ["() => 1", "g() {}"]
    );
    assert_eq!(
        exported("class A { m() {} private n() {} #o() {} } export default A"),
        ["m() {}"]
    );
}

#[test]
fn classes_have_fields_methods_bases_and_decorators() {
    let text = ts(r#"@Injectable() export class A extends B.C<T> implements D {
        static n = 1; url = "u"; handle = async (req: Request) => {};
        constructor(private readonly db: Db, other: X) { super() }
        @Get(":id") find(@Param("id") id: string): Promise<A[]> {}
        m(): void; abstract o(): void; }"#);
    assert!(text.contains("class#0 A(B.C, D) .n .url .handle .db: Db"), "{text}");
    assert!(
        text.contains("A.n = 1\n") && text.contains("this.url = \"u\"\n"),
        "{text}"
    );
    assert!(
        text.contains("fn handle(req: Request)   method of A, async, exported"),
        "{text}"
    );
    assert!(
        text.contains("fn constructor(db: Db, other: X)   constructor of A"),
        "{text}"
    );
    assert!(text.contains("this.db = db\n"), "{text}");
    assert!(
        text.contains("fn find(id: string) -> Promise<[]<A>>   method of A, exported, @Get(\":id\")"),
        "{text}"
    );
    assert!(
        text.contains("Param(\"id\")\n") && text.contains("Injectable()"),
        "{text}"
    );
    assert!(!text.contains("fn m(") && !text.contains("fn o("), "{text}");
}

#[test]
fn types_are_reduced_to_what_they_name() {
    let text = ts(
        "interface I extends J { r: Request; s?: A | null; u: 'a' | 'b' } type K = Request & { user: U };\
        let q: Pool; const p: Pool = f(), s: string = g(); h(x as any as T, <V>y, z!, w satisfies W)",
    );
    assert!(text.contains(r#"I(J) .r: Request .s: A .u: |<'a', 'b'>"#), "{text}");
    assert!(text.contains("K(Request) .user: U"), "{text}");
    assert!(
        text.contains("q = (null as Pool)") && text.contains("p = (f() as Pool)") && text.contains("s = g()"),
        "{text}"
    );
    assert!(text.contains("h(((x as any) as T), (y as V), z, (w as W))"), "{text}");
}

#[test]
fn enums_and_namespaces_are_what_they_run() {
    assert_eq!(
        body("enum R { A = 'a', B } namespace N { f() } declare module 'x' { }"),
        [r#"R = {"A": "a", "B": 1}"#, "f()"]
    );
}

#[test]
fn branches_without_braces_and_long_ladders_know_how_they_end() {
    let code = "function f(a) { if (!a) return; else if (b) { log.info(1) } else throw c; g() }";
    let facts = facts(Lang::JavaScript, code);
    let ends: Vec<_> = facts.functions[1]
        .branches
        .iter()
        .map(|b| (b.then.ends, b.then.empty, b.other.map(|o| o.ends)))
        .collect();
    assert_eq!(ends[0], (ArmEnd::Falls, true, Some(ArmEnd::Raises)));
    assert_eq!(ends[1], (ArmEnd::Returns, false, Some(ArmEnd::Falls)));
}

#[test]
fn labels_lead_past_their_own_block_only() {
    let text = js("for (;;) { here: { if (a) break here; if (b) break; c() } d() } e()");
    // From `break` in the block control leaves the loop and never meets `d`.
    assert!(text.contains("d()") && text.contains("e()"), "{text}");
    let facts = facts(Lang::JavaScript, "for (;;) { here: { break; } d() }");
    let text = dump::facts(&facts);
    assert!(text.contains("(dead): d()"), "{text}");
}

#[test]
fn a_case_says_what_its_subject_is() {
    let text = js("switch (x.y) { case 'a': case 'b': f(x.y); break; default: g() }");
    assert!(
        text.contains(r#"if (x.y === "a")"#) && text.contains(r#"if (x.y === "b")"#),
        "{text}"
    );
}

#[test]
fn finally_runs_though_the_try_returns() {
    let text = js("function f() { try { return a() } catch (e) { b(e) } finally { c() } }");
    assert!(text.contains("e = caught") && text.contains(": c()"), "{text}");
    assert!(!text.contains("(dead): c()"), "{text}");
}

#[test]
fn elements_are_calls_with_named_arguments() {
    let code = "x = <><A.B p='v' q={r} {...s} flag>t {u}{/* no */}</A.B><input/></>";
    let facts = facts(Lang::Tsx, code);
    let text = dump::facts(&facts);
    assert!(
        text.contains(r#"x = Fragment(A.B(p="v", q=r, *s, flag=true, "t", u), input())"#),
        "{text}"
    );
    assert_eq!(facts.comments.len(), 1);
}

#[test]
fn comments_are_found_everywhere_once() {
    let code = "/** a */ function f(/* b */ x: { /* c */ y: string }): /* d */ void {} // e\ninterface I { m(): void; // f\n }";
    let facts = facts(Lang::TypeScript, code);
    assert_eq!(facts.comments.len(), 6, "{:?}", facts.comments);
    assert_eq!(facts.comments.iter().filter(|c| c.doc).count(), 1);
}

#[test]
fn broken_code_keeps_what_can_be_read() {
    let facts = facts(
        Lang::JavaScript,
        "const a = exec(b;\nfunction f() { return g(1) }\nif (",
    );
    let text = dump::facts(&facts);
    assert!(!facts.unread.is_empty());
    assert!(text.contains("exec(") && text.contains("g(1)"), "{text}");
}

#[test]
fn long_and_deep_code_costs_no_stack() {
    let n = 20_000;
    let concat = format!("x = {}", vec!["a"; n].join(" + "));
    assert!(facts(Lang::JavaScript, &concat).unread.is_empty());
    let ladder = format!("{} {{}}", "if (a) b(); else ".repeat(n));
    let lowered = facts(Lang::JavaScript, &ladder);
    assert_eq!((lowered.unread.len(), lowered.module().branches.len()), (0, n));
    let chain = format!("a{}", ".b()".repeat(n));
    assert!(facts(Lang::TypeScript, &chain).unread.is_empty());
    let ternaries = format!("x = {} 1", "a ? b : ".repeat(n));
    assert!(facts(Lang::JavaScript, &ternaries).unread.is_empty());
    for deep in [
        format!("{}{}", "f(".repeat(n), ")".repeat(n)),
        format!("{}{}", "{".repeat(n), "}".repeat(n)),
        format!("x = {}{}", "[".repeat(n), "]".repeat(n)),
        format!("{}0", "x = () => ".repeat(n)),
    ] {
        assert!(
            facts(Lang::JavaScript, &deep)
                .unread
                .iter()
                .any(|u| u.why == UnreadWhy::TooDeep)
        );
    }
}

#[test]
fn a_name_declared_again_is_another_variable() {
    let facts = facts(
        Lang::JavaScript,
        "const x = 1; function f() { use(x); } function g(x) { later(); var y = x; function later() {} }
         function h() { const x = 2; { const x = 3; a(x); } b(x); for (const x of xs) c(x); try {} catch (x) { d(x) } } function y() {}",
    );
    let module = facts.names.find("x").unwrap();
    let argument_of = |callee: &str| {
        facts.functions.iter().find_map(|f| {
            f.exprs.iter().find_map(|e| match &e.kind {
                ExprKind::Call { callee: c, args, .. } => {
                    let named = matches!(f.exprs[c.ix()].kind, ExprKind::Name(n) if facts.name(n) == callee);
                    match (named, f.exprs[args.first()?.value.ix()].kind.clone()) {
                        (true, ExprKind::Name(argument)) => Some(argument),
                        _ => None,
                    }
                }
                _ => None,
            })
        })
    };
    assert_eq!(
        argument_of("use"),
        Some(module),
        "an outer variable is seen from inside"
    );
    let all: Vec<Symbol> = ["a", "b", "c", "d"].iter().filter_map(|c| argument_of(c)).collect();
    assert!(all.len() == 4 && !all.contains(&module), "{all:?}");
    assert!(all[0] != all[1] && all[1] != all[2], "{all:?}");
    let g = facts.functions.iter().find(|f| facts.name(f.name) == "g").unwrap();
    assert_ne!(g.params[0].name, module);
}
