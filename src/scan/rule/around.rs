//! What a shape's surroundings must hold or lack, and the test of a whole class.

use super::{ArgTest, AssignTest};
use serde::Deserialize;

/// Something that occurs beside a shape: a call of one of these access paths, or a value given to a name. Exactly one of both.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Occurrence {
    /// A call of one of these access paths.
    #[serde(default)]
    pub call: Option<Vec<String>>,
    /// Conditions on the call's arguments; all must hold.
    #[serde(default)]
    pub args: Vec<ArgTest>,
    /// A value given to a name.
    #[serde(default)]
    pub assign: Option<AssignTest>,
}

/// Where occurrences are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Around {
    /// The same named function, with the lambdas in it; at top level: what is written there.
    #[default]
    Function,
    /// The same named function, and those of the file that it calls or that call it: what one makes, another may set up. For what stands in
    /// no method (a field, a constructor), any function of the same class.
    Near,
    /// Any function of the same class; the file when there is no class.
    Class,
    /// The file.
    File,
}

/// A class.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClassTest {
    /// Its name matches this regex.
    #[serde(default)]
    pub name: Option<String>,
    /// It extends or implements one of these access paths.
    #[serde(default)]
    pub bases: Option<Vec<String>>,
    /// It carries one of these decorators.
    #[serde(default)]
    pub decorated: Option<Vec<String>>,
    /// It does not carry any of these.
    #[serde(default)]
    pub undecorated: Option<Vec<String>>,
    /// It has a method of one of these names.
    #[serde(default)]
    pub has_method: Vec<String>,
    /// It has no method of any of these names.
    #[serde(default)]
    pub lacks_method: Vec<String>,
}
