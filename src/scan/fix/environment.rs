//! `env-lookup`: a literal becomes a look-up in the environment of the process, under the name of what it was given to.
//!
//! `with` overrides the look-up (`{name}` is the variable's name), `options.name` the name. Where a literal is only the default of such a
//! look-up, the default goes. In files of settings nothing can be looked up: there it is a sketch.

use super::{
    imports::{Wanted, meet},
    job::{Code, Job, Plan, edit},
    names, template,
};
use crate::{
    lang::{Lang, facts::*},
    scan::{Edit, engine::Site},
    text::Span,
};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let Some(facts) = job.view.facts() else {
        return in_settings(job);
    };
    let span = *job.spans.first()?;
    let (code, literal) = holder(job, facts, span)?;
    if let Some(edit) = default_gone(&code, literal) {
        return Some(vec![edit].into());
    }
    let name = match job.option("name") {
        Some(name) => name.to_owned(),
        None => variable(&given_to(&code, literal)?)?,
    };
    let lang = code.lang();
    let whole = code.span(literal);
    let form = form(lang);
    let with = job.spec.with.as_deref().unwrap_or(form.code);
    let mut new = template::fill(with, |word| (word == "name").then(|| name.as_str().into()))?;
    let import = job.spec.import.as_deref().or(form.import);
    let mut edits = Vec::new();
    if let Some(import) = import {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(lang, import)?, None)?;
        new = met.localised(&new);
        edits = met.edits;
    }
    if lang == Lang::Rust && job.text.get(whole.end as usize) != Some(&b'.') {
        new.insert(0, '&');
    }
    edits.extend(no_constant(&code, whole)?);
    edits.push(edit(whole, new));
    Some(edits.into())
}

/// How a language looks a name up.
struct Lookup {
    code: &'static str,
    import: Option<&'static str>,
}

fn form(lang: Lang) -> Lookup {
    let (code, import) = match lang {
        Lang::Python => ("os.environ[\"{name}\"]", Some("import os")),
        Lang::JavaScript => ("process.env.{name}", None),
        // Its type says that it may be missing.
        Lang::TypeScript | Lang::Tsx => ("process.env.{name}!", None),
        Lang::Go => ("os.Getenv(\"{name}\")", Some("os")),
        Lang::Rust => ("std::env::var(\"{name}\").expect(\"{name} is not set\")", None),
        Lang::Java | Lang::Kotlin => ("System.getenv(\"{name}\")", None),
        Lang::CSharp => ("System.Environment.GetEnvironmentVariable(\"{name}\")", None),
        Lang::Ruby => ("ENV.fetch(\"{name}\")", None),
        Lang::Php => ("getenv('{name}')", None),
        Lang::C | Lang::Cpp => ("getenv(\"{name}\")", None),
        Lang::Bash => ("\"${{{name}:?}}\"", None),
    };
    Lookup { code, import }
}

/// The literal without holes that holds the stretch.
fn holder<'a>(job: &Job<'a>, facts: &'a Facts, span: Span) -> Option<(Code<'a>, ExprId)> {
    let all = facts.functions.iter().enumerate().flat_map(|(f, function)| {
        let exprs = function.exprs.iter().enumerate();
        exprs.map(move |(e, expr)| (FunctionId(f as u32), ExprId(e as u32), expr))
    });
    let literals = all.filter(|(_, _, e)| matches!(e.kind, ExprKind::Str(_)) && e.span.contains(span));
    let (function, id, _) = literals.min_by_key(|(_, _, e)| e.span.len())?;
    let site = Site {
        function,
        expr: None,
        value: Some(id),
    };
    Some((Code::new(job.text, facts, site)?, id))
}

/// What the literal is given to: a variable, a member, a key, a keyword, a parameter.
fn given_to(code: &Code<'_>, literal: ExprId) -> Option<String> {
    if let Some(param) = code.function.params.iter().find(|p| p.default == Some(literal)) {
        return Some(code.facts.name(param.name).to_owned());
    }
    let mut at = literal;
    loop {
        let parent = code.parent(at)?;
        match code.kind(parent) {
            ExprKind::Assign { .. } | ExprKind::Call { .. } => {
                let place = Code {
                    expr: Some(parent),
                    value: Some(at),
                    ..*code
                };
                match template::name(&place) {
                    Some(name) => return Some(name),
                    // What wraps the value is given to something.
                    None => at = parent,
                }
            }
            ExprKind::Map(entries) => {
                let entry = entries.iter().find(|e| e.value == at)?;
                match code.kind(entry.key?) {
                    ExprKind::Str(key) => return Some(key.to_string()),
                    _ => return None,
                }
            }
            ExprKind::Cast { .. } | ExprKind::Same(_) | ExprKind::Unary { .. } | ExprKind::Member { .. } => at = parent,
            _ => return None,
        }
    }
}

/// `apiKey`, `api-key`: `API_KEY`.
fn variable(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut small = false;
    for ch in name.chars() {
        if !ch.is_ascii_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            small = false;
            continue;
        }
        if ch.is_ascii_uppercase() && small {
            out.push('_');
        }
        small = ch.is_ascii_lowercase() || ch.is_ascii_digit();
        out.push(ch.to_ascii_uppercase());
    }
    let out = out.trim_end_matches('_');
    names::is_word(out).then(|| out.to_owned())
}

/// `os.environ.get("X", "literal")` and `process.env.X || "literal"`: without the literal.
fn default_gone(code: &Code<'_>, literal: ExprId) -> Option<Edit> {
    let parent = code.parent(literal)?;
    match code.kind(parent) {
        ExprKind::Call { callee, args, .. } => {
            let path = names::path(code, *callee)?;
            let lookup = matches!(path.as_str(), "os.environ.get" | "os.getenv");
            let fits = lookup && args.len() == 2 && args[1].value == literal;
            let key = code.source(args.first()?.value)?;
            let base = code.source(*callee)?.rsplit_once('.')?.0.to_owned();
            let environ = if path == "os.getenv" {
                format!("{base}.environ")
            } else {
                base
            };
            fits.then(|| edit(code.span(parent), format!("{environ}[{key}]")))
        }
        ExprKind::Logic { operands, .. } => {
            let [first, last] = operands[..] else { return None };
            let known = names::path(code, first).is_some_and(|p| p.starts_with("process.env."));
            let span = Span {
                start: code.span(first).end,
                end: code.span(last).end,
            };
            (known && last == literal).then(|| edit(span, ""))
        }
        _ => None,
    }
}

/// In a declaration of constants nothing is looked up: where one stands alone it becomes a variable.
fn no_constant(code: &Code<'_>, literal: Span) -> Option<Vec<Edit>> {
    if !matches!(
        code.lang(),
        Lang::Go | Lang::Rust | Lang::Kotlin | Lang::CSharp | Lang::Php | Lang::C | Lang::Cpp
    ) {
        return Some(Vec::new());
    }
    let before = code.text.get(..literal.start as usize)?;
    let from = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let line = String::from_utf8_lossy(&before[from..]).into_owned();
    let words: Vec<&str> = line.split_whitespace().collect();
    let constant = words
        .iter()
        .any(|w| *w == "const" || (*w == "static" && matches!(code.lang(), Lang::Rust | Lang::C | Lang::Cpp)));
    match (code.lang(), constant) {
        (Lang::Go, true) if words.first() == Some(&"const") => {
            let start = from + line.find("const")?;
            Some(vec![edit(Span::new(start, start + "const".len()), "var")])
        }
        (_, true) => None,
        (Lang::Go, false) => (!in_const_block(&before[..from])).then(Vec::new),
        _ => Some(Vec::new()),
    }
}

/// True when the last parenthesis that is open is that of `const (`.
fn in_const_block(before: &[u8]) -> bool {
    let text = String::from_utf8_lossy(before);
    let Some(at) = text.rfind("const (") else { return false };
    !text[at..].contains("\n)")
}

/// In files of settings: a reference, for a person to make work.
fn in_settings(job: &Job<'_>) -> Option<Plan> {
    let kind = job.view.kind?;
    let span = *job.spans.first()?;
    let index = job.view.lines();
    let line = index.content(job.text, index.line(span.start))?;
    let before = Span {
        start: line.start,
        end: span.start,
    };
    let before = String::from_utf8_lossy(before.of(job.text)).into_owned();
    let key = before.rsplit(['{', ',']).next()?.split(['=', ':']).next()?;
    let key = key
        .trim()
        .trim_start_matches("export ")
        .trim_start_matches("- ")
        .trim_matches(['"', '\'', ' ']);
    let name = variable(key)?;
    let new = if kind.name == "env" {
        String::new()
    } else {
        format!("${{{name}}}")
    };
    Some(Plan {
        edits: vec![edit(span, new)],
        sketch: true,
        ..Plan::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_variables() {
        for (name, expected) in [
            ("apiKey", "API_KEY"),
            ("db_password", "DB_PASSWORD"),
            ("X-Api-Key", "X_API_KEY"),
            ("URL2", "URL2"),
        ] {
            assert_eq!(variable(name).as_deref(), Some(expected));
        }
        assert_eq!(variable("1"), None);
    }
}
