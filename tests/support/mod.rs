//! Fixtures that several test programs share. A test program includes this folder with `mod support;`.

pub mod repo;
pub mod traps;
