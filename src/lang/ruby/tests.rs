//! What Ruby becomes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::lang::{
    Lang,
    facts::*,
    testing::{body_of, facts_of},
};

fn facts(text: &str) -> Facts {
    facts_of(Lang::Ruby, text)
}

/// The lines of one function of a file, without head.
fn body(text: &str, name: &str) -> String {
    body_of(&facts(text), name)
}

fn statements(text: &str) -> String {
    body(text, "<module>")
}

#[test]
fn a_name_nobody_assigned_is_a_call() {
    let seen = statements("id = params[:id]\nname = request.headers['X']\nsystem id\nputs gets");
    let expected = "0: id = params()[\"id\"]\nname = request().headers()[\"X\"]\nsystem(id)\nputs(gets())";
    assert_eq!(seen, expected);
}

#[test]
fn text_is_put_together_from_all_its_forms() {
    let seen = statements(
        "x = 1\nq = \"a #{x}\" + 'b' + <<~SQL\n  where #{x}\nSQL\nr = \"%s-%s\" % [x, y]\ns = %w[a b]\nt = \"a\" \"b\"\nq << x\nu = \"a\" << x << \"b\"",
    );
    let expected = "0: x = 1\nq = (f\"a {x}\" ++ \"b\" ++ f\"  where {x}\\n\")\nr = \"%s-%s\" % (x, y())\ns = [\"a\", \"b\"]\nt = \"ab\"\nq += x\nu = ((\"a\" ++ x) ++ \"b\")";
    assert_eq!(seen, expected);
}

#[test]
fn a_list_grows_by_an_element_and_text_by_text() {
    let seen = statements("a = []\na << x << y\nb = ''\nb << z");
    assert_eq!(seen, "0: a = []\n| a += [x()]\na += [y()]\nb = \"\"\nb += z()");
}

#[test]
fn backticks_blocks_and_construction_are_calls() {
    let seen = statements("`ls #{x}`\n%x(id)\nxs.each do |x| p x end\nHTTP.new(h)\nf = ->(v) { v }\nf.call(1)");
    let expected = "0: `(f\"ls {x()}\")\n`(\"id\")\nxs().each(block=fn#1)\nnew HTTP(h())\nf = fn#2\nf(1)";
    assert_eq!(seen, expected);
}

#[test]
fn the_last_value_of_a_method_is_what_it_gives_back() {
    let seen = body(
        "def f(a)\n  if a\n    b = g(a)\n    h(b)\n  else\n    nil\n  end\nend",
        "f",
    );
    assert!(seen.contains("return h(b)") && seen.contains("return null"), "{seen}");
    let given = statements("x = if a then b else c end");
    assert!(given.contains("<0> = b()") && given.contains("x = <0>"), "{given}");
}

#[test]
fn each_method_has_variables_of_its_own_and_a_block_sees_those_around_it() {
    let facts = facts("x = 1\ndef f\n  x = 2\n  [1].each { |y| x }\nend");
    let assigned: Vec<Symbol> = facts
        .functions
        .iter()
        .flat_map(|f| &f.exprs)
        .filter_map(|e| match &e.kind {
            ExprKind::Assign { target, .. } => match **target {
                Target::Name(s, _) => Some(s),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_ne!(assigned[0], assigned[1]);
    let read = facts.functions[2].exprs.iter().find_map(|e| match e.kind {
        ExprKind::Name(s) => Some(s),
        _ => None,
    });
    assert_eq!(read, Some(assigned[1]));
}

#[test]
fn a_class_knows_its_methods_fields_and_constants() {
    let text = "class A::B < Base::C\n  include D\n  K = 1\n  attr_reader :x\n  def initialize(x)\n    @x = x\n  end\n  def go\n    help(x, K)\n  end\n  private\n  def help(*a)\n  end\nend";
    let facts = facts(text);
    let class = &facts.classes[0];
    let bases: Vec<_> = class.bases.iter().map(|b| facts.name(b.name)).collect();
    assert_eq!((facts.name(class.name), &bases[..]), ("B", &["Base.C", "D"][..]));
    let exported: Vec<_> = class.methods.iter().map(|m| facts.functions[m.ix()].exported).collect();
    assert_eq!(exported, [true, true, false]);
    assert_eq!(body(text, "initialize"), "0: self.@x = x");
    assert_eq!(body(text, "go"), "0: return self.help(self.@x, self.K)");
}

#[test]
fn what_leaves_ends_its_arm() {
    let facts = facts(
        "def f\n  raise E unless ok\n  return 1 if b\n  render(:x) and return\n  begin\n    g\n  rescue E => e\n    nil\n  end\nend",
    );
    let ends: Vec<_> = facts.functions[1].branches.iter().map(|b| b.then.ends).collect();
    assert_eq!(ends, [ArmEnd::Raises, ArmEnd::Returns, ArmEnd::Returns]);
    assert!(facts.functions[1].handlers[0].arm.empty);
}

#[test]
fn case_compares_matches_and_asks_for_the_class() {
    let seen = statements("x = y\ncase x\nwhen 1, 2 then a\nwhen /b/ then c\nwhen Foo then d\nend");
    for test in ["(x in [1, 2])", "x.match?(\"b\")", "x.is_a?(Foo)"] {
        assert!(seen.contains(test), "{seen}");
    }
}

#[test]
fn length_is_no_depth_and_depth_is_reported() {
    let many = 20_000;
    let sum = format!("a = ''\nx = {}''", "a + ".repeat(many));
    assert!(statements(&sum).contains("x = (a ++ a"));
    let chain = format!("if a\n{}end", "elsif a\n".repeat(many));
    assert_eq!(facts(&chain).functions[0].branches.len(), many + 1);
    let calls = format!("{}x{}", "f(".repeat(many), ")".repeat(many));
    assert_eq!(facts(&calls).unread[0].why, UnreadWhy::TooDeep);
}
