//! Branches, matches and loops. Chains (`else if`, arms) are loops here: their length is no depth.

use super::{Destination, Rust, child_of, children, first_child};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// What a `match` compares with its patterns.
enum Subject<'n> {
    /// Something without effects, written again for each test.
    Pure(Node<'n>),
    /// A variable that holds it.
    Held(Symbol),
}

impl Rust<'_, '_> {
    pub(super) fn if_expression(&mut self, node: Node<'_>, to: Destination) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        let mut scopes = 0;
        while let (Some(condition), Some(then)) = (
            current.child_by_field_name("condition"),
            current.child_by_field_name("consequence"),
        ) {
            self.scopes.open();
            scopes += 1;
            let test = self.condition(condition);
            let mut frame = self.cx.b.begin_if(test, self.cx.span(current));
            let (arm, empty) = self.arm(then, to);
            let Some(alternative) = current.child_by_field_name("alternative").and_then(first_child) else {
                self.cx.b.end_if(frame, arm, empty);
                break;
            };
            self.cx.b.otherwise(&mut frame, arm, empty);
            if alternative.kind() == "if_expression" {
                chain.push((frame, self.span(alternative)));
                current = alternative;
                continue;
            }
            let (arm, empty) = self.arm(alternative, to);
            self.cx.b.end_if(frame, arm, empty);
            break;
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, false);
        }
        (0..scopes).for_each(|_| self.scopes.close());
    }

    /// A test, `let` patterns and chains of them included; what it binds is declared in the innermost scope.
    fn condition(&mut self, node: Node<'_>) -> ExprId {
        self.hoist(node);
        self.condition_value(node)
    }

    /// The same where nothing needs to be lowered first.
    pub(super) fn condition_value(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "let_condition" => {
                let (Some(pattern), Some(value)) =
                    (node.child_by_field_name("pattern"), node.child_by_field_name("value"))
                else {
                    return self.anything(node);
                };
                let value = self.expression(value);
                self.pattern_test(value, pattern, node)
            }
            "let_chain" => {
                let mut operands = Vec::new();
                for part in children(node) {
                    operands.push(self.condition_value(part));
                }
                let op = LogicOp::And;
                self.push(ExprKind::Logic { op, operands }, node)
            }
            _ => self.expression(node),
        }
    }

    // ---- match

    pub(super) fn match_expression(&mut self, node: Node<'_>, to: Destination) {
        let (Some(value), Some(body)) = (node.child_by_field_name("value"), node.child_by_field_name("body")) else {
            return;
        };
        let subject = self.subject(value);
        let arms: Vec<_> = children(body).into_iter().filter(|c| c.kind() == "match_arm").collect();
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut empty = false;
        for (i, arm) in arms.iter().enumerate() {
            let (Some(whole), Some(value)) = (arm.child_by_field_name("pattern"), arm.child_by_field_name("value"))
            else {
                continue;
            };
            let pattern = first_child(whole).filter(|p| Some(*p) != whole.child_by_field_name("condition"));
            let guard = whole.child_by_field_name("condition");
            let last = i + 1 == arms.len();
            self.scopes.open();
            if guard.is_none() && (last || pattern.is_none_or(|p| self.always_matches(p))) {
                self.bind_last(&subject, pattern);
                let (span, does_nothing) = self.arm(value, to);
                self.scopes.close();
                if let Some(frame) = chain.last_mut() {
                    frame.1 = span;
                    empty = does_nothing;
                }
                break;
            }
            let test = self.arm_test(&subject, pattern, guard, whole);
            let start = self.span(*arm).start;
            let mut frame = self.cx.b.begin_if(test, Span { start, end });
            let (span, does_nothing) = self.arm(value, to);
            self.scopes.close();
            if last {
                self.cx.b.end_if(frame, span, does_nothing);
                break;
            }
            self.cx.b.otherwise(&mut frame, span, does_nothing);
            let start = self.span(*arm).end;
            chain.push((frame, Span { start, end }));
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, std::mem::take(&mut empty));
        }
    }

    fn subject<'n>(&mut self, value: Node<'n>) -> Subject<'n> {
        if self.is_pure(value) {
            return Subject::Pure(value);
        }
        let held = self.temporary();
        let lowered = self.whole(value);
        let span = self.span(value);
        self.cx
            .b
            .assign(Target::Name(held, span), lowered, AssignMode::Plain, span);
        Subject::Held(held)
    }

    fn subject_value(&mut self, subject: &Subject<'_>, at: Node<'_>) -> ExprId {
        match subject {
            Subject::Pure(node) => self.expression(*node),
            Subject::Held(name) => self.push(ExprKind::Name(*name), at),
        }
    }

    /// The arm that is taken when no other is.
    fn bind_last(&mut self, subject: &Subject<'_>, pattern: Option<Node<'_>>) {
        let Some(pattern) = pattern else { return };
        let value = self.subject_value(subject, pattern);
        let target = self.pattern(pattern);
        if matches!(target, Target::Ignore) {
            return self.cx.b.statement(value);
        }
        self.cx
            .b
            .assign(target, value, AssignMode::Plain, self.cx.span(pattern));
    }

    fn arm_test(
        &mut self,
        subject: &Subject<'_>,
        pattern: Option<Node<'_>>,
        guard: Option<Node<'_>>,
        whole: Node<'_>,
    ) -> ExprId {
        if let Some(guard) = guard {
            self.hoist(guard);
        }
        let value = self.subject_value(subject, pattern.unwrap_or(whole));
        let test = match pattern {
            Some(pattern) => self.pattern_test(value, pattern, whole),
            None => value,
        };
        let Some(guard) = guard else { return test };
        let operands = match pattern {
            Some(_) => vec![test, self.condition_value(guard)],
            None => return self.condition_value(guard),
        };
        let op = LogicOp::And;
        self.push(ExprKind::Logic { op, operands }, whole)
    }

    // ---- loops

    pub(super) fn looping(&mut self, node: Node<'_>, to: Destination) {
        let label = child_of(node, "label").and_then(first_child).map(|l| self.cx.symbol(l));
        self.loops.push((label, to));
        let frame = self.cx.b.begin_loop(label);
        self.scopes.open();
        if let Some(condition) = node.child_by_field_name("condition") {
            let test = self.condition(condition);
            self.cx.b.loop_test(test);
        }
        if let (Some(pattern), Some(value)) = (node.child_by_field_name("pattern"), node.child_by_field_name("value")) {
            self.each(pattern, value, node);
        }
        if let Some(body) = node.child_by_field_name("body") {
            self.lower_to(body, Destination::Nowhere);
        }
        self.scopes.close();
        self.cx.b.end_loop(frame);
        self.loops.pop();
    }

    /// `for pattern in value`. The counter of `.enumerate()` is a number, whatever it counts.
    fn each(&mut self, pattern: Node<'_>, value: Node<'_>, node: Node<'_>) {
        let lowered = self.whole(value);
        let span = self.span(node);
        let pairs = children(pattern);
        if let ([counter, element], Some(counted)) = (&pairs[..], self.enumerated(lowered)) {
            let number = self.push(ExprKind::Num("0".into()), *counter);
            let (target, mode) = (Box::new(self.pattern(*counter)), AssignMode::Plain);
            let value = number;
            self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
            let target = self.pattern(*element);
            return self.cx.b.assign(target, counted, AssignMode::Each, span);
        }
        let target = self.pattern(pattern);
        self.cx.b.assign(target, lowered, AssignMode::Each, span);
    }

    /// `x` of `x.enumerate()`.
    fn enumerated(&self, value: ExprId) -> Option<ExprId> {
        let ExprKind::Call { callee, .. } = self.cx.b.kind(value) else {
            return None;
        };
        match self.cx.b.kind(*callee) {
            ExprKind::Member { base, name, .. } if self.cx.b.name(*name) == "enumerate" => Some(*base),
            _ => None,
        }
    }

    pub(super) fn jump(&mut self, node: Node<'_>) {
        let label = child_of(node, "label").and_then(first_child).map(|l| self.cx.symbol(l));
        if node.kind() == "continue_expression" {
            return self.cx.b.cont(label);
        }
        let mut open = self.loops.iter().rev();
        let to = open
            .find(|l| label.is_none() || l.0 == label)
            .map_or(Destination::Nowhere, |l| l.1);
        if let Some(value) = children(node).into_iter().find(|c| c.kind() != "label") {
            self.lower_to(value, to);
        }
        self.cx.b.brk(label);
    }

    /// True when writing a value again gives the same value and does nothing else: a path of fields, or a view of one.
    fn is_pure(&self, value: Node<'_>) -> bool {
        const VIEWS: [&str; 8] = [
            "as_str",
            "as_ref",
            "as_deref",
            "as_bytes",
            "as_slice",
            "clone",
            "trim",
            "to_lowercase",
        ];
        let mut current = value;
        loop {
            let inner = match current.kind() {
                "identifier" | "self" => return true,
                "field_expression" | "reference_expression" => current.child_by_field_name("value"),
                "unary_expression" | "parenthesized_expression" => first_child(current),
                "call_expression" => {
                    let callee = current.child_by_field_name("function");
                    let view = callee.and_then(|c| c.child_by_field_name("field"));
                    let known = view.is_some_and(|v| VIEWS.contains(&&*self.str(v)));
                    callee.filter(|_| known)
                }
                _ => None,
            };
            match inner {
                Some(inner) => current = inner,
                None => return false,
            }
        }
    }
}
