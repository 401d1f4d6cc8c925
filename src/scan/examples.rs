//! Rules tried on their own examples: what must match does, on exactly those lines and with that fix, and the near misses do not. The
//! same code serves the rules that come with the program and those of users.

use super::{
    Fix, FixQuality,
    file::{self, FileScan, Found},
    fix::{Dialects, Fixer, together},
    load::{Loaded, RuleSet},
    rule::RuleFile,
    secrets::sample,
    view::FileView,
};
use crate::{
    change::RepoPath,
    lang::{self, Lang},
};
use std::{fmt, sync::Arc};

/// One example that did not come out as its rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule file.
    pub file: Arc<str>,
    /// Which part: `example 2`, `near 1`, `secret 3 "GitHub token" valid 1`.
    pub part: String,
    /// What was expected and what happened, in a sentence.
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.part, self.why)
    }
}

/// Tries every rule of `rules`, on a thread with the stack that parsing needs.
#[must_use]
pub fn try_all(rules: &RuleSet, loaded: &[Loaded]) -> Vec<Failure> {
    let tried = on_big_stack(|| loaded.iter().flat_map(|one| try_rule(rules, one)).collect());
    tried.unwrap_or_else(|| {
        vec![Failure {
            file: "rules".into(),
            part: "all".into(),
            why: "the thread that tried them could not be started, or failed".into(),
        }]
    })
}

/// What became of the findings in the examples of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The rule file.
    pub file: Arc<str>,
    /// Findings in its examples.
    pub findings: usize,
    /// Those with a checked fix.
    pub checked: usize,
    /// Those with a sketch of one.
    pub sketched: usize,
    /// Where there is none: which example, and the line.
    pub without: Vec<(usize, u32)>,
}

/// How many findings of the rules' examples have a fix.
#[must_use]
pub fn shares(rules: &RuleSet, loaded: &[Loaded]) -> Vec<Share> {
    on_big_stack(|| loaded.iter().map(|one| share(rules, one)).collect()).unwrap_or_default()
}

fn share(rules: &RuleSet, loaded: &Loaded) -> Share {
    let rule = &*loaded.rule;
    let mut share = Share {
        file: loaded.name.clone(),
        findings: 0,
        checked: 0,
        sketched: 0,
        without: Vec::new(),
    };
    for (i, example) in rule.example.iter().enumerate() {
        let code = sample::expand(&example.code);
        let path = path_of(rule, example.path.as_deref(), example.language.as_deref());
        let tried = Tried::new(rules, &path, code.as_bytes(), rule);
        for (found, fix) in tried.found.iter().zip(&tried.fixes) {
            share.findings += 1;
            match fix.as_ref().map(|f| f.quality) {
                Some(FixQuality::Checked) => share.checked += 1,
                Some(FixQuality::Sketch) => share.sketched += 1,
                None => share.without.push((i + 1, found.finding.place.start.line)),
            }
        }
    }
    share
}

/// Runs `work` on a thread of [`lang::STACK_BYTES`]; `None` when the thread could not be started, or panicked.
fn on_big_stack<R: Send>(work: impl FnOnce() -> R + Send) -> Option<R> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(lang::STACK_BYTES);
        thread.spawn_scoped(scope, work).ok().and_then(|t| t.join().ok())
    })
}

fn try_rule(rules: &RuleSet, loaded: &Loaded) -> Vec<Failure> {
    let rule = &*loaded.rule;
    let mut failures = Vec::new();
    let mut fail = |part: String, why: String| {
        failures.push(Failure {
            file: loaded.name.clone(),
            part,
            why,
        });
    };
    for (i, example) in rule.example.iter().enumerate() {
        let part = format!("example {}", i + 1);
        let code = sample::expand(&example.code);
        let path = path_of(rule, example.path.as_deref(), example.language.as_deref());
        let tried = Tried::new(rules, &path, code.as_bytes(), rule);
        let found = &tried.found;
        let mut lines: Vec<u32> = found.iter().map(|f| f.finding.place.start.line).collect();
        lines.sort_unstable();
        lines.dedup();
        if lines != example.lines {
            fail(
                part,
                format!(
                    "expected findings on lines {:?}, found them on {lines:?}",
                    example.lines
                ),
            );
            continue;
        }
        if let Some(least) = example.confidence
            && let Some(low) = found.iter().find(|f| f.finding.confidence < least)
        {
            let why = format!("expected confidence {least:?}, got {:?}", low.finding.confidence);
            fail(part.clone(), why);
        }
        if let Some(why) = tried.fix_problem(rules, &path, code.as_bytes(), rule, example.fixed.as_deref()) {
            fail(part, why);
        }
    }
    for (i, near) in rule.near.iter().enumerate() {
        let code = sample::expand(&near.code);
        let path = path_of(rule, near.path.as_deref(), near.language.as_deref());
        for found in findings(rules, &path, code.as_bytes(), rule) {
            let why = format!(
                "nothing must be found ({}), but line {} is: {}",
                near.because, found.finding.place.start.line, found.finding.title
            );
            fail(format!("near {}", i + 1), why);
        }
    }
    try_samples(rules, rule, &mut fail);
    failures
}

/// The samples of secret formats: each on a line of its own, in a file of no special kind.
fn try_samples(rules: &RuleSet, rule: &RuleFile, fail: &mut impl FnMut(String, String)) {
    for (i, secret) in rule.secret.iter().enumerate() {
        let path = path_of(rule, None, None);
        let part = |kind: &str, n: usize| format!("secret {} \"{}\" {kind} {}", i + 1, secret.name, n + 1);
        let found_by = |sample: &str| {
            let text = sample::expand(sample);
            let found = findings(rules, &path, text.as_bytes(), rule);
            found.iter().map(|f| f.finding.title.clone()).collect::<Vec<_>>()
        };
        for (n, sample) in secret.valid.iter().enumerate() {
            let titles = found_by(sample);
            if !titles.contains(&secret.name) {
                fail(part("valid", n), format!("`{sample}` is not found (found: {titles:?})"));
            }
        }
        for (n, sample) in secret.invalid.iter().enumerate() {
            if found_by(sample).contains(&secret.name) {
                fail(part("invalid", n), format!("`{sample}` must not be found"));
            }
        }
    }
}

/// The findings of `rule` in `code`.
fn findings(rules: &RuleSet, path: &RepoPath, code: &[u8], rule: &RuleFile) -> Vec<Found> {
    let view = FileView::new(path, code);
    of_rule(&file::scan(&view, rules), rule)
}

fn of_rule(scan: &FileScan, rule: &RuleFile) -> Vec<Found> {
    // Also where another rule, which saw the same, speaks for it.
    let same = |f: &&Found| f.rule.id == rule.id || f.finding.also.iter().any(|r| **r == *rule.id);
    scan.found.iter().filter(same).cloned().collect()
}

/// The findings of one rule in an example, each with its fix.
struct Tried {
    found: Vec<Found>,
    fixes: Vec<Option<Fix>>,
}

impl Tried {
    fn new(rules: &RuleSet, path: &RepoPath, code: &[u8], rule: &RuleFile) -> Tried {
        let view = FileView::new(path, code);
        let scan = file::scan(&view, rules);
        let dialects = Dialects::default();
        let fixer = Fixer::new(&view, &scan, rules, &dialects);
        let found = of_rule(&scan, rule);
        let fixes = found.iter().map(|f| fixer.propose(f).0).collect();
        Tried { found, fixes }
    }

    fn checked(&self) -> impl Iterator<Item = &Fix> {
        let checked = |f: &&Fix| f.quality == FixQuality::Checked;
        self.fixes.iter().flatten().filter(checked)
    }

    /// What is wrong with the fixes: all checked ones together must give `fixed`, when it is given, and leave only findings without one.
    fn fix_problem(
        &self,
        rules: &RuleSet,
        path: &RepoPath,
        code: &[u8],
        rule: &RuleFile,
        fixed: Option<&str>,
    ) -> Option<String> {
        let all = Fix {
            title: String::new(),
            quality: FixQuality::Checked,
            path: path.clone(),
            edits: together(code, self.checked()),
        };
        let after = all.apply(code)?;
        let shown = String::from_utf8_lossy(&after);
        if let Some(fixed) = fixed.map(sample::expand)
            && fixed != shown
        {
            return Some(format!("expected the fixed code\n{fixed}\ngot\n{shown}"));
        }
        let (left, expected) = (
            findings(rules, path, &after, rule).len(),
            self.found.len() - self.checked().count(),
        );
        (left > expected).then(|| format!("{left} findings are left after all fixes, not {expected}, in\n{shown}"))
    }
}

/// The name under which an example is scanned: its own, or one with the extension of its language.
fn path_of(rule: &RuleFile, path: Option<&str>, language: Option<&str>) -> RepoPath {
    if let Some(path) = path {
        return RepoPath::new(path);
    }
    let language = language.or(rule.languages.first().map(String::as_str)).unwrap_or("*");
    let extension = match Lang::ALL.into_iter().find(|l| l.name() == language) {
        Some(Lang::Python) => "py",
        Some(Lang::JavaScript) => "js",
        Some(Lang::TypeScript) => "ts",
        Some(Lang::Tsx) => "tsx",
        Some(Lang::Go) => "go",
        Some(Lang::Rust) => "rs",
        Some(Lang::Java) => "java",
        Some(Lang::Kotlin) => "kt",
        Some(Lang::CSharp) => "cs",
        Some(Lang::Ruby) => "rb",
        Some(Lang::Php) => "php",
        Some(Lang::C) => "c",
        Some(Lang::Cpp) => "cpp",
        Some(Lang::Bash) => "sh",
        None => match language {
            "*" => "conf",
            kind => kind,
        },
    };
    RepoPath::new(format!("src/app.{extension}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_embedded_rules_find_what_they_say_and_nothing_else() {
        let rules = RuleSet::builtin();
        let loaded = rules.all().unwrap_or_else(|e| panic!("{e}"));
        let gaps: Vec<String> = loaded
            .iter()
            .flat_map(|l| l.checked().gaps())
            .map(|e| e.to_string())
            .collect();
        assert!(gaps.is_empty(), "{}", gaps.join("\n"));
        let failures: Vec<String> = try_all(&rules, &loaded).iter().map(Failure::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn two_findings_in_five_have_a_checked_fix() {
        let rules = RuleSet::builtin();
        let loaded = rules.all().unwrap_or_else(|e| panic!("{e}"));
        let shares = shares(&rules, &loaded);
        let sum = |count: fn(&Share) -> usize| shares.iter().map(count).sum::<usize>();
        let (findings, checked) = (sum(|s| s.findings), sum(|s| s.checked));
        let lines = shares.iter().map(|s| {
            format!(
                "{}: {} of {}, {} sketches, none for {:?}",
                s.file, s.checked, s.findings, s.sketched, s.without
            )
        });
        let lines: Vec<String> = lines.collect();
        assert!(
            checked * 5 >= findings * 2,
            "{checked} of {findings}\n{}",
            lines.join("\n")
        );
    }
}
