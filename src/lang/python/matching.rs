//! `match`: its cases, what their patterns bind and what they compare.

use super::{
    each_child,
    expressions::expr,
    kinds::Kind,
    statements::{block, error, values},
    strings,
};
use crate::{
    lang::{facts::*, parse::Cx},
    text::Span,
};
use tree_sitter::TreeCursor;

/// `match`: the subject gets a name of its own, so that cases can bind parts of it and compare it.
pub fn match_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let subject = cx.b.symbol("<subject>");
    let mut values = Vec::new();
    let mut span = Span::default();
    let mut frame = None;
    let mut exhaustive = false;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            let value = match values[..] {
                [one] => one,
                _ => cx.b.expr(ExprKind::Sequence(std::mem::take(&mut values)), span),
            };
            cx.b.assign(Target::Name(subject, span), value, AssignMode::Plain, span);
            let frame = frame.insert(cx.b.begin_switch(None));
            each_child(cx, cursor, |cx, cursor, kind| {
                if kind == Kind::CaseClause {
                    cx.b.begin_case(frame, false);
                    exhaustive |= case_clause(cx, cursor, subject);
                    cx.b.end_case(frame, false);
                }
            });
        }
        Kind::Error => error(cx, cursor),
        _ if cursor.node().is_named() => {
            span = cx.span(cursor.node());
            values.push(expr(cx, cursor));
        }
        _ => {}
    });
    if let Some(frame) = frame {
        cx.b.end_switch(frame, exhaustive);
    }
}

/// One case; true when it always matches.
fn case_clause(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, subject: Symbol) -> bool {
    let mut patterns = 0;
    let mut always = true;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::CasePattern => {
            patterns += 1;
            let span = cx.span(cursor.node());
            let pattern = pattern(cx, cursor, subject);
            always = always && pattern.any && patterns == 1;
            if let Some(test) = pattern.test {
                cx.b.loop_test(test);
            } else if !matches!(pattern.target, Target::Ignore) {
                let value = cx.b.expr(ExprKind::Name(subject), span);
                cx.b.assign(pattern.target, value, AssignMode::Plain, span);
            }
        }
        Kind::IfClause => {
            always = false;
            if let Some(test) = values(cx, cursor).pop() {
                cx.b.loop_test(test);
            }
        }
        Kind::Block => {
            block(cx, cursor, false);
        }
        Kind::Error => error(cx, cursor),
        _ => {}
    });
    always
}

/// The pattern of a `case`: what it binds, and the test that the value called `subject` must pass, when the pattern compares it
/// with something.
struct Pattern {
    /// What is bound.
    target: Target,
    /// The comparison.
    test: Option<ExprId>,
    /// True when every value matches.
    any: bool,
}

/// Reads the `case_pattern` the cursor is on.
fn pattern(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, subject: Symbol) -> Pattern {
    let span = cx.span(cursor.node());
    let mut constants = Vec::new();
    let target = bound(cx, cursor, &mut constants);
    let any = matches!(target, Target::Name(..) | Target::Ignore) && constants.is_empty() && is_capture(cx, cursor);
    // Only a pattern that is nothing but constants says what the value is.
    let mut test = None;
    if matches!(target, Target::Ignore) && !constants.is_empty() {
        let left = cx.b.expr(ExprKind::Name(subject), span);
        test = Some(if let [right] = constants[..] {
            cx.b.expr(ExprKind::Binary { op: "==", left, right }, span)
        } else {
            let right = cx.b.expr(ExprKind::Sequence(constants), span);
            cx.b.expr(ExprKind::Binary { op: "in", left, right }, span)
        });
    }
    Pattern { target, test, any }
}

/// A bare name or `_`.
fn is_capture(cx: &Cx<'_>, cursor: &TreeCursor<'_>) -> bool {
    let text = cx.str(cursor.node());
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(&*text, "None" | "True" | "False")
}

fn bound(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, constants: &mut Vec<ExprId>) -> Target {
    let node = cursor.node();
    cx.deeper(node, |cx| bound_inside(cx, cursor, constants))
        .unwrap_or(Target::Ignore)
}

fn bound_inside(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, constants: &mut Vec<ExprId>) -> Target {
    let node = cursor.node();
    match Kind::of(node) {
        Kind::CasePattern | Kind::UnionPattern => {
            let mut all = parts(cx, cursor, constants);
            all.retain(|t| !matches!(t, Target::Ignore));
            all.pop().unwrap_or(Target::Ignore)
        }
        Kind::AsPattern => as_pattern(cx, cursor),
        // `case x` binds, `case a.b` compares.
        Kind::DottedName if node.named_child_count() > 1 => {
            constants.push(dotted(cx, cursor));
            Target::Ignore
        }
        Kind::DottedName | Kind::Identifier => match &*cx.str(node) {
            "_" => Target::Ignore,
            _ => Target::Name(cx.symbol(node), cx.span(node)),
        },
        Kind::ListPattern | Kind::TuplePattern => Target::Tuple(parts(cx, cursor, &mut Vec::new())),
        Kind::SplatPattern => Target::Rest(Box::new(parts(cx, cursor, constants).pop().unwrap_or(Target::Ignore))),
        Kind::DictPattern => dict(cx, cursor),
        Kind::ClassPattern => class(cx, cursor),
        Kind::KeywordPattern => Target::Fields(field(cx, cursor).into_iter().collect()),
        Kind::String | Kind::ConcatenatedString => {
            constants.push(strings::string(cx, cursor));
            Target::Ignore
        }
        Kind::Integer | Kind::Float | Kind::True | Kind::False | Kind::None => {
            constants.push(expr(cx, cursor));
            Target::Ignore
        }
        _ => Target::Ignore,
    }
}

fn parts(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, constants: &mut Vec<ExprId>) -> Vec<Target> {
    let mut all = Vec::new();
    each_child(cx, cursor, |cx, cursor, _| {
        if cursor.node().is_named() {
            all.push(bound(cx, cursor, constants));
        }
    });
    all
}

/// `pattern as name`: the name alone, unless the pattern binds something itself.
fn as_pattern(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let mut all = parts(cx, cursor, &mut Vec::new());
    all.pop().unwrap_or(Target::Ignore)
}

fn dotted(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let mut value: Option<ExprId> = None;
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind != Kind::Identifier {
            return;
        }
        let (name, name_span) = (cx.symbol(cursor.node()), cx.span(cursor.node()));
        value = Some(match value {
            None => cx.b.expr(ExprKind::Name(name), name_span),
            Some(base) => {
                let span = cx.b.span(base).to(name_span);
                cx.b.expr(ExprKind::Member { base, name, name_span }, span)
            }
        });
    });
    value.unwrap_or_else(|| cx.b.expr(ExprKind::Other(Vec::new()), span))
}

/// `{"a": x, **rest}`.
fn dict(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let mut fields = Vec::new();
    let mut key: Option<Symbol> = None;
    each_child(cx, cursor, |cx, cursor, kind| match (kind, key) {
        (Kind::String | Kind::ConcatenatedString, None) => {
            let literal = strings::string(cx, cursor);
            if let Some(ExprKind::Str(text)) = cx.b.take_back(literal) {
                key = Some(cx.b.symbol(&text));
            }
        }
        (Kind::CasePattern, Some(name)) => {
            fields.push((name, bound(cx, cursor, &mut Vec::new())));
            key = None;
        }
        _ => {}
    });
    Target::Fields(fields)
}

/// `Point(x, y=z)`: keyword patterns by field; positional ones by position.
fn class(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Target {
    let (mut positional, mut fields) = (Vec::new(), Vec::new());
    let mut named = false;
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::DottedName && !named {
            named = true;
        } else if cursor.node().is_named() {
            match bound(cx, cursor, &mut Vec::new()) {
                Target::Fields(more) => fields.extend(more),
                other => positional.push(other),
            }
        }
    });
    match (&positional[..], fields.is_empty()) {
        // `str(x)`, `int(x)` bind the value itself.
        ([_], true) => positional.pop().unwrap_or(Target::Ignore),
        (_, true) => Target::Tuple(positional),
        _ => Target::Fields(fields),
    }
}

fn field(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<(Symbol, Target)> {
    let (mut name, mut value) = (None, Target::Ignore);
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::Identifier && name.is_none() {
            name = Some(cx.symbol(cursor.node()));
        } else if cursor.node().is_named() {
            value = bound(cx, cursor, &mut Vec::new());
        }
    });
    Some((name?, value))
}
