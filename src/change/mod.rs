//! From git to [`Change`]: what is under review, as plain data.
//!
//! Reads repositories through git2; no git2 type leaves this folder. Probes what libgit2 cannot read **before** believing
//! it. Runs nothing: no hook, filter, textconv, fsmonitor or external diff. Knows nothing of findings.
//!
//! ```text
//! Repo::load: probe ─> source ─> deltas ─> contents ─> renames ─> bodies (hunks) ─> attribute
//! ```
//!
//! - `model`: the change as plain data
//! - `repo`: an opened repository
//! - `request`: what is asked for, and the limits
//! - `probe`, `index_file`: kinds of repositories that are refused
//! - `source`: what was asked for, resolved to two sides and the commits between
//! - `deltas`, `paths`, `hidden`: which paths differ, and which git was told not to see
//! - `contents`, `worktree`, `lfs`, `attributes`: what the sides hold
//! - `renames`, `bodies`, `hunks`, `heading`: how they differ
//! - `base`: files that a change does not touch
//! - `commits`, `attribute`: commits and their notes; which of them brought a line

mod attribute;
mod attributes;
mod base;
mod bodies;
mod commits;
mod contents;
mod deltas;
mod edit;
mod error;
mod heading;
mod hidden;
mod hunks;
mod index_file;
mod lfs;
mod load;
mod model;
mod paths;
mod probe;
mod renames;
mod repo;
mod request;
mod source;
#[cfg(test)]
#[path = "../../tests/support/repo.rs"]
mod test_repo;
mod worktree;

pub use base::Base;
pub use edit::EditError;
pub use error::Error;
pub use model::*;
pub use repo::Repo;
pub use request::{Limits, Request};
pub use worktree::{WorkFile, blob_id};
