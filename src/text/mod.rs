//! Places in text (byte spans, lines and columns), and untrusted text made visible and harmless.
//!
//! Owns the units that every later stage speaks in. All offsets are **bytes** into the file as it is on disk; lines are
//! 1-based; columns are 1-based and count **characters** (what an editor shows). Nothing here reads a file.
//!
//! - [`unicode`]: which characters must never be drawn as they are
//! - [`hidden`]: where such characters stand, and whether ordinary writing uses them so
//! - [`lookalike`]: letters that pass for other letters
//! - [`safe`]: any bytes as pieces that can be drawn

pub mod hidden;
mod lines;
pub mod lookalike;
pub mod safe;
mod span;
pub mod unicode;

pub use lines::{LineIndex, Pos};
pub use span::Span;
