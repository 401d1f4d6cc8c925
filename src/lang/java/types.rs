//! Types as written.

use super::{Java, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::TypeRef;
use tree_sitter::Node;

impl Java<'_, '_> {
    /// A type as written; `None` for `void`, `var` and what is not a type.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |java| java.type_ref_inside(node)).flatten()
    }

    fn type_ref_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        match node.kind() {
            "type_identifier" | "identifier" if self.str(node) == "var" => None,
            "type_identifier"
            | "identifier"
            | "scoped_type_identifier"
            | "scoped_identifier"
            | "integral_type"
            | "floating_point_type"
            | "boolean_type"
            | "field_access" => {
                let text: String = self.str(node).split_whitespace().collect();
                let bare = text.split('<').next().unwrap_or_default();
                // Of `Http.Request` the first name is what an import may stand for, and is known by itself.
                if let Some((first, _)) = bare.split_once('.') {
                    self.cx.b.symbol(first);
                }
                let (name, span) = (self.cx.b.symbol(bare), self.span(node));
                let args = Vec::new();
                Some(TypeRef { name, args, span })
            }
            "generic_type" => {
                let parts = children(node);
                let mut outer = self.type_ref(*parts.first()?)?;
                let arguments = parts.iter().find(|c| c.kind() == "type_arguments");
                for argument in arguments.map(|a| children(*a)).unwrap_or_default() {
                    outer.args.extend(self.type_ref(argument));
                }
                outer.span = self.span(node);
                Some(outer)
            }
            "array_type" => {
                let element = node.child_by_field_name("element").and_then(|e| self.type_ref(e));
                let (name, span) = (self.cx.b.symbol("[]"), self.span(node));
                let args = element.into_iter().collect();
                Some(TypeRef { name, args, span })
            }
            // `? extends T`, `@NonNull T`: the type is what stands last.
            "wildcard" | "annotated_type" => {
                let last = children(node).pop()?;
                self.type_ref(last)
            }
            _ => None,
        }
    }

    /// A type with `[]` after the name (`String args[]`).
    pub(super) fn with_dimensions(&mut self, ty: Option<TypeRef>, declarator: Node<'_>) -> Option<TypeRef> {
        let ty = ty?;
        if declarator.child_by_field_name("dimensions").is_none() {
            return Some(ty);
        }
        let (name, span) = (self.cx.b.symbol("[]"), ty.span);
        let args = vec![ty];
        Some(TypeRef { name, args, span })
    }
}
