//! The screen.

pub mod glyphs;
pub mod highlight;
pub mod keymap;
pub mod listing;
pub mod theme;
pub mod widgets;
