//! JSON with comments. Several values one after another (JSON lines) are several roots.

use super::{Document, Key, NodeId, Value, grammar, scalar};
use crate::text::Span;
use tree_sitter::Node;

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    read_part(text, None, None, document);
}

/// A value that waits to be read.
struct Waiting<'t> {
    node: Node<'t>,
    parent: Option<NodeId>,
    key: Option<Key>,
}

/// Reads the bytes of `part` (all of them without one) as values below `parent`. Gives what was added first.
pub fn read_part(
    text: &[u8],
    part: Option<Span>,
    parent: Option<(NodeId, Key)>,
    document: &mut Document,
) -> Option<NodeId> {
    let tree = grammar::parse(&tree_sitter_json::LANGUAGE.into(), text, part)?;
    let root = tree.root_node();
    let (parent, key) = match parent {
        Some((parent, key)) => (Some(parent), Some(key)),
        None => (None, None),
    };
    let mut waiting: Vec<Waiting<'_>> = Vec::new();
    for node in grammar::parts(root).into_iter().rev() {
        let key = key.clone();
        waiting.push(Waiting { node, parent, key });
    }
    let first = u32::try_from(document.nodes.len()).ok().map(NodeId);
    while let Some(next) = waiting.pop() {
        value(text, next, document, &mut waiting);
    }
    grammar::note_errors(root, text, document);
    first.filter(|id| document.node(*id).is_some())
}

fn value<'t>(text: &[u8], next: Waiting<'t>, document: &mut Document, waiting: &mut Vec<Waiting<'t>>) {
    let Waiting { node, parent, key } = next;
    let span = grammar::span(node);
    let read = match node.kind() {
        "object" => Value::Map(Vec::new()),
        "array" => Value::List(Vec::new()),
        "string" => Value::Text(string(text, node).into()),
        "number" => scalar::plain(&grammar::source(text, node)),
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        // What the grammar did not accept may still hold values that it did.
        "ERROR" => {
            let inner = grammar::parts(node).into_iter().rev();
            waiting.extend(inner.map(|node| Waiting {
                node,
                parent,
                key: key.clone(),
            }));
            return;
        }
        "pair" => return entry(text, node, parent, waiting),
        _ => return,
    };
    let id = document.add(parent, key, read, span);
    if matches!(node.kind(), "object" | "array") {
        let inner = grammar::parts(node).into_iter().rev();
        waiting.extend(inner.map(|node| Waiting {
            node,
            parent: Some(id),
            key: None,
        }));
    }
}

fn entry<'t>(text: &[u8], pair: Node<'t>, parent: Option<NodeId>, waiting: &mut Vec<Waiting<'t>>) {
    let (Some(key), Some(node)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) else {
        return;
    };
    let name = match key.kind() {
        "string" => string(text, key),
        _ => grammar::source(text, key).into_owned(),
    };
    let key = Some(Key {
        name: name.into(),
        span: grammar::span(key),
    });
    waiting.push(Waiting { node, parent, key });
}

fn string(text: &[u8], node: Node<'_>) -> String {
    let source = grammar::source(text, node);
    let inner = source.strip_prefix('"').unwrap_or(&source);
    scalar::unescape(inner.strip_suffix('"').unwrap_or(inner))
}
