//! Strings with their escapes decoded, arrays, and what assignments write to.

use super::{Php, children, first_child};
use crate::lang::adapter::{Adapter, joined};
use crate::lang::facts::*;
use tree_sitter::Node;

impl Php<'_, '_> {
    /// The text of a string without variables: `'..'`, a nowdoc.
    pub(super) fn plain_text(&self, node: Node<'_>) -> String {
        if node.kind() == "nowdoc" {
            let body = node.child_by_field_name("value");
            return body.map_or(String::new(), |b| self.str(b).trim_start_matches('\n').to_owned());
        }
        let written = self.str(node);
        let written = written.trim_start_matches(['b', 'B']);
        let inner = written.strip_prefix('\'').unwrap_or(written);
        let inner = inner.strip_suffix('\'').unwrap_or(inner);
        inner.replace("\\'", "'").replace("\\\\", "\\")
    }

    /// `"..{$x}.."`, a heredoc, a command in backticks: literal text and holes.
    pub(super) fn template(&mut self, node: Node<'_>) -> ExprId {
        let body = match node.kind() {
            "heredoc" => node.child_by_field_name("value"),
            _ => Some(node),
        };
        let mut parts = Vec::new();
        for child in body.map(children).unwrap_or_default() {
            let mut span = self.span(child);
            match child.kind() {
                "string_content" => parts.push(Part::Lit(self.str(child).into(), span)),
                "escape_sequence" => parts.push(Part::Lit(escaped(&self.str(child)).into(), span)),
                _ => {
                    let value = self.expression(child);
                    if child.prev_sibling().is_some_and(|p| p.kind() == "{") {
                        (span.start, span.end) = (span.start.saturating_sub(1), span.end + 1);
                    }
                    parts.push(Part::Hole { value, span });
                }
            }
        }
        let parts = joined(parts);
        let text = match &parts[..] {
            [] => Some(Box::from("")),
            [Part::Lit(text, _)] => Some(text.clone()),
            _ => None,
        };
        match text {
            Some(text) => self.push(ExprKind::Str(text), node),
            None => self.push(ExprKind::Template { tag: None, parts }, node),
        }
    }

    /// `[a, b]` is a sequence; with any key, a map.
    pub(super) fn array(&mut self, node: Node<'_>) -> ExprId {
        let items = children(node);
        let keyed = items.iter().any(|i| is_keyed(*i));
        if !keyed {
            let mut values = Vec::new();
            for item in items {
                values.push(match first_child(item) {
                    Some(inner) => self.expression(inner),
                    None => self.expression(item),
                });
            }
            return self.push(ExprKind::Sequence(values), node);
        }
        let mut entries = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let parts = children(item);
            let span = self.span(item);
            let key = match parts.first() {
                Some(spread) if spread.kind() == "variadic_unpacking" => None,
                Some(key) if is_keyed(item) => Some(self.expression(*key)),
                _ => Some(self.push(ExprKind::Num(at.to_string().into()), item)),
            };
            let value = match parts.last() {
                Some(value) => self.expression(*value),
                None => self.push(ExprKind::Null, item),
            };
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    // ---- targets

    /// What an assignment writes to.
    pub(super) fn target(&mut self, node: Node<'_>) -> Target {
        self.deeper(node, |php| php.target_inside(node))
            .unwrap_or(Target::Ignore)
    }

    fn target_inside(&mut self, node: Node<'_>) -> Target {
        let span = self.span(node);
        match node.kind() {
            "variable_name" => Target::Name(self.variable(node), span),
            // `$$name = x` writes the variable of that name, whichever it is.
            "dynamic_variable_name" => match first_child(node) {
                Some(name) if name.kind() == "name" => Target::Name(self.variable(name), span),
                Some(inner) => {
                    let index = self.expression(inner);
                    let base = self.plain("GLOBALS", node);
                    Target::Index { base, index, span }
                }
                None => Target::Ignore,
            },
            "by_ref" | "parenthesized_expression" | "cast_expression" => match children(node).last() {
                Some(inner) => self.target(*inner),
                None => Target::Ignore,
            },
            "list_literal" | "array_creation_expression" => self.list(node),
            "member_access_expression" | "nullsafe_member_access_expression" => {
                let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("name"))
                else {
                    return Target::Ignore;
                };
                let base = self.expression(object);
                if name.kind() != "name" {
                    let index = self.expression(name);
                    return Target::Index { base, index, span };
                }
                let name = self.cx.symbol(name);
                Target::Member { base, name, span }
            }
            "scoped_property_access_expression" => {
                let lowered = self.scoped(node);
                match self.cx.b.kind(lowered) {
                    ExprKind::Member { base, name, .. } => Target::Member {
                        base: *base,
                        name: *name,
                        span,
                    },
                    _ => Target::Ignore,
                }
            }
            "subscript_expression" => {
                let parts = children(node);
                match (parts.first(), parts.get(1)) {
                    (Some(base), Some(index)) => {
                        let (base, index) = (self.expression(*base), self.expression(*index));
                        Target::Index { base, index, span }
                    }
                    (Some(base), None) => self.target(*base),
                    _ => Target::Ignore,
                }
            }
            _ => {
                self.expression(node);
                Target::Ignore
            }
        }
    }

    /// `[$a, , $b]`, `list('k' => $v)`.
    fn list(&mut self, node: Node<'_>) -> Target {
        let keyed =
            node.children(&mut node.walk()).any(|c| c.kind() == "=>") || children(node).into_iter().any(is_keyed);
        let mut positions = Vec::new();
        let mut fields = Vec::new();
        let mut key: Option<Symbol> = None;
        let mut taken = false;
        for part in node.children(&mut node.walk()) {
            match part.kind() {
                "," => {
                    if !taken {
                        positions.push(Target::Ignore);
                    }
                    (taken, key) = (false, None);
                }
                "=>" => {}
                "array_element_initializer" => {
                    let inner = children(part);
                    if let (true, Some(name)) = (inner.len() > 1, inner.first()) {
                        key = Some(self.key_symbol(*name));
                    }
                    let target = inner.last().map_or(Target::Ignore, |i| self.target(*i));
                    self.list_part(target, key.take(), &mut positions, &mut fields);
                    taken = true;
                }
                _ if !part.is_named() || part.kind() == "comment" => {}
                _ if keyed && key.is_none() => key = Some(self.key_symbol(part)),
                _ => {
                    let target = self.target(part);
                    self.list_part(target, key.take(), &mut positions, &mut fields);
                    taken = true;
                }
            }
        }
        match keyed {
            true => Target::Fields(fields),
            false => Target::Tuple(positions),
        }
    }

    fn list_part(
        &mut self,
        target: Target,
        key: Option<Symbol>,
        positions: &mut Vec<Target>,
        fields: &mut Vec<(Symbol, Target)>,
    ) {
        match key {
            Some(key) => fields.push((key, target)),
            None => positions.push(target),
        }
    }

    fn key_symbol(&mut self, node: Node<'_>) -> Symbol {
        let text = match node.kind() {
            "string" => self.plain_text(node),
            "encapsed_string" => self.str(node).trim_matches('"').to_owned(),
            "integer" => self.str(node).into_owned(),
            _ => "[]".to_owned(),
        };
        self.cx.b.symbol(&text)
    }
}

fn is_keyed(item: Node<'_>) -> bool {
    item.kind() == "array_element_initializer" && item.children(&mut item.walk()).any(|c| c.kind() == "=>")
}

/// One escape of a double-quoted string, decoded; what is none stays.
fn escaped(written: &str) -> String {
    let mut chars = written.chars();
    chars.next();
    let rest = chars.as_str();
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let decoded = match chars.next() {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        Some('v') => Some('\x0b'),
        Some('e') => Some('\x1b'),
        Some('f') => Some('\x0c'),
        Some(c @ ('\\' | '$' | '"' | '`')) => Some(c),
        Some('x') => number(&rest[1..], 16),
        Some('u') => number(rest[1..].trim_matches(['{', '}']), 16),
        Some('0'..='7') => number(rest, 8),
        _ => None,
    };
    decoded.map_or_else(|| written.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escapes_are_decoded_and_others_stay() {
        let all: Vec<String> = ["\\n", "\\$", "\\x41", "\\u{e9}", "\\101", "\\q", "\\"]
            .iter()
            .map(|e| escaped(e))
            .collect();
        assert_eq!(all, ["\n", "$", "A", "\u{e9}", "A", "\\q", "\\"]);
    }
}
