//! `remove-text`, `replace-text`, `remove-line`: the stretches a finding is about, without looking at what they mean.

use super::{
    job::{Job, Plan, edit},
    template,
};
use crate::{scan::Edit, text::Span};

/// Applies `remove-text`. A comment in which nothing else is said goes as a whole, with the space before it; and words that are all there
/// is on a line go with the line.
pub fn remove_text(job: &Job<'_>) -> Option<Plan> {
    let taken = |span: &Span| {
        let whole = comment_around(job, *span).unwrap_or(*span);
        let words = whole.of(job.text).iter().any(u8::is_ascii_alphanumeric);
        edit(if words { with_space(job, whole) } else { whole }, "")
    };
    whole(job.spans.iter().map(taken).collect())
}

/// The comment that holds `span` and beside it only the signs that make it one.
fn comment_around(job: &Job<'_>, span: Span) -> Option<Span> {
    let comments = &job.view.zones().comments;
    let comment = comments.iter().find(|c| c.contains(span))?;
    let before = job.text.get(comment.start as usize..span.start as usize)?;
    let after = job.text.get(span.end as usize..comment.end as usize)?;
    let sign = |b: &u8| b.is_ascii_whitespace() || b"#/*-<>!;{%}".contains(b);
    before.iter().chain(after).all(sign).then_some(*comment)
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

/// The stretch with the space before it when it ends its line, or its whole lines when nothing else stands on them.
fn with_space(job: &Job<'_>, span: Span) -> Span {
    let index = job.view.lines();
    let (first, last) = index.lines_of(span);
    let content = |line| index.content(job.text, line);
    let (Some(top), Some(bottom)) = (content(first), content(last)) else {
        return span;
    };
    let before = job
        .text
        .get(top.start as usize..span.start as usize)
        .unwrap_or_default();
    let after = job.text.get(span.end as usize..bottom.end as usize).unwrap_or_default();
    if !after.trim_ascii().is_empty() {
        return span;
    }
    let kept = before.trim_ascii_end().len() as u32;
    if kept == 0 {
        let lines = index.span(first).zip(index.span(last));
        return lines.map_or(span, |(first, last)| first.to(last));
    }
    Span {
        start: top.start + kept,
        end: bottom.end,
    }
}
