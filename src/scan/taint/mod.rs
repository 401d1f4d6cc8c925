//! Following values through a file: abstract evaluation of every function, and where outside values end up.
//!
//! - [`scope`]: which variable a name means; [`order`]: in which order functions are visited
//! - [`file`]: what is known of the file between visits
//! - [`visit`]: one visit of one function, block by block; [`params`]: what its parameters are; [`env`]: the state between statements
//! - [`eval`]: expressions; [`read`]: names, members, elements; [`build`]: texts and literals; [`assign`]: assignments and changes in
//!   place; [`calls`]: calls; [`guards`]: tests; [`place`]: what an expression names
//! - [`constants`]: operators on constants; [`native`]: operators of C and C++
//! - [`linked`]: what other files give that are analysed with this one
//! - [`summary`]: what a function does, seen from its callers
//! - [`resolve`]: from values at sinks, through callers, to sources
//! - [`trace`]: the way a value takes; [`sentence`]: that way in words

mod assign;
mod build;
mod calls;
mod constants;
mod env;
mod eval;
pub mod file;
mod guards;
mod linked;
mod names;
mod native;
mod order;
mod params;
mod place;
mod read;
pub mod resolve;
pub mod scope;
pub mod sentence;
pub mod summary;
pub mod trace;
pub mod visit;

pub(in crate::scan) use calls::{Call, equals, of_value_or_element};

#[cfg(test)]
mod tests;
