//! `set-entry`, `add-entry`, `remove-entry`, `replace-match`, `lift-expression`: edits of documents that keep the format's punctuation and the indentation of what
//! is around.

mod add;
mod lift;
mod remove;

use super::{
    job::{Job, Plan, edit},
    template,
};
use crate::{
    lang::document::{Document, Node, NodeId},
    scan::{
        document::{
            Spot,
            pattern::{Pattern, Segment},
        },
        lazy_regex::LazyRegex,
    },
    text::Span,
};

pub use lift::apply as lift;
pub use remove::apply as remove;

/// The finding's place in its document.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The document.
    pub document: &'a Document,
    /// Where.
    pub spot: Spot,
    /// The path that led there.
    pub key: &'a str,
    /// The regex of its matcher.
    pub matches: Option<&'a str>,
}

impl<'a> Site<'a> {
    /// The entry, or the map that it should be in.
    fn node(&self) -> Option<&'a Node> {
        self.document.node(self.spot.node)
    }
}

/// `with`, with the words of the place put in.
fn text(job: &Job<'_>, site: &Site<'_>) -> Option<String> {
    let node = site.node()?;
    template::fill(job.spec.with.as_deref()?, |word| match word {
        "value" => job.source(node.span).map(Into::into),
        "code" => job.source(node.entry).map(Into::into),
        "name" => node.key.as_ref().map(|k| (*k.name).into()),
        _ => None,
    })
}

/// Applies `set-entry`: the value of the entry is replaced; an absent entry is added.
pub fn set(job: &Job<'_>) -> Option<Plan> {
    let site = job.document?;
    let with = text(job, &site)?;
    if site.spot.absent {
        let path = names(Pattern::parse(site.key).ok()?.tail())?;
        return add::entry(job.text, site.document, site.spot.node, &path, &with).map(Plan::from);
    }
    let span = site.node()?.span;
    if span.is_empty() {
        return None;
    }
    Some(vec![edit(span, with)].into())
}

/// Applies `add-entry`: a key (`options.key`) beside the entry.
pub fn add(job: &Job<'_>) -> Option<Plan> {
    let site = job.document?;
    let with = text(job, &site)?;
    let mut map = site.spot.node;
    if !site.spot.absent && site.node()?.key.is_some() {
        map = site.node()?.parent?;
    }
    let path = names(&Pattern::parse(job.option("key")?).ok()?.path)?;
    add::entry(job.text, site.document, map, &path, &with).map(Plan::from)
}

/// Applies `replace-match`: what the matcher's regex found in the text, where it is shown.
pub fn replace_match(job: &Job<'_>) -> Option<Plan> {
    let site = job.document?;
    let regex = LazyRegex::new(site.matches?);
    let text = site.document.text(site.spot.node, job.text)?;
    let shown = job.view.lines().line(job.spans.first()?.start);
    let mut places = regex.matches(text.as_bytes()).map(|found| {
        let found = found.group("v").unwrap_or(found.whole());
        site.document.place(site.spot.node, found.range(), job.text)
    });
    let place = places.find(|p| job.view.lines().line(p.start) == shown)?;
    let with = template::fill(job.spec.with.as_deref()?, |word| {
        matches!(word, "code" | "value").then(|| job.source(place).map(Into::into))?
    })?;
    Some(vec![edit(place, with)].into())
}

/// Plain keys; `None` when the path has anything else.
fn names(path: &[Segment]) -> Option<Vec<String>> {
    let name = |segment: &Segment| match segment {
        Segment::Key(name) => Some(name.to_string()),
        Segment::OneOf(names) => names.first().map(ToString::to_string),
        _ => None,
    };
    path.iter().map(name).collect()
}

/// The white space at the beginning of the line that holds `offset`, and where that line begins.
fn line_start(text: &[u8], offset: u32) -> (usize, usize) {
    let before = text.get(..offset as usize).unwrap_or_default();
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let line = text.get(start..).unwrap_or_default();
    let indent = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    (start, indent)
}

/// One past the last byte of the line that holds `offset`, its end not included.
fn line_end(text: &[u8], offset: u32) -> usize {
    let rest = text.get(offset as usize..).unwrap_or_default();
    let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let line = rest.get(..len).unwrap_or_default();
    offset as usize + line.strip_suffix(b"\r").unwrap_or(line).len()
}

/// A stretch without the white space at its end.
fn trimmed(text: &[u8], span: Span) -> Span {
    let code = span.of(text);
    Span::new(span.start as usize, span.start as usize + code.trim_ascii_end().len())
}

/// What stands in a map or list, in order of writing, without what is merged into it.
fn own_children(document: &Document, id: NodeId) -> Vec<NodeId> {
    let mut all = document.children(id);
    all.retain(|c| document.node(*c).is_some_and(|n| n.parent == Some(id)));
    all
}
