//! The journal's file: opened only as a plain file of its own, locked for each use, synced on each append.

use crate::record::error::{RecordError, Result};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// How often a lock that another process holds is tried again, and after how long.
const TRIES: usize = 250;
const PAUSE: Duration = Duration::from_millis(20);

/// The open file.
#[derive(Debug)]
pub(super) struct JournalFile {
    file: File,
    path: PathBuf,
}

/// The lock; given back on drop, or with its error by [`Held::release`].
pub(super) struct Held(File);

impl Held {
    pub(super) fn release(self) -> Result<()> {
        // Closing the duplicate would not release it, the original shares the lock: do it by name.
        self.0.unlock().map_err(RecordError::io("unlock", "the journal"))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl JournalFile {
    /// Opens or creates it. Symlinks, devices and files with a second name are refused, so that nobody can make the journal write
    /// somewhere else.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let dir = path.parent().unwrap_or(Path::new("."));
        private_dir(dir)?;
        let file = match Self::create(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Self::existing(path)?,
            created => created.map_err(RecordError::io("create", path))?,
        };
        // The name must survive a crash as well as the content.
        #[cfg(unix)]
        File::open(dir)
            .and_then(|d| d.sync_all())
            .map_err(RecordError::io("sync", dir))?;
        Ok(Self {
            file,
            path: path.to_path_buf(),
        })
    }

    /// `O_EXCL` follows no symlink, not even a dangling one.
    fn create(path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }

    fn existing(path: &Path) -> Result<File> {
        let suspicious = |why: &str| RecordError::Suspicious {
            path: path.to_path_buf(),
            why: why.to_owned(),
        };
        let named = fs::symlink_metadata(path).map_err(RecordError::io("look at", path))?;
        if !named.file_type().is_file() {
            return Err(suspicious("the journal is not a plain file"));
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(RecordError::io("open", path))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            let opened = file.metadata().map_err(RecordError::io("look at", path))?;
            if (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
                return Err(suspicious("the journal was exchanged while it was opened"));
            }
            if opened.nlink() > 1 {
                return Err(suspicious("the journal has a second name (hard link)"));
            }
            if opened.permissions().mode() & 0o077 != 0 {
                file.set_permissions(fs::Permissions::from_mode(0o600))
                    .map_err(RecordError::io("make private", path))?;
            }
        }
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True when the name now leads to another file, or nowhere.
    pub(super) fn was_replaced(&self) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let here = self.file.metadata().map(|m| (m.dev(), m.ino()));
            let there = fs::symlink_metadata(&self.path).map(|m| (m.dev(), m.ino()));
            !matches!((here, there), (Ok(a), Ok(b)) if a == b)
        }
        #[cfg(not(unix))]
        !self.path.exists()
    }

    /// Waits for the lock, a few seconds at most.
    pub(super) fn lock(&self) -> Result<Held> {
        let handle = self.file.try_clone().map_err(RecordError::io("open", &self.path))?;
        for _ in 0..TRIES {
            match handle.try_lock() {
                Ok(()) => return Ok(Held(handle)),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(e)) => return Err(RecordError::io("lock", &self.path)(e)),
            }
        }
        let busy = io::Error::new(io::ErrorKind::WouldBlock, "another process holds it");
        Err(RecordError::io("lock", &self.path)(busy))
    }

    pub(super) fn size(&self) -> Result<u64> {
        Ok(self
            .file
            .metadata()
            .map_err(RecordError::io("look at", &self.path))?
            .len())
    }

    pub(super) fn read_from(&self, at: u64) -> Result<Vec<u8>> {
        let mut file = &self.file;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(at))
            .and_then(|_| file.read_to_end(&mut bytes))
            .map_err(RecordError::io("read", &self.path))?;
        Ok(bytes)
    }

    /// Writes at the end, which is at `end`, and syncs. After a failure (a full disk, say) the file is cut back to `end`, so that no
    /// half entry stays.
    pub(super) fn append(&self, end: u64, bytes: &[u8]) -> Result<()> {
        let mut file = &self.file;
        file.write_all(bytes).and_then(|()| self.file.sync_data()).map_err(|e| {
            let _ = self.file.set_len(end);
            RecordError::io("write", &self.path)(e)
        })
    }
}

/// Makes the folder, or checks that what is there is a folder and not a way elsewhere.
fn private_dir(dir: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(dir) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(RecordError::io("create", dir)(e)),
        _ => {}
    }
    let meta = fs::symlink_metadata(dir).map_err(RecordError::io("look at", dir))?;
    if !meta.is_dir() {
        return Err(RecordError::Suspicious {
            path: dir.to_path_buf(),
            why: "not a folder of its own".into(),
        });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if meta.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
                .map_err(RecordError::io("make private", dir))?;
        }
    }
    Ok(())
}
