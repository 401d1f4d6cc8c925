//! Statements that follow one another: declarations, expressions, returns, throws, and calls that never come back.

use super::{CSharp, children, flattened};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Calls that end the program.
const NEVER_RETURN: [&str; 4] = [
    "Environment.Exit",
    "Environment.FailFast",
    "Application.Exit",
    "Process.GetCurrentProcess().Kill",
];

/// Names that log; a call on one of them does nothing to control or data.
const LOGGERS: [&str; 11] = [
    "log", "logger", "_log", "_logger", "Log", "Logger", "Console", "Debug", "Trace", "LOG", "logging",
];

impl CSharp<'_, '_> {
    /// The statements or declarations of a block or file, in a scope that the caller opened.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in flattened(children(node)) {
            self.statement(child, None);
        }
    }

    /// A block or a single statement, in a scope of its own.
    pub(super) fn block(&mut self, node: Node<'_>) {
        self.scopes.open();
        self.deeper(node, |cs| match node.kind() {
            "block" => cs.statements(node),
            _ => cs.statement(node, None),
        });
        self.scopes.close();
    }

    /// One statement or declaration; `label` is the label it carries.
    pub(super) fn statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.deeper(node, |cs| cs.statement_inside(node, label));
    }

    fn statement_inside(&mut self, node: Node<'_>, label: Option<Symbol>) {
        match node.kind() {
            "using_directive" => self.using(node),
            "namespace_declaration" => self.namespace(node),
            "class_declaration" | "struct_declaration" | "record_declaration" | "interface_declaration" => {
                self.type_declaration(node);
            }
            "enum_declaration" => self.enumeration(node),
            "file_scoped_namespace_declaration"
            | "delegate_declaration"
            | "extern_alias_directive"
            | "empty_statement"
            | "modifier" => {}
            "local_function_statement" => self.local_function(node),
            "local_declaration_statement" => {
                let declarations = children(node).into_iter();
                for declaration in declarations.filter(|c| c.kind() == "variable_declaration") {
                    self.variables(declaration);
                }
            }
            "global_statement" | "ERROR" => self.statements(node),
            "block" => self.block(node),
            "checked_statement" | "unsafe_statement" => children(node).into_iter().for_each(|b| self.block(b)),
            "expression_statement" => self.expression_statement(node),
            "return_statement" => self.return_statement(node),
            "throw_statement" => self.throw(node),
            "yield_statement" => self.yields(node),
            "if_statement" => self.if_statement(node),
            "while_statement" | "do_statement" | "for_statement" | "foreach_statement" => {
                self.looping(node, label);
            }
            "switch_statement" => self.switch_statement(node, label),
            "try_statement" => self.try_statement(node),
            "using_statement" | "lock_statement" | "fixed_statement" => self.held(node),
            "labeled_statement" => self.labelled(node),
            "break_statement" | "continue_statement" | "goto_statement" => self.jump(node),
            "global_attribute" | "attribute_list" => self.loose_attributes(node),
            _ => {
                let value = self.expression(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn loose_attributes(&mut self, node: Node<'_>) {
        for attribute in children(node).into_iter().filter(|a| a.kind() == "attribute") {
            let value = self.attribute(attribute);
            self.cx.b.statement(value);
        }
    }

    fn expression_statement(&mut self, node: Node<'_>) {
        for child in children(node) {
            let value = self.expression(child);
            self.cx.b.statement(value);
            if child.kind() == "invocation_expression" && self.never_returns(child) {
                self.cx.b.raise();
            }
        }
    }

    fn never_returns(&self, call: Node<'_>) -> bool {
        let callee = call.child_by_field_name("function").map(|f| self.str(f).into_owned());
        callee.is_some_and(|c| NEVER_RETURN.contains(&c.strip_prefix("System.").unwrap_or(&c)))
    }

    fn return_statement(&mut self, node: Node<'_>) {
        let value = children(node).into_iter().next().map(|v| self.expression(v));
        self.cx.b.ret(value);
    }

    fn throw(&mut self, node: Node<'_>) {
        if let Some(value) = children(node).into_iter().next() {
            let value = self.expression(value);
            self.cx.b.statement(value);
        }
        self.cx.b.raise();
    }

    /// `yield return x`: the function may give a list with `x` in it, and goes on.
    fn yields(&mut self, node: Node<'_>) {
        let Some(value) = children(node).into_iter().next() else {
            return self.cx.b.ret(None);
        };
        let value = self.expression(value);
        let list = self.push(ExprKind::Sequence(vec![value]), node);
        let held = self.temporary();
        let span = self.span(node);
        self.cx
            .b
            .assign(Target::Name(held, span), list, AssignMode::Plain, span);
        let mut choice = self.cx.b.begin_switch(None);
        self.cx.b.begin_case(&mut choice, false);
        let list = self.push(ExprKind::Name(held), node);
        self.cx.b.ret(Some(list));
        self.cx.b.end_case(&choice, false);
        self.cx.b.end_switch(choice, false);
    }

    /// True when a block holds nothing but log calls.
    pub(super) fn does_nothing(&self, block: Node<'_>) -> bool {
        let statements = match block.kind() {
            "block" => children(block),
            _ => vec![block],
        };
        statements
            .iter()
            .all(|s| s.kind() == "empty_statement" || (s.kind() == "expression_statement" && self.logs(*s)))
    }

    fn logs(&self, statement: Node<'_>) -> bool {
        let text = self.str(statement);
        let text = text.strip_prefix("this.").unwrap_or(&text);
        let root = text.split(['.', '(', '?']).next().unwrap_or_default();
        LOGGERS.contains(&root)
    }
}
