//! Values. Chains that lean to the left (`a->b.c[i]`, `f(x)(y)`) are loops here: their length is no depth.

use super::{C, children};
use crate::lang::adapter::{Adapter, Operators};
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl C<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |c| c.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "binary_expression" => self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            kind if leans(kind) => self.chain(node),
            _ => self.single(node),
        }
    }

    /// What does not lean on another expression to its left.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "identifier" | "field_identifier" | "type_identifier" | "namespace_identifier" | "primitive_type" => {
                return self.name(node);
            }
            "this" => ExprKind::Name(self.cx.b.symbol("this")),
            "number_literal" => return self.number(node),
            "char_literal" => return self.char_literal(node),
            "string_literal" | "raw_string_literal" | "concatenated_string" => return self.string(node),
            "user_defined_literal" => return self.first(node),
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" | "nullptr" => ExprKind::Null,
            "assignment_expression" => return self.assignment(node),
            "update_expression" => return self.update(node),
            "unary_expression" => return self.unary(node),
            "pointer_expression" => return self.pointer(node),
            "cast_expression" => return self.cast(node),
            "sizeof_expression" | "alignof_expression" => return self.size_of(node),
            "conditional_expression" => return self.conditional_value(node),
            "comma_expression" => return self.comma(node),
            "compound_literal_expression" => return self.compound_literal(node),
            "initializer_list" => return self.initializer_list(node, None),
            "qualified_identifier" | "template_function" | "template_type" => return self.qualified(node),
            "new_expression" => return self.new_object(node),
            "delete_expression" => return self.delete(node),
            "lambda_expression" => return self.lambda(node),
            "throw_statement" | "co_await_expression" | "extension_expression" => return self.first(node),
            "parameter_pack_expansion" => return self.first(node),
            "type_descriptor" | "offsetof_expression" | "gnu_asm_expression" => ExprKind::Other(Vec::new()),
            _ => return self.anything(node),
        };
        self.push(kind, node)
    }

    /// What the grammar could not read, or has no better form: whatever it holds.
    pub(super) fn anything(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node).into_iter().map(|c| self.expression(c)).collect();
        self.push(ExprKind::Other(parts), node)
    }

    fn first(&mut self, node: Node<'_>) -> ExprId {
        match children(node).first() {
            Some(inner) => {
                let inner = self.expression(*inner);
                self.push(ExprKind::Same(inner), node)
            }
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }

    /// A name: a constant by convention, a member of the class at hand, or a variable.
    fn name(&mut self, node: Node<'_>) -> ExprId {
        match &*self.str(node) {
            "NULL" | "nullptr" => return self.push(ExprKind::Null, node),
            "TRUE" => return self.push(ExprKind::Bool(true), node),
            "FALSE" => return self.push(ExprKind::Bool(false), node),
            _ => {}
        }
        let plain = self.cx.symbol(node);
        let resolved = self.scopes.resolve(plain);
        let undeclared = self.scopes.declared(plain).is_none();
        if undeclared && self.is_member(plain) {
            let this = self.cx.b.symbol("this");
            let base = self.push(ExprKind::Name(this), node);
            let (name, name_span) = (plain, self.span(node));
            return self.push(ExprKind::Member { base, name, name_span }, node);
        }
        self.push(ExprKind::Name(resolved), node)
    }

    fn is_member(&self, name: Symbol) -> bool {
        let class = self.within.last();
        class.is_some_and(|c| self.members.get(c).is_some_and(|m| m.contains(&name)))
    }

    // ---- chains of members, calls and elements

    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while leans(current.kind())
            && let Some(inner) = leaned_on(current)
        {
            links.push(current);
            current = inner;
        }
        let mut value = match links.is_empty() {
            true => self.anything(current),
            false => self.innermost(&mut links, current),
        };
        while let Some(link) = links.pop() {
            value = self.link(link, value);
        }
        value
    }

    /// The start of a chain. What is called may be a cast; that takes the call from `links`.
    fn innermost(&mut self, links: &mut Vec<Node<'_>>, start: Node<'_>) -> ExprId {
        if let Some(call) = links.last().copied().filter(|l| l.kind() == "call_expression")
            && let Some(list) = call.child_by_field_name("arguments")
            && let Some(cast) = self.cpp_cast(start, list, call)
        {
            links.pop();
            return cast;
        }
        self.expression(start)
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        match node.kind() {
            "call_expression" => self.call(node, value),
            "field_expression" => {
                let Some(field) = node.child_by_field_name("field") else {
                    return value;
                };
                let last = self.dotted(field);
                let last = last.rsplit('.').next().unwrap_or_default().to_owned();
                let (base, name, name_span) = (value, self.cx.b.symbol(&last), self.span(field));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            "subscript_expression" => {
                let index = node.child_by_field_name("index").or_else(|| {
                    let indices = node.child_by_field_name("indices")?;
                    children(indices).into_iter().next()
                });
                let Some(index) = index else { return value };
                let (base, index) = (value, self.expression(index));
                self.push(ExprKind::Index { base, index }, node)
            }
            _ => value,
        }
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId) -> ExprId {
        let Some(list) = node.child_by_field_name("arguments") else {
            return callee;
        };
        let args = self.arguments(list);
        // Hints to the compiler are the value they are given.
        let hint = node.child_by_field_name("function").is_some_and(|f| {
            matches!(
                &*self.str(f),
                "__builtin_expect" | "likely" | "unlikely" | "G_LIKELY" | "G_UNLIKELY"
            )
        });
        if let (true, Some(first)) = (hint, args.first()) {
            return self.push(ExprKind::Same(first.value), node);
        }
        let span = self.span(list);
        self.call_of(callee, args, span, false, node)
    }

    pub(super) fn call_of(
        &mut self,
        callee: ExprId,
        args: Vec<Arg>,
        args_span: Span,
        new: bool,
        node: Node<'_>,
    ) -> ExprId {
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
            let (value, span) = (self.initializer(argument), self.span(argument));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        args
    }

    // ---- the rest

    /// `(T)x`.
    fn cast(&mut self, node: Node<'_>) -> ExprId {
        let (Some(ty), Some(value)) = (node.child_by_field_name("type"), node.child_by_field_name("value")) else {
            return self.anything(node);
        };
        let value = self.expression(value);
        match self.specifier(ty) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    /// `sizeof x`, `sizeof(T)`: a call, with a type as its text.
    fn size_of(&mut self, node: Node<'_>) -> ExprId {
        let name = self.cx.b.symbol("sizeof");
        let callee = self.push(ExprKind::Name(name), node);
        let operand = match (node.child_by_field_name("value"), node.child_by_field_name("type")) {
            (Some(value), _) => self.expression(value),
            (None, Some(ty)) => {
                let text = self.str(ty).into_owned();
                self.push(ExprKind::Str(text.into()), ty)
            }
            (None, None) => self.push(ExprKind::Other(Vec::new()), node),
        };
        let span = self.cx.b.span(operand);
        let args = vec![Arg {
            name: None,
            value: operand,
            span,
        }];
        self.call_of(callee, args, span, false, node)
    }

    fn conditional_value(&mut self, node: Node<'_>) -> ExprId {
        let field = |name: &str| node.child_by_field_name(name);
        let (Some(test), Some(other)) = (field("condition"), field("alternative")) else {
            return self.anything(node);
        };
        let test = self.expression(test);
        let then = match field("consequence") {
            Some(then) => self.expression(then),
            // `x ?: y`
            None => self.push(ExprKind::Same(test), node),
        };
        let other = self.expression(other);
        self.push(ExprKind::Ternary { test, then, other }, node)
    }

    /// `a, b`: the last one's value.
    fn comma(&mut self, node: Node<'_>) -> ExprId {
        let mut parts = Vec::new();
        let mut at = node;
        while at.kind() == "comma_expression" {
            parts.extend(at.child_by_field_name("left"));
            match at.child_by_field_name("right") {
                Some(right) => at = right,
                None => break,
            }
        }
        parts.iter().for_each(|p| {
            self.expression(*p);
        });
        let last = self.expression(at);
        self.push(ExprKind::Same(last), node)
    }

    /// `(struct point){1, 2}`, `T{1, 2}`.
    fn compound_literal(&mut self, node: Node<'_>) -> ExprId {
        let (Some(ty), Some(list)) = (node.child_by_field_name("type"), node.child_by_field_name("value")) else {
            return self.anything(node);
        };
        let known = self.specifier(ty);
        let name = known.as_ref().map(|t| self.cx.b.name(t.name).to_owned());
        if self.cpp && !name.as_ref().is_some_and(|n| self.structs.contains_key(n)) {
            let callee = self.type_path(ty);
            let args = self.arguments(list);
            let span = self.span(list);
            return self.call_of(callee, args, span, true, node);
        }
        let value = self.initializer_list(list, name.as_deref());
        match known {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }
}

/// True for what leans on an expression to its left.
fn leans(kind: &str) -> bool {
    matches!(
        kind,
        "call_expression" | "field_expression" | "subscript_expression" | "parenthesized_expression"
    )
}

fn leaned_on(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "call_expression" => node.child_by_field_name("function"),
        "field_expression" | "subscript_expression" => node.child_by_field_name("argument"),
        // More than one: what the grammar could not read, or a statement used as a value.
        _ => {
            let inner = children(node);
            (inner.len() == 1 && inner[0].kind() != "compound_statement").then(|| inner[0])
        }
    }
}
