//! The adapter for C#: syntax tree to facts.

use super::parse::Cx;
use tree_sitter::Node;

/// Lowers a whole file.
pub fn module(cx: &mut Cx<'_>, root: Node<'_>) {
    cx.comments(root, |_, text| text.starts_with(b"/**"));
}
