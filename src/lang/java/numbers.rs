//! Where it counts how much a number is: the size of an array, a position in one, a sum or product that may not fit. Each is told as a call of
//! a word beside what it is, for rules that ask where the number comes from; it gives nothing and changes nothing.

use super::{Java, children, field_children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Java<'_, '_> {
    /// `new T[n][m]`: `newarray(n, m)`, unless all sizes are written there.
    pub(super) fn array_sizes(&mut self, node: Node<'_>) {
        let mut sizes = Vec::new();
        let mut open = false;
        for dimension in field_children(node, "dimensions") {
            for length in children(dimension).into_iter().filter(|c| c.kind() != "dimensions") {
                open |= !length.kind().ends_with("_literal");
                sizes.push(self.expression(length));
            }
        }
        if open {
            self.counted("newarray", sizes, node);
        }
    }

    /// `a[i]`: `arrayindex(i)`, for a position that has a name or is asked for.
    pub(super) fn position(&mut self, index: ExprId, written: Node<'_>) {
        if matches!(written.kind(), "identifier" | "method_invocation") {
            self.counted("arrayindex", vec![index], written);
        }
    }

    /// `n * m`, `n + 1`, `n - 1`: `arithmetic(n)`.
    pub(super) fn arithmetic(&mut self, node: Node<'_>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let operator = node.child_by_field_name("operator").map_or("", |o| o.kind());
        let counts = match operator {
            "*" => right.kind() == "identifier" || right.kind().ends_with("integer_literal"),
            "+" | "-" => right.kind().ends_with("integer_literal"),
            _ => false,
        };
        if counts && left.kind() == "identifier" {
            let value = self.expression(left);
            self.counted("arithmetic", vec![value], node);
        }
    }

    fn counted(&mut self, word: &str, values: Vec<ExprId>, node: Node<'_>) {
        let span = self.span(node);
        let name = self.cx.b.symbol(word);
        let callee = self.push(ExprKind::Name(name), node);
        let args = values
            .into_iter()
            .map(|value| Arg {
                name: None,
                value,
                span,
            })
            .collect();
        let kind = ExprKind::Call {
            callee,
            args,
            new: false,
            args_span: span,
        };
        self.push(kind, node);
    }
}
