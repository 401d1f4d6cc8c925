//! What git does to a file on its way into the object store: line endings, `$Id$`, and filter programs.
//!
//! The first two are done here as git does them (its rules are in `convert.c`; compared with git in the tests). A file that a *filter
//! program* would have to change is refused: no program that configuration names runs because of us.

use super::{
    content::{ReviewedFile, index_entries},
    error::{RecordError, Result},
    printable,
    repo::Repo,
};
use crate::change::{ObjectId, RepoPath};
use std::collections::HashMap;

/// What `.gitattributes` says of the files.
pub(super) struct Attributes {
    by_path: HashMap<RepoPath, HashMap<String, String>>,
    /// What the index holds of them.
    index: HashMap<RepoPath, (u32, ObjectId)>,
}

impl Attributes {
    /// Asks git for the attributes of files that are there.
    pub(super) fn read(repo: &Repo, files: &[ReviewedFile]) -> Result<Self> {
        let mut stdin = Vec::new();
        for file in files.iter().filter(|f| f.shown.is_some()) {
            stdin.extend_from_slice(file.path.bytes());
            stdin.push(0);
        }
        if stdin.is_empty() {
            return Ok(Self {
                by_path: HashMap::new(),
                index: HashMap::new(),
            });
        }
        let names = ["text", "crlf", "eol", "ident", "filter", "working-tree-encoding"];
        let out = repo
            .git
            .call(["check-attr", "-z", "--stdin"].iter().chain(&names))
            .stdin(stdin)
            .bytes()?;
        let mut all: HashMap<RepoPath, HashMap<String, String>> = HashMap::new();
        let mut fields = out.split(|b| *b == 0);
        while let (Some(path), Some(name), Some(value)) = (fields.next(), fields.next(), fields.next()) {
            let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            all.entry(RepoPath::new(path))
                .or_default()
                .insert(text(name), text(value));
        }
        Ok(Self {
            by_path: all,
            index: index_entries(repo, files.iter().map(|f| &f.path))?,
        })
    }

    /// What git would store of `raw`; `None` when that is `raw` itself.
    pub(super) fn stored(&self, repo: &Repo, path: &RepoPath, raw: &[u8]) -> Result<Option<Vec<u8>>> {
        let none = HashMap::new();
        let attributes = self.by_path.get(path).unwrap_or(&none);
        let value = |name: &str| attributes.get(name).map_or("unspecified", String::as_str);
        let set = |name: &str| !matches!(value(name), "unspecified" | "unset");
        let name = printable::line(&path.lossy(), 200);
        if set("filter") && filters(repo, value("filter")) {
            return Err(RecordError::refused(
                format!(
                    "{name} goes through the filter program `{}`, which is not run",
                    printable::line(value("filter"), 40)
                ),
                "Commit it with git, then countersign the commit.",
            ));
        }
        if set("working-tree-encoding") {
            return Err(RecordError::refused(
                format!("{name} is stored in another encoding than it has in the working tree"),
                "Commit it with git, then countersign the commit.",
            ));
        }
        let mut out = None;
        if let Some(action) = line_endings(repo, value("text"), value("crlf"), value("eol")) {
            out = self.without_carriage_returns(repo, path, raw, action)?;
        }
        if value("ident") == "set" {
            out = collapse_ident(out.as_deref().unwrap_or(raw)).or(out);
        }
        Ok(out)
    }

    fn without_carriage_returns(
        &self,
        repo: &Repo,
        path: &RepoPath,
        raw: &[u8],
        turn: Turn,
    ) -> Result<Option<Vec<u8>>> {
        if !raw.windows(2).any(|w| w == b"\r\n") {
            return Ok(None);
        }
        if turn == Turn::WhenText && (looks_binary(raw) || self.has_crlf_in_index(repo, path)?) {
            return Ok(None);
        }
        let mut out = Vec::with_capacity(raw.len());
        for (at, byte) in raw.iter().enumerate() {
            if !(*byte == b'\r' && raw.get(at + 1) == Some(&b'\n')) {
                out.push(*byte);
            }
        }
        Ok(Some(out))
    }

    /// A file that has CRLF in the repository keeps it, unless it is declared text.
    fn has_crlf_in_index(&self, repo: &Repo, path: &RepoPath) -> Result<bool> {
        let Some((_, blob)) = self.index.get(path) else {
            return Ok(false);
        };
        let stored = repo.git.call(["cat-file", "blob", &blob.0]).bytes()?;
        Ok(stored.windows(2).any(|w| w == b"\r\n") && !looks_binary(&stored))
    }
}

/// True when the filter has a program to run on the way in. An attribute that names none does nothing.
fn filters(repo: &Repo, name: &str) -> bool {
    ["clean", "process"].iter().any(|last| {
        repo.settings
            .get(&format!("filter.{name}.{last}"))
            .is_some_and(|v| !v.is_empty())
    })
}

/// Whether line endings are turned: always, or only when the file looks like text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Always,
    WhenText,
}

fn line_endings(repo: &Repo, text: &str, crlf: &str, eol: &str) -> Option<Turn> {
    // `crlf` is the old name of `text`.
    let text = if text == "unspecified" { crlf } else { text };
    match text {
        "unset" => None,
        "auto" => Some(Turn::WhenText),
        "set" | "input" => Some(Turn::Always),
        _ if matches!(eol, "lf" | "crlf") => Some(Turn::Always),
        _ => match repo.settings.get("core.autocrlf") {
            Some("input") => Some(Turn::WhenText),
            _ if repo.settings.flag("core.autocrlf") == Some(true) => Some(Turn::WhenText),
            _ => None,
        },
    }
}

/// git's guess: a lone carriage return, a NUL, or more than one odd character in 128.
fn looks_binary(raw: &[u8]) -> bool {
    // A DOS end-of-file mark at the very end is forgiven.
    let raw = raw.strip_suffix(b"\x1a").unwrap_or(raw);
    let (mut printable, mut odd) = (0usize, 0usize);
    for (at, byte) in raw.iter().enumerate() {
        match byte {
            b'\r' if raw.get(at + 1) != Some(&b'\n') => return true,
            0 => return true,
            b'\r' | b'\n' => {}
            8 | b'\t' | 0x1b | 0x0c => printable += 1,
            0..=31 | 127 => odd += 1,
            _ => printable += 1,
        }
    }
    printable / 128 < odd
}

/// `$Id: anything$` on one line becomes `$Id$`; `None` when there is none.
fn collapse_ident(raw: &[u8]) -> Option<Vec<u8>> {
    const OPEN: &[u8] = b"$Id:";
    let mut out = Vec::new();
    let mut rest = raw;
    let mut changed = false;
    while let Some(at) = rest.windows(OPEN.len()).position(|w| w == OPEN) {
        let inside = &rest[at + OPEN.len()..];
        let Some(close) = inside.iter().position(|b| *b == b'$' || *b == b'\n') else {
            break;
        };
        if inside[close] == b'$' {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(b"$Id$");
            changed = true;
        } else {
            out.extend_from_slice(&rest[..at + OPEN.len() + close + 1]);
        }
        rest = &inside[close + 1..];
    }
    out.extend_from_slice(rest);
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn ident_is_collapsed_on_one_line_only() {
        assert_eq!(
            collapse_ident(b"a $Id: 1234 $ b $Id: x$\n").unwrap(),
            b"a $Id$ b $Id$\n"
        );
        assert_eq!(collapse_ident(b"$Id: open\n$Id$\n"), None);
        assert_eq!(collapse_ident(b"$Id: open\n$Id: y$").unwrap(), b"$Id: open\n$Id$");
    }

    #[test]
    fn binary_is_guessed_as_git_guesses() {
        assert!(looks_binary(b"a\rb"));
        assert!(looks_binary(b"a\0b"));
        assert!(looks_binary(b"a\x01b"));
        assert!(!looks_binary(b"a\r\nb\x1b[0m"));
        assert!(!looks_binary(b"text\r\n\x1a"));
    }
}
