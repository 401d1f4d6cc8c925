//! Structs, classes, enumerations and namespaces.

use super::{C, children, field_children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use std::sync::Arc;
use tree_sitter::Node;

impl C<'_, '_> {
    /// The class of that name, made if this is its first sight.
    pub(super) fn class(&mut self, name: &str, seen_at: Node<'_>) -> ClassId {
        let symbol = self.cx.b.symbol(name);
        if let Some(id) = self.classes.get(&symbol) {
            return *id;
        }
        let span = self.span(seen_at);
        let classes = &mut self.cx.b.facts().classes;
        let id = ClassId(classes.len() as u32);
        classes.push(Class {
            name: symbol,
            span,
            bases: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators: Vec::new(),
        });
        self.classes.insert(symbol, id);
        id
    }

    pub(super) fn typedef(&mut self, node: Node<'_>) {
        let Some(ty) = node.child_by_field_name("type") else {
            return;
        };
        self.type_body(ty);
        if ty.child_by_field_name("body").is_none() || ty.kind() == "enum_specifier" {
            return;
        }
        for declarator in field_children(node, "declarator") {
            if declarator.kind() == "type_identifier" {
                let name = self.str(declarator).into_owned();
                self.layout(&name, ty);
            }
        }
    }

    /// The body a type specifier carries, when it is a definition.
    pub(super) fn type_body(&mut self, node: Node<'_>) {
        if node.child_by_field_name("body").is_none() {
            return;
        }
        match node.kind() {
            "struct_specifier" | "union_specifier" | "class_specifier" => {
                let name = node.child_by_field_name("name").map(|n| self.dotted(n));
                let Some(name) = name else { return };
                if self.has_methods(node) {
                    self.deeper(node, |c| c.class_definition(&name, node));
                } else {
                    self.layout(&name, node);
                }
            }
            "enum_specifier" => self.enumerators(node),
            _ => {}
        }
    }

    /// A struct of data only: its layout under a name of its own, so that two values of it share nothing.
    fn layout(&mut self, name: &str, node: Node<'_>) {
        let kind = if node.kind() == "union_specifier" {
            "union"
        } else {
            "struct"
        };
        let id = self.class(&format!("{kind} {name}"), node);
        let fields = self.fields(node);
        self.cx.b.facts().classes[id.ix()].fields = fields;
    }

    fn has_methods(&self, node: Node<'_>) -> bool {
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        let is_method = |member: &Node<'_>| {
            matches!(
                member.kind(),
                "function_definition" | "template_declaration" | "friend_declaration"
            ) || (member.kind() == "field_declaration" || member.kind() == "declaration")
                && field_children(*member, "declarator")
                    .iter()
                    .any(|d| self.declared(*d).function.is_some())
        };
        let derives = children(node).iter().any(|c| c.kind() == "base_class_clause");
        self.cpp && (derives || node.kind() == "class_specifier" || body.iter().any(is_method))
    }

    fn fields(&mut self, node: Node<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        for member in body.into_iter().filter(|m| m.kind() == "field_declaration") {
            let Some(specifier) = member.child_by_field_name("type") else {
                continue;
            };
            for declarator in field_children(member, "declarator") {
                let declared = self.declared(declarator);
                let Some(name) = declared.name.filter(|_| declared.function.is_none()) else {
                    continue;
                };
                let ty = self.declared_type(specifier, &declared);
                let (name, span) = (self.cx.symbol(name), self.span(name));
                fields.push(Field { name, ty, span });
            }
        }
        fields
    }

    fn class_definition(&mut self, name: &str, node: Node<'_>) {
        let plain = name.rsplit('.').next().unwrap_or(name).to_owned();
        let id = self.class(&plain, node);
        let clause = children(node).into_iter().find(|c| c.kind() == "base_class_clause");
        let bases = clause.map(children).unwrap_or_default();
        let bases = bases
            .into_iter()
            .filter(|b| !matches!(b.kind(), "access_specifier" | "attribute_declaration"));
        let bases = bases.filter_map(|b| self.specifier(b)).collect();
        let fields = self.fields(node);
        let span = self.span(node);
        let members = self.member_names(node);
        self.members.entry(id).or_default().extend(members);
        let class = &mut self.cx.b.facts().classes[id.ix()];
        (class.span, class.fields, class.bases) = (span, fields, bases);
        self.within.push(id);
        for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
            match member.kind() {
                "field_declaration" | "access_specifier" | "friend_declaration" => {}
                _ => self.statement(member, None),
            }
        }
        self.within.pop();
    }

    fn member_names(&mut self, node: Node<'_>) -> Vec<Symbol> {
        let mut names = Vec::new();
        for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
            for declarator in field_children(member, "declarator") {
                if let Some(name) = self.declared(declarator).name {
                    names.push(self.cx.symbol(name));
                }
            }
        }
        names
    }

    /// Constructors' `: field(value), base(value)`.
    pub(super) fn field_initializers(&mut self, list: Node<'_>) {
        for initializer in children(list) {
            let parts = children(initializer);
            let (Some(name), Some(values)) = (parts.first(), parts.get(1)) else {
                continue;
            };
            let mut lowered: Vec<ExprId> = children(*values).into_iter().map(|v| self.initializer(v)).collect();
            let value = match lowered.len() {
                1 => lowered.remove(0),
                _ => self.push(ExprKind::Other(lowered), *values),
            };
            let this = self.cx.b.symbol("this");
            let base = self.push(ExprKind::Name(this), *name);
            let (name, span) = (self.cx.symbol(*name), self.span(*name));
            let target = Target::Member { base, name, span };
            self.cx
                .b
                .assign(target, value, AssignMode::Plain, self.cx.span(initializer));
        }
    }

    /// Enumerators are variables of the file that never change.
    fn enumerators(&mut self, node: Node<'_>) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        for enumerator in children(body) {
            let Some(name) = enumerator.child_by_field_name("name") else {
                continue;
            };
            let Some(value) = self.constants.get(&*self.str(name)).copied() else {
                continue;
            };
            let value = self.push(ExprKind::Num(value.to_string().into()), enumerator);
            let target = Target::Name(self.declare(name), self.span(name));
            self.cx
                .b
                .assign(target, value, AssignMode::Plain, self.cx.span(enumerator));
        }
    }

    // ---- namespaces

    pub(super) fn namespace(&mut self, node: Node<'_>) {
        let unnamed = node.child_by_field_name("name").is_none();
        self.hidden += u32::from(unnamed);
        if let Some(body) = node.child_by_field_name("body") {
            self.deeper(body, |c| c.statements(body));
        }
        self.hidden -= u32::from(unnamed);
    }

    /// `using namespace std;`, `using std::string;`
    pub(super) fn using(&mut self, node: Node<'_>) {
        let Some(what) = children(node).into_iter().next() else {
            return;
        };
        let path = self.dotted(what);
        let all = self.str(node).contains("namespace");
        if all && path.split('.').all(|p| self.namespaces.contains(p)) {
            return;
        }
        let last = path.rsplit('.').next().unwrap_or_default().to_owned();
        let local = self.cx.b.symbol(if all { "" } else { &last });
        let span = self.span(node);
        let path: Arc<str> = Arc::from(path);
        self.cx.b.facts().imports.push(Import { local, path, span, all });
    }

    /// `namespace fs = std::filesystem;`
    pub(super) fn namespace_alias(&mut self, node: Node<'_>) {
        let parts = children(node);
        let (Some(name), Some(of)) = (parts.first(), parts.get(1)) else {
            return;
        };
        let local = self.cx.symbol(*name);
        let path: Arc<str> = Arc::from(self.str(*of).replace("::", "."));
        let span = self.span(node);
        self.cx.b.facts().imports.push(Import {
            local,
            path,
            span,
            all: false,
        });
    }
}
