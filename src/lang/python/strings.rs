//! String literals: prefixes, escapes, f-strings with their holes, adjacent literals joined.

use super::{each_child, expressions::expr, kinds::Kind};
use crate::{
    lang::{
        facts::{ExprId, ExprKind, Part, TypeRef},
        parse::Cx,
    },
    text::Span,
};
use std::borrow::Cow;
use tree_sitter::TreeCursor;

/// A literal, or several side by side: [`ExprKind::Str`] without holes, [`ExprKind::Template`] with.
pub fn string(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let mut parts = Vec::new();
    if Kind::at(cursor) == Kind::ConcatenatedString {
        each_child(cx, cursor, |cx, cursor, kind| {
            if kind == Kind::String {
                one(cx, cursor, &mut parts);
            }
        });
    } else {
        one(cx, cursor, &mut parts);
    }
    let holes = parts.iter().any(|p| matches!(p, Part::Hole { .. }));
    let kind = if holes {
        ExprKind::Template { tag: None, parts }
    } else {
        ExprKind::Str(joined(parts))
    };
    cx.b.expr(kind, span)
}

fn joined(mut parts: Vec<Part>) -> Box<str> {
    if parts.len() == 1
        && let Some(Part::Lit(text, _)) = parts.pop()
    {
        return text;
    }
    let texts = parts.iter().map(|p| match p {
        Part::Lit(text, _) => &**text,
        Part::Hole { .. } => "",
    });
    texts.collect::<String>().into()
}

fn one(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, parts: &mut Vec<Part>) {
    let (mut raw, mut formatted) = (false, false);
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::StringStart => {
            let prefix = cx.str(cursor.node()).to_ascii_lowercase();
            (raw, formatted) = (prefix.contains('r'), prefix.contains('f') || prefix.contains('t'));
        }
        Kind::StringContent => {
            let text = cx.str(cursor.node());
            let text = decode(text, raw, formatted);
            parts.push(Part::Lit(text.into(), cx.span(cursor.node())));
        }
        Kind::Interpolation => hole(cx, cursor, parts),
        _ => {}
    });
}

/// `{value = !r:{width}}`.
fn hole(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, parts: &mut Vec<Part>) {
    let span = cx.span(cursor.node());
    let mut value = None;
    let mut more = Vec::new();
    let mut number = None;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Equals => {
            let before = Span {
                start: span.start + 1,
                end: cx.span(cursor.node()).end,
            };
            let text = String::from_utf8_lossy(before.of(cx.text)).into_owned();
            parts.push(Part::Lit(
                text.into(),
                Span {
                    start: span.start,
                    end: span.start,
                },
            ));
        }
        Kind::FormatSpecifier => {
            let text = cx.str(cursor.node());
            number = number_type(&text);
            each_child(cx, cursor, |cx, cursor, kind| {
                if kind == Kind::FormatExpression {
                    nested_holes(cx, cursor, &mut more);
                }
            });
        }
        Kind::TypeConversion => {}
        _ if value.is_none() && cursor.node().is_named() => value = Some(expr(cx, cursor)),
        _ => {}
    });
    let Some(mut value) = value else { return };
    let value_span = cx.b.span(value);
    if let Some(name) = number {
        // Text refuses a number's presentation type, so only numbers (and dates) come out of it.
        let ty = TypeRef {
            name: cx.b.symbol(name),
            args: Vec::new(),
            span,
        };
        value = cx.b.expr(ExprKind::Cast { value, ty }, value_span);
    } else if !more.is_empty() {
        more.insert(0, value);
        value = cx.b.expr(ExprKind::Other(more), value_span);
    }
    parts.push(Part::Hole { value, span });
}

fn nested_holes(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, more: &mut Vec<ExprId>) {
    each_child(cx, cursor, |cx, cursor, kind| {
        if cursor.node().is_named() && !matches!(kind, Kind::FormatSpecifier | Kind::TypeConversion) {
            more.push(expr(cx, cursor));
        }
    });
}

/// The number type a format specifier (`:` included) asks for.
fn number_type(specifier: &str) -> Option<&'static str> {
    match specifier.bytes().last()? {
        b'b' | b'c' | b'd' | b'n' | b'o' | b'x' | b'X' => Some("int"),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => Some("float"),
        _ => None,
    }
}

/// The text a piece of a literal stands for.
fn decode(text: Cow<'_, str>, raw: bool, formatted: bool) -> String {
    let escapes = !raw && text.contains('\\');
    let braces = formatted && (text.contains("{{") || text.contains("}}"));
    let text = if escapes { unescape(&text) } else { text.into_owned() };
    if braces {
        text.replace("{{", "{").replace("}}", "}")
    } else {
        text
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (value, used) = escape(&rest[at + 1..]);
        match value {
            Some(c) => out.extend(c),
            None => out.push('\\'),
        }
        rest = &rest[at + 1 + used..];
    }
    out.push_str(rest);
    out
}

/// What follows a backslash: its character (none for a joined line), and the bytes it takes; `(None, 0)` when it is no escape.
fn escape(after: &str) -> (Option<Option<char>>, usize) {
    let simple = |c: char| (Some(Some(c)), 1);
    let Some(first) = after.chars().next() else {
        return (None, 0);
    };
    match first {
        'n' => simple('\n'),
        't' => simple('\t'),
        'r' => simple('\r'),
        'a' => simple('\x07'),
        'b' => simple('\x08'),
        'f' => simple('\x0c'),
        'v' => simple('\x0b'),
        '\\' | '\'' | '"' => simple(first),
        '\n' => (Some(None), 1),
        '\r' if after.as_bytes().get(1) == Some(&b'\n') => (Some(None), 2),
        'x' => hex(after, 2),
        'u' => hex(after, 4),
        'U' => hex(after, 8),
        '0'..='7' => {
            let digits = after.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
            let value = u32::from_str_radix(&after[..digits], 8).ok().and_then(char::from_u32);
            (Some(value.or(Some(char::REPLACEMENT_CHARACTER))), digits)
        }
        _ => (None, 0),
    }
}

fn hex(after: &str, digits: usize) -> (Option<Option<char>>, usize) {
    match after.get(1..=digits).map(|h| u32::from_str_radix(h, 16)) {
        Some(Ok(value)) => (
            Some(char::from_u32(value).or(Some(char::REPLACEMENT_CHARACTER))),
            digits + 1,
        ),
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_unknown_ones_kept() {
        assert_eq!(unescape(r"a\n\x41\u00e9\101\q\\"), "a\nAéA\\q\\");
        assert_eq!(unescape("a\\\nb"), "ab");
        assert_eq!(unescape("tail\\"), "tail\\");
        assert_eq!(unescape(r"\x4"), r"\x4");
    }

    #[test]
    fn a_date_is_no_text_and_a_width_says_nothing() {
        assert_eq!(number_type(":%Y-%m-%d"), Some("int"));
        assert_eq!(number_type(":.2f"), Some("float"));
        assert_eq!(number_type(":>10"), None);
        assert_eq!(number_type(":s"), None);
    }
}
