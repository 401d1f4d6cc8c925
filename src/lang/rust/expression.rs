//! Values. Chains that lean to the left (`a + b + ..`) are loops here: their length is no depth.

use super::{Rust, children, first_child};
use crate::lang::adapter::{Adapter, Operators};
use crate::lang::facts::*;
use tree_sitter::Node;

impl Rust<'_, '_> {
    /// Any expression. What branches inside was lowered first by [`Rust::whole`].
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |rust| rust.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "identifier"
            | "self"
            | "type_identifier"
            | "primitive_type"
            | "metavariable"
            | "crate"
            | "super"
            | "shorthand_field_identifier" => ExprKind::Name(self.variable(node)),
            "string_literal" | "raw_string_literal" | "char_literal" => ExprKind::Str(self.string_text(node).into()),
            "integer_literal" | "float_literal" => ExprKind::Num(self.str(node).into()),
            "boolean_literal" => ExprKind::Bool(self.str(node) == "true"),
            "binary_expression" => return self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            "call_expression"
            | "field_expression"
            | "try_expression"
            | "await_expression"
            | "index_expression"
            | "parenthesized_expression"
            | "type_cast_expression"
            | "generic_function"
            | "reference_expression" => {
                return self.chain(node);
            }
            "scoped_identifier"
            | "scoped_type_identifier"
            | "generic_type"
            | "generic_type_with_turbofish"
            | "bracketed_type" => return self.path(node),
            "unary_expression" => return self.unary(node),
            "tuple_expression" | "unit_expression" | "array_expression" => {
                let parts = children(node).into_iter().filter(|c| c.kind() != "attribute_item");
                ExprKind::Sequence(parts.map(|p| self.expression(p)).collect())
            }
            "struct_expression" => return self.struct_expression(node),
            "closure_expression" => return self.closure(node),
            "async_block" | "gen_block" => return self.called_at_once(node, true),
            "macro_invocation" => return self.macro_call(node),
            "assignment_expression" | "compound_assignment_expr" => return self.assignment(node),
            "let_condition" | "let_chain" => return self.condition_value(node),
            "yield_expression" => match first_child(node) {
                Some(value) => ExprKind::Same(self.expression(value)),
                None => ExprKind::Other(Vec::new()),
            },
            "if_expression" | "match_expression" | "block" | "unsafe_block" | "loop_expression"
            | "while_expression" | "for_expression" | "const_block" | "try_block" => return self.branch_value(node),
            "label" | "lifetime" | "attribute_item" | "token_tree" => ExprKind::Other(Vec::new()),
            kind if kind.ends_with("_item") || kind.ends_with("_declaration") => ExprKind::Other(Vec::new()),
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    /// `!x`, `-x`; `*x` is `x`.
    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = first_child(node) else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match node.child(0).map(|o| o.kind()) {
            Some("!") => "!",
            Some("-") => "-",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    // ---- operators

    // ---- assignments, structs

    fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let mode = match node.child_by_field_name("operator").map(|o| o.kind()) {
            None => AssignMode::Plain,
            Some("+=") => AssignMode::Extend,
            Some(_) => AssignMode::Other,
        };
        let value = self.expression(right);
        let target = Box::new(self.target(left));
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// What an assignment to something that exists writes to.
    fn target(&mut self, node: Node<'_>) -> Target {
        self.deeper(node, |rust| rust.target_inside(node))
            .unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" if self.str(node) == "_" => Target::Ignore,
            "identifier" | "self" => Target::Name(self.variable(node), span),
            // `*p = v` changes what `p` refers to; reference and value are one variable here.
            "unary_expression" | "parenthesized_expression" | "reference_expression" => {
                let inner = children(node).into_iter().find(|c| c.kind() != "mutable_specifier");
                inner.map_or(Target::Ignore, |i| self.target(i))
            }
            "tuple_expression" | "array_expression" => {
                Target::Tuple(children(node).into_iter().map(|c| self.target(c)).collect())
            }
            "field_expression" => {
                let (Some(base), Some(field)) = (node.child_by_field_name("value"), node.child_by_field_name("field"))
                else {
                    return Target::Ignore;
                };
                let (base, name) = (self.expression(base), self.name_symbol(field));
                Target::Member { base, name, span }
            }
            "index_expression" => match children(node)[..] {
                [base, index] => {
                    let (base, index) = (self.expression(base), self.expression(index));
                    Target::Index { base, index, span }
                }
                _ => Target::Ignore,
            },
            "_" => Target::Ignore,
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }

    /// `S { a: x, b, ..rest }`: builds an `S` with its fields as named arguments.
    fn struct_expression(&mut self, node: Node<'_>) -> ExprId {
        let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body")) else {
            return self.anything(node);
        };
        let callee = self.path(name);
        let mut args = Vec::new();
        for field in children(body) {
            let written = field
                .child_by_field_name("value")
                .or_else(|| children(field).into_iter().rfind(|c| c.kind() != "attribute_item"));
            let Some(written) = written else { continue };
            let mut value = self.expression(written);
            let name = match field.kind() {
                "field_initializer" => field.child_by_field_name("field"),
                "shorthand_field_initializer" => Some(written),
                _ => {
                    value = self.push(ExprKind::Spread(value), field);
                    None
                }
            };
            let name = name.map(|n| self.name_symbol(n));
            let span = self.span(field);
            args.push(Arg { name, value, span });
        }
        let (new, args_span) = (true, self.span(body));
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }
}

fn known_operator(operator: &str) -> Option<&'static str> {
    const KNOWN: [&str; 15] = [
        "==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%", "&", "|", "^", "<<", ">>",
    ];
    KNOWN.into_iter().find(|k| *k == operator)
}

impl<'t> Operators<'t> for Rust<'_, 't> {
    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        known_operator(operator)
    }

    /// Nothing converts numbers to text: a sum with one in it is of numbers.
    fn is_sum_of_numbers(&self, operands: &[ExprId]) -> bool {
        operands.iter().any(|o| matches!(self.cx.b.kind(*o), ExprKind::Num(_)))
    }
}
