//! Statements that follow one another.

use super::{Java, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Names that log; a call on one of them does nothing to control or data.
const LOGGERS: [&str; 6] = ["log", "logger", "LOG", "LOGGER", "System", "Log"];

impl Java<'_, '_> {
    /// The statements of a block or a file, in a scope that the caller opened.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in children(node) {
            self.statement(child, None);
        }
    }

    /// The statements of a block, in a scope of their own.
    pub(super) fn block(&mut self, node: Node<'_>) {
        self.scopes.open();
        self.deeper(node, |java| java.statements(node));
        self.scopes.close();
    }

    /// One statement; `label` is the label it carries.
    pub(super) fn statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.deeper(node, |java| java.statement_inside(node, label));
    }

    fn statement_inside(&mut self, node: Node<'_>, label: Option<Symbol>) {
        match node.kind() {
            "package_declaration" | "import_declaration" | "module_declaration" => {}
            "method_declaration" | "constructor_declaration" => self.method(node, None, false),
            "field_declaration" | "local_variable_declaration" => self.variables(node),
            "block" => self.labelled_block(node, label),
            "expression_statement" => self.expression_statement(node),
            "return_statement" => {
                let value = children(node).first().map(|v| self.expression(*v));
                self.cx.b.ret(value);
            }
            // The value of a `switch` arm; see `switch`.
            "yield_statement" => {
                let value = children(node).first().map(|v| self.expression(*v));
                self.cx.b.ret(value);
            }
            "throw_statement" => self.throw(node),
            "if_statement" => self.if_statement(node),
            "while_statement" => self.while_statement(node, label),
            "do_statement" => self.do_statement(node, label),
            "for_statement" => self.for_statement(node, label),
            "enhanced_for_statement" => self.for_each(node, label),
            "switch_expression" => self.switch_statement(node, label),
            "try_statement" | "try_with_resources_statement" => self.try_statement(node),
            "synchronized_statement" => self.synchronized(node),
            "labeled_statement" => self.labelled(node),
            "break_statement" | "continue_statement" => self.jump(node),
            "explicit_constructor_invocation" => self.other_constructor(node),
            "ERROR" => self.statements(node),
            kind if kind.ends_with("_declaration") => self.class_declaration(node),
            kind if kind.ends_with("comment") => {}
            _ => self.evaluate(node),
        }
    }

    /// Evaluates what a statement without a form of its own holds (`assert x : y;`).
    fn evaluate(&mut self, node: Node<'_>) {
        let value = match node.kind() {
            "assert_statement" => self.anything(node),
            _ => self.expression(node),
        };
        self.cx.b.statement(value);
    }

    fn expression_statement(&mut self, node: Node<'_>) {
        for child in children(node) {
            if child.kind() == "switch_expression" {
                self.switch_statement(child, None);
                continue;
            }
            let value = self.expression(child);
            self.cx.b.statement(value);
            if self.never_returns(child) {
                self.cx.b.raise();
            }
        }
    }

    /// `System.exit(..)`, `Runtime.getRuntime().halt(..)`.
    fn never_returns(&self, call: Node<'_>) -> bool {
        let name = call.child_by_field_name("name").map(|n| self.str(n));
        let object = call.child_by_field_name("object").map(|o| self.str(o));
        match (name.as_deref(), object.as_deref()) {
            (Some("exit"), Some(object)) => object == "System" || object.ends_with("getRuntime()"),
            (Some("halt"), Some(object)) => object.ends_with("getRuntime()"),
            _ => false,
        }
    }

    /// True when a block holds nothing but log calls and stack traces.
    pub(super) fn does_nothing(&self, block: Node<'_>) -> bool {
        let statements = match block.kind() {
            "block" => children(block),
            _ => vec![block],
        };
        statements
            .into_iter()
            .all(|s| s.kind() == ";" || (s.kind() == "expression_statement" && self.logs(s)))
    }

    fn logs(&self, statement: Node<'_>) -> bool {
        let text = self.str(statement);
        let root = text.split(['.', '(']).next().unwrap_or_default();
        let exits = children(statement).first().is_some_and(|c| self.never_returns(*c));
        (LOGGERS.contains(&root.trim()) && !exits) || text.contains(".printStackTrace()")
    }

    fn throw(&mut self, node: Node<'_>) {
        if let Some(value) = children(node).first() {
            let value = self.expression(*value);
            self.cx.b.statement(value);
        }
        self.cx.b.raise();
    }

    fn synchronized(&mut self, node: Node<'_>) {
        for child in children(node) {
            match child.kind() {
                "block" => self.block(child),
                _ => {
                    let value = self.expression(child);
                    self.cx.b.statement(value);
                }
            }
        }
    }

    /// `super(..)`, `this(..)`: what another constructor does with these arguments.
    fn other_constructor(&mut self, node: Node<'_>) {
        let (Some(which), Some(list)) = (
            node.child_by_field_name("constructor"),
            node.child_by_field_name("arguments"),
        ) else {
            return;
        };
        let own = self.classes.last().map(|c| c.name).filter(|_| which.kind() == "this");
        let name = own.unwrap_or_else(|| self.cx.b.symbol("super"));
        let callee = self.push(ExprKind::Name(name), which);
        let (args, args_span) = (self.arguments(list), self.span(list));
        let new = own.is_some();
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        let value = self.push(kind, node);
        self.cx.b.statement(value);
    }

    // ---- labels and jumps

    fn labelled(&mut self, node: Node<'_>) {
        let parts = children(node);
        let (Some(name), Some(statement)) = (parts.first(), parts.get(1)) else {
            return;
        };
        let label = self.cx.symbol(*name);
        self.statement(*statement, Some(label));
    }

    fn labelled_block(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let Some(label) = label else {
            return self.block(node);
        };
        let frame = self.cx.b.begin_labeled(Some(label));
        self.block(node);
        self.cx.b.end_labeled(frame);
    }

    fn jump(&mut self, node: Node<'_>) {
        let label = children(node).first().map(|l| self.cx.symbol(*l));
        match node.kind() {
            "break_statement" => self.cx.b.brk(label),
            _ => self.cx.b.cont(label),
        }
    }
}
