//! `try`, and what holds something for a while: `using`, `lock`, `fixed`.

use super::{CSharp, child_of, children, declare::inside};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl CSharp<'_, '_> {
    pub(super) fn try_statement(&mut self, node: Node<'_>) {
        let clauses = children(node);
        let finally = clauses.iter().find(|c| c.kind() == "finally_clause").copied();
        let catches: Vec<Node<'_>> = clauses.into_iter().filter(|c| c.kind() == "catch_clause").collect();
        let span = self.span(node);
        let Some(finally) = finally else {
            return self.guarded(node, &catches);
        };
        let mut outer = self.cx.b.begin_try(span);
        self.guarded(node, &catches);
        self.cx.b.end_try_body(&mut outer, span);
        let frame = self.cx.b.begin_finally(outer);
        children(finally).into_iter().for_each(|b| self.block(b));
        self.cx.b.end_finally(frame);
    }

    fn guarded(&mut self, node: Node<'_>, catches: &[Node<'_>]) {
        let Some(body) = node.child_by_field_name("body") else {
            return;
        };
        if catches.is_empty() {
            return self.block(body);
        }
        let span = self.span(body);
        let mut frame = self.cx.b.begin_try(span);
        self.block(body);
        self.cx.b.end_try_body(&mut frame, inside(span));
        for clause in catches {
            self.cx.b.begin_handler(&mut frame);
            self.scopes.open();
            let types = self.caught(*clause);
            let (arm, empty) = self.arm_of(clause.child_by_field_name("body"));
            self.scopes.close();
            self.cx.b.end_handler(&mut frame, types, arm, empty);
        }
        self.cx.b.end_try(frame);
    }

    /// Binds the exception; gives the types the clause catches. `catch (Exception)` catches everything.
    fn caught(&mut self, clause: Node<'_>) -> Vec<TypeRef> {
        let declaration = child_of(clause, "catch_declaration");
        let ty = declaration.and_then(|d| d.child_by_field_name("type"));
        let ty = ty.and_then(|t| self.type_ref(t));
        if let Some(name) = declaration.and_then(|d| d.child_by_field_name("name")) {
            let mut value = self.push(ExprKind::Caught, name);
            if let Some(ty) = ty.clone() {
                value = self.push(ExprKind::Cast { value, ty }, name);
            }
            let target = Target::Name(self.declare(name), self.span(name));
            self.cx.b.assign(target, value, AssignMode::Plain, self.cx.span(name));
        }
        if let Some(filter) = child_of(clause, "catch_filter_clause") {
            for test in children(filter) {
                let test = self.expression(test);
                self.cx.b.statement(test);
            }
        }
        let everything = |t: &TypeRef| matches!(self.cx.b.name(t.name), "Exception" | "SystemException");
        ty.into_iter().filter(|t| !everything(t)).collect()
    }

    /// `using (var x = ..) ..`, `lock (x) ..`, `fixed (T* p = ..) ..`: what is held, then the statements.
    pub(super) fn held(&mut self, node: Node<'_>) {
        self.scopes.open();
        let parts = children(node);
        let body = node.child_by_field_name("body").or(parts.last().copied());
        for part in parts.iter().filter(|p| Some(**p) != body) {
            if part.kind() == "variable_declaration" {
                self.variables(*part);
            } else {
                let value = self.expression(*part);
                self.cx.b.statement(value);
            }
        }
        if let Some(body) = body {
            self.block(body);
        }
        self.scopes.close();
    }
}
