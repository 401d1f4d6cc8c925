//! `check`: the gate. Is every AI commit countersigned, for exactly its content, by a person who may?

use super::{
    Failure, Outcome,
    args::{CheckArgs, TableFormat},
    audit::{self, Audit},
    output, table,
};
use crate::record::verify::Standing;
use serde_json::json;
use std::path::Path;

pub(super) fn run(args: &CheckArgs, dir: Option<&Path>) -> Result<Outcome, Failure> {
    let repo = super::subject::repo(dir)?;
    let commits = audit::commits(&repo, &args.range)?;
    let audit = audit::audit(dir, commits, |origin| args.all || origin.is_ai())?;
    let open = audit
        .commits
        .iter()
        .filter(|c| c.checked.standing != Standing::Verified)
        .count();
    output::print(&match args.format {
        TableFormat::Text => table::commits(&audit.commits, output::colour()) + &sentence(args, &audit, open),
        TableFormat::Json => {
            let value = json!({
                "version": crate::report::json::VERSION,
                "range": args.range,
                "commits": audit.commits.iter().map(table::json).collect::<Vec<_>>(),
                "not_countersigned": open,
                "not_asked_for": audit.skipped,
                "beyond_limit": audit.beyond,
            });
            format!("{value:#}\n")
        }
    })?;
    Ok(if open > 0 || audit.beyond > 0 {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// The sum, and what was not looked at.
fn sentence(args: &CheckArgs, audit: &Audit, open: usize) -> String {
    let kind = if args.all { "commit" } else { "AI commit" };
    let all = audit.commits.len();
    let mut said = match (all, open) {
        (0, _) => format!("No {kind} in {}.", crate::text::safe::visible(&args.range)),
        (_, 0) => format!("{}: countersigned.", table::count(all, kind)),
        _ => format!("{}: {open} not countersigned.", table::count(all, kind)),
    };
    if audit.skipped > 0 {
        let others = table::count(audit.skipped, "commit");
        said.push_str(&format!(
            " {others} without an agent's mark not asked for (--all asks)."
        ));
    }
    if audit.beyond > 0 {
        said.push_str(&format!(
            " {} older ones not looked at: name a shorter range.",
            audit.beyond
        ));
    }
    said + "\n"
}
