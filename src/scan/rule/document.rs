//! `[[document]]`: what a rule looks for in files of configuration, infrastructure and CI.

use crate::scan::{Confidence, Severity, Tier};
use serde::Deserialize;

/// Entries of a document: a file of JSON, YAML, TOML, INI, properties, XML, HCL or a Dockerfile, read into maps and lists (see
/// `lang/document/` for what each format becomes).
///
/// `key` says where: segments separated by dots, from the root. A segment is a key (`spec`, or `"a.b"` in quotes), `{a,b}` one of several
/// keys, `*` any key, `/regex/` keys that match (`\/` is a slash in it), `~key` a key without regard to case, `-` and `_`; `[]` an element of a list (or the value
/// itself where it is no list); `**` any number of levels. A key written with dots (`server.port: 1`) is matched like the levels it means.
///
/// Each entry found must pass all the tests of its value. With `absent`, a place where the entry should be and is not is found as well;
/// ` > ` in the path then parts what must be there from what may be absent (the last segment when there is none), and the finding stands
/// where the former is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentMatcher {
    /// Labels fix specs may ask for.
    #[serde(default)]
    pub id: Option<String>,
    /// The sentence; `{path}`, `{value}`, `{name}` (the key above the entry: a resource's own name) are put in.
    pub message: String,
    /// Overrides the rule's title.
    #[serde(default)]
    pub title: Option<String>,
    /// Overrides the rule's severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// How sure a match is before verification. Default medium.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Overrides the rule's tier.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Overrides the rule's CWE numbers.
    #[serde(default)]
    pub cwe: Option<Vec<u32>>,
    /// Where: one of these paths.
    pub key: Vec<String>,
    /// Also where the entry is absent; without other tests, only there.
    #[serde(default)]
    pub absent: bool,
    /// See [`ValueTest::equals`].
    #[serde(default)]
    pub equals: Option<Vec<toml::Value>>,
    /// See [`ValueTest::not_equals`].
    #[serde(default)]
    pub not_equals: Option<Vec<toml::Value>>,
    /// See [`ValueTest::matches`]. The place is the match, or its group `v`.
    #[serde(default)]
    pub matches: Option<String>,
    /// See [`ValueTest::not_matches`].
    #[serde(default)]
    pub not_matches: Option<String>,
    /// See [`ValueTest::below`].
    #[serde(default)]
    pub below: Option<f64>,
    /// See [`ValueTest::above`].
    #[serde(default)]
    pub above: Option<f64>,
    /// Only the last entry with this key in its map.
    #[serde(default)]
    pub last: bool,
    /// All of these hold, seen from the map that the entry stands in (for an absent one: that it should stand in).
    #[serde(default)]
    pub with: Vec<DocumentCondition>,
    /// None of these holds, seen from there.
    #[serde(default)]
    pub without: Vec<DocumentCondition>,
    /// All of these hold, seen from the root: which documents are meant.
    #[serde(default, rename = "where")]
    pub of: Vec<DocumentCondition>,
    /// The file's path matches this regex.
    #[serde(default)]
    pub path: Option<String>,
    /// The file's path does not match this regex.
    #[serde(default)]
    pub not_path: Option<String>,
}

/// Something else that a document says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentCondition {
    /// Where: one of these paths; `^` goes one level up first (lists are no levels).
    pub key: Vec<String>,
    /// Holds also when there is no such entry; without other tests, only then.
    #[serde(default)]
    pub absent: bool,
    /// See [`ValueTest::equals`].
    #[serde(default)]
    pub equals: Option<Vec<toml::Value>>,
    /// See [`ValueTest::not_equals`].
    #[serde(default)]
    pub not_equals: Option<Vec<toml::Value>>,
    /// See [`ValueTest::matches`].
    #[serde(default)]
    pub matches: Option<String>,
    /// See [`ValueTest::not_matches`].
    #[serde(default)]
    pub not_matches: Option<String>,
    /// See [`ValueTest::below`].
    #[serde(default)]
    pub below: Option<f64>,
    /// See [`ValueTest::above`].
    #[serde(default)]
    pub above: Option<f64>,
}

/// Tests of a value; all must hold. A value that is computed (a reference, a template) can only pass `matches`, which then sees its source.
#[derive(Clone, Debug, Default)]
pub struct ValueTest {
    /// It is one of these. Truth values fit the words of formats without types too (`true`, `yes`, `on`, in any case), numbers fit text;
    /// an empty list or map fits `[]`.
    pub equals: Option<Vec<toml::Value>>,
    /// It is none of these.
    pub not_equals: Option<Vec<toml::Value>>,
    /// Its text matches this regex.
    pub matches: Option<String>,
    /// Its text does not match this regex.
    pub not_matches: Option<String>,
    /// It is a number less than this.
    pub below: Option<f64>,
    /// It is a number greater than this.
    pub above: Option<f64>,
}

impl DocumentMatcher {
    /// The tests of the value.
    #[must_use]
    pub fn test(&self) -> ValueTest {
        ValueTest {
            equals: self.equals.clone(),
            not_equals: self.not_equals.clone(),
            matches: self.matches.clone(),
            not_matches: self.not_matches.clone(),
            below: self.below,
            above: self.above,
        }
    }
}

impl DocumentCondition {
    /// The tests of the value.
    #[must_use]
    pub fn test(&self) -> ValueTest {
        ValueTest {
            equals: self.equals.clone(),
            not_equals: self.not_equals.clone(),
            matches: self.matches.clone(),
            not_matches: self.not_matches.clone(),
            below: self.below,
            above: self.above,
        }
    }
}
