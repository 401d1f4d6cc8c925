//! Values. Chains that lean to the left (`a + b + ..`, `a.b().c()..`) are loops here: their length is no depth.

use super::{Java, child_of, children, has_word};
use crate::lang::adapter::{Adapter, Operators};
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl Java<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |java| java.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "binary_expression" => {
                self.arithmetic(node);
                self.chain_of_operators(node).unwrap_or_else(|| self.anything(node))
            }
            "field_access" | "method_invocation" | "array_access" | "parenthesized_expression" => self.chain(node),
            _ => self.single(node),
        }
    }

    /// What does not lean on another expression to its left.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "identifier" | "type_identifier" => return self.name(node),
            "this" | "super" => {
                let name = self.cx.symbol(node);
                ExprKind::Name(name)
            }
            "string_literal" | "character_literal" => ExprKind::Str(self.string_text(node).into()),
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null_literal" => ExprKind::Null,
            kind if kind.ends_with("_literal") && kind != "class_literal" => {
                let digits = self.str(node).replace('_', "");
                ExprKind::Num(digits.trim_end_matches(['l', 'L']).into())
            }
            "class_literal" => return self.class_literal(node),
            "assignment_expression" => return self.assignment(node),
            "update_expression" => return self.step(node),
            "unary_expression" => return self.unary(node),
            "ternary_expression" => return self.ternary(node),
            "instanceof_expression" => return self.instance_of(node),
            "cast_expression" => return self.cast(node),
            "lambda_expression" => return self.lambda(node),
            "method_reference" => return self.method_reference(node),
            "object_creation_expression" => return self.creation(node),
            "array_creation_expression" => return self.array_creation(node),
            "array_initializer" => return self.array(node),
            "switch_expression" => return self.switch_value(node),
            "scoped_type_identifier" | "generic_type" | "scoped_identifier" => return self.type_path(node),
            kind if kind.ends_with("_type") => ExprKind::Other(Vec::new()),
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    // ---- operators

    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("operand") else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("!") => "!",
            Some("-") => "-",
            Some("~") => "~",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    fn ternary(&mut self, node: Node<'_>) -> ExprId {
        let part = |field| node.child_by_field_name(field);
        let (Some(test), Some(then), Some(other)) = (part("condition"), part("consequence"), part("alternative"))
        else {
            return self.anything(node);
        };
        let (test, then, other) = (self.expression(test), self.expression(then), self.expression(other));
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    /// `x instanceof T t`: `t` is `x` as a `T`.
    fn instance_of(&mut self, node: Node<'_>) -> ExprId {
        let Some(left) = node.child_by_field_name("left") else {
            return self.anything(node);
        };
        let left = self.expression(left);
        if let Some(pattern) = node.child_by_field_name("pattern") {
            self.bind_pattern(pattern, left);
            return self.push(ExprKind::Other(Vec::new()), node);
        }
        let Some(ty) = node.child_by_field_name("right") else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        if let Some(name) = node.child_by_field_name("name") {
            let ty = self.type_ref(ty);
            self.bind_as(name, ty, left);
        }
        let (op, right) = ("instanceof", self.type_path(ty));
        self.push(ExprKind::Binary { op, left, right }, node)
    }

    fn cast(&mut self, node: Node<'_>) -> ExprId {
        let Some(value) = node.child_by_field_name("value") else {
            return self.anything(node);
        };
        let value = self.expression(value);
        match node.child_by_field_name("type").and_then(|t| self.type_ref(t)) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    // ---- assignment

    fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let mut value = self.expression(right);
        let target = Box::new(self.target(left));
        if let Target::Name(name, _) = *target
            && operator_of(node) == "="
            && let Some(ty) = self.declared.get(&name).cloned()
        {
            value = self.push(ExprKind::Cast { value, ty }, right);
        }
        let mode = match operator_of(node) {
            "=" => AssignMode::Plain,
            "+=" => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// `x++`, `--x`.
    fn step(&mut self, node: Node<'_>) -> ExprId {
        let Some(operand) = children(node).into_iter().next() else {
            return self.anything(node);
        };
        let value = self.push(ExprKind::Num("1".into()), node);
        let target = Box::new(self.target(operand));
        let mode = AssignMode::Other;
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// What an assignment writes to.
    fn target(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" => self.named_target(node),
            "field_access" => {
                let (Some(object), Some(field)) =
                    (node.child_by_field_name("object"), node.child_by_field_name("field"))
                else {
                    return Target::Ignore;
                };
                let (base, name) = (self.expression(object), self.cx.symbol(field));
                Target::Member { base, name, span }
            }
            "array_access" => {
                let (Some(array), Some(index)) = (node.child_by_field_name("array"), node.child_by_field_name("index"))
                else {
                    return Target::Ignore;
                };
                let (base, at) = (self.expression(array), self.expression(index));
                self.position(at, index);
                Target::Index { base, index: at, span }
            }
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }

    // ---- chains of members, calls and indices

    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        loop {
            let inner = match current.kind() {
                "field_access" | "method_invocation" => current.child_by_field_name("object"),
                "array_access" => current.child_by_field_name("array"),
                "parenthesized_expression" => children(current).into_iter().next(),
                _ => None,
            };
            let Some(inner) = inner else { break };
            links.push(current);
            current = inner;
        }
        let mut value = match current.kind() {
            "method_invocation" => self.bare_call(current),
            "field_access" | "array_access" | "parenthesized_expression" => self.anything(current),
            _ => self.expression(current),
        };
        while let Some(link) = links.pop() {
            value = self.link(link, value);
        }
        value
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        match node.kind() {
            "method_invocation" => {
                let callee = match node.child_by_field_name("name") {
                    Some(name) => self.member(value, name, node),
                    None => value,
                };
                self.call(callee, node)
            }
            "field_access" => match node.child_by_field_name("field") {
                // `Outer.this` is an instance of the class before it.
                Some(field) if field.kind() == "this" => self.outer_this(value, field, node),
                Some(field) => {
                    let (base, name, name_span) = (value, self.cx.symbol(field), self.span(field));
                    self.push(ExprKind::Member { base, name, name_span }, node)
                }
                None => value,
            },
            "array_access" => match node.child_by_field_name("index") {
                Some(written) => {
                    let (base, index) = (value, self.expression(written));
                    self.position(index, written);
                    self.push(ExprKind::Index { base, index }, node)
                }
                None => value,
            },
            _ => value,
        }
    }

    fn outer_this(&mut self, class: ExprId, field: Node<'_>, node: Node<'_>) -> ExprId {
        let ExprKind::Name(name) = *self.cx.b.kind(class) else {
            let name = self.cx.symbol(field);
            return self.push(ExprKind::Name(name), node);
        };
        let span = self.span(node);
        let value = self.push(ExprKind::Other(Vec::new()), field);
        let ty = TypeRef {
            name,
            args: Vec::new(),
            span,
        };
        self.push(ExprKind::Cast { value, ty }, node)
    }

    /// The method `name` of `base`; `call` is the whole call, of which the callee is what stands before the arguments.
    fn member(&mut self, base: ExprId, name: Node<'_>, call: Node<'_>) -> ExprId {
        let span = Span {
            start: self.span(call).start,
            end: self.span(name).end,
        };
        let (name, name_span) = (self.cx.symbol(name), self.span(name));
        self.cx.b.expr(ExprKind::Member { base, name, name_span }, span)
    }

    /// `name(..)`.
    fn bare_call(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else {
            return self.anything(node);
        };
        let callee = self.called_name(name);
        self.call(callee, node)
    }

    fn call(&mut self, callee: ExprId, node: Node<'_>) -> ExprId {
        let list = node.child_by_field_name("arguments");
        let args = list.map(|a| self.arguments(a)).unwrap_or_default();
        let args_span = self.span(list.unwrap_or(node));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    pub(super) fn arguments(&mut self, list: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for argument in children(list) {
            let (value, span) = (self.expression(argument), self.span(argument));
            let name = None;
            args.push(Arg { name, value, span });
        }
        args
    }

    // ---- types as values, objects

    /// `new T(..)`, `new T(..) { .. }`, `outer.new T(..)`.
    fn creation(&mut self, node: Node<'_>) -> ExprId {
        let Some(ty) = node.child_by_field_name("type") else {
            return self.anything(node);
        };
        let callee = match child_of(node, &["class_body"]) {
            Some(body) => {
                let base = self.type_ref(ty);
                self.anonymous_class(body, base, node)
            }
            None => self.type_path(ty),
        };
        let list = node.child_by_field_name("arguments");
        let args = list.map(|a| self.arguments(a)).unwrap_or_default();
        let args_span = self.span(list.unwrap_or(node));
        let new = true;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    /// A type where a value is called for: `T`, `a.b.T`; without its arguments.
    pub(super) fn type_path(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |java| java.type_path_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn type_path_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "type_identifier" | "identifier" => {
                let name = self.cx.symbol(node);
                let name = self.scopes.resolve(name);
                self.push(ExprKind::Name(name), node)
            }
            "scoped_type_identifier" => {
                let parts = children(node);
                let parts: Vec<_> = parts
                    .into_iter()
                    .filter(|p| !p.kind().ends_with("annotation"))
                    .collect();
                let (Some(outer), Some(last)) = (parts.first(), parts.get(1)) else {
                    return self.push(ExprKind::Other(Vec::new()), node);
                };
                let base = self.type_path(*outer);
                let (name, name_span) = (self.cx.symbol(*last), self.span(*last));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            "scoped_identifier" => self.dotted(node),
            "generic_type" => match children(node).first() {
                Some(outer) => self.type_path(*outer),
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
            _ => self.push(ExprKind::Other(Vec::new()), node),
        }
    }

    /// `T.class`.
    fn class_literal(&mut self, node: Node<'_>) -> ExprId {
        let Some(ty) = children(node).into_iter().next() else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let base = self.type_path(ty);
        let (name, name_span) = (self.cx.b.symbol("class"), self.span(node));
        self.push(ExprKind::Member { base, name, name_span }, node)
    }

    /// `x::m` is the member `m` of `x`, `T::new` the class.
    fn method_reference(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let Some(of) = parts.first() else {
            return self.anything(node);
        };
        let base = self.expression(*of);
        match parts.last().filter(|l| l.kind() == "identifier" && parts.len() > 1) {
            Some(name) if !has_word(node, "new") => {
                let (name, name_span) = (self.cx.symbol(*name), self.span(*name));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            _ => base,
        }
    }
}

fn operator_of<'n>(node: Node<'n>) -> &'n str {
    match node.child_by_field_name("operator") {
        Some(operator) => operator.kind(),
        None => "",
    }
}

fn known_operator(operator: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>",
    ];
    KNOWN.into_iter().find(|k| *k == operator)
}

impl<'t> Operators<'t> for Java<'_, 't> {
    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        known_operator(operator)
    }
}
