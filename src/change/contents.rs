//! The bytes of a side, within the limits, and what kind of thing they are.

use super::{
    Error, Limits, ObjectId, Repo, RepoPath, Side, WorkFile, commits::id, deltas::Blob, error::Doing, lfs, worktree,
};
use std::{path::PathBuf, sync::Arc};

/// Files above the reading limit are still hashed up to this many bytes, to know whether they changed.
const HASHED: u64 = 256 << 20;

/// What a side holds.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Text, also in [`Side::text`].
    Text(Arc<[u8]>),
    /// A NUL among the first 8,000 bytes: git's own test.
    Binary,
    /// A symbolic link's target.
    Link(Arc<[u8]>),
    /// A submodule's commit.
    Submodule { commit: ObjectId, dirty: bool },
    /// A Git LFS pointer.
    Lfs { bytes: Arc<[u8]>, pointer: lfs::Pointer },
    /// Over a limit, in bytes.
    TooLarge { limit: u64 },
}

/// A side with its content.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub side: Side,
    pub content: Content,
}

/// Reads sides, keeping to the limits over all of them.
pub(super) struct Reader<'r> {
    repo: &'r Repo,
    odb: git2::Odb<'r>,
    workdir: Option<PathBuf>,
    limits: Limits,
    /// Bytes that may still be read.
    left: u64,
}

impl<'r> Reader<'r> {
    /// `on_disk`: new sides are read from the working tree.
    pub(super) fn new(repo: &'r Repo, limits: Limits, on_disk: bool) -> Result<Self, Error> {
        Ok(Self {
            repo,
            odb: repo.git.odb().doing("open the object database")?,
            workdir: if on_disk { Some(repo.need_workdir()?) } else { None },
            left: limits.total_bytes,
            limits,
        })
    }

    /// The old side, from the object database.
    pub(super) fn stored(&mut self, blob: Blob) -> Result<Loaded, Error> {
        if blob.mode == SUBMODULE {
            return Ok(submodule(id(blob.oid), false));
        }
        let (size, _) = self.odb.read_header(blob.oid).doing("read a blob")?;
        let size = size as u64;
        if let Some(limit) = self.over(size) {
            return Ok(loaded(blob.mode, id(blob.oid), size, Content::TooLarge { limit }));
        }
        let object = self.odb.read(blob.oid).doing("read a blob")?;
        self.left -= size;
        Ok(classify(blob.mode, id(blob.oid), object.data().into()))
    }

    /// The new side: from the working tree when that is what is under review, else from the object database. `None` when
    /// the file has gone meanwhile.
    pub(super) fn new_side(&mut self, path: &RepoPath, blob: Blob) -> Result<Option<Loaded>, Error> {
        let Some(workdir) = self.workdir.clone() else {
            return self.stored(blob).map(Some);
        };
        if blob.mode == SUBMODULE {
            return Ok(Some(self.submodule_on_disk(path, blob)));
        }
        let limit = self.limits.file_bytes.min(self.left);
        let io = |source| Error::Io {
            path: PathBuf::from(path.lossy().into_owned()),
            source,
        };
        Ok(match worktree::read(&workdir, path, limit).map_err(io)? {
            WorkFile::File { bytes, .. } => {
                self.left -= bytes.len() as u64;
                Some(classify(blob.mode, worktree::blob_id(&bytes), bytes.into()))
            }
            WorkFile::TooLarge { size } => {
                let blob_id = worktree::blob_id_of_large(&workdir, path, size, HASHED);
                let limit = self.over(size).unwrap_or(limit);
                Some(loaded(blob.mode, blob_id, size, Content::TooLarge { limit }))
            }
            WorkFile::Link { target } => Some(classify(LINK, worktree::blob_id(&target), target.into())),
            WorkFile::Other | WorkFile::Absent => None,
        })
    }

    /// True when the working tree has at `path` just what this Git LFS pointer stands for. Nothing has changed then, although
    /// the bytes differ from the pointer's.
    pub(super) fn is_checked_out(&self, path: &RepoPath, pointer: &lfs::Pointer) -> bool {
        let open = |workdir: &PathBuf| worktree::open(workdir, path).ok().flatten();
        match self.workdir.as_ref().and_then(open) {
            Some((size, file)) => pointer.stands_for(size, file).unwrap_or(false),
            None => false,
        }
    }

    /// The limit that a side of `size` bytes exceeds.
    fn over(&self, size: u64) -> Option<u64> {
        if size > self.limits.file_bytes {
            Some(self.limits.file_bytes)
        } else if size > self.left {
            Some(self.limits.total_bytes)
        } else {
            None
        }
    }

    /// Where a submodule's own HEAD is, and whether its working tree has changes.
    fn submodule_on_disk(&self, path: &RepoPath, blob: Blob) -> Loaded {
        let name = path.lossy();
        let found = self.repo.git.find_submodule(&name).ok();
        let head = found.as_ref().and_then(git2::Submodule::workdir_id);
        let status = self.repo.git.submodule_status(&name, git2::SubmoduleIgnore::None);
        use git2::SubmoduleStatus as S;
        let changed = S::WD_INDEX_MODIFIED | S::WD_WD_MODIFIED | S::WD_UNTRACKED;
        let dirty = status.is_ok_and(|s| s.intersects(changed));
        submodule(id(head.unwrap_or(blob.oid)), dirty)
    }
}

pub(super) const SUBMODULE: u32 = 0o160_000;
pub(super) const LINK: u32 = 0o120_000;

fn loaded(mode: u32, blob: ObjectId, size: u64, content: Content) -> Loaded {
    let text = match &content {
        Content::Text(bytes) => Some(bytes.clone()),
        _ => None,
    };
    Loaded {
        side: Side { mode, blob, size, text },
        content,
    }
}

fn submodule(commit: ObjectId, dirty: bool) -> Loaded {
    loaded(SUBMODULE, commit.clone(), 0, Content::Submodule { commit, dirty })
}

/// Tells what `bytes` are. Attributes have no say in it: they are part of what is under review.
fn classify(mode: u32, blob: ObjectId, bytes: Arc<[u8]>) -> Loaded {
    let size = bytes.len() as u64;
    let content = if mode == LINK {
        Content::Link(bytes)
    } else if bytes.iter().take(8_000).any(|b| *b == 0) {
        Content::Binary
    } else if let Some(pointer) = lfs::parse(&bytes) {
        Content::Lfs { bytes, pointer }
    } else {
        Content::Text(bytes)
    };
    loaded(mode, blob, size, content)
}
