//! Types as written.

use super::{C, children, constants::size_of_arithmetic, declarator::Declared};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::TypeRef, text::Span};
use tree_sitter::Node;

impl C<'_, '_> {
    /// The type of what a declarator declares, from the specifier before it.
    pub(super) fn declared_type(&mut self, specifier: Node<'_>, declared: &Declared<'_>) -> Option<TypeRef> {
        let base = self.specifier(specifier)?;
        if declared.callback {
            let (name, args) = (self.cx.b.symbol("()*"), Vec::new());
            return Some(TypeRef {
                name,
                args,
                span: base.span,
            });
        }
        let mut ty = self.with_stars(base, declared.stars);
        for size in declared.sizes.iter().rev() {
            ty = self.array_of(ty, *size);
        }
        Some(ty)
    }

    /// `[]` with the number of elements when that is constant, and the element.
    fn array_of(&mut self, element: TypeRef, size: Option<Node<'_>>) -> TypeRef {
        let span = element.span;
        let count = size.and_then(|s| self.constant(s));
        self.array(count, element, span)
    }

    /// An array type.
    pub(super) fn array(&mut self, count: Option<i64>, element: TypeRef, span: Span) -> TypeRef {
        let mut args = Vec::with_capacity(2);
        if let Some(count) = count {
            let name = self.cx.b.symbol(&count.to_string());
            args.push(TypeRef {
                name,
                args: Vec::new(),
                span,
            });
        }
        args.push(element);
        let name = self.cx.b.symbol("[]");
        TypeRef { name, args, span }
    }

    fn with_stars(&mut self, base: TypeRef, stars: usize) -> TypeRef {
        if stars == 0 {
            return base;
        }
        let text = self.cx.b.name(base.name).to_owned();
        if size_of_arithmetic(&text).is_some() {
            let name = self.cx.b.symbol(&format!("{text}{}", "*".repeat(stars)));
            return TypeRef { name, ..base };
        }
        let name = self.cx.b.symbol(&"*".repeat(stars));
        let (span, mut base) = (base.span, base);
        base.args.push(TypeRef {
            name,
            args: Vec::new(),
            span,
        });
        base
    }

    /// A type specifier: `unsigned long`, `struct point`, `std::vector<int>`.
    pub(super) fn specifier(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |c| c.specifier_inside(node)).flatten()
    }

    fn specifier_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let span = self.span(node);
        let mut args = Vec::new();
        let text = match node.kind() {
            "struct_specifier" | "union_specifier" | "enum_specifier" | "class_specifier" => {
                match node.child_by_field_name("name") {
                    Some(name) => self.dotted(name),
                    None => "struct".to_owned(),
                }
            }
            "template_type" => {
                let name = node.child_by_field_name("name")?;
                args = self.type_arguments(node);
                self.dotted(name)
            }
            "qualified_identifier" => {
                let mut last = node;
                while let Some(name) = last.child_by_field_name("name") {
                    if last.kind() == "template_type" {
                        break;
                    }
                    last = name;
                }
                if last.kind() == "template_type" {
                    args = self.type_arguments(last);
                }
                self.dotted(node)
            }
            "type_descriptor" => {
                let specifier = node.child_by_field_name("type")?;
                let declared = node.child_by_field_name("declarator").map(|d| self.declared(d));
                return self.declared_type(specifier, &declared.unwrap_or_default());
            }
            "placeholder_type_specifier" | "auto" | "decltype" => return None,
            "dependent_type" => return self.specifier(*children(node).first()?),
            "macro_type_specifier" => self.str(node.child_by_field_name("name")?).into_owned(),
            "sized_type_specifier" => one_word(&self.str(node)).to_owned(),
            _ => self.str(node).into_owned(),
        };
        let name = self.cx.b.symbol(&text);
        Some(TypeRef { name, args, span })
    }

    fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let Some(list) = node.child_by_field_name("arguments") else {
            return Vec::new();
        };
        children(list).into_iter().filter_map(|c| self.specifier(c)).collect()
    }

    /// A possibly qualified name with dots, without template arguments: `std::vector<int>::iterator` is `std.vector.iterator`.
    pub(super) fn dotted(&self, node: Node<'_>) -> String {
        let mut names: Vec<String> = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            at = None;
            match node.kind() {
                "qualified_identifier" => {
                    if let Some(scope) = node.child_by_field_name("scope") {
                        names.push(self.plain(scope));
                    }
                    at = node.child_by_field_name("name");
                }
                _ => names.push(self.plain(node)),
            }
        }
        names.join(".")
    }

    fn plain(&self, node: Node<'_>) -> String {
        match node.kind() {
            "template_type" | "template_function" | "template_method" => match node.child_by_field_name("name") {
                Some(name) => self.str(name).into_owned(),
                None => self.str(node).into_owned(),
            },
            _ => self.str(node).into_owned(),
        }
    }
}

/// An arithmetic type of several words by one: `unsigned long int` is `ulong`.
pub(super) fn one_word(text: &str) -> &'static str {
    let words: Vec<&str> = text.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let unsigned = has("unsigned");
    match () {
        () if has("double") => "double",
        () if has("char") && unsigned => "uchar",
        () if has("char") => "char",
        () if has("short") && unsigned => "ushort",
        () if has("short") => "short",
        () if has("long") && unsigned => "ulong",
        () if has("long") => "long",
        () if unsigned => "uint",
        () => "int",
    }
}
