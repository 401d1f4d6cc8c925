//! A recording plan in the words that the person confirms.

use crate::{
    change::ObjectId,
    record::{Plan, Step, Way},
    text::safe::visible,
    tui::{
        dialogs::{Preview, PreviewLine},
        theme::Role,
    },
};

/// The plan, whole: what is done to each commit and every word that is written.
pub(super) fn of(plan: &Plan) -> Preview {
    let mut lines = Vec::new();
    for step in &plan.steps {
        lines.extend(about(step));
    }
    for warning in &plan.warnings {
        lines.push(line(warning, Role::Warn));
    }
    if !plan.commits.is_empty() && !plan.hooks_not_run.is_empty() {
        lines.push(line(
            &format!("Hooks present, not run: {}.", plan.hooks_not_run.join(", ")),
            Role::Dim,
        ));
    }
    for commit in &plan.commits {
        lines.push(line("", Role::Dim));
        let head = match (commit.way, &commit.replaces) {
            (Way::Amend, Some(id)) => format!("{} is written again as:", id.short()),
            (Way::ReviewCommit, _) => "An empty commit on top:".to_owned(),
            _ => "A new commit:".to_owned(),
        };
        lines.push(line(&head, Role::Strong));
        for text in commit.message.lines() {
            let role = if commit.trailers.iter().any(|t| text.starts_with(&format!("{}:", t.key))) {
                Role::Text
            } else {
                Role::Dim
            };
            lines.push(line(&format!("  {text}"), role));
        }
    }
    lines.push(line("", Role::Dim));
    let reviewer = &plan.reviewer.who;
    lines.push(line(
        &format!(
            "By {} <{}>. {}.",
            reviewer.name,
            reviewer.email,
            sentence(&plan.signing)
        ),
        Role::Dim,
    ));
    lines.push(line(
        "A note with the whole record goes into refs/notes/countersign. Nothing is pushed.",
        Role::Dim,
    ));
    Preview {
        title: title(plan),
        lines,
        blocked: plan.blocked.as_deref().map(visible),
    }
}

/// What may be done instead, for the newest commit that has a choice.
pub(super) fn others(plan: &Plan) -> Vec<(ObjectId, Way)> {
    let steps = plan
        .steps
        .iter()
        .filter_map(|s| Some((s.commit.clone()?, *s.others.first()?)));
    steps.collect()
}

fn title(plan: &Plan) -> String {
    match plan.steps.as_slice() {
        [one] if one.commit.is_none() => "Commit and countersign".into(),
        [_] => "Countersign 1 commit".into(),
        many => format!("Countersign {} commits", many.len()),
    }
}

fn about(step: &Step) -> Vec<PreviewLine> {
    let c = &step.counts;
    let total = c.approved + c.fixed + c.rejected + c.undecided;
    let parts = [
        (c.approved, "approved"),
        (c.fixed, "fixed"),
        (c.rejected, "rejected"),
        (c.undecided, "open"),
    ];
    let words: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let found = match total {
        0 => "nothing found".to_owned(),
        1 => format!("1 finding: {}", words.join(", ")),
        n => format!("{n} findings: {}", words.join(", ")),
    };
    let id = step.commit.as_ref().map_or("new commit", |id| id.short());
    let mut lines = vec![PreviewLine {
        text: visible(format!("{id}  {}", step.subject)),
        right: format!("{found}   {}/{} seen   {}", c.seen, c.hunks, step.conclusion),
        role: Role::Strong,
    }];
    for missing in &step.missing {
        lines.push(line(&format!("    {missing}"), Role::Warn));
    }
    let way = match step.way {
        Way::NewCommit => "is committed with trailers",
        Way::Amend => "trailers are added to it (new id)",
        Way::Note => "a note is written beside it",
        Way::ReviewCommit => "a review commit on top speaks of it",
    };
    lines.push(line(&format!("    {}: {way}{}.", step.why, choice(step)), Role::Dim));
    if !step.files.is_empty() {
        lines.push(line(&format!("    Files: {}", step.files.join(", ")), Role::Dim));
    }
    lines
}

fn choice(step: &Step) -> String {
    let name = |way: &Way| match way {
        Way::NewCommit => "a new commit",
        Way::Amend => "trailers in it",
        Way::Note => "a note",
        Way::ReviewCommit => "a review commit",
    };
    match step.others.first() {
        Some(way) => format!("; or {}", name(way)),
        None => String::new(),
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

fn line(text: &str, role: Role) -> PreviewLine {
    PreviewLine {
        text: visible(text),
        right: String::new(),
        role,
    }
}
