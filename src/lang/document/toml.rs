//! TOML: tables, arrays of tables, dotted keys, inline tables.

use super::{Document, Key, NodeId, Value, grammar, scalar};
use crate::text::Span;
use tree_sitter::Node;

/// A value that waits to be read.
struct Waiting<'t> {
    node: Node<'t>,
    parent: NodeId,
    key: Option<Key>,
}

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    let Some(tree) = grammar::parse(&tree_sitter_toml_ng::LANGUAGE.into(), text, None) else {
        return;
    };
    let whole = Span::new(0, text.len());
    let root = document.add(None, None, Value::Map(Vec::new()), whole);
    let mut waiting = Vec::new();
    for part in grammar::parts(tree.root_node()) {
        match part.kind() {
            "table" | "table_array_element" => table(text, part, root, document, &mut waiting),
            _ => waiting.push(Waiting {
                node: part,
                parent: root,
                key: None,
            }),
        }
        waiting.reverse();
        while let Some(next) = waiting.pop() {
            value(text, next, document, &mut waiting);
        }
    }
    grammar::note_errors(tree.root_node(), text, document);
}

/// `[a.b]`, `[[a.b]]`: the map is made or found, and its entries put into it.
fn table<'t>(text: &[u8], node: Node<'t>, root: NodeId, document: &mut Document, waiting: &mut Vec<Waiting<'t>>) {
    let mut parts = grammar::parts(node).into_iter().peekable();
    let Some(head) = parts.next_if(|p| is_key(*p)) else {
        return;
    };
    let mut names = keys(text, head);
    let Some(last) = names.pop() else { return };
    let within = descend(root, names, document);
    let parent = if node.kind() == "table_array_element" {
        let list = match document.get(within, &last.name) {
            Some(list) => list,
            None => document.add(Some(within), Some(last), Value::List(Vec::new()), grammar::span(head)),
        };
        document.add(Some(list), None, Value::Map(Vec::new()), grammar::span(node))
    } else {
        descend(within, vec![last], document)
    };
    if let Some(made) = document.node_mut(parent) {
        made.span = grammar::span(node);
    }
    waiting.extend(parts.map(|node| Waiting {
        node,
        parent,
        key: None,
    }));
}

/// The map at the end of a dotted key, made where it is missing; the last element of lists on the way.
fn descend(mut at: NodeId, names: Vec<Key>, document: &mut Document) -> NodeId {
    for key in names {
        at = match document.get(at, &key.name) {
            Some(known) => match document.node(known).map(|n| &n.value) {
                Some(Value::List(elements)) => elements.last().copied().unwrap_or(known),
                _ => known,
            },
            None => {
                let span = key.span;
                document.add(Some(at), Some(key), Value::Map(Vec::new()), span)
            }
        };
    }
    at
}

fn value<'t>(text: &[u8], next: Waiting<'t>, document: &mut Document, waiting: &mut Vec<Waiting<'t>>) {
    let Waiting { node, parent, key } = next;
    let span = grammar::span(node);
    let read = match node.kind() {
        "pair" => {
            let parts = grammar::parts(node);
            let (Some(head), Some(value)) = (parts.first(), parts.get(1)) else {
                return;
            };
            let mut names = keys(text, *head);
            let key = names.pop();
            let parent = descend(parent, names, document);
            waiting.push(Waiting {
                node: *value,
                parent,
                key,
            });
            return;
        }
        "array" => Value::List(Vec::new()),
        "inline_table" => Value::Map(Vec::new()),
        "string" => Value::Text(string(&grammar::source(text, node)).into()),
        "integer" | "float" | "boolean" => scalar::plain(&grammar::source(text, node)),
        "local_date" | "local_date_time" | "local_time" | "offset_date_time" => {
            Value::Text(grammar::source(text, node).into())
        }
        _ => return,
    };
    let id = document.add(Some(parent), key, read, span);
    if matches!(node.kind(), "array" | "inline_table") {
        waiting.extend(grammar::parts(node).into_iter().rev().map(|node| Waiting {
            node,
            parent: id,
            key: None,
        }));
    }
}

fn is_key(node: Node<'_>) -> bool {
    matches!(node.kind(), "bare_key" | "quoted_key" | "dotted_key")
}

/// The parts of a key, in order. The grammar nests them to the left.
fn keys(text: &[u8], node: Node<'_>) -> Vec<Key> {
    let (mut found, mut waiting) = (Vec::new(), vec![node]);
    while let Some(node) = waiting.pop() {
        if node.kind() == "dotted_key" {
            waiting.extend(grammar::parts(node).into_iter().rev());
        } else if is_key(node) {
            found.push(Key {
                name: string(&grammar::source(text, node)).into(),
                span: grammar::span(node),
            });
        }
    }
    found
}

/// A string of any of the four kinds, or a bare word.
fn string(source: &str) -> String {
    let between = |quote: &str| source.strip_prefix(quote).and_then(|s| s.strip_suffix(quote));
    if let Some(inner) = between("'''").or_else(|| between("'")) {
        return inner.to_owned();
    }
    match between("\"\"\"").or_else(|| between("\"")) {
        Some(inner) => scalar::unescape(inner),
        None => source.to_owned(),
    }
}
