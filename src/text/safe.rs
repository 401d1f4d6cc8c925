//! Safe text: untrusted bytes as pieces that can be drawn. What is on the screen is what is in the file, and no byte of it
//! reaches the terminal as an escape sequence.
//!
//! Every character that cannot be seen, moves the cursor or reorders text becomes a visible marker (`⟨U+202E RLO⟩`), letters
//! that pass for others are marked inside mixed words, tabs are expanded, bytes that are not UTF-8 are shown as such (`⟨E9⟩`), and
//! whatever would take no cell of its own is made to take one. Each piece keeps the bytes it came from, so that a screen can map spans to cells and
//! back. Works on one line at a time; a line feed inside is marked like any control.

use super::{
    Span,
    hidden::{self, Hidden},
    lookalike,
    unicode::{Class, describe},
};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Distance of tab stops, in cells; 0 draws tabs as markers (for names and other single words).
    pub tab: u8,
    /// Brackets of markers in ASCII (`<U+202E RLO>`), for terminals without the glyphs.
    pub ascii: bool,
    /// True when the text begins where its file begins: a byte order mark there is not marked as suspicious.
    pub file_start: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            tab: 4,
            ascii: false,
            file_start: false,
        }
    }
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text as it is in the file.
    Text,
    /// Spaces that stand for one tab.
    Tab,
    /// A marker for something that hides.
    Marker(Class),
    /// A marker for an invisible character that belongs to ordinary writing here (an emoji joiner): draw it quietly.
    Quiet(Class),
    /// A letter that passes for another.
    LookAlike,
    /// A byte that is not part of valid UTF-8.
    InvalidByte,
}

/// A piece of safe text. Pieces of a line follow each other without gap: their spans cover the line in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The bytes it came from, as offsets into the file (see [`pieces`]).
    pub span: Span,
    /// What to draw: no control, format or zero-width character in it.
    pub text: Cow<'t, str>,
    /// Cells it takes.
    pub width: usize,
    /// What it is.
    pub kind: Kind,
}

/// Most combining marks drawn on one character; more would spill over neighbouring lines.
const MAX_MARKS: usize = 4;

/// Turns one line (or name, or message) into pieces. `at` is the offset of `line` in its file; spans count from there.
#[must_use]
pub fn pieces<'t>(line: &'t [u8], at: u32, look: &Look) -> Vec<Piece<'t>> {
    let mut out = Writer {
        look: *look,
        at: at as usize,
        column: 0,
        pieces: Vec::new(),
    };
    if let Some(text) = simple(line) {
        out.text(0, text);
        return out.pieces;
    }
    let special = specials(line, look);
    let mut next = special.iter().peekable();
    let mut offset = 0;
    for chunk in line.utf8_chunks() {
        let valid = chunk.valid();
        let end = offset + valid.len();
        let mut done = offset;
        while let Some(special) = next.next_if(|s| s.span.range().start < end) {
            let range = special.span.range();
            out.plain(done, &valid[done - offset..range.start - offset]);
            out.special(special, &valid[range.start - offset..range.end - offset]);
            done = range.end;
        }
        out.plain(done, &valid[done - offset..]);
        for (i, byte) in chunk.invalid().iter().enumerate() {
            out.mark(end + i, 1, &format!("{byte:02X}"), Kind::InvalidByte);
        }
        offset = end + chunk.invalid().len();
    }
    out.pieces
}

/// One printable line of `text`, for messages, paths and plain reports. Tabs and line ends are marked too.
#[must_use]
pub fn visible(text: impl AsRef<[u8]>) -> String {
    let look = Look {
        tab: 0,
        ..Look::default()
    };
    pieces(text.as_ref(), 0, &look).into_iter().map(|p| p.text).collect()
}

/// Printable text of several lines: as [`visible`], but line ends stay and tabs are expanded.
#[must_use]
pub fn visible_lines(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.split(|b| *b == b'\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        out.extend(pieces(line, 0, &Look::default()).into_iter().map(|p| p.text));
    }
    out
}

/// Cells that the pieces take together.
#[must_use]
pub fn width(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|p| p.width).sum()
}

impl Piece<'_> {
    /// The cell, counted from the piece's start, where the byte at `offset` is drawn; bytes of one drawn unit share a cell.
    #[must_use]
    pub fn cell_of(&self, offset: u32) -> usize {
        if offset <= self.span.start {
            return 0;
        }
        if offset >= self.span.end {
            return self.width;
        }
        if self.kind != Kind::Text {
            return 0;
        }
        let mut cell = 0;
        let mut byte = self.span.start as usize;
        for grapheme in self.text.graphemes(true) {
            byte += grapheme.len();
            if byte > offset as usize {
                break;
            }
            cell += grapheme.width();
        }
        cell
    }

    /// The byte drawn at `cell`, counted from the piece's start.
    #[must_use]
    pub fn byte_at(&self, cell: usize) -> u32 {
        if cell >= self.width {
            return self.span.end;
        }
        if self.kind != Kind::Text {
            return self.span.start;
        }
        let (mut byte, mut column) = (self.span.start as usize, 0);
        for grapheme in self.text.graphemes(true) {
            column += grapheme.width();
            if column > cell {
                break;
            }
            byte += grapheme.len();
        }
        byte as u32
    }
}

/// Printable ASCII without tabs: the usual case, one piece.
fn simple(line: &[u8]) -> Option<&str> {
    let printable = line.iter().all(|b| matches!(b, b' '..=b'~'));
    printable.then(|| std::str::from_utf8(line).ok()).flatten()
}

/// Something to draw as a marker.
struct Special {
    span: Span,
    what: What,
}

enum What {
    Hidden(Hidden),
    LookAlike,
}

/// What has to be marked in `line`, in order, without overlap.
fn specials(line: &[u8], look: &Look) -> Vec<Special> {
    let hidden = hidden::find(line, look.file_start).into_iter().map(|h| Special {
        span: h.span,
        what: What::Hidden(h),
    });
    let letters = lookalike::mixed_words(line).into_iter().flat_map(|w| w.letters);
    let mut all: Vec<Special> = letters
        .map(|span| Special {
            span,
            what: What::LookAlike,
        })
        .chain(hidden)
        .collect();
    all.sort_by_key(|s| s.span);
    all.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    all
}

struct Writer<'t> {
    look: Look,
    at: usize,
    column: usize,
    pieces: Vec<Piece<'t>>,
}

impl<'t> Writer<'t> {
    fn push(&mut self, start: usize, len: usize, text: Cow<'t, str>, width: usize, kind: Kind) {
        self.column += width;
        let span = Span::new(self.at + start, self.at + start + len);
        self.pieces.push(Piece {
            span,
            text,
            width,
            kind,
        });
    }

    /// A marker for `len` bytes from `start`.
    fn mark(&mut self, start: usize, len: usize, label: &str, kind: Kind) {
        let text = if self.look.ascii {
            format!("<{label}>")
        } else {
            format!("⟨{label}⟩")
        };
        let width = text.width();
        self.push(start, len, Cow::Owned(text), width, kind);
    }

    /// Text without anything special in it, but perhaps with tabs and line ends.
    fn plain(&mut self, start: usize, text: &'t str) {
        let mut at = start;
        for part in text.split_inclusive(['\t', '\n', '\r']) {
            let body = part.trim_end_matches(['\t', '\n', '\r']);
            self.text(at, body);
            at += body.len();
            for c in part[body.len()..].chars() {
                match c {
                    '\t' if self.look.tab > 0 => {
                        let stop = usize::from(self.look.tab);
                        let cells = stop - self.column % stop;
                        self.push(at, 1, Cow::Owned(" ".repeat(cells)), cells, Kind::Tab);
                    }
                    c => self.mark(at, 1, &describe(c), Kind::Marker(Class::Control)),
                }
                at += 1;
            }
        }
    }

    /// Text of visible characters; what would still take no cell, or pile up, is marked.
    fn text(&mut self, start: usize, text: &'t str) {
        if text.is_ascii() {
            if !text.is_empty() {
                self.push(start, text.len(), Cow::Borrowed(text), text.len(), Kind::Text);
            }
            return;
        }
        let mut from = 0;
        for (i, grapheme) in text.grapheme_indices(true) {
            let width = grapheme.width();
            if width > 0 && grapheme.chars().count() <= 1 + MAX_MARKS {
                continue;
            }
            self.run(start, text, from, i);
            let label: Vec<String> = grapheme.chars().map(describe).collect();
            let label = if label.len() > 2 {
                format!("{} +{}", label[0], label.len() - 1)
            } else {
                label.join(" ")
            };
            self.mark(start + i, grapheme.len(), &label, Kind::Marker(Class::Format));
            from = i + grapheme.len();
        }
        self.run(start, text, from, text.len());
    }

    fn run(&mut self, start: usize, text: &'t str, from: usize, to: usize) {
        if from < to {
            let part = &text[from..to];
            // Cell by cell, as a terminal screen is filled: the width of a whole string may differ (ligatures).
            let width = part.graphemes(true).map(UnicodeWidthStr::width).sum();
            self.push(start + from, part.len(), Cow::Borrowed(part), width, Kind::Text);
        }
    }

    fn special(&mut self, special: &Special, source: &str) {
        let (start, len) = (special.span.range().start, special.span.len());
        match &special.what {
            What::LookAlike => {
                let c = source.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                self.mark(start, len, &format!("U+{:04X} {c}", c as u32), Kind::LookAlike);
            }
            // A selector on its base only picks a glyph: the base is drawn, the selector takes no room.
            What::Hidden(hidden) if hidden.legitimate && hidden.class == Class::VariationSelector => {
                self.push(start, len, Cow::Borrowed(""), 0, Kind::Quiet(hidden.class));
            }
            What::Hidden(hidden) => {
                let kind = if hidden.legitimate {
                    Kind::Quiet(hidden.class)
                } else {
                    Kind::Marker(hidden.class)
                };
                self.mark(start, len, &label(hidden), kind);
            }
        }
    }
}

/// What the marker of a hidden run says.
fn label(hidden: &Hidden) -> String {
    let name = match hidden.class {
        _ if hidden.legitimate => {
            super::unicode::short_name(hidden.first).map_or_else(|| describe(hidden.first), str::to_owned)
        }
        _ => describe(hidden.first),
    };
    match (&hidden.spells, hidden.count) {
        (Some(text), _) if !hidden.legitimate => format!("{name} \"{}\"", text.escape_debug()),
        (_, 1) => name,
        (_, count) => format!("{name} x{count}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::text::unicode::class;
    use proptest::prelude::*;

    fn drawn(text: &[u8]) -> String {
        pieces(text, 0, &Look::default()).iter().map(|p| &*p.text).collect()
    }

    #[test]
    fn hidden_characters_become_markers() {
        assert_eq!(drawn("a\u{202e}b".as_bytes()), "a⟨U+202E RLO⟩b");
        assert_eq!(drawn(b"\x1b[2Jx"), "⟨U+001B ESC⟩[2Jx");
        assert_eq!(drawn("us\u{200b}\u{200b}er".as_bytes()), "us⟨U+200B ZWSP x2⟩er");
        assert_eq!(drawn(b"caf\xe9!"), "caf⟨E9⟩!");
        assert_eq!(drawn("\u{430}dmin".as_bytes()), "⟨U+0430 \u{430}⟩dmin");
        assert_eq!(drawn("ok\u{e0068}\u{e0069}".as_bytes()), "ok⟨U+E0068 TAG \"hi\"⟩");
        assert_eq!(visible("a\nb\tc"), "a⟨U+000A LF⟩b⟨U+0009 TAB⟩c");
        assert_eq!(visible_lines("a\r\n\tb"), "a\n    b");
    }

    #[test]
    fn ascii_look_has_ascii_brackets() {
        let look = Look {
            ascii: true,
            ..Look::default()
        };
        let text: String = pieces(b"a\x07", 0, &look).iter().map(|p| &*p.text).collect();
        assert_eq!(text, "a<U+0007 BEL>");
    }

    #[test]
    fn tabs_go_to_stops_and_wide_characters_are_measured() {
        let p = pieces("中\tx".as_bytes(), 10, &Look::default());
        assert_eq!(p.iter().map(|p| p.width).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(p[1].span, Span { start: 13, end: 14 });
        assert_eq!((p[0].cell_of(10), p[0].cell_of(13), p[0].byte_at(1)), (0, 2, 10));
    }

    #[test]
    fn joiners_of_emoji_are_quiet() {
        let p = pieces("👩\u{200d}💻".as_bytes(), 0, &Look::default());
        assert_eq!(p[1].kind, Kind::Quiet(Class::ZeroWidth));
        assert_eq!(p[1].text, "⟨ZWJ⟩");
        assert_eq!(drawn("⚠\u{fe0f} x".as_bytes()), "⚠ x");
        assert_eq!(drawn("a\u{fe0f} x".as_bytes()), "a⟨U+FE0F VS⟩ x");
    }

    #[test]
    fn piled_up_and_orphaned_marks_are_marked() {
        let zalgo = format!("a{}", "\u{301}".repeat(20));
        assert_eq!(drawn(zalgo.as_bytes()), "⟨U+0061 +20⟩");
        assert_eq!(drawn("\u{301}x".as_bytes()), "⟨U+0301⟩x");
        assert_eq!(drawn("e\u{301}".as_bytes()), "e\u{301}");
    }

    /// Text rich in trouble.
    fn nasty() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            "[ -~\t\r\n]{0,6}".prop_map(String::into_bytes),
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
            prop::sample::select(vec![
                "\u{202e}",
                "\u{200d}",
                "👩",
                "\u{fe0f}",
                "\u{301}",
                "\u{e0041}",
                "а",
                "\u{1b}",
                "中",
                "\u{1160}",
                "ש",
            ])
            .prop_map(|s| s.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..4),
        ];
        prop::collection::vec(part, 0..12).prop_map(|v| v.concat())
    }

    proptest! {
        #[test]
        fn nothing_dangerous_passes_and_spans_cover_the_input(text in nasty(), ascii: bool, tab in 0u8..9) {
            let look = Look { tab, ascii, file_start: true };
            let out = pieces(&text, 7, &look);
            let mut at = 7;
            for piece in &out {
                prop_assert_eq!(piece.span.start, at);
                prop_assert!(piece.span.end > at);
                at = piece.span.end;
                for c in piece.text.chars() {
                    prop_assert!(class(c).is_none() && !c.is_control(), "U+{:04X} passed", c as u32);
                }
                prop_assert_eq!(piece.width, piece.text.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>());
                prop_assert!(piece.width > 0 || piece.kind == Kind::Quiet(Class::VariationSelector));
            }
            prop_assert_eq!(at as usize, 7 + text.len());
        }
    }
}
