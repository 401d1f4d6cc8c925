//! Branches, loops, `case` and exceptions. Chains (`elsif`, `when`) are loops here: their length is no depth.

use super::{Rb, Tail, children, first_child};
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    pub(super) fn if_statement(&mut self, node: Node<'n>, tail: &Tail) {
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut arm = (Span { start: end, end }, true);
        let mut current = node;
        loop {
            if let Some((frame, _)) = chain.last_mut() {
                self.cx.b.otherwise(frame, arm.0, arm.1);
            }
            if current.kind() == "else" {
                arm = self.arm(Some(current), end, tail);
                break;
            }
            let negated = current.kind() == "unless";
            let test = match current.child_by_field_name("condition") {
                Some(condition) => self.test(condition, negated),
                None => self.push(ExprKind::Bool(true), current),
            };
            let whole = Span {
                start: self.span(current).start,
                end,
            };
            chain.push((self.cx.b.begin_if(test, whole), whole));
            arm = self.arm(current.child_by_field_name("consequence"), end, tail);
            match current.child_by_field_name("alternative") {
                Some(next) => current = next,
                None => break,
            }
        }
        while let Some((frame, whole)) = chain.pop() {
            self.cx.b.end_if(frame, arm.0, arm.1);
            arm = (whole, false);
        }
    }

    /// The statements of an arm; its span and whether it does nothing.
    fn arm(&mut self, node: Option<Node<'n>>, end: u32, tail: &Tail) -> (Span, bool) {
        match node {
            Some(node) => {
                self.arm_body(node, tail);
                (self.span(node), self.does_nothing(node))
            }
            None => (Span { start: end, end }, true),
        }
    }

    /// `x if y`, `x unless y`.
    pub(super) fn modifier(&mut self, node: Node<'n>, tail: &Tail) {
        let (Some(body), Some(condition)) = (node.child_by_field_name("body"), node.child_by_field_name("condition"))
        else {
            return;
        };
        let test = self.test(condition, node.kind() == "unless_modifier");
        let span = self.span(node);
        let frame = self.cx.b.begin_if(test, span);
        self.statement(body, tail);
        let (arm, empty) = (self.span(body), self.does_nothing(body));
        self.cx.b.end_if(frame, arm, empty);
    }

    // ---- loops

    pub(super) fn while_statement(&mut self, node: Node<'n>) {
        let (Some(body), Some(condition)) = (node.child_by_field_name("body"), node.child_by_field_name("condition"))
        else {
            return;
        };
        let head = self.open_loop();
        let test = self.test(condition, node.kind().starts_with("until"));
        self.cx.b.loop_test(test);
        self.arm_body(body, &Tail::Drop);
        self.cx.b.end_loop(head);
        self.close_loop();
    }

    fn open_loop(&mut self) -> crate::lang::build::LoopHead {
        if let Some(frame) = self.frames.last_mut() {
            frame.loops += 1;
        }
        self.cx.b.begin_loop(None)
    }

    fn close_loop(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.loops -= 1;
        }
    }

    pub(super) fn for_statement(&mut self, node: Node<'n>) {
        let field = |name| node.child_by_field_name(name);
        let (Some(pattern), Some(body)) = (field("pattern"), field("body")) else {
            return;
        };
        let head = self.open_loop();
        if let Some(list) = field("value").and_then(first_child) {
            let value = self.expression(list);
            let target = self.target(pattern);
            let span = self.span(pattern).to(self.span(list));
            self.cx.b.assign(target, value, AssignMode::Each, span);
        }
        self.arm_body(body, &Tail::Drop);
        self.cx.b.end_loop(head);
        self.close_loop();
    }

    // ---- case

    /// `case x when a, b then .. else .. end`: a chain of branches.
    pub(super) fn case_statement(&mut self, node: Node<'n>, tail: &Tail) {
        let subject = node.child_by_field_name("value").map(|s| self.hold(s));
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut arm = (Span { start: end, end }, true);
        for clause in children(node) {
            if !matches!(clause.kind(), "when" | "else") {
                continue;
            }
            if let Some((frame, _)) = chain.last_mut() {
                self.cx.b.otherwise(frame, arm.0, arm.1);
            }
            if clause.kind() == "else" {
                arm = self.arm(Some(clause), end, tail);
                continue;
            }
            let test = self.when_test(clause, subject);
            let whole = Span {
                start: self.span(clause).start,
                end,
            };
            chain.push((self.cx.b.begin_if(test, whole), whole));
            arm = self.arm(clause.child_by_field_name("body"), end, tail);
        }
        while let Some((frame, whole)) = chain.pop() {
            self.cx.b.end_if(frame, arm.0, arm.1);
            arm = (whole, false);
        }
    }

    /// A variable that holds what a `case` compares.
    fn hold(&mut self, subject: Node<'n>) -> Symbol {
        let value = self.expression(subject);
        if let ExprKind::Name(name) = *self.cx.b.kind(value) {
            self.cx.b.statement(value);
            return name;
        }
        let held = self.temporary();
        let span = self.span(subject);
        self.cx
            .b
            .assign(Target::Name(held, span), value, AssignMode::Plain, span);
        held
    }

    /// Any of the values of a `when`: equal to a literal, matched by a pattern, an instance of a class.
    fn when_test(&mut self, clause: Node<'n>, subject: Option<Symbol>) -> ExprId {
        let patterns = children(clause).into_iter().filter(|c| c.kind() == "pattern");
        let patterns: Vec<Node<'n>> = patterns.filter_map(first_child).collect();
        let Some(subject) = subject else {
            let tests = patterns.iter().map(|p| self.expression(*p)).collect();
            return self.any_of(tests, clause);
        };
        let equal = |p: &Node<'n>| !matches!(p.kind(), "regex" | "constant" | "scope_resolution" | "range" | "lambda");
        if patterns.iter().all(|p| equal(p) && p.kind() != "splat_argument") && patterns.len() > 1 {
            let left = self.push(ExprKind::Name(subject), clause);
            let values = patterns.iter().map(|p| self.expression(*p)).collect();
            let right = self.push(ExprKind::Sequence(values), clause);
            return self.push(ExprKind::Binary { op: "in", left, right }, clause);
        }
        let mut tests = Vec::new();
        for pattern in patterns {
            let left = self.push(ExprKind::Name(subject), pattern);
            tests.push(match pattern.kind() {
                "regex" => self.asked(left, "match?", pattern),
                "constant" | "scope_resolution" => self.asked(left, "is_a?", pattern),
                "range" | "lambda" => {
                    let right = self.expression(pattern);
                    self.push(ExprKind::Other(vec![left, right]), pattern)
                }
                "splat_argument" => {
                    let right = match first_child(pattern) {
                        Some(list) => self.expression(list),
                        None => self.expression(pattern),
                    };
                    self.push(ExprKind::Binary { op: "in", left, right }, pattern)
                }
                _ => {
                    let right = self.expression(pattern);
                    self.push(ExprKind::Binary { op: "==", left, right }, pattern)
                }
            });
        }
        self.any_of(tests, clause)
    }

    fn any_of(&mut self, mut tests: Vec<ExprId>, node: Node<'n>) -> ExprId {
        if tests.len() == 1
            && let Some(only) = tests.pop()
        {
            return only;
        }
        let op = LogicOp::Or;
        self.push(ExprKind::Logic { op, operands: tests }, node)
    }

    /// `left.name(value)`.
    fn asked(&mut self, left: ExprId, name: &str, value: Node<'n>) -> ExprId {
        let (name, name_span) = (self.cx.b.symbol(name), self.span(value));
        let callee = self.push(
            ExprKind::Member {
                base: left,
                name,
                name_span,
            },
            value,
        );
        let argument = self.expression(value);
        let span = self.span(value);
        let args = vec![Arg {
            name: None,
            value: argument,
            span,
        }];
        self.call_with(callee, args, span, false, value)
    }

    /// `case x in pattern ..`: any clause may apply; names in a pattern are parts of what is matched.
    pub(super) fn case_match(&mut self, node: Node<'n>, tail: &Tail) {
        let subject = node.child_by_field_name("value").map(|s| self.hold(s));
        let mut switch = self.cx.b.begin_switch(None);
        let mut exhaustive = false;
        for clause in children(node) {
            match clause.kind() {
                "in_clause" => {
                    self.cx.b.begin_case(&mut switch, false);
                    if let (Some(subject), Some(pattern)) = (subject, clause.child_by_field_name("pattern")) {
                        self.bind_pattern(subject, pattern);
                    }
                    if let Some(body) = clause.child_by_field_name("body") {
                        self.arm_body(body, tail);
                    }
                }
                "else" => {
                    exhaustive = true;
                    self.cx.b.begin_case(&mut switch, false);
                    self.arm_body(clause, tail);
                }
                _ => continue,
            }
            self.cx.b.end_case(&switch, false);
        }
        self.cx.b.end_switch(switch, exhaustive);
    }

    /// Gives every name that a pattern binds a part of what is matched.
    pub(super) fn bind_pattern(&mut self, subject: Symbol, pattern: Node<'n>) {
        let mut open = vec![pattern];
        while let Some(node) = open.pop() {
            let name = match node.kind() {
                "identifier" => Some(node),
                "keyword_pattern" if node.child_by_field_name("value").is_none() => node.child_by_field_name("key"),
                _ => None,
            };
            let Some(name) = name else {
                open.extend(children(node));
                continue;
            };
            let of = self.push(ExprKind::Name(subject), name);
            let value = self.push(ExprKind::Other(vec![of]), name);
            let text = self.str(name);
            let span = self.span(name);
            let target = Target::Name(self.declare(&text), span);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
    }

    // ---- exceptions

    /// Statements with `rescue`, `else` and `ensure` beside them.
    pub(super) fn guarded(&mut self, node: Node<'n>, parts: &[Node<'n>], tail: &Tail) {
        let whole = self.span(node);
        let is = |kinds: &'static [&'static str]| move |p: &&Node<'n>| kinds.contains(&p.kind());
        let run: Vec<Node<'n>> = parts
            .iter()
            .filter(|p| !is(&["rescue", "ensure", "else"])(p))
            .copied()
            .collect();
        let rescues: Vec<Node<'n>> = parts.iter().filter(is(&["rescue"])).copied().collect();
        let finals: Vec<Node<'n>> = parts.iter().filter(is(&["ensure"])).copied().collect();
        let otherwise = parts.iter().find(is(&["else"])).copied();
        let guarded = match (run.first(), run.last()) {
            (Some(first), Some(last)) => self.span(*first).to(self.span(*last)),
            _ => whole,
        };
        let mut outer = (!finals.is_empty()).then(|| self.cx.b.begin_try(whole));
        let mut inner = (!rescues.is_empty()).then(|| self.cx.b.begin_try(whole));
        match otherwise {
            Some(otherwise) => {
                self.run(&run, &Tail::Drop);
                self.arm_body(otherwise, tail);
            }
            None => self.run(&run, tail),
        }
        if let Some(mut frame) = inner.take() {
            self.cx.b.end_try_body(&mut frame, guarded);
            for rescue in rescues {
                self.cx.b.begin_handler(&mut frame);
                let (types, arm, empty) = self.rescue(rescue, tail);
                self.cx.b.end_handler(&mut frame, types, arm, empty);
            }
            self.cx.b.end_try(frame);
        }
        if let Some(mut frame) = outer.take() {
            self.cx.b.end_try_body(&mut frame, guarded);
            let last = self.cx.b.begin_finally(frame);
            for ensure in finals {
                self.arm_body(ensure, &Tail::Drop);
            }
            self.cx.b.end_finally(last);
        }
    }

    fn rescue(&mut self, node: Node<'n>, tail: &Tail) -> (Vec<TypeRef>, Span, bool) {
        let caught = node.child_by_field_name("exceptions").map(children).unwrap_or_default();
        let mut types: Vec<TypeRef> = caught.into_iter().filter_map(|t| self.type_ref(t)).collect();
        if types
            .iter()
            .any(|t| matches!(self.cx.b.name(t.name), "StandardError" | "Exception"))
        {
            types.clear();
        }
        if let Some(name) = node.child_by_field_name("variable").and_then(first_child) {
            let value = self.push(ExprKind::Caught, name);
            let (target, span) = (self.target(name), self.span(name));
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        let end = self.span(node).end;
        let (arm, empty) = self.arm(node.child_by_field_name("body"), end, tail);
        (types, arm, empty)
    }
}
