//! Bytes to text that can be scanned: UTF-16 with a byte order mark becomes UTF-8, with the way back to the original offsets. Everything
//! else is scanned as it is, invalid bytes and NULs included: one odd byte must not switch the scanner off.

use crate::text::Span;
use std::borrow::Cow;

/// A file's text, and where each piece of it stands in the file.
pub struct Decoded<'t> {
    /// UTF-8, as far as the file was text at all.
    pub text: Cow<'t, [u8]>,
    /// For UTF-16: the offset in [`Decoded::text`] at which each code unit's character begins, in order.
    units: Option<Vec<u32>>,
}

/// Decodes by the byte order mark.
#[must_use]
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let wide = match bytes {
        [0xff, 0xfe, 0, 0, ..] => None, // UTF-32: four bytes a character, not in use for sources
        [0xff, 0xfe, rest @ ..] => Some(units(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some(units(rest, u16::from_be_bytes)),
        _ => None,
    };
    match wide {
        None => Decoded {
            text: Cow::Borrowed(bytes),
            units: None,
        },
        Some(wide) => {
            let mut text = String::with_capacity(wide.len());
            let mut starts = Vec::with_capacity(wide.len());
            for decoded in char::decode_utf16(wide) {
                let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
                for _ in 0..c.len_utf16() {
                    starts.push(text.len() as u32);
                }
                text.push(c);
            }
            starts.push(text.len() as u32);
            Decoded {
                text: Cow::Owned(text.into_bytes()),
                units: Some(starts),
            }
        }
    }
}

fn units(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect()
}

impl Decoded<'_> {
    /// True when the file is not UTF-8 and was converted; edits cannot be made in it.
    #[must_use]
    pub fn converted(&self) -> bool {
        self.units.is_some()
    }

    /// A span of the text as bytes of the file.
    #[must_use]
    pub fn original(&self, span: Span) -> Span {
        match &self.units {
            None => span,
            Some(units) => {
                let at = |offset: u32| 2 + 2 * units.partition_point(|u| *u < offset);
                Span::new(at(span.start), at(span.end))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_converted_with_the_way_back() {
        let text = "aé😀b";
        let mut file = vec![0xff, 0xfe];
        file.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let decoded = decode(&file);
        assert_eq!(&*decoded.text, text.as_bytes());
        let b = Span::new(7, 8);
        assert_eq!(b.of(&decoded.text), b"b");
        assert_eq!(decoded.original(b).of(&file), &[b'b', 0]);
        let face = Span::new(3, 7);
        assert_eq!(decoded.original(face).len(), 4);
    }

    #[test]
    fn everything_else_stays() {
        for bytes in [&b"caf\xe9\0"[..], b"\xef\xbb\xbfx", b"", b"\xff"] {
            let decoded = decode(bytes);
            assert_eq!(&*decoded.text, bytes);
            assert!(!decoded.converted());
        }
    }
}
