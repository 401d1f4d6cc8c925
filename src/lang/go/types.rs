//! Types as written.

use super::{Go, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::TypeRef;
use tree_sitter::Node;

impl Go<'_, '_> {
    /// A type as written; `None` for what is not a type.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |go| go.type_ref_inside(node)).flatten()
    }

    fn type_ref_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let (name, parts): (&str, Vec<Node<'_>>) = match node.kind() {
            "type_identifier" | "identifier" | "qualified_type" | "selector_expression" => {
                let name = self.cx.symbol(node);
                let span = self.span(node);
                let args = Vec::new();
                return Some(TypeRef { name, args, span });
            }
            "pointer_type"
            | "parenthesized_type"
            | "type_elem"
            | "negated_type"
            | "parenthesized_expression"
            | "type_constraint" => {
                return self.type_ref(*children(node).first()?);
            }
            "unary_expression" => return self.type_ref(node.child_by_field_name("operand")?),
            "generic_type" => return self.generic_type(node),
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                ("[]", node.child_by_field_name("element").into_iter().collect())
            }
            "map_type" => {
                let fields = ["key", "value"];
                (
                    "map",
                    fields.iter().filter_map(|f| node.child_by_field_name(f)).collect(),
                )
            }
            "channel_type" => ("chan", node.child_by_field_name("value").into_iter().collect()),
            "function_type" => ("func", Vec::new()),
            "interface_type" => ("interface", Vec::new()),
            "struct_type" => ("struct", Vec::new()),
            "parameter_list" => return self.results(node),
            _ => return None,
        };
        let args = parts.into_iter().filter_map(|part| self.type_ref(part)).collect();
        let name = self.cx.b.symbol(name);
        let span = self.span(node);
        Some(TypeRef { name, args, span })
    }

    fn generic_type(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let mut outer = self.type_ref(node.child_by_field_name("type")?)?;
        let arguments = node.child_by_field_name("type_arguments").map(children);
        for argument in arguments.unwrap_or_default() {
            outer.args.extend(self.type_ref(argument));
        }
        outer.span = self.span(node);
        Some(outer)
    }

    /// `(T, error)`: one type, or `()` with each.
    fn results(&mut self, list: Node<'_>) -> Option<TypeRef> {
        let mut args = Vec::new();
        for parameter in children(list) {
            let ty = parameter.child_by_field_name("type").and_then(|t| self.type_ref(t));
            let names = super::field_children(parameter, "name").len().max(1);
            args.extend(std::iter::repeat_n(ty, names).flatten());
        }
        if args.len() == 1 {
            return args.pop();
        }
        let name = self.cx.b.symbol("()");
        let span = self.span(list);
        Some(TypeRef { name, args, span })
    }
}
