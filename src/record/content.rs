//! From a reviewed file to the blob git would store, without running anything.
//!
//! git turns line endings and `$Id$` back when it takes a file in, and may run a *filter program* named by configuration. The first two
//! are done here as git does them (its rules are in `convert.c`; compared with git in the tests); a file that a filter program would
//! have to change is refused, because promise one says that no such program runs.
//!
//! A file is taken only if it still is what was shown: the content that was read is hashed as it is and as it would be stored, and one of the
//! two must be the blob the reviewer saw.

use super::{
    error::{RecordError, Result},
    printable,
    repo::Repo,
    scratch_index::TreeEntry,
};
use crate::change::{ObjectId, RepoPath};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// A file as the reviewer saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedFile {
    /// Where it is; where it was when it is gone.
    pub path: RepoPath,
    /// Where it was before a rename.
    pub old_path: Option<RepoPath>,
    /// Mode and content as shown; `None` when the change deletes it.
    pub shown: Option<(u32, ObjectId)>,
    /// True when the index held other content of it than HEAD.
    pub staged: bool,
}

const SYMLINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;
const EXECUTABLE: u32 = 0o100_755;
const REGULAR: u32 = 0o100_644;

/// Files of the working tree as tree entries; their blobs are written.
///
/// # Errors
/// [`RecordError::Moved`] when one of them is not what was shown; [`RecordError::Refused`] when a filter program would be needed.
pub fn from_work_tree(repo: &Repo, files: &[ReviewedFile]) -> Result<Vec<TreeEntry>> {
    let Some(top) = &repo.work_tree else {
        return Err(RecordError::refused(
            "a bare repository has no working tree",
            "Review commits instead.",
        ));
    };
    let attributes = Attributes::read(repo, files)?;
    let mut blobs = Blobs::new()?;
    let mut entries = Vec::new();
    for file in files {
        if let Some(old) = &file.old_path {
            entries.push(TreeEntry {
                path: old.clone(),
                content: None,
            });
        }
        let place = top.join(os_path(&file.path));
        let Some((mode, id)) = &file.shown else {
            if fs::symlink_metadata(&place).is_ok() {
                return Err(moved(&file.path, "it was deleted and is there again"));
            }
            entries.push(TreeEntry {
                path: file.path.clone(),
                content: None,
            });
            continue;
        };
        if *mode == SUBMODULE {
            check_submodule(repo, &place, &file.path, id)?;
            entries.push(TreeEntry {
                path: file.path.clone(),
                content: Some((*mode, id.clone())),
            });
            continue;
        }
        let (found_mode, raw) = read(repo, &place, &file.path, *mode)?;
        if found_mode != *mode {
            return Err(moved(
                &file.path,
                &format!("its mode is {found_mode:06o} and was {mode:06o}"),
            ));
        }
        let stored = if found_mode == SYMLINK {
            None
        } else {
            attributes.stored(repo, &file.path, &raw)?
        };
        blobs.add(file.path.clone(), found_mode, id.clone(), raw, stored)?;
    }
    entries.extend(blobs.write(repo)?);
    Ok(entries)
}

/// Files of the index as tree entries.
///
/// # Errors
/// [`RecordError::Moved`] when the index holds something else than was shown.
pub fn from_index(repo: &Repo, files: &[ReviewedFile]) -> Result<Vec<TreeEntry>> {
    let now = index_entries(
        repo,
        files
            .iter()
            .flat_map(|f| [Some(&f.path), f.old_path.as_ref()])
            .flatten(),
    )?;
    let mut entries = Vec::new();
    for file in files {
        if let Some(old) = &file.old_path {
            entries.push(TreeEntry {
                path: old.clone(),
                content: now.get(old).cloned(),
            });
        }
        let found = now.get(&file.path);
        if found != file.shown.as_ref() {
            let why = match (found, &file.shown) {
                (None, _) => "it is no longer staged",
                (_, None) => "it was deleted in the index and is there again",
                _ => "something else is staged now",
            };
            return Err(moved(&file.path, why));
        }
        entries.push(TreeEntry {
            path: file.path.clone(),
            content: file.shown.clone(),
        });
    }
    Ok(entries)
}

/// What the user's index holds at these paths.
///
/// # Errors
/// When the index cannot be read.
pub fn index_entries<'a>(
    repo: &Repo,
    paths: impl IntoIterator<Item = &'a RepoPath>,
) -> Result<HashMap<RepoPath, (u32, ObjectId)>> {
    let wanted: std::collections::HashSet<&RepoPath> = paths.into_iter().collect();
    // Asked as a whole: paths as arguments can be more than a command line holds, and this reads the same file.
    let out = repo.git.call(["ls-files", "--stage", "-z", "--full-name"]).bytes()?;
    let entries = super::scratch_index::parse_entries(repo, &out)?;
    Ok(entries
        .into_iter()
        .filter(|e| wanted.contains(&e.path))
        .filter_map(|e| e.content.map(|content| (e.path, content)))
        .collect())
}

fn moved(path: &RepoPath, why: &str) -> RecordError {
    RecordError::Moved {
        what: printable::line(&path.lossy(), 200),
        why: why.to_owned(),
    }
}

/// A repository path as the system's.
pub(super) fn os_path(path: &RepoPath) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(path.bytes()))
    }
    #[cfg(not(unix))]
    PathBuf::from(path.lossy().into_owned())
}

/// Mode and bytes of what is on disk.
fn read(repo: &Repo, place: &Path, path: &RepoPath, shown: u32) -> Result<(u32, Vec<u8>)> {
    let gone = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => moved(path, "it is gone"),
        _ => RecordError::io("read", place)(e),
    };
    let meta = fs::symlink_metadata(place).map_err(gone)?;
    if meta.file_type().is_symlink() {
        let target = fs::read_link(place).map_err(gone)?;
        return Ok((SYMLINK, target.into_os_string().into_encoded_bytes()));
    }
    if !meta.is_file() {
        return Err(moved(path, "it is no plain file"));
    }
    // Where git does not trust the file system's modes, neither do we.
    let trusted = repo.settings.flag("core.filemode").unwrap_or(true);
    let executable = super::environment::is_executable(place);
    let mode = match (trusted, executable) {
        (false, _) if shown != SYMLINK => shown,
        (_, true) => EXECUTABLE,
        _ => REGULAR,
    };
    Ok((mode, fs::read(place).map_err(gone)?))
}

fn check_submodule(repo: &Repo, place: &Path, path: &RepoPath, shown: &ObjectId) -> Result<()> {
    let head = repo
        .git
        .in_dir(place)
        .text(["rev-parse", "--verify", "HEAD^{commit}"])?;
    if head == *shown.0 {
        Ok(())
    } else {
        Err(moved(path, "the submodule stands at another commit"))
    }
}

/// What `.gitattributes` says of the files.
struct Attributes(HashMap<RepoPath, HashMap<String, String>>);

impl Attributes {
    fn read(repo: &Repo, files: &[ReviewedFile]) -> Result<Self> {
        let mut stdin = Vec::new();
        for file in files.iter().filter(|f| f.shown.is_some()) {
            stdin.extend_from_slice(file.path.bytes());
            stdin.push(0);
        }
        if stdin.is_empty() {
            return Ok(Self(HashMap::new()));
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
        Ok(Self(all))
    }

    /// What git would store of `raw`; `None` when that is `raw` itself.
    fn stored(&self, repo: &Repo, path: &RepoPath, raw: &[u8]) -> Result<Option<Vec<u8>>> {
        let none = HashMap::new();
        let attributes = self.0.get(path).unwrap_or(&none);
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
            out = without_carriage_returns(repo, path, raw, action)?;
        }
        if value("ident") == "set" {
            out = collapse_ident(out.as_deref().unwrap_or(raw)).or(out);
        }
        Ok(out)
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

fn without_carriage_returns(repo: &Repo, path: &RepoPath, raw: &[u8], turn: Turn) -> Result<Option<Vec<u8>>> {
    if !raw.windows(2).any(|w| w == b"\r\n") {
        return Ok(None);
    }
    if turn == Turn::WhenText && (looks_binary(raw) || has_crlf_in_index(repo, path)?) {
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

/// A file that has CRLF in the repository keeps it, unless it is declared text.
fn has_crlf_in_index(repo: &Repo, path: &RepoPath) -> Result<bool> {
    let Some((_, blob)) = index_entries(repo, [path])?.remove(path) else {
        return Ok(false);
    };
    let stored = repo.git.call(["cat-file", "blob", &blob.0]).bytes()?;
    Ok(stored.windows(2).any(|w| w == b"\r\n") && !looks_binary(&stored))
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

/// Blobs to be written in one go, through files in a private folder.
struct Blobs {
    folder: tempfile::TempDir,
    files: Vec<PendingBlob>,
}

struct PendingBlob {
    path: RepoPath,
    mode: u32,
    shown: ObjectId,
    /// Files in the folder: as it is, and as it would be stored when that differs.
    raw: PathBuf,
    stored: Option<PathBuf>,
}

impl Blobs {
    fn new() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("countersign-blobs-")
            .tempdir()
            .map_err(RecordError::io("make a private folder in", std::env::temp_dir()))?;
        Ok(Self {
            folder,
            files: Vec::new(),
        })
    }

    fn add(&mut self, path: RepoPath, mode: u32, shown: ObjectId, raw: Vec<u8>, stored: Option<Vec<u8>>) -> Result<()> {
        let number = self.files.len();
        let put = |name: String, bytes: Vec<u8>| {
            let file = self.folder.path().join(name);
            fs::write(&file, bytes).map_err(RecordError::io("write", &file))?;
            Ok(file)
        };
        let raw = put(format!("{number}.raw"), raw)?;
        let stored = stored.map(|bytes| put(format!("{number}.stored"), bytes)).transpose()?;
        self.files.push(PendingBlob {
            path,
            mode,
            shown,
            raw,
            stored,
        });
        Ok(())
    }

    fn write(self, repo: &Repo) -> Result<Vec<TreeEntry>> {
        let mut stdin = Vec::new();
        for file in self
            .files
            .iter()
            .flat_map(|f| [Some(&f.raw), f.stored.as_ref()])
            .flatten()
        {
            stdin.extend_from_slice(file.as_os_str().as_encoded_bytes());
            stdin.push(b'\n');
        }
        if stdin.is_empty() {
            return Ok(Vec::new());
        }
        let out = repo
            .git
            .call(["hash-object", "-w", "--no-filters", "--stdin-paths"])
            .stdin(stdin)
            .text()?;
        let mut ids = out.lines().map(|line| repo.id(line));
        let mut next = || ids.next().unwrap_or_else(|| repo.id(""));
        let mut entries = Vec::new();
        for file in &self.files {
            let raw = next()?;
            let stored = if file.stored.is_some() { next()? } else { raw.clone() };
            if file.shown != raw && file.shown != stored {
                return Err(moved(&file.path, "its content changed"));
            }
            entries.push(TreeEntry {
                path: file.path.clone(),
                content: Some((file.mode, stored)),
            });
        }
        Ok(entries)
    }
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
