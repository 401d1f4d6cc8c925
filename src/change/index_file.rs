//! Which extensions git's index file has, found without believing anything else in it.
//!
//! An extension whose name begins with a lower-case letter changes what the entries mean. libgit2 knows none of those
//! (split index, sparse index), so their presence must be known before the index is read through it. The file's format is
//! described in git's `Documentation/gitformat-index.txt`.

/// Names of the extensions, in order; those up to the first thing that does not parse. `bytes` is the whole file, of a
/// repository that names objects by SHA-1.
pub(super) fn extensions(bytes: &[u8]) -> Vec<[u8; 4]> {
    let mut found = Vec::new();
    let Some(mut at) = end_of_entries(bytes) else {
        return found;
    };
    // The file ends with a checksum of the same length as an object id.
    let end = bytes.len().saturating_sub(ID);
    while at + 8 <= end {
        let (Some(name), Some(size)) = (array(bytes, at), number(bytes, at + 4)) else {
            break;
        };
        found.push(name);
        at = at.saturating_add(8).saturating_add(size);
    }
    found
}

/// Length of a SHA-1 object id in bytes.
const ID: usize = 20;

/// Where the entries end and the extensions begin; `None` when this is not an index file.
fn end_of_entries(bytes: &[u8]) -> Option<usize> {
    if bytes.get(..4)? != b"DIRC" {
        return None;
    }
    let version = number(bytes, 4)?;
    let count = number(bytes, 8)?;
    let mut at = 12;
    for _ in 0..count {
        // Ten numbers of stat data, the id, then the flags.
        let flags_at = at + 40 + ID;
        let extended = bytes.get(flags_at)? & 0x40 != 0;
        let name_at = flags_at + if extended { 4 } else { 2 };
        at = match version {
            2 | 3 => {
                let name = until_nul(bytes, name_at)?;
                // One to eight NULs make the entry a multiple of eight bytes.
                at + (name - at + 8) / 8 * 8
            }
            4 => {
                let mut name_at = name_at;
                while bytes.get(name_at)? & 0x80 != 0 {
                    name_at += 1;
                }
                until_nul(bytes, name_at + 1)? + 1
            }
            _ => return None,
        };
    }
    Some(at)
}

/// Position of the first NUL at or after `from`.
fn until_nul(bytes: &[u8], from: usize) -> Option<usize> {
    Some(from + bytes.get(from..)?.iter().position(|b| *b == 0)?)
}

/// The big-endian number at `at`.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(array(bytes, at)?)).ok()
}

/// The four bytes at `at`.
fn array(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::change::test_repo::TestRepo;

    /// The index of a repository with names of many lengths, written in this format version.
    fn index(version: &str, then: &[&str]) -> Vec<u8> {
        let repo = TestRepo::new();
        for length in 1..20 {
            repo.write("d/".to_owned() + &"n".repeat(length), "x");
        }
        repo.commit("files");
        repo.git(&["update-index", "--index-version", version]);
        if !then.is_empty() {
            repo.git(then);
        }
        std::fs::read(repo.path().join(".git/index")).unwrap()
    }

    #[test]
    fn extensions_are_found_behind_entries_of_every_version() {
        for version in ["2", "3", "4"] {
            assert!(extensions(&index(version, &[])).contains(b"TREE"), "version {version}");
            let split = index(version, &["update-index", "--split-index"]);
            assert!(extensions(&split).contains(b"link"), "version {version}");
        }
        let extended = index("3", &["update-index", "--skip-worktree", "d/n"]);
        assert!(extensions(&extended).contains(b"TREE"));
    }

    #[test]
    fn rubbish_and_cut_files_end_quietly() {
        let whole = index("2", &[]);
        for length in 0..whole.len() {
            let _ = extensions(&whole[..length]);
        }
        assert!(extensions(b"DIRC\0\0\0\x02\xff\xff\xff\xff").is_empty());
        assert!(extensions(b"nothing").is_empty());
    }
}
