//! A private index: how trees are built without touching the user's index or working tree.

use super::{
    error::{RecordError, Result},
    git::Call,
    repo::Repo,
};
use crate::change::{ObjectId, RepoPath};
use tempfile::TempDir;

/// An index file in a private folder, gone when dropped.
#[derive(Debug)]
pub struct ScratchIndex<'r> {
    repo: &'r Repo,
    folder: TempDir,
}

/// What a path shall be in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// Where.
    pub path: RepoPath,
    /// Mode and blob (or submodule commit); `None` to remove it.
    pub content: Option<(u32, ObjectId)>,
}

impl<'r> ScratchIndex<'r> {
    /// An index that holds what `tree` (or a commit's tree) holds; empty without one.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn of(repo: &'r Repo, tree: Option<&ObjectId>) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("countersign-index-")
            .tempdir()
            .map_err(RecordError::io("make a private folder in", std::env::temp_dir()))?;
        let index = Self { repo, folder };
        if let Some(tree) = tree {
            index.call(&["read-tree", &tree.0]).bytes()?;
        }
        Ok(index)
    }

    fn call(&self, args: &[&str]) -> Call<'_> {
        // Sparse and split forms are for the user's index; a private one is plain, and leaves no second file in the git directory.
        let plain = [
            "-c",
            "core.splitIndex=false",
            "-c",
            "index.sparse=false",
            "-c",
            "core.sparseCheckout=false",
        ];
        self.repo
            .git
            .call(plain.iter().chain(args))
            .env("GIT_INDEX_FILE", self.folder.path().join("index"))
    }

    /// All paths with their blobs, in order.
    ///
    /// # Errors
    /// When git cannot list them.
    pub fn entries(&self) -> Result<Vec<TreeEntry>> {
        parse_entries(self.repo, &self.call(&["ls-files", "--stage", "-z"]).bytes()?)
    }

    /// Puts in and takes out.
    ///
    /// # Errors
    /// When git refuses a path (`.git/hooks/x`, say).
    pub fn change(&self, entries: &[TreeEntry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        self.call(&["update-index", "-z", "--index-info"])
            .stdin(index_info(self.repo, entries))
            .bytes()?;
        Ok(())
    }

    /// Writes the tree.
    ///
    /// # Errors
    /// When an object it names is missing, or the object store cannot be written.
    pub fn write_tree(&self) -> Result<ObjectId> {
        self.repo.id(&self.call(&["write-tree"]).text()?)
    }
}

/// Entries as `git update-index -z --index-info` reads them; removals first, so that a file may become a folder.
pub(super) fn index_info(repo: &Repo, entries: &[TreeEntry]) -> Vec<u8> {
    let mut out = Vec::new();
    let removed = entries.iter().filter(|e| e.content.is_none());
    for entry in removed.chain(entries.iter().filter(|e| e.content.is_some())) {
        let head = match &entry.content {
            Some((mode, id)) => format!("{mode:06o} {id}\t"),
            None => format!("0 {}\t", repo.zero()),
        };
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(entry.path.bytes());
        out.push(0);
    }
    out
}

/// Reads `git ls-files --stage -z`. Unmerged entries are left out (see [`super::obstacles`], which looks for them).
pub(super) fn parse_entries(repo: &Repo, out: &[u8]) -> Result<Vec<TreeEntry>> {
    let mut entries = Vec::new();
    for line in out.split(|b| *b == 0).filter(|l| !l.is_empty()) {
        let odd = || RecordError::Unreadable {
            what: "the index".into(),
            why: String::from_utf8_lossy(line).into_owned(),
        };
        let tab = line.iter().position(|b| *b == b'\t').ok_or_else(odd)?;
        let head = String::from_utf8_lossy(&line[..tab]);
        let mut words = head.split(' ');
        let mode = words
            .next()
            .and_then(|m| u32::from_str_radix(m, 8).ok())
            .ok_or_else(odd)?;
        let id = repo.id(words.next().ok_or_else(odd)?)?;
        if words.next() == Some("0") {
            entries.push(TreeEntry {
                path: RepoPath::new(&line[tab + 1..]),
                content: Some((mode, id)),
            });
        }
    }
    Ok(entries)
}
