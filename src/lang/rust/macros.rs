//! Macros: what could be read of their tokens as arguments of a call of `name!`.
//!
//! The tokens between the delimiters are parsed once more, as a tuple, array or block. Where that fails, they are split at commas and
//! the like, and every part is tried alone (`json!`, `select!`, `html!`).

use super::{
    Destination, Rust, child_of, children, first_child,
    format::{Filler, Piece, pieces},
    is_comment,
};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::{Node, Parser, Point, Range};

/// Macros that format, and how many arguments may stand before the format string.
const FORMATTERS: [(&str, usize); 34] = [
    ("format", 0),
    ("print", 0),
    ("println", 0),
    ("eprint", 0),
    ("eprintln", 0),
    ("write", 1),
    ("writeln", 1),
    ("format_args", 0),
    ("panic", 0),
    ("todo", 0),
    ("unimplemented", 0),
    ("unreachable", 0),
    ("assert", 1),
    ("assert_eq", 2),
    ("assert_ne", 2),
    ("debug_assert", 1),
    ("debug_assert_eq", 2),
    ("debug_assert_ne", 2),
    ("anyhow", 0),
    ("bail", 0),
    ("ensure", 1),
    ("eyre", 0),
    ("trace", 0),
    ("debug", 0),
    ("info", 0),
    ("warn", 0),
    ("error", 0),
    ("log", 1),
    ("event", 1),
    ("formatdoc", 0),
    ("format_smolstr", 0),
    ("format_compact", 0),
    ("writedoc", 1),
    ("static_format", 0),
];

impl Rust<'_, '_> {
    /// A macro as a statement: some leave, some are tests.
    pub(super) fn macro_statement(&mut self, node: Node<'_>, to: Destination) {
        let name = node
            .child_by_field_name("macro")
            .map(|m| self.str(m))
            .unwrap_or_default();
        let tokens = child_of(node, "token_tree");
        match (name.rsplit("::").next().unwrap_or_default(), tokens) {
            ("panic" | "unreachable" | "todo" | "unimplemented", _) => {
                let value = self.macro_call(node);
                self.cx.b.statement(value);
                self.cx.b.raise();
            }
            ("bail", _) => {
                let value = self.macro_call(node);
                self.cx.b.ret(Some(value));
            }
            ("assert" | "debug_assert", Some(tokens)) => self.check(node, tokens, false),
            ("ensure", Some(tokens)) => self.check(node, tokens, true),
            (_, Some(tokens)) if self.str(tokens).starts_with('{') => {
                if !self.statements_of(tokens, to) {
                    let value = self.macro_call(node);
                    self.deliver(value, to, node);
                }
            }
            _ => {
                let value = self.macro_call(node);
                self.deliver(value, to, node);
            }
        }
    }

    /// `assert!(test, ..)`, `ensure!(test, ..)`: a branch that leaves when the test fails.
    fn check(&mut self, node: Node<'_>, tokens: Node<'_>, returns: bool) {
        let args = self.token_arguments(tokens);
        let test = match args.first() {
            Some(first) => first.value,
            None => self.push(ExprKind::Bool(true), node),
        };
        let failed = self.push(ExprKind::Unary { op: "!", operand: test }, node);
        let span = self.span(node);
        let frame = self.cx.b.begin_if(failed, span);
        if returns {
            self.cx.b.ret(None);
        } else {
            self.cx.b.raise();
        }
        self.cx.b.end_if(frame, span, false);
    }

    /// `name! { .. }` whose tokens are statements or items; false when they are not.
    fn statements_of(&mut self, tokens: Node<'_>, to: Destination) -> bool {
        let span = self.span(tokens);
        let read = self.parse_again(tokens, span, |rust, root| {
            let block = only_expression(root).filter(|b| b.kind() == "block" && !b.has_error());
            block.map(|b| rust.lower_to(b, to)).is_some()
        });
        read.unwrap_or(false)
    }

    /// A macro as a value.
    pub(super) fn macro_call(&mut self, node: Node<'_>) -> ExprId {
        let Some(written) = node.child_by_field_name("macro") else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let path = written;
        let tokens = child_of(node, "token_tree");
        let mut args = tokens.map(|t| self.token_arguments(t)).unwrap_or_default();
        let written = self.str(written);
        let name = written.rsplit("::").next().unwrap_or_default();
        if let Some((_, before)) = FORMATTERS.iter().find(|f| f.0 == name) {
            self.put_in_place(&mut args, *before);
        }
        if let ([value, pattern], "matches") = (&args[..], name)
            && let Some(test) = self.one_of(value.value, pattern.value, node)
        {
            return test;
        }
        let callee = self.macro_path(path);
        let args_span = self.span(tokens.unwrap_or(node));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    /// `matches!(x, "a" | "b")` as the test `x in ["a", "b"]`; `None` when the pattern is not of constants.
    fn one_of(&mut self, left: ExprId, pattern: ExprId, node: Node<'_>) -> Option<ExprId> {
        let mut constants = Vec::new();
        let mut rest = vec![pattern];
        while let Some(next) = rest.pop() {
            match self.cx.b.kind(next) {
                ExprKind::Binary { op: "|", left, right } => rest.extend([*left, *right]),
                ExprKind::Same(inner) => rest.push(*inner),
                ExprKind::Str(_) | ExprKind::Num(_) | ExprKind::Bool(_) | ExprKind::Member { .. } => {
                    constants.push(next)
                }
                _ => return None,
            }
        }
        constants.reverse();
        let right = self.push(ExprKind::Sequence(constants), node);
        Some(self.push(ExprKind::Binary { op: "in", left, right }, node))
    }

    /// `a::b!` as the member `b!` of `a`.
    fn macro_path(&mut self, node: Node<'_>) -> ExprId {
        let name = node.child_by_field_name("name").unwrap_or(node);
        let symbol = self.macro_symbol(name);
        match node.child_by_field_name("path") {
            Some(path) => {
                let base = self.path(path);
                let name_span = self.span(name);
                let name = symbol;
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            None => self.push(ExprKind::Name(symbol), node),
        }
    }

    // ---- format strings

    /// Makes the format string a template with the arguments after it in its holes.
    fn put_in_place(&mut self, args: &mut Vec<Arg>, before: usize) {
        let is_text = |rust: &Self, a: &Arg| a.name.is_none() && matches!(rust.cx.b.kind(a.value), ExprKind::Str(_));
        let found = args.iter().enumerate().skip(before).find(|(_, a)| is_text(self, a));
        let Some((at, _)) = found else { return };
        let span = self.cx.b.span(args[at].value);
        let literal = String::from_utf8_lossy(span.of(self.cx.text)).into_owned();
        let pieces = pieces(&literal, span.start as usize);
        if !pieces.iter().any(|p| matches!(p, Piece::Hole(..))) {
            return;
        }
        let rest: Vec<Arg> = args.drain(at + 1..).collect();
        let mut next = 0;
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text, span) => parts.push(Part::Lit(text.into(), span)),
                Piece::Hole(filler, span) => {
                    let value = self.filler(filler, &rest, &mut next, span);
                    let value = self.as_shown(value, span);
                    parts.push(Part::Hole { value, span });
                }
            }
        }
        let value = self.cx.b.expr(ExprKind::Template { tag: None, parts }, span);
        args[at] = Arg {
            name: None,
            value,
            span,
        };
    }

    /// `{:?}` writes text with quotes and its line breaks escaped: a call of `debug_text!`, which models know.
    fn as_shown(&mut self, value: ExprId, hole: Span) -> ExprId {
        if !hole.of(self.cx.text).ends_with(b"?}") {
            return value;
        }
        let name = self.cx.b.symbol("debug_text!");
        let callee = self.cx.b.expr(ExprKind::Name(name), hole);
        let kind = ExprKind::Call {
            callee,
            args: vec![Arg {
                name: None,
                value,
                span: self.cx.b.span(value),
            }],
            new: false,
            args_span: hole,
        };
        self.cx.b.expr(kind, hole)
    }

    fn filler(&mut self, filler: Filler, rest: &[Arg], next: &mut usize, hole: Span) -> ExprId {
        let at = |i: usize| rest.get(i).map(|a| a.value);
        let given = match &filler {
            Filler::Next => {
                *next += 1;
                at(*next - 1)
            }
            Filler::At(number) => at(*number),
            Filler::Named(name, _) => {
                let same = |a: &&Arg| a.name.is_some_and(|n| self.cx.b.name(n) == name);
                rest.iter().find(same).map(|a| a.value)
            }
        };
        match (given, filler) {
            (Some(value), _) => value,
            (None, Filler::Named(name, span)) => {
                let name = self.cx.b.symbol(&name);
                let name = self.scopes.resolve(name);
                self.cx.b.expr(ExprKind::Name(name), span)
            }
            (None, _) => self.cx.b.expr(ExprKind::Other(Vec::new()), hole),
        }
    }

    // ---- tokens

    /// What is between the delimiters, as arguments.
    pub(super) fn token_arguments(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        self.deeper(tokens, |rust| rust.token_arguments_inside(tokens))
            .unwrap_or_default()
    }

    fn token_arguments_inside(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        if let Some(simple) = simple_tokens(tokens) {
            return simple.into_iter().map(|n| self.argument(n)).collect();
        }
        let span = self.span(tokens);
        let read = self.parse_again(tokens, span, |rust, root| {
            let whole = only_expression(root).filter(|w| !w.has_error())?;
            Some(match whole.kind() {
                "tuple_expression" | "parenthesized_expression" | "array_expression" => {
                    children(whole).into_iter().map(|n| rust.argument(n)).collect()
                }
                _ => vec![rust.argument(whole)],
            })
        });
        match read.flatten() {
            Some(args) => args,
            None => self.parts(tokens),
        }
    }

    /// `name = value`, or a value.
    fn argument(&mut self, node: Node<'_>) -> Arg {
        let span = self.span(node);
        let left = node
            .child_by_field_name("left")
            .filter(|_| node.kind() == "assignment_expression");
        if let (Some(left), Some(right)) = (left, node.child_by_field_name("right"))
            && left.kind() == "identifier"
        {
            let (name, value) = (Some(self.name_symbol(left)), self.expression(right));
            return Arg { name, value, span };
        }
        let (name, value) = (None, self.expression(node));
        Arg { name, value, span }
    }

    /// Tokens that are no expression: split at separators, every part tried alone. `{ "key": value }` is a map.
    fn parts(&mut self, tokens: Node<'_>) -> Vec<Arg> {
        let mut cursor = tokens.walk();
        let all: Vec<_> = tokens.children(&mut cursor).filter(|c| !is_comment(c)).collect();
        let inner = all.get(1..all.len().saturating_sub(1)).unwrap_or_default();
        let pairs = all.first().is_some_and(|o| o.kind() == "{");
        let separator = |n: &Node<'_>| matches!(n.kind(), "," | ";" | "=>") || (pairs && n.kind() == ":");
        let mut entries: Vec<Entry> = Vec::new();
        let mut key = None;
        let mut part: Vec<Node<'_>> = Vec::new();
        let whole = self.span(tokens);
        for (i, token) in inner.iter().enumerate() {
            let separates = separator(token);
            if !separates {
                part.push(*token);
            }
            let block = part.len() == 1 && self.span(*token).of(self.cx.text).starts_with(b"{");
            if !(separates || block || i + 1 == inner.len()) || part.is_empty() {
                continue;
            }
            let value = self.part(&std::mem::take(&mut part));
            if separates && token.kind() == ":" {
                key = Some(value);
                continue;
            }
            let span = self.cx.b.span(value);
            let key = key.take();
            entries.push(Entry { key, value, span });
        }
        if entries.iter().any(|e| e.key.is_some()) {
            let value = self.cx.b.expr(ExprKind::Map(entries), whole);
            let (name, span) = (None, whole);
            return vec![Arg { name, value, span }];
        }
        let args = entries.into_iter().map(|e| Arg {
            name: None,
            value: e.value,
            span: e.span,
        });
        args.collect()
    }

    fn part(&mut self, tokens: &[Node<'_>]) -> ExprId {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return self.cx.b.expr(ExprKind::Other(Vec::new()), Span::default());
        };
        if tokens.len() == 1 && is_simple(*first) {
            return self.expression(*first);
        }
        let span = Span {
            start: self.span(*first).start,
            end: self.span(*last).end,
        };
        let read = self.parse_again(*first, span, |rust, root| {
            let whole = only_expression(root).filter(|w| !w.has_error())?;
            Some(rust.expression(whole))
        });
        if let Some(Some(value)) = read {
            return value;
        }
        let mut values = Vec::new();
        for token in tokens.iter().filter(|t| t.kind() == "token_tree") {
            values.extend(self.token_arguments(*token).into_iter().map(|a| a.value));
        }
        match values[..] {
            [only] => only,
            _ => self.cx.b.expr(ExprKind::Other(values), span),
        }
    }

    /// Parses a stretch of the file by itself. `None` when the budget for that is used up.
    fn parse_again<R>(&mut self, at: Node<'_>, span: Span, then: impl FnOnce(&mut Self, Node<'_>) -> R) -> Option<R> {
        self.budget = self.budget.checked_sub(span.len() + 16)?;
        let mut parser = self.parser.take().or_else(rust_parser)?;
        let mut ranges = vec![range(span)];
        // The grammar wants a `;` after most expressions: one that stands anywhere further on will do.
        let after = self.cx.text.get(span.end as usize..).unwrap_or_default();
        if let Some(at) = after.iter().position(|b| *b == b';') {
            let at = span.end as usize + at;
            ranges.push(range(Span::new(at, at + 1)));
        }
        let tree = match parser.set_included_ranges(&ranges) {
            Ok(()) => parser.parse(self.cx.text, None),
            Err(_) => None,
        };
        self.parser = Some(parser);
        let tree = tree?;
        self.deeper(at, |rust| then(rust, tree.root_node()))
    }
}

fn range(span: Span) -> Range {
    let point = |offset: u32| Point::new(0, offset as usize);
    Range {
        start_byte: span.start as usize,
        end_byte: span.end as usize,
        start_point: point(span.start),
        end_point: point(span.end),
    }
}

fn rust_parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).ok()?;
    Some(parser)
}

/// The one expression of a file that holds nothing else.
fn only_expression<'n>(root: Node<'n>) -> Option<Node<'n>> {
    let mut statements = children(root);
    statements.retain(|s| s.kind() != "empty_statement");
    match statements[..] {
        // Without a `;` to be found, some expressions stand in an error that holds nothing else.
        [only] if matches!(only.kind(), "expression_statement" | "ERROR") && only.named_child_count() == 1 => {
            first_child(only)
        }
        [only] => Some(only),
        _ => None,
    }
}

/// `(a, "b", c)`: names and literals only, which need no second parse.
fn simple_tokens<'n>(tokens: Node<'n>) -> Option<Vec<Node<'n>>> {
    let mut cursor = tokens.walk();
    let all: Vec<_> = tokens.children(&mut cursor).filter(|c| !is_comment(c)).collect();
    let inner = all.get(1..all.len().checked_sub(1)?)?;
    let mut found = Vec::new();
    for (i, token) in inner.iter().enumerate() {
        let ok = match i % 2 {
            0 => is_simple(*token),
            _ => token.kind() == ",",
        };
        if !ok {
            return None;
        }
        if i % 2 == 0 {
            found.push(*token);
        }
    }
    Some(found)
}

fn is_simple(token: Node<'_>) -> bool {
    matches!(token.kind(), "identifier" | "self") || token.kind().ends_with("_literal")
}
