//! The adapter for C#: syntax tree to facts.
//!
//! - [`known`]: what the file declares, read once before anything is lowered;
//! - [`declare`]: usings, namespaces, types and their members; [`functions`]: methods, lambdas, parameters, attributes;
//! - [`types`]: types as written;
//! - [`statement`]: what happens in order; [`control`]: branches, loops, `switch`; [`trying`]: `try`, `using`, `lock`;
//! - [`expression`]: values; [`chain`]: members, calls, elements; [`creation`]: `new`, initialisers, collections;
//!   [`assign`]: assignments; [`pattern`]: patterns and `switch` expressions; [`query`]: LINQ; [`literal`]: texts.
//!
//! **Names.** A `using` brings in a whole namespace, so no name says where it comes from. Types are therefore known by their plain
//! name: `new SqlCommand(..)` is a `SqlCommand` with a `using`, with `System.Data.SqlClient.SqlCommand` written out (the namespace in
//! front is dropped), and in a fragment without usings. An alias (`using Cmd = System.Data.SqlClient.SqlCommand`) is an import of the
//! plain name, `using static System.Math` an import of all names of `Math`. Namespaces are imports that bind nothing.
//!
//! **Members.** A bare name that is no variable but a member of the class (or of one that it extends in the file) is `this.name`; of a
//! class around it, `Outer.name`. Everything else stays bare: `Request` in a controller is the root `Request`.
//!
//! A property with a body is a method marked `property`; one without is a field. `new X { A = 1 }` has `A` as a named argument.
//! Attributes are decorators, without the suffix `Attribute`; those of a class are decorators of its public methods as well; a field or
//! property without a value is what its attributes give (`[BindProperty]`). `out x` and `ref x` are `&x`. `x!`, `await x`, `checked(x)` are `x`.

mod assign;
mod chain;
mod control;
mod creation;
mod declare;
mod expression;
mod functions;
mod known;
mod literal;
mod pattern;
mod query;
mod statement;
mod trying;
mod types;

#[cfg(test)]
mod tests;

use super::{
    facts::{ExprId, Symbol},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::adapter::Adapter;
use known::{Known, Members};
use std::rc::Rc;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"///") || text.starts_with(b"/**"));
    let known = Known::new(cx, root);
    let mut file = CSharp {
        cx,
        scopes: Scopes::default(),
        known,
        open: Vec::new(),
        temporaries: 0,
    };
    file.scopes.open();
    file.statements(root);
    file.scopes.close();
}

/// The state of the adapter.
struct CSharp<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
    known: Known,
    /// The classes that are being lowered, outermost first.
    open: Vec<OpenClass>,
    /// Variables made up so far.
    temporaries: u32,
}

/// A class that is being lowered.
struct OpenClass {
    name: Symbol,
    members: Rc<Members>,
    /// Its attributes, in the arena of its body: they hold for its public methods too.
    attributes: Vec<ExprId>,
    /// Extends nothing of this file: `base.x` is looked for where `this.x` is.
    base_elsewhere: bool,
}

impl<'t> Adapter<'t> for CSharp<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> CSharp<'_, 't> {
    /// The name an identifier writes, without `@` and without type arguments.
    fn plain(&mut self, node: Node<'_>) -> Symbol {
        let identifier = match node.kind() {
            "generic_name" => children(node).into_iter().next().unwrap_or(node),
            _ => node,
        };
        let text = self.str(identifier);
        self.cx.b.symbol(text.strip_prefix('@').unwrap_or(&text))
    }

    /// Declares the variable a node names, in the innermost scope.
    fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.plain(node);
        self.scopes.declare(&mut self.cx.b, name)
    }

    /// A variable that no source could name.
    fn temporary(&mut self) -> Symbol {
        let text = format!("<{}>", self.temporaries);
        self.temporaries += 1;
        self.cx.b.symbol(&text)
    }
}

/// The named children of a node, `this` and `base` included, without comments and directives.
fn children<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    let says = |c: &Node<'n>| c.is_named() || matches!(c.kind(), "this" | "base");
    node.children(&mut cursor).filter(|c| says(c) && !is_aside(c)).collect()
}

/// The first child of that kind.
fn child_of<'n>(node: Node<'n>, kind: &str) -> Option<Node<'n>> {
    children(node).into_iter().find(|c| c.kind() == kind)
}

/// The children in a field, without separators.
fn field_children<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor)
        .filter(Node::is_named)
        .collect()
}

/// True when a word or sign stands among the direct children.
fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|c| !c.is_named() && c.kind() == token)
}

/// Comments and directives may stand anywhere; so may errors, which are read as far as they can be.
fn is_aside(node: &Node<'_>) -> bool {
    node.is_extra() && !node.is_error() && !node.kind().starts_with("preproc_if")
}

/// The declarations or statements in `nodes`, with those of conditional compilation in their place: every arm of `#if` is read.
fn flattened<'n>(nodes: Vec<Node<'n>>) -> Vec<Node<'n>> {
    let mut all = Vec::with_capacity(nodes.len());
    let mut open: Vec<Node<'n>> = nodes.into_iter().rev().collect();
    while let Some(node) = open.pop() {
        match node.kind() {
            "preproc_if" | "preproc_elif" | "preproc_else" => {
                let condition = node.child_by_field_name("condition");
                let inner = children(node).into_iter().rev();
                open.extend(inner.filter(|c| Some(*c) != condition));
            }
            _ => all.push(node),
        }
    }
    all
}
