//! String literals: raw, byte and C strings, escapes decoded.

use super::Rust;
use crate::lang::adapter::Adapter;
use tree_sitter::Node;

impl Rust<'_, '_> {
    /// The text of a string or character literal.
    pub(super) fn string_text(&self, node: Node<'_>) -> String {
        let written = self.str(node);
        let (raw, inner) = content(&written);
        if raw { inner.to_owned() } else { decode(inner) }
    }
}

/// What stands between the quotes, and whether it is raw.
pub(super) fn content(written: &str) -> (bool, &str) {
    let bare = written.trim_start_matches(['b', 'c']);
    let raw = bare.starts_with('r');
    let bare = bare.trim_start_matches('r').trim_matches('#');
    let quote = if bare.starts_with('\'') { '\'' } else { '"' };
    let inner = bare.strip_prefix(quote).unwrap_or(bare);
    (raw, inner.strip_suffix(quote).unwrap_or(inner))
}

/// Decodes the escapes of a string that is not raw.
fn decode(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let taken = escape(&rest[at..], &mut out);
        rest = rest.get(at + taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Decodes the escape that `rest` begins with, its backslash included; gives how many bytes it takes.
pub(super) fn escape(rest: &str, out: &mut String) -> usize {
    let Some(kind) = rest.chars().nth(1) else {
        return rest.len();
    };
    match kind {
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        '0' => out.push('\0'),
        'x' => {
            let code = rest.get(2..4).and_then(|d| u8::from_str_radix(d, 16).ok());
            out.push(code.map_or('\u{fffd}', char::from));
            return 4;
        }
        'u' => {
            let end = rest.find('}').unwrap_or(rest.len() - 1);
            let digits = rest.get(3..end).unwrap_or_default().replace('_', "");
            let decoded = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            out.push(decoded.unwrap_or('\u{fffd}'));
            return end + 1;
        }
        // A line end and the white space after it are nothing.
        '\n' | '\r' => return rest.len() - rest[1..].trim_start().len(),
        other => out.push(other),
    }
    1 + kind.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_string_gives_its_text() {
        let text = |written: &str| {
            let (raw, inner) = content(written);
            if raw { inner.to_owned() } else { decode(inner) }
        };
        assert_eq!(text(r#""a\tb\u{e9}\x41\"""#), "a\tb\u{e9}A\"");
        assert_eq!(text("\"select \\\n    1\""), "select 1");
        assert_eq!(text(r###"r#"a\n"b"#"###), r#"a\n"b"#);
        assert_eq!(
            (text(r#"b"x""#), text(r#"c"x""#), text("b'x'")),
            ("x".into(), "x".into(), "x".into())
        );
        assert_eq!((text("\"\\"), text(r#""\u{"#)), (String::new(), "\u{fffd}".into()));
    }
}
