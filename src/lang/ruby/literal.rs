//! Strings, symbols, heredocs and patterns with their escapes decoded; arrays and hashes.

use super::{Rb, children, first_child};
use crate::lang::adapter::joined;
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    /// Any literal of text: literal parts and holes.
    pub(super) fn text(&mut self, node: Node<'n>) -> ExprId {
        let mut parts = Vec::new();
        self.text_parts(node, &mut parts);
        self.template(parts, node)
    }

    fn text_parts(&mut self, node: Node<'n>, parts: &mut Vec<Part>) {
        if node.kind() == "chained_string" {
            for string in children(node) {
                self.text_parts_inside(string, parts);
            }
            return;
        }
        self.text_parts_inside(node, parts);
    }

    fn text_parts_inside(&mut self, node: Node<'n>, parts: &mut Vec<Part>) {
        let body = match node.kind() {
            "heredoc_beginning" => self.survey.heredocs.get(&node.id()).copied(),
            _ => Some(node),
        };
        // In single quotes only a quote and a backslash are escaped.
        let raw = self.str(node).starts_with('\'') || node.kind() == "regex";
        for child in body.map(children).unwrap_or_default() {
            let span = self.span(child);
            match child.kind() {
                "string_content" | "heredoc_content" => {
                    let text = self.str(child);
                    let text = match parts.is_empty() && child.kind() == "heredoc_content" {
                        true => text.strip_prefix('\n').unwrap_or(&text).to_owned(),
                        false => text.into_owned(),
                    };
                    parts.push(Part::Lit(text.into(), span));
                }
                "escape_sequence" => {
                    let text = self.str(child);
                    let text = if raw { text.into_owned() } else { escaped(&text) };
                    parts.push(Part::Lit(text.into(), span));
                }
                "interpolation" => {
                    let value = self.expression(child);
                    parts.push(Part::Hole { value, span });
                }
                _ => {}
            }
        }
    }

    fn template(&mut self, parts: Vec<Part>, node: Node<'n>) -> ExprId {
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

    /// A pattern is its text; one with holes is what `Regexp.new` makes of the text.
    pub(super) fn regex(&mut self, node: Node<'n>) -> ExprId {
        let mut parts = Vec::new();
        self.text_parts(node, &mut parts);
        let has_holes = parts.iter().any(|p| matches!(p, Part::Hole { .. }));
        if !has_holes {
            return self.template(parts, node);
        }
        let callee = self.plain("Regexp", node);
        let value = self.template(parts, node);
        let span = self.span(node);
        let args = vec![Arg {
            name: None,
            value,
            span,
        }];
        self.call_with(callee, args, span, true, node)
    }

    pub(super) fn array(&mut self, node: Node<'n>) -> ExprId {
        let values: Vec<Node<'n>> = children(node);
        // `[a, k: v]` ends in a hash.
        let items = values.iter().map(|v| match v.kind() {
            "pair" => self.pair_alone(*v),
            _ => self.expression(*v),
        });
        let items = items.collect();
        self.push(ExprKind::Sequence(items), node)
    }

    fn pair_alone(&mut self, node: Node<'n>) -> ExprId {
        let entries = self.entry(node).into_iter().collect();
        self.push(ExprKind::Map(entries), node)
    }

    pub(super) fn hash(&mut self, node: Node<'n>) -> ExprId {
        let mut entries = Vec::new();
        for part in children(node) {
            if part.kind() == "pair" {
                entries.extend(self.entry(part));
                continue;
            }
            let inner = first_child(part).unwrap_or(part);
            let (value, span) = (self.expression(inner), self.span(part));
            entries.push(Entry { key: None, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    fn entry(&mut self, node: Node<'n>) -> Option<Entry> {
        let key = node.child_by_field_name("key")?;
        let span = self.span(node);
        let text = self.key_text(key);
        let lowered = match &text {
            Some(text) => self.push(ExprKind::Str(text.as_str().into()), key),
            None => self.expression(key),
        };
        let value = self.pair_value(node, text.as_deref().unwrap_or_default())?;
        let key = Some(lowered);
        Some(Entry { key, value, span })
    }

    /// The value of `key: value`; `key:` alone is the variable or method of that name.
    pub(super) fn pair_value(&mut self, node: Node<'n>, key: &str) -> Option<ExprId> {
        if let Some(value) = node.child_by_field_name("value") {
            return Some(self.expression(value));
        }
        let at = node.child_by_field_name("key")?;
        match self.variable(key) {
            Some(variable) => Some(self.push(ExprKind::Name(variable), at)),
            None => Some(self.bare_call(at, None, None, at)),
        }
    }

    /// The text of a literal key.
    pub(super) fn key_text(&self, key: Node<'n>) -> Option<String> {
        match key.kind() {
            "hash_key_symbol" => Some(self.str(key).into_owned()),
            "simple_symbol" => Some(self.str(key).trim_start_matches(':').to_owned()),
            "string" => match children(key)[..] {
                [content] if content.kind() == "string_content" => Some(self.str(content).into_owned()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// One escape of a double-quoted string, decoded.
fn escaped(written: &str) -> String {
    let mut chars = written.chars();
    chars.next();
    let rest = chars.as_str();
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let decoded = match chars.next() {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        Some('s') => Some(' '),
        Some('e') => Some('\x1b'),
        Some('a') => Some('\x07'),
        Some('b') => Some('\x08'),
        Some('f') => Some('\x0c'),
        Some('v') => Some('\x0b'),
        Some('x') => number(&rest[1..], 16),
        Some('u') => number(rest[1..].trim_matches(['{', '}']), 16),
        Some('0'..='7') => number(rest, 8),
        Some('\n') => return String::new(),
        Some(other) => Some(other),
        None => None,
    };
    decoded.map_or_else(|| written.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escapes_are_decoded() {
        let all: Vec<String> = ["\\n", "\\s", "\\x41", "\\u{e9}", "\\101", "\\q", "\\\n"]
            .iter()
            .map(|e| escaped(e))
            .collect();
        assert_eq!(all, ["\n", " ", "A", "\u{e9}", "A", "q", ""]);
    }
}
