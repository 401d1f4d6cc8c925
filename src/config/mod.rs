//! The user's configuration and the base revision's policy.
//!
//! Owns the TOML formats of both, their defaults, and how an error in them is reported: file, line, and the nearest name
//! that would have been right. Must never read a setting from the change under review: policy comes from the **base**
//! revision only, everything else from the user's own folder.

mod toml_error;

pub use toml_error::{TomlError, nearest, parse};
