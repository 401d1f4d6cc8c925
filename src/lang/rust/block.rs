//! Statements, and where the value of a block, branch or loop goes.

use super::{Rust, child_of, children, first_child, items::inside};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// It is dropped.
    Nowhere,
    /// Out of the function.
    Return,
    /// Into a made-up variable.
    Variable(Symbol),
}

/// Kinds of nodes with control flow inside.
const CONTROL: [&str; 9] = [
    "if_expression",
    "match_expression",
    "block",
    "unsafe_block",
    "loop_expression",
    "while_expression",
    "for_expression",
    "const_block",
    "try_block",
];

impl Rust<'_, '_> {
    /// Lowers an expression as statements, its value going `to`.
    pub(super) fn lower_to(&mut self, node: Node<'_>, to: Destination) {
        self.deeper(node, |rust| rust.lower_here(node, to));
    }

    fn lower_here(&mut self, node: Node<'_>, to: Destination) {
        match node.kind() {
            "block" => self.block(node, to),
            "unsafe_block" | "try_block" => match child_of(node, "block") {
                Some(block) => self.block(block, to),
                None => self.plain(node, to),
            },
            "const_block" => match node.child_by_field_name("body") {
                Some(block) => self.block(block, to),
                None => self.plain(node, to),
            },
            "if_expression" => self.if_expression(node, to),
            "match_expression" => self.match_expression(node, to),
            "loop_expression" | "while_expression" | "for_expression" => self.looping(node, to),
            "return_expression" => match first_child(node) {
                Some(value) => self.lower_to(value, Destination::Return),
                None => self.cx.b.ret(None),
            },
            "break_expression" | "continue_expression" => self.jump(node),
            "macro_invocation" => self.macro_statement(node, to),
            _ => self.plain(node, to),
        }
    }

    fn plain(&mut self, node: Node<'_>, to: Destination) {
        let value = self.whole(node);
        if self.ends_the_program(node) {
            self.cx.b.statement(value);
            self.cx.b.raise();
        } else {
            self.deliver(value, to, node);
        }
    }

    /// Gives a value, the last expression pushed, to where it goes.
    pub(super) fn deliver(&mut self, value: ExprId, to: Destination, node: Node<'_>) {
        match to {
            Destination::Nowhere => self.cx.b.statement(value),
            Destination::Return => self.cx.b.ret(Some(value)),
            Destination::Variable(name) => {
                let span = self.span(node);
                self.cx
                    .b
                    .assign(Target::Name(name, span), value, AssignMode::Plain, span);
            }
        }
    }

    fn ends_the_program(&self, node: Node<'_>) -> bool {
        let Some(callee) = node
            .child_by_field_name("function")
            .filter(|_| node.kind() == "call_expression")
        else {
            return false;
        };
        let callee = self.str(callee);
        callee.ends_with("process::exit") || callee.ends_with("process::abort")
    }

    // ---- blocks

    /// The statements of a block in a scope of their own; the value of the last goes `to`.
    fn block(&mut self, node: Node<'_>, to: Destination) {
        let label = child_of(node, "label").and_then(first_child).map(|l| self.cx.symbol(l));
        let frame = label.map(|label| {
            self.loops.push((Some(label), to));
            let mut frame = self.cx.b.begin_switch(Some(label));
            self.cx.b.begin_case(&mut frame, false);
            frame
        });
        self.scopes.open();
        self.block_inside(node, to);
        self.scopes.close();
        if let Some(frame) = frame {
            self.cx.b.end_case(&frame, false);
            self.cx.b.end_switch(frame, true);
            self.loops.pop();
        }
    }

    fn block_inside(&mut self, node: Node<'_>, to: Destination) {
        let mut members = children(node);
        self.declare_names(&members);
        let tail = members.last().and_then(|last| tail_of(*last));
        if tail.is_some() {
            members.pop();
        }
        let mut attributes = Vec::new();
        for member in members {
            match member.kind() {
                "attribute_item" => attributes.extend(self.attribute(member)),
                "label" => {}
                _ => {
                    let carried = std::mem::take(&mut attributes);
                    self.statement(member, carried);
                }
            }
        }
        if let Some(tail) = tail {
            self.lower_to(tail, to);
        }
    }

    /// One statement or item.
    pub(super) fn statement(&mut self, node: Node<'_>, attributes: Vec<ExprId>) {
        self.deeper(node, |rust| rust.statement_inside(node, attributes));
    }

    fn statement_inside(&mut self, node: Node<'_>, attributes: Vec<ExprId>) {
        match node.kind() {
            "let_declaration" => self.let_declaration(node),
            "expression_statement" => {
                if let Some(inner) = first_child(node) {
                    self.lower_to(inner, Destination::Nowhere);
                }
            }
            "ERROR" => self.items(node),
            _ if self.item(node, attributes) => {}
            _ => self.lower_to(node, Destination::Nowhere),
        }
    }

    /// True when a block, or an arm without one, holds nothing but log macros.
    pub(super) fn does_nothing(&self, node: Node<'_>) -> bool {
        match node.kind() {
            "block" => children(node).into_iter().all(|s| {
                let inner = if s.kind() == "expression_statement" {
                    first_child(s)
                } else {
                    Some(s)
                };
                inner.is_some_and(|i| i.kind() == "empty_statement" || self.logs(i))
            }),
            "unit_expression" => true,
            _ => self.logs(node),
        }
    }

    fn logs(&self, node: Node<'_>) -> bool {
        const LOGS: [&str; 8] = ["trace", "debug", "info", "warn", "error", "log", "println", "eprintln"];
        let name = node.child_by_field_name("macro").map(|m| self.str(m));
        name.is_some_and(|n| LOGS.contains(&n.rsplit("::").next().unwrap_or_default()))
    }

    /// Statements without the braces; their span and whether they do nothing.
    pub(super) fn arm(&mut self, node: Node<'_>, to: Destination) -> (Span, bool) {
        let empty = self.does_nothing(node);
        self.lower_to(node, to);
        let span = self.span(node);
        let span = if node.kind() == "block" { inside(span) } else { span };
        (span, empty)
    }

    // ---- let

    fn let_declaration(&mut self, node: Node<'_>) {
        let Some(pattern) = node.child_by_field_name("pattern") else {
            return;
        };
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        let written = node.child_by_field_name("value");
        let mut value = match written {
            Some(written) => self.whole(written),
            None if ty.is_none() => {
                self.pattern(pattern);
                return;
            }
            None => self.push(ExprKind::Null, node),
        };
        if let Some(ty) = ty {
            value = self.push(ExprKind::Cast { value, ty }, written.unwrap_or(node));
        }
        let target = self.pattern(pattern);
        let span = self.span(node);
        let Some(alternative) = node.child_by_field_name("alternative") else {
            return self.cx.b.assign(target, value, AssignMode::Plain, span);
        };
        let (target, mode) = (Box::new(target), AssignMode::Plain);
        let test = self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
        let mut frame = self.cx.b.begin_if(test, span);
        let end = Span {
            start: span.end,
            ..span
        };
        self.cx.b.otherwise(&mut frame, end, false);
        let (arm, empty) = self.arm(alternative, Destination::Nowhere);
        self.cx.b.end_if(frame, arm, empty);
    }

    // ---- branches in the middle of an expression

    /// An expression that begins a statement of its own: what branches inside is lowered first.
    pub(super) fn whole(&mut self, node: Node<'_>) -> ExprId {
        self.hoist(node);
        self.expression(node)
    }

    /// Lowers every branch inside an expression into a variable of its own, in order.
    pub(super) fn hoist(&mut self, node: Node<'_>) {
        let mut cursor = node.walk();
        loop {
            let current = cursor.node();
            let kind = current.kind();
            if CONTROL.contains(&kind) {
                let name = self.temporary();
                self.lower_to(current, Destination::Variable(name));
                self.hoisted.insert(current.id(), name);
            } else if !matches!(
                kind,
                "closure_expression" | "async_block" | "gen_block" | "macro_invocation"
            ) && cursor.goto_first_child()
            {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// A branch as a value: the variable that holds it, or, where none could be lowered first (in a macro), a function called at once.
    pub(super) fn branch_value(&mut self, node: Node<'_>) -> ExprId {
        if let Some(name) = self.hoisted.remove(&node.id()) {
            return self.push(ExprKind::Name(name), node);
        }
        if let Some(value) = self.ternary(node) {
            return value;
        }
        self.called_at_once(node, false)
    }

    /// `{ .. }` as a function that is called where it stands.
    pub(super) fn called_at_once(&mut self, node: Node<'_>, is_async: bool) -> ExprId {
        let id = self.lambda(node, None, None, Some(node), is_async);
        let callee = self.push(ExprKind::Lambda(id), node);
        let (args, new) = (Vec::new(), false);
        let args_span = self.span(node);
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    /// `if test { a } else { b }` with nothing else inside.
    fn ternary(&mut self, node: Node<'_>) -> Option<ExprId> {
        let test = node
            .child_by_field_name("condition")
            .filter(|c| !c.kind().starts_with("let_"))?;
        let then = only_value(node.child_by_field_name("consequence")?)?;
        let other = first_child(node.child_by_field_name("alternative")?)?;
        let other = only_value(other)?;
        let (test, then, other) = (self.expression(test), self.expression(then), self.expression(other));
        Some(self.push(ExprKind::Ternary { test, then, other }, node))
    }
}

/// The expression a block's last member gives as the block's value.
fn tail_of(last: Node<'_>) -> Option<Node<'_>> {
    match last.kind() {
        "expression_statement" => {
            let count = last.child_count();
            let closed = last.child(count.saturating_sub(1)).is_some_and(|c| c.kind() == ";");
            if closed { None } else { first_child(last) }
        }
        "let_declaration" | "label" | "attribute_item" | "inner_attribute_item" | "ERROR" => None,
        kind if kind.ends_with("_item") || kind.ends_with("_declaration") => None,
        "macro_definition" | "associated_type" | "empty_statement" => None,
        _ => Some(last),
    }
}

/// The value of a block that holds nothing else.
fn only_value(block: Node<'_>) -> Option<Node<'_>> {
    match children(block)[..] {
        [only] if block.kind() == "block" => tail_of(only),
        _ => None,
    }
}
