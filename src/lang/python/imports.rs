//! `import` statements, wherever they stand: Python imports inside functions and branches mean the same names.

use super::{each_child, kinds::Kind};
use crate::lang::{facts::Import, parse::Cx};
use tree_sitter::{Node, TreeCursor};

/// `import a.b`, `import a.b as c`.
pub fn import(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::DottedName => {
            // `import a.b` binds `a`.
            let path = cx.str(cursor.node());
            let first = path.split('.').next().unwrap_or_default().trim().to_owned();
            note(cx, &first, &first, cursor.node(), false);
        }
        Kind::AliasedImport => aliased(cx, cursor.node(), ""),
        _ => {}
    });
}

/// `from a import b as c, d`, `from . import x`, `from x import *`.
pub fn import_from(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let mut from: Option<String> = None;
    each_child(cx, cursor, |cx, cursor, kind| {
        let node = cursor.node();
        match (kind, &from) {
            (Kind::DottedName | Kind::RelativeImport, None) => from = Some(plain(&cx.str(node))),
            (Kind::DottedName, Some(from)) => {
                let name = plain(&cx.str(node));
                note(cx, &name, &join(from, &name), node, false);
            }
            (Kind::AliasedImport, Some(from)) => aliased(cx, node, from),
            (Kind::WildcardImport, Some(from)) => note(cx, "*", from, node, true),
            _ => {}
        }
    });
}

fn aliased(cx: &mut Cx<'_>, node: Node<'_>, from: &str) {
    let (Some(name), Some(alias)) = (node.child_by_field_name("name"), node.child_by_field_name("alias")) else {
        return;
    };
    let path = join(from, &plain(&cx.str(name)));
    let alias = cx.str(alias).into_owned();
    note(cx, &alias, &path, node, false);
}

fn note(cx: &mut Cx<'_>, local: &str, path: &str, node: Node<'_>, all: bool) {
    let (local, span) = (cx.b.symbol(local), cx.span(node));
    cx.b.facts().imports.push(Import {
        local,
        path: path.into(),
        span,
        all,
    });
}

/// A dotted name may hold spaces.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn join(from: &str, name: &str) -> String {
    match from {
        "" => name.to_owned(),
        dots if dots.ends_with('.') => format!("{dots}{name}"),
        from => format!("{from}.{name}"),
    }
}
