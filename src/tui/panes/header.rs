//! The header: what is under review, who wrote it, what is left.

use super::Brush;
use crate::{
    change::Source,
    origin,
    review::State,
    tui::{
        theme::Role,
        widgets::{
            prose::{self, safe, span},
            row,
        },
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Cells of the progress bar.
const BAR: usize = 10;

/// What the header knows that the review does not.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The project: the folder's name.
    pub project: String,
    /// Who wrote the commits, in words; empty for uncommitted work.
    pub authors: String,
}

impl About {
    /// Of this review of the project in that folder.
    #[must_use]
    pub fn of(project: &str, state: &State) -> Self {
        Self {
            project: safe(project),
            authors: authors(state),
        }
    }
}

/// `3 commits by Claude Code (opus 4.6), 1 by Ada Byron`.
fn authors(state: &State) -> String {
    let mut counts: Vec<(String, bool, usize)> = Vec::new();
    for commit in &state.change().commits {
        let (name, agent) = author(commit);
        match counts.iter_mut().find(|(n, _, _)| *n == name) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((name, agent, 1)),
        }
    }
    counts.sort_by_key(|(name, agent, count)| (!*agent, std::cmp::Reverse(*count), name.clone()));
    let mut words = Vec::new();
    for (i, (name, _, count)) in counts.iter().enumerate() {
        let commits = match (i, count) {
            (0, 1) => " commit",
            (0, _) => " commits",
            _ => "",
        };
        words.push(format!("{count}{commits} by {name}"));
    }
    words.join(", ")
}

/// Who wrote a commit, for people, and whether that is an agent.
#[must_use]
pub fn author(commit: &crate::change::Commit) -> (String, bool) {
    let origin = origin::of(commit);
    match origin.agents.first().filter(|_| origin.is_ai()) {
        Some(agent) => {
            let model = agent
                .model
                .as_ref()
                .map(|m| format!(" ({})", safe(m)))
                .unwrap_or_default();
            (format!("{}{model}", safe(&agent.tool)), true)
        }
        None => (safe(&commit.author.name), false),
    }
}

/// What was asked for, in the words it was asked in.
#[must_use]
pub fn subject(source: &Source) -> String {
    match source {
        Source::WorkTree => "uncommitted work".into(),
        Source::Index => "staged".into(),
        Source::Unstaged => "not staged".into(),
        Source::Commit { spec } | Source::Range { spec } => safe(spec),
    }
}

/// Draws the header into the first row of `area`.
pub fn draw(state: &State, about: &About, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let wide = area.width >= 100;
    let width = usize::from(area.width);
    let mut left = vec![Span::raw(" ")];
    if wide {
        left.push(span("countersign", brush.style(Role::Product)));
        left.push(Span::raw("  "));
    }
    left.push(span(about.project.clone(), brush.style(Role::Strong)));
    left.push(span(
        format!("  {}", subject(&state.change().source)),
        brush.style(Role::Text),
    ));
    if wide && !about.authors.is_empty() {
        left.push(span(format!("   {}", about.authors), brush.style(Role::Agent)));
    }
    let right = left_to_do(state, wide, brush);
    row::draw(&prose::between(left, right, width, brush.glyphs.ellipsis), area, buffer);
}

fn left_to_do(state: &State, wide: bool, brush: Brush<'_>) -> Vec<Span<'static>> {
    let p = state.progress();
    let mut spans = Vec::new();
    if let Some((done, of)) = state.scanning() {
        spans.push(span(format!("scanning {done}/{of}   "), brush.style(Role::Warn)));
    }
    let open = if p.open > 0 { Role::Strong } else { Role::Good };
    let unseen = if p.seen < p.hunks { Role::Text } else { Role::Good };
    if wide {
        let word = if p.findings == 1 { "finding" } else { "findings" };
        match (p.findings, p.open) {
            (0, _) if state.scanning().is_some() => {}
            (0, _) => spans.push(span("no findings", brush.style(Role::Good))),
            (n, 0) => spans.push(span(format!("{n} {word}, all decided"), brush.style(open))),
            (n, o) => {
                spans.push(span(format!("{n} {word}, "), brush.style(Role::Dim)));
                spans.push(span(format!("{o} open"), brush.style(open)));
            }
        }
        spans.push(span(format!("   {}/{}", p.seen, p.hunks), brush.style(unseen)));
        spans.push(span(" hunks seen   ", brush.style(Role::Dim)));
        spans.extend(bar(p.findings - p.open + p.seen, p.findings + p.hunks, brush));
        spans.push(Span::raw(" "));
    } else {
        spans.push(span(format!("{} open", p.open), brush.style(open)));
        spans.push(span(format!(" of {}  ", p.findings), brush.style(Role::Dim)));
        spans.push(span(format!("{}/{}", p.seen, p.hunks), brush.style(unseen)));
        spans.push(span(" seen ", brush.style(Role::Dim)));
    }
    spans
}

fn bar(done: usize, of: usize, brush: Brush<'_>) -> Vec<Span<'static>> {
    let eighths = (done * BAR * 8).checked_div(of).unwrap_or(BAR * 8);
    let (full, part) = (eighths / 8, eighths % 8);
    let g = brush.glyphs;
    let mut filled = g.eighths[7].repeat(full);
    if part > 0 {
        filled.push_str(g.eighths[part - 1]);
    }
    let empty = BAR - full - usize::from(part > 0);
    let (rest, ends) = if g.ascii { ("-", ["[", "]"]) } else { ("·", ["", ""]) };
    vec![
        span(ends[0], brush.style(Role::ProgressLeft)),
        span(filled, brush.style(Role::Progress)),
        span(rest.repeat(empty), brush.style(Role::ProgressLeft)),
        span(ends[1], brush.style(Role::ProgressLeft)),
    ]
}
