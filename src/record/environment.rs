//! The environment as a value: what the programs that recording starts get to see.
//!
//! Taken once from the process and handed on explicitly, so that what git sees is decided here, in one place, and a test can give its own.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// `GIT_*` variables that git may see: identity, and the user's own configuration.
const KEPT: &[&str] = &[
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
];

/// Variables of other programs that would make git ask or run something.
const DROPPED: &[&str] = &["EDITOR", "VISUAL", "PAGER", "SSH_ASKPASS"];

/// What git gets on top.
const QUIET: &[(&str, &str)] = &[
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_EDITOR", ":"),
    ("GIT_PAGER", "cat"),
    ("LC_ALL", "C"),
    ("LANGUAGE", ""),
];

/// Variables by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// This process's.
    #[must_use]
    pub fn of_process() -> Self {
        std::env::vars_os().collect()
    }

    /// One variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// All of them, for a program that needs the user's world (gpg, ssh-keygen).
    pub fn all(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.0.iter()
    }

    /// What git gets: nothing that would aim it at another repository, make it ask, or make it run something.
    #[must_use]
    pub(super) fn for_git(&self) -> Self {
        let kept = |name: &OsString| {
            let name = name.to_string_lossy();
            let numbered = name.starts_with("GIT_CONFIG_KEY_") || name.starts_with("GIT_CONFIG_VALUE_");
            let of_git = name.starts_with("GIT_") && !numbered && !KEPT.contains(&&*name);
            !of_git && !DROPPED.contains(&&*name)
        };
        let given = self
            .0
            .iter()
            .filter(|(name, _)| kept(name))
            .map(|(k, v)| (k.clone(), v.clone()));
        given
            .chain(QUIET.iter().map(|(k, v)| ((*k).into(), (*v).into())))
            .collect()
    }

    /// `~/x` as a path.
    #[must_use]
    pub(super) fn expand_home(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.get("HOME")) {
            (Some(rest), Some(home)) => Path::new(home).join(rest),
            _ => PathBuf::from(path),
        }
    }

    /// The program `name` in PATH, without relative entries and without folders of the tree that holds `dir`: what is under review must
    /// not be able to put a `git` in our way.
    #[must_use]
    pub(super) fn find_program(&self, name: &str, dir: &Path) -> Option<PathBuf> {
        let tree = tree_of(dir);
        std::env::split_paths(self.get("PATH")?)
            .filter(|entry| entry.is_absolute())
            .filter(|entry| !entry.canonicalize().is_ok_and(|real| real.starts_with(&tree)))
            .map(|entry| entry.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
            .find(|candidate| is_executable(candidate))
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<T: IntoIterator<Item = (OsString, OsString)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The top of the working tree that holds `dir`, by the nearest `.git`; `dir` itself when there is none.
fn tree_of(dir: &Path) -> PathBuf {
    let real = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let top = real
        .ancestors()
        .find(|a| a.join(".git").exists())
        .map(Path::to_path_buf);
    top.unwrap_or(real)
}

/// True for a file that may be run.
pub(super) fn is_executable(path: &Path) -> bool {
    let Ok(meta) = path.metadata() else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        meta.is_file() && meta.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    meta.is_file()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn git_sees_the_users_identity_and_nothing_that_aims_or_runs() {
        let given = [
            ("GIT_DIR", "/x"),
            ("GIT_INDEX_FILE", "/y"),
            ("GIT_EXTERNAL_DIFF", "evil"),
            ("EDITOR", "vi"),
        ];
        let kept = [
            ("HOME", "/h"),
            ("GIT_COMMITTER_NAME", "Ada"),
            ("GIT_CONFIG_KEY_0", "a.b"),
        ];
        let environment: Environment = given
            .iter()
            .chain(&kept)
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect();
        let seen = environment.for_git();
        assert!(given.iter().all(|(name, _)| seen.get(name).is_none()));
        assert!(
            kept.iter()
                .all(|(name, value)| seen.get(name) == Some(OsStr::new(value)))
        );
        assert_eq!(seen.get("GIT_TERMINAL_PROMPT"), Some(OsStr::new("0")));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_of_the_reviewed_tree_is_not_found() {
        use std::{fs, os::unix::fs::PermissionsExt};
        let dir = tempfile::tempdir().unwrap();
        let (tree, tools) = (dir.path().join("tree"), dir.path().join("tools"));
        for folder in [&tree, &tools] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("git"), "").unwrap();
            fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::create_dir(tree.join(".git")).unwrap();
        fs::create_dir(tree.join("sub")).unwrap();
        let path = std::env::join_paths([&PathBuf::from("."), &PathBuf::from(""), &tree, &tools]).unwrap();
        let environment: Environment = [("PATH".into(), path)].into_iter().collect();
        assert_eq!(
            environment.find_program("git", &tree.join("sub")),
            Some(tools.join("git"))
        );
        assert_eq!(environment.find_program("gpg", &tree), None);
    }
}
