//! Arithmetic, comparisons, assignments, addresses.

use super::{C, children};
use crate::lang::adapter::{Adapter, Operators, operator_of};
use crate::lang::facts::*;
use tree_sitter::Node;

impl C<'_, '_> {
    pub(super) fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("argument") else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("!" | "not") => "!",
            Some("-") => "-",
            Some("~" | "compl") => "~",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    /// `&x`, `*x`.
    pub(super) fn pointer(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("argument") else {
            return self.anything(node);
        };
        let address = node.child_by_field_name("operator").is_some_and(|o| o.kind() == "&");
        let operand = self.expression(inner);
        let op = if address { "&" } else { "*" };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    // ---- assignments

    /// `a = b`, `a += b`.
    pub(super) fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let operator = operator_of(node);
        let value = match operator {
            "=" => self.initializer(right),
            "+=" => {
                let operands = vec![self.expression(left), self.expression(right)];
                self.push(ExprKind::Concat(operands), node)
            }
            _ => {
                let before = self.expression(left);
                let right = self.expression(right);
                match known_operator(operator.strip_suffix('=').unwrap_or_default()) {
                    Some(op) => self.push(
                        ExprKind::Binary {
                            op,
                            left: before,
                            right,
                        },
                        node,
                    ),
                    None => self.push(ExprKind::Other(vec![before, right]), node),
                }
            }
        };
        let target = Box::new(self.target(left));
        let mode = AssignMode::Plain;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// `x++`, `--x`: the value is the one before or after.
    pub(super) fn update(&mut self, node: Node<'_>) -> ExprId {
        let Some(argument) = node.child_by_field_name("argument") else {
            return self.anything(node);
        };
        let prefix = node.child(0).is_some_and(|c| matches!(c.kind(), "++" | "--"));
        let statement = node
            .parent()
            .is_some_and(|p| matches!(p.kind(), "expression_statement" | "for_statement" | "comma_expression"));
        if prefix || statement {
            return self.step(argument, node);
        }
        let before = self.expression(argument);
        self.step(argument, node);
        self.push(ExprKind::Same(before), node)
    }

    fn step(&mut self, argument: Node<'_>, node: Node<'_>) -> ExprId {
        let before = self.expression(argument);
        let one = self.push(ExprKind::Num("1".into()), node);
        let kind = match operator_of(node) {
            "--" => ExprKind::Binary {
                op: "-",
                left: before,
                right: one,
            },
            _ => ExprKind::Concat(vec![before, one]),
        };
        let value = self.push(kind, node);
        let target = Box::new(self.target(argument));
        let mode = AssignMode::Plain;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// What an assignment writes to.
    pub(super) fn target(&mut self, node: Node<'_>) -> Target {
        self.deeper(node, |c| c.target_inside(node)).unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" => {
                let lowered = self.expression(node);
                match *self.cx.b.kind(lowered) {
                    ExprKind::Name(name) => {
                        self.cx.b.take_back(lowered);
                        Target::Name(name, span)
                    }
                    ExprKind::Member { base, name, .. } => {
                        self.cx.b.take_back(lowered);
                        Target::Member { base, name, span }
                    }
                    _ => Target::Ignore,
                }
            }
            "parenthesized_expression" => match children(node).first() {
                Some(inner) => self.target(*inner),
                None => Target::Ignore,
            },
            "pointer_expression" => {
                let Some(inner) = node.child_by_field_name("argument") else {
                    return Target::Ignore;
                };
                if node.child_by_field_name("operator").is_some_and(|o| o.kind() == "&") {
                    return self.target(inner);
                }
                let base = self.expression(inner);
                let index = self.push(ExprKind::Num("0".into()), node);
                Target::Index { base, index, span }
            }
            "field_expression" | "subscript_expression" => {
                let lowered = self.expression(node);
                match *self.cx.b.kind(lowered) {
                    ExprKind::Member { base, name, .. } => {
                        self.cx.b.take_back(lowered);
                        Target::Member { base, name, span }
                    }
                    ExprKind::Index { base, index } => {
                        self.cx.b.take_back(lowered);
                        Target::Index { base, index, span }
                    }
                    _ => Target::Ignore,
                }
            }
            "cast_expression" => match node.child_by_field_name("value") {
                Some(inner) => self.target(inner),
                None => Target::Ignore,
            },
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }
}

impl<'t> Operators<'t> for C<'_, 't> {
    fn flat_group(operator: &str) -> Option<&'static str> {
        match operator {
            "+" => Some("+"),
            "&&" | "and" => Some("&&"),
            "||" | "or" => Some("||"),
            _ => None,
        }
    }

    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        known_operator(operator)
    }

    /// Sums stay sums: the engine adds native numbers, and addresses, by itself.
    fn sum(&mut self, operands: Vec<ExprId>, node: Node<'_>) -> ExprId {
        self.push(ExprKind::Concat(operands), node)
    }
}

fn known_operator(operator: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "<=>",
    ];
    KNOWN.into_iter().find(|k| *k == operator)
}
