//! The adapter for Go: syntax tree to facts.
//!
//! - [`declare`]: imports, types, functions, constants and variables;
//! - [`types`]: types as written;
//! - [`statement`]: what happens in order: assignments, returns, calls that never come back;
//! - [`control`]: branches, loops, switches;
//! - [`expression`]: values; [`literal`]: strings and composite literals.
//!
//! What is particular to Go: a `switch` without `fallthrough` is a chain of branches (its tests are guards like any other); `v, ok :=
//! m[k]` gives `ok` the test `k in m`; `&x`, `*x` and `<-x` are the same value; an import's path loses its version (`echo/v4` is
//! `echo`), so that models need not repeat every one.

mod control;
mod declare;
mod expression;
mod literal;
mod statement;
mod types;

#[cfg(test)]
mod tests;

use super::{
    facts::{ClassId, Symbol},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::adapter::Adapter;
use crate::text::Span;
use std::collections::HashMap;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"//go:"));
    let mut go = Go {
        cx,
        scopes: Scopes::default(),
        classes: HashMap::new(),
        results: vec![Vec::new()],
        temporaries: 0,
    };
    go.scopes.open();
    go.declare_package_names(root);
    go.statements(root);
    go.scopes.close();
}

/// The state of the adapter.
struct Go<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
    /// Types by their plain name, made when first seen (a method may come before its type).
    classes: HashMap<Symbol, ClassId>,
    /// The named results of the functions that are open, for a `return` without values.
    results: Vec<Vec<(Symbol, Span)>>,
    /// Variables made up so far.
    temporaries: u32,
}

impl<'t> Adapter<'t> for Go<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Go<'_, 't> {
    /// The variable that an identifier names here.
    fn variable(&mut self, node: Node<'_>) -> Symbol {
        let name = self.cx.symbol(node);
        self.scopes.resolve(name)
    }

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

/// The children in a field, without separators.
fn field_children<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor)
        .filter(Node::is_named)
        .collect()
}

/// Comments may stand anywhere; so may errors, which are read as far as they can be.
fn is_comment(node: &Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}
