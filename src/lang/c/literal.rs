//! Numbers, characters, texts with their escapes decoded, and initialisers.

use super::{C, children, field_children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl C<'_, '_> {
    /// A number as the engine reads it: without suffix, in decimal when it is a whole one.
    pub(super) fn number(&mut self, node: Node<'_>) -> ExprId {
        let text = self.str(node);
        let value = super::constants::integer(&text).map(|v| v.to_string());
        let float = || text.trim_end_matches(['f', 'F', 'l', 'L']).to_owned();
        let kind = ExprKind::Num(value.unwrap_or_else(float).into());
        self.push(kind, node)
    }

    pub(super) fn char_literal(&mut self, node: Node<'_>) -> ExprId {
        match self.character(node) {
            Some(value) => self.push(ExprKind::Num(value.to_string().into()), node),
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }

    /// The text of a string literal, or of several side by side; names of macros between them are holes.
    pub(super) fn string(&mut self, node: Node<'_>) -> ExprId {
        if node.kind() != "concatenated_string" {
            let text = self.string_text(node);
            return self.push(ExprKind::Str(text.into()), node);
        }
        let parts = children(node);
        if parts.iter().all(|p| p.kind() != "identifier") {
            let text: String = parts.iter().map(|p| self.string_text(*p)).collect();
            return self.push(ExprKind::Str(text.into()), node);
        }
        let operands = parts.into_iter().map(|p| self.expression(p)).collect();
        self.push(ExprKind::Concat(operands), node)
    }

    pub(super) fn string_text(&self, node: Node<'_>) -> String {
        let written = self.str(node);
        if node.kind() == "raw_string_literal" {
            let inner = children(node).into_iter().find(|c| c.kind() == "raw_string_content");
            return inner.map(|c| self.str(c).into_owned()).unwrap_or_default();
        }
        let inner = written.split_once('"').map_or("", |(_, rest)| rest);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        String::from_utf8_lossy(&decode(inner)).into_owned()
    }

    /// `{..}` for something of the given type name: by field name for a struct, in order for the rest.
    pub(super) fn initializer_list(&mut self, node: Node<'_>, of: Option<&str>) -> ExprId {
        let fields = of.and_then(|name| self.structs.get(name).cloned()).unwrap_or_default();
        let elements = children(node);
        let designated = elements.iter().any(|e| e.kind() == "initializer_pair");
        if fields.is_empty() && !designated {
            let values = elements.into_iter().map(|e| self.initializer(e)).collect();
            return self.push(ExprKind::Sequence(values), node);
        }
        let mut entries = Vec::with_capacity(elements.len());
        for (at, element) in elements.into_iter().enumerate() {
            let span = self.span(element);
            let key = match field_children(element, "designator").first() {
                Some(designator) => Some(self.designator(*designator)),
                None => {
                    let kind = match fields.get(at) {
                        Some(field) => ExprKind::Str(field.as_str().into()),
                        None => ExprKind::Num(at.to_string().into()),
                    };
                    Some(self.push(kind, element))
                }
            };
            let value = element.child_by_field_name("value").unwrap_or(element);
            let value = self.initializer(value);
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    /// A value in an initialiser, which may be a list of its own.
    pub(super) fn initializer(&mut self, node: Node<'_>) -> ExprId {
        if node.kind() == "initializer_list" {
            let inner = self.deeper(node, |c| c.initializer_list(node, None));
            return inner.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node));
        }
        self.expression(node)
    }

    fn designator(&mut self, node: Node<'_>) -> ExprId {
        let inner = children(node).into_iter().next().unwrap_or(node);
        match node.kind() {
            "field_designator" | "field_identifier" => {
                let text = self.str(inner).into_owned();
                self.push(ExprKind::Str(text.into()), node)
            }
            _ => self.expression(inner),
        }
    }
}

/// Decodes the escapes of a string or character.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let taken = escape(rest, &mut out);
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Decodes one escape, of which `rest` is what follows the backslash; gives the bytes it takes of `rest`.
fn escape(rest: &str, out: &mut Vec<u8>) -> usize {
    let Some(kind) = rest.chars().next() else { return 0 };
    let run = |from: usize, most: usize, radix: u32| {
        let digits = rest.get(from..).unwrap_or_default().chars();
        digits.take(most).take_while(|c| c.is_digit(radix)).count()
    };
    let number = |from: usize, digits: usize, radix: u32| {
        rest.get(from..from + digits)
            .and_then(|d| u32::from_str_radix(d, radix).ok())
    };
    match kind {
        'x' => {
            let digits = run(1, 8, 16);
            out.extend(number(1, digits, 16).map(|n| n as u8));
            1 + digits
        }
        '0'..='7' => {
            let digits = run(0, 3, 8);
            out.extend(number(0, digits, 8).map(|n| n as u8));
            digits
        }
        'u' | 'U' => {
            let digits = run(1, if kind == 'u' { 4 } else { 8 }, 16);
            let decoded = number(1, digits, 16).and_then(char::from_u32).unwrap_or('\u{fffd}');
            let mut buffer = [0; 4];
            out.extend_from_slice(decoded.encode_utf8(&mut buffer).as_bytes());
            1 + digits
        }
        '\n' => 1,
        '\r' => 1 + usize::from(rest.starts_with("\r\n")),
        other => {
            let single = match other {
                'a' => 7,
                'b' => 8,
                'e' => 27,
                'f' => 12,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 11,
                _ => {
                    let mut buffer = [0; 4];
                    out.extend_from_slice(other.encode_utf8(&mut buffer).as_bytes());
                    return other.len_utf8();
                }
            };
            out.push(single);
            1
        }
    }
}
