//! Where the user's files lie, and reading them.

use super::{Config, TomlError, parse};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Why the user's configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file is there and cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file says something that is not understood.
    #[error(transparent)]
    Toml(#[from] TomlError),
}

/// The user's configuration folder: `config.toml`, `keymap.toml`, themes, rules.
#[derive(Clone, Debug)]
pub struct UserFiles {
    folder: Option<PathBuf>,
}

impl UserFiles {
    /// The folder where this system keeps configuration: on Linux `$XDG_CONFIG_HOME/countersign` or `~/.config/countersign`.
    /// Without a home folder there is none, and everything has its default.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            folder: directories::ProjectDirs::from("", "", "countersign").map(|dirs| dirs.config_dir().to_path_buf()),
        }
    }

    /// A folder of the caller's choice.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
        }
    }

    /// The folder, whether it exists or not.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The settings; the defaults when there is no file. Relative folders in it are made absolute.
    ///
    /// # Errors
    /// The file cannot be read, or says something that is not understood.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let Some((name, text)) = self.text("config.toml")? else {
            return Ok(Config::default());
        };
        let mut config: Config = parse(&name, &text)?;
        for rules in &mut config.scan.rules {
            *rules = self.path_of(rules);
        }
        Ok(config)
    }

    /// Path and text of a file of the folder; `None` when there is no such file.
    ///
    /// # Errors
    /// It is there and cannot be read, or is not UTF-8.
    pub fn text(&self, name: impl AsRef<Path>) -> Result<Option<(String, String)>, ConfigError> {
        let path = self.path_of(name.as_ref());
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some((path.display().to_string(), text))),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(source) => Err(ConfigError::Io { path, source }),
        }
    }

    /// A path in the configuration, which is relative to the folder; `~/` is the home folder.
    fn path_of(&self, path: &Path) -> PathBuf {
        if let Ok(rest) = path.strip_prefix("~")
            && let Some(home) = directories::BaseDirs::new()
        {
            return home.home_dir().join(rest);
        }
        self.folder.as_deref().unwrap_or(Path::new("")).join(path)
    }
}
