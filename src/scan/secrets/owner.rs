//! What a name belongs to, where the name alone says too little: the object before its dot, the map, section or call that holds it
//! (`jwt.key`, `openai: {key: ..}`, `[smtp]` above `pass = ..`).

use crate::text::Span;

/// How far back it is looked for, in bytes.
const REACH: usize = 1200;

/// The name of what holds `name`, when it stands near.
#[must_use]
pub fn owner_of(text: &[u8], name: Span) -> Option<&str> {
    let start = name.range().start;
    let before = &text[start.saturating_sub(REACH)..start];
    let before = before
        .strip_suffix(b"\"")
        .or(before.strip_suffix(b"'"))
        .unwrap_or(before);
    for link in [&b"."[..], b"->", b"::", b"['", b"[\"", b"["] {
        if let Some(object) = before.strip_suffix(link) {
            let object = object.strip_suffix(b"]").unwrap_or(object);
            return last_name(object);
        }
    }
    braced(before).or_else(|| indented(before))
}

/// Whether an entry of YAML stands somewhere below a key `example`, as descriptions of interfaces have them.
#[must_use]
pub fn is_in_example(text: &[u8], name: Span) -> bool {
    let start = name.range().start;
    let before = &text[start.saturating_sub(4 * REACH)..start];
    let indent = |line: &[u8]| line.iter().take_while(|b| **b == b' ').count();
    let mut lines = before.rsplit(|b| *b == b'\n');
    let mut least = lines.next().map_or(0, indent);
    for line in lines {
        let key = line.trim_ascii();
        if key.is_empty() || key.starts_with(b"#") || indent(line) >= least {
            continue;
        }
        least = indent(line);
        let key = key.strip_prefix(b"- ").unwrap_or(key);
        let key = key.split(|b| *b == b':').next().unwrap_or_default();
        if matches!(key, b"example" | b"examples" | b"x-example" | b"x-examples") {
            return true;
        }
    }
    false
}

/// The identifier that a text ends with, in quotes or not.
fn last_name(text: &[u8]) -> Option<&str> {
    let text = text.strip_suffix(b"\"").or(text.strip_suffix(b"'")).unwrap_or(text);
    let len = text
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let name = std::str::from_utf8(&text[text.len() - len..]).ok()?;
    (!name.is_empty()).then_some(name)
}

/// The key, variable or call before the brace that is still open.
fn braced(before: &[u8]) -> Option<&str> {
    let mut depth = 0usize;
    for (i, byte) in before.iter().enumerate().rev() {
        match byte {
            b'}' | b')' | b']' => depth += 1,
            b'{' | b'(' | b'[' if depth > 0 => depth -= 1,
            b'[' | b'(' | b'{' => {
                let head = before[..i].trim_ascii_end();
                let head = head.strip_suffix(b"(").unwrap_or(head).trim_ascii_end();
                let head = head.trim_ascii_end();
                let head = [&b"=>"[..], b":", b"="]
                    .iter()
                    .find_map(|sign| head.strip_suffix(*sign))
                    .unwrap_or(head);
                return last_name(head.trim_ascii_end());
            }
            _ => {}
        }
    }
    None
}

/// The key of the nearest line above that is indented less, or the section of an INI file.
fn indented(before: &[u8]) -> Option<&str> {
    let mut lines = before.rsplit(|b| *b == b'\n');
    let own = lines.next()?;
    let indent = |line: &[u8]| line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let least = indent(own);
    for line in lines {
        let text = line.trim_ascii();
        if text.is_empty() || text.starts_with(b"#") {
            continue;
        }
        if let Some(section) = text.strip_prefix(b"[") {
            return last_name(section.strip_suffix(b"]")?);
        }
        if indent(line) < least {
            return last_name(text.strip_suffix(b":")?);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_key() {
        for text in [
            "jwt.key = x",
            "this.jwt.key = x",
            "cfg['jwt']['key'] = x",
            "jwt:\n  issuer: a\n  key: x",
            "{\"jwt\": {\"issuer\": {\"a\": 1}, \"key\": x",
            "const jwt = { key: x",
            "jwt({ key: x",
            "[jwt]\nissuer = a\nkey = x",
            "[app.jwt]\nkey = x",
        ] {
            let at = text.rfind("key").unwrap_or_default();
            assert_eq!(owner_of(text.as_bytes(), Span::new(at, at + 3)), Some("jwt"), "{text}");
        }
        assert_eq!(owner_of(b"key = x", Span::new(0, 3)), None);
    }

    #[test]
    fn examples_in_descriptions() {
        let inside = |text: &str| {
            let at = text.rfind("token").unwrap_or_default();
            is_in_example(text.as_bytes(), Span::new(at, at + 5))
        };
        assert!(inside("a:\n  example:\n    user: b\n    token: x"));
        assert!(!inside("a:\n  example:\n    user: b\n  token: x"));
    }
}
