//! The footer: what the keys do here, now; and over it what was just said.

use super::Brush;
use crate::tui::{
    keymap::{Key, Keymap, Mode},
    theme::Role,
    widgets::{
        prose::{self, span},
        row,
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done, or is so.
    Plain,
    /// Something wants attention.
    Warn,
    /// Something failed.
    Bad,
}

/// Something said to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The sentence.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// Draws a message into a horizontal line, at its left.
pub fn draw_message(message: &Message, rule: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let role = match message.tone {
        Tone::Plain => Role::Strong,
        Tone::Warn => Role::Warn,
        Tone::Bad => Role::Bad,
    };
    let room = usize::from(rule.width.saturating_sub(4));
    let text = prose::cut(&message.text, room, brush.glyphs.ellipsis);
    let line = Line::from(span(format!(" {text} "), brush.style(role)));
    let at = Rect::new(rule.x + 1, rule.y, rule.width.saturating_sub(2), 1);
    row::draw(&line, at, buffer);
}

/// Key and word pairs as one row of spans.
#[must_use]
pub fn hints(pairs: &[(String, String)], brush: Brush<'_>) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    for (i, (key, word)) in pairs.iter().enumerate() {
        if i > 0 {
            spans.push(Span::raw("   "));
        }
        spans.push(span(key.clone(), brush.style(Role::Key)));
        spans.push(span(format!(" {word}"), brush.style(Role::Dim)));
    }
    spans
}

/// The hints of a dialog, read off the key table.
#[must_use]
pub fn dialog_hints(keymap: &Keymap, mode: Mode, brush: Brush<'_>) -> Vec<Span<'static>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for binding in keymap.of(mode).filter(|b| !b.hint.is_empty()) {
        if !pairs.iter().any(|(_, word)| *word == binding.hint) {
            pairs.push((binding.written(), binding.hint.clone()));
        }
    }
    hints(&pairs, brush)
}

/// Draws as many pairs as fit; the last one (help) always has its place.
pub fn draw(pairs: &[(String, String)], area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let gap = if area.width < 100 { "  " } else { "   " };
    let width = |(key, word): &(String, String)| prose::width(key) + 1 + prose::width(word);
    let room = usize::from(area.width.saturating_sub(2));
    let Some((last, rest)) = pairs.split_last() else { return };
    let mut used = width(last);
    let mut spans = vec![Span::raw(" ")];
    let push = |pair: &(String, String), spans: &mut Vec<Span<'static>>| {
        spans.push(span(pair.0.clone(), brush.style(Role::Key)));
        spans.push(span(format!(" {}{gap}", pair.1), brush.style(Role::Dim)));
    };
    for pair in rest {
        if used + gap.len() + width(pair) <= room {
            used += gap.len() + width(pair);
            push(pair, &mut spans);
        }
    }
    push(last, &mut spans);
    row::draw(&Line::from(spans), area, buffer);
}

/// What may follow the keys typed so far.
#[must_use]
pub fn pending(keymap: &Keymap, modes: &[Mode], keys: &[Key], count: Option<usize>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if let Some(count) = count {
        pairs.push((count.to_string(), "times".to_owned()));
    }
    if !keys.is_empty() {
        for binding in keymap.after(modes, keys) {
            pairs.push((binding.written(), binding.desc.clone()));
        }
    }
    pairs
}
