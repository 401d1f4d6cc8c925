//! `log`: the audit trail. Commits, who wrote them, what is found in them, who decided, and whether it still holds.

use super::{
    Failure, Outcome,
    args::{LogArgs, TableFormat},
    audit, output, subject, table,
};
use crate::origin::Origin;
use serde_json::json;
use std::path::Path;

/// Commits shown when no range is named.
const LATEST: u16 = 20;

pub(super) fn run(args: &LogArgs, dir: Option<&Path>) -> Result<Outcome, Failure> {
    let repo = subject::repo(dir)?;
    let commits = match &args.range {
        Some(range) => audit::commits(&repo, range)?,
        None => (repo.history(LATEST)?, 0),
    };
    let agent = args.agent.as_ref().map(|a| a.to_lowercase());
    let named = |origin: &Origin| {
        agent
            .as_ref()
            .is_none_or(|a| origin.agents.iter().any(|o| o.tool.to_lowercase().contains(a.as_str())))
    };
    let audit = audit::audit(dir, commits, |origin| {
        (!args.ai_only || origin.is_ai()) && named(origin)
    })?;
    output::print(&match args.format {
        TableFormat::Text if audit.commits.is_empty() => "No such commit.\n".to_owned(),
        TableFormat::Text => table::commits(&audit.commits, output::colour()),
        TableFormat::Json => {
            let value = json!({
                "version": crate::report::json::VERSION,
                "commits": audit.commits.iter().map(table::json).collect::<Vec<_>>(),
                "beyond_limit": audit.beyond,
            });
            format!("{value:#}\n")
        }
    })?;
    Ok(Outcome::Done)
}
