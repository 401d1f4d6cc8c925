//! For people: one block a finding, then what was not examined, then the count. Coloured when asked.

use super::{Report, confidence_name, severity_name, snippet};
use crate::{
    scan::{Finding, FixQuality, Scope, Severity, StepKind},
    text::safe::{visible, visible_lines},
};
use std::fmt::Write;

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With colour.
    pub colour: bool,
    /// With the evidence of every finding.
    pub evidence: bool,
}

/// The report as text.
#[must_use]
pub fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        block(&mut out, report, finding, style);
    }
    not_examined(&mut out, report, style);
    summary(&mut out, report, style);
    out
}

fn block(out: &mut String, report: &Report, finding: &Finding, style: Style) {
    let place = &finding.place;
    let (bold, dim, off) = if style.colour {
        ("\x1b[1m", "\x1b[2m", "\x1b[0m")
    } else {
        ("", "", "")
    };
    let scope = match finding.scope {
        Scope::New => "",
        Scope::Worse => ", made real by the change",
        Scope::Touched => ", was there before",
        Scope::Moved => ", moved here",
        Scope::Old => ", not of this change",
    };
    let _ = writeln!(
        out,
        "{} {bold}{}{off}  {dim}{}{off}",
        badge(finding.severity, style),
        visible(&finding.title),
        visible(&*finding.rule),
    );
    let _ = writeln!(
        out,
        "  {}:{}:{}  {dim}#{} confidence {}{scope}{off}",
        visible(place.path.bytes()),
        place.start.line,
        place.start.column,
        finding.fingerprint.short(),
        confidence_name(finding.confidence),
    );
    let line = snippet::first_line(finding, report.text(&place.path));
    if !line.is_empty() {
        let _ = writeln!(out, "  {dim}|{off} {}", visible_lines(line.trim_ascii()));
    }
    let _ = writeln!(out, "  {}", visible(&finding.message));
    if style.evidence {
        evidence(out, finding, dim, off);
    }
    if let Some(fix) = &finding.fix {
        let kind = if fix.quality == FixQuality::Checked {
            "checked fix"
        } else {
            "sketch of a fix"
        };
        let _ = writeln!(out, "  {dim}{kind}:{off} {}", visible(&fix.title));
    }
    out.push('\n');
}

fn evidence(out: &mut String, finding: &Finding, dim: &str, off: &str) {
    for (i, step) in finding.steps.iter().enumerate() {
        let kind = match step.kind {
            StepKind::Source => "from",
            StepKind::Step => "via",
            StepKind::Sink => "to",
            StepKind::Removed => "without",
        };
        let path = visible(step.place.path.bytes());
        let line = step.place.start.line;
        let _ = writeln!(
            out,
            "  {dim}{:>3} {kind:<4}{off} {path}:{line} {}",
            i + 1,
            visible(&step.note)
        );
    }
    for argument in &finding.arguments {
        let side = if argument.weight >= 0 { "for" } else { "against" };
        let _ = writeln!(out, "  {dim}{side:>8}{off} {}", visible(&argument.note));
    }
}

fn badge(severity: Severity, style: Style) -> String {
    let name = severity_name(severity);
    let code = match severity {
        Severity::Critical | Severity::High => "1;31",
        Severity::Medium => "1;33",
        Severity::Low => "1;34",
        Severity::Info => "1;36",
    };
    if style.colour {
        format!("\x1b[{code}m{name}\x1b[0m")
    } else {
        name.to_owned()
    }
}

fn not_examined(out: &mut String, report: &Report, style: Style) {
    if report.not_examined.is_empty() {
        return;
    }
    let (bold, off) = if style.colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let _ = writeln!(out, "{bold}Not examined{off}");
    for item in &report.not_examined {
        let lines = match item.lines {
            Some((first, last)) if first == last => format!(":{first}"),
            Some((first, last)) => format!(":{first}-{last}"),
            None => String::new(),
        };
        let _ = writeln!(out, "  {}{lines}  {}", visible(item.path.bytes()), visible(&item.why));
    }
    out.push('\n');
}

fn summary(out: &mut String, report: &Report, style: Style) {
    let (bold, off) = if style.colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let counts: Vec<String> = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ]
    .into_iter()
    .map(|s| (s, report.findings.iter().filter(|f| f.severity == s).count()))
    .filter(|(_, n)| *n > 0)
    .map(|(s, n)| format!("{n} {}", severity_name(s)))
    .collect();
    let found = if counts.is_empty() {
        "nothing found".to_owned()
    } else {
        counts.join(", ")
    };
    let files = plural(report.files, "file");
    let _ = write!(
        out,
        "{bold}{}: {found}{off} in {files} examined",
        visible(&report.subject)
    );
    if !report.not_examined.is_empty() {
        let _ = write!(
            out,
            ", {} not (wholly) examined",
            plural(report.not_examined.len(), "place")
        );
    }
    if report.gone > 0 {
        let _ = write!(out, ", {} gone", plural(report.gone, "finding"));
    }
    if report.dismissed > 0 {
        let _ = write!(
            out,
            ", {} dismissed after verification",
            plural(report.dismissed, "candidate")
        );
    }
    out.push_str(".\n");
}

fn plural(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
