//! Access paths: what a value *is*, named from where it was imported, built or declared.
//!
//! - [`pattern`] takes the notation of models and rules apart;
//! - [`automaton`] joins all patterns of one language into one automaton, so that asking which of a thousand patterns fit a path costs
//!   one step for each part of the path;
//! - [`arena`] holds the paths that occur in one file, each with the automaton states it has reached.

pub mod arena;
pub mod automaton;
pub mod pattern;
