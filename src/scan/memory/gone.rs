//! What a function of C++ gives back that ends with it: a reference to a local variable, a view of a local string.

use super::Defect;
use crate::lang::facts::*;

/// Everything of this kind in a file.
pub(super) fn defects(facts: &Facts, text: &[u8]) -> Vec<Defect> {
    let mut found = Vec::new();
    for (i, function) in facts.functions.iter().enumerate().skip(1) {
        let header = text
            .get(function.span.start as usize..function.name_span.start as usize)
            .unwrap_or_default();
        let reference = header.trim_ascii_end().ends_with(b"&");
        let view = function
            .returns
            .as_ref()
            .is_some_and(|t| facts.name(t.name).ends_with("string_view"));
        let pointer = header.trim_ascii_end().ends_with(b"*");
        if !(reference || view || pointer) || function.kind == FunctionKind::Lambda {
            continue;
        }
        for block in &function.blocks {
            let Exit::Return(Some(value)) = block.exit else {
                continue;
            };
            let Some(name) = given_back(facts, function, value, pointer) else {
                continue;
            };
            let wanted = |declared: &[u8]| {
                if reference {
                    is_value(declared)
                } else {
                    is_string(declared)
                }
            };
            if declaration(function, text, name).is_some_and(wanted) {
                found.push(Defect {
                    name: "returns-local",
                    function: FunctionId(i as u32),
                    expr: value,
                    value: Some(value),
                    detail: String::new(),
                });
            }
        }
    }
    found
}

/// The variable that is given back, whole or as `s.c_str()`.
fn given_back(facts: &Facts, function: &Function, value: ExprId, inside: bool) -> Option<Symbol> {
    let kind = |id: ExprId| &function.exprs[id.ix()].kind;
    match kind(value) {
        ExprKind::Name(name) if !inside => Some(*name),
        ExprKind::Call { callee, args, .. } if inside && args.is_empty() => {
            let ExprKind::Member { base, name, .. } = kind(*callee) else {
                return None;
            };
            match kind(*base) {
                ExprKind::Name(owner) if matches!(facts.name(*name), "c_str" | "data") => Some(*owner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The declaration of a local variable, as it is written.
fn declaration<'t>(function: &Function, text: &'t [u8], name: Symbol) -> Option<&'t [u8]> {
    if function.params.iter().any(|p| p.name == name) {
        return None;
    }
    let first = function.exprs.iter().find_map(|e| match &e.kind {
        ExprKind::Assign { target, .. } => match **target {
            Target::Name(n, span) if n == name => Some(span),
            _ => None,
        },
        _ => None,
    })?;
    // From the end of the statement before.
    let before = text.get(..first.start as usize)?;
    let from = before
        .iter()
        .rposition(|b| matches!(b, b';' | b'{' | b'}' | b'\n'))
        .map_or(0, |at| at + 1);
    let declared = before.get(from..)?.trim_ascii();
    (!declared.is_empty()).then_some(declared)
}

/// Neither a reference nor a pointer, and gone when the function is left.
fn is_value(declared: &[u8]) -> bool {
    let lasting = [&b"static"[..], b"thread_local", b"extern"];
    !declared.contains(&b'&') && !declared.contains(&b'*') && !lasting.iter().any(|w| declared.starts_with(w))
}

fn is_string(declared: &[u8]) -> bool {
    let strings = [
        &b"std::string"[..],
        b"string",
        b"std::wstring",
        b"std::ostringstream",
        b"std::vector<char>",
    ];
    is_value(declared) && strings.contains(&declared.strip_prefix(b"const ").unwrap_or(declared))
}
