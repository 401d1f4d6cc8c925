//! Shell text cut into words the way a POSIX shell does, as long as nothing in it asks the shell for more than that. Where it does (a pipe,
//! a redirection, a pattern, a variable), there are no words: only a shell can run it.

use super::{
    built::{Built, Tok},
    compose::Content,
};

/// One word: constant text and holes.
pub type Word = Vec<Content>;

/// What a shell would do something with, outside quotes.
const SPECIAL: &[char] = &[
    '|', '&', ';', '<', '>', '(', ')', '$', '`', '\\', '*', '?', '[', ']', '{', '}', '\n', '\r',
];
/// What it would do something with at the beginning of a word.
const SPECIAL_FIRST: &[char] = &['#', '~', '!'];
/// What a double-quoted text is not taken literally for.
const SPECIAL_QUOTED: &[char] = &['$', '`', '\\'];
/// Words that only a shell understands.
const BUILTINS: &[&str] = &[
    ".", "alias", "bg", "cd", "command", "declare", "eval", "exec", "export", "fg", "for", "function", "if", "jobs",
    "local", "nohup", "read", "set", "shift", "source", "time", "trap", "type", "ulimit", "umask", "unset", "until",
    "while",
];
/// Names of values that hold more than one word.
const SEVERAL: &[&str] = &[
    "args",
    "arguments",
    "argv",
    "cmd",
    "command",
    "flags",
    "options",
    "opts",
    "params",
    "extra",
    "cmdline",
];

/// True for the name of a value that is more than one word, as far as a name can tell.
#[must_use]
pub fn names_several(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SEVERAL.iter().any(|s| name == *s || name.ends_with(&format!("_{s}")))
}

/// The words of a command line; the first is constant. `None` when it needs a shell.
#[must_use]
pub fn words(built: &Built) -> Option<Vec<Word>> {
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote = None;
    let end = trimmed(&built.toks);
    for tok in built.toks.get(..end)? {
        let ch = match tok {
            Tok::Hole(hole) => {
                word.get_or_insert_default().push(Content::Hole(*hole));
                continue;
            }
            Tok::Char { ch, .. } => *ch,
        };
        match quote {
            Some(open) if ch == open => quote = None,
            Some('"') if SPECIAL_QUOTED.contains(&ch) => return None,
            Some(_) => push(&mut word, ch),
            None if ch == '\'' || ch == '"' => {
                quote = Some(ch);
                word.get_or_insert_default();
            }
            None if matches!(ch, ' ' | '\t') => words.extend(word.take()),
            None if SPECIAL.contains(&ch) => return None,
            None if word.is_none() && SPECIAL_FIRST.contains(&ch) => return None,
            None => push(&mut word, ch),
        }
    }
    words.extend(word);
    let program = match words.first().map(Vec::as_slice) {
        Some([Content::Text(program)]) => program.as_str(),
        _ => return None,
    };
    let fits = quote.is_none() && !program.contains('=') && !BUILTINS.contains(&program);
    fits.then_some(words)
}

fn push(word: &mut Option<Word>, ch: char) {
    let word = word.get_or_insert_default();
    match word.last_mut() {
        Some(Content::Text(text)) => text.push(ch),
        _ => word.push(Content::Text(ch.to_string())),
    }
}

/// The length without white space at the end: a line's end there asks for nothing.
fn trimmed(toks: &[Tok]) -> usize {
    let space = |t: &Tok| matches!(t, Tok::Char { ch, .. } if ch.is_whitespace());
    toks.iter().rposition(|t| !space(t)).map_or(0, |i| i + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        lang::{Lang, facts::*, lower},
        scan::{engine::Site, fix::job::Code},
    };

    /// The words of the JavaScript expression `code`, `{}` for holes.
    fn cut(code: &str) -> Option<Vec<String>> {
        let text = format!("x = {code};");
        let facts = lower(Lang::JavaScript, text.as_bytes()).unwrap();
        let site = Site {
            function: FunctionId(0),
            expr: None,
            value: None,
        };
        let place = Code::new(text.as_bytes(), &facts, site).unwrap();
        let value = place.function.exprs.iter().find_map(|e| match &e.kind {
            ExprKind::Assign { value, .. } => Some(*value),
            _ => None,
        });
        let built = Built::of(&place, value.unwrap()).unwrap();
        let shown = |word: &Word| {
            let part = |c: &Content| match c {
                Content::Text(text) => text.clone(),
                Content::Hole(_) => "{}".into(),
            };
            word.iter().map(part).collect()
        };
        Some(words(&built)?.iter().map(shown).collect())
    }

    #[test]
    fn plain_words_are_cut_and_quotes_taken_off() {
        let words = cut("`convert  public/${name} -resize \"${w}x${h}\" 'a b' png:-\\n`").unwrap();
        assert_eq!(words, ["convert", "public/{}", "-resize", "{}x{}", "a b", "png:-"]);
        assert_eq!(cut("'ls ' + dir").unwrap(), ["ls", "{}"]);
    }

    #[test]
    fn what_needs_a_shell_has_no_words() {
        for code in [
            "`ls ${x} | wc`",
            "`ls ${x} > out`",
            "`ls *.txt ${x}`",
            "`echo $HOME ${x}`",
            "`echo \"$HOME\" ${x}`",
            "`cd ${x}`",
            "`A=1 ls ${x}`",
            "`${x} -l`",
            "`ls '${x}`",
            "`ls ~ ${x}`",
        ] {
            assert_eq!(cut(code), None, "{code}");
        }
    }
}
