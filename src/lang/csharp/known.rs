//! What a file declares: its types with the names of their members, its namespaces, its extension methods. Read once, from the tree
//! alone, so that a bare name can be told to be a member before the member has been lowered.

use super::{CSharp, children, flattened};
use crate::lang::parse::Cx;
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};
use tree_sitter::Node;

/// Names of members.
pub(super) type Members = HashSet<String>;

/// Most classes looked through for a member.
const MAX_BASES: usize = 8;

/// Namespaces whose names stand at the front of a qualified name, as roots.
const ROOTS: [&str; 12] = [
    "System",
    "Microsoft",
    "Newtonsoft",
    "MySql",
    "MySqlConnector",
    "Npgsql",
    "Oracle",
    "MongoDB",
    "Mono",
    "Windows",
    "global",
    "StackExchange",
];

/// Names that only namespaces of those roots have: none of them is also a type that programs name.
const INNER: [&str; 74] = [
    "AspNet",
    "AspNetCore",
    "Authentication",
    "Authorization",
    "BZip2",
    "Binary",
    "Bson",
    "CSharp",
    "Client",
    "CodeAnalysis",
    "CodeDom",
    "Collections",
    "Compiler",
    "CompilerServices",
    "Compression",
    "Concurrent",
    "Configuration",
    "Cookies",
    "Cryptography",
    "Data",
    "DataProtection",
    "DependencyInjection",
    "Diagnostics",
    "DirectoryServices",
    "Driver",
    "Dynamic",
    "EntityFrameworkCore",
    "Extensions",
    "Forms",
    "Formatters",
    "Generic",
    "Globalization",
    "Hosting",
    "Html",
    "Http",
    "HttpOverrides",
    "IO",
    "IdentityModel",
    "InteropServices",
    "JSInterop",
    "JsonWebTokens",
    "JwtBearer",
    "Linq",
    "Logging",
    "Mail",
    "ManagedDataAccess",
    "Mvc",
    "MySqlClient",
    "Net",
    "NetworkInformation",
    "Odbc",
    "OleDb",
    "OracleClient",
    "Pkcs",
    "Principal",
    "Protocols",
    "Razor",
    "Reflection",
    "RegularExpressions",
    "Runtime",
    "Scripting",
    "Security",
    "SelfHost",
    "Serialization",
    "SessionState",
    "Sockets",
    "SqlClient",
    "Sqlite",
    "Tasks",
    "Text",
    "Threading",
    "Tokens",
    "UI",
    "Web",
];

/// Names that are namespaces when another name follows and a type otherwise.
const EITHER: [&str; 13] = [
    "AccessControl",
    "ActiveDirectory",
    "Soap",
    "Json",
    "Xml",
    "XPath",
    "Xsl",
    "X509Certificates",
    "WebControls",
    "WebForms",
    "HtmlControls",
    "Schema",
    "WebSockets",
];

/// One type of the file; the parts of a partial class together.
#[derive(Default)]
struct Declared {
    members: Members,
    bases: Vec<String>,
}

/// What the file declares.
#[derive(Default)]
pub(super) struct Known {
    types: HashMap<String, Declared>,
    /// Dotted.
    namespaces: HashSet<String>,
    /// Extension methods: the class each is in.
    extensions: HashMap<String, String>,
    /// Names of methods with a parameter by reference.
    by_reference: HashSet<String>,
}

impl Known {
    pub(super) fn new(cx: &Cx<'_>, root: Node<'_>) -> Known {
        let mut known = Known::default();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            known.note(cx, node);
            let holds_none = matches!(node.kind(), "string_literal" | "argument_list" | "attribute_list");
            if !holds_none && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return known;
                }
            }
        }
    }

    fn note(&mut self, cx: &Cx<'_>, node: Node<'_>) {
        match node.kind() {
            "class_declaration" | "struct_declaration" | "record_declaration" | "interface_declaration" => {
                self.note_type(cx, node);
            }
            "namespace_declaration" | "file_scoped_namespace_declaration" => {
                let name = node.child_by_field_name("name").map(|n| dotted(cx, n));
                self.namespaces.extend(name);
            }
            "using_directive" => {
                if let Some(name) = children(node).last() {
                    self.namespaces.insert(dotted(cx, *name));
                }
            }
            "method_declaration" | "local_function_statement" | "constructor_declaration" => {
                self.note_parameters(cx, node)
            }
            _ => {}
        }
    }

    fn note_type(&mut self, cx: &Cx<'_>, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let name = cx.str(name).into_owned();
        let declared = self.types.entry(name.clone()).or_default();
        for child in children(node) {
            match child.kind() {
                "base_list" => declared.bases.extend(children(child).iter().map(|b| last_name(cx, *b))),
                "parameter_list" => {
                    let names = children(child)
                        .into_iter()
                        .filter_map(|p| p.child_by_field_name("name"));
                    declared.members.extend(names.map(|n| plain_text(cx, n)));
                }
                _ => {}
            }
        }
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        for member in flattened(body) {
            let names = member_names(member);
            declared.members.extend(names.iter().map(|n| plain_text(cx, *n)));
            if member.kind() == "method_declaration" && extends_its_first(cx, member) {
                let method = names.first().map(|n| plain_text(cx, *n)).unwrap_or_default();
                self.extensions.insert(method, name.clone());
            }
        }
    }

    fn note_parameters(&mut self, cx: &Cx<'_>, method: Node<'_>) {
        let parameters = method
            .child_by_field_name("parameters")
            .map(children)
            .unwrap_or_default();
        let by_reference = |p: &Node<'_>| modifiers(cx, *p).iter().any(|m| m == "out" || m == "ref");
        if parameters.iter().any(by_reference)
            && let Some(name) = method.child_by_field_name("name")
        {
            self.by_reference.insert(plain_text(cx, name));
        }
    }

    /// True when the file declares a type of that name.
    pub(super) fn is_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    /// The class that holds an extension method of that name.
    pub(super) fn extension(&self, method: &str) -> Option<&str> {
        self.extensions.get(method).map(String::as_str)
    }

    /// True when a method of that name in the file takes something by reference.
    pub(super) fn takes_reference(&self, method: &str) -> bool {
        self.by_reference.contains(method)
    }

    /// The members of a type, those of the types it extends in the file included; and whether it extends none of those.
    pub(super) fn members(&self, name: &str) -> (Rc<Members>, bool) {
        let mut all = Members::default();
        let mut seen = vec![name.to_owned()];
        let mut next = 0;
        while let Some(name) = seen.get(next) {
            next += 1;
            let Some(declared) = self.types.get(name) else { continue };
            all.extend(declared.members.iter().cloned());
            for base in &declared.bases {
                if self.types.contains_key(base) && !seen.contains(base) && seen.len() < MAX_BASES {
                    seen.push(base.clone());
                }
            }
        }
        (Rc::new(all), seen.len() == 1)
    }

    /// How many of the names at the front of a qualified name are namespaces; the last one never is.
    pub(super) fn namespace_length(&self, names: &[String]) -> usize {
        let last = names.len().saturating_sub(1);
        let mut length = (1..=last)
            .rev()
            .find(|n| self.namespaces.contains(&names[..*n].join(".")))
            .unwrap_or(0);
        let rooted = names.first().is_some_and(|n| ROOTS.contains(&n.as_str()));
        if rooted || length > 0 {
            length = length.max(1).min(last);
            while length < last {
                let (name, after) = (names[length].as_str(), names.get(length + 1));
                let both = EITHER.contains(&name) && after.is_some_and(|a| a.starts_with(char::is_uppercase));
                if !INNER.contains(&name) && !both {
                    break;
                }
                length += 1;
            }
        }
        length
    }
}

impl CSharp<'_, '_> {
    /// The modifiers of a declaration or parameter.
    pub(super) fn modifiers(&self, node: Node<'_>) -> Vec<String> {
        modifiers(self.cx, node)
    }
}

fn modifiers(cx: &Cx<'_>, node: Node<'_>) -> Vec<String> {
    let of_kind = children(node).into_iter().filter(|c| c.kind() == "modifier");
    of_kind.map(|m| cx.str(m).into_owned()).collect()
}

/// The identifiers a member declares.
fn member_names<'n>(member: Node<'n>) -> Vec<Node<'n>> {
    match member.kind() {
        "field_declaration" | "event_field_declaration" => {
            let declarations = children(member)
                .into_iter()
                .filter(|c| c.kind() == "variable_declaration");
            let declarators = declarations.flat_map(children);
            declarators.filter_map(|d| d.child_by_field_name("name")).collect()
        }
        "method_declaration" | "property_declaration" | "event_declaration" => {
            member.child_by_field_name("name").into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn extends_its_first(cx: &Cx<'_>, method: Node<'_>) -> bool {
    let parameters = method
        .child_by_field_name("parameters")
        .map(children)
        .unwrap_or_default();
    parameters
        .first()
        .is_some_and(|p| modifiers(cx, *p).iter().any(|m| m == "this"))
}

fn plain_text(cx: &Cx<'_>, identifier: Node<'_>) -> String {
    cx.str(identifier).trim_start_matches('@').to_owned()
}

/// A name in dotted form, without blanks and type arguments.
pub(super) fn dotted(cx: &Cx<'_>, name: Node<'_>) -> String {
    let text = cx.str(name);
    let text = text.split('<').next().unwrap_or_default();
    let text = text.strip_prefix("global::").unwrap_or(text);
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The last name of a type as written.
fn last_name(cx: &Cx<'_>, ty: Node<'_>) -> String {
    let text = dotted(cx, ty);
    let text = text.split('(').next().unwrap_or_default();
    text.rsplit(['.', ':']).next().unwrap_or_default().to_owned()
}
