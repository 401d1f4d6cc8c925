//! Names: imports, types as written, and whether a bare name is a variable, a property, or something from elsewhere.

use super::{Kotlin, child_of, children, has_word, is_type};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{facts::*, java::OF_FRAGMENTS},
    text::Span,
};
use std::sync::Arc;
use tree_sitter::Node;

/// Packages every file sees.
const ALWAYS: [&str; 5] = ["kotlin", "kotlin.collections", "kotlin.io", "kotlin.text", "java.lang"];

/// What a bare name means.
enum Meaning {
    /// A variable, or nothing of the file.
    Name(Symbol),
    /// A member of the innermost class.
    Own,
    /// A member of a class around it, or of a variable, of this name.
    Of(Symbol),
}

impl Kotlin<'_, '_> {
    // ---- imports

    pub(super) fn imports(&mut self, root: Node<'_>) {
        let mut any = false;
        for node in children(root) {
            match node.kind() {
                "import" => {
                    any = true;
                    self.import(node);
                }
                kind if kind.ends_with("_declaration") => {
                    // Types and functions of the file hide what is imported.
                    let variable = child_of(node, &["variable_declaration"]);
                    let name = node.child_by_field_name("name");
                    if let Some(name) = name.or(variable.and_then(|v| child_of(v, &["identifier"]))) {
                        self.declare(name);
                    }
                }
                _ => {}
            }
        }
        for package in ALWAYS {
            self.star(package, Span::default());
        }
        if !any {
            for package in OF_FRAGMENTS {
                self.star(package, Span::default());
            }
        }
    }

    fn import(&mut self, node: Node<'_>) {
        let Some(name) = child_of(node, &["qualified_identifier"]) else {
            return;
        };
        let path: String = self.str(name).replace('`', "");
        let span = self.span(node);
        if has_word(node, "*") {
            return self.star(&path, span);
        }
        let alias = children(node).into_iter().find(|c| c.kind() == "identifier");
        let local = match alias {
            Some(alias) => self.str(alias).into_owned(),
            None => path.rsplit('.').next().unwrap_or_default().to_owned(),
        };
        let local = self.cx.b.symbol(&local);
        self.scopes.declare(&mut self.cx.b, local);
        let path: Arc<str> = Arc::from(path.as_str());
        let all = false;
        self.cx.b.facts().imports.push(Import { local, path, span, all });
    }

    fn star(&mut self, package: &str, span: Span) {
        let local = self.cx.b.symbol("*");
        let path: Arc<str> = Arc::from(package);
        let all = true;
        self.cx.b.facts().imports.push(Import { local, path, span, all });
    }

    // ---- what a name means

    /// The name of an identifier, without its backquotes.
    pub(super) fn plain(&mut self, node: Node<'_>) -> Symbol {
        let text = self.str(node).replace('`', "");
        self.cx.b.symbol(&text)
    }

    /// Declares the variable a node names, in the innermost scope.
    pub(super) fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.plain(node);
        self.scopes.declare(&mut self.cx.b, name)
    }

    fn meaning(&mut self, name: Symbol, called: bool) -> Meaning {
        let text = self.cx.b.name(name).to_owned();
        let variable = self.scopes.declared(name);
        for (i, class) in self.classes.iter().enumerate().rev() {
            if variable.is_some_and(|(depth, _)| depth > class.depth) {
                break;
            }
            let has = class.properties.contains(&text) || (called && class.methods.contains(&text));
            if has {
                return match i + 1 == self.classes.len() {
                    true => Meaning::Own,
                    false => Meaning::Of(class.name),
                };
            }
        }
        match (variable, self.receivers.last()) {
            (Some((depth, symbol)), Some((_, around))) if depth > *around => Meaning::Name(symbol),
            // Constructors and packages are nothing of a receiver.
            (None, Some((receiver, _))) if text.starts_with(char::is_lowercase) => Meaning::Of(*receiver),
            (Some((_, symbol)), _) => Meaning::Name(symbol),
            (None, _) if called && !self.classes.is_empty() && text.starts_with(char::is_lowercase) => Meaning::Own,
            (None, _) => Meaning::Name(name),
        }
    }

    /// The value of a bare name; `called`: it is what a call calls.
    pub(super) fn name(&mut self, node: Node<'_>, called: bool) -> ExprId {
        let (name, span) = (self.plain(node), self.span(node));
        self.name_at(name, span, called)
    }

    /// The value of a bare name that is written there.
    pub(super) fn name_at(&mut self, name: Symbol, span: Span, called: bool) -> ExprId {
        match self.meaning(name, called) {
            Meaning::Name(symbol) => self.cx.b.expr(ExprKind::Name(symbol), span),
            meaning => {
                let (base, name_span) = (self.base(&meaning, span), span);
                self.cx.b.expr(ExprKind::Member { base, name, name_span }, span)
            }
        }
    }

    /// The object a member is taken from that is written without one; nothing is written there, so it takes no room.
    fn base(&mut self, meaning: &Meaning, at: Span) -> ExprId {
        let name = match meaning {
            Meaning::Of(symbol) | Meaning::Name(symbol) => *symbol,
            Meaning::Own => self.cx.b.symbol("this"),
        };
        let at = Span {
            start: at.start,
            end: at.start,
        };
        self.cx.b.expr(ExprKind::Name(name), at)
    }

    /// What an assignment to a bare name writes to.
    pub(super) fn named_target(&mut self, node: Node<'_>) -> Target {
        let (name, span) = (self.plain(node), self.span(node));
        match self.meaning(name, false) {
            Meaning::Name(symbol) => Target::Name(symbol, span),
            meaning => {
                let base = self.base(&meaning, span);
                Target::Member { base, name, span }
            }
        }
    }

    // ---- types

    /// A type as written; `None` for what is not a type.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |kotlin| kotlin.type_ref_inside(node)).flatten()
    }

    fn type_ref_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        match node.kind() {
            "user_type" => {
                let parts = children(node);
                let names = parts.iter().filter(|p| p.kind() == "identifier");
                let names: Vec<String> = names.map(|n| self.str(*n).into_owned()).collect();
                let mut args = Vec::new();
                if let Some(list) = parts.iter().rev().find(|p| p.kind() == "type_arguments") {
                    for projection in children(*list) {
                        let inner = children(projection).into_iter().find(is_type);
                        args.extend(inner.and_then(|t| self.type_ref(t)));
                    }
                }
                // Of `Http.Request` the first name is what an import may stand for, and is known by itself.
                if let Some(first) = names.first() {
                    self.cx.b.symbol(first);
                }
                let (name, span) = (self.cx.b.symbol(&names.join(".")), self.span(node));
                Some(TypeRef { name, args, span })
            }
            "nullable_type" | "parenthesized_type" | "non_nullable_type" => {
                let inner = children(node).into_iter().find(is_type)?;
                self.type_ref(inner)
            }
            "function_type" => {
                let (name, span) = (self.cx.b.symbol("->"), self.span(node));
                let args = Vec::new();
                Some(TypeRef { name, args, span })
            }
            _ => None,
        }
    }

    /// The first type among a node's children.
    pub(super) fn type_in(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let ty = children(node).into_iter().find(is_type)?;
        self.type_ref(ty)
    }
}
