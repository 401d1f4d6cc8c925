//! What a verb works on: one finding, one `[[fix]]` table of its rule, and the file as scanned. Verbs read this and give a [`Plan`].

use super::{dialect::Dialects, document};
use crate::{
    lang::{Lang, facts::*},
    scan::{Edit, engine::Site, rule::FixSpec, view::FileView},
    text::Span,
};

/// One finding to be fixed in one way.
pub struct Job<'a> {
    /// The file as scanned, of which [`Job::text`] are the bytes.
    pub view: &'a FileView<'a>,
    /// The bytes.
    pub text: &'a [u8],
    /// How.
    pub spec: &'a FixSpec,
    /// The stretches the finding is about, in order.
    pub spans: &'a [Span],
    /// Where in the facts, when it is about code.
    pub code: Option<Code<'a>>,
    /// Where in a document, when it is about one.
    pub document: Option<document::Site<'a>>,
    /// What the change tells of the SQL its drivers understand.
    pub dialects: &'a Dialects,
}

impl<'a> Job<'a> {
    /// A text option of the table.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.spec.options.get(name)?.as_str()
    }

    /// True when the table sets this option.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.spec
            .options
            .get(name)
            .and_then(toml::Value::as_bool)
            .unwrap_or(false)
    }

    /// The source of a stretch; `None` when it is not UTF-8.
    #[must_use]
    pub fn source(&self, span: Span) -> Option<&'a str> {
        std::str::from_utf8(span.of(self.text)).ok()
    }
}

/// A place in the facts.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    /// The bytes.
    pub text: &'a [u8],
    /// The facts.
    pub facts: &'a Facts,
    /// The function whose arena holds the expressions.
    pub id: FunctionId,
    /// The same, itself.
    pub function: &'a Function,
    /// The call, assignment, comparison or test.
    pub expr: Option<ExprId>,
    /// The dangerous argument's value, or the matched value.
    pub value: Option<ExprId>,
}

impl<'a> Code<'a> {
    /// The place `site` names.
    #[must_use]
    pub fn new(text: &'a [u8], facts: &'a Facts, site: Site) -> Option<Code<'a>> {
        let function = facts.functions.get(site.function.ix())?;
        let known = |id: Option<ExprId>| id.is_none_or(|id| id.ix() < function.exprs.len());
        (known(site.expr) && known(site.value)).then_some(Code {
            text,
            facts,
            id: site.function,
            function,
            expr: site.expr,
            value: site.value,
        })
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.facts.lang
    }

    /// What an expression is.
    #[must_use]
    pub fn kind(&self, id: ExprId) -> &'a ExprKind {
        &self.function.exprs[id.ix()].kind
    }

    /// Where it is written.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.function.exprs[id.ix()].span
    }

    /// Its source; `None` when it is not UTF-8.
    #[must_use]
    pub fn source(&self, id: ExprId) -> Option<&'a str> {
        std::str::from_utf8(self.span(id).of(self.text)).ok()
    }

    /// The call it is about.
    #[must_use]
    pub fn call(&self) -> Option<Call<'a>> {
        self.call_at(self.expr?)
    }

    /// An expression as a call, looked at through `await` and the like.
    #[must_use]
    pub fn call_at(&self, mut id: ExprId) -> Option<Call<'a>> {
        loop {
            match self.kind(id) {
                ExprKind::Same(inner) => id = *inner,
                ExprKind::Call {
                    callee,
                    args,
                    new,
                    args_span,
                } => {
                    return Some(Call {
                        id,
                        span: self.span(id),
                        callee: *callee,
                        args,
                        new: *new,
                        args_span: *args_span,
                    });
                }
                _ => return None,
            }
        }
    }

    /// The expression that uses `id` directly, in the same function.
    #[must_use]
    pub fn parent(&self, id: ExprId) -> Option<ExprId> {
        let from = id.ix() + 1;
        let found = self.function.exprs.iter().skip(from).position(|e| {
            let mut uses = false;
            e.kind.each_operand(|operand| uses |= operand == id);
            uses
        })?;
        Some(ExprId((from + found) as u32))
    }
}

/// A call, taken apart.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The expression.
    pub id: ExprId,
    /// Where it is written.
    pub span: Span,
    /// What is called.
    pub callee: ExprId,
    /// Its arguments.
    pub args: &'a [Arg],
    /// A construction; struct literals too.
    pub new: bool,
    /// The parentheses (or braces) and what is in them.
    pub args_span: Span,
}

/// What a verb wants to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Edits, in any order.
    pub edits: Vec<Edit>,
    /// Instead of the table's title.
    pub title: Option<String>,
    /// A person must finish it, whatever the table says.
    pub sketch: bool,
}

impl From<Vec<Edit>> for Plan {
    fn from(edits: Vec<Edit>) -> Plan {
        Plan {
            edits,
            ..Plan::default()
        }
    }
}

/// An edit.
#[must_use]
pub fn edit(span: Span, text: impl Into<String>) -> Edit {
    Edit {
        span,
        text: text.into(),
    }
}

/// An insertion.
#[must_use]
pub fn insert(at: u32, text: impl Into<String>) -> Edit {
    edit(Span { start: at, end: at }, text)
}
