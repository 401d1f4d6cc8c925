//! `remove-entry`: an entry or element taken out, with its line or its comma. What would be left empty goes with it.

use super::{line_end, line_start, own_children, trimmed};
use crate::{
    lang::document::{Document, Format, NodeId},
    scan::{
        Edit,
        fix::job::{Job, Plan, edit},
    },
    text::Span,
};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let site = job.document?;
    if site.spot.absent {
        return None;
    }
    let document = site.document;
    let mut id = site.spot.node;
    // An only child takes its map or list with it, but never the document.
    while let Some(parent) = document.node(id)?.parent {
        let alone = own_children(document, parent).len() == 1;
        let keyed = document.node(parent)?.key.is_some() && document.format != Format::Xml;
        if !alone || !keyed {
            break;
        }
        id = parent;
    }
    Some(vec![taken(job.text, document, id)?].into())
}

fn taken(text: &[u8], document: &Document, id: NodeId) -> Option<Edit> {
    let entry = trimmed(text, document.node(id)?.entry);
    if let Some(lines) = whole_lines(text, entry) {
        return Some(edit(lines, ""));
    }
    let siblings = own_children(document, document.node(id)?.parent?);
    let at = siblings.iter().position(|s| *s == id)?;
    let neighbour = |i: usize| siblings.get(i).and_then(|s| document.node(*s)).map(|n| n.entry);
    if let Some(next) = neighbour(at + 1) {
        return Some(edit(
            Span {
                start: entry.start,
                end: next.start,
            },
            "",
        ));
    }
    let before = neighbour(at.checked_sub(1)?)?;
    Some(edit(
        Span {
            start: trimmed(text, before).end,
            end: entry.end,
        },
        "",
    ))
}

/// The lines of an entry, when nothing else stands on them but a dash, a comma or a comment.
fn whole_lines(text: &[u8], entry: Span) -> Option<Span> {
    let (start, _) = line_start(text, entry.start);
    let end = line_end(text, entry.end);
    let before = text.get(start..entry.start as usize)?.trim_ascii();
    let after = text.get(entry.end as usize..end)?.trim_ascii();
    let after = after.strip_prefix(b",").map(<[u8]>::trim_ascii).unwrap_or(after);
    let before_is_nothing = before.is_empty() || before == b"-";
    let after_is_nothing = after.is_empty() || after.starts_with(b"#") || after.starts_with(b"//");
    if !before_is_nothing || !after_is_nothing {
        return None;
    }
    let next = text
        .get(end..)?
        .iter()
        .position(|b| *b == b'\n')
        .map_or(end, |i| end + i + 1);
    Some(Span::new(start, next))
}
