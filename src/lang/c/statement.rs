//! Statements that follow one another: blocks, declarations, returns, and calls that never come back.

use super::{C, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Functions after which nothing runs, of the C library, of systems and by common convention.
const NEVER_RETURN: [&str; 26] = [
    "exit",
    "_exit",
    "_Exit",
    "quick_exit",
    "abort",
    "err",
    "errx",
    "verr",
    "verrx",
    "longjmp",
    "siglongjmp",
    "pthread_exit",
    "__builtin_unreachable",
    "__builtin_trap",
    "ExitProcess",
    "ExitThread",
    "std::exit",
    "std::abort",
    "std::terminate",
    "std::quick_exit",
    "die",
    "fatal",
    "panic",
    "unreachable",
    "g_error",
    "thrd_exit",
];

/// Functions that only tell something.
const TELL: [&str; 14] = [
    "printf",
    "fprintf",
    "puts",
    "fputs",
    "perror",
    "syslog",
    "warn",
    "warnx",
    "putchar",
    "fflush",
    "wprintf",
    "fwprintf",
    "printLine",
    "vfprintf",
];

impl C<'_, '_> {
    /// The statements of a block, a case or a file, in a scope that the caller opened.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in children(node) {
            self.statement(child, None);
        }
    }

    /// The statements of a block, in a scope of their own.
    pub(super) fn block(&mut self, node: Node<'_>) {
        self.scopes.open();
        self.deeper(node, |c| c.statements(node));
        self.scopes.close();
    }

    /// One statement; `label` is the label it carries.
    pub(super) fn statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.deeper(node, |c| c.statement_inside(node, label));
    }

    fn statement_inside(&mut self, node: Node<'_>, label: Option<Symbol>) {
        match node.kind() {
            "preproc_include" => self.include(node),
            "preproc_def" => self.object_macro(node),
            "preproc_if" | "preproc_ifdef" | "preproc_elif" | "preproc_elifdef" => self.conditional(node),
            "preproc_else" => self.statements(node),
            "preproc_call"
            | "preproc_function_def"
            | "static_assert_declaration"
            | "access_specifier"
            | "friend_declaration"
            | "concept_definition"
            | "empty_declaration"
            | "attribute_declaration"
            | "template_instantiation"
            | ";" => {}
            "function_definition" => self.function_definition(node),
            "declaration" => self.declaration(node),
            "type_definition" => self.typedef(node),
            "struct_specifier" | "union_specifier" | "enum_specifier" | "class_specifier" => self.type_body(node),
            "linkage_specification" => self.linkage(node),
            "declaration_list" | "ERROR" | "init_statement" => self.statements(node),
            "namespace_definition" => self.namespace(node),
            "namespace_alias_definition" => self.namespace_alias(node),
            "using_declaration" => self.using(node),
            "alias_declaration" => {}
            "template_declaration" => self.template(node),
            "compound_statement" => self.block(node),
            "expression_statement" => self.expression_statement(node),
            "return_statement" | "co_return_statement" => {
                let value = children(node).first().map(|v| self.initializer(*v));
                self.cx.b.ret(value);
            }
            "if_statement" => self.if_statement(node),
            "while_statement" => self.while_statement(node, label),
            "do_statement" => self.do_statement(node, label),
            "for_statement" => self.for_statement(node, label),
            "for_range_loop" => self.range_loop(node, label),
            "switch_statement" => self.switch_statement(node, label),
            "case_statement" => self.statements(node),
            "labeled_statement" => self.labelled(node),
            "break_statement" | "continue_statement" | "goto_statement" => self.jump(node),
            "try_statement" | "seh_try_statement" => self.try_statement(node),
            "throw_statement" => {
                if let Some(value) = children(node).first() {
                    let value = self.expression(*value);
                    self.cx.b.statement(value);
                }
                self.cx.b.raise();
            }
            "attributed_statement" => {
                let inner = children(node)
                    .into_iter()
                    .filter(|c| c.kind() != "attribute_declaration");
                inner.for_each(|c| self.statement(c, label));
            }
            _ => {
                let value = self.expression(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn linkage(&mut self, node: Node<'_>) {
        if let Some(body) = node.child_by_field_name("body") {
            self.statement(body, None);
        }
    }

    fn template(&mut self, node: Node<'_>) {
        let inner = children(node)
            .into_iter()
            .filter(|c| c.kind() != "template_parameter_list");
        inner.for_each(|c| self.statement(c, None));
    }

    fn expression_statement(&mut self, node: Node<'_>) {
        for child in children(node) {
            let value = self.expression(child);
            self.cx.b.statement(value);
            if self.never_returns(child) {
                self.cx.b.raise();
            }
        }
    }

    /// True for a call after which nothing runs. A function of the file is judged by its body.
    fn never_returns(&self, call: Node<'_>) -> bool {
        let name = self.called_name(call);
        if name == "assert" {
            let argument = call.child_by_field_name("arguments").map(|a| self.str(a));
            return argument.is_some_and(|a| matches!(a.trim(), "(0)" | "(false)" | "(FALSE)"));
        }
        NEVER_RETURN.contains(&name.as_str()) && !self.functions.contains(&name)
    }

    /// The plain or qualified name of the function a call calls; empty for anything else.
    fn called_name(&self, call: Node<'_>) -> String {
        let callee = call.child_by_field_name("function");
        let named = callee
            .filter(|c| call.kind() == "call_expression" && matches!(c.kind(), "identifier" | "qualified_identifier"));
        named.map(|c| self.str(c).into_owned()).unwrap_or_default()
    }

    /// True when a statement does nothing but tell something.
    pub(super) fn does_nothing(&self, node: Node<'_>) -> bool {
        let tells = |statement: &Node<'_>| match statement.kind() {
            "expression_statement" => {
                let inner = children(*statement);
                inner.iter().all(|c| TELL.contains(&self.called_name(*c).as_str()))
            }
            ";" => true,
            _ => false,
        };
        match node.kind() {
            "compound_statement" => children(node).iter().all(tells),
            _ => tells(&node),
        }
    }
}
