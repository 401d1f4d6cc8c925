//! What the adapters of languages do alike: going one level deeper, pushing expressions, chains of binary operators, and parts of texts.

use super::{facts::*, parse::Cx};
use crate::text::Span;
use std::borrow::Cow;
use tree_sitter::Node;

/// An adapter at work.
pub(super) trait Adapter<'t> {
    /// The file being lowered.
    fn cx(&self) -> &Cx<'t>;

    /// The file being lowered, to build in.
    fn cx_mut(&mut self) -> &mut Cx<'t>;

    /// Runs `inner` one level deeper, unless that is too deep.
    fn deeper<R>(&mut self, node: Node<'_>, inner: impl FnOnce(&mut Self) -> R) -> Option<R>
    where
        Self: Sized,
    {
        if !self.cx_mut().descend(node) {
            return None;
        }
        let result = inner(self);
        self.cx_mut().ascend();
        Some(result)
    }

    /// The source of a node.
    fn str(&self, node: Node<'_>) -> Cow<'t, str> {
        self.cx().str(node)
    }

    /// Where a node is written.
    fn span(&self, node: Node<'_>) -> Span {
        self.cx().span(node)
    }

    /// An expression written by a node.
    fn push(&mut self, kind: ExprKind, node: Node<'_>) -> ExprId {
        let span = self.span(node);
        self.cx_mut().b.expr(kind, span)
    }
}

/// Binary operators of grammars that write them as `binary_expression` with `left`, `operator` and `right`.
pub(super) trait Operators<'t>: Adapter<'t> {
    /// The operators of which a chain is one expression: sums of texts, and connectives.
    const FLAT: &'static [&'static str] = &["+", "&&", "||"];

    /// Lowers what an operator stands between.
    fn operand(&mut self, node: Node<'_>) -> ExprId;

    /// The operators of [`Operators::FLAT`] by one name for those that mean the same (`and` is `&&`); `None` for any other.
    fn flat_group(operator: &str) -> Option<&'static str> {
        Self::FLAT.iter().find(|flat| **flat == operator).copied()
    }

    /// An operator in the form facts have it; `None` for one that means nothing to rules.
    fn known_operator(operator: &str) -> Option<&'static str>;

    /// True when a sum of these is plainly a number and no text.
    fn is_sum_of_numbers(&self, operands: &[ExprId]) -> bool {
        operands
            .iter()
            .all(|o| matches!(self.cx().b.kind(*o), ExprKind::Num(_)))
    }

    /// A chain of operators, without recursion into its left side: `a + b + c` is one concatenation, `a && b && c` one test. `None` for a node that
    /// is no such chain.
    fn chain_of_operators(&mut self, node: Node<'_>) -> Option<ExprId> {
        let mut chain = Vec::new();
        let mut current = node;
        while current.kind() == "binary_expression" {
            let Some(left) = current.child_by_field_name("left") else {
                break;
            };
            chain.push(current);
            current = left;
        }
        if chain.is_empty() {
            return None;
        }
        let mut value = self.operand(current);
        while let Some(operation) = chain.pop() {
            let operator = operator_of(operation);
            let Some(group) = Self::flat_group(operator) else {
                value = self.operation(operator, value, operation);
                continue;
            };
            let mut operands = vec![value];
            operands.extend(self.right_of(operation));
            let mut last = operation;
            while let Some(next) = chain.pop_if(|n| Self::flat_group(operator_of(*n)) == Some(group)) {
                operands.extend(self.right_of(next));
                last = next;
            }
            value = self.flat(group, operands, last);
        }
        Some(value)
    }

    /// The right side of an operation.
    fn right_of(&mut self, operation: Node<'_>) -> Option<ExprId> {
        let right = operation.child_by_field_name("right")?;
        Some(self.operand(right))
    }

    /// One expression of all operands of a chain.
    fn flat(&mut self, operator: &str, operands: Vec<ExprId>, node: Node<'_>) -> ExprId {
        let op = match operator {
            "&&" => LogicOp::And,
            "||" => LogicOp::Or,
            "??" | "?:" => LogicOp::Coalesce,
            "+" if self.is_sum_of_numbers(&operands) => return self.sum(operands, node),
            _ => return self.push(ExprKind::Concat(operands), node),
        };
        self.push(ExprKind::Logic { op, operands }, node)
    }

    /// A sum of numbers: nested, as operators on numbers are.
    fn sum(&mut self, operands: Vec<ExprId>, node: Node<'_>) -> ExprId {
        let mut operands = operands.into_iter();
        let Some(mut left) = operands.next() else {
            return self.push(ExprKind::Num("0".into()), node);
        };
        for right in operands {
            left = self.push(ExprKind::Binary { op: "+", left, right }, node);
        }
        left
    }

    /// Any other operator on `left` and the right side of `node`.
    fn operation(&mut self, operator: &str, left: ExprId, node: Node<'_>) -> ExprId {
        let right = self.right_of(node);
        let (Some(op), Some(right)) = (Self::known_operator(operator), right) else {
            let parts = std::iter::once(left).chain(right).collect();
            return self.push(ExprKind::Other(parts), node);
        };
        self.push(ExprKind::Binary { op, left, right }, node)
    }
}

/// The operator of an operation, as the grammar names it.
pub(super) fn operator_of<'n>(operation: Node<'n>) -> &'n str {
    operation.child_by_field_name("operator").map_or("", |o| o.kind())
}

/// Literal parts next to one another as one.
pub(super) fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Lit(text, span)), Part::Lit(more, to)) => {
                *text = format!("{text}{more}").into();
                *span = span.to(to);
            }
            (_, part) => out.push(part),
        }
    }
    out
}
