//! What a person may set: `config.toml` in the user's own folder. Every key is optional; `example.toml` shows them all with
//! their defaults.

use super::{Profile, Severity, Tier};
use serde::Deserialize;
use std::path::PathBuf;

/// The user's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What a review asks.
    pub review: Review,
    /// What is written into git.
    pub record: Record,
    /// How it looks.
    pub screen: Screen,
    /// What is scanned.
    pub scan: Scan,
}

/// `[review]`: what a review asks. The policy of a repository may ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Review {
    /// A commit is countersigned when every finding of this severity and above is decided.
    pub threshold: Severity,
    /// A finding of this severity and above is approved one by one, after it was on screen, and with a reason.
    pub require_reason_at: Severity,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            threshold: Severity::Medium,
            require_reason_at: Severity::High,
        }
    }
}

/// `[record]`: what is written into git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Record {
    /// How much goes into the commit message.
    pub profile: Profile,
    /// Findings listed in the message; above that, the rest are a line of counts.
    pub finding_limit: usize,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            profile: Profile::Full,
            finding_limit: 20,
        }
    }
}

/// `[screen]`: how it looks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// A built-in theme's name, or a theme file, relative to the configuration folder. Without it, the terminal's
    /// background decides.
    pub theme: Option<String>,
    /// Long lines are wrapped from the start.
    pub wrap: bool,
    /// The mouse is used, and with it the terminal's own selection is not.
    pub mouse: bool,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            theme: None,
            wrap: true,
            mouse: true,
        }
    }
}

/// `[scan]`: what is scanned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scan {
    /// Folders of further rules, relative to the configuration folder. Never taken from a repository.
    pub rules: Vec<PathBuf>,
    /// `audit` also shows findings that are only plausible.
    pub tier: Tier,
    /// A file above this many bytes is listed and not read.
    pub max_file_bytes: FileBytes,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            tier: Tier::Default,
            max_file_bytes: FileBytes(2 << 20),
        }
    }
}

/// A size limit of one file in bytes, between 1 KiB and 64 MiB: a syntax tree takes thirty times its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub struct FileBytes(u64);

impl FileBytes {
    /// The number of bytes.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for FileBytes {
    type Error = &'static str;

    fn try_from(bytes: u64) -> Result<Self, Self::Error> {
        match bytes {
            0x400..=0x400_0000 => Ok(Self(bytes)),
            _ => Err("a limit is between 1024 (1 KiB) and 67108864 (64 MiB) bytes"),
        }
    }
}
