//! The one way a file of the working tree is written: only if it is still what was shown, atomically, keeping its mode.

use super::{Error, ObjectId, Repo, RepoPath, commits, error::Doing, paths, worktree::WorkFile};
use std::{
    fs,
    io::{self, Write},
    path::Path,
};

/// Why a file was not written. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is not what was shown.
    #[error("{path} has changed since it was shown; press r to take in what changed")]
    Changed {
        /// The path, lossy.
        path: String,
    },
    /// It is no ordinary file (any more).
    #[error("{path} is not an ordinary file of the working tree")]
    NotAFile {
        /// The path, lossy.
        path: String,
    },
    /// The system refused.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The path, lossy.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl Repo {
    /// Keeps these bytes as a blob that nothing refers to (git's own housekeeping drops it after some weeks), and gives its id.
    ///
    /// # Errors
    /// The object cannot be written.
    pub fn keep_blob(&self, bytes: &[u8]) -> Result<ObjectId, Error> {
        self.git.blob(bytes).map(commits::id).doing("keep a version of a file")
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// It does not exist or cannot be read.
    pub fn blob(&self, id: &ObjectId) -> Result<Vec<u8>, Error> {
        let blob = self
            .git
            .find_blob(commits::oid(id)?)
            .doing("read a version of a file")?;
        Ok(blob.content().to_vec())
    }

    /// Makes `new` the content of the file at `path`, if it is `shown` now. Written beside it, synced, and put in its place by one
    /// rename, so that the file is always whole; permissions are kept.
    ///
    /// # Errors
    /// When the file is not what was shown, is no ordinary file, or cannot be written.
    pub fn replace_file(&self, path: &RepoPath, shown: &[u8], new: &[u8]) -> Result<(), EditError> {
        let name = || path.lossy().into_owned();
        let io = |source| EditError::Io { path: name(), source };
        match self.read_work_file(path, shown.len() as u64) {
            Ok(WorkFile::File { bytes, .. }) if bytes == shown => {}
            Ok(WorkFile::File { .. } | WorkFile::TooLarge { .. } | WorkFile::Absent) => {
                return Err(EditError::Changed { path: name() });
            }
            Ok(WorkFile::Link { .. } | WorkFile::Other) => return Err(EditError::NotAFile { path: name() }),
            Err(error) => return Err(io(io::Error::other(error.to_string()))),
        }
        let root = self.workdir().ok_or_else(|| EditError::NotAFile { path: name() })?;
        let place = paths::locate(root, path).map_err(|why| io(io::Error::new(io::ErrorKind::InvalidInput, why)))?;
        write(&place, shown, new)
            .map_err(io)?
            .then_some(())
            .ok_or_else(|| EditError::Changed { path: name() })
    }
}

/// Writes; `false` when the file changed while the new content was being prepared.
fn write(place: &Path, shown: &[u8], new: &[u8]) -> io::Result<bool> {
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".countersign-").tempfile_in(folder)?;
    draft.write_all(new)?;
    draft.as_file().set_permissions(fs::metadata(place)?.permissions())?;
    draft.as_file().sync_all()?;
    // As late as can be: what is replaced is what was shown.
    if fs::read(place)? != shown {
        return Ok(false);
    }
    draft.persist(place)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn repo() -> (tempfile::TempDir, Repo) {
        let dir = tempfile::tempdir().unwrap();
        git2::Repository::init(dir.path()).unwrap();
        let repo = Repo::open(dir.path()).unwrap();
        (dir, repo)
    }

    #[test]
    fn a_file_is_replaced_only_when_it_is_what_was_shown() {
        let (dir, repo) = repo();
        let (file, path) = (dir.path().join("a.py"), RepoPath::new("a.py"));
        fs::write(&file, "one\r\n").unwrap();
        repo.replace_file(&path, b"one\r\n", b"two\r\n").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two\r\n");
        let error = repo.replace_file(&path, b"one\r\n", b"three").unwrap_err();
        assert!(matches!(error, EditError::Changed { .. }), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"two\r\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no draft is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (dir, repo) = repo();
        let file = dir.path().join("run.sh");
        fs::write(&file, "a").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).unwrap();
        repo.replace_file(&RepoPath::new("run.sh"), b"a", b"b").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o750);
        symlink(&file, dir.path().join("link")).unwrap();
        assert!(matches!(
            repo.replace_file(&RepoPath::new("link"), b"b", b"c"),
            Err(EditError::NotAFile { .. })
        ));
        assert!(repo.replace_file(&RepoPath::new("../x"), b"", b"c").is_err());
    }
}
