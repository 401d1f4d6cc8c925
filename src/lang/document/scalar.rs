//! Scalars without quotes, and the escapes of quoted ones: what formats have in common.

use super::Value;

/// What a word without quotes means in formats that have types.
#[must_use]
pub fn plain(word: &str) -> Value {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(word).map_or_else(|| Value::Text(word.into()), Value::Number),
    }
}

/// A number as JSON, YAML, TOML and HCL write them.
#[must_use]
pub fn number(word: &str) -> Option<f64> {
    let digits = word.replace('_', "");
    let (sign, magnitude) = match digits.strip_prefix(['-', '+']) {
        Some(rest) => (if digits.starts_with('-') { -1.0 } else { 1.0 }, rest),
        None => (1.0, digits.as_str()),
    };
    if !magnitude.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let of_base = |prefix: &str, base: u32| {
        let rest = magnitude.strip_prefix(prefix)?;
        i64::from_str_radix(rest, base).ok().map(|n| n as f64)
    };
    of_base("0x", 16)
        .or_else(|| of_base("0o", 8))
        .or_else(|| of_base("0b", 2))
        .or_else(|| magnitude.parse().ok())
        .map(|n: f64| sign * n)
}

/// Text between double quotes, with backslash escapes as JSON and YAML have them. What is no escape stays as written.
#[must_use]
pub fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => out.push(code_point(&mut rest, 4)),
            Some('U') => out.push(code_point(&mut rest, 8)),
            Some('x') => out.push(code_point(&mut rest, 2)),
            // A line joined to the next.
            Some('\n') => {
                let joined = rest.as_str().trim_start_matches([' ', '\t']);
                rest = joined.chars();
            }
            Some(other @ ('"' | '\\' | '/' | '\'' | ' ')) => out.push(other),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

fn code_point(rest: &mut std::str::Chars<'_>, digits: usize) -> char {
    let hex: String = rest
        .as_str()
        .chars()
        .take(digits)
        .take_while(char::is_ascii_hexdigit)
        .collect();
    for _ in 0..hex.len() {
        rest.next();
    }
    let code = u32::from_str_radix(&hex, 16).ok();
    code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}
