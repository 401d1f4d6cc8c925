//! What kind of repository it is, asked **before** anything libgit2 says of it is believed.
//!
//! libgit2 cannot open some kinds, and opens others only to report nonsense: in a sparse checkout every absent file looks
//! deleted. Each such kind is refused with one sentence and what to do. This is also the seam where reading through the
//! `git` program would begin: a kind is refused here and nowhere else.

use super::{Error, Source, index_file};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Turns libgit2's refusal to open the repository at `dir` into a sentence about the repository.
pub(super) fn explain(dir: &Path, error: &git2::Error) -> Error {
    let Ok(git_dir) = git2::Repository::discover_path(dir, [] as [&Path; 0]) else {
        return match error.code() {
            git2::ErrorCode::Owner => Error::NotTrusted(dir.to_path_buf()),
            _ => Error::NotARepository(dir.to_path_buf()),
        };
    };
    if error.code() == git2::ErrorCode::Owner {
        return Error::NotTrusted(top_of(&git_dir));
    }
    unsupported_extension(&common_dir(&git_dir)).unwrap_or_else(|| Error::Git {
        doing: "open the repository",
        message: error.message().to_owned(),
    })
}

/// The folder a person would call the repository: the one that holds `.git`, or the bare repository itself.
fn top_of(git_dir: &Path) -> PathBuf {
    match git_dir.parent() {
        Some(parent) if git_dir.file_name().is_some_and(|n| n == ".git") => parent.to_path_buf(),
        _ => git_dir.to_path_buf(),
    }
}

/// Where the configuration of a linked worktree's repository lies.
fn common_dir(git_dir: &Path) -> PathBuf {
    match fs::read_to_string(git_dir.join("commondir")) {
        Ok(relative) => git_dir.join(relative.trim_end()),
        Err(_) => git_dir.to_path_buf(),
    }
}

/// The repository extension that keeps libgit2 from opening it.
fn unsupported_extension(common_dir: &Path) -> Option<Error> {
    let config = git2::Config::open(&common_dir.join("config")).ok()?;
    let value = |key: &str| config.get_string(&format!("extensions.{key}")).ok();
    let refuse = |what: &str, hint: &str| {
        Some(Error::Unsupported {
            what: what.to_owned(),
            hint: hint.to_owned(),
        })
    };
    if value("objectformat").is_some_and(|v| v.eq_ignore_ascii_case("sha256")) {
        return refuse(
            "this repository names its objects by SHA-256, which cannot be read yet",
            "nothing was read; review it with `git diff` until that is supported",
        );
    }
    if value("refstorage").is_some_and(|v| !v.eq_ignore_ascii_case("files")) {
        return refuse(
            "this repository keeps its references in a reftable, which cannot be read yet",
            "convert it: git refs migrate --ref-format=files",
        );
    }
    if value("partialclone").is_some() {
        return refuse(
            "this is a partial clone: objects may be missing, and fetching them would use the network",
            "clone it again without --filter",
        );
    }
    if value("compatobjectformat").is_some() {
        return refuse(
            "this repository maps its objects to a second object format, which cannot be read yet",
            "if the mapping is not needed: git config --unset extensions.compatObjectFormat",
        );
    }
    None
}

/// Refuses a `source` that needs the index or the working tree where libgit2's view of them is wrong. Commits and ranges
/// are read from the object database, which is right everywhere.
pub(super) fn readable(repo: &git2::Repository, source: &Source) -> Result<(), Error> {
    if matches!(source, Source::Commit { .. } | Source::Range { .. }) {
        return Ok(());
    }
    let refuse = |what: &str, hint: &str| {
        Err(Error::Unsupported {
            what: what.to_owned(),
            hint: format!("{hint}; commits and ranges can be reviewed as they are"),
        })
    };
    let sparse = repo
        .config()
        .and_then(|config| config.get_bool("core.sparseCheckout"))
        .unwrap_or(false);
    if sparse {
        return refuse(
            "this is a sparse checkout: files that are not checked out would look deleted",
            "check everything out: git sparse-checkout disable",
        );
    }
    for name in index_file::extensions(&index_bytes(repo)) {
        match &name {
            b"link" => {
                return refuse(
                    "the index is split over two files, which cannot be read yet",
                    "join it: git update-index --no-split-index",
                );
            }
            b"sdir" => {
                return refuse(
                    "the index is sparse, which cannot be read yet",
                    "expand it: git sparse-checkout reapply --no-sparse-index",
                );
            }
            name if name[0].is_ascii_lowercase() => {
                return refuse(
                    &format!(
                        "the index has an extension `{}` that is not understood",
                        name.escape_ascii()
                    ),
                    "write it anew: git read-tree HEAD",
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// The index file that git would use; empty when there is none yet.
fn index_bytes(repo: &git2::Repository) -> Vec<u8> {
    let path = repo.index().ok().and_then(|index| index.path().map(Path::to_path_buf));
    // An index that libgit2 cannot read at all has no path to give.
    fs::read(path.unwrap_or_else(|| repo.path().join("index"))).unwrap_or_default()
}
