//! A rule as a page for people: as text for a terminal, as Markdown for `docs/rules/`. Everything on it is what the rule's file says.

use super::severity_name;
use crate::{
    scan::{
        Tier,
        load::{Categories, Loaded},
        rule::{Example, Near, RuleFile},
    },
    text::safe::{visible, visible_lines},
};
use std::{
    collections::BTreeMap,
    fmt::{self, Write},
};

/// A rule in prose, for a terminal.
#[must_use]
pub fn text(one: &Loaded) -> String {
    let rule = &one.rule;
    let mut out = format!("{}\n{}\n\n", visible(&rule.id), visible(&rule.title));
    for (name, value) in facts(one) {
        let _ = writeln!(out, "{name:10} {value}");
    }
    let _ = writeln!(out, "\nWhy it matters\n{}", indented(&rule.why));
    let _ = writeln!(out, "How to check by hand\n{}", indented(&rule.check));
    for (i, example) in rule.example.iter().enumerate() {
        let _ = writeln!(
            out,
            "Example {}: {}\n{}",
            i + 1,
            found_on(example),
            indented(&example.code)
        );
        if let Some(fixed) = &example.fixed {
            let _ = writeln!(out, "  fixed:\n{}", indented(fixed));
        }
    }
    for near in &rule.near {
        let _ = writeln!(out, "No finding: {}\n{}", visible(&near.because), indented(&near.code));
    }
    for reference in &rule.references {
        let _ = writeln!(out, "{}", visible(reference));
    }
    out
}

/// A rule as a Markdown page.
#[must_use]
pub fn markdown(one: &Loaded) -> String {
    let rule = &one.rule;
    let mut out = format!("# {}\n\n`{}`\n\n| | |\n|---|---|\n", rule.title, rule.id);
    for (name, value) in facts(one) {
        let _ = writeln!(out, "| {name} | {} |", value.replace('|', "\\|"));
    }
    let _ = writeln!(out, "\n## Why it matters\n\n{}\n", rule.why.trim());
    let _ = writeln!(out, "## How to check by hand\n\n{}\n", rule.check.trim());
    if !rule.example.is_empty() {
        out.push_str("## Found\n\n");
    }
    for example in &rule.example {
        code(
            &mut out,
            &capitalised(&found_on(example)),
            rule,
            example.path.as_deref(),
            &example.code,
        );
        if let Some(fixed) = &example.fixed {
            code(&mut out, "The fix gives", rule, example.path.as_deref(), fixed);
        }
    }
    if !rule.near.is_empty() {
        out.push_str("## Not found\n\n");
    }
    for Near {
        because,
        path,
        code: near,
        ..
    } in &rule.near
    {
        code(&mut out, because.trim_end_matches('.'), rule, path.as_deref(), near);
    }
    if !rule.references.is_empty() {
        out.push_str("## Further reading\n\n");
    }
    for reference in &rule.references {
        let _ = writeln!(out, "- <{reference}>");
    }
    out
}

/// The list of all pages, by language or topic. Names are relative: `python/xss.md`.
#[must_use]
pub fn index(rules: &[Loaded]) -> String {
    let mut by_topic: BTreeMap<&str, Vec<&RuleFile>> = BTreeMap::new();
    for one in rules {
        let topic = one.rule.id.split('/').next().unwrap_or_default();
        by_topic.entry(topic).or_default().push(&one.rule);
    }
    let mut out = format!(
        "# What countersign looks for\n\n{} rules. Made from the rules themselves by `countersign rules docs`; do not edit.\n",
        rules.len()
    );
    for (topic, mut rules) in by_topic {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let _ = writeln!(out, "\n## {topic}\n");
        for rule in rules {
            let audit = if rule.tier == Tier::Audit { ", for audits" } else { "" };
            let severity = severity_name(rule.severity);
            let _ = writeln!(
                out,
                "- [{}]({}.md): {} ({severity}{audit})",
                rule.id, rule.id, rule.title
            );
        }
    }
    out
}

/// What is known of a rule in a word each.
fn facts(one: &Loaded) -> Vec<(&'static str, String)> {
    let rule = &one.rule;
    let categories = Categories::get();
    let category = categories.title(&rule.category).unwrap_or(&rule.category);
    let weakness = |number: &u32| match categories.cwe(*number) {
        Some(name) => format!("CWE-{number} ({name})"),
        None => format!("CWE-{number}"),
    };
    let tier = match rule.tier {
        Tier::Default => "shown to everyone",
        Tier::Audit => "only with `--audit`",
    };
    vec![
        ("Category", format!("{category} (`{}`)", visible(&rule.category))),
        ("Severity", severity_name(rule.severity).to_owned()),
        ("Tier", tier.to_owned()),
        ("Weakness", rule.cwe.iter().map(weakness).collect::<Vec<_>>().join(", ")),
        ("Languages", visible(rule.languages.join(", ")).to_string()),
        ("File", visible(&*one.name).to_string()),
    ]
}

fn found_on(example: &Example) -> String {
    let lines: Vec<String> = example.lines.iter().map(ToString::to_string).collect();
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    format!("found on {noun} {}", lines.join(", "))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A piece of code under a line of words; the fence is longer than any in it.
fn code(out: &mut String, words: &str, rule: &RuleFile, path: Option<&str>, code: &str) {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = rule
        .languages
        .first()
        .map_or("", |l| if l == "*" { "" } else { l.as_str() });
    let place: &dyn fmt::Display = match path {
        Some(path) => &format!(" (`{path}`)"),
        None => &"",
    };
    let _ = writeln!(
        out,
        "{words}{place}:\n\n{fence}{name}\n{}\n{fence}\n",
        code.trim_matches('\n')
    );
}

fn indented(text: &str) -> String {
    visible_lines(text.trim()).lines().map(|l| format!("  {l}\n")).collect()
}
