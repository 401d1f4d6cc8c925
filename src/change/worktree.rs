//! Files as they are on disk now: never through a filter, never through a link, never anything but a file.

use super::{ObjectId, RepoPath, commits::id, paths};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// What stands at a path of the working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkFile {
    /// An ordinary file.
    File {
        /// The bytes, without any conversion.
        bytes: Vec<u8>,
        /// True when its owner may execute it (always false where the system has no such mark).
        executable: bool,
    },
    /// An ordinary file above the size limit.
    TooLarge {
        /// Its size in bytes.
        size: u64,
    },
    /// A symbolic link.
    Link {
        /// Where it points, as bytes.
        target: Vec<u8>,
    },
    /// A folder, or something that is neither file nor link.
    Other,
    /// Nothing.
    Absent,
}

/// Reads what stands at `path` below `workdir`, up to `limit` bytes.
///
/// # Errors
/// The path leads out of the working tree, or the system refuses.
pub(super) fn read(workdir: &Path, path: &RepoPath, limit: u64) -> io::Result<WorkFile> {
    let place = paths::locate(workdir, path).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let meta = match place.symlink_metadata() {
        Ok(meta) => meta,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(WorkFile::Absent);
        }
        Err(e) => return Err(e),
    };
    if meta.file_type().is_symlink() {
        let target = fs::read_link(&place)?;
        let target = target.into_os_string().into_encoded_bytes();
        return Ok(WorkFile::Link { target });
    }
    if !meta.is_file() {
        return Ok(WorkFile::Other);
    }
    if meta.len() > limit {
        return Ok(WorkFile::TooLarge { size: meta.len() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or_default());
    // It may grow while it is read.
    File::open(&place)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(WorkFile::TooLarge {
            size: bytes.len() as u64,
        });
    }
    Ok(WorkFile::File {
        bytes,
        executable: executable(&meta),
    })
}

/// Opens what stands at `path` for reading in pieces, with its size; `None` when it is no ordinary file.
pub(super) fn open(workdir: &Path, path: &RepoPath) -> io::Result<Option<(u64, File)>> {
    let place = paths::locate(workdir, path).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let meta = place.symlink_metadata()?;
    if !meta.is_file() {
        return Ok(None);
    }
    Ok(Some((meta.len(), File::open(&place)?)))
}

#[cfg(unix)]
fn executable(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o100 != 0
}

#[cfg(not(unix))]
fn executable(_: &fs::Metadata) -> bool {
    false
}

/// The blob id of these bytes as they are, which is what git stores when no filter or line-ending conversion is in force.
#[must_use]
pub fn blob_id(bytes: &[u8]) -> ObjectId {
    // Hashing bytes in memory cannot fail; the null id is git's own word for "not known".
    id(git2::Oid::hash_object(git2::ObjectType::Blob, bytes).unwrap_or(git2::Oid::ZERO_SHA1))
}

/// The blob id of a file too large to be read as text; the null id above `limit` bytes.
pub(super) fn blob_id_of_large(workdir: &Path, path: &RepoPath, size: u64, limit: u64) -> ObjectId {
    let hashed = (size <= limit).then(|| paths::locate(workdir, path).ok()).flatten();
    let hashed = hashed.and_then(|place| git2::Oid::hash_file(git2::ObjectType::Blob, place).ok());
    id(hashed.unwrap_or(git2::Oid::ZERO_SHA1))
}
