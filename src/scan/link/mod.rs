//! Following values from one file into another.
//!
//! A file is first analysed by itself. What it hands to functions it does not define, and what its own functions do with what they are
//! given, is its [`Outlook`]. Where the outlooks of a file and of one it imports fit together, the facts of both (and of what the second
//! imports in turn) become those of one [`Program`], and the same engine runs over that: functions of other files are visited only when
//! one of them is called.
//!
//! - [`outlook`]: what a file has to do with others, by names alone
//! - [`modules`]: which files an import may mean; [`choose`]: which of them are worth it
//! - [`names`]: what a file defines for others; [`links`]: what names mean between files; [`program`]: files joined
//! - [`pass`]: all of this for one file

mod choose;
mod links;
mod modules;
mod names;
mod outlook;
mod pass;
mod program;

pub use choose::Files;
pub use links::{Linked, Links, Module, Part};
pub use outlook::Outlook;
pub use pass::{Together, together};
pub use program::Program;
