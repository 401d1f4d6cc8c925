//! New code from a rule's `with`: the words in braces that are known are replaced, every other brace stays (`with` is code).

use super::job::{Code, Job};
use crate::lang::facts::*;

/// The words that may stand in braces.
pub const WORDS: &[&str] = &[
    "code", "value", "name", "left", "right", "callee", "receiver", "0", "1", "2", "3",
];

/// `with` filled in by `lookup`; `None` when a known word has no value here.
#[must_use]
pub fn fill<'a>(with: &str, lookup: impl Fn(&str) -> Option<std::borrow::Cow<'a, str>>) -> Option<String> {
    let mut out = String::with_capacity(with.len() + 32);
    let mut rest = with;
    while let Some(open) = rest.find('{') {
        let (before, at) = rest.split_at(open);
        out.push_str(before);
        let word = at[1..].find('}').map(|end| &at[1..=end]);
        match word.filter(|w| WORDS.contains(w)) {
            Some(word) => {
                out.push_str(&lookup(word)?);
                rest = &at[word.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &at[1..];
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// The words of a place in the code.
#[must_use]
pub fn of_code(job: &Job<'_>, code: &Code<'_>, with: &str) -> Option<String> {
    fill(with, |word| {
        let text = |id: ExprId| code.source(id).map(Into::into);
        match word {
            "code" => text(code.expr?),
            "value" => text(code.value.or(code.expr)?),
            "left" | "right" => match code.kind(code.expr?) {
                ExprKind::Binary { left, right, .. } => text(if word == "left" { *left } else { *right }),
                _ => None,
            },
            "callee" => text(code.call()?.callee),
            "receiver" => match code.kind(code.call()?.callee) {
                ExprKind::Member { base, .. } => text(*base),
                _ => None,
            },
            "name" => name(code).map(Into::into),
            position => {
                let position: usize = position.parse().ok()?;
                let arg = code.call()?.args.get(position)?;
                job.source(arg.span).map(Into::into)
            }
        }
    })
}

/// What the value is given to: variable, member, key, keyword.
#[must_use]
pub fn name(code: &Code<'_>) -> Option<String> {
    match code.kind(code.expr?) {
        ExprKind::Assign { target, .. } => match &**target {
            Target::Name(name, _) | Target::Member { name, .. } => Some(code.facts.name(*name).to_owned()),
            Target::Index { index, .. } => match code.kind(*index) {
                ExprKind::Str(text) => Some(text.to_string()),
                _ => None,
            },
            _ => None,
        },
        ExprKind::Call { args, .. } => {
            let arg = args.iter().find(|a| Some(a.value) == code.value)?;
            Some(code.facts.name(arg.name?).to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_put_in_and_other_braces_stay() {
        let lookup = |word: &str| (word == "value").then(|| "x".into());
        assert_eq!(
            fill("f({value}, { a: {value} })", lookup).as_deref(),
            Some("f(x, { a: x })")
        );
        assert_eq!(fill("{left}", lookup), None);
        assert_eq!(fill("{", lookup).as_deref(), Some("{"));
    }
}
