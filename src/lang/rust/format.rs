//! Format strings: literal text and holes of `format!("a {x} {0:?} {}", ..)`, with their places in the source.

use super::literal::{content, escape};
use crate::text::Span;

/// One piece of a format string.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// Decoded text.
    Text(String, Span),
    /// `{..}`, and what fills it.
    Hole(Filler, Span),
}

/// What fills a hole.
#[derive(Debug, PartialEq)]
pub(super) enum Filler {
    /// The next positional argument.
    Next,
    /// The argument of that number.
    At(usize),
    /// A named argument, or the variable of that name; where it is written.
    Named(String, Span),
}

/// Takes a string literal apart; `start` is where it begins in the file.
pub(super) fn pieces(literal: &str, start: usize) -> Vec<Piece> {
    let (raw, inner) = content(literal);
    let base = start + (inner.as_ptr() as usize - literal.as_ptr() as usize);
    let mut found = Vec::new();
    let (mut text, mut text_start) = (String::new(), 0);
    let mut at = 0;
    while let Some(next) = inner[at..].chars().next() {
        if text.is_empty() {
            text_start = at;
        }
        let rest = &inner[at..];
        if next == '\\' && !raw {
            at += escape(rest, &mut text).clamp(1, rest.len());
        } else if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push(next);
            at += 2;
        } else if let Some(hole) = rest.strip_prefix('{').and_then(|r| r.split_once('}')).map(|(h, _)| h) {
            if !text.is_empty() {
                let text = std::mem::take(&mut text);
                found.push(Piece::Text(text, Span::new(base + text_start, base + at)));
            }
            let end = at + hole.len() + 2;
            // `{:.*}` takes its precision from the arguments first.
            if hole.split_once(':').is_some_and(|(_, spec)| spec.contains(".*")) {
                found.push(Piece::Hole(Filler::Next, Span::new(base + at, base + at)));
            }
            found.push(Piece::Hole(
                filler(hole, base + at + 1),
                Span::new(base + at, base + end),
            ));
            at = end;
        } else {
            text.push(next);
            at += next.len_utf8();
        }
    }
    if !text.is_empty() {
        found.push(Piece::Text(text, Span::new(base + text_start, base + inner.len())));
    }
    found
}

/// What `name:spec` is filled with; `start` is where it begins.
fn filler(hole: &str, start: usize) -> Filler {
    let written = hole.split(':').next().unwrap_or_default();
    let name = written.trim();
    if name.is_empty() {
        return Filler::Next;
    }
    match name.parse() {
        Ok(number) => Filler::At(number),
        Err(_) => {
            let start = start + (written.len() - written.trim_start().len());
            Filler::Named(name.to_owned(), Span::new(start, start + name.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_and_text_are_found_where_they_stand() {
        let seen = pieces(r#""a {} {{x}} {0:>4} {name:?}\u{41}""#, 10);
        let expected = vec![
            Piece::Text("a ".into(), Span::new(11, 13)),
            Piece::Hole(Filler::Next, Span::new(13, 15)),
            Piece::Text(" {x} ".into(), Span::new(15, 22)),
            Piece::Hole(Filler::At(0), Span::new(22, 28)),
            Piece::Text(" ".into(), Span::new(28, 29)),
            Piece::Hole(Filler::Named("name".into(), Span::new(30, 34)), Span::new(29, 37)),
            Piece::Text("A".into(), Span::new(37, 43)),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn raw_and_broken_strings_do_no_harm() {
        assert_eq!(pieces(r##"r#"{a}\"#"##, 0).len(), 2);
        assert_eq!(pieces("\"{", 0), vec![Piece::Text("{".into(), Span::new(1, 2))]);
        assert_eq!(pieces("\"\\", 0), vec![]);
    }
}
