//! Who gets which value: finds, around a name, the literal that the text gives it, in the spellings of code, configuration, shells
//! and markup. Purely lexical: works in any file, broken ones too.

use super::literal::{Cursor, Literal, opens_a_line};
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
    /// True when the value is a row of numbers, the bytes of a key.
    pub bytes: bool,
}

impl Assignment {
    fn new(name: Span, literal: Literal) -> Assignment {
        Assignment {
            name,
            value: literal.span,
            quoted: literal.quoted,
            compared: false,
            listed: false,
            bytes: literal.bytes,
        }
    }
}

/// Longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 80;

/// How methods begin that do something with a secret rather than take one.
const VERBS: [&str; 30] = [
    "get", "validate", "check", "verify", "is", "has", "find", "parse", "reset", "encode", "compare", "match", "read",
    "load", "hash", "generate", "decode", "require", "expect", "fetch", "lookup", "create", "delete", "remove",
    "update", "assert", "retrieve", "resolve", "mask", "contains",
];

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
    let mut cursor = Cursor::new(text, name.range().end);
    cursor.open = text[..name.range().start].ends_with(b"--");
    cursor.skip(b"\\");
    let quoted_name = cursor.skip_one(b"\"'`");
    cursor.skip_one(b"]");
    let found = cursor
        .sibling(values)
        .or_else(|| cursor.inner_default(values))
        .or_else(|| cursor.element(values));
    if let Some(literal) = found {
        return Some(Assignment::new(name, literal));
    }
    let argument = is_argument(text, name, quoted_name, cursor.option_word(name));
    let compared = cursor.operator(name, quoted_name, argument, values)?;
    cursor.blanks();
    let opening = cursor.peek();
    let literal = cursor.value(values)?;
    if literal.quoted && !quoted_name && is_inside_string(text, name, opening) {
        return None;
    }
    let listed = argument && cursor.separated;
    if listed && !cursor.option_word(name) && !cursor.rest().trim_ascii_start().starts_with(b")") {
        return None;
    }
    Some(Assignment {
        compared,
        listed,
        ..Assignment::new(name, literal)
    })
}

/// Whether the quoted name is the first argument of a call, or a word of a command line written as a list.
fn is_argument(text: &[u8], name: Span, quoted: bool, option: bool) -> bool {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let start = text[..name.range().start]
        .iter()
        .rposition(|b| !part(b))
        .map_or(0, |i| i + 1);
    let before = &text[..start];
    let before = before
        .strip_suffix(b"\"")
        .or(before.strip_suffix(b"'"))
        .unwrap_or(before);
    quoted && (option || before.trim_ascii_end().ends_with(b"("))
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

impl Cursor<'_> {
    /// Whether the name is a long option (`--password`), in a text or a command line.
    fn option_word(&self, name: Span) -> bool {
        self.text[..name.range().start].ends_with(b"--")
    }

    /// `name: X` followed by `value: ..` (Kubernetes, CloudFormation, .NET configuration), `<key>X</key>` by `<string>..</string>`.
    fn sibling(&mut self, values: Values) -> Option<Literal> {
        let from = self.at;
        if self.skip(b"</key>") {
            self.white_space();
            if self.skip(b"<string") || self.skip(b"<data") {
                return self.element(values);
            }
        }
        if self.skip(b">") {
            self.white_space();
            if self.skip(b"<Value") || self.skip(b"<value") {
                return self.element(values);
            }
            self.at = from;
        }
        self.blanks();
        self.skip_one(b",");
        self.white_space();
        self.skip_one(b"\"'");
        if self.skip_word(b"value")
            && let Some(literal) = self.after_key(values)
        {
            return Some(literal);
        }
        self.at = from;
        None
    }

    /// The value of a key that was just read: behind its closing quote and a `:` or `=`.
    fn after_key(&mut self, values: Values) -> Option<Literal> {
        self.skip_one(b"\"'");
        self.blanks();
        if !(self.skip(b":") || self.skip(b"=")) {
            return None;
        }
        self.blanks();
        self.value(values)
    }

    /// `variable "name" { default = ".." }`, `Name: {Type: .., Default: ..}`, `name: {value: ".."}`: a declaration that holds its value.
    fn inner_default(&mut self, values: Values) -> Option<Literal> {
        const REACH: usize = 400;
        let from = self.at;
        self.blanks();
        let colon = self.skip(b":");
        self.blanks();
        let braced = self.skip(b"{");
        let nested = colon && !braced && values == Values::Config && matches!(self.peek(), Some(b'\n' | b'\r'));
        if braced || nested {
            let least = nested.then(|| self.indent(from));
            let end = (self.at + REACH).min(self.text.len());
            while self.at < end && self.peek() != Some(b'}') {
                self.white_space();
                if least.is_some_and(|least| self.indent(self.at) <= least) {
                    break;
                }
                self.skip_one(b"\"'");
                if self.skip_word(b"default") || self.skip_word(b"value") {
                    if let Some(literal) = self.after_key(values) {
                        return Some(literal);
                    }
                    break;
                }
                self.to_next_entry();
            }
        }
        self.at = from;
        None
    }

    /// `<password>..</password>`.
    fn element(&mut self, values: Values) -> Option<Literal> {
        const LONGEST: usize = 500;
        if values == Values::Prose || !self.rest().starts_with(b">") {
            return None;
        }
        let inner = &self.rest()[1..];
        let len = inner.iter().take(LONGEST).position(|b| matches!(b, b'<' | b'\n'))?;
        let closed = inner[len..].starts_with(b"</");
        let start = self.at + 1;
        (closed && len > 0).then(|| Literal::quoted(Span::new(start, start + len)))
    }

    /// Passes over what may stand between a name and its value; tells whether it compares.
    fn operator(&mut self, name: Span, quoted_name: bool, argument: bool, values: Values) -> Option<bool> {
        let spaced = matches!(self.peek(), Some(b' ' | b'\t'));
        if !quoted_name && !spaced {
            self.dimension();
        }
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
            self.open |= !spaced && !matches!(self.peek(), Some(b' ' | b'\t'));
            let lone = self.peek() != Some(b'~') && !self.is_one_of_several(name);
            return lone.then_some(false);
        }
        if self.peek() == Some(b':') && !self.rest().starts_with(b"::") {
            self.at += 1;
            if values == Values::Code {
                self.type_annotation();
            }
            return Some(false);
        }
        // put("password", ".."): the first of two arguments; "password" to ".."
        self.separated = argument && self.skip(b",");
        if self.separated || quoted_name && spaced && self.skip(b"to ") {
            return Some(false);
        }
        if !quoted_name && self.skip(b"(") {
            // setPassword(".."), builder.password("..")
            let before = String::from_utf8_lossy(name.of(self.text)).to_ascii_lowercase();
            let method = self.text[..name.range().start].ends_with(b".");
            // C++: std::string password("..");
            let method = method || self.text[..name.range().start].trim_ascii_end().ends_with(b"string");
            let asks = VERBS.iter().any(|verb| before.starts_with(verb));
            return (method && !asks || before.starts_with("set") || before.starts_with("with")).then_some(false);
        }
        if spaced && !quoted_name {
            return self.after_a_blank(name, values);
        }
        None
    }

    /// `a, b = "x", "y"`: which value is whose is not told by their places in the text.
    fn is_one_of_several(&self, name: Span) -> bool {
        let line = self.text[..name.range().start]
            .rsplit(|b| *b == b'\n')
            .next()
            .unwrap_or_default();
        let line = line.trim_ascii();
        let target = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b',' | b' ' | b'$');
        let first = line.split(|b| *b == b',').next().unwrap_or_default();
        line.contains(&b',') && !first.is_empty() && line.iter().all(target)
    }

    /// `[]`, `[16]`: the dimension of an array of C.
    fn dimension(&mut self) {
        let rest = self.rest();
        let len = rest.iter().take(12).position(|b| *b == b']');
        if let Some(len) = len
            && rest.first() == Some(&b'[')
            && rest[1..len].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        {
            self.at += len + 1;
        }
    }

    /// `ENV NAME value`, `--password value`, `password value` in netrc; Go's `name type = ".."`; `#define NAME ".."`.
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
        let line_start = self.text[..name.range().start]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |i| i + 1);
        let before = self.text[line_start..name.range().start].trim_ascii();
        let opens = rest.starts_with(b"\"") || rest.starts_with(b"'") || rest.starts_with(b"L\"");
        let is_option = before.ends_with(b"-");
        let is_keyword = before.ends_with(b":") && self.text[..name.range().start].ends_with(b":");
        // A setting of a builder's or of Gradle's: `keyPassword ".."`, alone on its line.
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let line = rest[..end].trim_ascii();
        let is_setting = before.is_empty()
            && line.len() > 2
            && line.last() == rest.first()
            && line[1..line.len() - 1].iter().all(|b| rest.first() != Some(b));
        let is_macro = before.starts_with(b"#") && before.ends_with(b"define");
        if opens && (is_option || is_keyword || is_macro || is_setting) {
            return Some(false);
        }
        if values != Values::Config {
            return None;
        }
        let first = before.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let is_instruction = first.eq_ignore_ascii_case(b"env")
            || first.eq_ignore_ascii_case(b"arg")
            || before.eq_ignore_ascii_case(b"set")
            || first == b"machine"
            || before.starts_with(b"login ");
        (before.ends_with(b"--") || is_instruction || opens_a_line(self.text, name)).then_some(false)
    }

    /// `: str =`, `: &'static str =`, `: Option<String> =`, `: string =` between a name and its value.
    fn type_annotation(&mut self) {
        let rest = self.rest();
        // `: [u8; 16] =`
        let from = rest.iter().take(40).position(|b| *b == b']').unwrap_or(0);
        let array = rest.trim_ascii_start().starts_with(b"[");
        let from = if array { from } else { 0 };
        let end = rest
            .iter()
            .skip(from)
            .take(60)
            .position(|b| matches!(b, b'=' | b'\n' | b'"' | b'`' | b',' | b';' | b'{' | b'('));
        let end = end.map(|end| end + from);
        if let Some(end) = end
            && rest[end] == b'='
            && !matches!(rest.get(end + 1), None | Some(b'>' | b'=' | b'\n'))
            && rest[..end].iter().any(u8::is_ascii_alphabetic)
        {
            self.at += end + 1;
        }
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
            "password: SecretStr = SecretStr(\"v1\")",
            "#define PASSWORD \"v1\"",
            "const char password[] = \"v1\";",
            "define( 'DB_PASSWORD', 'v1' );",
            "p.setProperty(\"ssl.keyStorePassword\", \"v1\");",
            "mapOf(\"password\" to \"v1\")",
            "{:password \"v1\"}",
            "variable \"db_password\" {\n  type = string\n  default = \"v1\"\n}",
            "\"DbPassword\": {\"Type\": \"String\", \"Default\": \"v1\"}",
            "<key>Password</key>\n<string>v1</string>",
            "\"x\", \"--password\", \"v1\", \"y\"",
            "passwords = ['v1', 'v2']",
            "\"password = \\\"v1\\\"\\n\",",
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
            "PGPASSWORD=v1 psql -h db",
            "machine a login b password v1",
            "requirepass_password v1",
            "DbPassword:\n  Type: String\n  Default: v1\n",
            "passwords:\n  - v1\n",
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
