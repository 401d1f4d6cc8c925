//! The screen.

pub mod app;
pub mod dialogs;
pub mod glyphs;
pub mod highlight;
pub mod keymap;
pub mod listing;
pub mod panes;
pub mod theme;
pub mod widgets;
