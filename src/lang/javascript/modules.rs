//! Imports, `require`, exports: what names of other files mean here, and what of this file others can call.

use super::{Js, Kids, Kind, Role, functions::Decorators};
use crate::lang::facts::*;
use crate::text::Span;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tree_sitter::Node;

/// What the file gives out, collected while lowering; names may be exported before they are defined.
#[derive(Default)]
pub(super) struct Exports {
    names: HashSet<Symbol>,
    functions: HashMap<Symbol, Vec<FunctionId>>,
    /// Public methods, by the name of their class.
    methods: HashMap<Symbol, Vec<FunctionId>>,
}

impl Exports {
    /// A function known by this name at file level.
    pub(super) fn bind(&mut self, name: Symbol, function: FunctionId) {
        self.functions.entry(name).or_default().push(function);
    }

    /// A public method of a class.
    pub(super) fn bind_method(&mut self, class: Symbol, method: FunctionId) {
        self.methods.entry(class).or_default().push(method);
    }
}

impl<'n> Js<'_, '_, 'n> {
    // ---- imports

    pub(super) fn import(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let mut source = self.field(kids, Role::Source);
        if let Some(clause) = self.of_kind(kids, Kind::ImportRequire) {
            let parts = self.children(clause.node);
            source = self.field(parts, Role::Source);
            if let (Some(source), Some(name)) = (source, self.of_kind(parts, Kind::Identifier)) {
                let path = module_path(&self.string_text(source.node));
                self.add_import(name.node, path);
            }
            return;
        }
        let Some(source) = source else { return };
        let path = module_path(&self.string_text(source.node));
        match self.of_kind(kids, Kind::ImportClause) {
            Some(clause) => {
                let parts = self.children(clause.node);
                self.import_clause(parts, &path);
            }
            None => self.bare_import(path, self.span(node)),
        }
    }

    fn import_clause(&mut self, kids: Kids, path: &str) {
        for i in kids.iter() {
            let kid = self.kids[i];
            match kid.kind {
                Kind::Identifier => self.add_import(kid.node, path.into()),
                Kind::NamespaceImport => {
                    let parts = self.children(kid.node);
                    if let Some(name) = self.of_kind(parts, Kind::Identifier) {
                        self.add_import(name.node, path.into());
                    }
                }
                Kind::NamedImports => {
                    let parts = self.children(kid.node);
                    if parts.iter().is_empty() {
                        self.bare_import(path.into(), self.span(kid.node));
                    }
                    for p in parts.iter() {
                        self.import_specifier(self.kids[p].node, path);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, node: Node<'n>, path: &str) {
        let kids = self.children(node);
        let Some(name) = self.field(kids, Role::Name) else {
            return;
        };
        let local = self.field(kids, Role::Alias).unwrap_or(name);
        let Some(imported) = self.key_symbol(name.node) else {
            return;
        };
        let imported = self.cx.b.facts().name(imported);
        let path = if imported == "default" {
            path.into()
        } else {
            format!("{path}.{imported}").into()
        };
        self.add_import(local.node, path);
    }

    /// `import a = b.c;`
    pub(super) fn import_alias(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let (Some(name), Some(path)) = (self.first(kids), self.last(kids)) else {
            return;
        };
        if name.node != path.node {
            let path: String = self.cx.str(path.node).split_whitespace().collect();
            self.add_import(name.node, path.into());
        }
    }

    fn add_import(&mut self, name: Node<'n>, path: Arc<str>) {
        let import = Import {
            local: self.variable(name),
            path,
            span: self.span(name),
            all: false,
        };
        self.cx.b.facts().imports.push(import);
    }

    /// A module that is named but binds nothing here.
    fn bare_import(&mut self, path: Arc<str>, span: Span) {
        let local = self.cx.b.symbol("");
        self.cx.b.facts().imports.push(Import {
            local,
            path,
            span,
            all: false,
        });
    }

    /// `require("x")` and `import("x")` with a literal.
    pub(super) fn module_load(&mut self, node: Node<'n>, kids: Kids) -> Option<ExprId> {
        let function = self.field(kids, Role::Function)?;
        let loads = match function.kind {
            Kind::ImportWord => true,
            Kind::Identifier => self.bytes(function.node) == b"require",
            _ => false,
        };
        if !loads {
            return None;
        }
        let args = self.field(kids, Role::Arguments)?;
        let args = self.children(args.node);
        let first = self.first(args).filter(|a| a.kind == Kind::String)?;
        let path = module_path(&self.string_text(first.node));
        Some(self.push(ExprKind::Module(path), node))
    }

    /// `const fs = require("fs")` and `const {a, b: c} = require("x")` at file level mean the same as imports.
    pub(super) fn note_require(&mut self, target: &Target, value: ExprId) {
        if self.cx.b.current() != FunctionId(0) {
            return;
        }
        let Some(path) = self.required(value) else { return };
        match target {
            Target::Name(local, span) => self.required_as(*local, path.into(), *span),
            Target::Fields(fields) => {
                for (key, target) in fields {
                    let inner = match target {
                        Target::Default(inner, _) => inner,
                        other => other,
                    };
                    if let Target::Name(local, span) = inner {
                        let path = format!("{path}.{}", self.cx.b.facts().name(*key));
                        self.required_as(*local, path.into(), *span);
                    }
                }
            }
            _ => {}
        }
    }

    fn required_as(&mut self, local: Symbol, path: Arc<str>, span: Span) {
        self.cx.b.facts().imports.push(Import {
            local,
            path,
            span,
            all: false,
        });
    }

    /// The path of `require("x").a.b`, awaited or not.
    fn required(&mut self, value: ExprId) -> Option<String> {
        let (mut at, mut members) = (value, Vec::new());
        let mut path = loop {
            match self.cx.b.kind(at) {
                ExprKind::Module(path) => break path.to_string(),
                ExprKind::Member { base, name, .. } => {
                    members.push(*name);
                    at = *base;
                }
                ExprKind::Same(inner) | ExprKind::Cast { value: inner, .. } => at = *inner,
                _ => return None,
            }
        };
        for name in members.into_iter().rev() {
            let name = self.cx.b.facts().name(name);
            if name != "default" {
                path = format!("{path}.{name}");
            }
        }
        Some(path)
    }

    // ---- exports

    pub(super) fn export(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let mut decorators = Decorators::default();
        self.decorators(kids, &mut decorators);
        if let Some(source) = self.field(kids, Role::Source) {
            let path = module_path(&self.string_text(source.node));
            return self.bare_import(path, self.span(source.node));
        }
        if let Some(clause) = self.of_kind(kids, Kind::ExportClause) {
            let names = self.children(clause.node);
            for i in names.iter() {
                let parts = self.children(self.kids[i].node);
                if let Some(name) = self.field(parts, Role::Name) {
                    let name = self.variable(name.node);
                    self.exports.names.insert(name);
                }
            }
            return;
        }
        if let Some(declaration) = self.field(kids, Role::Declaration) {
            return self.exported_declaration(declaration.node, decorators);
        }
        let value = self.field(kids, Role::Value).or(self.last(kids));
        if let Some(value) = value.filter(|v| v.kind != Kind::Decorator) {
            let id = if value.kind == Kind::Class {
                self.class(value.node, None, true, decorators)
            } else {
                self.expr(value.node)
            };
            self.export_value(id);
            self.cx.b.statement(id);
        }
    }

    fn exported_declaration(&mut self, node: Node<'n>, decorators: Decorators) {
        match self.kind(node) {
            Kind::Variables | Kind::Lexical => self.declarations(node, true),
            Kind::Function | Kind::Generator => {
                let function = self.function_declaration(node);
                self.cx.b.facts().functions[function.ix()].exported = true;
            }
            Kind::ClassDeclaration | Kind::AbstractClass => {
                self.class_declaration(node, true, decorators);
            }
            _ => self.statement(node),
        }
    }

    /// A name gets a value: if it is a function, the name is how others will find it.
    pub(super) fn note_binding(&mut self, target: &Target, value: ExprId, exported: bool) {
        let module_level = self.cx.b.current() == FunctionId(0);
        if let (Target::Name(name, _), ExprKind::Lambda(function), true) = (target, self.cx.b.kind(value), module_level)
        {
            let function = *function;
            self.exports.bind(*name, function);
        }
        if exported {
            self.export_value(value);
        }
    }

    /// `module.exports = value`, `module.exports.name = value`, `exports.name = value`.
    pub(super) fn note_export(&mut self, target: &Target, value: ExprId) {
        let Target::Member { base, name, .. } = target else {
            return;
        };
        let is = |js: &mut Self, symbol: Symbol, text: &str| js.cx.b.facts().name(symbol) == text;
        let gives_out = match *self.cx.b.kind(*base) {
            ExprKind::Name(object) => {
                is(self, object, "exports") || (is(self, object, "module") && is(self, *name, "exports"))
            }
            ExprKind::Member { base, name: member, .. } => match *self.cx.b.kind(base) {
                ExprKind::Name(object) => is(self, object, "module") && is(self, member, "exports"),
                _ => false,
            },
            _ => false,
        };
        if gives_out {
            self.export_value(value);
        }
    }

    /// Marks what an exported value lets others call: the function, the functions of an object, what a wrapper is given.
    fn export_value(&mut self, value: ExprId) {
        let mut waiting = vec![value];
        while let Some(id) = waiting.pop() {
            match self.cx.b.kind(id) {
                ExprKind::Lambda(function) => {
                    let function = *function;
                    self.cx.b.facts().functions[function.ix()].exported = true;
                }
                ExprKind::Name(name) => {
                    let name = *name;
                    self.exports.names.insert(name);
                }
                ExprKind::Class(class) => {
                    let class = *class;
                    let name = self.cx.b.facts().classes[class.ix()].name;
                    self.exports.names.insert(name);
                }
                ExprKind::Map(entries) => waiting.extend(entries.iter().map(|e| e.value)),
                ExprKind::Call { args, .. } => waiting.extend(args.iter().map(|a| a.value)),
                ExprKind::Cast { value, .. } | ExprKind::Same(value) | ExprKind::Assign { value, .. } => {
                    waiting.push(*value);
                }
                _ => {}
            }
        }
    }

    /// Marks the functions behind exported names, once all are known.
    pub(super) fn mark_exports(&mut self) {
        let Exports {
            names,
            functions,
            methods,
        } = std::mem::take(&mut self.exports);
        for name in names {
            let known = functions.get(&name).into_iter().chain(methods.get(&name)).flatten();
            for function in known {
                self.cx.b.facts().functions[function.ix()].exported = true;
            }
        }
    }

    /// Functions that pages call over the network: what a file with `"use server"` at its head exports, and functions that begin so. They
    /// carry it like a decorator.
    pub(super) fn mark_server_functions(&mut self) {
        let facts = self.cx.b.facts();
        let says = |function: &Function| {
            let first = function.exprs.first().map(|e| &e.kind);
            matches!(first, Some(ExprKind::Str(text)) if &**text == SERVER)
        };
        let whole = facts.functions.first().is_some_and(says);
        let called =
            |f: &Function| f.parent.is_some() && ((whole && f.exported && f.parent == Some(FunctionId(0))) || says(f));
        let all: Vec<usize> = (0..facts.functions.len())
            .filter(|i| called(&facts.functions[*i]))
            .collect();
        for i in all {
            let (span, Some(parent)) = (facts.functions[i].span, facts.functions[i].parent) else {
                continue;
            };
            let exprs = &mut facts.functions[parent.ix()].exprs;
            let id = ExprId(exprs.len() as u32);
            let kind = ExprKind::Module(SERVER.into());
            exprs.push(Expr {
                kind,
                span: Span::new(span.start as usize, span.start as usize),
            });
            facts.functions[i].decorators.push(id);
        }
    }
}

/// The directive of functions that run on the server.
const SERVER: &str = "use server";

/// The path of a module: no `node:` prefix, and a relative one without its source extension.
fn module_path(written: &str) -> Arc<str> {
    let path = written.strip_prefix("node:").unwrap_or(written);
    if !path.starts_with('.') {
        return path.into();
    }
    let known = [".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx", ".json"];
    let stem = known.iter().find_map(|e| path.strip_suffix(e)).unwrap_or(path);
    stem.into()
}
