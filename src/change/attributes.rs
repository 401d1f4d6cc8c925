//! What git's attributes and line-ending settings mean for the files under review.
//!
//! Attributes can be part of the change, so that they may explain a difference and never hide one: text that is marked as
//! not to be compared is compared all the same, and filters are named and not run.

use super::{Repo, RepoPath, paths};
use std::path::Path;

/// Looks attributes up; for commits there is no conversion to speak of.
pub(super) struct Attributes<'r> {
    repo: &'r Repo,
    on_disk: bool,
    autocrlf: bool,
}

impl<'r> Attributes<'r> {
    /// `on_disk`: the new sides are files of the working tree.
    pub(super) fn new(repo: &'r Repo, on_disk: bool) -> Self {
        let autocrlf = repo.setting("core.autocrlf");
        Self {
            repo,
            on_disk,
            autocrlf: autocrlf.is_some_and(|v| v == "input" || git2::Config::parse_bool(v).unwrap_or(false)),
        }
    }

    fn get(&self, path: &Path, name: &str) -> git2::AttrValue<'_> {
        let value = self
            .repo
            .git
            .get_attr_bytes(path, name, git2::AttrCheckFlags::FILE_THEN_INDEX);
        git2::AttrValue::from_bytes(value.ok().flatten())
    }

    /// True when git would store the working file `text` at `path` with `\n` although it has `\r\n` on disk, so that these
    /// are no change. As in git, a file whose `stored` form has `\r\n` already is left alone.
    pub(super) fn converts_eol(&self, path: &RepoPath, stored: &[u8], text: &[u8]) -> bool {
        use git2::AttrValue as V;
        let has_crlf = |text: &[u8]| text.windows(2).any(|w| w == b"\r\n");
        if !self.on_disk || !has_crlf(text) || has_crlf(stored) {
            return false;
        }
        let Some(path) = paths::from_git(path.bytes()) else {
            return false;
        };
        match self.get(&path, "text") {
            V::True | V::String(_) | V::Bytes(_) => true,
            V::False => false,
            V::Unspecified => self.autocrlf || !matches!(self.get(&path, "eol"), V::Unspecified),
        }
    }

    /// Where the attributes of a text claim something that was not followed.
    pub(super) fn remarks(&self, path: &RepoPath) -> Vec<String> {
        use git2::AttrValue as V;
        let Some(path) = paths::from_git(path.bytes()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if self.get(&path, "diff") == V::False {
            found.push("its attributes say that it is not to be compared: shown all the same".to_owned());
        }
        if self.on_disk {
            let filter = match self.get(&path, "filter") {
                V::String(name) => Some(name.to_owned()),
                V::Bytes(name) => Some(String::from_utf8_lossy(name).into_owned()),
                _ => None,
            };
            if let Some(name) = filter {
                found.push(format!("the filter `{name}` was not run: shown as it is on disk"));
            }
        }
        found
    }
}
