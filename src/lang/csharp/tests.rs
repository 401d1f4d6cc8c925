//! What C# becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang, dump,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::CSharp, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    let facts = facts(text);
    assert!(facts.unread.is_empty(), "{:?}", facts.unread);
    body_of(&facts, name)
}

/// The facts of the statements inside a method.
fn statements(text: &str) -> String {
    body(&format!("class C : D {{ void F() {{\n{text}\n}} }}"), "F")
}

fn head(text: &str, name: &str) -> String {
    let facts = facts(text);
    let found = facts.functions.iter().position(|f| facts.name(f.name) == name).unwrap();
    dump::function(&facts, FunctionId(found as u32))
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn types_are_known_by_their_plain_name_however_they_are_reached() {
    for written in [
        "SqlCommand",
        "System.Data.SqlClient.SqlCommand",
        "global::System.Data.SqlClient.SqlCommand",
    ] {
        let seen = statements(&format!("var c = new {written}(q);"));
        assert_eq!(seen, "0: c = ~new SqlCommand(q)".replace('~', ""));
    }
    let seen = statements("System.IO.File.Delete(p); System.Text.Json.JsonSerializer.Serialize(x); a.b.c(d?.e[1]);");
    assert_eq!(seen, "0: File.Delete(p)\nJsonSerializer.Serialize(x)\na.b.c(d.e[1])");
    let facts = facts("using System.IO; using static System.Math; using Cmd = System.Data.SqlClient.SqlCommand;");
    let seen: Vec<_> = facts
        .imports
        .iter()
        .map(|i| (facts.name(i.local), &*i.path, i.all))
        .collect();
    assert_eq!(
        seen,
        [
            ("", "System.IO", false),
            (".", "Math", true),
            ("Cmd", "SqlCommand", false)
        ]
    );
}

#[test]
fn a_bare_name_is_a_member_where_the_class_has_one_and_no_variable_hides_it() {
    let text = "class B { protected string q; } class C : B { string a; static int N = 1; void F(string b) { a = q + b; var q2 = Request[N]; { string a2 = a; } } class I { void G() { Use(N); } } }";
    assert_eq!(
        body(text, "F"),
        "0: this.a = (this.q ++ b)\nq2 = Request[this.N]\na2 = (this.a as string)"
    );
    assert_eq!(body(text, "G"), "0: Use(C.N)");
    assert_eq!(
        statements("string s = base.Request; this.X = s;"),
        "0: s = (this.Request as string)\nthis.X = s"
    );
}

#[test]
fn members_attributes_and_parameters() {
    let text = r#"
[ApiController] public class C : Controller {
    public string Name { get; set; } = "n";
    public string Q => Request.Query["q"];
    [HttpPost("x", Order = 1), FooAttribute]
    public async Task<IActionResult> Get([FromBody] User u, int? n = 3, params string[] rest) => Ok(u);
    static void S(out string x) { x = "a"; }
}"#;
    assert_eq!(
        head(text, "Get"),
        "fn Get(this: receiver, u: User, n: int = 3, *rest: string) -> Task<IActionResult>   method of C, async, exported, @HttpPost(\"x\", Order=1), @Foo, @ApiController"
    );
    assert_eq!(
        head(text, "Q"),
        "fn Q(this: receiver) -> string   method of C, exported, @property"
    );
    let facts = facts(text);
    let class = &facts.classes[0];
    assert_eq!(
        (class.fields.len(), class.methods.len(), class.decorators.len()),
        (1, 3, 1)
    );
    assert!(
        facts
            .functions
            .iter()
            .any(|f| f.params.iter().any(|p| p.decorators.len() == 1))
    );
}

#[test]
fn a_fragment_without_a_class_has_functions() {
    let text = "[HttpGet] public string Get(string q) { return q; }";
    assert_eq!(head(text, "Get"), "fn Get(q: string) -> string   exported, @HttpGet");
}

#[test]
fn objects_and_collections() {
    let seen = statements(
        r#"var p = new ProcessStartInfo("cmd") { Arguments = a, ["k"] = 1 };
List<string> l = new() { "a" }; var m = new Dictionary<string, int> { { "k", a }, ["z"] = 2 };
var n = new[] { 1 }; int[] o = { 2 }; var e = new string[3]; var x = new { A = 1, b.C }; var q = a with { D = 1 };"#,
    );
    let expected = r#"0: p = new ProcessStartInfo("cmd", Arguments=a, k=1)
l = (["a"] as List<string>)
m = ({"k": a, "z": 2} as Dictionary<string, int>)
n = [1]
o = ([2] as []<int>)
| 3
e = ([] as []<string>)
x = {"A": 1, "C": b.C}
q = {*a, "D": 1}"#;
    assert_eq!(seen, expected);
}

#[test]
fn texts_of_every_kind() {
    let seen = statements("var q = $\"a{x:d}{{b}}\\t\" + @\"c\"\"\" + 'd' + nameof(A.B);");
    assert_eq!(seen, "0: q = (f\"a{x}{b}\\t\" ++ \"c\\\"\" ++ \"d\" ++ \"B\")");
    assert_eq!(statements("var s = $\"\"\"{z} \"\"\";"), "0: s = f\"{z} \"");
    assert_eq!(statements("var r = $@\"{y}\"\"x\";"), "0: r = f\"{y}\\\"x\"");
}

#[test]
fn what_a_call_gives_by_an_out_argument_is_assigned_after_it() {
    let seen = statements("int n; d.TryGetValue(k, out string s); int.TryParse(t, out n); Use(ref r);");
    let expected = "0: n = (null as int)\n| s = (null as string)\n| s = (other(d.TryGetValue(k, &s)) as string)\n~d.TryGetValue(k, &s)\n| n = other(int.TryParse(t, &n))\n~int.TryParse(t, &n)\nUse(&r)";
    assert_eq!(seen, expected);
}

#[test]
fn patterns_bind_and_test() {
    let seen = statements("var r = id switch { \"a\" => 1, string q => q.Length, { Length: > 3 } => 3, _ => 4 };");
    let expected = "0: | q = (id as string)\n| true\nr = ((id == \"a\") ? 1 : ((id is string) ? q.Length : ((id.Length > 3) ? 3 : 4)))";
    assert_eq!(seen, expected);
    let seen = statements("if (o is not null && o is Foo f && f.X) { Use(f); }");
    assert!(
        seen.contains("f = (o as Foo)") && seen.contains("!(o == null) and ~(o is Foo)) and f.X)"),
        "{seen}"
    );
}

#[test]
fn a_switch_is_a_chain_of_tests_and_labels_share_statements() {
    let seen = statements(
        "switch (s) { case \"a\": case \"b\": return; case int n when n > 3: G(n); break; default: H(); break; } I();",
    );
    assert!(seen.contains("if (s in [\"a\", \"b\"]) -> "), "{seen}");
    assert!(seen.contains("if ((s is int) and (n > 3)) -> "), "{seen}");
    let facts = facts("class C { void F() { switch (s) { case 1: throw x; default: break; } } }");
    let function = facts.functions.iter().find(|f| !f.branches.is_empty()).unwrap();
    assert_eq!(function.branches[0].then.ends, ArmEnd::Raises);
}

#[test]
fn handlers_know_what_they_catch() {
    let facts = facts(
        "class C { bool F() { try { G(); } catch (IOException e) { G(e); } catch (Exception) { } finally { H(); } return true; } }",
    );
    let function = facts.functions.iter().find(|f| !f.handlers.is_empty()).unwrap();
    let seen: Vec<_> = function.handlers.iter().map(|h| (h.types.len(), h.arm.empty)).collect();
    assert_eq!(seen, [(1, false), (0, true)]);
}

#[test]
fn lambdas_queries_and_extension_methods() {
    let text = "static class E { public static string Clean(this string s, int n) => s; } class C { void F(string q) { var x = q.Clean(1).Trim(); l.Where(u => u.Id == q); h += delegate { return true; }; var r = from u in us where u.Ok select u.Name; } }";
    let seen = body(text, "F");
    assert!(seen.contains("x = E.Clean(q, 1).Trim()"), "{seen}");
    assert!(seen.contains("l.Where(fn#") && seen.contains("h += fn#"), "{seen}");
    assert!(
        seen.contains("| u <- us") && seen.contains("r = [(u.Ok ? u.Name : null)]"),
        "{seen}"
    );
}

#[test]
fn both_arms_of_conditional_compilation_are_read() {
    let seen = statements("#if X\nA();\n#else\nB();\n#endif\nC();");
    assert_eq!(seen, "0: A()\nB()\nC()");
    let facts = facts("#if X\nclass A { }\n#endif\nclass B {\n#if Y\nvoid F() { G(); }\n#endif\n}");
    assert_eq!((facts.classes.len(), facts.classes[1].methods.len()), (2, 1));
}

#[test]
fn loops_bind_their_elements() {
    let seen = statements("foreach (string t in l) Use(t); foreach (var (a, b) in d) { }");
    assert!(seen.contains("t <- l\nt = (t as string)\nUse(t)"), "{seen}");
    assert!(seen.contains("(a, b) <- d"), "{seen}");
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    assert!(statements(&format!("var x = {}\"\";", "a + ".repeat(many))).starts_with("0: x = (a ++ a"));
    assert!(statements(&format!("x{};", ".y()".repeat(many))).starts_with("0: x.y()"));
    let chain = format!(
        "class C {{ void F() {{ if (a) {{ }}{} }} }}",
        " else if (a) { }".repeat(many)
    );
    let lowered = facts(&chain);
    assert!(lowered.functions.iter().any(|f| f.branches.len() == many + 1));
    let calls = format!(
        "class C {{ void F() {{ {}x{}; }} }}",
        "f(".repeat(many),
        ")".repeat(many)
    );
    assert!(facts(&calls).unread.iter().any(|u| u.why == UnreadWhy::TooDeep));
}

#[test]
fn what_is_readable_of_a_broken_file_is_read() {
    let facts = facts("class C { void F( { db.Query(q + x); }\nvoid G() { db.Exec(y); } }");
    assert!(!facts.unread.is_empty());
    let calls = facts.functions.iter().flat_map(|f| &f.exprs);
    assert!(calls.filter(|e| matches!(e.kind, ExprKind::Call { .. })).count() >= 1);
}

#[test]
fn attributes_fill_members_and_hold_for_public_methods() {
    let text = "[Authorize] class C { [BindProperty] public string Q { get; set; } public void F() { } void G() { } }";
    assert!(body(text, "<class>").ends_with("Q = (other(BindProperty) as string)"));
    assert!(head(text, "F").ends_with("@Authorize"));
    assert!(!head(text, "G").contains('@'));
    assert_eq!(
        statements("var s = string.Concat(a, \"b\");"),
        "0: | string.Concat\ns = (a ++ \"b\")"
    );
}
