//! Values. Chains that lean to the left (`a + b + ..`, `a.b().c()..`) are loops here: their length is no depth.

use super::{Go, children};
use crate::lang::adapter::{Adapter, Operators};
use crate::lang::facts::*;
use tree_sitter::Node;

/// Types whose name called is a conversion.
const BUILTIN_TYPES: [&str; 22] = [
    "string",
    "byte",
    "rune",
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "error",
    "any",
    "comparable",
];

/// Those of them that are narrower than what numbers are read into.
const NARROW_TYPES: [&str; 6] = ["int8", "int16", "int32", "uint8", "uint16", "uint32"];

impl Go<'_, '_> {
    /// Any expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |go| go.expression_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn expression_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "binary_expression" => self.chain_of_operators(node).unwrap_or_else(|| self.anything(node)),
            kind if inner_link(kind).is_some() => self.chain(node),
            _ => self.single(node),
        }
    }

    /// What does not lean on another expression to its left.
    fn single(&mut self, node: Node<'_>) -> ExprId {
        let kind = match node.kind() {
            "identifier" | "package_identifier" | "type_identifier" | "field_identifier" => {
                ExprKind::Name(self.variable(node))
            }
            "interpreted_string_literal" | "raw_string_literal" => ExprKind::Str(self.string_text(node).into()),
            "int_literal" | "float_literal" | "imaginary_literal" | "rune_literal" | "iota" => {
                ExprKind::Num(self.str(node).into())
            }
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "nil" => ExprKind::Null,
            "unary_expression" => return self.unary(node),
            "func_literal" => return self.function_literal(node),
            "composite_literal" => return self.composite_literal(node),
            "type_conversion_expression" => return self.conversion(node),
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(ty) => return self.type_path(ty),
                None => ExprKind::Other(Vec::new()),
            },
            "qualified_type" | "generic_type" | "pointer_type" => return self.type_path(node),
            "variadic_argument" => {
                let inner = children(node).into_iter().next().unwrap_or(node);
                ExprKind::Spread(self.expression(inner))
            }
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

    fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(inner) = node.child_by_field_name("operand") else {
            return self.anything(node);
        };
        let operand = self.expression(inner);
        let op = match node.child_by_field_name("operator").map(|o| o.kind()) {
            Some("!") => "!",
            Some("-") => "-",
            Some("+") => "+",
            Some("^") => "^",
            _ => return self.push(ExprKind::Same(operand), node),
        };
        self.push(ExprKind::Unary { op, operand }, node)
    }

    /// `[]byte(s)`, `map[K]V(x)`; a generic function with one argument looks the same, and is a call.
    fn conversion(&mut self, node: Node<'_>) -> ExprId {
        let (Some(ty), Some(operand)) = (node.child_by_field_name("type"), node.child_by_field_name("operand")) else {
            return self.anything(node);
        };
        if ty.kind() == "generic_type" {
            let callee = self.type_path(ty);
            let (value, span) = (self.expression(operand), self.span(operand));
            let args = vec![Arg {
                name: None,
                value,
                span,
            }];
            return self.call_of(callee, args, span, node);
        }
        let value = self.expression(operand);
        match self.type_ref(ty) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    // ---- operators

    // ---- chains of members, calls and indices

    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(inner) = inner_link(current.kind()).and_then(|f| f.of(current)) {
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

    /// The start of a chain. A name called may be a conversion, `make` or `new`; that takes the call from `links`.
    fn innermost(&mut self, links: &mut Vec<Node<'_>>, start: Node<'_>) -> ExprId {
        if start.kind() == "identifier"
            && let Some(call) = links.pop_if(|l| l.kind() == "call_expression")
        {
            let name = self.variable(start);
            let written = self.str(start);
            if let Some(value) = self.builtin(&written, call) {
                return value;
            }
            let callee = self.push(ExprKind::Name(name), start);
            return self.link(call, callee);
        }
        self.expression(start)
    }

    fn link(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        match node.kind() {
            "call_expression" => {
                let arguments = node.child_by_field_name("arguments");
                let args = arguments.map(|a| self.arguments(a)).unwrap_or_default();
                let span = self.span(arguments.unwrap_or(node));
                self.call_of(value, args, span, node)
            }
            "selector_expression" => {
                let Some(field) = node.child_by_field_name("field") else {
                    return value;
                };
                let (base, name, name_span) = (value, self.cx.symbol(field), self.span(field));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            "index_expression" => {
                let Some(index) = node.child_by_field_name("index") else {
                    return value;
                };
                let (base, index) = (value, self.expression(index));
                self.push(ExprKind::Index { base, index }, node)
            }
            "slice_expression" => {
                for bound in ["start", "end", "capacity"] {
                    if let Some(bound) = node.child_by_field_name(bound) {
                        self.expression(bound);
                    }
                }
                self.push(ExprKind::Slice { base: value }, node)
            }
            "type_assertion_expression" => match node.child_by_field_name("type").and_then(|t| self.type_ref(t)) {
                Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
                None => value,
            },
            _ => value,
        }
    }

    fn call_of(&mut self, callee: ExprId, args: Vec<Arg>, args_span: crate::text::Span, node: Node<'_>) -> ExprId {
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    fn arguments(&mut self, list: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for argument in children(list) {
            let (value, span) = (self.expression(argument), self.span(argument));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        args
    }

    /// `string(x)`, `make(..)`, `new(T)`; `None` for any other call.
    fn builtin(&mut self, name: &str, call: Node<'_>) -> Option<ExprId> {
        let list = call.child_by_field_name("arguments")?;
        let args = children(list);
        let first = *args.first()?;
        // A conversion that may cut a number short is a call, so that rules can ask what goes in.
        if NARROW_TYPES.contains(&name) {
            return None;
        }
        if BUILTIN_TYPES.contains(&name) {
            let value = self.expression(first);
            let ty = self.type_ref(call.child_by_field_name("function")?)?;
            return Some(self.push(ExprKind::Cast { value, ty }, call));
        }
        match name {
            "new" => Some(self.new_instance(first, list, call)),
            "make" => {
                self.sized(args.get(1..).unwrap_or_default(), list, call);
                let kind = match first.kind() {
                    "map_type" => ExprKind::Map(Vec::new()),
                    "slice_type" => ExprKind::Sequence(Vec::new()),
                    "channel_type" => ExprKind::Other(Vec::new()),
                    _ => return Some(self.new_instance(first, list, call)),
                };
                Some(self.push(kind, call))
            }
            _ => None,
        }
    }

    /// `make(T, n, m)`: a call of that name beside what it makes, for rules that ask where `n` comes from.
    fn sized(&mut self, sizes: &[Node<'_>], list: Node<'_>, call: Node<'_>) {
        let open = sizes.iter().any(|s| s.kind() != "int_literal");
        let args: Vec<Arg> = sizes
            .iter()
            .map(|size| Arg {
                name: None,
                value: self.expression(*size),
                span: self.span(*size),
            })
            .collect();
        if !open {
            return;
        }
        let make = self.cx.b.symbol("make");
        let kind = ExprKind::Call {
            callee: self.push(ExprKind::Name(make), call),
            args,
            new: false,
            args_span: self.span(list),
        };
        self.push(kind, call);
    }

    /// `new(T)`, `make(T)`: a `T` without arguments.
    fn new_instance(&mut self, ty: Node<'_>, list: Node<'_>, call: Node<'_>) -> ExprId {
        let callee = self.type_path(ty);
        let (args, new, args_span) = (Vec::new(), true, self.span(list));
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, call)
    }
}

/// Where a link of a chain keeps what it leans on.
enum Inner {
    Field(&'static str),
    /// Its only child.
    Child,
}

impl Inner {
    fn of<'n>(&self, node: Node<'n>) -> Option<Node<'n>> {
        match self {
            Inner::Field(field) => node.child_by_field_name(field),
            Inner::Child => children(node).into_iter().next(),
        }
    }
}

fn inner_link(kind: &str) -> Option<Inner> {
    match kind {
        "call_expression" => Some(Inner::Field("function")),
        "selector_expression" | "index_expression" | "slice_expression" | "type_assertion_expression" => {
            Some(Inner::Field("operand"))
        }
        "parenthesized_expression" => Some(Inner::Child),
        _ => None,
    }
}

fn known_operator(operator: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "==", "!=", "<", "<=", ">", ">=", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&^",
    ];
    KNOWN.into_iter().find(|k| *k == operator)
}

impl<'t> Operators<'t> for Go<'_, 't> {
    fn operand(&mut self, node: Node<'_>) -> ExprId {
        self.expression(node)
    }

    fn known_operator(operator: &str) -> Option<&'static str> {
        known_operator(operator)
    }
}
