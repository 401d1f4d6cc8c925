//! For code-scanning services: SARIF 2.1.0. Results name their rule; rules carry category and CWE tags (`external/cwe/cwe-89`, as
//! those services expect) and a security severity; the trace is a code flow, the fix a SARIF fix, the fingerprint a partial
//! fingerprint, and what was not examined a notification of the invocation.

use super::{Report, RuleInfo, snippet};
use crate::{
    change::RepoPath,
    scan::{Confidence, Finding, Fix, FixQuality, NotExamined, Place, Severity},
    text::{LineIndex, Span},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report as a SARIF log.
#[must_use]
pub fn log(report: &Report) -> Value {
    let rules = rules(report);
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(i, id)| (*id, i)).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|f| result(report, f, index.get(&*f.rule).copied().unwrap_or_default()))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "countersign",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().collect::<Vec<_>>(),
                "properties": {"rulesDigest": report.rules_digest},
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": report.not_examined.iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

fn rules(report: &Report) -> BTreeMap<&str, Value> {
    let mut rules = BTreeMap::new();
    for finding in &report.findings {
        let unknown = RuleInfo::default();
        let info = report.rules.get(&finding.rule).unwrap_or(&unknown);
        rules.entry(&*finding.rule).or_insert_with(|| rule(finding, info));
    }
    rules
}

fn rule(finding: &Finding, info: &RuleInfo) -> Value {
    let mut tags = vec!["security".to_owned(), finding.category.to_string()];
    tags.extend(finding.cwe.iter().map(|cwe| format!("external/cwe/cwe-{cwe:03}")));
    let title = if info.title.is_empty() {
        &finding.title
    } else {
        &info.title
    };
    let mut help = info.check.clone();
    for reference in &info.references {
        let _ = write!(help, "\n\n{reference}");
    }
    json!({
        "id": finding.rule,
        "name": finding.rule,
        "shortDescription": {"text": non_empty(title, &finding.category)},
        "fullDescription": {"text": non_empty(&info.why, title)},
        "help": {"text": non_empty(&help, title)},
        "defaultConfiguration": {"level": level(finding.severity)},
        "properties": {
            "tags": tags,
            "security-severity": security_severity(finding.severity),
            "precision": precision(finding.confidence),
        },
    })
}

fn non_empty<'s>(text: &'s str, otherwise: &'s str) -> &'s str {
    if text.trim().is_empty() { otherwise } else { text }
}

fn result(report: &Report, finding: &Finding, index: usize) -> Value {
    let steps: Vec<Value> = finding
        .steps
        .iter()
        .map(|step| {
            let mut location = location(&step.place);
            location["message"] = json!({"text": step.note});
            json!({"location": location})
        })
        .collect();
    let mut place = location(&finding.place);
    let line = snippet::cover(report.text(&finding.place.path), finding.place.span, &finding.redact);
    if !line.is_empty() {
        place["physicalLocation"]["region"]["snippet"] = json!({"text": String::from_utf8_lossy(&line)});
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": format!("{}. {}", finding.title, finding.message)},
        "locations": [place],
        "partialFingerprints": {"countersign/v1": finding.fingerprint.0},
        "properties": {
            "severity": super::severity_name(finding.severity),
            "confidence": super::confidence_name(finding.confidence),
            "scope": super::json::scope_name(finding.scope),
            "category": finding.category,
        },
    });
    if steps.len() > 1 {
        result["codeFlows"] = json!([{"threadFlows": [{"locations": steps}]}]);
    }
    if let Some(fix) = finding.fix.as_ref().filter(|f| f.quality == FixQuality::Checked) {
        result["fixes"] = json!([self::fix(fix, report.text(&fix.path))]);
    }
    result
}

fn fix(fix: &Fix, text: &[u8]) -> Value {
    let index = LineIndex::new(text);
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| json!({"deletedRegion": region(&index, text, edit.span), "insertedContent": {"text": edit.text}}))
        .collect();
    json!({
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": artifact(&fix.path), "replacements": replacements}],
    })
}

fn region(index: &LineIndex, text: &[u8], span: Span) -> Value {
    let (start, end) = (index.pos(text, span.start), index.pos(text, span.end));
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

fn location(place: &Place) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&place.path),
            "region": {
                "startLine": place.start.line.max(1),
                "startColumn": place.start.column.max(1),
                "endLine": place.end.line.max(1),
                "endColumn": place.end.column.max(1),
            },
        },
    });
    if let Some(within) = &place.within {
        location["logicalLocations"] = json!([{"fullyQualifiedName": within}]);
    }
    location
}

fn artifact(path: &RepoPath) -> Value {
    json!({"uri": uri(path), "uriBaseId": "SRCROOT"})
}

/// The path as a relative URI reference: everything but unreserved characters and `/` percent-encoded.
fn uri(path: &RepoPath) -> String {
    let mut uri = String::with_capacity(path.bytes().len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(*byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn notification(item: &NotExamined) -> Value {
    let mut physical = json!({"artifactLocation": artifact(&item.path)});
    if let Some((first, last)) = item.lines {
        physical["region"] = json!({"startLine": first.max(1), "endLine": last.max(first).max(1)});
    }
    json!({
        "level": "warning",
        "descriptor": {"id": item.key},
        "message": {"text": item.why},
        "locations": [{"physicalLocation": physical}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The scale of code-scanning services: 9.0 and above is critical, 7.0 high, 4.0 medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}
