//! Values and operators. Chains that lean to the left (`a . b . ..`, `$a->b()->c()..`) are loops here: their length is no depth.

use super::{Php, children, first_child};
use crate::lang::adapter::{Adapter, Operators, operator_of};
use crate::lang::facts::*;
use tree_sitter::Node;

impl Php<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |php| php.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "binary_expression" => self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            "member_access_expression"
            | "nullsafe_member_access_expression"
            | "member_call_expression"
            | "nullsafe_member_call_expression"
            | "subscript_expression" => self.chain(node),
            _ => self.single(node),
        }
    }

    /// What does not lean on another expression to its left.
    pub(super) fn single(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "variable_name" => ExprKind::Name(self.variable(node)),
            "dynamic_variable_name" => return self.dynamic_variable(node),
            "name" | "qualified_name" | "relative_name" => return self.constant(node),
            "string" | "nowdoc" => ExprKind::Str(self.plain_text(node).into()),
            "encapsed_string" | "heredoc" => return self.template(node),
            "shell_command_expression" => return self.shell(node),
            "integer" | "float" => ExprKind::Num(self.str(node).into()),
            "boolean" => ExprKind::Bool(self.str(node).eq_ignore_ascii_case("true")),
            "null" => ExprKind::Null,
            "array_creation_expression" => return self.array(node),
            "parenthesized_expression" => match first_child(node) {
                Some(inner) => return self.expression(inner),
                None => ExprKind::Other(Vec::new()),
            },
            "assignment_expression" | "reference_assignment_expression" => return self.assignment(node),
            "augmented_assignment_expression" => return self.augmented(node),
            "update_expression" => return self.update(node),
            "unary_op_expression" => return self.unary(node),
            "cast_expression" => return self.cast(node),
            "conditional_expression" => return self.conditional(node),
            "match_expression" => return self.match_expression(node),
            "anonymous_function" | "arrow_function" => return self.closure(node),
            "function_call_expression" => return self.function_call(node),
            "scoped_call_expression" => return self.scoped_call(node),
            "object_creation_expression" => return self.object_creation(node),
            "class_constant_access_expression" | "scoped_property_access_expression" => return self.scoped(node),
            "include_expression" | "include_once_expression" | "require_expression" | "require_once_expression" => {
                let name = node.kind().trim_end_matches("_expression");
                return self.call_by_name(name, &children(node), node);
            }
            "print_intrinsic" => return self.call_by_name("print", &children(node), node),
            "exit_statement" => return self.exit(node),
            "error_suppression_expression"
            | "clone_expression"
            | "yield_expression"
            | "throw_expression"
            | "by_ref" => match children(node).last() {
                Some(inner) if inner.kind() != "array_element_initializer" => ExprKind::Same(self.expression(*inner)),
                _ => return self.anything(node),
            },
            "variadic_unpacking" => match first_child(node) {
                Some(inner) => ExprKind::Spread(self.expression(inner)),
                None => ExprKind::Other(Vec::new()),
            },
            "sequence_expression" => {
                let parts = super::statement::sequence(node);
                ExprKind::Other(parts.into_iter().map(|p| self.expression(p)).collect())
            }
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    /// `${name}` in a string is `$name`; `$$name` may be any variable.
    fn dynamic_variable(&mut self, node: Node<'_>) -> ExprId {
        match first_child(node) {
            Some(name) if name.kind() == "name" => {
                let symbol = self.variable(name);
                self.push(ExprKind::Name(symbol), node)
            }
            Some(inner) => {
                let index = self.expression(inner);
                let base = self.plain("GLOBALS", node);
                self.push(ExprKind::Index { base, index }, node)
            }
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }

    /// A name alone: a constant, `exit` without parentheses.
    fn constant(&mut self, node: Node<'_>) -> ExprId {
        let text = self.str(node);
        let last = text.rsplit('\\').next().unwrap_or_default();
        if last.eq_ignore_ascii_case("exit") || last.eq_ignore_ascii_case("die") {
            return self.call_by_name("exit", &[], node);
        }
        self.plain(last, node)
    }

    // ---- operators

    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("argument").or(first_child(node)) else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match operator_of(node) {
            "!" => "!",
            "-" => "-",
            "+" => "+",
            "~" => "~",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    fn cast(&mut self, node: Node<'_>) -> ExprId {
        let (Some(ty), Some(inner)) = (node.child_by_field_name("type"), node.child_by_field_name("value")) else {
            return self.anything(node);
        };
        let written = self.str(ty).trim().to_ascii_lowercase();
        // `(string) $x` is `strval($x)`, and models know that.
        if written == "string" {
            return self.call_by_name("strval", &[inner], node);
        }
        let value = self.expression(inner);
        let name = match &*written {
            "integer" | "long" => "int",
            "boolean" => "bool",
            "double" | "real" => "float",
            other => other,
        };
        let (name, span) = (self.cx.b.symbol(name), self.span(ty));
        let ty = TypeRef {
            name,
            args: Vec::new(),
            span,
        };
        self.push(ExprKind::Cast { value, ty }, node)
    }

    fn conditional(&mut self, node: Node<'_>) -> ExprId {
        let field = |name| node.child_by_field_name(name);
        let (Some(test), Some(other)) = (field("condition"), field("alternative")) else {
            return self.anything(node);
        };
        let test = self.expression(test);
        let Some(then) = field("body") else {
            let (op, operands) = (LogicOp::Or, vec![test, self.expression(other)]);
            return self.push(ExprKind::Logic { op, operands }, node);
        };
        let then = self.expression(then);
        let other = self.expression(other);
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    /// `match (x) { a, b => 1, default => 2 }`: nested choices.
    fn match_expression(&mut self, node: Node<'_>) -> ExprId {
        let subject = node.child_by_field_name("condition").and_then(first_child);
        let arms = node.child_by_field_name("body").map(children).unwrap_or_default();
        let mut held = None;
        if let Some(subject) = subject.filter(|s| s.kind() != "boolean") {
            let value = self.expression(subject);
            let symbol = self.cx.b.symbol("<match>");
            let span = self.span(subject);
            let (target, mode) = (Box::new(Target::Name(symbol, span)), AssignMode::Plain);
            self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
            held = Some(symbol);
        }
        let mut choices = Vec::new();
        let mut last = None;
        for arm in arms {
            let Some(result) = arm.child_by_field_name("return_expression") else {
                continue;
            };
            match arm.child_by_field_name("conditional_expressions") {
                Some(tests) => {
                    let test = self.one_of(&children(tests), held, arm);
                    choices.push((test, self.expression(result), arm));
                }
                None => last = Some(self.expression(result)),
            }
        }
        let mut value = match last {
            Some(last) => last,
            None => self.push(ExprKind::Null, node),
        };
        for (test, then, _) in choices.into_iter().rev() {
            value = self.push(
                ExprKind::Ternary {
                    test,
                    then,
                    other: value,
                },
                node,
            );
        }
        value
    }

    // ---- assignments

    fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let value = self.expression(right);
        if left.kind() == "variable_name" && matches!(self.cx.b.kind(value), ExprKind::Lambda(_)) {
            let symbol = self.variable(left);
            self.functions.insert(symbol);
        }
        if let Some(list) = appended_to(left) {
            let items = self.push(ExprKind::Sequence(vec![value]), right);
            let target = Box::new(self.target(list));
            let mode = AssignMode::Extend;
            return self.push(
                ExprKind::Assign {
                    target,
                    value: items,
                    mode,
                },
                node,
            );
        }
        let target = Box::new(self.target(left));
        let mode = AssignMode::Plain;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    fn augmented(&mut self, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let mode = match operator_of(node) {
            ".=" | "??=" => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        let value = self.expression(right);
        let target = Box::new(self.target(left));
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// `$x++`, `--$x`.
    fn update(&mut self, node: Node<'_>) -> ExprId {
        let Some(operand) = node.child_by_field_name("argument") else {
            return self.anything(node);
        };
        let value = self.push(ExprKind::Num("1".into()), node);
        let target = Box::new(self.target(operand));
        let mode = AssignMode::Other;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }
}

/// `$list[]`: what is appended to.
fn appended_to(left: Node<'_>) -> Option<Node<'_>> {
    let parts = children(left);
    (left.kind() == "subscript_expression" && parts.len() == 1)
        .then(|| parts.first().copied())
        .flatten()
}

impl<'t> Operators<'t> for Php<'_, 't> {
    fn flat_group(operator: &str) -> Option<&'static str> {
        match operator {
            "." => Some("."),
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

    /// `??` leans to the right: its chain is nested, and each part may be the value.
    fn operation(&mut self, operator: &str, left: ExprId, node: Node<'_>) -> ExprId {
        let right = self.right_of(node);
        let kind = match (operator, right) {
            ("??", Some(right)) => ExprKind::Logic {
                op: LogicOp::Coalesce,
                operands: vec![left, right],
            },
            (_, right) => match (known_operator(operator), right) {
                (Some(op), Some(right)) => ExprKind::Binary { op, left, right },
                _ => ExprKind::Other(std::iter::once(left).chain(right).collect()),
            },
        };
        self.push(kind, node)
    }
}

fn known_operator(written: &str) -> Option<&'static str> {
    const ALL: [&str; 22] = [
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "==",
        "===",
        "!=",
        "!==",
        "<",
        ">",
        "<=",
        ">=",
        "<=>",
        "&",
        "|",
        "^",
        "<<",
        ">>",
        "instanceof",
        "xor",
    ];
    match written {
        "<>" => Some("!="),
        _ => ALL.into_iter().find(|op| *op == written),
    }
}
