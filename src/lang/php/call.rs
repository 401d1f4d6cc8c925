//! Calls, members and elements, and what PHP writes as a statement or an operator but is a call.

use super::{Php, children, first_child};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl Php<'_, '_> {
    // ---- chains of members, calls and elements

    pub(super) fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(inner) = inner_link(current) {
            links.push(current);
            current = inner;
        }
        let mut value = match links.is_empty() {
            true => return self.anything(node),
            false => self.expression(current),
        };
        while let Some(link) = links.pop() {
            value = self.link(link, value);
        }
        value
    }

    fn link(&mut self, link: Node<'_>, base: ExprId) -> ExprId {
        if link.kind() == "subscript_expression" {
            let Some(key) = children(link).get(1).copied() else {
                return self.push(ExprKind::Other(vec![base]), link);
            };
            let index = self.key(key);
            return self.push(ExprKind::Index { base, index }, link);
        }
        let Some(name) = link.child_by_field_name("name") else {
            return self.push(ExprKind::Other(vec![base]), link);
        };
        // `$x->$method(..)`: whatever method it names.
        if let Some(arguments) = link.child_by_field_name("arguments").filter(|_| name.kind() != "name") {
            let callee = self.plain("call_method", name);
            let (value, span) = (self.expression(name), self.span(name));
            let mut args = vec![Arg {
                name: None,
                value,
                span,
            }];
            args.extend(self.arguments(Some(arguments)));
            return self.call_with(callee, args, arguments, link);
        }
        let member = self.member(base, name, link);
        match link.child_by_field_name("arguments") {
            Some(arguments) => self.call_of(member, Some(arguments), false, link),
            None => member,
        }
    }

    /// `base->name`; `base->$name` is an element whose key is not known.
    pub(super) fn member(&mut self, base: ExprId, name: Node<'_>, link: Node<'_>) -> ExprId {
        if name.kind() == "name" {
            let (symbol, name_span) = (self.cx.symbol(name), self.span(name));
            let (span, kind) = (
                Span {
                    start: self.cx.b.span(base).start,
                    end: name_span.end,
                },
                ExprKind::Member {
                    base,
                    name: symbol,
                    name_span,
                },
            );
            return self.cx.b.expr(kind, span);
        }
        let index = self.expression(name);
        self.push(ExprKind::Index { base, index }, link)
    }

    /// A key: in a string, `"$a[key]"` means `$a["key"]`.
    fn key(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "name" if node.parent().and_then(|p| p.parent()).is_some_and(is_text) => {
                let text = self.str(node);
                self.push(ExprKind::Str(text.into()), node)
            }
            _ => self.expression(node),
        }
    }

    // ---- calls

    pub(super) fn function_call(&mut self, node: Node<'_>) -> ExprId {
        let Some(function) = node.child_by_field_name("function") else {
            return self.anything(node);
        };
        let arguments = node.child_by_field_name("arguments");
        match function.kind() {
            "name" | "qualified_name" | "relative_name" => {
                if let Some(printed) = self.formatted_output(function, arguments, node) {
                    return printed;
                }
                if let Some(filtered) = self.filtered_input(function, arguments, node) {
                    return filtered;
                }
                if let Some(body) = self.request_body(function, arguments, node) {
                    return body;
                }
                let callee = self.function_name(function);
                self.call_of(callee, arguments, false, node)
            }
            // `$f(..)` where nothing says that `$f` is a closure: whatever function it names.
            "variable_name" | "subscript_expression" => {
                let known = function.kind() == "variable_name" && {
                    let symbol = self.variable(function);
                    self.functions.contains(&symbol)
                };
                if known {
                    let callee = self.expression(function);
                    return self.call_of(callee, arguments, false, node);
                }
                let callee = self.plain("call_user_func", function);
                let (value, span) = (self.expression(function), self.span(function));
                let mut args = vec![Arg {
                    name: None,
                    value,
                    span,
                }];
                args.extend(self.arguments(arguments));
                self.call_with(callee, args, arguments.unwrap_or(node), node)
            }
            _ => {
                let callee = self.expression(function);
                self.call_of(callee, arguments, false, node)
            }
        }
    }

    /// `printf(..)` is `echo sprintf(..)`.
    fn formatted_output(&mut self, name: Node<'_>, arguments: Option<Node<'_>>, node: Node<'_>) -> Option<ExprId> {
        let format = match &*self.str(name) {
            "printf" => "sprintf",
            "vprintf" => "vsprintf",
            _ => return None,
        };
        let echo = self.plain("echo", name);
        let callee = self.plain(format, name);
        let value = self.call_of(callee, arguments, false, node);
        let span = self.span(node);
        let args = vec![Arg {
            name: None,
            value,
            span,
        }];
        Some(self.call_with(echo, args, arguments.unwrap_or(node), node))
    }

    /// `filter_input(INPUT_GET, 'x', F)` is `filter_var($_GET['x'], F)`.
    fn filtered_input(&mut self, name: Node<'_>, arguments: Option<Node<'_>>, node: Node<'_>) -> Option<ExprId> {
        let list = arguments.filter(|_| self.str(name) == "filter_input")?;
        let parts: Vec<Node<'_>> = children(list).into_iter().filter_map(first_child).collect();
        let (from, key) = (parts.first()?, parts.get(1)?);
        let of = match &*self.str(*from) {
            "INPUT_GET" => "_GET",
            "INPUT_POST" => "_POST",
            "INPUT_COOKIE" => "_COOKIE",
            "INPUT_SERVER" => "_SERVER",
            _ => return None,
        };
        let callee = self.plain("filter_var", name);
        let base = self.plain(of, *from);
        let index = self.expression(*key);
        let span = self.span(*from).to(self.span(*key));
        let value = self.cx.b.expr(ExprKind::Index { base, index }, span);
        let mut args = vec![Arg {
            name: None,
            value,
            span,
        }];
        for part in parts.into_iter().skip(2) {
            let (value, span) = (self.expression(part), self.span(part));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        Some(self.call_with(callee, args, list, node))
    }

    /// `file_get_contents('php://input')` is what was sent, as it came.
    fn request_body(&mut self, name: Node<'_>, arguments: Option<Node<'_>>, node: Node<'_>) -> Option<ExprId> {
        let reads = matches!(&*self.str(name), "file_get_contents" | "fopen" | "file");
        let first = arguments.filter(|_| reads).and_then(first_child)?;
        let text = self.str(first);
        let is_body = text.trim_matches(['"', '\'']).eq_ignore_ascii_case("php://input");
        is_body.then(|| self.plain("HTTP_RAW_POST_DATA", node))
    }

    /// A function's name, by its last part. PHP does not mind case: what is written in capitals alone is a builtin shouted.
    fn function_name(&mut self, node: Node<'_>) -> ExprId {
        let text = self.str(node);
        let last = text.rsplit('\\').next().unwrap_or_default();
        if last.eq_ignore_ascii_case("die") || last.eq_ignore_ascii_case("exit") {
            return self.plain("exit", node);
        }
        if last.bytes().any(|b| b.is_ascii_uppercase()) && !last.bytes().any(|b| b.is_ascii_lowercase()) {
            return self.plain(&last.to_ascii_lowercase(), node);
        }
        self.plain(last, node)
    }

    /// A class by its last name; `self` and `static` are the class, `parent` what it extends.
    pub(super) fn class_name(&mut self, node: Node<'_>) -> ExprId {
        let text = self.str(node);
        match text.rsplit('\\').next().unwrap_or_default() {
            last if last.eq_ignore_ascii_case("self") || last.eq_ignore_ascii_case("static") => {
                self.plain("self", node)
            }
            last if last.eq_ignore_ascii_case("parent") => self.plain("super", node),
            last => self.plain(last, node),
        }
    }

    fn scope(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "name" | "qualified_name" | "relative_name" | "relative_scope" => self.class_name(node),
            _ => self.expression(node),
        }
    }

    /// `A::f(..)`.
    pub(super) fn scoped_call(&mut self, node: Node<'_>) -> ExprId {
        let (Some(scope), Some(name)) = (node.child_by_field_name("scope"), node.child_by_field_name("name")) else {
            return self.anything(node);
        };
        let base = self.scope(scope);
        let callee = self.member(base, name, node);
        self.call_of(callee, node.child_by_field_name("arguments"), false, node)
    }

    /// `A::B`, `A::$b`.
    pub(super) fn scoped(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let scope = node.child_by_field_name("scope").or(parts.first().copied());
        let name = node.child_by_field_name("name").or(parts.get(1).copied());
        let (Some(scope), Some(name)) = (scope, name) else {
            return self.anything(node);
        };
        let base = self.scope(scope);
        if name.kind() != "variable_name" {
            return self.member(base, name, node);
        }
        let text = self.str(name);
        let symbol = self.cx.b.symbol(text.trim_start_matches('$'));
        let name_span = self.span(name);
        self.push(
            ExprKind::Member {
                base,
                name: symbol,
                name_span,
            },
            node,
        )
    }

    /// `new A(..)`, `new class (..) { .. }`.
    pub(super) fn object_creation(&mut self, node: Node<'_>) -> ExprId {
        let parts = children(node);
        let arguments = parts.iter().copied().find(|p| p.kind() == "arguments");
        let Some(class) = parts.first().copied().filter(|p| p.kind() != "arguments") else {
            return self.anything(node);
        };
        if class.kind() == "anonymous_class" {
            let arguments = children(class).into_iter().find(|c| c.kind() == "arguments");
            let id = self.anonymous_class(class);
            let callee = self.push(ExprKind::Class(id), class);
            return self.call_of(callee, arguments, true, node);
        }
        // `new $class(..)`: whatever class it names.
        if matches!(class.kind(), "variable_name" | "subscript_expression") {
            let callee = self.plain("new_instance", class);
            let (value, span) = (self.expression(class), self.span(class));
            let mut args = vec![Arg {
                name: None,
                value,
                span,
            }];
            args.extend(self.arguments(arguments));
            return self.call_with(callee, args, arguments.unwrap_or(node), node);
        }
        let callee = self.scope(class);
        self.call_of(callee, arguments, true, node)
    }

    pub(super) fn call_of(&mut self, callee: ExprId, arguments: Option<Node<'_>>, new: bool, node: Node<'_>) -> ExprId {
        let args = self.arguments(arguments);
        let args_span = match arguments {
            Some(list) => self.span(list),
            None => Span::new(node.end_byte(), node.end_byte()),
        };
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

    fn call_with(&mut self, callee: ExprId, args: Vec<Arg>, list: Node<'_>, node: Node<'_>) -> ExprId {
        let args_span = self.span(list);
        let new = false;
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

    /// `echo a, b`, `include x`, ...: a call of that name.
    pub(super) fn call_by_name(&mut self, name: &str, parts: &[Node<'_>], node: Node<'_>) -> ExprId {
        let word = self.cx.b.symbol(name);
        let start = node.start_byte();
        let callee = self.cx.b.expr(
            ExprKind::Name(word),
            Span::new(start, (start + name.len()).min(node.end_byte())),
        );
        let mut args = Vec::new();
        for part in parts {
            let inner = match part.kind() {
                "parenthesized_expression" if parts.len() == 1 => first_child(*part).unwrap_or(*part),
                _ => *part,
            };
            let (value, span) = (self.expression(inner), self.span(inner));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        let args_span = match (args.first(), args.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::new(node.end_byte(), node.end_byte()),
        };
        let new = false;
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

    /// `exit(..)`.
    pub(super) fn exit(&mut self, node: Node<'_>) -> ExprId {
        self.call_by_name("exit", &children(node), node)
    }

    /// Backticks.
    pub(super) fn shell(&mut self, node: Node<'_>) -> ExprId {
        let (name, start) = (self.cx.b.symbol("shell_exec"), node.start_byte());
        let callee = self.cx.b.expr(ExprKind::Name(name), Span::new(start, start + 1));
        let value = self.template(node);
        let span = self.cx.b.span(value);
        self.call_with(
            callee,
            vec![Arg {
                name: None,
                value,
                span,
            }],
            node,
            node,
        )
    }

    fn arguments(&mut self, list: Option<Node<'_>>) -> Vec<Arg> {
        let mut args = Vec::new();
        for argument in list.map(children).unwrap_or_default() {
            let span = self.span(argument);
            let name = argument.child_by_field_name("name");
            let symbol = name.map(|n| self.cx.symbol(n));
            let mut parts = children(argument);
            parts.retain(|p| Some(p.id()) != name.map(|n| n.id()) && p.kind() != "reference_modifier");
            let value = match (argument.kind(), parts.last()) {
                ("argument", Some(value)) => self.expression(*value),
                ("variadic_placeholder" | "text_interpolation", _) | ("argument", None) => continue,
                _ => self.expression(argument),
            };
            args.push(Arg {
                name: symbol,
                value,
                span,
            });
        }
        args
    }
}

/// What a member, a method call or an element is taken from.
fn inner_link(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "member_access_expression"
        | "nullsafe_member_access_expression"
        | "member_call_expression"
        | "nullsafe_member_call_expression" => node.child_by_field_name("object"),
        "subscript_expression" => first_child(node),
        _ => None,
    }
}

fn is_text(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "encapsed_string" | "heredoc_body" | "shell_command_expression"
    )
}
