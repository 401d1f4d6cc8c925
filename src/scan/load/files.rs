//! Where rule files come from: embedded in the program, and folders of the user's. Reads text; understands none of it.

use super::packed::{self, Packed};
use crate::config::{self, TomlError};
use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;
use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Largest rule file of a user, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Most rule files in one folder of a user.
const MAX_FILES: usize = 2_000;
/// Deepest folder below the one named.
const MAX_DEPTH: usize = 8;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// One rule.
    Rule,
    /// Models (below a folder `models`).
    Model,
    /// Data of the program itself: the files at the top of the embedded folder.
    Data,
}

/// A file before it is understood.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// `rules/python/sql.toml` for embedded ones, the path for the user's.
    pub name: String,
    /// Its content.
    pub text: Cow<'static, str>,
    /// The same as the build left it; not for files of users.
    pub packed: Option<&'static Packed>,
    /// What it holds.
    pub role: Role,
    /// True when it is the user's.
    pub user: bool,
}

impl RuleText {
    /// The content as a rule or a model: quickly from its packed form, else from its text.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, TomlError> {
        let packed = self.packed.and_then(|p| serde_json::from_str(p.json).ok());
        match packed {
            Some(value) => Ok(value),
            None => config::parse(&self.name, &self.text),
        }
    }
}

/// The folder that takes the place of the embedded files (see the feature `live-rules` in Cargo.toml).
#[cfg(feature = "live-rules")]
fn live() -> Option<PathBuf> {
    std::env::var_os("COUNTERSIGN_RULES_DIR").map(PathBuf::from)
}

#[cfg(feature = "live-rules")]
fn from_folder(dir: &Path) -> Vec<RuleText> {
    let mut all = of_user(dir).unwrap_or_default();
    for file in &mut all {
        let path = Path::new(&file.name)
            .strip_prefix(dir)
            .unwrap_or(Path::new(""))
            .to_path_buf();
        let top = path.components().count() == 1;
        file.role = if top { Role::Data } else { role(&path) };
        file.name = format!("rules/{}", path.to_string_lossy());
        file.user = false;
    }
    all
}

/// All embedded files, by name.
#[must_use]
pub fn embedded() -> Vec<RuleText> {
    #[cfg(feature = "live-rules")]
    if let Some(dir) = live() {
        return from_folder(&dir);
    }
    let mut found = Vec::new();
    let mut waiting = vec![&EMBEDDED];
    while let Some(dir) = waiting.pop() {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(inner) => waiting.push(inner),
                DirEntry::File(file) => {
                    let path = file.path();
                    if path.extension().is_some_and(|e| e == "toml")
                        && let Some(text) = file.contents_utf8()
                    {
                        let top = path.parent().is_none_or(|p| p.as_os_str().is_empty());
                        let name = format!("rules/{}", path.to_string_lossy().replace('\\', "/"));
                        found.push(RuleText {
                            packed: packed::of(&name),
                            name,
                            text: Cow::Borrowed(text),
                            role: if top { Role::Data } else { role(path) },
                            user: false,
                        });
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// One embedded file at the top of the folder (`categories.toml`); empty when there is none of that name.
#[must_use]
pub fn embedded_data(name: &str) -> &'static str {
    #[cfg(feature = "live-rules")]
    if let Some(text) = live().and_then(|dir| fs::read_to_string(dir.join(name)).ok()) {
        return text.leak();
    }
    EMBEDDED
        .get_file(name)
        .and_then(|f| f.contents_utf8())
        .unwrap_or_default()
}

/// Everything that ends in `.toml` below `dir`, by name.
///
/// # Errors
/// What cannot be read, is not text, or is over a limit.
pub fn of_user(dir: &Path) -> Result<Vec<RuleText>, TomlError> {
    let failed = |path: &Path, why: String| TomlError {
        file: path.to_string_lossy().into_owned(),
        at: None,
        message: why,
        hint: None,
    };
    let mut found = Vec::new();
    let mut waiting = vec![(dir.to_path_buf(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| failed(&folder, format!("cannot be read: {e}")))?;
        for entry in entries {
            let path: PathBuf = entry
                .map_err(|e| failed(&folder, format!("cannot be read: {e}")))?
                .path();
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    waiting.push((path, depth + 1));
                }
                continue;
            }
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            if found.len() >= MAX_FILES {
                return Err(failed(dir, format!("holds more than {MAX_FILES} rule files")));
            }
            let size = fs::metadata(&path).map_or(0, |m| m.len());
            if size > MAX_BYTES {
                return Err(failed(&path, format!("is larger than {MAX_BYTES} bytes")));
            }
            let text = fs::read_to_string(&path).map_err(|e| failed(&path, format!("cannot be read: {e}")))?;
            found.push(RuleText {
                name: path.to_string_lossy().into_owned(),
                text: Cow::Owned(text),
                packed: None,
                role: role(path.strip_prefix(dir).unwrap_or(&path)),
                user: true,
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn role(path: &Path) -> Role {
    let models = path.components().any(|c| c.as_os_str() == "models");
    if models { Role::Model } else { Role::Rule }
}
