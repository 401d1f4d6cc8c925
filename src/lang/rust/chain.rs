//! Paths, fields, methods, calls, `?`, `.await`, indices and casts. A chain is a loop here: its length is no depth.

use super::{Rust, children, first_child};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Methods that give their receiver: a view, a copy, what a wrapper holds. Arguments (a message, another error) do not change it.
const SAME: [&str; 35] = [
    "unwrap",
    "expect",
    "unwrap_or_default",
    "unwrap_unchecked",
    "clone",
    "cloned",
    "copied",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
    "as_str",
    "as_mut_str",
    "as_bytes",
    "as_slice",
    "to_owned",
    "to_string",
    "into",
    "into_string",
    "into_inner",
    "into_bytes",
    "into_boxed_str",
    "borrow",
    "borrow_mut",
    "deref",
    "deref_mut",
    "by_ref",
    "lock",
    "ok",
    "ok_or",
    "ok_or_else",
    "map_err",
    "context",
    "with_context",
    "wrap_err",
];

/// Functions that only wrap their argument, by their last segments.
const WRAP: [&str; 13] = [
    "Ok",
    "Some",
    "Box::new",
    "Arc::new",
    "Rc::new",
    "Mutex::new",
    "RwLock::new",
    "RefCell::new",
    "Cell::new",
    "Box::pin",
    "Cow::Borrowed",
    "Cow::Owned",
    "String::from",
];

impl Rust<'_, '_> {
    pub(super) fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(inner) = inner_of(current) {
            links.push(current);
            current = inner;
        }
        if links.is_empty() {
            return self.anything(current);
        }
        let mut value = match links.pop_if(|l| l.kind() == "call_expression") {
            Some(call) => self.call(call, current),
            None => self.expression(current),
        };
        while let Some(link) = links.pop() {
            value = self.link(link, value, &mut links);
        }
        value
    }

    fn link(&mut self, node: Node<'_>, value: ExprId, links: &mut Vec<Node<'_>>) -> ExprId {
        match node.kind() {
            "field_expression" => self.field(node, value, links),
            "call_expression" => self.call_of(value, node),
            "try_expression" | "await_expression" | "reference_expression" => self.push(ExprKind::Same(value), node),
            "type_cast_expression" => match node.child_by_field_name("type").and_then(|t| self.type_ref(t)) {
                Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
                None => value,
            },
            "index_expression" => {
                let Some(index) = children(node).into_iter().nth(1) else {
                    return value;
                };
                let base = value;
                if index.kind() == "range_expression" {
                    self.expression(index);
                    return self.push(ExprKind::Slice { base }, node);
                }
                let index = self.expression(index);
                self.push(ExprKind::Index { base, index }, node)
            }
            _ => value,
        }
    }

    /// `value.field`; with the call that follows it, a method.
    fn field(&mut self, node: Node<'_>, value: ExprId, links: &mut Vec<Node<'_>>) -> ExprId {
        let Some(field) = node.child_by_field_name("field") else {
            return value;
        };
        let generic = links.pop_if(|l| l.kind() == "generic_function");
        let Some(call) = links.pop_if(|l| l.kind() == "call_expression") else {
            let (base, name, name_span) = (value, self.name_symbol(field), self.span(field));
            return self.push(ExprKind::Member { base, name, name_span }, node);
        };
        let method = self.str(field);
        if SAME.contains(&&*method) {
            self.arguments(call);
            return self.push(ExprKind::Same(value), call);
        }
        if matches!(&*method, "unwrap_or" | "unwrap_or_else") {
            return self.fallback(value, call);
        }
        let (base, name, name_span) = (value, self.name_symbol(field), self.span(field));
        let callee = self.push(ExprKind::Member { base, name, name_span }, node);
        let value = self.call_of(callee, call);
        match generic.and_then(|g| self.turbofish(g)) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, call),
            None => value,
        }
    }

    /// `x.parse::<i64>()` gives an `i64`. `None` when part of the type is left to inference.
    fn turbofish(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let list = node.child_by_field_name("type_arguments")?;
        let ty = first_child(list)?;
        if self.str(ty).contains('_')
            && self
                .str(ty)
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|w| w == "_")
        {
            return None;
        }
        self.type_ref(ty)
    }

    /// `x.unwrap_or(d)`, `x.unwrap_or_else(|| d)`: either.
    fn fallback(&mut self, value: ExprId, call: Node<'_>) -> ExprId {
        let mut operands = vec![value];
        for arg in self.arguments(call) {
            let given = match self.cx.b.kind(arg.value) {
                ExprKind::Lambda(_) => {
                    let (callee, args, new, args_span) = (arg.value, Vec::new(), false, arg.span);
                    let kind = ExprKind::Call {
                        callee,
                        args,
                        new,
                        args_span,
                    };
                    self.cx.b.expr(kind, arg.span)
                }
                _ => arg.value,
            };
            operands.push(given);
        }
        let op = LogicOp::Coalesce;
        self.push(ExprKind::Logic { op, operands }, call)
    }

    // ---- calls

    /// A call of what is not a method: a path, a closure, anything.
    fn call(&mut self, call: Node<'_>, callee: Node<'_>) -> ExprId {
        if matches!(callee.kind(), "identifier" | "scoped_identifier") && self.wraps(&self.str(callee)) {
            let args = self.arguments(call);
            if let [only] = args[..] {
                return self.push(ExprKind::Same(only.value), call);
            }
            let parts = args.iter().map(|a| a.value).collect();
            return self.push(ExprKind::Other(parts), call);
        }
        let callee = self.expression(callee);
        self.call_of(callee, call)
    }

    fn wraps(&self, path: &str) -> bool {
        WRAP.iter().any(|wrap| {
            let before = path.strip_suffix(wrap);
            before.is_some_and(|b| b.is_empty() || b.ends_with("::"))
        })
    }

    fn call_of(&mut self, callee: ExprId, call: Node<'_>) -> ExprId {
        let args = self.arguments(call);
        let args_span = self.span(call.child_by_field_name("arguments").unwrap_or(call));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, call)
    }

    fn arguments(&mut self, call: Node<'_>) -> Vec<Arg> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let mut args = Vec::new();
        for argument in list.into_iter().filter(|a| a.kind() != "attribute_item") {
            let (value, span) = (self.expression(argument), self.span(argument));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        args
    }

    // ---- paths

    /// `a::b::c` as members of a name; generic arguments are left out, `<T as Trait>::x` is `T::x`.
    pub(super) fn path(&mut self, node: Node<'_>) -> ExprId {
        let mut segments = Vec::new();
        let mut current = node;
        loop {
            let next = match current.kind() {
                "scoped_identifier" | "scoped_type_identifier" => {
                    segments.push(current);
                    current.child_by_field_name("path")
                }
                "generic_type" | "generic_type_with_turbofish" | "qualified_type" | "reference_type" => {
                    current.child_by_field_name("type")
                }
                "bracketed_type" => first_child(current),
                _ => None,
            };
            match next {
                Some(inner) => current = inner,
                None => break,
            }
        }
        let mut value = match current.kind() {
            // `::std::process`: the path of the outermost segment is missing.
            "scoped_identifier" | "scoped_type_identifier" => match segments.pop() {
                Some(first) => {
                    let name = first.child_by_field_name("name").unwrap_or(first);
                    let name = self.name_symbol(name);
                    self.push(ExprKind::Name(name), first)
                }
                None => self.push(ExprKind::Other(Vec::new()), current),
            },
            kind if kind.ends_with("identifier")
                || matches!(kind, "self" | "super" | "crate" | "primitive_type" | "metavariable") =>
            {
                let name = self.variable(current);
                self.push(ExprKind::Name(name), current)
            }
            _ => self.push(ExprKind::Other(Vec::new()), current),
        };
        while let Some(segment) = segments.pop() {
            let Some(last) = segment.child_by_field_name("name") else {
                continue;
            };
            let (base, name, name_span) = (value, self.name_symbol(last), self.span(last));
            value = self.push(ExprKind::Member { base, name, name_span }, segment);
        }
        value
    }
}

/// What a link of a chain leans on.
fn inner_of<'n>(node: Node<'n>) -> Option<Node<'n>> {
    match node.kind() {
        "call_expression" | "generic_function" => node.child_by_field_name("function"),
        "field_expression" | "type_cast_expression" | "reference_expression" => node.child_by_field_name("value"),
        "try_expression" | "await_expression" | "index_expression" | "parenthesized_expression" => first_child(node),
        _ => None,
    }
}
