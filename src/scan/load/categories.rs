//! The catalogue of categories and the names of CWEs, from `rules/categories.toml`.

use super::files;
use crate::config;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::OnceLock};

/// Categories by group, and CWE names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Categories {
    vulnerable_code: BTreeMap<String, String>,
    agent_specific: BTreeMap<String, String>,
    supply_chain: BTreeMap<String, String>,
    inconsistency: BTreeMap<String, String>,
    cwe: BTreeMap<String, String>,
}

impl Categories {
    /// The embedded catalogue.
    #[must_use]
    pub fn get() -> &'static Categories {
        static LOADED: OnceLock<Categories> = OnceLock::new();
        // A mistake in the embedded file is caught by this module's test; at run time names fall back to the keys.
        LOADED.get_or_init(|| Self::parse().unwrap_or_default())
    }

    fn parse() -> Result<Categories, config::TomlError> {
        config::parse("rules/categories.toml", files::embedded_data("categories.toml"))
    }

    /// The title of a category; `None` when the catalogue has no such category.
    #[must_use]
    pub fn title(&self, category: &str) -> Option<&str> {
        self.groups()
            .find_map(|(_, group)| group.get(category))
            .map(String::as_str)
    }

    /// Every category with its group and title, by group.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str, &str)> {
        self.groups()
            .flat_map(|(name, group)| group.iter().map(move |(c, t)| (name, c.as_str(), t.as_str())))
    }

    /// The name of a CWE.
    #[must_use]
    pub fn cwe(&self, number: u32) -> Option<&str> {
        self.cwe.get(&number.to_string()).map(String::as_str)
    }

    fn groups(&self) -> impl Iterator<Item = (&'static str, &BTreeMap<String, String>)> {
        [
            ("vulnerable-code", &self.vulnerable_code),
            ("agent-specific", &self.agent_specific),
            ("supply-chain", &self.supply_chain),
            ("inconsistency", &self.inconsistency),
        ]
        .into_iter()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_embedded_catalogue_is_read() {
        let all = Categories::parse().unwrap();
        assert_eq!(all.title("sql-injection"), Some("SQL injection"));
        assert_eq!(all.title("nonsense"), None);
        assert_eq!(all.cwe(89), Some("SQL Injection"));
        assert!(all.iter().count() > 50);
    }
}
