//! Branches, loops, switches and exceptions. Chains (`elseif`, cases) are loops here: their length is no depth.

use super::{
    Php, children, first_child,
    statement::{inside, sequence},
};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

impl Php<'_, '_> {
    pub(super) fn if_statement(&mut self, node: Node<'_>) {
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut arm = (Span { start: end, end }, true);
        for (i, part) in node.children(&mut node.walk()).enumerate() {
            let field = node.field_name_for_child(i as u32);
            match (field, part.kind()) {
                (Some("condition"), _) => {
                    let whole = self.span(node);
                    self.open_branch(part, whole, &mut chain);
                }
                (Some("body"), _) => arm = self.arm(part),
                (_, "else_if_clause") => {
                    if let Some((frame, _)) = chain.last_mut() {
                        self.cx.b.otherwise(frame, arm.0, arm.1);
                    }
                    let whole = Span {
                        start: self.span(part).start,
                        end,
                    };
                    match part.child_by_field_name("condition") {
                        Some(test) => self.open_branch(test, whole, &mut chain),
                        None => continue,
                    }
                    arm = part
                        .child_by_field_name("body")
                        .map_or((Span { start: end, end }, true), |b| self.arm(b));
                }
                (_, "else_clause") => {
                    if let Some((frame, _)) = chain.last_mut() {
                        self.cx.b.otherwise(frame, arm.0, arm.1);
                    }
                    arm = part
                        .child_by_field_name("body")
                        .map_or((Span { start: end, end }, true), |b| self.arm(b));
                }
                // The grammar puts output and what follows an empty `else:` beside it.
                _ if part.is_named() && part.kind() != "comment" => self.statement(part),
                _ => {}
            }
        }
        while let Some((frame, whole)) = chain.pop() {
            self.cx.b.end_if(frame, arm.0, arm.1);
            arm = (whole, false);
        }
    }

    fn open_branch(&mut self, test: Node<'_>, whole: Span, chain: &mut Vec<(IfFrame, Span)>) {
        let test = self.expression(test);
        chain.push((self.cx.b.begin_if(test, whole), whole));
    }

    fn arm(&mut self, body: Node<'_>) -> (Span, bool) {
        let empty = self.does_nothing(body);
        self.statement(body);
        (inside(body), empty)
    }

    // ---- loops

    fn open_label(&mut self) -> Option<Symbol> {
        let text = format!("<{}>", self.labels.len());
        let label = self.cx.b.symbol(&text);
        self.labels.push(label);
        Some(label)
    }

    pub(super) fn while_statement(&mut self, node: Node<'_>) {
        let label = self.open_label();
        let head = self.cx.b.begin_loop(label);
        let test = node.child_by_field_name("condition");
        let body = node.child_by_field_name("body");
        if node.kind() == "while_statement"
            && let Some(test) = test
        {
            let test = self.expression(test);
            self.cx.b.loop_test(test);
        }
        if let Some(body) = body {
            self.statement(body);
        }
        if node.kind() == "do_statement"
            && let Some(test) = test
        {
            let test = self.expression(test);
            self.cx.b.statement(test);
        }
        self.cx.b.end_loop(head);
        self.labels.pop();
    }

    pub(super) fn for_statement(&mut self, node: Node<'_>) {
        self.evaluate_field(node, "initialize");
        let label = self.open_label();
        let head = self.cx.b.begin_loop(label);
        let tests = field_parts(node, "condition");
        if let Some((last, others)) = tests.split_last() {
            for other in others {
                let value = self.expression(*other);
                self.cx.b.statement(value);
            }
            let test = self.expression(*last);
            self.cx.b.loop_test(test);
        }
        let mut cursor = node.walk();
        for body in node.children_by_field_name("body", &mut cursor) {
            if body.is_named() {
                self.statement(body);
            }
        }
        self.evaluate_field(node, "update");
        self.cx.b.end_loop(head);
        self.labels.pop();
    }

    fn evaluate_field(&mut self, node: Node<'_>, field: &str) {
        for part in field_parts(node, field) {
            let value = self.expression(part);
            self.cx.b.statement(value);
        }
    }

    /// `foreach ($xs as $k => $v)`: `$v` is each element, `$k` may be any key of `$xs`.
    pub(super) fn foreach_statement(&mut self, node: Node<'_>) {
        let body = node.child_by_field_name("body");
        let heads: Vec<Node<'_>> = children(node)
            .into_iter()
            .filter(|c| Some(c.id()) != body.map(|b| b.id()))
            .collect();
        let (Some(subject), Some(element)) = (heads.first(), heads.get(1)) else {
            return;
        };
        let label = self.open_label();
        let head = self.cx.b.begin_loop(label);
        let value = self.expression(*subject);
        let span = self.span(*subject).to(self.span(*element));
        let mut target = *element;
        if element.kind() == "pair" {
            let parts = children(*element);
            if let (Some(key), Some(inner)) = (parts.first(), parts.get(1)) {
                let any = self.push(ExprKind::Other(vec![value]), *subject);
                let key = Box::new(self.target(*key));
                let mode = AssignMode::Plain;
                self.cx.b.expr(
                    ExprKind::Assign {
                        target: key,
                        value: any,
                        mode,
                    },
                    span,
                );
                target = *inner;
            }
        }
        let target = self.target(target);
        self.cx.b.assign(target, value, AssignMode::Each, span);
        if let Some(body) = body {
            self.statement(body);
        }
        self.cx.b.end_loop(head);
        self.labels.pop();
    }

    // ---- switch

    /// `switch`: a chain of branches when every case that does something leaves; else any case may be entered.
    pub(super) fn switch_statement(&mut self, node: Node<'_>) {
        let subject = node.child_by_field_name("condition");
        let cases: Vec<Node<'_>> = node
            .child_by_field_name("body")
            .map(children)
            .unwrap_or_default()
            .into_iter()
            .filter(|c| c.kind().ends_with("_statement"))
            .collect();
        let Some(subject) = subject else { return };
        let held = self.hold(subject);
        let label = self.open_label();
        let groups = grouped(&cases);
        let separate = groups
            .iter()
            .rev()
            .skip(1)
            .all(|g| g.last().is_some_and(|c| self.ends(*c)));
        let default_last = groups
            .iter()
            .rev()
            .skip(1)
            .all(|g| g.iter().all(|c| c.kind() == "case_statement"));
        if separate && default_last {
            self.cases_as_branches(node, &groups, held, label);
        } else {
            self.cases_in_any_order(&groups, held, label);
        }
        self.labels.pop();
    }

    /// A variable that holds what a `switch` or `match` compares; none when it is `true`.
    fn hold(&mut self, subject: Node<'_>) -> Option<Symbol> {
        let inner = first_child(subject).unwrap_or(subject);
        match inner.kind() {
            "boolean" => None,
            "variable_name" => {
                let value = self.expression(inner);
                self.cx.b.statement(value);
                Some(self.variable(inner))
            }
            _ => {
                let value = self.expression(inner);
                let held = self.cx.b.symbol("<subject>");
                let span = self.span(inner);
                self.cx
                    .b
                    .assign(Target::Name(held, span), value, AssignMode::Plain, span);
                Some(held)
            }
        }
    }

    fn cases_as_branches(
        &mut self,
        node: Node<'_>,
        groups: &[Vec<Node<'_>>],
        held: Option<Symbol>,
        label: Option<Symbol>,
    ) {
        let mut switch = self.cx.b.begin_switch(label);
        self.cx.b.begin_case(&mut switch, false);
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut arm = (Span { start: end, end }, true);
        for group in groups {
            let (Some(first), Some(last)) = (group.first(), group.last()) else {
                continue;
            };
            if let Some((frame, _)) = chain.last_mut() {
                self.cx.b.otherwise(frame, arm.0, arm.1);
            }
            if group.iter().all(|c| c.kind() == "case_statement") {
                let test = self.case_test(group, held, *first);
                let whole = Span {
                    start: self.span(*first).start,
                    end,
                };
                chain.push((self.cx.b.begin_if(test, whole), whole));
            }
            arm = self.case_body(*last);
        }
        while let Some((frame, whole)) = chain.pop() {
            self.cx.b.end_if(frame, arm.0, arm.1);
            arm = (whole, false);
        }
        self.cx.b.end_case(&switch, false);
        self.cx.b.end_switch(switch, true);
    }

    fn case_test(&mut self, group: &[Node<'_>], held: Option<Symbol>, at: Node<'_>) -> ExprId {
        let values: Vec<Node<'_>> = group.iter().filter_map(|c| c.child_by_field_name("value")).collect();
        self.one_of(&values, held, at)
    }

    /// `subject == value`, `subject in [values]`; without subject, any of the values.
    pub(super) fn one_of(&mut self, values: &[Node<'_>], held: Option<Symbol>, at: Node<'_>) -> ExprId {
        let left = held.map(|h| self.push(ExprKind::Name(h), at));
        let mut lowered: Vec<ExprId> = values.iter().map(|v| self.expression(*v)).collect();
        match (left, lowered.len()) {
            (Some(left), 1) => {
                let right = lowered.remove(0);
                self.push(ExprKind::Binary { op: "==", left, right }, at)
            }
            (Some(left), _) => {
                let right = self.push(ExprKind::Sequence(lowered), at);
                self.push(ExprKind::Binary { op: "in", left, right }, at)
            }
            (None, 1) => lowered.remove(0),
            (None, _) => {
                let op = LogicOp::Or;
                self.push(ExprKind::Logic { op, operands: lowered }, at)
            }
        }
    }

    /// The statements of a case; their span and whether they do nothing.
    fn case_body(&mut self, case: Node<'_>) -> (Span, bool) {
        let value = case.child_by_field_name("value").map(|v| v.id());
        let parts: Vec<Node<'_>> = children(case).into_iter().filter(|c| Some(c.id()) != value).collect();
        let start = parts.first().map_or(self.span(case).end, |p| self.span(*p).start);
        let empty = parts
            .iter()
            .all(|p| p.kind() == "break_statement" || p.kind() == "text_interpolation");
        for part in parts {
            self.statement(part);
        }
        (
            Span {
                start,
                end: self.span(case).end,
            },
            empty,
        )
    }

    fn cases_in_any_order(&mut self, groups: &[Vec<Node<'_>>], held: Option<Symbol>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        let mut from_previous = false;
        let mut exhaustive = false;
        for group in groups {
            let Some(last) = group.last() else { continue };
            self.cx.b.begin_case(&mut switch, from_previous);
            if group.iter().all(|c| c.kind() == "case_statement") {
                let test = self.case_test(group, held, *last);
                self.cx.b.statement(test);
            } else {
                exhaustive = true;
            }
            self.case_body(*last);
            from_previous = !self.ends(*last);
            self.cx.b.end_case(&switch, from_previous);
        }
        self.cx.b.end_switch(switch, exhaustive);
    }

    /// True when the last statement of a case leaves it.
    fn ends(&self, case: Node<'_>) -> bool {
        let mut last = children(case)
            .into_iter()
            .rev()
            .find(|c| c.kind() != "text_interpolation");
        while let Some(node) = last.filter(|n| n.kind() == "compound_statement") {
            last = children(node).pop();
        }
        last.is_some_and(|n| match n.kind() {
            "break_statement" | "continue_statement" | "return_statement" | "exit_statement" | "goto_statement" => true,
            "expression_statement" => first_child(n).is_some_and(|c| self.leaves(c)),
            _ => false,
        })
    }

    // ---- jumps

    pub(super) fn jump(&mut self, node: Node<'_>) {
        let levels = first_child(node)
            .and_then(|n| self.str(n).parse::<usize>().ok())
            .unwrap_or(1);
        let at = self.labels.len().saturating_sub(levels.max(1));
        let label = self.labels.get(at).copied();
        match node.kind() {
            "break_statement" => self.cx.b.brk(label),
            _ => self.cx.b.cont(label),
        }
    }

    pub(super) fn label(&mut self, node: Node<'_>) {
        let Some(name) = first_child(node) else { return };
        let label = self.cx.symbol(name);
        if node.kind() == "goto_statement" {
            self.cx.b.jump(label);
        } else {
            self.cx.b.label(label);
        }
    }

    // ---- exceptions

    pub(super) fn try_statement(&mut self, node: Node<'_>) {
        let whole = self.span(node);
        let parts = children(node);
        let of = |kind: &str| parts.iter().copied().filter(|p| p.kind() == kind).collect::<Vec<_>>();
        let (catches, finals) = (of("catch_clause"), of("finally_clause"));
        let mut outer = (!finals.is_empty()).then(|| self.cx.b.begin_try(whole));
        let mut inner = (!catches.is_empty()).then(|| self.cx.b.begin_try(whole));
        let body = node.child_by_field_name("body");
        let guarded = body.map_or(whole, inside);
        if let Some(body) = body {
            self.statement(body);
        }
        if let Some(mut frame) = inner.take() {
            self.cx.b.end_try_body(&mut frame, guarded);
            for clause in catches {
                self.cx.b.begin_handler(&mut frame);
                let (types, arm, empty) = self.catch(clause);
                self.cx.b.end_handler(&mut frame, types, arm, empty);
            }
            self.cx.b.end_try(frame);
        }
        if let Some(mut frame) = outer.take() {
            self.cx.b.end_try_body(&mut frame, guarded);
            let last = self.cx.b.begin_finally(frame);
            for body in finals.iter().filter_map(|f| f.child_by_field_name("body")) {
                self.statement(body);
            }
            self.cx.b.end_finally(last);
        }
    }

    fn catch(&mut self, clause: Node<'_>) -> (Vec<TypeRef>, Span, bool) {
        let types = clause.child_by_field_name("type").map(children).unwrap_or_default();
        let mut types: Vec<TypeRef> = types.into_iter().filter_map(|t| self.type_ref(t)).collect();
        // `Throwable` and `Exception` are what everything extends.
        if types
            .iter()
            .any(|t| matches!(self.cx.b.name(t.name), "Throwable" | "Exception"))
        {
            types.clear();
        }
        if let Some(name) = clause.child_by_field_name("name") {
            let span = self.span(name);
            let value = self.push(ExprKind::Caught, name);
            let target = Target::Name(self.variable(name), span);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        let Some(body) = clause.child_by_field_name("body") else {
            return (types, self.span(clause), true);
        };
        let empty = self.does_nothing(body);
        self.statement(body);
        (types, inside(body), empty)
    }
}

fn field_parts<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    match node.child_by_field_name(field) {
        Some(part) if part.kind() == "sequence_expression" => sequence(part),
        Some(part) => vec![part],
        None => Vec::new(),
    }
}

/// Cases with the labels that lead into them: `case 1: case 2: f();` is one.
fn grouped<'n>(cases: &[Node<'n>]) -> Vec<Vec<Node<'n>>> {
    let mut groups: Vec<Vec<Node<'n>>> = Vec::new();
    let mut open: Vec<Node<'n>> = Vec::new();
    for case in cases {
        let value = case.child_by_field_name("value").map(|v| v.id());
        open.push(*case);
        if children(*case).iter().any(|c| Some(c.id()) != value) {
            groups.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        groups.push(open);
    }
    groups
}
