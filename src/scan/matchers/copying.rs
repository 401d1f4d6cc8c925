//! Functions that write into an object under keys they do not check, and go deeper by such keys: a recursive merge, a setter by path. With
//! the key `__proto__` they reach what all objects share. Syntax alone; what a key may be is not evaluated here.
//!
//! Silent where the function, or something of the file that it mentions, names `__proto__`, and where it asks whether the object it writes to
//! has the key: these are checks.

use crate::{lang::facts::*, text::Span};
use std::collections::HashSet;

/// The key that leads to what all objects share.
const SHARED: &str = "__proto__";

/// Where `id` writes under an unchecked key, when it also goes deeper by one.
#[must_use]
pub fn unchecked_copy(facts: &Facts, id: FunctionId) -> Option<Span> {
    let body = Body::of(facts, id);
    let (writes, at): (Vec<(ExprOf, Symbol)>, Vec<Span>) = body.writes().unzip();
    // An object that is made on the way (`if (!a[k]) a[k] = {}`) is not what does harm.
    let deeper = writes.iter().zip(&at).filter(|((base, _), _)| body.goes_deeper(*base));
    let first = deeper
        .min_by_key(|(_, span)| (body.makes.contains(span), span.start))
        .map(|(_, span)| *span)?;
    (!body.names_the_shared_key() && !body.asks_for_key(&writes)).then_some(first)
}

/// An expression and the function it is of.
type ExprOf = (FunctionId, ExprId);

/// A function with the lambdas written in it.
struct Body<'f> {
    facts: &'f Facts,
    id: FunctionId,
    all: Vec<FunctionId>,
    /// Variables that are keys of objects in turn: of loops, and of the functions passed to loops.
    keys: HashSet<Symbol>,
    /// Assignments of something that is written out: an object, a list.
    makes: HashSet<Span>,
}

impl<'f> Body<'f> {
    fn of(facts: &'f Facts, id: FunctionId) -> Body<'f> {
        let mut all = vec![id];
        for (i, function) in facts.functions.iter().enumerate() {
            // Inner functions follow the outer ones.
            if function.kind == FunctionKind::Lambda && function.parent.is_some_and(|p| all.contains(&p)) {
                all.push(FunctionId(i as u32));
            }
        }
        all.dedup();
        let (mut keys, mut makes) = (HashSet::new(), HashSet::new());
        for inner in &all {
            let function = &facts.functions[inner.ix()];
            if *inner != id {
                keys.extend(function.params.iter().map(|p| p.name));
            }
            for expr in &function.exprs {
                if let ExprKind::Assign {
                    target,
                    mode: AssignMode::Each,
                    ..
                } = &expr.kind
                {
                    named(target, &mut keys);
                }
                if let ExprKind::Assign { value, .. } = &expr.kind
                    && matches!(
                        function.exprs[value.ix()].kind,
                        ExprKind::Map(_) | ExprKind::Sequence(_)
                    )
                {
                    makes.insert(expr.span);
                }
            }
        }
        Body {
            facts,
            id,
            all,
            keys,
            makes,
        }
    }

    /// True when the function holds a text with the shared key, or mentions a name that something with such a text is given to, or that a
    /// function with such a text has.
    fn names_the_shared_key(&self) -> bool {
        let mut mentioned: HashSet<&str> = HashSet::new();
        for (_, expr) in self.exprs() {
            match &expr.kind {
                ExprKind::Name(name) | ExprKind::Member { name, .. } => {
                    mentioned.insert(self.facts.name(*name));
                }
                _ => {}
            }
        }
        self.facts.functions.iter().enumerate().any(|(i, function)| {
            let texts = function.exprs.iter().filter(|e| {
                let ExprKind::Str(text) = &e.kind else { return false };
                text.contains(SHARED)
            });
            let own = self.all.contains(&FunctionId(i as u32)) || mentioned.contains(self.facts.name(function.name));
            let spans: Vec<Span> = texts.map(|e| e.span).collect();
            !spans.is_empty() && (own || self.is_given_to_one_of(&mentioned, &spans))
        })
    }

    /// True when one of the spans lies in a value that is assigned to one of the names.
    fn is_given_to_one_of(&self, names: &HashSet<&str>, spans: &[Span]) -> bool {
        let exprs = self.facts.functions.iter().flat_map(|f| f.exprs.iter());
        exprs.into_iter().any(|expr| match &expr.kind {
            ExprKind::Assign { target, .. } => {
                let (Target::Name(name, _) | Target::Member { name, .. }) = &**target else {
                    return false;
                };
                names.contains(self.facts.name(*name))
                    && spans
                        .iter()
                        .any(|s| expr.span.start <= s.start && s.end <= expr.span.end)
            }
            _ => false,
        })
    }

    fn kind(&self, (function, id): ExprOf) -> &'f ExprKind {
        &self.facts.functions[function.ix()].exprs[id.ix()].kind
    }

    fn exprs(&self) -> impl Iterator<Item = (FunctionId, &'f Expr)> + '_ {
        let of = |id: &FunctionId| {
            let function = &self.facts.functions[id.ix()];
            function.exprs.iter().map(|e| (*id, e)).collect::<Vec<_>>()
        };
        self.all.iter().flat_map(of)
    }

    /// `base[key] = ..` with a key that is not written out: base, the key's variable, and where.
    fn writes(&self) -> impl Iterator<Item = ((ExprOf, Symbol), Span)> + '_ {
        self.exprs().filter_map(|(function, expr)| {
            let ExprKind::Assign { target, .. } = &expr.kind else {
                return None;
            };
            let Target::Index { base, index, .. } = &**target else {
                return None;
            };
            let key = self.key((function, *index))?;
            Some((((function, *base), key), expr.span))
        })
    }

    /// The variable that an index is.
    fn key(&self, index: ExprOf) -> Option<Symbol> {
        match self.kind(index) {
            ExprKind::Name(name) => Some(*name),
            ExprKind::Index { base, .. } => self.variable((index.0, *base)),
            // `keys.shift()`
            ExprKind::Call { callee, args, .. } if args.is_empty() => match self.kind((index.0, *callee)) {
                ExprKind::Member { base, name, .. } if matches!(self.facts.name(*name), "shift" | "pop") => {
                    self.variable((index.0, *base))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn variable(&self, expr: ExprOf) -> Option<Symbol> {
        match self.kind(expr) {
            ExprKind::Name(name) => Some(*name),
            _ => None,
        }
    }

    /// True when the function goes into `base`: it calls itself with `base[key]`, or steps down a path (`base = base[key]`).
    fn goes_deeper(&self, base: ExprOf) -> bool {
        let Some(object) = self.variable(base) else {
            return false;
        };
        let path = self.takes_a_path() && self.writes_what_it_is_given();
        self.exprs().any(|(function, expr)| match &expr.kind {
            ExprKind::Call { callee, args, .. } if self.is_self((function, *callee)) => {
                let [into, of, ..] = args[..] else { return false };
                self.is_element((function, into.value), Some(object), true)
                    && self.is_element((function, of.value), None, true)
            }
            ExprKind::Assign { target, value, .. } if path => {
                matches!(**target, Target::Name(name, _) if name == object)
                    && self.is_element((function, *value), Some(object), false)
            }
            _ => false,
        })
    }

    /// `object[key]` (of any object when none is named), perhaps with a default or made on the way (`object[key] || {}`), or the variable
    /// of a loop over entries.
    fn is_element(&self, expr: ExprOf, object: Option<Symbol>, by_loop: bool) -> bool {
        let fits = |base: ExprId| object.is_none() || self.variable((expr.0, base)) == object;
        let mut open = vec![expr.1];
        while let Some(id) = open.pop() {
            match self.kind((expr.0, id)) {
                ExprKind::Name(name) if object.is_none() && self.keys.contains(name) => return true,
                ExprKind::Index { base, index } if fits(*base) => {
                    if let Some(key) = self.key((expr.0, *index)) {
                        return !by_loop || self.keys.contains(&key);
                    }
                }
                ExprKind::Logic { operands, .. } => open.extend(operands),
                ExprKind::Same(inner) | ExprKind::Cast { value: inner, .. } => open.push(*inner),
                ExprKind::Ternary { then, other, .. } => open.extend([then, other]),
                ExprKind::Assign { target, value, .. } => {
                    let Target::Index { base, index, .. } = &**target else {
                        continue;
                    };
                    if fits(*base) && self.key((expr.0, *index)).is_some() {
                        return true;
                    }
                    open.push(*value);
                }
                _ => {}
            }
        }
        false
    }

    /// True when `callee` is the function itself, by its name or by that of the variable that holds it.
    fn is_self(&self, callee: ExprOf) -> bool {
        let function = &self.facts.functions[self.id.ix()];
        let name = match self.kind(callee) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => *name,
            _ => return false,
        };
        let text = self.facts.name(name);
        if self.facts.name(function.name) == text {
            return true;
        }
        let Some(parent) = function.parent else { return false };
        let outer = &self.facts.functions[parent.ix()];
        outer.exprs.iter().any(|expr| {
            let ExprKind::Assign { target, value, .. } = &expr.kind else {
                return false;
            };
            let held = matches!(outer.exprs[value.ix()].kind, ExprKind::Lambda(id) if id == self.id);
            held && match &**target {
                Target::Name(held, _) | Target::Member { name: held, .. } => self.facts.name(*held) == text,
                _ => false,
            }
        })
    }

    /// True when it takes a path apart (`path.split(".")`), or is given its parts.
    fn takes_a_path(&self) -> bool {
        let function = &self.facts.functions[self.id.ix()];
        let parts = |name: &str| matches!(name, "path" | "keys" | "keyPath" | "segments" | "parts" | "props");
        function.params.iter().any(|p| parts(self.facts.name(p.name)))
            || self.exprs().any(|(id, expr)| {
                let ExprKind::Call { callee, .. } = &expr.kind else {
                    return false;
                };
                matches!(self.kind((id, *callee)), ExprKind::Member { name, .. } if self.facts.name(*name) == "split")
            })
    }

    /// True when some element becomes one of the parameters.
    fn writes_what_it_is_given(&self) -> bool {
        let params = &self.facts.functions[self.id.ix()].params;
        self.exprs().any(|(id, expr)| {
            let ExprKind::Assign { target, value, .. } = &expr.kind else {
                return false;
            };
            let given = self.variable((id, *value));
            matches!(**target, Target::Index { .. }) && given.is_some_and(|v| params.iter().any(|p| p.name == v))
        })
    }

    /// `target.hasOwnProperty(key)`, `Object.hasOwn(target, key)`, `key in target`: only keys that are there already.
    fn asks_for_key(&self, writes: &[(ExprOf, Symbol)]) -> bool {
        let objects: Vec<Symbol> = writes.iter().filter_map(|(base, _)| self.variable(*base)).collect();
        let is_object = |expr: ExprOf| self.variable(expr).is_some_and(|name| objects.contains(&name));
        self.exprs().any(|(id, expr)| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else {
                return false;
            };
            let ExprKind::Member { base, name, .. } = self.kind((id, *callee)) else {
                return false;
            };
            let first = args.first().map(|a| (id, a.value));
            match self.facts.name(*name) {
                "hasOwnProperty" => is_object((id, *base)),
                "hasOwn" | "call" => first.is_some_and(is_object),
                _ => false,
            }
        })
    }
}

/// The variables a target binds.
fn named(target: &Target, names: &mut HashSet<Symbol>) {
    let mut open = vec![target];
    while let Some(target) = open.pop() {
        match target {
            Target::Name(name, _) => {
                names.insert(*name);
            }
            Target::Tuple(all) => open.extend(all),
            Target::Fields(all) => open.extend(all.iter().map(|(_, t)| t)),
            Target::Rest(inner) | Target::Default(inner, _) => open.push(inner),
            Target::Member { .. } | Target::Index { .. } | Target::Ignore => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::lang::{Lang, lower};

    /// True when some function of the code copies under unchecked keys.
    fn copies(code: &str) -> bool {
        let facts = lower(Lang::JavaScript, code.as_bytes()).unwrap();
        (0..facts.functions.len()).any(|i| unchecked_copy(&facts, FunctionId(i as u32)).is_some())
    }

    #[test]
    fn merges_and_setters_without_a_check_are_seen() {
        for code in [
            "function merge(a, b) { for (const k in b) { if (b[k] instanceof Object) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "const merge = (a, b) => { Object.keys(b).forEach((k) => { a[k] = isObject(b[k]) ? merge(a[k] || {}, b[k]) : b[k]; }); };",
            "function other(k) { return k === '__proto__'; } function merge(a, b) { for (const k in b) { if (x) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "function set(o, path, v) { const p = path.split('.'); for (const k of p) { o = o[k]; } o[p[0]] = v; }",
        ] {
            assert!(copies(code), "{code}");
        }
    }

    #[test]
    fn checks_and_flat_copies_are_not() {
        for code in [
            "function merge(a, b) { for (const k in b) { if (k === '__proto__') continue; if (x) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "function merge(a, b) { for (const k in b) { if (a.hasOwnProperty(k)) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "const BAD = ['__proto__']; function merge(a, b) { for (const k in b) { if (BAD.includes(k)) continue; if (x) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "const bad = (k) => k === '__proto__'; function merge(a, b) { for (const k in b) { if (bad(k)) continue; if (x) merge(a[k], b[k]); else a[k] = b[k]; } }",
            "function copy(a, b) { for (const k in b) { a[k] = b[k]; } return a; }",
            "function clone(v) { const out = {}; for (const k in v) { out[k] = clone(v[k]); } return out; }",
        ] {
            assert!(!copies(code), "{code}");
        }
    }
}
