//! The arguments, in one place: `--help`, completions and the man page come from here.

use crate::scan::Severity;
use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::PathBuf;

/// Review, fix and countersign what an AI agent wrote.
///
/// Without a command, opens the review screen: every finding on the changed lines with its evidence and a checked fix, one key
/// for each decision. Nothing under review is ever executed; nothing is changed without a key.
#[derive(Clone, Debug, Parser)]
#[command(name = "countersign", version, max_term_width = 100)]
#[command(after_help = "\
Examples:
  countersign                    review uncommitted work
  countersign HEAD               review the last commit
  countersign main..             review what this branch adds
  countersign scan --fail-on high    the same scan without the screen, for scripts
  countersign check main..       is every AI commit countersigned?
  countersign demo               try it on a throw-away repository

Exit codes: 0 clean or done, 1 findings or not countersigned, 2 wrong usage or failure.")]
pub struct Args {
    /// Run as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true, value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,

    /// What to do; without one, the review screen opens
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What the review screen is opened on
    #[command(flatten)]
    pub review: ReviewArgs,
}

/// What to review.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ReviewArgs {
    #[command(flatten)]
    /// The change.
    pub change: ChangeArgs,

    /// Theme: dark, light, or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub theme: Option<String>,
}

/// Which change.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ChangeArgs {
    /// A commit (HEAD) or a range (main.., A..B, A...B); without one, uncommitted work
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,

    /// Only these files and folders
    #[arg(last = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Only what is staged
    #[arg(long, conflicts_with_all = ["range", "unstaged", "since"])]
    pub staged: bool,

    /// Only what is not staged, untracked files included
    #[arg(long, conflicts_with_all = ["range", "since"])]
    pub unstaged: bool,

    /// Everything since this commit, as `REV..HEAD`
    #[arg(long, value_name = "REV", conflicts_with = "range")]
    pub since: Option<String>,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Findings on changed lines, or in whole files and folders when paths are named
    Scan(ScanArgs),
    /// The gate: is every AI commit countersigned, for exactly its content?
    Check(CheckArgs),
    /// The audit trail: commits, who wrote them, what was decided, whether it still holds
    Log(LogArgs),
    /// What the scanner looks for
    Rules {
        /// What to do with them
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Make a throw-away repository with an agent's work in it, and review that
    Demo(DemoArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// `scan`
#[derive(Clone, Debug, clap::Args)]
pub struct ScanArgs {
    /// A commit or a range, or files and folders to scan whole; without any, uncommitted work
    #[arg(value_name = "RANGE|PATH")]
    pub what: Vec<String>,

    /// Only what is staged
    #[arg(long, conflicts_with_all = ["what", "unstaged"])]
    pub staged: bool,

    /// Only what is not staged, untracked files included
    #[arg(long, conflicts_with = "what")]
    pub unstaged: bool,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Exit with 1 when a finding is at least this severe
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = Level::Low)]
    pub fail_on: Level,

    /// Also findings on lines the change did not touch
    #[arg(long)]
    pub all_lines: bool,

    /// Also findings that are only plausible
    #[arg(long)]
    pub audit: bool,

    /// A folder of your own rules, beside the built-in ones (repeatable)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub rules: Vec<PathBuf>,

    /// Print the evidence of every finding
    #[arg(long)]
    pub evidence: bool,

    /// Scan again even where an earlier result is cached
    #[arg(long)]
    pub no_cache: bool,
}

/// `check`
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// A commit or a range (main..)
    #[arg(value_name = "RANGE", default_value = "HEAD")]
    pub range: String,

    /// Every commit must be countersigned, not only those with an agent's mark
    #[arg(long)]
    pub all: bool,

    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

/// `log`
#[derive(Clone, Debug, clap::Args)]
pub struct LogArgs {
    /// A commit or a range; without one, the last 20 commits
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,

    /// Only commits with an agent's mark
    #[arg(long)]
    pub ai_only: bool,

    /// Only commits of agents whose name contains this
    #[arg(long, value_name = "NAME")]
    pub agent: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

/// `rules`
#[derive(Clone, Debug, Subcommand)]
pub enum RulesCommand {
    /// All rules, a line each
    List {
        /// A folder of your own rules, beside the built-in ones
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// One rule: why it matters, how to check by hand, examples
    Show {
        /// Its id (`python/sql-injection`)
        id: String,
        /// A folder of your own rules, beside the built-in ones
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Run the rules' own examples
    Test {
        /// Only rules whose id contains this
        id: Option<String>,
        /// A folder of your own rules, beside the built-in ones
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Read a folder of rules and say what is wrong with them
    Check {
        /// The folder
        dir: PathBuf,
    },
    /// Write a rule file to begin with
    New {
        /// Its id: a topic, and a category (`mine/sql-injection`)
        id: String,
        /// The language or kind of file it is about [default: the topic, when it is one; else any]
        #[arg(long, value_name = "NAME")]
        language: Option<String>,
        /// The folder of your rules
        #[arg(long, value_name = "DIR", default_value = "rules")]
        into: PathBuf,
    },
    /// Write a page for every rule
    Docs {
        /// Where to
        dir: PathBuf,
        /// A folder of your own rules, beside the built-in ones
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
}

/// `demo`
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArgs {
    /// Where to make it (a new folder); without one, among the temporary files
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub into: Option<PathBuf>,

    /// Only make the repository and print where it is
    #[arg(long)]
    pub no_open: bool,

    /// Theme: dark, light, or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub theme: Option<String>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
}

/// How tables are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// A severity, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Worth knowing
    Info,
    /// Hardening
    Low,
    /// Exploitable under conditions
    Medium,
    /// Exploitable
    High,
    /// Exploitable by anyone, at once
    Critical,
    /// Nothing fails
    Never,
}

impl Level {
    /// The severity; `None` for `never`.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Info => Some(Severity::Info),
            Level::Low => Some(Severity::Low),
            Level::Medium => Some(Severity::Medium),
            Level::High => Some(Severity::High),
            Level::Critical => Some(Severity::Critical),
            Level::Never => None,
        }
    }
}
