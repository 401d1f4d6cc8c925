//! The binary: parses arguments, calls one function of the library.

fn main() {}
