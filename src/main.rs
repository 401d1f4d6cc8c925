//! The binary: parses arguments, calls one function of `cli`.

use clap::Parser;
use countersign::cli;
use mimalloc::MiMalloc;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(cli::args::Args::parse())
}
