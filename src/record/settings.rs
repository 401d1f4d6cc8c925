//! git's configuration with the file each value came from, so that a program is never taken from the repository's own.
//!
//! A repository's `.git/config` can be written by whatever works in that repository. Plain values from it (a name, a key, whether to
//! sign) are honoured as git would; anything that names a *program* or a list of *trusted keys* is read with [`Settings::trusted`],
//! from the system's, the user's and the command line's configuration only.

use super::{error::Result, git::Git};

/// Where a value came from, as git names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The system's or the user's files, or the environment of this very call.
    Trusted,
    /// The repository's or the worktree's file.
    Repository,
}

/// All values, in git's order (later ones win).
#[derive(Clone, Debug, Default)]
pub struct Settings {
    entries: Vec<(Scope, String, String)>,
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// When git cannot read its configuration.
    pub fn read(git: &Git) -> Result<Self> {
        let out = git
            .call(["config", "--list", "--show-scope", "--includes", "-z"])
            .without_overrides()
            .bytes()?;
        Ok(Self::parse(&out))
    }

    fn parse(out: &[u8]) -> Self {
        let mut fields = out.split(|b| *b == 0).map(|f| String::from_utf8_lossy(f).into_owned());
        let mut entries = Vec::new();
        while let (Some(scope), Some(pair)) = (fields.next(), fields.next()) {
            let scope = match scope.as_str() {
                "system" | "global" | "command" => Scope::Trusted,
                _ => Scope::Repository,
            };
            // A key without `=` means true.
            let (key, value) = pair.split_once('\n').unwrap_or((&pair, "true"));
            entries.push((scope, key.to_owned(), value.to_owned()));
        }
        Self { entries }
    }

    /// The value that git would use. Keys are lower case, except the middle part of three.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries
            .iter()
            .rev()
            .find(|(_, k, _)| k == key)
            .map(|(_, _, v)| v.as_str())
    }

    /// The value, from wherever the repository cannot write.
    #[must_use]
    pub fn trusted(&self, key: &str) -> Option<&str> {
        self.entries
            .iter()
            .rev()
            .find(|(s, k, _)| *s == Scope::Trusted && k == key)
            .map(|(_, _, v)| v.as_str())
    }

    /// True when the value that git would use was set by the repository.
    #[must_use]
    pub fn is_of_repository(&self, key: &str) -> bool {
        self.entries
            .iter()
            .rev()
            .find(|(_, k, _)| k == key)
            .is_some_and(|(s, _, _)| *s == Scope::Repository)
    }

    /// All values of a key, in order.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.entries
            .iter()
            .filter(move |(_, k, _)| k == key)
            .map(|(_, _, v)| v.as_str())
    }

    /// The value as git reads a boolean; `None` when it is not set or is none.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(truth)
    }

    /// The same, from wherever the repository cannot write.
    #[must_use]
    pub fn trusted_flag(&self, key: &str) -> Option<bool> {
        self.trusted(key).and_then(truth)
    }

    /// The names in the middle of keys like `hook.NAME.command`.
    pub fn middles<'a>(&'a self, section: &'a str, last: &'a str) -> impl Iterator<Item = &'a str> {
        self.entries.iter().filter_map(move |(_, key, _)| {
            key.strip_prefix(section)?
                .strip_prefix('.')?
                .strip_suffix(last)?
                .strip_suffix('.')
        })
    }
}

fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" | "" => Some(false),
        number => number.parse::<i64>().ok().map(|n| n != 0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn programs_come_from_the_user_only_and_values_as_git_says() {
        let out = b"global\0gpg.program\n/usr/bin/gpg\0global\0commit.gpgsign\ntrue\0local\0gpg.program\n./evil\0local\0commit.gpgsign\nfalse\0local\0core.bare\0local\0hook.x.y.command\nrm\0";
        let settings = Settings::parse(out);
        assert_eq!(settings.trusted("gpg.program"), Some("/usr/bin/gpg"));
        assert_eq!(settings.get("gpg.program"), Some("./evil"));
        assert_eq!(settings.flag("commit.gpgsign"), Some(false));
        assert!(settings.is_of_repository("commit.gpgsign"));
        assert_eq!(settings.trusted_flag("commit.gpgsign"), Some(true));
        assert_eq!(settings.flag("core.bare"), Some(true));
        assert_eq!(settings.middles("hook", "command").collect::<Vec<_>>(), ["x.y"]);
    }
}
