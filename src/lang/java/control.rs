//! Branches, loops and exceptions. Chains (`else if`) are loops here: their length is no depth.

use super::{Java, child_of, children, field_children, function::inside};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

impl Java<'_, '_> {
    pub(super) fn if_statement(&mut self, node: Node<'_>) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        loop {
            let test = self.test(current.child_by_field_name("condition"), current);
            let mut frame = self.cx.b.begin_if(test, self.cx.span(current));
            let (arm, empty) = self.arm(current.child_by_field_name("consequence"));
            let Some(alternative) = current.child_by_field_name("alternative") else {
                self.cx.b.end_if(frame, arm, empty);
                break;
            };
            self.cx.b.otherwise(&mut frame, arm, empty);
            if alternative.kind() == "if_statement" {
                chain.push((frame, self.span(alternative)));
                current = alternative;
                continue;
            }
            let (arm, empty) = self.arm(Some(alternative));
            self.cx.b.end_if(frame, arm, empty);
            break;
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, false);
        }
    }

    fn test(&mut self, condition: Option<Node<'_>>, around: Node<'_>) -> ExprId {
        match condition {
            Some(condition) => self.expression(condition),
            None => self.push(ExprKind::Bool(true), around),
        }
    }

    /// The statements of an arm, with or without braces; its span and whether it does nothing.
    pub(super) fn arm(&mut self, body: Option<Node<'_>>) -> (Span, bool) {
        let Some(body) = body else {
            return (Span::default(), true);
        };
        let empty = self.does_nothing(body);
        if body.kind() == "block" {
            self.block(body);
            return (inside(self.span(body)), empty);
        }
        self.scopes.open();
        self.statement(body, None);
        self.scopes.close();
        (self.span(body), empty)
    }

    // ---- loops

    pub(super) fn while_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let frame = self.cx.b.begin_loop(label);
        let test = self.test(node.child_by_field_name("condition"), node);
        self.cx.b.loop_test(test);
        self.arm(node.child_by_field_name("body"));
        self.cx.b.end_loop(frame);
    }

    pub(super) fn do_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let frame = self.cx.b.begin_loop(label);
        self.arm(node.child_by_field_name("body"));
        let test = self.test(node.child_by_field_name("condition"), node);
        self.cx.b.loop_test(test);
        self.cx.b.end_loop(frame);
    }

    pub(super) fn for_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        for init in field_children(node, "init") {
            self.statement(init, None);
        }
        let frame = self.cx.b.begin_loop(label);
        if let Some(condition) = node.child_by_field_name("condition") {
            let test = self.expression(condition);
            self.cx.b.loop_test(test);
        }
        self.arm(node.child_by_field_name("body"));
        for update in field_children(node, "update") {
            self.statement(update, None);
        }
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    /// `for (T x : xs)`.
    pub(super) fn for_each(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
            return;
        };
        self.scopes.open();
        let frame = self.cx.b.begin_loop(label);
        let value = self.expression(value);
        let span = self.span(name);
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        match self.with_dimensions(ty, node) {
            // Each element first, then the variable as what it is declared.
            Some(ty) => {
                let element = self.temporary();
                self.cx
                    .b
                    .assign(Target::Name(element, span), value, AssignMode::Each, span);
                let value = self.push(ExprKind::Name(element), name);
                let value = self.push(ExprKind::Cast { value, ty }, name);
                let target = Target::Name(self.declare_as(name, None), span);
                self.cx.b.assign(target, value, AssignMode::Plain, span);
            }
            None => {
                let target = Target::Name(self.declare_as(name, None), span);
                self.cx.b.assign(target, value, AssignMode::Each, span);
            }
        }
        self.arm(node.child_by_field_name("body"));
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    // ---- exceptions

    /// `try`: an outer one for `finally`, an inner one for the handlers. Resources are opened in the protected part.
    pub(super) fn try_statement(&mut self, node: Node<'_>) {
        let whole = self.span(node);
        let clauses = children(node);
        let finally = clauses.iter().find(|c| c.kind() == "finally_clause").copied();
        let catches: Vec<_> = clauses.iter().filter(|c| c.kind() == "catch_clause").copied().collect();
        let outer = finally.map(|_| self.cx.b.begin_try(whole));
        let inner = (!catches.is_empty()).then(|| self.cx.b.begin_try(whole));
        self.scopes.open();
        if let Some(resources) = node.child_by_field_name("resources") {
            self.resources(resources);
        }
        let body = node.child_by_field_name("body");
        if let Some(body) = body {
            self.block(body);
        }
        self.scopes.close();
        let guarded = body.map_or(whole, |b| Span {
            start: node
                .child_by_field_name("resources")
                .map_or(self.span(b), |r| self.span(r))
                .start,
            end: self.span(b).end,
        });
        if let Some(mut frame) = inner {
            self.cx.b.end_try_body(&mut frame, guarded);
            for clause in catches {
                self.cx.b.begin_handler(&mut frame);
                let (types, (arm, empty)) = self.catch(clause);
                self.cx.b.end_handler(&mut frame, types, arm, empty);
            }
            self.cx.b.end_try(frame);
        }
        if let Some(mut frame) = outer {
            self.cx.b.end_try_body(&mut frame, guarded);
            let always = self.cx.b.begin_finally(frame);
            if let Some(block) = finally.and_then(|f| child_of(f, &["block"])) {
                self.block(block);
            }
            self.cx.b.end_finally(always);
        }
    }

    fn resources(&mut self, list: Node<'_>) {
        for resource in children(list) {
            if resource.child_by_field_name("name").is_some() {
                let ty = resource.child_by_field_name("type").and_then(|t| self.type_ref(t));
                self.variable(resource, ty);
            } else if let Some(held) = children(resource).first() {
                let value = self.expression(*held);
                self.cx.b.statement(value);
            }
        }
    }

    /// The types a handler catches, and its statements; the exception is bound first.
    fn catch(&mut self, clause: Node<'_>) -> (Vec<TypeRef>, (Span, bool)) {
        self.scopes.open();
        let mut types = Vec::new();
        if let Some(parameter) = child_of(clause, &["catch_formal_parameter"]) {
            let caught = child_of(parameter, &["catch_type"]).map(children).unwrap_or_default();
            types.extend(caught.into_iter().filter_map(|t| self.type_ref(t)));
            if let Some(name) = parameter.child_by_field_name("name") {
                let mut value = self.push(ExprKind::Caught, name);
                if let [ty] = types.as_slice() {
                    let ty = ty.clone();
                    value = self.push(ExprKind::Cast { value, ty }, name);
                }
                let span = self.span(name);
                let target = Target::Name(self.declare_as(name, None), span);
                self.cx.b.assign(target, value, AssignMode::Plain, span);
            }
        }
        let arm = self.arm(clause.child_by_field_name("body"));
        self.scopes.close();
        (types, arm)
    }
}
