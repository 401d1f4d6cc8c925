//! For programs: one JSON document, or one JSON object a line. The format is versioned; fields are only ever added within a
//! version.

use super::{Report, confidence_name, severity_name, snippet};
use crate::scan::{Finding, FixQuality, NotExamined, Place, Scope, StepKind};
use serde_json::{Value, json};

/// Version of both formats.
pub const VERSION: u32 = 1;

/// One document.
#[must_use]
pub fn document(report: &Report) -> Value {
    json!({
        "version": VERSION,
        "tool": tool(report),
        "subject": report.subject,
        "findings": report.findings.iter().map(|f| finding(report, f)).collect::<Vec<_>>(),
        "not_examined": report.not_examined.iter().map(not_examined).collect::<Vec<_>>(),
        "summary": summary(report),
    })
}

/// One object a line: a `start` line, a `finding` line each, a `not_examined` line each, a `summary` line.
#[must_use]
pub fn lines(report: &Report) -> String {
    let start = json!({"type": "start", "version": VERSION, "tool": tool(report), "subject": report.subject});
    let findings = report.findings.iter().map(|f| tagged("finding", finding(report, f)));
    let gaps = report
        .not_examined
        .iter()
        .map(|n| tagged("not_examined", not_examined(n)));
    let end = tagged("summary", summary(report));
    [start]
        .into_iter()
        .chain(findings)
        .chain(gaps)
        .chain([end])
        .map(|line| format!("{line}\n"))
        .collect()
}

fn tagged(kind: &str, mut value: Value) -> Value {
    value["type"] = kind.into();
    value
}

fn tool(report: &Report) -> Value {
    json!({"name": "countersign", "version": env!("CARGO_PKG_VERSION"), "rules": report.rules_digest})
}

fn summary(report: &Report) -> Value {
    json!({
        "findings": report.findings.len(),
        "files_examined": report.files,
        "not_examined": report.not_examined.len(),
        "dismissed": report.dismissed,
        "gone": report.gone,
    })
}

/// One finding.
#[must_use]
pub fn finding(report: &Report, finding: &Finding) -> Value {
    let line = snippet::first_line(finding, report.text(&finding.place.path));
    json!({
        "fingerprint": finding.fingerprint.0,
        "rule": finding.rule,
        "category": finding.category,
        "cwe": finding.cwe,
        "severity": severity_name(finding.severity),
        "confidence": confidence_name(finding.confidence),
        "tier": finding.tier,
        "scope": scope_name(finding.scope),
        "title": finding.title,
        "message": finding.message,
        "place": place(&finding.place),
        "snippet": String::from_utf8_lossy(&line),
        "steps": finding.steps.iter().map(|s| json!({
            "kind": match s.kind { StepKind::Source => "source", StepKind::Step => "step", StepKind::Sink => "sink", StepKind::Removed => "removed" },
            "place": place(&s.place),
            "note": s.note,
            "code": s.code,
        })).collect::<Vec<_>>(),
        "arguments": finding.arguments.iter().map(|a| json!({
            "key": a.key,
            "note": a.note,
            "weight": a.weight,
        })).collect::<Vec<_>>(),
        "fix": finding.fix.as_ref().map(|fix| json!({
            "title": fix.title,
            "quality": if fix.quality == FixQuality::Checked { "checked" } else { "sketch" },
            "path": fix.path.lossy(),
            "edits": fix.edits.iter().map(|e| json!({
                "start": e.span.start,
                "end": e.span.end,
                "text": e.text,
            })).collect::<Vec<_>>(),
        })),
        "also": finding.also,
        "commit": finding.commit,
    })
}

/// The name of a scope.
#[must_use]
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Old => "old",
        Scope::Touched => "touched",
        Scope::Moved => "moved",
        Scope::Worse => "worse",
        Scope::New => "new",
    }
}

fn place(place: &Place) -> Value {
    json!({
        "path": place.path.lossy(),
        "side": if place.old_side { "old" } else { "new" },
        "start": {"line": place.start.line, "column": place.start.column, "byte": place.span.start},
        "end": {"line": place.end.line, "column": place.end.column, "byte": place.span.end},
        "within": place.within,
    })
}

fn not_examined(item: &NotExamined) -> Value {
    json!({
        "path": item.path.lossy(),
        "lines": item.lines.map(|(first, last)| [first, last]),
        "key": item.key,
        "why": item.why,
    })
}
