//! What only C++ has: qualified names, construction, `new`, `delete`, lambdas, casts by keyword.

use super::{C, children, declare::inside};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Casts written like calls.
const CASTS: [&str; 8] = [
    "static_cast",
    "reinterpret_cast",
    "const_cast",
    "dynamic_cast",
    "static_pointer_cast",
    "dynamic_pointer_cast",
    "bit_cast",
    "lexical_cast",
];

impl C<'_, '_> {
    /// `a::b::c`: a function of the file by its own name, a name of the C library without `std::`, else a chain of members.
    pub(super) fn qualified(&mut self, node: Node<'_>) -> ExprId {
        let dotted = self.dotted(node);
        let mut names: Vec<&str> = dotted.split('.').filter(|n| !n.is_empty()).collect();
        let last = names.last().copied().unwrap_or_default();
        let in_file = names.len() > 1 && names[..names.len() - 1].iter().all(|n| self.namespaces.contains(*n));
        if in_file || (names.first() == Some(&"std") && names.len() == 2 && is_c_library(last)) {
            names = vec![last];
        }
        self.path(&names, node)
    }

    /// A dotted path as names and members.
    fn path(&mut self, names: &[&str], node: Node<'_>) -> ExprId {
        let mut names = names.iter();
        let first = names.next().copied().unwrap_or_default();
        let symbol = self.cx.b.symbol(first);
        let symbol = self.scopes.resolve(symbol);
        let mut value = self.push(ExprKind::Name(symbol), node);
        for name in names {
            let (base, name, name_span) = (value, self.cx.b.symbol(name), self.span(node));
            value = self.push(ExprKind::Member { base, name, name_span }, node);
        }
        value
    }

    /// A type where a value is called for.
    pub(super) fn type_path(&mut self, node: Node<'_>) -> ExprId {
        let dotted = match node.kind() {
            "type_descriptor" => match node.child_by_field_name("type") {
                Some(inner) => self.dotted(inner),
                None => self.dotted(node),
            },
            _ => self.dotted(node),
        };
        let names: Vec<&str> = dotted.split('.').filter(|n| !n.is_empty()).collect();
        self.path(&names, node)
    }

    /// True for a type whose variables are objects with a constructor, as far as its name tells.
    pub(super) fn is_object(&mut self, specifier: Node<'_>, ty: Option<&TypeRef>) -> bool {
        let Some(ty) = ty else { return false };
        let name = self.cx.b.name(ty.name).to_owned();
        match specifier.kind() {
            "template_type" | "qualified_identifier" => {
                super::constants::size_of_arithmetic(name.strip_prefix("std.").unwrap_or(&name)).is_none()
            }
            "type_identifier" => {
                let symbol = ty.name;
                self.classes.contains_key(&symbol) || matches!(name.as_str(), "string" | "wstring" | "stringstream")
            }
            _ => false,
        }
    }

    /// `T x(a, b)`, `T x{a}`: a construction, or the value itself where `T` is arithmetic or a pointer.
    pub(super) fn constructed(&mut self, specifier: Node<'_>, values: Node<'_>, plain: bool) -> ExprId {
        let elements = children(values);
        let arithmetic = matches!(specifier.kind(), "primitive_type" | "sized_type_specifier");
        let automatic = specifier.kind() == "placeholder_type_specifier";
        if (!plain || arithmetic || automatic)
            && let [one] = elements[..]
        {
            return self.initializer(one);
        }
        let callee = self.type_path(specifier);
        let args = self.arguments(values);
        let span = self.span(values);
        self.call_of(callee, args, span, true, values)
    }

    /// `static_cast<T>(x)`, `int(x)`; `None` for any other call.
    pub(super) fn cpp_cast(&mut self, function: Node<'_>, list: Node<'_>, call: Node<'_>) -> Option<ExprId> {
        let arguments = children(list);
        let [argument] = arguments[..] else { return None };
        let ty = match function.kind() {
            "primitive_type" | "sized_type_specifier" => self.specifier(function),
            "template_function" | "qualified_identifier" => {
                let name = self.dotted(function);
                if !CASTS.contains(&name.rsplit('.').next().unwrap_or_default()) {
                    return None;
                }
                let mut template = function;
                while template.kind() == "qualified_identifier" {
                    template = template.child_by_field_name("name")?;
                }
                let types = template.child_by_field_name("arguments")?;
                self.specifier(*children(types).first()?)
            }
            _ => return None,
        };
        let value = self.expression(argument);
        Some(match ty {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, call),
            None => self.push(ExprKind::Same(value), call),
        })
    }

    /// `new T(a)` is a construction that is given to `new`; `new T[n]` gives `new[]` the number and the type as text.
    pub(super) fn new_object(&mut self, node: Node<'_>) -> ExprId {
        let Some(ty) = node.child_by_field_name("type") else {
            return self.anything(node);
        };
        if node.child_by_field_name("placement").is_some() {
            return self.anything(node);
        }
        let declarator = node.child_by_field_name("declarator");
        let many = declarator.and_then(|d| d.child_by_field_name("length"));
        let symbol = self.cx.b.symbol(if many.is_some() { "new[]" } else { "new" });
        let callee = self.push(ExprKind::Name(symbol), node);
        let mut args = Vec::new();
        let mut add = |value: ExprId, span| {
            args.push(Arg {
                name: None,
                value,
                span,
            });
        };
        let span = self.span(ty);
        if let Some(length) = many {
            let count = self.expression(length);
            add(count, self.span(length));
        } else {
            let of = self.type_path(ty);
            let list = node.child_by_field_name("arguments");
            let given = list.map(|l| self.arguments(l)).unwrap_or_default();
            let built = self.call_of(of, given, list.map_or(span, |l| self.cx.span(l)), true, node);
            add(built, span);
        }
        let text = self.str(ty).into_owned();
        let text = self.push(ExprKind::Str(text.into()), ty);
        add(text, span);
        let value = self.call_of(callee, args, span, false, node);
        match self.specifier(ty) {
            Some(ty) if many.is_none() => self.push(ExprKind::Cast { value, ty }, node),
            _ => value,
        }
    }

    /// `delete p` and `delete[] p` are calls of those names.
    pub(super) fn delete(&mut self, node: Node<'_>) -> ExprId {
        let many = node.children(&mut node.walk()).any(|c| c.kind() == "[");
        let symbol = self.cx.b.symbol(if many { "delete[]" } else { "delete" });
        let callee = self.push(ExprKind::Name(symbol), node);
        let mut args = Vec::new();
        for child in children(node) {
            let (value, span) = (self.expression(child), self.span(child));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        let span = self.span(node);
        self.call_of(callee, args, span, false, node)
    }

    pub(super) fn lambda(&mut self, node: Node<'_>) -> ExprId {
        let Some(body) = node.child_by_field_name("body") else {
            return self.anything(node);
        };
        let (span, body_span) = (self.span(node), inside(self.span(body)));
        let at = crate::text::Span::new(node.start_byte(), node.start_byte());
        let id = self
            .cx
            .b
            .begin_function(FunctionKind::Lambda, "<lambda>", span, at, body_span);
        self.scopes.open();
        let declarator = node.child_by_field_name("declarator");
        let list = declarator.and_then(|d| d.child_by_field_name("parameters"));
        let params = list.map(|l| self.parameters(l)).unwrap_or_default();
        self.cx.b.function().params = params;
        self.deeper(body, |c| c.statements(body));
        self.scopes.close();
        self.cx.b.end_function();
        self.push(ExprKind::Lambda(id), node)
    }
}

/// Functions of the C library that C++ also has in `std`.
fn is_c_library(name: &str) -> bool {
    const PREFIXES: [&str; 12] = [
        "str", "mem", "wcs", "wmem", "print", "fprint", "sprint", "snprint", "vsn", "vsp", "scan", "fscan",
    ];
    const NAMES: [&str; 44] = [
        "gets",
        "fgets",
        "fputs",
        "puts",
        "getc",
        "fgetc",
        "getchar",
        "fopen",
        "freopen",
        "fclose",
        "fread",
        "fwrite",
        "remove",
        "rename",
        "tmpnam",
        "tmpfile",
        "malloc",
        "calloc",
        "realloc",
        "free",
        "aligned_alloc",
        "abort",
        "exit",
        "_Exit",
        "quick_exit",
        "atexit",
        "system",
        "getenv",
        "rand",
        "srand",
        "atoi",
        "atol",
        "atoll",
        "atof",
        "abs",
        "time",
        "clock",
        "signal",
        "raise",
        "sscanf",
        "setjmp",
        "longjmp",
        "vprintf",
        "vfprintf",
    ];
    // `std::string` and its kin are no part of C.
    let cpp_only = name.starts_with("string") || name.starts_with("stream") || name.starts_with("strong");
    let cpp_only = cpp_only || name.starts_with("memory") || matches!(name, "mem_fn" | "print" | "println");
    !cpp_only && (NAMES.contains(&name) || PREFIXES.iter().any(|p| name.starts_with(p)))
}
