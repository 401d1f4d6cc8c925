//! Text of string literals, template literals and names, with escapes decoded.

use super::{Js, Kids, Kind};
use crate::lang::facts::*;
use crate::text::Span;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// The decoded text of a `string` node.
    pub(super) fn string_text(&self, node: Node<'n>) -> Box<str> {
        decode(unquoted(self.bytes(node)))
    }

    /// A template literal, tagged or not. Without tag and holes it is a plain string.
    pub(super) fn template(&mut self, node: Node<'n>, tag: Option<ExprId>, whole: Node<'n>) -> ExprId {
        let kids = self.children(node);
        let (mut parts, mut at) = (Vec::new(), node.start_byte() + 1);
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind != Kind::Substitution {
                continue;
            }
            self.literal_part(&mut parts, at, kid.node.start_byte());
            let span = self.span(kid.node);
            let value = self.hole(kid.node);
            parts.push(Part::Hole { value, span });
            at = kid.node.end_byte();
        }
        self.literal_part(&mut parts, at, node.end_byte().saturating_sub(1));
        let kind = match parts.as_mut_slice() {
            [] if tag.is_none() => ExprKind::Str("".into()),
            [Part::Lit(text, _)] if tag.is_none() => ExprKind::Str(std::mem::take(text)),
            _ => ExprKind::Template { tag, parts },
        };
        self.push(kind, whole)
    }

    fn literal_part(&self, parts: &mut Vec<Part>, start: usize, end: usize) {
        if let Some(text) = self.cx.text.get(start..end).filter(|t| !t.is_empty()) {
            parts.push(Part::Lit(decode(text), Span::new(start, end)));
        }
    }

    fn hole(&mut self, node: Node<'n>) -> ExprId {
        let kids: Kids = self.children(node);
        match self.first(kids) {
            Some(kid) => self.expr(kid.node),
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }
}

/// The text between the quotes.
fn unquoted(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        [b'"' | b'\'', inner @ ..] => inner,
        other => other,
    }
}

/// Decodes JavaScript escapes; what is no valid escape stays as written.
pub fn decode(bytes: &[u8]) -> Box<str> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at..], &mut out);
    }
    out.push_str(rest);
    join_surrogates(out).into()
}

/// Decodes the one escape that `rest` begins with and gives what follows it.
fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let body = &rest[1..];
    let Some(first) = body.chars().next() else {
        out.push('\\');
        return body;
    };
    let after = &body[first.len_utf8()..];
    match first {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        '\r' => return after.strip_prefix('\n').unwrap_or(after),
        'x' => return code(after, 2, 16, out).unwrap_or_else(|| literal("\\x", after, out)),
        'u' if after.starts_with('{') => {
            let digits = after[1..].find('}').unwrap_or(0);
            let decoded = code(&after[1..], digits, 16, out);
            return match decoded {
                Some(tail) => tail.strip_prefix('}').unwrap_or(tail),
                None => literal("\\u", after, out),
            };
        }
        'u' => return code(after, 4, 16, out).unwrap_or_else(|| literal("\\u", after, out)),
        '0'..='7' => {
            let most = if first <= '3' { 3 } else { 2 };
            let digits = body
                .bytes()
                .take(most)
                .take_while(|b| (b'0'..=b'7').contains(b))
                .count();
            return code(body, digits, 8, out).unwrap_or(after);
        }
        other => out.push(other),
    }
    after
}

fn literal<'a>(escape: &str, after: &'a str, out: &mut String) -> &'a str {
    out.push_str(escape);
    after
}

/// Marks one half of a surrogate pair until [`join_surrogates`]; a private-use plane that source text does not use.
const HALF: u32 = 0x10_0000;

fn code<'a>(text: &'a str, digits: usize, radix: u32, out: &mut String) -> Option<&'a str> {
    let value = u32::from_str_radix(text.get(..digits).filter(|d| !d.is_empty())?, radix).ok()?;
    let value = if (0xd800..0xe000).contains(&value) {
        HALF + value - 0xd800
    } else {
        value
    };
    out.push(char::from_u32(value)?);
    text.get(digits..)
}

/// `\ud83d\ude00` is one character; a lone half is the replacement character.
fn join_surrogates(text: String) -> String {
    let half = |c: char| (HALF..HALF + 0x800).contains(&(c as u32)).then(|| c as u32 - HALF);
    if !text.chars().any(|c| half(c).is_some()) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(high) = half(c) else {
            out.push(c);
            continue;
        };
        let low = chars
            .peek()
            .and_then(|c| half(*c))
            .filter(|low| *low >= 0x400 && high < 0x400);
        let joined = low.and_then(|low| char::from_u32(0x1_0000 + (high << 10) + (low - 0x400)));
        if joined.is_some() {
            chars.next();
        }
        out.push(joined.unwrap_or('\u{fffd}'));
    }
    out
}
