//! What PHP becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Php, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    body_of(&facts(text), name)
}

fn statements(text: &str) -> String {
    body(&format!("<?php\n{text}\n"), "<module>")
}

#[test]
fn output_between_tags_is_echoed_and_text_is_not_code() {
    let page = "<p><?= $a ?></p><?php if ($b): ?><i><?= $c ?></i><?php else: ?>x<?= $d ?><?php endif; ?>";
    let seen = body(page, "<module>");
    for echoed in ["echo(a)", "echo(c)", "echo(d)"] {
        assert!(seen.contains(echoed), "{seen}");
    }
    assert!(seen.contains("if b -> 1 else 2"), "{seen}");
}

#[test]
fn a_part_of_a_file_without_tags_is_code() {
    assert_eq!(
        body("$q = \"a\" . $x;\n$db->query($q);", "<module>"),
        "0: q = (\"a\" ++ x)\ndb.query(q)"
    );
    assert_eq!(body("<b>$5</b>", "<module>"), "0:");
}

#[test]
fn text_is_put_together_from_all_its_forms() {
    let seen = statements("$q = \"a {$x['k']} $y[key] $o->p \\$z\\n\" . 'b\\'' . CHAR;\n$h = <<<T\nid={$x}\nT;");
    let expected = "0: q = (f\"a {x[\"k\"]} {y[\"key\"]} {o.p} $z\\n\" ++ \"b'\" ++ CHAR)\nh = f\"id={x}\"";
    assert_eq!(seen, expected);
}

#[test]
fn what_is_written_as_a_statement_is_a_call() {
    let seen =
        statements("echo $a, 'b'; print($c); include $d . '.php'; `ls $e`; $f($g); new $h($i); $$j = 1; exit('x');");
    let expected = "0: echo(a, \"b\")\nprint(c)\ninclude((d ++ \".php\"))\nshell_exec(f\"ls {e}\")\ncall_user_func(f, g)\nnew_instance(h, i)\nGLOBALS[j] = 1\nexit(\"x\")\nraise";
    assert_eq!(seen, expected);
}

#[test]
fn what_is_short_for_two_calls_is_both() {
    let seen = statements(
        "printf('%d', $n); $x = filter_input(INPUT_GET, 'x', FILTER_VALIDATE_INT); $b = file_get_contents('php://input');",
    );
    assert_eq!(
        seen,
        "0: echo(sprintf(\"%d\", n))\nx = filter_var(_GET[\"x\"], FILTER_VALIDATE_INT)\nb = HTTP_RAW_POST_DATA"
    );
}

#[test]
fn each_function_has_variables_of_its_own() {
    let text = "<?php $x = $_GET['x']; function f($y) { global $g; return $x . $y; } $h = function ($a) use ($x) { return $x . $a; }; $k = fn($a) => $x . $a;";
    let facts = facts(text);
    let symbols = |function: usize, name: &str| -> Vec<Symbol> {
        let all = facts.functions[function].exprs.iter().filter_map(|e| match e.kind {
            ExprKind::Name(s) if facts.name(s) == name => Some(s),
            _ => None,
        });
        all.collect()
    };
    let assigned = facts.functions[0].exprs.iter().find_map(|e| match &e.kind {
        ExprKind::Assign { target, .. } => match **target {
            Target::Name(s, _) if facts.name(s) == "x" => Some(s),
            _ => None,
        },
        _ => None,
    });
    let x = assigned.unwrap();
    assert_ne!(symbols(1, "x"), [x]);
    assert_eq!(symbols(2, "x"), [x]);
    assert_eq!(symbols(3, "x"), [x]);
    assert_eq!(symbols(0, "_GET"), [facts.names.find("_GET").unwrap()]);
}

#[test]
fn a_class_is_known_by_its_last_name_too() {
    let facts = facts(
        "<?php use App\\Models\\{User, Post as P}; use PDO; class A extends \\Base\\B { private ?PDO $db; function __construct(private Logger $log) {} private function f(): ?string {} }",
    );
    let imports: Vec<_> = facts.imports.iter().map(|i| (facts.name(i.local), &*i.path)).collect();
    let expected = [
        ("User", "App.Models.User"),
        ("User", "User"),
        ("P", "App.Models.Post"),
        ("P", "Post"),
        ("PDO", "PDO"),
    ];
    assert_eq!(imports, expected);
    let class = &facts.classes[0];
    assert_eq!(facts.name(class.bases[0].name), "B");
    let fields: Vec<_> = class.fields.iter().map(|f| facts.name(f.name)).collect();
    assert_eq!(fields, ["db", "log"]);
    let methods: Vec<_> = class.methods.iter().map(|m| &facts.functions[m.ix()]).collect();
    assert_eq!(methods[0].kind, FunctionKind::Constructor);
    assert!(methods[0].exported && !methods[1].exported);
}

#[test]
fn arrays_lists_and_appending() {
    let seen = statements("$a = [1, 'k' => $v, ...$w]; $b[] = $c; [$d, , $e] = $f; ['k' => $g] = $h;");
    let expected = "0: a = {0: 1, \"k\": v, **w}\nb += [c]\n(d, _, e) = f\n{k: g} = h";
    assert_eq!(seen, expected);
}

#[test]
fn what_leaves_ends_its_arm() {
    let facts = facts(
        "<?php if (!$ok) { header('x'); exit; } elseif ($b) { throw new E(); } $r = f() or die('x'); if ($c) { error_log('y'); }",
    );
    let ends: Vec<_> = facts.functions[0]
        .branches
        .iter()
        .map(|b| (b.then.ends, b.then.empty))
        .collect();
    assert!(ends.iter().filter(|e| e.0 == ArmEnd::Raises).count() == 3, "{ends:?}");
    assert!(ends.contains(&(ArmEnd::Falls, true)), "{ends:?}");
}

#[test]
fn a_switch_is_a_chain_of_tests_unless_it_falls_through() {
    let chain = statements("switch ($s) { case 'a': case 'b': f(); break; default: g(); }");
    assert!(chain.contains("if (s in [\"a\", \"b\"]) -> "), "{chain}");
    let falls = statements("switch ($s) { case 'a': f(); case 'b': g(); break; }");
    assert!(!falls.contains("if (s"), "{falls}");
    let matched = statements("$x = match($s) { 'a', 'b' => 1, default => 2 };");
    assert!(matched.contains("((<match> in [\"a\", \"b\"]) ? 1 : 2)"), "{matched}");
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    let sum = format!("$x = {}'';", "$a . ".repeat(many));
    assert!(statements(&sum).starts_with("0: x = (a ++ a"));
    let chain = format!("<?php if ($a) {{ }}{}", " elseif ($a) { }".repeat(many));
    assert_eq!(facts(&chain).functions[0].branches.len(), many + 1);
    let calls = format!("<?php {}$x{};", "f(".repeat(many), ")".repeat(many));
    assert_eq!(facts(&calls).unread[0].why, UnreadWhy::TooDeep);
}
