//! Sentences, names and paths: made safe, measured, cut and broken into lines by cells.

use crate::text::safe;
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Text from outside as one drawable line.
#[must_use]
pub fn safe(text: impl AsRef<[u8]>) -> String {
    safe::visible(text)
}

/// Cells a safe text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The beginning of `text` in at most `cells`, ending in `sign` when something was left out.
#[must_use]
pub fn cut(text: &str, cells: usize, sign: &str) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut room = cells.saturating_sub(width(sign));
    for grapheme in text.graphemes(true) {
        let w = grapheme.width();
        if w > room {
            break;
        }
        room -= w;
        out.push_str(grapheme);
    }
    if cells >= width(sign) {
        out.push_str(sign);
    }
    out
}

/// The end of `text` in at most `cells`, beginning with `sign` when something was left out. For paths: the name matters most.
#[must_use]
pub fn cut_front(text: &str, cells: usize, sign: &str) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut room = cells.saturating_sub(width(sign));
    let mut kept = Vec::new();
    for grapheme in text.graphemes(true).rev() {
        let w = grapheme.width();
        if w > room {
            break;
        }
        room -= w;
        kept.push(grapheme);
    }
    let sign = if cells >= width(sign) { sign } else { "" };
    kept.into_iter().rev().fold(sign.to_owned(), |mut out, g| {
        out.push_str(g);
        out
    })
}

/// A path in at most `cells`: whole, or its name with as much of the folders before it as fits.
#[must_use]
pub fn path(path: &str, cells: usize, sign: &str) -> String {
    if width(path) <= cells {
        return path.to_owned();
    }
    let shorter = path
        .match_indices('/')
        .map(|(at, _)| format!("{sign}{}", &path[at..]))
        .find(|p| width(p) <= cells);
    let name = path.rsplit('/').next().unwrap_or(path);
    shorter.unwrap_or_else(|| cut_front(name, cells, sign))
}

/// `text` broken at blanks into lines of at most `cells`; a longer word is broken where it must. Always at least one line.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let w = width(word);
        let gap = usize::from(used > 0);
        if used + gap + w <= cells {
            if gap > 0 {
                line.push(' ');
            }
            line.push_str(word);
            used += gap + w;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let w = grapheme.width();
            if used + w > cells && used > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += w;
        }
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` broken after every `cells` cells, blanks and all: for code. Always at least one line.
#[must_use]
pub fn wrap_exact(text: &str, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let w = grapheme.width();
        if used + w > cells.max(1) && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
        used += w;
    }
    lines
}

/// `left` and `right` on one line of `cells`; the left is cut to make room, the right keeps its place.
#[must_use]
pub fn between(left: Vec<Span<'static>>, right: Vec<Span<'static>>, cells: usize, sign: &str) -> Line<'static> {
    let right_width: usize = right.iter().map(|s| width(&s.content)).sum();
    if right_width > cells {
        return Line::from(fit(left, cells, sign));
    }
    let room = cells - right_width;
    let left = fit(left, room.saturating_sub(usize::from(right_width > 0)), sign);
    let used: usize = left.iter().map(|s| width(&s.content)).sum();
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(room - used)));
    spans.extend(right);
    Line::from(spans)
}

/// As many of the spans as fit into `cells`, the last one cut.
#[must_use]
pub fn fit(spans: Vec<Span<'static>>, cells: usize, sign: &str) -> Vec<Span<'static>> {
    let total: usize = spans.iter().map(|s| width(&s.content)).sum();
    if total <= cells {
        return spans;
    }
    let mut room = cells;
    let mut out = Vec::new();
    for span in spans {
        let w = width(&span.content);
        // The sign must still fit when this one fills the room and something follows.
        if w < room {
            room -= w;
            out.push(span);
            continue;
        }
        let text = if w == room {
            format!("{} ", span.content)
        } else {
            span.content.into_owned()
        };
        out.push(Span::styled(cut(&text, room, sign), span.style));
        break;
    }
    out
}

/// A styled piece of text that is safe already.
#[must_use]
pub fn span(text: impl Into<String>, style: Style) -> Span<'static> {
    Span::styled(text.into(), style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_cells_and_keeps_wide_characters_whole() {
        assert_eq!(cut("abcdef", 4, "…"), "abc…");
        assert_eq!(cut("漢字漢字", 4, "…"), "漢…");
        assert_eq!(cut("abc", 3, "…"), "abc");
        assert_eq!(cut("abc", 0, "…"), "");
        assert_eq!(cut_front("abcdef", 4, "…"), "…def");
    }

    #[test]
    fn paths_lose_folders_before_names() {
        assert_eq!(path("a/long/way/to/file.rs", 12, "…"), "…/to/file.rs");
        assert_eq!(path("a/long/way/to/file.rs", 11, "…"), "…/file.rs");
        assert_eq!(path("a/b.rs", 6, "…"), "a/b.rs");
        assert_eq!(path("somewhere/a-very-long-name.rs", 8, "…"), "…name.rs");
    }

    #[test]
    fn wrapping_breaks_at_blanks_and_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh i", 3), ["abc", "def", "gh", "i"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("漢字漢字", 3), ["漢", "字", "漢", "字"]);
    }

    #[test]
    fn the_right_keeps_its_place() {
        let line = between(
            vec![Span::raw("a very long left side")],
            vec![Span::raw(":42")],
            12,
            "…",
        );
        let text: String = line.spans.iter().map(|s| s.content.as_ref()).collect();
        assert_eq!(text, "a very … :42");
    }
}
