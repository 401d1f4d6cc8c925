//! `rules`: what the scanner looks for, in the rules' own words; and whether a folder of rules is right.

mod docs;
mod new;

use super::{Failure, Outcome, args::RulesCommand, output};
use crate::{
    report::{rule_page, severity_name},
    scan::{RuleSet, Tier, examples, load::Loaded},
    text::safe::visible,
};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

pub(super) fn run(command: &RulesCommand) -> Result<Outcome, Failure> {
    match command {
        RulesCommand::List { rules } => list(rules),
        RulesCommand::Show { id, rules } => show(id, rules),
        RulesCommand::Test { id, rules } => test(id.as_deref(), rules),
        RulesCommand::Check { dir } => check(dir),
        RulesCommand::New { id, language, into } => new::run(id, language.as_deref(), into),
        RulesCommand::Docs { dir, rules } => docs::run(dir, rules),
    }
}

fn all(user: &[PathBuf]) -> Result<(RuleSet, Vec<Loaded>), Failure> {
    let set = super::scan::rules(user)?;
    let loaded = set.all().map_err(|errors| Failure::new(errors.to_string()))?;
    Ok((set, loaded))
}

fn list(user: &[PathBuf]) -> Result<Outcome, Failure> {
    let (_, mut loaded) = all(user)?;
    loaded.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    let width = loaded.iter().map(|l| l.rule.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for one in &loaded {
        let rule = &one.rule;
        let tier = if rule.tier == Tier::Audit { "  (audit)" } else { "" };
        let severity = severity_name(rule.severity);
        let _ = writeln!(
            out,
            "{:width$}  {severity:8}  {}{tier}",
            visible(&rule.id),
            visible(&rule.title)
        );
    }
    let _ = writeln!(out, "{} rules.", loaded.len());
    output::print(&out)?;
    Ok(Outcome::Done)
}

fn show(id: &str, user: &[PathBuf]) -> Result<Outcome, Failure> {
    let (_, loaded) = all(user)?;
    let Some(one) = loaded.iter().find(|l| l.rule.id == id) else {
        let ids = loaded.iter().map(|l| l.rule.id.as_str());
        let near = crate::config::nearest(id, ids).map(|near| format!("Did you mean {near}?"));
        let hint = near.unwrap_or_else(|| "`countersign rules list` names them all.".into());
        return Err(Failure::new(format!("there is no rule {id}")).hint(hint));
    };
    output::print(&rule_page::text(one))?;
    Ok(Outcome::Done)
}

fn test(id: Option<&str>, user: &[PathBuf]) -> Result<Outcome, Failure> {
    let (set, mut loaded) = all(user)?;
    loaded.retain(|l| id.is_none_or(|id| l.rule.id.contains(id)));
    if loaded.is_empty() {
        return Err(Failure::new("no rule has such an id").hint("`countersign rules list` names them all."));
    }
    let failures = examples::try_all(&set, &loaded);
    let mut out: String = failures
        .iter()
        .map(|f| format!("{}\n", visible(f.to_string())))
        .collect();
    let count = |f: fn(&Loaded) -> usize| loaded.iter().map(f).sum::<usize>();
    let (examples, near) = (count(|l| l.rule.example.len()), count(|l| l.rule.near.len()));
    let rules = loaded.len();
    let _ = writeln!(
        out,
        "{rules} rules, {examples} examples, {near} near misses: {} failed.",
        failures.len()
    );
    let shares = examples::shares(&set, &loaded);
    let sum = |f: fn(&examples::Share) -> usize| shares.iter().map(f).sum::<usize>();
    let (findings, checked, sketched) = (sum(|s| s.findings), sum(|s| s.checked), sum(|s| s.sketched));
    let _ = writeln!(
        out,
        "{findings} findings in the examples: {checked} with a checked fix, {sketched} with a sketch of one."
    );
    output::print(&out)?;
    Ok(if failures.is_empty() {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn check(dir: &Path) -> Result<Outcome, Failure> {
    let (_, loaded) = all(&[dir.to_path_buf()])?;
    let builtin = RuleSet::builtin().all().map_or(0, |l| l.len());
    output::print(&format!(
        "{} rules in {}: nothing wrong.\n",
        loaded.len().saturating_sub(builtin),
        dir.display()
    ))?;
    Ok(Outcome::Done)
}
