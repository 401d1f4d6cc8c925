//! Text that an expression builds: what is constant in it, character by character with its place in the source, and what is put in.
//!
//! Interpolated strings, sums, `%` and `.format`, `Sprintf` and `format!` all become one row of [`Tok`]s. What verbs decide about that row
//! goes back into the source through [`Built::rewritten`], which keeps everything they do not speak of as it is written.

mod formats;
mod rewrite;

use super::{
    job::Code,
    literal::{self, Literal, all_in},
    names,
};
use crate::{
    lang::{Lang, facts::*},
    scan::Edit,
    text::Span,
};

pub use rewrite::{Change, Percent};

/// Text built by an expression.
#[derive(Clone, Debug)]
pub struct Built {
    /// The text.
    pub toks: Vec<Tok>,
    /// What is put in.
    pub holes: Vec<Hole>,
    /// The literals that hold the constant parts, in order.
    pub literals: Vec<Literal>,
    /// How it is built.
    pub form: Form,
    /// What goes when only a literal is left (`&` before `format!`).
    wrapping: Vec<Edit>,
}

/// One character, or one hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tok {
    /// A character of a literal.
    Char {
        /// Which.
        ch: char,
        /// Index into [`Built::literals`].
        literal: usize,
        /// Where it is written.
        span: Span,
    },
    /// Index into [`Built::holes`].
    Hole(usize),
}

/// What is put in.
#[derive(Clone, Copy, Debug)]
pub struct Hole {
    /// The value.
    pub value: ExprId,
    /// The hole as written: `{x}`, `%s`, an operand.
    pub span: Span,
    /// The literal it is written in; `None` for an operand.
    pub literal: Option<usize>,
    /// How it is shown.
    pub show: Show,
}

/// How a hole shows its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// As text.
    Plain,
    /// In quotes (`!r`, `%q`, `{:?}`).
    Quoted,
    /// As a number.
    Number,
    /// With a width, a precision or the like.
    Formatted,
}

/// How text is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One literal, or literals side by side.
    Literal,
    /// Holes written in the literals.
    Template,
    /// A sum.
    Sum,
    /// Holes filled by arguments.
    Filled(Filled),
}

/// A format with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What stands before the literals (`fmt.Sprintf(`).
    head: Span,
    /// What stands after them (`, a, b)`, ` % (a, b)`).
    tail: Span,
    /// The arguments' values in the tail, in order.
    args: Vec<Span>,
    /// How the holes are written.
    pub notation: Notation,
}

/// How the holes of a format are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `"%s" % x`.
    Percent,
    /// `"%(a)s" % {..}`: all or none of it is replaced.
    PercentNamed,
    /// `"{}".format(x)`.
    Braces,
    /// `fmt.Sprintf("%s", x)`.
    Sprintf,
    /// `format!("{}", x)`.
    Macro,
}

impl Built {
    /// The text that `id` builds; `None` when it builds none, or in a way that is not understood.
    #[must_use]
    pub fn of(code: &Code<'_>, id: ExprId) -> Option<Built> {
        let mut built = Built {
            toks: Vec::new(),
            holes: Vec::new(),
            literals: Vec::new(),
            form: Form::Literal,
            wrapping: Vec::new(),
        };
        let id = built.peel(code, id)?;
        built.referenced(code, code.span(id));
        match code.kind(id) {
            ExprKind::Str(_) => built.literals_of(code, id)?,
            ExprKind::Template { tag: None, parts } => {
                built.form = Form::Template;
                built.template(code, id, parts)?;
            }
            ExprKind::Concat(operands) => {
                built.form = Form::Sum;
                built.sum(code, operands, code.span(id))?;
            }
            ExprKind::Format { .. } | ExprKind::Call { .. } => built.filled(code, id)?,
            _ => return None,
        }
        (!built.literals.is_empty()).then_some(built)
    }

    /// The constant text, `{}` for holes.
    #[must_use]
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for tok in &self.toks {
            match tok {
                Tok::Char { ch, .. } => shape.push(*ch),
                Tok::Hole(_) => shape.push_str("{}"),
            }
        }
        shape
    }

    /// Goes inside what changes nothing of the text that matters: references, `dedent(..)`, `.as_str()`, `.strip()`.
    fn peel(&mut self, code: &Code<'_>, mut id: ExprId) -> Option<ExprId> {
        loop {
            let inner = match code.kind(id) {
                ExprKind::Same(inner) | ExprKind::Cast { value: inner, .. } => *inner,
                ExprKind::Call { callee, args, .. } => match self.wrapper(code, *callee, args) {
                    Some(inner) => inner,
                    None => return Some(id),
                },
                _ => return Some(id),
            };
            id = inner;
        }
    }

    /// Facts of Rust do not keep `&`.
    fn referenced(&mut self, code: &Code<'_>, span: Span) {
        let before = code.text.get(..span.start as usize).unwrap_or_default();
        if code.lang() == Lang::Rust && before.ends_with(b"&") && !before.ends_with(b"&&") {
            let sign = Span::new(before.len() - 1, before.len());
            self.wrapping.push(super::job::edit(sign, ""));
        }
    }

    /// What a call hands on unchanged.
    fn wrapper(&mut self, code: &Code<'_>, callee: ExprId, args: &[Arg]) -> Option<ExprId> {
        let ExprKind::Member { base, name, .. } = code.kind(callee) else {
            let path = names::path(code, callee)?;
            let dedent = path.ends_with("dedent") || path.ends_with("cleandoc");
            return dedent.then(|| args.first().map(|a| a.value))?;
        };
        let name = code.facts.name(*name);
        let path = names::path(code, callee).unwrap_or_default();
        match (name, args) {
            ("dedent" | "cleandoc", [arg]) => Some(arg.value),
            ("from", [arg]) if path == "String.from" => Some(arg.value),
            ("as_str" | "as_ref" | "into" | "to_string" | "to_owned" | "trim" | "strip" | "lstrip" | "rstrip", []) => {
                Some(*base)
            }
            _ => None,
        }
    }

    /// The literals of a plain text.
    fn literals_of(&mut self, code: &Code<'_>, id: ExprId) -> Option<()> {
        self.chars_of(code, code.span(id), &[], &[])
    }

    fn chars_of(&mut self, code: &Code<'_>, span: Span, holes: &[Span], doubled: &[char]) -> Option<()> {
        let all = all_in(code.lang(), code.text, span, holes);
        if all.is_empty() {
            return None;
        }
        for literal in all {
            let at = self.literals.len();
            let units = literal::units(code.lang(), &literal.style, code.text, literal.content, doubled);
            let chars = units.into_iter().map(|u| Tok::Char {
                ch: u.ch,
                literal: at,
                span: u.span,
            });
            self.toks.extend(chars);
            self.literals.push(literal);
        }
        Some(())
    }

    /// Literals with holes written in them.
    fn template(&mut self, code: &Code<'_>, id: ExprId, parts: &[Part]) -> Option<()> {
        let lang = code.lang();
        let spans: Vec<Span> = parts
            .iter()
            .filter_map(|p| match p {
                Part::Hole { span, .. } => Some(*span),
                Part::Lit(..) => None,
            })
            .collect();
        let first = self.literals.len();
        self.literals.extend(all_in(lang, code.text, code.span(id), &spans));
        if self.literals.len() == first {
            return None;
        }
        for part in parts {
            let span = match part {
                Part::Lit(_, span) | Part::Hole { span, .. } => *span,
            };
            let holder = |l: &Literal| l.content.contains(span);
            let literal = first + self.literals[first..].iter().position(holder)?;
            match part {
                Part::Lit(..) if span.is_empty() => {}
                Part::Lit(..) => {
                    let style = &self.literals[literal].style;
                    let doubled: &[char] = match lang {
                        Lang::Python if style.formatted(lang) => &['{', '}'],
                        Lang::Rust => &['{', '}'],
                        _ => &[],
                    };
                    let units = literal::units(lang, style, code.text, span, doubled);
                    self.toks.extend(units.into_iter().map(|u| Tok::Char {
                        ch: u.ch,
                        literal,
                        span: u.span,
                    }));
                }
                Part::Hole { value, .. } => self.hole(Hole {
                    value: *value,
                    span,
                    literal: Some(literal),
                    show: formats::shown_in_template(code, *value, span),
                }),
            }
        }
        Some(())
    }

    fn hole(&mut self, hole: Hole) {
        self.toks.push(Tok::Hole(self.holes.len()));
        self.holes.push(hole);
    }

    fn sum(&mut self, code: &Code<'_>, operands: &[ExprId], whole: Span) -> Option<()> {
        for (i, operand) in operands.iter().enumerate() {
            let wrapping = self.wrapping.len();
            let inner = self.peel(code, *operand)?;
            // What wraps a part of a sum stays.
            self.wrapping.truncate(wrapping);
            match code.kind(inner) {
                ExprKind::Str(_) => self.literals_of(code, inner)?,
                ExprKind::Template { tag: None, parts } => self.template(code, inner, parts)?,
                ExprKind::Concat(inner) => self.sum(code, inner, whole)?,
                _ => {
                    let mut span = code.span(*operand);
                    if i + 1 == operands.len() {
                        // A parenthesis the operand may stand in belongs to it.
                        span.end = whole.end.max(span.end);
                    }
                    self.hole(Hole {
                        value: *operand,
                        span,
                        literal: None,
                        show: Show::Plain,
                    });
                }
            }
        }
        Some(())
    }
}

/// Follows a variable that is given its text once and read once.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The text.
    pub built: Built,
    /// Where it is built, when that is not where it is used: the end of the assignment.
    pub assigned: Option<u32>,
    /// The expression that builds it.
    pub id: ExprId,
}

/// The text that `id` holds: built right there, or in a variable assigned once in the same function and used only there.
#[must_use]
pub fn traced(code: &Code<'_>, id: ExprId) -> Option<Traced> {
    let inner = through(code, id);
    if matches!(code.kind(inner), ExprKind::Name(_)) {
        let once = super::follow::assigned_once(code, inner, true)?;
        let built = Built::of(code, once.value)?;
        let end = code.span(once.assign).end;
        let safe = |h: &Hole| super::follow::unchanged_between(code, h.value, end, code.span(inner).start);
        return built.holes.iter().all(safe).then_some(Traced {
            built,
            assigned: Some(end),
            id: once.value,
        });
    }
    Some(Traced {
        built: Built::of(code, id)?,
        assigned: None,
        id,
    })
}

/// A variable handed on by reference or with `.as_str()`, `.trim()`.
fn through(code: &Code<'_>, mut id: ExprId) -> ExprId {
    loop {
        id = match code.kind(id) {
            ExprKind::Same(inner)
            | ExprKind::Unary {
                op: "&",
                operand: inner,
            } => *inner,
            ExprKind::Call { callee, args, .. } if args.is_empty() => match code.kind(*callee) {
                ExprKind::Member { base, name, .. }
                    if matches!(code.facts.name(*name), "as_str" | "as_ref" | "trim" | "strip") =>
                {
                    *base
                }
                _ => return id,
            },
            _ => return id,
        };
    }
}
