//! Values. Chains that lean to the left (`a + b + ..`, `a.b().c()..`) are loops: their length is no depth.

use super::{CSharp, children};
use crate::lang::adapter::{Adapter, Operators};
use crate::lang::facts::*;
use tree_sitter::Node;

/// Types that people make by a cast rather than by `new`: the operator does what the constructor does.
const MADE_BY_CAST: [&str; 1] = ["MarkupString"];

impl CSharp<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        self.expression_of(node, None)
    }

    /// Any expression where a value of a written type is expected: `new()`, `{ 1, 2 }` and `[1, 2]` take it from there.
    pub(super) fn expression_of(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let lowered = self.deeper(node, |cs| cs.expression_inside(node, ty));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        match node.kind() {
            "binary_expression" => self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            "parenthesized_expression" | "checked_expression" => match children(node).first() {
                Some(inner) => self.expression_of(*inner, ty),
                None => self.anything(node),
            },
            "conditional_expression" => self.conditional(node, ty),
            kind if super::chain::is_link(node) || kind == "alias_qualified_name" => self.chain(node),
            kind if kind.contains("creation_expression") || kind.contains("stackalloc") => self.creation(node, ty),
            "initializer_expression" | "collection_expression" => self.collection(node, ty),
            kind if kind.ends_with("_literal") => self.constant(node),
            _ => self.single(node),
        }
    }

    fn constant(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "integer_literal" | "real_literal" => ExprKind::Num(self.str(node).into()),
            "boolean_literal" => ExprKind::Bool(&*self.str(node) == "true"),
            "null_literal" => ExprKind::Null,
            _ => ExprKind::Str(self.text_of(node).into()),
        };
        self.push(kind, node)
    }

    /// What does not lean on another expression to its left.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "identifier" | "generic_name" | "predefined_type" | "implicit_parameter" => self.name_value(node),
            "this" => self.word("this", node),
            "base" => self.base(node),
            "interpolated_string_expression" => self.interpolated(node),
            "prefix_unary_expression" | "postfix_unary_expression" | "unary_expression" => self.unary(node),
            "await_expression" | "ref_expression" | "expression_element" => self.same(node),
            "spread_element" => match children(node).first() {
                Some(inner) => {
                    let inner = self.expression(*inner);
                    self.push(ExprKind::Spread(inner), node)
                }
                None => self.anything(node),
            },
            "assignment_expression" => self.assignment(node),
            "cast_expression" | "as_expression" => self.cast(node),
            "is_expression" => self.is_type(node),
            "is_pattern_expression" => self.is_pattern(node),
            "switch_expression" => self.switch_expression(node),
            "lambda_expression" | "anonymous_method_expression" => self.lambda(node),
            "query_expression" => self.query(node),
            "tuple_expression" => self.tuple(node),
            "with_expression" => self.with(node),
            "declaration_expression" => self.declared_here(node),
            "default_expression" => self.push(ExprKind::Null, node),
            "typeof_expression" | "sizeof_expression" => match node.child_by_field_name("type") {
                Some(ty) => self.type_path(ty),
                None => self.anything(node),
            },
            kind if kind.ends_with("_type") => self.type_path(node),
            _ => self.anything(node),
        }
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    fn same(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = children(node).into_iter().next() else {
            return self.anything(node);
        };
        let inner = self.expression(inner);
        self.push(ExprKind::Same(inner), node)
    }

    pub(super) fn word(&mut self, text: &str, node: Node<'_>) -> ExprId {
        let symbol = self.cx.b.symbol(text);
        self.push(ExprKind::Name(symbol), node)
    }

    /// `base`: what the class extends when the file has it, else the instance itself.
    fn base(&mut self, node: Node<'_>) -> ExprId {
        let elsewhere = self.open.last().is_none_or(|c| c.base_elsewhere);
        self.word(if elsewhere { "this" } else { "super" }, node)
    }

    /// A bare name: a variable, a member of an open class, or itself.
    pub(super) fn name_value(&mut self, node: Node<'_>) -> ExprId {
        let symbol = self.plain(node);
        if let Some(variable) = self.scopes.find(symbol) {
            return self.push(ExprKind::Name(variable), node);
        }
        match self.owner_of(symbol) {
            Some(owner) => {
                let at = self.span(node);
                let none = crate::text::Span {
                    start: at.start,
                    end: at.start,
                };
                let base = self.cx.b.expr(ExprKind::Name(owner), none);
                let (name, name_span) = (symbol, at);
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            None => self.push(ExprKind::Name(symbol), node),
        }
    }

    /// What a bare name that is no variable is a member of: `this`, or a class around the innermost one.
    pub(super) fn owner_of(&mut self, name: Symbol) -> Option<Symbol> {
        let text = self.cx.b.name(name);
        let depth = self.open.iter().rev().position(|c| c.members.contains(text))?;
        if depth == 0 {
            return Some(self.cx.b.symbol("this"));
        }
        self.open.iter().rev().nth(depth).map(|c| c.name)
    }

    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = children(node).into_iter().next() else {
            return self.anything(node);
        };
        let written = self.str(node).into_owned();
        if written.starts_with("++") || written.starts_with("--") || written.ends_with("++") || written.ends_with("--")
        {
            return self.step(inner, node);
        }
        let operand = self.expression(inner);
        let op = match written.as_bytes().first() {
            Some(b'!') => "!",
            Some(b'-') => "-",
            Some(b'~') => "~",
            Some(b'+') => "+",
            Some(b'&') => "&",
            Some(b'^') => "^",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    fn cast(&mut self, node: Node<'_>) -> ExprId {
        let value = node.child_by_field_name("value").or(node.child_by_field_name("left"));
        let ty = node.child_by_field_name("type").or(node.child_by_field_name("right"));
        let Some(value) = value else { return self.anything(node) };
        if let Some(ty) = ty.filter(|t| MADE_BY_CAST.contains(&&*self.str(*t))) {
            let callee = self.type_path(ty);
            let (value, span) = (self.expression(value), self.span(value));
            let kind = ExprKind::Call {
                callee,
                args: vec![Arg {
                    name: None,
                    value,
                    span,
                }],
                new: true,
                args_span: span,
            };
            return self.push(kind, node);
        }
        let value = self.expression_of(value, ty);
        match ty.and_then(|t| self.type_ref(t)) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    /// The test first, then the values, so that what it checks holds in them.
    fn conditional(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let of = |field| node.child_by_field_name(field);
        let (Some(test), Some(then), Some(other)) = (of("condition"), of("consequence"), of("alternative")) else {
            return self.anything(node);
        };
        let test = self.expression(test);
        let then = self.expression_of(then, ty);
        let other = self.expression_of(other, ty);
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    /// `(a, b)`: a value with parts by position; `(x: a, y: b)`: with parts by name.
    fn tuple(&mut self, node: Node<'_>) -> ExprId {
        let (mut parts, mut entries) = (Vec::new(), Vec::new());
        for argument in children(node) {
            let name = argument.child_by_field_name("name");
            let value = children(argument).into_iter().rfind(|c| Some(*c) != name);
            let key = name.map(|n| {
                let text = self.str(n).into_owned();
                self.push(ExprKind::Str(text.into()), n)
            });
            let (value, span) = (self.expression(value.unwrap_or(argument)), self.span(argument));
            entries.extend(key.map(|key| Entry {
                key: Some(key),
                value,
                span,
            }));
            parts.push(value);
        }
        match entries.len() == parts.len() {
            true => self.push(ExprKind::Map(entries), node),
            false => self.push(ExprKind::Sequence(parts), node),
        }
    }

    /// `x with { A = 1 }`: a copy whose parts changed.
    fn with(&mut self, node: Node<'_>) -> ExprId {
        let mut entries = Vec::new();
        for part in children(node) {
            let span = self.span(part);
            if part.kind() != "with_initializer" {
                let value = self.expression(part);
                entries.push(Entry { key: None, value, span });
                continue;
            }
            if let [name, value] = children(part)[..] {
                let text = self.str(name).into_owned();
                let key = Some(self.push(ExprKind::Str(text.into()), name));
                let value = self.expression(value);
                entries.push(Entry { key, value, span });
            }
        }
        self.push(ExprKind::Map(entries), node)
    }

    // ---- operators
}

pub(super) fn known_operator(operator: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>",
    ];
    KNOWN.into_iter().find(|k| *k == operator)
}

impl<'t> Operators<'t> for CSharp<'_, 't> {
    const FLAT: &'static [&'static str] = &["+", "&&", "||", "??"];

    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        known_operator(operator)
    }
}
