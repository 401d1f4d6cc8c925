//! The verbs that `[[fix]]` tables may use, each with the operands it needs and takes: what rule files are checked against, and where a table
//! finds its code.

use super::{
    argument, bind, callee, comparison, condition, dialect, document, environment, holes, imports,
    job::{Job, Plan},
    stretches, template, value, vector,
};
use crate::{
    config::nearest,
    lang::Lang,
    scan::{
        compile::Selector,
        rule::{FixSpec, RuleFile},
    },
};

/// One verb.
pub struct Verb {
    /// Its name in rule files.
    pub name: &'static str,
    /// Keys it cannot do without.
    needs: &'static [&'static str],
    /// Keys it may have beside them.
    takes: &'static [&'static str],
    /// Keys of `options`.
    options: &'static [&'static str],
    /// What it does.
    pub apply: fn(&Job<'_>) -> Option<Plan>,
}

/// All verbs.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "bind-parameters",
        needs: &[],
        takes: &["arg"],
        options: &["placeholder", "guess", "values", "chain"],
        apply: bind::apply,
    },
    Verb {
        name: "argument-vector",
        needs: &[],
        takes: &["arg", "with", "import"],
        options: &["follow", "then", "add"],
        apply: vector::apply,
    },
    Verb {
        name: "replace-callee",
        needs: &["with"],
        takes: &["import"],
        options: &["follow", "then", "inside", "second"],
        apply: callee::apply,
    },
    Verb {
        name: "set-argument",
        needs: &["arg", "with"],
        takes: &["import"],
        options: &[],
        apply: argument::set,
    },
    Verb {
        name: "remove-argument",
        needs: &["arg"],
        takes: &[],
        options: &[],
        apply: argument::remove,
    },
    Verb {
        name: "wrap",
        needs: &["with"],
        takes: &["arg", "import"],
        options: &[],
        apply: value::apply,
    },
    Verb {
        name: "wrap-holes",
        needs: &["with"],
        takes: &["import"],
        options: &["quotes"],
        apply: holes::apply,
    },
    Verb {
        name: "replace-value",
        needs: &["with"],
        takes: &["arg", "import"],
        options: &[],
        apply: value::apply,
    },
    Verb {
        name: "replace-comparison",
        needs: &["with"],
        takes: &["import"],
        options: &[],
        apply: comparison::apply,
    },
    Verb {
        name: "remove-branch",
        needs: &[],
        takes: &[],
        options: &[],
        apply: condition::remove,
    },
    Verb {
        name: "negate-test",
        needs: &[],
        takes: &[],
        options: &[],
        apply: condition::negate,
    },
    Verb {
        name: "drop-constant",
        needs: &[],
        takes: &[],
        options: &[],
        apply: condition::drop_constant,
    },
    Verb {
        name: "env-lookup",
        needs: &[],
        takes: &["with", "import"],
        options: &["name"],
        apply: environment::apply,
    },
    Verb {
        name: "remove-text",
        needs: &[],
        takes: &[],
        options: &[],
        apply: stretches::remove_text,
    },
    Verb {
        name: "replace-text",
        needs: &["with"],
        takes: &[],
        options: &[],
        apply: stretches::replace_text,
    },
    Verb {
        name: "remove-line",
        needs: &[],
        takes: &[],
        options: &[],
        apply: stretches::remove_line,
    },
    Verb {
        name: "set-entry",
        needs: &["with"],
        takes: &[],
        options: &[],
        apply: document::set,
    },
    Verb {
        name: "add-entry",
        needs: &["with"],
        takes: &[],
        options: &["key"],
        apply: document::add,
    },
    Verb {
        name: "remove-entry",
        needs: &[],
        takes: &[],
        options: &[],
        apply: document::remove,
    },
    Verb {
        name: "lift-expression",
        needs: &[],
        takes: &[],
        options: &[],
        apply: document::lift,
    },
    Verb {
        name: "replace-match",
        needs: &["with"],
        takes: &[],
        options: &[],
        apply: document::replace_match,
    },
];

/// The verb of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|v| v.name == name)
}

/// What is wrong with a `[[fix]]` table: the key, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key that is wrong, or `verb` for one that is missing.
    pub key: &'static str,
    /// What is wrong.
    pub why: String,
}

fn problem(key: &'static str, why: impl Into<String>) -> Problem {
    Problem { key, why: why.into() }
}

/// Every mistake in a table of `rule`.
#[must_use]
pub fn problems(rule: &RuleFile, fix: &FixSpec) -> Vec<Problem> {
    let Some(verb) = find(&fix.verb) else {
        let near = nearest(&fix.verb, VERBS.iter().map(|v| v.name));
        let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        return vec![problem("verb", format!("unknown verb `{}`{hint}", fix.verb))];
    };
    let mut found = Vec::new();
    let given = [
        ("arg", fix.arg.is_some()),
        ("with", fix.with.is_some()),
        ("import", fix.import.is_some()),
    ];
    for (key, given) in given {
        let needed = verb.needs.contains(&key);
        if needed && !given {
            found.push(problem("verb", format!("the verb `{}` needs `{key}`", fix.verb)));
        } else if given && !needed && !verb.takes.contains(&key) {
            found.push(problem(key, format!("the verb `{}` takes no `{key}`", fix.verb)));
        }
    }
    found.extend(
        fix.options
            .keys()
            .filter_map(|option| option_problem(verb, fix, option)),
    );
    if let Some(Err(why)) = fix.arg.as_ref().map(Selector::parse) {
        found.push(problem("arg", why));
    }
    let langs = Lang::ALL
        .into_iter()
        .filter(|l| rule.languages.iter().any(|n| n == l.name()));
    // A rule of several languages writes it for one of them.
    if let Some(import) = &fix.import
        && langs.clone().next().is_some()
        && langs.clone().all(|l| imports::Wanted::parse(l, import).is_none())
    {
        found.push(problem("import", format!("`{import}` is no import of this language")));
    }
    if let Some(of) = &fix.of
        && !labels(rule).any(|id| id == of)
    {
        found.push(problem("of", format!("no matcher of this rule is called `{of}`")));
    }
    let known_word = |w: &&str| {
        w.starts_with(|c: char| c.is_ascii_lowercase()) && nearest(w, template::WORDS.iter().copied()).is_some()
    };
    if let Some(with) = &fix.with
        && let Some(word) = words(with).find(|w| !template::WORDS.contains(w) && known_word(w))
    {
        found.push(problem(
            "with",
            format!(
                "`{{{word}}}` stands for nothing; known are {}",
                template::WORDS.join(", ")
            ),
        ));
    }
    found
}

fn option_problem(verb: &Verb, fix: &FixSpec, option: &str) -> Option<Problem> {
    if !verb.options.contains(&option) {
        let known = if verb.options.is_empty() {
            "none".to_owned()
        } else {
            verb.options.join(", ")
        };
        return Some(problem(
            "options",
            format!("`{}` has no option `{option}`; it has: {known}", verb.name),
        ));
    }
    let value = fix.options.get(option)?;
    if option == "guess" {
        return value
            .as_bool()
            .is_none()
            .then(|| problem("options", "`guess` is true or false"));
    }
    let Some(text) = value.as_str() else {
        return Some(problem("options", format!("`{option}` is a text")));
    };
    let (fits, known) = match option {
        "placeholder" => (dialect::parse(text).is_some(), "?, %s, $n, :name, :n, @pn"),
        "values" => (
            bind::WAYS.contains(&text) || text.starts_with("keyword:") || text.starts_with("property:"),
            "tuple, list, args, chain, params, refs, dict, bindparams, keyword:NAME, property:NAME",
        ),
        "quotes" => (text == "drop", "drop"),
        "chain" => (text.contains("{value}"), "a call with {value} in it"),
        _ => (true, ""),
    };
    (!fits).then(|| problem("options", format!("`{option}` cannot be `{text}`; it can be: {known}")))
}

/// The labels that matchers of the rule have.
fn labels(rule: &RuleFile) -> impl Iterator<Item = &String> {
    let code = rule.taint.iter().filter_map(|m| m.id.as_ref());
    let shapes = rule.matches.iter().filter_map(|m| m.id.as_ref());
    let texts = rule.text.iter().filter_map(|m| m.id.as_ref());
    let documents = rule.document.iter().filter_map(|m| m.id.as_ref());
    let detectors = rule.detector.iter().filter_map(|m| m.of.as_ref());
    code.chain(shapes).chain(texts).chain(documents).chain(detectors)
}

/// Words in braces.
fn words(with: &str) -> impl Iterator<Item = &str> {
    with.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(word, _)| word)
}
