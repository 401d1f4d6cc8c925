//! Tells cargo that the embedded rules are part of the program: a changed rule file rebuilds it.
#![allow(clippy::print_stdout)] // that is how a build script speaks to cargo

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
