//! What assignments write to.

use super::{Rb, children, first_child};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    /// What an assignment writes to.
    pub(super) fn target(&mut self, node: Node<'n>) -> Target {
        self.deeper(node, |rb| rb.target_inside(node)).unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'n>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "identifier" => {
                let text = self.str(node);
                match &*text {
                    "_" => Target::Ignore,
                    _ => Target::Name(self.declare(&text), span),
                }
            }
            "global_variable" => Target::Name(self.cx.symbol(node), span),
            "constant" if !self.in_class() => Target::Name(self.cx.symbol(node), span),
            "constant" | "instance_variable" | "class_variable" => {
                if !self.in_class() {
                    let text = self.str(node);
                    return Target::Name(self.declare(&text), span);
                }
                let base = self.plain("self", node);
                let name = self.cx.symbol(node);
                Target::Member { base, name, span }
            }
            "call" => self.attribute(node),
            "element_reference" => {
                let parts = children(node);
                let (Some(base), Some(index)) = (parts.first(), parts.get(1)) else {
                    return Target::Ignore;
                };
                let (base, index) = (self.expression(*base), self.expression(*index));
                Target::Index { base, index, span }
            }
            "left_assignment_list" | "destructured_left_assignment" => {
                let parts = children(node);
                Target::Tuple(parts.into_iter().map(|p| self.target(p)).collect())
            }
            "rest_assignment" | "splat_argument" => match first_child(node) {
                Some(inner) => Target::Rest(Box::new(self.target(inner))),
                None => Target::Ignore,
            },
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }

    /// `base.name = ..`; of `self`, an attribute is its field.
    fn attribute(&mut self, node: Node<'n>) -> Target {
        let span = self.span(node);
        let (Some(receiver), Some(method)) = (node.child_by_field_name("receiver"), node.child_by_field_name("method"))
        else {
            self.expression(node);
            return Target::Ignore;
        };
        let base = self.expression(receiver);
        let text = self.str(method);
        let name = match receiver.kind() == "self" && self.survey.attributes.contains(&*text) {
            true => self.cx.b.symbol(&format!("@{text}")),
            false => self.cx.b.symbol(&text),
        };
        Target::Member { base, name, span }
    }
}
