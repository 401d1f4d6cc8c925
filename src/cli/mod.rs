//! The command line: one file a command, arguments to library calls and exit codes. The only module that writes to standard output.
//!
//! Exit codes are a promise: 0 clean or done, 1 findings at or above the threshold or not countersigned, 2 wrong usage or failure.

#![allow(clippy::print_stdout, clippy::print_stderr)] // this module is the one place that speaks to the terminal directly

pub mod args;
mod audit;
mod check;
mod completions;
mod demo;
mod log;
mod output;
mod review;
mod rules;
mod scan;
mod subject;
mod table;

use args::{Args, Command};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Clean, or done: exit code 0.
    Done,
    /// Findings at or above the threshold, or something not countersigned: exit code 1.
    Found,
}

/// Something that stopped a command: a sentence, and what to do about it. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// What happened, and where.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a hint.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Runs the command and says how it ended.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let dir = args.dir.as_deref();
    let result = match args.command {
        Some(Command::Scan(scan)) => scan::run(&scan, dir),
        Some(Command::Check(check)) => check::run(&check, dir),
        Some(Command::Log(log)) => log::run(&log, dir),
        Some(Command::Rules { command }) => rules::run(&command),
        Some(Command::Demo(demo)) => demo::run(&demo),
        None => review::run(&args.review, dir),
        Some(Command::Completions { shell }) => completions::shell(shell),
        Some(Command::Man) => completions::man(),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(2)
        }
    }
}
