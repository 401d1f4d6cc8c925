//! What a change says outside its files' content: commit messages and new file names, looked at for characters that hide. Models read
//! both, and terminals draw both.

use super::{Finding, RuleSet, view::FileView};
use crate::{
    change::{Change, Commit, RepoPath},
    text::{Pos, Span},
};

/// The category that concerns names and messages.
const HIDDEN: &str = "hidden-unicode";

/// What hides in the messages of the change's commits. Such a finding has no file: its path is `commit <id>`, which no file of the
/// change can have been found under, and its lines are the message's.
pub(super) fn messages(change: &Change, rules: &RuleSet) -> Vec<Finding> {
    change
        .commits
        .iter()
        .flat_map(|commit| message(commit, rules))
        .collect()
}

fn message(commit: &Commit, rules: &RuleSet) -> Vec<Finding> {
    let path = RepoPath::new(format!("commit {}", commit.id.short()));
    let mut findings = hidden(&path, commit.message.as_bytes(), rules);
    for finding in &mut findings {
        finding.commit = Some(commit.id.clone());
    }
    findings
}

/// What hides in a new file's name; it stands at the file's first line.
pub(super) fn name(path: &RepoPath, rules: &RuleSet) -> Vec<Finding> {
    let mut findings = hidden(path, path.bytes(), rules);
    for finding in &mut findings {
        finding.title = format!("{} in a file name", finding.title);
        let steps = finding.steps.iter_mut().map(|s| &mut s.place);
        for place in steps.chain([&mut finding.place]) {
            place.span = Span::default();
            place.start = Pos { line: 1, column: 1 };
            place.end = place.start;
        }
    }
    findings
}

fn hidden(path: &RepoPath, text: &[u8], rules: &RuleSet) -> Vec<Finding> {
    let Some(shelf) = rules.of_any() else { return Vec::new() };
    if text.is_ascii() && !text.iter().any(|b| b.is_ascii_control() && !b"\n\t".contains(b)) {
        return Vec::new();
    }
    let view = FileView::new(path, text);
    let hits = shelf.text.run(&view, &shelf.text.live(text));
    let concerned = hits.into_iter().filter(|h| h.rule.category == HIDDEN && !h.dismissed);
    concerned
        .enumerate()
        .map(|(i, hit)| hit.finding(&view, i as u32))
        .collect()
}
