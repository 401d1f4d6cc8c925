//! Statements, branches and loops; and `if`, `when` and `try` where their value is wanted.

use super::{Kotlin, child_after, child_of, children, has_word, is_type};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

/// What to do with the value of the last statement of an arm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Nobody wants it.
    Dropped,
    /// The function gives it back.
    Returned,
}

impl Kotlin<'_, '_> {
    /// The statements of a block or a file, in a scope that the caller opened.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in children(node) {
            self.statement(child);
        }
    }

    pub(super) fn block(&mut self, node: Node<'_>) {
        self.scopes.open();
        self.deeper(node, |kotlin| kotlin.statements(node));
        self.scopes.close();
    }

    pub(super) fn statement(&mut self, node: Node<'_>) {
        self.deeper(node, |kotlin| kotlin.statement_inside(node));
    }

    fn statement_inside(&mut self, node: Node<'_>) {
        match node.kind() {
            "package_header" | "import" | "file_annotation" | "type_alias" | "shebang" => {}
            "class_declaration" | "object_declaration" => self.class_declaration(node),
            "function_declaration" => self.function_declaration(node, None),
            "property_declaration" => self.local_property(node),
            "assignment" => self.assignment(node),
            "if_expression" => self.branch(node, Last::Dropped),
            "when_expression" => self.when(node, Last::Dropped),
            "try_expression" => self.attempt(node, Last::Dropped),
            "for_statement" => self.for_statement(node),
            "while_statement" | "do_while_statement" => self.while_statement(node),
            "block" => self.block(node),
            "annotated_expression" | "labeled_expression" => {
                if let Some(inner) = children(node).pop() {
                    self.statement(inner);
                }
            }
            "return_expression" => {
                let value = children(node)
                    .into_iter()
                    .rfind(|c| Some(*c) != node.child_by_field_name("label"));
                match value {
                    Some(value) => self.tail(value),
                    None => self.cx.b.ret(None),
                }
            }
            "throw_expression" => {
                if let Some(value) = children(node).first() {
                    let value = self.expression(*value);
                    self.cx.b.statement(value);
                }
                self.cx.b.raise();
            }
            "identifier" if self.str(node) == "break" => self.cx.b.brk(None),
            "identifier" if self.str(node) == "continue" => self.cx.b.cont(None),
            "ERROR" => self.statements(node),
            "call_expression" if self.is_demand(node) => self.demand(node),
            _ => {
                let value = self.expression(node);
                self.cx.b.statement(value);
                if self.str(node).starts_with("exitProcess(") {
                    self.cx.b.raise();
                }
            }
        }
    }

    /// True for `require(test)` and `check(test)`.
    fn is_demand(&self, node: Node<'_>) -> bool {
        let name = self.str(node);
        ["require(", "check("].iter().any(|word| name.starts_with(word))
    }

    /// `require(test) { message }`: what follows is only reached when the test holds.
    fn demand(&mut self, node: Node<'_>) {
        // `require(test) { .. }` is a call of the call before its lambda.
        let list = child_of(node, &["value_arguments"])
            .or_else(|| children(node).first().and_then(|c| child_of(*c, &["value_arguments"])));
        let first = list.and_then(|l| children(l).first().copied());
        let test = match first.and_then(|a| children(a).pop()) {
            Some(test) => self.expression(test),
            None => self.push(ExprKind::Bool(true), node),
        };
        let span = self.span(node);
        let mut frame = self.cx.b.begin_if(test, span);
        self.cx.b.otherwise(&mut frame, span, true);
        self.cx.b.raise();
        self.cx.b.end_if(frame, span, false);
    }

    /// The value a function gives back: the arms of `if`, `when` and `try` each give theirs.
    pub(super) fn tail(&mut self, node: Node<'_>) {
        self.deeper(node, |kotlin| kotlin.last(node, Last::Returned));
    }

    fn last(&mut self, node: Node<'_>, last: Last) {
        match (node.kind(), last) {
            (_, Last::Dropped) => self.statement(node),
            ("if_expression", _) => self.branch(node, last),
            ("when_expression", _) => self.when(node, last),
            ("try_expression", _) => self.attempt(node, last),
            ("block", _) => self.arm_statements(node, last),
            (
                "assignment"
                | "for_statement"
                | "while_statement"
                | "do_while_statement"
                | "property_declaration"
                | "return_expression"
                | "throw_expression"
                | "function_declaration"
                | "class_declaration",
                _,
            ) => self.statement(node),
            _ => {
                let value = self.expression(node);
                self.cx.b.ret(Some(value));
            }
        }
    }

    fn arm_statements(&mut self, block: Node<'_>, last: Last) {
        self.scopes.open();
        let mut statements = children(block);
        let end = statements.pop();
        for statement in statements {
            self.statement(statement);
        }
        if let Some(end) = end {
            self.deeper(end, |kotlin| kotlin.last(end, last));
        }
        self.scopes.close();
    }

    /// The statements of an arm; their span and whether they do nothing.
    fn arm(&mut self, body: Option<Node<'_>>, last: Last) -> (Span, bool) {
        let Some(body) = body else {
            return (Span::default(), true);
        };
        let inner = match body.kind() {
            "block" => children(body),
            _ => vec![body],
        };
        let empty = inner.iter().all(|s| self.logs(*s));
        match body.kind() {
            "block" => self.arm_statements(body, last),
            _ => self.last(body, last),
        }
        (self.span(body), empty)
    }

    fn logs(&self, statement: Node<'_>) -> bool {
        let text = self.str(statement);
        let root = text.split(['.', '(']).next().unwrap_or_default();
        ["log", "logger", "Log", "Timber", "println"].contains(&root) || text.ends_with(".printStackTrace()")
    }

    // ---- branches

    pub(super) fn branch(&mut self, node: Node<'_>, last: Last) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        loop {
            let test = match current.child_by_field_name("condition") {
                Some(condition) => self.expression(condition),
                None => self.push(ExprKind::Bool(true), current),
            };
            let mut frame = self.cx.b.begin_if(test, self.cx.span(current));
            let (then, other) = arms(current);
            let (arm, empty) = self.arm(then, last);
            let Some(other) = other else {
                self.cx.b.end_if(frame, arm, empty);
                break;
            };
            self.cx.b.otherwise(&mut frame, arm, empty);
            if other.kind() == "if_expression" {
                chain.push((frame, self.span(other)));
                current = other;
                continue;
            }
            let (arm, empty) = self.arm(Some(other), last);
            self.cx.b.end_if(frame, arm, empty);
            break;
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, false);
        }
    }

    /// What `when` compares with its conditions: a variable, or nothing.
    fn subject(&mut self, node: Node<'_>) -> Option<Symbol> {
        let subject = child_of(node, &["when_subject"])?;
        let value = children(subject).pop()?;
        let lowered = self.expression(value);
        let span = self.span(value);
        let symbol = match child_of(subject, &["variable_declaration"]).and_then(|v| child_of(v, &["identifier"])) {
            Some(name) => self.declare(name),
            None => self.temporary(),
        };
        self.cx
            .b
            .assign(Target::Name(symbol, span), lowered, AssignMode::Plain, span);
        Some(symbol)
    }

    pub(super) fn when(&mut self, node: Node<'_>, last: Last) {
        self.scopes.open();
        let subject = self.subject(node);
        let entries = children(node).into_iter().filter(|c| c.kind() == "when_entry");
        let (default, tested): (Vec<_>, Vec<_>) = entries.partition(|e| has_word(*e, "else"));
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        for (i, entry) in tested.iter().enumerate() {
            let test = self.condition(*entry, subject);
            let start = self.span(*entry).start;
            let mut frame = self.cx.b.begin_if(test, Span { start, end });
            let (arm, empty) = self.arm(child_after(*entry, "->"), last);
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
            let (arm, does_nothing) = self.arm(child_after(*default, "->"), last);
            empty = does_nothing;
            if let Some(frame) = chain.last_mut() {
                frame.1 = arm;
            }
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, std::mem::take(&mut empty));
        }
        self.scopes.close();
    }

    /// The conditions of an entry: any of them.
    pub(super) fn condition(&mut self, entry: Node<'_>, subject: Option<Symbol>) -> ExprId {
        let mut cursor = entry.walk();
        let conditions = entry
            .children_by_field_name("condition", &mut cursor)
            .filter(Node::is_named);
        let conditions: Vec<Node<'_>> = conditions.collect();
        let mut tests = Vec::new();
        for condition in conditions {
            tests.push(self.one_condition(condition, subject));
        }
        if tests.len() == 1 {
            return tests[0];
        }
        let (op, operands) = (LogicOp::Or, tests);
        self.push(ExprKind::Logic { op, operands }, entry)
    }

    fn one_condition(&mut self, node: Node<'_>, subject: Option<Symbol>) -> ExprId {
        let Some(subject) = subject else {
            return self.expression(node);
        };
        let left = self.push(ExprKind::Name(subject), node);
        let (op, right) = match node.kind() {
            "range_test" => {
                let op = if has_word(node, "!in") { "not in" } else { "in" };
                match children(node).first() {
                    Some(value) => (op, self.expression(*value)),
                    None => return left,
                }
            }
            "type_test" => match children(node).into_iter().find(is_type) {
                Some(ty) => ("instanceof", self.type_path(ty)),
                None => return left,
            },
            _ => ("==", self.expression(node)),
        };
        self.push(ExprKind::Binary { op, left, right }, node)
    }

    // ---- loops

    fn for_statement(&mut self, node: Node<'_>) {
        let Some(value) = child_after(node, "in") else { return };
        self.scopes.open();
        let frame = self.cx.b.begin_loop(None);
        let lowered = self.expression(value);
        let variables = child_of(node, &["variable_declaration", "multi_variable_declaration"]);
        let span = self.span(variables.unwrap_or(node));
        let target = variables.map_or(Target::Ignore, |v| self.variables(v));
        self.cx.b.assign(target, lowered, AssignMode::Each, span);
        self.arm(child_after(node, ")"), Last::Dropped);
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    fn while_statement(&mut self, node: Node<'_>) {
        let condition = node.child_by_field_name("condition");
        let mut body = children(node).into_iter();
        let body = body.rfind(|c| Some(*c) != condition && c.kind() != "label");
        let frame = self.cx.b.begin_loop(None);
        if node.kind() == "do_while_statement" {
            self.arm(body, Last::Dropped);
        }
        if let Some(condition) = condition {
            let test = self.expression(condition);
            self.cx.b.loop_test(test);
        }
        if node.kind() == "while_statement" {
            self.arm(body, Last::Dropped);
        }
        self.cx.b.end_loop(frame);
    }

    // ---- exceptions

    pub(super) fn attempt(&mut self, node: Node<'_>, last: Last) {
        let whole = self.span(node);
        let parts = children(node);
        let finally = parts.iter().find(|c| c.kind() == "finally_block").copied();
        let catches: Vec<_> = parts.iter().filter(|c| c.kind() == "catch_block").copied().collect();
        let outer = finally.map(|_| self.cx.b.begin_try(whole));
        let inner = (!catches.is_empty()).then(|| self.cx.b.begin_try(whole));
        let body = parts.iter().find(|c| c.kind() == "block").copied();
        self.arm(body, last);
        let guarded = body.map_or(whole, |b| self.span(b));
        if let Some(mut frame) = inner {
            self.cx.b.end_try_body(&mut frame, guarded);
            for clause in catches {
                self.cx.b.begin_handler(&mut frame);
                let (types, (arm, empty)) = self.catch(clause, last);
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

    fn catch(&mut self, clause: Node<'_>, last: Last) -> (Vec<TypeRef>, (Span, bool)) {
        self.scopes.open();
        let types: Vec<TypeRef> = self.type_in(clause).into_iter().collect();
        if let Some(name) = child_of(clause, &["identifier"]) {
            let mut value = self.push(ExprKind::Caught, name);
            if let Some(ty) = types.first().cloned() {
                value = self.push(ExprKind::Cast { value, ty }, name);
            }
            let span = self.span(name);
            let target = Target::Name(self.declare(name), span);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        let arm = self.arm(child_of(clause, &["block"]), last);
        self.scopes.close();
        (types, arm)
    }

    // ---- assignment

    fn assignment(&mut self, node: Node<'_>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let value = self.expression(right);
        let mode = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("=") => AssignMode::Plain,
            Some("+=") => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        let target = self.target(left);
        let span = self.span(node);
        self.cx.b.assign(target, value, mode, span);
    }

    fn target(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        let parts = children(node);
        match (node.kind(), parts.as_slice()) {
            ("identifier", _) => self.named_target(node),
            ("navigation_expression", [object, .., field]) => {
                let (base, name) = (self.expression(*object), self.plain(*field));
                Target::Member { base, name, span }
            }
            ("index_expression", [array, index, ..]) => {
                let (base, index) = (self.expression(*array), self.expression(*index));
                Target::Index { base, index, span }
            }
            ("parenthesized_expression", [inner]) => self.target(*inner),
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }
}

/// The two arms of an `if`.
pub(super) fn arms<'n>(node: Node<'n>) -> (Option<Node<'n>>, Option<Node<'n>>) {
    let mut cursor = node.walk();
    let mut then = None;
    let (mut closed, mut otherwise) = (false, false);
    let mut other = None;
    for child in node.children(&mut cursor) {
        match child.kind() {
            ")" if !closed => closed = true,
            "else" => otherwise = true,
            _ if !closed || !child.is_named() || child.is_extra() => {}
            _ if otherwise => other = Some(child),
            _ => then = Some(child),
        }
    }
    (then, other)
}
