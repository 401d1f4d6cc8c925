//! Which variable a name means. A scope's declarations are all known before its first statement is lowered, because code may use
//! a name above the line that declares it.

use super::{Js, Kind, Role};
use crate::lang::facts::Symbol;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// Runs `inner` in a scope of its own.
    pub(super) fn scoped<R>(&mut self, inner: impl FnOnce(&mut Self) -> R) -> R {
        self.scopes.open();
        let result = inner(self);
        self.scopes.close();
        result
    }

    /// The variable that a written name means here.
    pub(super) fn variable(&mut self, node: Node<'n>) -> Symbol {
        let name = self.symbol(node);
        self.scopes.resolve(name)
    }

    /// Declares a name in the innermost scope.
    pub(super) fn declare_name(&mut self, node: Node<'n>) -> Symbol {
        let name = self.symbol(node);
        self.scopes.declare(&mut self.cx.b, name)
    }

    /// Declares every name that a pattern binds.
    pub(super) fn declare_pattern(&mut self, node: Node<'n>) {
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            match self.kind(node) {
                Kind::Identifier | Kind::ShorthandPattern => {
                    self.declare_name(node);
                }
                Kind::ObjectPattern
                | Kind::ArrayPattern
                | Kind::PairPattern
                | Kind::ObjectDefault
                | Kind::DefaultPattern
                | Kind::RestPattern => self.each_child(node, |child, _, field| {
                    if !matches!(field, Role::Key | Role::Right) {
                        todo.push(child);
                    }
                }),
                _ => {}
            }
        }
    }

    /// Declares what the statements directly in `node` declare for their block: `let`, `const`, functions, classes, imports.
    pub(super) fn hoist(&mut self, node: Node<'n>) {
        let mut found = Vec::new();
        self.each_child(node, |child, kind, _| found.push((child, kind)));
        for (statement, kind) in found {
            self.hoist_statement(statement, kind);
        }
    }

    fn hoist_statement(&mut self, statement: Node<'n>, kind: Kind) {
        match kind {
            Kind::Lexical | Kind::Using => self.declare_declarators(statement),
            Kind::Function | Kind::Generator | Kind::ClassDeclaration | Kind::AbstractClass | Kind::Enum => {
                let mut name = None;
                self.each_child(statement, |child, _, field| {
                    if field == Role::Name {
                        name = Some(child);
                    }
                });
                if let Some(name) = name {
                    self.declare_name(name);
                }
            }
            Kind::Import => self.declare_imports(statement),
            Kind::Export => {
                let mut inner = None;
                self.each_child(statement, |child, kind, field| {
                    if field == Role::Declaration && kind != Kind::Export {
                        inner = Some((child, kind));
                    }
                });
                if let Some((declaration, kind)) = inner {
                    self.hoist_statement(declaration, kind);
                    if kind == Kind::Variables {
                        self.declare_declarators(declaration);
                    }
                }
            }
            _ => {}
        }
    }

    /// Declares every `var` of a function's body (or of the file), however deep in blocks it stands.
    pub(super) fn hoist_vars(&mut self, body: Node<'n>) {
        if !self.has_var {
            return;
        }
        let (mut todo, mut found) = (vec![body], Vec::new());
        while let Some(node) = todo.pop() {
            self.each_child(node, |child, kind, _| match kind {
                Kind::Variables => found.push((child, kind)),
                Kind::ForIn => {
                    found.push((child, kind));
                    todo.push(child);
                }
                Kind::Block
                | Kind::If
                | Kind::Else
                | Kind::For
                | Kind::While
                | Kind::Do
                | Kind::Try
                | Kind::Catch
                | Kind::Finally
                | Kind::Switch
                | Kind::SwitchBody
                | Kind::Case
                | Kind::DefaultCase
                | Kind::Labeled
                | Kind::With
                | Kind::Error => todo.push(child),
                _ => {}
            });
        }
        for (node, kind) in found {
            match kind {
                Kind::Variables => self.declare_declarators(node),
                _ => self.declare_loop_names(node, "var"),
            }
        }
    }

    /// Declares what `for (const x of ..)` binds, when it is declared by one of these words.
    pub(super) fn declare_loop_names(&mut self, node: Node<'n>, words: &str) {
        let (mut left, mut declares) = (None, false);
        self.each_child(node, |child, _, field| match field {
            Role::KindWord => declares = words.contains(child.kind()),
            Role::Left => left = Some(child),
            _ => {}
        });
        if let Some(left) = left.filter(|_| declares) {
            self.declare_pattern(left);
        }
    }

    pub(super) fn declare_declarators(&mut self, node: Node<'n>) {
        let mut declarators = Vec::new();
        self.each_child(node, |child, kind, _| {
            if kind == Kind::Declarator {
                declarators.push(child);
            }
        });
        for declarator in declarators {
            let mut name = None;
            self.each_child(declarator, |child, _, field| {
                if field == Role::Name {
                    name = Some(child);
                }
            });
            if let Some(name) = name {
                self.declare_pattern(name);
            }
        }
    }

    fn declare_imports(&mut self, node: Node<'n>) {
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            let mut locals = [None; 2];
            self.each_child(node, |child, kind, field| match (kind, field) {
                (Kind::ImportClause | Kind::NamedImports | Kind::NamespaceImport | Kind::ImportSpecifier, _)
                | (Kind::ImportRequire, _) => todo.push(child),
                (Kind::Identifier, Role::Alias) => locals[1] = Some(child),
                (Kind::Identifier, _) => locals[0] = Some(child),
                _ => {}
            });
            if let Some(local) = locals[1].or(locals[0]) {
                self.declare_name(local);
            }
        }
    }

    /// Every child that is no punctuation, with its kind and field.
    fn each_child(&mut self, node: Node<'n>, mut each: impl FnMut(Node<'n>, Kind, Role)) {
        self.cursor.reset(node);
        let mut more = self.cursor.goto_first_child();
        while more {
            let child = self.cursor.node();
            let kind = self.kind(child);
            if kind != Kind::Mark {
                each(child, kind, self.tables.field(self.cursor.field_id()));
            }
            more = self.cursor.goto_next_sibling();
        }
    }
}
