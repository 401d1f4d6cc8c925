//! Jupyter notebooks: the source of the code cells, as Python, at the places where the JSON holds it.
//!
//! A cell's source is a list of JSON strings, one a line, or one string. Each is decoded in place: its opening quote becomes a line end, and
//! what escapes leave over becomes blanks at the end of the line. Line ends are those of the code, not of the file.

use super::Island;
use crate::{
    lang::{
        Lang,
        document::{self, Document, Format, NodeId, Value},
    },
    text::Span,
};

/// The cells of a notebook as one island; `None` when it is none, or not of Python.
pub(super) fn cells(text: &[u8]) -> Option<Island> {
    let document = document::read(Format::Json, text);
    let root = *document.roots.first()?;
    if !is_python(&document, root, text) {
        return None;
    }
    let mut island = vec![b' '; text.len()];
    let mut any = false;
    for cell in document.children(document.get(root, "cells")?) {
        let kind = document.get(cell, "cell_type").and_then(|k| document.text(k, text));
        let source = document.get(cell, "source").or_else(|| document.get(cell, "input"));
        let (Some("code"), Some(source)) = (kind, source) else {
            continue;
        };
        for line in lines(&document, source) {
            any |= decode(text, line, &mut island);
        }
    }
    any.then_some(Island {
        lang: Lang::Python,
        text: island,
        whole: true,
    })
}

/// True unless the notebook says that its kernel speaks another language.
fn is_python(document: &Document, root: NodeId, text: &[u8]) -> bool {
    let Some(metadata) = document.get(root, "metadata") else {
        return true;
    };
    let named = |part: &str, key: &str| {
        let part = document.get(metadata, part)?;
        document.text(document.get(part, key)?, text)
    };
    let language = named("language_info", "name").or_else(|| named("kernelspec", "language"));
    language.is_none_or(|name| name.eq_ignore_ascii_case("python"))
}

/// The strings of a cell's source, quotes included.
fn lines(document: &Document, source: NodeId) -> Vec<Span> {
    let whole = [source];
    let children = document.children(source);
    let all = if children.is_empty() { &whole[..] } else { &children[..] };
    let strings = all.iter().filter_map(|id| document.node(*id));
    let strings = strings.filter(|n| matches!(n.value, Value::Text(_)));
    strings.map(|n| n.span).collect()
}

/// Writes a JSON string into the island as the code it holds.
fn decode(text: &[u8], span: Span, island: &mut [u8]) -> bool {
    let (start, end) = (span.start as usize, span.end as usize);
    let quoted = text.get(start..end).is_some_and(|t| t.len() >= 2 && t[0] == b'"');
    if !quoted {
        return false;
    }
    island[start] = b'\n';
    let (mut from, mut to) = (start + 1, start + 1);
    let mut line = to;
    while from < end - 1 {
        let (byte, taken) = character(&text[from..end - 1]);
        from += taken;
        if byte == b'\n' {
            // The blanks that escapes left over end the line, so that the next one stands where it is written.
            to = from - 1;
            blank_magic(&mut island[line..to]);
            line = to + 1;
        }
        island[to] = byte;
        to += 1;
    }
    blank_magic(&mut island[line.min(to)..to]);
    island[end - 1] = b'\n';
    true
}

/// The first character of a JSON string's inside and how many bytes write it; what is outside ASCII in escapes becomes a question mark.
fn character(rest: &[u8]) -> (u8, usize) {
    match rest {
        [b'\\', b'u', hex @ ..] if hex.len() >= 4 => {
            let digits = std::str::from_utf8(&hex[..4]).ok();
            let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
            (
                code.and_then(|c| u8::try_from(c).ok())
                    .filter(u8::is_ascii)
                    .unwrap_or(b'?'),
                6,
            )
        }
        [b'\\', b'n', ..] => (b'\n', 2),
        [b'\\', b't', ..] => (b'\t', 2),
        [b'\\', b'r' | b'b' | b'f', ..] => (b' ', 2),
        [b'\\', other, ..] => (*other, 2),
        [byte, ..] => (*byte, 1),
        [] => (b' ', 1),
    }
}

/// `%magic`, `!shell` and `?help` are not Python.
fn blank_magic(line: &mut [u8]) {
    if matches!(line.trim_ascii_start().first(), Some(b'%' | b'!' | b'?')) {
        line.fill(b' ');
    }
}
