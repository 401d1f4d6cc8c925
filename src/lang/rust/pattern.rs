//! Patterns: what they bind, and what they test.

use super::{Rust, children, first_child, is_comment};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Rust<'_, '_> {
    /// What a pattern binds, declared in the innermost scope. A wrapper of one value (`Some(x)`, `Json(x)`) is that value.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Target {
        self.deeper(node, |rust| rust.pattern_inside(node))
            .unwrap_or(Target::Ignore)
    }

    fn pattern_inside(&mut self, node: Node<'_>) -> Target {
        match node.kind() {
            "identifier" | "shorthand_field_identifier" if self.is_constant(node) => Target::Ignore,
            "identifier" | "shorthand_field_identifier" => Target::Name(self.declare(node), self.span(node)),
            "mut_pattern" | "ref_pattern" | "reference_pattern" | "parenthesized_pattern" => {
                let inner = children(node).into_iter().find(|c| c.kind() != "mutable_specifier");
                inner.map_or(Target::Ignore, |i| self.pattern(i))
            }
            // All alternatives bind the same names.
            "or_pattern" => first_child(node).map_or(Target::Ignore, |i| self.pattern(i)),
            "captured_pattern" => first_child(node).map_or(Target::Ignore, |i| self.pattern(i)),
            "tuple_pattern" | "slice_pattern" => self.elements(&elements_of(node)),
            "tuple_struct_pattern" => match &elements_of(node)[1..] {
                [only] => self.pattern(*only),
                several => self.elements(several),
            },
            "struct_pattern" => self.field_patterns(node),
            _ => Target::Ignore,
        }
    }

    fn elements(&mut self, patterns: &[Node<'_>]) -> Target {
        let targets: Vec<_> = patterns.iter().map(|p| self.element(*p)).collect();
        match targets.iter().all(|t| matches!(t, Target::Ignore)) {
            true => Target::Ignore,
            false => Target::Tuple(targets),
        }
    }

    fn element(&mut self, node: Node<'_>) -> Target {
        match node.kind() {
            "remaining_field_pattern" => Target::Rest(Box::new(Target::Ignore)),
            _ => self.pattern(node),
        }
    }

    fn field_patterns(&mut self, node: Node<'_>) -> Target {
        let mut fields = Vec::new();
        for field in children(node) {
            let Some(name) = field.child_by_field_name("name") else {
                continue;
            };
            let target = match field.child_by_field_name("pattern") {
                Some(pattern) => self.pattern(pattern),
                None => Target::Name(self.declare(name), self.span(name)),
            };
            fields.push((self.name_symbol(name), target));
        }
        match fields.is_empty() {
            true => Target::Ignore,
            false => Target::Fields(fields),
        }
    }

    /// The name of a pattern that is only one.
    pub(super) fn plain_name<'n>(&self, node: Node<'n>) -> Option<Node<'n>> {
        let mut current = node;
        loop {
            current = match current.kind() {
                "identifier" => return Some(current),
                "mut_pattern" | "ref_pattern" | "reference_pattern" => children(current)
                    .into_iter()
                    .find(|c| c.kind() != "mutable_specifier")?,
                _ => return None,
            };
        }
    }

    /// True for a pattern that every value matches.
    pub(super) fn always_matches(&self, node: Node<'_>) -> bool {
        node.kind() == "_" || self.plain_name(node).is_some_and(|name| !self.is_constant(name))
    }

    /// An identifier in a pattern names a constant or variant, and binds nothing, when it is capitalised.
    fn is_constant(&self, node: Node<'_>) -> bool {
        self.str(node).chars().next().is_some_and(char::is_uppercase)
    }

    // ---- as a test

    /// The test whether `value` matches: a comparison for literals and constants, a binding for the rest.
    pub(super) fn pattern_test(&mut self, value: ExprId, pattern: Node<'_>, at: Node<'_>) -> ExprId {
        let inner = self.unwrapped(pattern);
        if let Some(right) = self.constant_pattern(inner) {
            let (op, left) = ("==", value);
            return self.push(ExprKind::Binary { op, left, right }, at);
        }
        if inner.kind() == "or_pattern" {
            let alternatives = alternatives_of(inner);
            let constants: Option<Vec<_>> = alternatives
                .iter()
                .map(|a| {
                    let bare = self.unwrapped(*a);
                    self.constant_pattern(bare)
                })
                .collect();
            if let Some(constants) = constants {
                let right = self.push(ExprKind::Sequence(constants), inner);
                let (op, left) = ("in", value);
                return self.push(ExprKind::Binary { op, left, right }, at);
            }
        }
        let target = self.pattern(pattern);
        if matches!(target, Target::Ignore) {
            return self.push(ExprKind::Other(vec![value]), at);
        }
        let (target, mode) = (Box::new(target), AssignMode::Plain);
        self.push(ExprKind::Assign { target, value, mode }, at)
    }

    /// The pattern inside wrappers of one value.
    fn unwrapped<'n>(&self, pattern: Node<'n>) -> Node<'n> {
        let mut current = pattern;
        loop {
            let inner = match current.kind() {
                "tuple_struct_pattern" => match elements_of(current)[..] {
                    [_, only] => Some(only),
                    _ => None,
                },
                "reference_pattern" => first_child(current),
                _ => None,
            };
            match inner {
                Some(inner) => current = inner,
                None => return current,
            }
        }
    }

    /// A literal or the path of a constant; `None` for other patterns.
    fn constant_pattern(&mut self, node: Node<'_>) -> Option<ExprId> {
        match node.kind() {
            "string_literal" | "raw_string_literal" | "char_literal" | "integer_literal" | "float_literal"
            | "boolean_literal" | "scoped_identifier" => Some(self.expression(node)),
            "negative_literal" => {
                let text = self.str(node).into_owned();
                Some(self.push(ExprKind::Num(text.into()), node))
            }
            "identifier" if self.is_constant(node) => Some(self.expression(node)),
            _ => None,
        }
    }
}

/// The parts of a tuple or slice pattern, `_` included, which has no name in the grammar. The first of a tuple struct is its path.
fn elements_of<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    let all = node.children(&mut cursor).filter(|c| !is_comment(c));
    all.filter(|c| c.is_named() || c.kind() == "_").collect()
}

/// The alternatives of `a | b | c`, which the grammar nests to the left.
fn alternatives_of<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut found = Vec::new();
    let mut current = node;
    while current.kind() == "or_pattern" {
        let parts = elements_of(current);
        let Some((first, rest)) = parts.split_first() else {
            break;
        };
        found.extend(rest.iter().rev());
        current = *first;
    }
    found.push(current);
    found.reverse();
    found
}
