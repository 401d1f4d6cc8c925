//! Tests of values: what `equals`, `matches` and their like mean for a node of a document.

use crate::{
    lang::document::{Document, NodeId, Value},
    scan::{lazy_regex::LazyRegex, rule::ValueTest},
};

/// The tests of one matcher or condition, ready to run.
#[derive(Debug)]
pub struct Test {
    equals: Option<Vec<toml::Value>>,
    not_equals: Option<Vec<toml::Value>>,
    /// See [`ValueTest::matches`].
    pub matches: Option<LazyRegex>,
    not_matches: Option<LazyRegex>,
    below: Option<f64>,
    above: Option<f64>,
}

impl Test {
    /// From the words of a rule.
    #[must_use]
    pub fn new(test: ValueTest) -> Test {
        Test {
            equals: test.equals,
            not_equals: test.not_equals,
            matches: test.matches.as_deref().map(LazyRegex::new),
            not_matches: test.not_matches.as_deref().map(LazyRegex::new),
            below: test.below,
            above: test.above,
        }
    }

    /// True when anything at all passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let compares = self.equals.is_some() || self.not_equals.is_some();
        let searches = self.matches.is_some() || self.not_matches.is_some();
        !compares && !searches && self.below.is_none() && self.above.is_none()
    }

    /// True when the node passes all of them.
    #[must_use]
    pub fn passes(&self, document: &Document, id: NodeId, source: &[u8]) -> bool {
        let Some(node) = document.node(document.resolve(id)) else {
            return false;
        };
        let text = document.text(id, source);
        let is = |wanted: &toml::Value| same(&node.value, text, wanted);
        let number = match &node.value {
            Value::Number(n) => Some(*n),
            Value::Text(t) => t.trim().parse().ok(),
            _ => None,
        };
        let known = !node.computed;
        self.equals.as_ref().is_none_or(|all| known && all.iter().any(is))
            && self.not_equals.as_ref().is_none_or(|all| known && !all.iter().any(is))
            && self
                .matches
                .as_ref()
                .is_none_or(|r| text.is_some_and(|t| r.is_match(t.as_bytes())))
            && self
                .not_matches
                .as_ref()
                .is_none_or(|r| known && text.is_some_and(|t| !r.is_match(t.as_bytes())))
            && self
                .below
                .is_none_or(|limit| known && number.is_some_and(|n| n < limit))
            && self
                .above
                .is_none_or(|limit| known && number.is_some_and(|n| n > limit))
    }
}

/// Whether a value is the one a rule names.
fn same(value: &Value, text: Option<&str>, wanted: &toml::Value) -> bool {
    match (wanted, value) {
        (toml::Value::Boolean(b), Value::Bool(found)) => b == found,
        (toml::Value::Boolean(b), Value::Text(found)) => truth(found) == Some(*b),
        (toml::Value::Integer(n), Value::Number(found)) => *n as f64 == *found,
        (toml::Value::Float(n), Value::Number(found)) => n == found,
        (toml::Value::Integer(n), Value::Text(found)) => found.trim().parse() == Ok(*n),
        (toml::Value::Array(all), Value::List(found) | Value::Map(found)) => all.is_empty() && found.is_empty(),
        (toml::Value::String(s), Value::Null) => s.is_empty(),
        (toml::Value::String(s), _) => text == Some(s),
        _ => false,
    }
}

/// Truth values as formats without types write them.
fn truth(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}
