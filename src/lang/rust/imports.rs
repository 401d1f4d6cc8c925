//! `use` trees: groups, aliases, globs, `self`. Paths become dotted; `crate`, `self` and `super` stay their first segment.

use super::{Rust, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::Import;
use std::sync::Arc;
use tree_sitter::Node;

impl Rust<'_, '_> {
    pub(super) fn use_declaration(&mut self, node: Node<'_>) {
        if let Some(tree) = node.child_by_field_name("argument") {
            self.use_tree(tree, "");
        }
    }

    pub(super) fn extern_crate(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let path = self.str(name).into_owned();
        let local = node
            .child_by_field_name("alias")
            .map_or(path.clone(), |a| self.str(a).into_owned());
        self.import(&local, &path, false, node);
    }

    fn use_tree(&mut self, node: Node<'_>, prefix: &str) {
        self.deeper(node, |rust| rust.use_tree_inside(node, prefix));
    }

    fn use_tree_inside(&mut self, node: Node<'_>, prefix: &str) {
        match node.kind() {
            "use_list" => {
                for part in children(node) {
                    self.use_tree(part, prefix);
                }
            }
            "scoped_use_list" => {
                let path = node.child_by_field_name("path").map(|p| self.dotted(p));
                let prefix = join(prefix, &path.unwrap_or_default());
                if let Some(list) = node.child_by_field_name("list") {
                    self.use_tree(list, &prefix);
                }
            }
            "use_wildcard" => {
                let path = children(node).first().map(|p| self.dotted(*p)).unwrap_or_default();
                self.import("*", &join(prefix, &path), true, node);
            }
            "use_as_clause" => {
                let (Some(path), Some(alias)) = (node.child_by_field_name("path"), node.child_by_field_name("alias"))
                else {
                    return;
                };
                let path = self.path_in(path, prefix);
                let alias = self.str(alias).into_owned();
                self.import(&alias, &path, false, node);
            }
            _ => {
                let path = self.path_in(node, prefix);
                let local = path.rsplit('.').next().unwrap_or_default().to_owned();
                self.import(&local, &path, false, node);
            }
        }
    }

    /// A path below `prefix`; `self` in a group is the prefix.
    fn path_in(&self, node: Node<'_>, prefix: &str) -> String {
        match node.kind() {
            "self" if !prefix.is_empty() => prefix.to_owned(),
            _ => join(prefix, &self.dotted(node)),
        }
    }

    /// A path with dots between its segments.
    fn dotted(&self, node: Node<'_>) -> String {
        let text = self.str(node);
        let segments = text.split("::").map(|s| s.trim().trim_start_matches("r#"));
        let kept: Vec<_> = segments.filter(|s| !s.is_empty()).collect();
        kept.join(".")
    }

    fn import(&mut self, local: &str, path: &str, all: bool, node: Node<'_>) {
        let (local, span) = (self.cx.b.symbol(local), self.span(node));
        let path = Arc::from(path);
        self.scopes.declare(&mut self.cx.b, local);
        self.cx.b.facts().imports.push(Import { local, path, span, all });
    }

    /// The symbol of a macro's name: with `!`. An imported macro's import counts for that name too.
    pub(super) fn macro_symbol(&mut self, name: Node<'_>) -> crate::lang::facts::Symbol {
        let plain = self.name_symbol(name);
        let text = format!("{}!", self.cx.b.facts().name(plain));
        let symbol = self.cx.b.symbol(&text);
        if self.macro_names.insert(symbol) {
            let imports = &mut self.cx.b.facts().imports;
            let imported = imports.iter().find(|i| i.local == plain && !i.all).cloned();
            imports.extend(imported.map(|i| Import {
                local: symbol,
                path: Arc::from(format!("{}!", i.path)),
                ..i
            }));
        }
        symbol
    }
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}.{path}"),
    }
}
