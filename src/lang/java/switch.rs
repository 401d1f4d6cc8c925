//! `switch`, as a statement and as a value, with labels or arrows.
//!
//! As a statement it is a chain of branches when nothing falls through, else any case may be entered. As a value it is a chain of
//! conditional values; an arm that is a block is a function that is called there, and `yield` is its `return`.

use super::{
    Java, child_of, children,
    function::{Head, inside},
    has_word,
};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// What a `switch` compares with its cases.
#[derive(Clone, Copy)]
enum Subject<'n> {
    /// Something without effects, written again for each test.
    Pure(Node<'n>),
    /// A variable that holds it.
    Held(Symbol),
}

/// One case: all labels that lead to the same statements.
struct Case<'n> {
    labels: Vec<Node<'n>>,
    body: Vec<Node<'n>>,
    /// The node that holds the statements, labels included.
    node: Node<'n>,
}

impl Case<'_> {
    fn is_default(&self) -> bool {
        self.labels.iter().any(|l| has_word(*l, "default"))
    }

    /// True when control goes from its end into the next one.
    fn falls_through(&self) -> bool {
        if self.node.kind() != "switch_block_statement_group" {
            return false;
        }
        let mut last = self.body.last().copied();
        while let Some(node) = last {
            match node.kind() {
                "block" => last = children(node).pop(),
                "break_statement" | "return_statement" | "throw_statement" | "continue_statement"
                | "yield_statement" => return false,
                _ => return !leaves_always(node),
            }
        }
        true
    }
}

impl Java<'_, '_> {
    pub(super) fn switch_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let (subject, cases) = self.head(node);
        self.scopes.open();
        if let Subject::Held(_) = subject {
            // Its value was assigned as a part of the statement that is open.
            let held = self.subject_value(subject, node);
            self.cx.b.statement(held);
        }
        let falls: Vec<bool> = cases.iter().map(Case::falls_through).collect();
        let last = falls.len().saturating_sub(1);
        if falls.iter().take(last).any(|f| *f) {
            self.cases_in_any_order(&cases, &falls, subject, label);
        } else {
            self.cases_as_branches(node, &cases, subject, label);
        }
        self.scopes.close();
    }

    /// What is switched on, evaluated, and the cases.
    fn head<'n>(&mut self, node: Node<'n>) -> (Subject<'n>, Vec<Case<'n>>) {
        let cases = cases_of(node);
        let written = node.child_by_field_name("condition").unwrap_or(node);
        let inner = children(written).into_iter().next().unwrap_or(written);
        if inner.kind() == "identifier" {
            return (Subject::Pure(inner), cases);
        }
        let held = self.temporary();
        let value = self.expression(inner);
        let span = self.span(inner);
        let target = Box::new(Target::Name(held, span));
        let mode = AssignMode::Plain;
        self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
        (Subject::Held(held), cases)
    }

    fn subject_value(&mut self, subject: Subject<'_>, at: Node<'_>) -> ExprId {
        match subject {
            Subject::Pure(node) => self.expression(node),
            Subject::Held(symbol) => self.push(ExprKind::Name(symbol), at),
        }
    }

    fn cases_as_branches(&mut self, node: Node<'_>, cases: &[Case<'_>], subject: Subject<'_>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        self.cx.b.begin_case(&mut switch, false);
        let end = self.span(node).end;
        let (default, tested): (Vec<&Case<'_>>, Vec<&Case<'_>>) = cases.iter().partition(|c| c.is_default());
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        for (i, case) in tested.iter().enumerate() {
            self.scopes.open();
            let test = self.case_test(case, subject);
            let start = self.span(case.node).start;
            let mut frame = self.cx.b.begin_if(test, Span { start, end });
            let (arm, empty) = self.case_body(case);
            self.scopes.close();
            match tested.get(i + 1).or(default.first()) {
                Some(next) => {
                    self.cx.b.otherwise(&mut frame, arm, empty);
                    let start = self.span(next.node).start;
                    chain.push((frame, Span { start, end }));
                }
                None => self.cx.b.end_if(frame, arm, empty),
            }
        }
        let mut empty = false;
        if let Some(default) = default.first() {
            let (arm, does_nothing) = self.case_body(default);
            empty = does_nothing;
            if let Some(last) = chain.last_mut() {
                last.1 = arm;
            }
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, std::mem::take(&mut empty));
        }
        self.cx.b.end_case(&switch, false);
        self.cx.b.end_switch(switch, true);
    }

    fn cases_in_any_order(&mut self, cases: &[Case<'_>], falls: &[bool], subject: Subject<'_>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        let mut from_previous = false;
        for (case, falls) in cases.iter().zip(falls) {
            self.cx.b.begin_case(&mut switch, from_previous);
            if !case.is_default() && !from_previous {
                let test = self.case_test(case, subject);
                self.cx.b.statement(test);
            }
            self.case_body(case);
            from_previous = *falls;
            self.cx.b.end_case(&switch, from_previous);
        }
        let exhaustive = cases.iter().any(Case::is_default);
        self.cx.b.end_switch(switch, exhaustive);
    }

    /// `subject == a`, `subject in [a, b]`, with a guard.
    fn case_test(&mut self, case: &Case<'_>, subject: Subject<'_>) -> ExprId {
        let left = self.subject_value(subject, case.node);
        let mut values = Vec::new();
        let mut guard = None;
        for label in &case.labels {
            for part in children(*label) {
                match part.kind() {
                    "guard" => guard = children(part).first().copied(),
                    "pattern" => values.push(self.pattern(part, subject)),
                    _ => values.push(self.expression(part)),
                }
            }
        }
        let at = case.labels.first().copied().unwrap_or(case.node);
        let test = match values[..] {
            [right] => self.push(ExprKind::Binary { op: "==", left, right }, at),
            _ => {
                let right = self.push(ExprKind::Sequence(values), at);
                self.push(ExprKind::Binary { op: "in", left, right }, at)
            }
        };
        let Some(guard) = guard else { return test };
        let operands = vec![test, self.expression(guard)];
        let op = LogicOp::And;
        self.push(ExprKind::Logic { op, operands }, at)
    }

    /// A type pattern binds the subject as that type; what it tests is not known.
    fn pattern(&mut self, node: Node<'_>, subject: Subject<'_>) -> ExprId {
        let Some(pattern) = children(node).into_iter().next() else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let value = self.subject_value(subject, node);
        self.bind_pattern(pattern, value);
        self.push(ExprKind::Other(Vec::new()), node)
    }

    /// Gives the variables of a pattern the value, or a part of it.
    pub(super) fn bind_pattern(&mut self, pattern: Node<'_>, value: ExprId) {
        let mut open = vec![pattern];
        while let Some(node) = open.pop() {
            let parts = children(node);
            match node.kind() {
                "type_pattern" | "record_pattern_component" => {
                    let (Some(ty), Some(name)) = (parts.first(), parts.get(1)) else {
                        continue;
                    };
                    let ty = self.type_ref(*ty);
                    self.bind_as(*name, ty, value);
                }
                _ => open.extend(parts.into_iter().filter(|p| p.kind().contains("pattern"))),
            }
        }
    }

    /// `name = (ty) value`, as a part of the expression that is open.
    pub(super) fn bind_as(&mut self, name: Node<'_>, ty: Option<TypeRef>, value: ExprId) {
        let mut value = value;
        if let Some(ty) = ty {
            value = self.push(ExprKind::Cast { value, ty }, name);
        }
        let span = self.span(name);
        let target = Box::new(Target::Name(self.declare_as(name, None), span));
        let mode = AssignMode::Plain;
        self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
    }

    /// The statements of a case; their span and whether they do nothing.
    fn case_body(&mut self, case: &Case<'_>) -> (Span, bool) {
        self.scopes.open();
        let body = &case.body;
        let mut empty = true;
        for statement in body {
            empty &= self.does_nothing(*statement) || statement.kind() == "break_statement";
            self.statement(*statement, None);
        }
        self.scopes.close();
        let end = self.span(case.node).end;
        let span = match (body.first(), body.last()) {
            (Some(only), Some(_)) if body.len() == 1 && only.kind() == "block" => inside(self.span(*only)),
            (Some(first), Some(last)) => Span {
                start: self.span(*first).start,
                end: self.span(*last).end,
            },
            _ => Span { start: end, end },
        };
        (span, empty)
    }

    // ---- as a value

    pub(super) fn switch_value(&mut self, node: Node<'_>) -> ExprId {
        let (subject, cases) = self.head(node);
        let (default, tested): (Vec<&Case<'_>>, Vec<&Case<'_>>) = cases.iter().partition(|c| c.is_default());
        let mut chain = Vec::new();
        for case in tested {
            self.scopes.open();
            let test = self.case_test(case, subject);
            let then = self.case_result(case);
            self.scopes.close();
            chain.push((test, then));
        }
        let mut value = match default.first() {
            Some(case) => self.case_result(case),
            None => match chain.pop() {
                Some((_, last)) => last,
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
        };
        while let Some((test, then)) = chain.pop() {
            let other = value;
            value = self.push(ExprKind::Ternary { test, then, other }, node);
        }
        value
    }

    /// The value of an arm: an expression, or what a block yields.
    fn case_result(&mut self, case: &Case<'_>) -> ExprId {
        if let [one] = case.body[..]
            && one.kind() == "expression_statement"
            && let Some(value) = children(one).first()
        {
            return self.expression(*value);
        }
        let at = Span::new(case.node.start_byte(), case.node.start_byte());
        let head = Head {
            kind: FunctionKind::Lambda,
            name: "<lambda>".to_owned(),
            name_span: at,
            body: None,
            decorators: Vec::new(),
            exported: false,
        };
        let id = self.function(case.node, head, None, |java| {
            for statement in case.body.iter().copied() {
                match statement.kind() {
                    "block" => java.block(statement),
                    _ => java.statement(statement, None),
                }
            }
        });
        let callee = self.push(ExprKind::Lambda(id), case.node);
        let (args, new) = (Vec::new(), false);
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span: at,
        };
        self.push(kind, case.node)
    }
}

/// The cases of a `switch`; labels that stand alone belong to the statements after them.
fn cases_of<'n>(node: Node<'n>) -> Vec<Case<'n>> {
    let mut cases: Vec<Case<'n>> = Vec::new();
    let mut waiting: Vec<Node<'n>> = Vec::new();
    for group in node.child_by_field_name("body").map(children).unwrap_or_default() {
        let (labels, body): (Vec<_>, Vec<_>) = children(group).into_iter().partition(|c| c.kind() == "switch_label");
        waiting.extend(labels);
        if body.is_empty() {
            continue;
        }
        cases.push(Case {
            labels: std::mem::take(&mut waiting),
            body,
            node: group,
        });
    }
    cases
}

/// True for an `if` whose two arms both end in a jump.
fn leaves_always(node: Node<'_>) -> bool {
    let jumps = |arm: Option<Node<'_>>| {
        let last = arm.and_then(|a| match a.kind() {
            "block" => child_of(
                a,
                &[
                    "return_statement",
                    "break_statement",
                    "throw_statement",
                    "continue_statement",
                ],
            ),
            _ => Some(a),
        });
        last.is_some_and(|l| matches!(l.kind(), "return_statement" | "break_statement" | "throw_statement"))
    };
    node.kind() == "if_statement"
        && jumps(node.child_by_field_name("consequence"))
        && jumps(node.child_by_field_name("alternative"))
}
