//! Declarators: what `*names[10]` or `(*callback)(int)` declares, read from the name outwards.

use super::{C, children};
use tree_sitter::Node;

/// What a declarator declares.
#[derive(Default)]
pub(super) struct Declared<'n> {
    /// The name; absent in abstract ones.
    pub name: Option<Node<'n>>,
    /// The sizes of an array, first dimension first; `None` for `[]`.
    pub sizes: Vec<Option<Node<'n>>>,
    /// Stars: of the pointer, or of the elements when it is an array.
    pub stars: usize,
    /// The parameters, when it is a function (not a pointer to one).
    pub function: Option<Node<'n>>,
    /// A pointer to a function.
    pub callback: bool,
    /// A reference (C++).
    pub reference: bool,
}

impl C<'_, '_> {
    /// Reads a declarator, an initialised one included.
    pub(super) fn declared<'n>(&self, declarator: Node<'n>) -> Declared<'n> {
        let mut declared = Declared::default();
        let mut links: Vec<Node<'n>> = Vec::new();
        let mut at = Some(declarator);
        while let Some(node) = at {
            at = match node.kind() {
                "pointer_declarator"
                | "array_declarator"
                | "function_declarator"
                | "pointer_type_declarator"
                | "abstract_pointer_declarator"
                | "abstract_array_declarator"
                | "abstract_function_declarator" => {
                    links.push(node);
                    node.child_by_field_name("declarator")
                }
                "init_declarator" => node.child_by_field_name("declarator"),
                "reference_declarator" | "abstract_reference_declarator" => {
                    declared.reference = true;
                    inner(node)
                }
                "parenthesized_declarator"
                | "abstract_parenthesized_declarator"
                | "attributed_declarator"
                | "variadic_declarator" => inner(node),
                _ => {
                    declared.name = Some(node);
                    None
                }
            };
        }
        let mut nearest = true;
        for link in links.into_iter().rev() {
            let kind = link.kind();
            if kind.contains("array") {
                if nearest || (!declared.sizes.is_empty() && declared.stars == 0) {
                    declared.sizes.push(link.child_by_field_name("size"));
                }
            } else if kind.contains("function") {
                if nearest {
                    declared.function = link.child_by_field_name("parameters");
                } else if declared.function.is_none() {
                    declared.callback = true;
                }
            } else {
                declared.stars += 1;
            }
            nearest = false;
        }
        declared
    }
}

fn inner<'n>(node: Node<'n>) -> Option<Node<'n>> {
    let holds = |c: &Node<'n>| c.kind().ends_with("declarator") || c.kind().ends_with("identifier");
    children(node).into_iter().find(holds)
}
