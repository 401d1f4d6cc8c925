//! Code as a finding's identity sees it: what reformatting does not change. Comments and white space go, one kind of quote stands for
//! all, a trailing comma is none.

use crate::{lang::facts::Facts, text::Span};

/// The code of `span`, normalised.
#[must_use]
pub fn normalised(facts: &Facts, text: &[u8], span: Span) -> Vec<u8> {
    let mut out = Vec::new();
    let mut space = false;
    let mut at = span.start;
    let from = facts.comments.partition_point(|c| c.span.end <= span.start);
    for comment in facts.comments[from..].iter().take_while(|c| c.span.start < span.end) {
        if comment.doc || comment.span.start < at {
            continue;
        }
        fold(
            Span {
                start: at,
                end: comment.span.start,
            }
            .of(text),
            &mut out,
            &mut space,
        );
        space = true;
        at = comment.span.end.min(span.end);
    }
    fold(
        Span {
            start: at,
            end: span.end,
        }
        .of(text),
        &mut out,
        &mut space,
    );
    out
}

fn fold(code: &[u8], out: &mut Vec<u8>, space: &mut bool) {
    for byte in code {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => *space = true,
            b'\'' | b'"' | b'`' => join(out, space, b'"'),
            _ => join(out, space, *byte),
        }
    }
}

/// Appends a byte; white space before it counts only between two words.
fn join(out: &mut Vec<u8>, space: &mut bool, byte: u8) {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
    if std::mem::take(space) && out.last().is_some_and(|last| word(*last)) && word(byte) {
        out.push(b' ');
    }
    if matches!(byte, b')' | b']' | b'}') && out.last() == Some(&b',') {
        out.pop();
    }
    out.push(byte);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::lang::{Lang, lower};

    fn of(code: &str) -> String {
        let facts = lower(Lang::Python, code.as_bytes()).unwrap();
        let span = Span::new(0, code.len());
        String::from_utf8(normalised(&facts, code.as_bytes(), span)).unwrap()
    }

    #[test]
    fn formatting_quotes_and_comments_do_not_count() {
        let plain = of("run('a b', not x)");
        assert_eq!(plain, of("run(\n    \"a b\",  # why\n    not  x,\n)"));
        assert_ne!(plain, of("run('a c', not x)"));
        assert_ne!(of("a in b"), of("ainb"));
    }
}
