//! `[ .. ]`, `[[ .. ]]`, `(( .. ))`: comparisons, patterns, connectives.

use super::{Shell, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Shell<'_, '_> {
    pub(super) fn test_command(&mut self, node: Node<'_>) -> ExprId {
        match children(node).first() {
            Some(inner) => self.test(*inner),
            None => self.push(ExprKind::Bool(true), node),
        }
    }

    fn test(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |sh| sh.test_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn test_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "parenthesized_expression" => match children(node).first() {
                Some(inner) => self.test(*inner),
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
            "unary_expression" => self.unary_test(node),
            "binary_expression" => self.binary_test(node),
            _ => self.word(node),
        }
    }

    /// `! x`, `-z x`, `-f x`: the latter a call of `-f`.
    fn unary_test(&mut self, node: Node<'_>) -> ExprId {
        let operator = node.child_by_field_name("operator").map(|o| self.str(o).into_owned());
        let operand = children(node).pop();
        let (Some(operator), Some(operand)) = (operator, operand) else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        if operator == "!" {
            let operand = self.test(operand);
            return self.push(ExprKind::Unary { op: "!", operand }, node);
        }
        let value = self.word(operand);
        let callee = self.cx.b.symbol(&operator);
        let callee = self.push(ExprKind::Name(callee), node);
        self.call_of(callee, vec![value], node)
    }

    fn binary_test(&mut self, node: Node<'_>) -> ExprId {
        let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let operator = node.child_by_field_name("operator").map(|o| self.str(o).into_owned());
        let (Some(left), Some(right), Some(operator)) = (left, right, operator) else {
            let parts = children(node).into_iter().map(|c| self.word(c)).collect();
            return self.push(ExprKind::Other(parts), node);
        };
        // The grammar reads `! x == y` as `(! x) == y`.
        if left.kind() == "unary_expression"
            && let Some(inner) = children(left).pop().filter(|_| self.str(left).starts_with('!'))
            && !matches!(operator.as_str(), "&&" | "||" | "-a" | "-o")
        {
            let operand = self.compared(inner, right, &operator, node);
            return self.push(ExprKind::Unary { op: "!", operand }, node);
        }
        let connective = match operator.as_str() {
            "&&" | "-a" => Some(LogicOp::And),
            "||" | "-o" => Some(LogicOp::Or),
            _ => None,
        };
        if let Some(op) = connective {
            let operands = vec![self.test(left), self.test(right)];
            return self.push(ExprKind::Logic { op, operands }, node);
        }
        self.compared(left, right, &operator, node)
    }

    fn compared(&mut self, left: Node<'_>, right: Node<'_>, operator: &str, node: Node<'_>) -> ExprId {
        let pattern = right.kind() != "string" && self.str(right).contains(['*', '?', '[']);
        let (left, right) = (self.word(left), self.word(right));
        let op = match operator {
            "=" | "==" | "-eq" if !pattern => "==",
            "!=" | "-ne" if !pattern => "!=",
            "<" | "-lt" => "<",
            ">" | "-gt" => ">",
            "-le" | "<=" => "<=",
            "-ge" | ">=" => ">=",
            "=~" => {
                let callee = self.cx.b.symbol("=~");
                let callee = self.push(ExprKind::Name(callee), node);
                return self.call_of(callee, vec![left, right], node);
            }
            _ => return self.push(ExprKind::Other(vec![left, right]), node),
        };
        self.push(ExprKind::Binary { op, left, right }, node)
    }
}
