//! Methods, constructors, local functions, lambdas: parameters and bodies.

use super::{CSharp, child_of, children, declare::inside};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

/// A function as it is written.
pub(super) struct Written<'a, 'n> {
    pub kind: FunctionKind,
    pub name: &'a str,
    pub name_span: Span,
    /// The whole definition.
    pub node: Node<'n>,
    pub parameters: Option<Node<'n>>,
    /// A setter: it is given `value`.
    pub value: bool,
    pub body: Option<Node<'n>>,
    pub returns: Option<Node<'n>>,
    /// Expressions of the arena around.
    pub decorators: Vec<ExprId>,
    pub class: Option<ClassId>,
}

impl CSharp<'_, '_> {
    pub(super) fn function(&mut self, written: Written<'_, '_>) -> FunctionId {
        let (node, body) = (written.node, written.body);
        let body_span = match body {
            Some(body) if body.kind() == "block" => inside(self.span(body)),
            Some(body) => self.span(body),
            None => Span::default(),
        };
        let (kind, span) = (written.kind, self.span(node));
        let modifiers = self.modifiers(node);
        let has = |word: &str| modifiers.iter().any(|m| m == word);
        let in_file = self.cx.b.current() == FunctionId(0);
        self.cx
            .b
            .begin_function(kind, written.name, span, written.name_span, body_span);
        self.scopes.open();
        let mut params = Vec::new();
        if written.class.is_some() && !has("static") {
            params.push(self.receiver());
        }
        if let Some(list) = written.parameters {
            self.parameters(list, &mut params);
        }
        if written.value {
            let name = self.cx.b.symbol("value");
            let name = self.scopes.declare(&mut self.cx.b, name);
            let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
            params.push(param(name, written.name_span, ty, ParamKind::Normal));
        }
        let returns = written.returns.and_then(|r| self.type_ref(r));
        let exported = has("public") || in_file;
        let is_async = has("async");
        let function = self.cx.b.function();
        function.class = written.class;
        function.params = params;
        function.decorators = written.decorators;
        function.returns = returns;
        function.exported = exported;
        function.is_async = is_async;
        if let Some(initializer) = child_of(node, "constructor_initializer") {
            self.constructor_initializer(initializer);
        }
        if let Some(body) = body {
            self.deeper(body, |cs| cs.body(body, kind));
        }
        self.scopes.close();
        self.cx.b.end_function()
    }

    fn body(&mut self, body: Node<'_>, kind: FunctionKind) {
        let expression = match body.kind() {
            "block" => return self.statements(body),
            "arrow_expression_clause" => children(body).into_iter().next(),
            _ => Some(body),
        };
        let Some(expression) = expression else { return };
        let value = self.expression(expression);
        if kind == FunctionKind::Constructor {
            self.cx.b.statement(value);
        } else {
            self.cx.b.ret(Some(value));
        }
    }

    /// `: base(x)`, `: this(x)`.
    fn constructor_initializer(&mut self, node: Node<'_>) {
        let own = super::has_token(node, "this");
        let name = match self.open.last() {
            Some(class) if own => class.name,
            _ => self.cx.b.symbol("super"),
        };
        let callee = self.push(ExprKind::Name(name), node);
        let Some(list) = child_of(node, "argument_list") else {
            return;
        };
        let (args, args_span) = (self.arguments(list), self.span(list));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        let call = self.push(kind, node);
        self.cx.b.statement(call);
    }

    fn receiver(&mut self) -> Param {
        let name = self.cx.b.symbol("this");
        let ty = None;
        param(name, Span::default(), ty, ParamKind::Receiver)
    }

    fn parameters(&mut self, list: Node<'_>, out: &mut Vec<Param>) {
        // `params T[] rest` stands in the list itself.
        let rest = list.child_by_field_name("name");
        for parameter in children(list) {
            if parameter.kind() == "parameter" {
                self.parameter(parameter, out);
            }
        }
        if let Some(name) = rest {
            let ty = list.child_by_field_name("type").and_then(|t| self.type_ref(t));
            let ty = ty.and_then(|t| t.args.into_iter().next());
            let (symbol, span) = (self.declare(name), self.span(name));
            out.push(param(symbol, span, ty, ParamKind::Rest));
        }
    }

    fn parameter(&mut self, node: Node<'_>, out: &mut Vec<Param>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let ty_node = node.child_by_field_name("type");
        let ty = ty_node.and_then(|t| self.type_ref(t));
        let mut decorators = Vec::new();
        let mut default = None;
        for child in children(node) {
            match child.kind() {
                "attribute_list" => {
                    for attribute in children(child).into_iter().filter(|a| a.kind() == "attribute") {
                        decorators.push(self.attribute(attribute));
                    }
                }
                "modifier" => {}
                _ if child == name || Some(child) == ty_node => {}
                _ => default = Some(self.expression(child)),
            }
        }
        let (symbol, span) = (self.declare(name), self.span(name));
        let by_reference = self.modifiers(node).iter().any(|m| m == "out" || m == "ref");
        let kind = if by_reference {
            ParamKind::Reference
        } else {
            ParamKind::Normal
        };
        let mut made = param(symbol, span, ty, kind);
        (made.default, made.decorators) = (default, decorators);
        out.push(made);
    }

    pub(super) fn local_function(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let decorators = self.attributes(node);
        let text = self.str(name).into_owned();
        let written = Written {
            kind: FunctionKind::Function,
            name: &text,
            name_span: self.span(name),
            node,
            parameters: node.child_by_field_name("parameters"),
            value: false,
            body: node.child_by_field_name("body"),
            returns: node.child_by_field_name("type"),
            decorators,
            class: None,
        };
        self.function(written);
    }

    /// `x => y`, `(a, b) => { .. }`, `delegate (T x) { .. }`.
    pub(super) fn lambda(&mut self, node: Node<'_>) -> ExprId {
        let at = node.start_byte();
        let parameters = node.child_by_field_name("parameters");
        let body = node.child_by_field_name("body").or(child_of(node, "block"));
        let body_span = body.map_or(Span::default(), |b| self.span(b));
        let (span, name_span) = (self.span(node), Span::new(at, at));
        let is_async = self.modifiers(node).iter().any(|m| m == "async");
        let kind = FunctionKind::Lambda;
        self.cx.b.begin_function(kind, "<lambda>", span, name_span, body_span);
        self.scopes.open();
        let mut params = Vec::new();
        match parameters {
            Some(list) if list.kind() == "parameter_list" => self.parameters(list, &mut params),
            Some(name) => {
                let (symbol, span) = (self.declare(name), self.span(name));
                params.push(param(symbol, span, None, ParamKind::Normal));
            }
            None => {}
        }
        let function = self.cx.b.function();
        (function.params, function.is_async) = (params, is_async);
        if let Some(body) = body {
            self.deeper(body, |cs| cs.body(body, kind));
        }
        self.scopes.close();
        let id = self.cx.b.end_function();
        self.push(ExprKind::Lambda(id), node)
    }
}

fn param(name: Symbol, span: Span, ty: Option<TypeRef>, kind: ParamKind) -> Param {
    Param {
        name,
        span,
        ty,
        default: None,
        kind,
        decorators: Vec::new(),
    }
}
