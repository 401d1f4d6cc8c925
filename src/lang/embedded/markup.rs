//! Scripts in markup: what stands between `<script>` and `</script>`, where it is code.

use super::{Island, blank};
use crate::lang::Lang;

/// The scripts of a file as one island; `None` when it has none. `component`: no template language is mixed in.
pub(super) fn scripts(text: &[u8], component: bool) -> Option<Island> {
    let lower = text.to_ascii_lowercase();
    let mut island = blank(text);
    let (mut lang, mut any, mut mixed) = (Lang::JavaScript, false, false);
    let mut at = 0;
    while let Some(open) = find(&lower, at, b"<script") {
        let Some(head_end) = find(&lower, open, b">") else {
            break;
        };
        let body = head_end + 1;
        let end = find(&lower, body, b"</script").unwrap_or(text.len());
        at = end;
        let Some(of) = language(&lower[open..head_end]) else {
            continue;
        };
        lang = if lang == Lang::JavaScript { of } else { lang };
        island[body..end].copy_from_slice(&text[body..end]);
        any = any || !text[body..end].trim_ascii().is_empty();
        if !component {
            mixed |= blank_marks(&mut island[body..end]);
        }
        // Two scripts must not run together.
        if let Some(last) = island.get_mut(end) {
            *last = b';';
        }
    }
    any.then_some(Island {
        lang,
        text: island,
        whole: component && !mixed,
    })
}

/// The language a script's tag declares; `None` for data and templates.
fn language(head: &[u8]) -> Option<Lang> {
    // It runs on the server, in the page's own language.
    if find(head, 0, b"runat=").is_some() {
        return None;
    }
    let declared = |name: &[u8]| {
        let at = find(head, 0, name)? + name.len();
        let value = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().position(|b| matches!(b, b'"' | b'\'' | b' ' | b'>'));
        Some(&value[..end.unwrap_or(value.len())])
    };
    match declared(b" lang") {
        Some(b"ts" | b"typescript") => return Some(Lang::TypeScript),
        Some(b"tsx") => return Some(Lang::Tsx),
        _ => {}
    }
    match declared(b" type") {
        None | Some(b"" | b"module" | b"text/javascript" | b"application/javascript" | b"text/babel" | b"text/jsx") => {
            Some(Lang::JavaScript)
        }
        Some(b"text/typescript") => Some(Lang::TypeScript),
        Some(_) => None,
    }
}

/// Puts a number where a template puts a value, and blanks where it decides. True when there was such a mark.
fn blank_marks(script: &mut [u8]) -> bool {
    const MARKS: [(&[u8], &[u8], u8); 4] = [
        (b"{{", b"}}", b'0'),
        (b"<%", b"%>", b'0'),
        (b"{%", b"%}", b' '),
        (b"<?", b"?>", b'0'),
    ];
    let mut any = false;
    for (open, close, stand_in) in MARKS {
        let mut at = 0;
        while let Some(start) = find(script, at, open) {
            let Some(end) = find(script, start + open.len(), close) else {
                break;
            };
            let end = end + close.len();
            for byte in &mut script[start..end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
            script[start] = stand_in;
            any = true;
            at = end;
        }
    }
    any
}

/// Where `what` stands in `text` from `from` on.
pub(super) fn find(text: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = text.get(from..)?;
    memchr::memmem::find(rest, what).map(|at| from + at)
}
