//! Statements: control flow and declarations.

use super::{Js, Kid, Kids, Kind, Role, functions::Decorators};
use crate::lang::facts::*;
use crate::text::Span;
use tree_sitter::Node;

/// The statements of one arm as the builder wants to know them.
struct ArmShape {
    span: Span,
    empty: bool,
}

impl<'n> Js<'_, '_, 'n> {
    /// All statements that are children of `node`.
    pub(super) fn statements_of(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        self.statements(kids);
    }

    fn statements(&mut self, kids: Kids) {
        for i in kids.iter() {
            if self.kids[i].kind != Kind::Word {
                self.statement(self.kids[i].node);
            }
        }
    }

    /// Lowers one statement.
    pub(super) fn statement(&mut self, node: Node<'n>) {
        let kind = self.kind(node);
        self.deeper(node, |js| js.statement_here(node, kind, None));
    }

    fn statement_here(&mut self, node: Node<'n>, kind: Kind, label: Option<Symbol>) {
        match kind {
            Kind::Block => self.scoped(|js| {
                js.hoist(node);
                js.statements_of(node);
            }),
            Kind::Error => self.statements_of(node),
            Kind::ExpressionStatement => self.expression_statement(node),
            Kind::Variables | Kind::Lexical | Kind::Using => self.declarations(node, false),
            Kind::If => self.branch(node),
            Kind::For | Kind::ForIn | Kind::While | Kind::Do => self.scoped(|js| js.repeat(node, kind, label)),
            Kind::Switch => self.scoped(|js| js.switch(node, label)),
            Kind::Try => self.try_statement(node),
            Kind::Labeled => self.labeled(node),
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue => self.leave(node, kind),
            Kind::With => {
                let kids = self.children(node);
                let object = self.field_expr(kids, Role::Object, node);
                self.cx.b.statement(object);
                self.statement_in(kids, Role::Body);
            }
            Kind::Import => self.import(node),
            Kind::ImportAlias => self.import_alias(node),
            Kind::Export => self.export(node),
            Kind::Function | Kind::Generator => {
                self.function_declaration(node);
            }
            Kind::ClassDeclaration | Kind::AbstractClass | Kind::Class => {
                self.class_declaration(node, false, Decorators::default());
            }
            Kind::Interface => self.interface(node),
            Kind::TypeAlias => self.type_alias(node),
            Kind::Enum => self.enumeration(node),
            Kind::Namespace | Kind::Module => {
                let kids = self.children(node);
                self.statement_in(kids, Role::Body);
            }
            Kind::Ambient => self.ambient(node),
            Kind::Empty | Kind::Debugger => {}
            Kind::FunctionSignature => self.comments_in(node),
            _ => {
                let value = self.expr(node);
                self.cx.b.statement(value);
            }
        }
    }

    fn statement_in(&mut self, kids: Kids, field: Role) {
        if let Some(kid) = self.field(kids, field) {
            self.statement(kid.node);
        }
    }

    /// `declare ...` says what exists elsewhere: only types are of use.
    fn ambient(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        for i in kids.iter() {
            let kid = self.kids[i];
            match kid.kind {
                Kind::Interface | Kind::TypeAlias => self.statement(kid.node),
                _ => self.comments_in(kid.node),
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let Some(inner) = self.first(kids) else { return };
        if inner.kind == Kind::Namespace {
            return self.statement(inner.node);
        }
        if inner.kind == Kind::Sequence {
            let parts = self.children(inner.node);
            return self.statements(parts);
        }
        let value = self.expr(inner.node);
        self.cx.b.statement(value);
        let text = self.bytes(inner.node);
        if text.starts_with(b"process.exit(") || text.starts_with(b"process.abort(") {
            self.cx.b.raise();
        }
    }

    fn leave(&mut self, node: Node<'n>, kind: Kind) {
        let kids = self.children(node);
        match kind {
            Kind::Return => {
                let value = self.first(kids).map(|v| self.expr(v.node));
                self.cx.b.ret(value);
            }
            Kind::Throw => {
                if let Some(value) = self.first(kids) {
                    let value = self.expr(value.node);
                    self.cx.b.statement(value);
                }
                self.cx.b.raise();
            }
            _ => {
                let label = self.field(kids, Role::Label).map(|l| self.symbol(l.node));
                if kind == Kind::Break {
                    self.cx.b.brk(label);
                } else {
                    self.cx.b.cont(label);
                }
            }
        }
    }

    // ---- declarations

    /// `const a = 1, {b} = c`.
    pub(super) fn declarations(&mut self, node: Node<'n>, exported: bool) {
        let kids = self.children(node);
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind == Kind::Declarator {
                self.deeper(kid.node, |js| js.declarator(kid.node, exported));
            }
        }
    }

    fn declarator(&mut self, node: Node<'n>, exported: bool) {
        let kids = self.children(node);
        let Some(name) = self.field(kids, Role::Name) else {
            return;
        };
        let target = self.target(name.node);
        let ty = self.field(kids, Role::Type).and_then(|t| self.type_ref(t.node));
        let ty = ty.filter(|t| !self.is_primitive(t));
        let value = self.field(kids, Role::Value);
        if value.is_none() && ty.is_none() {
            return;
        }
        let mut id = match (value, &target) {
            (Some(v), Target::Name(name, _)) if v.kind == Kind::Class => {
                self.class(v.node, Some(*name), exported, Decorators::default())
            }
            (Some(value), _) => self.expr(value.node),
            (None, _) => self.push(ExprKind::Null, node),
        };
        self.note_binding(&target, id, exported);
        self.note_require(&target, id);
        if let Some(ty) = ty {
            id = self.push(ExprKind::Cast { value: id, ty }, value.map_or(node, |v| v.node));
        }
        let span = self.span(node);
        self.cx.b.assign(target, id, AssignMode::Plain, span);
    }

    // ---- branches

    /// `if`, with all its `else if`s.
    fn branch(&mut self, node: Node<'n>) {
        let (mut frames, mut at) = (Vec::new(), node);
        loop {
            let kids = self.children(at);
            let test = self.field_expr(kids, Role::Condition, at);
            let mut frame = self.cx.b.begin_if(test, self.span(at));
            let then = self.arm(self.field(kids, Role::Consequence), at);
            let Some(other) = self.field(kids, Role::Alternative) else {
                frames.push((frame, then));
                break;
            };
            self.cx.b.otherwise(&mut frame, then.span, then.empty);
            let parts = self.children(other.node);
            let inner = self.first(parts);
            if let Some(next) = inner.filter(|k| k.kind == Kind::If) {
                let span = self.span(next.node);
                frames.push((frame, ArmShape { span, empty: false }));
                at = next.node;
                continue;
            }
            let other = self.arm(inner, other.node);
            frames.push((frame, other));
            break;
        }
        for (frame, arm) in frames.into_iter().rev() {
            self.cx.b.end_if(frame, arm.span, arm.empty);
        }
    }

    /// Lowers the statements of an arm, braces or none.
    fn arm(&mut self, arm: Option<Kid<'n>>, whole: Node<'n>) -> ArmShape {
        let Some(arm) = arm else {
            let span = self.span(whole);
            return ArmShape { span, empty: true };
        };
        let span = self.inside(arm);
        let empty = self.deeper(arm.node, |js| {
            if arm.kind != Kind::Block {
                js.statement(arm.node);
                return js.does_nothing(arm);
            }
            let kids = js.children(arm.node);
            js.scoped(|js| {
                js.hoist(arm.node);
                js.statements(kids);
            });
            kids.iter().all(|i| js.does_nothing(js.kids[i]))
        });
        let empty = empty.unwrap_or(false);
        ArmShape { span, empty }
    }

    /// An empty statement or a line of logging.
    fn does_nothing(&self, statement: Kid<'n>) -> bool {
        match statement.kind {
            Kind::Empty | Kind::Word => true,
            Kind::ExpressionStatement => {
                let text = self.bytes(statement.node);
                [&b"console."[..], b"logger.", b"log.", b"this.logger.", b"debug("]
                    .iter()
                    .any(|log| text.starts_with(log))
            }
            _ => false,
        }
    }

    fn switch(&mut self, node: Node<'n>, label: Option<Symbol>) {
        let kids = self.children(node);
        let subject = self.field(kids, Role::Value);
        if let Some(subject) = subject {
            let value = self.expr(subject.node);
            self.cx.b.statement(value);
        }
        let mut frame = self.cx.b.begin_switch(label);
        let cases = match self.field(kids, Role::Body) {
            Some(body) => self.children(body.node),
            None => Kids { start: 0, end: 0 },
        };
        for i in cases.iter() {
            self.hoist(self.kids[i].node);
        }
        let (mut falls, mut exhaustive) = (false, false);
        for i in cases.iter() {
            let case = self.kids[i];
            exhaustive |= case.kind == Kind::DefaultCase;
            self.cx.b.begin_case(&mut frame, falls);
            self.deeper(case.node, |js| js.case(case.node, subject));
            falls = !self.cx.b.unreachable();
            self.cx.b.end_case(&frame, falls);
        }
        self.cx.b.end_switch(frame, exhaustive);
    }

    /// One case: that the subject has its value, and its statements. The test is left out where evaluating the subject again would
    /// say that a call happens twice.
    fn case(&mut self, node: Node<'n>, subject: Option<Kid<'n>>) {
        let kids = self.children(node);
        if let Some(value) = self.field(kids, Role::Value) {
            let subject = subject.filter(|s| !self.bytes(s.node)[1..].contains(&b'('));
            match subject {
                Some(subject) => {
                    let left = self.expr(subject.node);
                    let right = self.expr(value.node);
                    let (op, span) = ("===", self.span(value.node));
                    let test = self.cx.b.expr(ExprKind::Binary { op, left, right }, span);
                    self.cx.b.loop_test(test);
                }
                None => self.statement(value.node),
            }
        }
        for i in kids.iter() {
            let kid = self.kids[i];
            if kid.kind != Kind::Word && kid.field != Role::Value {
                self.statement(kid.node);
            }
        }
    }

    // ---- loops

    fn repeat(&mut self, node: Node<'n>, kind: Kind, label: Option<Symbol>) {
        let kids = self.children(node);
        if kind == Kind::For
            && let Some(start) = self.field(kids, Role::Initializer)
        {
            if start.kind == Kind::Lexical {
                self.declare_declarators(start.node);
            }
            self.statement(start.node);
        }
        let frame = self.cx.b.begin_loop(label);
        match kind {
            Kind::ForIn => self.element(node, kids),
            Kind::For | Kind::While => self.loop_test(kids),
            _ => {}
        }
        self.statement_in(kids, Role::Body);
        match kind {
            Kind::For => {
                if let Some(step) = self.field(kids, Role::Increment) {
                    let step = self.expr(step.node);
                    self.cx.b.statement(step);
                }
            }
            Kind::Do => self.loop_test(kids),
            _ => {}
        }
        self.cx.b.end_loop(frame);
    }

    fn loop_test(&mut self, kids: Kids) {
        if let Some(test) = self.field(kids, Role::Condition).filter(|c| c.kind != Kind::Empty) {
            let test = self.expr(test.node);
            self.cx.b.loop_test(test);
        }
    }

    /// `for (const x of xs)`: binds the element. `in` gives keys, which are as foreign as the object.
    fn element(&mut self, node: Node<'n>, kids: Kids) {
        let Some(left) = self.field(kids, Role::Left) else {
            return;
        };
        self.declare_loop_names(node, "let const using");
        let target = self.target(left.node);
        let value = self.field_expr(kids, Role::Right, node);
        let span = self.span(left.node);
        self.cx.b.assign(target, value, AssignMode::Each, span);
    }

    fn labeled(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let label = self.field(kids, Role::Label).map(|l| self.symbol(l.node));
        let Some(body) = self.field(kids, Role::Body) else {
            return;
        };
        match body.kind {
            Kind::For | Kind::ForIn | Kind::While | Kind::Do | Kind::Switch => {
                self.deeper(body.node, |js| js.statement_here(body.node, body.kind, label));
            }
            _ => {
                let frame = self.cx.b.begin_labeled(label);
                self.statement(body.node);
                self.cx.b.end_labeled(frame);
            }
        }
    }

    /// `try`. With both handler and `finally` it is a try in a try.
    fn try_statement(&mut self, node: Node<'n>) {
        let kids = self.children(node);
        let finalizer = self.field(kids, Role::Finalizer);
        let mut outer = finalizer.map(|_| self.cx.b.begin_try(self.span(node)));
        match self.field(kids, Role::Handler) {
            Some(handler) => self.guarded(node, kids, handler),
            None => self.statement_in(kids, Role::Body),
        }
        let (Some(finalizer), Some(mut frame)) = (finalizer, outer.take()) else {
            return;
        };
        let guarded = self.span(node);
        self.cx.b.end_try_body(&mut frame, guarded);
        let frame = self.cx.b.begin_finally(frame);
        let parts = self.children(finalizer.node);
        self.statement_in(parts, Role::Body);
        self.cx.b.end_finally(frame);
    }

    /// The body of a try and its handler.
    fn guarded(&mut self, node: Node<'n>, kids: Kids, handler: Kid<'n>) {
        let mut frame = self.cx.b.begin_try(self.span(node));
        let body = self.field(kids, Role::Body);
        let guarded = body.map_or(self.span(node), |b| self.inside(b));
        self.statement_in(kids, Role::Body);
        self.cx.b.end_try_body(&mut frame, guarded);
        self.cx.b.begin_handler(&mut frame);
        let arm = self.scoped(|js| js.handler(handler.node));
        self.cx.b.end_handler(&mut frame, Vec::new(), arm.span, arm.empty);
        self.cx.b.end_try(frame);
    }

    /// The statements of a handler, its parameter bound first.
    fn handler(&mut self, node: Node<'n>) -> ArmShape {
        let parts = self.children(node);
        if let Some(parameter) = self.field(parts, Role::Parameter) {
            self.declare_pattern(parameter.node);
            let target = self.target(parameter.node);
            let value = self.push(ExprKind::Caught, parameter.node);
            let span = self.span(parameter.node);
            self.cx.b.assign(target, value, AssignMode::Plain, span);
        }
        self.arm(self.field(parts, Role::Body), node)
    }
}
