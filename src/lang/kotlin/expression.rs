//! Values. Chains that lean to the left (`a + b + ..`, `a.b().c()..`) are loops here: their length is no depth.

use super::{Kotlin, children, declare::positional, has_word, is_type, statement};
use crate::lang::adapter::{Adapter, Operators, operator_of};
use crate::{
    lang::{facts::*, java::decode},
    text::Span,
};
use tree_sitter::Node;

impl Kotlin<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |kotlin| kotlin.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "binary_expression" => self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            "navigation_expression" | "call_expression" | "index_expression" | "parenthesized_expression" => {
                self.chain(node)
            }
            _ => self.single(node),
        }
    }

    fn single(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "identifier" => return self.word(node),
            "this_expression" => ExprKind::Name(self.cx.b.symbol("this")),
            "super_expression" => ExprKind::Name(self.cx.b.symbol("super")),
            "string_literal" | "multiline_string_literal" => return self.text(node),
            "character_literal" => {
                let written = self.str(node);
                ExprKind::Str(decode(written.trim_matches('\'')).into())
            }
            "number_literal" | "float_literal" => {
                let digits = self.str(node).replace('_', "");
                ExprKind::Num(digits.trim_end_matches(['l', 'L', 'u', 'U']).into())
            }
            "unary_expression" => return self.unary(node),
            "in_expression" => {
                let op = if has_word(node, "!in") { "not in" } else { "in" };
                return self.operands(op, node);
            }
            "is_expression" => return self.operands("instanceof", node),
            "as_expression" => return self.cast(node),
            "if_expression" => return self.if_value(node),
            "when_expression" => return self.when_value(node),
            "try_expression" => return self.called_here(node, |kotlin| kotlin.tail(node)),
            "lambda_literal" => return self.lambda(node, None),
            "anonymous_function" => {
                let at = Span::new(node.start_byte(), node.start_byte());
                let id = self.function(node, FunctionKind::Lambda, "<lambda>", at, None, Vec::new());
                ExprKind::Lambda(id)
            }
            "object_literal" => return self.object_literal(node),
            "collection_literal" => {
                let values = children(node).into_iter().map(|v| self.expression(v)).collect();
                ExprKind::Sequence(values)
            }
            "spread_expression" => match children(node).first() {
                Some(inner) => ExprKind::Spread(self.expression(*inner)),
                None => ExprKind::Other(Vec::new()),
            },
            "infix_expression" => return self.infix(node),
            "callable_reference" => return self.reference(node),
            "annotated_expression" | "labeled_expression" | "annotated_lambda" => match children(node).pop() {
                Some(inner) => return self.expression(inner),
                None => ExprKind::Other(Vec::new()),
            },
            _ if is_type(&node) => return self.type_path(node),
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    /// A name, or one of the words the grammar takes for names.
    fn word(&mut self, node: Node<'_>) -> ExprId {
        let kind = match &*self.str(node) {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => return self.name(node, false),
        };
        self.push(kind, node)
    }

    // ---- texts

    /// A text, perhaps with holes.
    fn text(&mut self, node: Node<'_>) -> ExprId {
        let raw = node.kind() == "multiline_string_literal";
        let mut parts = Vec::new();
        let mut plain = String::new();
        // A `$` that stands alone, and begins a hole when a name follows.
        let mut dollar: Option<Span> = None;
        for piece in children(node) {
            let mut span = self.span(piece);
            if piece.kind() == "interpolation" {
                let value = match children(piece).into_iter().next() {
                    Some(inner) => self.expression(inner),
                    None => self.nothing(piece),
                };
                parts.push(Part::Hole { value, span });
                continue;
            }
            let written = self.str(piece);
            let mut rest: &str = &written;
            if let Some(sign) = dollar.take() {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let name = rest.split(|c| !word(c)).next().unwrap_or_default();
                if name.starts_with(|c: char| c.is_alphabetic() || c == '_') && sign.end == span.start {
                    let at = Span {
                        start: span.start,
                        end: span.start + name.len() as u32,
                    };
                    let symbol = self.cx.b.symbol(name);
                    let value = self.name_at(symbol, at, false);
                    parts.push(Part::Hole {
                        value,
                        span: sign.to(at),
                    });
                    rest = &rest[name.len()..];
                    span.start = at.end;
                } else {
                    plain.push('$');
                    parts.push(Part::Lit("$".into(), sign));
                }
            }
            if rest == "$" {
                dollar = Some(span);
                continue;
            }
            if rest.is_empty() {
                continue;
            }
            let text = if raw { rest.to_owned() } else { decode(rest) };
            plain.push_str(&text);
            parts.push(Part::Lit(text.into(), span));
        }
        let kind = match parts.iter().all(|p| matches!(p, Part::Lit(..))) {
            true => ExprKind::Str(plain.into()),
            false => ExprKind::Template { tag: None, parts },
        };
        self.push(kind, node)
    }

    // ---- operators

    fn operands(&mut self, op: &'static str, node: Node<'_>) -> ExprId {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let (left, right) = (self.expression(left), self.expression(right));
        self.push(ExprKind::Binary { op, left, right }, node)
    }

    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("argument") else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match operator_of(node) {
            "!" => "!",
            "-" => "-",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    fn cast(&mut self, node: Node<'_>) -> ExprId {
        let (Some(value), Some(ty)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return self.anything(node);
        };
        let value = self.expression(value);
        match self.type_ref(ty) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    /// `a to b` is a pair; any other word between is a method of the left.
    fn infix(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let [left, word, right] = parts[..] else {
            return self.anything(node);
        };
        let base = self.expression(left);
        if self.str(word) == "to" {
            let value = self.expression(right);
            return self.push(ExprKind::Sequence(vec![base, value]), node);
        }
        let (name, name_span) = (self.plain(word), self.span(word));
        let callee = self.push(ExprKind::Member { base, name, name_span }, word);
        let (value, span) = (self.expression(right), self.span(right));
        let (args, new) = (vec![positional(value, span)], false);
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span: span,
        };
        self.push(kind, node)
    }

    /// `::f`, `T::m`, `T::class`.
    fn reference(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let Some(last) = parts.last().filter(|l| l.kind() == "identifier") else {
            return self.anything(node);
        };
        match parts.first().filter(|_| parts.len() > 1) {
            Some(of) => {
                let base = self.expression(*of);
                let (name, name_span) = (self.plain(*last), self.span(*last));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            None => self.name(*last, true),
        }
    }

    // ---- what is a statement in other languages

    /// `if` as a value: conditional when both arms are expressions, else a function that is called here.
    fn if_value(&mut self, node: Node<'_>) -> ExprId {
        let (then, other) = statement::arms(node);
        let condition = node.child_by_field_name("condition");
        let simple = (then.and_then(only_value), other.and_then(only_value));
        let (Some(condition), (Some(then), Some(other))) = (condition, simple) else {
            return self.called_here(node, |kotlin| kotlin.tail(node));
        };
        let test = self.expression(condition);
        let (then, other) = (self.expression(then), self.expression(other));
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    fn when_value(&mut self, node: Node<'_>) -> ExprId {
        self.called_here(node, |kotlin| kotlin.tail(node))
    }

    /// A function without parameters that is called where it stands.
    fn called_here(&mut self, node: Node<'_>, inner: impl FnOnce(&mut Self)) -> ExprId {
        let (span, at) = (self.span(node), Span::new(node.start_byte(), node.start_byte()));
        let id = self
            .cx
            .b
            .begin_function(FunctionKind::Lambda, "<lambda>", span, at, span);
        self.scopes.open();
        inner(self);
        self.scopes.close();
        self.cx.b.end_function();
        let callee = self.push(ExprKind::Lambda(id), node);
        let (args, new) = (Vec::new(), false);
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span: at,
        };
        self.push(kind, node)
    }

    /// `{ x -> .. }`; without parameters it has `it`. `receiver`: what names without an object are members of.
    pub(super) fn lambda(&mut self, node: Node<'_>, receiver: Option<Symbol>) -> ExprId {
        let (span, at) = (self.span(node), Span::new(node.start_byte(), node.start_byte()));
        let id = self
            .cx
            .b
            .begin_function(FunctionKind::Lambda, "<lambda>", span, at, span);
        if let Some(receiver) = receiver {
            self.receivers.push((receiver, self.scopes.depth()));
        }
        self.scopes.open();
        let written = children(node).into_iter().find(|c| c.kind() == "lambda_parameters");
        let mut params = Vec::new();
        let mut apart = Vec::new();
        match written {
            Some(list) => {
                for (i, variable) in children(list).into_iter().enumerate() {
                    let ty = self.type_in(variable);
                    let span = self.span(variable);
                    let name = match self.variables(variable) {
                        Target::Name(name, _) => name,
                        target => {
                            let name = self.cx.b.symbol(&format!("<{i}>"));
                            apart.push((name, target, span));
                            name
                        }
                    };
                    params.push(parameter(name, span, ty));
                }
            }
            None => {
                let name = self.cx.b.symbol("it");
                let name = self.scopes.declare(&mut self.cx.b, name);
                params.push(parameter(name, at, None));
            }
        }
        self.cx.b.function().params = params;
        for (name, target, span) in apart {
            let value = self.cx.b.expr(ExprKind::Name(name), span);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        let mut statements: Vec<_> = children(node)
            .into_iter()
            .filter(|c| c.kind() != "lambda_parameters")
            .collect();
        let end = statements.pop();
        for statement in statements {
            self.statement(statement);
        }
        if let Some(end) = end {
            self.tail(end);
        }
        self.scopes.close();
        if receiver.is_some() {
            self.receivers.pop();
        }
        self.cx.b.end_function();
        self.push(ExprKind::Lambda(id), node)
    }

    // ---- chains of members, calls and indices

    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while matches!(
            current.kind(),
            "navigation_expression" | "call_expression" | "index_expression" | "parenthesized_expression"
        ) {
            let Some(inner) = children(current).into_iter().next() else {
                break;
            };
            links.push(current);
            current = inner;
        }
        // The grammar reads `!a.b(c)` as `(!a).b(c)`; the language means `!(a.b(c))`.
        let inside = links.last().is_some_and(|l| l.kind() != "parenthesized_expression");
        let mut before = (inside && current.kind() == "unary_expression")
            .then(|| prefix_of(current))
            .flatten();
        if let Some((_, operand)) = before {
            current = operand;
        }
        let called = links.last().is_some_and(|l| l.kind() == "call_expression");
        let mut value = match (current.kind(), links.is_empty()) {
            (_, true) => self.anything(current),
            ("identifier", _) if called => self.name(current, true),
            _ => self.expression(current),
        };
        while let Some(link) = links.pop() {
            if link.kind() == "parenthesized_expression"
                && let Some((op, _)) = before.take()
            {
                value = self.push(ExprKind::Unary { op, operand: value }, link);
            }
            value = self.link(link, value);
        }
        match before {
            Some((op, _)) => self.push(ExprKind::Unary { op, operand: value }, node),
            None => value,
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        match node.kind() {
            "navigation_expression" => match children(node).pop().filter(|l| l.kind() == "identifier") {
                Some(member) => {
                    let (base, name, name_span) = (value, self.plain(member), self.span(member));
                    self.push(ExprKind::Member { base, name, name_span }, node)
                }
                None => value,
            },
            "index_expression" => match children(node).get(1) {
                Some(index) => {
                    let (base, index) = (value, self.expression(*index));
                    self.push(ExprKind::Index { base, index }, node)
                }
                None => value,
            },
            "call_expression" => self.call(value, node),
            _ => value,
        }
    }

    fn call(&mut self, callee: ExprId, node: Node<'_>) -> ExprId {
        if let Some(value) = self.scope_function(callee, node) {
            return value;
        }
        let parts = children(node);
        let list = parts.iter().find(|c| c.kind() == "value_arguments");
        let mut args = list.map(|l| self.arguments(*l)).unwrap_or_default();
        if let Some(lambda) = parts.iter().find(|c| c.kind() == "annotated_lambda") {
            let (value, span) = (self.expression(*lambda), self.span(*lambda));
            args.push(positional(value, span));
        }
        let args_span = self.span(*list.unwrap_or(&node));
        let last = match self.cx.b.kind(callee) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => *name,
            _ => self.cx.b.symbol(""),
        };
        let new = self.cx.b.name(last).starts_with(char::is_uppercase);
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
        for argument in children(list).into_iter().filter(|c| c.kind() == "value_argument") {
            let parts = children(argument);
            let Some(written) = parts.last() else { continue };
            let named = has_word(argument, "=") && parts.len() > 1;
            let name = parts.first().filter(|_| named).map(|n| self.plain(*n));
            let mut value = self.expression(*written);
            if has_word(argument, "*") {
                value = self.push(ExprKind::Spread(value), argument);
            }
            let span = self.span(argument);
            args.push(Arg { name, value, span });
        }
        args
    }
}

/// The only expression of an arm.
fn only_value(arm: Node<'_>) -> Option<Node<'_>> {
    let inner = match arm.kind() {
        "block" => match children(arm)[..] {
            [only] => only,
            _ => return None,
        },
        _ => arm,
    };
    let statement = matches!(
        inner.kind(),
        "assignment"
            | "for_statement"
            | "while_statement"
            | "do_while_statement"
            | "property_declaration"
            | "return_expression"
            | "throw_expression"
            | "block"
    );
    (!statement).then_some(inner)
}

fn parameter(name: Symbol, span: Span, ty: Option<TypeRef>) -> Param {
    Param {
        name,
        span,
        ty,
        default: None,
        kind: ParamKind::Normal,
        decorators: Vec::new(),
    }
}

/// `!x`, `-x`: the sign and what stands behind it.
fn prefix_of(node: Node<'_>) -> Option<(&'static str, Node<'_>)> {
    let (operator, operand) = (
        node.child_by_field_name("operator")?,
        node.child_by_field_name("argument")?,
    );
    let op = match operator.kind() {
        "!" => "!",
        "-" => "-",
        _ => return None,
    };
    (operator.start_byte() < operand.start_byte()).then_some((op, operand))
}

impl<'t> Operators<'t> for Kotlin<'_, 't> {
    const FLAT: &'static [&'static str] = &["+", "&&", "||", "?:"];

    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    /// The right operand. One that leaves (`?: return x`) has no value.
    fn right_of(&mut self, operation: Node<'_>) -> Option<ExprId> {
        let right = operation.child_by_field_name("right")?;
        if matches!(right.kind(), "return_expression" | "throw_expression") {
            for value in children(right) {
                self.expression(value);
            }
            return None;
        }
        Some(self.expression(right))
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        const KNOWN: [&str; 10] = ["==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%"];
        match operator {
            // Identity of texts and numbers is equality enough.
            "===" => Some("=="),
            "!==" => Some("!="),
            _ => KNOWN.into_iter().find(|k| *k == operator),
        }
    }
}
