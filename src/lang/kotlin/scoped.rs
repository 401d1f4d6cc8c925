//! The scope functions of Kotlin's library. They are part of how the language is written: what they are called on has a name of its own
//! in the lambda (`it`), or none at all, and they give back either that or the lambda's value.

use super::{Kotlin, children, declare::positional};
use crate::lang::adapter::Adapter;
use crate::{lang::facts::*, text::Span};
use tree_sitter::Node;

/// Name, whether the lambda names its members without an object, whether the object is given back.
const FUNCTIONS: [(&str, bool, bool); 5] = [
    ("let", false, false),
    ("also", false, true),
    ("apply", true, true),
    ("run", true, false),
    ("use", false, false),
];

impl Kotlin<'_, '_> {
    /// `x.let { .. }`, `x.apply { .. }`, `with(x) { .. }`, `buildString { .. }`; `None` for any other call.
    pub(super) fn scope_function(&mut self, callee: ExprId, node: Node<'_>) -> Option<ExprId> {
        let parts = children(node);
        let trailing = parts.iter().find(|c| c.kind() == "annotated_lambda")?;
        let lambda = children(*trailing).into_iter().find(|c| c.kind() == "lambda_literal")?;
        let list = parts.iter().find(|c| c.kind() == "value_arguments");
        let (object, bare, gives_object) = match *self.cx.b.kind(callee) {
            ExprKind::Member { base, name, .. } if list.is_none() => {
                let text = self.cx.b.name(name);
                let (_, bare, gives_object) = *FUNCTIONS.iter().find(|(known, ..)| *known == text)?;
                (base, bare, gives_object)
            }
            ExprKind::Name(name) if self.cx.b.name(name) == "with" => {
                let args = self.arguments(*list?);
                (args.first()?.value, true, false)
            }
            ExprKind::Name(name) if self.cx.b.name(name) == "buildString" => (self.text_builder(lambda), true, true),
            _ => return None,
        };
        let at = Span::new(lambda.start_byte(), lambda.start_byte());
        let held = self.temporary();
        let target = Box::new(Target::Name(held, at));
        let (value, mode) = (object, AssignMode::Plain);
        self.cx.b.expr(ExprKind::Assign { target, value, mode }, at);
        let function = self.lambda(lambda, bare.then_some(held));
        let it = self.cx.b.expr(ExprKind::Name(held), at);
        let args = if bare { Vec::new() } else { vec![positional(it, at)] };
        let new = false;
        let kind = ExprKind::Call {
            callee: function,
            args,
            new,
            args_span: at,
        };
        let result = self.push(kind, node);
        if !gives_object {
            return Some(result);
        }
        Some(self.push(ExprKind::Name(held), node))
    }

    /// What `buildString { .. }` adds to; nothing is written there, so it takes no room.
    fn text_builder(&mut self, lambda: Node<'_>) -> ExprId {
        let at = Span::new(lambda.start_byte(), lambda.start_byte());
        let name = self.cx.b.symbol("StringBuilder");
        let callee = self.cx.b.expr(ExprKind::Name(name), at);
        let kind = ExprKind::Call {
            callee,
            args: Vec::new(),
            new: true,
            args_span: at,
        };
        self.cx.b.expr(kind, at)
    }
}
