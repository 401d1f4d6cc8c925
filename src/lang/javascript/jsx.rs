//! JSX: an element is a call of its name, attributes are named arguments, children positional ones.

use super::{Js, Kid, Kids, Kind, Role};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    pub(super) fn jsx(&mut self, node: Node<'n>) -> ExprId {
        let kids = self.children(node);
        let open = self.field(kids, Role::OpenTag);
        let head = match open {
            Some(open) => self.children(open.node),
            None => kids,
        };
        let callee = match self.field(head, Role::Name) {
            Some(name) if name.kind != Kind::JsxNamespace => self.expr(name.node),
            Some(name) => {
                let text = self.symbol(name.node);
                self.push(ExprKind::Name(text), name.node)
            }
            None => self.name("Fragment", self.span(node)),
        };
        let args_span = open.map_or(self.span(node), |o| self.span(o.node));
        let mut args = self.attributes(head);
        if open.is_some() {
            self.contents(kids, &mut args);
        }
        self.push(
            ExprKind::Call {
                callee,
                args,
                new: false,
                args_span,
            },
            node,
        )
    }

    fn attributes(&mut self, head: Kids) -> Vec<Arg> {
        let mut args = Vec::new();
        for i in head.iter() {
            let kid = self.kids[i];
            let span = self.span(kid.node);
            let (name, value) = match kid.kind {
                Kind::JsxAttribute => self.attribute(kid),
                Kind::JsxExpression => (None, self.expr(kid.node)),
                _ => continue,
            };
            args.push(Arg { name, value, span });
        }
        args
    }

    fn attribute(&mut self, kid: Kid<'n>) -> (Option<Symbol>, ExprId) {
        let parts = self.children(kid.node);
        let (name, value) = (self.first(parts), self.last(parts));
        let symbol = name.map(|n| self.symbol(n.node));
        let value = match value.filter(|v| name.is_some_and(|n| n.node != v.node)) {
            Some(value) => self.expr(value.node),
            None => self.push(ExprKind::Bool(true), kid.node),
        };
        (symbol, value)
    }

    fn contents(&mut self, kids: Kids, args: &mut Vec<Arg>) {
        for i in kids.iter() {
            let kid = self.kids[i];
            let written = match kid.kind {
                Kind::JsxOpening | Kind::JsxClosing | Kind::JsxEntity | Kind::Word => false,
                Kind::JsxText => !self.bytes(kid.node).trim_ascii().is_empty(),
                Kind::JsxExpression => {
                    let parts = self.children(kid.node);
                    self.first(parts).is_some()
                }
                _ => true,
            };
            if written {
                let value = self.expr(kid.node);
                let span = self.span(kid.node);
                args.push(Arg {
                    name: None,
                    value,
                    span,
                });
            }
        }
    }
}
