//! One file as text rules, secrets and detectors look at it: bytes, what kind of file it is, and, computed when first asked for,
//! its lines, its facts, and where its comments and strings are.

use super::{
    kind::{FileKind, FileKinds, Zones},
    surroundings::Surroundings,
};
use crate::{
    change::RepoPath,
    lang::{
        self, Lang,
        document::{self, Document, Format},
        facts::{ExprKind, Facts},
    },
    text::{LineIndex, Span},
};
use std::cell::OnceCell;

/// A file under examination. Must live on a thread with [`lang::STACK_BYTES`] of stack: facts are lowered on demand.
pub struct FileView<'t> {
    /// Its path.
    pub path: &'t RepoPath,
    /// Its bytes (UTF-8 for the most part; see `scan/decode.rs` for other encodings).
    pub text: &'t [u8],
    /// Its language, when there is an adapter.
    pub lang: Option<Lang>,
    /// Its kind.
    pub kind: Option<&'static FileKind>,
    /// What it is for.
    pub surroundings: Surroundings,
    facts: OnceCell<Option<Facts>>,
    document: OnceCell<Option<Document>>,
    lines: OnceCell<LineIndex>,
    zones: OnceCell<Zones>,
}

impl<'t> FileView<'t> {
    /// Looks at `text` under the name `path`.
    #[must_use]
    pub fn new(path: &'t RepoPath, text: &'t [u8]) -> Self {
        Self {
            path,
            text,
            lang: Lang::of(path.bytes(), text),
            kind: FileKinds::get().of(path.bytes(), text),
            surroundings: Surroundings::of(path.bytes()),
            facts: OnceCell::new(),
            document: OnceCell::new(),
            lines: OnceCell::new(),
            zones: OnceCell::new(),
        }
    }

    /// The facts, lowered now if they were not; `None` without an adapter.
    pub fn facts(&self) -> Option<&Facts> {
        self.facts.get_or_init(|| lang::lower(self.lang?, self.text)).as_ref()
    }

    /// The facts, if something asked for them already.
    pub fn known_facts(&self) -> Option<&Facts> {
        self.facts.get()?.as_ref()
    }

    /// The document, read now if it was not; `None` for kinds of files without a reader.
    pub fn document(&self) -> Option<&Document> {
        let read = || Some(document::read(Format::of(&self.kind?.name, self.text)?, self.text));
        self.document.get_or_init(read).as_ref()
    }

    /// The document, if something asked for it already.
    pub fn known_document(&self) -> Option<&Document> {
        self.document.get()?.as_ref()
    }

    /// The line index.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// Comments and strings: from the facts where there is an adapter, else by the file kind's signs; nothing for files of no
    /// known kind.
    pub fn zones(&self) -> &Zones {
        self.zones.get_or_init(|| match (self.facts(), self.kind) {
            (Some(facts), _) => zones_of(facts),
            (None, Some(kind)) => kind.zones(self.text),
            (None, None) => Zones::default(),
        })
    }

    /// The enclosing definition of the byte at `offset`, in dotted form, by the facts already known.
    pub fn within(&self, offset: u32) -> Option<String> {
        let facts = self.known_facts()?;
        let function = &facts.functions[facts.enclosing(offset)?.ix()];
        let name = facts.name(function.name);
        Some(match function.class {
            Some(class) => format!("{}.{name}", facts.name(facts.classes[class.ix()].name)),
            None => name.to_owned(),
        })
    }
}

/// The comments and string literals of lowered code.
fn zones_of(facts: &Facts) -> Zones {
    let strings = facts
        .functions
        .iter()
        .flat_map(|f| &f.exprs)
        .filter_map(|e| match e.kind {
            ExprKind::Str(_) | ExprKind::Template { .. } => Some(e.span),
            _ => None,
        });
    let mut strings: Vec<Span> = strings.filter(|s| !s.is_empty()).collect();
    strings.sort();
    strings.dedup();
    let mut comments: Vec<Span> = facts.comments.iter().map(|c| c.span).collect();
    comments.sort();
    Zones { comments, strings }
}

impl Zones {
    /// True when the byte at `offset` lies in a comment.
    #[must_use]
    pub fn in_comment(&self, offset: u32) -> bool {
        holds(&self.comments, offset)
    }

    /// True when the byte at `offset` lies in a string literal.
    #[must_use]
    pub fn in_string(&self, offset: u32) -> bool {
        holds(&self.strings, offset)
    }
}

/// Whether one of `spans`, sorted by their beginnings and perhaps nested, holds `offset`.
fn holds(spans: &[Span], offset: u32) -> bool {
    let before = spans.partition_point(|s| s.start <= offset);
    // A nested span (a string in a template's hole) may end before one that began earlier does.
    spans[..before].iter().rev().take(16).any(|s| offset < s.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_of_a_known_kind_without_adapter() {
        let path = RepoPath::new("a.dart");
        let text = b"int a = f(\"s\"); // c";
        let view = FileView::new(&path, text);
        assert!(view.zones().in_string(11) && view.zones().in_comment(18) && !view.zones().in_comment(2));
        assert_eq!(view.within(3), None);
    }
}
