//! JavaScript and TypeScript: `import` or `require`, whichever the file uses, with its quotes, its semicolons and its `node:`.

use super::{Wanted, lines, next_line};
use crate::{
    lang::{Lang, facts::*},
    scan::{
        Edit,
        fix::job::{Code, edit, insert},
    },
    text::Span,
};

/// The import, put in. `instead`: a name that is no longer used there.
pub fn add(code: &Code<'_>, path: &[u8], wanted: &Wanted, instead: Option<ExprId>) -> Edit {
    if let Some(item) = &wanted.item
        && let Some(edit) = beside(code, wanted, item, instead)
    {
        return edit;
    }
    let statements = statements(code.text);
    let style = Style::of(code, path, &statements);
    let line = style.line(code.lang(), wanted);
    match statements.last() {
        Some(last) => insert(next_line(code.text, last.end.saturating_sub(1)), line),
        None => insert(first(code), format!("{line}\n")),
    }
}

/// One more name in braces where another of the same module is taken; in its place when nothing else uses that one.
fn beside(code: &Code<'_>, wanted: &Wanted, item: &str, instead: Option<ExprId>) -> Option<Edit> {
    let prefix = format!("{}.", wanted.module);
    let braced = |i: &&Import| {
        let before = code.text.get(..i.span.start as usize).unwrap_or_default();
        let open = before
            .iter()
            .rposition(|b| matches!(b, b'{' | b'}' | b';' | b'\n' | b'('));
        let multi_line = before.iter().rposition(|b| matches!(b, b'{' | b'}' | b';' | b'('));
        let in_braces = |at: Option<usize>| at.is_some_and(|at| before[at] == b'{');
        i.path.starts_with(&prefix)
            && !i.path[prefix.len()..].contains('.')
            && (in_braces(open) || in_braces(multi_line))
    };
    let siblings: Vec<&Import> = code.facts.imports.iter().filter(braced).collect();
    if let Some(ExprKind::Name(old)) = instead.map(|id| code.kind(id))
        && let Some(import) = siblings.iter().find(|i| i.local == *old)
        && import.span.of(code.text) == code.facts.name(*old).as_bytes()
        && import.path[prefix.len()..] == *code.facts.name(*old)
        && uses(code, *old) == 1
        && !before_word(code.text, import.span)
    {
        return Some(edit(import.span, item));
    }
    let last = siblings.last()?;
    Some(insert(last.span.end, format!(", {item}")))
}

/// True when the name stands behind `as` or `:`.
fn before_word(text: &[u8], span: Span) -> bool {
    let before = text.get(..span.start as usize).unwrap_or_default().trim_ascii_end();
    before.ends_with(b":") || before.ends_with(b" as")
}

fn uses(code: &Code<'_>, name: Symbol) -> usize {
    let all = code.facts.functions.iter().flat_map(|f| &f.exprs);
    all.filter(|e| matches!(e.kind, ExprKind::Name(n) if n == name)).count()
}

/// How this file imports.
struct Style {
    modules: bool,
    quote: char,
    semicolon: &'static str,
    node: &'static str,
    keyword: &'static str,
}

impl Style {
    fn of(code: &Code<'_>, path: &[u8], statements: &[Span]) -> Style {
        let text = code.text;
        let sample = statements.last().map(|s| s.of(text).trim_ascii_end());
        let begins = |word: &[u8]| lines(text).any(|(_, l)| l.starts_with(word));
        let modules = match sample {
            Some(sample) => sample.starts_with(b"import"),
            None if path.ends_with(b".cjs") => false,
            None => !path.ends_with(b".js") && !path.ends_with(b".jsx") || begins(b"export "),
        };
        let count = |byte: u8| text.iter().filter(|b| **b == byte).count();
        let single = match sample {
            Some(sample) => sample.contains(&b'\''),
            None => count(b'\'') > count(b'"'),
        };
        let semicolon = match sample {
            Some(sample) => sample.ends_with(b";"),
            None => count(b';') > 0,
        };
        let has = |words: &[&str]| words.iter().any(|w| String::from_utf8_lossy(text).contains(w));
        Style {
            modules,
            quote: if single { '\'' } else { '"' },
            semicolon: if semicolon { ";" } else { "" },
            node: if has(&["\"node:", "'node:"]) { "node:" } else { "" },
            keyword: if sample.is_some_and(|s| s.starts_with(b"var ")) {
                "var"
            } else {
                "const"
            },
        }
    }

    fn line(&self, lang: Lang, wanted: &Wanted) -> String {
        let Style {
            quote: q,
            semicolon,
            node,
            keyword,
            ..
        } = self;
        let builtin = NODE_MODULES.contains(&wanted.module.split('/').next().unwrap_or_default());
        let node = if builtin { node } else { "" };
        let module = &wanted.module;
        let name = wanted.name(lang);
        match (self.modules, &wanted.item) {
            (true, Some(item)) => format!("import {{ {item} }} from {q}{node}{module}{q}{semicolon}\n"),
            // TypeScript may be set up to know no default of a module that has none.
            (true, None) if lang != Lang::JavaScript => {
                format!("import * as {name} from {q}{node}{module}{q}{semicolon}\n")
            }
            (true, None) => format!("import {name} from {q}{node}{module}{q}{semicolon}\n"),
            (false, Some(item)) => format!("{keyword} {{ {item} }} = require({q}{node}{module}{q}){semicolon}\n"),
            (false, None) => format!("{keyword} {name} = require({q}{node}{module}{q}){semicolon}\n"),
        }
    }
}

/// Modules of Node itself that fixes may ask for.
const NODE_MODULES: &[&str] = &[
    "child_process",
    "crypto",
    "fs",
    "path",
    "url",
    "util",
    "os",
    "https",
    "http",
    "assert",
    "buffer",
];

/// Import statements and `require` declarations that begin a line, from the top of the file to the first that follows other code.
fn statements(text: &[u8]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for (start, line) in lines(text) {
        if found.last().is_some_and(|s| start < s.end) {
            continue;
        }
        let declares = [&b"const "[..], b"let ", b"var "].iter().any(|k| line.starts_with(k));
        let import = line.starts_with(b"import ") || line.starts_with(b"import{");
        if !import && !declares {
            continue;
        }
        let end = statement_end(text, start);
        let whole = Span { start, end };
        let requires = String::from_utf8_lossy(whole.of(text)).contains("require(");
        if import || requires {
            found.push(whole);
        }
    }
    found
}

/// The end of the line on which the braces that open on this one are closed again.
fn statement_end(text: &[u8], start: u32) -> u32 {
    let mut depth = 0_i32;
    let mut at = start as usize;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' | b'(' => depth += 1,
            b'}' | b')' => depth -= 1,
            b'\n' if depth <= 0 => break,
            _ => {}
        }
    }
    at as u32
}

/// Where the first import goes: after `#!`, `"use strict"` and the comment at the top.
fn first(code: &Code<'_>) -> u32 {
    let mut at = 0;
    for (start, line) in lines(code.text) {
        let inside = code
            .facts
            .comments
            .iter()
            .any(|c| c.span.start <= start && start < c.span.end);
        let directive = [&b"#!"[..], b"\"use ", b"'use "].iter().any(|d| line.starts_with(d));
        if !(inside || directive) {
            break;
        }
        at = next_line(code.text, start);
    }
    at
}
