//! Strings, text blocks and characters with their escapes decoded, and arrays.

use super::{Java, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Java<'_, '_> {
    /// The text of a string literal, a text block or a character.
    pub(super) fn string_text(&self, node: Node<'_>) -> String {
        let written = self.str(node);
        if let Some(inner) = written.strip_prefix("\"\"\"") {
            let inner = inner.strip_suffix("\"\"\"").unwrap_or(inner);
            return decode(&without_indentation(inner));
        }
        let mut inner = written.chars();
        inner.next();
        inner.next_back();
        decode(inner.as_str())
    }

    /// `{a, b}`.
    pub(super) fn array(&mut self, node: Node<'_>) -> ExprId {
        let values = children(node).into_iter().map(|v| self.expression(v)).collect();
        self.push(ExprKind::Sequence(values), node)
    }

    /// `new T[n]` is an empty sequence, `new T[] {a, b}` one with elements.
    pub(super) fn array_creation(&mut self, node: Node<'_>) -> ExprId {
        let mut values = Vec::new();
        if let Some(list) = node.child_by_field_name("value") {
            values.extend(children(list).into_iter().map(|v| self.expression(v)));
        }
        self.array_sizes(node);
        self.push(ExprKind::Sequence(values), node)
    }
}

/// The text of a text block without the indentation all its lines share.
fn without_indentation(inner: &str) -> String {
    let inner = inner.split_once('\n').map_or(inner, |(_, rest)| rest);
    let lines: Vec<&str> = inner.split('\n').collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let counted = lines.iter().enumerate();
    let counted = counted.filter(|(i, l)| !l.trim().is_empty() || i + 1 == lines.len());
    let least = counted.map(|(_, l)| indent(l)).min().unwrap_or(0);
    let kept: Vec<&str> = lines
        .iter()
        .map(|l| l.get(least..).unwrap_or_default().trim_end())
        .collect();
    kept.join("\n")
}

/// Decodes the escapes of a string; a backslash at the end of a line joins it with the next.
pub(in crate::lang) fn decode(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(kind) = rest.next() else { break };
        match kind {
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            's' => out.push(' '),
            't' => out.push('\t'),
            '\n' => {}
            'u' => out.push(unicode(&mut rest)),
            '0'..='7' => out.push(octal(kind, &mut rest)),
            other => out.push(other),
        }
    }
    out
}

/// `\u0041`, `\uuu0041`, after the first `u`.
fn unicode(rest: &mut std::str::Chars<'_>) -> char {
    let digits = rest.as_str().trim_start_matches('u');
    let value = digits.get(..4).and_then(|d| u32::from_str_radix(d, 16).ok());
    *rest = digits.get(4..).unwrap_or_default().chars();
    value.and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn octal(first: char, rest: &mut std::str::Chars<'_>) -> char {
    let mut value = first.to_digit(8).unwrap_or_default();
    let most = if first <= '3' { 2 } else { 1 };
    for _ in 0..most {
        let Some(digit) = rest.as_str().chars().next().and_then(|c| c.to_digit(8)) else {
            break;
        };
        value = value * 8 + digit;
        rest.next();
    }
    char::from_u32(value).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::{decode, without_indentation};

    #[test]
    fn escapes_are_decoded_and_broken_ones_do_no_harm() {
        assert_eq!(decode(r#"a\tb\"\\A\uu0042\101\7\s"#), "a\tb\"\\ABA\u{7} ");
        assert_eq!((decode(r"\u00"), decode("\\")), ("\u{fffd}".to_owned(), String::new()));
    }

    #[test]
    fn a_text_block_loses_what_all_lines_are_indented_by() {
        assert_eq!(without_indentation("\n    a\n      b\n    "), "a\n  b\n");
        assert_eq!(without_indentation("\n    a\n  b"), "  a\nb");
    }
}
