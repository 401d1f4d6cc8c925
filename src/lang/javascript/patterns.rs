//! Destructuring: what an assignment, a declaration, a parameter or a loop writes to.

use super::{Js, Kids, Kind, Role};
use crate::lang::facts::*;
use tree_sitter::Node;

impl<'n> Js<'_, '_, 'n> {
    /// The target a pattern stands for. Objects, indices and defaults in it are pushed as expressions on the way.
    pub(super) fn target(&mut self, node: Node<'n>) -> Target {
        self.deeper(node, |js| js.target_here(node)).unwrap_or(Target::Ignore)
    }

    fn target_here(&mut self, node: Node<'n>) -> Target {
        let span = self.span(node);
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPattern | Kind::Undefined => Target::Name(self.variable(node), span),
            Kind::Member => {
                let kids = self.children(node);
                let base = self.field_expr(kids, Role::Object, node);
                match self.field(kids, Role::Property) {
                    Some(property) => Target::Member {
                        base,
                        name: self.symbol(property.node),
                        span,
                    },
                    None => Target::Ignore,
                }
            }
            Kind::Subscript => {
                let kids = self.children(node);
                let base = self.field_expr(kids, Role::Object, node);
                let index = self.field_expr(kids, Role::Index, node);
                Target::Index { base, index, span }
            }
            Kind::ArrayPattern | Kind::Array => {
                let kids = self.children_and_marks(node);
                Target::Tuple(self.elements(kids))
            }
            Kind::ObjectPattern | Kind::Object => {
                let kids = self.children(node);
                let fields = kids.iter().filter_map(|i| self.field_target(self.kids[i].node));
                Target::Fields(fields.collect())
            }
            Kind::DefaultPattern | Kind::ObjectDefault => self.with_default(node),
            Kind::RestPattern | Kind::Spread => {
                let kids = self.children(node);
                let inner = self.first(kids).map_or(Target::Ignore, |k| self.target(k.node));
                Target::Rest(Box::new(inner))
            }
            Kind::Parenthesized | Kind::NonNull | Kind::As | Kind::Satisfies => {
                let kids = self.children(node);
                self.first(kids).map_or(Target::Ignore, |k| self.target(k.node))
            }
            _ => Target::Ignore,
        }
    }

    /// Elements by position; a hole is [`Target::Ignore`].
    fn elements(&mut self, kids: Kids) -> Vec<Target> {
        let (mut elements, mut filled) = (Vec::new(), false);
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind != Kind::Mark {
                elements.push(self.target(kid.node));
                filled = true;
            } else if kid.node.kind() == "," {
                if !filled {
                    elements.push(Target::Ignore);
                }
                filled = false;
            }
        }
        elements
    }

    fn with_default(&mut self, node: Node<'n>) -> Target {
        let kids = self.children(node);
        let target = match self.field(kids, Role::Left) {
            Some(left) => self.target(left.node),
            None => Target::Ignore,
        };
        let default = self.field_expr(kids, Role::Right, node);
        Target::Default(Box::new(target), default)
    }

    /// One field of an object pattern: its key and what it is bound to. See [`Target::Fields`] for rest and computed keys.
    fn field_target(&mut self, node: Node<'n>) -> Option<(Symbol, Target)> {
        match self.kind(node) {
            Kind::PairPattern | Kind::Pair => {
                let kids = self.children(node);
                let (key, value) = (self.field(kids, Role::Key)?, self.field(kids, Role::Value)?);
                let symbol = match self.key_symbol(key.node) {
                    Some(symbol) => symbol,
                    None => {
                        self.key(key.node);
                        self.cx.b.symbol("[]")
                    }
                };
                Some((symbol, self.target(value.node)))
            }
            Kind::ObjectDefault => {
                let kids = self.children(node);
                let left = self.field(kids, Role::Left)?;
                let key = self.symbol(left.node);
                Some((key, self.target(node)))
            }
            Kind::RestPattern | Kind::Spread => {
                let key = self.cx.b.symbol("...");
                Some((key, self.target(node)))
            }
            Kind::ShorthandPattern | Kind::Shorthand => {
                let key = self.symbol(node);
                Some((key, Target::Name(self.scopes.resolve(key), self.span(node))))
            }
            _ => None,
        }
    }
}
