//! Words: texts with and without quotes, expansions, substitutions.

use super::{Shell, children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

impl Shell<'_, '_> {
    /// Any word or value.
    pub(super) fn word(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |sh| sh.word_inside(node));
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    fn word_inside(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "word" | "raw_string" | "ansi_c_string" | "regex" | "extglob_pattern" | "test_operator"
            | "string_content" | "heredoc_content" => {
                let text = self.literal(node);
                self.push(ExprKind::Str(text.into()), node)
            }
            "number" if children(node).is_empty() => {
                let text = self.str(node).into_owned();
                self.push(ExprKind::Num(text.into()), node)
            }
            "string" | "concatenation" | "translated_string" | "heredoc_body" => self.text(node),
            "command_name" => match children(node).first() {
                Some(inner) => self.word(*inner),
                None => self.push(ExprKind::Other(Vec::new()), node),
            },
            "simple_expansion" => self.variable_named(node),
            "variable_name" | "special_variable_name" => {
                let name = self.str(node).into_owned();
                let symbol = self.variable(&name);
                self.push(ExprKind::Name(symbol), node)
            }
            "expansion" => self.expansion(node),
            "subscript" => self.subscript(node),
            "command_substitution" | "process_substitution" => self.substitution(node),
            "array" => {
                let parts = children(node).into_iter().map(|c| self.word(c)).collect();
                self.push(ExprKind::Sequence(parts), node)
            }
            // A number, whatever is in it.
            "arithmetic_expansion" => self.push(ExprKind::Other(Vec::new()), node),
            _ => {
                let parts = children(node).into_iter().map(|c| self.word(c)).collect();
                self.push(ExprKind::Other(parts), node)
            }
        }
    }

    /// `$x`.
    fn variable_named(&mut self, node: Node<'_>) -> ExprId {
        let text = self.str(node);
        let name = text.trim_start_matches('$').to_owned();
        let symbol = self.variable(&name);
        self.push(ExprKind::Name(symbol), node)
    }

    /// The text a word without expansions stands for.
    pub(super) fn literal(&self, node: Node<'_>) -> String {
        let written = self.str(node);
        match node.kind() {
            "raw_string" => written.trim_matches('\'').to_owned(),
            "ansi_c_string" => {
                let inner = written.strip_prefix("$'").unwrap_or(&written);
                let inner = inner.strip_suffix('\'').unwrap_or(inner);
                inner.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
            }
            "string_content" | "heredoc_content" => written.replace("\\\"", "\"").replace("\\$", "$"),
            _ => written.replace('\\', ""),
        }
    }

    /// A text with holes. One that is nothing but a hole is what is in the hole.
    fn text(&mut self, node: Node<'_>) -> ExprId {
        let mut parts = Vec::new();
        self.parts(node, &mut parts);
        match &parts[..] {
            [Part::Hole { value, .. }] => *value,
            _ if parts.iter().all(|p| matches!(p, Part::Lit(..))) => {
                let literals = parts.iter().map(|p| match p {
                    Part::Lit(text, _) => &**text,
                    Part::Hole { .. } => "",
                });
                let text: String = literals.collect();
                self.push(ExprKind::Str(text.into()), node)
            }
            _ => self.push(ExprKind::Template { tag: None, parts }, node),
        }
    }

    fn parts(&mut self, node: Node<'_>, out: &mut Vec<Part>) {
        self.deeper(node, |sh| {
            // A here-document begins with text that is no child.
            let mut end = (node.kind() == "heredoc_body").then(|| sh.span(node).start);
            for child in children(node) {
                let span = sh.span(child);
                // The grammar leaves blanks between holes to nobody.
                if let Some(end) = end.filter(|end| *end < span.start && node.kind() != "concatenation") {
                    let gap = crate::text::Span {
                        start: end,
                        end: span.start,
                    };
                    let text = String::from_utf8_lossy(gap.of(sh.cx.text)).into_owned();
                    out.push(Part::Lit(text.into(), gap));
                }
                end = Some(span.end);
                match child.kind() {
                    "string" | "concatenation" | "translated_string" => sh.parts(child, out),
                    "string_content" | "heredoc_content" | "word" | "raw_string" | "ansi_c_string" | "number"
                        if child.named_child_count() == 0 =>
                    {
                        out.push(Part::Lit(sh.literal(child).into(), span));
                    }
                    _ => {
                        let value = sh.word(child);
                        out.push(Part::Hole { value, span });
                    }
                }
            }
        });
    }

    /// `${x}`, `${x:-default}`, `${x%suffix}`, `${x//a/b}`, `${#x}`.
    fn expansion(&mut self, node: Node<'_>) -> ExprId {
        let written = self.str(node).into_owned();
        let parts = children(node);
        let Some(first) = parts.first() else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        if written.starts_with("${#") {
            return self.push(ExprKind::Other(Vec::new()), node);
        }
        let value = self.word(*first);
        let operator = node.child_by_field_name("operator").map(|o| o.kind().to_owned());
        let rest: Vec<ExprId> = parts.iter().skip(1).map(|p| self.word(*p)).collect();
        match operator.as_deref() {
            None | Some(":?" | "?") if !written.starts_with("${!") => value,
            Some(":-" | "-" | ":=" | "=" | ":+" | "+") => {
                let operands = std::iter::once(value).chain(rest).collect();
                let op = LogicOp::Coalesce;
                self.push(ExprKind::Logic { op, operands }, node)
            }
            Some("//") | Some("/") => {
                let callee = self.cx.b.symbol("${//}");
                let callee = self.push(ExprKind::Name(callee), node);
                self.call_of(callee, std::iter::once(value).chain(rest).collect(), node)
            }
            Some(":") => self.push(ExprKind::Slice { base: value }, node),
            _ => {
                let all = std::iter::once(value).chain(rest).collect();
                self.push(ExprKind::Other(all), node)
            }
        }
    }

    /// `a[i]`; `a[@]` is all of it.
    fn subscript(&mut self, node: Node<'_>) -> ExprId {
        let (name, index) = (node.child_by_field_name("name"), node.child_by_field_name("index"));
        let Some(name) = name else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let base = self.word(name);
        match index {
            Some(index) if !matches!(&*self.str(index), "@" | "*") => {
                let index = self.word(index);
                self.push(ExprKind::Index { base, index }, node)
            }
            _ => base,
        }
    }

    /// `$(cmd)`: what the command gives. Several statements run in a function of their own.
    fn substitution(&mut self, node: Node<'_>) -> ExprId {
        let statements = children(node);
        if let [one] = statements[..]
            && Self::is_value(one)
        {
            let inner = self.value(one);
            return self.push(ExprKind::Same(inner), node);
        }
        let span = self.span(node);
        let at = crate::text::Span {
            start: span.start,
            end: span.start,
        };
        self.cx
            .b
            .begin_function(FunctionKind::Lambda, "<lambda>", span, at, span);
        let last = statements.last().copied().filter(|l| Self::is_value(*l));
        let before = statements.len() - usize::from(last.is_some());
        for statement in &statements[..before] {
            self.statement(*statement);
        }
        if let Some(last) = last {
            let value = self.value(last);
            self.cx.b.ret(Some(value));
        }
        let lambda = self.cx.b.end_function();
        let callee = self.push(ExprKind::Lambda(lambda), node);
        self.call_of(callee, Vec::new(), node)
    }

    pub(super) fn call_of(&mut self, callee: ExprId, values: Vec<ExprId>, node: Node<'_>) -> ExprId {
        let args = values.into_iter().map(|value| Arg {
            name: None,
            value,
            span: self.cx.b.span(value),
        });
        let kind = ExprKind::Call {
            callee,
            args: args.collect(),
            new: false,
            args_span: self.span(node),
        };
        self.push(kind, node)
    }
}
