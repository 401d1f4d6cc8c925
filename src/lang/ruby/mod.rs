//! The adapter for Ruby: syntax tree to facts.
//!
//! - [`survey`]: what the whole file defines, read first, so that a bare name can be told from a call;
//! - [`declare`]: methods, parameters, blocks, classes and modules;
//! - [`statement`]: what happens in order, and what the last of it gives back;
//! - [`control`]: branches, loops, `case`, exceptions;
//! - [`expression`]: values and operators; [`call`]: calls with or without parentheses; [`target`]: what assignments write to;
//! - [`literal`]: strings, symbols, heredocs, hashes.
//!
//! What is particular to Ruby: a name that no assignment made a variable is a call (`params` is `params()`), and so is everything
//! behind a dot (`request.path` is `request.path()`); `X.new(..)` builds an `X`; a block is a named argument `block`; backticks are a
//! call of `` ` ``; a symbol is a text; an instance variable is a field with its `@`; `attr_reader :x` makes `x` the field `@x`.

mod call;
mod control;
mod declare;
mod expression;
mod literal;
mod statement;
mod survey;
mod target;

#[cfg(test)]
mod tests;

use super::{
    facts::{ClassId, ExprId, ExprKind, Symbol},
    parse::Cx,
};
use crate::text::Span;
use std::{borrow::Cow, collections::HashMap};
use survey::Survey;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, _| false);
    let survey = Survey::of(cx.text, root);
    let mut rb = Rb {
        cx,
        survey,
        frames: vec![Frame::default()],
        classes: Vec::new(),
        temporaries: 0,
    };
    rb.body(root, &Tail::Drop);
}

/// The variables of one method, block, class body or file.
#[derive(Default)]
struct Frame {
    names: HashMap<Symbol, Symbol>,
    /// A block: it sees the variables of what it is written in.
    block: bool,
    /// Loops that are open here.
    loops: usize,
    /// The method's name, for `super`.
    method: Option<Symbol>,
    /// Variables that hold a list for certain.
    lists: Vec<Symbol>,
}

/// A class or module that is being read.
struct OpenClass {
    id: ClassId,
    /// What is defined from here on is not for others.
    private: bool,
}

/// What becomes of the last value of a run of statements.
enum Tail {
    /// Nothing.
    Drop,
    /// The method or block gives it back.
    Return,
    /// A variable takes it.
    Into(Symbol),
}

/// The state of the adapter.
struct Rb<'c, 't, 'n> {
    cx: &'c mut Cx<'t>,
    survey: Survey<'n>,
    frames: Vec<Frame>,
    classes: Vec<OpenClass>,
    temporaries: u32,
}

impl<'t, 'n> Rb<'_, 't, 'n> {
    /// Runs `inner` one level deeper, unless that is too deep.
    fn deeper<R>(&mut self, node: Node<'n>, inner: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if !self.cx.descend(node) {
            return None;
        }
        let result = inner(self);
        self.cx.ascend();
        Some(result)
    }

    fn str(&self, node: Node<'_>) -> Cow<'t, str> {
        self.cx.str(node)
    }

    fn span(&self, node: Node<'_>) -> Span {
        self.cx.span(node)
    }

    fn push(&mut self, kind: ExprKind, node: Node<'_>) -> ExprId {
        let span = self.span(node);
        self.cx.b.expr(kind, span)
    }

    /// A name that is no variable, as an expression.
    fn plain(&mut self, text: &str, node: Node<'_>) -> ExprId {
        let symbol = self.cx.b.symbol(text);
        self.push(ExprKind::Name(symbol), node)
    }

    /// The variable that a name is here, if it is one.
    fn variable(&mut self, text: &str) -> Option<Symbol> {
        let plain = self.cx.b.symbol(text);
        for frame in self.frames.iter().rev() {
            if let Some(known) = frame.names.get(&plain) {
                return Some(*known);
            }
            if !frame.block {
                break;
            }
        }
        None
    }

    /// The variable of that name, made here if it is new.
    fn declare(&mut self, text: &str) -> Symbol {
        match self.variable(text) {
            Some(known) => known,
            None => self.own_variable(text),
        }
    }

    /// A new variable of the current method or block alone.
    fn own_variable(&mut self, text: &str) -> Symbol {
        let plain = self.cx.b.symbol(text);
        let symbol = self.cx.b.facts().names.fresh(text);
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(plain, symbol);
        }
        symbol
    }

    /// A variable that no source could name.
    fn temporary(&mut self) -> Symbol {
        let text = format!("<{}>", self.temporaries);
        self.temporaries += 1;
        self.cx.b.symbol(&text)
    }

    /// `self`, which is the class where there is one.
    fn in_class(&self) -> bool {
        !self.classes.is_empty()
    }
}

/// The named children of a node, without comments and the bodies of heredocs.
fn children<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|c| !matches!(c.kind(), "comment" | "heredoc_body" | "empty_statement"))
        .collect()
}

fn first_child<'n>(node: Node<'n>) -> Option<Node<'n>> {
    children(node).into_iter().next()
}
