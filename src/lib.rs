//! The library of countersign, in the order data flows. Each module knows only the ones before it; `tests/layers.rs`
//! enforces that.
//!
//! ```text
//! git ──> change ──> scan ──> findings ──> review (pure state) ──> record ──> git
//!         origin      │                        ▲      │
//!                   cache                    keys    screen, reports
//! ```
//!
//! - [`text`]: byte spans, lines and columns; untrusted text made visible and harmless
//! - [`config`]: the user's configuration and the base revision's policy, layered, with precise errors
//! - [`change`]: git to [`change::Change`]: sources, capability probe, diff, hunks, limits
//! - [`origin`]: who wrote it: detectors over trailers, identities, notes
//! - [`lang`]: grammars, parsing, and one adapter a language that lowers a tree to facts
//! - [`scan`]: rules, models, engine, taint within and between files, text, verification, fixes, scope; findings
//! - [`review`]: the pure heart: state, actions, effects; queue, decisions, seen, staleness, undo, progress
//! - [`record`]: journal, trailers, message surgery, notes, amending, signing, verification
//! - [`session`]: a review in a real repository: loads, scans, edits, keeps the journal, records
//! - [`report`]: findings and audit trails as text, JSON, JSON lines, SARIF
//! - [`tui`]: the screen: runtime, keymap, theme, panes, widgets
//! - [`cli`]: one file per command: arguments to library calls and exit codes

pub mod change;
pub mod cli;
pub mod config;
pub mod lang;
pub mod origin;
pub mod record;
pub mod report;
pub mod review;
pub mod scan;
pub mod session;
pub mod text;
pub mod tui;
