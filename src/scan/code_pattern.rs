//! Code patterns with metavariables: `requests.get($URL, verify=False, ...)`, written in the language itself.
//!
//! A pattern is lowered to facts by the language's own adapter and compared with the facts of a file, so that layout, quotes, parentheses and
//! import aliases do not matter. `$NAME` stands for any expression, the same one wherever it occurs again; `...` among arguments or elements for
//! any number of them; a string with only `...` in it for any string.

use crate::lang::{Lang, facts::*, lower};
use std::collections::HashMap;

/// What a metavariable and an ellipsis are called while the adapter reads the pattern: names that any language takes.
const METAVARIABLE: &str = "MV_";
const ELLIPSIS: &str = "MV_ANY_NUMBER";

/// A pattern, ready to be compared.
pub struct CodePattern {
    facts: Facts,
    function: FunctionId,
    root: ExprId,
}

/// What metavariables stand for: their expressions' source, by name.
pub type Bindings = HashMap<Box<str>, ExprId>;

impl CodePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A sentence: it is not valid in the language, or no single expression.
    pub fn parse(lang: Lang, source: &str) -> Result<CodePattern, String> {
        let (before, after) = around(lang);
        let text = format!("{before}{}{after}", placeholders(source.trim(), lang));
        let facts = lower(lang, text.as_bytes()).ok_or("the pattern cannot be read")?;
        if !facts.unread.is_empty() {
            return Err(format!("the pattern is not valid {}", lang.name()));
        }
        let holds = |f: &&(usize, &Function)| f.1.blocks.iter().any(|b| !b.items.is_empty());
        let functions: Vec<_> = facts.functions.iter().enumerate().collect();
        // The function that the pattern was wrapped in; the module's own body where it was not.
        let (id, function) = functions.iter().rev().find(holds).ok_or("the pattern is empty")?;
        let items: Vec<ExprId> = function.blocks.iter().flat_map(|b| &b.items).map(|i| i.root).collect();
        let [root] = items[..] else {
            return Err("the pattern must be one expression or statement".into());
        };
        let function = FunctionId(*id as u32);
        let pattern = CodePattern { facts, function, root };
        if pattern.metavariable(root).is_some() {
            return Err("a pattern that is only a metavariable matches everything".into());
        }
        Ok(pattern)
    }

    /// True when an expression of a file is written like the pattern; `bound` says what its metavariables stand for.
    #[must_use]
    pub fn matches(&self, facts: &Facts, text: &[u8], function: FunctionId, at: ExprId, bound: &mut Bindings) -> bool {
        bound.clear();
        let mut matching = Matching {
            pattern: self,
            facts,
            text,
            function: &facts.functions[function.ix()],
            bound,
        };
        matching.same(self.root, at)
    }

    fn kind(&self, id: ExprId) -> &ExprKind {
        &self.facts.functions[self.function.ix()].exprs[id.ix()].kind
    }

    /// The name of a metavariable.
    fn metavariable(&self, id: ExprId) -> Option<&str> {
        match self.kind(id) {
            ExprKind::Name(name) => self.facts.name(*name).strip_prefix(METAVARIABLE),
            _ => None,
        }
    }

    fn is_ellipsis(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::Name(name) if self.facts.name(*name) == ELLIPSIS)
    }
}

/// What must stand around an expression for a file of the language to be valid.
fn around(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Go => ("package p\nfunc f() {\n", "\n}\n"),
        Lang::Rust => ("fn f() {\n", ";\n}\n"),
        Lang::C | Lang::Cpp => ("void f() {\n", ";\n}\n"),
        Lang::Java => ("class A { void f() {\n", ";\n} }\n"),
        Lang::CSharp => ("class A { void F() {\n", ";\n} }\n"),
        Lang::Php => ("<?php\n", ";\n"),
        _ => ("", "\n"),
    }
}

/// Metavariables and ellipses as names. `$name` with small letters stays: a variable in PHP and shells.
fn placeholders(source: &str, lang: Lang) -> String {
    let sign = if lang == Lang::Php { "$" } else { "" };
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    let mut quote = None;
    while let Some(letter) = rest.chars().next() {
        let tail = &rest[letter.len_utf8()..];
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None if letter == '$' && tail.starts_with(|c: char| c.is_ascii_uppercase()) => {
                let end = tail
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(tail.len());
                out.push_str(sign);
                out.push_str(METAVARIABLE);
                out.push_str(&tail[..end]);
                rest = &tail[end..];
                continue;
            }
            None if rest.starts_with("...") => {
                out.push_str(sign);
                out.push_str(ELLIPSIS);
                rest = &rest[3..];
                continue;
            }
            _ => {}
        }
        out.push(letter);
        rest = tail;
    }
    out
}

struct Matching<'m> {
    pattern: &'m CodePattern,
    facts: &'m Facts,
    text: &'m [u8],
    function: &'m Function,
    bound: &'m mut Bindings,
}

impl Matching<'_> {
    /// As deep as the pattern is, which the adapter bounds.
    fn same(&mut self, wanted: ExprId, given: ExprId) -> bool {
        let given = self.plain(given);
        if let Some(name) = self.pattern.metavariable(wanted) {
            return self.bind(name.into(), given);
        }
        let pattern = self.pattern;
        let function = self.function;
        if let Some(path) = dotted(&pattern.facts, &pattern.facts.functions[pattern.function.ix()], wanted)
            && dotted(self.facts, function, given) == Some(path)
        {
            return true;
        }
        match (pattern.kind(wanted), &function.exprs[given.ix()].kind) {
            (ExprKind::Same(inner), _) => self.same(*inner, given),
            (ExprKind::Str(a), ExprKind::Str(b)) => &**a == "..." || a == b,
            (ExprKind::Num(a), ExprKind::Num(b)) => a == b,
            (ExprKind::Bool(a), ExprKind::Bool(b)) => a == b,
            (ExprKind::Null, ExprKind::Null) => true,
            (ExprKind::Name(a), ExprKind::Name(b)) => pattern.facts.name(*a) == self.facts.name(*b),
            (ExprKind::Member { base: a, name: x, .. }, ExprKind::Member { base: b, name: y, .. }) => {
                pattern.facts.name(*x) == self.facts.name(*y) && self.same(*a, *b)
            }
            (ExprKind::Index { base: a, index: x }, ExprKind::Index { base: b, index: y }) => {
                self.same(*a, *b) && self.same(*x, *y)
            }
            (ExprKind::Call { callee: a, args: x, .. }, ExprKind::Call { callee: b, args: y, .. }) => {
                self.same(*a, *b) && self.arguments(x, y)
            }
            (ExprKind::Concat(a), ExprKind::Concat(b))
            | (ExprKind::Sequence(a), ExprKind::Sequence(b))
            | (ExprKind::Other(a), ExprKind::Other(b)) => self.all(a, b),
            (ExprKind::Logic { op: a, operands: x }, ExprKind::Logic { op: b, operands: y }) => {
                a == b && self.all(x, y)
            }
            (
                ExprKind::Binary {
                    op: a,
                    left: l,
                    right: r,
                },
                ExprKind::Binary {
                    op: b,
                    left: x,
                    right: y,
                },
            ) => a == b && self.same(*l, *x) && self.same(*r, *y),
            (ExprKind::Unary { op: a, operand: x }, ExprKind::Unary { op: b, operand: y }) => {
                a == b && self.same(*x, *y)
            }
            (
                ExprKind::Assign {
                    target: a, value: x, ..
                },
                ExprKind::Assign {
                    target: b, value: y, ..
                },
            ) => self.target(a, b) && self.same(*x, *y),
            _ => false,
        }
    }

    /// The value itself, not its parentheses.
    fn plain(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Same(inner) = &self.function.exprs[id.ix()].kind {
            id = *inner;
        }
        id
    }

    /// A metavariable stands for one piece of source throughout.
    fn bind(&mut self, name: Box<str>, given: ExprId) -> bool {
        let source = |id: ExprId| self.function.exprs[id.ix()].span.of(self.text);
        match self.bound.get(&name) {
            Some(known) => source(*known) == source(given),
            None => {
                self.bound.insert(name, given);
                true
            }
        }
    }

    /// Positional arguments in order, with ellipses; named ones wherever they stand.
    fn arguments(&mut self, wanted: &[Arg], given: &[Arg]) -> bool {
        let pattern = self.pattern;
        let named = |facts: &Facts, a: &Arg| a.name.map(|n| facts.name(n).to_owned());
        for want in wanted.iter().filter(|a| a.name.is_some()) {
            let name = named(&pattern.facts, want);
            let Some(found) = given.iter().find(|g| named(self.facts, g) == name) else {
                return false;
            };
            if !self.same(want.value, found.value) {
                return false;
            }
        }
        let open = wanted.iter().any(|a| pattern.is_ellipsis(a.value));
        let extra = given.iter().filter(|g| g.name.is_some()).any(|g| {
            let name = named(self.facts, g);
            !wanted.iter().any(|w| named(&pattern.facts, w) == name)
        });
        let positional =
            |all: &[Arg]| -> Vec<ExprId> { all.iter().filter(|a| a.name.is_none()).map(|a| a.value).collect() };
        (open || !extra) && self.all(&positional(wanted), &positional(given))
    }

    /// Element by element; an ellipsis stands for as many as the rest leaves.
    fn all(&mut self, wanted: &[ExprId], given: &[ExprId]) -> bool {
        match wanted.iter().position(|w| self.pattern.is_ellipsis(*w)) {
            None => wanted.len() == given.len() && wanted.iter().zip(given).all(|(w, g)| self.same(*w, *g)),
            Some(at) => {
                let (before, after) = (&wanted[..at], &wanted[at + 1..]);
                let Some(free) = given.len().checked_sub(before.len()) else {
                    return false;
                };
                if !before.iter().zip(given).all(|(w, g)| self.same(*w, *g)) {
                    return false;
                }
                (0..=free).any(|skipped| {
                    let known = self.bound.clone();
                    let fits = self.all(after, &given[at + skipped..]);
                    if !fits {
                        *self.bound = known;
                    }
                    fits
                })
            }
        }
    }

    fn target(&mut self, wanted: &Target, given: &Target) -> bool {
        let pattern = self.pattern;
        match (wanted, given) {
            // What a metavariable assigned to is called has no expression: any name will do.
            (Target::Name(a, _), Target::Name(b, _)) => {
                let name = pattern.facts.name(*a);
                name.starts_with(METAVARIABLE) || name == self.facts.name(*b)
            }
            (Target::Member { base: a, name: x, .. }, Target::Member { base: b, name: y, .. }) => {
                pattern.facts.name(*x) == self.facts.name(*y) && self.same(*a, *b)
            }
            (Target::Index { base: a, index: x, .. }, Target::Index { base: b, index: y, .. }) => {
                self.same(*a, *b) && self.same(*x, *y)
            }
            _ => false,
        }
    }
}

/// `a.b.c` with what `a` was imported as; a pattern imports nothing, so its names are whole paths already.
fn dotted(facts: &Facts, function: &Function, at: ExprId) -> Option<String> {
    let mut names = Vec::new();
    let mut at = at;
    loop {
        match &function.exprs[at.ix()].kind {
            ExprKind::Member { base, name, .. } => {
                names.push(facts.name(*name));
                at = *base;
            }
            ExprKind::Name(name) => {
                let text = facts.name(*name);
                if text.starts_with(METAVARIABLE) {
                    return None;
                }
                let imported = facts.imports.iter().find(|i| i.local == *name && !i.all);
                names.push(imported.map_or(text, |i| &*i.path));
                break;
            }
            _ => return None,
        }
    }
    names.reverse();
    Some(names.join("."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    /// The sources of all expressions of `code` that the pattern matches.
    fn found(lang: Lang, pattern: &str, code: &str) -> Vec<String> {
        let pattern = CodePattern::parse(lang, pattern).unwrap_or_else(|e| panic!("{e}"));
        let facts = lower(lang, code.as_bytes()).unwrap();
        let mut all = Vec::new();
        for (i, function) in facts.functions.iter().enumerate() {
            for (at, expr) in function.exprs.iter().enumerate() {
                let mut bound = Bindings::new();
                if pattern.matches(
                    &facts,
                    code.as_bytes(),
                    FunctionId(i as u32),
                    ExprId(at as u32),
                    &mut bound,
                ) {
                    all.push(String::from_utf8_lossy(expr.span.of(code.as_bytes())).into_owned());
                }
            }
        }
        all
    }

    #[test]
    fn metavariables_ellipses_and_aliases() {
        let code = "import subprocess as sp\nfrom os import system\nsp.run(a, shell=True)\nsp.run(a, b, shell=True, check=x)\nsp.run(a)\nsystem(c)\n";
        assert_eq!(
            found(Lang::Python, "subprocess.run($CMD, shell=True)", code),
            ["sp.run(a, shell=True)"]
        );
        assert_eq!(found(Lang::Python, "subprocess.run(..., shell=True)", code).len(), 2);
        assert_eq!(found(Lang::Python, "os.system(c)", code), ["system(c)"]);
        assert_eq!(
            found(Lang::Python, "$X == $X", "a == a\na == b\nf(1) == f(1)\n"),
            ["a == a", "f(1) == f(1)"]
        );
        assert_eq!(
            found(Lang::Python, "log(\"...\" + $X)", "log('a' + b)\nlog(c + b)\n"),
            ["log('a' + b)"]
        );
        assert_eq!(
            found(
                Lang::Python,
                "$X.password = \"...\"",
                "a.b.password = 'x'\na.password = y\n"
            ),
            ["a.b.password = 'x'"]
        );
    }

    #[test]
    fn patterns_of_other_languages() {
        assert_eq!(
            found(
                Lang::JavaScript,
                "$EL.innerHTML = $X",
                "a.b.innerHTML = f(x);\na.text = x;"
            ),
            ["a.b.innerHTML = f(x)"]
        );
        let go = "package a\nimport \"os/exec\"\nfunc g(x string) { exec.Command(\"sh\", \"-c\", x) }\n";
        assert_eq!(found(Lang::Go, "exec.Command(\"sh\", ...)", go).len(), 1);
        let java = "class B { void g(String x) throws Exception { Runtime.getRuntime().exec(x); } }";
        assert_eq!(found(Lang::Java, "$R.exec($X)", java).len(), 1);
        assert_eq!(
            found(Lang::C, "strcpy($A, $B)", "void g(char *a, char *b) { strcpy(a, b); }").len(),
            1
        );
        assert_eq!(found(Lang::Php, "system($X)", "<?php system($_GET['a']); ?>").len(), 1);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (lang, source) in [
            (Lang::Python, "$X"),
            (Lang::Python, ""),
            (Lang::Python, "f("),
            (Lang::Python, "a()\nb()"),
            (Lang::Go, "func ("),
        ] {
            assert!(CodePattern::parse(lang, source).is_err(), "{source}");
        }
    }
}
