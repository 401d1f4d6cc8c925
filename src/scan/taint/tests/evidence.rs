//! The case as it is told: steps, arguments, confidence, identity.

use super::{flask, python};
use crate::scan::{Confidence, StepKind, Tier, engine::Budget};

#[test]
fn the_way_of_a_value_in_words() {
    let found = python(&flask(
        r#"
def clean(x):
    return x
def f():
    name = clean(request.args["name"])
    sql = f"SELECT {name}"
    conn.execute(sql)
"#,
    ));
    let finding = &found[0].finding;
    let notes: Vec<&str> = finding.steps.iter().map(|s| s.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            "comes from the request",
            "is returned by `clean()` unchanged",
            "is put into the text of an f-string",
            "reaches `conn.execute`"
        ]
    );
    assert_eq!(finding.steps[0].kind, StepKind::Source);
    assert_eq!(finding.steps[3].kind, StepKind::Sink);
    assert_eq!(finding.message, "The request reaches conn.execute");
    assert_eq!(finding.confidence, Confidence::High);
    assert!(finding.arguments.iter().any(|a| a.key == "sanitiser-returns-input"));
    assert_eq!(finding.place.within.as_deref(), Some("f"));
}

#[test]
fn what_is_only_assumed_costs_confidence_and_is_said() {
    let found = python(&flask(
        "from x import clean\ndef f():\n    os.system(clean(request.args['a']))\n",
    ));
    let finding = &found[0].finding;
    assert_eq!(finding.confidence, Confidence::Medium);
    assert!(
        finding.steps.iter().any(|s| s.note.contains("assumed to pass it on")),
        "{:?}",
        finding.steps
    );
}

#[test]
fn the_operators_own_values_are_for_audits() {
    let found = python(&flask("os.system('ls ' + os.environ['X'])\n"));
    assert_eq!(
        (found[0].finding.tier, found[0].finding.confidence),
        (Tier::Audit, Confidence::Low)
    );
}

#[test]
fn identity_survives_what_does_not_matter() {
    let print = |code: &str| {
        let found = python(&flask(code));
        assert_eq!(found.len(), 1, "{code}");
        found[0].finding.fingerprint.clone()
    };
    let plain = print("def f():\n    os.system('ls ' + request.args['a'])\n");
    assert_eq!(
        plain,
        print("import json\n\n\ndef f():\n    # comment\n    os.system(\"ls \" +\n        request.args[\"a\"])\n")
    );
    assert_ne!(plain, print("def g():\n    os.system('ls ' + request.args['a'])\n"));
    assert_ne!(plain, print("def f():\n    os.system('rm ' + request.args['a'])\n"));
}

#[test]
fn equal_findings_are_told_apart_by_their_order() {
    let found = python(&flask(
        "def f():\n    os.system(request.args['a'])\n    os.system(request.args['a'])\n",
    ));
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].finding.fingerprint, found[1].finding.fingerprint);
}

#[test]
fn comments_and_names_change_nothing() {
    let code = "def f():\n    os.system(request.args['a'])";
    let plain = python(&flask(code));
    let dressed = python(&flask(&format!("{code}  # nosec: validated above, safe")));
    assert_eq!(plain[0].finding.confidence, dressed[0].finding.confidence);
    assert_eq!(plain[0].finding.arguments, dressed[0].finding.arguments);
}

#[test]
fn tests_are_milder() {
    let code = flask("def f():\n    os.system(request.args['a'])\n");
    let found = super::analysis_of("tests/test_a.py", &code, &[super::PYTHON], &[], Budget::default()).candidates;
    assert!(found[0].finding.confidence < Confidence::High);
    assert!(found[0].finding.arguments.iter().any(|a| a.key == "test-code"));
}

/// A second rule for the same kind of sink.
const OTHER: &str = r#"
schema = 1
id = "test/other"
category = "command-injection"
title = "other"
severity = "low"
cwe = [1]
languages = ["python"]
why = "-"
check = "-"
[[taint]]
sink = "shell"
id = "first"
message = "{source} to {sink}"
unknown = true
from = ["http", "message"]
[[fix]]
title = "one"
verb = "wrap"
of = "first"
callee = ["os.system"]
[[fix]]
title = "two"
verb = "wrap"
callee = ["subprocess.run"]
[[fix]]
title = "three"
verb = "wrap"
of = "second"
"#;

fn with_other(code: &str) -> Vec<crate::scan::engine::Candidate> {
    super::analysis_of(
        "src/app.py",
        &flask(code),
        &[super::PYTHON],
        &[OTHER],
        Budget::default(),
    )
    .candidates
}

#[test]
fn one_finding_for_a_sink_and_the_other_rules_in_it() {
    let found = with_other("def f():\n    os.system(request.args['a'])\n");
    assert_eq!(found.len(), 1);
    assert_eq!(&*found[0].finding.rule, "test/command-injection");
    assert_eq!(found[0].finding.also, ["test/other".into()]);
}

#[test]
fn what_has_no_known_origin_is_for_audits_and_only_when_asked() {
    let found = with_other("def f():\n    os.system('ls ' + settings.path)\n");
    assert_eq!(found.len(), 1);
    let finding = &found[0].finding;
    assert_eq!(
        (&*finding.rule, finding.tier, finding.confidence),
        ("test/other", Tier::Audit, Confidence::Low)
    );
    assert_eq!(found[0].matcher.as_deref(), Some("first"));
    assert_eq!(found[0].fixes, [0]);
    assert!(python(&flask("def f():\n    os.system('ls ' + settings.path)\n")).is_empty());
    assert!(with_other("X = 'a'\ndef f():\n    os.system('ls ' + X)\n").is_empty());
}

#[test]
fn a_rule_may_say_whose_values_count() {
    let found = with_other("def f(name):\n    os.system('ls ' + name)\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].finding.also.is_empty());
}

#[test]
fn what_stands_on_assumptions_alone_is_for_audits() {
    let found = python(&flask(
        "from x import a, b\ndef f():\n    os.system(a(b(request.args['q'])))\ndef g(q):\n    os.system(a(b('ls ' + q)))\n",
    ));
    let tiers: Vec<_> = found.iter().map(|c| c.finding.tier).collect();
    assert_eq!(tiers, [Tier::Default, Tier::Audit]);
}
