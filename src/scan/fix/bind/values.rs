//! The code and the name of each value.

use super::Value;
use crate::{
    lang::facts::*,
    scan::fix::{
        built::{Built, Show},
        compose::{self, Content},
        follow::is_number,
        job::Code,
        names,
        sql::{Slot, Statement},
    },
};

/// The values of `slots`, in order; `None` when one cannot be written.
pub fn values(code: &Code<'_>, built: &Built, statement: &Statement, slots: &[Slot]) -> Option<Vec<Value>> {
    let mut found: Vec<Value> = Vec::new();
    for slot in slots {
        let (text, place) = match slot.only_hole() {
            Some(hole) => alone(code, built, hole, slot.quoted)?,
            None => (compose::text(code, built, &slot.content)?, false),
        };
        let after = statement.placeholders.iter().filter(|(at, _)| *at < slot.from).count();
        found.push(Value {
            code: text,
            name: name(code, built, slot, &found),
            after,
            place,
        });
    }
    Some(found)
}

/// A value that is one hole.
fn alone(code: &Code<'_>, built: &Built, hole: usize, quoted: bool) -> Option<(String, bool)> {
    let hole = &built.holes[hole];
    match (hole.show, quoted) {
        (Show::Formatted, _) | (Show::Quoted, true) => return None,
        _ => {}
    }
    let mut id = hole.value;
    if !quoted {
        // Text was made of it only to put it there.
        while let Some(inner) = shown(code, id) {
            id = inner;
        }
    }
    let place = match code.kind(id) {
        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Index { .. } => !is_number(code, id),
        _ => false,
    };
    Some((code.source(id)?.to_owned(), place))
}

/// `str(x)`, `String(x)`, `strconv.Itoa(x)`, `x.to_string()`: the value itself.
fn shown(code: &Code<'_>, id: ExprId) -> Option<ExprId> {
    let ExprKind::Call { callee, args, .. } = code.kind(id) else {
        return None;
    };
    if let (ExprKind::Member { base, name, .. }, []) = (code.kind(*callee), &args[..])
        && matches!(code.facts.name(*name), "to_string" | "toString")
    {
        return Some(*base);
    }
    let path = names::path(code, *callee)?;
    match (path.as_str(), &args[..]) {
        ("str" | "String" | "strconv.Itoa", [arg]) if arg.name.is_none() => Some(arg.value),
        _ => None,
    }
}

/// A name of its own for the value: that of its hole, lower case, with a number when it is taken.
fn name(code: &Code<'_>, built: &Built, slot: &Slot, before: &[Value]) -> String {
    let hole = slot.content.iter().find_map(|c| match c {
        Content::Hole(hole) => Some(*hole),
        Content::Text(_) => None,
    });
    let from = hole.and_then(|h| names::last_name(code, built.holes[h].value));
    let name = from.filter(|n| names::is_word(n)).unwrap_or("value").to_owned();
    let shape = built.shape();
    let taken = |name: &str| before.iter().any(|v| v.name == name) || shape.contains(&format!(":{name}"));
    if !taken(&name) {
        return name;
    }
    let mut numbered = (2..).map(|n| format!("{name}_{n}"));
    numbered.find(|n| !taken(n)).unwrap_or(name)
}
