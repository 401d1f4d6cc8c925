//! The adapter for Kotlin: syntax tree to facts.
//!
//! - [`names`]: imports, and which variable, property or method a bare name means; types as written;
//! - [`declare`]: classes, objects, functions, properties, parameters, annotations;
//! - [`statement`]: what happens in order, branches and loops, and what of it is a value;
//! - [`expression`]: values, calls, texts with holes; [`scoped`]: `let`, `also`, `apply`, `run`, `with`.
//!
//! What is particular to Kotlin: `if`, `when` and `try` are values; with arms that are more than an expression they are a function that is
//! called where they stand. A bare name may be a property of the class, or a member of what `apply` or `with` are given. A companion's
//! members belong to its class. `x?.y` and `x!!` read like `x.y` and `x`. Names that need no import are those of Kotlin and of
//! `java.lang`; a file without imports is taken for a fragment, as in Java.

mod declare;
mod expression;
mod names;
mod scoped;
mod statement;

#[cfg(test)]
mod tests;

use super::{
    facts::{ExprId, ExprKind, Symbol},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::adapter::Adapter;
use std::collections::HashSet;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"/**"));
    let mut kotlin = Kotlin {
        cx,
        scopes: Scopes::default(),
        classes: Vec::new(),
        receivers: Vec::new(),
        temporaries: 0,
    };
    kotlin.scopes.open();
    kotlin.imports(root);
    kotlin.statements(root);
    kotlin.scopes.close();
}

/// The state of the adapter.
struct Kotlin<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
    /// The classes whose bodies are open, innermost last.
    classes: Vec<OpenClass>,
    /// The variables whose members are named without them (in `apply`, `run`, `with`), innermost last, with the scopes open around.
    receivers: Vec<(Symbol, usize)>,
    /// Variables made up so far.
    temporaries: u32,
}

/// A class whose body is being lowered.
struct OpenClass {
    name: Symbol,
    properties: HashSet<String>,
    methods: HashSet<String>,
    /// How many scopes were open around it.
    depth: usize,
}

impl<'t> Adapter<'t> for Kotlin<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Kotlin<'_, 't> {
    fn nothing(&mut self, node: Node<'_>) -> ExprId {
        self.push(ExprKind::Other(Vec::new()), node)
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

/// The first named child of one of these kinds.
fn child_of<'n>(node: Node<'n>, kinds: &[&str]) -> Option<Node<'n>> {
    children(node).into_iter().find(|c| kinds.contains(&c.kind()))
}

/// True when a node has a child that is this word.
fn has_word(node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|c| c.kind() == word)
}

/// The named child after the word or sign `after`.
fn child_after<'n>(node: Node<'n>, after: &str) -> Option<Node<'n>> {
    let mut cursor = node.walk();
    let mut all = node.children(&mut cursor).skip_while(|c| c.kind() != after);
    all.next();
    all.find(|c| c.is_named() && !is_comment(c))
}

/// Comments may stand anywhere; so may errors, which are read as far as they can be.
fn is_comment(node: &Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}

/// Nodes that are types.
fn is_type(node: &Node<'_>) -> bool {
    matches!(
        node.kind(),
        "user_type" | "nullable_type" | "function_type" | "non_nullable_type" | "parenthesized_type"
    )
}
