//! Scanning a whole change, or whole files: in parallel, streaming, cancellable, in an order that never varies.
//!
//! Each changed file is scanned on its new side, and on its old side where that found anything or lines were taken away, so that
//! [`super::scope`] can tell what the change has to do with it, and what it did away with. What could not be examined is listed. A panic in one file costs that file.

use super::{
    Finding, Fingerprint, NotExamined, Scope, aside,
    cache::Cache,
    file::FileScan,
    load::RuleSet,
    propose::{Proposals, Scanned},
    scope::{self, Changed},
    sides::Side,
};
use crate::{
    change::{self, Base, Body, Change, FileChange, LineKind, RepoPath, Status, blob_id},
    lang::STACK_BYTES,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Scanning threads carry this in their names, so that a panic hook can tell their panics (reported as not examined) from others.
pub const THREAD_NAME: &str = "countersign-scan";

/// Set to stop a scan: what is not begun is not scanned.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the scan to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True when it was asked.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What happens during a scan, told from its threads.
#[derive(Clone, Debug)]
pub enum Event {
    /// One more file is done.
    File {
        /// Files done so far.
        done: usize,
        /// What was found in it.
        findings: Vec<Arc<Finding>>,
    },
}

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub struct ScanResult {
    /// Findings by path and place, old ones included (see [`Finding::scope`]).
    pub findings: Vec<Arc<Finding>>,
    /// What was not examined, by path.
    pub not_examined: Vec<NotExamined>,
    /// Candidates that verification disproved.
    pub dismissed: usize,
    /// What the old side had and the new side has not, by path and place.
    pub gone: Vec<Finding>,
    /// Files examined.
    pub files: usize,
    /// True when it was cancelled before the end.
    pub cancelled: bool,
}

impl ScanResult {
    /// Puts what is known better of these files in the place of what was known of them.
    fn replace(&mut self, paths: &[RepoPath], better: ScanResult) {
        let of_others = |path: &RepoPath| !paths.contains(path);
        self.findings.retain(|f| of_others(&f.place.path));
        self.gone.retain(|f| of_others(&f.place.path));
        self.not_examined.retain(|n| of_others(&n.path));
        self.findings.extend(better.findings);
        self.gone.extend(better.gone);
        self.not_examined.extend(better.not_examined);
    }
}

/// One file to scan whole.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Its name.
    pub path: RepoPath,
    /// Its bytes.
    pub text: Arc<[u8]>,
}

/// Scans the change. `base` is what it leaves untouched, for values that go there. `on_event` is called from scanning threads; what it is told is
/// of files by themselves, and the result is right.
pub fn scan_change(
    change: &Change,
    base: &Base,
    rules: &RuleSet,
    cache: &Cache,
    cancel: &Cancel,
    on_event: impl Fn(Event) + Sync,
) -> ScanResult {
    let texts = change.files.iter().filter_map(|f| Some((&f.path, &**f.new_text()?)));
    let proposals = Proposals::new(rules, cache, texts.collect());
    let new = change.files.iter().map(|f| (f.path.clone(), f.new_text().cloned()));
    let mut sides = Sides {
        new: Side::new(rules, cache, new, Some(base)),
        old: Side::new(rules, cache, old_texts(change).into_iter(), Some(base)),
    };
    let mut result = in_parallel(&change.files, cancel, on_event, |file| {
        changed(file, change, &proposals, &sides)
    });
    let differ = if result.cancelled {
        Vec::new()
    } else {
        on_threads(|| sides.new.link()).unwrap_or_default()
    };
    if !differ.is_empty() {
        // What a change is to be blamed for is told by comparing sides that were scanned alike.
        on_threads(|| sides.old.link());
        let again: Vec<&FileChange> = change.files.iter().filter(|f| differ.contains(&f.path)).collect();
        let better = in_parallel(&again, cancel, |_| {}, |file| changed(file, change, &proposals, &sides));
        result.replace(&differ, better);
    }
    result
        .findings
        .extend(aside::messages(change, rules).into_iter().map(Arc::new));
    scope::recognise_moved(&mut result.findings, &result.gone);
    distinct(&mut result.findings);
    let whole = RepoPath::new("");
    let omitted = change.omitted.iter().map(|o| (&o.path, "left-out", &o.why));
    let remarks = change.remarks.iter().map(|r| (&r.path, "remark", &r.what));
    let said = omitted.chain(remarks);
    let said = said.map(|(path, key, why)| not_examined(path.as_ref().unwrap_or(&whole), key, why));
    result.not_examined.extend(said);
    result.not_examined.extend(unusable(rules));
    sorted(result)
}

/// The old texts of what changed; what is new was not there.
fn old_texts(change: &Change) -> Vec<(RepoPath, Option<Arc<[u8]>>)> {
    let mut texts: Vec<(RepoPath, Option<Arc<[u8]>>)> = Vec::new();
    for file in &change.files {
        let text = file.old.as_ref().and_then(|side| side.text.clone());
        let renamed = file.old_path.as_ref();
        if let Some(before) = renamed {
            texts.push((file.path.clone(), None));
            texts.push((before.clone(), text));
        } else {
            texts.push((file.path.clone(), text));
        }
    }
    texts
}

/// Both sides of a change.
struct Sides<'a> {
    new: Side<'a>,
    old: Side<'a>,
}

/// Scans whole files, every line of them.
pub fn scan_files(
    files: &[Whole],
    rules: &RuleSet,
    cache: &Cache,
    cancel: &Cancel,
    on_event: impl Fn(Event) + Sync,
) -> ScanResult {
    let texts = files.iter().map(|f| (&f.path, &*f.text));
    let proposals = Proposals::new(rules, cache, texts.collect());
    let mut side = Side::new(
        rules,
        cache,
        files.iter().map(|f| (f.path.clone(), Some(f.text.clone()))),
        None,
    );
    let mut result = in_parallel(files, cancel, on_event, |file| whole(file, &proposals, &side));
    let differ = if result.cancelled {
        Vec::new()
    } else {
        on_threads(|| side.link()).unwrap_or_default()
    };
    if !differ.is_empty() {
        let again: Vec<&Whole> = files.iter().filter(|f| differ.contains(&f.path)).collect();
        let better = in_parallel(&again, cancel, |_| {}, |file| whole(file, &proposals, &side));
        result.replace(&differ, better);
    }
    distinct(&mut result.findings);
    result.not_examined.extend(unusable(rules));
    sorted(result)
}

fn whole(file: &Whole, proposals: &Proposals<'_>, side: &Side<'_>) -> One {
    let (key, scan) = side.scan(&file.path, &blob_id(&file.text), &file.text);
    let mut findings = only(&scan);
    let scanned = Scanned {
        path: &file.path,
        text: &file.text,
        key: &key,
        scan: &scan,
    };
    proposals.add(&scanned, &mut findings, |f| !only_when_added(f));
    findings.retain(|f| !only_when_added(f));
    One::new(findings, &scan)
}

/// Embedded rules that could not be used: a defect of this program, which must not pass for "nothing found".
fn unusable(rules: &RuleSet) -> impl Iterator<Item = NotExamined> {
    let errors = rules.filled().flat_map(|shelf| &shelf.errors);
    errors.map(|error| {
        not_examined(
            &RepoPath::new(""),
            "rules",
            &format!("a built-in rule cannot be used: {error}"),
        )
    })
}

/// What one file gave.
#[derive(Default)]
struct One {
    findings: Vec<Finding>,
    gone: Vec<Finding>,
    not_examined: Vec<NotExamined>,
    dismissed: usize,
    examined: bool,
}

impl One {
    fn new(findings: Vec<Finding>, scan: &FileScan) -> Self {
        let (not_examined, dismissed) = (scan.not_examined.clone(), scan.dismissed.len());
        One {
            findings,
            not_examined,
            dismissed,
            examined: true,
            ..One::default()
        }
    }
}

/// Something with a name, for reporting.
trait Named: Sync {
    fn path(&self) -> &RepoPath;
}

impl Named for FileChange {
    fn path(&self) -> &RepoPath {
        &self.path
    }
}

impl Named for Whole {
    fn path(&self) -> &RepoPath {
        &self.path
    }
}

impl<T: Named> Named for &T {
    fn path(&self) -> &RepoPath {
        (*self).path()
    }
}

/// Runs on threads that are fit for scanning; `None` when there are none to be had.
fn on_threads<R: Send>(work: impl FnOnce() -> R + Send) -> Option<R> {
    let pool = rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_BYTES)
        .thread_name(|i| format!("{THREAD_NAME}-{i}"))
        .build();
    Some(pool.ok()?.install(work))
}

fn in_parallel<T: Named>(
    items: &[T],
    cancel: &Cancel,
    on_event: impl Fn(Event) + Sync,
    scan: impl Fn(&T) -> One + Sync,
) -> ScanResult {
    let done = AtomicUsize::new(0);
    let work = || {
        items
            .par_iter()
            .map(|item| {
                if cancel.is_cancelled() {
                    return (One::default(), Vec::new());
                }
                let mut one = catch_unwind(AssertUnwindSafe(|| scan(item))).unwrap_or_else(|_| panicked(item.path()));
                let findings: Vec<_> = std::mem::take(&mut one.findings).into_iter().map(Arc::new).collect();
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                on_event(Event::File {
                    done,
                    findings: findings.clone(),
                });
                (one, findings)
            })
            .collect::<Vec<_>>()
    };
    let Some(done) = on_threads(work) else {
        return no_threads(items);
    };
    let mut result = ScanResult {
        cancelled: cancel.is_cancelled(),
        ..ScanResult::default()
    };
    for (one, findings) in done {
        result.findings.extend(findings);
        result.gone.extend(one.gone);
        result.not_examined.extend(one.not_examined);
        result.dismissed += one.dismissed;
        result.files += usize::from(one.examined);
    }
    result.cancelled |= cancel.is_cancelled();
    result
}

fn no_threads<T: Named>(items: &[T]) -> ScanResult {
    let why = "no thread could be started to scan it: the machine is out of memory or threads";
    let not_examined = items
        .iter()
        .map(|item| not_examined(item.path(), "no-threads", why))
        .collect();
    ScanResult {
        not_examined,
        ..ScanResult::default()
    }
}

fn panicked(path: &RepoPath) -> One {
    let why = "the scanner failed on it; please report this";
    One {
        not_examined: vec![not_examined(path, "panic", why)],
        ..One::default()
    }
}

fn not_examined(path: &RepoPath, key: &'static str, why: &str) -> NotExamined {
    NotExamined {
        path: path.clone(),
        lines: None,
        key,
        why: why.into(),
    }
}

/// Identities say nothing of the file, so that they survive a move. The same code in two files would share one: all but the first
/// (by path) get one of their own.
fn distinct(findings: &mut [Arc<Finding>]) {
    let mut taken: HashSet<Fingerprint> = HashSet::new();
    for finding in findings {
        if !taken.insert(finding.fingerprint.clone()) {
            let mut digest = Sha256::new();
            digest.update(finding.fingerprint.0.as_bytes());
            digest.update(finding.place.path.bytes());
            let hex: String = digest.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
            Arc::make_mut(finding).fingerprint = Fingerprint(hex.into());
        }
    }
}

fn sorted(mut result: ScanResult) -> ScanResult {
    result
        .findings
        .sort_by(|a, b| (&a.place.path, a.place.span, &a.rule).cmp(&(&b.place.path, b.place.span, &b.rule)));
    result
        .gone
        .sort_by(|a, b| (&a.place.path, a.place.span, &a.rule).cmp(&(&b.place.path, b.place.span, &b.rule)));
    result
        .not_examined
        .sort_by(|a, b| (&a.path, a.lines, a.key).cmp(&(&b.path, b.lines, b.key)));
    result
}

fn changed(file: &FileChange, change: &Change, proposals: &Proposals<'_>, sides: &Sides<'_>) -> One {
    let takes_away = file
        .hunks()
        .iter()
        .flat_map(|h| &h.lines)
        .any(|l| l.kind == LineKind::Removed);
    let old = file.old.as_ref().filter(|_| takes_away);
    let Some(new) = &file.new else {
        let gone = old.and_then(|side| old_side(file, side, sides));
        return One {
            gone: gone.as_deref().map(only).unwrap_or_default(),
            examined: true,
            ..One::default()
        };
    };
    let Some(text) = &new.text else {
        return One {
            not_examined: without_text(file).into_iter().collect(),
            ..One::default()
        };
    };
    let (key, scan) = sides.new.scan(&file.path, &new.blob, text);
    let mut findings = only(&scan);
    let wanted = if findings.is_empty() { old } else { file.old.as_ref() };
    let old = wanted.and_then(|side| old_side(file, side, sides));
    let known = old.as_deref().map(only).unwrap_or_default();
    let lines = Changed::of(file);
    scope::attribute(&mut findings, &known, &lines, change, text);
    if file.status == Status::Copied {
        scope::brought_by_copy(&mut findings);
    }
    let gone = if file.status == Status::Copied {
        Vec::new()
    } else {
        scope::gone(known, &findings)
    };
    let scanned = Scanned {
        path: &file.path,
        text,
        key: &key,
        scan: &scan,
    };
    proposals.add(&scanned, &mut findings, |f| f.scope != Scope::Old);
    if file.old.is_none() || file.old_path.is_some() {
        findings.extend(aside::name(&file.path, proposals.rules));
    }
    findings.retain(|f| f.scope == Scope::New || !only_when_added(f));
    let mut one = One::new(findings, &scan);
    one.gone = gone;
    one
}

fn only(scan: &FileScan) -> Vec<Finding> {
    scan.found.iter().map(|f| f.finding.clone()).collect()
}

/// Categories that are about the act of adding: what was there before is nobody's finding now.
fn only_when_added(finding: &Finding) -> bool {
    &*finding.category == "added-suppression"
}

fn old_side(file: &FileChange, old: &change::Side, sides: &Sides<'_>) -> Option<Arc<FileScan>> {
    let path = file.old_path.as_ref().unwrap_or(&file.path);
    Some(sides.old.scan(path, &old.blob, old.text.as_ref()?).1)
}

/// Why a file that is there has no text.
fn without_text(file: &FileChange) -> Option<NotExamined> {
    let (key, why) = match &file.body {
        Body::Binary => ("binary", "binary content is not examined".to_owned()),
        Body::TooLarge { limit } => ("too-large", format!("larger than the limit of {} KiB", limit / 1024)),
        Body::LfsPointer { .. } => ("lfs", "the content is in Git LFS, not here".to_owned()),
        Body::Submodule { .. } => ("submodule", "a submodule: review it in its own repository".to_owned()),
        Body::Symlink { .. } => return None,
        Body::Text { .. } => ("left-out", "left out by a limit on the whole change".to_owned()),
    };
    Some(not_examined(&file.path, key, &why))
}
