//! Tokens from the tree-sitter grammars we carry, by the queries that come with them.

use super::{Lines, Tokens};
use crate::{
    lang::{Lang, parse::grammar},
    tui::theme::Syntax,
};
use std::sync::OnceLock;
use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};

/// Capture names of the grammars' queries, and what they are to us. A capture takes the longest entry that begins it.
const CAPTURES: &[(&str, Syntax)] = &[
    ("attribute", Syntax::Attribute),
    ("boolean", Syntax::Constant),
    ("comment", Syntax::Comment),
    ("constant", Syntax::Constant),
    ("constant.builtin", Syntax::Constant),
    ("constructor", Syntax::Type),
    ("embedded", Syntax::Variable),
    ("escape", Syntax::Escape),
    ("function", Syntax::Function),
    ("keyword", Syntax::Keyword),
    ("label", Syntax::Constant),
    ("number", Syntax::Number),
    ("operator", Syntax::Operator),
    ("property", Syntax::Property),
    ("punctuation", Syntax::Punctuation),
    ("punctuation.special", Syntax::Escape),
    ("string", Syntax::String),
    ("string.escape", Syntax::Escape),
    ("string.special", Syntax::Escape),
    ("tag", Syntax::Tag),
    ("type", Syntax::Type),
    ("variable", Syntax::Variable),
    ("variable.builtin", Syntax::Constant),
    ("variable.parameter", Syntax::Parameter),
];

/// Tokens of `text`; none when the grammar and its query do not fit each other.
pub(super) fn tokens(lang: Lang, text: &[u8]) -> Tokens {
    let Some(configuration) = configuration(lang) else {
        return Tokens::default();
    };
    let mut highlighter = Highlighter::new();
    let Ok(events) = highlighter.highlight(configuration, text, None, None, |_| None) else {
        return Tokens::default();
    };
    let mut lines = Lines::new(text);
    let mut open: Vec<Syntax> = Vec::new();
    for event in events {
        match event {
            Ok(HighlightEvent::HighlightStart(highlight)) => {
                let kind = CAPTURES.get(highlight.0).map_or(Syntax::Variable, |(_, kind)| *kind);
                open.push(kind);
            }
            Ok(HighlightEvent::HighlightEnd) => {
                open.pop();
            }
            Ok(HighlightEvent::Source { start, end }) => {
                if let Some(kind) = open.last() {
                    lines.push(start, end.min(text.len()), *kind);
                }
            }
            Err(_) => break,
        }
    }
    lines.done()
}

/// The language's queries, compiled once (tens of milliseconds, in the worker).
fn configuration(lang: Lang) -> Option<&'static HighlightConfiguration> {
    static MADE: [OnceLock<Option<HighlightConfiguration>>; Lang::ALL.len()] =
        [const { OnceLock::new() }; Lang::ALL.len()];
    let index = Lang::ALL.iter().position(|l| *l == lang)?;
    MADE[index].get_or_init(|| make(lang)).as_ref()
}

fn make(lang: Lang) -> Option<HighlightConfiguration> {
    let (highlights, locals) = queries(lang);
    let mut made = HighlightConfiguration::new(grammar(lang), lang.name(), &highlights, "", locals).ok()?;
    let names: Vec<&str> = CAPTURES.iter().map(|(name, _)| *name).collect();
    made.configure(&names);
    Some(made)
}

/// The grammar of Kotlin comes without a query.
const KOTLIN: &str = r#"
[(line_comment) (block_comment)] @comment
[(string_literal) (multiline_string_literal) (character_literal)] @string
(number_literal) @number
["fun" "val" "var" "class" "object" "interface" "if" "else" "when" "for" "while" "do" "return" "throw" "try" "catch" "finally" "import" "package" "is" "in" "as"] @keyword
(function_declaration name: (identifier) @function)
"#;

/// Highlight and locals queries. The first pattern that matches wins, so the more special query comes first.
fn queries(lang: Lang) -> (String, &'static str) {
    use tree_sitter_javascript as js;
    use tree_sitter_typescript as ts;
    match lang {
        Lang::Python => (tree_sitter_python::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::JavaScript => (
            [js::JSX_HIGHLIGHT_QUERY, js::HIGHLIGHT_QUERY].join("\n"),
            js::LOCALS_QUERY,
        ),
        Lang::TypeScript => ([ts::HIGHLIGHTS_QUERY, js::HIGHLIGHT_QUERY].join("\n"), ts::LOCALS_QUERY),
        Lang::Tsx => (
            [ts::HIGHLIGHTS_QUERY, js::JSX_HIGHLIGHT_QUERY, js::HIGHLIGHT_QUERY].join("\n"),
            ts::LOCALS_QUERY,
        ),
        Lang::Go => (tree_sitter_go::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::Rust => (tree_sitter_rust::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::Java => (tree_sitter_java::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::Kotlin => (KOTLIN.to_owned(), ""),
        Lang::CSharp => (tree_sitter_c_sharp::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::Ruby => (
            tree_sitter_ruby::HIGHLIGHTS_QUERY.to_owned(),
            tree_sitter_ruby::LOCALS_QUERY,
        ),
        Lang::Php => (tree_sitter_php::HIGHLIGHTS_QUERY.to_owned(), ""),
        Lang::C => (tree_sitter_c::HIGHLIGHT_QUERY.to_owned(), ""),
        Lang::Cpp => (
            [tree_sitter_cpp::HIGHLIGHT_QUERY, tree_sitter_c::HIGHLIGHT_QUERY].join("\n"),
            "",
        ),
        Lang::Bash => (tree_sitter_bash::HIGHLIGHT_QUERY.to_owned(), ""),
    }
}
