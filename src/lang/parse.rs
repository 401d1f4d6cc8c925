//! Text to tree to facts: the one place where parsers are made, and what every adapter shares.

use super::{Lang, build::Builder, build::MAX_DEPTH, facts::*};
use crate::text::Span;
use tree_sitter::{Language, Node, Parser, Tree};

/// Parses `text` with the grammar of `lang`. `None` when the parser gives up (it has no time limit, so only on a text of more than
/// 4 GiB). `old` is the tree of an earlier text that was told of its edits.
#[must_use]
pub fn parse(lang: Lang, text: &[u8], old: Option<&Tree>) -> Option<Tree> {
    let mut parser = Parser::new();
    let language = match lang {
        Lang::Php if is_bare_php(text) => tree_sitter_php::LANGUAGE_PHP_ONLY.into(),
        _ => grammar(lang),
    };
    parser.set_language(&language).ok()?;
    parser.parse(text, old)
}

/// True for PHP without any tag: a part of a file (as in a review comment or a manual), which the whole language takes for output.
fn is_bare_php(text: &[u8]) -> bool {
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    first.is_some_and(|b| *b != b'<') && !text.windows(2).any(|w| w == b"<?") && text.contains(&b'$')
}

/// Lowers `text` to facts. Run it on a thread with [`super::STACK_BYTES`] of stack.
#[must_use]
pub fn lower(lang: Lang, text: &[u8]) -> Option<Facts> {
    let tree = parse(lang, text, None)?;
    Some(lower_tree(lang, text, &tree))
}

/// Lowers a tree that is already there.
#[must_use]
pub fn lower_tree(lang: Lang, text: &[u8], tree: &Tree) -> Facts {
    let mut cx = Cx::new(lang, text);
    let root = tree.root_node();
    match lang {
        Lang::Python => super::python::module(&mut cx, root),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => super::javascript::module(&mut cx, root),
        Lang::Go => super::go::module(&mut cx, root),
        Lang::Rust => super::rust::module(&mut cx, root),
        Lang::Java => super::java::module(&mut cx, root),
        Lang::Kotlin => super::kotlin::module(&mut cx, root),
        Lang::CSharp => super::csharp::module(&mut cx, root),
        Lang::Ruby => super::ruby::module(&mut cx, root),
        Lang::Php => super::php::module(&mut cx, root),
        Lang::C | Lang::Cpp => super::c::module(&mut cx, root),
        Lang::Bash => super::bash::module(&mut cx, root),
    }
    cx.unread_errors(root);
    cx.finish()
}

/// The grammar of a language.
#[must_use]
pub fn grammar(lang: Lang) -> Language {
    match lang {
        Lang::Python => tree_sitter_python::LANGUAGE.into(),
        Lang::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        Lang::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Lang::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        Lang::Go => tree_sitter_go::LANGUAGE.into(),
        Lang::Rust => tree_sitter_rust::LANGUAGE.into(),
        Lang::Java => tree_sitter_java::LANGUAGE.into(),
        Lang::Kotlin => tree_sitter_kotlin_ng::LANGUAGE.into(),
        Lang::CSharp => tree_sitter_c_sharp::LANGUAGE.into(),
        Lang::Ruby => tree_sitter_ruby::LANGUAGE.into(),
        Lang::Php => tree_sitter_php::LANGUAGE_PHP.into(),
        Lang::C => tree_sitter_c::LANGUAGE.into(),
        Lang::Cpp => tree_sitter_cpp::LANGUAGE.into(),
        Lang::Bash => tree_sitter_bash::LANGUAGE.into(),
    }
}

/// What an adapter works with: the text, the builder, and how deep it is.
pub struct Cx<'t> {
    /// The file.
    pub text: &'t [u8],
    /// Where facts are built.
    pub b: Builder,
    depth: usize,
}

impl<'t> Cx<'t> {
    fn new(lang: Lang, text: &'t [u8]) -> Self {
        Self {
            text,
            b: Builder::new(lang, text.len()),
            depth: 0,
        }
    }

    fn finish(self) -> Facts {
        let mut facts = self.b.finish();
        facts.unread.sort_by_key(|u| u.span);
        // An adapter may pass a comment twice when it lowers something out of order.
        facts.comments.sort_by_key(|c| c.span);
        facts.comments.dedup_by_key(|c| c.span);
        facts
    }

    /// The source of a node, lossily decoded.
    #[must_use]
    pub fn str(&self, node: Node<'_>) -> std::borrow::Cow<'t, str> {
        String::from_utf8_lossy(self.text.get(node.byte_range()).unwrap_or_default())
    }

    /// Where a node is written.
    #[must_use]
    pub fn span(&self, node: Node<'_>) -> Span {
        Span::new(node.start_byte(), node.end_byte())
    }

    /// The interned source of a node.
    pub fn symbol(&mut self, node: Node<'_>) -> Symbol {
        let text = self.str(node);
        self.b.symbol(&text)
    }

    /// Runs `inner` one level deeper, or notes the node as too deep and gives `None`. Every recursive step of an adapter goes
    /// through here.
    pub fn deeper<R>(&mut self, node: Node<'_>, inner: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if !self.descend(node) {
            return None;
        }
        let result = inner(self);
        self.ascend();
        Some(result)
    }

    /// The first half of [`Cx::deeper`], for adapters that keep state of their own around the `Cx`: false when `node` is too deep to
    /// follow (noted), else goes one level down; [`Cx::ascend`] must follow.
    #[must_use]
    pub fn descend(&mut self, node: Node<'_>) -> bool {
        if self.depth >= MAX_DEPTH {
            let span = self.span(node);
            self.b.facts().unread.push(Unread {
                span,
                why: UnreadWhy::TooDeep,
            });
            return false;
        }
        self.depth += 1;
        true
    }

    /// Comes back up from [`Cx::descend`].
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Notes a comment.
    pub fn comment(&mut self, node: Node<'_>, doc: bool) {
        let span = self.span(node);
        self.b.facts().comments.push(Comment { span, doc });
    }

    /// Notes every comment of the tree; `doc` tells documentation from remarks.
    pub fn comments(&mut self, root: Node<'_>, doc: impl Fn(Node<'_>, &[u8]) -> bool) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_extra() && node.kind().ends_with("comment") {
                let text = self.text.get(node.byte_range()).unwrap_or_default();
                self.comment(node, doc(node, text));
            } else if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Notes what the grammar did not accept: every outermost error node, and missing tokens.
    fn unread_errors(&mut self, root: Node<'_>) {
        if !root.has_error() {
            return;
        }
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                let span = self.span(node);
                self.b.facts().unread.push(Unread {
                    span,
                    why: UnreadWhy::Syntax,
                });
            } else if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }
}
