//! The text of a value as far as it is known: literal pieces and holes.

use super::{Key, V, Value};
use std::rc::Rc;

/// Most pieces kept; what follows is one hole.
const MAX_PIECES: usize = 32;
/// Most bytes of literal text kept in one piece.
const MAX_LITERAL: usize = 2048;

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Known text.
    Lit(Rc<str>),
    /// Something else. The value has no shape of its own.
    Hole(V),
}

/// A text in pieces.
pub type Shape = Rc<[Piece]>;

/// The pieces of a value: its shape, its constant text, or one hole.
pub fn pieces(value: &V) -> Vec<Piece> {
    if let Some(shape) = &value.shape {
        return shape.to_vec();
    }
    if let Some(text) = value.text() {
        return vec![Piece::Lit(text.clone())];
    }
    if let Some(super::Const::Number(number)) = &value.constant {
        return vec![Piece::Lit(number.clone())];
    }
    vec![Piece::Hole(value.clone())]
}

/// The pieces of all the values, one after the other.
#[must_use]
pub fn concat<'v>(values: impl IntoIterator<Item = &'v V>) -> Shape {
    shape(values.into_iter().flat_map(pieces))
}

/// Pieces joined to a shape, within bounds.
pub fn shape(pieces: impl IntoIterator<Item = Piece>) -> Shape {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        let full = all.len() >= MAX_PIECES;
        match (all.last_mut(), piece) {
            (Some(Piece::Lit(last)), Piece::Lit(next)) => {
                if last.len() < MAX_LITERAL {
                    *last = Rc::from(format!("{last}{next}"));
                }
            }
            (Some(Piece::Hole(last)), Piece::Hole(next)) if full => *last = merged(last, &next),
            (Some(last), Piece::Hole(next)) if full => *last = Piece::Hole(next),
            (_, Piece::Lit(_)) if full => {}
            (_, piece) => all.push(piece),
        }
    }
    all.into()
}

fn merged(one: &V, other: &V) -> V {
    Rc::new(Value::carrying(
        one.deep_taints().union(&other.deep_taints()),
        one.unknown || other.unknown,
    ))
}

/// With every hole changed.
pub fn map_holes(shape: &Shape, mut change: impl FnMut(&V) -> V) -> Shape {
    let piece = |piece: &Piece| match piece {
        Piece::Lit(text) => Piece::Lit(text.clone()),
        Piece::Hole(value) => Piece::Hole(change(value)),
    };
    shape.iter().map(piece).collect()
}

/// What [`render`] gives for a list of words, with a space between them: an argument vector as one line. For other values,
/// what [`render`] gives.
#[must_use]
pub fn render_words(value: &V, outside: impl Fn(&Value) -> bool) -> String {
    let words: Option<Vec<(u32, String)>> = value
        .parts
        .as_ref()
        .filter(|_| value.shape.is_none())
        .and_then(|parts| {
            let word = |(key, word): (&Key, &V)| match key {
                Key::Position(at) => Some((*at, render(word, &outside))),
                Key::Text(_) => None,
            };
            parts.entries().map(word).collect()
        });
    match words {
        Some(mut words) if !words.is_empty() => {
            words.sort();
            let rest = value.parts.as_ref().and_then(|p| p.rest());
            let rest = rest.map(|rest| render(rest, &outside));
            let words: Vec<String> = words.into_iter().map(|(_, word)| word).chain(rest).collect();
            words.join(" ")
        }
        _ => render(value, outside),
    }
}

/// The text with its holes written `{}`, and `{!}` where `outside` says that the value comes from outside.
#[must_use]
pub fn render(value: &V, outside: impl Fn(&Value) -> bool) -> String {
    let mut text = String::new();
    for piece in pieces(value) {
        match piece {
            Piece::Lit(lit) => text.push_str(&lit),
            Piece::Hole(hole) if outside(&hole) => text.push_str("{!}"),
            Piece::Hole(_) => text.push_str("{}"),
        }
    }
    text
}
