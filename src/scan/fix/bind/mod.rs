//! `bind-parameters`: values in an SQL text become placeholders, and are passed beside it.
//!
//! The text may be built in the argument itself or in a variable that is assigned once and used only there. Every hole that stands where a
//! value stands becomes a placeholder, the quotes around it go, and constant text between the same quotes (`'%{x}%'`) moves into the value.
//! A hole where no placeholder can be (a table, an order) stays; when outside text still gets in there, the check refuses the fix.
//!
//! | option | means |
//! |---|---|
//! | `placeholder` | `?`, `%s`, `$n`, `:name`, `:n`, `@pn` |
//! | `guess = true` | the call does not tell the driver: `placeholder` is taken for a sketch when the file and the change do not tell either |
//! | `values` | how they are passed: `tuple`, `list`, `args`, `chain`, `params`, `refs`, `dict`, `bindparams`, `keyword:NAME`, `property:NAME` |
//! | `chain` | with `values = "chain"`: the call for one value, `.bind({value})` |

mod pass;
mod values;

use super::{
    built::{Change, Percent, Traced, traced},
    compose::Content,
    dialect,
    follow::{is_constant, is_number},
    job::{Code, Job, Plan},
    sql::{self, Slot, Statement, Style},
};
use crate::lang::{Lang, facts::*};
use pass::Given;

/// One value on its way out of the text.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its code.
    pub code: String,
    /// A name for it, as in `:name`.
    pub name: String,
    /// How many placeholders were in the text before it.
    pub after: usize,
    /// A variable, field or element: something a reference can be taken of.
    pub place: bool,
}

/// Applies the verb.
pub fn apply(job: &Job<'_>) -> Option<Plan> {
    let code = job.code?;
    let code = Code {
        value: Some(text_in(&code, code.value?)),
        ..code
    };
    let traced = traced(&code, code.value?)?;
    let statement = sql::statement(&traced.built);
    let slots = slots(&code, &traced, &statement)?;
    let (style, known) = style(job, &code, &statement)?;
    let values = values::values(&code, &traced.built, &statement, &slots)?;
    let changes = slots.iter().zip(&values).enumerate().map(|(i, (slot, value))| Change {
        from: slot.from,
        to: slot.to,
        new: placeholder(style, &statement, &traced, i, &value.name),
    });
    let changes: Vec<Change> = changes.collect();
    let given = Given {
        placeholders: statement.placeholders.len(),
        named: matches!(style, Style::Colon | Style::At | Style::PercentName),
    };
    // A driver that reads `%s` reads every `%`, once it is given values at all.
    let percent = if matches!(style, Style::Percent | Style::PercentName) && given.placeholders == 0 {
        Percent::Double
    } else {
        Percent::Keep
    };
    let mut edits = traced.built.rewritten(&code, &changes, percent)?;
    edits.extend(pass::pass(job, &code, given, &values)?);
    let title = (!known).then(|| {
        format!(
            "{} (written `{}`: nothing here tells which driver runs it)",
            job.spec.title,
            job.option("placeholder").unwrap_or("?")
        )
    });
    Some(Plan {
        edits,
        title,
        // The wrong notation would break the statement where it worked.
        sketch: !known,
    })
}

/// The statement's text, which may be an entry of an object (`{ text: ".." }`).
fn text_in(code: &Code<'_>, value: ExprId) -> ExprId {
    let ExprKind::Map(entries) = code.kind(value) else {
        return value;
    };
    let named = |e: &&Entry| match e.key.map(|k| code.kind(k)) {
        Some(ExprKind::Str(key)) => matches!(&**key, "text" | "sql" | "query" | "statement"),
        _ => false,
    };
    entries.iter().find(named).map_or(value, |e| e.value)
}

/// The slots that become placeholders: all but constants. `None` when there is none, or when one may hold a whole list.
fn slots(code: &Code<'_>, traced: &Traced, statement: &Statement) -> Option<Vec<Slot>> {
    let built = &traced.built;
    let value = |hole: usize| built.holes[hole].value;
    let mut found = Vec::new();
    for slot in &statement.slots {
        let holes = slot.content.iter().filter_map(|c| match c {
            Content::Hole(hole) => Some(*hole),
            Content::Text(_) => None,
        });
        let holes: Vec<usize> = holes.collect();
        if holes.iter().all(|h| is_constant(code, value(*h))) {
            continue;
        }
        let written_out = slot.list && !holes.iter().all(|h| is_number(code, value(*h)));
        if written_out || holes.iter().any(|h| is_joined(code, value(*h))) {
            return None;
        }
        found.push(slot.clone());
    }
    (!found.is_empty()).then_some(found)
}

/// `", ".join(..)`, `ids.join(",")`, `strings.Join(..)`: several values at once.
fn is_joined(code: &Code<'_>, id: ExprId) -> bool {
    let ExprKind::Call { callee, .. } = code.kind(id) else {
        return false;
    };
    matches!(code.kind(*callee), ExprKind::Member { name, .. } if code.facts.name(*name).eq_ignore_ascii_case("join"))
}

/// How placeholders are written, and whether that is known rather than taken for granted.
fn style(job: &Job<'_>, code: &Code<'_>, statement: &Statement) -> Option<(Style, bool)> {
    if let Some((_, style)) = statement.placeholders.first() {
        let same = statement.placeholders.iter().all(|(_, s)| s == style);
        return same.then_some((*style, true));
    }
    let given = dialect::parse(job.option("placeholder").unwrap_or("?"))?;
    if !job.flag("guess") {
        return Some((given, true));
    }
    let told = job.dialects.style(code.lang(), job.text);
    let positional = |s: &Style| !matches!(s, Style::Colon | Style::At | Style::PercentName);
    match told.filter(positional) {
        Some(told) => Some((told, true)),
        None => Some((given, false)),
    }
}

/// The `index`-th new placeholder.
fn placeholder(style: Style, statement: &Statement, traced: &Traced, index: usize, name: &str) -> String {
    let number = || highest(statement, traced) + index + 1;
    match style {
        Style::Question => "?".into(),
        Style::Percent => "%s".into(),
        Style::PercentName => format!("%({name})s"),
        Style::Dollar => format!("${}", number()),
        Style::Colon => format!(":{name}"),
        Style::ColonNumber => format!(":{}", number()),
        Style::AtNumber => format!("@p{}", number()),
        Style::At => format!("@{name}"),
    }
}

/// The highest number of a numbered placeholder in the text.
fn highest(statement: &Statement, traced: &Traced) -> usize {
    let number = |at: usize| {
        let digits = traced.built.toks[at..].iter().skip(1).map(|t| match t {
            super::built::Tok::Char { ch, .. } => *ch,
            super::built::Tok::Hole(_) => ' ',
        });
        let digits: String = digits
            .skip_while(|c| *c == 'p')
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().unwrap_or(0)
    };
    statement
        .placeholders
        .iter()
        .map(|(at, _)| number(*at))
        .max()
        .unwrap_or(0)
}

/// Ways of passing values that have no operand.
pub const WAYS: &[&str] = &["tuple", "list", "args", "chain", "params", "refs", "dict", "bindparams"];

/// The way values are passed when the rule does not say.
fn default_way(lang: Lang) -> &'static str {
    match lang {
        Lang::Python => "tuple",
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => "list",
        Lang::Go => "args",
        Lang::Ruby | Lang::Php => "list",
        Lang::Rust => "chain",
        _ => "args",
    }
}

#[cfg(test)]
mod tests;
