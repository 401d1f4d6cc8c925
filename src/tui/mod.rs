//! The screen: the review in a terminal.
//!
//! Three panes (what there is, what it looks like, why it matters), a header, a footer, dialogs. Keys become commands through a
//! table, commands become actions of the pure review, its effects are performed through the session; then one frame is drawn.
//!
//! - [`app`]: the screen's state between frames; takes keys, gives requests; knows no terminal
//! - [`runtime`]: the terminal, threads and the session; the only part that does things
//! - [`keymap`], [`theme`], [`glyphs`]: keys, looks and signs, as data
//! - [`panes`], [`dialogs`]: one file each
//! - [`listing`], [`highlight`]: the rows of the code pane; tokens and differing words, made on a worker
//! - [`widgets`]: what panes are drawn from; the only way for outside text into a buffer
//! - [`shots`]: any screen as an SVG picture

pub mod app;
pub mod dialogs;
pub mod glyphs;
pub mod highlight;
pub mod keymap;
pub mod listing;
pub mod panes;
pub mod runtime;
pub mod shots;
pub mod theme;
pub mod widgets;

pub use runtime::{Left, Opening, ScreenError, ThemeChoice, run};
