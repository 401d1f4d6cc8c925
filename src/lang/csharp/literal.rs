//! Texts: escapes decoded, verbatim and raw strings, interpolated ones with their holes.

use super::{CSharp, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    /// The text of a string or character literal.
    pub(super) fn text_of(&self, node: Node<'_>) -> String {
        match node.kind() {
            "verbatim_string_literal" => {
                let written = self.str(node);
                let inner = written.strip_prefix("@\"").unwrap_or(&written);
                let inner = inner.rsplit_once('"').map_or(inner, |(text, _)| text);
                inner.replace("\"\"", "\"")
            }
            "raw_string_literal" => {
                let content = children(node).into_iter().find(|c| c.kind() == "raw_string_content");
                content.map(|c| without_indent(&self.str(c))).unwrap_or_default()
            }
            _ => {
                let mut text = String::new();
                for part in children(node) {
                    match part.kind() {
                        "escape_sequence" => text.push_str(&escape(&self.str(part))),
                        "string_literal_encoding" => {}
                        _ => text.push_str(&self.str(part)),
                    }
                }
                text
            }
        }
    }

    /// `$"a{b}c"`.
    pub(super) fn interpolated(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let start = parts.first().filter(|p| p.kind() == "interpolation_start");
        let start = start.map(|s| self.str(*s).into_owned()).unwrap_or_default();
        let (verbatim, raw) = (start.contains('@'), start.matches('$').count() > 1 || self.is_raw(node));
        let mut made = Vec::new();
        for part in parts {
            let span = self.span(part);
            match part.kind() {
                "string_content" => {
                    let text = self.str(part).into_owned();
                    let text = if verbatim { text.replace("\"\"", "\"") } else { text };
                    let text = if raw {
                        text
                    } else {
                        text.replace("{{", "{").replace("}}", "}")
                    };
                    made.push(Part::Lit(text.into(), span));
                }
                "escape_sequence" => made.push(Part::Lit(escape(&self.str(part)).into(), span)),
                "interpolation" => {
                    let inner = children(part);
                    let value = inner.iter().find(|c| !c.kind().starts_with("interpolation_"));
                    if let Some(value) = value {
                        let value = self.expression(*value);
                        made.push(Part::Hole { value, span });
                    }
                }
                _ => {}
            }
        }
        self.push(ExprKind::Template { tag: None, parts: made }, node)
    }

    fn is_raw(&self, node: Node<'_>) -> bool {
        children(node).iter().any(|c| c.kind() == "interpolation_quote")
    }
}

/// A raw string's text without the line breaks next to its quotes and without the indentation of its last line.
fn without_indent(content: &str) -> String {
    let Some((_, rest)) = content.split_once('\n').filter(|(first, _)| first.trim().is_empty()) else {
        return content.to_owned();
    };
    let Some((lines, indent)) = rest.rsplit_once('\n').filter(|(_, last)| last.trim().is_empty()) else {
        return rest.to_owned();
    };
    let lines = lines.lines().map(|line| line.strip_prefix(indent).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// What an escape sequence stands for.
fn escape(written: &str) -> String {
    let Some(kind) = written.chars().nth(1) else {
        return String::new();
    };
    let decoded = match kind {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' | 'u' | 'U' => {
            let digits = written.get(2..).unwrap_or_default();
            let number = u32::from_str_radix(digits, 16).ok();
            number.and_then(char::from_u32).unwrap_or('\u{fffd}')
        }
        other => other,
    };
    decoded.to_string()
}

#[cfg(test)]
mod tests {
    use super::{escape, without_indent};

    #[test]
    fn escapes_are_decoded_and_broken_ones_do_no_harm() {
        let all: String = [r"\t", r#"\""#, r"\x41", r"\u00e9", r"\U0001F600"].map(escape).concat();
        assert_eq!(all, "\t\"A\u{e9}\u{1F600}");
        assert_eq!(
            (escape("\\"), escape(r"\ud800")),
            (String::new(), "\u{fffd}".to_owned())
        );
    }

    #[test]
    fn raw_strings_lose_their_indentation() {
        assert_eq!(without_indent("\n    a\n      b\n    "), "a\n  b");
        assert_eq!(without_indent("one line"), "one line");
    }
}
