//! The adapter for PHP: syntax tree to facts.
//!
//! - [`declare`]: imports, functions, parameters, classes;
//! - [`statement`]: what happens in order, output between tags included;
//! - [`control`]: branches, loops, switches, exceptions;
//! - [`expression`]: values and operators; [`call`]: calls, members and what PHP writes as a statement but is a call;
//! - [`literal`]: strings, arrays, and what assignments write to.
//!
//! What is particular to PHP: variables are named without their `$` (`$_GET` is `_GET`) and each function has its own, so a variable
//! never stands for a function of the same name; a class is known by its last name as well as by its whole one, because both are
//! written; `echo`, `print`, `include`, backticks (`shell_exec`) and a call of a variable (`call_user_func`) are calls by those names.

mod call;
mod control;
mod declare;
mod expression;
mod literal;
mod statement;

#[cfg(test)]
mod tests;

use super::{
    facts::{ExprId, ExprKind, Symbol},
    parse::Cx,
};
use crate::lang::adapter::Adapter;
use std::collections::{HashMap, HashSet};
use tree_sitter::Node;

/// Variables every function sees.
const SUPERGLOBALS: [&str; 11] = [
    "_GET",
    "_POST",
    "_REQUEST",
    "_COOKIE",
    "_SERVER",
    "_FILES",
    "_ENV",
    "_SESSION",
    "GLOBALS",
    "HTTP_RAW_POST_DATA",
    "this",
];

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"/**"));
    let mut php = Php {
        cx,
        frames: vec![Frame::default()],
        labels: Vec::new(),
        functions: HashSet::new(),
        prints: false,
    };
    php.statements(root);
}

/// The variables of one function.
#[derive(Default)]
struct Frame {
    names: HashMap<Symbol, Symbol>,
    /// An arrow function: what it does not know is a variable of the function it is written in.
    sees_outer: bool,
}

/// The state of the adapter.
struct Php<'c, 't> {
    cx: &'c mut Cx<'t>,
    frames: Vec<Frame>,
    /// The labels of the open loops and switches of the current function, for `break 2`.
    labels: Vec<Symbol>,
    /// Variables that hold a closure or are declared to.
    functions: HashSet<Symbol>,
    /// The tag just read was `<?=`: the next expression is printed.
    prints: bool,
}

impl<'t> Adapter<'t> for Php<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Php<'_, 't> {
    /// A name that is no variable, as an expression.
    fn plain(&mut self, text: &str, node: Node<'_>) -> ExprId {
        let symbol = self.cx.b.symbol(text);
        self.push(ExprKind::Name(symbol), node)
    }

    /// The variable that `$name` is here.
    fn variable(&mut self, node: Node<'_>) -> Symbol {
        let text = self.str(node);
        self.variable_named(text.trim_start_matches('$'))
    }

    fn variable_named(&mut self, text: &str) -> Symbol {
        let plain = self.cx.b.symbol(text);
        if SUPERGLOBALS.contains(&text) {
            return plain;
        }
        let innermost = self.frames.len() - 1;
        let mut at = innermost;
        while let Some(frame) = self.frames.get(at) {
            if let Some(known) = frame.names.get(&plain) {
                return *known;
            }
            if !frame.sees_outer || at == 0 {
                break;
            }
            at -= 1;
        }
        let symbol = self.cx.b.facts().names.fresh(text);
        if let Some(frame) = self.frames.get_mut(at) {
            frame.names.insert(plain, symbol);
        }
        symbol
    }

    /// Makes a parameter or another variable of the current function alone.
    fn own_variable(&mut self, node: Node<'_>) -> Symbol {
        let text = self.str(node);
        let text = text.trim_start_matches(['&', '$', ' ']);
        let plain = self.cx.b.symbol(text);
        let symbol = self.cx.b.facts().names.fresh(text);
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(plain, symbol);
        }
        symbol
    }
}

/// The named children of a node, without comments.
fn children<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|c| !is_comment(c)).collect()
}

/// Comments may stand anywhere; so may errors and output between tags, which are read.
fn is_comment(node: &Node<'_>) -> bool {
    node.is_extra() && node.kind() == "comment"
}

/// The first named child that is not a comment.
fn first_child(node: Node<'_>) -> Option<Node<'_>> {
    children(node).into_iter().next()
}
