//! Literals, where a name is given one: in quotes (also escaped ones, inside another text), wrapped into a call that only changes their type,
//! the first of a list, a row of bytes, bare words of configuration. Purely lexical.

use crate::{
    scan::{kind::Values, lazy_regex::LazyRegex},
    text::Span,
};
use std::sync::LazyLock;

/// Longest value that is looked at, in bytes.
const LONGEST: usize = 500;

/// A literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Without its quotes.
    pub span: Span,
    /// True when it stands in quotes.
    pub quoted: bool,
    /// True when it is a row of numbers.
    pub bytes: bool,
}

impl Literal {
    /// One in quotes.
    #[must_use]
    pub fn quoted(span: Span) -> Literal {
        Literal {
            span,
            quoted: true,
            bytes: false,
        }
    }
}

/// Reads on in a text.
pub struct Cursor<'t> {
    /// All of it.
    pub text: &'t [u8],
    /// Where.
    pub at: usize,
    /// Other words may follow a bare value: that of a long option, or one glued to its name by `=`.
    pub open: bool,
    /// A comma stood before the value.
    pub separated: bool,
}

/// Rows of at least eight numbers of a byte each, with what makes an array of them.
static BYTES: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::new(
        r"^(?:new\s+)?[A-Za-z0-9_.:&!]{0,32}(?:\[\d{0,4}\])?[A-Za-z0-9_]{0,8}\s*\(?\s*[\[{(]\s*(?P<v>(?:(?:\(byte\)\s*)?(?:0x[0-9A-Fa-f]{1,2}|-?\d{1,3})(?:u8)?\s*,\s*){7,255}(?:\(byte\)\s*)?(?:0x[0-9A-Fa-f]{1,2}|-?\d{1,3}))",
    )
});

/// Calls that give their only text back in another type, by their last name.
const WRAPPERS: [&str; 36] = [
    "byte",
    "bytes",
    "rune",
    "from",
    "String",
    "string",
    "str",
    "new",
    "SecretStr",
    "SecretString",
    "Secret",
    "SecretBytes",
    "fromhex",
    "unhexlify",
    "decode",
    "b64decode",
    "urlsafe_b64decode",
    "getBytes",
    "GetBytes",
    "FromBase64String",
    "FromHexString",
    "encode",
    "hex2bin",
    "base64_decode",
    "TEXT",
    "_T",
    "F",
    "Some",
    "of",
    "bytearray",
    "StringPtr",
    "listOf",
    "arrayOf",
    "asList",
    "ConvertTo-SecureString",
    "decodeBase64",
];

/// Whether nothing but the name begins its line, and one word follows it: `requirepass x`.
#[must_use]
pub fn opens_a_line(text: &[u8], name: Span) -> bool {
    let before = text[..name.range().start]
        .rsplit(|b| *b == b'\n')
        .next()
        .unwrap_or_default();
    let after = text[name.range().end..]
        .split(|b| *b == b'\n')
        .next()
        .unwrap_or_default();
    let words = after.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).count();
    before.trim_ascii().is_empty() && words == 1
}

impl<'t> Cursor<'t> {
    /// Begins at `at`.
    #[must_use]
    pub fn new(text: &'t [u8], at: usize) -> Cursor<'t> {
        Cursor {
            text,
            at,
            open: false,
            separated: false,
        }
    }

    /// What is left.
    #[must_use]
    pub fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over one of these bytes.
    pub fn skip_one(&mut self, any: &[u8]) -> bool {
        let skip = self.peek().is_some_and(|b| any.contains(&b));
        self.at += usize::from(skip);
        skip
    }

    /// Passes over `what`.
    pub fn skip(&mut self, what: &[u8]) -> bool {
        let skip = self.rest().starts_with(what);
        self.at += if skip { what.len() } else { 0 };
        skip
    }

    /// Passes over `word` in any case, when no more letters follow it.
    pub fn skip_word(&mut self, word: &[u8]) -> bool {
        let rest = self.rest();
        let skip = rest.get(..word.len()).is_some_and(|k| k.eq_ignore_ascii_case(word))
            && !rest
                .get(word.len())
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        self.at += if skip { word.len() } else { 0 };
        skip
    }

    /// Passes over blanks and tabs.
    pub fn blanks(&mut self) {
        while self.peek().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over white space.
    pub fn white_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// To the next entry of a map: after a comma or on the next line.
    pub fn to_next_entry(&mut self) {
        while self.peek().is_some_and(|b| !matches!(b, b'\n' | b',' | b'}')) {
            self.at += 1;
        }
        self.skip_one(b"\n,");
    }

    /// How far the line of `at` is indented.
    #[must_use]
    pub fn indent(&self, at: usize) -> usize {
        let start = self.text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let line = self.text.get(start..).unwrap_or_default();
        line.iter().take_while(|b| **b == b' ').count()
    }

    /// The literal that stands here: in quotes (perhaps with a prefix), wrapped, in a list, or bare where that is enough.
    pub fn value(&mut self, values: Values) -> Option<Literal> {
        if values == Values::Config && self.begins_a_list() {
            self.white_space();
            self.skip(b"- ");
        }
        if let Some(found) = self.in_quotes() {
            return found.map(Literal::quoted);
        }
        if let Some(found) = self.bytes() {
            return Some(found);
        }
        let from = self.at;
        if self.enter() {
            if let Some(found) = self.in_quotes() {
                return found.map(Literal::quoted);
            }
            self.at = from;
            return None;
        }
        let bare = values == Values::Config || values == Values::Prose && self.open;
        let span = if bare { self.bare() } else { None }?;
        Some(Literal {
            span,
            quoted: false,
            bytes: false,
        })
    }

    /// The rest of the line is empty, and an element of a list of YAML is on the next.
    fn begins_a_list(&self) -> bool {
        let rest = self.rest();
        let next = rest.strip_prefix(b"\n").or(rest.strip_prefix(b"\r\n"));
        next.is_some_and(|next| next.trim_ascii_start().starts_with(b"- "))
    }

    /// A literal in quotes, perhaps with a prefix; `Some(None)` when there is one that is not all of the value.
    fn in_quotes(&mut self) -> Option<Option<Span>> {
        let rest = self.rest();
        let prefix = rest.iter().take(4).position(|b| matches!(b, b'"' | b'\'' | b'`'))?;
        let escapes = rest[..prefix].iter().filter(|b| **b == b'\\').count();
        let plain = |b: &u8| {
            matches!(
                b,
                b'b' | b'B' | b'r' | b'R' | b'u' | b'U' | b'f' | b'F' | b'@' | b'$' | b'L' | b'\\'
            )
        };
        if !rest[..prefix].iter().all(plain) {
            return None;
        }
        Some(if escapes > 0 && rest[..prefix].ends_with(b"\\") {
            self.escaped(prefix - escapes, escapes)
        } else {
            self.quoted(prefix)
        })
    }

    /// `\"..\"`: a literal of code that itself stands in a text, as in notebooks and generators.
    fn escaped(&mut self, prefix: usize, escapes: usize) -> Option<Span> {
        let sign = self.text.get(self.at + prefix..self.at + prefix + escapes + 1)?;
        let start = self.at + prefix + sign.len();
        let inner = self.text.get(start..)?;
        let inner = &inner[..inner.len().min(LONGEST)];
        let len = inner.windows(sign.len()).position(|w| w == sign)?;
        if len == 0 || inner[..len].iter().any(|b| matches!(b, b'\n' | b'\\')) {
            return None;
        }
        self.at = start + len + sign.len();
        (!self.is_built()).then(|| Span::new(start, start + len))
    }

    /// A literal whose quote stands `prefix` bytes on. `f".."` and `$".."` are templates: their holes are seen by the placeholder test.
    fn quoted(&mut self, prefix: usize) -> Option<Span> {
        let quote_at = self.at + prefix;
        let quote = *self.text.get(quote_at)?;
        let triple = self
            .text
            .get(quote_at..quote_at + 3)
            .is_some_and(|q| q.iter().all(|b| *b == quote));
        let start = quote_at + if triple { 3 } else { 1 };
        let mut at = start;
        while at - start <= LONGEST {
            match self.text.get(at)? {
                b'\\' => at += 2,
                b'\n' => return None,
                b if *b == quote => {
                    self.at = at + if triple { 3 } else { 1 };
                    return (at > start && !self.is_built()).then(|| Span::new(start, at));
                }
                _ => at += 1,
            }
        }
        None
    }

    /// Whether the literal is only a piece of what is assigned: `".." + x`, `"..".format(x)`, `"%s" % x`.
    fn is_built(&self) -> bool {
        let rest = self.rest().trim_ascii_start();
        rest.starts_with(b"+ ") || rest.starts_with(b"%") || rest.starts_with(b".format(") || rest.starts_with(b"..")
    }

    /// Goes into a list, or a call that only changes the type of its text; false when there is none.
    fn enter(&mut self) -> bool {
        const REACH: usize = 64;
        let rest = self.rest();
        let path = rest.iter().take(REACH).position(|b| {
            !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'&' | b'[' | b']' | b'-') || *b == b' ')
        });
        let Some(end) = path else { return false };
        let head = rest[..end].trim_ascii();
        let opening = rest.get(end).copied();
        // `["a", "b"]`, and a list of YAML or TOML.
        if head == b"[" {
            self.at += end;
            return matches!(opening, Some(b'"' | b'\''));
        }
        let last = head
            .rsplit(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')))
            .next()
            .unwrap_or_default();
        let wraps = std::str::from_utf8(last).is_ok_and(|l| WRAPPERS.contains(&l));
        let list = head.ends_with(b"]string")
            || head.ends_with(b"String[]")
            || head.ends_with(b"string[]")
            || head == b"new[]";
        let opens = opening == Some(b'(') && wraps
            || opening == Some(b'{') && list
            || matches!(opening, Some(b'"' | b'\'')) && head.starts_with(b"ConvertTo-SecureString");
        if opens {
            self.at += end + usize::from(matches!(opening, Some(b'(' | b'{')));
            self.white_space();
        }
        opens
    }

    /// A row of numbers.
    fn bytes(&mut self) -> Option<Literal> {
        let rest = self.rest();
        let near = &rest[..rest.len().min(48)];
        if !near.iter().any(|b| matches!(b, b'{' | b'[' | b'(')) || !near.iter().any(u8::is_ascii_digit) {
            return None;
        }
        let near = &rest[..rest.len().min(8 * LONGEST)];
        let found = BYTES.matches(near).next()?.group("v")?.range();
        let span = Span::new(self.at + found.start, self.at + found.end);
        self.at += found.end;
        Some(Literal {
            span,
            quoted: true,
            bytes: true,
        })
    }

    /// A word without quotes.
    fn bare(&mut self) -> Option<Span> {
        let rest = self.rest();
        let end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b';' | b',' | b'"' | b'\'' | b'`' | b'}' | b')');
        let len = rest
            .iter()
            .take(LONGEST)
            .position(end)
            .unwrap_or(rest.len().min(LONGEST));
        // A value of several words (prose, a command) is none.
        let line = rest[len..]
            .split(|b| *b == b'\n')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let alone = line.is_empty()
            || matches!(
                line[0],
                b'#' | b';' | b',' | b'}' | b')' | b'"' | b'\'' | b'`' | b'\\' | b'&' | b'|' | b'-'
            );
        let called = rest.get(len.saturating_sub(1)) == Some(&b'(') || rest[..len].contains(&b'(');
        let more = line.iter().take_while(|b| !b.is_ascii_whitespace()).any(|b| *b == b'=');
        (len > 0 && (alone || more || self.open) && !called).then(|| Span::new(self.at, self.at + len))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(values: Values, text: &str) -> Option<String> {
        let found = Cursor::new(text.as_bytes(), 0).value(values)?;
        Some(String::from_utf8_lossy(found.span.of(text.as_bytes())).into_owned())
    }

    #[test]
    fn the_regex_can_be_built() {
        assert_eq!(BYTES.error(), None);
    }

    #[test]
    fn literals_in_code() {
        for text in [
            "\"v1\"",
            "b'v1'",
            "@\"v1\"",
            "\\\"v1\\\"\\n\",",
            "[]byte(\"v1\")",
            "String::from(\"v1\")",
            "Buffer.from('v1', 'hex')",
            "SecretStr(\"v1\")",
            "Encoding.UTF8.GetBytes(\"v1\")",
            "['v1', 'v2']",
            "[]string{\"v1\"}",
            "new String[] {\"v1\"}",
        ] {
            assert_eq!(read(Values::Code, text).as_deref(), Some("v1"), "{text}");
        }
        let bytes = "new byte[] { 0x01, 0x22, 0x30, 0x14, 0x55, 0x61, 0x70, 0x18 };";
        assert!(read(Values::Code, bytes).unwrap().starts_with("0x01"));
        for text in [
            "get(\"v1\")",
            "os.getenv(\"v1\")",
            "[1, 2, 3]",
            "v1",
            "{\"a\": 1}",
            "\"a\" + b",
        ] {
            assert_eq!(read(Values::Code, text), None, "{text}");
        }
    }

    #[test]
    fn literals_in_configuration() {
        for text in ["v1\n", "\n  - v1\n  - v2\n", "[\"v1\"]", "v1 # note"] {
            assert_eq!(read(Values::Config, text).as_deref(), Some("v1"), "{text}");
        }
        assert_eq!(read(Values::Config, "two words"), None);
        assert_eq!(read(Values::Config, "call(x)"), None);
    }
}
