//! Rules and models as the scanner uses them: embedded files and those of the user, parsed when a language needs them.
//!
//! A [`RuleSet`] is the whole of detection knowledge. User files add to the embedded ones; an id that exists twice is an error that
//! names both files, never a silent replacement. User files are read and checked in full at once; embedded ones (whose
//! checks are tests) are parsed when a file of their language is scanned. Rules come from the user's configuration or from the
//! base revision, never from the change under review: whoever calls [`RuleSet::load`] sees to that.

mod categories;
mod check;
mod files;
mod locate;
mod packed;
mod peek;

pub use categories::Categories;
pub use check::{Checked, LEAST_EXAMPLES};
pub use files::embedded_data;

use super::{
    compile::{CompileError, Compiled, Regexes},
    kind::FileKinds,
    model::ModelFile,
    rule::RuleFile,
    text_pass::TextIndex,
};
use crate::{
    config::{self, TomlError},
    lang::Lang,
};
use files::{Role, RuleText};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

/// Changes whenever the engine finds other things with the same rules: part of every cache key.
pub const ENGINE_VERSION: u32 = 1;

/// Mistakes in rule files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LoadErrors(pub Vec<TomlError>);

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{error}")?;
        }
        Ok(())
    }
}

/// A rule and where it was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// `rules/python/sql.toml`, or the user's path.
    pub name: Arc<str>,
    /// The file as written.
    pub text: Arc<str>,
    /// The rule.
    pub rule: Arc<RuleFile>,
}

/// The rules that concern the files of one language or kind, or any file.
pub struct Shelf {
    /// The rules, sorted by file name.
    pub rules: Vec<Arc<RuleFile>>,
    /// Taint and shapes; `None` where there is no adapter.
    pub compiled: Option<Compiled>,
    /// Regexes, secrets and detectors.
    pub text: TextIndex,
    /// Embedded files that could not be used (a defect of this program, reported in every scan).
    pub errors: Vec<TomlError>,
}

/// All rules and models.
pub struct RuleSet {
    files: Vec<RuleText>,
    hash: String,
    /// One for each language and each kind of file, by name, and `*` for rules about any file.
    shelves: HashMap<&'static str, OnceLock<Shelf>>,
}

/// The shelf of rules about any file.
const ANY: &str = "*";

impl RuleSet {
    /// The embedded rules alone.
    #[must_use]
    pub fn builtin() -> RuleSet {
        Self::new(files::embedded())
    }

    /// The embedded rules and those of the user's folders.
    ///
    /// # Errors
    /// Every mistake in the user's files: syntax, unknown keys, what a rule must have, ids that exist already.
    pub fn load(user: &[PathBuf]) -> Result<RuleSet, LoadErrors> {
        let mut all = files::embedded();
        let mut errors = Vec::new();
        for dir in user {
            match files::of_user(dir) {
                Ok(found) => all.extend(found),
                Err(error) => errors.push(error),
            }
        }
        errors.extend(user_errors(&all));
        if errors.is_empty() {
            Ok(Self::new(all))
        } else {
            Err(LoadErrors(errors))
        }
    }

    /// Only these files, by name and text, for tests of other modules.
    #[cfg(test)]
    pub fn of_texts(texts: &[(&str, &str)]) -> RuleSet {
        let file = |(name, text): &(&str, &str)| RuleText {
            name: (*name).to_owned(),
            text: text.to_string().into(),
            packed: None,
            role: if name.contains("models/") {
                Role::Model
            } else {
                Role::Rule
            },
            user: true,
        };
        Self::new(texts.iter().map(file).collect())
    }

    fn new(files: Vec<RuleText>) -> RuleSet {
        let mut digest = Sha256::new();
        digest.update(ENGINE_VERSION.to_le_bytes());
        let embedded = files.iter().any(|f| f.packed.is_some());
        if embedded {
            digest.update(packed::DIGEST);
        }
        // Embedded files are in that digest already.
        for file in files.iter().filter(|f| f.user || !embedded) {
            digest.update(file.name.len().to_le_bytes());
            digest.update(&file.name);
            digest.update(file.text.len().to_le_bytes());
            digest.update(file.text.as_bytes());
        }
        let hash = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
        let names = Lang::ALL.into_iter().map(Lang::name);
        let names = names.chain(FileKinds::get().names()).chain([ANY]);
        RuleSet {
            files,
            hash,
            shelves: names.map(|n| (n, OnceLock::new())).collect(),
        }
    }

    /// SHA-256 over the engine's version and every rule file, in hex: equal hashes find equal things.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// A rule by its id, on any shelf that is filled already (as it is when the rule has a finding).
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Arc<RuleFile>> {
        self.filled().flat_map(|s| &s.rules).find(|r| r.id == id)
    }

    /// The shelves that were needed so far.
    pub fn filled(&self) -> impl Iterator<Item = &Shelf> {
        self.shelves.values().filter_map(OnceLock::get)
    }

    /// The rules that name `lang`.
    #[must_use]
    pub fn of_lang(&self, lang: Lang) -> Option<&Shelf> {
        self.shelf(lang.name())
    }

    /// The rules that name a kind of file without an adapter (`rules/kinds.toml`).
    #[must_use]
    pub fn of_kind(&self, kind: &str) -> Option<&Shelf> {
        (!is_lang(kind)).then(|| self.shelf(kind)).flatten()
    }

    /// The rules about any file.
    #[must_use]
    pub fn of_any(&self) -> Option<&Shelf> {
        self.shelf(ANY)
    }

    fn shelf(&self, name: &str) -> Option<&Shelf> {
        let (key, cell) = self.shelves.get_key_value(name)?;
        Some(cell.get_or_init(|| self.fill(key)))
    }

    fn fill(&self, name: &str) -> Shelf {
        let mut rules = Vec::new();
        let mut rule_files = Vec::new();
        let mut models = Vec::new();
        let mut model_files = Vec::new();
        let mut errors = Vec::new();
        for file in self.files.iter().filter(|f| concerns(f, name)) {
            let result = match file.role {
                Role::Rule => file.parse::<RuleFile>().map(|rule| {
                    if on_shelf(&rule.languages, name) {
                        rules.push(Arc::new(rule));
                        rule_files.push(file);
                    }
                }),
                Role::Model => file.parse::<ModelFile>().map(|model| {
                    if on_shelf(&model.languages, name) {
                        models.push(Arc::new(model));
                        model_files.push(file);
                    }
                }),
                Role::Data => Ok(()),
            };
            errors.extend(result.err());
        }
        let compiled = is_lang(name).then(|| Compiled::for_languages(&[name], &rules, &models, Regexes::Lazy));
        let compiled = match compiled {
            Some(Err(found)) => {
                errors.extend(found.iter().map(|e| placed(e, &rule_files, &model_files)));
                None
            }
            Some(Ok(compiled)) => Some(compiled),
            None => None,
        };
        let text = TextIndex::new(&rules, compiled.as_ref());
        Shelf {
            rules,
            compiled,
            text,
            errors,
        }
    }

    /// Every rule with its file, for listing and testing.
    ///
    /// # Errors
    /// Every mistake in any file.
    pub fn all(&self) -> Result<Vec<Loaded>, LoadErrors> {
        let mut loaded = Vec::new();
        let mut errors = Vec::new();
        for file in self.files.iter().filter(|f| f.role == Role::Rule) {
            match config::parse::<RuleFile>(&file.name, &file.text) {
                Ok(rule) => loaded.push(Loaded {
                    name: file.name.as_str().into(),
                    text: (*file.text).into(),
                    rule: Arc::new(rule),
                }),
                Err(error) => errors.push(error),
            }
        }
        errors.extend(duplicate_ids(
            loaded.iter().map(|l| (&*l.name, &*l.text, l.rule.id.as_str(), true)),
        ));
        for one in &loaded {
            errors.extend(one.checked().errors());
        }
        errors.extend(compile_errors(&self.files, |_| true));
        if errors.is_empty() {
            Ok(loaded)
        } else {
            Err(LoadErrors(errors))
        }
    }
}

impl Loaded {
    /// For [`Checked::errors`] and [`Checked::gaps`].
    #[must_use]
    pub fn checked(&self) -> Checked<'_> {
        Checked {
            name: &self.name,
            text: &self.text,
            rule: &self.rule,
        }
    }
}

/// Whether a file may hold something for the shelf `name`, from its first lines.
fn concerns(file: &RuleText, name: &str) -> bool {
    if let Some(packed) = file.packed {
        return on_shelf(packed.languages, name);
    }
    peek::languages(&file.text).is_none_or(|languages| on_shelf(&languages, name))
}

/// Rules are on the shelves of the languages and kinds they name.
fn on_shelf(languages: &[impl AsRef<str>], shelf: &str) -> bool {
    languages.iter().any(|language| language.as_ref() == shelf)
}

/// True for languages with an adapter.
fn is_lang(name: &str) -> bool {
    Lang::ALL.iter().any(|l| l.name() == name)
}

/// Everything wrong with the files of users.
fn user_errors(all: &[RuleText]) -> Vec<TomlError> {
    let mut errors = Vec::new();
    let mut ids = Vec::new();
    for file in all.iter().filter(|f| f.role == Role::Rule) {
        if !file.user {
            // Found by this module's tests if it were not there.
            let known = file.packed.map(|p| p.id);
            let id = known.or_else(|| peek::id(&file.text)).unwrap_or_default();
            ids.push((file.name.as_str(), &*file.text, id.to_owned(), false));
            continue;
        }
        match config::parse::<RuleFile>(&file.name, &file.text) {
            Ok(rule) => {
                let checked = Checked {
                    name: &file.name,
                    text: &file.text,
                    rule: &rule,
                };
                errors.extend(checked.errors());
                ids.push((file.name.as_str(), &*file.text, rule.id, true));
            }
            Err(error) => errors.push(error),
        }
    }
    errors.extend(duplicate_ids(
        ids.iter().map(|(n, t, id, user)| (*n, *t, id.as_str(), *user)),
    ));
    if errors.is_empty() {
        errors.extend(compile_errors(all, |f| f.user));
    }
    errors
}

/// Ids that an earlier file has already; only files marked `true` are to blame.
fn duplicate_ids<'a>(files: impl Iterator<Item = (&'a str, &'a str, &'a str, bool)>) -> Vec<TomlError> {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut errors = Vec::new();
    for (name, text, id, blame) in files.filter(|f| !f.2.is_empty()) {
        match seen.get(id) {
            Some(first) if blame => {
                let why = format!("the id `{id}` is taken by {first}; rules add to each other, none replaces another");
                errors.push(TomlError::new(name, text, locate::span(text, "", 0, "id"), why));
            }
            Some(_) => {}
            None => {
                seen.insert(id, name);
            }
        }
    }
    errors
}

/// What compiling the files that `wanted` picks shows to be wrong, regexes included.
fn compile_errors(all: &[RuleText], wanted: impl Fn(&RuleText) -> bool) -> Vec<TomlError> {
    let mut errors = Vec::new();
    let (mut rules, mut rule_files, mut models, mut model_files) = (vec![], vec![], vec![], vec![]);
    for file in all.iter().filter(|f| wanted(f)) {
        match file.role {
            Role::Rule => {
                if let Ok(rule) = config::parse::<RuleFile>(&file.name, &file.text) {
                    rules.push(Arc::new(rule));
                    rule_files.push(file);
                }
            }
            Role::Model => match config::parse::<ModelFile>(&file.name, &file.text) {
                Ok(model) => {
                    models.push(Arc::new(model));
                    model_files.push(file);
                }
                Err(error) => errors.push(error),
            },
            Role::Data => {}
        }
    }
    if let Err(found) = Compiled::new(&rules, &models, Regexes::Checked) {
        errors.extend(found.iter().map(|e| placed(e, &rule_files, &model_files)));
    }
    errors
}

/// A mistake that compiling found, with its line.
fn placed(error: &CompileError, rules: &[&RuleText], models: &[&RuleText]) -> TomlError {
    let files = if error.model { models } else { rules };
    match files.get(error.file) {
        Some(file) => {
            let span = locate::span(&file.text, error.table, error.entry, error.key);
            TomlError::new(
                &file.name,
                &file.text,
                span,
                format!("{}: {}", error.key, error.problem),
            )
        }
        None => TomlError {
            file: String::new(),
            at: None,
            message: error.to_string(),
            hint: None,
        },
    }
}

#[cfg(test)]
mod tests;
