//! The common form: an arena of nodes, each with the place of its key and of its value.

use super::Format;
use crate::{
    lang::facts::{Unread, UnreadWhy},
    text::Span,
};
use std::{collections::HashMap, ops::Range};

/// A node by its place in [`Document::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// As an index.
    #[must_use]
    pub fn ix(self) -> usize {
        self.0 as usize
    }
}

/// What a key is called, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Decoded.
    pub name: Box<str>,
    /// As written.
    pub span: Span,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~`, or a key without a value.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text, decoded; for computed values, their source.
    Text(Box<str>),
    /// Entries with keys, in order of writing. Keys need not be unique: blocks of HCL, elements of XML and instructions of a Dockerfile
    /// repeat.
    Map(Vec<NodeId>),
    /// Elements without keys.
    List(Vec<NodeId>),
    /// The value of another node (`*name` in YAML).
    Alias(NodeId),
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The map or list that holds it; `None` for roots.
    pub parent: Option<NodeId>,
    /// Its key, in maps.
    pub key: Option<Key>,
    /// What it holds.
    pub value: Value,
    /// The value as written.
    pub span: Span,
    /// Key and value as written, or the value alone in lists.
    pub entry: Span,
    /// The value is decided elsewhere: a reference, a call, a template. Its text is source, and what it is not cannot be told.
    pub computed: bool,
}

/// A file, read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The format it was read as.
    pub format: Format,
    /// All nodes; parents before their children.
    pub nodes: Vec<Node>,
    /// The outermost values: one for most formats, one a document in YAML.
    pub roots: Vec<NodeId>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// Where a template puts something in that is not in the file: what seems to be absent around it may be there.
    pub holes: Vec<Span>,
    /// For decoded texts that are not their source: pairs of an offset in the text and the byte of the file it is from, in order.
    pieces: HashMap<NodeId, Box<[(u32, u32)]>>,
}

impl Document {
    /// An empty one.
    #[must_use]
    pub fn new(format: Format) -> Document {
        Document {
            format,
            nodes: Vec::new(),
            roots: Vec::new(),
            unread: Vec::new(),
            holes: Vec::new(),
            pieces: HashMap::new(),
        }
    }

    /// Adds a node below `parent`, or a root.
    pub fn add(&mut self, parent: Option<NodeId>, key: Option<Key>, value: Value, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let entry = key.as_ref().map_or(span, |k| k.span.to(span));
        self.nodes.push(Node {
            parent,
            key,
            value,
            span,
            entry,
            computed: false,
        });
        match parent.and_then(|p| self.nodes.get_mut(p.ix())).map(|p| &mut p.value) {
            Some(Value::Map(entries) | Value::List(entries)) => entries.push(id),
            _ => self.roots.push(id),
        }
        id
    }

    /// The node, for readers that learn more about it later.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.ix())
    }

    /// Notes where the parts of a decoded text are from.
    pub fn set_pieces(&mut self, id: NodeId, pieces: Vec<(u32, u32)>) {
        self.pieces.insert(id, pieces.into());
    }

    /// Notes what could not be read.
    pub fn note_unread(&mut self, span: Span) {
        self.unread.push(Unread {
            span,
            why: UnreadWhy::Syntax,
        });
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.ix())
    }

    /// The node that holds the value: aliases followed.
    #[must_use]
    pub fn resolve(&self, mut id: NodeId) -> NodeId {
        const LONGEST: usize = 16;
        for _ in 0..LONGEST {
            match self.node(id).map(|n| &n.value) {
                Some(Value::Alias(to)) => id = *to,
                _ => break,
            }
        }
        id
    }

    /// What is inside a map or list, aliases followed and the maps that are merged into it (`<<` in YAML) included.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        let own = match self.node(self.resolve(id)).map(|n| &n.value) {
            Some(Value::Map(entries) | Value::List(entries)) => entries,
            _ => return Vec::new(),
        };
        let mut all = own.clone();
        let is_merge = |id: &NodeId| self.format == Format::Yaml && self.name(*id) == Some("<<");
        for merge in own.iter().copied().filter(is_merge) {
            let merged = self.resolve(merge);
            let maps = match self.node(merged).map(|n| &n.value) {
                Some(Value::List(maps)) => maps.clone(),
                _ => vec![merged],
            };
            for map in maps {
                if let Some(Value::Map(entries)) = self.node(self.resolve(map)).map(|n| &n.value) {
                    let overridden = |id: &NodeId| all.iter().any(|o| self.name(*o) == self.name(*id));
                    let more: Vec<NodeId> = entries.iter().copied().filter(|e| !overridden(e)).collect();
                    all.extend(more);
                }
            }
        }
        all
    }

    /// The name of a node's key.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<&str> {
        self.node(id)?.key.as_ref().map(|k| &*k.name)
    }

    /// The first entry of a map with this key.
    #[must_use]
    pub fn get(&self, map: NodeId, key: &str) -> Option<NodeId> {
        let named = |c: &NodeId| self.name(*c) == Some(key);
        let own = match self.node(self.resolve(map)).map(|n| &n.value) {
            Some(Value::Map(entries)) => entries.iter().copied().find(named),
            _ => None,
        };
        match own {
            None if self.format == Format::Yaml => self.children(map).into_iter().find(named),
            own => own,
        }
    }

    /// The text of a scalar as it is compared: decoded text, or numbers and booleans as written.
    #[must_use]
    pub fn text<'d>(&'d self, id: NodeId, source: &'d [u8]) -> Option<&'d str> {
        let node = self.node(self.resolve(id))?;
        match &node.value {
            Value::Text(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => std::str::from_utf8(node.span.of(source)).ok(),
            _ => None,
        }
    }

    /// Where a stretch of a node's decoded text is written; the whole value when that cannot be told.
    #[must_use]
    pub fn place(&self, id: NodeId, range: Range<usize>, source: &[u8]) -> Span {
        let id = self.resolve(id);
        let Some(node) = self.node(id) else {
            return Span::default();
        };
        if let Some(pieces) = self.pieces.get(&id) {
            let at = |offset: usize| {
                let before = pieces.partition_point(|(decoded, _)| *decoded as usize <= offset);
                let (decoded, written) = before.checked_sub(1).and_then(|i| pieces.get(i))?;
                Some(*written as usize + offset - *decoded as usize)
            };
            let (start, last) = (at(range.start), at(range.end.max(1) - 1));
            return match (start, last) {
                (Some(start), Some(last)) => Span::new(start, last + 1),
                _ => node.span,
            };
        }
        let (Value::Text(text), written) = (&node.value, node.span.of(source)) else {
            return node.span;
        };
        let found = written.windows(text.len().max(1)).position(|w| w == text.as_bytes());
        found.map_or(node.span, |skip| {
            let start = node.span.start as usize + skip;
            Span::new(start + range.start, start + range.end)
        })
    }

    /// The dotted path of a node, for people and for identities. Elements of lists go by their `name` or `id`, never by their number, which
    /// changes with every insertion above.
    #[must_use]
    pub fn path(&self, id: NodeId) -> String {
        const DEEPEST: usize = 64;
        let mut parts = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at
            && parts.len() < DEEPEST
        {
            let Some(node) = self.node(id) else { break };
            match &node.key {
                Some(key) => parts.push(format!(".{}", key.name)),
                None if node.parent.is_some() => parts.push(format!("[{}]", self.label(id).unwrap_or_default())),
                None => {}
            }
            at = node.parent;
        }
        parts.reverse();
        parts.concat().trim_start_matches('.').to_owned()
    }

    /// What an element of a list calls itself.
    fn label(&self, id: NodeId) -> Option<&str> {
        const LONGEST: usize = 60;
        let named = ["name", "Name", "id", "Sid", "uses", "key"];
        let entry = named.into_iter().find_map(|n| self.get(id, n))?;
        match &self.node(entry)?.value {
            Value::Text(text) if text.len() <= LONGEST => Some(text),
            _ => None,
        }
    }

    /// True when a template puts something into the node, or something in it could not be read: what seems to be absent may be there.
    #[must_use]
    pub fn is_open(&self, id: NodeId) -> bool {
        let Some(node) = self.node(id) else { return true };
        let whole = Span {
            start: node.entry.start,
            end: self.extent(id),
        };
        let inside = |s: &Span| s.start >= whole.start && s.start < whole.end;
        self.holes.iter().any(inside) || self.unread.iter().any(|u| inside(&u.span))
    }

    /// Where the next node outside begins: templates after the last entry of a map may still belong to it.
    fn extent(&self, id: NodeId) -> u32 {
        let mut at = id;
        while let Some(node) = self.node(at) {
            let Some(parent) = node.parent.and_then(|p| self.node(p)) else {
                break;
            };
            if let Value::Map(entries) | Value::List(entries) = &parent.value {
                let after = entries.partition_point(|e| *e <= at);
                if let Some(next) = entries.get(after).and_then(|n| self.node(*n)) {
                    return next.entry.start;
                }
            }
            at = node.parent.unwrap_or(at);
        }
        u32::MAX
    }
}
