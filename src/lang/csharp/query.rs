//! LINQ: `from x in xs where t select f(x)`: each clause binds or tests, and one element of the result stands for all.

use super::{CSharp, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    pub(super) fn query(&mut self, node: Node<'_>) -> ExprId {
        self.scopes.open();
        let mut tests = Vec::new();
        let mut element = None;
        for clause in children(node) {
            let parts = children(clause);
            match clause.kind() {
                "from_clause" | "join_clause" => self.from(clause, &parts),
                "let_clause" => {
                    if let [name, value] = parts[..] {
                        let value = self.expression(value);
                        self.bind(name, value, AssignMode::Plain, clause);
                    }
                }
                "where_clause" => tests.extend(parts.first().map(|p| self.expression(*p))),
                "select_clause" => element = parts.first().map(|p| self.expression(*p)),
                "group_clause" => {
                    element = parts.first().map(|p| self.expression(*p));
                    parts.iter().skip(1).for_each(|p| {
                        self.expression(*p);
                    });
                }
                // `into name`: the elements so far under a new name.
                "identifier" => {
                    if let Some(element) = element {
                        self.bind(clause, element, AssignMode::Plain, clause);
                    }
                }
                _ => parts.iter().for_each(|p| {
                    self.expression(*p);
                }),
            }
        }
        self.scopes.close();
        let elements = element.map(|e| self.filtered(e, tests, node)).into_iter().collect();
        self.push(ExprKind::Sequence(elements), node)
    }

    /// `from x in xs`, `join x in xs on a equals b [into g]`.
    fn from(&mut self, clause: Node<'_>, parts: &[Node<'_>]) {
        let ty = clause.child_by_field_name("type");
        let mut rest = parts.iter().filter(|p| Some(**p) != ty);
        let (Some(name), Some(source)) = (rest.next(), rest.next()) else {
            return;
        };
        let source = self.expression(*source);
        self.bind(*name, source, AssignMode::Each, clause);
        for part in rest {
            match (part.kind(), children(*part).first()) {
                ("join_into_clause", Some(name)) => self.bind(*name, source, AssignMode::Plain, clause),
                _ => {
                    self.expression(*part);
                }
            }
        }
    }

    fn bind(&mut self, name: Node<'_>, value: ExprId, mode: AssignMode, at: Node<'_>) {
        let target = Box::new(Target::Name(self.declare(name), self.span(name)));
        self.push(ExprKind::Assign { target, value, mode }, at);
    }

    /// The element behind its conditions: what a condition lets through is what it was tested for.
    fn filtered(&mut self, then: ExprId, mut tests: Vec<ExprId>, node: Node<'_>) -> ExprId {
        let op = LogicOp::And;
        let test = match tests.len() {
            0 => return then,
            1 => tests.remove(0),
            _ => self.push(ExprKind::Logic { op, operands: tests }, node),
        };
        let other = self.push(ExprKind::Null, node);
        self.push(ExprKind::Ternary { test, then, other }, node)
    }
}
