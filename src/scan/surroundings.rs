//! What a file is for, by its path: test, example, documentation, translation, other people's code, generated. The knowledge is
//! `rules/surroundings.toml`. Paths lower severity at most; they never hide a finding, and content is never asked (the change
//! could write it).

use super::load;
use crate::config;
use serde::Deserialize;
use std::sync::OnceLock;

/// What a file is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Tests, fixtures, mocks.
    pub test: bool,
    /// Examples, samples, templates of configuration.
    pub example: bool,
    /// Documentation.
    pub docs: bool,
    /// Texts of the interface in some language.
    pub translation: bool,
    /// Other people's code, copied in.
    pub vendored: bool,
    /// Written by a program.
    pub generated: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    place: Vec<Place>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    name: Name,
    folders: Vec<String>,
    files: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Test,
    Example,
    Docs,
    Translation,
    Vendored,
    Generated,
}

fn places() -> &'static Places {
    static LOADED: OnceLock<Places> = OnceLock::new();
    // A mistake in the embedded file is caught by this module's test.
    LOADED.get_or_init(|| parse().unwrap_or_default())
}

fn parse() -> Result<Places, config::TomlError> {
    config::parse("rules/surroundings.toml", load::embedded_data("surroundings.toml"))
}

impl Surroundings {
    /// By the path (relative to the repository).
    #[must_use]
    pub fn of(path: &[u8]) -> Surroundings {
        let path = String::from_utf8_lossy(path).to_lowercase();
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let mut found = Surroundings::default();
        for place in &places().place {
            let in_folder = folders.split('/').any(|f| place.folders.iter().any(|p| p == f));
            if in_folder || place.files.iter().any(|p| fits(p, file)) {
                match place.name {
                    Name::Test => found.test = true,
                    Name::Example => found.example = true,
                    Name::Docs => found.docs = true,
                    Name::Translation => found.translation = true,
                    Name::Vendored => found.vendored = true,
                    Name::Generated => found.generated = true,
                }
            }
        }
        found
    }

    /// True for code that is not what runs for users: tests, examples, documentation.
    #[must_use]
    pub fn aside(self) -> bool {
        self.test || self.example || self.docs
    }
}

/// Whether `name` fits `pattern`, in which `*` stands for any run of characters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(i) => rest = &rest[i + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_tell() {
        parse().unwrap();
        let of = |p: &str| Surroundings::of(p.as_bytes());
        assert!(
            of("src/tests/a.py").test && of("pkg/x_test.go").test && of("a/b.spec.ts").test && of("Tests/X.cs").test
        );
        assert!(!of("src/latest/contest.py").test && !of("attestation.py").test);
        assert!(of(".env.example").example && of("docs/x.py").docs && of("README.md").docs);
        assert!(of("app/locales/de.json").translation && of("node_modules/x/i.js").vendored);
        assert_eq!(of("src/app.py"), Surroundings::default());
    }
}
