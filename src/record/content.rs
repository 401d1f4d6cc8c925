//! From a reviewed file to the blob git would store, without running anything.
//!
//! A file is taken only if it still is what was shown: the content that was read is hashed as it is and as it would be stored, and one of the
//! two must be the blob the reviewer saw.

use super::{
    conversion::Attributes,
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
