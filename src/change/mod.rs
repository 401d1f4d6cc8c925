//! From git to [`Change`]: what is under review, as plain data.
//!
//! Reads repositories through git2; no git2 type leaves this folder. Probes what libgit2 cannot read **before** believing
//! it. Runs nothing: no hook, filter, textconv or external diff. Knows nothing of findings.

mod model;

pub use model::*;
