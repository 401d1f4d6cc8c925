//! Statements: lists, branches, loops, functions, assignments.

use super::{Shell, children, field_children};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// Most numbered parameters a function has.
const MAX_PARAMETERS: u32 = 9;

impl Shell<'_, '_> {
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in children(node) {
            self.statement(child);
        }
    }

    pub(super) fn statement(&mut self, node: Node<'_>) {
        self.deeper(node, |sh| sh.statement_inside(node));
    }

    fn statement_inside(&mut self, node: Node<'_>) {
        match node.kind() {
            "command" => self.command_statement(node),
            "list" => self.list(node),
            "variable_assignment" => {
                let value = self.assignment_value(node);
                self.cx.b.statement(value);
            }
            "variable_assignments" | "compound_statement" | "subshell" | "do_group" | "ERROR" => self.statements(node),
            "declaration_command" => self.declaration(node),
            "if_statement" => self.if_statement(node),
            "while_statement" => self.while_statement(node),
            "for_statement" => self.for_statement(node),
            "c_style_for_statement" => self.counting(node),
            "case_statement" => self.case_statement(node),
            "function_definition" => self.function(node),
            "redirected_statement" if !Self::is_value(node) => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statement(body);
                }
            }
            "heredoc_body" | "heredoc_end" | "file_redirect" | "unset_command" => {}
            _ if Self::is_value(node) => {
                let value = self.value(node);
                self.cx.b.statement(value);
            }
            _ => {
                let value = self.word(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn command_statement(&mut self, node: Node<'_>) {
        let value = self.value(node);
        self.cx.b.statement(value);
        let name = node.child_by_field_name("name").map(|n| self.str(n).into_owned());
        match name.as_deref() {
            Some("exit" | "die") => self.cx.b.raise(),
            Some("return") => self.cx.b.ret(None),
            Some("break") => self.cx.b.brk(None),
            Some("continue") => self.cx.b.cont(None),
            _ => {}
        }
    }

    /// `local x=1 y`, `export X=..`: assignments; `local` makes a variable of the function.
    fn declaration(&mut self, node: Node<'_>) {
        let word = node.child(0).map(|c| c.kind().to_owned()).unwrap_or_default();
        let own = matches!(word.as_str(), "local" | "declare" | "typeset");
        for part in children(node) {
            let name = match part.kind() {
                "variable_assignment" => part.child_by_field_name("name"),
                "variable_name" => Some(part),
                _ => None,
            };
            if let Some(name) = name.filter(|_| own && self.cx.b.current() != FunctionId(0)) {
                let symbol = self.str(name).into_owned();
                let symbol = self.cx.b.symbol(&symbol);
                self.scopes.declare(&mut self.cx.b, symbol);
            }
            if part.kind() == "variable_assignment" {
                let value = self.assignment_value(part);
                self.cx.b.statement(value);
            }
        }
    }

    // ---- lists

    /// `a && b`, `a || b`: what follows runs when the test says so.
    fn list(&mut self, node: Node<'_>) {
        let parts = children(node);
        let [left, right] = parts[..] else {
            return self.statements(node);
        };
        let or = super::has_token(node, "||");
        let mut test = self.condition(left);
        if or {
            test = self.push(ExprKind::Unary { op: "!", operand: test }, left);
        }
        let frame = self.cx.b.begin_if(test, self.cx.span(node));
        let empty = self.does_nothing(right);
        self.statement(right);
        self.cx.b.end_if(frame, self.cx.span(right), empty);
    }

    /// A statement as a test. What is no value runs first, and nothing is known of how it went.
    fn condition(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |sh| match node.kind() {
            "list" => {
                let parts = children(node);
                let op = match super::has_token(node, "||") {
                    true => LogicOp::Or,
                    false => LogicOp::And,
                };
                let operands = parts.iter().map(|p| sh.condition(*p)).collect();
                sh.push(ExprKind::Logic { op, operands }, node)
            }
            "variable_assignment" => sh.assignment_value(node),
            _ if Self::is_value(node) => sh.value(node),
            _ => {
                let span = sh.span(node);
                let at = Span {
                    start: span.start,
                    end: span.start,
                };
                sh.cx.b.begin_function(FunctionKind::Lambda, "<lambda>", span, at, span);
                sh.statement(node);
                let lambda = sh.cx.b.end_function();
                let callee = sh.push(ExprKind::Lambda(lambda), node);
                sh.call_of(callee, Vec::new(), node)
            }
        });
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    /// The statements between `if` and `then`: all but the last run before the test.
    fn conditions(&mut self, conditions: &[Node<'_>], around: Node<'_>) -> ExprId {
        let Some((last, before)) = conditions.split_last() else {
            return self.push(ExprKind::Bool(true), around);
        };
        before.iter().for_each(|c| self.statement(*c));
        self.condition(*last)
    }

    // ---- branches

    fn if_statement(&mut self, node: Node<'_>) {
        let test = self.conditions(&field_children(node, "condition"), node);
        let mut frame = self.cx.b.begin_if(test, self.cx.span(node));
        let conditions = field_children(node, "condition");
        let parts: Vec<Node<'_>> = children(node).into_iter().filter(|c| !conditions.contains(c)).collect();
        let (arms, body): (Vec<_>, Vec<_>) = parts.into_iter().partition(|c| c.kind().ends_with("_clause"));
        let (mut arm, mut empty) = self.arm(&body, node);
        let mut open: Vec<(IfFrame, Span)> = Vec::new();
        for clause in arms {
            self.cx.b.otherwise(&mut frame, arm, empty);
            let inner = children(clause);
            if clause.kind() == "else_clause" {
                (arm, empty) = self.arm(&inner, clause);
                break;
            }
            // The first statement of an `elif` is its test.
            let (test, body) = match inner.split_first() {
                Some((test, body)) => (self.condition(*test), body.to_vec()),
                None => (self.push(ExprKind::Bool(true), clause), Vec::new()),
            };
            open.push((frame, self.span(clause)));
            frame = self.cx.b.begin_if(test, self.cx.span(clause));
            (arm, empty) = self.arm(&body, clause);
        }
        self.cx.b.end_if(frame, arm, empty);
        while let Some((outer, span)) = open.pop() {
            self.cx.b.end_if(outer, span, false);
        }
    }

    fn arm(&mut self, body: &[Node<'_>], around: Node<'_>) -> (Span, bool) {
        let empty = body.iter().all(|s| self.does_nothing(*s));
        body.iter().for_each(|s| self.statement(*s));
        let span = match (body.first(), body.last()) {
            (Some(first), Some(last)) => self.span(*first).to(self.span(*last)),
            _ => self.span(around),
        };
        (span, empty)
    }

    /// `:`, `true`, `echo ..`.
    fn does_nothing(&self, node: Node<'_>) -> bool {
        let name = node.child_by_field_name("name").map(|n| self.str(n));
        node.kind() == "command" && name.is_some_and(|n| matches!(&*n, ":" | "true" | "echo" | "printf" | "logger"))
    }

    fn case_statement(&mut self, node: Node<'_>) {
        let Some(subject) = node.child_by_field_name("value") else {
            return;
        };
        let mut open: Vec<(IfFrame, Span, bool)> = Vec::new();
        for item in children(node).into_iter().filter(|c| c.kind() == "case_item") {
            let patterns = field_children(item, "value");
            let body: Vec<Node<'_>> = children(item).into_iter().filter(|c| !patterns.contains(c)).collect();
            let left = self.word(subject);
            let globs = patterns.iter().any(|p| self.str(*p).contains(['*', '?', '[']));
            let test = if globs {
                self.push(ExprKind::Other(vec![left]), item)
            } else {
                let values = patterns.iter().map(|p| self.word(*p)).collect();
                let right = self.push(ExprKind::Sequence(values), item);
                self.push(ExprKind::Binary { op: "in", left, right }, item)
            };
            let mut frame = self.cx.b.begin_if(test, self.cx.span(item));
            let (arm, empty) = self.arm(&body, item);
            self.cx.b.otherwise(&mut frame, arm, empty);
            open.push((frame, self.span(item), true));
        }
        while let Some((frame, span, empty)) = open.pop() {
            self.cx.b.end_if(frame, span, empty);
        }
    }

    // ---- loops

    fn while_statement(&mut self, node: Node<'_>) {
        let frame = self.cx.b.begin_loop(None);
        let mut test = self.conditions(&field_children(node, "condition"), node);
        if super::has_token(node, "until") {
            test = self.push(ExprKind::Unary { op: "!", operand: test }, node);
        }
        self.cx.b.loop_test(test);
        if let Some(body) = node.child_by_field_name("body") {
            self.statements(body);
        }
        self.cx.b.end_loop(frame);
    }

    /// `for x in a b $c`; without `in`, the arguments.
    fn for_statement(&mut self, node: Node<'_>) {
        let words = field_children(node, "value");
        let mut values: Vec<ExprId> = words.iter().map(|w| self.word(*w)).collect();
        if values.is_empty() {
            let all = self.variable("@");
            values.push(self.push(ExprKind::Name(all), node));
        }
        let list = self.push(ExprKind::Sequence(values), node);
        let span = self.span(node);
        let held = self.cx.b.symbol(&format!("<words {}>", node.start_byte()));
        self.cx
            .b
            .assign(Target::Name(held, span), list, AssignMode::Plain, span);
        let frame = self.cx.b.begin_loop(None);
        if let Some(name) = node.child_by_field_name("variable") {
            let list = self.push(ExprKind::Name(held), node);
            let text = self.str(name).into_owned();
            let target = Target::Name(self.variable(&text), self.span(name));
            let at = self.span(name);
            self.cx.b.assign(target, list, AssignMode::Each, at);
        }
        if let Some(body) = node.child_by_field_name("body") {
            self.statements(body);
        }
        self.cx.b.end_loop(frame);
    }

    fn counting(&mut self, node: Node<'_>) {
        let frame = self.cx.b.begin_loop(None);
        if let Some(body) = node.child_by_field_name("body") {
            self.statements(body);
        }
        self.cx.b.end_loop(frame);
    }

    // ---- functions

    fn function(&mut self, node: Node<'_>) {
        let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body")) else {
            return;
        };
        let (text, span, body_span) = (self.str(name).into_owned(), self.span(node), self.span(body));
        let kind = FunctionKind::Function;
        self.cx
            .b
            .begin_function(kind, &text, span, self.cx.span(name), body_span);
        self.scopes.open();
        let (most, all) = self.parameters_used(body);
        let mut params = Vec::new();
        for number in 1..=most {
            params.push(self.parameter(&number.to_string(), ParamKind::Normal, name));
        }
        if all {
            params.push(self.parameter("@", ParamKind::Rest, name));
        }
        let function = self.cx.b.function();
        (function.params, function.exported) = (params, false);
        self.statement(body);
        self.scopes.close();
        self.cx.b.end_function();
    }

    fn parameter(&mut self, text: &str, kind: ParamKind, at: Node<'_>) -> Param {
        let symbol = self.cx.b.symbol(text);
        let name = self.scopes.declare(&mut self.cx.b, symbol);
        Param {
            name,
            span: self.span(at),
            ty: None,
            default: None,
            kind,
            decorators: Vec::new(),
        }
    }

    /// The highest numbered parameter a body uses, and whether it uses all of them at once. `shift` moves them, so that all count.
    fn parameters_used(&self, body: Node<'_>) -> (u32, bool) {
        let (mut most, mut all) = (0, false);
        let mut cursor = body.walk();
        loop {
            let node = cursor.node();
            let inner = matches!(node.kind(), "simple_expansion" | "expansion");
            if inner {
                let text = self.str(node);
                let name = text.trim_start_matches(['$', '{']);
                all |= name.starts_with(['@', '*']);
                let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
                most = most.max(digits.parse().unwrap_or(0)).min(MAX_PARAMETERS);
            }
            let other = node.kind() == "function_definition";
            if !other && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() || cursor.node() == body {
                    return (most, all);
                }
            }
        }
    }
}
