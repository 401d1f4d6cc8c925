//! Everything with a value.
//!
//! What begins with an expression of its own (calls, members, subscripts, operators) is a **spine**: the cursor goes down to
//! the innermost left operand in a loop, then comes back up adding one step at a time, so that a chain of twenty thousand
//! steps needs no stack. What is not final yet on the way up (a sum that may grow, a member that may turn out to be the name of
//! a formatting method) is kept as [`Pending`].

use super::{
    assignments::{as_pattern, assignment, augmented},
    calls::call,
    comprehensions::comprehension,
    definitions, each_child,
    kinds::{Kind, operator},
    next, strings,
};
use crate::{
    lang::{facts::*, parse::Cx},
    text::Span,
};
use tree_sitter::TreeCursor;

/// Lowers the expression the cursor is on. What it gives is the last expression pushed.
pub fn expr(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let node = cursor.node();
    match cx.deeper(node, |cx| spine(cx, cursor)) {
        Some(id) => id,
        None => {
            let span = cx.span(node);
            cx.b.expr(ExprKind::Other(Vec::new()), span)
        }
    }
}

/// A value on the way up a spine.
pub(super) enum Pending {
    /// An expression.
    One(ExprId),
    /// The operands of a sum so far.
    Sum(Vec<ExprId>),
    /// The operands of `and`, `or` so far.
    Logic(LogicOp, Vec<ExprId>),
    /// A member, not pushed yet: `.format` may follow.
    Member {
        base: ExprId,
        name: Symbol,
        name_span: Span,
        span: Span,
    },
}

fn spine(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let mut steps = 0_u32;
    while is_spine(Kind::at(cursor)) && first_operand(cx, cursor) {
        steps += 1;
    }
    let mut value = Pending::One(atom(cx, cursor));
    for _ in 0..steps {
        value = step(cx, cursor, value);
    }
    finish(cx, value)
}

fn is_spine(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Call
            | Kind::Attribute
            | Kind::Subscript
            | Kind::BinaryOperator
            | Kind::BooleanOperator
            | Kind::ComparisonOperator
            | Kind::ConditionalExpression
    )
}

/// Goes down to the first operand, past comments and stretches in error.
fn first_operand(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> bool {
    if !cursor.goto_first_child() {
        return false;
    }
    while Kind::at(cursor).is_extra() || Kind::at(cursor) == Kind::Error {
        if !next(cx, cursor) {
            cursor.goto_parent();
            return false;
        }
    }
    true
}

/// Pushes what was pending.
pub(super) fn finish(cx: &mut Cx<'_>, value: Pending) -> ExprId {
    match value {
        Pending::One(id) => id,
        Pending::Sum(operands) => sum(cx, operands),
        Pending::Logic(op, operands) => {
            let span = span_of(cx, &operands);
            cx.b.expr(ExprKind::Logic { op, operands }, span)
        }
        Pending::Member {
            base,
            name,
            name_span,
            span,
        } => cx.b.expr(ExprKind::Member { base, name, name_span }, span),
    }
}

fn span_of(cx: &Cx<'_>, operands: &[ExprId]) -> Span {
    match (operands.first(), operands.last()) {
        (Some(first), Some(last)) => cx.b.span(*first).to(cx.b.span(*last)),
        _ => Span::default(),
    }
}

/// A sum: text unless an operand is plainly a number.
fn sum(cx: &mut Cx<'_>, operands: Vec<ExprId>) -> ExprId {
    if !operands.iter().any(|id| is_number(cx, *id)) {
        let span = span_of(cx, &operands);
        return cx.b.expr(ExprKind::Concat(operands), span);
    }
    let mut operands = operands.into_iter();
    let Some(mut left) = operands.next() else {
        return cx.b.expr(ExprKind::Null, Span::default());
    };
    for right in operands {
        let span = cx.b.span(left).to(cx.b.span(right));
        left = cx.b.expr(ExprKind::Binary { op: "+", left, right }, span);
    }
    left
}

/// Plainly a number: a literal, or arithmetic that text does not have.
fn is_number(cx: &Cx<'_>, id: ExprId) -> bool {
    match cx.b.kind(id) {
        ExprKind::Num(_) => true,
        ExprKind::Unary { op, .. } => matches!(*op, "-" | "+" | "~"),
        ExprKind::Binary { op, .. } => matches!(*op, "-" | "**" | "//" | "+"),
        _ => false,
    }
}

/// One step up: the cursor is on the first operand, `left` is its value. Goes to the parent.
fn step(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, left: Pending) -> Pending {
    let mut found = false;
    while next(cx, cursor) {
        if Kind::at(cursor) != Kind::Error {
            found = true;
            break;
        }
        let _ = expr(cx, cursor);
    }
    if !found {
        cursor.goto_parent();
        return left;
    }
    let token = cursor.node();
    match Kind::at(cursor) {
        Kind::ArgumentList | Kind::GeneratorExpression => call(cx, cursor, left),
        Kind::Dot => member(cx, cursor, left),
        Kind::OpenBracket => subscript(cx, cursor, left),
        Kind::Plus => {
            let mut operands = match left {
                Pending::Sum(operands) => operands,
                other => vec![finish(cx, other)],
            };
            operands.extend(operand(cx, cursor));
            cursor.goto_parent();
            Pending::Sum(operands)
        }
        kind @ (Kind::And | Kind::Or) => {
            let this = if kind == Kind::And { LogicOp::And } else { LogicOp::Or };
            let mut operands = match left {
                Pending::Logic(op, operands) if op == this => operands,
                other => vec![finish(cx, other)],
            };
            operands.extend(operand(cx, cursor));
            cursor.goto_parent();
            Pending::Logic(this, operands)
        }
        Kind::If => conditional(cx, cursor, left),
        Kind::Percent => {
            let left = finish(cx, left);
            let right = operand(cx, cursor);
            cursor.goto_parent();
            percent(cx, cx.span(cursor.node()), left, right)
        }
        _ => {
            let left = finish(cx, left);
            operators(cx, cursor, left, operator(token))
        }
    }
}

/// The operand after the token the cursor is on.
fn operand(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<ExprId> {
    next(cx, cursor).then(|| expr(cx, cursor))
}

/// A binary operator, or a chain of comparisons: `a < b < c` is `a < b and b < c`.
fn operators(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, mut left: ExprId, mut op: &'static str) -> Pending {
    let mut all = Vec::new();
    while let Some(right) = operand(cx, cursor) {
        let span = cx.b.span(left).to(cx.b.span(right));
        all.push(cx.b.expr(ExprKind::Binary { op, left, right }, span));
        left = right;
        if !next(cx, cursor) {
            break;
        }
        op = operator(cursor.node());
    }
    cursor.goto_parent();
    if all.len() > 1 {
        return Pending::Logic(LogicOp::And, all);
    }
    Pending::One(all.pop().unwrap_or(left))
}

/// `left % right`: fills a format unless one side is plainly a number.
fn percent(cx: &mut Cx<'_>, span: Span, left: ExprId, right: Option<ExprId>) -> Pending {
    let Some(right) = right else { return Pending::One(left) };
    let text = matches!(
        cx.b.kind(left),
        ExprKind::Str(_) | ExprKind::Template { .. } | ExprKind::Concat(_) | ExprKind::Format { .. }
    );
    if !text && (is_number(cx, left) || is_number(cx, right)) {
        return Pending::One(cx.b.expr(ExprKind::Binary { op: "%", left, right }, span));
    }
    let args = match cx.b.kind(right) {
        ExprKind::Sequence(_) | ExprKind::Map(_) => match cx.b.take_back(right) {
            Some(ExprKind::Sequence(items)) => items.into_iter().map(|value| positional(cx, value)).collect(),
            Some(ExprKind::Map(entries)) => entries.into_iter().map(|entry| named(cx, entry)).collect(),
            _ => Vec::new(),
        },
        _ => vec![positional(cx, right)],
    };
    Pending::One(cx.b.expr(
        ExprKind::Format {
            template: left,
            args,
            style: FormatStyle::Printf,
        },
        span,
    ))
}

fn positional(cx: &Cx<'_>, value: ExprId) -> Arg {
    Arg {
        name: None,
        value,
        span: cx.b.span(value),
    }
}

/// An entry of the map on the right of `%` as an argument.
fn named(cx: &mut Cx<'_>, entry: Entry) -> Arg {
    let key = entry.key.and_then(|key| match cx.b.kind(key) {
        ExprKind::Str(text) => Some(text.clone()),
        _ => None,
    });
    Arg {
        name: key.map(|k| cx.b.symbol(&k)),
        value: entry.value,
        span: entry.span,
    }
}

fn member(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, left: Pending) -> Pending {
    let base = finish(cx, left);
    let name = next(cx, cursor).then(|| (cx.symbol(cursor.node()), cx.span(cursor.node())));
    cursor.goto_parent();
    let span = cx.span(cursor.node());
    match name {
        Some((name, name_span)) => Pending::Member {
            base,
            name,
            name_span,
            span,
        },
        None => Pending::One(base),
    }
}

fn subscript(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, left: Pending) -> Pending {
    let base = finish(cx, left);
    let index = subscripts(cx, cursor);
    cursor.goto_parent();
    let span = cx.span(cursor.node());
    let kind = match index {
        Some(index) => ExprKind::Index { base, index },
        None => ExprKind::Slice { base },
    };
    Pending::One(cx.b.expr(kind, span))
}

/// What stands between the brackets, the cursor on the opening one: an index, or nothing when a slice is among it.
pub fn subscripts(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<ExprId> {
    let mut all = Vec::new();
    let mut sliced = false;
    while next(cx, cursor) {
        match Kind::at(cursor) {
            Kind::Slice => {
                sliced = true;
                each_child(cx, cursor, |cx, cursor, _| {
                    if cursor.node().is_named() {
                        let _ = expr(cx, cursor);
                    }
                });
            }
            _ if cursor.node().is_named() => all.push(expr(cx, cursor)),
            _ => {}
        }
    }
    match (sliced, all.len()) {
        (true, _) | (false, 0) => None,
        (false, 1) => all.pop(),
        _ => {
            let span = span_of(cx, &all);
            Some(cx.b.expr(ExprKind::Sequence(all), span))
        }
    }
}

fn conditional(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, left: Pending) -> Pending {
    let then = finish(cx, left);
    let test = operand(cx, cursor);
    let other = if next(cx, cursor) { operand(cx, cursor) } else { None };
    cursor.goto_parent();
    let span = cx.span(cursor.node());
    match (test, other) {
        (Some(test), Some(other)) => Pending::One(cx.b.expr(ExprKind::Ternary { test, then, other }, span)),
        _ => Pending::One(then),
    }
}

// ---- what does not begin with an expression

fn atom(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let node = cursor.node();
    let span = cx.span(node);
    let kind = match Kind::of(node) {
        Kind::Identifier => ExprKind::Name(cx.symbol(node)),
        Kind::String | Kind::ConcatenatedString => return strings::string(cx, cursor),
        Kind::Integer | Kind::Float => ExprKind::Num(cx.str(node).into()),
        Kind::True => ExprKind::Bool(true),
        Kind::False => ExprKind::Bool(false),
        Kind::None => ExprKind::Null,
        Kind::ParenthesizedExpression | Kind::Type => return inner(cx, cursor),
        Kind::NotOperator => match operands(cx, cursor).pop() {
            Some(operand) => ExprKind::Unary { op: "!", operand },
            None => ExprKind::Other(Vec::new()),
        },
        Kind::UnaryOperator => unary(cx, cursor),
        Kind::Await | Kind::Yield => match operands(cx, cursor).pop() {
            Some(value) => ExprKind::Same(value),
            None => ExprKind::Null,
        },
        Kind::ListSplat | Kind::DictionarySplat | Kind::ListSplatPattern => match operands(cx, cursor).pop() {
            Some(value) => ExprKind::Spread(value),
            None => ExprKind::Other(Vec::new()),
        },
        Kind::List
        | Kind::Tuple
        | Kind::Set
        | Kind::ExpressionList
        | Kind::PatternList
        | Kind::ListPattern
        | Kind::TuplePattern => ExprKind::Sequence(operands(cx, cursor)),
        Kind::Dictionary => ExprKind::Map(entries(cx, cursor)),
        Kind::ListComprehension
        | Kind::SetComprehension
        | Kind::DictionaryComprehension
        | Kind::GeneratorExpression => {
            return comprehension(cx, cursor);
        }
        Kind::Lambda => return definitions::lambda(cx, cursor),
        Kind::NamedExpression | Kind::Assignment => return assignment(cx, cursor),
        Kind::AugmentedAssignment => return augmented(cx, cursor),
        Kind::AsPattern => return as_pattern(cx, cursor),
        _ => ExprKind::Other(operands(cx, cursor)),
    };
    cx.b.expr(kind, span)
}

/// All named children as expressions.
fn operands(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Vec<ExprId> {
    let mut all = Vec::new();
    each_child(cx, cursor, |cx, cursor, _| {
        if cursor.node().is_named() {
            all.push(expr(cx, cursor));
        }
    });
    all
}

/// What stands in parentheses is what it is.
fn inner(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    match operands(cx, cursor).pop() {
        Some(id) => id,
        None => cx.b.expr(ExprKind::Other(Vec::new()), span),
    }
}

fn unary(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprKind {
    let mut op = "-";
    let mut operand = None;
    each_child(cx, cursor, |cx, cursor, _| {
        if cursor.node().is_named() {
            operand = Some(expr(cx, cursor));
        } else {
            op = operator(cursor.node());
        }
    });
    match operand {
        Some(operand) => ExprKind::Unary { op, operand },
        None => ExprKind::Other(Vec::new()),
    }
}

fn entries(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Pair => entries.extend(pair(cx, cursor)),
        Kind::DictionarySplat => {
            let span = cx.span(cursor.node());
            if let Some(value) = operands(cx, cursor).pop() {
                entries.push(Entry { key: None, value, span });
            }
        }
        Kind::Error => {
            let _ = expr(cx, cursor);
        }
        _ => {}
    });
    entries
}

/// `key: value`.
pub fn pair(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<Entry> {
    let span = cx.span(cursor.node());
    let mut all = operands(cx, cursor).into_iter();
    let (key, value) = (all.next()?, all.next()?);
    Some(Entry {
        key: Some(key),
        value,
        span,
    })
}
