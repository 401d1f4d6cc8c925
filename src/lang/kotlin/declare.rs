//! Classes, objects, functions, properties, parameters and annotations.

use super::{Kotlin, OpenClass, child_after, child_of, children, has_word, is_type};
use crate::lang::adapter::Adapter;
use crate::{
    lang::facts::{Arg, *},
    text::Span,
};
use std::collections::HashSet;
use tree_sitter::Node;

impl Kotlin<'_, '_> {
    // ---- annotations

    /// The annotations among the modifiers of a declaration, lowered into the function that is open.
    pub(super) fn annotations(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let mut found = Vec::new();
        let lists = ["modifiers", "parameter_modifiers", "type_modifiers"];
        for list in children(node).into_iter().filter(|c| lists.contains(&c.kind())) {
            for annotation in children(list).into_iter().filter(|c| c.kind() == "annotation") {
                for one in children(annotation)
                    .into_iter()
                    .filter(|c| c.kind() != "use_site_target")
                {
                    found.push(self.annotation(one));
                }
            }
        }
        found
    }

    fn annotation(&mut self, node: Node<'_>) -> ExprId {
        if node.kind() != "constructor_invocation" {
            return self.type_path(node);
        }
        self.invocation(node, false)
    }

    /// `T(args)`: a base class with what its constructor gets, or an annotation.
    fn invocation(&mut self, node: Node<'_>, new: bool) -> ExprId {
        let Some(ty) = children(node).into_iter().find(is_type) else {
            return self.nothing(node);
        };
        let callee = self.type_path(ty);
        let list = child_of(node, &["value_arguments"]);
        let args = list.map(|l| self.arguments(l)).unwrap_or_default();
        let args_span = self.span(list.unwrap_or(node));
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    /// A type where a value is called for: `T`, `a.b.T`.
    pub(super) fn type_path(&mut self, node: Node<'_>) -> ExprId {
        let mut node = node;
        while let Some(inner) = children(node).into_iter().find(is_type) {
            node = inner;
        }
        let names = children(node).into_iter().filter(|c| c.kind() == "identifier");
        let mut value: Option<ExprId> = None;
        for part in names {
            let name = self.plain(part);
            value = Some(match value {
                None => {
                    let name = self.scopes.resolve(name);
                    self.push(ExprKind::Name(name), part)
                }
                Some(base) => {
                    let name_span = self.span(part);
                    self.push(ExprKind::Member { base, name, name_span }, node)
                }
            });
        }
        value.unwrap_or_else(|| self.nothing(node))
    }

    // ---- classes

    pub(super) fn class_declaration(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let decorators = self.annotations(node);
        let symbol = self.declare(name);
        let id = self.class(symbol, node, decorators);
        let value = self.push(ExprKind::Class(id), node);
        let (target, span) = (Target::Name(symbol, self.span(name)), self.span(node));
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// `object : Base() { .. }`: a class without a name, as a value.
    pub(super) fn object_literal(&mut self, node: Node<'_>) -> ExprId {
        let name = self.cx.b.symbol("<class>");
        let id = self.class(name, node, Vec::new());
        let at = Span::new(node.start_byte(), node.start_byte());
        let callee = self.cx.b.expr(ExprKind::Class(id), at);
        let (args, new) = (Vec::new(), true);
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span: at,
        };
        self.push(kind, node)
    }

    fn class(&mut self, name: Symbol, node: Node<'_>, decorators: Vec<ExprId>) -> ClassId {
        let mut bases = Vec::new();
        let mut made = Vec::new();
        let specifiers = child_of(node, &["delegation_specifiers"])
            .map(children)
            .unwrap_or_default();
        for specifier in specifiers {
            for base in children(specifier) {
                match base.kind() {
                    "constructor_invocation" => {
                        bases.extend(self.type_in(base));
                        made.push(base);
                    }
                    "explicit_delegation" => bases.extend(self.type_in(base)),
                    _ => bases.extend(self.type_ref(base)),
                }
            }
        }
        let span = self.span(node);
        let classes = &mut self.cx.b.facts().classes;
        classes.push(Class {
            name,
            span,
            bases,
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators,
        });
        let id = ClassId(classes.len() as u32 - 1);
        self.deeper(node, |kotlin| kotlin.class_body(id, name, node, &made));
        id
    }

    fn class_body(&mut self, id: ClassId, name: Symbol, node: Node<'_>, made: &[Node<'_>]) {
        let body = child_of(node, &["class_body", "enum_class_body"]);
        let span = body.map_or(Span::default(), |b| self.span(b));
        let at = Span::default();
        let function = self
            .cx
            .b
            .begin_function(FunctionKind::ClassBody, "<class>", span, at, span);
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        let constructor = child_of(node, &["primary_constructor"]);
        let parameters = constructor.and_then(|c| child_of(c, &["class_parameters"]));
        let mut open = OpenClass {
            name,
            properties: HashSet::new(),
            methods: HashSet::new(),
            depth: self.scopes.depth(),
        };
        for parameter in parameters.map(children).unwrap_or_default() {
            // What is no property can be read by initialisers all the same.
            let name = child_of(parameter, &["identifier"]);
            open.properties.extend(name.map(|n| self.str(n).into_owned()));
        }
        if let Some(body) = body {
            self.read_members(body, &mut open);
        }
        self.classes.push(open);
        let receivers = std::mem::take(&mut self.receivers);
        self.scopes.open();
        if let Some(parameters) = parameters {
            self.primary_constructor(id, node, parameters);
        }
        for base in made {
            let value = self.invocation(*base, true);
            self.cx.b.statement(value);
        }
        if let Some(body) = body {
            self.members(id, body);
        }
        self.scopes.close();
        self.receivers = receivers;
        self.classes.pop();
        self.cx.b.end_function();
    }

    fn read_members(&mut self, body: Node<'_>, into: &mut OpenClass) {
        for member in children(body) {
            match member.kind() {
                "property_declaration" => {
                    let variable = child_of(member, &["variable_declaration"]);
                    let name = variable.and_then(|v| child_of(v, &["identifier"]));
                    into.properties.extend(name.map(|n| self.str(n).into_owned()));
                }
                "function_declaration" => {
                    let name = member.child_by_field_name("name");
                    into.methods.extend(name.map(|n| self.str(n).into_owned()));
                }
                "enum_entry" => {
                    let name = child_of(member, &["identifier"]);
                    into.properties.extend(name.map(|n| self.str(n).into_owned()));
                }
                "companion_object" => {
                    if let Some(inner) = child_of(member, &["class_body"]) {
                        self.deeper(member, |kotlin| kotlin.read_members(inner, into));
                    }
                }
                _ => {}
            }
        }
    }

    fn members(&mut self, id: ClassId, body: Node<'_>) {
        for member in children(body) {
            self.deeper(member, |kotlin| kotlin.member(id, member));
        }
    }

    fn member(&mut self, id: ClassId, member: Node<'_>) {
        match member.kind() {
            "property_declaration" => self.property(id, member),
            "function_declaration" => self.function_declaration(member, Some(id)),
            "anonymous_initializer" => {
                if let Some(block) = child_of(member, &["block"]) {
                    self.block(block);
                }
            }
            "secondary_constructor" => self.secondary_constructor(id, member),
            "companion_object" => {
                if let Some(inner) = child_of(member, &["class_body"]) {
                    self.members(id, inner);
                }
            }
            "enum_entry" => self.enum_entry(id, member),
            "ERROR" => self.members(id, member),
            kind if kind.ends_with("_declaration") => self.class_declaration(member),
            _ => {}
        }
    }

    fn enum_entry(&mut self, class: ClassId, node: Node<'_>) {
        let Some(name) = child_of(node, &["identifier"]) else {
            return;
        };
        let (symbol, span) = (self.plain(name), self.span(name));
        let of = self.cx.b.facts().classes[class.ix()].name;
        let at = Span::new(node.start_byte(), node.start_byte());
        let base = self.cx.b.expr(ExprKind::Name(of), at);
        let callee = self.cx.b.expr(ExprKind::Name(of), at);
        let list = child_of(node, &["value_arguments"]);
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

    /// The constructor beside the class's name: each parameter is a field.
    fn primary_constructor(&mut self, class: ClassId, whole: Node<'_>, list: Node<'_>) {
        let span = self.span(list);
        let name = whole.child_by_field_name("name");
        let text = name.map(|n| self.str(n).into_owned()).unwrap_or_default();
        let name_span = name.map_or(Span::default(), |n| self.span(n));
        let kind = FunctionKind::Constructor;
        let id = self.cx.b.begin_function(kind, &text, span, name_span, Span::default());
        let function = self.cx.b.function();
        (function.class, function.exported) = (Some(class), true);
        self.cx.b.facts().classes[class.ix()].methods.push(id);
        self.scopes.open();
        let mut params = Vec::new();
        let mut fields = Vec::new();
        for parameter in children(list).into_iter().filter(|c| c.kind() == "class_parameter") {
            let Some(name) = child_of(parameter, &["identifier"]) else {
                continue;
            };
            let ty = self.type_in(parameter);
            let default = child_after(parameter, "=").map(|d| self.expression(d));
            let decorators = self.annotations(parameter);
            let (plain, span) = (self.plain(name), self.span(name));
            fields.push(Field {
                name: plain,
                ty: ty.clone(),
                span,
            });
            params.push(Param {
                name: self.declare(name),
                span,
                ty,
                default,
                kind: ParamKind::Normal,
                decorators,
            });
        }
        let assigned: Vec<(Symbol, Symbol, Span)> = params
            .iter()
            .zip(&fields)
            .map(|(p, f)| (p.name, f.name, p.span))
            .collect();
        self.cx.b.function().params = params;
        self.cx.b.facts().classes[class.ix()].fields.extend(fields);
        for (param, name, span) in assigned {
            let at = Span {
                start: span.start,
                end: span.start,
            };
            let this = self.cx.b.symbol("this");
            let base = self.cx.b.expr(ExprKind::Name(this), at);
            let value = self.cx.b.expr(ExprKind::Name(param), span);
            let target = Target::Member { base, name, span };
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        self.scopes.close();
        self.cx.b.end_function();
    }

    fn secondary_constructor(&mut self, class: ClassId, node: Node<'_>) {
        let at = Span::new(node.start_byte(), node.start_byte());
        let kind = FunctionKind::Constructor;
        self.function(node, kind, "<init>", at, Some(class), Vec::new());
    }

    // ---- properties

    fn property(&mut self, class: ClassId, node: Node<'_>) {
        let annotations = self.annotations(node);
        if let Some(last) = annotations.last() {
            self.cx.b.statement(*last);
        }
        let Some(variable) = child_of(node, &["variable_declaration"]) else {
            return;
        };
        let Some(name) = child_of(variable, &["identifier"]) else {
            return;
        };
        let ty = self.type_in(variable);
        let (symbol, span) = (self.plain(name), self.span(name));
        let field = Field {
            name: symbol,
            ty: ty.clone(),
            span,
        };
        self.cx.b.facts().classes[class.ix()].fields.push(field);
        let Some(value) = self.initial(node) else { return };
        let at = Span::new(node.start_byte(), node.start_byte());
        let this = self.cx.b.symbol("this");
        let base = self.cx.b.expr(ExprKind::Name(this), at);
        let value = self.typed(value, ty, node);
        let target = Target::Member {
            base,
            name: symbol,
            span,
        };
        let whole = self.span(node);
        self.cx.b.assign(target, value, AssignMode::Plain, whole);
    }

    /// `= value`, or what `by lazy { .. }` gives.
    fn initial<'n>(&self, node: Node<'n>) -> Option<Node<'n>> {
        let delegate = child_of(node, &["property_delegate"]).and_then(|d| children(d).into_iter().next());
        child_after(node, "=").or(delegate)
    }

    fn typed(&mut self, value: Node<'_>, ty: Option<TypeRef>, whole: Node<'_>) -> ExprId {
        let value = self.expression(value);
        match ty {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, whole),
            None => value,
        }
    }

    /// `val x: T = value`, `val (a, b) = value` in a function or at the top of a file.
    pub(super) fn local_property(&mut self, node: Node<'_>) {
        let annotations = self.annotations(node);
        if let Some(last) = annotations.last() {
            self.cx.b.statement(*last);
        }
        let span = self.span(node);
        if let Some(several) = child_of(node, &["multi_variable_declaration"]) {
            let Some(value) = self.initial(node) else { return };
            let value = self.expression(value);
            let target = self.variables(several);
            return self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        let Some(variable) = child_of(node, &["variable_declaration"]) else {
            return;
        };
        let ty = self.type_in(variable);
        let value = match self.initial(node) {
            Some(value) => self.typed(value, ty, node),
            None => {
                let Some(ty) = ty else { return };
                let value = self.push(ExprKind::Null, node);
                self.push(ExprKind::Cast { value, ty }, node)
            }
        };
        let target = self.variables(variable);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// Declares what a variable declaration binds.
    pub(super) fn variables(&mut self, node: Node<'_>) -> Target {
        if node.kind() == "multi_variable_declaration" {
            let parts = children(node).into_iter();
            let parts = parts.filter(|c| c.kind() == "variable_declaration");
            return Target::Tuple(
                parts
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|p| self.variables(p))
                    .collect(),
            );
        }
        match child_of(node, &["identifier"]) {
            Some(name) if self.str(name) != "_" => Target::Name(self.declare(name), self.span(name)),
            _ => Target::Ignore,
        }
    }

    // ---- functions

    pub(super) fn function_declaration(&mut self, node: Node<'_>, class: Option<ClassId>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let decorators = self.annotations(node);
        if let Some(last) = decorators.last() {
            self.cx.b.statement(*last);
        }
        let kind = if class.is_some() {
            FunctionKind::Method
        } else {
            FunctionKind::Function
        };
        let text = self.str(name).replace('`', "");
        self.function(node, kind, &text, self.cx.span(name), class, decorators);
    }

    /// A function with its parameters and body.
    pub(super) fn function(
        &mut self,
        node: Node<'_>,
        kind: FunctionKind,
        name: &str,
        name_span: Span,
        class: Option<ClassId>,
        decorators: Vec<ExprId>,
    ) -> FunctionId {
        let body = child_of(node, &["function_body", "block"]);
        let span = self.span(node);
        let body_span = body.map_or(Span::default(), |b| self.span(b));
        self.cx.b.begin_function(kind, name, span, name_span, body_span);
        let id = self.cx.b.current();
        if let Some(class) = class {
            self.cx.b.function().class = Some(class);
            self.cx.b.facts().classes[class.ix()].methods.push(id);
        }
        let modifiers = child_of(node, &["modifiers"]);
        let hidden = modifiers.is_some_and(|m| {
            let visibility = child_of(m, &["visibility_modifier"]);
            visibility.is_some_and(|v| self.str(v) != "public")
        });
        self.scopes.open();
        let mut params = self.extended(node);
        if let Some(list) = child_of(node, &["function_value_parameters"]) {
            self.parameters(list, &mut params);
        }
        let returns = children(node).into_iter().rev().find(is_type);
        let returns = returns.filter(|_| has_word(node, ":")).and_then(|t| self.type_ref(t));
        let function = self.cx.b.function();
        function.params = params;
        function.returns = returns;
        function.decorators = decorators;
        function.exported = !hidden && kind != FunctionKind::Lambda;
        if let Some(body) = body {
            self.deeper(body, |kotlin| kotlin.body(body));
        }
        self.scopes.close();
        self.cx.b.end_function()
    }

    /// The receiver of an extension function is its `this`.
    fn extended(&mut self, node: Node<'_>) -> Vec<Param> {
        let mut cursor = node.walk();
        let before_name = node
            .children(&mut cursor)
            .take_while(|c| c.kind() != "function_value_parameters");
        let Some(ty) = before_name.filter(is_type).last() else {
            return Vec::new();
        };
        let span = self.span(ty);
        let ty = self.type_ref(ty);
        let this = self.cx.b.symbol("this");
        vec![Param {
            name: this,
            span,
            ty,
            default: None,
            kind: ParamKind::Receiver,
            decorators: Vec::new(),
        }]
    }

    fn parameters(&mut self, list: Node<'_>, params: &mut Vec<Param>) {
        let mut decorators = Vec::new();
        let mut kind = ParamKind::Normal;
        let mut cursor = list.walk();
        let parts: Vec<Node<'_>> = list.children(&mut cursor).collect();
        let mut defaults = false;
        for part in parts {
            match part.kind() {
                "parameter_modifiers" => {
                    if self.str(part).contains("vararg") {
                        kind = ParamKind::Rest;
                    }
                    for annotation in children(part).into_iter().filter(|c| c.kind() == "annotation") {
                        for one in children(annotation)
                            .into_iter()
                            .filter(|c| c.kind() != "use_site_target")
                        {
                            decorators.push(self.annotation(one));
                        }
                    }
                }
                "parameter" => {
                    let Some(name) = child_of(part, &["identifier"]) else {
                        continue;
                    };
                    let ty = self.type_in(part);
                    params.push(Param {
                        name: self.declare(name),
                        span: self.cx.span(name),
                        ty,
                        default: None,
                        kind: std::mem::replace(&mut kind, ParamKind::Normal),
                        decorators: std::mem::take(&mut decorators),
                    });
                }
                "=" => defaults = true,
                "," => defaults = false,
                _ if defaults && part.is_named() => {
                    let value = self.expression(part);
                    if let Some(last) = params.last_mut() {
                        last.default = Some(value);
                    }
                    defaults = false;
                }
                _ => {}
            }
        }
    }

    /// `{ .. }` or `= value`.
    fn body(&mut self, body: Node<'_>) {
        let block = match body.kind() {
            "block" => Some(body),
            _ => child_of(body, &["block"]),
        };
        match block {
            Some(block) => self.statements(block),
            None => {
                if let Some(value) = children(body).into_iter().next() {
                    self.tail(value);
                }
            }
        }
    }
}

/// One argument without a name.
pub(super) fn positional(value: ExprId, span: Span) -> Arg {
    Arg {
        name: None,
        value,
        span,
    }
}
