//! The adapter for Rust: syntax tree to facts.
//!
//! - [`items`]: functions, types, `impl` blocks, modules, constants, attributes; [`imports`]: `use` trees;
//! - [`types`]: types as written; [`pattern`]: patterns as targets and as tests;
//! - [`block`]: statements, and where the value of a block goes; [`control`]: branches, matches, loops;
//! - [`expression`]: values; [`chain`]: paths, methods, calls; [`literal`]: strings;
//! - [`macros`]: token trees read as expressions where they are some; [`format`]: format strings.
//!
//! What is particular to Rust: control flow has a value. A branch in the middle of an expression is lowered first, into a variable made
//! up for it. A `match` is a chain of tests, so that its literal patterns are guards like any other. What only wraps a value (`?`, `&`,
//! `Ok(..)`, `.unwrap()`, `.clone()`, `Arc<..>`) is that value. What a macro does with its tokens is unknown: those of the standard library
//! and the common ones are known by name, of the others the arguments are read.

mod block;
mod chain;
mod control;
mod expression;
mod format;
mod imports;
mod items;
mod literal;
mod macros;
mod pattern;
mod types;

#[cfg(test)]
mod tests;

use super::{
    facts::{ClassId, ExprId, Symbol},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::adapter::Adapter;
use block::Destination;
use std::collections::{HashMap, HashSet};
use tree_sitter::{Node, Parser};

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| {
        [&b"///"[..], b"//!", b"/**", b"/*!"]
            .iter()
            .any(|d| text.starts_with(d))
    });
    let budget = 4 * cx.text.len() + 4096;
    let mut rust = Rust {
        cx,
        scopes: Scopes::default(),
        classes: HashMap::new(),
        this: Vec::new(),
        inherited: Vec::new(),
        hoisted: HashMap::new(),
        loops: Vec::new(),
        macro_names: HashSet::new(),
        parser: None,
        budget,
        temporaries: 0,
    };
    rust.scopes.open();
    rust.items(root);
    rust.scopes.close();
}

/// The state of the adapter.
struct Rust<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
    /// Types by their plain name, made when first seen (an `impl` may come before its type).
    classes: HashMap<Symbol, ClassId>,
    /// What `Self` means, innermost last.
    this: Vec<Symbol>,
    /// Attributes of the modules that are open: what is in a `#[cfg(test)] mod` carries that attribute too.
    inherited: Vec<ExprId>,
    /// Variables that hold the value of a branch lowered ahead of the expression it is part of, by node.
    hoisted: HashMap<usize, Symbol>,
    /// The open loops and labelled blocks, and where the value of a `break` goes.
    loops: Vec<(Option<Symbol>, Destination)>,
    /// Macros seen so far.
    macro_names: HashSet<Symbol>,
    /// Reads the tokens of macros; made at the first one.
    parser: Option<Parser>,
    /// How many bytes of macros may still be read: nested macros are read once a level.
    budget: usize,
    /// Variables made up so far.
    temporaries: u32,
}

impl<'t> Adapter<'t> for Rust<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Rust<'_, 't> {
    /// The variable that an identifier names here.
    fn variable(&mut self, node: Node<'_>) -> Symbol {
        let name = self.name_symbol(node);
        self.scopes.resolve(name)
    }

    /// An identifier's name without `r#`; `Self` is the type it stands for.
    fn name_symbol(&mut self, node: Node<'_>) -> Symbol {
        let text = self.str(node);
        match (&*text, self.this.last()) {
            ("Self", Some(this)) => *this,
            (text, _) => self.cx.b.symbol(text.strip_prefix("r#").unwrap_or(text)),
        }
    }

    /// Declares the variable a node names, in the innermost scope.
    fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.name_symbol(node);
        self.scopes.declare(&mut self.cx.b, name)
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

/// The first named child that is no comment.
fn first_child<'n>(node: Node<'n>) -> Option<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|c| !is_comment(c))
}

/// The first child of a kind.
fn child_of<'n>(node: Node<'n>, kind: &str) -> Option<Node<'n>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|c| c.kind() == kind)
}

/// Comments may stand anywhere; so may errors, which are read as far as they can be.
fn is_comment(node: &Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}
