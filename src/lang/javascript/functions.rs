//! Functions, arrows, methods: their parameters and bodies.

use super::{Js, Kid, Kids, Kind, Role};
use crate::lang::facts::*;
use crate::text::Span;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// `function name() {}` as a statement.
    pub(super) fn function_declaration(&mut self, node: Node<'n>) -> FunctionId {
        let kids = self.children(node);
        let function = self.function(node, kids, FunctionKind::Function, None, Decorators::default());
        let name = self.cx.b.facts().functions[function.ix()].name;
        if self.cx.b.current() == FunctionId(0) {
            self.exports.bind(name, function);
        }
        function
    }

    /// A function as a value. A name it has for itself (`function again() {}`) is kept.
    pub(super) fn lambda(&mut self, node: Node<'n>) -> FunctionId {
        let kids = self.children(node);
        self.function(node, kids, FunctionKind::Lambda, None, Decorators::default())
    }

    /// A method of a class or of an object literal.
    pub(super) fn method(&mut self, node: Node<'n>, class: Option<ClassId>) -> FunctionId {
        self.decorated_method(node, class, Decorators::default())
    }

    /// A method whose decorators were lowered into the arena of the class body.
    pub(super) fn decorated_method(
        &mut self,
        node: Node<'n>,
        class: Option<ClassId>,
        decorators: Decorators,
    ) -> FunctionId {
        let kids = self.children(node);
        let constructs = class.is_some()
            && self
                .field(kids, Role::Name)
                .is_some_and(|n| self.bytes(n.node) == b"constructor");
        let kind = if constructs {
            FunctionKind::Constructor
        } else {
            FunctionKind::Method
        };
        self.function(node, kids, kind, class, decorators)
    }

    /// Lowers a function whose children are listed in `kids`.
    pub(super) fn function(
        &mut self,
        node: Node<'n>,
        kids: Kids,
        kind: FunctionKind,
        class: Option<ClassId>,
        decorators: Decorators,
    ) -> FunctionId {
        let name = self.field(kids, Role::Name);
        let name_span = name.map_or(Span::default(), |n| self.span(n.node));
        let name = name.and_then(|n| match kind {
            FunctionKind::Function => Some(self.variable(n.node)),
            _ => self.key_symbol(n.node),
        });
        let body = self.field(kids, Role::Body);
        let returns = self.field(kids, Role::ReturnType).and_then(|t| self.type_ref(t.node));
        let span = decorators.span.map_or(self.span(node), |d| d.to(self.span(node)));
        let body_span = body.map_or(Span::default(), |b| self.inside(b));
        let id = self.cx.b.begin_function(kind, "<lambda>", span, name_span, body_span);
        let function = self.cx.b.function();
        function.name = name.unwrap_or(function.name);
        function.class = class;
        function.returns = returns;
        function.decorators = decorators.exprs;
        let is_async = self.has_word(kids, "async");
        self.cx.b.function().is_async = is_async;
        self.scoped(|js| {
            js.params(kids);
            if let Some(body) = body {
                js.body(body);
            }
        });
        self.cx.b.end_function();
        id
    }

    /// The span of a body without its braces.
    pub(super) fn inside(&self, body: Kid<'n>) -> Span {
        let span = self.span(body.node);
        if self.bytes(body.node).starts_with(b"{") {
            return Span::new(span.start as usize + 1, (span.end as usize).saturating_sub(1));
        }
        span
    }

    fn body(&mut self, body: Kid<'n>) {
        if body.kind == Kind::Block {
            self.hoist(body.node);
            self.hoist_vars(body.node);
            self.deeper(body.node, |js| js.statements_of(body.node));
        } else {
            let value = self.expr(body.node);
            self.cx.b.ret(Some(value));
        }
    }

    fn params(&mut self, kids: Kids) {
        if let Some(only) = self.field(kids, Role::Parameter) {
            self.param(only, 0);
        }
        if let Some(list) = self.field(kids, Role::Parameters) {
            let params = self.children(list.node);
            for (at, i) in params.iter().enumerate() {
                let kid = self.kids[i];
                self.param(kid, at);
            }
        }
    }

    /// One parameter: in JavaScript a pattern, in TypeScript a node around it.
    fn param(&mut self, kid: Kid<'n>, at: usize) {
        let mut written = Written::of(kid);
        let parts = self.children(kid.node);
        let mut decorators = Vec::new();
        match kid.kind {
            Kind::Required | Kind::Optional => {
                for i in parts
                    .iter()
                    .filter(|i| self.kids[*i].kind == Kind::Decorator)
                    .collect::<Vec<_>>()
                {
                    decorators.push(self.decorator(self.kids[i].node));
                }
                written.pattern = self.field(parts, Role::Pattern);
                written.default = self.field(parts, Role::Value);
                written.ty = self.field(parts, Role::Type);
            }
            Kind::DefaultPattern => {
                written.pattern = self.field(parts, Role::Left);
                written.default = self.field(parts, Role::Right);
            }
            _ => {}
        }
        if let Some(rest) = written.pattern.filter(|p| p.kind == Kind::RestPattern) {
            let inner = self.children(rest.node);
            written.pattern = self.first(inner);
            written.kind = ParamKind::Rest;
        }
        for decorator in &decorators {
            self.cx.b.statement(*decorator);
        }
        self.declare(written, at, decorators);
        if self.is_property(parts) {
            self.parameter_property();
        }
    }

    fn declare(&mut self, written: Written<'n>, at: usize, decorators: Vec<ExprId>) {
        let Some(pattern) = written.pattern else { return };
        self.declare_pattern(pattern.node);
        let ty = written.ty.and_then(|t| self.type_ref(t.node));
        let default = written.default.map(|d| self.expr(d.node));
        if let Some(default) = default {
            self.cx.b.statement(default);
        }
        let plain = matches!(pattern.kind, Kind::Identifier | Kind::Undefined);
        let (name, kind) = match pattern.kind {
            Kind::This => (self.symbol(pattern.node), ParamKind::Receiver),
            _ if plain => (self.variable(pattern.node), written.kind),
            _ => (self.cx.b.symbol(&format!("<{at}>")), written.kind),
        };
        let span = self.span(pattern.node);
        self.cx.b.function().params.push(Param {
            name,
            span,
            ty,
            default,
            kind,
            decorators,
        });
        if !plain && kind != ParamKind::Receiver {
            let target = self.target(pattern.node);
            let value = self.push(ExprKind::Name(name), pattern.node);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
    }

    /// `constructor(private db: Db)`: a modifier makes the parameter a field.
    fn is_property(&mut self, parts: Kids) -> bool {
        self.cx.b.function().kind == FunctionKind::Constructor
            && (self.of_kind(parts, Kind::Accessibility).is_some() || self.has_word(parts, "readonly"))
    }

    fn parameter_property(&mut self) {
        let function = self.cx.b.function();
        let (Some(param), Some(class)) = (function.params.last(), function.class) else {
            return;
        };
        let field = Field {
            name: param.name,
            ty: param.ty.clone(),
            span: param.span,
        };
        let (name, span) = (field.name, field.span);
        self.cx.b.facts().classes[class.ix()].fields.push(field);
        let base = self.name("this", span);
        let target = Target::Member { base, name, span };
        let value = self.cx.b.expr(ExprKind::Name(name), span);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// A decorator as an expression of the current arena.
    pub(super) fn decorator(&mut self, node: Node<'n>) -> ExprId {
        let kids = self.children(node);
        match self.first(kids) {
            Some(inner) => self.expr(inner.node),
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }
}

/// Decorators already lowered, and where they are written.
#[derive(Default)]
pub(super) struct Decorators {
    pub(super) exprs: Vec<ExprId>,
    pub(super) span: Option<Span>,
}

/// The parts of a parameter as written.
struct Written<'n> {
    pattern: Option<Kid<'n>>,
    default: Option<Kid<'n>>,
    ty: Option<Kid<'n>>,
    kind: ParamKind,
}

impl<'n> Written<'n> {
    fn of(kid: Kid<'n>) -> Self {
        Self {
            pattern: Some(kid),
            default: None,
            ty: None,
            kind: ParamKind::Normal,
        }
    }
}
