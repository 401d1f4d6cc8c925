//! Declarations: imports, types, functions with their receivers and parameters, constants and variables.

use super::{Go, children, field_children};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use std::sync::Arc;
use tree_sitter::Node;

impl Go<'_, '_> {
    /// Declares what the whole package sees, so that a function may use what stands below it and an inner variable of the same
    /// name is another one.
    pub(super) fn declare_package_names(&mut self, root: Node<'_>) {
        for node in children(root) {
            match node.kind() {
                "import_declaration" => self.imports(node),
                "function_declaration" | "type_spec" => self.declare_named(node),
                "const_declaration" | "type_declaration" | "var_declaration" | "var_spec_list" => {
                    for spec in children(node) {
                        if spec.kind() == "var_spec_list" {
                            children(spec).into_iter().for_each(|s| self.declare_named(s));
                        }
                        self.declare_named(spec);
                    }
                }
                _ => {}
            }
        }
    }

    fn declare_named(&mut self, node: Node<'_>) {
        for name in field_children(node, "name") {
            self.declare(name);
        }
    }

    /// Declares the variable a node names, in the innermost scope.
    pub(super) fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.cx.symbol(node);
        self.scopes.declare(&mut self.cx.b, name)
    }

    // ---- imports

    fn imports(&mut self, node: Node<'_>) {
        for spec in children(node) {
            if spec.kind() == "import_spec_list" {
                self.imports(spec);
                continue;
            }
            let Some(path) = spec.child_by_field_name("path") else {
                continue;
            };
            let written = self.string_text(path);
            let name = spec.child_by_field_name("name").map(|n| self.str(n).into_owned());
            self.import(&written, name.as_deref(), spec);
        }
    }

    fn import(&mut self, written: &str, name: Option<&str>, spec: Node<'_>) {
        let path: Arc<str> = Arc::from(without_version(written));
        let span = self.span(spec);
        let locals = match name {
            Some("_") => vec!["_".to_owned()],
            Some(".") => vec![".".to_owned()],
            Some(alias) => vec![alias.to_owned()],
            None => package_names(&path),
        };
        for local in locals {
            let all = local == ".";
            let symbol = self.cx.b.symbol(&local);
            self.scopes.declare(&mut self.cx.b, symbol);
            self.cx.b.facts().imports.push(Import {
                local: symbol,
                path: path.clone(),
                span,
                all,
            });
        }
    }

    // ---- types

    pub(super) fn type_declaration(&mut self, node: Node<'_>) {
        for spec in children(node) {
            let (Some(name), Some(ty)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type")) else {
                continue;
            };
            let plain = self.cx.symbol(name);
            self.declare(name);
            let id = self.class(plain, spec);
            let (fields, bases) = match ty.kind() {
                "struct_type" => self.struct_fields(ty),
                "interface_type" => (Vec::new(), self.embedded_interfaces(ty)),
                _ => (Vec::new(), self.type_ref(ty).into_iter().collect()),
            };
            let span = self.span(spec);
            let class = &mut self.cx.b.facts().classes[id.ix()];
            (class.span, class.fields, class.bases) = (span, fields, bases);
            let value = self.push(ExprKind::Class(id), spec);
            let target = Target::Name(self.variable(name), self.span(name));
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
    }

    /// The type of that name, made if this is its first sight.
    fn class(&mut self, name: Symbol, seen_at: Node<'_>) -> ClassId {
        if let Some(id) = self.classes.get(&name) {
            return *id;
        }
        let span = self.span(seen_at);
        let classes = &mut self.cx.b.facts().classes;
        let id = ClassId(classes.len() as u32);
        classes.push(Class {
            name,
            span,
            bases: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators: Vec::new(),
        });
        self.classes.insert(name, id);
        id
    }

    /// Fields of a struct; what it embeds is a base and a field named like the type.
    fn struct_fields(&mut self, ty: Node<'_>) -> (Vec<Field>, Vec<TypeRef>) {
        let (mut fields, mut bases) = (Vec::new(), Vec::new());
        let declarations: Vec<_> = children(ty).into_iter().flat_map(children).collect();
        for declaration in declarations {
            let Some(written) = declaration.child_by_field_name("type") else {
                continue;
            };
            let ty = self.type_ref(written);
            let names = field_children(declaration, "name");
            for name in &names {
                let (symbol, span) = (self.cx.symbol(*name), self.span(*name));
                let ty = ty.clone();
                fields.push(Field { name: symbol, ty, span });
            }
            let Some(ty) = ty.filter(|_| names.is_empty()) else {
                continue;
            };
            let last = self
                .cx
                .b
                .facts()
                .name(ty.name)
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .to_owned();
            let (name, span) = (self.cx.b.symbol(&last), self.span(written));
            fields.push(Field {
                name,
                ty: Some(ty.clone()),
                span,
            });
            bases.push(ty);
        }
        (fields, bases)
    }

    fn embedded_interfaces(&mut self, ty: Node<'_>) -> Vec<TypeRef> {
        let embedded = children(ty).into_iter().filter(|c| c.kind() == "type_elem");
        embedded.filter_map(|e| self.type_ref(e)).collect()
    }

    // ---- functions

    pub(super) fn function_declaration(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let receiver = node.child_by_field_name("receiver");
        let kind = if receiver.is_some() {
            FunctionKind::Method
        } else {
            FunctionKind::Function
        };
        let text = self.str(name).into_owned();
        self.function(kind, &text, node, self.span(name), receiver);
    }

    pub(super) fn function_literal(&mut self, node: Node<'_>) -> ExprId {
        let at = Span::new(node.start_byte(), node.start_byte());
        let id = self.function(FunctionKind::Lambda, "<lambda>", node, at, None);
        self.push(ExprKind::Lambda(id), node)
    }

    fn function(
        &mut self,
        kind: FunctionKind,
        name: &str,
        node: Node<'_>,
        name_span: Span,
        receiver: Option<Node<'_>>,
    ) -> FunctionId {
        let body = node.child_by_field_name("body");
        let body_span = body.map_or(Span::default(), |b| inside(self.span(b)));
        let span = self.span(node);
        let id = self.cx.b.begin_function(kind, name, span, name_span, body_span);
        self.scopes.open();
        let mut params = Vec::new();
        if let Some(list) = receiver {
            self.parameters(list, true, &mut params);
            self.join_class(id, &params, node);
        }
        if let Some(list) = node.child_by_field_name("parameters") {
            self.parameters(list, false, &mut params);
        }
        let result = node.child_by_field_name("result");
        let returns = result.and_then(|r| self.type_ref(r));
        let named = result.map(|r| self.named_results(r)).unwrap_or_default();
        let function = self.cx.b.function();
        function.params = params;
        function.returns = returns;
        function.exported = kind != FunctionKind::Lambda && name.chars().next().is_some_and(char::is_uppercase);
        if let Some(body) = body {
            self.results.push(named);
            self.deeper(body, |go| go.statements(body));
            self.results.pop();
        }
        self.scopes.close();
        self.cx.b.end_function()
    }

    fn join_class(&mut self, method: FunctionId, receiver: &[Param], node: Node<'_>) {
        let Some(ty) = receiver.first().and_then(|p| p.ty.as_ref()) else {
            return;
        };
        let id = self.class(ty.name, node);
        self.cx.b.facts().classes[id.ix()].methods.push(method);
        self.cx.b.function().class = Some(id);
    }

    fn parameters(&mut self, list: Node<'_>, receiver: bool, out: &mut Vec<Param>) {
        for declaration in children(list) {
            let kind = match declaration.kind() {
                "parameter_declaration" if receiver => ParamKind::Receiver,
                "parameter_declaration" => ParamKind::Normal,
                "variadic_parameter_declaration" => ParamKind::Rest,
                _ => continue,
            };
            let ty = declaration.child_by_field_name("type").and_then(|t| self.type_ref(t));
            let names = field_children(declaration, "name");
            if names.is_empty() {
                let (name, span) = (self.cx.b.symbol("_"), self.span(declaration));
                out.push(param(name, span, ty.clone(), kind));
            }
            for name in names {
                let (symbol, span) = (self.declare(name), self.span(name));
                out.push(param(symbol, span, ty.clone(), kind));
            }
        }
    }

    /// Declares named results and gives their variables.
    fn named_results(&mut self, result: Node<'_>) -> Vec<(Symbol, Span)> {
        let mut names = Vec::new();
        if result.kind() == "parameter_list" {
            for declaration in children(result) {
                for name in field_children(declaration, "name") {
                    names.push((self.declare(name), self.span(name)));
                }
            }
        }
        names
    }

    // ---- constants and variables

    pub(super) fn variables(&mut self, node: Node<'_>) {
        for spec in children(node) {
            match spec.kind() {
                "const_spec" | "var_spec" => self.variable_spec(spec),
                "var_spec_list" => self.variables(spec),
                _ => {}
            }
        }
    }

    /// `a, b T = x, y`: the values first, then the names.
    fn variable_spec(&mut self, spec: Node<'_>) {
        let names = field_children(spec, "name");
        let values = spec.child_by_field_name("value").map(children).unwrap_or_default();
        let ty = spec.child_by_field_name("type").and_then(|t| self.type_ref(t));
        if values.len() == 1 && names.len() > 1 {
            let value = self.expression(values[0]);
            let targets = names
                .iter()
                .map(|n| Target::Name(self.declare(*n), self.span(*n)))
                .collect();
            self.cx
                .b
                .assign(Target::Tuple(targets), value, AssignMode::Plain, self.cx.span(spec));
            return;
        }
        for (i, name) in names.iter().enumerate() {
            let mut value = values.get(i).map(|v| self.expression(*v));
            if let Some(ty) = &ty {
                let bare = value.unwrap_or_else(|| self.push(ExprKind::Null, spec));
                let ty = ty.clone();
                value = Some(self.push(ExprKind::Cast { value: bare, ty }, spec));
            }
            let symbol = self.declare(*name);
            if let Some(value) = value {
                let target = Target::Name(symbol, self.span(*name));
                self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(spec));
            }
        }
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

/// A block's span without its braces.
pub(super) fn inside(block: Span) -> Span {
    Span {
        start: block.start + 1,
        end: block.end.saturating_sub(1).max(block.start + 1),
    }
}

/// An import path without version: `echo/v4` is `echo`, `gopkg.in/yaml.v3` is `gopkg.in/yaml`, `nats.go` is `nats`.
fn without_version(path: &str) -> String {
    let is_version = |s: &str| {
        s.strip_prefix('v')
            .is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut kept: Vec<&str> = Vec::new();
    for (i, segment) in path.split('/').enumerate() {
        // `k8s.io/api/core/v1` is a package named `v1`: modules have versions from 2 on.
        if i > 0 && is_version(segment) && segment != "v1" {
            continue;
        }
        let bare = match segment.rsplit_once('.') {
            Some((bare, version)) if i > 0 && (is_version(version) || version == "go") => bare,
            _ => segment,
        };
        kept.push(bare);
    }
    kept.join("/")
}

/// The names an import without alias may have in the file: the package clause is elsewhere, so what the last segment suggests.
fn package_names(path: &str) -> Vec<String> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let bare = last.strip_prefix("go-").unwrap_or(last);
    let bare = bare.strip_suffix("-go").unwrap_or(bare);
    match bare.rsplit_once('-') {
        Some((_, tail)) => vec![bare.replace('-', ""), tail.to_owned()],
        None => vec![bare.to_owned()],
    }
}
