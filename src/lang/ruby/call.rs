//! Calls with or without parentheses, their arguments and blocks, and elements.

use super::{Rb, children, first_child};
use crate::{lang::facts::*, text::Span};
use std::sync::Arc;
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    // ---- chains of calls and elements

    pub(super) fn chain(&mut self, node: Node<'n>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(inner) = inner_link(current) {
            links.push(current);
            current = inner;
        }
        let mut value = match current.kind() {
            "call" => self.call_alone(current),
            _ => self.expression(current),
        };
        while let Some(link) = links.pop() {
            value = match link.kind() {
                "element_reference" => self.element(link, value),
                _ => self.call_on(link, value),
            };
        }
        value
    }

    /// `base[key]`; with a range or two positions a part of it.
    fn element(&mut self, node: Node<'n>, base: ExprId) -> ExprId {
        let keys: Vec<Node<'n>> = children(node).into_iter().skip(1).collect();
        // `db["select .. #{x}", y]` is a statement with its values, no part of a list.
        let built = |key: &Node<'n>| {
            let parts = children(*key);
            parts.len() > 1 && parts.iter().any(|p| p.kind() == "interpolation")
        };
        if let Some(first) = keys.first().filter(|k| k.kind() == "string")
            && (keys.len() > 1 || built(first))
        {
            let (name, name_span) = (self.cx.b.symbol("fetch"), self.span(*first));
            let callee = self.push(ExprKind::Member { base, name, name_span }, node);
            let mut args = Vec::new();
            for key in keys {
                let (value, span) = (self.expression(key), self.span(key));
                args.push(Arg {
                    name: None,
                    value,
                    span,
                });
            }
            return self.call_with(callee, args, self.span(node), false, node);
        }
        match keys[..] {
            [key] if key.kind() != "range" => {
                let index = self.expression(key);
                self.push(ExprKind::Index { base, index }, node)
            }
            _ => {
                for key in keys {
                    self.expression(key);
                }
                self.push(ExprKind::Slice { base }, node)
            }
        }
    }

    /// `receiver.name(..)`.
    fn call_on(&mut self, node: Node<'n>, base: ExprId) -> ExprId {
        let (arguments, block) = (node.child_by_field_name("arguments"), node.child_by_field_name("block"));
        let method = node.child_by_field_name("method");
        let text = method.map_or("call".into(), |m| self.str(m));
        let is_self = matches!(self.cx.b.kind(base), ExprKind::Name(n) if self.cx.b.name(*n) == "self");
        // `self.class` is where the methods and constants of the class are.
        if is_self && text == "class" && self.in_class() {
            return base;
        }
        if is_self && self.in_class() && arguments.is_none() && self.survey.attributes.contains(&*text) {
            let name = self.cx.b.symbol(&format!("@{text}"));
            let name_span = method.map_or(self.span(node), |m| self.span(m));
            return self.push(ExprKind::Member { base, name, name_span }, node);
        }
        // `X.new(..)` builds an `X`; `f.call(..)` calls what a variable holds.
        let (builds, calls) = (text == "new", text == "call" && self.is_variable(base));
        if builds || calls {
            let args = self.arguments_and_block(arguments, block);
            let args_span = self.args_span(arguments, node);
            return self.call_with(base, args, args_span, builds, node);
        }
        let (name, name_span) = (
            self.cx.b.symbol(&text),
            method.map_or(self.span(node), |m| self.span(m)),
        );
        let span = Span {
            start: self.cx.b.span(base).start,
            end: name_span.end,
        };
        let callee = self.cx.b.expr(ExprKind::Member { base, name, name_span }, span);
        let args = self.arguments_and_block(arguments, block);
        let args_span = self.args_span(arguments, node);
        self.call_with(callee, args, args_span, false, node)
    }

    fn is_variable(&self, base: ExprId) -> bool {
        matches!(self.cx.b.kind(base), ExprKind::Name(n) if self.cx.b.name(*n) != "self")
    }

    /// A call without a receiver.
    fn call_alone(&mut self, node: Node<'n>) -> ExprId {
        let (arguments, block) = (node.child_by_field_name("arguments"), node.child_by_field_name("block"));
        let Some(method) = node.child_by_field_name("method") else {
            return self.anything(node);
        };
        if method.kind() == "super" {
            return self.super_call(node, arguments, block);
        }
        if let Some(loaded) = self.required(method, arguments) {
            return loaded;
        }
        let text = self.str(method);
        // `lambda { }` and `proc { }` are the function they are given.
        if matches!(&*text, "lambda" | "proc")
            && arguments.is_none()
            && let Some(block) = block
        {
            return self.block(block);
        }
        self.bare_call(method, arguments, block, node)
    }

    /// `name(..)`: a method of the class when the file defines one of that name in a class.
    pub(super) fn bare_call(
        &mut self,
        name: Node<'n>,
        arguments: Option<Node<'n>>,
        block: Option<Node<'n>>,
        node: Node<'n>,
    ) -> ExprId {
        let text = self.str(name);
        let callee = if self.in_class() && self.survey.methods.contains(&*text) {
            let base = self.plain("self", name);
            let (symbol, name_span) = (self.cx.b.symbol(&text), self.span(name));
            let kind = ExprKind::Member {
                base,
                name: symbol,
                name_span,
            };
            self.push(kind, name)
        } else {
            self.plain(&text, name)
        };
        let args = self.arguments_and_block(arguments, block);
        let args_span = self.args_span(arguments, node);
        self.call_with(callee, args, args_span, false, node)
    }

    /// `super`: the method of that name of what the class extends; without arguments it gets those of the method.
    pub(super) fn super_call(
        &mut self,
        node: Node<'n>,
        arguments: Option<Node<'n>>,
        block: Option<Node<'n>>,
    ) -> ExprId {
        let mut callee = self.plain("super", node);
        let method = self.frames.iter().rev().find_map(|f| f.method);
        if let Some(name) = method
            && self.cx.b.name(name) != "initialize"
        {
            let (base, name_span) = (callee, self.span(node));
            callee = self.push(ExprKind::Member { base, name, name_span }, node);
        }
        let args = self.arguments_and_block(arguments, block);
        let args_span = self.args_span(arguments, node);
        self.call_with(callee, args, args_span, false, node)
    }

    /// `require "x"` with a literal.
    fn required(&mut self, method: Node<'n>, arguments: Option<Node<'n>>) -> Option<ExprId> {
        if !matches!(&*self.str(method), "require" | "require_relative" | "load") {
            return None;
        }
        let path = arguments.and_then(first_child).filter(|p| p.kind() == "string")?;
        let content = match children(path)[..] {
            [content] if content.kind() == "string_content" => self.str(content),
            _ => return None,
        };
        let (local, span) = (self.cx.b.symbol(""), self.span(method));
        let relative = self.str(method) == "require_relative";
        let path: Arc<str> = match relative {
            true => Arc::from(format!("./{content}")),
            false => Arc::from(&*content),
        };
        self.cx.b.facts().imports.push(Import {
            local,
            path,
            span,
            all: false,
        });
        Some(self.push(ExprKind::Bool(true), method))
    }

    pub(super) fn call_with(
        &mut self,
        callee: ExprId,
        args: Vec<Arg>,
        args_span: Span,
        new: bool,
        node: Node<'n>,
    ) -> ExprId {
        self.push(
            ExprKind::Call {
                callee,
                args,
                new,
                args_span,
            },
            node,
        )
    }

    fn args_span(&self, arguments: Option<Node<'n>>, node: Node<'n>) -> Span {
        match arguments {
            Some(list) => self.span(list),
            None => {
                let end = match node.child_by_field_name("method") {
                    Some(method) => method.end_byte(),
                    None => node.end_byte(),
                };
                Span::new(end, end)
            }
        }
    }

    // ---- arguments

    fn arguments_and_block(&mut self, arguments: Option<Node<'n>>, block: Option<Node<'n>>) -> Vec<Arg> {
        let mut args = self.arguments(arguments);
        if let Some(block) = block {
            let (value, span) = (self.block(block), self.span(block));
            let name = Some(self.cx.b.symbol("block"));
            args.push(Arg { name, value, span });
        }
        args
    }

    /// Arguments, or the entries of a hash as if they were: `k: v` and `:k => v` are named.
    pub(super) fn arguments(&mut self, list: Option<Node<'n>>) -> Vec<Arg> {
        let mut args = Vec::new();
        let parts = match list {
            Some(list) if matches!(list.kind(), "argument_list" | "hash") => children(list),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for part in parts {
            let span = self.span(part);
            let (name, value) = match part.kind() {
                "pair" => match self.pair(part) {
                    Some(pair) => pair,
                    None => continue,
                },
                "block_argument" => (Some(self.cx.b.symbol("block")), self.block_argument(part)),
                "forward_argument" => continue,
                _ => (None, self.expression(part)),
            };
            args.push(Arg { name, value, span });
        }
        args
    }

    /// A named argument; what has no literal key is named `=>`.
    fn pair(&mut self, node: Node<'n>) -> Option<(Option<Symbol>, ExprId)> {
        let key = node.child_by_field_name("key")?;
        if let Some(text) = self.key_text(key) {
            let value = self.pair_value(node, &text)?;
            return Some((Some(self.cx.b.symbol(&text)), value));
        }
        let key = self.expression(key);
        let value = self.expression(node.child_by_field_name("value")?);
        let value = self.push(ExprKind::Other(vec![key, value]), node);
        Some((Some(self.cx.b.symbol("=>")), value))
    }

    /// `&:name`, `&block`.
    pub(super) fn block_argument(&mut self, node: Node<'n>) -> ExprId {
        match first_child(node) {
            Some(inner) => self.expression(inner),
            None => self.push(ExprKind::Null, node),
        }
    }

    /// Backticks, `%x`.
    pub(super) fn subshell(&mut self, node: Node<'n>) -> ExprId {
        let name = self.cx.b.symbol("`");
        let (start, sign) = (
            node.start_byte(),
            node.child(0).map_or(1, |s| s.end_byte() - s.start_byte()),
        );
        let callee = self.cx.b.expr(ExprKind::Name(name), Span::new(start, start + sign));
        let value = self.text(node);
        let span = self.span(node);
        let args = vec![Arg {
            name: None,
            value,
            span,
        }];
        self.call_with(callee, args, span, false, node)
    }
}

/// What a call or an element is taken from.
fn inner_link<'n>(node: Node<'n>) -> Option<Node<'n>> {
    match node.kind() {
        "call" => node.child_by_field_name("receiver"),
        "element_reference" => node.child_by_field_name("object"),
        _ => None,
    }
}
