//! The adapter for JavaScript, TypeScript and TSX: syntax tree to facts.
//!
//! The three grammars share most of their node names, so one adapter reads them all, through the tables in [`kinds`]. It owns
//! the meaning of the syntax and nothing else: what `express()` returns or what `exec` does is said by models.
//!
//! | file | what it lowers |
//! |---|---|
//! | `statements.rs` | control flow and declarations |
//! | `expressions.rs` | operators, literals, objects, assignments |
//! | `chains.rs` | what hangs on a left end: calls, members, operators (any length, without recursion) |
//! | `patterns.rs` | destructuring: what an assignment writes to |
//! | `functions.rs` | functions and parameters |
//! | `scopes.rs` | which variable a name means |
//! | `classes.rs` | classes, interfaces, enums |
//! | `modules.rs` | imports, `require`, exports |
//! | `jsx.rs`, `strings.rs`, `types.rs` | what they are called |
//!
//! Choices that later stages rely on:
//! - A class field with a value is an assignment to `this.name` in the class body's function; a field that holds a function is a
//!   method of that name.
//! - A regular expression literal is the construction `new RegExp("source", "flags")`.
//! - A JSX element is a call of its name: attributes are named arguments, children are positional ones.
//! - A declared type of a variable is a [`ExprKind::Cast`] of its value; primitive types are left out, because TypeScript
//!   converts nothing.
//! - A parenthesised expression is the expression; `a, b` is `b`, with `a` evaluated before it.

mod chains;
mod classes;
mod expressions;
mod functions;
mod jsx;
mod kinds;
mod modules;
mod patterns;
mod scopes;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod types;

use super::{facts::*, parse::Cx, scope::Scopes};
use crate::text::Span;
use kinds::{Kind, Role, Tables};
use tree_sitter::{Node, TreeCursor};

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    let mut js = Js {
        tables: Tables::of(cx.b.facts().lang),
        cursor: root.walk(),
        kids: Vec::new(),
        links: Vec::new(),
        exports: modules::Exports::default(),
        scopes: Scopes::default(),
        has_var: cx.text.windows(4).any(|w| w == b"var "),
        cx,
    };
    js.scopes.open();
    js.hoist(root);
    js.hoist_vars(root);
    js.deeper(root, |js| js.statements_of(root));
    js.mark_exports();
    js.mark_server_functions();
    js.cx.b.facts().comments.sort_by_key(|c| c.span);
    js.cx.b.facts().comments.dedup_by_key(|c| c.span);
}

/// One child of a node, with what is asked of it most.
#[derive(Clone, Copy)]
struct Kid<'n> {
    node: Node<'n>,
    kind: Kind,
    field: Role,
}

/// The children of one node: a range of [`Js::kids`], valid until the step that asked for them ends.
#[derive(Clone, Copy)]
struct Kids {
    start: usize,
    end: usize,
}

impl Kids {
    fn iter(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// One link of a chain being lowered (see `chains.rs`).
#[derive(Clone, Copy)]
struct Link<'n> {
    node: Node<'n>,
    kind: Kind,
    kids: Kids,
}

/// The state of lowering one file.
struct Js<'c, 't, 'n> {
    cx: &'c mut Cx<'t>,
    tables: &'static Tables,
    /// One cursor for all lists of children, so that none is allocated.
    cursor: TreeCursor<'n>,
    /// Children of the nodes that are open; a stack.
    kids: Vec<Kid<'n>>,
    /// Links of the chains that are open; a stack.
    links: Vec<Link<'n>>,
    exports: modules::Exports,
    scopes: Scopes,
    /// Whether the file has any `var`: most have none, and need not be searched for them.
    has_var: bool,
}

impl<'n> Js<'_, '_, 'n> {
    /// One level deeper: the only way this adapter recurses. Children listed inside are forgotten afterwards.
    fn deeper<R>(&mut self, node: Node<'n>, inner: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if !self.cx.descend(node) {
            return None;
        }
        let (kids, links) = (self.kids.len(), self.links.len());
        let result = inner(self);
        self.kids.truncate(kids);
        self.links.truncate(links);
        self.cx.ascend();
        Some(result)
    }

    fn kind(&self, node: Node<'n>) -> Kind {
        self.tables.kind(node.kind_id())
    }

    fn span(&self, node: Node<'n>) -> Span {
        Span::new(node.start_byte(), node.end_byte())
    }

    fn bytes(&self, node: Node<'n>) -> &[u8] {
        self.cx.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The children of `node` without punctuation. Comments among them are noted.
    fn children(&mut self, node: Node<'n>) -> Kids {
        self.list(node, false)
    }

    /// The same with punctuation, where a missing element matters (`[, b]`).
    fn children_and_marks(&mut self, node: Node<'n>) -> Kids {
        self.list(node, true)
    }

    fn list(&mut self, node: Node<'n>, marks: bool) -> Kids {
        let start = self.kids.len();
        self.cursor.reset(node);
        let mut more = self.cursor.goto_first_child();
        while more {
            let child = self.cursor.node();
            match self.kind(child) {
                Kind::Comment | Kind::HtmlComment | Kind::HashBang => self.comment(child),
                Kind::OptionalChain => {}
                Kind::Mark if !marks => {}
                kind => {
                    let field = self.tables.field(self.cursor.field_id());
                    self.kids.push(Kid {
                        node: child,
                        kind,
                        field,
                    });
                }
            }
            more = self.cursor.goto_next_sibling();
        }
        Kids {
            start,
            end: self.kids.len(),
        }
    }

    /// The child with a field.
    fn field(&self, kids: Kids, field: Role) -> Option<Kid<'n>> {
        self.kids[kids.iter()].iter().find(|k| k.field == field).copied()
    }

    /// The first child of a kind.
    fn of_kind(&self, kids: Kids, kind: Kind) -> Option<Kid<'n>> {
        self.kids[kids.iter()].iter().find(|k| k.kind == kind).copied()
    }

    /// The first child that is neither a keyword nor an operator.
    fn first(&self, kids: Kids) -> Option<Kid<'n>> {
        self.kids[kids.iter()].iter().find(|k| k.kind != Kind::Word).copied()
    }

    /// The last child that is neither a keyword nor an operator.
    fn last(&self, kids: Kids) -> Option<Kid<'n>> {
        self.kids[kids.iter()].iter().rfind(|k| k.kind != Kind::Word).copied()
    }

    /// True when a keyword stands among the children.
    fn has_word(&self, kids: Kids, word: &str) -> bool {
        let kids = &self.kids[kids.iter()];
        kids.iter().any(|k| k.kind == Kind::Word && k.node.kind() == word)
    }

    fn comment(&mut self, node: Node<'n>) {
        let doc = self.bytes(node).starts_with(b"/**");
        self.cx.comment(node, doc);
    }

    /// Notes the comments of a subtree that is not lowered (types, signatures).
    fn comments_in(&mut self, node: Node<'n>) {
        if !self.bytes(node).windows(2).any(|w| w == b"//" || w == b"/*") {
            return;
        }
        self.cursor.reset(node);
        loop {
            let at = self.cursor.node();
            if self.kind(at) == Kind::Comment {
                self.comment(at);
            }
            if self.cursor.goto_first_child() {
                continue;
            }
            while !self.cursor.goto_next_sibling() {
                if !self.cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// A name with its escapes decoded: `\u0065val` is `eval`.
    fn symbol(&mut self, node: Node<'n>) -> Symbol {
        if self.bytes(node).contains(&b'\\') {
            let text = strings::decode(self.bytes(node));
            return self.cx.b.symbol(&text);
        }
        self.cx.symbol(node)
    }

    fn push(&mut self, kind: ExprKind, node: Node<'n>) -> ExprId {
        let span = self.span(node);
        self.cx.b.expr(kind, span)
    }

    fn name(&mut self, text: &str, span: Span) -> ExprId {
        let symbol = self.cx.b.symbol(text);
        self.cx.b.expr(ExprKind::Name(symbol), span)
    }
}
