//! The adapter for C and C++: syntax tree to facts.
//!
//! - [`declare`]: includes, macros, functions, variables; [`records`]: structs, classes, enumerations, namespaces;
//! - [`declarator`]: what a declarator declares; [`types`]: types as written; [`constants`]: sizes known when the file is compiled;
//! - [`statement`]: what happens in order; [`control`]: branches, loops, switches;
//! - [`expression`]: values; [`operators`]: arithmetic, assignments, addresses; [`literal`]: numbers, texts, initialisers;
//! - [`objects`]: what only C++ has: `new`, `delete`, lambdas, qualified names.
//!
//! What is particular to C:
//!
//! - A variable declared without a value is given [`super::facts::ExprKind::Other`] with an empty place, as its type: nobody knows what it holds.
//! - An array is of type `[]` with its number of elements as first type argument (`char b[10]` is `[]<10, char>`; of unknown size it
//!   has the element alone). A pointer to an arithmetic type keeps its stars in the name (`char*`), since a number is no text; a
//!   pointer to anything else carries the argument `*` (`FILE<*>`).
//! - `sizeof x` and `sizeof(T)` are calls of `sizeof`, with the type as text; an array whose size is not constant is a call of `__array`.
//! - `x += y` is `x = x + y`, so that a number stays one; `*p = v` writes the element 0 of `p`.
//! - Structs without methods are classes named `struct X`: their layout is known, but two of them share no fields.
//! - Arms of a preprocessor conditional are arms of a branch on something unknown; `#if 0` is left out.

mod constants;
mod control;
mod declarator;
mod declare;
mod expression;
mod literal;
mod objects;
mod operators;
mod records;
mod statement;
mod types;

pub(crate) use constants::{arithmetic, size_of_arithmetic};

#[cfg(test)]
mod tests;

use super::{
    facts::{ClassId, Symbol},
    parse::Cx,
    scope::Scopes,
};
use crate::lang::Lang;
use crate::lang::adapter::Adapter;
use std::collections::{HashMap, HashSet};
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"/**") || text.starts_with(b"///"));
    let cpp = cx.b.facts().lang == Lang::Cpp;
    let mut c = C {
        cx,
        cpp,
        scopes: Scopes::default(),
        classes: HashMap::new(),
        members: HashMap::new(),
        structs: HashMap::new(),
        constants: HashMap::new(),
        functions: HashSet::new(),
        namespaces: HashSet::new(),
        within: Vec::new(),
        hidden: 0,
        temporaries: 0,
    };
    c.scopes.open();
    c.declare_file_names(root);
    c.statements(root);
    c.scopes.close();
}

/// The state of the adapter.
struct C<'c, 't> {
    cx: &'c mut Cx<'t>,
    /// C++ rather than C.
    cpp: bool,
    scopes: Scopes,
    /// Classes by name, made when first seen (a method may be written before its class is complete).
    classes: HashMap<Symbol, ClassId>,
    /// Names of fields and methods of the classes, for names used without `this->`.
    members: HashMap<ClassId, HashSet<Symbol>>,
    /// Field names of structs in order, by tag and by typedef name.
    structs: HashMap<String, Vec<String>>,
    /// Integer constants: macros, enumerators, `const` variables of the file.
    constants: HashMap<String, i64>,
    /// Functions defined in the file.
    functions: HashSet<String>,
    /// Namespaces opened in the file.
    namespaces: HashSet<String>,
    /// The classes whose bodies or methods are open.
    within: Vec<ClassId>,
    /// Unnamed namespaces open: what is in them is for this file only.
    hidden: u32,
    /// Variables made up so far.
    temporaries: u32,
}

impl<'t> Adapter<'t> for C<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> C<'_, 't> {
    /// The variable that an identifier names here.
    fn variable(&mut self, node: Node<'_>) -> Symbol {
        let name = self.cx.symbol(node);
        self.scopes.resolve(name)
    }

    /// Declares the variable a node names, in the innermost scope.
    fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.cx.symbol(node);
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

/// The children in a field, without separators.
fn field_children<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor)
        .filter(Node::is_named)
        .collect()
}

/// Comments may stand anywhere; so may errors, which are read as far as they can be.
fn is_comment(node: &Node<'_>) -> bool {
    node.kind() == "comment" && !node.is_error()
}

/// True when a direct child is this word (`static`, `extern`).
fn has_word(node: Node<'_>, kinds: &[&str], text: &[u8], word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .any(|c| kinds.contains(&c.kind()) && text.get(c.byte_range()) == Some(word.as_bytes()))
}
