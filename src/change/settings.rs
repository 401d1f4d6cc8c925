//! git's configuration and hooks, read for the stages that record. Nothing named there is run here.

use super::Repo;
use std::path::PathBuf;

/// The names that git calls hooks by.
const NAMES: &[&str] = &[
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "push-to-checkout",
    "reference-transaction",
    "sendemail-validate",
    "update",
];

/// A hook that git would run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name, as `pre-commit`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl Repo {
    /// A configuration value as git sees it here, the repository's own configuration included: untrusted.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<String> {
        self.git.config().ok()?.get_string(key).ok()
    }

    /// A configuration value of the user's or the system's, never of the repository's: the only place from which the name
    /// of a program may be taken.
    #[must_use]
    pub fn user_setting(&self, key: &str) -> Option<String> {
        use git2::ConfigLevel as L;
        let config = self.git.config().ok()?;
        [L::Global, L::XDG, L::System, L::ProgramData]
            .into_iter()
            .find_map(|level| config.open_level(level).ok()?.get_string(key).ok())
    }

    /// The hooks that git would run here, in the order of their names; samples and files that cannot be executed are none.
    #[must_use]
    pub fn hooks(&self) -> Vec<Hook> {
        let config = self.git.config().ok();
        let configured = config.and_then(|config| config.get_path("core.hooksPath").ok());
        let folder = match configured {
            Some(path) => self.workdir().unwrap_or(self.git_dir()).join(path),
            None => self.common_dir().join("hooks"),
        };
        NAMES
            .iter()
            .map(|name| Hook {
                name: (*name).to_owned(),
                path: folder.join(name),
            })
            .filter(|hook| is_runnable(&hook.path))
            .collect()
    }
}

#[cfg(unix)]
fn is_runnable(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_runnable(path: &std::path::Path) -> bool {
    path.is_file()
}
