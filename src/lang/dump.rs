//! Facts as text, for tests and for looking at what an adapter made of a file. The same words for every language.
//!
//! ```text
//! fn find(self: receiver, q: str = "x", *rest) -> dict   method of Shop, exported, @cache
//!   0: rows = self.db.execute(("SELECT " ++ q), [q])
//!      if !rows -> 1 else 2
//!   1: raise
//!   2: return rows
//! ```
//!
//! An expression is one line; `x <- xs` binds each element, `f"a{x}"` is a template, `"%s" % (x)` and `"{}" {} (x)` fill a format, `~x` is
//! [`ExprKind::Same`], `fn#1` and `class#0` refer to what is listed elsewhere. Expressions of a statement that nothing in it
//! uses (bindings and conditions of a comprehension, defaults) stand before it, marked `|`. Blocks nothing leads to and that hold
//! nothing are left out.

use super::facts::*;
use std::fmt::Write as _;

/// All of a file: imports, classes, functions, comments, unread stretches.
#[must_use]
pub fn facts(facts: &Facts) -> String {
    let mut out = String::new();
    for import in &facts.imports {
        let star = if import.all { ".*" } else { "" };
        let _ = writeln!(out, "import {} = {}{star}", facts.name(import.local), import.path);
    }
    for (i, class) in facts.classes.iter().enumerate() {
        let _ = writeln!(out, "{}", class_line(facts, i, class));
    }
    for i in 0..facts.functions.len() {
        out.push_str(&function(facts, FunctionId(i as u32)));
    }
    for unread in &facts.unread {
        let _ = writeln!(
            out,
            "unread {:?} {}..{}",
            unread.why, unread.span.start, unread.span.end
        );
    }
    out
}

/// One function: its head, then its blocks.
#[must_use]
pub fn function(facts: &Facts, id: FunctionId) -> String {
    let function = &facts.functions[id.ix()];
    let mut out = head(facts, function);
    out.push('\n');
    let texts = expressions(facts, function);
    let reached = reached(function);
    for (i, block) in function.blocks.iter().enumerate() {
        let exit = exit(&block.exit, &texts);
        if !reached[i] && block.items.is_empty() {
            continue;
        }
        let mut lines = Vec::new();
        for item in &block.items {
            item_lines(function, *item, &texts, block, &mut lines);
        }
        lines.extend(exit);
        let dead = if reached[i] { "" } else { " (dead)" };
        let handler = block.on_error.map(|b| format!(" !{}", b.0)).unwrap_or_default();
        let label = format!("{i}{handler}{dead}:");
        if lines.is_empty() {
            let _ = writeln!(out, "  {label}");
        }
        for (n, line) in lines.iter().enumerate() {
            let label = if n == 0 { label.as_str() } else { "" };
            let _ = writeln!(out, "  {label:<width$} {line}", width = label_width(i));
        }
    }
    out
}

/// The text of one expression.
#[must_use]
pub fn expression(facts: &Facts, function: &Function, id: ExprId) -> String {
    expressions(facts, function).get(id.ix()).cloned().unwrap_or_default()
}

fn label_width(block: usize) -> usize {
    if block < 10 { 2 } else { 3 }
}

fn class_line(facts: &Facts, index: usize, class: &Class) -> String {
    let bases: Vec<String> = class.bases.iter().map(|b| type_ref(facts, b)).collect();
    let mut line = format!("class#{index} {}({})", facts.name(class.name), bases.join(", "));
    for field in &class.fields {
        let ty = field.ty.as_ref().map(|t| format!(": {}", type_ref(facts, t)));
        let _ = write!(line, " .{}{}", facts.name(field.name), ty.unwrap_or_default());
    }
    line
}

fn head(facts: &Facts, function: &Function) -> String {
    let params: Vec<String> = function.params.iter().map(|p| param(facts, function, p)).collect();
    let mut head = format!("fn {}({})", facts.name(function.name), params.join(", "));
    if let Some(returns) = &function.returns {
        let _ = write!(head, " -> {}", type_ref(facts, returns));
    }
    let mut notes = Vec::new();
    if let Some(class) = function.class {
        let class = facts.name(facts.classes[class.ix()].name);
        let what = match function.kind {
            FunctionKind::Constructor => "constructor",
            FunctionKind::ClassBody => "body",
            _ => "method",
        };
        notes.push(format!("{what} of {class}"));
    }
    if function.is_async {
        notes.push("async".into());
    }
    if function.exported {
        notes.push("exported".into());
    }
    if let Some(parent) = function.parent {
        let parent = &facts.functions[parent.ix()];
        let texts = expressions(facts, parent);
        notes.extend(
            function
                .decorators
                .iter()
                .filter_map(|d| Some(format!("@{}", texts.get(d.ix())?))),
        );
    }
    if !notes.is_empty() {
        let _ = write!(head, "   {}", notes.join(", "));
    }
    head
}

fn param(facts: &Facts, function: &Function, param: &Param) -> String {
    let mut text = match param.kind {
        ParamKind::Rest => "*".to_owned(),
        ParamKind::KeywordRest => "**".to_owned(),
        ParamKind::Reference => "&".to_owned(),
        ParamKind::Normal | ParamKind::Keyword | ParamKind::Receiver => String::new(),
    };
    text.push_str(facts.name(param.name));
    match param.kind {
        ParamKind::Receiver => text.push_str(": receiver"),
        ParamKind::Keyword => text.push_str(": keyword"),
        _ => {}
    }
    if let Some(ty) = &param.ty {
        let _ = write!(text, ": {}", type_ref(facts, ty));
    }
    if let Some(default) = param.default {
        let _ = write!(text, " = {}", expression(facts, function, default));
    }
    text
}

/// A type as text.
#[must_use]
pub fn type_ref(facts: &Facts, ty: &TypeRef) -> String {
    let name = facts.name(ty.name).to_owned();
    if ty.args.is_empty() {
        return name;
    }
    let args: Vec<String> = ty.args.iter().map(|a| type_ref(facts, a)).collect();
    format!("{name}<{}>", args.join(", "))
}

/// Which blocks control can come to.
fn reached(function: &Function) -> Vec<bool> {
    let mut reached = vec![false; function.blocks.len()];
    let mut todo = vec![0_usize];
    while let Some(i) = todo.pop() {
        let Some(block) = function.blocks.get(i) else { continue };
        if std::mem::replace(&mut reached[i], true) {
            continue;
        }
        match &block.exit {
            Exit::Goto(to) => todo.push(to.ix()),
            Exit::Branch { yes, no, .. } => todo.extend([yes.ix(), no.ix()]),
            Exit::Any(all) => todo.extend(all.iter().map(|b| b.ix())),
            Exit::Return(_) | Exit::Raise | Exit::End => {}
        }
        todo.extend(block.on_error.map(BlockId::ix));
    }
    reached
}

fn item_lines(function: &Function, item: Item, texts: &[String], block: &Block, lines: &mut Vec<String>) {
    let mut used = vec![false; function.exprs.len()];
    let run = item.first.ix()..=item.root.ix();
    for expr in function.exprs.get(run.clone()).unwrap_or_default() {
        expr.kind.each_operand(|id| used[id.ix()] = true);
    }
    for i in run {
        if i != item.root.ix() && !used[i] {
            lines.push(format!("| {}", texts[i]));
        }
    }
    // What the exit prints is not printed twice.
    let shown_by_exit = match &block.exit {
        Exit::Branch { test, .. } => *test == item.root,
        Exit::Return(value) => *value == Some(item.root),
        _ => false,
    };
    if !shown_by_exit {
        lines.push(texts[item.root.ix()].clone());
    }
}

fn exit(exit: &Exit, texts: &[String]) -> Option<String> {
    match exit {
        Exit::Goto(to) => Some(format!("-> {}", to.0)),
        Exit::Branch { test, yes, no } => Some(format!("if {} -> {} else {}", texts[test.ix()], yes.0, no.0)),
        Exit::Any(all) => {
            let all: Vec<String> = all.iter().map(|b| b.0.to_string()).collect();
            Some(format!("-> {}", all.join(" | ")))
        }
        Exit::Return(Some(value)) => Some(format!("return {}", texts[value.ix()])),
        Exit::Return(None) => Some("return".into()),
        Exit::Raise => Some("raise".into()),
        Exit::End => None,
    }
}

/// The text of every expression of a function, in order: operands come first, so no recursion is needed.
fn expressions(facts: &Facts, function: &Function) -> Vec<String> {
    let mut texts: Vec<String> = Vec::with_capacity(function.exprs.len());
    for expr in &function.exprs {
        let text = Printer { facts, texts: &texts }.kind(&expr.kind);
        texts.push(text);
    }
    texts
}

struct Printer<'f> {
    facts: &'f Facts,
    texts: &'f [String],
}

impl Printer<'_> {
    fn of(&self, id: ExprId) -> &str {
        self.texts.get(id.ix()).map_or("?", |t| t)
    }

    fn list(&self, ids: &[ExprId], between: &str) -> String {
        let all: Vec<&str> = ids.iter().map(|id| self.of(*id)).collect();
        all.join(between)
    }

    fn kind(&self, kind: &ExprKind) -> String {
        match kind {
            ExprKind::Str(text) => format!("{text:?}"),
            ExprKind::Num(text) => text.to_string(),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Null => "null".into(),
            ExprKind::Name(name) => self.facts.name(*name).to_owned(),
            ExprKind::Module(path) => format!("module({path})"),
            ExprKind::Member { base, name, .. } => format!("{}.{}", self.of(*base), self.facts.name(*name)),
            ExprKind::Index { base, index } => format!("{}[{}]", self.of(*base), self.of(*index)),
            ExprKind::Slice { base } => format!("{}[:]", self.of(*base)),
            ExprKind::Call { callee, args, new, .. } => {
                let new = if *new { "new " } else { "" };
                format!("{new}{}({})", self.of(*callee), self.args(args))
            }
            ExprKind::Concat(parts) => format!("({})", self.list(parts, " ++ ")),
            ExprKind::Template { tag, parts } => self.template(*tag, parts),
            ExprKind::Format { template, args, style } => {
                let style = match style {
                    FormatStyle::Printf => "%",
                    FormatStyle::Braces => "{}",
                };
                format!("{} {style} ({})", self.of(*template), self.args(args))
            }
            ExprKind::Binary { op, left, right } => format!("({} {op} {})", self.of(*left), self.of(*right)),
            ExprKind::Unary { op, operand } if op.ends_with(char::is_alphabetic) => {
                format!("{op} {}", self.of(*operand))
            }
            ExprKind::Unary { op, operand } => format!("{op}{}", self.of(*operand)),
            ExprKind::Logic { op, operands } => {
                let op = match op {
                    LogicOp::And => " and ",
                    LogicOp::Or => " or ",
                    LogicOp::Coalesce => " ?? ",
                };
                format!("({})", self.list(operands, op))
            }
            ExprKind::Ternary { test, then, other } => {
                format!("({} ? {} : {})", self.of(*test), self.of(*then), self.of(*other))
            }
            ExprKind::Sequence(items) => format!("[{}]", self.list(items, ", ")),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Lambda(id) => format!("fn#{}", id.0),
            ExprKind::Spread(value) => format!("*{}", self.of(*value)),
            ExprKind::Same(value) => format!("~{}", self.of(*value)),
            ExprKind::Cast { value, ty } => format!("({} as {})", self.of(*value), type_ref(self.facts, ty)),
            ExprKind::Assign { target, value, mode } => {
                let mode = match mode {
                    AssignMode::Plain => "=",
                    AssignMode::Each => "<-",
                    AssignMode::Extend => "+=",
                    AssignMode::Other => "-=",
                };
                format!("{} {mode} {}", self.target(target), self.of(*value))
            }
            ExprKind::Caught => "caught".into(),
            ExprKind::Class(id) => format!("class#{}", id.0),
            ExprKind::Other(operands) => format!("other({})", self.list(operands, ", ")),
        }
    }

    fn args(&self, args: &[Arg]) -> String {
        let all: Vec<String> = args
            .iter()
            .map(|arg| match arg.name {
                Some(name) => format!("{}={}", self.facts.name(name), self.of(arg.value)),
                None => self.of(arg.value).to_owned(),
            })
            .collect();
        all.join(", ")
    }

    fn template(&self, tag: Option<ExprId>, parts: &[Part]) -> String {
        let mut out = tag.map(|t| self.of(t).to_owned()).unwrap_or_default();
        out.push_str("f\"");
        for part in parts {
            match part {
                Part::Lit(text, _) => out.extend(text.escape_debug()),
                Part::Hole { value, .. } => {
                    let _ = write!(out, "{{{}}}", self.of(*value));
                }
            }
        }
        out.push('"');
        out
    }

    fn map(&self, entries: &[Entry]) -> String {
        let all: Vec<String> = entries
            .iter()
            .map(|entry| match entry.key {
                Some(key) => format!("{}: {}", self.of(key), self.of(entry.value)),
                None => format!("*{}", self.of(entry.value)),
            })
            .collect();
        format!("{{{}}}", all.join(", "))
    }

    /// Patterns nest only as deep as the adapter followed them ([`super::build::MAX_DEPTH`]).
    fn target(&self, target: &Target) -> String {
        match target {
            Target::Name(name, _) => self.facts.name(*name).to_owned(),
            Target::Member { base, name, .. } => format!("{}.{}", self.of(*base), self.facts.name(*name)),
            Target::Index { base, index, .. } => format!("{}[{}]", self.of(*base), self.of(*index)),
            Target::Tuple(all) => {
                let all: Vec<String> = all.iter().map(|t| self.target(t)).collect();
                format!("({})", all.join(", "))
            }
            Target::Fields(all) => {
                let all: Vec<String> = all
                    .iter()
                    .map(|(key, t)| format!("{}: {}", self.facts.name(*key), self.target(t)))
                    .collect();
                format!("{{{}}}", all.join(", "))
            }
            Target::Rest(inner) => format!("*{}", self.target(inner)),
            Target::Default(inner, value) => format!("{} ?= {}", self.target(inner), self.of(*value)),
            Target::Ignore => "_".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::{Lang, build::Builder},
        text::Span,
    };

    #[test]
    fn a_branch_shows_its_test_and_where_it_leads() {
        let mut b = Builder::new(Lang::Python, 0);
        let x = b.symbol("x");
        let test = b.expr(ExprKind::Name(x), Span::default());
        let test = b.expr(ExprKind::Unary { op: "!", operand: test }, Span::default());
        let frame = b.begin_if(test, Span::default());
        b.raise();
        b.end_if(frame, Span::default(), false);
        let value = b.expr(ExprKind::Str("a\n".into()), Span::default());
        b.assign(
            Target::Name(x, Span::default()),
            value,
            AssignMode::Plain,
            Span::default(),
        );
        assert_eq!(
            facts(&b.finish()),
            "fn <module>()\n  0: if !x -> 1 else 2\n  1: raise\n  2: -> 3\n  3: x = \"a\\n\"\n"
        );
    }
}
