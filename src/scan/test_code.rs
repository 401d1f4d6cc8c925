//! Rust code that only a test build holds: functions under `#[test]` or `#[cfg(test)]`, and what is written in them. The compiler leaves it out of
//! the program, so unlike a name or a comment it is more than a promise.

use super::taint::file::File;
use crate::lang::{Lang, facts::*};

/// True when `id`, or a function it is written in, is compiled for tests only.
#[must_use]
pub fn is_test_code(file: &File<'_>, id: FunctionId) -> bool {
    if file.facts.lang != Lang::Rust {
        return false;
    }
    let mut at = Some(id);
    while let Some(id) = at {
        let function = file.function(id);
        if let Some(parent) = function.parent {
            let outer = file.function(parent);
            if function
                .decorators
                .iter()
                .any(|d| only_for_tests(file.facts, outer, *d))
            {
                return true;
            }
        }
        at = function.parent;
    }
    false
}

/// True for `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(all(test, ..))]`.
fn only_for_tests(facts: &Facts, outer: &Function, attribute: ExprId) -> bool {
    let named = |id: ExprId, name: &str| match &outer.exprs[id.ix()].kind {
        ExprKind::Name(symbol) | ExprKind::Member { name: symbol, .. } => facts.name(*symbol) == name,
        _ => false,
    };
    let ExprKind::Call { callee, args, .. } = &outer.exprs[attribute.ix()].kind else {
        return named(attribute, "test");
    };
    let demands = |arg: &Arg| match &outer.exprs[arg.value.ix()].kind {
        ExprKind::Call { callee, args, .. } => named(*callee, "all") && args.iter().any(|a| named(a.value, "test")),
        _ => named(arg.value, "test"),
    };
    named(*callee, "test") || (named(*callee, "cfg") && args.iter().any(demands))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use crate::scan::{engine::Budget, testing::analysis_of};

    const MODEL: &str = r#"
schema = 1
languages = ["rust"]
about = "a test"
[[sink]]
path = ["db.run"]
kind = "sql"
"#;

    /// True when the finding in `run` is held to be in test code.
    fn aside(head: &str) -> bool {
        let code = format!(
            "{head} pub fn run(x: String) {{ db::run(format!(\"select {{x}}\")); }} {}",
            if head.contains("mod") { "}" } else { "" }
        );
        let found = analysis_of("src/lib.rs", &code, &[MODEL], &[], Budget::default()).candidates;
        found[0].finding.arguments.iter().any(|a| a.key == "test-code")
    }

    #[test]
    fn only_what_the_compiler_leaves_out_is_test_code() {
        for test in [
            "#[test]",
            "#[tokio::test]",
            "#[cfg(test)] mod tests {",
            "#[cfg(all(test, unix))] mod m {",
            "#[tokio::test(flavor = \"x\")]",
        ] {
            assert!(aside(test), "{test}");
        }
        for other in [
            "",
            "mod tests {",
            "#[cfg(not(test))] mod m {",
            "#[cfg(any(test, unix))] mod m {",
            "#[inline]",
            "// test",
        ] {
            let other = if other.starts_with("//") { "// test\n" } else { other };
            assert!(!aside(other), "{other}");
        }
    }
}
