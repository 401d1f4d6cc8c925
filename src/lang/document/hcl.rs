//! HCL (Terraform, Packer, Nomad): blocks as nested maps with their labels as keys (`resource.aws_s3_bucket.logs.acl`), `dynamic` blocks as
//! the blocks they make, JSON in heredocs and in `jsonencode(..)` as what it says. Nothing is evaluated: references, calls and conditions are
//! computed values.

use super::{Document, Key, NodeId, Value, grammar, json, scalar};
use crate::text::Span;
use tree_sitter::Node;

/// Functions that give what they are given, in another form.
const TRANSPARENT: [&str; 9] = [
    "jsonencode",
    "yamlencode",
    "tolist",
    "toset",
    "tostring",
    "tonumber",
    "tobool",
    "sensitive",
    "nonsensitive",
];

/// Something that waits to be read.
enum Waiting<'t> {
    /// Attributes and blocks.
    Body(Node<'t>, NodeId),
    /// An expression.
    Value(Node<'t>, NodeId, Option<Key>),
}

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    let Some(tree) = grammar::parse(&tree_sitter_hcl::LANGUAGE.into(), text, None) else {
        return;
    };
    let root = document.add(None, None, Value::Map(Vec::new()), Span::new(0, text.len()));
    let mut waiting = vec![Waiting::Body(tree.root_node(), root)];
    while let Some(next) = waiting.pop() {
        match next {
            Waiting::Body(node, parent) => body(text, node, parent, document, &mut waiting),
            Waiting::Value(node, parent, key) => expression(text, node, parent, key, document, &mut waiting),
        }
    }
    grammar::note_errors(tree.root_node(), text, document);
}

fn body<'t>(text: &[u8], node: Node<'t>, parent: NodeId, document: &mut Document, waiting: &mut Vec<Waiting<'t>>) {
    let mut later = Vec::new();
    for part in grammar::parts(node) {
        match part.kind() {
            "body" | "ERROR" => later.push(Waiting::Body(part, parent)),
            "attribute" => {
                let inside = grammar::parts(part);
                if let (Some(name), Some(value)) = (inside.first(), inside.get(1)) {
                    later.push(Waiting::Value(*value, parent, Some(key(text, *name))));
                }
            }
            "block" => block(text, part, parent, document, &mut later),
            _ => {}
        }
    }
    waiting.extend(later.into_iter().rev());
}

fn block<'t>(text: &[u8], node: Node<'t>, parent: NodeId, document: &mut Document, later: &mut Vec<Waiting<'t>>) {
    let parts = grammar::parts(node);
    let mut names: Vec<Key> = Vec::new();
    let names_of = |n: &&Node<'_>| matches!(n.kind(), "identifier" | "string_lit");
    names.extend(parts.iter().take_while(|n| names_of(n)).map(|n| key(text, *n)));
    let mut inner = parts.iter().copied().find(|n| n.kind() == "body");
    if let [kind, _] = names.as_slice()
        && &*kind.name == "dynamic"
    {
        names.remove(0);
        inner = inner.and_then(|body| content_of(text, body)).or(inner);
    }
    let span = grammar::span(node);
    let mut at = parent;
    for name in names {
        at = document.add(Some(at), Some(name), Value::Map(Vec::new()), span);
    }
    later.extend(inner.map(|body| Waiting::Body(body, at)));
}

/// The body of the `content` block of a `dynamic` one.
fn content_of<'t>(text: &[u8], body: Node<'t>) -> Option<Node<'t>> {
    let blocks = grammar::parts(body).into_iter().filter(|n| n.kind() == "block");
    let named = |b: &Node<'_>| b.named_child(0).is_some_and(|n| grammar::source(text, n) == "content");
    let content = blocks.into_iter().find(named)?;
    grammar::parts(content).into_iter().find(|n| n.kind() == "body")
}

fn key(text: &[u8], node: Node<'_>) -> Key {
    Key {
        name: scalar::unescape(grammar::source(text, node).trim_matches('"')).into(),
        span: grammar::span(node),
    }
}

/// An expression without the wrappers of the grammar, parentheses and transparent calls.
fn bare<'t>(text: &[u8], mut node: Node<'t>) -> Node<'t> {
    loop {
        let parts = grammar::parts(node);
        node = match (node.kind(), parts.as_slice()) {
            ("expression" | "literal_value" | "template_expr" | "collection_value", [only]) => *only,
            ("function_call", [name, arguments]) if TRANSPARENT.contains(&&*grammar::source(text, *name)) => {
                match grammar::parts(*arguments).as_slice() {
                    [only] => *only,
                    _ => return node,
                }
            }
            _ => return node,
        };
    }
}

fn expression<'t>(
    text: &[u8],
    node: Node<'t>,
    parent: NodeId,
    key: Option<Key>,
    document: &mut Document,
    waiting: &mut Vec<Waiting<'t>>,
) {
    let whole = grammar::span(node);
    let node = bare(text, node);
    let span = grammar::span(node);
    let source = grammar::source(text, node);
    match node.kind() {
        "object" => {
            let id = document.add(Some(parent), key, Value::Map(Vec::new()), span);
            let elements = grammar::parts(node)
                .into_iter()
                .filter(|n| n.kind() == "object_elem")
                .rev();
            waiting.extend(elements.filter_map(|e| element(text, e, id)));
        }
        "tuple" => {
            let id = document.add(Some(parent), key, Value::List(Vec::new()), span);
            let elements = grammar::parts(node)
                .into_iter()
                .filter(|n| n.kind() == "expression")
                .rev();
            waiting.extend(elements.map(|e| Waiting::Value(e, id, None)));
        }
        "numeric_lit" | "bool_lit" | "null_lit" => {
            document.add(Some(parent), key, scalar::plain(&source), span);
        }
        "string_lit" | "quoted_template" => {
            let inner = scalar::unescape(source.trim_matches('"'));
            let id = document.add(Some(parent), key, Value::Text(inner.into()), span);
            set_computed(document, id, interpolates(node));
        }
        "heredoc_template" => heredoc(text, node, parent, key, document),
        _ => {
            let source = String::from_utf8_lossy(whole.of(text)).into_owned();
            let id = document.add(Some(parent), key, Value::Text(source.into()), whole);
            set_computed(document, id, true);
        }
    }
}

fn set_computed(document: &mut Document, id: NodeId, computed: bool) {
    if let Some(node) = document.node_mut(id) {
        node.computed = computed;
    }
}

fn interpolates(node: Node<'_>) -> bool {
    let inside = grammar::parts(node);
    inside
        .iter()
        .any(|n| matches!(n.kind(), "template_interpolation" | "template_directive"))
}

fn element<'t>(text: &[u8], node: Node<'t>, parent: NodeId) -> Option<Waiting<'t>> {
    let name = key(text, node.child_by_field_name("key")?);
    Some(Waiting::Value(node.child_by_field_name("val")?, parent, Some(name)))
}

/// A heredoc: the JSON it holds, or its text.
fn heredoc(text: &[u8], node: Node<'_>, parent: NodeId, key: Option<Key>, document: &mut Document) {
    let span = grammar::span(node);
    let source = span.of(text);
    let head = source.iter().position(|b| *b == b'\n').map_or(source.len(), |i| i + 1);
    let tail = source
        .trim_ascii_end()
        .iter()
        .rposition(|b| *b == b'\n')
        .unwrap_or(source.len());
    let start = span.start as usize;
    let inner = Span::new(start + head, start + tail.max(head));
    let body = inner.of(text);
    if matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
        && let Some(key) = key.clone()
    {
        let errors = document.unread.len();
        if json::read_part(text, Some(inner), Some((parent, key)), document).is_some() {
            // Templates in the middle of JSON are no mistakes of the file: what they put in is unknown.
            let templates = document.unread.split_off(errors);
            document.holes.extend(templates.into_iter().map(|u| u.span));
            return;
        }
    }
    let decoded = String::from_utf8_lossy(body).into_owned();
    let id = document.add(Some(parent), key, Value::Text(decoded.into()), span);
    document.set_pieces(id, vec![(0, inner.start)]);
    set_computed(document, id, interpolates(node));
}
