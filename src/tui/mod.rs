//! The screen.

pub mod app;
pub mod dialogs;
pub mod glyphs;
pub mod highlight;
pub mod keymap;
pub mod listing;
pub mod panes;
pub mod shots;
pub mod theme;
pub mod widgets;
