//! Values and operators. Chains that lean to the left (`a + b + ..`) are loops here: their length is no depth.

use super::{Rb, children, first_child};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'n>) -> ExprId {
        let lowered = self.deeper(node, |rb| rb.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'n>) -> ExprId {
        match node.kind() {
            "binary" => self.binary(node),
            "call" | "element_reference" => self.chain(node),
            _ => self.single(node),
        }
    }

    fn single(&mut self, node: Node<'n>) -> ExprId {
        let kind = match node.kind() {
            "identifier" => return self.identifier(node),
            "constant" => return self.constant(node),
            "scope_resolution" => return self.scope_resolution(node),
            "self" => return self.plain("self", node),
            "super" => return self.super_call(node, None, None),
            "instance_variable" | "class_variable" => return self.instance_variable(node),
            "global_variable" => return self.global(node),
            "string" | "chained_string" | "heredoc_beginning" | "delimited_symbol" | "bare_string" | "bare_symbol" => {
                return self.text(node);
            }
            "simple_symbol" => ExprKind::Str(self.str(node).trim_start_matches(':').into()),
            "hash_key_symbol" => ExprKind::Str(self.str(node).into()),
            "character" => ExprKind::Str(self.str(node).trim_start_matches('?').into()),
            "regex" => return self.regex(node),
            "subshell" => return self.subshell(node),
            "string_array" | "symbol_array" | "array" => return self.array(node),
            "hash" => return self.hash(node),
            "integer" | "float" | "rational" | "complex" => ExprKind::Num(self.str(node).into()),
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "nil" => ExprKind::Null,
            "assignment" => return self.assignment(node),
            "operator_assignment" => return self.operator_assignment(node),
            "unary" => return self.unary(node),
            "conditional" | "if" | "unless" | "if_modifier" | "unless_modifier" => return self.conditional(node),
            "rescue_modifier" => {
                let parts = ["body", "handler"].iter().filter_map(|f| node.child_by_field_name(f));
                let operands: Vec<Node<'n>> = parts.collect();
                let operands = operands.into_iter().map(|o| self.expression(o)).collect();
                ExprKind::Logic {
                    op: LogicOp::Or,
                    operands,
                }
            }
            "parenthesized_statements" | "begin" | "then" | "else" | "body_statement" | "block_body" => {
                return self.last_of(node);
            }
            "lambda" => return self.block(node),
            "block" | "do_block" => return self.block(node),
            "method" | "singleton_method" => {
                let name = node
                    .child_by_field_name("name")
                    .map_or(Default::default(), |n| self.str(n));
                self.method(node);
                ExprKind::Str(name.into())
            }
            "splat_argument" | "hash_splat_argument" => match first_child(node) {
                Some(inner) => ExprKind::Spread(self.expression(inner)),
                None => ExprKind::Other(Vec::new()),
            },
            "block_argument" => return self.block_argument(node),
            "interpolation" => return self.last_of(node),
            "yield" | "return" | "next" | "break" => {
                let args = self.arguments(first_child(node));
                ExprKind::Other(args.into_iter().map(|a| a.value).collect())
            }
            "test_pattern" | "match_pattern" => return self.pattern_test(node),
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'n>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    /// Statements in parentheses or an arm, as a value: the last one's, after the others.
    fn last_of(&mut self, node: Node<'n>) -> ExprId {
        let parts = children(node);
        if let [only] = parts[..] {
            return self.expression(only);
        }
        let parts: Vec<ExprId> = parts.into_iter().map(|p| self.expression(p)).collect();
        match parts.last() {
            Some(last) => {
                let last = *last;
                self.push(ExprKind::Same(last), node)
            }
            None => self.push(ExprKind::Null, node),
        }
    }

    // ---- names

    /// A variable, or a call without arguments.
    fn identifier(&mut self, node: Node<'n>) -> ExprId {
        let text = self.str(node);
        if let Some(variable) = self.variable(&text) {
            return self.push(ExprKind::Name(variable), node);
        }
        if text.starts_with("__") {
            return self.push(ExprKind::Str(text.into()), node);
        }
        if self.in_class() && self.survey.attributes.contains(&*text) {
            let base = self.plain("self", node);
            let (name, name_span) = (self.cx.b.symbol(&format!("@{text}")), self.span(node));
            return self.push(ExprKind::Member { base, name, name_span }, node);
        }
        self.bare_call(node, None, None, node)
    }

    fn constant(&mut self, node: Node<'n>) -> ExprId {
        let text = self.str(node);
        if self.in_class() && self.survey.constants.contains(&*text) {
            let base = self.plain("self", node);
            let (name, name_span) = (self.cx.b.symbol(&text), self.span(node));
            return self.push(ExprKind::Member { base, name, name_span }, node);
        }
        self.plain(&text, node)
    }

    /// `A::B`.
    fn scope_resolution(&mut self, node: Node<'n>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else {
            return self.anything(node);
        };
        let Some(scope) = node.child_by_field_name("scope") else {
            let text = self.str(name);
            return self.plain(&text, node);
        };
        let base = self.expression(scope);
        let (name, name_span) = (self.cx.symbol(name), self.span(name));
        self.push(ExprKind::Member { base, name, name_span }, node)
    }

    /// A field of `self`; outside of classes (a script, a Sinatra route) a variable.
    fn instance_variable(&mut self, node: Node<'n>) -> ExprId {
        let text = self.str(node);
        if !self.in_class() {
            let symbol = self.declare(&text);
            return self.push(ExprKind::Name(symbol), node);
        }
        let base = self.plain("self", node);
        let (name, name_span) = (self.cx.b.symbol(&text), self.span(node));
        self.push(ExprKind::Member { base, name, name_span }, node)
    }

    fn global(&mut self, node: Node<'n>) -> ExprId {
        let text = self.str(node);
        self.plain(&text, node)
    }

    // ---- operators

    /// A chain of operators: `a + b + c` is one concatenation, `a && b && c` one test.
    fn binary(&mut self, node: Node<'n>) -> ExprId {
        let mut chain = Vec::new();
        let mut current = node;
        while current.kind() == "binary" {
            let Some(left) = current.child_by_field_name("left") else {
                break;
            };
            chain.push(current);
            current = left;
        }
        // `out << a << b` appends to the innermost left side, which is written again for each.
        let innermost = current;
        let mut value = match chain.last() {
            Some(first) if operator(*first) == "<<" && self.is_assignable(innermost) => None,
            _ => Some(self.expression(innermost)),
        };
        while let Some(operation) = chain.pop() {
            let Some(left) = value else {
                value = Some(self.append(innermost, operation));
                continue;
            };
            let appends = matches!(
                self.cx.b.kind(left),
                ExprKind::Assign {
                    mode: AssignMode::Extend,
                    ..
                }
            );
            if operator(operation) == "<<" && appends {
                value = Some(self.append(innermost, operation));
                continue;
            }
            let group = flat_group(operator(operation));
            if group.is_empty() {
                value = Some(self.operation(left, operation));
                continue;
            }
            let mut operands = vec![left];
            operands.extend(self.right_of(operation));
            let mut last = operation;
            while let Some(next) = chain.pop_if(|n| flat_group(operator(*n)) == group) {
                operands.extend(self.right_of(next));
                last = next;
            }
            value = Some(self.flat(group, operands, last));
        }
        match value {
            Some(value) => value,
            None => self.anything(node),
        }
    }

    fn right_of(&mut self, operation: Node<'n>) -> Option<ExprId> {
        let right = operation.child_by_field_name("right")?;
        Some(self.expression(right))
    }

    fn flat(&mut self, group: &str, operands: Vec<ExprId>, node: Node<'n>) -> ExprId {
        let op = match group {
            "&&" => LogicOp::And,
            "||" => LogicOp::Or,
            _ if operands.iter().any(|o| matches!(self.cx.b.kind(*o), ExprKind::Num(_))) => {
                return self.push(ExprKind::Other(operands), node);
            }
            _ => return self.push(ExprKind::Concat(operands), node),
        };
        self.push(ExprKind::Logic { op, operands }, node)
    }

    /// `list << x`: the list (or text) grows by `x`.
    fn append(&mut self, left: Node<'n>, node: Node<'n>) -> ExprId {
        let Some(mut value) = self.right_of(node) else {
            return self.anything(node);
        };
        if self.is_list(left) {
            value = self.push(ExprKind::Sequence(vec![value]), node);
        }
        let target = Box::new(self.target(left));
        let mode = AssignMode::Extend;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// A variable or field: something that stays.
    fn is_assignable(&mut self, node: Node<'n>) -> bool {
        match node.kind() {
            "instance_variable" | "class_variable" => true,
            "identifier" => {
                let text = self.str(node);
                self.variable(&text).is_some()
            }
            _ => false,
        }
    }

    fn is_list(&mut self, node: Node<'n>) -> bool {
        let text = self.str(node);
        let Some(symbol) = self.variable(&text) else {
            return false;
        };
        self.frames.iter().any(|f| f.lists.contains(&symbol))
    }

    fn operation(&mut self, left: ExprId, node: Node<'n>) -> ExprId {
        let written = operator(node);
        let Some(right) = node.child_by_field_name("right") else {
            return self.push(ExprKind::Other(vec![left]), node);
        };
        match written {
            "%" if matches!(self.cx.b.kind(left), ExprKind::Str(_) | ExprKind::Template { .. }) => {
                return self.format(left, right, node);
            }
            // A text that is written there grows for nobody but the one who gets it: it is put together.
            "<<" if matches!(
                self.cx.b.kind(left),
                ExprKind::Str(_) | ExprKind::Template { .. } | ExprKind::Concat(_)
            ) =>
            {
                let value = self.expression(right);
                return self.push(ExprKind::Concat(vec![left, value]), node);
            }
            "=~" | "<<" => {
                let name = self.cx.b.symbol(if written == "<<" { "<<" } else { "=~" });
                let name_span = self.span(right);
                let callee = self.push(
                    ExprKind::Member {
                        base: left,
                        name,
                        name_span,
                    },
                    node,
                );
                let value = self.expression(right);
                let args = vec![Arg {
                    name: None,
                    value,
                    span: name_span,
                }];
                return self.call_with(callee, args, name_span, false, node);
            }
            _ => {}
        }
        let right = self.expression(right);
        match known_operator(written) {
            Some(op) => self.push(ExprKind::Binary { op, left, right }, node),
            None => self.push(ExprKind::Other(vec![left, right]), node),
        }
    }

    /// `"..%s.." % x`, `% [x, y]`, `% {k: v}`.
    fn format(&mut self, template: ExprId, right: Node<'n>, node: Node<'n>) -> ExprId {
        let style = FormatStyle::Printf;
        let mut args = Vec::new();
        if right.kind() == "array" {
            for part in children(right) {
                let (value, span) = (self.expression(part), self.span(part));
                args.push(Arg {
                    name: None,
                    value,
                    span,
                });
            }
        } else if right.kind() == "hash" {
            args = self.arguments(Some(right));
        } else {
            let (value, span) = (self.expression(right), self.span(right));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        self.push(ExprKind::Format { template, args, style }, node)
    }

    fn unary(&mut self, node: Node<'n>) -> ExprId {
        let Some(inner) = node.child_by_field_name("operand") else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match operator(node) {
            "!" | "not" => "!",
            "-" => "-",
            "+" => "+",
            "~" => "~",
            "defined?" => "defined?",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    /// `a ? b : c`, and `if` where a value is called for.
    fn conditional(&mut self, node: Node<'n>) -> ExprId {
        let field = |names: [&str; 2]| names.iter().find_map(|n| node.child_by_field_name(n));
        let (Some(condition), Some(then)) = (field(["condition", "condition"]), field(["consequence", "body"])) else {
            return self.anything(node);
        };
        let test = self.test(condition, node.kind().starts_with("unless"));
        let then = self.expression(then);
        let other = match node.child_by_field_name("alternative") {
            Some(other) if other.kind() == "elsif" => self.deeper(other, |rb| rb.conditional(other)),
            Some(other) => Some(self.expression(other)),
            None => None,
        };
        let other = match other {
            Some(other) => other,
            None => self.push(ExprKind::Null, node),
        };
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    /// `x in pattern`, `x => pattern`.
    fn pattern_test(&mut self, node: Node<'n>) -> ExprId {
        let Some(value) = node.child_by_field_name("value") else {
            return self.anything(node);
        };
        let value = self.expression(value);
        self.push(ExprKind::Other(vec![value]), node)
    }

    // ---- assignments

    fn assignment(&mut self, node: Node<'n>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let value = match right.kind() {
            "right_assignment_list" => {
                let values = children(right).into_iter().map(|v| self.expression(v)).collect();
                self.push(ExprKind::Sequence(values), right)
            }
            _ => self.expression(right),
        };
        let target = self.target(left);
        let is_list = matches!(self.cx.b.kind(value), ExprKind::Sequence(_));
        if let (Target::Name(name, _), true, Some(frame)) = (&target, is_list, self.frames.last_mut()) {
            frame.lists.push(*name);
        }
        let (target, mode) = (Box::new(target), AssignMode::Plain);
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    fn operator_assignment(&mut self, node: Node<'n>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let mode = match operator(node) {
            "+=" | "||=" | "&&=" | "<<=" => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        let value = self.expression(right);
        let target = Box::new(self.target(left));
        self.push(ExprKind::Assign { target, value, mode }, node)
    }
}

fn operator<'n>(node: Node<'n>) -> &'n str {
    node.child_by_field_name("operator").map_or("", |o| o.kind())
}

/// Operators whose chain is one value; the same name for those that mean the same.
fn flat_group(operator: &str) -> &'static str {
    match operator {
        "+" => "+",
        "&&" | "and" => "&&",
        "||" | "or" => "||",
        _ => "",
    }
}

fn known_operator(written: &str) -> Option<&'static str> {
    const ALL: [&str; 17] = [
        "-", "*", "/", "%", "**", "==", "===", "!=", "<", ">", "<=", ">=", "<=>", "&", "|", "^", ">>",
    ];
    ALL.into_iter().find(|op| *op == written)
}
