//! `rules new`: a rule file to begin with. What it says is wrong about the program at hand, but it is a complete rule: it can be tested at once,
//! and every part shows where one's own words go.

use super::super::{Failure, Outcome, output};
use crate::{
    config::nearest,
    lang::Lang,
    scan::{RuleSet, kind::FileKinds, load::Categories},
};
use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
};

pub(super) fn run(id: &str, language: Option<&str>, dir: &Path) -> Result<Outcome, Failure> {
    let Some((topic, category)) = id.split_once('/') else {
        return Err(Failure::new(format!("`{id}` is no rule id"))
            .hint("An id is a language or topic and a category: `python/sql-injection`."));
    };
    let plain = |t: &str| {
        !t.is_empty()
            && t.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !plain(topic) {
        return Err(
            Failure::new(format!("`{topic}` is no language or topic")).hint("Small letters, digits and hyphens.")
        );
    }
    let categories = Categories::get();
    let Some(title) = categories.title(category) else {
        let near = nearest(category, categories.iter().map(|(_, name, _)| name));
        let hint = near.map_or("rules/categories.toml has them all.".into(), |near| {
            format!("Did you mean {near}?")
        });
        return Err(Failure::new(format!("there is no category `{category}`")).hint(hint));
    };
    if RuleSet::builtin()
        .all()
        .is_ok_and(|all| all.iter().any(|one| one.rule.id == id))
    {
        return Err(
            Failure::new(format!("the id `{id}` is a built-in rule's")).hint(format!(
                "Rules add to each other: take a topic of your own, `mine/{category} --language {topic}`."
            )),
        );
    }
    let language = language.unwrap_or(topic);
    let path = dir.join(topic).join(format!("{category}.toml"));
    write_new(&path, &template(id, language, category, title))?;
    output::print(&format!(
        "{} written. `countersign rules test {id} --rules {}` tries its examples.\n",
        path.display(),
        dir.display()
    ))?;
    Ok(Outcome::Done)
}

/// Never over a file that is there.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |e: std::io::Error| {
        let failure = Failure::new(format!("{} cannot be written: {e}", path.display()));
        match e.kind() {
            ErrorKind::AlreadyExists => failure.hint("A rule of that name is there already; edit it."),
            _ => failure,
        }
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

fn template(id: &str, language: &str, category: &str, title: &str) -> String {
    // Commands of a shell have no parentheses.
    let code = language != Lang::Bash.name() && Lang::ALL.into_iter().any(|l| l.name() == language);
    let matcher = if code {
        "[[match]]\ncall = [\"our_library.unchecked\"]\nmessage = \"{code} trusts what it is given.\""
    } else {
        "[[text]]\nregex = '\\bour_library\\.unchecked\\('\nmessage = \"`{value}` trusts what it is given.\""
    };
    let known = code || is_kind(language);
    let language = if known { language } else { "*" };
    let import = match language {
        "python" => "import our_library\n",
        _ => "",
    };
    let examples: String = (1..=3)
        .map(|n| {
            format!(
                "\n[[example]]\ncode = '''\n{import}our_library.unchecked(request{n})\n'''\nlines = [{}]\n",
                1 + import.lines().count()
            )
        })
        .collect();
    let near: String = (1..=3)
        .map(|n| format!("\n[[near]]\ncode = '''\n{import}our_library.checked(request{n})\n'''\nbecause = \"The checked form.\"\n"))
        .collect();
    format!(
        r#"# What each key means: ARCHITECTURE.md, "Rules"; every table and key is described in src/scan/rule.rs.
schema = 1
id = "{id}"
category = "{category}"
title = "{title}"
severity = "medium"
cwe = [20]
languages = ["{language}"]
why = """
What can go wrong, in two or three sentences, for someone who has never heard of it.
"""
check = """
What to look at to decide whether this place is really wrong, and what to do when it is.
"""
references = []

{matcher}
{examples}{near}"#
    )
}

/// True for a kind of file that rules may name, and for shells.
fn is_kind(name: &str) -> bool {
    name == Lang::Bash.name() || FileKinds::get().names().any(|kind| kind == name)
}
