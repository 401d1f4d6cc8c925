//! Pictures of screens: any grid of cells as an SVG file.
//!
//! The README's pictures and the tests that guard them come from here. A picture is the same byte for byte wherever it is made: no
//! fonts are measured, lines and blocks are drawn as shapes, and every run of text has its own place.

mod grid;
mod svg;

pub use grid::{Cell, Grid};
pub use svg::{Frame, svg};
