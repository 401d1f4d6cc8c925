//! Methods, parameters, blocks, classes and modules.

use super::{Frame, OpenClass, Rb, Tail, children, first_child};
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

impl<'n> Rb<'_, '_, 'n> {
    // ---- methods

    pub(super) fn method(&mut self, node: Node<'n>) -> Option<FunctionId> {
        let name = node.child_by_field_name("name")?;
        let text = self.str(name);
        let class = self.classes.last().map(|c| c.id);
        let kind = match (class, &*text) {
            (Some(_), "initialize") => FunctionKind::Constructor,
            (Some(_), _) => FunctionKind::Method,
            (None, _) => FunctionKind::Function,
        };
        let method = self.cx.b.symbol(&text);
        let frame = Frame {
            method: Some(method),
            ..Frame::default()
        };
        let name_span = self.span(name);
        let exported = node.kind() == "singleton_method" || !self.classes.last().is_some_and(|c| c.private);
        let id = self.function(kind, &text, name_span, node, frame);
        let function = &mut self.cx.b.facts().functions[id.ix()];
        (function.class, function.exported) = (class, exported);
        if let Some(class) = class {
            self.cx.b.facts().classes[class.ix()].methods.push(id);
        }
        Some(id)
    }

    /// `{ |x| .. }`, `do |x| .. end`, `->(x) { .. }`.
    pub(super) fn block(&mut self, node: Node<'n>) -> ExprId {
        let frame = Frame {
            block: true,
            ..Frame::default()
        };
        let at = Span::new(node.start_byte(), node.start_byte());
        let id = self.function(FunctionKind::Lambda, "<lambda>", at, node, frame);
        self.push(ExprKind::Lambda(id), node)
    }

    fn function(
        &mut self,
        kind: FunctionKind,
        name: &str,
        name_span: Span,
        node: Node<'n>,
        frame: Frame,
    ) -> FunctionId {
        let body = node.child_by_field_name("body");
        let body_span = body.map_or(Span::default(), |b| self.span(b));
        let span = self.span(node);
        self.cx.b.begin_function(kind, name, span, name_span, body_span);
        self.frames.push(frame);
        // The class is needed while the body is read.
        let class = self.classes.last().map(|c| c.id);
        if kind != FunctionKind::Lambda {
            self.cx.b.function().class = class;
        }
        let list = node.child_by_field_name("parameters");
        for parameter in list.map(children).unwrap_or_default() {
            if let Some(param) = self.parameter(parameter) {
                self.cx.b.function().params.push(param);
            }
        }
        if let Some(body) = body {
            let tail = match kind {
                FunctionKind::Constructor => Tail::Drop,
                _ => Tail::Return,
            };
            // `->(x) { .. }` holds a block, whose statements are the lambda's.
            let inner = match body.kind() {
                "block" | "do_block" => body.child_by_field_name("body"),
                _ => Some(body),
            };
            if let Some(inner) = inner {
                self.deeper(inner, |rb| rb.arm_body(inner, &tail));
            }
        }
        self.frames.pop();
        self.cx.b.end_function()
    }

    fn parameter(&mut self, node: Node<'n>) -> Option<Param> {
        let kind = match node.kind() {
            "identifier" | "optional_parameter" => ParamKind::Normal,
            "splat_parameter" => ParamKind::Rest,
            "keyword_parameter" | "block_parameter" => ParamKind::Keyword,
            "hash_splat_parameter" => ParamKind::KeywordRest,
            "destructured_parameter" => return Some(self.destructured(node)),
            _ => return None,
        };
        let default = node.child_by_field_name("value").map(|v| self.expression(v));
        if let Some(default) = default {
            self.cx.b.statement(default);
        }
        let name = match node.kind() {
            "identifier" => node,
            _ => node.child_by_field_name("name")?,
        };
        let text = self.str(name);
        let (name, span) = (self.own_variable(&text), self.span(name));
        Some(Param {
            name,
            span,
            ty: None,
            default,
            kind,
            decorators: Vec::new(),
        })
    }

    /// `|(a, b)|`: a parameter without a name, taken apart at once.
    fn destructured(&mut self, node: Node<'n>) -> Param {
        let name = self.temporary();
        let span = self.span(node);
        let target = self.parts_of(node);
        let value = self.push(ExprKind::Name(name), node);
        self.cx.b.assign(target, value, AssignMode::Plain, span);
        Param {
            name,
            span,
            ty: None,
            default: None,
            kind: ParamKind::Normal,
            decorators: Vec::new(),
        }
    }

    fn parts_of(&mut self, node: Node<'n>) -> Target {
        let mut all = Vec::new();
        for part in children(node) {
            all.push(match part.kind() {
                "identifier" => {
                    let text = self.str(part);
                    Target::Name(self.own_variable(&text), self.span(part))
                }
                "destructured_parameter" => self.deeper(part, |rb| rb.parts_of(part)).unwrap_or(Target::Ignore),
                "splat_parameter" => match part.child_by_field_name("name") {
                    Some(name) => {
                        let text = self.str(name);
                        Target::Rest(Box::new(Target::Name(self.own_variable(&text), self.span(name))))
                    }
                    None => Target::Ignore,
                },
                _ => Target::Ignore,
            });
        }
        Target::Tuple(all)
    }

    // ---- classes and modules

    pub(super) fn class(&mut self, node: Node<'n>) {
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let last = match name.kind() {
            "scope_resolution" => name.child_by_field_name("name").unwrap_or(name),
            _ => name,
        };
        let name = self.cx.symbol(last);
        let span = self.span(node);
        let body = node.child_by_field_name("body");
        let superclass = node.child_by_field_name("superclass").and_then(first_child);
        let mut bases: Vec<TypeRef> = superclass.and_then(|s| self.type_ref(s)).into_iter().collect();
        for mixin in body.map(children).unwrap_or_default() {
            bases.extend(self.mixed_in(mixin));
        }
        let classes = &mut self.cx.b.facts().classes;
        let id = ClassId(classes.len() as u32);
        classes.push(Class {
            name,
            span,
            bases,
            fields: Vec::new(),
            methods: Vec::new(),
            body: None,
            decorators: Vec::new(),
        });
        let value = self.push(ExprKind::Class(id), last);
        self.cx.b.statement(value);
        if let Some(body) = body {
            self.class_body(id, span, body);
        }
    }

    fn class_body(&mut self, id: ClassId, span: Span, body: Node<'n>) {
        let body_span = self.span(body);
        let function = self
            .cx
            .b
            .begin_function(FunctionKind::ClassBody, "<class>", span, Span::default(), body_span);
        self.cx.b.function().class = Some(id);
        self.cx.b.facts().classes[id.ix()].body = Some(function);
        self.frames.push(Frame::default());
        self.classes.push(OpenClass { id, private: false });
        self.body(body, &Tail::Drop);
        self.classes.pop();
        self.frames.pop();
        self.cx.b.end_function();
    }

    /// `include Module`: its methods are the class's own.
    fn mixed_in(&mut self, node: Node<'n>) -> Vec<TypeRef> {
        let named = node
            .child_by_field_name("method")
            .is_some_and(|m| matches!(&*self.str(m), "include" | "extend" | "prepend"));
        let Some(arguments) = node.child_by_field_name("arguments").filter(|_| named) else {
            return Vec::new();
        };
        children(arguments)
            .into_iter()
            .filter_map(|a| self.type_ref(a))
            .collect()
    }

    /// A constant as a type: `A::B` is `A.B`.
    pub(super) fn type_ref(&mut self, node: Node<'n>) -> Option<TypeRef> {
        if !matches!(node.kind(), "constant" | "scope_resolution") {
            return None;
        }
        let text = self.str(node).trim_start_matches("::").replace("::", ".");
        let (name, span) = (self.cx.b.symbol(&text), self.span(node));
        Some(TypeRef {
            name,
            args: Vec::new(),
            span,
        })
    }
}
