//! The definition that a hunk lies in, as a reader would name it: what git prints after `@@`, found by looks.
//!
//! Works on any language because it parses none: the nearest line above that is indented less and looks like a definition.

use crate::text::LineIndex;

/// Lines looked at above a hunk.
const REACH: u32 = 2_000;
/// Characters kept.
const WIDTH: usize = 120;

/// Words that begin a definition once modifiers are gone.
const DEFINES: &[&str] = &[
    "fn",
    "func",
    "def",
    "class",
    "struct",
    "enum",
    "trait",
    "impl",
    "interface",
    "module",
    "mod",
    "namespace",
    "function",
    "type",
    "object",
    "record",
    "protocol",
    "extension",
    "union",
    "macro_rules!",
    "defmodule",
    "defp",
    "sub",
];

/// Words that may stand before them.
const MODIFIES: &[&str] = &[
    "pub",
    "export",
    "default",
    "async",
    "static",
    "public",
    "private",
    "protected",
    "abstract",
    "final",
    "const",
    "unsafe",
    "extern",
    "override",
    "virtual",
    "inline",
    "open",
    "internal",
    "suspend",
    "data",
    "sealed",
    "declare",
];

/// Words that open a block which is no definition.
const CONTROLS: &[&str] = &[
    "if", "for", "while", "switch", "catch", "else", "match", "loop", "try", "do", "return", "with", "elif", "except",
    "case", "select", "unless", "until", "when", "foreach", "using", "lock", "await", "yield", "throw", "new", "}",
];

/// The text of the definition that encloses 1-based `line` of `text`; empty when there is none. Untrusted, one line.
pub(super) fn enclosing(text: &[u8], lines: &LineIndex, line: u32) -> String {
    let content = |n| lines.content(text, n).map(|s| s.of(text)).unwrap_or_default();
    let filled = (line..line.saturating_add(20)).map(content).find(|l| !is_blank(l));
    let inside = filled.map_or(0, indent);
    (line.saturating_sub(REACH).max(1)..line)
        .rev()
        .map(content)
        .find(|l| !is_blank(l) && indent(l) < inside && looks_defining(l))
        .map(|l| String::from_utf8_lossy(l).trim().chars().take(WIDTH).collect())
        .unwrap_or_default()
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Leading white space; a tab counts as four.
fn indent(line: &[u8]) -> usize {
    line.iter()
        .take_while(|b| b.is_ascii_whitespace())
        .map(|b| if *b == b'\t' { 4 } else { 1 })
        .sum()
}

/// True for `pub async fn x(`, `class X:`, `name(a, b) {`, `const f = (x) => {`, `[section]`.
fn looks_defining(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let mut words = text
        .split(|c: char| c.is_whitespace() || c == '(' || c == '<')
        .filter(|w| !w.is_empty());
    let first = words.find(|w| !MODIFIES.contains(w) && !w.starts_with('"') && !w.ends_with(')'));
    let Some(first) = first else { return false };
    if DEFINES.contains(&first.trim_end_matches([':', '{'])) {
        return true;
    }
    if CONTROLS.contains(&first) {
        return false;
    }
    let opens = text.ends_with('{') || text.ends_with("=>");
    let section = text.starts_with('[') && text.ends_with(']');
    let begins_with_a_name =
        text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$' || c == '#' || c == '*');
    section || opens && begins_with_a_name && text.contains('(')
        // A C function whose brace stands on the next line.
        || indent(line) == 0 && begins_with_a_name && text.ends_with(')') && !text.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The heading of the line that holds `HERE`.
    fn heading(text: &str) -> String {
        let line = text.lines().take_while(|l| !l.contains("HERE")).count() as u32 + 1;
        enclosing(text.as_bytes(), &LineIndex::new(text.as_bytes()), line)
    }

    #[test]
    fn the_enclosing_definition_is_named_in_many_languages() {
        for (text, expected) in [
            (
                "class A:\n    def f(self):\n        if x:\n            HERE\n",
                "def f(self):",
            ),
            ("class A:\n    def f(self):\n        pass\n\n    HERE = 1\n", "class A:"),
            (
                "pub(crate) async fn go() {\n    for x in y {\n        HERE\n",
                "pub(crate) async fn go() {",
            ),
            ("int main(void)\n{\n  HERE\n", "int main(void)"),
            ("const f = async (x) => {\n  HERE\n", "const f = async (x) => {"),
            ("export class A {\n  get(x) {\n    if (x) {\n      HERE\n", "get(x) {"),
            ("func (s *S) Get() {\n\tHERE\n", "func (s *S) Get() {"),
            ("def f():\n    pass\n\nHERE\n", ""),
            ("HERE", ""),
        ] {
            assert_eq!(heading(text), expected, "{text}");
        }
    }
}
