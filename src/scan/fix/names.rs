//! What names mean, as far as verbs need it: paths through imports, what a name is bound to, whether it is taken.

use super::job::Code;
use crate::lang::facts::*;

/// The access path of a name or member, through the file's imports: `execute` of `os.path as p` is `os.path.execute`. `None` for what
/// is neither.
#[must_use]
pub fn path(code: &Code<'_>, id: ExprId) -> Option<String> {
    let mut members = Vec::new();
    let mut at = id;
    let root = loop {
        match code.kind(at) {
            ExprKind::Member { base, name, .. } => {
                members.push(code.facts.name(*name));
                at = *base;
            }
            ExprKind::Same(inner) => at = *inner,
            ExprKind::Module(path) => break path.to_string(),
            ExprKind::Name(symbol) => {
                let import = code.facts.imports.iter().find(|i| i.local == *symbol && !i.all);
                break import.map_or_else(|| code.facts.name(*symbol).to_owned(), |i| i.path.to_string());
            }
            _ => return None,
        }
    };
    let mut path = root;
    for member in members.iter().rev() {
        path.push('.');
        path.push_str(member);
    }
    Some(path)
}

/// True when `name` is given a value somewhere in the file by something other than an import: a variable, parameter, function or class.
#[must_use]
pub fn is_taken(facts: &Facts, name: &str) -> bool {
    let same = |symbol: Symbol| facts.name(symbol) == name;
    facts.classes.iter().any(|c| same(c.name))
        || facts.functions.iter().any(|f| {
            same(f.name)
                || f.params.iter().any(|p| same(p.name))
                || f.exprs.iter().any(|e| match &e.kind {
                    ExprKind::Assign { target, .. } => binds(target, &same),
                    _ => false,
                })
        })
}

/// True when the target gives a value to a variable that `wanted` accepts.
pub fn binds(target: &Target, wanted: &dyn Fn(Symbol) -> bool) -> bool {
    match target {
        Target::Name(symbol, _) => wanted(*symbol),
        Target::Tuple(all) => all.iter().any(|t| binds(t, wanted)),
        Target::Fields(all) => all.iter().any(|(_, t)| binds(t, wanted)),
        Target::Rest(inner) | Target::Default(inner, _) => binds(inner, wanted),
        Target::Member { .. } | Target::Index { .. } | Target::Ignore => false,
    }
}

/// The last name of an expression, for naming what holds its value: `request.args["q"]` is `q`, `user.name` is `name`, `str(x)` is `x`.
#[must_use]
pub fn last_name<'a>(code: &Code<'a>, id: ExprId) -> Option<&'a str> {
    match code.kind(id) {
        ExprKind::Name(symbol) => Some(code.facts.name(*symbol)),
        ExprKind::Member { name, .. } => Some(code.facts.name(*name)),
        ExprKind::Index { index, .. } => match code.kind(*index) {
            ExprKind::Str(text) if is_word(text) => Some(text),
            _ => None,
        },
        ExprKind::Call { callee, args, .. } => args
            .iter()
            .find_map(|a| match code.kind(a.value) {
                ExprKind::Str(text) if is_word(text) => Some(&**text),
                ExprKind::Str(_) | ExprKind::Num(_) => None,
                _ => last_name(code, a.value),
            })
            .or_else(|| match code.kind(*callee) {
                ExprKind::Member { base, .. } => last_name(code, *base),
                _ => None,
            }),
        ExprKind::Same(inner)
        | ExprKind::Unary { operand: inner, .. }
        | ExprKind::Cast { value: inner, .. }
        | ExprKind::Slice { base: inner } => last_name(code, *inner),
        ExprKind::Logic { operands, .. } => operands.iter().find_map(|o| last_name(code, *o)),
        _ => None,
    }
}

/// True for text that can be a name.
#[must_use]
pub fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
