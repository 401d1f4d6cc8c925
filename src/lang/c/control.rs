//! Branches, loops, switches, jumps, exceptions. Chains (`else if`, cases) are loops here: their length is no depth.

use super::{C, children, declare::inside};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{build::IfFrame, facts::*},
    text::Span,
};
use tree_sitter::Node;

impl C<'_, '_> {
    pub(super) fn if_statement(&mut self, node: Node<'_>) {
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut current = node;
        let mut scopes = 0;
        loop {
            self.scopes.open();
            scopes += 1;
            let test = self.condition(current);
            let mut frame = self.cx.b.begin_if(test, self.cx.span(current));
            let (arm, empty) = self.arm(current.child_by_field_name("consequence"));
            let alternative = current.child_by_field_name("alternative");
            let otherwise = alternative.and_then(|a| match a.kind() {
                "else_clause" => children(a).into_iter().next(),
                _ => Some(a),
            });
            let Some(otherwise) = otherwise else {
                self.cx.b.end_if(frame, arm, empty);
                break;
            };
            self.cx.b.otherwise(&mut frame, arm, empty);
            if otherwise.kind() == "if_statement" {
                chain.push((frame, self.span(otherwise)));
                current = otherwise;
                continue;
            }
            let (arm, empty) = self.arm(Some(otherwise));
            self.cx.b.end_if(frame, arm, empty);
            break;
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, false);
        }
        (0..scopes).for_each(|_| self.scopes.close());
    }

    /// The test of an `if`, `while` or `switch`; with C++, what is declared in it comes first.
    fn condition(&mut self, node: Node<'_>) -> ExprId {
        let Some(mut condition) = node.child_by_field_name("condition") else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        if condition.kind() == "condition_clause" {
            if let Some(initializer) = condition.child_by_field_name("initializer") {
                self.statement(initializer, None);
            }
            match condition.child_by_field_name("value") {
                Some(value) => condition = value,
                None => return self.anything(condition),
            }
        }
        if condition.kind() == "declaration" {
            self.declaration(condition);
            let declarator = condition.child_by_field_name("declarator");
            let name = declarator.and_then(|d| self.declared(d).name);
            return match name {
                Some(name) => {
                    let symbol = self.variable(name);
                    self.push(ExprKind::Name(symbol), name)
                }
                None => self.push(ExprKind::Other(Vec::new()), condition),
            };
        }
        self.expression(condition)
    }

    /// The statements of an arm; its span and whether it does nothing.
    fn arm(&mut self, block: Option<Node<'_>>) -> (Span, bool) {
        let Some(block) = block else {
            return (Span::default(), true);
        };
        let empty = self.does_nothing(block);
        if block.kind() == "compound_statement" {
            self.block(block);
            return (inside(self.span(block)), empty);
        }
        self.statement(block, None);
        (self.span(block), empty)
    }

    /// `#if`: one arm or the other, nobody knows which; `#if 0` is left out. At file level both stand side by side.
    pub(super) fn conditional(&mut self, node: Node<'_>) {
        let fixed = node
            .child_by_field_name("condition")
            .and_then(|c| self.constant_condition(c));
        let alternative = node.child_by_field_name("alternative");
        let skip = |n: &Node<'_>| {
            let parts = [
                node.child_by_field_name("condition"),
                node.child_by_field_name("name"),
                alternative,
            ];
            parts.into_iter().flatten().any(|p| p.id() == n.id())
        };
        let body: Vec<Node<'_>> = children(node).into_iter().filter(|c| !skip(c)).collect();
        let at_file_level = self.cx.b.current() == FunctionId(0);
        if fixed.is_some() || at_file_level {
            if fixed != Some(false) {
                body.into_iter().for_each(|c| self.statement(c, None));
            }
            if fixed != Some(true)
                && let Some(alternative) = alternative
            {
                self.statement(alternative, None);
            }
            return;
        }
        let test = self.push(ExprKind::Other(Vec::new()), node);
        let span = self.span(node);
        let mut frame = self.cx.b.begin_if(test, span);
        body.into_iter().for_each(|c| self.statement(c, None));
        if let Some(alternative) = alternative {
            self.cx.b.otherwise(&mut frame, span, false);
            self.statement(alternative, None);
        }
        self.cx.b.end_if(frame, span, false);
    }

    fn constant_condition(&self, condition: Node<'_>) -> Option<bool> {
        (condition.kind() == "number_literal")
            .then(|| self.constant(condition))
            .flatten()
            .map(|v| v != 0)
    }

    // ---- loops

    pub(super) fn while_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        let frame = self.cx.b.begin_endless_loop(label);
        let test = self.condition(node);
        self.cx.b.loop_test(test);
        self.body(node);
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    /// The body runs at least once. `continue` goes to the test in C; here it goes to the start, which only matters to what the test
    /// assigns.
    pub(super) fn do_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        let frame = self.cx.b.begin_endless_loop(label);
        self.body(node);
        let test = self.condition(node);
        self.cx.b.loop_test(test);
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    pub(super) fn for_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, None);
        }
        let frame = self.cx.b.begin_endless_loop(label);
        if let Some(condition) = node.child_by_field_name("condition") {
            let test = self.expression(condition);
            self.cx.b.loop_test(test);
        }
        self.body(node);
        if let Some(update) = node.child_by_field_name("update") {
            let update = self.expression(update);
            self.cx.b.statement(update);
        }
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    pub(super) fn range_loop(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, None);
        }
        let frame = self.cx.b.begin_loop(label);
        if let (Some(right), Some(declarator)) = (
            node.child_by_field_name("right"),
            node.child_by_field_name("declarator"),
        ) {
            let value = self.initializer(right);
            let target = match self.declared(declarator).name {
                Some(name) if name.kind() == "structured_binding_declarator" => {
                    let names = children(name).into_iter();
                    let targets: Vec<Target> = names.map(|n| Target::Name(self.declare(n), self.span(n))).collect();
                    Target::Tuple(targets)
                }
                Some(name) => Target::Name(self.declare(name), self.span(name)),
                None => Target::Ignore,
            };
            let span = self.span(right);
            self.cx.b.assign(target, value, AssignMode::Each, span);
        }
        self.body(node);
        self.cx.b.end_loop(frame);
        self.scopes.close();
    }

    fn body(&mut self, node: Node<'_>) {
        match node.child_by_field_name("body") {
            Some(body) if body.kind() == "compound_statement" => self.block(body),
            Some(body) => self.statement(body, None),
            None => {}
        }
    }

    // ---- switches

    /// Without falling through, a chain of tests; else any case may be entered, or reached from the one before it.
    pub(super) fn switch_statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.scopes.open();
        let subject = self.condition(node);
        let held = self.temporary();
        let span = self.cx.b.span(subject);
        self.cx
            .b
            .assign(Target::Name(held, span), subject, AssignMode::Plain, span);
        let cases = node.child_by_field_name("body").map(children).unwrap_or_default();
        let cases: Vec<Node<'_>> = cases.into_iter().filter(|c| c.kind() == "case_statement").collect();
        let groups = grouped(&cases);
        let last = groups.len().saturating_sub(1);
        let falls = groups
            .iter()
            .enumerate()
            .any(|(i, g)| i != last && g.last().is_some_and(|c| !leaves(*c)));
        let default_first = groups
            .iter()
            .enumerate()
            .any(|(i, g)| i != last && g.iter().any(is_default));
        if falls || default_first {
            self.cases_in_any_order(&groups, held, label);
        } else {
            self.cases_as_branches(node, &groups, held, label);
        }
        self.scopes.close();
    }

    fn cases_as_branches(&mut self, node: Node<'_>, groups: &[Vec<Node<'_>>], held: Symbol, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        self.cx.b.begin_case(&mut switch, false);
        let end = self.span(node).end;
        let mut chain: Vec<(IfFrame, Span)> = Vec::new();
        let mut empty = false;
        for (i, group) in groups.iter().enumerate() {
            let Some(last) = group.last() else { continue };
            if group.iter().any(is_default) {
                let (arm, does_nothing) = self.case_body(*last);
                empty = does_nothing;
                if let Some(open) = chain.last_mut() {
                    open.1 = arm;
                }
                continue;
            }
            let test = self.case_test(group, held);
            let start = self.span(*last).start;
            let mut frame = self.cx.b.begin_if(test, Span { start, end });
            let (arm, does_nothing) = self.case_body(*last);
            if i + 1 < groups.len() {
                self.cx.b.otherwise(&mut frame, arm, does_nothing);
                chain.push((frame, Span { start: arm.end, end }));
            } else {
                self.cx.b.end_if(frame, arm, does_nothing);
            }
        }
        while let Some((frame, arm)) = chain.pop() {
            self.cx.b.end_if(frame, arm, std::mem::take(&mut empty));
        }
        self.cx.b.end_case(&switch, false);
        self.cx.b.end_switch(switch, true);
    }

    fn case_test(&mut self, group: &[Node<'_>], held: Symbol) -> ExprId {
        let at = group[0];
        let left = self.push(ExprKind::Name(held), at);
        let written: Vec<Node<'_>> = group.iter().filter_map(|c| c.child_by_field_name("value")).collect();
        let mut values: Vec<ExprId> = written.iter().map(|v| self.expression(*v)).collect();
        let place = *written.first().unwrap_or(&at);
        if values.len() == 1 {
            let right = values.remove(0);
            return self.push(ExprKind::Binary { op: "==", left, right }, place);
        }
        let right = self.push(ExprKind::Sequence(values), place);
        self.push(ExprKind::Binary { op: "in", left, right }, place)
    }

    /// The statements of a case; their span and whether they do nothing.
    fn case_body(&mut self, case: Node<'_>) -> (Span, bool) {
        let value = case.child_by_field_name("value");
        let statements = children(case);
        let statements: Vec<Node<'_>> = statements
            .into_iter()
            .filter(|c| value.is_none_or(|v| v.id() != c.id()))
            .collect();
        let (Some(first), Some(last)) = (statements.first(), statements.last()) else {
            let end = self.span(case).end;
            return (Span { start: end, end }, true);
        };
        let span = Span {
            start: self.span(*first).start,
            end: self.span(*last).end,
        };
        let empty = statements
            .iter()
            .all(|s| s.kind() == "break_statement" || self.does_nothing(*s));
        for statement in statements {
            self.statement(statement, None);
        }
        (span, empty)
    }

    fn cases_in_any_order(&mut self, groups: &[Vec<Node<'_>>], held: Symbol, label: Option<Symbol>) {
        let mut switch = self.cx.b.begin_switch(label);
        let mut from_previous = false;
        for group in groups {
            let Some(last) = group.last() else { continue };
            self.cx.b.begin_case(&mut switch, from_previous);
            if !from_previous && !group.iter().any(is_default) {
                let test = self.case_test(group, held);
                self.cx.b.statement(test);
            }
            self.case_body(*last);
            from_previous = !leaves(*last);
            self.cx.b.end_case(&switch, from_previous);
        }
        let exhaustive = groups.iter().flatten().any(is_default);
        self.cx.b.end_switch(switch, exhaustive);
    }

    // ---- labels and jumps

    pub(super) fn labelled(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("label") else {
            return;
        };
        let label = self.cx.symbol(name);
        self.cx.b.label(label);
        for child in children(node).into_iter().filter(|c| c.id() != name.id()) {
            self.statement(child, Some(label));
        }
    }

    pub(super) fn jump(&mut self, node: Node<'_>) {
        match node.kind() {
            "break_statement" => self.cx.b.brk(None),
            "continue_statement" => self.cx.b.cont(None),
            _ => {
                if let Some(label) = node.child_by_field_name("label") {
                    let label = self.cx.symbol(label);
                    self.cx.b.jump(label);
                }
            }
        }
    }

    // ---- exceptions

    pub(super) fn try_statement(&mut self, node: Node<'_>) {
        let span = self.span(node);
        let mut frame = self.cx.b.begin_try(span);
        let body = node.child_by_field_name("body");
        if let Some(body) = body {
            self.block(body);
        }
        let guarded = body.map_or(span, |b| inside(self.span(b)));
        self.cx.b.end_try_body(&mut frame, guarded);
        for clause in children(node) {
            if !matches!(clause.kind(), "catch_clause" | "seh_except_clause") {
                continue;
            }
            self.cx.b.begin_handler(&mut frame);
            self.scopes.open();
            let parameters = clause.child_by_field_name("parameters");
            let types = parameters.map(|p| self.caught(p)).unwrap_or_default();
            let body = clause.child_by_field_name("body");
            let (arm, empty) = self.arm(body);
            self.scopes.close();
            self.cx.b.end_handler(&mut frame, types, arm, empty);
        }
        self.cx.b.end_try(frame);
        if let Some(finally) = children(node).into_iter().find(|c| c.kind() == "seh_finally_clause") {
            self.body(finally);
        }
    }

    /// Binds what a `catch` names; gives its type, none for `...`.
    fn caught(&mut self, parameters: Node<'_>) -> Vec<TypeRef> {
        let params = self.parameters(parameters);
        let mut types = Vec::new();
        for param in params {
            if param.kind == ParamKind::Rest {
                continue;
            }
            let caught = self.push(ExprKind::Caught, parameters);
            self.cx.b.assign(
                Target::Name(param.name, param.span),
                caught,
                AssignMode::Plain,
                param.span,
            );
            types.extend(param.ty);
        }
        types
    }
}

/// Cases that share their statements: `case 1: case 2: ..`.
fn grouped<'n>(cases: &[Node<'n>]) -> Vec<Vec<Node<'n>>> {
    let mut groups: Vec<Vec<Node<'n>>> = Vec::new();
    let mut open = false;
    for case in cases {
        match groups.last_mut() {
            Some(group) if open => group.push(*case),
            _ => groups.push(vec![*case]),
        }
        let value = case.child_by_field_name("value");
        open = children(*case).iter().all(|c| value.is_some_and(|v| v.id() == c.id()));
    }
    groups
}

fn is_default(case: &Node<'_>) -> bool {
    case.child_by_field_name("value").is_none()
}

/// True when control never goes on into the next case, as far as the last statement tells.
fn leaves(case: Node<'_>) -> bool {
    let mut last = children(case).last().copied();
    while let Some(node) = last {
        match node.kind() {
            "break_statement" | "return_statement" | "continue_statement" | "goto_statement" | "throw_statement" => {
                return true;
            }
            "compound_statement" => last = children(node).last().copied(),
            _ => return false,
        }
    }
    false
}
