//! Samples of secrets, made where they are needed: rule files say `ghp_«alnum:30»«crc32»`, so that no value that a provider (or another
//! scanner) would take for real is ever stored.
//!
//! | written | becomes |
//! |---|---|
//! | `«alnum:N»` | N letters and digits |
//! | `«hex:N»`, `«HEX:N»` | N hexadecimal digits, small or capital |
//! | `«lower:N»`, `«upper:N»`, `«digit:N»` | N small letters, capitals, digits |
//! | `«UPPER:N»` | N capitals and digits |
//! | `«base64:N»`, `«base64url:N»` | N characters of that alphabet |
//! | `«base32:N»` | N of `A`–`Z`, `2`–`7` |
//! | `«bech32:N»` | N capitals and digits of the Bech32 alphabet |
//! | `«crc32»` | the base-62 checksum of the run before it |
//! | `«jwt»` | a signed JSON web token |
//! | `«basic»` | base64 of a name and a password |
//! | `«uuid»` | a random UUID |
//! | `«pem»` | lines of base64 as in a key file |
//!
//! The characters are drawn by a generator seeded with the sample's text: the same sample always gives the same value.

use super::structure::base62_checksum;
use std::borrow::Cow;

/// Expands every `«..»` of `text`; a form that is not known stays as written.
#[must_use]
pub fn expand(text: &str) -> Cow<'_, str> {
    if !text.contains('«') {
        return Cow::Borrowed(text);
    }
    let mut random = Random::seeded(text);
    let mut out = String::new();
    let mut last_run = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        out.push_str(before);
        let Some((form, tail)) = after.split_once('»') else {
            out.push('«');
            rest = after;
            continue;
        };
        let made = if form == "crc32" {
            Some(base62_checksum(last_run.as_bytes()))
        } else {
            random.make(form)
        };
        match made {
            Some(made) => {
                out.push_str(&made);
                last_run = made;
            }
            None => {
                out.push('«');
                out.push_str(form);
                out.push('»');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A small generator (xorshift); for samples only.
struct Random(u64);

impl Random {
    fn seeded(text: &str) -> Random {
        let mix = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        Random(text.bytes().fold(0xcbf2_9ce4_8422_2325, mix) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn make(&mut self, form: &str) -> Option<String> {
        const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
        const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        const DIGIT: &str = "0123456789";
        let (name, count) = match form.split_once(':') {
            Some((name, count)) => (name, count.parse::<usize>().ok().filter(|n| *n <= 4096)?),
            None => (form, 0),
        };
        let alnum = format!("{LOWER}{UPPER}{DIGIT}");
        Some(match name {
            "alnum" => self.draw(&alnum, count),
            "hex" => self.draw("0123456789abcdef", count),
            "HEX" => self.draw("0123456789ABCDEF", count),
            "lower" => self.draw(LOWER, count),
            "upper" => self.draw(UPPER, count),
            "digit" => self.draw(DIGIT, count),
            "UPPER" => self.draw(&format!("{UPPER}{DIGIT}"), count),
            "base64" => self.draw(&format!("{alnum}+/"), count),
            "base64url" => self.draw(&format!("{alnum}-_"), count),
            "base32" => self.draw(&format!("{UPPER}234567"), count),
            "bech32" => self.draw("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", count),
            "uuid" => {
                let parts: Vec<String> = [8, 4, 3, 3, 12]
                    .iter()
                    .map(|n| self.draw("0123456789abcdef", *n))
                    .collect();
                format!("{}-{}-4{}-8{}-{}", parts[0], parts[1], parts[2], parts[3], parts[4])
            }
            // {"alg":"HS256","typ":"JWT"} and {"sub":"1234567890"}
            "jwt" => format!(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{}",
                self.draw(&alnum, 43)
            ),
            // admin:Sommer-2031!
            "basic" => "YWRtaW46U29tbWVyLTIwMzEh".into(),
            "pem" => {
                let lines: Vec<String> = (0..6).map(|_| self.draw(&alnum, 64)).collect();
                lines.join("\n")
            }
            _ => return None,
        })
    }

    fn draw(&mut self, alphabet: &str, count: usize) -> String {
        let letters = alphabet.as_bytes();
        (0..count)
            .map(|_| letters[self.next() as usize % letters.len()] as char)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::secrets::structure::{self, Verdict};

    #[test]
    fn samples_are_made_alike_each_time() {
        let token = expand("t = \"ghp_«alnum:30»«crc32»\"");
        assert_eq!(token, expand("t = \"ghp_«alnum:30»«crc32»\""));
        let value = token.split('"').nth(1).unwrap_or_default();
        assert_eq!(value.len(), 40);
        assert_eq!(structure::check("crc32-base62", value.as_bytes()), Verdict::Holds);
        assert_eq!(structure::check("jwt", expand("«jwt»").as_bytes()), Verdict::Holds);
        assert_eq!(structure::check("basic", expand("«basic»").as_bytes()), Verdict::Holds);
    }

    #[test]
    fn what_is_no_form_stays() {
        assert_eq!(expand("a «b c» d «"), "a «b c» d «");
        assert_eq!(expand("plain"), "plain");
    }
}
