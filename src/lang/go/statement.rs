//! Statements that follow one another: assignments, declarations by `:=`, returns, sends, and calls that never come back.

use super::{Go, children};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

/// Calls that end the program or the goroutine, by last name; any receiver (`log.Fatal`, `logger.Fatalf`, `t.Fatal`).
const NEVER_RETURN: [&str; 9] = [
    "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "FailNow", "Goexit", "Exit",
];

/// Names that log; a call on one of them does nothing to control or data.
const LOGGERS: [&str; 9] = [
    "log", "logger", "slog", "logrus", "klog", "glog", "zap", "zlog", "sugar",
];

impl Go<'_, '_> {
    /// The statements of a block, a case or a file, in a scope that the caller opened.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        for child in children(node) {
            if child.kind() == "statement_list" {
                self.statements(child);
            } else {
                self.statement(child, None);
            }
        }
    }

    /// The statements of a block, in a scope of their own.
    pub(super) fn block(&mut self, node: Node<'_>) {
        self.scopes.open();
        self.deeper(node, |go| go.statements(node));
        self.scopes.close();
    }

    /// One statement; `label` is the label it carries.
    pub(super) fn statement(&mut self, node: Node<'_>, label: Option<Symbol>) {
        self.deeper(node, |go| go.statement_inside(node, label));
    }

    fn statement_inside(&mut self, node: Node<'_>, label: Option<Symbol>) {
        match node.kind() {
            "package_clause" | "import_declaration" | "empty_statement" | "fallthrough_statement" => {}
            "function_declaration" | "method_declaration" => self.function_declaration(node),
            "type_declaration" => self.type_declaration(node),
            "const_declaration" | "var_declaration" => self.variables(node),
            "block" => self.block(node),
            "short_var_declaration" => self.assignment(node, true),
            "assignment_statement" => self.assignment(node, false),
            "send_statement" => self.send(node),
            "inc_statement" | "dec_statement" => self.step(node),
            "return_statement" => self.return_statement(node),
            "if_statement" => self.if_statement(node),
            "for_statement" => self.for_statement(node, label),
            "expression_switch_statement" => self.switch_statement(node, label),
            "type_switch_statement" => self.type_switch(node, label),
            "select_statement" => self.select(node, label),
            "labeled_statement" => self.labelled(node),
            "break_statement" | "continue_statement" | "goto_statement" => self.jump(node),
            "expression_statement" | "go_statement" | "defer_statement" => self.evaluate_children(node),
            "ERROR" => self.statements(node),
            _ => {
                let value = self.expression(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn evaluate_children(&mut self, node: Node<'_>) {
        let leaves = node.kind() == "expression_statement";
        for child in children(node) {
            let value = self.expression(child);
            self.cx.b.statement(value);
            if leaves && self.never_returns(child) {
                self.cx.b.raise();
            }
        }
    }

    /// True for a call after which nothing runs. In a chain (`log.Fatal().Err(err).Msg("..")`) any link counts.
    fn never_returns(&self, call: Node<'_>) -> bool {
        let mut link = Some(call);
        while let Some(node) = link {
            match node.kind() {
                "call_expression" => {
                    let Some(callee) = node.child_by_field_name("function") else {
                        return false;
                    };
                    let named = match callee.kind() {
                        "identifier" => self.str(callee) == "panic",
                        _ => callee
                            .child_by_field_name("field")
                            .is_some_and(|f| NEVER_RETURN.contains(&&*self.str(f))),
                    };
                    if named {
                        return true;
                    }
                    link = Some(callee);
                }
                "selector_expression" => link = node.child_by_field_name("operand"),
                _ => return false,
            }
        }
        false
    }

    /// True when a block holds nothing but log calls.
    pub(super) fn does_nothing(&self, block: Node<'_>) -> bool {
        let lists = children(block);
        let mut statements = lists.into_iter().flat_map(|n| match n.kind() {
            "statement_list" => children(n),
            _ => vec![n],
        });
        statements.all(|s| s.kind() == "empty_statement" || (s.kind() == "expression_statement" && self.logs(s)))
    }

    fn logs(&self, statement: Node<'_>) -> bool {
        let text = self.str(statement);
        let root = text.split(['.', '(']).next().unwrap_or_default();
        LOGGERS.contains(&root) && !children(statement).first().is_some_and(|c| self.never_returns(*c))
    }

    fn return_statement(&mut self, node: Node<'_>) {
        let list = children(node).into_iter().next();
        let mut values: Vec<ExprId> = match list.map(children) {
            Some(values) => values.into_iter().map(|v| self.expression(v)).collect(),
            None => Vec::new(),
        };
        if values.is_empty() {
            let named = self.results.last().cloned().unwrap_or_default();
            values.extend(named.into_iter().map(|(name, _)| self.push(ExprKind::Name(name), node)));
        }
        let value = match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(self.push(ExprKind::Sequence(values), list.unwrap_or(node))),
        };
        self.cx.b.ret(value);
    }

    /// `ch <- v`: what the channel gives later is one of what was sent.
    fn send(&mut self, node: Node<'_>) {
        let (Some(channel), Some(value)) = (node.child_by_field_name("channel"), node.child_by_field_name("value"))
        else {
            return;
        };
        let value = self.expression(value);
        let target = self.target(channel, false);
        self.cx.b.assign(target, value, AssignMode::Extend, self.cx.span(node));
    }

    /// `x++`, `x--`.
    fn step(&mut self, node: Node<'_>) {
        let Some(operand) = children(node).into_iter().next() else {
            return;
        };
        let one = self.push(ExprKind::Num("1".into()), node);
        let target = self.target(operand, false);
        self.cx.b.assign(target, one, AssignMode::Other, self.cx.span(node));
    }

    // ---- assignment

    /// `a, b = x, y`, `a += x`, `a, b := f()`.
    fn assignment(&mut self, node: Node<'_>, declares: bool) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let operator = node.child_by_field_name("operator").map_or("=", |o| o.kind());
        let mode = match operator {
            "=" => AssignMode::Plain,
            "+=" => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        let span = self.span(node);
        self.assign_lists(&children(left), &children(right), declares, mode, span);
    }

    /// Assigns values to as many targets, or the results of one value to several.
    pub(super) fn assign_lists(
        &mut self,
        left: &[Node<'_>],
        right: &[Node<'_>],
        declares: bool,
        mode: AssignMode,
        span: Span,
    ) {
        match (left, right) {
            ([target], [value]) => {
                let value = self.expression(*value);
                let target = self.target(*target, declares);
                self.cx.b.assign(target, value, mode, span);
            }
            ([value_target, ok_target], [value]) if self.gives_ok(*value) => {
                self.comma_ok(*value_target, *ok_target, *value, declares, span);
            }
            (targets, values) => {
                let lowered: Vec<ExprId> = values.iter().map(|v| self.expression(*v)).collect();
                let value = match lowered[..] {
                    [one] => one,
                    _ => self
                        .cx
                        .b
                        .expr(ExprKind::Sequence(lowered), around(self.cx, values, span)),
                };
                let targets = targets.iter().map(|t| self.target(*t, declares)).collect();
                self.cx.b.assign(Target::Tuple(targets), value, mode, span);
            }
        }
    }

    /// True for what gives a second value that says whether the first is there: map index, type assertion, receive.
    fn gives_ok(&self, value: Node<'_>) -> bool {
        match value.kind() {
            "index_expression" | "type_assertion_expression" => true,
            "unary_expression" => value.child_by_field_name("operator").is_some_and(|o| o.kind() == "<-"),
            _ => false,
        }
    }

    /// `v, ok := m[k]`: `v` is the element, `ok` is `k in m`. For a type assertion or a receive nothing is known of `ok`.
    fn comma_ok(&mut self, target: Node<'_>, ok: Node<'_>, value: Node<'_>, declares: bool, span: Span) {
        let lowered = self.expression(value);
        let known = match self.cx.b.kind(lowered) {
            ExprKind::Index { base, index } => ExprKind::Binary {
                op: "in",
                left: *index,
                right: *base,
            },
            _ => ExprKind::Other(Vec::new()),
        };
        let target = Box::new(self.target(target, declares));
        let mode = AssignMode::Plain;
        let assigned = ExprKind::Assign {
            target,
            value: lowered,
            mode,
        };
        self.cx.b.expr(assigned, span);
        let known = self.push(known, value);
        let target = self.target(ok, declares);
        self.cx.b.assign(target, known, AssignMode::Plain, span);
    }

    /// What an assignment writes to; declared here when `declares`.
    pub(super) fn target(&mut self, node: Node<'_>, declares: bool) -> Target {
        self.deeper(node, |go| go.target_inside(node, declares))
            .unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'_>, declares: bool) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" if self.str(node) == "_" => Target::Ignore,
            "identifier" if declares => Target::Name(self.declare(node), span),
            "identifier" => Target::Name(self.variable(node), span),
            "parenthesized_expression" => match children(node).first() {
                Some(inner) => self.target(*inner, declares),
                None => Target::Ignore,
            },
            // `*p = v` changes what `p` points to; pointer and value are one variable here.
            "unary_expression" => match node.child_by_field_name("operand") {
                Some(operand) => self.target(operand, false),
                None => Target::Ignore,
            },
            "selector_expression" => {
                let (Some(base), Some(field)) =
                    (node.child_by_field_name("operand"), node.child_by_field_name("field"))
                else {
                    return Target::Ignore;
                };
                let (base, name) = (self.expression(base), self.cx.symbol(field));
                Target::Member { base, name, span }
            }
            "index_expression" => {
                let (Some(base), Some(index)) =
                    (node.child_by_field_name("operand"), node.child_by_field_name("index"))
                else {
                    return Target::Ignore;
                };
                let (base, index) = (self.expression(base), self.expression(index));
                Target::Index { base, index, span }
            }
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }
}

/// From the first node to the last; `span` when there is none.
fn around(cx: &crate::lang::parse::Cx<'_>, nodes: &[Node<'_>], span: Span) -> Span {
    match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => Span {
            start: cx.span(*first).start,
            end: cx.span(*last).end,
        },
        _ => span,
    }
}
