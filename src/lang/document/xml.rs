//! XML: elements as maps with `@name` for attributes and `#text` for text beside them; an element that holds nothing but text is that text.
//! Elements repeat, and so do keys.

use super::{Document, Key, NodeId, Value, grammar};
use crate::text::Span;
use tree_sitter::Node;

/// Reads the whole text.
pub fn read(text: &[u8], document: &mut Document) {
    let Some(tree) = grammar::parse(&tree_sitter_xml::LANGUAGE_XML.into(), text, None) else {
        return;
    };
    let root = document.add(None, None, Value::Map(Vec::new()), Span::new(0, text.len()));
    let mut waiting = vec![(tree.root_node(), root)];
    while let Some((node, parent)) = waiting.pop() {
        match node.kind() {
            "element" => element(text, node, parent, document, &mut waiting),
            "document" | "ERROR" | "content" => {
                waiting.extend(grammar::parts(node).into_iter().rev().map(|n| (n, parent)));
            }
            _ => {}
        }
    }
    grammar::note_errors(tree.root_node(), text, document);
}

fn element<'t>(
    text: &[u8],
    node: Node<'t>,
    parent: NodeId,
    document: &mut Document,
    waiting: &mut Vec<(Node<'t>, NodeId)>,
) {
    let parts = grammar::parts(node);
    let Some(tag) = parts.iter().find(|n| matches!(n.kind(), "STag" | "EmptyElemTag")) else {
        return;
    };
    let inside = grammar::parts(*tag);
    let Some(name) = inside.iter().find(|n| n.kind() == "Name") else {
        return;
    };
    let key = Key {
        name: grammar::source(text, *name).into(),
        span: grammar::span(*name),
    };
    let content = parts.iter().find(|n| n.kind() == "content").copied();
    let (words, place) = content.map_or((String::new(), Span::default()), |c| words(text, c));
    let attributes: Vec<Node<'_>> = inside.into_iter().filter(|n| n.kind() == "Attribute").collect();
    let elements = content.is_some_and(|c| grammar::parts(c).iter().any(|n| n.kind() == "element"));
    if attributes.is_empty() && !elements && !words.is_empty() {
        document.add(Some(parent), Some(key), Value::Text(words.into()), place);
        return;
    }
    let id = document.add(Some(parent), Some(key), Value::Map(Vec::new()), grammar::span(node));
    for attribute in attributes {
        add_attribute(text, attribute, id, document);
    }
    if !words.is_empty() {
        let key = Key {
            name: "#text".into(),
            span: place,
        };
        document.add(Some(id), Some(key), Value::Text(words.into()), place);
    }
    waiting.extend(content.map(|c| (c, id)));
}

fn add_attribute(text: &[u8], attribute: Node<'_>, element: NodeId, document: &mut Document) {
    let parts = grammar::parts(attribute);
    let (Some(name), Some(value)) = (parts.first(), parts.get(1)) else {
        return;
    };
    let key = Key {
        name: format!("@{}", grammar::source(text, *name)).into(),
        span: grammar::span(*name),
    };
    let source = grammar::source(text, *value);
    let inner = source.trim_matches(['"', '\'']);
    document.add(
        Some(element),
        Some(key),
        Value::Text(entities(inner).into()),
        grammar::span(*value),
    );
}

/// The text of an element, white space around it left out, and where it is.
fn words(text: &[u8], content: Node<'_>) -> (String, Span) {
    let mut place: Option<Span> = None;
    let mut data = None;
    for part in grammar::parts(content) {
        let source = grammar::source(text, part);
        match part.kind() {
            "CharData" | "EntityRef" | "CharRef" if !source.trim().is_empty() => {
                let start = part.start_byte() + source.len() - source.trim_start().len();
                let here = Span::new(start, start + source.trim().len());
                place = Some(place.map_or(here, |p| p.to(here)));
            }
            "CDSect" => {
                place = Some(grammar::span(part));
                data = Some(
                    source
                        .trim_start_matches("<![CDATA[")
                        .trim_end_matches("]]>")
                        .to_owned(),
                );
            }
            _ => {}
        }
    }
    let place = place.unwrap_or_default();
    let words = data.unwrap_or_else(|| entities(&String::from_utf8_lossy(place.of(text))));
    (words, place)
}

/// The five entities that need no declaration. Others stay as written; nothing is ever fetched.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |t, (from, to)| t.replace(from, to))
}
