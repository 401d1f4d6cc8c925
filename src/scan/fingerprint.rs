//! A finding's identity, made: a digest of the rule, the enclosing definition and the normalised code it is about. No line
//! numbers, no path, no message: stable over rebase, reformatting, moves and renames.

use super::Fingerprint;
use sha2::{Digest, Sha256};

/// Makes a fingerprint. `within` is the enclosing definition, `about` the code in parts (normalised here: runs of white space are
/// one space), `ordinal` tells apart what is otherwise equal in one file, counted from 0 in order of place.
#[must_use]
pub fn fingerprint<'a>(
    rule: &str,
    within: Option<&str>,
    about: impl IntoIterator<Item = &'a [u8]>,
    ordinal: u32,
) -> Fingerprint {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    part(rule.as_bytes());
    part(within.unwrap_or_default().as_bytes());
    for code in about {
        part(&normalise(code));
    }
    part(&ordinal.to_le_bytes());
    let hex: String = digest.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
    Fingerprint(hex.into())
}

/// Code with every run of white space as one space, and none at the ends.
#[must_use]
pub fn normalise(code: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(code.len());
    for word in code.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_does_not_matter_and_everything_else_does() {
        let make = |rule, within, code: &[u8], n| fingerprint(rule, within, [code], n);
        let first = make("a/b", Some("f"), b"x(\n  1)", 0);
        assert_eq!(first, make("a/b", Some("f"), b" x( 1) ", 0));
        assert_eq!(first.0.len(), 32);
        for other in [
            make("a/c", Some("f"), b"x( 1)", 0),
            make("a/b", Some("g"), b"x( 1)", 0),
            make("a/b", Some("f"), b"x( 2)", 0),
            make("a/b", Some("f"), b"x( 1)", 1),
        ] {
            assert_ne!(first, other);
        }
    }
}
