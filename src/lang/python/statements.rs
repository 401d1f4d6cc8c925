//! Statements: control flow laid out through the builder, and what each arm does when seen from outside.

use super::{
    assignments::{assignment, augmented},
    definitions, each_child,
    expressions::expr,
    imports,
    kinds::Kind,
    matching::match_statement,
    targets,
    trying::try_statement,
};
use crate::{
    lang::{build::IfFrame, facts::*, parse::Cx},
    text::Span,
};
use tree_sitter::TreeCursor;

/// Every loop's label, so that `break` passes by the cases of a `match`.
const LOOP: &str = "<loop>";

/// Calls that never come back, by what is written.
const NEVER_RETURN: [&str; 14] = [
    "sys.exit",
    "os._exit",
    "os.abort",
    "exit",
    "quit",
    "abort",
    "flask.abort",
    "bottle.abort",
    "pytest.fail",
    "pytest.skip",
    "pytest.exit",
    "self.fail",
    "self.skipTest",
    "parser.error",
];

/// The statements of a block or file. True when they do nothing. `docstring`: a literal at the beginning documents.
pub fn block(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, docstring: bool) -> bool {
    let node = cursor.node();
    let mut empty = true;
    let mut first = true;
    cx.deeper(node, |cx| {
        each_child(cx, cursor, |cx, cursor, kind| {
            if !cursor.node().is_named() {
                return;
            }
            if is_literal_statement(cursor) {
                if first && docstring {
                    cx.comment(cursor.node(), true);
                }
            } else {
                empty = empty && does_nothing(cx, cursor, kind);
                statement(cx, cursor, kind);
            }
            first = false;
        });
    });
    empty
}

/// A string without holes, or `...`, alone.
fn is_literal_statement(cursor: &mut TreeCursor<'_>) -> bool {
    if Kind::at(cursor) != Kind::ExpressionStatement || cursor.node().child_count() != 1 || !cursor.goto_first_child() {
        return false;
    }
    let mut literal = matches!(Kind::at(cursor), Kind::String | Kind::Ellipsis);
    if literal && cursor.goto_first_child() {
        literal = Kind::at(cursor) != Kind::Interpolation;
        while literal && cursor.goto_next_sibling() {
            literal = Kind::at(cursor) != Kind::Interpolation;
        }
        cursor.goto_parent();
    }
    cursor.goto_parent();
    literal
}

/// `pass`, or a call that only logs.
fn does_nothing(cx: &Cx<'_>, cursor: &TreeCursor<'_>, kind: Kind) -> bool {
    match kind {
        Kind::PassStatement => true,
        Kind::ExpressionStatement => called(cx, cursor).is_some_and(|name| is_log(&name)),
        _ => false,
    }
}

/// What a statement that is one call calls, as written.
fn called(cx: &Cx<'_>, cursor: &TreeCursor<'_>) -> Option<String> {
    let call = cursor.node().named_child(0).filter(|n| Kind::of(*n) == Kind::Call)?;
    let callee = call
        .child(0)
        .filter(|n| matches!(Kind::of(*n), Kind::Identifier | Kind::Attribute))?;
    Some(cx.str(callee).into_owned())
}

fn is_log(callee: &str) -> bool {
    if callee == "print" || callee == "warnings.warn" {
        return true;
    }
    let Some((base, method)) = callee.rsplit_once('.') else {
        return false;
    };
    let base = base
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .trim_start_matches('_')
        .to_ascii_lowercase();
    matches!(&*base, "log" | "logger" | "logging")
        && matches!(
            method,
            "debug" | "info" | "warning" | "warn" | "error" | "exception" | "critical" | "log"
        )
}

/// One statement; also whatever else stands where a statement should (in code with errors).
fn statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, kind: Kind) {
    match kind {
        Kind::ExpressionStatement => expression_statement(cx, cursor),
        Kind::ReturnStatement => {
            let value = values(cx, cursor).pop();
            cx.b.ret(value);
        }
        Kind::IfStatement => if_statement(cx, cursor),
        Kind::FunctionDefinition => definitions::function(cx, cursor, cx.span(cursor.node()), Vec::new()),
        Kind::ClassDefinition => definitions::class(cx, cursor, cx.span(cursor.node()), Vec::new()),
        Kind::DecoratedDefinition => definitions::decorated(cx, cursor),
        Kind::ImportStatement => imports::import(cx, cursor),
        Kind::ImportFromStatement => imports::import_from(cx, cursor),
        Kind::ForStatement => for_statement(cx, cursor),
        Kind::WhileStatement => while_statement(cx, cursor),
        Kind::TryStatement => try_statement(cx, cursor),
        Kind::WithStatement => with_statement(cx, cursor),
        Kind::MatchStatement => match_statement(cx, cursor),
        Kind::RaiseStatement => {
            for value in values(cx, cursor) {
                cx.b.statement(value);
            }
            cx.b.raise();
        }
        Kind::AssertStatement => assert_statement(cx, cursor),
        Kind::DeleteStatement => delete_statement(cx, cursor),
        Kind::BreakStatement => {
            let label = cx.b.symbol(LOOP);
            cx.b.brk(Some(label));
        }
        Kind::ContinueStatement => {
            let label = cx.b.symbol(LOOP);
            cx.b.cont(Some(label));
        }
        Kind::ExecStatement => exec_statement(cx, cursor),
        Kind::Block | Kind::Module => {
            block(cx, cursor, false);
        }
        Kind::Error => error(cx, cursor),
        Kind::GlobalStatement | Kind::NonlocalStatement => outer_names(cx, cursor),
        Kind::PassStatement | Kind::FutureImportStatement | Kind::TypeAliasStatement => {}
        _ => {
            let value = expr(cx, cursor);
            cx.b.statement(value);
        }
    }
}

/// What the grammar did not accept: whatever in it can be read, in order.
pub fn error(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let node = cursor.node();
    cx.deeper(node, |cx| {
        each_child(cx, cursor, |cx, cursor, kind| {
            if cursor.node().is_named() {
                statement(cx, cursor, kind);
            }
        });
    });
}

/// The named children as expressions.
pub fn values(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Vec<ExprId> {
    let mut all = Vec::new();
    each_child(cx, cursor, |cx, cursor, _| {
        if cursor.node().is_named() {
            all.push(expr(cx, cursor));
        }
    });
    all
}

fn expression_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let leaves = called(cx, cursor).is_some_and(|name| NEVER_RETURN.contains(&&*name));
    let span = cx.span(cursor.node());
    let mut all = Vec::new();
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Yield => yield_statement(cx, cursor),
        Kind::Assignment => all.push(assignment(cx, cursor)),
        Kind::AugmentedAssignment => all.push(augmented(cx, cursor)),
        _ if cursor.node().is_named() => all.push(expr(cx, cursor)),
        _ => {}
    });
    match all[..] {
        [] => {}
        [one] => cx.b.statement(one),
        _ => {
            let value = cx.b.expr(ExprKind::Sequence(all), span);
            cx.b.statement(value);
        }
    }
    if leaves {
        cx.b.raise();
    }
}

/// A `yield` alone hands its value to the caller, as `return` does, and may go on.
fn yield_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let mut frame = cx.b.begin_switch(None);
    cx.b.begin_case(&mut frame, false);
    let value = values(cx, cursor).pop();
    cx.b.ret(value);
    cx.b.end_case(&frame, false);
    cx.b.end_switch(frame, false);
}

/// `if`, any number of `elif`, `else`: each `elif` is a branch inside the other arm of the one before.
fn if_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let whole = cx.span(cursor.node());
    let mut frames: Vec<(IfFrame, u32)> = Vec::new();
    let mut arm = (
        Span {
            start: whole.end,
            end: whole.end,
        },
        true,
    );
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::ElifClause => {
            let start = cx.span(cursor.node()).start;
            if let Some((frame, _)) = frames.last_mut() {
                cx.b.otherwise(frame, arm.0, arm.1);
            }
            each_child(cx, cursor, |cx, cursor, kind| {
                test_or_arm(cx, cursor, kind, Span { start, end: whole.end }, &mut frames, &mut arm);
            });
        }
        Kind::ElseClause => {
            if let Some((frame, _)) = frames.last_mut() {
                cx.b.otherwise(frame, arm.0, arm.1);
            }
            arm = clause_block(cx, cursor);
        }
        _ => test_or_arm(cx, cursor, kind, whole, &mut frames, &mut arm),
    });
    while let Some((frame, start)) = frames.pop() {
        cx.b.end_if(frame, arm.0, arm.1);
        arm = (Span { start, end: whole.end }, false);
    }
}

/// The condition or the first arm of an `if` or `elif`.
fn test_or_arm(
    cx: &mut Cx<'_>,
    cursor: &mut TreeCursor<'_>,
    kind: Kind,
    span: Span,
    frames: &mut Vec<(IfFrame, u32)>,
    arm: &mut (Span, bool),
) {
    match kind {
        Kind::Block => {
            let empty = block(cx, cursor, false);
            *arm = (cx.span(cursor.node()), empty);
        }
        Kind::Error => error(cx, cursor),
        _ if cursor.node().is_named() => {
            let test = expr(cx, cursor);
            frames.push((cx.b.begin_if(test, span), span.start));
        }
        _ => {}
    }
}

/// The block of an `else`, `finally` or the like, and whether it does nothing.
pub fn clause_block(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> (Span, bool) {
    let end = cx.span(cursor.node()).end;
    let mut arm = (Span { start: end, end }, true);
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::Block {
            let empty = block(cx, cursor, false);
            arm = (cx.span(cursor.node()), empty);
        }
    });
    arm
}

fn for_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let label = cx.b.symbol(LOOP);
    let mut head = Some(cx.b.begin_loop(Some(label)));
    let mut target = None;
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            block(cx, cursor, false);
        }
        Kind::ElseClause => {
            if let Some(head) = head.take() {
                cx.b.end_loop(head);
            }
            clause_block(cx, cursor);
        }
        Kind::Error => error(cx, cursor),
        _ if !cursor.node().is_named() => {}
        _ if target.is_none() => target = Some((targets::target(cx, cursor), cx.span(cursor.node()))),
        _ => {
            let value = expr(cx, cursor);
            if let Some((target, span)) = target.as_mut() {
                let target = std::mem::replace(target, Target::Ignore);
                let span = span.to(cx.b.span(value));
                cx.b.assign(target, value, AssignMode::Each, span);
            }
        }
    });
    if let Some(head) = head {
        cx.b.end_loop(head);
    }
}

fn while_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let label = cx.b.symbol(LOOP);
    let mut head = Some(cx.b.begin_loop(Some(label)));
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            block(cx, cursor, false);
        }
        Kind::ElseClause => {
            if let Some(head) = head.take() {
                cx.b.end_loop(head);
            }
            clause_block(cx, cursor);
        }
        Kind::Error => error(cx, cursor),
        _ if cursor.node().is_named() => {
            let test = expr(cx, cursor);
            cx.b.loop_test(test);
        }
        _ => {}
    });
    if let Some(head) = head {
        cx.b.end_loop(head);
    }
}

fn with_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::WithClause => each_child(cx, cursor, |cx, cursor, kind| {
            if kind == Kind::WithItem {
                for value in values(cx, cursor) {
                    cx.b.statement(value);
                }
            }
        }),
        Kind::Block => {
            block(cx, cursor, false);
        }
        Kind::Error => error(cx, cursor),
        _ => {}
    });
}

/// `assert test, message`: a branch that raises unless the test holds.
fn assert_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let span = cx.span(cursor.node());
    let mut frame = None;
    each_child(cx, cursor, |cx, cursor, _| {
        if !cursor.node().is_named() {
            return;
        }
        let value = expr(cx, cursor);
        if frame.is_none() {
            let at = cx.b.span(value);
            let test = cx.b.expr(
                ExprKind::Unary {
                    op: "!",
                    operand: value,
                },
                at,
            );
            frame = Some(cx.b.begin_if(test, span));
        } else {
            cx.b.statement(value);
        }
    });
    if let Some(frame) = frame {
        cx.b.raise();
        cx.b.end_if(frame, span, false);
    }
}

/// `global a, b`, `nonlocal c`: what is assigned belongs to an outer function.
fn outer_names(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::Identifier {
            let name = cx.symbol(cursor.node());
            cx.b.function().outer.push(name);
        }
    });
}

/// `del a, b[k]`: the second is the call of a method of `b`, as Python has it.
fn delete_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::ExpressionList {
            delete_statement(cx, cursor);
        } else if cursor.node().is_named() {
            let operand = expr(cx, cursor);
            let value = deleted(cx, operand);
            cx.b.statement(value);
        }
    });
}

fn deleted(cx: &mut Cx<'_>, operand: ExprId) -> ExprId {
    let span = cx.b.span(operand);
    let &ExprKind::Index { base, index } = cx.b.kind(operand) else {
        return cx.b.expr(ExprKind::Unary { op: "del", operand }, span);
    };
    cx.b.take_back(operand);
    let name = cx.b.symbol("__delitem__");
    let args_span = cx.b.span(index);
    let callee = cx.b.expr(
        ExprKind::Member {
            base,
            name,
            name_span: span,
        },
        span,
    );
    let args = vec![Arg {
        name: None,
        value: index,
        span: args_span,
    }];
    cx.b.expr(
        ExprKind::Call {
            callee,
            args,
            new: false,
            args_span,
        },
        span,
    )
}

/// Python 2's `exec code`, as the call it is.
fn exec_statement(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let span = cx.span(cursor.node());
    let name = cx.b.symbol("exec");
    let start = span.start as usize;
    let callee = cx.b.expr(ExprKind::Name(name), Span::new(start, start + "exec".len()));
    let args: Vec<Arg> = values(cx, cursor)
        .into_iter()
        .map(|value| Arg {
            name: None,
            value,
            span: cx.b.span(value),
        })
        .collect();
    let args_span = args.first().map_or(span, |a| a.span.to(span));
    let call = cx.b.expr(
        ExprKind::Call {
            callee,
            args,
            new: false,
            args_span,
        },
        span,
    );
    cx.b.statement(call);
}
