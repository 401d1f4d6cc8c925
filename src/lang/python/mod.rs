//! The adapter for Python 3: syntax tree to facts.
//!
//! One cursor walks the whole tree once; every function here is called with the cursor **on** the node it lowers and leaves it
//! there. Chains that grow to the left (`a + b + c`, `x.f().g()`) are walked in a loop, everything else recurses through
//! [`Cx::deeper`].
//!
//! What Python does not say is not guessed here: names stay names, and whether `execute` is a database's is for models to say.
//!
//! - [`kinds`]: the grammar's node kinds as an enum
//! - [`statements`]: control flow; [`trying`] and [`matching`] for `try` and `match`
//! - [`definitions`]: functions, parameters, classes, decorators
//! - [`expressions`]: everything with a value; [`calls`] and [`assignments`] for those
//! - [`comprehensions`]: comprehensions and generator expressions
//! - [`targets`]: what is assigned to
//! - [`strings`]: literals, f-strings, implicit concatenation
//! - [`types`]: annotations as types
//! - [`imports`]: what names mean

mod assignments;
mod calls;
mod comprehensions;
mod definitions;
mod expressions;
mod imports;
mod kinds;
mod matching;
mod statements;
mod strings;
mod targets;
#[cfg(test)]
mod tests;
mod trying;
mod types;

use super::parse::Cx;
use kinds::Kind;
use tree_sitter::{Node, TreeCursor};

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    let mut cursor = root.walk();
    statements::block(cx, &mut cursor, true);
}

/// Calls `each` with the cursor on every child in turn, comments noted and passed over.
fn each_child<'t>(
    cx: &mut Cx<'_>,
    cursor: &mut TreeCursor<'t>,
    mut each: impl FnMut(&mut Cx<'_>, &mut TreeCursor<'t>, Kind),
) {
    if !cursor.goto_first_child() {
        return;
    }
    loop {
        match Kind::at(cursor) {
            Kind::Comment => cx.comment(cursor.node(), false),
            Kind::LineContinuation => {}
            kind => each(cx, cursor, kind),
        }
        if !cursor.goto_next_sibling() {
            break;
        }
    }
    cursor.goto_parent();
}

/// Goes to the next sibling that is no comment. When there is none the cursor stays among the siblings.
fn next(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> bool {
    while cursor.goto_next_sibling() {
        match Kind::at(cursor) {
            Kind::Comment => cx.comment(cursor.node(), false),
            Kind::LineContinuation => {}
            _ => return true,
        }
    }
    false
}
