//! Declarations: what the file declares before anything is lowered, includes, macros, functions with their parameters, variables.

use super::{C, children, declarator::Declared, field_children, has_word};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use std::sync::Arc;
use tree_sitter::Node;

/// Deepest nesting of blocks looked through for names of the file.
const MAX_NESTING: usize = 24;

impl C<'_, '_> {
    /// Notes constants, layouts, functions and namespaces of the whole file, and declares its functions, so that an inner variable of
    /// the same name is another one.
    pub(super) fn declare_file_names(&mut self, root: Node<'_>) {
        let mut open = vec![(root, 0)];
        // In order of the text: a macro is known before what uses it.
        while let Some((node, depth)) = open.pop() {
            match node.kind() {
                "preproc_def" => self.note_macro(node),
                "enum_specifier" => self.note_enumerators(node),
                "struct_specifier" | "union_specifier" | "class_specifier" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        let name = self.dotted(name);
                        self.note_layout(&name, node);
                    }
                }
                "type_definition" => self.note_typedef(node),
                "function_definition" => self.note_function(node),
                "namespace_definition" => {
                    if let Some(name) = node.child_by_field_name("name") {
                        let names = self.str(name).replace("::", ".");
                        self.namespaces.extend(names.split('.').map(str::to_owned));
                    }
                }
                "declaration" if depth <= 2 => self.note_constant(node),
                _ => {}
            }
            if depth < MAX_NESTING && node.kind() != "compound_statement" {
                let inner = children(node).into_iter().rev();
                open.extend(inner.map(|child| (child, depth + 1)));
            }
        }
    }

    fn note_macro(&mut self, node: Node<'_>) {
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
            return;
        };
        if let Some(value) = self.macro_value(&self.str(value)) {
            let name = self.str(name).into_owned();
            self.constants.insert(name, value);
        }
    }

    fn note_enumerators(&mut self, node: Node<'_>) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        let mut next = Some(0);
        for enumerator in children(body) {
            let Some(name) = enumerator.child_by_field_name("name") else {
                continue;
            };
            if let Some(value) = enumerator.child_by_field_name("value") {
                next = self.constant(value);
            }
            if let Some(value) = next {
                let name = self.str(name).into_owned();
                self.constants.insert(name, value);
            }
            next = next.and_then(|v| v.checked_add(1));
        }
    }

    fn note_layout(&mut self, name: &str, node: Node<'_>) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        if node.kind() == "union_specifier" {
            return;
        }
        let mut fields = Vec::new();
        for field in children(body).into_iter().filter(|c| c.kind() == "field_declaration") {
            for declarator in field_children(field, "declarator") {
                if let Some(name) = self.declared(declarator).name {
                    fields.push(self.str(name).into_owned());
                }
            }
        }
        self.structs.insert(name.to_owned(), fields);
    }

    fn note_typedef(&mut self, node: Node<'_>) {
        let Some(ty) = node.child_by_field_name("type") else {
            return;
        };
        for declarator in field_children(node, "declarator") {
            if declarator.kind() == "type_identifier" {
                let name = self.str(declarator).into_owned();
                self.note_layout(&name, ty);
            }
        }
    }

    fn note_function(&mut self, node: Node<'_>) {
        let Some(declarator) = node.child_by_field_name("declarator") else {
            return;
        };
        if let Some(name) = self.declared(declarator).name.filter(|n| n.kind() == "identifier") {
            let text = self.str(name).into_owned();
            self.functions.insert(text);
            self.declare(name);
        }
    }

    /// `const int size = 10;` at file level.
    fn note_constant(&mut self, node: Node<'_>) {
        let text = self.cx.text;
        if !has_word(node, &["type_qualifier"], text, "const")
            && !has_word(node, &["type_qualifier"], text, "constexpr")
        {
            return;
        }
        for declarator in field_children(node, "declarator") {
            let declared = self.declared(declarator);
            let value = declarator.child_by_field_name("value").and_then(|v| self.constant(v));
            if let (Some(name), Some(value), 0, true) =
                (declared.name, value, declared.stars, declared.sizes.is_empty())
            {
                let name = self.str(name).into_owned();
                self.constants.insert(name, value);
            }
        }
    }

    // ---- the preprocessor

    pub(super) fn include(&mut self, node: Node<'_>) {
        let Some(path) = node.child_by_field_name("path") else {
            return;
        };
        let written = self.str(path);
        let path: Arc<str> = Arc::from(written.trim_matches(['<', '>', '"', ' ']));
        let (span, local) = (self.span(node), self.cx.b.symbol(""));
        self.cx.b.facts().imports.push(Import {
            local,
            path,
            span,
            all: false,
        });
    }

    /// `#define LIMIT 10`, `#define NAME "x"`: a variable of the file that never changes.
    pub(super) fn object_macro(&mut self, node: Node<'_>) {
        let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
            return;
        };
        let text = self.str(value);
        let kind = match self.macro_value(&text) {
            Some(number) => ExprKind::Num(number.to_string().into()),
            None => match macro_text(&text) {
                Some(text) => ExprKind::Str(text.into()),
                None => return,
            },
        };
        let value = self.push(kind, value);
        let target = Target::Name(self.declare(name), self.span(name));
        self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(node));
    }

    // ---- functions

    pub(super) fn function_definition(&mut self, node: Node<'_>) {
        let Some(declarator) = node.child_by_field_name("declarator") else {
            return self.statements(node);
        };
        let declared = self.declared(declarator);
        let (Some(name), Some(body)) = (declared.name, node.child_by_field_name("body")) else {
            return;
        };
        let written = self.dotted(name);
        let (scope, last) = match written.rsplit_once('.') {
            Some((scope, last)) => (Some(scope.to_owned()), last.to_owned()),
            None => (None, written),
        };
        let class = match scope {
            Some(scope) => {
                let owner = scope.rsplit('.').next().unwrap_or_default().to_owned();
                (!self.namespaces.contains(&owner)).then(|| self.class(&owner, node))
            }
            None => self.within.last().copied(),
        };
        let owner = class.map(|c| {
            let symbol = self.cx.b.facts().classes[c.ix()].name;
            self.cx.b.name(symbol).to_owned()
        });
        let kind = match &owner {
            Some(owner) if *owner == last => FunctionKind::Constructor,
            Some(_) => FunctionKind::Method,
            None => FunctionKind::Function,
        };
        let internal = has_word(node, &["storage_class_specifier"], self.cx.text, "static") && class.is_none();
        let (span, body_span) = (self.span(node), inside(self.span(body)));
        let id = self
            .cx
            .b
            .begin_function(kind, &last, span, self.cx.span(name), body_span);
        self.scopes.open();
        let params = declared.function.map(|p| self.parameters(p)).unwrap_or_default();
        let returns = node.child_by_field_name("type").and_then(|ty| {
            let stars = Declared {
                stars: declared.stars,
                ..Declared::default()
            };
            self.declared_type(ty, &stars)
        });
        let exported = !internal && self.hidden == 0;
        let function = self.cx.b.function();
        (function.params, function.returns, function.exported, function.class) = (params, returns, exported, class);
        if let Some(class) = class {
            self.cx.b.facts().classes[class.ix()].methods.push(id);
            self.within.push(class);
        }
        let initializers = children(node)
            .into_iter()
            .find(|c| c.kind() == "field_initializer_list");
        if let Some(list) = initializers {
            self.field_initializers(list);
        }
        self.deeper(body, |c| match body.kind() {
            "try_statement" => c.statement(body, None),
            _ => c.statements(body),
        });
        if class.is_some() {
            self.within.pop();
        }
        self.scopes.close();
        self.cx.b.end_function();
    }

    pub(super) fn parameters(&mut self, list: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for declaration in children(list) {
            let kind = match declaration.kind() {
                "parameter_declaration" | "optional_parameter_declaration" => ParamKind::Normal,
                "variadic_parameter" | "variadic_parameter_declaration" => ParamKind::Rest,
                _ => continue,
            };
            let declarator = declaration.child_by_field_name("declarator");
            let mut declared = declarator.map(|d| self.declared(d)).unwrap_or_default();
            // An array that is a parameter is a pointer.
            if !declared.sizes.is_empty() {
                declared.sizes.clear();
                declared.stars += 1;
            }
            let ty = declaration
                .child_by_field_name("type")
                .and_then(|t| self.declared_type(t, &declared));
            let is_void = ty.as_ref().is_some_and(|t| self.cx.b.name(t.name) == "void");
            if is_void && declarator.is_none() {
                continue;
            }
            let default = declaration
                .child_by_field_name("default_value")
                .map(|v| self.expression(v));
            let named = declared.name.filter(|n| n.kind() == "identifier");
            let (name, span) = match named {
                Some(name) => (self.declare(name), self.span(name)),
                None => (self.cx.b.symbol("_"), self.span(declaration)),
            };
            params.push(Param {
                name,
                span,
                ty,
                default,
                kind,
                decorators: Vec::new(),
            });
        }
        params
    }

    // ---- variables

    pub(super) fn declaration(&mut self, node: Node<'_>) {
        let Some(specifier) = node.child_by_field_name("type") else {
            return;
        };
        self.type_body(specifier);
        let text = self.cx.text;
        let is_extern = has_word(node, &["storage_class_specifier"], text, "extern");
        let is_const = has_word(node, &["type_qualifier"], text, "const")
            || has_word(node, &["type_qualifier"], text, "constexpr");
        for declarator in field_children(node, "declarator") {
            let declared = self.declared(declarator);
            let Some(name) = declared.name else { continue };
            if declared.function.is_some() || (is_extern && declarator.kind() != "init_declarator") {
                continue;
            }
            self.variable_of(specifier, declarator, &declared, name, node);
            if is_const
                && let Some(value) = declarator.child_by_field_name("value").and_then(|v| self.constant(v))
                && declared.sizes.is_empty()
            {
                let name = self.str(name).into_owned();
                self.constants.insert(name, value);
            }
        }
    }

    /// One variable: its value first, then its name.
    fn variable_of(
        &mut self,
        specifier: Node<'_>,
        declarator: Node<'_>,
        declared: &Declared<'_>,
        name: Node<'_>,
        whole: Node<'_>,
    ) {
        let mut ty = self.declared_type(specifier, declared);
        let written = declarator.child_by_field_name("value");
        let value = match written {
            Some(value) => self.initial(value, ty.as_ref(), declared, specifier),
            None => self.without_value(declared, ty.as_ref(), specifier, name),
        };
        if let (Some(known), Some(written)) = (&ty, written)
            && matches!(declared.sizes.first(), Some(None))
            && known.args.len() == 1
        {
            let count = self.initial_count(written);
            let element = known.args[0].clone();
            ty = Some(self.array(count, element, known.span));
        }
        let value = match ty {
            Some(ty) => self.push(ExprKind::Cast { value, ty }, written.unwrap_or(declarator)),
            None => value,
        };
        let is_static = has_word(whole, &["storage_class_specifier"], self.cx.text, "static");
        let span = self.span(if written.is_some() && !is_static {
            declarator
        } else {
            whole
        });
        if name.kind() == "structured_binding_declarator" {
            let targets = children(name);
            let targets = targets.into_iter().map(|n| Target::Name(self.declare(n), self.span(n)));
            let targets: Vec<Target> = targets.collect();
            return self.cx.b.assign(Target::Tuple(targets), value, AssignMode::Plain, span);
        }
        let target = Target::Name(self.declare(name), self.span(name));
        self.cx.b.assign(target, value, AssignMode::Plain, span);
    }

    /// What a variable with an initialiser is given.
    fn initial(
        &mut self,
        value: Node<'_>,
        ty: Option<&TypeRef>,
        declared: &Declared<'_>,
        specifier: Node<'_>,
    ) -> ExprId {
        let name = ty.map(|t| self.cx.b.name(t.name).to_owned());
        let plain = declared.stars == 0 && declared.sizes.is_empty();
        match value.kind() {
            // `T x(a, b)`: a construction; of an arithmetic type, or a pointer, the value itself.
            "argument_list" => self.constructed(specifier, value, plain),
            "initializer_list" if self.cpp && plain && !name.as_ref().is_some_and(|n| self.structs.contains_key(n)) => {
                self.constructed(specifier, value, plain)
            }
            "initializer_list" => self.initializer_list(value, name.as_deref()),
            _ => self.expression(value),
        }
    }

    /// What a variable holds that is only declared: a new object of a class (C++), an array of a size known when it runs, or nobody
    /// knows what.
    fn without_value(
        &mut self,
        declared: &Declared<'_>,
        ty: Option<&TypeRef>,
        specifier: Node<'_>,
        name: Node<'_>,
    ) -> ExprId {
        if let Some(Some(size)) = declared.sizes.first()
            && self.constant(*size).is_none()
        {
            let callee = self.cx.b.symbol("__array");
            let callee = self.push(ExprKind::Name(callee), *size);
            let (value, span) = (self.expression(*size), self.span(*size));
            let args = vec![Arg {
                name: None,
                value,
                span,
            }];
            return self.call_of(callee, args, span, true, *size);
        }
        let plain = declared.stars == 0 && declared.sizes.is_empty() && !declared.callback;
        if self.cpp && plain && self.is_object(specifier, ty) {
            let callee = self.type_path(specifier);
            let at = self.span(name);
            let end = Span {
                start: at.end,
                end: at.end,
            };
            return self.call_of(callee, Vec::new(), end, true, name);
        }
        let at = self.span(name).end;
        let nowhere = Span { start: at, end: at };
        self.cx.b.expr(ExprKind::Other(Vec::new()), nowhere)
    }

    /// The number of elements that an initialiser gives an array of no written size.
    fn initial_count(&self, value: Node<'_>) -> Option<i64> {
        match value.kind() {
            "string_literal" => Some(self.string_text(value).len() as i64 + 1),
            "initializer_list" => {
                let elements = children(value);
                // Elements that only some builds have, or that macros give, are not counted.
                let counted = |e: &Node<'_>| !e.kind().starts_with("preproc") && e.kind() != "initializer_pair";
                (elements.iter().all(counted) && !value.has_error()).then_some(elements.len() as i64)
            }
            _ => None,
        }
    }
}

/// The text of a macro that is one string.
fn macro_text(text: &str) -> Option<String> {
    let inner = text.trim();
    let inner = inner.strip_prefix('L').unwrap_or(inner).strip_prefix('"')?;
    let (inner, rest) = inner.rsplit_once('"')?;
    let one = rest.trim().is_empty() && !inner.replace("\\\"", "").contains('"');
    one.then(|| String::from_utf8_lossy(&super::literal::decode(inner)).into_owned())
}

/// What is between the braces.
pub(super) fn inside(block: Span) -> Span {
    Span {
        start: block.start + 1,
        end: block.end.saturating_sub(1).max(block.start + 1),
    }
}
