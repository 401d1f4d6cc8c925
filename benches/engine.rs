//! What the analysis costs beside parsing, and how much it says, over the files of the folders given as arguments:
//!
//! ```text
//! cargo bench --bench engine -- PATH...
//! ```
//!
//! Prints for each language the milliseconds of parsing, lowering and analysis, and how many findings of each rule, tier and
//! confidence there are; then the files whose analysis cost most beside their parsing. `--list` prints every finding,
//! `--rules=DIR` adds rules.

#![allow(clippy::print_stdout)]

use countersign::{
    change::RepoPath,
    lang::{Lang, STACK_BYTES, lower_tree, parse::parse},
    scan::{
        RuleSet,
        engine::{Budget, analyse},
    },
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

#[derive(Default)]
struct Sum {
    files: usize,
    bytes: usize,
    lines: usize,
    parse: Duration,
    lower: Duration,
    analyse: Duration,
    findings: BTreeMap<String, usize>,
    dismissed: usize,
    not_examined: usize,
    slow: Vec<(f64, PathBuf, Duration)>,
}

fn main() {
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    if let Ok(handle) = worker {
        let _ = handle.join();
    }
}

fn run() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let list = args.iter().any(|a| a == "--list");
    let mut files = Vec::new();
    for path in args.iter().filter(|a| !a.starts_with("--")) {
        collect(Path::new(path), &mut files);
    }
    files.sort();
    let more: Vec<PathBuf> = args
        .iter()
        .filter_map(|a| a.strip_prefix("--rules="))
        .map(PathBuf::from)
        .collect();
    let rules = match RuleSet::load(&more) {
        Ok(rules) => rules,
        Err(errors) => return println!("{errors}"),
    };
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for path in files {
        let Ok(text) = std::fs::read(&path) else { continue };
        let Some(lang) = Lang::of(path.as_os_str().as_encoded_bytes(), &text) else {
            continue;
        };
        one(&rules, lang, &path, &text, sums.entry(lang.name()).or_default(), list);
    }
    for (lang, sum) in &mut sums {
        report(lang, sum);
    }
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_symlink() {
        return;
    }
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), into);
        }
    } else if path.metadata().is_ok_and(|m| m.len() < 2 << 20) {
        into.push(path.to_owned());
    }
}

fn one(rules: &RuleSet, lang: Lang, path: &Path, text: &[u8], sum: &mut Sum, list: bool) {
    let Some(compiled) = rules.of_lang(lang).and_then(|shelf| shelf.compiled.as_ref()) else {
        return;
    };
    let start = Instant::now();
    let Some(tree) = parse(lang, text, None) else { return };
    let parsed = start.elapsed();
    let facts = lower_tree(lang, text, &tree);
    let lowered = start.elapsed();
    let name = RepoPath::new(path.as_os_str().as_encoded_bytes());
    let analysis = analyse(&facts, text, &name, compiled, Budget::default());
    let analysed = start.elapsed();
    sum.files += 1;
    sum.bytes += text.len();
    sum.lines += text.split(|b| *b == b'\n').count();
    sum.parse += parsed;
    sum.lower += lowered - parsed;
    sum.analyse += analysed - lowered;
    sum.dismissed += analysis.dismissed.len();
    sum.not_examined += analysis.not_examined.len();
    let ratio = (analysed - lowered).as_secs_f64() / parsed.as_secs_f64().max(1e-6);
    sum.slow.push((ratio, path.to_owned(), analysed - lowered));
    for candidate in &analysis.candidates {
        let f = &candidate.finding;
        *sum.findings
            .entry(format!("{:?} {:?} {}", f.tier, f.confidence, f.rule))
            .or_default() += 1;
        if list {
            let steps: Vec<String> = f
                .steps
                .iter()
                .map(|s| format!("{}: {}", s.place.start.line, s.note))
                .collect();
            println!(
                "{}:{} {} {:?}/{:?}/{:?} {}\n    {}",
                path.display(),
                f.place.start.line,
                f.rule,
                f.severity,
                f.confidence,
                f.tier,
                f.message,
                steps.join("\n    ")
            );
        }
    }
}

fn report(lang: &str, sum: &mut Sum) {
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    println!(
        "{lang}: {} files, {:.1} MB, {} lines; parse {:.0} ms, lower {:.0} ms, analyse {:.0} ms ({:.2} of parse)",
        sum.files,
        sum.bytes as f64 / 1e6,
        sum.lines,
        ms(sum.parse),
        ms(sum.lower),
        ms(sum.analyse),
        sum.analyse.as_secs_f64() / sum.parse.as_secs_f64().max(1e-9),
    );
    println!("  dismissed {}, not examined {}", sum.dismissed, sum.not_examined);
    for (what, count) in &sum.findings {
        println!("  {count:6}  {what}");
    }
    sum.slow.sort_by_key(|s| std::cmp::Reverse(s.2));
    for (ratio, path, cost) in sum.slow.iter().take(8) {
        println!("  {:8.1} ms  {ratio:6.1} of parse  {}", ms(*cost), path.display());
    }
}
