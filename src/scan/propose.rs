//! Fixes for the findings that are reported: computed where the findings are attributed, kept by content like the scans they belong to.

use super::{
    Finding,
    cache::{Cache, FixKey, Key, Proposed},
    decode::decode,
    file::FileScan,
    fix::{Dialects, Fixer},
    load::RuleSet,
    view::FileView,
};
use crate::{change::RepoPath, lang::Lang};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
};

/// Most bytes that are scanned again to check the fixes of one file. Findings beyond that have none.
const MOST_CHECKED: usize = 3 << 20;

/// What the files of one scan have in common.
pub struct Proposals<'a> {
    /// The rules of the scan.
    pub rules: &'a RuleSet,
    /// Where fixes are kept.
    pub cache: &'a Cache,
    texts: Vec<(&'a RepoPath, &'a [u8])>,
    dialects: OnceLock<Arc<Dialects>>,
}

/// One scanned file.
pub struct Scanned<'a> {
    /// Its name.
    pub path: &'a RepoPath,
    /// Its bytes.
    pub text: &'a [u8],
    /// Under what its scan is kept.
    pub key: &'a Key,
    /// What was found.
    pub scan: &'a FileScan,
}

impl<'a> Proposals<'a> {
    /// For a scan of these files.
    #[must_use]
    pub fn new(rules: &'a RuleSet, cache: &'a Cache, texts: Vec<(&'a RepoPath, &'a [u8])>) -> Proposals<'a> {
        Proposals {
            rules,
            cache,
            texts,
            dialects: OnceLock::new(),
        }
    }

    /// Gives every finding that `wanted` accepts its fix. `findings` are those of the scan, one for one.
    pub fn add(&self, file: &Scanned<'_>, findings: &mut [Finding], wanted: impl Fn(&Finding) -> bool) {
        let fixable = |i: usize, f: &Finding| {
            let rule = file.scan.found.get(i).map(|found| &found.rule);
            rule.is_some_and(|r| !r.fix.is_empty()) && wanted(f)
        };
        if !findings.iter().enumerate().any(|(i, f)| fixable(i, f)) {
            return;
        }
        let decoded = decode(file.text);
        if decoded.converted() {
            // Edits are bytes of the text as it was scanned, which is not what the file holds.
            return;
        }
        let dialects = self.dialects.get_or_init(|| Arc::new(self.dialects()));
        let view = FileView::new(file.path, &decoded.text);
        let fixer = Fixer::new(&view, file.scan, self.rules, dialects);
        let key = |i: usize| -> FixKey { (file.key.clone(), i, dialects.clone()) };
        let wanted = findings.iter().enumerate().filter(|(i, f)| fixable(*i, f));
        let unknown = wanted.filter(|(i, _)| self.cache.fix(&key(*i)).is_none());
        let unknown = unknown.filter_map(|(i, _)| Some((i, file.scan.found.get(i)?)));
        let unknown = unknown.take(MOST_CHECKED / file.text.len().max(1));
        // A defect in a verb must not cost what was found.
        let together = catch_unwind(AssertUnwindSafe(|| fixer.propose_together(unknown)));
        for (i, fix) in together.unwrap_or_default() {
            // What it would have cost alone: what is left for others must not depend on what was known before.
            let (fix, cost) = (Some(fix), file.text.len());
            self.cache.put_fix(key(i), Proposed { fix, cost });
        }
        let mut left = MOST_CHECKED;
        for (i, finding) in findings.iter_mut().enumerate() {
            let Some(found) = file.scan.found.get(i).filter(|_| fixable(i, finding)) else {
                continue;
            };
            let proposed = self.cache.fix(&key(i)).unwrap_or_else(|| {
                let (fix, cost) = catch_unwind(AssertUnwindSafe(|| fixer.propose(found))).unwrap_or_default();
                let proposed = Proposed { fix, cost };
                self.cache.put_fix(key(i), proposed.clone());
                proposed
            });
            let Some(rest) = left.checked_sub(proposed.cost) else {
                return;
            };
            left = rest;
            finding.fix = proposed.fix;
        }
    }

    fn dialects(&self) -> Dialects {
        let files = self.texts.iter();
        Dialects::of(files.filter_map(|(path, text)| Some((Lang::of(path.bytes(), text)?, *text))))
    }
}
