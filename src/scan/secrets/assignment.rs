//! Who gets which value: finds, around a name, the literal that the text gives it, in the spellings of code, configuration, shells
//! and markup. Purely lexical: works in any file, broken ones too.

use crate::{scan::kind::Values, text::Span};

/// A name and the literal it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name.
    pub name: Span,
    /// The value without its quotes.
    pub value: Span,
    /// True when the value stands in quotes.
    pub quoted: bool,
    /// True when the two are compared, not assigned.
    pub compared: bool,
    /// True when the two are arguments of one call: `put("password", "..")`.
    pub listed: bool,
}

/// Longest name, and longest value that is looked at, in bytes.
const LONGEST_NAME: usize = 80;
const LONGEST_VALUE: usize = 500;

/// The whole identifier around the byte at `at`.
#[must_use]
pub fn name_around(text: &[u8], at: usize) -> Option<Span> {
    let part = |i: usize| {
        text.get(i)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    let mut start = at;
    while start > 0 && part(start - 1) && at - start < LONGEST_NAME {
        start -= 1;
    }
    let mut end = at;
    while part(end) && end - at < LONGEST_NAME {
        end += 1;
    }
    // A long option (`--password`) and a minus sign do not belong to the name.
    while start < end && text[start] == b'-' {
        start += 1;
    }
    (end - start < LONGEST_NAME).then_some(Span::new(start, end))
}

/// The literal that `name` is given, if any.
#[must_use]
pub fn value_of(text: &[u8], name: Span, values: Values) -> Option<Assignment> {
    let mut cursor = Cursor {
        text,
        at: name.range().end,
        option: text[..name.range().start].ends_with(b"--"),
    };
    let quoted_name = cursor.skip_one(b"\"'`");
    cursor.skip_one(b"]");
    if let Some(found) = cursor.sibling(name, values) {
        return Some(found);
    }
    if let Some(value) = cursor.element(values) {
        return Some(Assignment {
            name,
            value,
            quoted: true,
            compared: false,
            listed: false,
        });
    }
    let listed = quoted_name && cursor.peek() == Some(b',');
    let compared = cursor.operator(name, quoted_name, values)?;
    cursor.blanks();
    let opening = cursor.peek();
    let (value, quoted) = cursor.value(values)?;
    if quoted && !quoted_name && is_inside_string(text, name, opening) {
        return None;
    }
    if listed && !cursor.rest().trim_ascii_start().starts_with(b")") {
        return None;
    }
    Some(Assignment {
        name,
        value,
        quoted,
        compared,
        listed,
    })
}

/// Whether the quote that seems to open the value closes a string that began before the name: `"Password:"`.
fn is_inside_string(text: &[u8], name: Span, quote: Option<u8>) -> bool {
    const REACH: usize = 400;
    let Some(quote @ (b'"' | b'\'' | b'`')) = quote else {
        return false;
    };
    let end = name.range().start;
    let before = &text[end.saturating_sub(REACH)..end];
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let mut open = false;
    let mut escaped = false;
    for byte in line {
        if *byte == quote && !escaped {
            open = !open;
        }
        escaped = *byte == b'\\' && !escaped;
    }
    open
}

struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
    /// The name is a long option of a command line: other words may follow its value.
    option: bool,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_one(&mut self, any: &[u8]) -> bool {
        let skip = self.peek().is_some_and(|b| any.contains(&b));
        self.at += usize::from(skip);
        skip
    }

    fn skip(&mut self, what: &[u8]) -> bool {
        let skip = self.rest().starts_with(what);
        self.at += if skip { what.len() } else { 0 };
        skip
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn white_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// `name: X` followed by `value: ..` (Kubernetes, CloudFormation, .NET configuration).
    fn sibling(&mut self, name: Span, values: Values) -> Option<Assignment> {
        let from = self.at;
        self.blanks();
        self.skip_one(b",");
        self.white_space();
        self.skip_one(b"\"'");
        let key = self.rest();
        let is_value = key.get(..5).is_some_and(|k| k.eq_ignore_ascii_case(b"value"));
        if is_value {
            self.at += 5;
            self.skip_one(b"\"'");
            self.blanks();
            if self.skip(b":") || self.skip(b"=") {
                self.blanks();
                if let Some((value, quoted)) = self.value(values) {
                    return Some(Assignment {
                        name,
                        value,
                        quoted,
                        compared: false,
                        listed: false,
                    });
                }
            }
        }
        self.at = from;
        None
    }

    /// `<password>..</password>`.
    fn element(&mut self, values: Values) -> Option<Span> {
        if values == Values::Prose || !self.rest().starts_with(b">") {
            return None;
        }
        let inner = &self.rest()[1..];
        let len = inner
            .iter()
            .take(LONGEST_VALUE)
            .position(|b| matches!(b, b'<' | b'\n'))?;
        let closed = inner[len..].starts_with(b"</");
        let start = self.at + 1;
        (closed && len > 0).then(|| Span::new(start, start + len))
    }

    /// Passes over what may stand between a name and its value; tells whether it compares.
    fn operator(&mut self, name: Span, quoted_name: bool, values: Values) -> Option<bool> {
        let spaced = matches!(self.peek(), Some(b' ' | b'\t'));
        self.blanks();
        if self.skip(b"===") || self.skip(b"==") || self.skip(b"!==") || self.skip(b"!=") {
            return Some(true);
        }
        for sign in [&b"=>"[..], b":=", b"?=", b"+=", b"||=", b"??=", b"->"] {
            if self.skip(sign) {
                return Some(false);
            }
        }
        if self.skip(b"=") {
            return (self.peek() != Some(b'~')).then_some(false);
        }
        if self.peek() == Some(b':') && !self.rest().starts_with(b"::") {
            self.at += 1;
            self.type_annotation();
            return Some(false);
        }
        // put("password", ".."): the first of two arguments.
        let first = name.range().start.checked_sub(2).and_then(|i| self.text.get(i)) == Some(&b'(');
        if quoted_name && first && self.skip(b",") {
            return Some(false);
        }
        if !quoted_name && self.skip(b"(") {
            // setPassword("..")
            let before = String::from_utf8_lossy(name.of(self.text)).to_ascii_lowercase();
            return (before.starts_with("set") || before.starts_with("with")).then_some(false);
        }
        if spaced && !quoted_name {
            return self.after_a_blank(name, values);
        }
        None
    }

    /// `ENV NAME value`, `--password value`, `password value` in netrc; Go's `name type = ".."`.
    fn after_a_blank(&mut self, name: Span, values: Values) -> Option<bool> {
        let rest = self.rest();
        let word = rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || *b == b'_'))
            .unwrap_or(rest.len());
        let after = rest.get(word..).unwrap_or_default();
        let after = after.trim_ascii_start();
        if word > 0 && after.starts_with(b"=") && matches!(&rest[..word], b"string" | b"String" | b"str") {
            self.at += rest.len() - after.len() + 1;
            return Some(false);
        }
        if values != Values::Config {
            return None;
        }
        let line_start = self.text[..name.range().start]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |i| i + 1);
        let before = self.text[line_start..name.range().start].trim_ascii();
        let is_option = before.ends_with(b"--");
        let is_instruction =
            before.eq_ignore_ascii_case(b"env") || before.eq_ignore_ascii_case(b"set") || before.ends_with(b" login");
        (is_option || is_instruction).then_some(false)
    }

    /// `: str =`, `: &'static str =`, `: Option<String> =`, `: string =` between a name and its value.
    fn type_annotation(&mut self) {
        let rest = self.rest();
        let end = rest
            .iter()
            .take(60)
            .position(|b| matches!(b, b'=' | b'\n' | b'"' | b'`' | b',' | b';' | b'{' | b'('));
        if let Some(end) = end
            && rest[end] == b'='
            && rest.get(end + 1) != Some(&b'>')
            && rest[..end].iter().any(u8::is_ascii_alphabetic)
        {
            self.at += end + 1;
        }
    }

    /// A literal: in quotes (perhaps with a prefix), or bare where that is enough.
    fn value(&mut self, values: Values) -> Option<(Span, bool)> {
        let rest = self.rest();
        let prefix = rest.iter().take(3).position(|b| matches!(b, b'"' | b'\'' | b'`'));
        if let Some(prefix) = prefix
            && rest[..prefix].iter().all(|b| {
                matches!(
                    b,
                    b'b' | b'B' | b'r' | b'R' | b'u' | b'U' | b'f' | b'F' | b'@' | b'$' | b'L' | b'\\'
                )
            })
        {
            return self.quoted(prefix).map(|v| (v, true));
        }
        // Rust: String::from(".."), ".."to_string(); Swift, Kotlin: the literal itself. Only the first is a wrapper.
        if let Some(inner) = rest.strip_prefix(b"String::from(\"") {
            self.at += rest.len() - inner.len() - 1;
            return self.quoted(0).map(|v| (v, true));
        }
        if values == Values::Config {
            self.bare().map(|v| (v, false))
        } else {
            None
        }
    }

    fn quoted(&mut self, prefix: usize) -> Option<Span> {
        // `f".."` and `$".."` are templates: their holes are seen by the placeholder test.
        let quote_at = self.at + prefix;
        let quote = *self.text.get(quote_at)?;
        let triple = self
            .text
            .get(quote_at..quote_at + 3)
            .is_some_and(|q| q.iter().all(|b| *b == quote));
        let start = quote_at + if triple { 3 } else { 1 };
        let mut at = start;
        while at - start <= LONGEST_VALUE {
            match self.text.get(at)? {
                b'\\' => at += 2,
                b'\n' => return None,
                b if *b == quote => {
                    self.at = at + if triple { 3 } else { 1 };
                    return (at > start && !self.is_built()).then(|| Span::new(start, at));
                }
                _ => at += 1,
            }
        }
        None
    }

    /// Whether the literal is only a piece of what is assigned: `".." + x`, `"..".format(x)`, `"%s" % x`.
    fn is_built(&self) -> bool {
        let rest = self.rest().trim_ascii_start();
        rest.starts_with(b"+ ") || rest.starts_with(b"%") || rest.starts_with(b".format(") || rest.starts_with(b"..")
    }

    fn bare(&mut self) -> Option<Span> {
        let rest = self.rest();
        let end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b';' | b',' | b'"' | b'\'' | b'`' | b'}' | b')');
        let len = rest
            .iter()
            .take(LONGEST_VALUE)
            .position(end)
            .unwrap_or(rest.len().min(LONGEST_VALUE));
        // A value of several words (prose, a command) is none.
        let line = rest[len..]
            .split(|b| *b == b'\n')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        let alone = line.is_empty()
            || matches!(
                line[0],
                b'#' | b';' | b',' | b'}' | b')' | b'"' | b'\'' | b'`' | b'\\' | b'&' | b'|' | b'-'
            );
        let called = rest.get(len.saturating_sub(1)) == Some(&b'(') || rest[..len].contains(&b'(');
        let more = line.iter().take_while(|b| !b.is_ascii_whitespace()).any(|b| *b == b'=');
        (len > 0 && (alone || more || self.option) && !called).then(|| Span::new(self.at, self.at + len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(values: Values, text: &str) -> Option<String> {
        let at = text.to_lowercase().find("pass").unwrap_or_default();
        let name = name_around(text.as_bytes(), at)?;
        let found = value_of(text.as_bytes(), name, values)?;
        let mark = if found.compared { "==" } else { "=" };
        Some(format!(
            "{mark}{}",
            String::from_utf8_lossy(found.value.of(text.as_bytes()))
        ))
    }

    #[test]
    fn code() {
        for text in [
            "db_password = 'v1'",
            "password: str = \"v1\"",
            "const PASSWORD: &str = \"v1\";",
            "const password string = \"v1\"",
            "var password = `v1`",
            "connect(user, password='v1')",
            "{\"password\": \"v1\"}",
            "cfg['password'] = 'v1'",
            "password := \"v1\"",
            "'password' => 'v1'",
            "map.put(\"password\", \"v1\");",
            "c.setPassword(\"v1\")",
            "password = b'v1'",
            "<password>v1</password>",
            "<add key=\"DbPassword\" value=\"v1\"/>",
            "password: String::from(\"v1\"),",
            "PASSWORD = os.getenv('X') or 'v'; password = 'v1'",
        ] {
            let wanted = if text.contains("getenv") {
                None
            } else {
                Some("=v1".to_owned())
            };
            assert_eq!(find(Values::Code, text), wanted, "{text}");
        }
        assert_eq!(find(Values::Code, "if password == \"v1\":").as_deref(), Some("==v1"));
    }

    #[test]
    fn configuration() {
        for text in [
            "password: v1",
            "DB_PASSWORD=v1",
            "export PASSWORD=v1\n",
            "ENV PASSWORD v1",
            "ENV PASSWORD=v1 OTHER=2",
            "- name: DB_PASSWORD\n  value: v1\n",
            "password = v1 # note",
            "mysql --password=v1 shop",
            "mysql --password v1",
            "db.password=v1",
        ] {
            assert_eq!(find(Values::Config, text).as_deref(), Some("=v1"), "{text}");
        }
    }

    #[test]
    fn what_gives_no_literal() {
        for text in [
            "password = get_password()",
            "password = other",
            "def check(password, user):",
            "password: str",
            "password::new(\"x\")",
            "\"password\" + \"x\"",
            "password = \"a\" + b",
            "password = \"%s\" % x",
            "the password is \"x\"",
            "ask(\"Password:\"), then(\"x\")",
            "[\"password\", \"password2\"]",
            "f(\"user\", \"password\", \"x\")",
        ] {
            assert_eq!(find(Values::Code, text), None, "{text}");
        }
        for text in ["password: please type it in", "password: get(x)", "password:\n  x: y"] {
            assert_eq!(find(Values::Config, text), None, "{text}");
        }
    }
}
