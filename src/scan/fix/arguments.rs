//! Arguments of a call put in, replaced and taken out, in the call's own layout.

use super::job::{Call, Code, edit, insert};
use crate::{
    lang::{Lang, facts::*},
    scan::{Edit, compile::Selector, compile::Who},
    text::Span,
};

/// An argument's value, wherever it is: an argument of the call, or an entry of an object that is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The argument with this index.
    Arg(usize),
    /// An entry (by index) of the map that is the argument with this index.
    Entry(usize, usize),
}

/// The argument that `selector` names.
#[must_use]
pub fn find(code: &Code<'_>, call: &Call<'_>, selector: &Selector) -> Option<Found> {
    let Who::Arg { position, names } = &selector.who else {
        return None;
    };
    let named = |wanted: &str| {
        let is = |a: &Arg| a.name.is_some_and(|n| code.facts.name(n) == wanted);
        call.args.iter().position(is)
    };
    let field = selector.field.as_deref();
    if let (Some(position), Some(field)) = (position, field) {
        return entry(code, call, *position, field);
    }
    let by_name = names.iter().find_map(|n| named(n)).map(Found::Arg);
    let by_position = || {
        let position = (*position)?;
        let before = call.args.get(..=position)?;
        let plain = |a: &Arg| a.name.is_none() && !matches!(code.kind(a.value), ExprKind::Spread(_));
        before.iter().all(plain).then_some(Found::Arg(position))
    };
    let in_object = || {
        let mut everywhere = names.iter().flat_map(|n| (0..call.args.len()).map(move |i| (n, i)));
        everywhere.find_map(|(name, i)| entry(code, call, i, name))
    };
    by_name.or_else(by_position).or_else(in_object)
}

fn entry(code: &Code<'_>, call: &Call<'_>, arg: usize, key: &str) -> Option<Found> {
    let ExprKind::Map(entries) = code.kind(call.args.get(arg)?.value) else {
        return None;
    };
    let is = |e: &Entry| {
        e.key
            .is_some_and(|k| matches!(code.kind(k), ExprKind::Str(text) if **text == *key))
    };
    entries.iter().position(is).map(|i| Found::Entry(arg, i))
}

/// The expression that was found.
#[must_use]
pub fn value(code: &Code<'_>, call: &Call<'_>, found: Found) -> Option<ExprId> {
    match found {
        Found::Arg(i) => Some(call.args.get(i)?.value),
        Found::Entry(arg, i) => match code.kind(call.args.get(arg)?.value) {
            ExprKind::Map(entries) => Some(entries.get(i)?.value),
            _ => None,
        },
    }
}

/// Where the value of an argument is written, without its name, with parentheses it may stand in.
#[must_use]
pub fn value_span(code: &Code<'_>, arg: &Arg) -> Span {
    match arg.name {
        None => arg.span,
        Some(_) => code.span(arg.value),
    }
}

/// A list as written: its delimiters' insides, and its elements.
pub struct Listed {
    /// Delimiters included.
    pub span: Span,
    /// The elements, in order.
    pub items: Vec<Span>,
}

impl Listed {
    /// The arguments of a call.
    #[must_use]
    pub fn args(call: &Call<'_>) -> Listed {
        Listed {
            span: call.args_span,
            items: call.args.iter().map(|a| a.span).collect(),
        }
    }

    /// The entries of a map literal.
    #[must_use]
    pub fn entries(span: Span, entries: &[Entry]) -> Listed {
        Listed {
            span,
            items: entries.iter().map(|e| e.span).collect(),
        }
    }

    /// Puts `new` before the element with index `at` (at the end when there is none).
    #[must_use]
    pub fn insert(&self, text: &[u8], at: usize, new: &str) -> Option<Edit> {
        let Some(last) = at.checked_sub(1) else {
            return Some(match self.items.first() {
                Some(first) => insert(first.start, format!("{new}, ")),
                None if self.braces(text) => insert(self.span.start + 1, format!(" {new} ")),
                None => insert(self.span.start + 1, new),
            });
        };
        let before = self.items.get(last)?;
        let lead = match own_line(text, self.span, *before) {
            Some(indent) => format!(",\n{indent}"),
            None => ", ".to_owned(),
        };
        Some(insert(before.end, format!("{lead}{new}")))
    }

    /// Takes the element with index `at` out, with one comma.
    #[must_use]
    pub fn remove(&self, text: &[u8], at: usize) -> Option<Edit> {
        let item = self.items.get(at)?;
        let span = match (
            at.checked_sub(1).and_then(|i| self.items.get(i)),
            self.items.get(at + 1),
        ) {
            (Some(before), _) => Span {
                start: before.end,
                end: item.end,
            },
            (None, Some(after)) => Span {
                start: item.start,
                end: after.start,
            },
            (None, None) => {
                let tail = text.get(item.end as usize..self.span.end as usize)?;
                let comma = tail.iter().position(|b| *b == b',').map_or(0, |i| i + 1);
                Span {
                    start: item.start,
                    end: item.end + comma as u32,
                }
            }
        };
        Some(edit(span, ""))
    }

    fn braces(&self, text: &[u8]) -> bool {
        text.get(self.span.start as usize) == Some(&b'{')
    }
}

/// The indentation of `item` when it begins a line of its own inside `whole`.
fn own_line(text: &[u8], whole: Span, item: Span) -> Option<String> {
    let inside = text.get(whole.start as usize..item.start as usize)?;
    let line = inside.iter().rposition(|b| *b == b'\n').map(|i| &inside[i + 1..])?;
    let blank = line.iter().all(|b| matches!(b, b' ' | b'\t'));
    blank.then(|| String::from_utf8_lossy(line).into_owned())
}

/// A named argument as this language writes it in a call.
#[must_use]
pub fn named(lang: Lang, new: bool, name: &str, code: &str) -> Option<String> {
    match lang {
        Lang::Python => Some(format!("{name}={code}")),
        Lang::Go | Lang::Rust if new => Some(format!("{name}: {code}")),
        _ => None,
    }
}
