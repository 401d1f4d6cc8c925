//! YAML: block and flow style, anchors and aliases, several documents in a file, block scalars with the place of every line. Templates of
//! Helm and Jinja are masked first (`template.rs`).

use super::{Document, Key, NodeId, Value, grammar, scalar, template};
use crate::{
    lang::facts::{Unread, UnreadWhy},
    text::Span,
};
use std::collections::HashMap;
use tree_sitter::Node;

/// Deepest nesting in block style. The grammar keeps its levels in a buffer of fixed size, two of them for each of ours at most.
const DEEPEST: usize = 100;

/// What reading needs beside the document.
struct Reader<'t> {
    /// The file.
    text: &'t [u8],
    /// The file as the grammar saw it.
    masked: &'t [u8],
    anchors: HashMap<String, NodeId>,
}

/// A value that waits to be read.
struct Waiting<'t> {
    /// `None` for a key without a value.
    node: Option<Node<'t>>,
    parent: Option<NodeId>,
    key: Option<Key>,
    /// The place, when there is no node.
    at: Span,
}

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    if is_too_deep(text) {
        document.unread.push(Unread {
            span: Span::new(0, text.len()),
            why: UnreadWhy::TooDeep,
        });
        return;
    }
    let masked = template::mask(text);
    let seen = masked.as_ref().map_or(text, |m| &m.text);
    let Some(tree) = grammar::parse(&tree_sitter_yaml::LANGUAGE.into(), seen, None) else {
        return;
    };
    let mut reader = Reader {
        text,
        masked: seen,
        anchors: HashMap::new(),
    };
    let mut waiting: Vec<Waiting<'_>> = Vec::new();
    push(tree.root_node(), None, &mut waiting);
    while let Some(next) = waiting.pop() {
        reader.value(next, document, &mut waiting);
    }
    grammar::note_errors(tree.root_node(), seen, document);
    document.holes = masked.map(|m| m.holes).unwrap_or_default();
}

/// Whether lines are indented, by white space and dashes, in more levels than the limit.
fn is_too_deep(text: &[u8]) -> bool {
    let mut levels: Vec<usize> = Vec::new();
    for line in text.split(|b| *b == b'\n') {
        for (column, byte) in line.iter().enumerate() {
            if matches!(byte, b' ' | b'\t' | b'\r') {
                continue;
            }
            while levels.last().is_some_and(|last| *last >= column) {
                levels.pop();
            }
            levels.push(column);
            if levels.len() > DEEPEST {
                return true;
            }
            if !matches!(byte, b'-' | b'?' | b':') {
                break;
            }
        }
    }
    false
}

/// The parts of a node, each without a key.
fn push<'t>(node: Node<'t>, parent: Option<NodeId>, waiting: &mut Vec<Waiting<'t>>) {
    waiting.extend(grammar::parts(node).into_iter().rev().map(|node| Waiting {
        at: grammar::span(node),
        node: Some(node),
        parent,
        key: None,
    }));
}

impl<'t> Reader<'t> {
    fn value(&mut self, next: Waiting<'t>, document: &mut Document, waiting: &mut Vec<Waiting<'t>>) {
        let Waiting { node, parent, key, at } = next;
        let Some(node) = node else {
            document.add(parent, key, Value::Null, at);
            return;
        };
        match node.kind() {
            "document" | "ERROR" | "stream" => return push(node, parent, waiting),
            "block_mapping_pair" | "flow_pair" => return self.entry(node, parent, document, waiting),
            "block_sequence_item" => return push(node, parent, waiting),
            "block_node" | "flow_node" => {}
            _ => return,
        }
        let (mut anchor, mut inner, mut decided) = (None, None, false);
        for part in grammar::parts(node) {
            match part.kind() {
                "anchor" => anchor = Some(grammar::source(self.text, part).trim_start_matches('&').to_owned()),
                // Tags of one's own (`!Ref`) are calls.
                "tag" => decided = !grammar::source(self.text, part).starts_with("!!"),
                _ => inner = Some(part),
            }
        }
        let id = match inner {
            Some(inner) => self.content(inner, parent, key, document, waiting),
            None => Some(document.add(parent, key, Value::Null, grammar::span(node))),
        };
        if let (Some(name), Some(id)) = (anchor, id) {
            self.anchors.insert(name, id);
        }
        if let Some(made) = id.and_then(|id| document.node_mut(id))
            && !matches!(made.value, Value::Map(_) | Value::List(_))
        {
            made.computed |= decided;
        }
    }

    /// A value without its anchor and tag.
    fn content(
        &mut self,
        node: Node<'t>,
        parent: Option<NodeId>,
        key: Option<Key>,
        document: &mut Document,
        waiting: &mut Vec<Waiting<'t>>,
    ) -> Option<NodeId> {
        let span = grammar::span(node);
        let mut pieces = None;
        let value = match node.kind() {
            "block_mapping" | "flow_mapping" => Value::Map(Vec::new()),
            "block_sequence" | "flow_sequence" => Value::List(Vec::new()),
            "alias" => {
                let name = grammar::source(self.text, node);
                let to = self.anchors.get(name.trim_start_matches('*')).copied();
                to.map_or(Value::Null, Value::Alias)
            }
            "block_scalar" => {
                let (text, places) = block_scalar(self.text, span);
                pieces = Some(places);
                Value::Text(text.into())
            }
            _ => self.flow_scalar(node),
        };
        let container = matches!(value, Value::Map(_) | Value::List(_));
        let id = document.add(parent, key, value, span);
        if let Some(pieces) = pieces {
            document.set_pieces(id, pieces);
        }
        if container {
            push(node, Some(id), waiting);
        } else if span.of(self.text) != span.of(self.masked)
            && let Some(made) = document.node_mut(id)
        {
            made.computed = true;
        }
        Some(id)
    }

    fn entry(
        &mut self,
        pair: Node<'t>,
        parent: Option<NodeId>,
        document: &mut Document,
        waiting: &mut Vec<Waiting<'t>>,
    ) {
        // `[a: b]`: a map of one entry as an element.
        let in_list = parent
            .and_then(|p| document.node(p))
            .is_some_and(|p| matches!(p.value, Value::List(_)));
        let parent = if in_list {
            Some(document.add(parent, None, Value::Map(Vec::new()), grammar::span(pair)))
        } else {
            parent
        };
        let key = pair.child_by_field_name("key").map(|node| Key {
            name: match self.flow_scalar(innermost(node)) {
                Value::Text(name) => name,
                _ => grammar::source(self.text, node).into(),
            },
            span: grammar::span(node),
        });
        let node = pair.child_by_field_name("value");
        let end = pair.end_byte();
        waiting.push(Waiting {
            node,
            parent,
            key,
            at: Span::new(end, end),
        });
    }

    fn flow_scalar(&self, node: Node<'_>) -> Value {
        let source = grammar::source(self.text, node);
        let quoted = |quote: char| source.strip_prefix(quote).map(|s| s.strip_suffix(quote).unwrap_or(s));
        match node.kind() {
            "double_quote_scalar" => Value::Text(scalar::unescape(quoted('"').unwrap_or(&source)).into()),
            "single_quote_scalar" => Value::Text(quoted('\'').unwrap_or(&source).replace("''", "'").into()),
            _ if source.contains('\n') => {
                let words: Vec<&str> = source.lines().map(str::trim).collect();
                Value::Text(words.join(" ").into())
            }
            _ => scalar::plain(source.trim()),
        }
    }
}

/// The scalar in a node of a key.
fn innermost(node: Node<'_>) -> Node<'_> {
    let inner = grammar::parts(node)
        .into_iter()
        .find(|n| !matches!(n.kind(), "anchor" | "tag"));
    match node.kind() {
        "flow_node" | "block_node" => inner.unwrap_or(node),
        _ => node,
    }
}

/// The text of a block scalar (`|`, `>`) and where its lines are from.
fn block_scalar(text: &[u8], span: Span) -> (String, Vec<(u32, u32)>) {
    let source = String::from_utf8_lossy(span.of(text));
    let (header, body) = source.split_once('\n').unwrap_or((&source, ""));
    let folded = header.starts_with('>');
    let told = header.bytes().find(u8::is_ascii_digit).map(|d| usize::from(d - b'0'));
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || body.split('\n').filter(|l| !l.trim().is_empty());
    let least = lines().map(indent_of).min().unwrap_or_default();
    // An indentation that is told counts from the parent's, which is at most what the lines have.
    let indent = if told.is_some() {
        least
    } else {
        lines().next().map_or(0, indent_of).min(least)
    };
    let mut decoded = String::with_capacity(body.len());
    let mut pieces = Vec::new();
    let mut at = span.start as usize + header.len() + 1;
    for line in body.split('\n') {
        let cut = indent.min(indent_of(line));
        pieces.push((decoded.len() as u32, (at + cut) as u32));
        decoded.push_str(&line[cut..]);
        decoded.push(if folded { ' ' } else { '\n' });
        at += line.len() + 1;
    }
    decoded.pop();
    (decoded, pieces)
}
