//! Functions, parameters, lambdas, classes, decorators.

use super::{calls::arguments, each_child, expressions::expr, kinds::Kind, statements, types};
use crate::{
    lang::{facts::*, parse::Cx},
    text::Span,
};
use tree_sitter::{Node, TreeCursor};

/// A definition behind its decorators. Their expressions are statements of the function it is written in.
pub fn decorated(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) {
    let whole = cx.span(cursor.node());
    let mut decorators = Vec::new();
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Decorator => each_child(cx, cursor, |cx, cursor, _| {
            if cursor.node().is_named() {
                let decorator = expr(cx, cursor);
                cx.b.statement(decorator);
                decorators.push(decorator);
            }
        }),
        Kind::FunctionDefinition => function(cx, cursor, whole, std::mem::take(&mut decorators)),
        Kind::ClassDefinition => class(cx, cursor, whole, std::mem::take(&mut decorators)),
        _ => {}
    });
}

/// `def f(..): ..`, and the binding of its name.
pub fn function(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, whole: Span, decorators: Vec<ExprId>) {
    let node = cursor.node();
    let name_node = node.child_by_field_name("name");
    let body = node
        .child_by_field_name("body")
        .map_or(Span::new(node.end_byte(), node.end_byte()), |b| cx.span(b));
    let (name, name_span) = name_node.map_or((String::new(), Span::default()), |n| (cx.str(n).into(), cx.span(n)));
    let returns = node
        .child_by_field_name("return_type")
        .and_then(|n| types::type_ref(cx, n));
    let class =
        cx.b.function()
            .class
            .filter(|_| cx.b.function().kind == FunctionKind::ClassBody);
    let kind = match (class, &*name) {
        (None, _) => FunctionKind::Function,
        (Some(_), "__init__") => FunctionKind::Constructor,
        (Some(_), _) => FunctionKind::Method,
    };
    let exported = is_exported(&name) && matches!(cx.b.function().kind, FunctionKind::Module | FunctionKind::ClassBody);
    let receiver = class.is_some() && !decorators.iter().any(|d| is_name(cx, *d, "staticmethod"));
    let id = cx.b.begin_function(kind, &name, whole, name_span, body);
    let function = cx.b.function();
    (function.class, function.returns, function.decorators, function.exported) = (class, returns, decorators, exported);
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::Block => {
            statements::block(cx, cursor, true);
        }
        _ if cursor.node().kind() == "async" => cx.b.function().is_async = true,
        _ if cursor.field_name() == Some("parameters") => parameters(cx, cursor, receiver),
        _ => {}
    });
    cx.b.end_function();
    if let Some(class) = class {
        cx.b.facts().classes[class.ix()].methods.push(id);
    }
    let value = cx.b.expr(ExprKind::Lambda(id), name_span);
    let name = cx.b.symbol(&name);
    cx.b.assign(Target::Name(name, name_span), value, AssignMode::Plain, name_span);
}

fn is_exported(name: &str) -> bool {
    !name.starts_with('_') || (name.starts_with("__") && name.ends_with("__"))
}

fn is_name(cx: &Cx<'_>, id: ExprId, text: &str) -> bool {
    matches!(cx.b.kind(id), ExprKind::Name(name) if cx.b.name(*name) == text)
}

/// `lambda a, b=1: value`.
pub fn lambda(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> ExprId {
    let span = cx.span(cursor.node());
    let body = cursor.node().child_by_field_name("body").map_or(span, |b| cx.span(b));
    let id =
        cx.b.begin_function(FunctionKind::Lambda, "<lambda>", span, Span::default(), body);
    each_child(cx, cursor, |cx, cursor, _| match cursor.field_name() {
        Some("parameters") => parameters(cx, cursor, false),
        Some("body") => {
            let value = expr(cx, cursor);
            cx.b.ret(Some(value));
        }
        _ => {}
    });
    cx.b.end_function();
    cx.b.expr(ExprKind::Lambda(id), span)
}

// ---- parameters

fn parameters(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, receiver: bool) {
    let mut keyword_only = false;
    each_child(cx, cursor, |cx, cursor, kind| {
        if kind == Kind::KeywordSeparator {
            keyword_only = true;
            return;
        }
        let Some(mut param) = parameter(cx, cursor) else { return };
        if param.kind == ParamKind::Rest {
            keyword_only = true;
        } else if param.kind == ParamKind::Normal {
            if receiver && cx.b.function().params.is_empty() {
                param.kind = ParamKind::Receiver;
            } else if keyword_only {
                param.kind = ParamKind::Keyword;
            }
        }
        cx.b.function().params.push(param);
    });
}

fn parameter(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>) -> Option<Param> {
    let node = cursor.node();
    let span = cx.span(node);
    match Kind::of(node) {
        Kind::Identifier | Kind::ListSplatPattern | Kind::DictionarySplatPattern => Some(named(cx, node, span)),
        Kind::TypedParameter => {
            let name = (0..node.named_child_count() as u32)
                .filter_map(|i| node.named_child(i))
                .find(|n| !n.is_extra())?;
            let mut param = named(cx, name, span);
            param.ty = node.child_by_field_name("type").and_then(|n| types::type_ref(cx, n));
            Some(param)
        }
        Kind::DefaultParameter | Kind::TypedDefaultParameter => {
            let mut param = named(cx, node.child_by_field_name("name")?, span);
            param.ty = node.child_by_field_name("type").and_then(|n| types::type_ref(cx, n));
            each_child(cx, cursor, |cx, cursor, _| {
                if cursor.field_name() == Some("value") {
                    let default = expr(cx, cursor);
                    cx.b.statement(default);
                    param.default = Some(default);
                }
            });
            Some(param)
        }
        _ => None,
    }
}

/// A parameter by its name, `*name` or `**name`.
fn named(cx: &mut Cx<'_>, node: Node<'_>, span: Span) -> Param {
    let text = cx.str(node);
    let kind = match Kind::of(node) {
        Kind::ListSplatPattern => ParamKind::Rest,
        Kind::DictionarySplatPattern => ParamKind::KeywordRest,
        _ => ParamKind::Normal,
    };
    let name = cx.b.symbol(text.trim_start_matches('*').trim());
    Param {
        name,
        span,
        ty: None,
        default: None,
        kind,
        decorators: Vec::new(),
    }
}

// ---- classes

/// `class C(Base): ..`: a body that runs once, and the binding of its name.
pub fn class(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, whole: Span, decorators: Vec<ExprId>) {
    let node = cursor.node();
    let name_node = node.child_by_field_name("name");
    let name_span = name_node.map_or(Span::default(), |n| cx.span(n));
    let name = match name_node {
        Some(node) => cx.symbol(node),
        None => cx.b.symbol(""),
    };
    let body_span = node
        .child_by_field_name("body")
        .map_or(Span::new(node.end_byte(), node.end_byte()), |b| cx.span(b));
    let id = ClassId(cx.b.facts().classes.len() as u32);
    cx.b.facts().classes.push(Class {
        name,
        span: whole,
        bases: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        body: None,
        decorators,
    });
    let mut bases = Vec::new();
    each_child(cx, cursor, |cx, cursor, kind| match kind {
        Kind::ArgumentList => {
            bases = base_types(cx, cursor.node());
            arguments(cx, cursor);
        }
        Kind::Block => {
            let body =
                cx.b.begin_function(FunctionKind::ClassBody, "<class>", whole, Span::default(), body_span);
            cx.b.function().class = Some(id);
            statements::block(cx, cursor, true);
            cx.b.end_function();
            cx.b.facts().classes[id.ix()].body = Some(body);
        }
        _ => {}
    });
    cx.b.facts().classes[id.ix()].bases = bases;
    let value = cx.b.expr(ExprKind::Class(id), name_span);
    cx.b.assign(Target::Name(name, name_span), value, AssignMode::Plain, name_span);
}

/// The positional arguments of a class head as types.
fn base_types(cx: &mut Cx<'_>, list: Node<'_>) -> Vec<TypeRef> {
    let all = (0..list.named_child_count() as u32).filter_map(|i| list.named_child(i));
    let bases: Vec<Node<'_>> = all
        .filter(|n| !matches!(Kind::of(*n), Kind::KeywordArgument | Kind::Comment | Kind::Error))
        .collect();
    bases.into_iter().filter_map(|n| types::type_ref(cx, n)).collect()
}

/// Notes the field that an annotated assignment declares: `x: T` in a class body, `self.x: T` in a method. The cursor is on the type.
pub fn declared(cx: &mut Cx<'_>, cursor: &mut TreeCursor<'_>, target: Option<&Target>) {
    let field = match target {
        Some(Target::Name(name, span)) if cx.b.function().kind == FunctionKind::ClassBody => Some((*name, *span)),
        Some(Target::Member { base, name, span }) if is_name(cx, *base, "self") => Some((*name, *span)),
        _ => None,
    };
    let class = cx.b.function().class;
    if let (Some((name, span)), Some(class)) = (field, class) {
        let ty = types::type_ref(cx, cursor.node());
        cx.b.facts().classes[class.ix()].fields.push(Field { name, ty, span });
    }
}
