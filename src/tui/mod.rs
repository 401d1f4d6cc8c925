//! The screen.

pub mod glyphs;
pub mod highlight;
pub mod keymap;
pub mod theme;
pub mod widgets;
