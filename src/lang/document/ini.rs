//! Line-based settings: INI files, `.env` files, Java properties.

use super::{Document, Key, NodeId, Value};
use crate::text::Span;
use std::collections::HashMap;

/// The dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `[section]`, `name = value` or `name: value`; comments with `#` and `;`.
    Ini,
    /// `NAME=value`, perhaps after `export`; comments with `#`.
    Env,
    /// `a.b.c=value`, `a.b.c: value`; comments with `#` and `!`; a backslash joins lines; dots make levels.
    Properties,
}

/// Reads the whole text.
pub fn read(text: &[u8], style: Style, document: &mut Document) {
    let root = document.add(None, None, Value::Map(Vec::new()), Span::new(0, text.len()));
    let mut section = root;
    let mut levels = HashMap::new();
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at, style);
        let (start, line) = trimmed(text, at, end);
        at = end + 1;
        match line.first() {
            None | Some(b'#') => {}
            Some(b';') if style == Style::Ini => {}
            Some(b'!') if style == Style::Properties => {}
            Some(b'[') if style == Style::Ini => {
                section = open_section(line, start, root, document);
            }
            Some(_) => entry(line, start, style, section, &mut levels, document),
        }
    }
}

/// One past the last byte of the line at `at`, joined lines of properties included.
fn line_end(text: &[u8], at: usize, style: Style) -> usize {
    let mut from = at;
    loop {
        let rest = text.get(from..).unwrap_or_default();
        let end = from + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let before = text.get(at..end).unwrap_or_default().trim_ascii_end();
        let joined =
            style == Style::Properties && before.ends_with(b"\\") && !before.trim_ascii_start().starts_with(b"#");
        if !joined || end >= text.len() {
            return end;
        }
        from = end + 1;
    }
}

/// A stretch without the white space around it, and where it begins.
fn trimmed(text: &[u8], start: usize, end: usize) -> (usize, &[u8]) {
    let line = text.get(start..end).unwrap_or_default();
    let skipped = line.len() - line.trim_ascii_start().len();
    (start + skipped, line.trim_ascii())
}

fn open_section(line: &[u8], start: usize, root: NodeId, document: &mut Document) -> NodeId {
    let name = line.get(1..).unwrap_or_default();
    let name = name.split(|b| *b == b']').next().unwrap_or_default();
    let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
    if let Some(known) = document.get(root, &name) {
        return known;
    }
    let span = Span::new(start, start + line.len());
    let key = Key {
        name: name.into(),
        span,
    };
    document.add(Some(root), Some(key), Value::Map(Vec::new()), span)
}

/// The maps that dotted names have made so far, by where they are and what they are called.
type Levels = HashMap<(NodeId, Box<str>), NodeId>;

fn entry(line: &[u8], start: usize, style: Style, section: NodeId, levels: &mut Levels, document: &mut Document) {
    let exported = line.strip_prefix(b"export ").filter(|_| style == Style::Env);
    let start = start + line.len() - exported.unwrap_or(line).len();
    let line = exported.unwrap_or(line);
    let separates = |b: &u8| *b == b'=' || *b == b':' && style != Style::Env;
    let split = line.iter().position(separates).unwrap_or(line.len());
    let (name_at, name) = trimmed(line, 0, split);
    let (value_at, value) = trimmed(line, (split + 1).min(line.len()), line.len());
    if name.is_empty() {
        return;
    }
    let name = String::from_utf8_lossy(name).into_owned();
    let span = Span::new(start + value_at, start + value_at + value.len());
    let key = |name: &str| Key {
        name: name.into(),
        span: Span::new(start + name_at, start + name_at + name.len()),
    };
    let read = if split >= line.len() {
        Value::Null
    } else {
        scalar(&String::from_utf8_lossy(value), style)
    };
    if style != Style::Properties {
        document.add(Some(section), Some(key(&name)), read, span);
        return;
    }
    let (path, last) = name.rsplit_once('.').unwrap_or(("", &name));
    let mut parent = section;
    for part in path.split('.').filter(|p| !p.is_empty()) {
        let at = (parent, part.into());
        parent = *levels.entry(at).or_insert_with(|| {
            let key = Key {
                name: part.into(),
                ..key(&name)
            };
            document.add(Some(parent), Some(key), Value::Map(Vec::new()), span)
        });
    }
    let key = Key {
        name: last.into(),
        span: key(&name).span,
    };
    document.add(Some(parent), Some(key), read, span);
}

/// Everything is text; quotes around it and comments after it go.
fn scalar(value: &str, style: Style) -> Value {
    if style == Style::Properties {
        let joined = value
            .lines()
            .map(|l| l.trim().trim_end_matches('\\'))
            .collect::<String>();
        return Value::Text(joined.into());
    }
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote)
            && let Some((inner, _)) = inner.split_once(quote)
        {
            return Value::Text(inner.into());
        }
    }
    let signs: &[&str] = if style == Style::Ini {
        &[" #", " ;", "\t#", "\t;"]
    } else {
        &[" #", "\t#"]
    };
    let end = signs.iter().filter_map(|s| value.find(s)).min().unwrap_or(value.len());
    let text = value.get(..end).unwrap_or(value).trim_end();
    Value::Text(text.into())
}
