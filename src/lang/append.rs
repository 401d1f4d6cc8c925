//! The facts of several files as those of one, so that what follows values through one file follows them through several.
//!
//! Every file keeps its own module function. Its names, functions and classes get new numbers, and its places are moved behind the text of
//! the files before it: the text that places speak of is that of all files, one after the other.

use super::facts::*;
use crate::text::Span;

/// What is added to the numbers and places of a file.
struct Shift {
    names: Vec<Symbol>,
    functions: u32,
    classes: u32,
    bytes: u32,
}

impl Facts {
    /// Adds the facts of another file of the same language, whose text begins at byte `offset` of the joined text. Gives the function
    /// that is the other file's module body.
    pub fn append(&mut self, mut other: Facts, offset: u32) -> FunctionId {
        let shift = Shift {
            names: self.names.take_in(&other.names),
            functions: self.functions.len() as u32,
            classes: self.classes.len() as u32,
            bytes: offset,
        };
        other.functions.shift(&shift);
        other.classes.shift(&shift);
        other.imports.shift(&shift);
        for comment in &mut other.comments {
            comment.span.shift(&shift);
        }
        for unread in &mut other.unread {
            unread.span.shift(&shift);
        }
        self.functions.append(&mut other.functions);
        self.classes.append(&mut other.classes);
        self.imports.append(&mut other.imports);
        self.comments.append(&mut other.comments);
        self.unread.append(&mut other.unread);
        FunctionId(shift.functions)
    }
}

impl Interner {
    /// Takes in the names of another file; gives the symbol each of its symbols becomes.
    fn take_in(&mut self, other: &Interner) -> Vec<Symbol> {
        let taken = other
            .iter()
            .map(|(symbol, text)| match other.find(text) == Some(symbol) {
                true => self.intern(text),
                false => self.fresh(text),
            });
        taken.collect()
    }
}

/// What has numbers or places of its file in it.
trait Shifted {
    fn shift(&mut self, by: &Shift);
}

impl Shifted for Symbol {
    fn shift(&mut self, by: &Shift) {
        *self = by.names[self.0 as usize];
    }
}

impl Shifted for FunctionId {
    fn shift(&mut self, by: &Shift) {
        self.0 += by.functions;
    }
}

impl Shifted for ClassId {
    fn shift(&mut self, by: &Shift) {
        self.0 += by.classes;
    }
}

impl Shifted for Span {
    fn shift(&mut self, by: &Shift) {
        self.start += by.bytes;
        self.end += by.bytes;
    }
}

impl<T: Shifted> Shifted for Option<T> {
    fn shift(&mut self, by: &Shift) {
        if let Some(inner) = self {
            inner.shift(by);
        }
    }
}

impl<T: Shifted> Shifted for Vec<T> {
    fn shift(&mut self, by: &Shift) {
        self.iter_mut().for_each(|one| one.shift(by));
    }
}

impl Shifted for Function {
    fn shift(&mut self, by: &Shift) {
        let Function {
            kind: _,
            name,
            span,
            name_span,
            body,
            class,
            parent,
            params,
            decorators: _,
            returns,
            is_async: _,
            exported: _,
            outer,
            exprs,
            blocks: _,
            branches,
            handlers,
        } = self;
        name.shift(by);
        span.shift(by);
        name_span.shift(by);
        body.shift(by);
        class.shift(by);
        parent.shift(by);
        params.shift(by);
        returns.shift(by);
        outer.shift(by);
        exprs.shift(by);
        branches.shift(by);
        handlers.shift(by);
    }
}

impl Shifted for Param {
    fn shift(&mut self, by: &Shift) {
        self.name.shift(by);
        self.span.shift(by);
        self.ty.shift(by);
    }
}

impl Shifted for TypeRef {
    fn shift(&mut self, by: &Shift) {
        self.name.shift(by);
        self.args.shift(by);
        self.span.shift(by);
    }
}

impl Shifted for Expr {
    fn shift(&mut self, by: &Shift) {
        self.span.shift(by);
        match &mut self.kind {
            ExprKind::Name(name) => name.shift(by),
            ExprKind::Member { name, name_span, .. } => {
                name.shift(by);
                name_span.shift(by);
            }
            ExprKind::Call { args, args_span, .. } => {
                args.shift(by);
                args_span.shift(by);
            }
            ExprKind::Template { parts, .. } => parts.shift(by),
            ExprKind::Format { args, .. } => args.shift(by),
            ExprKind::Map(entries) => entries.iter_mut().for_each(|e| e.span.shift(by)),
            ExprKind::Lambda(function) => function.shift(by),
            ExprKind::Cast { ty, .. } => ty.shift(by),
            ExprKind::Assign { target, .. } => target.shift(by),
            ExprKind::Class(class) => class.shift(by),
            ExprKind::Str(_)
            | ExprKind::Num(_)
            | ExprKind::Bool(_)
            | ExprKind::Null
            | ExprKind::Module(_)
            | ExprKind::Index { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Concat(_)
            | ExprKind::Binary { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Logic { .. }
            | ExprKind::Ternary { .. }
            | ExprKind::Sequence(_)
            | ExprKind::Spread(_)
            | ExprKind::Same(_)
            | ExprKind::Caught
            | ExprKind::Other(_) => {}
        }
    }
}

impl Shifted for Target {
    fn shift(&mut self, by: &Shift) {
        match self {
            Target::Name(name, span) | Target::Member { name, span, .. } => {
                name.shift(by);
                span.shift(by);
            }
            Target::Index { span, .. } => span.shift(by),
            Target::Tuple(all) => all.shift(by),
            Target::Fields(all) => {
                for (key, inner) in all {
                    key.shift(by);
                    inner.shift(by);
                }
            }
            Target::Rest(inner) | Target::Default(inner, _) => inner.shift(by),
            Target::Ignore => {}
        }
    }
}

impl Shifted for Arg {
    fn shift(&mut self, by: &Shift) {
        self.name.shift(by);
        self.span.shift(by);
    }
}

impl Shifted for Part {
    fn shift(&mut self, by: &Shift) {
        match self {
            Part::Lit(_, span) | Part::Hole { span, .. } => span.shift(by),
        }
    }
}

impl Shifted for Branch {
    fn shift(&mut self, by: &Shift) {
        self.span.shift(by);
        self.then.shift(by);
        self.other.shift(by);
    }
}

impl Shifted for Arm {
    fn shift(&mut self, by: &Shift) {
        self.span.shift(by);
    }
}

impl Shifted for Handler {
    fn shift(&mut self, by: &Shift) {
        self.types.shift(by);
        self.guarded.shift(by);
        self.arm.shift(by);
    }
}

impl Shifted for Class {
    fn shift(&mut self, by: &Shift) {
        self.name.shift(by);
        self.span.shift(by);
        self.bases.shift(by);
        self.fields.shift(by);
        self.methods.shift(by);
        self.body.shift(by);
    }
}

impl Shifted for Field {
    fn shift(&mut self, by: &Shift) {
        self.name.shift(by);
        self.ty.shift(by);
        self.span.shift(by);
    }
}

impl Shifted for Import {
    fn shift(&mut self, by: &Shift) {
        self.local.shift(by);
        self.span.shift(by);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::lang::{Lang, dump, lower};

    #[test]
    fn a_file_says_the_same_behind_another() {
        let one: &[u8] = b"import os\ndef f(a):\n    return a\n";
        let other: &[u8] = b"import sys\nclass C:\n    x: int = 1\n    def f(self, b, *, c=2):\n        for d, (e, *g) in b:\n            self.x = f'{d}' if e else lambda a: a[1:2]\n        return {'k': d, **b}\n";
        let mut both = lower(Lang::Python, one).unwrap();
        let alone = lower(Lang::Python, other).unwrap();
        let before = (both.functions.len(), both.classes.len());
        let module = both.append(alone.clone(), one.len() as u32);
        assert_eq!(module.ix(), before.0);
        assert_eq!(both.functions.len(), before.0 + alone.functions.len());
        let text = [one, other].concat();
        for (appended, own) in both.functions[before.0..].iter().zip(&alone.functions) {
            assert_eq!(both.name(appended.name), alone.name(own.name));
            assert_eq!(appended.span.of(&text), own.span.of(other));
            for (a, b) in appended.exprs.iter().zip(&own.exprs) {
                assert_eq!(a.span.of(&text), b.span.of(other));
            }
        }
        let class = &both.classes[before.1];
        assert_eq!(
            both.functions[class.methods[0].ix()].class,
            Some(ClassId(before.1 as u32))
        );
        assert_eq!(both.name(both.imports[1].local), "sys");
        assert!(dump::facts(&both).contains("sys"));
    }
}
