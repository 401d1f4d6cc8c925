//! Types as written: the plain name without namespace, nullability and references; arguments beside it.

use super::{CSharp, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::{ExprId, ExprKind, Symbol, TypeRef};
use tree_sitter::Node;

impl CSharp<'_, '_> {
    /// A type as written; `None` for `var` and what is not a type.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |cs| cs.type_ref_inside(node)).flatten()
    }

    fn type_ref_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        match node.kind() {
            "identifier" | "predefined_type" => {
                let name = self.plain(node);
                Some(self.named(name, Vec::new(), node))
            }
            "generic_name" => {
                let name = self.plain(node);
                let list = children(node).into_iter().find(|c| c.kind() == "type_argument_list");
                let args = list.map(children).unwrap_or_default();
                let args = args.into_iter().filter_map(|a| self.type_ref(a)).collect();
                Some(self.named(name, args, node))
            }
            "qualified_name" | "alias_qualified_name" | "member_access_expression" => {
                self.type_ref(node.child_by_field_name("name")?)
            }
            "nullable_type" | "pointer_type" | "ref_type" | "scoped_type" | "primary_constructor_base_type" => {
                self.type_ref(node.child_by_field_name("type")?)
            }
            "array_type" => {
                let element = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
                let name = self.cx.b.symbol("[]");
                Some(self.named(name, element.into_iter().collect(), node))
            }
            "tuple_type" => {
                let elements = children(node);
                let types = elements.iter().filter_map(|e| e.child_by_field_name("type"));
                let args = types.filter_map(|t| self.type_ref(t)).collect();
                let name = self.cx.b.symbol("()");
                Some(self.named(name, args, node))
            }
            _ => None,
        }
    }

    fn named(&mut self, name: Symbol, args: Vec<TypeRef>, node: Node<'_>) -> TypeRef {
        let span = self.span(node);
        TypeRef { name, args, span }
    }

    /// A type where a value is called for: what `new` calls, what `is` and `typeof` name.
    pub(super) fn type_path(&mut self, node: Node<'_>) -> ExprId {
        match self.type_ref(node) {
            Some(ty) => self.push(ExprKind::Name(ty.name), node),
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }
}
