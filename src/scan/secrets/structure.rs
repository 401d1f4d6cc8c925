//! Structures that values of a format have beyond what a regex can say: checksums, encoded headers.

/// What a structure says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The structure holds: hardly by chance.
    Holds,
    /// It may be one: it looks like it, and has nothing to be checked by.
    Plausible,
    /// A checksum that does not hold: invented, shortened or mistyped, and still perhaps a secret.
    Invented,
    /// It is something else.
    Fails,
}

/// What one structure says of a value.
type Check = fn(&[u8]) -> Verdict;

/// The names that rules may use, with what they check.
pub const NAMES: &[(&str, Check)] = &[
    ("crc32-base62", crc32_base62),
    ("jwt", jwt),
    ("basic", basic),
    ("base64-text", base64_text),
    ("mixed", mixed),
    ("mixed-case", mixed_case),
    ("made-up", made_up),
    ("drawn", drawn),
];

/// Applies the structure `name`; a name that is not known holds (loading reports it).
#[must_use]
pub fn check(name: &str, value: &[u8]) -> Verdict {
    NAMES
        .iter()
        .find(|(n, _)| *n == name)
        .map_or(Verdict::Holds, |(_, f)| f(value))
}

/// GitHub's and npm's tokens end in six base-62 digits of the CRC-32 of what stands between prefix and checksum.
fn crc32_base62(value: &[u8]) -> Verdict {
    let body_at = value.iter().rposition(|b| *b == b'_').map_or(0, |i| i + 1);
    let body = &value[body_at..];
    let Some(split) = body.len().checked_sub(6) else {
        return Verdict::Fails;
    };
    let (random, sum) = body.split_at(split);
    if base62_of(crc32(random)) == sum {
        Verdict::Holds
    } else {
        Verdict::Invented
    }
}

/// The checksum that [`check`] expects after `random`, for samples.
#[must_use]
pub fn base62_checksum(random: &[u8]) -> String {
    String::from_utf8_lossy(&base62_of(crc32(random))).into_owned()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let mut crc = crc ^ u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
        crc
    };
    !bytes.iter().fold(!0, step)
}

fn base62_of(mut n: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = [b'0'; 6];
    for digit in out.iter_mut().rev() {
        *digit = DIGITS[(n % 62) as usize];
        n /= 62;
    }
    out
}

/// A JSON web token: header and payload decode to JSON objects, and there is a signature.
fn jwt(value: &[u8]) -> Verdict {
    let parts: Vec<&[u8]> = value.split(|b| *b == b'.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return Verdict::Fails;
    };
    let object = |part: &[u8]| {
        let json = base64(part)?;
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&json).ok()
    };
    match (object(header), object(payload)) {
        (Some(header), Some(_)) if header.contains_key("alg") && !signature.is_empty() => Verdict::Holds,
        _ => Verdict::Fails,
    }
}

/// Basic authentication: base64 of printable `name:password`, neither empty.
fn basic(value: &[u8]) -> Verdict {
    let text = base64(value).and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = text.as_deref().and_then(|t| t.split_once(':'));
    match pair {
        Some((name, password)) if !name.is_empty() && password.len() >= 3 && printable(name) && printable(password) => {
            match super::placeholder::reason(password.as_bytes()) {
                Some(_) => Verdict::Fails,
                None => Verdict::Holds,
            }
        }
        _ => Verdict::Fails,
    }
}

/// Base64 of printable text (some vendors encode `id:key` or JSON).
fn base64_text(value: &[u8]) -> Verdict {
    match base64(value).and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) if text.len() > 8 && printable(&text) => Verdict::Holds,
        _ => Verdict::Fails,
    }
}

/// Letters and digits both, and not words: for formats whose regex is no more than a length.
fn mixed(value: &[u8]) -> Verdict {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if digits >= 2 && letters >= 2 && super::entropy::strangeness(value) > 0.4 {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// As [`mixed`], with capitals and small letters: not hexadecimal.
fn mixed_case(value: &[u8]) -> Verdict {
    let both = value.iter().any(u8::is_ascii_uppercase) && value.iter().any(u8::is_ascii_lowercase);
    if both { mixed(value) } else { Verdict::Fails }
}

/// What a password looks like: letters with digits or signs among them, or letters that make no words.
fn made_up(value: &[u8]) -> Verdict {
    let held = std::str::from_utf8(value).is_ok_and(super::value::looks_made_up);
    if held { Verdict::Plausible } else { Verdict::Fails }
}

/// What looks drawn by chance.
fn drawn(value: &[u8]) -> Verdict {
    let random = super::entropy::strangeness(value) >= 0.45 && super::entropy::shannon(value) >= 3.0;
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if random && digits >= 2 {
        Verdict::Plausible
    } else {
        Verdict::Fails
    }
}

fn printable(text: &str) -> bool {
    text.chars().all(|c| !c.is_control())
}

/// Decodes base64 in either alphabet, padded or not; `None` when it is none.
#[must_use]
pub fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    (text.len() % 4 != 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let random = b"AbCdEfGhIjKlMnOpQrStUvWxYz0123";
        let good = format!("ghp_{}{}", String::from_utf8_lossy(random), base62_checksum(random));
        assert_eq!(check("crc32-base62", good.as_bytes()), Verdict::Holds);
        let bad = good.replace('b', "c");
        assert_eq!(check("crc32-base62", bad.as_bytes()), Verdict::Invented);
    }

    #[test]
    fn encoded_structures() {
        // {"alg":"HS256"} . {"sub":"1"} . signature
        assert_eq!(
            check("jwt", b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
            Verdict::Holds
        );
        assert_eq!(check("jwt", b"eyJhbGciOiJIUzI1NiJ9.notjson.c2ln"), Verdict::Fails);
        assert_eq!(base64(b"YWRtaW46aHVudGVyMg==").as_deref(), Some(&b"admin:hunter2"[..]));
        assert_eq!(check("basic", b"YWRtaW46aHVudGVyMg=="), Verdict::Holds);
        assert_eq!(
            check("basic", b"dXNlcjpwYXNzd29yZA=="),
            Verdict::Fails,
            "user:password is a placeholder"
        );
        assert_eq!(base64(b"not base64!"), None);
        assert_eq!(check("mixed", b"x9Kq2vLm3ZpT8wRb"), Verdict::Holds);
        assert_eq!(check("mixed", b"documentation"), Verdict::Fails);
    }
}
