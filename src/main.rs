//! The binary: parses arguments, calls one function of `cli`.

use clap::Parser;
use countersign::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::args::Args::parse())
}
