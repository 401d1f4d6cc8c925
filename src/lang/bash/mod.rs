//! The adapter for Bash and POSIX shells: syntax tree to facts.
//!
//! - [`statement`]: lists, branches, loops, functions; [`command`]: commands with what is piped and redirected into them;
//!   [`word`]: words, expansions, texts; [`test`]: `[ .. ]` and `[[ .. ]]`.
//!
//! A command is a call of its name (of the last part of a path; behind `sudo`, `env`, `exec` and the like of what they run) with its
//! words as arguments. What is piped or redirected into it is the argument `stdin`, where its output goes is `stdout`. A command whose
//! name is only known when it runs is a call of `command`; `.` is `source`. `$(cmd)` is what calling `cmd` gives.
//!
//! `$1`, `$2`, .. are parameters of the function they stand in, and names at the top of a file. `read x` assigns what calling `read`
//! gives. `[[ $x =~ re ]]` is a call of `=~`, `${x//a/b}` one of `${//}`.

mod command;
mod statement;
mod test;
mod word;

#[cfg(test)]
mod tests;

use super::{facts::Symbol, parse::Cx, scope::Scopes};
use crate::lang::adapter::Adapter;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, _| false);
    let mut shell = Shell {
        cx,
        scopes: Scopes::default(),
    };
    shell.scopes.open();
    shell.statements(root);
    shell.scopes.close();
}

/// The state of the adapter.
struct Shell<'c, 't> {
    cx: &'c mut Cx<'t>,
    scopes: Scopes,
}

impl<'t> Adapter<'t> for Shell<'_, 't> {
    fn cx(&self) -> &Cx<'t> {
        self.cx
    }

    fn cx_mut(&mut self) -> &mut Cx<'t> {
        self.cx
    }
}

impl<'t> Shell<'_, 't> {
    /// The variable of that name. `$*` is `$@`.
    fn variable(&mut self, name: &str) -> Symbol {
        let name = if name == "*" { "@" } else { name };
        let symbol = self.cx.b.symbol(name);
        self.scopes.resolve(symbol)
    }
}

/// The named children of a node, without comments.
fn children<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|c| !c.is_extra() || c.is_error())
        .collect()
}

/// The children in a field.
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
