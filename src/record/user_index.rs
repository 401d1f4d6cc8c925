//! The user's index: changed only at the paths that were committed, under its lock, in one rename.
//!
//! What else is staged stays as it is. The lock file carries our mark, so that one left behind by a crash is known as ours and can be
//! taken away by [`super::recover`].

use super::{
    error::{RecordError, Result},
    repo::Repo,
    scratch_index::{TreeEntry, index_info},
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::PathBuf,
};

/// The held lock; given back when dropped.
#[derive(Debug)]
pub(super) struct UserIndex<'r> {
    repo: &'r Repo,
    /// The index as it shall be.
    prepared: PathBuf,
}

fn lock_path(repo: &Repo) -> PathBuf {
    repo.git_dir.join("index.lock")
}

fn prepared_path(repo: &Repo, mark: &str) -> PathBuf {
    repo.git_dir.join(format!("countersign-index-{mark}"))
}

fn lock_text(mark: &str) -> String {
    format!("countersign {mark}\n")
}

impl<'r> UserIndex<'r> {
    /// Takes the lock that git takes.
    ///
    /// # Errors
    /// When somebody else holds it.
    pub(super) fn lock(repo: &'r Repo, mark: &str) -> Result<Self> {
        let path = lock_path(repo);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|e| match e.kind() {
                io::ErrorKind::AlreadyExists => RecordError::refused(
                    format!("{} exists: another git is at work, or was interrupted", path.display()),
                    "Wait for it, or remove the file when no git is running; then record again.",
                ),
                _ => RecordError::io("create", &path)(e),
            })?;
        let index = Self {
            repo,
            prepared: prepared_path(repo, mark),
        };
        file.write_all(lock_text(mark).as_bytes())
            .map_err(RecordError::io("write", &path))?;
        Ok(index)
    }

    /// Makes the index as it shall be, beside the one there is.
    ///
    /// # Errors
    /// When git cannot read the index or write the new one.
    pub(super) fn prepare(&self, entries: &[TreeEntry]) -> Result<()> {
        let index = self.repo.git_dir.join("index");
        match fs::copy(&index, &self.prepared) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            copied => copied.map(|_| ()).map_err(RecordError::io("copy", &index))?,
        }
        let call = self.repo.git.call(["update-index", "-z", "--index-info"]);
        call.env("GIT_INDEX_FILE", &self.prepared)
            .stdin(index_info(self.repo, entries))
            .bytes()?;
        File::open(&self.prepared)
            .and_then(|f| f.sync_all())
            .map_err(RecordError::io("sync", &self.prepared))
    }

    /// Puts it in place and gives the lock back.
    ///
    /// # Errors
    /// When the rename fails; the old index is in place then.
    pub(super) fn install(self) -> Result<()> {
        let index = self.repo.git_dir.join("index");
        fs::rename(&self.prepared, &index).map_err(RecordError::io("replace", index))
    }
}

impl Drop for UserIndex<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.prepared);
        let _ = fs::remove_file(lock_path(self.repo));
    }
}

/// Takes away what a crashed recording with this mark left behind.
pub(super) fn clear(repo: &Repo, mark: &str) -> Result<()> {
    let lock = lock_path(repo);
    if fs::read(&lock).is_ok_and(|text| text == lock_text(mark).as_bytes()) {
        fs::remove_file(&lock).map_err(RecordError::io("remove", &lock))?;
    }
    for left in [prepared_path(repo, mark), prepared_path(repo, &format!("{mark}.lock"))] {
        match fs::remove_file(&left) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(RecordError::io("remove", left)(e)),
            _ => {}
        }
    }
    Ok(())
}
