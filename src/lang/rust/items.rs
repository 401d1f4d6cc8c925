//! Items: functions, types, `impl` blocks, traits, modules, constants, and the attributes they carry.

use super::{Destination, Rust, child_of, children};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl Rust<'_, '_> {
    /// The items of a file, module, `impl` or trait, with their attributes.
    pub(super) fn items(&mut self, node: Node<'_>) {
        let members = children(node);
        self.declare_names(&members);
        let mut attributes = Vec::new();
        for member in members {
            match member.kind() {
                "attribute_item" => attributes.extend(self.attribute(member)),
                "inner_attribute_item" => {
                    let inner = self.attribute(member).filter(|a| self.is_cfg(*a));
                    self.inherited.extend(inner);
                }
                _ => {
                    let carried = std::mem::take(&mut attributes);
                    self.statement(member, carried);
                }
            }
        }
    }

    /// Declares what a whole module or block sees, so that an inner variable of the same name is another one.
    pub(super) fn declare_names(&mut self, members: &[Node<'_>]) {
        for member in members {
            match member.kind() {
                "function_item" | "const_item" | "static_item" | "struct_item" | "enum_item" => {
                    if let Some(name) = member.child_by_field_name("name") {
                        self.declare(name);
                    }
                }
                "use_declaration" => self.use_declaration(*member),
                "extern_crate_declaration" => self.extern_crate(*member),
                _ => {}
            }
        }
    }

    /// One item; false when `node` is none. `use` is read by [`Rust::declare_names`].
    pub(super) fn item(&mut self, node: Node<'_>, attributes: Vec<ExprId>) -> bool {
        match node.kind() {
            "function_item" | "function_signature_item" => self.function_item(node, attributes),
            "struct_item" | "union_item" | "enum_item" | "type_item" => self.type_item(node, attributes),
            "trait_item" => self.trait_item(node, attributes),
            "impl_item" => self.impl_item(node),
            "mod_item" | "foreign_mod_item" => self.module_item(node, &attributes),
            "const_item" | "static_item" => self.constant(node),
            "use_declaration"
            | "extern_crate_declaration"
            | "macro_definition"
            | "associated_type"
            | "empty_statement"
            | "inner_attribute_item"
            | "shebang" => {}
            _ => return false,
        }
        true
    }

    /// `#[path(arguments)]`, `#[path = value]` as an expression of the function being built.
    pub(super) fn attribute(&mut self, item: Node<'_>) -> Option<ExprId> {
        let attribute = child_of(item, "attribute")?;
        let path = children(attribute).into_iter().next()?;
        let callee = self.expression(path);
        let mut args = Vec::new();
        let mut args_span = self.span(attribute);
        if let Some(tokens) = attribute.child_by_field_name("arguments") {
            args_span = self.span(tokens);
            args = self.token_arguments(tokens);
        } else if let Some(value) = attribute.child_by_field_name("value") {
            let (value, span) = (self.expression(value), self.span(value));
            args.push(Arg {
                name: None,
                value,
                span,
            });
        }
        let root = match args.is_empty() {
            true => callee,
            false => self.push(
                ExprKind::Call {
                    callee,
                    args,
                    new: false,
                    args_span,
                },
                attribute,
            ),
        };
        self.cx.b.statement(root);
        Some(root)
    }

    /// True for `#[cfg(..)]`.
    fn is_cfg(&self, attribute: ExprId) -> bool {
        let ExprKind::Call { callee, .. } = self.cx.b.kind(attribute) else {
            return false;
        };
        matches!(self.cx.b.kind(*callee), ExprKind::Name(name) if self.cx.b.name(*name) == "cfg")
    }

    // ---- modules, types

    /// What is in a module belongs to the file; it carries the conditions (`#[cfg(test)]`) of the module.
    fn module_item(&mut self, node: Node<'_>, attributes: &[ExprId]) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        let outer = self.inherited.len();
        let conditions: Vec<_> = attributes.iter().filter(|a| self.is_cfg(**a)).copied().collect();
        self.inherited.extend(conditions);
        self.scopes.open();
        self.deeper(body, |rust| rust.items(body));
        self.scopes.close();
        self.inherited.truncate(outer);
    }

    fn type_item(&mut self, node: Node<'_>, decorators: Vec<ExprId>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let body = node.child_by_field_name("body");
        let fields = body.map(|b| self.fields(b)).unwrap_or_default();
        let alias = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        let id = self.class(name, node);
        let span = self.span(node);
        let class = &mut self.cx.b.facts().classes[id.ix()];
        (class.span, class.fields, class.decorators) = (span, fields, decorators);
        class.bases.extend(alias);
    }

    fn trait_item(&mut self, node: Node<'_>, decorators: Vec<ExprId>) {
        let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body")) else {
            return;
        };
        let id = self.class(name, node);
        let bounds = node.child_by_field_name("bounds").map(children).unwrap_or_default();
        let bases: Vec<_> = bounds.into_iter().filter_map(|b| self.type_ref(b)).collect();
        let span = self.span(node);
        let class = &mut self.cx.b.facts().classes[id.ix()];
        class.decorators = decorators;
        class.bases.extend(bases);
        class.span = span;
        self.members(name, body);
    }

    fn impl_item(&mut self, node: Node<'_>) {
        let (Some(ty), Some(body)) = (node.child_by_field_name("type"), node.child_by_field_name("body")) else {
            return;
        };
        let Some(name) = self.class_name(ty) else { return };
        let id = self.class(name, node);
        let implemented = node.child_by_field_name("trait").and_then(|t| self.type_ref(t));
        self.cx.b.facts().classes[id.ix()].bases.extend(implemented);
        self.members(name, body);
    }

    fn members(&mut self, class: Node<'_>, body: Node<'_>) {
        let this = self.cx.symbol(class);
        self.this.push(this);
        self.scopes.open();
        self.deeper(body, |rust| rust.items(body));
        self.scopes.close();
        self.this.pop();
    }

    /// The class of that name, made if this is its first sight.
    fn class(&mut self, name: Node<'_>, seen_at: Node<'_>) -> ClassId {
        let name = self.cx.symbol(name);
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

    /// Named fields, or those of a tuple struct by their number.
    fn fields(&mut self, body: Node<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        match body.kind() {
            "field_declaration_list" => {
                for declaration in children(body) {
                    let Some(name) = declaration.child_by_field_name("name") else {
                        continue;
                    };
                    let ty = declaration.child_by_field_name("type").and_then(|t| self.type_ref(t));
                    let (name, span) = (self.name_symbol(name), self.span(name));
                    fields.push(Field { name, ty, span });
                }
            }
            "ordered_field_declaration_list" => {
                let mut cursor = body.walk();
                let types: Vec<_> = body.children_by_field_name("type", &mut cursor).collect();
                for (i, written) in types.into_iter().enumerate() {
                    let ty = self.type_ref(written);
                    let (name, span) = (self.cx.b.symbol(&i.to_string()), self.span(written));
                    fields.push(Field { name, ty, span });
                }
            }
            _ => {}
        }
        fields
    }

    /// `const X: T = v`, `static`.
    fn constant(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let ty = node.child_by_field_name("type").and_then(|t| self.type_ref(t));
        let written = node.child_by_field_name("value");
        let mut value = match written {
            Some(value) => self.whole(value),
            None => self.push(ExprKind::Null, node),
        };
        if let Some(ty) = ty {
            value = self.push(ExprKind::Cast { value, ty }, written.unwrap_or(node));
        }
        let target = Target::Name(self.variable(name), self.span(name));
        self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(node));
    }

    // ---- functions

    fn function_item(&mut self, node: Node<'_>, mut decorators: Vec<ExprId>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        decorators.extend(&self.inherited);
        let owner = self.this.last().copied();
        let kind = match owner {
            Some(_) => FunctionKind::Method,
            None => FunctionKind::Function,
        };
        let text = self.str(name).trim_start_matches("r#").to_owned();
        let body = node.child_by_field_name("body");
        let body_span = body.map_or(Span::default(), |b| inside(self.span(b)));
        let id = self
            .cx
            .b
            .begin_function(kind, &text, self.cx.span(node), self.cx.span(name), body_span);
        self.scopes.open();
        let mut params = Vec::new();
        let mut taken_apart = Vec::new();
        if let Some(list) = node.child_by_field_name("parameters") {
            self.parameters(list, &mut params, &mut taken_apart);
        }
        let returns = node.child_by_field_name("return_type").and_then(|t| self.type_ref(t));
        let class = owner.and_then(|o| self.classes.get(&o).copied());
        let in_trait = node.parent().and_then(|list| list.parent());
        let of_trait = in_trait.is_some_and(|p| p.kind() == "trait_item" || p.child_by_field_name("trait").is_some());
        let modifiers = child_of(node, "function_modifiers");
        let is_async = modifiers.is_some_and(|m| child_of(m, "async").is_some());
        let exported = of_trait || child_of(node, "visibility_modifier").is_some();
        let function = self.cx.b.function();
        (function.params, function.returns, function.class) = (params, returns, class);
        (function.is_async, function.exported, function.decorators) = (is_async, exported, decorators);
        if let Some(class) = class {
            self.cx.b.facts().classes[class.ix()].methods.push(id);
        }
        // Items of a function's own do not belong to the type around it, nor do its loops to what is around.
        let this = std::mem::take(&mut self.this);
        self.this.extend(owner);
        let (loops, inherited) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.inherited));
        self.take_apart(taken_apart);
        if let Some(body) = body {
            self.lower_to(body, Destination::Return);
        }
        (self.this, self.loops, self.inherited) = (this, loops, inherited);
        self.scopes.close();
        self.cx.b.end_function();
    }

    /// `|a, (b, c): T| body`, as a value.
    pub(super) fn closure(&mut self, node: Node<'_>) -> ExprId {
        let body = node.child_by_field_name("body");
        let list = node.child_by_field_name("parameters");
        let returns = node.child_by_field_name("return_type");
        let is_async = child_of(node, "async").is_some() || body.is_some_and(|b| b.kind() == "async_block");
        let id = self.lambda(node, list, returns, body, is_async);
        self.push(ExprKind::Lambda(id), node)
    }

    /// A function without name around an expression.
    pub(super) fn lambda(
        &mut self,
        node: Node<'_>,
        params: Option<Node<'_>>,
        returns: Option<Node<'_>>,
        body: Option<Node<'_>>,
        is_async: bool,
    ) -> FunctionId {
        let start = node.start_byte();
        let body_span = body.map_or(Span::default(), |b| self.span(b));
        let span = self.span(node);
        self.cx.b.begin_function(
            FunctionKind::Lambda,
            "<lambda>",
            span,
            Span::new(start, start),
            body_span,
        );
        self.scopes.open();
        let (mut list, mut taken_apart) = (Vec::new(), Vec::new());
        if let Some(params) = params {
            self.parameters(params, &mut list, &mut taken_apart);
        }
        let returns = returns.and_then(|t| self.type_ref(t));
        let function = self.cx.b.function();
        (function.params, function.returns, function.is_async) = (list, returns, is_async);
        let loops = std::mem::take(&mut self.loops);
        self.take_apart(taken_apart);
        if let Some(body) = body {
            let inner = match body.kind() {
                "async_block" | "gen_block" | "try_block" => child_of(body, "block").unwrap_or(body),
                _ => body,
            };
            self.lower_to(inner, Destination::Return);
        }
        self.loops = loops;
        self.scopes.close();
        self.cx.b.end_function()
    }

    fn parameters<'n>(&mut self, list: Node<'n>, out: &mut Vec<Param>, taken_apart: &mut Vec<Apart<'n>>) {
        for node in children(list) {
            let span = self.span(node);
            let (pattern, ty) = match node.kind() {
                "attribute_item" | "variadic_parameter" => continue,
                "self_parameter" => {
                    let name = self.cx.b.symbol("self");
                    let ty = self.this.last().map(|this| TypeRef {
                        name: *this,
                        args: Vec::new(),
                        span,
                    });
                    out.push(param(name, span, ty, ParamKind::Receiver));
                    continue;
                }
                "parameter" => (node.child_by_field_name("pattern"), node.child_by_field_name("type")),
                _ => (Some(node), None),
            };
            let Some(pattern) = pattern else { continue };
            let wrapper = ty.is_some_and(|t| self.held_by(pattern, t));
            let ty = ty.and_then(|t| self.type_ref(t));
            if pattern.kind() == "self" {
                let name = self.cx.b.symbol("self");
                out.push(param(name, span, ty, ParamKind::Receiver));
            } else if pattern.kind() == "_" {
                let name = self.cx.b.symbol("_");
                out.push(param(name, span, ty, ParamKind::Normal));
            } else if let Some(name) = self.plain_name(pattern) {
                let name = self.declare(name);
                out.push(param(name, span, ty, ParamKind::Normal));
            } else {
                let name = self.temporary();
                let held = ty.as_ref().filter(|_| wrapper).and_then(|t| t.args.first().cloned());
                taken_apart.push((name, pattern, held));
                out.push(param(name, span, ty, ParamKind::Normal));
            }
        }
    }

    /// True for `Path(x): Path<T>`: what the pattern takes out has the type's argument as its type.
    fn held_by(&self, pattern: Node<'_>, ty: Node<'_>) -> bool {
        let constructor = pattern
            .child_by_field_name("type")
            .filter(|_| pattern.kind() == "tuple_struct_pattern");
        let (Some(constructor), Some(name)) = (constructor, self.class_name(ty)) else {
            return false;
        };
        let constructor = self.str(constructor);
        constructor.rsplit("::").next() == Some(&*self.str(name))
    }

    /// Binds the variables of parameters that are patterns.
    fn take_apart(&mut self, parameters: Vec<Apart<'_>>) {
        for (name, pattern, held) in parameters {
            let mut value = self.push(ExprKind::Name(name), pattern);
            if let Some(ty) = held {
                value = self.push(ExprKind::Cast { value, ty }, pattern);
            }
            let target = self.pattern(pattern);
            self.cx
                .b
                .assign(target, value, AssignMode::Plain, self.cx.span(pattern));
        }
    }
}

/// A parameter that is a pattern: its made-up name, the pattern, the type of what it holds.
type Apart<'n> = (Symbol, Node<'n>, Option<TypeRef>);

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
