//! Places in text: byte spans, lines and columns.
//!
//! Owns the units that every later stage speaks in. All offsets are **bytes** into the file as it is on disk; lines are
//! 1-based; columns are 1-based and count **characters** (what an editor shows). Nothing here reads a file.

mod lines;
mod span;

pub use lines::{LineIndex, Pos};
pub use span::Span;
