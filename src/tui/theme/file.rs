//! The form of a theme file, and how one lies over another. Strict: an unknown key is an error.

use super::{Background, Role, Syntax, ThemeError};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A theme file as read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) background: Option<Background>,
    #[serde(default)]
    pub(super) palette: BTreeMap<String, PaletteRow>,
    #[serde(default)]
    pub(super) roles: BTreeMap<Role, Look>,
    #[serde(default)]
    pub(super) syntax: BTreeMap<Syntax, Look>,
}

/// One named colour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaletteRow {
    /// `#rrggbb`.
    pub(super) rgb: String,
    /// One of the 256 colours (0 to 255), or `none`; without it, the nearest.
    pub(super) indexed: Option<Indexed>,
    /// One of the sixteen by name, or `none` for the terminal's own.
    pub(super) ansi: String,
}

/// A number of the 256-colour table, or the word `none`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Indexed {
    Number(u8),
    Word(String),
}

/// One role: palette entries and modifiers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Look {
    pub(super) fg: Option<String>,
    pub(super) bg: Option<String>,
    #[serde(default)]
    pub(super) add: Vec<Mark>,
    #[serde(default)]
    pub(super) plain: Vec<Mark>,
}

/// A modifier by name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mark {
    Bold,
    Dim,
    Italic,
    Underlined,
    Reversed,
}

impl File {
    /// Reads one file.
    pub(super) fn read(text: &str) -> Result<Self, ThemeError> {
        toml::from_str(text).map_err(|error| ThemeError::Form {
            name: first_name(text),
            why: error.to_string(),
        })
    }

    /// Lays `other` over this: what it says wins, row by row.
    pub(super) fn lay(&mut self, other: File) {
        self.name = other.name.or(self.name.take());
        self.background = other.background.or(self.background);
        self.palette.extend(other.palette);
        self.roles.extend(other.roles);
        self.syntax.extend(other.syntax);
    }
}

/// Which built-in theme a user's file lies over.
pub(super) fn background_of(text: &str) -> Result<Background, ThemeError> {
    Ok(File::read(text)?.background.unwrap_or_default())
}

/// The name a broken file seems to claim, for the message about it.
fn first_name(text: &str) -> String {
    text.lines()
        .find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='))
        .map_or_else(|| "file".to_owned(), |value| value.trim().trim_matches('"').to_owned())
}
