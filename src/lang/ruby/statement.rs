//! Statements that follow one another, what leaves, and what the last of them gives back.

use super::{Rb, Tail, children, first_child};
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

/// Calls that never come back.
const NEVER_RETURN: [&str; 7] = ["raise", "fail", "abort", "exit", "exit!", "throw", "halt"];

impl<'n> Rb<'_, '_, 'n> {
    /// A run of statements, with what handles their exceptions where there is any.
    pub(super) fn body(&mut self, node: Node<'n>, tail: &Tail) {
        self.deeper(node, |rb| {
            let parts = children(node);
            let guarded = parts.iter().any(|p| matches!(p.kind(), "rescue" | "ensure"));
            if guarded {
                rb.guarded(node, &parts, tail);
            } else {
                rb.run(&parts, tail);
            }
        });
    }

    /// Statements one after the other; the last one gives the value.
    pub(super) fn run(&mut self, parts: &[Node<'n>], tail: &Tail) {
        let Some((last, before)) = parts.split_last() else {
            return self.end_value(None, tail);
        };
        for part in before {
            self.statement(*part, &Tail::Drop);
        }
        self.statement(*last, tail);
    }

    /// The body of a method, a `then`, an `else`: a run of statements, or one expression.
    pub(super) fn arm_body(&mut self, node: Node<'n>, tail: &Tail) {
        match node.kind() {
            "body_statement" | "block_body" | "then" | "else" | "do" | "ensure" | "parenthesized_statements" => {
                self.body(node, tail);
            }
            _ => self.statement(node, tail),
        }
    }

    pub(super) fn end_value(&mut self, value: Option<(ExprId, Span)>, tail: &Tail) {
        match (tail, value) {
            (Tail::Return, value) => {
                if !self.cx.b.unreachable() {
                    self.cx.b.ret(value.map(|v| v.0));
                } else if let Some((value, _)) = value {
                    self.cx.b.statement(value);
                }
            }
            (Tail::Into(name), Some((value, span))) => {
                self.cx
                    .b
                    .assign(Target::Name(*name, span), value, AssignMode::Plain, span);
            }
            (_, Some((value, _))) => self.cx.b.statement(value),
            _ => {}
        }
    }

    pub(super) fn statement(&mut self, node: Node<'n>, tail: &Tail) {
        self.deeper(node, |rb| rb.statement_inside(node, tail));
    }

    fn statement_inside(&mut self, node: Node<'n>, tail: &Tail) {
        match node.kind() {
            "if" | "unless" => self.if_statement(node, tail),
            "if_modifier" | "unless_modifier" => self.modifier(node, tail),
            "while" | "until" | "while_modifier" | "until_modifier" => self.while_statement(node),
            "for" => self.for_statement(node),
            "case" => self.case_statement(node, tail),
            "case_match" => self.case_match(node, tail),
            "begin" | "parenthesized_statements" | "ERROR" | "begin_block" | "end_block" => self.body(node, tail),
            "return" => {
                let value = self.returned(node);
                self.cx.b.ret(value);
            }
            "next" | "break" | "redo" | "retry" => self.jump(node),
            "method" | "singleton_method" => {
                self.method(node);
            }
            "class" | "module" => self.class(node),
            "singleton_class" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.body(body, &Tail::Drop);
                }
            }
            "alias" | "undef" | "uninterpreted" | "heredoc_end" => {}
            "assignment" => self.assignment_statement(node, tail),
            "binary" if self.leaves_by_operator(node) => {}
            _ => self.expression_statement(node, tail),
        }
    }

    fn expression_statement(&mut self, node: Node<'n>, tail: &Tail) {
        if node.kind() == "identifier" && self.visibility(node) {
            return;
        }
        let value = self.expression(node);
        if self.leaves(node) {
            self.cx.b.statement(value);
            return self.cx.b.raise();
        }
        let span = self.span(node);
        self.end_value(Some((value, span)), tail);
    }

    /// `private` alone: what follows is not for others. True when that is what it was.
    fn visibility(&mut self, node: Node<'n>) -> bool {
        let text = self.str(node);
        let (Some(class), "private" | "protected" | "public" | "module_function") = (self.classes.last_mut(), &*text)
        else {
            return false;
        };
        class.private = matches!(&*text, "private" | "protected");
        true
    }

    /// True for `raise ..`, `abort(..)` and the like.
    pub(super) fn leaves(&self, node: Node<'n>) -> bool {
        match node.kind() {
            "identifier" => NEVER_RETURN.contains(&&*self.str(node)),
            "call" => {
                node.child_by_field_name("receiver").is_none()
                    && node
                        .child_by_field_name("method")
                        .is_some_and(|m| NEVER_RETURN.contains(&&*self.str(m)))
            }
            _ => false,
        }
    }

    /// `x or raise ..`, `render(..) and return`: a branch. True when that is what it was.
    fn leaves_by_operator(&mut self, node: Node<'n>) -> bool {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return false;
        };
        let negated = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("or" | "||") => true,
            Some("and" | "&&") => false,
            _ => return false,
        };
        if !matches!(right.kind(), "return" | "next" | "break") && !self.leaves(right) {
            return false;
        }
        let test = self.test(left, negated);
        let span = self.span(node);
        let frame = self.cx.b.begin_if(test, span);
        self.statement(right, &Tail::Drop);
        let arm = self.span(right);
        self.cx.b.end_if(frame, arm, false);
        true
    }

    /// A value as a test, perhaps turned round.
    pub(super) fn test(&mut self, node: Node<'n>, negated: bool) -> ExprId {
        let test = self.expression(node);
        match negated {
            true => self.push(ExprKind::Unary { op: "!", operand: test }, node),
            false => test,
        }
    }

    /// What `return a, b` gives.
    pub(super) fn returned(&mut self, node: Node<'n>) -> Option<ExprId> {
        let list = first_child(node)?;
        let mut values: Vec<ExprId> = Vec::new();
        for argument in self.arguments(Some(list)) {
            values.push(argument.value);
        }
        match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(self.push(ExprKind::Sequence(values), list)),
        }
    }

    fn jump(&mut self, node: Node<'n>) {
        let value = self.returned(node);
        let loops = self.frames.last().map_or(0, |f| f.loops);
        match (node.kind(), loops) {
            ("next" | "break", 0) => self.cx.b.ret(value),
            ("break", _) => self.cx.b.brk(None),
            ("next", _) => self.cx.b.cont(None),
            _ => {}
        }
    }

    /// `x = if a then b else c end` and the like: each arm gives its value to a variable of its own.
    fn assignment_statement(&mut self, node: Node<'n>, tail: &Tail) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.expression_statement(node, tail);
        };
        if !matches!(right.kind(), "if" | "unless" | "case" | "case_match" | "begin") {
            return self.expression_statement(node, tail);
        }
        let held = self.temporary();
        self.statement(right, &Tail::Into(held));
        let value = self.push(ExprKind::Name(held), right);
        let target = self.target(left);
        let span = self.span(node);
        let (target, mode) = (Box::new(target), AssignMode::Plain);
        let value = self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
        self.end_value(Some((value, span)), tail);
    }

    /// True when an arm holds nothing, `nil`, or log calls.
    pub(super) fn does_nothing(&self, node: Node<'n>) -> bool {
        let parts = match node.kind() {
            "then" | "else" | "body_statement" | "block_body" | "do" => children(node),
            _ => vec![node],
        };
        parts.into_iter().all(|p| match p.kind() {
            "nil" => true,
            "call" => {
                let text = self.str(p);
                let text = text.trim_start_matches("Rails.").trim_start_matches('@');
                ["logger.", "log.", "puts ", "warn ", "puts(", "warn("]
                    .iter()
                    .any(|l| text.starts_with(l))
            }
            _ => false,
        })
    }
}
