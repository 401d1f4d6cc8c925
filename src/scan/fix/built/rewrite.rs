//! What a verb decided about built text, put back into the source: only what it speaks of changes, literals that become neighbours are
//! joined, formats that have nothing left to fill are no formats any more.

use super::{Built, Filled, Form, Notation, Tok};
use crate::{
    lang::Lang,
    scan::{
        Edit,
        fix::{
            job::{Code, edit, insert},
            literal::Style,
        },
    },
    text::Span,
};

/// A stretch of [`Built::toks`] and the text that takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The first.
    pub from: usize,
    /// One past the last; at least one.
    pub to: usize,
    /// Text for inside a literal, in which no character needs an escape.
    pub new: String,
}

/// What becomes of percent signs that stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percent {
    /// The text keeps each as it is.
    Keep,
    /// The text has each twice: whoever reads it takes `%` for the beginning of a placeholder.
    Double,
}

/// Where a change begins or ends.
struct Edge {
    at: u32,
    literal: Option<usize>,
}

impl Built {
    /// The edits that make `changes` (in order, not overlapping); `None` when they cannot be made.
    #[must_use]
    pub fn rewritten(&self, code: &Code<'_>, changes: &[Change], percent: Percent) -> Option<Vec<Edit>> {
        let lang = code.lang();
        let gone = |tok: usize| changes.iter().any(|c| c.from <= tok && tok < c.to);
        let left: Vec<usize> = (0..self.toks.len())
            .filter(|i| !gone(*i))
            .filter_map(|i| match self.toks[i] {
                Tok::Hole(hole) => Some(hole),
                Tok::Char { .. } => None,
            })
            .collect();
        // Literals joined to one keep the opening of the first.
        let mut joined: Vec<usize> = (0..self.literals.len()).collect();
        let mut edits = Vec::new();
        let still_printf = matches!(&self.form, Form::Filled(f) if f.percent()) && !left.is_empty();
        for change in changes {
            let new = if still_printf {
                change.new.replace('%', "%%")
            } else {
                change.new.clone()
            };
            edits.push(self.changed(lang, change, &new, &mut joined)?);
        }
        let holes_in = |literal: usize| {
            let group = joined[literal];
            left.iter()
                .any(|h| self.holes[*h].literal.is_some_and(|l| joined[l] == group))
        };
        for (_, tok) in self.toks.iter().enumerate().filter(|(i, _)| !gone(*i)) {
            if let Tok::Char { ch, literal, span } = tok {
                // What doubles characters: holes in the same literal, or a format around all of them.
                let doubles = match self.form {
                    Form::Filled(_) => !left.is_empty(),
                    _ => holes_in(*literal),
                };
                edits.extend(self.character(lang, (*ch, *literal, *span), doubles, percent));
            }
        }
        for (i, literal) in self.literals.iter().enumerate() {
            let plain = literal.style.unformatted();
            if lang == Lang::Python && joined[i] == i && literal.style != plain && !holes_in(i) {
                let span = Span::new(
                    literal.span.start as usize,
                    literal.span.start as usize + literal.style.prefix.len(),
                );
                edits.push(edit(span, plain.prefix));
            }
        }
        if let Form::Filled(filled) = &self.form {
            edits.extend(self.refilled(code, filled, &left)?);
        }
        if left.is_empty() {
            edits.extend(self.wrapping.iter().cloned());
        }
        Some(edits)
    }

    /// One change.
    fn changed(&self, lang: Lang, change: &Change, new: &str, joined: &mut [usize]) -> Option<Edit> {
        let start = self.start(change.from)?;
        let end = self.end(change.to.checked_sub(1)?)?;
        let span = Span {
            start: start.at,
            end: end.at,
        };
        let style = |literal: usize| &self.literals[literal].style;
        let text = match (start.literal, end.literal) {
            (Some(a), Some(b)) if a == b => new.to_owned(),
            (Some(a), Some(b)) if self.joins(lang, a, b) => {
                let group = joined[a];
                joined[b] = group;
                new.to_owned()
            }
            (Some(a), Some(b)) => {
                let operator = if self.form == Form::Sum { " + " } else { " " };
                let (close, open) = (&style(a).close, style(b));
                format!("{new}{close}{operator}{}{}", open.prefix, open.open)
            }
            (Some(a), None) => format!("{new}{}", style(a).close),
            (None, Some(b)) => format!("{}{}{new}", style(b).prefix, style(b).open),
            (None, None) => {
                let plain = self
                    .literals
                    .first()
                    .map_or_else(|| Style::plain("\""), |l| l.style.unformatted());
                format!("{}{}{new}{}", plain.prefix, plain.open, plain.close)
            }
        };
        Some(edit(span, text))
    }

    /// Where a change that begins with this token begins: an operand is taken from the end of the literal before it.
    fn start(&self, tok: usize) -> Option<Edge> {
        match self.toks.get(tok)? {
            Tok::Char { literal, span, .. } => Some(Edge {
                at: span.start,
                literal: Some(*literal),
            }),
            Tok::Hole(hole) => {
                let hole = &self.holes[*hole];
                if hole.literal.is_some() {
                    return Some(Edge {
                        at: hole.span.start,
                        literal: hole.literal,
                    });
                }
                let before = self.literals.iter().rposition(|l| l.span.end <= hole.span.start);
                let touches = |l: usize| match tok.checked_sub(1).map(|t| self.toks[t]) {
                    Some(Tok::Char { literal, .. }) => literal == l,
                    Some(Tok::Hole(before)) => self.holes[before].literal == Some(l),
                    None => false,
                };
                Some(match before.filter(|l| touches(*l)) {
                    Some(l) => Edge {
                        at: self.literals[l].content.end,
                        literal: Some(l),
                    },
                    None => Edge {
                        at: hole.span.start,
                        literal: None,
                    },
                })
            }
        }
    }

    /// Where a change that ends with this token ends: an operand is taken up to the beginning of the literal after it.
    fn end(&self, tok: usize) -> Option<Edge> {
        match self.toks.get(tok)? {
            Tok::Char { literal, span, .. } => Some(Edge {
                at: span.end,
                literal: Some(*literal),
            }),
            Tok::Hole(hole) => {
                let hole = &self.holes[*hole];
                if hole.literal.is_some() {
                    return Some(Edge {
                        at: hole.span.end,
                        literal: hole.literal,
                    });
                }
                let after = self.literals.iter().position(|l| hole.span.end <= l.span.start);
                let touches = |l: usize| match self.toks.get(tok + 1) {
                    Some(Tok::Char { literal, .. }) => *literal == l,
                    Some(Tok::Hole(after)) => self.holes[*after].literal == Some(l),
                    None => self.literals[l].content.is_empty(),
                };
                Some(match after.filter(|l| touches(*l)) {
                    Some(l) => Edge {
                        at: self.literals[l].content.start,
                        literal: Some(l),
                    },
                    None => Edge {
                        at: hole.span.end,
                        literal: None,
                    },
                })
            }
        }
    }

    /// True when the text of `b` may go on inside the quotes of `a`.
    fn joins(&self, lang: Lang, a: usize, b: usize) -> bool {
        let (first, second) = (&self.literals[a], &self.literals[b]);
        let has_holes = |l: usize| self.holes.iter().any(|h| h.literal == Some(l));
        let braces = |l: usize| {
            let brace = |t: &Tok| matches!(t, Tok::Char { ch: '{' | '}' | '$', literal, .. } if *literal == l);
            self.toks.iter().any(brace)
        };
        let formatted = |l: usize| self.literals[l].style.formatted(lang);
        let same_sort = formatted(a) == formatted(b)
            || !formatted(b) && !braces(b) && !braces(a)
            || formatted(b) && !has_holes(b) && !braces(b);
        first.style.open == second.style.open
            && first.style.close == second.style.close
            && first.style.raw(lang) == second.style.raw(lang)
            && same_sort
    }

    /// What becomes of a character (with its literal and place) that stays: doubled ones are undone where nothing doubles them any more.
    fn character(&self, lang: Lang, tok: (char, usize, Span), doubles: bool, percent: Percent) -> Option<Edit> {
        let (ch, literal, span) = tok;
        let twice = span.len() == 2;
        match (ch, &self.form) {
            ('%', Form::Filled(filled)) if filled.percent() => match (doubles, percent) {
                (false, Percent::Keep) if twice => Some(edit(span, "%")),
                (true, Percent::Double) if twice => Some(edit(span, "%%%%")),
                _ => None,
            },
            ('%', _) if percent == Percent::Double => Some(insert(span.end, "%")),
            ('{' | '}', Form::Filled(filled)) if filled.braces() && twice && !doubles => {
                Some(edit(span, ch.to_string()))
            }
            ('{' | '}', Form::Template | Form::Sum) if twice && !doubles && lang == Lang::Python => {
                let formatted = self.literals[literal].style.formatted(lang);
                formatted.then(|| edit(span, ch.to_string()))
            }
            _ => None,
        }
    }

    /// The format's arguments that are still needed.
    fn refilled(&self, code: &Code<'_>, filled: &Filled, left: &[usize]) -> Option<Vec<Edit>> {
        if left.is_empty() {
            return Some(vec![edit(filled.head, ""), edit(filled.tail, "")]);
        }
        if left.len() == self.holes.len() {
            return Some(Vec::new());
        }
        let values: Vec<Span> = left.iter().map(|h| code.span(self.holes[*h].value)).collect();
        match filled.notation {
            Notation::PercentNamed => None,
            Notation::Percent => {
                let texts: Option<Vec<&str>> = values
                    .iter()
                    .map(|s| std::str::from_utf8(s.of(code.text)).ok())
                    .collect();
                let texts = texts?;
                let comma = if texts.len() == 1 { "," } else { "" };
                Some(vec![edit(filled.tail, format!(" % ({}{comma})", texts.join(", ")))])
            }
            Notation::Braces | Notation::Sprintf | Notation::Macro => {
                // Numbered holes would count wrong; only those filled in turn may lose some.
                let numbered =
                    |h: &super::Hole| h.span.of(code.text).get(1).is_some_and(u8::is_ascii_digit) && filled.braces();
                if self.holes.iter().any(numbered) {
                    return None;
                }
                let mut edits = Vec::new();
                let open = filled.tail.start;
                for (i, arg) in filled.args.iter().enumerate() {
                    if values.contains(arg) {
                        continue;
                    }
                    let before = match (i.checked_sub(1), filled.notation) {
                        (Some(i), _) => filled.args[i].end,
                        (None, Notation::Braces) => {
                            // `.format(a, b)`: the first has no comma before it.
                            let next = filled.args.get(1)?;
                            edits.push(edit(
                                Span {
                                    start: arg.start,
                                    end: next.start,
                                },
                                "",
                            ));
                            continue;
                        }
                        (None, _) => open,
                    };
                    edits.push(edit(
                        Span {
                            start: before,
                            end: arg.end,
                        },
                        "",
                    ));
                }
                Some(edits)
            }
        }
    }
}

impl Filled {
    fn percent(&self) -> bool {
        matches!(
            self.notation,
            Notation::Percent | Notation::PercentNamed | Notation::Sprintf
        )
    }

    fn braces(&self) -> bool {
        matches!(self.notation, Notation::Braces | Notation::Macro)
    }
}
