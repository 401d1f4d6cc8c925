//! What the case says, row by row.

use super::{CaseRow, CaseView, fix};
use crate::{
    change::{FileChange, Hunk, RepoPath},
    review::{Cursor, Decision, Fold, Reason, Standing, Verdict},
    scan::{Confidence, Finding, Scope, Severity, Step, Tier},
    text::Span as Bytes,
    tui::{
        panes::{Brush, header, severity_role},
        theme::Role,
        widgets::prose::{self, safe, span},
    },
};
use ratatui::text::{Line, Span};

/// The rows of the case for what is under the cursor, `width` cells wide.
pub(super) fn rows(view: &CaseView<'_>, width: usize, brush: Brush<'_>) -> Vec<CaseRow> {
    let mut page = Page {
        width,
        brush,
        rows: Vec::new(),
    };
    match (view.finding, view.state.cursor()) {
        (Some(finding), _) => of_finding(&mut page, view, finding),
        (None, Some(Cursor::Finding(fingerprint))) => of_fixed(&mut page, view, fingerprint),
        (None, Some(Cursor::Hunk(id))) => {
            if let Some((file, hunk)) = view.state.hunk(id) {
                of_hunk(&mut page, view, file, hunk);
            }
        }
        (None, Some(Cursor::File(path))) => of_file(&mut page, view, path),
        (None, Some(Cursor::NotExamined(index))) => {
            if let Some(n) = view.state.not_examined().get(*index) {
                page.heading("Not examined");
                page.prose(&safe(n.path.bytes()), Role::Text);
                page.prose(&safe(&n.why), Role::Dim);
                page.air();
                page.prose(
                    "The scanner did not look at this part, so its silence says nothing. Read it yourself.",
                    Role::Dim,
                );
            }
        }
        (None, Some(Cursor::Group(key))) => of_group(&mut page, view, key),
        (None, Some(Cursor::Fold(fold))) => page.prose(fold_sentence(fold), Role::Dim),
        (None, None) => {}
    }
    page.rows
}

/// Rows being written.
pub(super) struct Page<'b> {
    pub(super) width: usize,
    pub(super) brush: Brush<'b>,
    rows: Vec<CaseRow>,
}

impl Page<'_> {
    pub(super) fn line(&mut self, line: Line<'static>) {
        self.rows.push(CaseRow { line, step: None });
    }

    pub(super) fn air(&mut self) {
        if self.rows.last().is_some_and(|r| r.line.width() > 0) {
            self.line(Line::default());
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.air();
        self.line(Line::from(span(text, self.brush.style(Role::Strong))));
    }

    /// Sentences in one look.
    pub(super) fn prose(&mut self, text: &str, role: Role) {
        for paragraph in text.split('\n') {
            for text in prose::wrap(paragraph, self.width) {
                self.line(Line::from(span(text, self.brush.style(role))));
            }
        }
    }

    /// Sentences after a sign or label, their further lines set in.
    fn item(&mut self, label: Span<'static>, text: &str, role: Role, step: Option<usize>) {
        let indent = prose::width(&label.content);
        for (i, text) in prose::wrap(text, self.width.saturating_sub(indent))
            .into_iter()
            .enumerate()
        {
            let first = if i == 0 {
                label.clone()
            } else {
                Span::raw(" ".repeat(indent))
            };
            let line = Line::from(vec![first, span(text, self.brush.style(role))]);
            self.rows.push(CaseRow { line, step });
        }
    }
}

fn of_finding(page: &mut Page<'_>, view: &CaseView<'_>, finding: &Finding) {
    let brush = page.brush;
    let name = format!("{:?}", finding.severity).to_uppercase();
    let confidence = match finding.confidence {
        Confidence::High => "high confidence",
        Confidence::Medium => "medium confidence",
        Confidence::Low => "low confidence",
    };
    page.line(Line::from(vec![
        span(name, brush.style(severity_role(finding.severity))),
        span(format!("   {confidence}"), brush.style(Role::Dim)),
    ]));
    for text in prose::wrap(&safe(&finding.title), page.width) {
        page.line(Line::from(span(text, brush.style(Role::Strong))));
    }
    page.prose(&labels(finding), Role::Faint);
    page.air();
    page.prose(&safe(&finding.message), Role::Text);
    if let Some(sentence) = scope_sentence(finding) {
        page.air();
        page.prose(sentence, Role::Dim);
    }
    evidence(page, view, finding);
    arguments(page, finding);
    fix::rows(page, view, finding);
    decision(page, view, finding);
    explanation(page, view, finding);
}

/// Rule and CWE, and what else matched.
fn labels(finding: &Finding) -> String {
    let mut words = vec![safe(finding.rule.as_bytes())];
    words.extend(finding.cwe.iter().map(|n| format!("CWE-{n}")));
    if finding.tier == Tier::Audit {
        words.push("audit".into());
    }
    if !finding.also.is_empty() {
        let also: Vec<String> = finding.also.iter().map(|r| safe(r.as_bytes())).collect();
        words.push(format!("also {}", also.join(", ")));
    }
    words.join("  ")
}

fn scope_sentence(finding: &Finding) -> Option<&'static str> {
    match finding.scope {
        Scope::New => None,
        Scope::Worse => Some("The change made it real without touching it."),
        Scope::Moved => Some("It was there before, elsewhere; the change moved it here."),
        Scope::Touched => Some("It was there before; the change touches it."),
        Scope::Old => Some("Old: the change has nothing to do with it."),
    }
}

fn evidence(page: &mut Page<'_>, view: &CaseView<'_>, finding: &Finding) {
    let brush = page.brush;
    page.heading("Evidence");
    for (index, step) in finding.steps.iter().enumerate() {
        let number = span(format!("{} ", brush.glyphs.number(index)), brush.style(Role::Evidence));
        let place = format!("{}:{}", safe(step.place.path.file_name()), step.place.start.line);
        let room = page.width.saturating_sub(prose::width(&place) + 4);
        let code = prose::cut(&code_of(view, finding, step), room, brush.glyphs.ellipsis);
        let right = vec![span(place, brush.style(Role::Faint))];
        let line = prose::between(
            vec![number, span(code, brush.style(Role::Text))],
            right,
            page.width,
            brush.glyphs.ellipsis,
        );
        page.rows.push(CaseRow {
            line,
            step: Some(index),
        });
        page.item(Span::raw("  "), &safe(&step.note), Role::Dim, Some(index));
    }
}

/// The code of a step on one line; dots where it must not be shown.
fn code_of(view: &CaseView<'_>, finding: &Finding, step: &Step) -> String {
    if let Some(code) = &step.code {
        return code.clone();
    }
    let place = &step.place;
    let files = &view.state.change().files;
    let file = files
        .iter()
        .find(|f| f.path == place.path || f.old_path.as_ref() == Some(&place.path));
    let text = file.and_then(|f| if place.old_side { f.old_text() } else { f.new_text() });
    let Some(text) = text else { return String::new() };
    let mut bytes = place.span.of(text).to_vec();
    if place.path == finding.place.path {
        mask(&mut bytes, place.span, &finding.redact);
    }
    let one_line: Vec<u8> = bytes
        .split(|b| b.is_ascii_whitespace())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(&b' ');
    safe(one_line)
}

/// Puts stars over what must not be shown.
pub(super) fn mask(bytes: &mut [u8], span: Bytes, redact: &[Bytes]) {
    for hidden in redact {
        let from = hidden.start.max(span.start).saturating_sub(span.start) as usize;
        let to = hidden.end.min(span.end).saturating_sub(span.start) as usize;
        if let Some(part) = bytes.get_mut(from..to) {
            part.fill(b'*');
        }
    }
}

fn arguments(page: &mut Page<'_>, finding: &Finding) {
    let brush = page.brush;
    page.air();
    let against = finding.arguments.iter().any(|a| a.weight < 0);
    for (label, positive, sign, role) in [("For      ", true, 0, Role::Warn), ("Against  ", false, 1, Role::Good)] {
        let mut label = span(label, brush.style(Role::Strong));
        for argument in finding
            .arguments
            .iter()
            .filter(|a| a.weight != 0 && (a.weight > 0) == positive)
        {
            page.item(label, &safe(&argument.note), Role::Text, None);
            label = span(format!("       {} ", brush.glyphs.for_against[sign]), brush.style(role));
        }
    }
    if !against {
        page.item(
            span("Against  ", brush.style(Role::Strong)),
            "nothing found",
            Role::Dim,
            None,
        );
    }
}

fn decision(page: &mut Page<'_>, view: &CaseView<'_>, finding: &Finding) {
    let brush = page.brush;
    page.air();
    let label = span("Decision  ", brush.style(Role::Strong));
    match view.state.standing(finding) {
        Standing::Open => page.item(label, "open", Role::Dim, None),
        Standing::Decided(d) => {
            let sign = brush.glyphs.standing(&Standing::Decided(d.clone()));
            page.item(label, &format!("{sign} {}", verdict(&d)), role_of(&d), None);
            decided_by(page, &d);
        }
        Standing::Stale(d) => {
            let text = format!("{} changed since it was {}", brush.glyphs.stale, verdict(&d));
            page.item(label, &text, Role::Stale, None);
            decided_by(page, &d);
            page.prose("The code is not the code that was decided on. Decide again.", Role::Dim);
        }
    }
    if let Some(note) = view.state.ledger().note(&finding.fingerprint) {
        page.heading("Note");
        page.prose(&crate::text::safe::visible_lines(note), Role::Text);
    }
}

fn role_of(decision: &Decision) -> Role {
    match decision.verdict {
        Verdict::Approved(_) => Role::Approved,
        Verdict::Rejected => Role::Rejected,
        Verdict::Fixed => Role::Fixed,
    }
}

fn verdict(decision: &Decision) -> String {
    match decision.verdict {
        Verdict::Approved(Reason::FalsePositive) => "approved: false positive".into(),
        Verdict::Approved(Reason::AcceptedRisk) => "approved: accepted risk".into(),
        Verdict::Approved(Reason::HandledElsewhere) => "approved: handled elsewhere".into(),
        Verdict::Rejected => "rejected".into(),
        Verdict::Fixed => "fixed".into(),
    }
}

fn decided_by(page: &mut Page<'_>, decision: &Decision) {
    if let Some(note) = &decision.note {
        page.prose(&format!("\u{201c}{}\u{201d}", safe(note)), Role::Text);
    }
    let by = safe(decision.by.split(" <").next().unwrap_or_default());
    let at = safe(decision.at.get(..10).unwrap_or(&decision.at));
    let batch = if decision.batch > 1 {
        format!(", one of {} decided together", decision.batch)
    } else {
        String::new()
    };
    page.prose(&format!("{by}, {at}{batch}"), Role::Faint);
}

fn explanation(page: &mut Page<'_>, view: &CaseView<'_>, finding: &Finding) {
    let Some(about) = view.explanations.of(&finding.rule) else {
        return;
    };
    for (title, text) in [("Why it matters", &about.why), ("Check by hand", &about.check)] {
        if !text.trim().is_empty() {
            page.heading(title);
            page.prose(&safe(text.split_whitespace().collect::<Vec<_>>().join(" ")), Role::Dim);
        }
    }
    if !about.references.is_empty() {
        page.heading("Read on");
        for reference in &about.references {
            page.prose(&safe(reference), Role::Dim);
        }
    }
}

/// A finding that a fix made go away.
fn of_fixed(page: &mut Page<'_>, view: &CaseView<'_>, fingerprint: &crate::scan::Fingerprint) {
    let Some(settled) = view.state.ledger().settled(fingerprint) else {
        return;
    };
    let subject = &settled.subject;
    page.prose(&safe(&subject.title), Role::Strong);
    page.prose(
        &format!(
            "{}  {}:{}",
            safe(subject.rule.as_bytes()),
            safe(&subject.path),
            subject.line
        ),
        Role::Faint,
    );
    page.air();
    let text = format!("{} fixed: it is no longer found", page.brush.glyphs.fixed);
    page.prose(&text, Role::Fixed);
    decided_by(page, &settled.decision);
}

fn of_hunk(page: &mut Page<'_>, view: &CaseView<'_>, file: &FileChange, hunk: &Hunk) {
    let seen = view.state.ledger().seen(&hunk.id);
    page.prose(if seen { "Seen" } else { "Not seen yet" }, Role::Strong);
    let place = format!("{}, {}", safe(file.path.bytes()), safe(hunk.heading.trim()));
    page.prose(place.trim_end_matches([',', ' ']), Role::Faint);
    page.air();
    let mut here = view
        .state
        .findings()
        .iter()
        .filter(|f| view.state.hunk_of(f).is_some_and(|(_, h)| h.id == hunk.id));
    if here.next().is_none() {
        page.prose("Nothing was found here. Read it.", Role::Text);
    }
    let sentence = if seen {
        format!("{} takes the mark back.", view.keys.seen)
    } else {
        format!(
            "A hunk that was on screen in full counts as seen when you move on; {} marks it now.",
            view.keys.seen
        )
    };
    page.prose(&sentence, Role::Dim);
    commit_of(page, view, hunk);
}

/// Who brought the hunk.
fn commit_of(page: &mut Page<'_>, view: &CaseView<'_>, hunk: &Hunk) {
    let mut indices: Vec<u16> = hunk.lines.iter().filter_map(|l| l.commit).collect();
    indices.sort_unstable();
    indices.dedup();
    let commits: Vec<_> = indices
        .iter()
        .filter_map(|i| view.state.change().commits.get(usize::from(*i)))
        .collect();
    if commits.is_empty() {
        return;
    }
    page.heading(if commits.len() == 1 { "Commit" } else { "Commits" });
    for commit in commits {
        let (name, agent) = header::author(commit);
        page.prose(
            &format!("{}  {}", commit.id.short(), safe(commit.subject())),
            Role::Text,
        );
        page.prose(&name, if agent { Role::Agent } else { Role::Person });
    }
}

fn of_file(page: &mut Page<'_>, view: &CaseView<'_>, path: &RepoPath) {
    page.prose(&safe(path.bytes()), Role::Strong);
    if let Some(file) = view.state.file(path) {
        let (added, removed) = file.counts();
        let hunks = file.hunks().len();
        let seen = file.hunks().iter().filter(|h| view.state.ledger().seen(&h.id)).count();
        page.prose(
            &format!("{added} lines added, {removed} removed; {seen} of {hunks} hunks seen"),
            Role::Dim,
        );
    }
    let here: Vec<_> = view
        .state
        .findings()
        .iter()
        .filter(|f| f.place.path == *path && view.state.filter().shows(f))
        .collect();
    counts(page, view, &here.iter().map(|f| f.as_ref()).collect::<Vec<_>>());
    let missed: Vec<_> = view.state.not_examined().iter().filter(|n| n.path == *path).collect();
    if !missed.is_empty() {
        page.heading("Not examined");
        for n in missed {
            let lines = n.lines.map(|(a, b)| format!("lines {a}-{b}: ")).unwrap_or_default();
            page.prose(&format!("{lines}{}", safe(&n.why)), Role::Warn);
        }
    }
}

fn of_group(page: &mut Page<'_>, view: &CaseView<'_>, key: &str) {
    page.prose(&safe(key), Role::Strong);
    let here = view.state.members(&Cursor::Group(key.to_owned()));
    counts(page, view, &here.iter().map(AsRef::as_ref).collect::<Vec<_>>());
}

/// How many findings of which severity, and what one key can do with them.
fn counts(page: &mut Page<'_>, view: &CaseView<'_>, findings: &[&Finding]) {
    page.air();
    if findings.is_empty() {
        page.prose("Nothing was found here.", Role::Text);
        return;
    }
    for severity in [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ] {
        let all = findings.iter().filter(|f| f.severity == severity);
        let (count, open) = all.fold((0, 0), |(c, o), f| {
            (c + 1, o + usize::from(view.state.standing(f).is_open()))
        });
        if count > 0 {
            let name = format!("{severity:?}").to_lowercase();
            let label = span(
                format!("{count:>3} {name:<9}"),
                page.brush.style(severity_role(severity)),
            );
            page.line(Line::from(vec![
                label,
                span(format!("{open} open"), page.brush.style(Role::Dim)),
            ]));
        }
    }
    let light = |f: &&&Finding| f.severity < view.state.policy().reason_at && view.state.standing(f).is_open();
    let batch = findings.iter().filter(light).count();
    if batch > 1 {
        page.air();
        page.prose(
            &format!(
                "{} approves the {batch} lighter ones together, with one reason.",
                view.keys.approve
            ),
            Role::Dim,
        );
    }
}

fn fold_sentence(fold: &Fold) -> &'static str {
    match fold {
        Fold::Decided => "What is decided. Enter opens and closes; undo and a new decision work here too.",
        Fold::NotExamined => "What the scanner did not examine, and why. Its silence there says nothing.",
        Fold::Hunks => "Hunks that nobody has seen yet.",
        Fold::File(_) | Fold::Group(_) => "",
    }
}
