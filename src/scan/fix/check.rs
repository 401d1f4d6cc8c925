//! Whether a fix does what it says: applied in memory, parsed again, scanned again with the same rules. The finding must be gone, nothing
//! new may be found, and nothing that could be read before may be unreadable now.

use super::edits::back;
use crate::{
    change::RepoPath,
    scan::{Edit, Finding, Fix, FixQuality, file, file::FileScan, load::RuleSet, view::FileView},
};
use std::sync::Arc;

/// What a fix is checked against.
pub struct Before<'a> {
    /// The file as scanned.
    pub view: &'a FileView<'a>,
    /// What was found in it.
    pub scan: &'a FileScan,
    /// The rules it was found with.
    pub rules: &'a RuleSet,
}

impl Before<'_> {
    /// True when the edits leave the file readable, take these findings away, and bring no others.
    #[must_use]
    pub fn solves(&self, findings: &[&Finding], edits: &[Edit]) -> bool {
        let Some(after) = apply(self.view.path, edits, self.view.text) else {
            return false;
        };
        let view = FileView::new(self.view.path, &after);
        if !self.readable(&view, edits) {
            return false;
        }
        let found = file::scan(&view, self.rules).found;
        let as_found = |finding: &Finding| key(finding, finding.place.span.start);
        let mut expected: Vec<_> = self.scan.found.iter().map(|f| as_found(&f.finding)).collect();
        for finding in findings {
            let Some(solved) = expected.iter().position(|k| *k == as_found(finding)) else {
                return false;
            };
            expected.swap_remove(solved);
        }
        found.iter().all(|f| {
            let key = key(&f.finding, back(edits, f.finding.place.span.start));
            let known = expected.iter().position(|k| *k == key);
            known.map(|i| expected.swap_remove(i)).is_some()
        })
    }

    /// True when the edits leave the file readable.
    #[must_use]
    pub fn parses(&self, edits: &[Edit]) -> bool {
        apply(self.view.path, edits, self.view.text)
            .is_some_and(|after| self.readable(&FileView::new(self.view.path, &after), edits))
    }

    /// No stretch of `after` is unreadable that was not so before.
    fn readable(&self, after: &FileView<'_>, edits: &[Edit]) -> bool {
        match (self.view.facts(), after.facts()) {
            (Some(old), Some(new)) => new.unread.iter().all(|unread| {
                let start = back(edits, unread.span.start);
                old.unread.iter().any(|o| o.why == unread.why && o.span.start == start)
            }),
            (None, None) => {
                well_formed(self.view) <= well_formed(after)
                    && (self.view.known_document().is_none() || self.document_reads(after, edits))
            }
            _ => false,
        }
    }
}

impl Before<'_> {
    /// No entry of `after` is unreadable that was not so before.
    fn document_reads(&self, after: &FileView<'_>, edits: &[Edit]) -> bool {
        match (self.view.document(), after.document()) {
            (Some(old), Some(new)) => new.unread.iter().all(|unread| {
                let start = back(edits, unread.span.start);
                old.unread.iter().any(|o| o.span.start == start)
            }),
            _ => true,
        }
    }
}

fn key(finding: &Finding, start: u32) -> (Arc<str>, u32) {
    (finding.rule.clone(), start)
}

/// The text with the edits made.
pub fn apply(path: &RepoPath, edits: &[Edit], text: &[u8]) -> Option<Vec<u8>> {
    let fix = Fix {
        title: String::new(),
        quality: FixQuality::Checked,
        path: path.clone(),
        edits: edits.to_vec(),
    };
    fix.apply(text)
}

/// For files of settings: whether they can be read at all.
fn well_formed(view: &FileView<'_>) -> bool {
    let text = String::from_utf8_lossy(view.text);
    match view.kind.map(|k| k.name.as_str()) {
        Some("json") => serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(),
        Some("toml") => toml::from_str::<toml::Table>(&text).is_ok(),
        _ => true,
    }
}
