//! What comes after what, without following values: a file's name checked and then used, a secret cleared that nobody reads again, an
//! iterator used after its element was taken out, work in a signal handler that must not be done there.
//!
//! It looks at the order in which a function is written and at the graph of its blocks, never at what variables hold; that is what the
//! rest of this module is for.

use super::{Defect, knowledge::Steps};
use crate::lang::facts::*;
use std::collections::{BTreeSet, HashSet};

/// Everything of this kind in a file.
pub(super) fn defects(facts: &Facts, text: &[u8]) -> Vec<Defect> {
    let handlers = handlers(facts);
    let mut found = Vec::new();
    for (i, function) in facts.functions.iter().enumerate().skip(1) {
        let order = Order {
            facts,
            text,
            id: FunctionId(i as u32),
            function,
        };
        order.names(&mut found);
        order.cleared(&mut found);
        order.erased(&mut found);
        if handlers.contains(&function.name) {
            order.in_handler(&mut found);
        }
    }
    found
}

/// The functions that are registered for signals.
fn handlers(facts: &Facts) -> HashSet<Symbol> {
    let mut all = HashSet::new();
    for function in &facts.functions {
        let name = |id: ExprId| match function.exprs[id.ix()].kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Unary { op: "&", operand } => match function.exprs[operand.ix()].kind {
                ExprKind::Name(name) => Some(name),
                _ => None,
            },
            _ => None,
        };
        for expr in &function.exprs {
            match &expr.kind {
                ExprKind::Call { callee, args, .. } => {
                    let registers = name(*callee).is_some_and(|n| Steps::known().registers(facts.name(n)));
                    all.extend(args.get(1).filter(|_| registers).and_then(|a| name(a.value)));
                }
                ExprKind::Assign { target, value, .. } => {
                    if let Target::Member { name: field, .. } = &**target
                        && matches!(facts.name(*field), "sa_handler" | "sa_sigaction")
                    {
                        all.extend(name(*value));
                    }
                }
                _ => {}
            }
        }
    }
    all
}

/// One function.
struct Order<'f> {
    facts: &'f Facts,
    text: &'f [u8],
    id: FunctionId,
    function: &'f Function,
}

impl<'f> Order<'f> {
    /// The calls of functions by their plain names, in order.
    fn calls(&self) -> impl Iterator<Item = (ExprId, &'f str, &'f [Arg])> {
        let function = self.function;
        let facts = self.facts;
        function.exprs.iter().enumerate().filter_map(move |(i, e)| {
            let ExprKind::Call { callee, args, .. } = &e.kind else {
                return None;
            };
            let ExprKind::Name(name) = function.exprs[callee.ix()].kind else {
                return None;
            };
            Some((ExprId(i as u32), facts.name(name), &args[..]))
        })
    }

    fn tell(&self, found: &mut Vec<Defect>, name: &'static str, expr: ExprId, value: Option<ExprId>) {
        found.push(Defect {
            name,
            function: self.id,
            expr,
            value,
            detail: String::new(),
        });
    }

    fn name_of(&self, id: ExprId) -> Option<Symbol> {
        match self.function.exprs[id.ix()].kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Same(inner) | ExprKind::Cast { value: inner, .. } => match self.function.exprs[inner.ix()].kind {
                ExprKind::Name(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn code(&self, id: ExprId) -> &'f [u8] {
        self.function.exprs[id.ix()].span.of(self.text).trim_ascii()
    }

    /// A name that one call looks at and a later one opens, changes or removes.
    fn names(&self, found: &mut Vec<Defect>) {
        let steps = Steps::known();
        let mut checked: Vec<(&[u8], &'static str)> = Vec::new();
        for (id, name, args) in self.calls() {
            let Some((position, kind)) = steps.names(name) else {
                continue;
            };
            let Some(arg) = args.get(position) else { continue };
            let code = self.code(arg.value);
            match kind {
                Some(kind) => checked.push((code, kind)),
                None => {
                    if let Some(at) = checked.iter().position(|(c, _)| *c == code) {
                        let (_, kind) = checked.remove(at);
                        self.tell(found, kind, id, Some(arg.value));
                    }
                }
            }
        }
    }

    /// A local buffer that was used, is filled with zeros, and is never looked at again: the compiler may leave the zeros out.
    fn cleared(&self, found: &mut Vec<Defect>) {
        for (id, name, args) in self.calls() {
            let zero = match name {
                "memset" | "wmemset" => args.get(1).is_some_and(
                    |a| matches!(&self.function.exprs[a.value.ix()].kind, ExprKind::Num(n) if &**n == "0"),
                ),
                "bzero" | "ZeroMemory" | "RtlZeroMemory" => true,
                _ => false,
            };
            let Some(buffer) = args.first().filter(|_| zero).and_then(|a| self.name_of(a.value)) else {
                continue;
            };
            let array = self.function.exprs.iter().any(|e| self.declares_array(e, buffer));
            let uses = |range: std::ops::Range<usize>| {
                let exprs = self.function.exprs.get(range).unwrap_or_default();
                exprs.iter().any(|e| matches!(e.kind, ExprKind::Name(n) if n == buffer))
            };
            let first = args.first().map_or(id, |a| a.value);
            let later = uses(id.ix() + 1..self.function.exprs.len());
            if array && uses(0..first.ix()) && !later && !self.comes_back(id) {
                self.tell(found, "cleared-last", id, None);
            }
        }
    }

    fn declares_array(&self, expr: &Expr, buffer: Symbol) -> bool {
        let ExprKind::Assign { target, value, .. } = &expr.kind else {
            return false;
        };
        let named = matches!(**target, Target::Name(name, _) if name == buffer);
        named
            && matches!(&self.function.exprs[value.ix()].kind, ExprKind::Cast { ty, .. } if self.facts.name(ty.name) == "[]")
            && !expr.span.of(self.text).starts_with(b"static")
    }

    /// The block an expression is in.
    fn block_of(&self, id: ExprId) -> Option<usize> {
        let within = |b: &Block| b.items.iter().any(|i| i.first.0 <= id.0 && id.0 <= i.root.0);
        self.function.blocks.iter().position(within)
    }

    fn next(&self, block: usize) -> Vec<usize> {
        match &self.function.blocks[block].exit {
            Exit::Goto(to) => vec![to.ix()],
            Exit::Branch { yes, no, .. } => vec![yes.ix(), no.ix()],
            Exit::Any(all) => all.iter().map(|b| b.ix()).collect(),
            Exit::Return(_) | Exit::Raise | Exit::End => Vec::new(),
        }
    }

    /// True in a loop.
    fn comes_back(&self, id: ExprId) -> bool {
        let Some(home) = self.block_of(id) else { return true };
        let mut open = self.next(home);
        let mut seen = BTreeSet::new();
        while let Some(block) = open.pop() {
            if block == home {
                return true;
            }
            if seen.insert(block) {
                open.extend(self.next(block));
            }
        }
        false
    }

    /// `v.erase(it)` after which the loop goes on with `++it`.
    fn erased(&self, found: &mut Vec<Defect>) {
        for (i, expr) in self.function.exprs.iter().enumerate() {
            let id = ExprId(i as u32);
            let ExprKind::Call { callee, args, .. } = &expr.kind else {
                continue;
            };
            let ExprKind::Member { name, .. } = self.function.exprs[callee.ix()].kind else {
                continue;
            };
            let [one] = &args[..] else { continue };
            let Some(iterator) = self.name_of(one.value).filter(|_| self.facts.name(name) == "erase") else {
                continue;
            };
            if self.goes_on(id, iterator) {
                self.tell(found, "gone-iterator", id, Some(one.value));
            }
        }
    }

    /// True when a step of the variable comes before any other value is given to it.
    fn goes_on(&self, after: ExprId, variable: Symbol) -> bool {
        let Some(home) = self.block_of(after) else { return false };
        let mut open = vec![(home, after.0 + 1)];
        let mut seen = BTreeSet::new();
        while let Some((block, from)) = open.pop() {
            match self.first_step(block, from, variable) {
                Some(true) => return true,
                Some(false) => continue,
                None => {}
            }
            let next = self.next(block).into_iter().filter(|b| seen.insert(*b));
            open.extend(next.map(|b| (b, 0)));
        }
        false
    }

    /// Whether the first assignment to the variable in a block is a step (`++it`); nothing when there is none.
    fn first_step(&self, block: usize, from: u32, variable: Symbol) -> Option<bool> {
        for item in &self.function.blocks[block].items {
            for id in item.first.0.max(from)..=item.root.0 {
                let ExprKind::Assign { target, value, .. } = &self.function.exprs[id as usize].kind else {
                    continue;
                };
                if !matches!(**target, Target::Name(name, _) if name == variable) {
                    continue;
                }
                let ExprKind::Concat(parts) = &self.function.exprs[value.ix()].kind else {
                    return Some(false);
                };
                return Some(parts.first().and_then(|p| self.name_of(*p)) == Some(variable));
            }
        }
        None
    }

    /// The first call in a handler that may meet itself half done.
    fn in_handler(&self, found: &mut Vec<Defect>) {
        let unsafe_call = self.calls().find(|(_, name, _)| Steps::known().unsafe_in_handler(name));
        if let Some((id, ..)) = unsafe_call {
            self.tell(found, "unsafe-in-handler", id, None);
        }
    }
}
