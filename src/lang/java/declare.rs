//! Classes, interfaces, enums, records, and what stands in their bodies.

use super::{
    Java, OpenClass, child_of, children, field_children,
    function::{Head, inside},
    has_word,
};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl Java<'_, '_> {
    /// A class, interface, enum or record as a statement: assigned to its name.
    pub(super) fn class_declaration(&mut self, node: Node<'_>) {
        let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body")) else {
            return;
        };
        let decorators = self.annotations(node);
        let symbol = self.declare(name);
        let mut bases = Vec::new();
        let heads = ["superclass", "super_interfaces", "extends_interfaces"];
        for head in children(node).into_iter().filter(|c| heads.contains(&c.kind())) {
            let types = child_of(head, &["type_list"]).map_or_else(|| children(head), children);
            bases.extend(types.into_iter().filter_map(|t| self.type_ref(t)));
        }
        let id = self.add_class(symbol, self.cx.span(node), bases);
        self.cx.b.facts().classes[id.ix()].decorators = decorators;
        self.deeper(body, |java| java.class_body(id, symbol, body, node));
        let value = self.push(ExprKind::Class(id), node);
        let (target, span) = (Target::Name(symbol, self.span(name)), self.span(node));
        self.cx.b.assign(target, value, AssignMode::Plain, span);
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

    /// `new T(..) { .. }`, or an enum constant with a body: a class without a name that extends `base`; gives the class as a value.
    pub(super) fn anonymous_class(&mut self, body: Node<'_>, base: Option<TypeRef>, whole: Node<'_>) -> ExprId {
        let name = self.cx.b.symbol("<class>");
        let id = self.add_class(name, self.cx.span(whole), base.into_iter().collect());
        self.deeper(body, |java| java.class_body(id, name, body, whole));
        let at = Span::new(body.start_byte(), body.start_byte());
        self.cx.b.expr(ExprKind::Class(id), at)
    }

    fn class_body(&mut self, id: ClassId, name: Symbol, body: Node<'_>, whole: Node<'_>) {
        let span = self.span(body);
        let kind = FunctionKind::ClassBody;
        let at = Span::default();
        let function = self.cx.b.begin_function(kind, "<class>", span, at, inside(span));
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        let depth = self.scopes.depth();
        let members = self.members.of_body(body);
        self.classes.push(OpenClass { name, members, depth });
        self.scopes.open();
        let in_interface = matches!(whole.kind(), "interface_declaration" | "annotation_type_declaration");
        if whole.kind() == "record_declaration" {
            self.record(id, whole, body);
        }
        self.class_members(id, body, in_interface);
        self.scopes.close();
        self.classes.pop();
        self.cx.b.end_function();
    }

    fn class_members(&mut self, id: ClassId, body: Node<'_>, in_interface: bool) {
        for member in children(body) {
            self.deeper(member, |java| java.class_member(id, member, in_interface));
        }
    }

    fn class_member(&mut self, id: ClassId, member: Node<'_>, in_interface: bool) {
        match member.kind() {
            "field_declaration" | "constant_declaration" => self.fields(id, member, in_interface),
            "method_declaration" | "constructor_declaration" => self.method(member, Some(id), in_interface),
            "compact_constructor_declaration" => {}
            "static_initializer" => self.statements(member),
            "block" => self.block(member),
            "enum_constant" => self.enum_constant(id, member),
            "enum_body_declarations" | "ERROR" => self.class_members(id, member, in_interface),
            kind if kind.ends_with("_declaration") => self.class_declaration(member),
            _ => {}
        }
    }

    // ---- fields

    fn fields(&mut self, class: ClassId, node: Node<'_>, in_interface: bool) {
        let annotations = self.annotations(node);
        if let Some(last) = annotations.last() {
            self.cx.b.statement(*last);
        }
        let is_static = in_interface || child_of(node, &["modifiers"]).is_some_and(|m| has_word(m, "static"));
        let written = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        for declarator in field_children(node, "declarator") {
            let Some(name) = declarator.child_by_field_name("name") else {
                continue;
            };
            let ty = self.with_dimensions(written.clone(), declarator);
            let (symbol, span) = (self.cx.symbol(name), self.span(name));
            let field = Field {
                name: symbol,
                ty: ty.clone(),
                span,
            };
            self.cx.b.facts().classes[class.ix()].fields.push(field);
            let Some(value) = declarator.child_by_field_name("value") else {
                continue;
            };
            let base = self.object(class, is_static, name);
            let value = self.typed_value(value, ty, declarator);
            let target = Target::Member {
                base,
                name: symbol,
                span,
            };
            let whole = self.span(declarator);
            self.cx.b.assign(target, value, AssignMode::Plain, whole);
        }
    }

    /// The object whose field is set: `this`, or the class itself.
    fn object(&mut self, class: ClassId, is_static: bool, at: Node<'_>) -> ExprId {
        let name = match is_static {
            true => self.cx.b.facts().classes[class.ix()].name,
            false => self.cx.b.symbol("this"),
        };
        let at = Span::new(at.start_byte(), at.start_byte());
        self.cx.b.expr(ExprKind::Name(name), at)
    }

    /// `NAME(args) { .. }`: a static field that holds an instance.
    fn enum_constant(&mut self, class: ClassId, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let (symbol, span) = (self.cx.symbol(name), self.span(name));
        let of = self.cx.b.facts().classes[class.ix()].name;
        let base = self.object(class, true, name);
        let callee = match node.child_by_field_name("body") {
            Some(body) => {
                let ty = TypeRef {
                    name: of,
                    args: Vec::new(),
                    span,
                };
                self.anonymous_class(body, Some(ty), node)
            }
            None => self.object(class, true, name),
        };
        let list = node.child_by_field_name("arguments");
        let args = list.map(|l| self.arguments(l)).unwrap_or_default();
        let args_span = self.span(list.unwrap_or(name));
        let new = true;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        let value = self.push(kind, node);
        let target = Target::Member {
            base,
            name: symbol,
            span,
        };
        let whole = self.span(node);
        self.cx.b.assign(target, value, AssignMode::Plain, whole);
    }

    // ---- records

    /// The fields of a record and its constructor, with the statements of a compact one.
    fn record(&mut self, class: ClassId, whole: Node<'_>, body: Node<'_>) {
        let Some(list) = whole.child_by_field_name("parameters") else {
            return;
        };
        let parts: Vec<_> = children(list)
            .into_iter()
            .filter_map(|p| p.child_by_field_name("name"))
            .collect();
        let compact = child_of(body, &["compact_constructor_declaration"]);
        let head = Head {
            kind: FunctionKind::Constructor,
            name: whole
                .child_by_field_name("name")
                .map(|n| self.str(n).into_owned())
                .unwrap_or_default(),
            name_span: whole
                .child_by_field_name("name")
                .map_or(Span::default(), |n| self.span(n)),
            body: compact.and_then(|c| c.child_by_field_name("body")),
            decorators: Vec::new(),
            exported: true,
        };
        let id = self.record_constructor(list, head, class, &parts);
        let declared = self.cx.b.facts().functions[id.ix()].params.clone();
        let fields = declared.into_iter().map(|p| Field {
            name: p.name,
            ty: p.ty,
            span: p.span,
        });
        self.cx.b.facts().classes[class.ix()].fields.extend(fields);
    }

    fn record_constructor(&mut self, list: Node<'_>, head: Head<'_>, class: ClassId, parts: &[Node<'_>]) -> FunctionId {
        let inner = head.body.map_or(Span::default(), |b| inside(self.span(b)));
        let span = self.span(list);
        let id = self
            .cx
            .b
            .begin_function(head.kind, &head.name, span, head.name_span, inner);
        let function = self.cx.b.function();
        function.class = Some(class);
        function.exported = head.exported;
        self.cx.b.facts().classes[class.ix()].methods.push(id);
        self.scopes.open();
        let params = self.parameters(list);
        self.cx.b.function().params = params;
        if let Some(body) = head.body {
            self.deeper(body, |java| java.statements(body));
        }
        for part in parts {
            let base = self.object(class, false, *part);
            let (name, span) = (self.cx.symbol(*part), self.span(*part));
            let symbol = self.scopes.resolve(name);
            let value = self.push(ExprKind::Name(symbol), *part);
            let target = Target::Member { base, name, span };
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        self.scopes.close();
        self.cx.b.end_function()
    }

    // ---- variables

    /// `T a = x, b[];`.
    pub(super) fn variables(&mut self, node: Node<'_>) {
        let annotations = self.annotations(node);
        if let Some(last) = annotations.last() {
            self.cx.b.statement(*last);
        }
        let written = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        for declarator in field_children(node, "declarator") {
            let ty = self.with_dimensions(written.clone(), declarator);
            self.variable(declarator, ty);
        }
    }

    /// `name = value` of that type; the value is lowered before the name is declared.
    pub(super) fn variable(&mut self, declarator: Node<'_>, ty: Option<TypeRef>) {
        let Some(name) = declarator.child_by_field_name("name") else {
            return;
        };
        let of = ty.clone();
        let value = match declarator.child_by_field_name("value") {
            Some(value) => self.typed_value(value, ty, declarator),
            None => {
                let Some(ty) = ty else {
                    self.declare(name);
                    return;
                };
                let value = self.push(ExprKind::Null, declarator);
                self.push(ExprKind::Cast { value, ty }, declarator)
            }
        };
        let span = self.span(declarator);
        let target = match self.str(name) == "_" {
            true => Target::Ignore,
            false => Target::Name(self.declare_as(name, of), self.span(name)),
        };
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// A value that a declared type is known of.
    pub(super) fn typed_value(&mut self, value: Node<'_>, ty: Option<TypeRef>, whole: Node<'_>) -> ExprId {
        let value = self.expression(value);
        match ty {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, whole),
            None => value,
        }
    }
}
