//! What the readers that stand on a grammar share: parsing, names and places of syntax nodes, and what the grammar did not accept.

use super::Document;
use crate::text::Span;
use std::borrow::Cow;
use tree_sitter::{Language, Node, Parser, Range, Tree};

/// Parses `text`, or only the bytes of `part`, whose places stay those of the whole.
#[must_use]
pub fn parse(language: &Language, text: &[u8], part: Option<Span>) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    if let Some(part) = part {
        let range = Range {
            start_byte: part.start as usize,
            end_byte: part.end as usize,
            start_point: tree_sitter::Point::new(0, 0),
            end_point: tree_sitter::Point::new(usize::MAX, usize::MAX),
        };
        parser.set_included_ranges(&[range]).ok()?;
    }
    parser.parse(text, None)
}

/// Where a node is written.
#[must_use]
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The source of a node, lossily decoded.
#[must_use]
pub fn source<'t>(text: &'t [u8], node: Node<'_>) -> Cow<'t, str> {
    String::from_utf8_lossy(span(node).of(text))
}

/// The named children, comments left out.
#[must_use]
pub fn parts<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|n| !n.is_extra() || n.is_error())
        .collect()
}

/// Notes every outermost stretch that the grammar did not accept. Commas too many are nobody's loss.
pub fn note_errors(root: Node<'_>, text: &[u8], document: &mut Document) {
    if !root.has_error() {
        return;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            if !matches!(span(node).of(text).trim_ascii(), b"," | b";") {
                document.note_unread(span(node));
            }
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
