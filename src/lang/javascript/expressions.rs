//! Expressions that do not hang on a left end: names, literals, objects, operators on one operand, assignments.

use super::{Js, Kids, Kind, Role, functions::Decorators, kinds::operator};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// Lowers an expression. Gives something for every node: what is unknown or too deep is [`ExprKind::Other`].
    pub(super) fn expr(&mut self, node: Node<'n>) -> ExprId {
        match self.deeper(node, |js| js.expr_here(node)) {
            Some(id) => id,
            None => self.push(ExprKind::Other(Vec::new()), node),
        }
    }

    /// The expression in a field, or an unknown one where the tree lacks it.
    pub(super) fn field_expr(&mut self, kids: Kids, field: Role, whole: Node<'n>) -> ExprId {
        match self.field(kids, field) {
            Some(kid) => self.expr(kid.node),
            None => self.push(ExprKind::Other(Vec::new()), whole),
        }
    }

    fn expr_here(&mut self, node: Node<'n>) -> ExprId {
        let kind = self.kind(node);
        match kind {
            Kind::Identifier | Kind::This | Kind::Super | Kind::ImportWord | Kind::PrivateProperty => {
                let name = self.variable(node);
                self.push(ExprKind::Name(name), node)
            }
            Kind::Call | Kind::Member | Kind::Subscript | Kind::NonNull => self.chain(node, kind),
            Kind::Binary => self.binary(node),
            Kind::Ternary => self.ternary(node),
            Kind::String => {
                let text = self.string_text(node);
                self.push(ExprKind::Str(text), node)
            }
            Kind::TemplateString => self.template(node, None, node),
            Kind::Number => {
                let text = self.cx.str(node).into();
                self.push(ExprKind::Num(text), node)
            }
            Kind::True => self.push(ExprKind::Bool(true), node),
            Kind::False => self.push(ExprKind::Bool(false), node),
            Kind::Null | Kind::Undefined => self.push(ExprKind::Null, node),
            Kind::Regex => self.regex(node),
            Kind::Object => self.object(node),
            Kind::Array => self.array(node),
            Kind::Arrow | Kind::FunctionExpression | Kind::GeneratorExpression | Kind::Function | Kind::Generator => {
                let function = self.lambda(node);
                self.push(ExprKind::Lambda(function), node)
            }
            Kind::Class | Kind::ClassDeclaration | Kind::AbstractClass => {
                self.class(node, None, false, Decorators::default())
            }
            Kind::JsxElement | Kind::JsxSelfClosing => self.jsx(node),
            Kind::JsxText => {
                let text = self.cx.str(node).trim().into();
                self.push(ExprKind::Str(text), node)
            }
            _ => self.compound(node, kind),
        }
    }

    fn compound(&mut self, node: Node<'n>, kind: Kind) -> ExprId {
        let kids = self.children(node);
        match kind {
            Kind::Assignment | Kind::Augmented => self.assignment(node, kids, kind),
            Kind::Await | Kind::Yield => match self.first(kids) {
                Some(value) => {
                    let value = self.expr(value.node);
                    self.push(ExprKind::Same(value), node)
                }
                None => self.push(ExprKind::Null, node),
            },
            Kind::Unary => {
                let op = self.field(kids, Role::Operator).map_or("", |k| operator(k.node.kind()));
                let operand = self.field_expr(kids, Role::Argument, node);
                self.push(ExprKind::Unary { op, operand }, node)
            }
            Kind::Update => self.update(node, kids),
            Kind::New => {
                let callee = self.field_expr(kids, Role::Constructor, node);
                let args = self.field(kids, Role::Arguments);
                self.call_of(callee, args, true, node)
            }
            Kind::Sequence => {
                let mut last = None;
                for i in kids.iter() {
                    last = Some(self.expr(self.kids[i].node));
                }
                last.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
            }
            Kind::Parenthesized
            | Kind::Instantiation
            | Kind::JsxExpression
            | Kind::Substitution
            | Kind::Else
            | Kind::ExpressionStatement => match self.first(kids) {
                Some(inner) => self.expr(inner.node),
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
            Kind::As | Kind::Satisfies | Kind::Assertion => self.cast(node, kids, kind),
            Kind::Spread => match self.first(kids) {
                Some(inner) => {
                    let value = self.expr(inner.node);
                    self.push(ExprKind::Spread(value), node)
                }
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
            Kind::Meta => {
                let text: String = self.cx.str(node).split_whitespace().collect();
                let name = self.cx.b.symbol(&text);
                self.push(ExprKind::Name(name), node)
            }
            _ => self.other(node, kids),
        }
    }

    /// Something not modelled: all its parts, so that what they do is not lost.
    pub(super) fn other(&mut self, node: Node<'n>, kids: Kids) -> ExprId {
        let mut parts = Vec::new();
        for i in kids.iter() {
            if self.kids[i].kind != Kind::Word {
                parts.push(self.expr(self.kids[i].node));
            }
        }
        self.push(ExprKind::Other(parts), node)
    }

    /// `/source/flags` as `new RegExp("source", "flags")`.
    fn regex(&mut self, node: Node<'n>) -> ExprId {
        let kids = self.children(node);
        let callee = self.name("RegExp", self.span(node));
        let mut args = Vec::with_capacity(2);
        for field in [Role::Pattern, Role::Flags] {
            if let Some(kid) = self.field(kids, field) {
                let text = self.cx.str(kid.node).into();
                let value = self.push(ExprKind::Str(text), kid.node);
                let span = self.span(kid.node);
                args.push(Arg {
                    name: None,
                    value,
                    span,
                });
            }
        }
        let args_span = self.span(node);
        self.push(
            ExprKind::Call {
                callee,
                args,
                new: true,
                args_span,
            },
            node,
        )
    }

    fn array(&mut self, node: Node<'n>) -> ExprId {
        let kids = self.children(node);
        let mut elements = Vec::with_capacity(kids.iter().len());
        for i in kids.iter() {
            elements.push(self.expr(self.kids[i].node));
        }
        self.push(ExprKind::Sequence(elements), node)
    }

    fn object(&mut self, node: Node<'n>) -> ExprId {
        let kids = self.children(node);
        let mut entries = Vec::with_capacity(kids.iter().len());
        for i in kids.iter() {
            let kid = self.kids[i];
            let span = self.span(kid.node);
            let (key, value) = match kid.kind {
                Kind::Pair => self.pair(kid.node),
                Kind::Shorthand => {
                    let name = self.variable(kid.node);
                    let text = self.cx.b.facts().name(name).into();
                    let key = self.push(ExprKind::Str(text), kid.node);
                    (Some(key), self.push(ExprKind::Name(name), kid.node))
                }
                Kind::Method => {
                    let parts = self.children(kid.node);
                    let key = self.field(parts, Role::Name).map(|name| self.key(name.node));
                    let function = self.method(kid.node, None);
                    (key, self.push(ExprKind::Lambda(function), kid.node))
                }
                Kind::Spread => {
                    let parts = self.children(kid.node);
                    let inner = self.first(parts).map_or(kid.node, |inner| inner.node);
                    (None, self.expr(inner))
                }
                _ => (None, self.expr(kid.node)),
            };
            entries.push(Entry { key, value, span });
        }
        self.push(ExprKind::Map(entries), node)
    }

    fn pair(&mut self, node: Node<'n>) -> (Option<ExprId>, ExprId) {
        let kids = self.children(node);
        let key = self.field(kids, Role::Key).map(|k| self.key(k.node));
        let value = self.field_expr(kids, Role::Value, node);
        (key, value)
    }

    /// The key of an entry or class member: plain names and strings are strings, computed ones what they compute.
    pub(super) fn key(&mut self, node: Node<'n>) -> ExprId {
        match self.kind(node) {
            Kind::Property | Kind::Identifier | Kind::PrivateProperty => {
                let name = self.symbol(node);
                let text = self.cx.b.facts().name(name).into();
                self.push(ExprKind::Str(text), node)
            }
            Kind::Computed => {
                let kids = self.children(node);
                match self.first(kids) {
                    Some(inner) => self.expr(inner.node),
                    None => self.push(ExprKind::Other(Vec::new()), node),
                }
            }
            _ => self.expr(node),
        }
    }

    /// The name that a key gives, where it is written out.
    pub(super) fn key_symbol(&mut self, node: Node<'n>) -> Option<Symbol> {
        match self.kind(node) {
            Kind::Computed => {
                let kids = self.children(node);
                let inner = self.first(kids)?;
                (inner.kind == Kind::String).then(|| self.string_symbol(inner.node))
            }
            Kind::String => Some(self.string_symbol(node)),
            _ => Some(self.symbol(node)),
        }
    }

    pub(super) fn string_symbol(&mut self, node: Node<'n>) -> Symbol {
        let text = self.string_text(node);
        self.cx.b.symbol(&text)
    }

    fn cast(&mut self, node: Node<'n>, kids: Kids, kind: Kind) -> ExprId {
        let (value, ty) = match kind {
            Kind::Assertion => (self.last(kids), self.of_kind(kids, Kind::TypeArguments)),
            _ => (self.first(kids), self.last(kids)),
        };
        let Some(value) = value else {
            return self.other(node, kids);
        };
        let id = self.expr(value.node);
        let ty = ty.filter(|t| t.node != value.node).and_then(|t| self.type_ref(t.node));
        match ty {
            Some(ty) => self.push(ExprKind::Cast { value: id, ty }, node),
            None => id,
        }
    }

    // ---- assignments

    fn assignment(&mut self, node: Node<'n>, kids: Kids, kind: Kind) -> ExprId {
        let target = match self.field(kids, Role::Left) {
            Some(left) => self.target(left.node),
            None => Target::Ignore,
        };
        let value = self.field_expr(kids, Role::Right, node);
        let mode = match (kind, self.field(kids, Role::Operator).map(|k| k.node.kind())) {
            (Kind::Assignment, _) => AssignMode::Plain,
            (_, Some("+=" | "||=" | "&&=" | "??=")) => AssignMode::Extend,
            _ => AssignMode::Other,
        };
        self.note_export(&target, value);
        let target = Box::new(target);
        self.push(ExprKind::Assign { target, value, mode }, node)
    }

    /// `i++` changes a number: an assignment that gives no text.
    fn update(&mut self, node: Node<'n>, kids: Kids) -> ExprId {
        let target = match self.field(kids, Role::Argument) {
            Some(argument) => self.target(argument.node),
            None => Target::Ignore,
        };
        let value = self.push(ExprKind::Num("1".into()), node);
        let (target, mode) = (Box::new(target), AssignMode::Other);
        self.push(ExprKind::Assign { target, value, mode }, node)
    }
}
