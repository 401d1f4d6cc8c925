//! What hangs on a left end: `a.b().c[d]`, `a + b + c`, `a && b || c`, `a ? b : c ? d : e`.
//!
//! Generated code has chains of tens of thousands of links. They are walked down to their left end with an explicit stack and
//! built from there, so that only real nesting counts as depth.

use super::{Js, Kid, Kids, Kind, Link, Role, kinds::operator};
use crate::lang::facts::*;
use crate::text::Span;
use tree_sitter::Node;

/// Operands of one operator, collected until another operator follows.
struct Run {
    joins: Joins,
    operands: Vec<ExprId>,
}

/// How an operator on the left spine combines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joins {
    Text,
    Logic(LogicOp),
    Two(&'static str),
}

impl<'n> Js<'_, '_, 'n> {
    /// Calls, member and index access, `!`: a chain of them.
    pub(super) fn chain(&mut self, node: Node<'n>, kind: Kind) -> ExprId {
        let bottom = self.links.len();
        let (mut at, mut kind) = (node, kind);
        let mut value = loop {
            let kids = self.children(at);
            if kind == Kind::Call
                && let Some(module) = self.module_load(at, kids)
            {
                break module;
            }
            let base = match kind {
                Kind::Call => self.field(kids, Role::Function),
                Kind::NonNull => self.first(kids),
                _ => self.field(kids, Role::Object),
            };
            let Some(base) = base else {
                break self.other(at, kids);
            };
            self.links.push(Link { node: at, kind, kids });
            match base.kind {
                Kind::Call | Kind::Member | Kind::Subscript | Kind::NonNull => (at, kind) = (base.node, base.kind),
                _ => break self.expr(base.node),
            }
        };
        while self.links.len() > bottom {
            if let Some(link) = self.links.pop() {
                value = self.link(value, link);
            }
        }
        value
    }

    fn link(&mut self, base: ExprId, link: Link<'n>) -> ExprId {
        match link.kind {
            Kind::Call => self.call(base, link),
            Kind::Member => {
                let Some(property) = self.field(link.kids, Role::Property) else {
                    return base;
                };
                let name = self.symbol(property.node);
                let name_span = self.span(property.node);
                self.push(ExprKind::Member { base, name, name_span }, link.node)
            }
            Kind::Subscript => {
                let Some(index) = self.field(link.kids, Role::Index) else {
                    return base;
                };
                let index = self.expr(index.node);
                self.push(ExprKind::Index { base, index }, link.node)
            }
            _ => base,
        }
    }

    fn call(&mut self, callee: ExprId, link: Link<'n>) -> ExprId {
        let args = self.field(link.kids, Role::Arguments);
        if let Some(Kid {
            node,
            kind: Kind::TemplateString,
            ..
        }) = args
        {
            return self.template(node, Some(callee), link.node);
        }
        self.call_of(callee, args, false, link.node)
    }

    /// A call or construction whose callee is there.
    pub(super) fn call_of(&mut self, callee: ExprId, args: Option<Kid<'n>>, new: bool, whole: Node<'n>) -> ExprId {
        let args_span = match args {
            Some(args) => self.span(args.node),
            None => Span::new(whole.end_byte(), whole.end_byte()),
        };
        let args = args.map(|a| self.arguments(a.node)).unwrap_or_default();
        self.push(
            ExprKind::Call {
                callee,
                args,
                new,
                args_span,
            },
            whole,
        )
    }

    fn arguments(&mut self, node: Node<'n>) -> Vec<Arg> {
        let kids = self.children(node);
        let mut args = Vec::with_capacity(kids.iter().len());
        for i in kids.iter() {
            let kid = self.kids[i].node;
            let value = self.expr(kid);
            let span = self.span(kid);
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        args
    }

    // ---- operators

    /// A binary expression with everything on its left spine.
    pub(super) fn binary(&mut self, node: Node<'n>) -> ExprId {
        let bottom = self.links.len();
        let mut at = node;
        let mut value = loop {
            let kids = self.children(at);
            self.links.push(Link {
                node: at,
                kind: Kind::Binary,
                kids,
            });
            match self.field(kids, Role::Left) {
                Some(left) if left.kind == Kind::Binary => at = left.node,
                Some(left) => break self.expr(left.node),
                None => break self.push(ExprKind::Other(Vec::new()), at),
            }
        };
        let mut run: Option<Run> = None;
        let mut span = Span::default();
        while self.links.len() > bottom {
            let Some(link) = self.links.pop() else { break };
            let Some((joins, right)) = self.operator(link.kids) else {
                continue;
            };
            if run
                .as_ref()
                .is_none_or(|r| r.joins != joins || matches!(joins, Joins::Two(_)))
            {
                value = self.joined(value, run.take(), span);
            }
            let right = self.expr(right.node);
            span = self.span(link.node);
            run.get_or_insert_with(|| Run {
                joins,
                operands: vec![value],
            })
            .operands
            .push(right);
        }
        self.joined(value, run, span)
    }

    fn operator(&self, kids: Kids) -> Option<(Joins, Kid<'n>)> {
        let op = operator(self.field(kids, Role::Operator)?.node.kind());
        let right = self.field(kids, Role::Right)?;
        let joins = match op {
            "+" => Joins::Text,
            "&&" => Joins::Logic(LogicOp::And),
            "||" => Joins::Logic(LogicOp::Or),
            "??" => Joins::Logic(LogicOp::Coalesce),
            op => Joins::Two(op),
        };
        Some((joins, right))
    }

    /// The value of a finished run, or `before` when there is none.
    fn joined(&mut self, before: ExprId, run: Option<Run>, span: Span) -> ExprId {
        let Some(Run { joins, operands }) = run else {
            return before;
        };
        let kind = match joins {
            Joins::Logic(op) => ExprKind::Logic { op, operands },
            Joins::Text if !operands.iter().all(|o| self.is_number(*o)) => ExprKind::Concat(operands),
            Joins::Text => return self.sum(&operands, span),
            Joins::Two(op) => match operands[..] {
                [left, right] => ExprKind::Binary { op, left, right },
                _ => ExprKind::Other(operands),
            },
        };
        self.cx.b.expr(kind, span)
    }

    /// `1 + 2 + 3`: numbers only.
    fn sum(&mut self, operands: &[ExprId], span: Span) -> ExprId {
        let mut operands = operands.iter().copied();
        let first = operands.next().unwrap_or(ExprId(0));
        operands.fold(first, |left, right| {
            self.cx.b.expr(ExprKind::Binary { op: "+", left, right }, span)
        })
    }

    /// True for what is plainly a number.
    fn is_number(&self, id: ExprId) -> bool {
        match self.cx.b.kind(id) {
            ExprKind::Num(_) => true,
            ExprKind::Unary { op, .. } => matches!(*op, "-" | "+" | "~"),
            ExprKind::Binary { op, .. } => {
                matches!(
                    *op,
                    "+" | "-" | "*" | "/" | "%" | "**" | "&" | "|" | "^" | "<<" | ">>" | ">>>"
                )
            }
            _ => false,
        }
    }

    /// `a ? b : c ? d : e`, along the last arm.
    pub(super) fn ternary(&mut self, node: Node<'n>) -> ExprId {
        let (mut arms, mut at) = (Vec::new(), node);
        let mut value = loop {
            let kids = self.children(at);
            let test = self.field_expr(kids, Role::Condition, at);
            let then = self.field_expr(kids, Role::Consequence, at);
            arms.push((test, then, self.span(at)));
            match self.field(kids, Role::Alternative) {
                Some(kid) if kid.kind == Kind::Ternary => at = kid.node,
                Some(kid) => break self.expr(kid.node),
                None => break self.push(ExprKind::Other(Vec::new()), at),
            }
        };
        for (test, then, span) in arms.into_iter().rev() {
            let other = value;
            value = self.cx.b.expr(ExprKind::Ternary { test, then, other }, span);
        }
        value
    }
}
