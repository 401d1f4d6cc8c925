//! `scan`: findings on changed lines, or in whole files and folders.

use super::{
    Failure, Outcome,
    args::{ChangeArgs, Format, ScanArgs},
    output, subject,
};
use crate::{
    change::{Base, Change, Limits, RepoPath},
    report::{self, Report, RuleInfo},
    scan::{Cache, Cancel, Finding, NotExamined, RuleSet, ScanResult, Scope, Tier, Whole, scan_change, scan_files},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(super) fn run(args: &ScanArgs, dir: Option<&Path>) -> Result<Outcome, Failure> {
    let rules = rules(&args.rules)?;
    let paths = paths(args, dir)?;
    let (subject, result, texts) = if paths.is_empty() {
        let change = change(args, dir)?;
        let base = Base::new(dir.unwrap_or(Path::new(".")), &change);
        let result = scan_change(&change, &base, &rules, &Cache::default(), &Cancel::default(), |_| {});
        let texts = change
            .files
            .iter()
            .filter_map(|f| Some((f.path.clone(), f.new_text()?.clone())))
            .collect();
        (subject::words(&change), result, texts)
    } else {
        let (files, unread) = read(&paths, dir)?;
        let mut result = scan_files(&files, &rules, &Cache::default(), &Cancel::default(), |_| {});
        result.not_examined.extend(unread);
        let words = paths
            .iter()
            .map(|p| p.display().to_string())
            .collect::<Vec<_>>()
            .join(" ");
        (words, result, files.into_iter().map(|f| (f.path, f.text)).collect())
    };
    let report = make(args, subject, result, texts, &rules);
    print(args, &report)?;
    let failed = args.fail_on.severity().is_some_and(|s| report.at_least(s) > 0);
    Ok(if failed { Outcome::Found } else { Outcome::Done })
}

/// The rules: built in, and those of the user's folders.
pub(super) fn rules(user: &[PathBuf]) -> Result<RuleSet, Failure> {
    RuleSet::load(user).map_err(|errors| Failure::new(errors.to_string()))
}

/// The named files and folders; none when what was named is a revision, or nothing was.
fn paths(args: &ScanArgs, dir: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let at = |what: &String| dir.unwrap_or(Path::new("")).join(what);
    match &args.what[..] {
        [] => Ok(Vec::new()),
        [one] if !at(one).exists() => Ok(Vec::new()),
        several => match several.iter().find(|what| !at(what).exists()) {
            Some(missing) => Err(Failure::new(format!("there is no file or folder {missing}"))
                .hint("Name either one commit or range, or files and folders.")),
            None => Ok(several.iter().map(PathBuf::from).collect()),
        },
    }
}

fn change(args: &ScanArgs, dir: Option<&Path>) -> Result<Change, Failure> {
    let wanted = ChangeArgs {
        range: args.what.first().cloned(),
        staged: args.staged,
        unstaged: args.unstaged,
        ..ChangeArgs::default()
    };
    Ok(subject::repo(dir)?.load(&subject::request(&wanted))?)
}

/// Reads the named files, and every file under the named folders that ignore files do not exclude. Hidden files are examined like
/// any other; `.git` is not.
fn read(paths: &[PathBuf], dir: Option<&Path>) -> Result<(Vec<Whole>, Vec<NotExamined>), Failure> {
    let root = dir.unwrap_or(Path::new("."));
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        let walk = ignore::WalkBuilder::new(root.join(path))
            .hidden(false)
            .require_git(false)
            .filter_entry(|e| e.file_name() != ".git")
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .build();
        for entry in walk {
            let entry = entry.map_err(|error| Failure::new(format!("cannot read a folder: {error}")))?;
            if entry.file_type().is_some_and(|t| t.is_file()) {
                match whole(entry.path(), root) {
                    Ok(file) => files.push(file),
                    Err(item) => unread.push(item),
                }
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok((files, unread))
}

fn whole(path: &Path, root: &Path) -> Result<Whole, NotExamined> {
    let name = path.strip_prefix(root).unwrap_or(path);
    let name = RepoPath::new(name.as_os_str().as_encoded_bytes());
    let left_out = |key, why| NotExamined {
        path: name.clone(),
        lines: None,
        key,
        why,
    };
    let cannot = |error: io::Error| left_out("unreadable", format!("cannot be read: {error}"));
    let limit = Limits::default().file_bytes;
    let size = fs::metadata(path).map_err(cannot)?.len();
    if size > limit {
        return Err(left_out(
            "too-large",
            format!("larger than the limit of {} KiB", limit / 1024),
        ));
    }
    let text: Arc<[u8]> = fs::read(path).map_err(cannot)?.into();
    if text.iter().take(8000).any(|b| *b == 0) && !text.starts_with(b"\xff\xfe") && !text.starts_with(b"\xfe\xff") {
        return Err(left_out("binary", "binary content is not examined".into()));
    }
    Ok(Whole { path: name, text })
}

fn make(
    args: &ScanArgs,
    subject: String,
    result: ScanResult,
    texts: std::collections::HashMap<RepoPath, Arc<[u8]>>,
    rules: &RuleSet,
) -> Report {
    let tier = if args.audit { Tier::Audit } else { Tier::Default };
    let shown = |f: &Arc<Finding>| f.tier >= tier && (args.all_lines || f.scope != Scope::Old);
    let findings: Vec<_> = result.findings.into_iter().filter(shown).collect();
    let infos = findings.iter().filter_map(|f| {
        let rule = rules.rule(&f.rule)?;
        let info = RuleInfo {
            title: rule.title.clone(),
            why: rule.why.clone(),
            check: rule.check.clone(),
            references: rule.references.clone(),
        };
        Some((f.rule.clone(), info))
    });
    Report {
        subject,
        rules_digest: rules.hash().into(),
        rules: infos.collect(),
        findings,
        not_examined: result.not_examined,
        files: result.files,
        dismissed: result.dismissed,
        gone: result.gone.len(),
        texts,
    }
}

fn print(args: &ScanArgs, report: &Report) -> Result<(), Failure> {
    let pretty = |value| format!("{value:#}\n");
    output::print(&match args.format {
        Format::Text => {
            let style = report::text::Style {
                colour: output::colour(),
                evidence: args.evidence,
            };
            report::text::render(report, style)
        }
        Format::Json => pretty(report::json::document(report)),
        Format::Jsonl => report::json::lines(report),
        Format::Sarif => pretty(report::sarif::log(report)),
    })
}
