//! `replace-comparison`: a function in the place of `==` and `!=`. `with` is written for `==`, with `{left}` and `{right}`.

use super::{
    imports::{Wanted, meet},
    job::{Job, Plan, edit},
    template,
};
use crate::lang::{Lang, facts::*};

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let expr = code.expr?;
    let ExprKind::Binary { op, .. } = code.kind(expr) else {
        return None;
    };
    let equal = match *op {
        "==" | "===" | "is" => true,
        "!=" | "!==" | "is not" | "<>" => false,
        _ => return None,
    };
    let with = template::of_code(job, &code, job.spec.with.as_deref()?)?;
    let mut edits = Vec::new();
    let mut new = match (equal, with.strip_suffix("== 1")) {
        (true, _) => with,
        (false, Some(call)) => format!("{call}!= 1"),
        (false, None) if code.lang() == Lang::Python => format!("not {with}"),
        (false, None) => format!("!{with}"),
    };
    if let Some(import) = job.spec.import.as_deref() {
        let met = meet(&code, job.view.path.bytes(), &Wanted::parse(code.lang(), import)?, None)?;
        new = met.localised(&new);
        edits = met.edits;
    }
    edits.push(edit(code.span(expr), new));
    Some(edits.into())
}
