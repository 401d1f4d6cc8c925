//! Between git's paths (bytes, `/`) and the operating system's, and safely into the working tree.

use super::{Error, RepoPath};
use std::{
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

/// The bytes git would store for `path` (relative, with ordinary components only).
pub(super) fn to_git(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for component in path.components() {
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(component.as_os_str().as_encoded_bytes());
    }
    bytes
}

/// The operating system's form of a relative git path. On systems whose names are not bytes, a path that is not UTF-8 has none.
pub(super) fn from_git(bytes: &[u8]) -> Option<PathBuf> {
    #[cfg(unix)]
    let name: OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec());
    #[cfg(not(unix))]
    let name = OsString::from(std::str::from_utf8(bytes).ok()?);
    Some(PathBuf::from(name))
}

/// Why a path of the repository is not followed into the working tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// It has an empty, `.`, `..` or `.git` component, or is absolute.
    #[error("the path leaves the working tree or enters .git")]
    Escapes,
    /// A folder on the way is a symbolic link.
    #[error("a folder on the way is a symbolic link")]
    ThroughLink,
    /// This system cannot express the name.
    #[error("this system cannot express the name")]
    NotANameHere,
}

/// Where `path` lies below `workdir`, refusing what would lead elsewhere: names are as untrusted as content.
pub(super) fn locate(workdir: &Path, path: &RepoPath) -> Result<PathBuf, Refused> {
    let relative = from_git(path.bytes()).ok_or(Refused::NotANameHere)?;
    if path
        .bytes()
        .split(|b| *b == b'/')
        .any(|c| matches!(c, b"" | b"." | b".."))
    {
        return Err(Refused::Escapes);
    }
    let mut place = workdir.to_path_buf();
    let mut components = relative.components().peekable();
    while let Some(component) = components.next() {
        match component {
            Component::Normal(name) if !name.eq_ignore_ascii_case(".git") => place.push(name),
            _ => return Err(Refused::Escapes),
        }
        let inner = components.peek().is_some();
        if inner && place.symlink_metadata().is_ok_and(|m| m.file_type().is_symlink()) {
            return Err(Refused::ThroughLink);
        }
    }
    Ok(place)
}

/// Path arguments as libgit2 takes them.
pub(super) struct Pathspecs {
    /// Relative to the repository's root.
    pub specs: Vec<Vec<u8>>,
    /// True when none is a pattern, so that `[x].rs` means just that.
    pub literal: bool,
}

/// Resolves what the person typed, relative to `cwd`, which lies inside `workdir`. A name that exists is itself; otherwise
/// `*`, `?` and `[` make a pattern. `:/x` starts at the root; git's other magic words are not understood.
pub(super) fn pathspecs(workdir: &Path, cwd: &Path, paths: &[PathBuf]) -> Result<Pathspecs, Error> {
    let prefix = cwd.strip_prefix(workdir).unwrap_or(Path::new(""));
    let mut found = Pathspecs {
        specs: Vec::new(),
        literal: true,
    };
    for typed in paths {
        let bad = |why| Error::BadPath {
            path: typed.clone(),
            why,
        };
        let text = typed.as_os_str().as_encoded_bytes();
        let (start, rest) = match text.strip_prefix(b":/") {
            Some(rest) => (
                Path::new(""),
                from_git(rest).ok_or_else(|| bad("not a name on this system"))?,
            ),
            None if text.starts_with(b":") => return Err(bad("git's `:(...)` pathspecs are not supported")),
            None => (prefix, typed.clone()),
        };
        let rest = rest.strip_prefix(workdir).map(Path::to_path_buf).unwrap_or(rest);
        let relative = normalise(start, &rest).ok_or_else(|| bad("it lies outside the repository"))?;
        let exists = workdir.join(&relative).symlink_metadata().is_ok();
        let bytes = to_git(&relative);
        if !exists && bytes.iter().any(|b| b"*?[".contains(b)) {
            found.literal = false;
        }
        if !bytes.is_empty() {
            found.specs.push(bytes);
        } else {
            // The root: everything.
            return Ok(Pathspecs {
                specs: Vec::new(),
                literal: true,
            });
        }
    }
    Ok(found)
}

/// `start` followed by `rest` without `.` and `..`; `None` when that leaves the root.
fn normalise(start: &Path, rest: &Path) -> Option<PathBuf> {
    let mut out = start.to_path_buf();
    for component in rest.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => out.push(name),
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_path_cannot_lead_out_of_the_working_tree() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "../x",
            "a/../../x",
            ".git/config",
            "a/.GIT/x",
            "/etc/passwd",
            "a//b",
            "",
            "a/./b",
            "a/",
        ] {
            assert_eq!(
                locate(dir.path(), &RepoPath::new(path)),
                Err(Refused::Escapes),
                "{path}"
            );
        }
        assert_eq!(
            locate(dir.path(), &RepoPath::new("a/b")).unwrap(),
            dir.path().join("a/b")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_folder_is_not_entered_but_a_link_itself_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", dir.path().join("d")).unwrap();
        assert_eq!(
            locate(dir.path(), &RepoPath::new("d/passwd")),
            Err(Refused::ThroughLink)
        );
        assert!(locate(dir.path(), &RepoPath::new("d")).is_ok());
    }

    #[test]
    fn path_arguments_are_relative_to_where_the_person_is() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let of = |typed: &[&str]| {
            let typed: Vec<PathBuf> = typed.iter().map(PathBuf::from).collect();
            pathspecs(root, &root.join("src"), &typed).map(|p| (p.specs.concat(), p.literal))
        };
        assert_eq!(of(&["a.rs"]).unwrap(), (b"src/a.rs".to_vec(), true));
        assert_eq!(of(&["../b"]).unwrap(), (b"b".to_vec(), true));
        assert_eq!(of(&[":/b"]).unwrap(), (b"b".to_vec(), true));
        assert_eq!(of(&["*.rs"]).unwrap(), (b"src/*.rs".to_vec(), false));
        assert_eq!(of(&[".."]).unwrap(), (vec![], true));
        assert!(of(&["../../x"]).is_err());
        assert!(of(&[":(exclude)x"]).is_err());
    }
}
