//! What a variable holds, where that can be told from the text alone: given a value once, and what is done with it.

use super::{job::Code, names::binds};
use crate::{lang::facts::*, text::Span};

/// The one plain assignment of a variable that is read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Once {
    /// The assignment.
    pub assign: ExprId,
    /// What is assigned.
    pub value: ExprId,
}

/// The assignment that gives `id`, a variable of this function, its value, when there is one only, it stands in the same function
/// before `id`, and (with `read_once`) nothing but `id` reads the variable.
#[must_use]
pub fn assigned_once(code: &Code<'_>, id: ExprId, read_once: bool) -> Option<Once> {
    let ExprKind::Name(symbol) = code.kind(id) else {
        return None;
    };
    if code.function.params.iter().any(|p| p.name == *symbol) {
        return None;
    }
    let mut once = None;
    for (i, expr) in code.function.exprs.iter().enumerate() {
        let ExprKind::Assign { target, value, mode } = &expr.kind else {
            continue;
        };
        if !binds(target, &|s| s == *symbol) {
            continue;
        }
        let plain = *mode == AssignMode::Plain && matches!(**target, Target::Name(..));
        if !plain || once.is_some() {
            return None;
        }
        let assign = ExprId(i as u32);
        once = Some(Once { assign, value: *value });
    }
    let once = once?;
    let before = code.span(once.assign).end <= code.span(id).start;
    if !before || others_touch(code, *symbol, read_once.then_some(id)) || leaves_block(code, once.assign, id) {
        return None;
    }
    Some(once)
}

/// True when the variable is read by anything but `only` (when given), or written by a function that shares it.
fn others_touch(code: &Code<'_>, symbol: Symbol, only: Option<ExprId>) -> bool {
    code.facts.functions.iter().enumerate().any(|(i, function)| {
        let here = i == code.id.ix();
        if !here && !shares(code, FunctionId(i as u32), symbol) {
            return false;
        }
        function.exprs.iter().enumerate().any(|(e, expr)| match &expr.kind {
            ExprKind::Name(s) => *s == symbol && only.is_some_and(|only| !here || only.ix() != e),
            ExprKind::Assign { target, .. } => !here && binds(target, &|s| s == symbol),
            _ => false,
        })
    })
}

/// True when `other` is written inside this function, or this one inside it, so that one may use the other's variables.
fn shares(code: &Code<'_>, other: FunctionId, symbol: Symbol) -> bool {
    let functions = &code.facts.functions;
    let inside = |inner: FunctionId, outer: FunctionId| {
        let mut at = functions[inner.ix()].parent;
        while let Some(id) = at {
            if id == outer {
                return true;
            }
            at = functions[id.ix()].parent;
        }
        false
    };
    // A Python function's variables are its own; elsewhere an outer function may have declared it.
    let python = code.lang() == crate::lang::Lang::Python;
    inside(other, code.id)
        || (!python || code.function.outer.contains(&symbol)) && inside(code.id, other) && other.ix() != 0
        || other.ix() == 0 && code.function.outer.contains(&symbol)
}

/// True when the block that holds the assignment ends before the use: names of that block would not be known there.
fn leaves_block(code: &Code<'_>, assign: ExprId, id: ExprId) -> bool {
    if code.lang() == crate::lang::Lang::Python {
        return false;
    }
    let between = Span {
        start: code.span(assign).end,
        end: code.span(id).start,
    };
    let mut depth = 0_i32;
    let mut at = between.start;
    while at < between.end {
        if let Some(literal) = super::literal::at(code.lang(), code.text, at, &[]).filter(|l| l.span.end <= between.end)
        {
            at = literal.span.end;
            continue;
        }
        if let Some(comment) = code
            .facts
            .comments
            .iter()
            .find(|c| c.span.start == at && !c.span.is_empty())
        {
            at = comment.span.end;
            continue;
        }
        match code.text.get(at as usize) {
            Some(b'{') => depth += 1,
            Some(b'}') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
        at += 1;
    }
    false
}

/// True when nothing between `from` and `to` gives another value to a variable that `id` reads.
#[must_use]
pub fn unchanged_between(code: &Code<'_>, id: ExprId, from: u32, to: u32) -> bool {
    let read = reads(code, id);
    !code.function.exprs.iter().any(|e| match &e.kind {
        ExprKind::Assign { target, .. } => {
            from <= e.span.start && e.span.start < to && binds(target, &|s| read.contains(&s))
        }
        _ => false,
    })
}

/// Every variable an expression reads.
#[must_use]
pub fn reads(code: &Code<'_>, id: ExprId) -> Vec<Symbol> {
    let mut found = Vec::new();
    let mut waiting = vec![id];
    while let Some(next) = waiting.pop() {
        if let ExprKind::Name(symbol) = code.kind(next) {
            found.push(*symbol);
        }
        code.kind(next).each_operand(|operand| waiting.push(operand));
    }
    found
}

/// Calls whose result is a number, by their last name.
const NUMBER_CALLS: &[&str] = &[
    "int",
    "float",
    "len",
    "round",
    "abs",
    "sum",
    "ord",
    "Number",
    "parseInt",
    "parseFloat",
    "floor",
    "ceil",
    "trunc",
    "Atoi",
    "ParseInt",
    "ParseUint",
    "ParseFloat",
    "Unix",
    "UnixMilli",
    "count",
    "index",
    "indexOf",
    "time",
    "now",
    "getTime",
];
/// Types that are numbers.
const NUMBER_TYPES: &[&str] = &[
    "int", "float", "number", "bigint", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
    "uint64", "float32", "float64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize", "f32", "f64",
];
/// Deepest chain of variables and operators looked through.
const MOST_STEPS: usize = 64;

/// True when the text shows that an expression is a number (not text that holds digits).
#[must_use]
pub fn is_number(code: &Code<'_>, id: ExprId) -> bool {
    let mut waiting = vec![id];
    let mut steps = 0;
    while let Some(next) = waiting.pop() {
        steps += 1;
        if steps > MOST_STEPS {
            return false;
        }
        match code.kind(next) {
            ExprKind::Num(_) => return true,
            ExprKind::Binary {
                op: "-" | "*" | "/" | "//" | "%" | "<<" | ">>" | "&" | "|" | "^",
                ..
            } => return true,
            ExprKind::Unary { op: "-" | "~", .. } => return true,
            ExprKind::Cast { value, ty } => {
                if NUMBER_TYPES.contains(&code.facts.name(ty.name)) {
                    return true;
                }
                waiting.push(*value);
            }
            ExprKind::Call { callee, .. } => {
                let name = match code.kind(*callee) {
                    ExprKind::Name(name) | ExprKind::Member { name, .. } => code.facts.name(*name),
                    _ => "",
                };
                if NUMBER_CALLS.contains(&name) {
                    return true;
                }
            }
            ExprKind::Same(inner) => waiting.push(*inner),
            ExprKind::Logic { operands, .. } => waiting.extend(operands),
            ExprKind::Ternary { then, other, .. } => waiting.extend([*then, *other]),
            ExprKind::Name(symbol) => {
                let param = code.function.params.iter().find(|p| p.name == *symbol);
                if let Some(ty) = param.and_then(|p| p.ty.as_ref()) {
                    if NUMBER_TYPES.contains(&code.facts.name(ty.name)) {
                        return true;
                    }
                } else if let Some(once) = assigned_once(code, next, false) {
                    waiting.push(once.value);
                }
            }
            _ => {}
        }
    }
    false
}

/// True for what never varies: a literal, or a name given a literal once in the whole file and nothing else ever.
#[must_use]
pub fn is_constant(code: &Code<'_>, id: ExprId) -> bool {
    let literal = |kind: &ExprKind| {
        matches!(
            kind,
            ExprKind::Str(_) | ExprKind::Num(_) | ExprKind::Bool(_) | ExprKind::Null
        )
    };
    let ExprKind::Name(symbol) = code.kind(id) else {
        return literal(code.kind(id));
    };
    let name = code.facts.name(*symbol);
    let same = |s: Symbol| code.facts.name(s) == name;
    let mut given = 0;
    for function in &code.facts.functions {
        if function.params.iter().any(|p| same(p.name)) {
            return false;
        }
        for expr in &function.exprs {
            let ExprKind::Assign { target, value, mode } = &expr.kind else {
                continue;
            };
            if !binds(target, &same) {
                continue;
            }
            let inner = match &function.exprs[value.ix()].kind {
                ExprKind::Cast { value, .. } | ExprKind::Same(value) => *value,
                _ => *value,
            };
            if *mode != AssignMode::Plain || !literal(&function.exprs[inner.ix()].kind) {
                return false;
            }
            given += 1;
        }
    }
    given == 1
}
