//! Constant text and holes put together again as a value of their own, in the way of the language: an interpolated string, a sum, `format!`.

use super::{
    built::{Built, Form, Show},
    follow::is_number,
    job::Code,
    literal::{self, Style},
    names,
};
use crate::lang::{Lang, facts::*};
use std::borrow::Cow;

/// Part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Constant text.
    Text(String),
    /// Index into [`Built::holes`].
    Hole(usize),
}

/// The code of a text made of `content`; `None` when it cannot be written.
#[must_use]
pub fn text(code: &Code<'_>, built: &Built, content: &[Content]) -> Option<String> {
    let lang = code.lang();
    let style = built.literals.first()?.style.unformatted();
    if let [Content::Text(text)] = content {
        return Some(literal::write(lang, &style, text));
    }
    let plain = |hole: usize| {
        let hole = &built.holes[hole];
        (hole.show != Show::Formatted && hole.show != Show::Quoted).then_some(hole.value)
    };
    let sum = || {
        let parts = content.iter().map(|part| match part {
            Content::Text(text) => Some(Cow::Owned(literal::write(lang, &style, text))),
            Content::Hole(at) => operand(code, plain(*at)?),
        });
        Some(parts.collect::<Option<Vec<_>>>()?.join(" + "))
    };
    match lang {
        Lang::Python if built.form == Form::Sum => sum(),
        Lang::Python => interpolated(code, built, content, &style),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx if built.form == Form::Sum => sum(),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => {
            let parts = content.iter().map(|part| match part {
                Content::Text(text) => Some(literal::escaped(text, '`').replace("${", "\\${")),
                Content::Hole(at) => Some(format!("${{{}}}", code.source(plain(*at)?)?)),
            });
            Some(format!("`{}`", parts.collect::<Option<String>>()?))
        }
        Lang::Go => {
            let text = |part: &Content| match part {
                Content::Text(_) => true,
                Content::Hole(at) => built.holes[*at].show == Show::Plain && !is_number(code, built.holes[*at].value),
            };
            content.iter().all(text).then(sum)?
        }
        Lang::Rust => macro_call(code, content, plain),
        // A sum of texts is one in these too, and no more is known of how their literals are written.
        Lang::Java | Lang::Kotlin | Lang::CSharp | Lang::Ruby if built.form == Form::Sum => sum(),
        _ => None,
    }
}

/// An operand of a sum; what binds less tightly goes into parentheses.
fn operand<'a>(code: &Code<'a>, id: ExprId) -> Option<Cow<'a, str>> {
    let source = code.source(id)?;
    let loose = matches!(
        code.kind(id),
        ExprKind::Logic { .. } | ExprKind::Ternary { .. } | ExprKind::Binary { .. } | ExprKind::Lambda(_)
    );
    Some(if loose && !source.starts_with('(') {
        format!("({source})").into()
    } else {
        source.into()
    })
}

/// `f"%{x}%"`, in quotes that no hole uses. Holes of an interpolated string stay as they are written.
fn interpolated(code: &Code<'_>, built: &Built, content: &[Content], style: &Style) -> Option<String> {
    let hole = |at: usize| {
        let hole = &built.holes[at];
        match (&built.form, hole.literal, hole.show) {
            (_, _, Show::Quoted) => None,
            (Form::Template, Some(_), _) => Some(Cow::Borrowed(std::str::from_utf8(hole.span.of(code.text)).ok()?)),
            (_, _, Show::Formatted) => None,
            _ => Some(Cow::Owned(format!("{{{}}}", code.source(hole.value)?))),
        }
    };
    let mut parts = Vec::new();
    for part in content {
        parts.push(match part {
            Content::Hole(at) => (true, hole(*at)?),
            Content::Text(text) => (false, Cow::Borrowed(text.as_str())),
        });
    }
    let own = if style.open.starts_with('\'') { '\'' } else { '"' };
    let other = if own == '"' { '\'' } else { '"' };
    let free = |quote: char| {
        !parts
            .iter()
            .any(|(hole, text)| *hole && text.contains([quote, '\\', '\n']))
    };
    let quote = [own, other].into_iter().find(|q| free(*q))?;
    let shown = parts.iter().map(|(hole, text)| {
        if *hole {
            text.to_string()
        } else {
            literal::escaped(text, quote).replace('{', "{{").replace('}', "}}")
        }
    });
    Some(format!("f{quote}{}{quote}", shown.collect::<String>()))
}

/// `format!("%{x}%")`, `format!("%{}%", x.y)`.
fn macro_call(code: &Code<'_>, content: &[Content], hole: impl Fn(usize) -> Option<ExprId>) -> Option<String> {
    let mut text = String::new();
    let mut args = String::new();
    for part in content {
        match part {
            Content::Text(constant) => {
                text.push_str(&literal::escaped(constant, '"').replace('{', "{{").replace('}', "}}"));
            }
            Content::Hole(at) => {
                let source = code.source(hole(*at)?)?.trim_start_matches('&');
                if names::is_word(source) {
                    text.push_str(&format!("{{{source}}}"));
                } else {
                    text.push_str("{}");
                    args.push_str(&format!(", {source}"));
                }
            }
        }
    }
    Some(format!("format!(\"{text}\"{args})"))
}
