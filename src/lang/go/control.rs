//! Branches, loops and switches. Chains (`else if`, cases) are loops here: their length is no depth.

use super::{Go, children, declare::inside, field_children};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// What a `switch` compares with its cases.
enum Subject<'n> {
    /// Nothing: each case is a test of its own.
    Absent,
    /// Something without effects, written again for each test.
    Pure(Node<'n>),
    /// A variable that holds it.
    Held(Symbol),
}

impl Go<'_, '_> {
    pub(super) fn if_statement(&mut self, node: Node<'_>) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        let mut scopes = 0;
        loop {
            self.scopes.open();
            scopes += 1;
            if let Some(initializer) = current.child_by_field_name("initializer") {
                self.statement(initializer, None);
            }
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
        (0..scopes).for_each(|_| self.scopes.close());
    }

    fn test(&mut self, condition: Option<Node<'_>>, around: Node<'_>) -> ExprId {
        match condition {
            Some(condition) => self.expression(condition),
            None => self.push(ExprKind::Bool(true), around),
        }
    }

    /// The statements of an arm; its span and whether it does nothing.
    fn arm(&mut self, block: Option<Node<'_>>) -> (Span, bool) {
        let Some(block) = block else {
            return (Span::default(), true);
        };
        let empty = self.does_nothing(block);
        self.block(block);
        (inside(self.span(block)), empty)
    }

    // ---- loops

    pub(super) fn for_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let head = children(node).into_iter().find(|c| c.kind() != "block");
        let body = node.child_by_field_name("body");
        self.scopes.open();
        let clause = head.filter(|h| h.kind() == "for_clause");
        if let Some(initializer) = clause.and_then(|c| c.child_by_field_name("initializer")) {
            self.statement(initializer, None);
        }
        let frame = self.cx.b.begin_loop(label);
        match head {
            Some(range) if range.kind() == "range_clause" => self.range(range),
            Some(head) => {
                let condition = clause.map_or(Some(head), |c| c.child_by_field_name("condition"));
                if let Some(condition) = condition {
                    let test = self.expression(condition);
                    self.cx.b.loop_test(test);
                }
            }
            None => {}
        }
        if let Some(body) = body {
            self.block(body);
        }
        if let Some(update) = clause.and_then(|c| c.child_by_field_name("update")) {
            self.statement(update, None);
        }
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    /// `k, v := range xs`: `v` is each element; `k` may be a key of `xs`. One name alone is each element too (a channel's, an
    /// iterator's); for a slice it is only an index, which no rule minds.
    fn range(&mut self, clause: Node<'_>) {
        let Some(right) = clause.child_by_field_name("right") else {
            return;
        };
        let declares = clause.children(&mut clause.walk()).any(|c| c.kind() == ":=");
        let names = clause.child_by_field_name("left").map(children).unwrap_or_default();
        let value = self.expression(right);
        let span = self.span(clause);
        if let [key, _] = names[..] {
            let any = self.push(ExprKind::Other(vec![value]), right);
            let target = Box::new(self.target(key, declares));
            let mode = AssignMode::Plain;
            let value = any;
            self.cx.b.expr(ExprKind::Assign { target, value, mode }, span);
        }
        match names.last() {
            Some(element) => {
                let target = self.target(*element, declares);
                self.cx.b.assign(target, value, AssignMode::Each, span);
            }
            None => self.cx.b.statement(value),
        }
    }

    // ---- switches

    pub(super) fn switch_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, None);
        }
        let cases = children(node);
        let cases: Vec<_> = cases.into_iter().filter(|c| c.kind().ends_with("_case")).collect();
        let subject = self.subject(node.child_by_field_name("value"));
        if cases.iter().any(|c| falls_through(*c)) {
            self.cases_in_any_order(&cases, &subject, label);
        } else {
            self.cases_as_branches(node, &cases, &subject, label);
        }
        self.scopes.close();
    }

    fn subject<'n>(&mut self, value: Option<Node<'n>>) -> Subject<'n> {
        match value {
            None => Subject::Absent,
            Some(value) if value.kind() == "true" => Subject::Absent,
            Some(value) if is_pure(value) => Subject::Pure(value),
            Some(value) => {
                let held = self.temporary();
                let lowered = self.expression(value);
                let span = self.span(value);
                self.cx
                    .b
                    .assign(Target::Name(held, span), lowered, AssignMode::Plain, span);
                Subject::Held(held)
            }
        }
    }

    fn subject_value(&mut self, subject: &Subject<'_>, at: Node<'_>) -> Option<ExprId> {
        match subject {
            Subject::Absent => None,
            Subject::Pure(node) => Some(self.expression(*node)),
            Subject::Held(symbol) => Some(self.push(ExprKind::Name(*symbol), at)),
        }
    }

    /// `switch x { case a: .. case b, c: .. default: .. }` as `if x == a {..} else if x in [b, c] {..} else {..}`.
    fn cases_as_branches(&mut self, node: Node<'_>, cases: &[Node<'_>], subject: &Subject<'_>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        self.cx.b.begin_case(&mut switch, false);
        let end = self.span(node).end;
        let (default, tested): (Vec<Node<'_>>, Vec<Node<'_>>) = cases.iter().partition(|c| c.kind() == "default_case");
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        for (i, case) in tested.iter().enumerate() {
            let test = self.case_test(*case, subject);
            let span = Span {
                start: self.span(*case).start,
                end,
            };
            let mut frame = self.cx.b.begin_if(test, span);
            let (arm, empty) = self.case_body(*case);
            match tested.get(i + 1).or(default.first()) {
                Some(next) => {
                    self.cx.b.otherwise(&mut frame, arm, empty);
                    let start = self.span(*next).start;
                    chain.push((frame, Span { start, end }));
                }
                None => self.cx.b.end_if(frame, arm, empty),
            }
        }
        let mut empty = false;
        if let Some(default) = default.first() {
            let (arm, does_nothing) = self.case_body(*default);
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

    fn case_test(&mut self, case: Node<'_>, subject: &Subject<'_>) -> ExprId {
        let list = case.child_by_field_name("value");
        let left = self.subject_value(subject, case);
        let written = list.map(children).unwrap_or_default();
        let mut values: Vec<ExprId> = written.iter().map(|v| self.expression(*v)).collect();
        let at = list.unwrap_or(case);
        match (left, values.len()) {
            (Some(left), 1) => {
                let right = values[0];
                self.push(ExprKind::Binary { op: "==", left, right }, at)
            }
            (Some(left), _) => {
                let right = self.push(ExprKind::Sequence(values), at);
                self.push(ExprKind::Binary { op: "in", left, right }, at)
            }
            (None, 1) => values.remove(0),
            (None, _) => {
                let (op, operands) = (LogicOp::Or, values);
                self.push(ExprKind::Logic { op, operands }, at)
            }
        }
    }

    /// The statements of a case; their span and whether they do nothing.
    fn case_body(&mut self, case: Node<'_>) -> (Span, bool) {
        let list = children(case).into_iter().find(|c| c.kind() == "statement_list");
        let Some(list) = list else {
            let end = self.span(case).end;
            return (Span { start: end, end }, true);
        };
        let empty = self.does_nothing(list);
        self.block(list);
        (self.span(list), empty)
    }

    /// With `fallthrough`: any case may be entered, or reached from the one before it.
    fn cases_in_any_order(&mut self, cases: &[Node<'_>], subject: &Subject<'_>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        let mut from_previous = false;
        for case in cases {
            self.cx.b.begin_case(&mut switch, from_previous);
            if case.kind() == "expression_case" && !from_previous {
                let test = self.case_test(*case, subject);
                self.cx.b.statement(test);
            }
            self.case_body(*case);
            from_previous = falls_through(*case);
            self.cx.b.end_case(&switch, from_previous);
        }
        let exhaustive = cases.iter().any(|c| c.kind() == "default_case");
        self.cx.b.end_switch(switch, exhaustive);
    }

    /// `switch v := x.(type) { case T: .. }`: in a case for one type, `v` is `x` as that type.
    pub(super) fn type_switch(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, None);
        }
        let subject = self.subject(node.child_by_field_name("value"));
        let alias = node
            .child_by_field_name("alias")
            .map(children)
            .and_then(|a| a.first().copied());
        let mut switch = self.cx.b.begin_switch(label);
        let mut exhaustive = false;
        for case in children(node).into_iter().filter(|c| c.kind().ends_with("_case")) {
            exhaustive |= case.kind() == "default_case";
            self.cx.b.begin_case(&mut switch, false);
            self.scopes.open();
            self.bind_alias(alias, case, &subject);
            self.case_body(case);
            self.scopes.close();
            self.cx.b.end_case(&switch, false);
        }
        self.cx.b.end_switch(switch, exhaustive);
        self.scopes.close();
    }

    fn bind_alias(&mut self, alias: Option<Node<'_>>, case: Node<'_>, subject: &Subject<'_>) {
        let Some(alias) = alias else { return };
        let Some(mut value) = self.subject_value(subject, alias) else {
            return;
        };
        if let [one] = field_children(case, "type")[..]
            && let Some(ty) = self.type_ref(one)
        {
            value = self.push(ExprKind::Cast { value, ty }, alias);
        }
        let target = self.target(alias, true);
        self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(alias));
    }

    pub(super) fn select(&mut self, node: Node<'_>, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        for case in children(node).into_iter().filter(|c| c.kind().ends_with("_case")) {
            self.cx.b.begin_case(&mut switch, false);
            self.scopes.open();
            if let Some(communication) = case.child_by_field_name("communication") {
                self.communication(communication);
            }
            self.case_body(case);
            self.scopes.close();
            self.cx.b.end_case(&switch, false);
        }
        self.cx.b.end_switch(switch, true);
    }

    fn communication(&mut self, node: Node<'_>) {
        let Some(right) = node.child_by_field_name("right") else {
            return self.statement(node, None);
        };
        let left = node.child_by_field_name("left").map(children).unwrap_or_default();
        if left.is_empty() {
            let value = self.expression(right);
            return self.cx.b.statement(value);
        }
        let declares = node.children(&mut node.walk()).any(|c| c.kind() == ":=");
        let span = self.span(node);
        self.assign_lists(&left, &[right], declares, AssignMode::Plain, span);
    }

    // ---- labels and jumps

    pub(super) fn labelled(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("label") else {
            return;
        };
        let label = self.cx.symbol(name);
        self.cx.b.label(label);
        for child in children(node).into_iter().filter(|c| c.kind() != "label_name") {
            self.statement(child, Some(label));
        }
    }

    pub(super) fn jump(&mut self, node: Node<'_>) {
        let label = children(node).first().map(|l| self.cx.symbol(*l));
        match (node.kind(), label) {
            ("break_statement", _) => self.cx.b.brk(label),
            ("continue_statement", _) => self.cx.b.cont(label),
            (_, Some(label)) => self.cx.b.jump(label),
            _ => {}
        }
    }
}

/// True when writing a value again gives the same value and does nothing else.
fn is_pure(value: Node<'_>) -> bool {
    let mut current = value;
    loop {
        current = match current.kind() {
            "identifier" => return true,
            "selector_expression" => match current.child_by_field_name("operand") {
                Some(operand) => operand,
                None => return false,
            },
            _ => return false,
        };
    }
}

fn falls_through(case: Node<'_>) -> bool {
    let list = children(case).into_iter().find(|c| c.kind() == "statement_list");
    let last = list.and_then(|l| children(l).into_iter().rfind(|s| s.kind() != "empty_statement"));
    last.is_some_and(|s| s.kind() == "fallthrough_statement")
}
