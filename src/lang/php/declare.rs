//! Declarations: imports, functions with their parameters, classes with their members, constants.

use super::{Frame, Php, children, first_child, statement::inside};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use std::sync::Arc;
use tree_sitter::Node;

impl Php<'_, '_> {
    // ---- imports

    /// `use A\B as C;`: `C` is `A.B`, and `B`, which is what files without the import call it.
    pub(super) fn imports(&mut self, node: Node<'_>) {
        let mut prefix = String::new();
        for part in children(node) {
            match part.kind() {
                "namespace_name" => prefix = format!("{}.", dotted(&self.str(part))),
                "namespace_use_clause" => self.import(part, ""),
                "namespace_use_group" => {
                    for clause in children(part) {
                        self.import(clause, &prefix);
                    }
                }
                _ => {}
            }
        }
    }

    fn import(&mut self, clause: Node<'_>, prefix: &str) {
        let Some(name) = first_child(clause) else { return };
        let path = format!("{prefix}{}", dotted(&self.str(name)));
        let last = path.rsplit('.').next().unwrap_or_default().to_owned();
        let alias = clause.child_by_field_name("alias").map(|a| self.str(a).into_owned());
        let local = self.cx.b.symbol(alias.as_deref().unwrap_or(&last));
        let span = self.span(clause);
        let short = (path != last).then_some(last);
        for path in std::iter::once(path).chain(short) {
            let import = Import {
                local,
                path: Arc::from(path),
                span,
                all: false,
            };
            self.cx.b.facts().imports.push(import);
        }
    }

    /// Constants of a file, or of a class.
    pub(super) fn constants(&mut self, node: Node<'_>, class: Option<ClassId>) {
        for element in children(node).into_iter().filter(|c| c.kind() == "const_element") {
            let parts = children(element);
            let (Some(name), Some(value)) = (parts.first(), parts.get(1)) else {
                continue;
            };
            self.member_or_name(*name, Some(*value), class, element);
        }
    }

    /// `name = value` of a class (by way of its instance) or of the file.
    fn member_or_name(&mut self, name: Node<'_>, value: Option<Node<'_>>, class: Option<ClassId>, node: Node<'_>) {
        let Some(value) = value else { return };
        let text = self.str(name);
        let symbol = self.cx.b.symbol(text.trim_start_matches('$'));
        let target = match class {
            Some(_) => {
                let base = self.plain("this", name);
                let (name, span) = (symbol, self.span(name));
                Target::Member { base, name, span }
            }
            None => Target::Name(symbol, self.span(name)),
        };
        let value = self.expression(value);
        let span = self.span(node);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    // ---- functions

    pub(super) fn function_definition(&mut self, node: Node<'_>) {
        let decorators = self.attributes(node);
        let id = self.function(FunctionKind::Function, node, None, Frame::default());
        self.finish_function(id, decorators, true);
    }

    /// `function (..) use (..) { .. }`, `fn (..) => ..`.
    pub(super) fn closure(&mut self, node: Node<'_>) -> ExprId {
        let mut frame = Frame {
            sees_outer: node.kind() == "arrow_function",
            ..Frame::default()
        };
        let clauses = children(node).into_iter();
        let clauses = clauses.filter(|c| c.kind() == "anonymous_function_use_clause");
        for used in clauses.flat_map(children) {
            let text = self.str(used);
            let name = text.trim_start_matches(['&', '$', ' ']);
            let (plain, outer) = (self.cx.b.symbol(name), self.variable_named(name));
            frame.names.insert(plain, outer);
        }
        let id = self.function(FunctionKind::Lambda, node, None, frame);
        self.push(ExprKind::Lambda(id), node)
    }

    fn function(&mut self, kind: FunctionKind, node: Node<'_>, class: Option<ClassId>, frame: Frame) -> FunctionId {
        let name = node.child_by_field_name("name");
        let text = name.map_or(Default::default(), |n| self.str(n));
        let text = if kind == FunctionKind::Lambda {
            "<lambda>"
        } else {
            &*text
        };
        let name_span = name.map_or(Span::new(node.start_byte(), node.start_byte()), |n| self.span(n));
        let body = node.child_by_field_name("body");
        let span = self.span(node);
        let body_span = body.map_or(Span::default(), inside);
        self.cx.b.begin_function(kind, text, span, name_span, body_span);
        self.frames.push(frame);
        let labels = std::mem::take(&mut self.labels);
        let params = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let params: Vec<Param> = params.into_iter().filter_map(|p| self.parameter(p, class)).collect();
        let returns = node.child_by_field_name("return_type").and_then(|t| self.type_ref(t));
        let function = self.cx.b.function();
        (function.params, function.returns, function.class) = (params, returns, class);
        match body {
            Some(body) if body.kind() == "compound_statement" => self.statement(body),
            Some(body) => {
                let value = self.deeper(body, |php| php.expression(body));
                self.cx.b.ret(value);
            }
            None => {}
        }
        self.labels = labels;
        self.frames.pop();
        self.cx.b.end_function()
    }

    fn finish_function(&mut self, id: FunctionId, decorators: Vec<ExprId>, exported: bool) {
        let function = &mut self.cx.b.facts().functions[id.ix()];
        (function.decorators, function.exported) = (decorators, exported);
    }

    fn parameter(&mut self, node: Node<'_>, class: Option<ClassId>) -> Option<Param> {
        let name = node.child_by_field_name("name")?;
        let kind = match node.kind() {
            "variadic_parameter" => ParamKind::Rest,
            "simple_parameter" if children(node).iter().any(|c| c.kind() == "reference_modifier") => {
                ParamKind::Reference
            }
            "simple_parameter" | "property_promotion_parameter" => ParamKind::Normal,
            _ => return None,
        };
        let decorators = self.attributes(node);
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        let default = node.child_by_field_name("default_value").map(|d| self.expression(d));
        if let Some(default) = default {
            self.cx.b.statement(default);
        }
        let (symbol, span) = (self.own_variable(name), self.span(name));
        let calls = ty
            .as_ref()
            .is_some_and(|t| matches!(self.cx.b.name(t.name), "callable" | "Closure"));
        if calls {
            self.functions.insert(symbol);
        }
        if node.kind() == "property_promotion_parameter"
            && let Some(class) = class
        {
            self.promoted(class, symbol, ty.clone(), name);
        }
        Some(Param {
            name: symbol,
            span,
            ty,
            default,
            kind,
            decorators,
        })
    }

    /// A constructor's parameter that is a field too.
    fn promoted(&mut self, class: ClassId, param: Symbol, ty: Option<TypeRef>, node: Node<'_>) {
        let span = self.span(node);
        let text = self.str(node);
        let name = self.cx.b.symbol(text.trim_start_matches(['&', '$', ' ']));
        self.cx.b.facts().classes[class.ix()]
            .fields
            .push(Field { name, ty, span });
        let value = self.push(ExprKind::Name(param), node);
        let base = self.plain("this", node);
        self.cx
            .b
            .assign(Target::Member { base, name, span }, value, AssignMode::Plain, span);
    }

    /// `#[Route("/x")]`: calls, or names when nothing is passed; statements of the function they stand in.
    fn attributes(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let Some(list) = node.child_by_field_name("attributes") else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for attribute in children(list).into_iter().flat_map(children) {
            let Some(name) = first_child(attribute) else { continue };
            let mut value = self.class_name(name);
            if let Some(arguments) = attribute.child_by_field_name("parameters") {
                value = self.call_of(value, Some(arguments), false, attribute);
            }
            self.cx.b.statement(value);
            all.push(value);
        }
        all
    }

    // ---- classes

    pub(super) fn class_declaration(&mut self, node: Node<'_>) {
        let decorators = self.attributes(node);
        let name = match node.child_by_field_name("name") {
            Some(name) => self.cx.symbol(name),
            None => self.cx.b.symbol("<class>"),
        };
        let id = self.class(node, name, decorators);
        let at = node.child_by_field_name("name").unwrap_or(node);
        let value = self.push(ExprKind::Class(id), at);
        self.cx.b.statement(value);
    }

    /// `new class (..) extends Base { .. }`: the class.
    pub(super) fn anonymous_class(&mut self, node: Node<'_>) -> ClassId {
        let name = self.cx.b.symbol("<class>");
        self.class(node, name, Vec::new())
    }

    fn class(&mut self, node: Node<'_>, name: Symbol, decorators: Vec<ExprId>) -> ClassId {
        let heads = children(node).into_iter();
        let heads = heads.filter(|c| matches!(c.kind(), "base_clause" | "class_interface_clause"));
        let mut bases: Vec<TypeRef> = Vec::new();
        for base in heads.flat_map(children) {
            bases.extend(self.type_ref(base));
        }
        let span = self.span(node);
        let classes = &mut self.cx.b.facts().classes;
        let id = ClassId(classes.len() as u32);
        classes.push(Class {
            name,
            span,
            bases,
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators,
        });
        if let Some(body) = node.child_by_field_name("body") {
            self.deeper(body, |php| php.class_body(id, body));
        }
        id
    }

    fn class_body(&mut self, id: ClassId, body: Node<'_>) {
        let span = self.span(body);
        let function =
            self.cx
                .b
                .begin_function(FunctionKind::ClassBody, "<class>", span, Span::default(), inside(body));
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        self.frames.push(Frame::default());
        for member in children(body) {
            match member.kind() {
                "method_declaration" => self.method(id, member),
                "property_declaration" => self.properties(id, member),
                "const_declaration" => self.constants(member, Some(id)),
                "use_declaration" => self.traits(id, member),
                "enum_case" => {
                    if let Some(name) = member.child_by_field_name("name") {
                        self.member_or_name(name, member.child_by_field_name("value"), Some(id), member);
                    }
                }
                _ => {}
            }
        }
        self.frames.pop();
        self.cx.b.end_function();
    }

    fn method(&mut self, class: ClassId, node: Node<'_>) {
        let decorators = self.attributes(node);
        let constructs = node
            .child_by_field_name("name")
            .is_some_and(|n| self.str(n).eq_ignore_ascii_case("__construct"));
        let kind = match constructs {
            true => FunctionKind::Constructor,
            false => FunctionKind::Method,
        };
        let id = self.function(kind, node, Some(class), Frame::default());
        let public = !self.has_modifier(node, &["private", "protected"]);
        self.finish_function(id, decorators, public);
        self.cx.b.facts().classes[class.ix()].methods.push(id);
    }

    fn has_modifier(&self, node: Node<'_>, any: &[&str]) -> bool {
        let mut modifiers = children(node).into_iter().filter(|c| c.kind().ends_with("_modifier"));
        modifiers.any(|m| any.contains(&&*self.str(m)))
    }

    fn properties(&mut self, class: ClassId, node: Node<'_>) {
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        for element in children(node).into_iter().filter(|c| c.kind() == "property_element") {
            let Some(name) = element.child_by_field_name("name") else {
                continue;
            };
            let text = self.str(name);
            let symbol = self.cx.b.symbol(text.trim_start_matches('$'));
            let field = Field {
                name: symbol,
                ty: ty.clone(),
                span: self.span(name),
            };
            self.cx.b.facts().classes[class.ix()].fields.push(field);
            self.member_or_name(name, element.child_by_field_name("default_value"), Some(class), element);
        }
    }

    /// `use Trait;`: its methods are the class's own.
    fn traits(&mut self, class: ClassId, node: Node<'_>) {
        for name in children(node) {
            if let Some(base) = self.type_ref(name) {
                self.cx.b.facts().classes[class.ix()].bases.push(base);
            }
        }
    }

    // ---- types

    /// A type as written, by its last name; of several, the first that is not `null`.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let mut node = node;
        loop {
            match node.kind() {
                "name" | "qualified_name" | "relative_name" | "primitive_type" | "bottom_type" | "cast_type" => break,
                "optional_type"
                | "named_type"
                | "union_type"
                | "intersection_type"
                | "disjunctive_normal_form_type"
                | "type_list" => {
                    let parts = children(node);
                    let named = parts.iter().find(|p| !self.str(**p).eq_ignore_ascii_case("null"));
                    node = *named.or(parts.first())?;
                }
                _ => return None,
            }
        }
        let text = self.str(node);
        let last = text.rsplit('\\').next().unwrap_or_default();
        let name = self.cx.b.symbol(last);
        let span = self.span(node);
        Some(TypeRef {
            name,
            args: Vec::new(),
            span,
        })
    }
}

/// `\A\B` as `A.B`.
fn dotted(name: &str) -> String {
    name.trim_start_matches('\\').replace('\\', ".")
}
