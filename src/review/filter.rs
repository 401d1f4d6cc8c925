//! Filters are views: one predicate for counts, movement and drawing. Nothing is ever removed from a list.

use crate::scan::{Finding, Scope, Severity, Tier};

/// Which findings are in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Words that must all occur in title, rule, path or definition (case-insensitive).
    pub text: String,
    /// Least severity.
    pub severity: Severity,
    /// The lowest tier shown.
    pub tier: Tier,
    /// Also findings the change has nothing to do with.
    pub old: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            severity: Severity::Info,
            tier: Tier::Default,
            old: false,
        }
    }
}

impl Filter {
    /// True when the finding is in view.
    #[must_use]
    pub fn shows(&self, finding: &Finding) -> bool {
        let in_scope = self.old || finding.scope != Scope::Old;
        in_scope && finding.tier >= self.tier && finding.severity >= self.severity && self.matches(finding)
    }

    /// True when it hides anything a default view would show.
    #[must_use]
    pub fn narrows(&self) -> bool {
        !self.text.is_empty() || self.severity > Severity::Info
    }

    fn matches(&self, finding: &Finding) -> bool {
        if self.text.is_empty() {
            return true;
        }
        let within = finding.place.within.as_deref().unwrap_or_default();
        let hay = format!(
            "{} {} {} {within}",
            finding.title,
            finding.rule,
            finding.place.path.lossy()
        )
        .to_lowercase();
        self.text
            .split_whitespace()
            .all(|word| hay.contains(&word.to_lowercase()))
    }
}
