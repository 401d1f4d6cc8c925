//! The adapter for Java: syntax tree to facts.
//!
//! - [`names`]: imports, and which variable, field or method a bare name means;
//! - [`declare`]: classes, records, enums and what stands in their bodies; [`function`]: methods, lambdas, parameters, annotations;
//! - [`types`]: types as written;
//! - [`statement`]: what happens in order; [`control`]: branches, loops, exceptions; [`switch`]: both kinds of `switch`;
//! - [`expression`]: values; [`literal`]: strings, characters and arrays; [`numbers`]: where it counts how much.
//!
//! What is particular to Java: a bare name may be a field, so it is lowered as `this.name` (or `Outer.name` in a class written inside);
//! so is a bare call. The names of `java.lang` need no import. A file without any import is taken for a fragment: there the classes of
//! the packages that programs use most have their usual meaning too (see [`names`]). A `switch` in which nothing falls through is a
//! chain of branches. An anonymous class is a class of its own that is made where it stands. The parts of a record have a constructor.

mod control;
mod declare;
mod expression;
mod function;
mod literal;
mod names;
mod numbers;
mod statement;
mod switch;
mod types;

#[cfg(test)]
mod tests;

pub(in crate::lang) use literal::decode;
pub(in crate::lang) use names::OF_FRAGMENTS;

use super::{
    facts::{Symbol, TypeRef},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::adapter::Adapter;
use std::collections::HashMap;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"/**"));
    let members = names::Members::of(cx, root);
    let mut java = Java {
        cx,
        scopes: Scopes::default(),
        classes: Vec::new(),
        members,
        static_star: false,
        declared: HashMap::new(),
        temporaries: 0,
    };
    java.scopes.open();
    java.imports(root);
    java.statements(root);
    java.scopes.close();
}

/// The state of the adapter.
struct Java<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
    /// The classes whose bodies are open, innermost last.
    classes: Vec<OpenClass>,
    /// What the classes of the file declare.
    members: names::Members,
    /// All static members of some class are imported: a bare call may be one of them.
    static_star: bool,
    /// The types variables are declared with: what is assigned to one later is of that type too.
    declared: HashMap<Symbol, TypeRef>,
    /// Variables made up so far.
    temporaries: u32,
}

/// A class whose body is being lowered.
struct OpenClass {
    name: Symbol,
    /// What its body declares: an index into [`names::Members`].
    members: usize,
    /// How many scopes were open around it: variables of those may be hidden by its fields.
    depth: usize,
}

impl<'t> Adapter<'t> for Java<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Java<'_, 't> {
    /// A variable that no source could name.
    fn temporary(&mut self) -> Symbol {
        let text = format!("<{}>", self.temporaries);
        self.temporaries += 1;
        self.cx.b.symbol(&text)
    }
}

/// The named children of a node, without comments.
fn children<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|c| !is_comment(c)).collect()
}

/// The first named child of one of these kinds.
fn child_of<'n>(node: Node<'n>, kinds: &[&str]) -> Option<Node<'n>> {
    children(node).into_iter().find(|c| kinds.contains(&c.kind()))
}

/// The children in a field, without separators.
fn field_children<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor)
        .filter(Node::is_named)
        .collect()
}

/// True when a node has a child that is this word (`static`, `default`, `...`).
fn has_word(node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|c| c.kind() == word)
}

/// Comments may stand anywhere; so may errors, which are read as far as they can be.
fn is_comment(node: &Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}
