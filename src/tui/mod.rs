//! The screen.

pub mod highlight;
pub mod theme;
