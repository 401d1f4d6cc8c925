//! Classes, and what declares types: interfaces, aliases, enums.

use super::{Js, Kid, Kids, Kind, Role, functions::Decorators};
use crate::lang::facts::*;
use crate::text::Span;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// A class where it is defined. `hint` is the name it is assigned to when it has none of its own; `decorators` are those
    /// that stand before an `export`.
    pub(super) fn class(
        &mut self,
        node: Node<'n>,
        hint: Option<Symbol>,
        exported: bool,
        mut decorators: Decorators,
    ) -> ExprId {
        let kids = self.children(node);
        self.decorators(kids, &mut decorators);
        let name = self.field(kids, Role::Name).map(|n| self.variable(n.node)).or(hint);
        let name = name.unwrap_or_else(|| self.cx.b.symbol("<class>"));
        let bases = self
            .of_kind(kids, Kind::Heritage)
            .map(|h| self.heritage(h.node))
            .unwrap_or_default();
        let span = decorators.span.map_or(self.span(node), |d| d.to(self.span(node)));
        let id = self.add_class(name, span, bases);
        self.cx.b.facts().classes[id.ix()].decorators = decorators.exprs;
        if let Some(body) = self.field(kids, Role::Body) {
            self.deeper(body.node, |js| js.class_body(id, name, body, exported));
        }
        self.push(ExprKind::Class(id), node)
    }

    /// A class as a statement: assigned to its name.
    pub(super) fn class_declaration(&mut self, node: Node<'n>, exported: bool, decorators: Decorators) {
        let value = self.class(node, None, exported, decorators);
        let name = match self.cx.b.kind(value) {
            ExprKind::Class(id) => *id,
            _ => return,
        };
        let name = self.cx.b.facts().classes[name.ix()].name;
        let span = self.span(node);
        self.cx
            .b
            .assign(Target::Name(name, span), value, AssignMode::Plain, span);
    }

    fn add_class(&mut self, name: Symbol, span: Span, bases: Vec<TypeRef>) -> ClassId {
        let classes = &mut self.cx.b.facts().classes;
        classes.push(Class {
            name,
            span,
            bases,
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators: Vec::new(),
        });
        ClassId(classes.len() as u32 - 1)
    }

    /// Lowers the decorators among `kids` into the current arena.
    pub(super) fn decorators(&mut self, kids: Kids, into: &mut Decorators) {
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind == Kind::Decorator {
                self.add_decorator(kid.node, into);
            }
        }
    }

    fn add_decorator(&mut self, node: Node<'n>, into: &mut Decorators) {
        let span = self.span(node);
        into.exprs.push(self.decorator(node));
        into.span = Some(into.span.map_or(span, |s| s.to(span)));
    }

    /// `extends` and `implements`. A base that is computed (`extends mixin(Base)`) is lowered for what it does.
    fn heritage(&mut self, node: Node<'n>) -> Vec<TypeRef> {
        let (kids, mut bases) = (self.children(node), Vec::new());
        for i in kids.iter() {
            let kid = self.kids[i];
            match kid.kind {
                Kind::Word => {}
                Kind::Extends => {
                    let values = self.children(kid.node);
                    for v in values
                        .iter()
                        .filter(|v| self.kids[*v].field == Role::Value)
                        .collect::<Vec<_>>()
                    {
                        bases.extend(self.base(self.kids[v]));
                    }
                }
                Kind::Implements | Kind::ExtendsTypes => {
                    let types = self.children(kid.node);
                    for t in types.iter() {
                        bases.extend(self.type_ref(self.kids[t].node));
                    }
                }
                _ => bases.extend(self.base(kid)),
            }
        }
        bases
    }

    fn base(&mut self, kid: Kid<'n>) -> Option<TypeRef> {
        if matches!(kid.kind, Kind::Identifier | Kind::Member) {
            return self.type_ref(kid.node);
        }
        self.expr(kid.node);
        None
    }

    fn class_body(&mut self, id: ClassId, name: Symbol, body: Kid<'n>, exported: bool) {
        let span = self.span(body.node);
        let inside = self.inside(body);
        let function = self
            .cx
            .b
            .begin_function(FunctionKind::ClassBody, "<class>", span, Span::default(), inside);
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        let members = self.children(body.node);
        let mut pending = Decorators::default();
        for i in members.iter() {
            let kid = self.kids[i];
            match kid.kind {
                Kind::Decorator => self.add_decorator(kid.node, &mut pending),
                Kind::Method => {
                    let decorators = std::mem::take(&mut pending);
                    self.deeper(kid.node, |js| js.class_method(id, kid.node, decorators, exported));
                }
                Kind::FieldDefinition | Kind::PublicField => {
                    let decorators = std::mem::take(&mut pending);
                    self.deeper(kid.node, |js| {
                        js.field_definition(id, name, kid.node, decorators, exported)
                    });
                }
                Kind::StaticBlock => {
                    let parts = self.children(kid.node);
                    if let Some(block) = self.field(parts, Role::Body) {
                        self.statement(block.node);
                    }
                }
                _ => self.comments_in(kid.node),
            }
        }
        self.cx.b.end_function();
    }

    fn class_method(&mut self, class: ClassId, node: Node<'n>, mut decorators: Decorators, exported: bool) {
        let kids = self.children(node);
        self.decorators(kids, &mut decorators);
        if let Some(last) = decorators.exprs.last() {
            self.cx.b.statement(*last);
        }
        let public = self.is_public(kids);
        let function = self.decorated_method(node, Some(class), decorators);
        self.add_method(class, function, public, exported);
    }

    fn add_method(&mut self, class: ClassId, function: FunctionId, public: bool, exported: bool) {
        let facts = self.cx.b.facts();
        facts.functions[function.ix()].exported = public && exported;
        let class = &mut facts.classes[class.ix()];
        class.methods.push(function);
        if public {
            let name = class.name;
            self.exports.bind_method(name, function);
        }
    }

    fn is_public(&self, kids: Kids) -> bool {
        let hidden = |k: &Kid<'n>| match k.kind {
            Kind::Accessibility => self.bytes(k.node) != b"public",
            Kind::PrivateProperty => true,
            _ => false,
        };
        !self.kids[kids.iter()].iter().any(hidden)
    }

    /// `name: Type = value` in a class.
    fn field_definition(
        &mut self,
        class: ClassId,
        class_name: Symbol,
        node: Node<'n>,
        mut decorators: Decorators,
        exported: bool,
    ) {
        let kids = self.children(node);
        self.decorators(kids, &mut decorators);
        let key = self.field(kids, Role::Name).or(self.field(kids, Role::Property));
        let name = key.and_then(|k| self.key_symbol(k.node));
        let ty = self.field(kids, Role::Type).and_then(|t| self.type_ref(t.node));
        let span = key.map_or(self.span(node), |k| self.span(k.node));
        if let Some(name) = name {
            let field = Field { name, ty, span };
            self.cx.b.facts().classes[class.ix()].fields.push(field);
        }
        let value = self.field(kids, Role::Value);
        let function = value.filter(|v| matches!(v.kind, Kind::Arrow | Kind::FunctionExpression));
        if let (Some(function), Some(name)) = (function, name) {
            if let Some(last) = decorators.exprs.last() {
                self.cx.b.statement(*last);
            }
            let parts = self.children(function.node);
            let id = self.function(function.node, parts, FunctionKind::Method, Some(class), decorators);
            let public = self.is_public(kids);
            let method = &mut self.cx.b.facts().functions[id.ix()];
            (method.name, method.name_span) = (name, span);
            self.add_method(class, id, public, exported);
            return;
        }
        if let Some(value) = value {
            let of = if self.has_word(kids, "static") {
                Some(class_name)
            } else {
                None
            };
            let of = of.unwrap_or_else(|| self.cx.b.symbol("this"));
            let base = self.cx.b.expr(ExprKind::Name(of), span);
            let value = self.expr(value.node);
            let span = self.span(node);
            let target = match name {
                Some(name) => Target::Member { base, name, span },
                None => Target::Ignore,
            };
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        } else if let Some(last) = decorators.exprs.last() {
            self.cx.b.statement(*last);
        }
    }

    // ---- declarations of types

    /// `interface Name extends Base { field: Type }`.
    pub(super) fn interface(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let Some(name) = self.field(kids, Role::Name).map(|n| self.symbol(n.node)) else {
            return;
        };
        let mut bases = Vec::new();
        if let Some(extends) = self.of_kind(kids, Kind::ExtendsTypes) {
            let types = self.children(extends.node);
            for t in types.iter() {
                bases.extend(self.type_ref(self.kids[t].node));
            }
        }
        let class = self.add_class(name, self.span(node), bases);
        if let Some(body) = self.field(kids, Role::Body) {
            self.signatures(class, body.node);
        }
    }

    /// `type Name = Base & { field: Type }`: like an interface, as far as it is one.
    pub(super) fn type_alias(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let Some(name) = self.field(kids, Role::Name).map(|n| self.symbol(n.node)) else {
            return;
        };
        let class = self.add_class(name, self.span(node), Vec::new());
        if let Some(value) = self.field(kids, Role::Value) {
            self.deeper(value.node, |js| js.alias_part(class, value));
        }
    }

    fn alias_part(&mut self, class: ClassId, part: Kid<'n>) {
        match part.kind {
            Kind::ObjectType => self.signatures(class, part.node),
            Kind::IntersectionType => {
                let kids = self.children(part.node);
                for i in kids.iter() {
                    let kid = self.kids[i];
                    self.deeper(kid.node, |js| js.alias_part(class, kid));
                }
            }
            Kind::Word => {}
            _ => {
                let base = self.type_ref(part.node);
                self.cx.b.facts().classes[class.ix()].bases.extend(base);
            }
        }
    }

    fn signatures(&mut self, class: ClassId, body: Node<'n>) {
        let kids = self.children(body);
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind != Kind::PropertySignature {
                self.comments_in(kid.node);
                continue;
            }
            let parts = self.children(kid.node);
            let name = self.field(parts, Role::Name).and_then(|n| self.key_symbol(n.node));
            let ty = self.field(parts, Role::Type).and_then(|t| self.type_ref(t.node));
            let span = self.span(kid.node);
            if let Some(name) = name {
                self.cx.b.facts().classes[class.ix()]
                    .fields
                    .push(Field { name, ty, span });
            }
        }
    }

    /// `enum Name { A = 1, B }` is a name for a map.
    pub(super) fn enumeration(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let (Some(name), Some(body)) = (self.field(kids, Role::Name), self.field(kids, Role::Body)) else {
            return;
        };
        let target = Target::Name(self.variable(name.node), self.span(name.node));
        let members = self.children(body.node);
        let mut entries = Vec::with_capacity(members.iter().len());
        for (at, i) in members.iter().enumerate() {
            let kid = self.kids[i];
            let span = self.span(kid.node);
            let (key, value) = if kid.kind == Kind::EnumAssignment {
                let parts = self.children(kid.node);
                let key = self.field(parts, Role::Name).map(|n| self.key(n.node));
                (key, self.field_expr(parts, Role::Value, kid.node))
            } else {
                let key = self.key(kid.node);
                (Some(key), self.push(ExprKind::Num(at.to_string().into()), kid.node))
            };
            entries.push(Entry { key, value, span });
        }
        let value = self.push(ExprKind::Map(entries), node);
        let span = self.span(node);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }
}
