//! String literals as they are written: where the quotes are, what each character of the content is, and how text is put into a literal
//! of the same style. Facts carry decoded text; edits need the source, so this reads it again, a literal at a time.

use crate::{lang::Lang, text::Span};

/// One string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Prefix and quotes included.
    pub span: Span,
    /// Between the quotes.
    pub content: Span,
    /// How it is written.
    pub style: Style,
}

/// How a literal is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What comes before the quote (`f`, `rb`, `r` in Rust; empty mostly).
    pub prefix: String,
    /// The opening quote, with Rust's hashes (`"`, `'''`, `` ` ``, `#"`).
    pub open: String,
    /// The closing one.
    pub close: String,
}

impl Style {
    /// A plain literal with this quote.
    #[must_use]
    pub fn plain(quote: &str) -> Style {
        Style {
            prefix: String::new(),
            open: quote.to_owned(),
            close: quote.to_owned(),
        }
    }

    /// A backslash is only a backslash.
    #[must_use]
    pub fn raw(&self, lang: Lang) -> bool {
        match lang {
            Lang::Go => self.open == "`",
            Lang::Python | Lang::Rust => self.prefix.contains(['r', 'R']),
            Lang::CSharp => self.prefix.contains('@'),
            Lang::Ruby | Lang::Php | Lang::Bash => self.open == "'",
            _ => false,
        }
    }

    /// Holes are written between braces in it.
    #[must_use]
    pub fn formatted(&self, lang: Lang) -> bool {
        match lang {
            Lang::Python => self.prefix.contains(['f', 'F', 't', 'T']),
            Lang::JavaScript | Lang::TypeScript | Lang::Tsx => self.open == "`",
            Lang::CSharp => self.prefix.contains('$'),
            _ => false,
        }
    }

    /// The style without what makes holes of braces.
    #[must_use]
    pub fn unformatted(&self) -> Style {
        Style {
            prefix: self.prefix.replace(['f', 'F'], ""),
            ..self.clone()
        }
    }
}

/// The literal that begins at `start`; `holes` are stretches inside it that are code. `None` when none begins there.
#[must_use]
pub fn at(lang: Lang, text: &[u8], start: u32, holes: &[Span]) -> Option<Literal> {
    let rest = text.get(start as usize..)?;
    let (prefix, open, close) = opening(lang, rest)?;
    let style = Style {
        prefix: String::from_utf8_lossy(&rest[..prefix]).into_owned(),
        open,
        close,
    };
    let begin = start as usize + prefix + style.open.len();
    // In Python a backslash before a quote keeps it from ending even a raw literal.
    let skips = lang == Lang::Python || !style.raw(lang);
    let close = style.close.as_bytes();
    let mut at = begin;
    loop {
        if let Some(hole) = holes.iter().find(|h| h.start as usize == at && !h.is_empty()) {
            at = hole.end as usize;
            continue;
        }
        let rest = text.get(at..).filter(|r| !r.is_empty())?;
        if rest.starts_with(close) {
            return Some(Literal {
                span: Span::new(start as usize, at + close.len()),
                content: Span::new(begin, at),
                style,
            });
        }
        at += if rest[0] == b'\\' && skips { 2 } else { 1 };
    }
}

/// Length of the prefix, opening and closing quote.
fn opening(lang: Lang, rest: &[u8]) -> Option<(usize, String, String)> {
    let same = |prefix: usize, quote: &str| (prefix, quote.to_owned(), quote.to_owned());
    let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let quoted = rest.get(letters..)?;
    match lang {
        Lang::Python if letters <= 2 => ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|q| quoted.starts_with(q.as_bytes()))
            .map(|q| same(letters, q)),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx if letters == 0 => ["\"", "'", "`"]
            .into_iter()
            .find(|q| rest.starts_with(q.as_bytes()))
            .map(|q| same(0, q)),
        Lang::Go if letters == 0 => ["\"", "`"]
            .into_iter()
            .find(|q| rest.starts_with(q.as_bytes()))
            .map(|q| same(0, q)),
        Lang::Rust if letters <= 2 => {
            let hashes = quoted.iter().take_while(|b| **b == b'#').count();
            let raw = rest[..letters].contains(&b'r');
            (quoted.get(hashes) == Some(&b'"') && (raw || hashes == 0)).then(|| {
                let hashes = "#".repeat(hashes);
                (letters, format!("{hashes}\""), format!("\"{hashes}"))
            })
        }
        Lang::Java | Lang::Kotlin | Lang::C | Lang::Cpp if letters == 0 => {
            let long = rest.starts_with(b"\"\"\"") && matches!(lang, Lang::Java | Lang::Kotlin);
            let quote = if long { "\"\"\"" } else { "\"" };
            rest.starts_with(b"\"").then(|| same(0, quote))
        }
        Lang::CSharp => {
            let marks = rest.iter().take_while(|b| matches!(b, b'$' | b'@')).count();
            (rest.get(marks) == Some(&b'"') && !rest[marks..].starts_with(b"\"\"\"")).then(|| same(marks, "\""))
        }
        Lang::Ruby | Lang::Php | Lang::Bash if letters == 0 => ["\"", "'", "`"]
            .into_iter()
            .find(|q| rest.starts_with(q.as_bytes()))
            .map(|q| same(0, q)),
        _ => None,
    }
}

/// Every literal inside `span`, which holds literals side by side (Python and C join them), in order.
#[must_use]
pub fn all_in(lang: Lang, text: &[u8], span: Span, holes: &[Span]) -> Vec<Literal> {
    let mut found: Vec<Literal> = Vec::new();
    let mut next = span.start;
    while next < span.end {
        if let Some(literal) = at(lang, text, next, holes).filter(|l| l.span.end <= span.end) {
            next = literal.span.end;
            found.push(literal);
        } else if text.get(next as usize) == Some(&b'#') {
            let line = text[next as usize..].iter().take_while(|b| **b != b'\n').count();
            next += line as u32;
        } else {
            next += 1;
        }
    }
    found
}

/// One character of a literal's text and the bytes that stand for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The character; [`OPAQUE`] for an escape that is not taken apart here.
    pub ch: char,
    /// Where it is written.
    pub span: Span,
}

/// Stands for an escape whose meaning does not matter.
pub const OPAQUE: char = '\u{fffd}';

/// The characters of `stretch`, part of a literal's content. In formats, `doubled` characters stand for themselves when written
/// twice (`{{`, `%%`).
#[must_use]
pub fn units(lang: Lang, style: &Style, text: &[u8], stretch: Span, doubled: &[char]) -> Vec<Unit> {
    let source = String::from_utf8_lossy(stretch.of(text));
    if source.len() != stretch.len() {
        // Not UTF-8: lengths would not fit. Nothing in it is looked at.
        return vec![Unit {
            ch: OPAQUE,
            span: stretch,
        }];
    }
    let raw = style.raw(lang);
    let mut found = Vec::with_capacity(source.len());
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let (ch, len) = if first == '\\' && !raw {
            escape(rest)
        } else if doubled.contains(&first) && rest[first.len_utf8()..].starts_with(first) {
            (Some(first), 2 * first.len_utf8())
        } else {
            (Some(first), first.len_utf8())
        };
        let start = stretch.start as usize + at;
        if let Some(ch) = ch {
            let span = Span::new(start, start + len);
            found.push(Unit { ch, span });
        }
        at += len;
    }
    found
}

/// The character an escape stands for (none for a joined line) and its length in bytes.
fn escape(rest: &str) -> (Option<char>, usize) {
    let Some(kind) = rest[1..].chars().next() else {
        return (Some(OPAQUE), 1);
    };
    let plain = match kind {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '\'' | '"' | '`' | '\\' | '$' => Some(kind),
        '\n' => None,
        '\r' if rest[2..].starts_with('\n') => return (None, 3),
        'x' | 'u' | 'U' | 'N' | '0'..='9' => {
            let tail = &rest[2..];
            let braced = tail.starts_with('{').then(|| tail.find('}').map(|i| i + 1)).flatten();
            let digits = tail.bytes().take_while(u8::is_ascii_hexdigit).count().min(8);
            return (Some(OPAQUE), 2 + braced.unwrap_or(digits));
        }
        _ => Some(OPAQUE),
    };
    (plain, 1 + kind.len_utf8())
}

/// `value` as a literal, with the quotes of `style` where they can hold it.
#[must_use]
pub fn write(lang: Lang, style: &Style, value: &str) -> String {
    let quote = match style.open.trim_start_matches('#') {
        "`" if lang == Lang::Go && !value.contains('`') => return format!("`{value}`"),
        "'" | "'''" if matches!(lang, Lang::Python | Lang::JavaScript | Lang::TypeScript | Lang::Tsx) => '\'',
        _ => '"',
    };
    let other = if quote == '"' { '\'' } else { '"' };
    let both = matches!(lang, Lang::Python | Lang::JavaScript | Lang::TypeScript | Lang::Tsx);
    let quote = if both && value.contains(quote) && !value.contains(other) {
        other
    } else {
        quote
    };
    let mut out = String::with_capacity(value.len() + 2);
    out.push(quote);
    out.push_str(&escaped(value, quote));
    out.push(quote);
    out
}

/// `value` as it is written between two `quote`s.
#[must_use]
pub fn escaped(value: &str, quote: char) -> String {
    let mut out = String::with_capacity(value.len());
    for ch in value.chars() {
        match ch {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            ch if ch == quote => out.extend(['\\', ch]),
            ch => out.push(ch),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn one(lang: Lang, text: &str) -> Literal {
        at(lang, text.as_bytes(), 0, &[]).unwrap()
    }

    #[test]
    fn quotes_of_every_language_are_found() {
        for (lang, text, prefix, open) in [
            (Lang::Python, r#"f"a\"b" + x"#, "f", "\""),
            (Lang::Python, "rb'''a'b''' x", "rb", "'''"),
            (Lang::JavaScript, "`a'b\"` + c", "", "`"),
            (Lang::Go, "`a\\`, b", "", "`"),
            (Lang::Rust, "r#\"a\"b\"# , c", "r", "#\""),
        ] {
            let literal = one(lang, text);
            assert_eq!(
                (literal.style.prefix.as_str(), literal.style.open.as_str()),
                (prefix, open)
            );
            let rest = &text[literal.span.end as usize..];
            assert!(rest.starts_with([' ', ',']), "{text}: {rest}");
        }
        assert_eq!(at(Lang::Go, b"'a'", 0, &[]), None);
        assert_eq!(at(Lang::Python, b"'a", 0, &[]), None);
    }

    #[test]
    fn a_quote_inside_a_hole_does_not_end_the_literal() {
        let text = "f\"{x[\"a\"]}!\" + y";
        let literal = at(Lang::Python, text.as_bytes(), 0, &[Span::new(2, 10)]).unwrap();
        assert_eq!(literal.span.of(text.as_bytes()), b"f\"{x[\"a\"]}!\"");
    }

    #[test]
    fn units_know_where_each_character_is_written() {
        let text = r#"a\'b{{c\u{41}\"#;
        let found = units(
            Lang::JavaScript,
            &Style::plain("\""),
            text.as_bytes(),
            Span::new(0, 13),
            &['{'],
        );
        let chars: String = found.iter().map(|u| u.ch).collect();
        assert_eq!(chars, format!("a'b{{c{OPAQUE}"));
        assert_eq!(found[1].span, Span::new(1, 3));
        assert_eq!(found[3].span, Span::new(4, 6));
        assert_eq!(found[5].span, Span::new(7, 13));
    }

    #[test]
    fn text_is_written_with_the_quotes_that_need_no_escape() {
        let double = Style::plain("\"");
        assert_eq!(write(Lang::Python, &double, "it's"), "\"it's\"");
        assert_eq!(write(Lang::Python, &double, "say \"x\""), "'say \"x\"'");
        assert_eq!(write(Lang::Go, &double, "say \"x\""), "\"say \\\"x\\\"\"");
        assert_eq!(write(Lang::JavaScript, &Style::plain("'"), "a\n"), "'a\\n'");
    }

    #[test]
    fn literals_side_by_side_are_all_found() {
        let text = "\"a\"  # it's\n  f'b{x}' \"c\"";
        let found = all_in(Lang::Python, text.as_bytes(), Span::new(0, text.len()), &[]);
        assert_eq!(found.len(), 3);
        assert_eq!(found[1].style.prefix, "f");
    }
}
