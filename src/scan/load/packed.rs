//! The embedded rules as the build left them (`build.rs`): read from TOML once, when the program was built, and kept as JSON without what only people
//! read (examples and near misses), so that a scan understands the files of its languages in a millisecond.
//!
//! Whoever shows, lists or tests rules reads the TOML itself.

/// One packed file.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    /// `rules/python/sql-injection.toml`.
    pub name: &'static str,
    /// Its id; empty for models.
    pub id: &'static str,
    /// The languages it names.
    pub languages: &'static [&'static str],
    /// The content as JSON.
    pub json: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/packed_rules.rs"));

/// The packed form of an embedded file.
#[must_use]
pub fn of(name: &str) -> Option<&'static Packed> {
    let at = PACKED.binary_search_by(|p| p.name.cmp(name)).ok()?;
    PACKED.get(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::{
        config,
        scan::{
            load::files::{self, Role},
            model::ModelFile,
            rule::RuleFile,
        },
    };

    #[test]
    fn every_embedded_rule_and_model_is_packed_and_says_the_same() {
        let files: Vec<_> = files::embedded().into_iter().filter(|f| f.role != Role::Data).collect();
        assert_eq!(files.len(), PACKED.len());
        for file in files {
            let packed = of(&file.name).unwrap_or_else(|| panic!("{} is not packed", file.name));
            assert!(!packed.languages.is_empty(), "{}", file.name);
            match file.role {
                Role::Rule => {
                    let mut written: RuleFile = config::parse(&file.name, &file.text).unwrap();
                    (written.example, written.near) = (Vec::new(), Vec::new());
                    let packed: RuleFile = serde_json::from_str(packed.json).unwrap();
                    assert_eq!(format!("{written:?}"), format!("{packed:?}"));
                }
                _ => {
                    let written: ModelFile = config::parse(&file.name, &file.text).unwrap();
                    let packed: ModelFile = serde_json::from_str(packed.json).unwrap();
                    assert_eq!(format!("{written:?}"), format!("{packed:?}"));
                }
            }
        }
        assert_eq!(DIGEST.len(), 64);
    }
}
