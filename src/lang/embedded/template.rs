//! Templates with code between `<%` and `%>`: what runs is kept, what is written into the page without escaping becomes a call of
//! [`super::RAW_OUTPUT`].

use super::{Island, RAW_OUTPUT, blank, markup::find};
use crate::lang::Lang;

/// The code of a template; `None` when it has none.
pub(super) fn between_percents(text: &[u8], lang: Lang) -> Option<Island> {
    let mut island = blank(text);
    let mut any = false;
    let mut at = 0;
    while let Some(open) = find(text, at, b"<%") {
        let end = find(text, open + 2, b"%>").unwrap_or(text.len());
        at = end;
        let sign = text.get(open + 2).copied().unwrap_or_default();
        // Comments, escapes, and what a page declares of itself.
        let bound = sign == b'#' && lang == Lang::CSharp;
        let aside = matches!(sign, b'%' | b'@' | b'$') || (sign == b'#' && !bound);
        if aside || text[open + 2..end].starts_with(b"--") {
            continue;
        }
        any = true;
        copy(&mut island, text, open, end, lang);
    }
    any.then_some(Island {
        lang,
        text: island,
        whole: false,
    })
}

/// Copies one stretch of code, with what its signs mean written as code of the same length.
fn copy(island: &mut [u8], text: &[u8], open: usize, end: usize, lang: Lang) {
    let after = &text[open + 2..end];
    let (signs, raw) = match lang {
        Lang::Ruby if after.starts_with(b"==") => (2, true),
        Lang::Ruby if after.starts_with(b"=") => (1, false),
        Lang::JavaScript if after.starts_with(b"-") => (1, true),
        Lang::JavaScript if after.starts_with(b"=") => (1, false),
        Lang::Java | Lang::CSharp if after.starts_with(b"=") => (1, true),
        // `<%: x %>` and `<%#: x %>` escape, `<%# x %>` does not.
        Lang::CSharp if after.starts_with(b"#:") => (2, false),
        Lang::CSharp if after.starts_with(b"#") => (1, true),
        Lang::CSharp if after.starts_with(b":") => (1, false),
        _ if after.starts_with(b"!") || after.starts_with(b"-") || after.starts_with(b"_") => (1, false),
        _ => (0, false),
    };
    let mut code = open + 2 + signs;
    if raw {
        let call = format!("{RAW_OUTPUT}(");
        island[code - call.len()..code].copy_from_slice(call.as_bytes());
    }
    let mut stop = end;
    // `-%>` and `_%>` eat a line end.
    if stop > code && matches!(text[stop - 1], b'-' | b'_') {
        stop -= 1;
    }
    code = code.min(stop);
    island[code..stop].copy_from_slice(&text[code..stop]);
    let closing: &[u8] = if raw { b");" } else { b" ;" };
    // `<% items.each do |x| %>` must stay open; a semicolon ends no block.
    if let Some(place) = island.get_mut(end..end + 2) {
        place.copy_from_slice(closing);
    }
}

/// True for a page that declares its code to be Visual Basic.
pub(super) fn is_visual_basic(text: &[u8]) -> bool {
    let head = text[..text.len().min(2048)].to_ascii_lowercase();
    [&b"language=\"vb"[..], b"language='vb"]
        .iter()
        .any(|mark| find(&head, 0, mark).is_some())
}
