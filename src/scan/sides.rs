//! The texts under review, one side of them, and their scans: by themselves, and together with the files they hand values to.

use super::{
    cache::{Cache, Key},
    decode::{Decoded, decode},
    file::{self, FileScan, Found},
    finding::{Finding, NotExamined},
    link::{self, Files, Outlook},
    load::RuleSet,
    view::FileView,
};
use crate::{
    change::{Base, ObjectId, RepoPath, blob_id},
    lang::{self, Lang, facts::Facts},
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Most files whose facts are kept at once.
const MOST_FACTS: usize = 64;

/// One side of what is under review.
pub struct Side<'a> {
    rules: &'a RuleSet,
    cache: &'a Cache,
    /// `None`: the file is not there on this side.
    texts: BTreeMap<RepoPath, Option<Arc<[u8]>>>,
    base: Option<&'a Base>,
    defining: OnceLock<HashMap<Box<str>, Vec<RepoPath>>>,
    /// While linking: a file belongs to many programs and is read once.
    facts: Mutex<HashMap<RepoPath, Arc<Facts>>>,
    /// Scans that differ from those of the files by themselves, with what they depend on.
    together: HashMap<RepoPath, (Key, Arc<FileScan>)>,
}

impl<'a> Side<'a> {
    /// Files under review, and what is there beside them.
    pub fn new(
        rules: &'a RuleSet,
        cache: &'a Cache,
        texts: impl Iterator<Item = (RepoPath, Option<Arc<[u8]>>)>,
        base: Option<&'a Base>,
    ) -> Side<'a> {
        Side {
            rules,
            cache,
            texts: texts.collect(),
            base,
            defining: OnceLock::new(),
            facts: Mutex::default(),
            together: HashMap::new(),
        }
    }

    /// The scan of a file and what it depends on.
    #[must_use]
    pub fn scan(&self, path: &RepoPath, blob: &ObjectId, text: &[u8]) -> (Key, Arc<FileScan>) {
        match self.together.get(path) {
            Some(known) => known.clone(),
            None => self.alone(path, blob, text),
        }
    }

    /// The scan of a file by itself, kept by content.
    fn alone(&self, path: &RepoPath, blob: &ObjectId, text: &[u8]) -> (Key, Arc<FileScan>) {
        let key = Key {
            blob: blob.clone(),
            path: path.clone(),
            rules: self.rules.hash().into(),
        };
        if let Some(known) = self.cache.get(&key) {
            return (key, known);
        }
        let decoded = decode(text);
        let mut scan = file::scan(&FileView::new(path, &decoded.text), self.rules);
        if decoded.converted() {
            to_original(&mut scan, &decoded);
            scan.outlook = None;
        }
        let scan = Arc::new(scan);
        self.cache.put(key.clone(), scan.clone());
        (key, scan)
    }

    /// Scans files together with those they hand values to. Gives the paths whose findings are not those of the files by themselves.
    pub fn link(&mut self) -> Vec<RepoPath> {
        let reviewed: Vec<(&RepoPath, &Arc<[u8]>)> = self
            .texts
            .iter()
            .filter_map(|(path, text)| Some((path, text.as_ref()?)))
            .collect();
        let one = |(path, text): &(&RepoPath, &Arc<[u8]>)| {
            let (key, alone) = self.alone(path, &blob_id(text), text);
            let together = || link::together(path, text, &alone, self.rules, self);
            // A defect in following values must not cost what was found without.
            let together = catch_unwind(AssertUnwindSafe(together)).unwrap_or_else(|_| Some(failed(path, &alone)))?;
            Some((key, together))
        };
        let linked: Vec<(Key, link::Together)> = reviewed.par_iter().filter_map(one).collect();
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let mut scans: BTreeMap<RepoPath, (FileScan, Sha256)> = BTreeMap::new();
        for (key, together) in &linked {
            let digest = scans
                .entry(key.path.clone())
                .or_insert_with(|| (together.scan.clone(), Sha256::new()));
            for (path, text) in &together.with {
                depend(&mut digest.1, path, &blob_id(text));
            }
        }
        for (key, together) in linked {
            for found in together.elsewhere {
                let path = found.finding.place.path.clone();
                let Some(text) = self.texts.get(&path).and_then(|t| t.clone()) else {
                    continue;
                };
                let own = || ((*self.alone(&path, &blob_id(&text), &text).1).clone(), Sha256::new());
                let (scan, digest) = scans.entry(path.clone()).or_insert_with(own);
                depend(digest, &key.path, &key.blob);
                adopt(scan, found);
            }
        }
        self.keep_changed(scans)
    }

    fn keep_changed(&mut self, scans: BTreeMap<RepoPath, (FileScan, Sha256)>) -> Vec<RepoPath> {
        let mut changed = Vec::new();
        for (path, (scan, digest)) in scans {
            let Some(text) = self.texts.get(&path).and_then(|t| t.clone()) else {
                continue;
            };
            let (mut key, alone) = self.alone(&path, &blob_id(&text), &text);
            if same(&alone, &scan) {
                continue;
            }
            let hex: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
            key.rules = format!("{} with {hex}", key.rules).into();
            self.together.insert(path.clone(), (key, Arc::new(scan)));
            changed.push(path);
        }
        changed
    }

    fn definitions(&self) -> &HashMap<Box<str>, Vec<RepoPath>> {
        self.defining.get_or_init(|| {
            let mut all: HashMap<Box<str>, Vec<RepoPath>> = HashMap::new();
            for (path, text) in &self.texts {
                let Some(outlook) = text.as_ref().and_then(|t| self.outlook(path, t)) else {
                    continue;
                };
                for name in &outlook.defines {
                    all.entry(name.clone()).or_default().push(path.clone());
                }
            }
            all
        })
    }
}

impl Files for Side<'_> {
    fn text(&self, path: &RepoPath) -> Option<Arc<[u8]>> {
        match self.texts.get(path) {
            Some(known) => known.clone(),
            None => self.base?.text(path),
        }
    }

    fn exists(&self, path: &RepoPath) -> bool {
        match self.texts.get(path) {
            Some(known) => known.is_some(),
            None => self.base.is_some_and(|base| base.exists(path)),
        }
    }

    fn folder(&self, folder: &str) -> Vec<RepoPath> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let from = RepoPath::new(&prefix);
        let below = self
            .texts
            .range(from..)
            .take_while(|(path, _)| path.bytes().starts_with(prefix.as_bytes()));
        let mut all: Vec<RepoPath> = below
            .filter(|(path, text)| text.is_some() && !path.bytes()[prefix.len()..].contains(&b'/'))
            .map(|(path, _)| path.clone())
            .collect();
        let unchanged = self.base.map(|base| base.folder(folder)).unwrap_or_default();
        all.extend(unchanged.into_iter().filter(|path| !self.texts.contains_key(path)));
        all
    }

    fn defining(&self, name: &str) -> Vec<RepoPath> {
        self.definitions().get(name).cloned().unwrap_or_default()
    }

    fn facts(&self, path: &RepoPath, text: &[u8], lang: Lang) -> Option<Arc<Facts>> {
        let known = || self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(facts) = known().get(path) {
            return Some(facts.clone());
        }
        let facts = Arc::new(lang::lower(lang, text)?);
        let mut all = known();
        if all.len() >= MOST_FACTS {
            all.clear();
        }
        all.insert(path.clone(), facts.clone());
        Some(facts)
    }

    fn outlook(&self, path: &RepoPath, text: &Arc<[u8]>) -> Option<Arc<Outlook>> {
        self.alone(path, &blob_id(text), text).1.outlook.clone()
    }

    fn is_reviewed(&self, path: &RepoPath) -> bool {
        self.texts.contains_key(path)
    }
}

/// What is known of a file when following its values into others failed: what it says by itself, and that.
fn failed(path: &RepoPath, alone: &FileScan) -> link::Together {
    let mut scan = alone.clone();
    scan.not_examined.push(NotExamined {
        path: path.clone(),
        lines: None,
        key: "panic",
        why: "following its values into other files failed; please report this".into(),
    });
    link::Together {
        scan,
        elsewhere: Vec::new(),
        with: Vec::new(),
    }
}

fn depend(digest: &mut Sha256, path: &RepoPath, blob: &ObjectId) {
    digest.update(path.bytes());
    digest.update([0]);
    digest.update(blob.0.as_bytes());
}

/// True when both say the same to a reader.
fn same(one: &FileScan, other: &FileScan) -> bool {
    let said = |f: &Found| {
        let finding = &f.finding;
        (
            finding.fingerprint.clone(),
            finding.confidence,
            finding.tier,
            finding.steps.len(),
        )
    };
    one.found.iter().map(said).eq(other.found.iter().map(said)) && one.not_examined.len() == other.not_examined.len()
}

/// Adds what was found from another file. What the file's own scan says of the same code keeps its identity and its fix, and gets the
/// better case.
fn adopt(scan: &mut FileScan, found: Found) {
    let about = |f: &Finding| (f.rule.clone(), f.place.span);
    let known = scan
        .found
        .iter_mut()
        .find(|f| about(&f.finding) == about(&found.finding));
    let Some(known) = known else {
        scan.found.push(found);
        scan.found.sort_by_key(|f| f.finding.place.span);
        return;
    };
    let rank = |f: &Finding| (f.tier, f.confidence);
    if rank(&found.finding) > rank(&known.finding) {
        let own = &known.finding;
        known.finding = Finding {
            fingerprint: own.fingerprint.clone(),
            also: own.also.clone(),
            ..found.finding
        };
    }
}

/// Places in a converted text, as bytes of the file (lines and columns are the reader's and stay). Such a file cannot be edited here, so it has no fixes.
fn to_original(scan: &mut FileScan, decoded: &Decoded<'_>) {
    for found in &mut scan.found {
        let finding = &mut found.finding;
        finding.fix = None;
        let steps = finding.steps.iter_mut().map(|s| &mut s.place);
        for place in steps.chain([&mut finding.place]) {
            place.span = decoded.original(place.span);
        }
        for span in &mut finding.redact {
            *span = decoded.original(*span);
        }
    }
}
