//! Names: imports, and whether a bare name is a variable, a field of this class, of a class around it, or something from elsewhere.

use super::{Java, child_of, children, field_children, has_word};
use crate::lang::adapter::Adapter;
use crate::{
    lang::{facts::*, parse::Cx},
    text::Span,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use tree_sitter::Node;

/// Packages whose classes a fragment (a file without any import) may name as if it had imported them. A file with imports names what it
/// uses; in a fragment nothing else says what `Statement` or `HttpServletRequest` is.
pub(in crate::lang) const OF_FRAGMENTS: [&str; 60] = [
    "java.io",
    "java.net",
    "java.net.http",
    "java.nio.file",
    "java.nio.charset",
    "java.security",
    "java.security.cert",
    "java.security.spec",
    "java.sql",
    "java.text",
    "java.time",
    "java.util",
    "java.util.function",
    "java.util.logging",
    "java.util.regex",
    "java.util.stream",
    "java.util.zip",
    "javax.crypto",
    "javax.crypto.spec",
    "javax.naming",
    "javax.naming.directory",
    "javax.net.ssl",
    "javax.persistence",
    "javax.script",
    "javax.servlet",
    "javax.servlet.annotation",
    "javax.servlet.http",
    "javax.sql",
    "javax.ws.rs",
    "javax.ws.rs.core",
    "javax.xml.bind",
    "javax.xml.parsers",
    "javax.xml.stream",
    "javax.xml.transform",
    "javax.xml.transform.stream",
    "javax.xml.validation",
    "javax.xml.xpath",
    "com.fasterxml.jackson.databind",
    "io.jsonwebtoken",
    "okhttp3",
    "org.hibernate",
    "org.slf4j",
    "org.springframework.beans.factory.annotation",
    "org.springframework.boot",
    "org.springframework.boot.autoconfigure",
    "org.springframework.context.annotation",
    "org.springframework.expression.spel.standard",
    "org.springframework.http",
    "org.springframework.jdbc.core",
    "org.springframework.ldap.core",
    "org.springframework.security.config.annotation.web.builders",
    "org.springframework.security.crypto.password",
    "org.springframework.stereotype",
    "org.springframework.ui",
    "org.springframework.web.bind.annotation",
    "org.springframework.web.client",
    "org.springframework.web.multipart",
    "org.springframework.web.servlet",
    "org.xml.sax",
    "org.yaml.snakeyaml",
];

/// Most classes of the file looked through for what a class inherits.
const MAX_BASES: usize = 8;

/// What a bare name means.
pub(super) enum Meaning {
    /// A variable.
    Variable(Symbol),
    /// A member of the innermost class.
    Own,
    /// A member of a class around it, of this name.
    Outer(Symbol),
    /// Nothing of the file.
    Free(Symbol),
}

/// What one class of the file declares.
#[derive(Default)]
struct Declared {
    fields: HashSet<String>,
    methods: HashSet<String>,
    bases: Vec<String>,
}

/// What the classes of the file declare, known before anything is lowered: code may use what stands below it.
#[derive(Default)]
pub(super) struct Members {
    all: Vec<Declared>,
    by_name: HashMap<String, usize>,
    by_body: HashMap<usize, usize>,
}

impl Members {
    /// Reads the heads and the members of every class of the file, however deep it stands.
    pub(super) fn of(cx: &Cx<'_>, root: Node<'_>) -> Members {
        let mut members = Members::default();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            members.class(cx, node);
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return members;
                }
            }
        }
    }

    fn class(&mut self, cx: &Cx<'_>, node: Node<'_>) {
        let body = match node.kind() {
            "class_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "annotation_type_declaration" => node.child_by_field_name("body"),
            "object_creation_expression" | "enum_constant" => child_of(node, &["class_body"]),
            _ => None,
        };
        let Some(body) = body else { return };
        let mut declared = Declared::default();
        let heads = ["superclass", "super_interfaces", "extends_interfaces"];
        for head in children(node).into_iter().filter(|c| heads.contains(&c.kind())) {
            declared.bases.extend(simple_types(cx, head));
        }
        if let Some(made) = node.child_by_field_name("type") {
            declared.bases.push(plain_type(&cx.str(made)));
        }
        if node.kind() == "record_declaration" {
            let parts = node.child_by_field_name("parameters").map(children).unwrap_or_default();
            let names = parts.iter().filter_map(|p| p.child_by_field_name("name"));
            declared.fields.extend(names.map(|n| cx.str(n).into_owned()));
        }
        read_members(cx, body, &mut declared);
        let index = self.all.len();
        self.all.push(declared);
        self.by_body.insert(body.id(), index);
        if let Some(name) = node.child_by_field_name("name") {
            self.by_name.entry(cx.str(name).into_owned()).or_insert(index);
        }
    }

    /// The index of what this body declares.
    pub(super) fn of_body(&self, body: Node<'_>) -> usize {
        self.by_body.get(&body.id()).copied().unwrap_or(usize::MAX)
    }

    fn has(&self, class: usize, fits: impl Fn(&Declared) -> bool) -> bool {
        let mut open = vec![class];
        let mut next = 0;
        while next < open.len() && next < MAX_BASES {
            let Some(declared) = self.all.get(open[next]) else {
                return false;
            };
            if fits(declared) {
                return true;
            }
            let bases = declared.bases.iter().filter_map(|b| self.by_name.get(b));
            for base in bases.copied().collect::<Vec<_>>() {
                if !open.contains(&base) {
                    open.push(base);
                }
            }
            next += 1;
        }
        false
    }

    fn has_field(&self, class: usize, name: &str) -> bool {
        self.has(class, |d| d.fields.contains(name))
    }

    fn has_method(&self, class: usize, name: &str) -> bool {
        self.has(class, |d| d.methods.contains(name))
    }
}

fn read_members(cx: &Cx<'_>, body: Node<'_>, into: &mut Declared) {
    for member in children(body) {
        match member.kind() {
            "field_declaration" | "constant_declaration" => {
                for declarator in field_children(member, "declarator") {
                    let name = declarator.child_by_field_name("name");
                    into.fields.extend(name.map(|n| cx.str(n).into_owned()));
                }
            }
            "method_declaration" | "annotation_type_element_declaration" => {
                let name = member.child_by_field_name("name");
                into.methods.extend(name.map(|n| cx.str(n).into_owned()));
            }
            "enum_constant" => {
                let name = member.child_by_field_name("name");
                into.fields.extend(name.map(|n| cx.str(n).into_owned()));
            }
            "enum_body_declarations" => read_members(cx, member, into),
            _ => {}
        }
    }
}

/// The plain names of the types in `extends A, b.C<D>`.
fn simple_types(cx: &Cx<'_>, head: Node<'_>) -> Vec<String> {
    let types = match child_of(head, &["type_list"]) {
        Some(list) => children(list),
        None => children(head),
    };
    types.iter().map(|t| plain_type(&cx.str(*t))).collect()
}

/// `b.C<D>` is `C`.
fn plain_type(written: &str) -> String {
    let bare = written.split('<').next().unwrap_or_default();
    bare.rsplit('.').next().unwrap_or_default().trim().to_owned()
}

impl Java<'_, '_> {
    // ---- imports

    /// Reads all imports, and what is there without one.
    pub(super) fn imports(&mut self, root: Node<'_>) {
        let written = children(root).into_iter().filter(|c| c.kind() == "import_declaration");
        let written: Vec<_> = written.collect();
        for import in &written {
            self.import(*import);
        }
        self.star("java.lang", Span::default());
        if written.is_empty() {
            for package in OF_FRAGMENTS {
                self.star(package, Span::default());
            }
        }
        // Types of the file hide what is imported.
        for node in children(root)
            .into_iter()
            .filter(|c| c.kind().ends_with("_declaration"))
        {
            if let Some(name) = node.child_by_field_name("name") {
                self.declare(name);
            }
        }
    }

    fn import(&mut self, node: Node<'_>) {
        let Some(name) = child_of(node, &["scoped_identifier", "identifier"]) else {
            return;
        };
        let path: String = self.str(name).split_whitespace().collect();
        let span = self.span(node);
        if child_of(node, &["asterisk"]).is_some() {
            self.static_star |= has_word(node, "static");
            return self.star(&path, span);
        }
        let last = path.rsplit('.').next().unwrap_or_default();
        let local = self.cx.b.symbol(last);
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

    /// Declares the variable a node names, in the innermost scope.
    pub(super) fn declare(&mut self, node: Node<'_>) -> Symbol {
        let name = self.cx.symbol(node);
        self.scopes.declare(&mut self.cx.b, name)
    }

    /// Declares a variable of that type, if it is known.
    pub(super) fn declare_as(&mut self, node: Node<'_>, ty: Option<TypeRef>) -> Symbol {
        let symbol = self.declare(node);
        match ty {
            Some(ty) => self.declared.insert(symbol, ty),
            None => self.declared.remove(&symbol),
        };
        symbol
    }

    /// What a name used as a variable means: fields hide the variables around their class.
    fn meaning(&mut self, name: Symbol) -> Meaning {
        let text = self.cx.b.name(name).to_owned();
        let variable = self.scopes.declared(name);
        for (i, class) in self.classes.iter().enumerate().rev() {
            if variable.is_some_and(|(depth, _)| depth > class.depth) {
                break;
            }
            if self.members.has_field(class.members, &text) {
                return self.member_of(i);
            }
        }
        match variable {
            Some((_, symbol)) => Meaning::Variable(symbol),
            None => Meaning::Free(name),
        }
    }

    /// What a bare name that is called means. Called and not known, it is inherited from a class of elsewhere.
    fn method_meaning(&mut self, name: Symbol) -> Meaning {
        let text = self.cx.b.name(name).to_owned();
        for (i, class) in self.classes.iter().enumerate().rev() {
            if self.members.has_method(class.members, &text) {
                return self.member_of(i);
            }
        }
        match self.scopes.declared(name) {
            Some((_, symbol)) => Meaning::Free(symbol),
            None if self.classes.is_empty() || self.static_star => Meaning::Free(name),
            None => Meaning::Own,
        }
    }

    fn member_of(&self, class: usize) -> Meaning {
        match self.classes.get(class) {
            Some(outer) if class + 1 < self.classes.len() => Meaning::Outer(outer.name),
            _ => Meaning::Own,
        }
    }

    /// The value of a bare name.
    pub(super) fn name(&mut self, node: Node<'_>) -> ExprId {
        let name = self.cx.symbol(node);
        let meaning = self.meaning(name);
        self.meant(meaning, node)
    }

    /// A bare name that is called.
    pub(super) fn called_name(&mut self, node: Node<'_>) -> ExprId {
        let name = self.cx.symbol(node);
        let meaning = self.method_meaning(name);
        self.meant(meaning, node)
    }

    fn meant(&mut self, meaning: Meaning, node: Node<'_>) -> ExprId {
        match self.base(&meaning, node) {
            Some(base) => {
                let (name, name_span) = (self.cx.symbol(node), self.span(node));
                self.push(ExprKind::Member { base, name, name_span }, node)
            }
            None => match meaning {
                Meaning::Variable(symbol) | Meaning::Free(symbol) => self.push(ExprKind::Name(symbol), node),
                Meaning::Own | Meaning::Outer(_) => self.push(ExprKind::Other(Vec::new()), node),
            },
        }
    }

    /// The object a member is taken from that is written without one; nothing is written there, so it takes no room.
    fn base(&mut self, meaning: &Meaning, node: Node<'_>) -> Option<ExprId> {
        let name = match meaning {
            Meaning::Own => self.cx.b.symbol("this"),
            Meaning::Outer(class) => *class,
            Meaning::Variable(_) | Meaning::Free(_) => return None,
        };
        let at = Span::new(node.start_byte(), node.start_byte());
        Some(self.cx.b.expr(ExprKind::Name(name), at))
    }

    /// What an assignment to a bare name writes to.
    pub(super) fn named_target(&mut self, node: Node<'_>) -> Target {
        let name = self.cx.symbol(node);
        let (meaning, span) = (self.meaning(name), self.span(node));
        match self.base(&meaning, node) {
            Some(base) => Target::Member { base, name, span },
            None => match meaning {
                Meaning::Variable(symbol) | Meaning::Free(symbol) => Target::Name(symbol, span),
                Meaning::Own | Meaning::Outer(_) => Target::Ignore,
            },
        }
    }
}
