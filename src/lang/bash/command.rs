//! Commands as calls.

use super::{Shell, children, field_children};
use crate::lang::adapter::Adapter;
use crate::lang::facts::*;
use tree_sitter::Node;

/// Commands that run what follows them.
const RUNNERS: [&str; 10] = [
    "sudo", "doas", "env", "exec", "command", "builtin", "nohup", "time", "nice", "ionice",
];

/// Options of `read` that take a word.
const READ_OPTIONS: [&str; 8] = ["-p", "-t", "-n", "-N", "-d", "-u", "-i", "-a"];

/// A word that was lowered, with where it stands.
type Lowered<'n> = (Node<'n>, ExprId);

impl Shell<'_, '_> {
    /// True for what gives a value: a command, a pipeline, a command with redirections, a test.
    pub(super) fn is_value(node: Node<'_>) -> bool {
        match node.kind() {
            "command" | "pipeline" | "test_command" | "negated_command" => true,
            "redirected_statement" => node
                .child_by_field_name("body")
                .is_none_or(|b| matches!(b.kind(), "command" | "pipeline")),
            _ => false,
        }
    }

    /// What a command gives. `node` fits [`Shell::is_value`].
    pub(super) fn value(&mut self, node: Node<'_>) -> ExprId {
        let lowered = self.deeper(node, |sh| match node.kind() {
            "command" => sh.command(node, None, Vec::new()),
            "pipeline" => sh.pipeline(node),
            "redirected_statement" => sh.redirected(node, None),
            "negated_command" => match children(node).first() {
                Some(inner) if Self::is_value(*inner) => {
                    let operand = sh.value(*inner);
                    sh.push(ExprKind::Unary { op: "!", operand }, node)
                }
                _ => sh.push(ExprKind::Other(Vec::new()), node),
            },
            "test_command" => sh.test_command(node),
            _ => sh.push(ExprKind::Other(Vec::new()), node),
        });
        lowered.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    /// `a | b | c`: each is given what the one before gives.
    fn pipeline(&mut self, node: Node<'_>) -> ExprId {
        let mut before: Option<ExprId> = None;
        for part in children(node) {
            let value = match part.kind() {
                "command" => self.command(part, before, Vec::new()),
                "redirected_statement" => self.redirected(part, before),
                _ if Self::is_value(part) => self.value(part),
                _ => self.block_value(part, before),
            };
            before = Some(value);
        }
        before.unwrap_or_else(|| self.push(ExprKind::Other(Vec::new()), node))
    }

    /// `.. | while read x; do .. done`: statements in a function of their own; what is piped in is what `read` gives there, which nobody
    /// follows.
    fn block_value(&mut self, node: Node<'_>, before: Option<ExprId>) -> ExprId {
        let span = self.span(node);
        let at = crate::text::Span {
            start: span.start,
            end: span.start,
        };
        self.cx
            .b
            .begin_function(FunctionKind::Lambda, "<lambda>", span, at, span);
        self.statement(node);
        let lambda = self.cx.b.end_function();
        let callee = self.push(ExprKind::Lambda(lambda), node);
        self.call_of(callee, before.into_iter().collect(), node)
    }

    /// `cmd < file > file <<< text`, and here-documents.
    fn redirected(&mut self, node: Node<'_>, stdin: Option<ExprId>) -> ExprId {
        let mut more = Vec::new();
        let mut stdin = stdin;
        for redirect in children(node) {
            self.redirect(redirect, &mut stdin, &mut more);
        }
        match node.child_by_field_name("body") {
            Some(body) if body.kind() == "command" => self.command(body, stdin, more),
            Some(body) if body.kind() == "pipeline" => {
                let parts = children(body);
                let Some((last, first)) = parts.split_last() else {
                    return self.push(ExprKind::Other(Vec::new()), node);
                };
                let mut before = stdin;
                for part in first {
                    before = Some(match part.kind() {
                        "command" => self.command(*part, before, Vec::new()),
                        _ => self.word(*part),
                    });
                }
                match last.kind() {
                    "command" => self.command(*last, before, more),
                    _ => self.block_value(*last, before),
                }
            }
            _ => self.push(ExprKind::Other(more.into_iter().map(|a| a.value).collect()), node),
        }
    }

    fn redirect(&mut self, node: Node<'_>, stdin: &mut Option<ExprId>, more: &mut Vec<Arg>) {
        match node.kind() {
            "file_redirect" => {
                let input = super::has_token(node, "<");
                for destination in field_children(node, "destination") {
                    let (value, span) = (self.word(destination), self.span(destination));
                    let name = self.cx.b.symbol(if input { "from" } else { "stdout" });
                    let name = Some(name);
                    more.push(Arg { name, value, span });
                }
            }
            "herestring_redirect" => {
                if let Some(text) = children(node).into_iter().find(|c| c.kind() != "file_descriptor") {
                    *stdin = Some(self.word(text));
                }
            }
            "heredoc_redirect" => {
                for part in children(node) {
                    match part.kind() {
                        "heredoc_body" => *stdin = Some(self.word(part)),
                        "file_redirect" | "herestring_redirect" => self.redirect(part, stdin, more),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn command(&mut self, node: Node<'_>, stdin: Option<ExprId>, more: Vec<Arg>) -> ExprId {
        let mut stdin = stdin;
        let mut more = more;
        for part in children(node) {
            match part.kind() {
                "variable_assignment" => {
                    self.assignment_value(part);
                }
                "file_redirect" | "herestring_redirect" => self.redirect(part, &mut stdin, &mut more),
                _ => {}
            }
        }
        let name = node.child_by_field_name("name");
        let words = field_children(node, "argument");
        let all: Vec<Node<'_>> = name.into_iter().chain(words).collect();
        let from = self.behind_runners(&all);
        let Some((name, words)) = all.get(from..).and_then(<[_]>::split_first) else {
            return self.push(ExprKind::Other(Vec::new()), node);
        };
        let mut lowered: Vec<Lowered<'_>> = Vec::new();
        let callee = self.callee(*name, &mut lowered);
        for word in words {
            let value = self.word(*word);
            lowered.push((*word, value));
        }
        let mut args: Vec<Arg> = Vec::new();
        for (word, value) in &lowered {
            let (name, value, span) = (None, *value, self.span(*word));
            args.push(Arg { name, value, span });
        }
        if let Some(value) = stdin {
            let (name, span) = (Some(self.cx.b.symbol("stdin")), self.cx.b.span(value));
            args.push(Arg { name, value, span });
        }
        args.extend(more);
        let args_span = self.span(*words.first().unwrap_or(name));
        let new = false;
        let kind = ExprKind::Call {
            callee,
            args,
            new,
            args_span,
        };
        let call = self.push(kind, node);
        match &*self.str(*name) {
            "read" | "mapfile" | "readarray" => self.read(words, call, node),
            _ => call,
        }
    }

    /// How many words stand before the command that is run: `sudo -u root`, `env A=1`.
    fn behind_runners(&self, words: &[Node<'_>]) -> usize {
        let mut from = 0;
        while let Some(word) = words.get(from) {
            let text = self.str(*word);
            if !RUNNERS.contains(&&*text) || words.get(from + 1).is_none() {
                break;
            }
            let mut next = from + 1;
            while let Some(option) = words.get(next).map(|w| self.str(*w)) {
                let takes_word = matches!(&*option, "-u" | "-g" | "-n" | "-c" if &*text != "command");
                let skipped = option.starts_with('-') || (&*text == "env" && option.contains('='));
                if !skipped {
                    break;
                }
                next += if takes_word && &*text != "env" { 2 } else { 1 };
            }
            // Nothing but options: `exec 3>&1`, `command -v`.
            if next >= words.len() {
                break;
            }
            from = next;
        }
        from
    }

    /// The command's plain name; `command`, given the word, when it is not known before it runs.
    fn callee<'n>(&mut self, name: Node<'n>, args: &mut Vec<Lowered<'n>>) -> ExprId {
        let inner = match name.kind() {
            "command_name" => children(name).first().copied().unwrap_or(name),
            _ => name,
        };
        if matches!(inner.kind(), "word" | "raw_string" | "string")
            && children(inner).iter().all(|c| c.kind() == "string_content")
        {
            let text = self.str(inner);
            let text = text.trim_matches(['"', '\'']).replace('\\', "");
            let last = text.rsplit('/').next().unwrap_or_default();
            let plain = if last.is_empty() { &text } else { last };
            let symbol = self.cx.b.symbol(if plain == "." { "source" } else { plain });
            return self.push(ExprKind::Name(symbol), name);
        }
        let value = self.word(inner);
        args.push((name, value));
        let symbol = self.cx.b.symbol("command");
        self.push(ExprKind::Name(symbol), name)
    }

    /// `read -r a b`: each name is what is read.
    fn read(&mut self, words: &[Node<'_>], call: ExprId, node: Node<'_>) -> ExprId {
        let mut skip = false;
        for word in words {
            let text = self.str(*word).into_owned();
            let takes = READ_OPTIONS.contains(&text.as_str()) && text != "-a";
            if std::mem::replace(&mut skip, takes) || text.starts_with('-') || word.kind() != "word" {
                continue;
            }
            let value = self.push(ExprKind::Same(call), *word);
            let target = Box::new(Target::Name(self.variable(&text), self.span(*word)));
            let mode = AssignMode::Plain;
            self.push(ExprKind::Assign { target, value, mode }, *word);
        }
        self.push(ExprKind::Same(call), node)
    }

    /// `x=value`, `x+=value`, `a[i]=value`; gives the assigned value.
    pub(super) fn assignment_value(&mut self, node: Node<'_>) -> ExprId {
        let value = match node.child_by_field_name("value") {
            Some(value) => self.word(value),
            None => self.push(ExprKind::Str("".into()), node),
        };
        let mode = match super::has_token(node, "+=") {
            true => AssignMode::Extend,
            false => AssignMode::Plain,
        };
        let Some(name) = node.child_by_field_name("name") else {
            return value;
        };
        let span = self.span(name);
        let target = match name.kind() {
            "subscript" => {
                let base = name.child_by_field_name("name").map(|n| self.word(n));
                let index = name.child_by_field_name("index").map(|i| self.word(i));
                match (base, index) {
                    (Some(base), Some(index)) => Target::Index { base, index, span },
                    _ => Target::Ignore,
                }
            }
            _ => {
                let name = self.str(name).into_owned();
                Target::Name(self.variable(&name), span)
            }
        };
        let target = Box::new(target);
        self.push(ExprKind::Assign { target, value, mode }, node)
    }
}
