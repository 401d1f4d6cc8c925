//! Chains of members, calls and elements, read from the innermost outwards without recursion; qualified names lose their namespace,
//! extension methods of the file are called as what they are.

use super::{CSharp, children, known};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// True for what leans on an expression to its left.
pub(super) fn is_link(node: Node<'_>) -> bool {
    inner_of(node).is_some()
}

fn inner_of<'n>(node: Node<'n>) -> Option<Node<'n>> {
    match node.kind() {
        "invocation_expression" => node.child_by_field_name("function"),
        "member_access_expression" | "element_access_expression" => node.child_by_field_name("expression"),
        "conditional_access_expression" => node.child_by_field_name("condition"),
        "qualified_name" => node.child_by_field_name("qualifier"),
        _ => None,
    }
}

impl CSharp<'_, '_> {
    pub(super) fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        loop {
            match inner_of(current) {
                Some(inner) => {
                    links.push(current);
                    current = inner;
                }
                None if current.kind() == "parenthesized_expression" && !links.is_empty() => {
                    match children(current).first() {
                        Some(inner) => current = *inner,
                        None => break,
                    }
                }
                None => break,
            }
        }
        let mut value = self.innermost(&mut links, current);
        while let Some(link) = links.pop() {
            value = self.link(link, value, &mut links);
        }
        value
    }

    /// The start of a chain: a value, or the type that a qualified name ends in (which takes its namespace from `links`).
    fn innermost(&mut self, links: &mut Vec<Node<'_>>, start: Node<'_>) -> ExprId {
        if !matches!(start.kind(), "identifier" | "alias_qualified_name") {
            return self.expression(start);
        }
        let first = self.plain(start);
        if start.kind() == "identifier" && (self.scopes.find(first).is_some() || self.owner_of(first).is_some()) {
            return self.name_value(start);
        }
        let mut names: Vec<String> = known::dotted(self.cx, start)
            .split(['.', ':'])
            .map(str::to_owned)
            .collect();
        names.retain(|n| !n.is_empty());
        let written = names.len();
        let is_name = |l: &&Node<'_>| matches!(l.kind(), "member_access_expression" | "qualified_name");
        let following = links.iter().rev().take_while(is_name);
        names.extend(following.filter_map(|l| Some(known::dotted(self.cx, l.child_by_field_name("name")?))));
        let length = self.known.namespace_length(&names);
        if length < written {
            return match start.kind() {
                "identifier" => self.name_value(start),
                _ => self.type_path(start),
            };
        }
        let mut whole = start;
        for _ in written..=length {
            if let Some(link) = links.pop() {
                whole = link;
            }
        }
        let name = names.get(length).map_or("", String::as_str);
        let symbol = self.cx.b.symbol(name);
        self.push(ExprKind::Name(symbol), whole)
    }

    fn link(&mut self, node: Node<'_>, value: ExprId, links: &mut Vec<Node<'_>>) -> ExprId {
        match node.kind() {
            "invocation_expression" => {
                let arguments = node.child_by_field_name("arguments");
                self.call(node, value, None, arguments)
            }
            "element_access_expression" => match node.child_by_field_name("subscript") {
                Some(subscript) => self.element(value, subscript, node),
                None => value,
            },
            "conditional_access_expression" => {
                let binding = children(node)
                    .pop()
                    .filter(|b| b.kind().ends_with("binding_expression"));
                match binding {
                    Some(binding) if binding.kind() == "element_binding_expression" => {
                        self.element(value, binding, node)
                    }
                    Some(binding) => self.member_link(binding, value, node, links),
                    None => value,
                }
            }
            _ => self.member_link(node, value, node, links),
        }
    }

    /// `value.name`; with the call that follows when it is an extension method of the file.
    fn member_link(&mut self, named: Node<'_>, base: ExprId, node: Node<'_>, links: &mut Vec<Node<'_>>) -> ExprId {
        let Some(field) = named.child_by_field_name("name") else {
            return base;
        };
        let (name, name_span) = (self.plain(field), self.span(field));
        let text = self.cx.b.name(name).to_owned();
        let class = self.known.extension(&text).map(str::to_owned);
        if let Some(class) = class.filter(|_| !self.is_type_name(base))
            && let Some(call) = links.pop_if(|l| l.kind() == "invocation_expression")
        {
            let symbol = self.cx.b.symbol(&class);
            let of = self.push(ExprKind::Name(symbol), field);
            let callee = ExprKind::Member {
                base: of,
                name,
                name_span,
            };
            let callee = self.push(callee, node);
            let arguments = call.child_by_field_name("arguments");
            return self.call(call, callee, Some(base), arguments);
        }
        if let Some(position) = tuple_position(&text) {
            let index = self.push(ExprKind::Num(position.to_string().into()), field);
            return self.push(ExprKind::Index { base, index }, node);
        }
        self.push(ExprKind::Member { base, name, name_span }, node)
    }

    /// True for a member of `string`.
    fn is_text_type(&self, callee: ExprId) -> bool {
        match self.cx.b.kind(callee) {
            ExprKind::Member { base, .. } => match self.cx.b.kind(*base) {
                ExprKind::Name(name) => matches!(self.cx.b.name(*name), "string" | "String"),
                _ => false,
            },
            _ => false,
        }
    }

    /// True for a name that is no variable and looks like a type's: its methods are its own.
    fn is_type_name(&self, value: ExprId) -> bool {
        match self.cx.b.kind(value) {
            ExprKind::Name(symbol) => {
                let text = self.cx.b.name(*symbol);
                self.known.is_type(text)
                    || (self.scopes.find(*symbol).is_none() && text.starts_with(char::is_uppercase))
            }
            _ => false,
        }
    }

    /// `value[a]`, `value[a, b]` (the first key counts), `value[1..2]`.
    fn element(&mut self, base: ExprId, subscript: Node<'_>, node: Node<'_>) -> ExprId {
        let keys: Vec<Node<'_>> = children(subscript);
        if let [key] = keys[..]
            && value_of(key).kind() == "range_expression"
        {
            self.expression(value_of(key));
            return self.push(ExprKind::Slice { base }, node);
        }
        let lowered: Vec<ExprId> = keys.iter().map(|k| self.expression(value_of(*k))).collect();
        match lowered.first() {
            Some(index) => {
                let index = *index;
                self.push(ExprKind::Index { base, index }, node)
            }
            None => base,
        }
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId, first: Option<ExprId>, list: Option<Node<'_>>) -> ExprId {
        let name = match self.cx.b.kind(callee) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => self.cx.b.name(*name).to_owned(),
            _ => String::new(),
        };
        let written = list.map(children).unwrap_or_default();
        if name == "nameof"
            && let [argument] = written[..]
        {
            let text = known::dotted(self.cx, argument);
            let last = text.rsplit('.').next().unwrap_or_default();
            self.cx.b.take_back(callee);
            return self.push(ExprKind::Str(last.into()), node);
        }
        let mut args = Vec::new();
        if let Some(value) = first {
            let (name, span) = (None, self.cx.b.span(value));
            args.push(Arg { name, value, span });
        }
        args.extend(list.map(|l| self.arguments(l)).unwrap_or_default());
        if name == "Concat" && args.len() > 1 && self.is_text_type(callee) {
            let operands = args.iter().map(|a| a.value).collect();
            return self.push(ExprKind::Concat(operands), node);
        }
        let args_span = self.span(list.unwrap_or(node));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        let call = self.push(kind, node);
        if !self.known.takes_reference(&name) && self.fill_out_arguments(&written, call) {
            return self.push(ExprKind::Same(call), node);
        }
        call
    }

    pub(super) fn arguments(&mut self, list: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for argument in children(list) {
            let name = argument.child_by_field_name("name");
            let inner = children(argument).into_iter().rfind(|c| Some(*c) != name);
            let Some(inner) = inner else { continue };
            let span = self.span(argument);
            let name = name.map(|n| self.plain(n));
            let mut value = self.expression(inner);
            if super::has_token(argument, "out") || super::has_token(argument, "ref") {
                value = self.push(
                    ExprKind::Unary {
                        op: "&",
                        operand: value,
                    },
                    argument,
                );
            }
            args.push(Arg { name, value, span });
        }
        args
    }

    /// `f(x, out y, ref z)` of a function elsewhere: `y` is whatever the call may give, and so may `z` be. True when there was such an argument.
    fn fill_out_arguments(&mut self, arguments: &[Node<'_>], call: ExprId) -> bool {
        let mut filled = false;
        for argument in arguments {
            let (out, by_reference) = (super::has_token(*argument, "out"), super::has_token(*argument, "ref"));
            if !out && !by_reference {
                continue;
            }
            let Some(written) = children(*argument).pop() else {
                continue;
            };
            let (name, ty) = match written.kind() {
                "declaration_expression" => (written.child_by_field_name("name"), written.child_by_field_name("type")),
                "identifier" => (Some(written), None),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let symbol = self.plain(name);
            let Some(variable) = self.scopes.find(symbol) else {
                continue;
            };
            // `ref`: what it was, or what the call may give.
            let before = by_reference.then(|| self.push(ExprKind::Name(variable), *argument));
            let from = before.into_iter().chain([call]).collect();
            let mut value = self.push(ExprKind::Other(from), *argument);
            if let Some(ty) = ty.and_then(|t| self.type_ref(t)) {
                value = self.push(ExprKind::Cast { value, ty }, *argument);
            }
            let target = Box::new(Target::Name(variable, self.span(name)));
            let mode = AssignMode::Plain;
            self.push(ExprKind::Assign { target, value, mode }, *argument);
            filled = true;
        }
        filled
    }

    /// `out var x`: the variable, declared here and nothing yet.
    pub(super) fn declared_here(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else {
            return self.anything(node);
        };
        let ty = node.child_by_field_name("type");
        let typed = ty.and_then(|t| self.nothing_of_type(t, name));
        let value = typed.unwrap_or_else(|| self.push(ExprKind::Null, name));
        let symbol = self.declare(name);
        let target = Box::new(Target::Name(symbol, self.span(name)));
        let mode = AssignMode::Plain;
        self.push(ExprKind::Assign { target, value, mode }, name);
        self.push(ExprKind::Name(symbol), name)
    }
}

/// `Item1` of a tuple is its part 0.
fn tuple_position(name: &str) -> Option<u32> {
    let number: u32 = name.strip_prefix("Item")?.parse().ok()?;
    number.checked_sub(1).filter(|at| *at < 8)
}

/// The value of an argument.
fn value_of<'n>(argument: Node<'n>) -> Node<'n> {
    children(argument).pop().unwrap_or(argument)
}
