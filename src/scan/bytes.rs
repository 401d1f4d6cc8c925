//! Whether something stands in bytes at all: asked of whole files before anything dearer is.

use memchr::{memchr2_iter, memmem};

/// True when `what` occurs in `text`.
#[must_use]
pub fn has(text: &[u8], what: &[u8]) -> bool {
    memmem::find(text, what).is_some()
}

/// True when `what`, given in lower case, occurs in `text` in any case (of ASCII letters).
#[must_use]
pub fn has_in_any_case(text: &[u8], what: &[u8]) -> bool {
    let Some(first) = what.first() else { return true };
    let Some(room) = (text.len() + 1).checked_sub(what.len()) else {
        return false;
    };
    memchr2_iter(*first, first.to_ascii_uppercase(), &text[..room])
        .any(|at| text[at..at + what.len()].eq_ignore_ascii_case(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_matters_only_where_it_should() {
        assert!(has(b"a://b", b"://") && !has(b"PWD", b"pwd"));
        for (text, found) in [
            (&b"xPwD"[..], true),
            (b"pwd", true),
            (b"pw", false),
            (b"", false),
            (b"p-wd", false),
        ] {
            assert_eq!(has_in_any_case(text, b"pwd"), found, "{text:?}");
        }
        assert!(has_in_any_case(b"", b""));
    }
}
