//! Types as written, reduced to what resolution needs: the outer name and its arguments.

use super::{Js, Kind, Role};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// The type in an annotation (`: T`) or in place; `None` when it names nothing.
    pub(super) fn type_ref(&mut self, node: Node<'n>) -> Option<TypeRef> {
        self.comments_in(node);
        self.reduce(node)
    }

    fn reduce(&mut self, node: Node<'n>) -> Option<TypeRef> {
        self.deeper(node, |js| js.reduce_here(node)).flatten()
    }

    fn reduce_here(&mut self, node: Node<'n>) -> Option<TypeRef> {
        match self.kind(node) {
            Kind::TypeIdentifier | Kind::Identifier | Kind::PredefinedType | Kind::This | Kind::LiteralType => {
                let name = self.symbol(node);
                Some(self.typed(name, Vec::new(), node))
            }
            Kind::NestedType | Kind::Member => {
                let text: String = self.cx.str(node).split_whitespace().collect();
                let text = text.replace(['"', '\''], "").replace("import(", "").replace(')', "");
                let name = self.cx.b.symbol(&text);
                Some(self.typed(name, Vec::new(), node))
            }
            Kind::GenericType => {
                let kids = self.children(node);
                let name = self.field(kids, Role::Name)?;
                let args = self.of_kind(kids, Kind::TypeArguments);
                let mut outer = self.reduce(name.node)?;
                if let Some(args) = args {
                    outer.args = self.each(args.node);
                }
                outer.span = self.span(node);
                Some(outer)
            }
            Kind::ArrayType => {
                let args = self.each(node);
                let name = self.cx.b.symbol("[]");
                Some(self.typed(name, args, node))
            }
            Kind::TupleType => {
                let args = self.each(node);
                let name = self.cx.b.symbol("[]");
                Some(self.typed(name, args, node))
            }
            Kind::UnionType => self.combined(node, "|"),
            Kind::IntersectionType => self.combined(node, "&"),
            Kind::Annotation | Kind::ParenthesizedType | Kind::ReadonlyType | Kind::TypeArguments => {
                let kids = self.children(node);
                let inner = self.first(kids)?;
                self.reduce(inner.node)
            }
            _ => None,
        }
    }

    fn typed(&self, name: Symbol, args: Vec<TypeRef>, node: Node<'n>) -> TypeRef {
        TypeRef {
            name,
            args,
            span: self.span(node),
        }
    }

    fn each(&mut self, node: Node<'n>) -> Vec<TypeRef> {
        let kids = self.children(node);
        kids.iter().filter_map(|i| self.reduce(self.kids[i].node)).collect()
    }

    /// A union or intersection: the one member that says something (`A | null` is `A`, `Request & { user }` is `Request`), else all
    /// of them under the operator's name.
    fn combined(&mut self, node: Node<'n>, op: &str) -> Option<TypeRef> {
        let mut args = Vec::new();
        let mut at = node;
        loop {
            let kids = self.children(at);
            let (first, last) = (self.first(kids)?, self.last(kids)?);
            if first.node != last.node {
                args.extend(self.reduce(last.node));
            }
            if first.kind == self.kind(node) {
                at = first.node;
                continue;
            }
            args.extend(self.reduce(first.node));
            break;
        }
        args.reverse();
        let nothing = |name: &str| matches!(name, "null" | "undefined" | "void");
        args.retain(|t| !nothing(self.cx.b.facts().name(t.name)));
        if args.len() == 1 {
            return args.pop();
        }
        let name = self.cx.b.symbol(op);
        Some(self.typed(name, args, node))
    }

    /// True for types that say nothing about where a value comes from.
    pub(super) fn is_primitive(&mut self, ty: &TypeRef) -> bool {
        let name = self.cx.b.facts().name(ty.name);
        let written = matches!(
            name,
            "string"
                | "number"
                | "boolean"
                | "bigint"
                | "symbol"
                | "any"
                | "unknown"
                | "object"
                | "void"
                | "never"
                | "|"
                | "&"
        );
        written || name.starts_with(['"', '\'', '`'])
    }
}
