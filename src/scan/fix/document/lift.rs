//! `lift-expression`: an expression of a workflow (`${{ .. }}`) in a shell script becomes a variable of the step's environment, which the shell
//! reads without running it.

use super::add;
use crate::{
    lang::document::{Document, NodeId},
    scan::{
        Edit,
        fix::job::{Job, Plan, edit},
    },
    text::Span,
};

/// Applies the verb. The same expression is lifted wherever the script has it.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let site = job.document?;
    let document = site.document;
    let script = document.text(site.spot.node, job.text)?;
    let shown = job.spans.first()?.of(job.text);
    let shown = std::str::from_utf8(shown).ok()?;
    let start = shown.find("${{")?;
    let expression = shown.get(start..start + shown.get(start..)?.find("}}")? + 2)?;
    let step = document.node(site.spot.node)?.parent?;
    if !is_unix_shell(document, step, job.text) {
        return None;
    }
    let name = free_name(document, step, expression)?;
    let mut edits: Vec<Edit> = Vec::new();
    for (at, found) in script.match_indices(expression) {
        let with = match quoting(script, at)? {
            '"' => format!("${{{name}}}"),
            _ => format!("\"${{{name}}}\""),
        };
        let span: Span = document.place(site.spot.node, at..at + found.len(), job.text);
        if span.of(job.text) != found.as_bytes() {
            return None;
        }
        edits.push(edit(span, with));
    }
    edits.extend(add::entry(
        job.text,
        document,
        step,
        &["env".to_owned(), name],
        expression,
    )?);
    Some(edits.into())
}

/// Whether the script is for a shell that reads `${NAME}`: said by the step, or by the machine of its job.
fn is_unix_shell(document: &Document, step: NodeId, source: &[u8]) -> bool {
    let text = |map, key| document.get(map, key).and_then(|id| document.text(id, source));
    if let Some(shell) = text(step, "shell") {
        return matches!(shell.split_whitespace().next(), Some("bash" | "sh"));
    }
    let steps = document.node(step).and_then(|n| n.parent);
    let job = steps.and_then(|s| document.node(s)).and_then(|n| n.parent);
    let machine = job.and_then(|job| text(job, "runs-on")).unwrap_or_default();
    !machine.contains("windows") && !machine.contains("${{")
}

/// The quote that is open at `at` on its line, a space when none is; `None` between single quotes, where the shell reads no variables, and
/// after the beginning of a heredoc, where quotes mean nothing.
fn quoting(script: &str, at: usize) -> Option<char> {
    let before = script.get(..at)?;
    if before.contains("<<") {
        return None;
    }
    let mut open = ' ';
    let mut chars = before.rsplit('\n').next()?.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if open != '\'' => {
                chars.next();
            }
            '"' | '\'' if open == ' ' => open = c,
            _ if c == open && open != ' ' => open = ' ',
            _ => {}
        }
    }
    (open != '\'').then_some(open)
}

/// A name for the variable after the last words of the expression, that the step does not use yet.
fn free_name(document: &Document, step: NodeId, expression: &str) -> Option<String> {
    let inner = expression.trim_start_matches("${{").trim_end_matches("}}").trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !inner.chars().all(plain) {
        return None;
    }
    let words: Vec<&str> = inner
        .rsplit('.')
        .take(2)
        .filter(|w| !matches!(*w, "github" | "event"))
        .collect();
    let name = words.into_iter().rev().collect::<Vec<_>>().join("_");
    let name = name.replace('-', "_").to_ascii_uppercase();
    let taken = document
        .get(step, "env")
        .is_some_and(|env| document.get(env, &name).is_some());
    (!taken && !name.starts_with("GITHUB_")).then_some(name)
}
