//! A key added to a map, in the way of its format and of its siblings.

use super::{line_end, line_start, own_children, trimmed};
use crate::{
    lang::document::{Document, Format, Node, NodeId, Value},
    scan::{Edit, fix::job::insert},
    text::Span,
};

/// Adds the value `with` at the end of `path` below `map`. Keys that are there already are used.
pub fn entry(text: &[u8], document: &Document, mut map: NodeId, path: &[String], with: &str) -> Option<Vec<Edit>> {
    let mut path = path;
    while let [first, rest @ ..] = path
        && let Some(known) = document.get(map, first)
        && matches!(document.node(known)?.value, Value::Map(_))
    {
        (map, path) = (known, rest);
    }
    if path.is_empty() {
        return None;
    }
    let at = Place {
        text,
        document,
        map,
        node: document.node(map)?,
        last: own_children(document, map).last().and_then(|l| document.node(*l)),
    };
    let edit = match document.format {
        Format::Json => at.in_braces(path, with, '"'),
        Format::Yaml if at.node.span.of(text).starts_with(b"{") => at.in_braces(path, with, ' '),
        Format::Yaml => at.indented(path, with),
        Format::Hcl => at.in_block(path, with),
        Format::Toml | Format::Ini | Format::Env => at.line(&single(path)?, " = ", with),
        Format::Properties => {
            let above = document.path(map);
            let name = path.join(".");
            let name = if above.is_empty() {
                name
            } else {
                format!("{above}.{name}")
            };
            at.line(&name, "=", with)
        }
        Format::Xml => at.attribute(path, with),
        Format::Dockerfile => at.instruction(path, with),
    }?;
    Some(vec![edit])
}

fn single(path: &[String]) -> Option<String> {
    match path {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// The map that gets a key.
struct Place<'a> {
    text: &'a [u8],
    document: &'a Document,
    map: NodeId,
    node: &'a Node,
    /// Its last entry.
    last: Option<&'a Node>,
}

impl Place<'_> {
    /// The white space before the keys of the map, for new lines.
    fn indent(&self) -> Option<String> {
        let first = own_children(self.document, self.map).first().copied()?;
        let key = self.document.node(first)?.entry.start;
        let (start, _) = line_start(self.text, key);
        let before = self.text.get(start..key as usize)?;
        // A dash of a list counts as space.
        Some(before.iter().map(|b| if *b == b'\t' { '\t' } else { ' ' }).collect())
    }

    /// `{ "a": 1 }`: after the last entry, on a line of its own when the entries are.
    fn in_braces(&self, path: &[String], with: &str, quote: char) -> Option<Edit> {
        let quoted = |name: &String| {
            if quote == '"' {
                format!("\"{name}\"")
            } else {
                name.clone()
            }
        };
        let mut entry = with.to_owned();
        for (i, name) in path.iter().enumerate().rev() {
            let inner = if i + 1 == path.len() {
                entry
            } else {
                format!("{{ {entry} }}")
            };
            entry = format!("{}: {inner}", quoted(name));
        }
        let Some(last) = self.last else {
            return Some(insert(self.node.span.start + 1, entry));
        };
        let (line, indent) = line_start(self.text, last.entry.start);
        let alone = line + indent == last.entry.start as usize;
        let separator = if alone {
            format!(",\n{}", self.indent()?)
        } else {
            ", ".to_owned()
        };
        Some(insert(last.entry.end, format!("{separator}{entry}")))
    }

    /// YAML in block style: after the last entry, with the indentation of the first.
    fn indented(&self, path: &[String], with: &str) -> Option<Edit> {
        let indent = self.indent()?;
        let mut lines = String::new();
        for (level, name) in path.iter().enumerate() {
            lines.push_str(&format!("\n{indent}{}{name}:", "  ".repeat(level)));
        }
        let end = trimmed(self.text, self.last?.entry).end;
        let end = line_end(self.text, end.saturating_sub(1));
        let at = Span::new(end, end).start;
        Some(insert(at, format!("{lines} {with}")))
    }

    /// HCL: before the closing brace.
    fn in_block(&self, path: &[String], with: &str) -> Option<Edit> {
        let close = trimmed(self.text, self.node.span).end.checked_sub(1)?;
        if self.text.get(close as usize) != Some(&b'}') {
            return None;
        }
        let (line, outer) = line_start(self.text, close);
        if line + outer != close as usize {
            return None;
        }
        let outer: String = " ".repeat(outer);
        let indent = self.indent().unwrap_or_else(|| format!("{outer}  "));
        let (last, blocks) = path.split_last()?;
        let mut lines = String::new();
        let deeper = |level: usize| format!("{indent}{}", "  ".repeat(level));
        for (level, name) in blocks.iter().enumerate() {
            lines.push_str(&format!("{}{name} {{\n", deeper(level)));
        }
        lines.push_str(&format!("{}{last} = {with}\n", deeper(blocks.len())));
        for level in (0..blocks.len()).rev() {
            lines.push_str(&format!("{}}}\n", deeper(level)));
        }
        let at = Span::new(line, line).start;
        Some(insert(at, lines))
    }

    /// A line after the last entry.
    fn line(&self, name: &str, separator: &str, with: &str) -> Option<Edit> {
        let mut last = self.last?;
        // Levels of properties stand on the lines of what is in them.
        while let Value::Map(entries) = &last.value {
            last = self.document.node(*entries.last()?)?;
        }
        let end = line_end(self.text, last.entry.end.saturating_sub(1).max(last.entry.start));
        let at = Span::new(end, end).start;
        let indent = self.indent().unwrap_or_default();
        Some(insert(at, format!("\n{indent}{name}{separator}{with}")))
    }

    /// An attribute of an XML element: after the last one, on a line of its own when that is.
    fn attribute(&self, path: &[String], with: &str) -> Option<Edit> {
        let name = single(path)?;
        let name = name.strip_prefix('@')?;
        let children = own_children(self.document, self.map);
        let mut attributes = children.iter().filter_map(|c| self.document.node(*c));
        let last = attributes.rfind(|n| n.key.as_ref().is_some_and(|k| k.name.starts_with('@')));
        let Some(last) = last else {
            return Some(insert(self.node.key.as_ref()?.span.end, format!(" {name}=\"{with}\"")));
        };
        let (line, indent) = line_start(self.text, last.entry.start);
        let alone = line + indent == last.entry.start as usize;
        let separator = match self.text.get(line..line + indent).map(String::from_utf8_lossy) {
            Some(indent) if alone => format!("\n{indent}"),
            _ => " ".to_owned(),
        };
        Some(insert(last.entry.end, format!("{separator}{name}=\"{with}\"")))
    }

    /// An instruction of a Dockerfile: before the command of the stage, or at its end.
    fn instruction(&self, path: &[String], with: &str) -> Option<Edit> {
        let name = single(path)?;
        let commands = ["CMD", "ENTRYPOINT"]
            .into_iter()
            .filter_map(|c| self.document.get(self.map, c));
        if let Some(command) = commands.min().and_then(|c| self.document.node(c)) {
            return Some(insert(command.entry.start, format!("{name} {with}\n")));
        }
        let end = line_end(self.text, self.last?.entry.end.saturating_sub(1));
        let at = Span::new(end, end).start;
        Some(insert(at, format!("\n{name} {with}")))
    }
}
