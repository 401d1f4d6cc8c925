//! Statements that follow one another: output, assignments, returns, and what leaves.

use super::{Php, children, first_child};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl Php<'_, '_> {
    /// The statements of a block, a case or a file.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        self.deeper(node, |php| {
            for child in children(node) {
                php.statement(child);
            }
        });
    }

    pub(super) fn statement(&mut self, node: Node<'_>) {
        self.deeper(node, |php| php.statement_inside(node));
    }

    fn statement_inside(&mut self, node: Node<'_>) {
        match node.kind() {
            "text" | "php_end_tag" | "empty_statement" | "declare_directive" => {}
            "php_tag" => self.prints = self.str(node).ends_with('='),
            "text_interpolation" | "compound_statement" | "colon_block" | "ERROR" | "declare_statement" => {
                self.statements(node);
            }
            "expression_statement" => self.expression_statement(node),
            "echo_statement" => self.echo(node),
            "exit_statement" => {
                let value = self.exit(node);
                self.cx.b.statement(value);
                self.cx.b.raise();
            }
            "return_statement" => {
                let value = first_child(node).map(|v| self.expression(v));
                self.cx.b.ret(value);
            }
            "if_statement" => self.if_statement(node),
            "while_statement" | "do_statement" => self.while_statement(node),
            "for_statement" => self.for_statement(node),
            "foreach_statement" => self.foreach_statement(node),
            "switch_statement" => self.switch_statement(node),
            "try_statement" => self.try_statement(node),
            "break_statement" | "continue_statement" => self.jump(node),
            "goto_statement" | "named_label_statement" => self.label(node),
            "function_definition" => self.function_definition(node),
            "class_declaration" | "interface_declaration" | "trait_declaration" | "enum_declaration" => {
                self.class_declaration(node);
            }
            "namespace_definition" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body);
                }
            }
            "namespace_use_declaration" => self.imports(node),
            "const_declaration" => self.constants(node, None),
            "global_declaration" => self.globals(node),
            "function_static_declaration" => self.static_variables(node),
            "unset_statement" => self.unset(node),
            _ => {
                let value = self.expression(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'_>) {
        let Some(inner) = first_child(node) else { return };
        if std::mem::take(&mut self.prints) {
            return self.print_all(&[inner], "echo", node);
        }
        if self.or_leave(inner) {
            return;
        }
        let value = self.expression(inner);
        self.cx.b.statement(value);
        if self.leaves(inner) {
            self.cx.b.raise();
        }
    }

    fn echo(&mut self, node: Node<'_>) {
        let parts: Vec<Node<'_>> = children(node)
            .into_iter()
            .flat_map(|c| match c.kind() {
                "sequence_expression" => sequence(c),
                _ => vec![c],
            })
            .collect();
        self.print_all(&parts, "echo", node);
    }

    /// `echo a, b`: a call of `echo`.
    fn print_all(&mut self, parts: &[Node<'_>], name: &str, node: Node<'_>) {
        let value = self.call_by_name(name, parts, node);
        self.cx.b.statement(value);
    }

    /// `f() or die(..)`: a branch. True when that is what it was.
    fn or_leave(&mut self, node: Node<'_>) -> bool {
        let operator = node.child_by_field_name("operator").map_or("", |o| o.kind());
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return false;
        };
        if node.kind() != "binary_expression" || !self.leaves(right) {
            return false;
        }
        let negated = match operator {
            "or" | "||" => true,
            "and" | "&&" => false,
            _ => return false,
        };
        let mut test = self.expression(left);
        if negated {
            test = self.push(ExprKind::Unary { op: "!", operand: test }, left);
        }
        let span = self.span(node);
        let frame = self.cx.b.begin_if(test, span);
        let value = self.expression(right);
        self.cx.b.statement(value);
        self.cx.b.raise();
        self.cx.b.end_if(frame, self.cx.span(right), false);
        true
    }

    /// True for `exit`, `die(..)` and `throw x`.
    pub(super) fn leaves(&self, node: Node<'_>) -> bool {
        match node.kind() {
            "throw_expression" | "exit_statement" => true,
            "name" => is_exit(&self.str(node)),
            "function_call_expression" => node
                .child_by_field_name("function")
                .is_some_and(|f| f.kind() == "name" && is_exit(&self.str(f))),
            "error_suppression_expression" | "parenthesized_expression" => {
                first_child(node).is_some_and(|c| c.kind() != node.kind() && self.leaves(c))
            }
            _ => false,
        }
    }

    /// `global $a`: the file's own variable of that name.
    fn globals(&mut self, node: Node<'_>) {
        for name in children(node) {
            let text = self.str(name);
            let plain = self.cx.b.symbol(text.trim_start_matches('$'));
            let outer = match self.frames.first().and_then(|f| f.names.get(&plain)) {
                Some(known) => *known,
                None => {
                    let symbol = self.cx.b.facts().names.fresh(text.trim_start_matches('$'));
                    if let Some(frame) = self.frames.first_mut() {
                        frame.names.insert(plain, symbol);
                    }
                    symbol
                }
            };
            if let Some(frame) = self.frames.last_mut() {
                frame.names.insert(plain, outer);
            }
        }
    }

    fn static_variables(&mut self, node: Node<'_>) {
        for declaration in children(node) {
            let (Some(name), Some(value)) = (
                declaration.child_by_field_name("name"),
                declaration.child_by_field_name("value"),
            ) else {
                continue;
            };
            let value = self.expression(value);
            let target = Target::Name(self.variable(name), self.span(name));
            let span = self.span(declaration);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
    }

    fn unset(&mut self, node: Node<'_>) {
        for part in children(node) {
            let operand = self.expression(part);
            let value = self.push(ExprKind::Unary { op: "del", operand }, part);
            self.cx.b.statement(value);
        }
    }

    /// True when a block holds nothing but log calls.
    pub(super) fn does_nothing(&self, block: Node<'_>) -> bool {
        if block.kind() == "expression_statement" {
            return self.logs(block);
        }
        children(block).into_iter().all(|s| match s.kind() {
            "text_interpolation" | "empty_statement" => true,
            "expression_statement" => self.logs(s),
            "compound_statement" => children(s).is_empty(),
            _ => false,
        })
    }

    fn logs(&self, statement: Node<'_>) -> bool {
        let text = self.str(statement).to_ascii_lowercase();
        let text = text.trim_start_matches(['@', '$', '\\']).trim_start_matches("this->");
        ["error_log(", "log::", "logger->", "log->", "syslog(", "logger::"]
            .iter()
            .any(|log| text.starts_with(log))
    }
}

fn is_exit(name: &str) -> bool {
    name.eq_ignore_ascii_case("exit") || name.eq_ignore_ascii_case("die")
}

/// The parts of `a, b, c`, which the grammar nests to the right.
pub(super) fn sequence(node: Node<'_>) -> Vec<Node<'_>> {
    let mut parts = Vec::new();
    let mut current = node;
    loop {
        let mut all = children(current);
        let last = all.pop();
        parts.extend(all);
        match last {
            Some(rest) if rest.kind() == "sequence_expression" => current = rest,
            Some(last) => {
                parts.push(last);
                return parts;
            }
            None => return parts,
        }
    }
}

/// A block's span without its braces.
pub(super) fn inside(node: Node<'_>) -> Span {
    let (start, end) = (node.start_byte(), node.end_byte());
    match node.kind() {
        "compound_statement" | "declaration_list" | "enum_declaration_list" => {
            Span::new(start + 1, end.saturating_sub(1).max(start + 1))
        }
        _ => Span::new(start, end),
    }
}
