//! Commits in a table, for people and for programs.

use super::audit::Audited;
use crate::{change::Identity, record::verify::Standing, report::severity_name, text::safe::visible};
use serde_json::{Value, json};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Longest subject shown, in cells.
const SUBJECT: usize = 44;

/// A line or more a commit, newest first.
pub(super) fn commits(commits: &[Audited], colour: bool) -> String {
    let agents: Vec<String> = commits.iter().map(agent).collect();
    let width = agents.iter().map(|a| a.width()).max().unwrap_or_default();
    let mut out = String::new();
    for (one, agent) in commits.iter().zip(&agents) {
        let subject = fit(&visible(one.commit.subject()), SUBJECT);
        let standing = paint(one.checked.standing, colour);
        let id = one.commit.id.short();
        let _ = write!(
            out,
            "{id}  {subject}  {agent}{}  {standing}",
            " ".repeat(width - agent.width())
        );
        let by: Vec<String> = one.checked.reviewers.iter().map(|r| visible(&r.name)).collect();
        if !by.is_empty() {
            let _ = write!(out, " by {}", by.join(", "));
        }
        if !one.findings.is_empty() {
            let _ = write!(out, ", {}", count(one.findings.len(), "finding"));
        }
        out.push('\n');
        for why in &one.checked.why {
            let _ = writeln!(out, "          {}", visible(why));
        }
        for suspicion in &one.origin.suspicious {
            let _ = writeln!(
                out,
                "          {}",
                visible(format!("{}: {}", suspicion.why, suspicion.text))
            );
        }
    }
    out
}

/// One commit for programs.
pub(super) fn json(one: &Audited) -> Value {
    let person = |who: &Identity| json!({"name": who.name, "email": who.email});
    json!({
        "commit": one.commit.id,
        "subject": one.commit.subject(),
        "author": person(&one.commit.author),
        "time": one.commit.time.0,
        "ai": one.origin.is_ai(),
        "agents": one.origin.agents.iter().map(|a| json!({
            "tool": a.tool,
            "model": a.model,
            "confidence": a.confidence,
        })).collect::<Vec<_>>(),
        "suspicious": one.origin.suspicious.iter().map(|s| json!({"why": s.why, "text": s.text})).collect::<Vec<_>>(),
        "standing": one.checked.standing,
        "reviewers": one.checked.reviewers.iter().map(person).collect::<Vec<_>>(),
        "why": one.checked.why,
        "findings": one.findings.iter().map(|f| json!({
            "fingerprint": f.fingerprint.0,
            "rule": f.rule,
            "severity": severity_name(f.severity),
            "path": f.place.path.lossy(),
            "line": f.place.start.line,
            "title": f.title,
        })).collect::<Vec<_>>(),
    })
}

/// `1 commit`, `3 commits`.
pub(super) fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

fn agent(one: &Audited) -> String {
    match &one.origin.agents[..] {
        [] => visible(&one.commit.author.name),
        [only] => visible(&only.tool),
        [first, rest @ ..] => format!("{} +{}", visible(&first.tool), rest.len()),
    }
}

fn paint(standing: Standing, colour: bool) -> String {
    let (code, text) = match standing {
        Standing::Verified => ("32", "✓ countersigned"),
        Standing::Incomplete => ("33", "○ not finished"),
        Standing::Stale => ("33", "⟳ stale"),
        Standing::NotPermitted => ("31", "✗ not permitted"),
        Standing::Altered => ("31", "✗ altered"),
        Standing::RecordMissing => ("31", "✗ record missing"),
        Standing::Unreviewed => ("33", "○ not reviewed"),
    };
    if colour {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// Exactly so many cells: cut with an ellipsis, or filled up.
fn fit(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return format!("{text}{}", " ".repeat(cells - text.width()));
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or_default() >= cells {
            break;
        }
        out.push(c);
    }
    let filled = " ".repeat(cells - 1 - out.width());
    format!("{out}…{filled}")
}
