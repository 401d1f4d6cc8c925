//! Other tools' notes, carried from a rewritten commit to its successor.
//!
//! git does that only for refs that `notes.rewriteRef` names. A rewrite that changes nothing but the message makes no note wrong, and a
//! lost one (git-ai's line attribution, say) cannot be made again; so all notes go along, unless the user's configuration speaks: then
//! those it names, and the agents' and ours.

use super::{
    error::Result,
    notes::{self, NotesTree},
    refs::RefChange,
    repo::Repo,
};
use crate::change::ObjectId;

/// Notes of agents that describe the commit's content, which does not change.
const OF_AGENTS: [&str; 2] = ["refs/notes/ai", "refs/notes/ai-attribution"];

/// The moves of notes refs (ours excluded, which is written elsewhere) that give `new` the notes of `old`.
pub(super) fn notes(repo: &Repo, old: &ObjectId, new: &ObjectId) -> Result<Vec<RefChange>> {
    let mut changes = Vec::new();
    let out = repo.git.text(["for-each-ref", "--format=%(refname)", "refs/notes/"])?;
    for name in out.lines().filter(|name| *name != notes::REF && goes_along(repo, name)) {
        let tree = NotesTree::read(repo, name)?;
        if let Some(text) = tree.get(old)? {
            let text = if name == OF_AGENTS[0] {
                with_base(&text, old, new)
            } else {
                text
            };
            changes.extend(tree.write(&[(new.clone(), Some(text))], "Notes copied by countersign")?);
        }
    }
    Ok(changes)
}

fn goes_along(repo: &Repo, name: &str) -> bool {
    if OF_AGENTS.contains(&name) {
        return true;
    }
    if repo.settings.flag("notes.rewrite.amend") == Some(false) {
        return false;
    }
    let mut named = repo.settings.all("notes.rewriteref").peekable();
    named.peek().is_none() || named.any(|pattern| matches_ref(pattern, name))
}

/// A ref name against a pattern with `*`.
fn matches_ref(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// git-ai's note names the commit it describes.
fn with_base(text: &[u8], old: &ObjectId, new: &ObjectId) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(text) else {
        return text.to_vec();
    };
    let mut out = text.to_owned();
    for gap in ["", " "] {
        let key = "\"base_commit_sha\":";
        out = out.replace(&format!("{key}{gap}\"{old}\""), &format!("{key}{gap}\"{new}\""));
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_git_matches_them() {
        assert!(matches_ref("refs/notes/*", "refs/notes/ci"));
        assert!(matches_ref("refs/notes/commits", "refs/notes/commits"));
        assert!(matches_ref("refs/*/c*s", "refs/notes/commits"));
        assert!(!matches_ref("refs/notes/commits", "refs/notes/commits2"));
        assert!(!matches_ref("refs/notes/x*", "refs/notes/ci"));
    }
}
