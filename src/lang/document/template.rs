//! Templates in YAML (Helm, Jinja): `{{ .. }}` and `{% .. %}` made invisible to the grammar, byte for byte, so that places stay.

use crate::text::Span;

/// A text without its templates.
pub struct Masked {
    /// As long as the original.
    pub text: Vec<u8>,
    /// Stretches that stood alone on their lines: what they put in is unknown.
    pub holes: Vec<Span>,
}

/// Masks the templates of `text`; `None` when it has none. What stands alone on its lines becomes white space; what stands in a value
/// becomes letters. `${{ .. }}` (expressions of GitHub Actions) is ordinary text and stays.
#[must_use]
pub fn mask(text: &[u8]) -> Option<Masked> {
    let mut masked: Option<Masked> = None;
    let mut at = 0;
    while let Some(found) = find_open(text, at) {
        let close: &[u8] = if text.get(found + 1) == Some(&b'%') {
            b"%}"
        } else {
            b"}}"
        };
        let Some(end) = find(text, close, found + 2) else { break };
        let end = end + close.len();
        at = end;
        let masked = masked.get_or_insert_with(|| Masked {
            text: text.to_vec(),
            holes: Vec::new(),
        });
        let alone = alone(&masked.text, text, found, end);
        if alone {
            masked.holes.push(Span::new(found, end));
        }
        let with = if alone { b' ' } else { b'x' };
        for byte in masked.text.get_mut(found..end).unwrap_or_default() {
            // White space stays: on later lines it is the indentation.
            if !byte.is_ascii_whitespace() {
                *byte = with;
            }
        }
    }
    masked
}

/// Where the next template begins.
fn find_open(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let brace = at + text.get(at..)?.iter().position(|b| *b == b'{')?;
        let opens = matches!(text.get(brace + 1), Some(b'{' | b'%'));
        let expression = brace.checked_sub(1).and_then(|i| text.get(i)) == Some(&b'$');
        if opens && !expression {
            return Some(brace);
        }
        // The inner brace of an expression opens nothing either.
        at = brace + if opens { 2 } else { 1 };
    }
}

fn find(text: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.windows(what.len()).position(|w| w == what).map(|i| i + from)
}

/// True when nothing but white space (and templates masked before) shares the lines of `start..end`.
fn alone(masked: &[u8], text: &[u8], start: usize, end: usize) -> bool {
    let before = masked.get(..start).unwrap_or_default();
    let line = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let blank = |b: &u8| b.is_ascii_whitespace();
    if !masked.get(line..start).unwrap_or_default().iter().all(blank) {
        return false;
    }
    let rest = text.get(end..).unwrap_or_default();
    let rest = rest.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    rest.is_empty() || rest.starts_with(b"#") || rest.starts_with(b"{{") && rest.ends_with(b"}}")
}
