//! What a repository asks of its reviews: `.countersign.toml`, as it stands in the **base** revision.
//!
//! Never read from the change or the working tree, so that a change cannot weaken its own review. This module is given the
//! text and does not know where it came from: whoever reads it must take the base.

use super::{Review, Severity, TomlError, parse};
use serde::Deserialize;

/// The policy's path in a repository.
pub const POLICY_FILE: &str = ".countersign.toml";

/// What a repository asks. Every key is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Every finding of this severity and above must be decided.
    pub threshold: Option<Severity>,
    /// A finding of this severity and above needs a reason.
    pub require_reason_at: Option<Severity>,
    /// Addresses of those who may countersign; anybody when empty.
    pub reviewers: Vec<String>,
}

impl Policy {
    /// Reads the policy of a base revision; `None` when it has none. `revision` is for messages.
    ///
    /// # Errors
    /// The file is not UTF-8 or not a policy. A policy that cannot be read must stop a review, not loosen it.
    pub fn read(revision: &str, file: Option<&[u8]>) -> Result<Self, TomlError> {
        let Some(bytes) = file else {
            return Ok(Self::default());
        };
        let name = format!("{revision}:{POLICY_FILE}");
        match std::str::from_utf8(bytes) {
            Ok(text) => parse(&name, text),
            Err(_) => Err(TomlError::new(&name, "", None, "it is not UTF-8")),
        }
    }

    /// The stricter of what the repository and the person ask, key by key. What neither sets has its default.
    #[must_use]
    pub fn over(&self, user: Review) -> Review {
        Review {
            threshold: self
                .threshold
                .map_or(user.threshold, |policy| policy.min(user.threshold)),
            require_reason_at: self
                .require_reason_at
                .map_or(user.require_reason_at, |policy| policy.min(user.require_reason_at)),
        }
    }

    /// True when someone with this address may countersign.
    #[must_use]
    pub fn permits(&self, address: &str) -> bool {
        self.reviewers.is_empty() || self.reviewers.iter().any(|r| r.eq_ignore_ascii_case(address.trim()))
    }
}
