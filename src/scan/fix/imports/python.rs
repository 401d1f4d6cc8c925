//! Python: after the module's docstring and `__future__`, among the imports that are there.

use super::{Wanted, lines};
use crate::{
    lang::facts::*,
    scan::{
        Edit,
        fix::job::{Code, insert},
    },
    text::Span,
};

/// One import statement at the file's top level.
struct Statement {
    /// From its first byte to the end of its last line.
    span: Span,
    /// `import x` rather than `from x import y`.
    plain: bool,
    /// The first module it names.
    module: String,
}

/// The import statement, put in.
pub fn add(code: &Code<'_>, wanted: &Wanted) -> Edit {
    let line = match &wanted.item {
        Some(item) => format!("from {} import {item}\n", wanted.module),
        None => format!("import {}\n", wanted.module),
    };
    let all = statements(code);
    let (future, rest): (Vec<&Statement>, Vec<&Statement>) = all.iter().partition(|s| s.module == "__future__");
    let Some(group) = first_group(code.text, &rest) else {
        return match future.last() {
            Some(last) => insert(last.span.end, format!("\n{line}")),
            None => insert_first(code, &line),
        };
    };
    let same: Vec<&Statement> = group
        .iter()
        .copied()
        .filter(|s| s.plain == wanted.item.is_none())
        .collect();
    if let Some(after) = same.iter().find(|s| s.module > wanted.module) {
        return insert(after.span.start, line);
    }
    match (same.last(), group.first(), group.last()) {
        (Some(before), ..) => insert(before.span.end, line),
        // `import x` goes before `from y import z`, as a group of its own.
        (None, Some(first), _) if wanted.item.is_none() => insert(first.span.start, format!("{line}\n")),
        (None, _, Some(last)) => insert(last.span.end, line),
        (None, ..) => insert_first(code, &line),
    }
}

/// The statements from the first one to the first gap.
fn first_group<'s, 'a>(text: &[u8], all: &'s [&'a Statement]) -> Option<&'s [&'a Statement]> {
    let gap = |pair: &[&Statement]| text.get(pair[0].span.end as usize..pair[1].span.start as usize) != Some(b"");
    let end = all.windows(2).position(gap).map_or(all.len(), |i| i + 1);
    all.get(..end).filter(|g| !g.is_empty())
}

/// Import statements that begin a line, in order.
fn statements(code: &Code<'_>) -> Vec<Statement> {
    let text = code.text;
    let mut found: Vec<Statement> = Vec::new();
    for (start, line) in lines(text) {
        let (plain, rest) = match (line.strip_prefix(b"import "), line.strip_prefix(b"from ")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => continue,
        };
        let end = statement_end(text, start);
        // The same words in a string are no import. (`__future__` is none to the facts.)
        let imported = |i: &Import| start < i.span.start && i.span.end <= end;
        let known = rest.starts_with(b"__future__") || code.facts.imports.iter().any(imported);
        let inside = found.last().is_some_and(|s| start < s.span.end);
        if !known || inside || in_text(code, start) {
            continue;
        }
        let module = rest
            .split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')))
            .next();
        found.push(Statement {
            span: Span { start, end },
            plain,
            module: String::from_utf8_lossy(module.unwrap_or_default()).into_owned(),
        });
    }
    found
}

fn in_text(code: &Code<'_>, at: u32) -> bool {
    let inside = |s: Span| s.start < at && at < s.end;
    code.facts.comments.iter().any(|c| inside(c.span))
        || code
            .facts
            .module()
            .exprs
            .iter()
            .any(|e| matches!(e.kind, ExprKind::Str(_)) && inside(e.span))
}

/// The end of the last line of the statement that begins at `start`: parentheses and backslashes go on.
fn statement_end(text: &[u8], start: u32) -> u32 {
    let mut depth = 0_i32;
    let mut at = start as usize;
    let mut comment = false;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'#' => comment = true,
            b'(' if !comment => depth += 1,
            b')' if !comment => depth -= 1,
            b'\n' => {
                comment = false;
                let joined = text[..at - 1]
                    .strip_suffix(b"\r")
                    .unwrap_or(&text[..at - 1])
                    .ends_with(b"\\");
                if depth <= 0 && !joined {
                    break;
                }
            }
            _ => {}
        }
    }
    at as u32
}

/// In a file without imports: after the docstring, else after the comments at the top, with a blank line to what follows.
fn insert_first(code: &Code<'_>, line: &str) -> Edit {
    let text = code.text;
    let docstring = code
        .facts
        .comments
        .iter()
        .find(|c| c.doc && only_comments_before(text, c.span.start));
    if let Some(docstring) = docstring {
        return insert(super::next_line(text, docstring.span.end), format!("\n{line}"));
    }
    let mut at = 0;
    for (start, content) in lines(text) {
        if !content.starts_with(b"#") {
            break;
        }
        at = super::next_line(text, start);
    }
    let blank_follows = text
        .get(at as usize..)
        .is_some_and(|r| r.starts_with(b"\n") || r.starts_with(b"\r\n"));
    match (at, blank_follows) {
        (0, true) => insert(at, line),
        (0, false) => insert(at, format!("{line}\n")),
        (_, true) => insert(at, format!("\n{line}")),
        (_, false) => insert(at, format!("\n{line}\n")),
    }
}

fn only_comments_before(text: &[u8], offset: u32) -> bool {
    lines(text.get(..offset as usize).unwrap_or_default()).all(|(_, l)| l.is_empty() || l.starts_with(b"#"))
}
