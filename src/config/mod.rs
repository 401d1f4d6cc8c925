//! The user's configuration and the base revision's policy.
//!
//! Owns the TOML formats of both, their defaults, the words they use (severities, tiers, profiles), and how an error in them is
//! reported: file, line, and the nearest name that would have been right. Must never read a setting from the change under
//! review: policy comes from the **base** revision only, everything else from the user's own folder.
//!
//! - `user`, `files`: the user's settings, and where they lie
//! - `policy`: what a repository asks of its reviews
//! - `severity`, `profile`: words that settings and later stages share
//! - `toml_error`: TOML read strictly, for every module that reads TOML

mod files;
mod policy;
mod profile;
mod severity;
#[cfg(test)]
mod tests;
mod toml_error;
mod user;

pub use files::{ConfigError, UserFiles};
pub use policy::{POLICY_FILE, Policy};
pub use profile::Profile;
pub use severity::{Severity, Tier};
pub use toml_error::{TomlError, nearest, parse};
pub use user::{Config, FileBytes, Record, Review, Scan, Screen};
