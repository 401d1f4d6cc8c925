//! Tokens from syntect's syntaxes, for languages without a grammar here: TOML, YAML, Dockerfile, shell, SQL, Markdown and more.
//!
//! Syntect is ten to eighty times slower than a grammar, so the limits are lower.

use super::{Lines, Tokens};
use crate::tui::theme::Syntax;
use std::sync::OnceLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Above this many bytes a file stays plain.
const MAX_BYTES: usize = 192 << 10;
/// A line longer than this many bytes (minified, generated) ends the highlighting: its state could not be known.
const MAX_LINE: usize = 4 << 10;

/// Scopes and what they are to us; the innermost scope that any of these begins wins, the longest beginning first.
const SCOPES: &[(&str, Syntax)] = &[
    ("comment", Syntax::Comment),
    ("constant.numeric", Syntax::Number),
    ("constant.character.escape", Syntax::Escape),
    ("constant.other.placeholder", Syntax::Escape),
    ("constant.language", Syntax::Constant),
    ("constant", Syntax::Constant),
    ("entity.name.function", Syntax::Function),
    ("entity.name.tag", Syntax::Tag),
    ("entity.name.section", Syntax::Heading),
    ("entity.name", Syntax::Type),
    ("entity.other.attribute-name", Syntax::Attribute),
    ("entity.other.inherited-class", Syntax::Type),
    ("keyword.operator", Syntax::Operator),
    ("keyword", Syntax::Keyword),
    ("markup.heading", Syntax::Heading),
    ("markup.bold", Syntax::Heading),
    ("markup.italic", Syntax::Emphasis),
    ("markup.raw", Syntax::String),
    ("markup.underline.link", Syntax::Function),
    ("meta.mapping.key", Syntax::Property),
    ("punctuation.definition.comment", Syntax::Comment),
    ("punctuation.definition.string", Syntax::String),
    ("punctuation", Syntax::Punctuation),
    ("storage.type", Syntax::Keyword),
    ("storage", Syntax::Keyword),
    ("string", Syntax::String),
    ("support.function", Syntax::Function),
    ("support", Syntax::Type),
    ("variable.function", Syntax::Function),
    ("variable.parameter", Syntax::Parameter),
    ("variable.language", Syntax::Constant),
    ("variable.other.member", Syntax::Property),
];

struct Known {
    set: SyntaxSet,
    scopes: Vec<(Scope, Syntax)>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut scopes: Vec<_> = SCOPES
            .iter()
            .filter_map(|(name, kind)| Some((Scope::new(name).ok()?, *kind)))
            .collect();
        scopes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        Known {
            set: two_face::syntax::extra_newlines(),
            scopes,
        }
    })
}

/// Tokens of `text`; none for a language syntect does not know.
pub(super) fn tokens(path: &[u8], text: &[u8]) -> Tokens {
    let known = known();
    if text.len() > MAX_BYTES {
        return Tokens::default();
    }
    let Some(syntax) = syntax(&known.set, path, text) else {
        return Tokens::default();
    };
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut lines = Lines::new(text);
    let mut at = 0;
    for line in text.split_inclusive(|b| *b == b'\n') {
        // Offsets would not fit after a lossy decoding; such a line, or an endless one, ends the highlighting.
        let Ok(decoded) = std::str::from_utf8(line) else { break };
        if line.len() > MAX_LINE {
            break;
        }
        let Ok(ops) = state.parse_line(decoded, &known.set) else {
            break;
        };
        let mut from = 0;
        for (offset, op) in ops {
            push(&mut lines, known, &stack, at + from, at + offset);
            from = offset;
            if stack.apply(&op).is_err() {
                return lines.done();
            }
        }
        push(&mut lines, known, &stack, at + from, at + line.len());
        at += line.len();
    }
    lines.done()
}

fn push(lines: &mut Lines, known: &Known, stack: &ScopeStack, start: usize, end: usize) {
    if start >= end {
        return;
    }
    let kind_of = |scope: &Scope| {
        known
            .scopes
            .iter()
            .find(|(s, _)| s.is_prefix_of(*scope))
            .map(|(_, kind)| *kind)
    };
    if let Some(kind) = stack.as_slice().iter().rev().find_map(kind_of) {
        lines.push(start, end, kind);
    }
}

/// By whole file name (`Dockerfile`, `Makefile`), then by extension, then by first line.
fn syntax<'s>(set: &'s SyntaxSet, path: &[u8], text: &[u8]) -> Option<&'s SyntaxReference> {
    let name = String::from_utf8_lossy(path.rsplit(|b| *b == b'/').next().unwrap_or_default()).into_owned();
    let by_extension = || set.find_syntax_by_extension(name.rsplit_once('.')?.1);
    let by_first_line = || {
        let first = text.split(|b| *b == b'\n').next().filter(|l| l.len() < MAX_LINE)?;
        set.find_syntax_by_first_line(std::str::from_utf8(first).ok()?)
    };
    set.find_syntax_by_extension(&name)
        .or_else(by_extension)
        .or_else(by_first_line)
}
