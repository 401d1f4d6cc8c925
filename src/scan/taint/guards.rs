//! Tests that make values harmless in one branch: comparisons with constants, membership in what is not from outside, type tests, and
//! guards that models know. What a test says travels with its value, so it may be kept in a variable or returned by a function first.

use super::{Call, visit::Visit};
use crate::{
    lang::facts::*,
    scan::{
        compile::{ArgCheck, Kinds, Row},
        model::Origin,
        value::{Const, From, Place, Tests, V},
    },
};
use std::rc::Rc;

/// Types of JavaScript that cannot carry text.
const SCALAR_TYPES: [&str; 4] = ["number", "boolean", "bigint", "undefined"];

/// Members of a parsed address that do not say where it leads.
const PARTS_OF_ADDRESSES: [&str; 9] = [
    "pathname", "path", "protocol", "scheme", "search", "query", "hash", "fragment", "port",
];

type Says = Vec<(Place, Kinds)>;

/// What `left op right` says.
pub(in crate::scan) fn of_comparison(
    visit: &mut Visit<'_, '_>,
    op: &str,
    left: ExprId,
    right: ExprId,
) -> Option<Rc<Tests>> {
    if matches!(op, "in" | "not in")
        && let Some(tests) = contained(visit, left, right)
    {
        let turned = |t: Tests| Tests { yes: t.no, no: t.yes };
        return Some(Rc::new(if op == "in" { tests } else { turned(tests) }));
    }
    if let Some(tests) = equal_to(visit, op, left, right) {
        return Some(tests);
    }
    if let Some(tests) = begins(visit, op, left, right) {
        return Some(tests);
    }
    if let Some(found) = is_found(visit, op, left, right) {
        let tests = visit.vals[left.ix()].tests.clone()?;
        return Some(match found {
            true => tests,
            false => Rc::new(Tests {
                yes: tests.no.clone(),
                no: tests.yes.clone(),
            }),
        });
    }
    let (says, when_true) = match op {
        "<" | "<=" | ">" | ">=" => return bounds(visit, op, left, right),
        "==" | "===" | "is" | "eq" => (equality(visit, left, right), true),
        "!=" | "!==" | "is not" | "<>" => (equality(visit, left, right), false),
        "in" => (membership(visit, left, right), true),
        "not in" => (membership(visit, left, right), false),
        _ => return None,
    };
    if says.is_empty() {
        return None;
    }
    let tests = if when_true {
        Tests {
            yes: says,
            no: Vec::new(),
        }
    } else {
        Tests {
            yes: Vec::new(),
            no: says,
        }
    };
    Some(Rc::new(tests))
}

/// `key === "__proto__"`: what models say of a value that is, or is not, a certain constant (`*.__eq__`).
fn equal_to(visit: &mut Visit<'_, '_>, op: &str, left: ExprId, right: ExprId) -> Option<Rc<Tests>> {
    let turned = match op {
        "==" | "===" => false,
        "!=" | "!==" => true,
        _ => return None,
    };
    let index = visit.file.index;
    let mut not_equal = Says::new();
    for (tested, constant) in [(left, right), (right, left)] {
        let constant = visit.vals[constant.ix()].clone();
        if constant.constant.is_none() {
            continue;
        }
        for guard in index.compared.iter().map(|row| &index.guards[*row as usize]) {
            let fits = |check: &ArgCheck| visit.value_holds(check, &constant) != check.not;
            if !guard.when && guard.args.iter().all(fits) {
                let places = visit.places(tested).into_iter();
                not_equal.extend(places.map(|place| (place, guard.cleans)));
            }
        }
    }
    if not_equal.is_empty() {
        return None;
    }
    let equal = equality(visit, left, right);
    let (yes, no) = if turned { (not_equal, equal) } else { (equal, not_equal) };
    made(yes, no)
}

/// `x.indexOf(y) === 0` and `x.slice(0, y.length) === y` say what `x.startsWith(y)` does.
fn begins<'a>(visit: &mut Visit<'_, 'a>, op: &str, left: ExprId, right: ExprId) -> Option<Rc<Tests>> {
    let ExprKind::Call { callee, args, .. } = visit.kind(left) else {
        return None;
    };
    let ExprKind::Member { base, name, .. } = visit.kind(*callee) else {
        return None;
    };
    let zero = |id: ExprId| matches!(visit.kind(id), ExprKind::Num(n) if &**n == "0");
    let begins = match visit.file.facts.name(*name) {
        "indexOf" => zero(right),
        "slice" | "substring" | "substr" => args.len() == 2 && zero(args[0].value) && !zero(right),
        _ => false,
    };
    if !begins || !matches!(op, "==" | "===" | "!=" | "!==") {
        return None;
    }
    let path = visit.file.arena.member_named(visit.vals[base.ix()].path, "startsWith");
    let call = Call {
        id: left,
        callee: *callee,
        args,
        receiver: Some(*base),
        path,
    };
    let mut tests: Option<Rc<Tests>> = None;
    for (row, _) in visit.file.arena.rows(path).iter() {
        if let Row::Guard(guard) = row
            && let Some(says) = visit.guard_called(*guard, &call)
        {
            tests = Some(tests.map_or(says.clone(), |known| both(&known, &says)));
        }
    }
    let tests = tests?;
    let turned = op.starts_with('!').then(|| Tests {
        yes: tests.no.clone(),
        no: tests.yes.clone(),
    });
    Some(turned.map_or(tests, Rc::new))
}

/// `x.indexOf(y) >= 0` says that it was found, `x.indexOf(y) === -1` that it was not; `None` for any other comparison.
fn is_found(visit: &Visit<'_, '_>, op: &str, left: ExprId, right: ExprId) -> Option<bool> {
    let ExprKind::Call { callee, .. } = visit.kind(left) else {
        return None;
    };
    let ExprKind::Member { name, .. } = visit.kind(*callee) else {
        return None;
    };
    if !matches!(
        visit.file.facts.name(*name),
        "indexOf" | "lastIndexOf" | "search" | "find"
    ) {
        return None;
    }
    let minus_one = match visit.kind(right) {
        ExprKind::Unary { op: "-", operand } => matches!(visit.kind(*operand), ExprKind::Num(n) if &**n == "1"),
        ExprKind::Num(n) if &**n == "0" => false,
        ExprKind::Num(n) if &**n == "-1" => true,
        _ => return None,
    };
    match (op, minus_one) {
        (">" | "!=" | "!==", true) | (">=", false) => Some(true),
        ("==" | "===" | "<=", true) | ("<", false) => Some(false),
        _ => None,
    }
}

fn equality(visit: &mut Visit<'_, '_>, left: ExprId, right: ExprId) -> Says {
    if let Some(says) = type_test(visit, left, right).or_else(|| type_test(visit, right, left)) {
        return says;
    }
    // `ok == false` turns what `ok` says round; `ok == true` says it again. So do the numbers that stand for them (`preg_match(..) === 1`).
    for (test, constant) in [(left, right), (right, left)] {
        if let (Some(tests), Some(constant @ (Const::Bool(_) | Const::Number(_)))) =
            (&visit.vals[test.ix()].tests, &visit.vals[constant.ix()].constant)
        {
            let says = if constant.truth() { &tests.yes } else { &tests.no };
            return says.clone();
        }
    }
    for (tested, other) in [(left, right), (right, left)] {
        let other = &visit.vals[other.ix()];
        // Equal to nothing says nothing; equal to a constant leaves one value, and that is known. So is an element of a list of
        // constants (`for a in allowed: if a == x`).
        let fixed = matches!(
            other.constant,
            Some(Const::Text(_) | Const::Number(_) | Const::Bool(_) | Const::Null)
        ) || is_one_of_constants(other);
        if fixed {
            return all_kinds(said_of(visit, tested));
        }
    }
    Vec::new()
}

/// What an equality speaks of: the tested place and what it is a view of, but for a part of an address that leaves the rest open
/// (`url.pathname === "/find"` says nothing of the query or the host).
fn said_of(visit: &Visit<'_, '_>, tested: ExprId) -> Vec<Place> {
    let partial = match visit.kind(tested) {
        ExprKind::Member { name, .. } => PARTS_OF_ADDRESSES.contains(&visit.file.facts.name(*name)),
        _ => false,
    };
    match partial {
        true => visit.place(tested).into_iter().collect(),
        false => visit.places(tested),
    }
}

/// True for a value that is one of several constants of the file, whichever.
fn is_one_of_constants(value: &V) -> bool {
    value.is_clean() && !value.any_unknown() && value.text_or_shape() && value.constant.is_none()
}

/// `typeof x === "number"`.
fn type_test(visit: &Visit<'_, '_>, tested: ExprId, constant: ExprId) -> Option<Says> {
    let ExprKind::Unary { op: "typeof", operand } = visit.kind(tested) else {
        return None;
    };
    let name = visit.vals[constant.ix()].text()?.clone();
    let cleans = match &*name {
        name if SCALAR_TYPES.contains(&name) => Kinds::ALL,
        "string" => visit.file.index.structured,
        _ => return Some(Vec::new()),
    };
    Some(visit.places(*operand).into_iter().map(|p| (p, cleans)).collect())
}

/// `x in allowed`: what is in something that does not come from outside is known.
fn membership(visit: &mut Visit<'_, '_>, left: ExprId, right: ExprId) -> Says {
    let container = &visit.vals[right.ix()];
    let sources = &visit.file.index.sources;
    let outside = container.deep_taints().iter().any(|taint| match taint.from {
        From::Source { row, .. } | From::Given { row, .. } => sources[row as usize].from >= Origin::Response,
        From::Param(_) => false,
    });
    if outside || visit.vals[left.ix()].constant.is_some() {
        return Vec::new();
    }
    all_kinds(visit.places(left))
}

/// `".." in name`: what models say of containing a constant (`*.__contains__`).
fn contained(visit: &mut Visit<'_, '_>, left: ExprId, right: ExprId) -> Option<Tests> {
    let part = visit.vals[left.ix()].clone();
    part.constant.as_ref()?;
    let index = visit.file.index;
    let mut tests = Tests::default();
    for guard in index.contained.iter().map(|row| &index.guards[*row as usize]) {
        if !guard
            .args
            .iter()
            .all(|check| visit.value_holds(check, &part) != check.not)
        {
            continue;
        }
        let says = visit.places(right).into_iter().map(|place| (place, guard.cleans));
        if guard.when {
            tests.yes.extend(says);
        } else {
            tests.no.extend(says);
        }
    }
    (!tests.yes.is_empty() || !tests.no.is_empty()).then_some(tests)
}

/// `n < limit`: how much it is at most is known, one way or the other. A limit from outside is none.
fn bounds(visit: &mut Visit<'_, '_>, op: &str, left: ExprId, right: ExprId) -> Option<Rc<Tests>> {
    let amounts = visit.file.index.amounts;
    if amounts == Kinds::NONE {
        return None;
    }
    let (less, more) = if op.starts_with('<') {
        (left, right)
    } else {
        (right, left)
    };
    let below = |bounded: ExprId, limit: ExprId| -> Says {
        match visit.vals[limit.ix()].taints.any_source() {
            true => Says::new(),
            false => visit.places(bounded).into_iter().map(|p| (p, amounts)).collect(),
        }
    };
    made(below(less, more), below(more, less))
}

fn all_kinds(places: Vec<Place>) -> Says {
    places.into_iter().map(|p| (p, Kinds::ALL)).collect()
}

/// What `a and b and c` says: true, all of them; false, only what every way of failing says.
pub(in crate::scan) fn all_of(values: &[V]) -> Option<Rc<Tests>> {
    let yes = union(values.iter().map(|v| v.tests.as_ref().map_or(&[][..], |t| &t.yes)));
    let no = intersection(values.iter().map(|v| v.tests.as_ref().map_or(&[][..], |t| &t.no)));
    made(yes, no)
}

/// What `a or b or c` says.
pub(in crate::scan) fn any_of(values: &[V]) -> Option<Rc<Tests>> {
    let yes = intersection(values.iter().map(|v| v.tests.as_ref().map_or(&[][..], |t| &t.yes)));
    let no = union(values.iter().map(|v| v.tests.as_ref().map_or(&[][..], |t| &t.no)));
    made(yes, no)
}

fn made(yes: Says, no: Says) -> Option<Rc<Tests>> {
    (!yes.is_empty() || !no.is_empty()).then(|| Rc::new(Tests { yes, no }))
}

/// What two models say of one test.
pub(in crate::scan) fn both(one: &Tests, other: &Tests) -> Rc<Tests> {
    Rc::new(Tests {
        yes: union([&one.yes[..], &other.yes].into_iter()),
        no: union([&one.no[..], &other.no].into_iter()),
    })
}

/// What holds when all hold.
pub(in crate::scan) fn union<'s>(all: impl Iterator<Item = &'s [(Place, Kinds)]>) -> Says {
    let mut says = Says::new();
    for (place, kinds) in all.flatten() {
        match says.iter_mut().find(|(p, _)| p == place) {
            Some((_, known)) => *known = known.or(*kinds),
            None => says.push((*place, *kinds)),
        }
    }
    says
}

/// What holds when any one holds.
pub(in crate::scan) fn intersection<'s>(mut all: impl Iterator<Item = &'s [(Place, Kinds)]>) -> Says {
    let Some(first) = all.next() else {
        return Says::new();
    };
    let mut says = first.to_vec();
    for next in all {
        says.retain_mut(|(place, kinds)| {
            let other = next.iter().find(|(p, _)| p == place);
            *kinds = kinds.and(other.map_or(Kinds::NONE, |(_, k)| *k));
            *kinds != Kinds::NONE
        });
    }
    says
}
