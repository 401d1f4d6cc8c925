//! Assignments.

use super::{CSharp, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    pub(super) fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let (Some(left), Some(right)) = (left, right) else {
            return self.anything(node);
        };
        let mode = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("=") | None => AssignMode::Plain,
            Some("+=" | "??=") => AssignMode::Extend,
            Some(_) => AssignMode::Other,
        };
        let value = self.expression(right);
        let target = Box::new(self.target(left));
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// `i++`, `--i`.
    pub(super) fn step(&mut self, operand: Node<'_>, node: Node<'_>) -> ExprId {
        let value = self.push(ExprKind::Num("1".into()), node);
        let target = Box::new(self.target(operand));
        let mode = AssignMode::Other;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// What an assignment writes to.
    pub(super) fn target(&mut self, node: Node<'_>) -> Target {
        self.deeper(node, |cs| cs.target_inside(node)).unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" => self.name_target(node),
            "declaration_expression" => match node.child_by_field_name("name") {
                Some(name) => Target::Name(self.declare(name), self.span(name)),
                None => Target::Ignore,
            },
            // `*p = v` changes what `p` points to; pointer and value are one variable here.
            "parenthesized_expression" | "prefix_unary_expression" => match children(node).first() {
                Some(inner) => self.target(*inner),
                None => Target::Ignore,
            },
            "tuple_expression" => {
                let parts = children(node);
                let parts = parts.iter().map(|p| children(*p).pop().unwrap_or(*p));
                Target::Tuple(parts.collect::<Vec<_>>().into_iter().map(|p| self.target(p)).collect())
            }
            "member_access_expression" | "element_access_expression" | "conditional_access_expression" => {
                let lowered = self.expression(node);
                // The value is not read, only its place is wanted.
                match self.cx.b.kind(lowered).clone() {
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
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }

    /// A variable, or a member by its bare name.
    fn name_target(&mut self, node: Node<'_>) -> Target {
        let (symbol, span) = (self.plain(node), self.span(node));
        if let Some(variable) = self.scopes.find(symbol) {
            return Target::Name(variable, span);
        }
        if self.cx.b.name(symbol) == "_" {
            return Target::Ignore;
        }
        match self.owner_of(symbol) {
            Some(owner) => {
                let none = crate::text::Span {
                    start: span.start,
                    end: span.start,
                };
                let base = self.cx.b.expr(ExprKind::Name(owner), none);
                let name = symbol;
                Target::Member { base, name, span }
            }
            None => Target::Name(symbol, span),
        }
    }
}
