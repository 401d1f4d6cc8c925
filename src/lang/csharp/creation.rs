//! `new`: objects with their initialisers, collections, arrays, anonymous objects.

use super::{CSharp, child_of, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Collections whose elements are known by position or not at all.
const LISTS: [&str; 17] = [
    "List",
    "HashSet",
    "SortedSet",
    "Queue",
    "Stack",
    "LinkedList",
    "Collection",
    "ObservableCollection",
    "ArrayList",
    "BlockingCollection",
    "ConcurrentBag",
    "ConcurrentQueue",
    "ConcurrentStack",
    "IList",
    "IEnumerable",
    "ICollection",
    "ISet",
];

/// Collections whose elements are known by key.
const MAPS: [&str; 9] = [
    "Dictionary",
    "SortedDictionary",
    "SortedList",
    "ConcurrentDictionary",
    "Hashtable",
    "NameValueCollection",
    "StringDictionary",
    "OrderedDictionary",
    "IDictionary",
];

impl CSharp<'_, '_> {
    /// Every form of `new`; `expected` is the type the value is given to.
    pub(super) fn creation(&mut self, node: Node<'_>, expected: Option<Node<'_>>) -> ExprId {
        let initializer = node
            .child_by_field_name("initializer")
            .or(child_of(node, "initializer_expression"));
        match node.kind() {
            "object_creation_expression" => {
                let ty = node.child_by_field_name("type");
                self.object(node, ty, node.child_by_field_name("arguments"), initializer)
            }
            "implicit_object_creation_expression" => {
                self.object(node, expected, child_of(node, "argument_list"), initializer)
            }
            "anonymous_object_creation_expression" => self.anonymous(node),
            _ => self.array(node, initializer),
        }
    }

    fn object(
        &mut self,
        node: Node<'_>,
        ty: Option<Node<'_>>,
        arguments: Option<Node<'_>>,
        initializer: Option<Node<'_>>,
    ) -> ExprId {
        let named = ty.and_then(|t| self.type_ref(t));
        let text = named
            .as_ref()
            .map(|t| self.cx.b.name(t.name).to_owned())
            .unwrap_or_default();
        let own = self.known.is_type(&text);
        let written = arguments.map(children).unwrap_or_default();
        let sized = written.iter().all(|a| self.is_setting(*a));
        if let Some(ty) = named.filter(|_| !own && sized)
            && (LISTS.contains(&text.as_str()) || MAPS.contains(&text.as_str()))
        {
            let value = self.contents(initializer, MAPS.contains(&text.as_str()), node);
            // Without a type of its own it takes that of what it is given to.
            return match node.kind() {
                "implicit_object_creation_expression" => value,
                _ => self.push(ExprKind::Cast { value, ty }, node),
            };
        }
        let callee = match ty {
            Some(ty) => self.type_path(ty),
            None => self.push(ExprKind::Other(Vec::new()), node),
        };
        let mut args = arguments.map(|a| self.arguments(a)).unwrap_or_default();
        args.extend(initializer.map(|i| self.initializer(i)).unwrap_or_default());
        let args_span = self.span(arguments.or(initializer).unwrap_or(node));
        let new = true;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    /// A capacity or a comparer: nothing that is put into the collection.
    fn is_setting(&self, argument: Node<'_>) -> bool {
        let value = children(argument).pop();
        value.is_some_and(|v| v.kind() == "integer_literal" || self.str(v).starts_with("StringComparer."))
    }

    /// `{ A = 1, ["k"] = 2, 3 }` after `new`: named arguments, and what is added.
    fn initializer(&mut self, node: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for part in children(node) {
            let span = self.span(part);
            let (name, value) = match part.kind() {
                "assignment_expression" => {
                    let (left, right) = (part.child_by_field_name("left"), part.child_by_field_name("right"));
                    let (Some(left), Some(right)) = (left, right) else {
                        continue;
                    };
                    let name = self.initialised(left);
                    (name, self.expression(right))
                }
                _ => (None, self.expression(part)),
            };
            args.push(Arg { name, value, span });
        }
        args
    }

    /// The name that `A = ..` or `["k"] = ..` gives a value to.
    fn initialised(&mut self, left: Node<'_>) -> Option<Symbol> {
        match left.kind() {
            "identifier" => Some(self.plain(left)),
            "element_binding_expression" => {
                let key = children(left).pop().and_then(|a| children(a).pop())?;
                let text = self.text_of(Some(key).filter(|k| k.kind().contains("string_literal"))?);
                Some(self.cx.b.symbol(&text))
            }
            _ => None,
        }
    }

    /// What a collection begins with.
    fn contents(&mut self, initializer: Option<Node<'_>>, map: bool, node: Node<'_>) -> ExprId {
        let parts = initializer.map(children).unwrap_or_default();
        if !map {
            let elements = parts.into_iter().map(|p| self.expression(p)).collect();
            return self.push(ExprKind::Sequence(elements), node);
        }
        let mut entries = Vec::new();
        for part in parts {
            let span = self.span(part);
            let (key, value) = match part.kind() {
                "assignment_expression" => {
                    let left = part.child_by_field_name("left").map(|l| children(l).pop().unwrap_or(l));
                    let left = left.map(|l| children(l).pop().unwrap_or(l));
                    (left, part.child_by_field_name("right"))
                }
                _ => {
                    let pair = children(part);
                    (pair.first().copied(), pair.get(1).copied())
                }
            };
            let key = key.map(|k| self.expression(k));
            let Some(value) = value else { continue };
            let value = self.expression(value);
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    /// `new { A = 1, b.C }`: named parts.
    fn anonymous(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let mut entries = Vec::new();
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            at += 1;
            let named = part.kind() == "identifier" && part.next_sibling().is_some_and(|s| s.kind() == "=");
            let (key, value) = match parts.get(at).filter(|_| named) {
                Some(value) => {
                    at += 1;
                    (self.str(*part).into_owned(), *value)
                }
                None => {
                    let text = self.str(*part);
                    let last = text.rsplit('.').next().unwrap_or_default();
                    (last.to_owned(), *part)
                }
            };
            let key = Some(self.push(ExprKind::Str(key.into()), *part));
            let span = self.span(*part).to(self.span(value));
            let value = self.expression(value);
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    /// `new T[n]`, `new[] { a, b }`, `stackalloc byte[n]`.
    fn array(&mut self, node: Node<'_>, initializer: Option<Node<'_>>) -> ExprId {
        let ty = node.child_by_field_name("type");
        let rank = ty.and_then(|t| t.child_by_field_name("rank")).map(children);
        let rank = rank.unwrap_or_default();
        let open = rank.iter().any(|s| s.kind() != "integer_literal");
        let sizes: Vec<ExprId> = rank.into_iter().map(|s| self.expression(s)).collect();
        if node.kind().contains("stackalloc") {
            return self.sized("stackalloc", node, sizes);
        }
        if open && initializer.is_none() {
            self.sized("newarr", node, sizes);
        }
        let elements = initializer.map(children).unwrap_or_default();
        let elements = elements.into_iter().map(|e| self.expression(e)).collect();
        let value = self.push(ExprKind::Sequence(elements), node);
        match ty.and_then(|t| self.type_ref(t)) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    /// `stackalloc T[n]`, `new T[n]`: a call of that name, for rules that ask where `n` comes from.
    fn sized(&mut self, name: &str, node: Node<'_>, sizes: Vec<ExprId>) -> ExprId {
        let callee = self.word(name, node);
        let args = sizes.into_iter().map(|value| Arg {
            name: None,
            value,
            span: self.cx.b.span(value),
        });
        let kind = ExprKind::Call {
            callee,
            args: args.collect(),
            new: false,
            args_span: self.span(node),
        };
        self.push(kind, node)
    }

    /// `{ a, b }` or `[a, b]` of the type it is given to.
    pub(super) fn collection(&mut self, node: Node<'_>, expected: Option<Node<'_>>) -> ExprId {
        let named = expected.and_then(|t| self.type_ref(t));
        let text = named.map(|t| self.cx.b.name(t.name).to_owned()).unwrap_or_default();
        let map = MAPS.contains(&text.as_str()) && node.kind() == "initializer_expression";
        if map {
            return self.contents(Some(node), true, node);
        }
        let elements = children(node).into_iter().map(|e| {
            let inner = match e.kind() {
                "collection_element" => children(e).pop().unwrap_or(e),
                _ => e,
            };
            self.expression(inner)
        });
        let elements = elements.collect();
        self.push(ExprKind::Sequence(elements), node)
    }
}
