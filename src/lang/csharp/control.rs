//! Branches, loops and `switch`. Chains (`else if`, cases) are loops here: their length is no depth.

use super::{CSharp, child_of, children, declare::inside, field_children};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// What a `switch` compares with its cases.
enum Subject<'n> {
    /// Something without effects, written again for each test.
    Pure(Node<'n>),
    /// A variable that holds it.
    Held(Symbol),
}

/// Labels that share their statements.
struct Case<'n> {
    labels: Vec<Node<'n>>,
    statements: Vec<Node<'n>>,
    span: Span,
}

impl CSharp<'_, '_> {
    pub(super) fn if_statement(&mut self, node: Node<'_>) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        loop {
            let test = match current.child_by_field_name("condition") {
                Some(condition) => self.expression(condition),
                None => self.push(ExprKind::Bool(true), current),
            };
            let mut frame = self.cx.b.begin_if(test, self.cx.span(current));
            let (arm, empty) = self.arm_of(current.child_by_field_name("consequence"));
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
            let (arm, empty) = self.arm_of(Some(alternative));
            self.cx.b.end_if(frame, arm, empty);
            break;
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, false);
        }
    }

    /// The statements of an arm; its span and whether it does nothing.
    pub(super) fn arm_of(&mut self, body: Option<Node<'_>>) -> (Span, bool) {
        let Some(body) = body else {
            return (Span::default(), true);
        };
        let empty = self.does_nothing(body);
        self.block(body);
        let span = self.span(body);
        (if body.kind() == "block" { inside(span) } else { span }, empty)
    }

    // ---- loops

    pub(super) fn looping(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        for initializer in field_children(node, "initializer") {
            if initializer.kind() == "variable_declaration" {
                self.variables(initializer);
            } else {
                let value = self.expression(initializer);
                self.cx.b.statement(value);
            }
        }
        let frame = self.cx.b.begin_loop(label);
        let condition = node.child_by_field_name("condition");
        let body = node.child_by_field_name("body");
        let first = node.kind() != "do_statement";
        if first && let Some(condition) = condition {
            let test = self.expression(condition);
            self.cx.b.loop_test(test);
        }
        if node.kind() == "foreach_statement" {
            self.each(node);
        }
        if let Some(body) = body {
            self.block(body);
        }
        for update in field_children(node, "update") {
            let value = self.expression(update);
            self.cx.b.statement(value);
        }
        if !first && let Some(condition) = condition {
            let test = self.expression(condition);
            self.cx.b.loop_test(test);
        }
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    /// `foreach (T x in xs)`: `x` is each element, then it is a `T`.
    fn each(&mut self, node: Node<'_>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let value = self.expression(right);
        let span = self.span(left).to(self.span(right));
        let target = match left.kind() {
            "identifier" => Target::Name(self.declare(left), self.span(left)),
            "tuple_pattern" => self.tuple_pattern(left),
            _ => self.target(left),
        };
        self.cx.b.assign(target, value, AssignMode::Each, span);
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        if let (Some(ty), "identifier") = (ty, left.kind()) {
            let value = self.name_value(left);
            let value = self.push(ExprKind::Cast { value, ty }, left);
            let symbol = self.declare(left);
            let target = Target::Name(symbol, self.span(left));
            self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(left));
        }
    }

    // ---- switches

    /// `switch (x) { case a: .. case p when t: .. default: .. }` as a chain of tests.
    pub(super) fn switch_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        let subject = node.child_by_field_name("value").map(|v| self.subject(v));
        let sections = node.child_by_field_name("body").map(children).unwrap_or_default();
        let cases = self.cases(&sections);
        let mut switch = self.cx.b.begin_switch(label);
        self.cx.b.begin_case(&mut switch, false);
        let end = self.span(node).end;
        let (default, tested): (Vec<Case<'_>>, Vec<Case<'_>>) = cases.into_iter().partition(|c| c.labels.is_empty());
        let default = default.into_iter().next();
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        for (i, case) in tested.iter().enumerate() {
            self.scopes.open();
            let test = self.case_test(case, subject.as_ref(), node);
            let start = case.span.start;
            let mut frame = self.cx.b.begin_if(test, Span { start, end });
            let empty = self.case_body(case);
            self.scopes.close();
            match tested.get(i + 1).or(default.as_ref()) {
                Some(next) => {
                    self.cx.b.otherwise(&mut frame, case.span, empty);
                    let start = next.span.start;
                    chain.push((frame, Span { start, end }));
                }
                None => self.cx.b.end_if(frame, case.span, empty),
            }
        }
        let mut empty = false;
        if let Some(default) = default {
            empty = self.case_body(&default);
            if let Some(last) = chain.last_mut() {
                last.1 = default.span;
            }
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, std::mem::take(&mut empty));
        }
        self.cx.b.end_case(&switch, false);
        self.cx.b.end_switch(switch, true);
        self.scopes.close();
    }

    fn subject<'n>(&mut self, value: Node<'n>) -> Subject<'n> {
        if is_pure(value) {
            return Subject::Pure(value);
        }
        let held = self.temporary();
        let lowered = self.expression(value);
        let span = self.span(value);
        let target = Target::Name(held, span);
        self.cx.b.assign(target, lowered, AssignMode::Plain, span);
        Subject::Held(held)
    }

    /// The sections of a `switch`; labels that stand before one another share what follows. Those of `default` have no labels: it
    /// takes what no other takes.
    fn cases<'n>(&self, sections: &[Node<'n>]) -> Vec<Case<'n>> {
        let mut cases = Vec::new();
        let mut labels = Vec::new();
        let mut is_default = false;
        let mut start = None;
        for section in sections.iter().filter(|s| s.kind() == "switch_section") {
            let parts = children(*section);
            let of_label = |p: &&Node<'n>| !is_statement(p.kind());
            let written: Vec<Node<'n>> = parts.iter().take_while(of_label).copied().collect();
            is_default |= super::has_token(*section, "default");
            let statements = parts[written.len()..].to_vec();
            labels.push(written);
            let span = self.span(*section);
            let start_here = *start.get_or_insert(span.start);
            if statements.is_empty() {
                continue;
            }
            let labels = std::mem::take(&mut labels).into_iter().flatten();
            cases.push(Case {
                labels: if is_default { Vec::new() } else { labels.collect() },
                statements,
                span: Span {
                    start: start_here,
                    end: span.end,
                },
            });
            (is_default, start) = (false, None);
        }
        cases
    }

    fn case_test(&mut self, case: &Case<'_>, subject: Option<&Subject<'_>>, node: Node<'_>) -> ExprId {
        let at = case.labels.first().copied().unwrap_or(node);
        let subject = match subject {
            Some(Subject::Pure(node)) => self.expression(*node),
            Some(Subject::Held(symbol)) => self.push(ExprKind::Name(*symbol), at),
            None => self.push(ExprKind::Other(Vec::new()), at),
        };
        let constants = case.labels.len() > 1 && case.labels.iter().all(|l| is_constant(*l));
        if constants {
            let values = case.labels.iter().map(|l| self.expression(unwrapped(*l))).collect();
            let (op, left) = ("in", subject);
            let right = self.push(ExprKind::Sequence(values), at);
            return self.push(ExprKind::Binary { op, left, right }, at);
        }
        let mut operands: Vec<ExprId> = Vec::new();
        for label in &case.labels {
            if label.kind() == "when_clause" {
                let guard = children(*label).first().map(|g| self.expression(*g));
                let both: Vec<ExprId> = operands.pop().into_iter().chain(guard).collect();
                let op = LogicOp::And;
                operands.push(self.push(ExprKind::Logic { op, operands: both }, *label));
            } else {
                operands.push(self.pattern(*label, subject));
            }
        }
        let op = LogicOp::Or;
        match operands[..] {
            [one] => one,
            _ => self.push(ExprKind::Logic { op, operands }, at),
        }
    }

    /// The statements of a case; whether they do nothing.
    fn case_body(&mut self, case: &Case<'_>) -> bool {
        let leaves = |s: &Node<'_>| s.kind() == "break_statement";
        let empty = case.statements.iter().all(|s| leaves(s) || self.does_nothing(*s));
        self.scopes.open();
        case.statements.iter().for_each(|s| self.statement(*s, None));
        self.scopes.close();
        empty
    }

    // ---- labels and jumps

    pub(super) fn labelled(&mut self, node: Node<'_>) {
        let mut parts = children(node).into_iter();
        let Some(name) = parts.next() else { return };
        let label = self.plain(name);
        self.cx.b.label(label);
        parts.for_each(|child| self.statement(child, Some(label)));
    }

    pub(super) fn jump(&mut self, node: Node<'_>) {
        match node.kind() {
            "continue_statement" => self.cx.b.cont(None),
            "goto_statement" => match child_of(node, "identifier") {
                Some(label) => {
                    let label = self.plain(label);
                    self.cx.b.jump(label);
                }
                // Into another case: as if the switch were left.
                None => self.cx.b.brk(None),
            },
            _ => self.cx.b.brk(None),
        }
    }
}

fn is_statement(kind: &str) -> bool {
    kind.ends_with("_statement") || matches!(kind, "block" | "preproc_if")
}

/// The expression in a constant pattern.
fn unwrapped<'n>(label: Node<'n>) -> Node<'n> {
    match label.kind() {
        "constant_pattern" => children(label).pop().unwrap_or(label),
        _ => label,
    }
}

fn is_constant(label: Node<'_>) -> bool {
    let kind = unwrapped(label).kind();
    kind.ends_with("_literal") || matches!(kind, "member_access_expression" | "identifier")
}

/// True when writing a value again gives the same value and does nothing else.
fn is_pure(value: Node<'_>) -> bool {
    let mut current = value;
    loop {
        current = match current.kind() {
            "identifier" | "this" | "integer_literal" | "string_literal" | "boolean_literal" => return true,
            "member_access_expression" => match current.child_by_field_name("expression") {
                Some(inner) => inner,
                None => return false,
            },
            "parenthesized_expression" => match children(current).first() {
                Some(inner) => *inner,
                None => return false,
            },
            _ => return false,
        };
    }
}
