//! Patterns: `x is T y`, cases, `switch` expressions. A pattern becomes the test it makes; what it binds is assigned on the way.

use super::{CSharp, children, expression::known_operator};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    /// `x is T`.
    pub(super) fn is_type(&mut self, node: Node<'_>) -> ExprId {
        let of = |field| node.child_by_field_name(field);
        let (Some(left), Some(ty)) = (of("left"), of("right")) else {
            return self.anything(node);
        };
        let left = self.expression(left);
        let right = self.type_path(ty);
        self.push(ExprKind::Binary { op: "is", left, right }, node)
    }

    /// `x is <pattern>`.
    pub(super) fn is_pattern(&mut self, node: Node<'_>) -> ExprId {
        let of = |field| node.child_by_field_name(field);
        let (Some(subject), Some(pattern)) = (of("expression"), of("pattern")) else {
            return self.anything(node);
        };
        let subject = self.expression(subject);
        let mut test = self.pattern(pattern, subject);
        for (op, right) in trailing(pattern).into_iter().rev() {
            let operands = vec![test, self.expression(right)];
            test = self.push(ExprKind::Logic { op, operands }, node);
        }
        // The whole is what readers see.
        self.push(ExprKind::Same(test), node)
    }

    /// The test that a pattern makes of `subject`.
    pub(super) fn pattern(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        let test = self.deeper(node, |cs| cs.pattern_inside(node, subject));
        test.unwrap_or_else(|| self.push(ExprKind::Other(vec![subject]), node))
    }

    fn pattern_inside(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        let parts = children(node);
        match node.kind() {
            "constant_pattern" | "parenthesized_pattern" => match parts.first() {
                Some(inner) if node.kind() == "parenthesized_pattern" => self.pattern(*inner, subject),
                Some(value) => self.equals(*value, subject, node),
                None => self.push(ExprKind::Other(vec![subject]), node),
            },
            "discard" => self.push(ExprKind::Bool(true), node),
            "var_pattern" => {
                self.designation(node, subject, None);
                self.push(ExprKind::Bool(true), node)
            }
            "type_pattern" | "declaration_pattern" => self.typed_pattern(node, subject),
            "recursive_pattern" => self.recursive_pattern(node, subject),
            "negated_pattern" => {
                let inner = parts.first().map(|p| self.pattern(*p, subject));
                let operand = inner.unwrap_or(subject);
                self.push(ExprKind::Unary { op: "!", operand }, node)
            }
            "and_pattern" | "or_pattern" => self.joined_patterns(node, subject),
            "relational_pattern" => {
                let sign = self.str(node);
                let sign: String = sign.chars().take_while(|c| matches!(c, '<' | '>' | '=')).collect();
                let right = parts.first().map(|p| self.expression(constant_of(*p)));
                match (known_operator(&sign), right) {
                    (Some(op), Some(right)) => {
                        let left = subject;
                        self.push(ExprKind::Binary { op, left, right }, node)
                    }
                    _ => self.push(ExprKind::Other(vec![subject]), node),
                }
            }
            "list_pattern" | "positional_pattern_clause" | "subpattern" => {
                self.push(ExprKind::Other(vec![subject]), node)
            }
            // A plain expression as a case.
            _ => self.equals(node, subject, node),
        }
    }

    fn equals(&mut self, value: Node<'_>, left: ExprId, node: Node<'_>) -> ExprId {
        let right = self.expression(constant_of(value));
        self.push(ExprKind::Binary { op: "==", left, right }, node)
    }

    /// `a or b or c`: chains lean to the left and are read without recursion.
    fn joined_patterns(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        let kind = node.kind();
        let op = if kind == "and_pattern" {
            LogicOp::And
        } else {
            LogicOp::Or
        };
        let mut rights = Vec::new();
        let mut current = node;
        while current.kind() == kind {
            let (Some(left), Some(right)) = (
                current.child_by_field_name("left"),
                current.child_by_field_name("right"),
            ) else {
                break;
            };
            rights.push(right);
            current = left;
        }
        let mut operands = vec![self.pattern(current, subject)];
        while let Some(right) = rights.pop() {
            operands.push(self.pattern(right, subject));
        }
        self.push(ExprKind::Logic { op, operands }, node)
    }

    fn typed_pattern(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        let ty = node.child_by_field_name("type");
        self.designation(node, subject, ty);
        let right = match ty {
            Some(ty) => self.type_path(ty),
            None => self.push(ExprKind::Other(Vec::new()), node),
        };
        let left = subject;
        self.push(ExprKind::Binary { op: "is", left, right }, node)
    }

    /// `T { A: pattern } name`.
    fn recursive_pattern(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        let ty = node.child_by_field_name("type");
        self.designation(node, subject, ty);
        let mut operands = Vec::new();
        for clause in children(node) {
            if clause.kind() != "property_pattern_clause" {
                continue;
            }
            for part in children(clause) {
                if let [name, pattern] = children(part)[..] {
                    let member = self.member_of(subject, name);
                    operands.push(self.pattern(pattern, member));
                }
            }
        }
        let op = LogicOp::And;
        match operands[..] {
            [] => self.push(ExprKind::Other(vec![subject]), node),
            [one] => one,
            _ => self.push(ExprKind::Logic { op, operands }, node),
        }
    }

    /// `A` or `A.B` of the subject.
    fn member_of(&mut self, subject: ExprId, path: Node<'_>) -> ExprId {
        let written = self.str(path).into_owned();
        let mut base = subject;
        for name in written.split('.') {
            let (name, name_span) = (self.cx.b.symbol(name.trim()), self.span(path));
            base = self.push(ExprKind::Member { base, name, name_span }, path);
        }
        base
    }

    /// Binds the name a pattern gives to what it matched.
    fn designation(&mut self, node: Node<'_>, subject: ExprId, ty: Option<Node<'_>>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let value = match ty.and_then(|t| self.type_ref(t)) {
            Some(ty) => self.push(ExprKind::Cast { value: subject, ty }, name),
            None => subject,
        };
        let target = Box::new(Target::Name(self.declare(name), self.span(name)));
        let mode = AssignMode::Plain;
        self.push(ExprKind::Assign { target, value, mode }, node);
    }

    // ---- `switch` expressions

    /// `x switch { p => a, q when t => b, _ => c }`: nested conditionals, last first.
    pub(super) fn switch_expression(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let Some((subject, arms)) = parts.split_first() else {
            return self.anything(node);
        };
        let subject = self.expression(*subject);
        let mut lowered = Vec::new();
        for arm in arms.iter().filter(|a| a.kind() == "switch_expression_arm") {
            lowered.extend(self.arm(*arm, subject));
        }
        let Some((_, mut value)) = lowered.pop() else {
            return self.push(ExprKind::Other(vec![subject]), node);
        };
        while let Some((test, then)) = lowered.pop() {
            let other = value;
            value = self.push(ExprKind::Ternary { test, then, other }, node);
        }
        value
    }

    fn arm(&mut self, arm: Node<'_>, subject: ExprId) -> Option<(ExprId, ExprId)> {
        let parts = children(arm);
        let (pattern, value) = (parts.first()?, parts.last()?);
        self.scopes.open();
        let mut test = self.pattern(*pattern, subject);
        if let Some(guard) = parts.iter().find(|p| p.kind() == "when_clause") {
            let guard = children(*guard).first().map(|g| self.expression(*g));
            let operands = std::iter::once(test).chain(guard).collect();
            let op = LogicOp::And;
            test = self.push(ExprKind::Logic { op, operands }, *pattern);
        }
        let value = self.expression(*value);
        self.scopes.close();
        Some((test, value))
    }
}

/// The grammar reads `x is not null && y` as the constant `null && y`: the constant alone.
fn constant_of<'n>(value: Node<'n>) -> Node<'n> {
    let mut current = value;
    while let Some(left) = connective(current).and_then(|_| current.child_by_field_name("left")) {
        current = left;
    }
    current
}

/// What stands behind the constant at the end of a pattern, outermost first.
fn trailing<'n>(pattern: Node<'n>) -> Vec<(LogicOp, Node<'n>)> {
    let mut current = pattern;
    loop {
        let inner = match current.kind() {
            "negated_pattern" | "constant_pattern" | "relational_pattern" => children(current).pop(),
            "and_pattern" | "or_pattern" => current.child_by_field_name("right"),
            _ => None,
        };
        match inner {
            Some(inner) => current = inner,
            None => break,
        }
    }
    let mut all = Vec::new();
    while let (Some(op), Some(left)) = (connective(current), current.child_by_field_name("left")) {
        all.extend(current.child_by_field_name("right").map(|right| (op, right)));
        current = left;
    }
    all
}

fn connective(node: Node<'_>) -> Option<LogicOp> {
    if node.kind() != "binary_expression" {
        return None;
    }
    match node.child_by_field_name("operator")?.kind() {
        "&&" => Some(LogicOp::And),
        "||" => Some(LogicOp::Or),
        _ => None,
    }
}
