//! `remove-text`, `replace-text`, `remove-line`: the stretches a finding is about, without looking at what they mean.

use super::{
    job::{Job, Plan, edit},
    template,
};
use crate::{scan::Edit, text::Span};

/// Applies `remove-text`. A comment goes with the space before it, and with its line when nothing else stands there.
pub fn remove_text(job: &Job<'_>) -> Option<Plan> {
    let comments = &job.view.zones().comments;
    let taken = |span: &Span| match comments.binary_search(span) {
        Ok(_) => edit(with_space(job, *span), ""),
        Err(_) => edit(*span, ""),
    };
    whole(job.spans.iter().map(taken).collect())
}

/// Applies `replace-text`: `{code}` and `{value}` are what stands there.
pub fn replace_text(job: &Job<'_>) -> Option<Plan> {
    let with = job.spec.with.as_deref()?;
    let new = |span: &Span| {
        let text = job.source(*span)?;
        let new = template::fill(with, |word| matches!(word, "code" | "value").then(|| text.into()))?;
        Some(edit(*span, new))
    };
    whole(job.spans.iter().map(new).collect::<Option<Vec<Edit>>>()?)
}

/// Applies `remove-line`: every line the finding touches.
pub fn remove_line(job: &Job<'_>) -> Option<Plan> {
    let index = job.view.lines();
    let mut edits: Vec<Edit> = Vec::new();
    for span in job.spans {
        let (first, last) = index.lines_of(*span);
        let lines = index.span(first)?.to(index.span(last)?);
        if edits.last().is_none_or(|e| e.span.end <= lines.start) {
            edits.push(edit(lines, ""));
        }
    }
    whole(edits)
}

fn whole(edits: Vec<Edit>) -> Option<Plan> {
    (!edits.is_empty()).then(|| edits.into())
}

fn with_space(job: &Job<'_>, span: Span) -> Span {
    let index = job.view.lines();
    let line = index.content(job.text, index.line(span.start)).unwrap_or(span);
    let before = job
        .text
        .get(line.start as usize..span.start as usize)
        .unwrap_or_default();
    let start = line.start + before.trim_ascii_end().len() as u32;
    if start == line.start && span.end >= line.end {
        // Nothing else stands on the line.
        let (first, last) = index.lines_of(span);
        let whole = index.span(first).zip(index.span(last));
        return whole.map_or(span, |(first, last)| first.to(last));
    }
    let end = if span.end >= line.end {
        span.end.max(line.end)
    } else {
        span.end
    };
    Span { start, end }
}
