//! Functions: methods, constructors and lambdas, their parameters, and the annotations on anything.

use super::{Java, child_of, children, has_word};
use crate::lang::adapter::Adapter;
use crate::{
    lang::facts::{Arg, *},
    text::Span,
};
use tree_sitter::Node;

/// What a function is called and where.
pub(super) struct Head<'n> {
    pub kind: FunctionKind,
    pub name: String,
    pub name_span: Span,
    pub body: Option<Node<'n>>,
    pub decorators: Vec<ExprId>,
    pub exported: bool,
}

impl Java<'_, '_> {
    // ---- annotations

    /// The annotations among the modifiers of a declaration, lowered into the function that is open.
    pub(super) fn annotations(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let Some(modifiers) = child_of(node, &["modifiers"]) else {
            return Vec::new();
        };
        let found = children(modifiers).into_iter();
        let found = found.filter(|c| matches!(c.kind(), "marker_annotation" | "annotation"));
        found.map(|a| self.annotation(a)).collect()
    }

    /// `@Name` is a name, `@Name(..)` a call of it; `@Name(key = value)` has named arguments.
    pub(super) fn annotation(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |java| java.annotation_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn annotation_inside(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let callee = self.dotted(name);
        let Some(list) = node.child_by_field_name("arguments") else {
            return callee;
        };
        let mut args = Vec::new();
        for element in children(list) {
            let span = self.span(element);
            let (name, value) = match element.kind() {
                "element_value_pair" => {
                    let name = element.child_by_field_name("key").map(|k| self.cx.symbol(k));
                    (name, element.child_by_field_name("value").unwrap_or(element))
                }
                _ => (None, element),
            };
            let value = self.element_value(value);
            args.push(Arg { name, value, span });
        }
        let args_span = self.span(list);
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        self.push(kind, node)
    }

    fn element_value(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "marker_annotation" | "annotation" => self.annotation(node),
            "element_value_array_initializer" => {
                let values = children(node).into_iter().map(|v| self.element_value(v)).collect();
                self.push(ExprKind::Sequence(values), node)
            }
            _ => self.expression(node),
        }
    }

    /// `a.b.C` as written in an annotation: a name and members of it.
    pub(super) fn dotted(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(scope) = current.child_by_field_name("scope") {
            links.push(current);
            current = scope;
        }
        let name = self.cx.symbol(current);
        let name = self.scopes.resolve(name);
        let mut value = self.push(ExprKind::Name(name), current);
        while let Some(link) = links.pop() {
            let Some(member) = link.child_by_field_name("name") else {
                continue;
            };
            let (base, name, name_span) = (value, self.cx.symbol(member), self.span(member));
            value = self.push(ExprKind::Member { base, name, name_span }, link);
        }
        value
    }

    // ---- functions

    pub(super) fn method(&mut self, node: Node<'_>, class: Option<ClassId>, in_interface: bool) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let decorators = self.annotations(node);
        if let Some(last) = decorators.last() {
            self.cx.b.statement(*last);
        }
        let modifiers = child_of(node, &["modifiers"]);
        let is = |word: &str| modifiers.is_some_and(|m| has_word(m, word));
        let constructs = matches!(
            node.kind(),
            "constructor_declaration" | "compact_constructor_declaration"
        );
        let kind = match class {
            _ if constructs => FunctionKind::Constructor,
            Some(_) => FunctionKind::Method,
            None => FunctionKind::Function,
        };
        let head = Head {
            kind,
            name: self.str(name).into_owned(),
            name_span: self.span(name),
            body: node.child_by_field_name("body"),
            decorators,
            exported: is("public") || (in_interface && !is("private")),
        };
        self.function(node, head, class, |_| {});
    }

    /// A function with its parameters and body; `more` adds statements to its end.
    pub(super) fn function(
        &mut self,
        node: Node<'_>,
        head: Head<'_>,
        class: Option<ClassId>,
        more: impl FnOnce(&mut Self),
    ) -> FunctionId {
        let inner = head.body.map_or(Span::default(), |b| match b.kind() {
            "block" | "constructor_body" => inside(self.span(b)),
            _ => self.span(b),
        });
        let span = self.span(node);
        let id = self
            .cx
            .b
            .begin_function(head.kind, &head.name, span, head.name_span, inner);
        if let Some(class) = class {
            self.cx.b.function().class = Some(class);
            self.cx.b.facts().classes[class.ix()].methods.push(id);
        }
        self.scopes.open();
        let params = match node.child_by_field_name("parameters") {
            Some(list) if head.kind == FunctionKind::Lambda => self.lambda_parameters(list),
            Some(list) => self.parameters(list),
            None => Vec::new(),
        };
        let returns = match head.kind {
            FunctionKind::Method | FunctionKind::Function => node.child_by_field_name("type"),
            _ => None,
        };
        let returns = returns.and_then(|r| self.type_ref(r));
        let function = self.cx.b.function();
        function.params = params;
        function.returns = returns;
        function.decorators = head.decorators;
        function.exported = head.exported;
        if let Some(body) = head.body {
            self.deeper(body, |java| java.body(body));
        }
        more(self);
        self.scopes.close();
        self.cx.b.end_function()
    }

    /// The statements of a function; a lambda may be one expression.
    fn body(&mut self, body: Node<'_>) {
        if matches!(body.kind(), "block" | "constructor_body") {
            return self.statements(body);
        }
        let value = self.expression(body);
        self.cx.b.ret(Some(value));
    }

    pub(super) fn parameters(&mut self, list: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for parameter in children(list) {
            let kind = match parameter.kind() {
                "formal_parameter" => ParamKind::Normal,
                "spread_parameter" => ParamKind::Rest,
                _ => continue,
            };
            let declarator = child_of(parameter, &["variable_declarator"]).unwrap_or(parameter);
            let Some(name) = declarator.child_by_field_name("name") else {
                continue;
            };
            let written = parameter.child_by_field_name("type").or_else(|| {
                let apart = ["modifiers", "variable_declarator"];
                children(parameter).into_iter().find(|c| !apart.contains(&c.kind()))
            });
            let ty = written.and_then(|t| self.type_ref(t));
            let ty = self.with_dimensions(ty, declarator);
            let decorators = self.annotations(parameter);
            let mut one = param(self.declare_as(name, ty.clone()), self.span(name), ty, kind);
            one.decorators = decorators;
            params.push(one);
        }
        params
    }

    /// `x -> ..`, `(x, y) -> ..`, `(T x) -> ..`.
    fn lambda_parameters(&mut self, list: Node<'_>) -> Vec<Param> {
        let names = match list.kind() {
            "formal_parameters" => return self.parameters(list),
            "inferred_parameters" => children(list),
            _ => vec![list],
        };
        let one = |java: &mut Self, name| param(java.declare_as(name, None), java.span(name), None, ParamKind::Normal);
        names.into_iter().map(|n| one(self, n)).collect()
    }

    pub(super) fn lambda(&mut self, node: Node<'_>) -> ExprId {
        let head = Head {
            kind: FunctionKind::Lambda,
            name: "<lambda>".to_owned(),
            name_span: Span::new(node.start_byte(), node.start_byte()),
            body: node.child_by_field_name("body"),
            decorators: Vec::new(),
            exported: false,
        };
        let id = self.function(node, head, None, |_| {});
        self.push(ExprKind::Lambda(id), node)
    }
}

pub(super) fn param(name: Symbol, span: Span, ty: Option<TypeRef>, kind: ParamKind) -> Param {
    Param {
        name,
        span,
        ty,
        default: None,
        kind,
        decorators: Vec::new(),
    }
}

/// A block's span without its braces.
pub(super) fn inside(block: Span) -> Span {
    Span {
        start: block.start + 1,
        end: block.end.saturating_sub(1).max(block.start + 1),
    }
}
