//! Usings, namespaces, types and the members that are not functions.

use super::{CSharp, OpenClass, child_of, children, flattened, functions::Written, has_token, known};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use std::sync::Arc;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    // ---- usings and namespaces

    /// `using A.B;` binds nothing, `using X = A.B.C;` binds `X`, `using static A.B;` all names of `B`.
    pub(super) fn using(&mut self, node: Node<'_>) {
        let Some(target) = children(node).pop() else { return };
        let path = known::dotted(self.cx, target);
        let last = path.rsplit('.').next().unwrap_or_default();
        let alias = node.child_by_field_name("name").filter(|n| *n != target);
        let all = has_token(node, "static");
        let (local, path) = match alias {
            Some(alias) => (self.plain(alias), Arc::from(last)),
            None if all => (self.cx.b.symbol("."), Arc::from(last)),
            None => (self.cx.b.symbol(""), Arc::from(path.as_str())),
        };
        let span = self.span(node);
        self.cx.b.facts().imports.push(Import { local, path, span, all });
    }

    pub(super) fn namespace(&mut self, node: Node<'_>) {
        if let Some(body) = node.child_by_field_name("body") {
            self.deeper(body, |cs| cs.statements(body));
        }
    }

    // ---- types

    pub(super) fn type_declaration(&mut self, node: Node<'_>) {
        let Some(name_node) = node.child_by_field_name("name") else {
            return;
        };
        let name = self.plain(name_node);
        let decorators = self.attributes(node);
        let bases = child_of(node, "base_list").map(|list| self.bases(list));
        let span = self.span(node);
        let classes = &mut self.cx.b.facts().classes;
        let id = ClassId(classes.len() as u32);
        classes.push(Class {
            name,
            span,
            bases: bases.unwrap_or_default(),
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators,
        });
        let text = self.cx.b.name(name).to_owned();
        let (members, base_elsewhere) = self.known.members(&text);
        let body = node.child_by_field_name("body");
        let (outer, inner) = match body {
            Some(body) => (self.span(body), inside(self.span(body))),
            None => (Span::default(), Span::default()),
        };
        let kind = FunctionKind::ClassBody;
        let function = self.cx.b.begin_function(kind, "<class>", outer, Span::default(), inner);
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        let attributes = self.attributes(node);
        self.open.push(OpenClass {
            name,
            members,
            attributes,
            base_elsewhere,
        });
        self.scopes.open();
        if let Some(list) = child_of(node, "parameter_list") {
            self.primary_parameters(id, list);
        }
        if let Some(body) = body {
            self.deeper(body, |cs| cs.members(id, body));
        }
        self.scopes.close();
        self.open.pop();
        self.cx.b.end_function();
        let class = self.push(ExprKind::Class(id), node);
        self.cx.b.statement(class);
    }

    fn bases(&mut self, list: Node<'_>) -> Vec<TypeRef> {
        let written = children(list).into_iter().filter(|c| c.kind() != "argument_list");
        written.filter_map(|b| self.type_ref(b)).collect()
    }

    /// `record P(string Name)`, `class C(IStore store)`: fields that the arguments of `new` fill in order.
    fn primary_parameters(&mut self, class: ClassId, list: Node<'_>) {
        for parameter in children(list) {
            let Some(name) = parameter.child_by_field_name("name") else {
                continue;
            };
            let ty = parameter.child_by_field_name("type");
            self.add_field(class, name, ty);
        }
    }

    fn add_field(&mut self, class: ClassId, name: Node<'_>, ty: Option<Node<'_>>) {
        let ty = ty.and_then(|t| self.type_ref(t));
        let (symbol, span) = (self.plain(name), self.span(name));
        let field = Field { name: symbol, ty, span };
        self.cx.b.facts().classes[class.ix()].fields.push(field);
    }

    // ---- members

    fn members(&mut self, class: ClassId, body: Node<'_>) {
        for member in flattened(children(body)) {
            self.deeper(member, |cs| cs.member(class, member));
        }
    }

    fn member(&mut self, class: ClassId, node: Node<'_>) {
        match node.kind() {
            "field_declaration" | "event_field_declaration" => self.fields(class, node),
            "property_declaration" => self.property(class, node),
            "indexer_declaration" | "event_declaration" => self.accessors(class, node),
            "method_declaration" => self.method(class, node, FunctionKind::Method),
            "constructor_declaration" => self.method(class, node, FunctionKind::Constructor),
            "destructor_declaration" | "operator_declaration" | "conversion_operator_declaration" => {
                self.method(class, node, FunctionKind::Method);
            }
            "enum_declaration" => self.enumeration(node),
            _ => self.statement(node, None),
        }
    }

    fn fields(&mut self, class: ClassId, node: Node<'_>) {
        let attributes = self.attributes(node);
        let Some(declaration) = child_of(node, "variable_declaration") else {
            return;
        };
        let ty = declaration.child_by_field_name("type");
        for declarator in children(declaration) {
            let Some(name) = declarator.child_by_field_name("name") else {
                continue;
            };
            self.add_field(class, name, ty);
            let value = children(declarator).into_iter().find(|c| *c != name);
            let value = value.filter(|v| v.kind() != "bracketed_argument_list");
            if let Some(value) = value {
                self.initial_value(name, ty, value, node);
            }
            let constant = value.is_some() && self.modifiers(node).iter().any(|m| m == "const");
            if !constant {
                self.filled(name, ty, &attributes);
            }
        }
    }

    /// The value a field or property begins with. A switch that others may turn is not what it begins with.
    fn initial_value(&mut self, name: Node<'_>, ty: Option<Node<'_>>, value: Node<'_>, member: Node<'_>) {
        let span = self.span(name).to(self.span(value));
        let modifiers = self.modifiers(member);
        let has = |word: &str| modifiers.iter().any(|m| m == word);
        let fixed = has("const") || has("readonly") || !(has("public") || has("internal") || has("protected"));
        let switch = matches!(value.kind(), "boolean_literal" | "integer_literal");
        let mut value = self.value_of_type(value, ty);
        if switch && !fixed {
            value = self.push(ExprKind::Other(vec![value]), member);
        }
        let target = Target::Name(self.plain(name), self.span(name));
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// A field or property with attributes: they may fill it, whatever it begins with.
    fn filled(&mut self, name: Node<'_>, ty: Option<Node<'_>>, attributes: &[ExprId]) {
        if attributes.is_empty() {
            return;
        }
        let mut value = self.push(ExprKind::Other(attributes.to_vec()), name);
        if let Some(ty) = ty.and_then(|t| self.type_ref(t)) {
            value = self.push(ExprKind::Cast { value, ty }, name);
        }
        let target = Target::Name(self.plain(name), self.span(name));
        let span = self.span(name);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// A property whose accessors have bodies is a method marked `property` (and one that sets it); any other is a field.
    fn property(&mut self, class: ClassId, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let ty = node.child_by_field_name("type");
        let value = node.child_by_field_name("value");
        let arrow = value.filter(|v| v.kind() == "arrow_expression_clause");
        let accessors = node.child_by_field_name("accessors").map(children).unwrap_or_default();
        let has_body = |word: &str| {
            let named = |a: &&Node<'_>| a.child_by_field_name("name").is_some_and(|n| &*self.str(n) == word);
            accessors.iter().find(named).and_then(|a| a.child_by_field_name("body"))
        };
        let (getter, setter) = (arrow.or(has_body("get")), has_body("set").or(has_body("init")));
        if getter.is_none() {
            let attributes = self.attributes(node);
            self.add_field(class, name, ty);
            if let Some(value) = value {
                self.initial_value(name, ty, value, node);
            }
            self.filled(name, ty, &attributes);
        }
        if let Some(body) = getter {
            let mut decorators = self.attributes(node);
            let marker = self.cx.b.symbol("property");
            let marker = self.push(ExprKind::Name(marker), name);
            self.cx.b.statement(marker);
            decorators.push(marker);
            let text = self.str(name).into_owned();
            self.accessor(class, node, &text, body, ty, decorators);
        }
        if let Some(body) = setter {
            let text = format!("set_{}", self.str(name));
            self.accessor(class, node, &text, body, None, Vec::new());
        }
    }

    /// The accessors of an indexer or event, each a method.
    fn accessors(&mut self, class: ClassId, node: Node<'_>) {
        let decorators = self.attributes(node);
        let ty = node.child_by_field_name("type");
        if let Some(value) = node.child_by_field_name("value") {
            self.accessor(class, node, "get_Item", value, ty, decorators);
            return;
        }
        let of = node.child_by_field_name("name").map(|n| self.str(n).into_owned());
        let of = of.unwrap_or_else(|| "Item".to_owned());
        for accessor in node.child_by_field_name("accessors").map(children).unwrap_or_default() {
            let word = accessor.child_by_field_name("name").map(|n| self.str(n).into_owned());
            if let (Some(word), Some(body)) = (word, accessor.child_by_field_name("body")) {
                let returns = ty.filter(|_| word == "get");
                self.accessor(class, node, &format!("{word}_{of}"), body, returns, Vec::new());
            }
        }
    }

    fn accessor(
        &mut self,
        class: ClassId,
        node: Node<'_>,
        name: &str,
        body: Node<'_>,
        returns: Option<Node<'_>>,
        decorators: Vec<ExprId>,
    ) {
        let name_node = node.child_by_field_name("name");
        let written = Written {
            kind: FunctionKind::Method,
            name,
            name_span: name_node.map_or(Span::default(), |n| self.span(n)),
            node,
            parameters: node.child_by_field_name("parameters"),
            value: returns.is_none(),
            body: Some(body),
            returns,
            decorators,
            class: Some(class),
        };
        self.add_method(class, written);
    }

    fn method(&mut self, class: ClassId, node: Node<'_>, kind: FunctionKind) {
        let mut decorators = self.attributes(node);
        if kind == FunctionKind::Method && self.modifiers(node).iter().any(|m| m == "public") {
            decorators.extend(self.open.last().map(|c| c.attributes.clone()).unwrap_or_default());
        }
        // Without a body it says nothing of what happens: calls of it are calls of something unknown.
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        let name = node.child_by_field_name("name");
        let text = name.map_or_else(|| "operator".to_owned(), |n| self.str(n).into_owned());
        let written = Written {
            kind,
            name: &text,
            name_span: name.map_or(Span::default(), |n| self.span(n)),
            node,
            parameters: node.child_by_field_name("parameters"),
            value: false,
            body: Some(body),
            returns: node.child_by_field_name("returns"),
            decorators,
            class: Some(class),
        };
        self.add_method(class, written);
    }

    fn add_method(&mut self, class: ClassId, written: Written<'_, '_>) {
        let id = self.function(written);
        self.cx.b.facts().classes[class.ix()].methods.push(id);
    }

    /// `enum E { A, B = 2 }`: a class with constants.
    pub(super) fn enumeration(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let (name, span, decorators) = (self.plain(name), self.span(node), self.attributes(node));
        let list = node.child_by_field_name("body").map(children).unwrap_or_default();
        let mut fields = Vec::new();
        for member in flattened(list) {
            if let Some(name) = member.child_by_field_name("name") {
                let (name, span, ty) = (self.plain(name), self.span(name), None);
                fields.push(Field { name, ty, span });
            }
        }
        self.cx.b.facts().classes.push(Class {
            name,
            span,
            bases: Vec::new(),
            fields,
            methods: Vec::new(),
            body: None,
            decorators,
        });
    }

    // ---- local variables

    /// `T a = x, b = y`: each value, then the name. `whole` is the statement's place when only one is declared.
    pub(super) fn variables(&mut self, declaration: Node<'_>) {
        let ty = declaration.child_by_field_name("type");
        let ty = ty.filter(|t| t.kind() != "implicit_type");
        for declarator in children(declaration) {
            let pattern = child_of(declarator, "tuple_pattern");
            let name = declarator.child_by_field_name("name");
            let aside = |c: &Node<'_>| Some(*c) == name || Some(*c) == pattern || c.kind() == "bracketed_argument_list";
            let value = children(declarator).into_iter().rfind(|c| !aside(c));
            if declarator.kind() != "variable_declarator" {
                continue;
            }
            let value = match (value, ty) {
                (Some(value), _) => Some(self.value_of_type(value, ty)),
                (None, Some(ty)) => self.nothing_of_type(ty, declarator),
                (None, None) => None,
            };
            let target = match (name, pattern) {
                (Some(name), _) => Target::Name(self.declare(name), self.span(name)),
                (None, Some(pattern)) => self.tuple_pattern(pattern),
                _ => continue,
            };
            if let Some(value) = value {
                let span = self.span(declarator);
                self.cx.b.assign(target, value, AssignMode::Plain, span);
            }
        }
    }

    /// A value as the declared type, when one is written.
    pub(super) fn value_of_type(&mut self, node: Node<'_>, ty: Option<Node<'_>>) -> ExprId {
        let value = self.expression_of(node, ty);
        match ty.and_then(|t| self.type_ref(t)) {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, node),
            None => value,
        }
    }

    pub(super) fn nothing_of_type(&mut self, ty: Node<'_>, at: Node<'_>) -> Option<ExprId> {
        let ty = self.type_ref(ty)?;
        let value = self.push(ExprKind::Null, at);
        Some(self.push(ExprKind::Cast { value, ty }, at))
    }

    /// `(a, _, (b, c))` of a deconstruction.
    pub(super) fn tuple_pattern(&mut self, pattern: Node<'_>) -> Target {
        let mut targets = Vec::new();
        for part in children(pattern) {
            targets.push(match part.kind() {
                "identifier" => Target::Name(self.declare(part), self.span(part)),
                "tuple_pattern" => self.deeper(part, |cs| cs.tuple_pattern(part)).unwrap_or(Target::Ignore),
                _ => Target::Ignore,
            });
        }
        Target::Tuple(targets)
    }

    /// The attributes of a declaration, each a statement here.
    pub(super) fn attributes(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let mut all = Vec::new();
        for list in flattened(children(node)) {
            if list.kind() != "attribute_list" {
                continue;
            }
            for attribute in children(list).into_iter().filter(|a| a.kind() == "attribute") {
                let value = self.attribute(attribute);
                self.cx.b.statement(value);
                all.push(value);
            }
        }
        all
    }

    /// `[Route("x", Name = "y")]` is a call, `[Authorize]` a name; both without the suffix `Attribute`.
    pub(super) fn attribute(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = node.child_by_field_name("name") else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let ty = self.type_ref(name).map(|t| t.name);
        let text = ty.map(|t| self.cx.b.name(t).to_owned()).unwrap_or_default();
        let short = text
            .strip_suffix("Attribute")
            .filter(|s| !s.is_empty())
            .unwrap_or(&text);
        let symbol = self.cx.b.symbol(short);
        let callee = self.push(ExprKind::Name(symbol), name);
        let Some(list) = child_of(node, "attribute_argument_list") else {
            return callee;
        };
        let mut args = Vec::new();
        for argument in field_arguments(list) {
            let name = argument.child_by_field_name("name");
            let value = children(argument).into_iter().rfind(|c| Some(*c) != name);
            let Some(value) = value else { continue };
            let (name, value) = (name.map(|n| self.plain(n)), self.expression(value));
            let span = self.span(argument);
            args.push(Arg { name, value, span });
        }
        let args_span = self.span(list);
        let new = false;
        self.push(
            ExprKind::Call {
                callee,
                args,
                new,
                args_span,
            },
            node,
        )
    }
}

fn field_arguments<'n>(list: Node<'n>) -> Vec<Node<'n>> {
    let arguments = children(list).into_iter();
    arguments.filter(|a| a.kind() == "attribute_argument").collect()
}

/// A block's span without its braces.
pub(super) fn inside(block: Span) -> Span {
    Span {
        start: block.start + 1,
        end: block.end.saturating_sub(1).max(block.start + 1),
    }
}
