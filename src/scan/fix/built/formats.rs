//! Formats with arguments: `%`, `.format`, `Sprintf`, `format!`. Their holes are read again from the source, because facts keep the
//! template as one text.

use super::{Built, Filled, Form, Hole, Notation, Show, Tok};
use crate::{
    lang::{Lang, facts::*},
    scan::fix::{arguments::value_span, job::Code, names},
    text::Span,
};

impl Built {
    /// A format with its arguments.
    pub(super) fn filled(&mut self, code: &Code<'_>, id: ExprId) -> Option<()> {
        let span = code.span(id);
        match code.kind(id) {
            ExprKind::Format { template, args, style } => {
                let named = args.iter().any(|a| a.name.is_some());
                let notation = match (style, named) {
                    (FormatStyle::Printf, false) => Notation::Percent,
                    (FormatStyle::Printf, true) => Notation::PercentNamed,
                    (FormatStyle::Braces, _) => Notation::Braces,
                };
                self.texts(code, *template, notation)?;
                self.fill(code, args, notation)?;
                let head = Span {
                    start: span.start,
                    end: span.start,
                };
                let tail = tail_of(code, self.literals.last()?.span.end, span.end, notation)?;
                self.set_form(code, head, tail, args, notation);
            }
            ExprKind::Call { callee, args, .. } => {
                let path = names::path(code, *callee)?;
                let (first, rest) = args.split_first()?;
                match (path.as_str(), code.kind(first.value)) {
                    ("fmt.Sprintf", _) => {
                        self.texts(code, first.value, Notation::Sprintf)?;
                        self.fill(code, rest, Notation::Sprintf)?;
                        self.around(code, span, rest, Notation::Sprintf)?;
                    }
                    ("format!", ExprKind::Template { tag: None, parts }) => {
                        self.template(code, first.value, parts)?;
                        self.around(code, span, rest, Notation::Macro)?;
                    }
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// A call's own text before and after the literals goes with it.
    fn around(&mut self, code: &Code<'_>, span: Span, args: &[Arg], notation: Notation) -> Option<()> {
        let (first, last) = (self.literals.first()?.span, self.literals.last()?.span);
        let head = Span {
            start: span.start,
            end: first.start,
        };
        let tail = Span {
            start: last.end,
            end: span.end,
        };
        self.set_form(code, head, tail, args, notation);
        Some(())
    }

    fn set_form(&mut self, code: &Code<'_>, head: Span, tail: Span, args: &[Arg], notation: Notation) {
        let mut spans: Vec<Span> = match notation {
            // A macro's arguments are in the template's holes.
            Notation::Macro => {
                let values = self.holes.iter().map(|h| code.span(h.value));
                values.filter(|s| tail.contains(*s)).collect()
            }
            _ => args.iter().map(|a| value_span(code, a)).collect(),
        };
        spans.sort();
        spans.dedup();
        self.form = Form::Filled(Filled {
            head,
            tail,
            args: spans,
            notation,
        });
    }

    /// The template's literals, with doubled characters undone.
    fn texts(&mut self, code: &Code<'_>, template: ExprId, notation: Notation) -> Option<()> {
        let doubled: &[char] = match notation {
            Notation::Braces | Notation::Macro => &['{', '}'],
            _ => &['%'],
        };
        match code.kind(template) {
            ExprKind::Str(_) => self.chars_of(code, code.span(template), &[], doubled),
            ExprKind::Concat(all) => {
                let texts = all.iter().all(|id| matches!(code.kind(*id), ExprKind::Str(_)));
                if !texts {
                    return None;
                }
                all.iter()
                    .try_for_each(|id| self.chars_of(code, code.span(*id), &[], doubled))
            }
            _ => None,
        }
    }

    /// Makes holes of what the characters say, each with the argument that fills it.
    fn fill(&mut self, code: &Code<'_>, args: &[Arg], notation: Notation) -> Option<()> {
        if args.iter().any(|a| matches!(code.kind(a.value), ExprKind::Spread(_))) {
            return None;
        }
        let all = std::mem::take(&mut self.toks);
        let mut next = 0;
        let mut used = vec![false; args.len()];
        let mut at = 0;
        while at < all.len() {
            let begins = match (all[at], notation) {
                (Tok::Char { ch: '{', span, .. }, Notation::Braces) => span.len() == 1,
                (Tok::Char { ch: '%', span, .. }, Notation::Percent | Notation::PercentNamed | Notation::Sprintf) => {
                    span.len() == 1
                }
                _ => false,
            };
            if !begins {
                self.toks.push(all[at]);
                at += 1;
                continue;
            }
            let field = match notation {
                Notation::Braces => braces(&all[at..])?,
                _ => printf(&all[at..], code.lang())?,
            };
            let index = match &field.name {
                Name::Next => {
                    next += 1;
                    next - 1
                }
                Name::At(index) => *index,
                Name::Of(name) => args
                    .iter()
                    .position(|a| a.name.is_some_and(|n| code.facts.name(n) == name))?,
            };
            let value = args.get(index)?.value;
            used[index] = true;
            self.hole(field_hole(&all[at..at + field.len], value, field.show)?);
            at += field.len;
        }
        used.iter().all(|u| *u).then_some(())
    }
}

fn field_hole(toks: &[Tok], value: ExprId, show: Show) -> Option<Hole> {
    let (
        Tok::Char {
            literal, span: first, ..
        },
        Tok::Char {
            literal: end,
            span: last,
            ..
        },
    ) = (*toks.first()?, *toks.last()?)
    else {
        return None;
    };
    (literal == end).then_some(Hole {
        value,
        span: first.to(last),
        literal: Some(literal),
        show,
    })
}

/// Which argument fills a hole.
enum Name {
    Next,
    At(usize),
    Of(String),
}

/// One hole as written: how many characters, which argument, how it is shown.
struct Field {
    len: usize,
    name: Name,
    show: Show,
}

fn chars(toks: &[Tok]) -> impl Iterator<Item = char> {
    toks.iter().map(|t| match t {
        Tok::Char { ch, .. } => *ch,
        Tok::Hole(_) => '\0',
    })
}

/// `%-5.2s`, `%(name)s`.
fn printf(toks: &[Tok], lang: Lang) -> Option<Field> {
    let mut rest = chars(toks).skip(1).peekable();
    let mut len = 1;
    let mut name = Name::Next;
    if rest.peek() == Some(&'(') {
        let inner: String = rest.by_ref().skip(1).take_while(|c| *c != ')').collect();
        len += inner.chars().count() + 2;
        name = Name::Of(inner);
    }
    let mut plain = true;
    loop {
        let next = rest.next()?;
        len += 1;
        let show = match next {
            '-' | '+' | ' ' | '#' | '.' | '0'..='9' => {
                plain = false;
                continue;
            }
            's' => Show::Plain,
            'v' if lang == Lang::Go => Show::Plain,
            'q' if lang == Lang::Go => Show::Quoted,
            'r' | 'a' if lang == Lang::Python => Show::Quoted,
            'd' | 'i' | 'u' | 'f' | 'F' | 'g' | 'G' | 'e' | 'E' | 't' => Show::Number,
            'x' | 'X' | 'o' | 'c' | 'b' | 'p' | 'T' | 'U' => Show::Formatted,
            _ => return None,
        };
        let show = if plain || show == Show::Quoted {
            show
        } else {
            Show::Formatted
        };
        return Some(Field { len, name, show });
    }
}

/// `{}`, `{0}`, `{name!r:>10}`.
fn braces(toks: &[Tok]) -> Option<Field> {
    let inner: String = chars(toks).skip(1).take_while(|c| *c != '}').collect();
    let len = inner.chars().count() + 2;
    if inner.contains('{') || toks.len() < len {
        return None;
    }
    let end = inner.find(['!', ':']).unwrap_or(inner.len());
    let (name, how) = inner.split_at(end);
    let name = match name {
        "" => Name::Next,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Name::At(digits.parse().ok()?),
        word if names::is_word(word) => Name::Of(word.to_owned()),
        _ => return None,
    };
    let show = match how {
        "" | "!s" | ":" => Show::Plain,
        "!r" | "!a" => Show::Quoted,
        ":d" | ":n" => Show::Number,
        _ => Show::Formatted,
    };
    Some(Field { len, name, show })
}

/// How a hole in an interpolated string is shown.
pub(super) fn shown_in_template(code: &Code<'_>, value: ExprId, hole: Span) -> Show {
    let text = String::from_utf8_lossy(hole.of(code.text));
    match code.lang() {
        Lang::Python => {
            let end = code.span(value).end;
            let after = Span {
                start: end.min(hole.end),
                end: hole.end,
            };
            let after = String::from_utf8_lossy(after.of(code.text)).into_owned();
            let after = after
                .trim_start_matches([' ', ')', '\n', '\r', '\t'])
                .trim_end_matches('}');
            match (after.trim_end(), code.kind(value)) {
                ("" | "!s", _) => Show::Plain,
                ("!r" | "!a", _) => Show::Quoted,
                (":d" | ":n", _) => Show::Number,
                _ => Show::Formatted,
            }
        }
        Lang::Rust => match text.split_once(':').map(|(_, how)| how) {
            None | Some("}") => Show::Plain,
            Some("?}") => Show::Quoted,
            Some(_) => Show::Formatted,
        },
        _ => Show::Plain,
    }
}

/// ` % (a, b)` or `.format(a, b)`: from the operator, which a closing parenthesis of the template may precede.
fn tail_of(code: &Code<'_>, from: u32, to: u32, notation: Notation) -> Option<Span> {
    let operator = if notation == Notation::Braces { b'.' } else { b'%' };
    let between = code.text.get(from as usize..to as usize)?;
    let at = between.iter().position(|b| *b == operator)?;
    let before = &between[..at];
    if !before.iter().all(|b| b.is_ascii_whitespace() || *b == b')') {
        return None;
    }
    let start = from + before.trim_ascii_end().len() as u32;
    Some(Span { start, end: to })
}
