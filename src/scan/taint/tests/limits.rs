//! Size never breaks anything, and what was not followed is said.

use super::{PYTHON, analysis_of, flask, python};
use crate::scan::engine::Budget;

#[test]
fn a_spent_budget_is_reported() {
    let code = flask("def f():\n    x = request.args['a']\n    os.system(x)\n");
    let budget = Budget {
        per_function: 3,
        per_file: 1_000,
    };
    let analysis = analysis_of("src/a.py", &code, &[PYTHON], &[], budget);
    assert!(analysis.not_examined.iter().any(|n| n.key == "steps"));
}

#[test]
fn long_chains_are_followed_without_recursion() {
    let many = 5_000;
    let sum = format!(
        "def f():\n    x = request.args['a']{}\n    os.system(x)\n",
        " + 'b'".repeat(many)
    );
    assert_eq!(python(&flask(&sum)).len(), 1);
    let steps = format!(
        "def f():\n    x = request.args['a']\n{}    os.system(x)\n",
        "    x = x + 'b'\n".repeat(many)
    );
    assert_eq!(python(&flask(&steps)).len(), 1);
    let functions: String = (0..500)
        .map(|i| format!("def f{i}(x):\n    return f{}(x)\n", i + 1))
        .collect();
    let _ = python(&flask(&format!("{functions}os.system(f0(request.args['a']))\n")));
    let branches: String = (0..1_000)
        .map(|i| format!("    if c{i}:\n        x = x + 'b'\n"))
        .collect();
    let code = format!("def f():\n    x = request.args['a']\n{branches}    os.system(x)\n");
    assert_eq!(python(&flask(&code)).len(), 1);
}

#[test]
fn the_same_file_gives_the_same_findings() {
    let code = flask(
        "def f():\n    d = {k: v for k, v in request.args.items()}\n    os.system(d['a'] + d['b'])\n    eval(d['c'])\n",
    );
    let first = format!("{:?}", python(&code));
    for _ in 0..5 {
        assert_eq!(first, format!("{:?}", python(&code)));
    }
}
