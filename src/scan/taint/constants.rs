//! Constants computed: arithmetic, comparisons and connectives, for languages in which a constant test decides.

use crate::{
    lang::facts::LogicOp,
    scan::value::{Const, Key, V},
};

/// A constant whole number; truth values are 0 and 1.
pub(super) fn number(value: &V) -> Option<i64> {
    match value.constant.as_ref()? {
        Const::Number(text) => text.parse().ok(),
        Const::Bool(truth) => Some(i64::from(*truth)),
        Const::Text(_) | Const::Null => None,
    }
}

/// An operator on two constants.
pub(super) fn folded(op: &str, left: &V, right: &V) -> Option<Const> {
    match op {
        "==" | "!=" | "===" | "!==" => equal(left, right).map(|same| Const::Bool(same == op.starts_with('='))),
        "in" => one_of(left, right).map(Const::Bool),
        "*" if left.text().is_some() => repeated(left.text()?, number(right)?),
        _ => arithmetic(op, number(left)?, number(right)?),
    }
}

/// A text written several times over.
fn repeated(text: &str, times: i64) -> Option<Const> {
    const LONGEST: usize = 4096;
    let times = usize::try_from(times).ok()?;
    let fits = text.len().checked_mul(times)? <= LONGEST;
    fits.then(|| Const::Text(text.repeat(times).into()))
}

/// Whether two constants are the same; `None` when that is not known.
fn equal(left: &V, right: &V) -> Option<bool> {
    match (left.constant.as_ref()?, right.constant.as_ref()?) {
        (Const::Null, Const::Null) => Some(true),
        (Const::Null, Const::Text(_)) | (Const::Text(_), Const::Null) => Some(false),
        (Const::Text(one), Const::Text(other)) => Some(one == other),
        _ => Some(number(left)? == number(right)?),
    }
}

/// Whether a constant is an element of a list of constants that is written out.
fn one_of(left: &V, right: &V) -> Option<bool> {
    left.constant.as_ref()?;
    let parts = right.parts.as_ref().filter(|p| p.is_closed() && p.rest().is_none())?;
    let mut found = false;
    for (key, element) in parts.entries() {
        found |= matches!(key, Key::Position(_)) && equal(left, element)?;
    }
    Some(found)
}

/// The sum of constant numbers.
pub(super) fn sum<'v>(values: impl Iterator<Item = &'v V>) -> Option<Const> {
    let mut sum = 0_i64;
    for value in values {
        let Some(Const::Number(_)) = value.constant else {
            return None;
        };
        sum = sum.checked_add(number(value)?)?;
    }
    Some(Const::Number(sum.to_string().into()))
}

fn arithmetic(op: &str, left: i64, right: i64) -> Option<Const> {
    let truth = match op {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => {
            let value = match op {
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                "/" => left.checked_div(right),
                "%" => left.checked_rem(right),
                "&" => Some(left & right),
                "|" => Some(left | right),
                "^" => Some(left ^ right),
                "<<" => u32::try_from(right).ok().and_then(|by| left.checked_shl(by)),
                ">>" => u32::try_from(right).ok().and_then(|by| left.checked_shr(by)),
                _ => None,
            }?;
            return Some(Const::Number(value.to_string().into()));
        }
    };
    Some(Const::Bool(truth))
}

/// `a && b`, `a || b` of constants, as far as they decide.
pub(super) fn logic(op: LogicOp, values: &[V]) -> Option<Const> {
    let truths = values.iter().map(|v| v.constant.as_ref().map(Const::truth));
    let decides = op != LogicOp::And;
    let mut all = true;
    for truth in truths {
        match truth {
            Some(truth) if truth == decides => return Some(Const::Bool(decides)),
            Some(_) => {}
            None => all = false,
        }
    }
    all.then_some(Const::Bool(!decides))
}
