//! One line of untrusted code, cell by cell: tokens, marks and visible stand-ins for what hides.
//!
//! Works on bytes, so that the spans of tokens, differing words, findings and search matches need no conversion. A line is drawn
//! either cut at the right edge or wrapped over several rows; the same walk measures and draws.

use crate::{
    text::{
        Span,
        safe::{self, Kind, Look, Piece},
    },
    tui::{
        glyphs::Glyphs,
        highlight::Token,
        theme::{Role, Theme},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells of one line that are drawn at all; the rest is named by its size.
pub const MAX_CELLS: usize = 4000;

/// A style for some bytes of the file, over what lies below.
#[derive(Clone, Copy, Debug)]
pub struct Overlay {
    /// Which bytes of the file.
    pub span: Span,
    /// Laid over the style so far.
    pub style: Style,
    /// Draw these bytes as dots: a secret.
    pub mask: bool,
}

/// A line to draw.
#[derive(Clone, Copy, Debug)]
pub struct CodeLine<'a> {
    /// Its bytes, without the line ending.
    pub bytes: &'a [u8],
    /// Where it begins in its file.
    pub at: u32,
    /// How to draw what hides.
    pub look: Look,
    /// Kinds of tokens, by bytes of the line.
    pub tokens: &'a [Token],
    /// Marks, lowest first.
    pub overlays: &'a [Overlay],
    /// Below everything.
    pub base: Style,
}

/// One drawn unit.
struct Unit<'p> {
    text: &'p str,
    width: usize,
    style: Style,
}

impl CodeLine<'_> {
    /// Calls `each` with every unit in order.
    fn walk(&self, theme: &Theme, glyphs: &Glyphs, mut each: impl FnMut(Unit<'_>)) {
        let (bytes, hidden) = self.clipped();
        for piece in safe::pieces(bytes, self.at, &self.look) {
            self.walk_piece(&piece, theme, glyphs, &mut each);
        }
        if hidden > 0 {
            let text = format!(" {} {hidden} more bytes", glyphs.ellipsis);
            let style = self.base.patch(theme.style(Role::Hidden));
            for grapheme in text.graphemes(true) {
                each(Unit {
                    text: grapheme,
                    width: grapheme.width(),
                    style,
                });
            }
        }
    }

    /// The part that is drawn, and how many bytes are not.
    fn clipped(&self) -> (&[u8], usize) {
        if self.bytes.len() <= MAX_CELLS {
            return (self.bytes, 0);
        }
        let mut end = MAX_CELLS;
        while end > MAX_CELLS - 4 && self.bytes[end] & 0b1100_0000 == 0b1000_0000 {
            end -= 1;
        }
        (&self.bytes[..end], self.bytes.len() - end)
    }

    fn walk_piece(&self, piece: &Piece<'_>, theme: &Theme, glyphs: &Glyphs, each: &mut impl FnMut(Unit<'_>)) {
        let own = match piece.kind {
            Kind::Text | Kind::Tab => None,
            Kind::Quiet(_) => Some(theme.style(Role::Faint)),
            Kind::Marker(_) | Kind::LookAlike | Kind::InvalidByte => Some(theme.style(Role::Hidden)),
        };
        let mut byte = piece.span.start;
        for grapheme in piece.text.graphemes(true) {
            let (style, mask) = self.style_at(byte, theme);
            let style = own.map_or(style, |own| style.patch(own));
            let width = grapheme.width();
            if mask {
                for _ in 0..width {
                    each(Unit {
                        text: if glyphs.ascii { "*" } else { "•" },
                        width: 1,
                        style,
                    });
                }
            } else {
                each(Unit {
                    text: grapheme,
                    width,
                    style,
                });
            }
            if piece.kind == Kind::Text {
                byte += grapheme.len() as u32;
            }
        }
    }

    fn style_at(&self, byte: u32, theme: &Theme) -> (Style, bool) {
        let mut style = self.base;
        let in_line = byte - self.at;
        let index = self.tokens.partition_point(|t| t.end <= in_line);
        if let Some(token) = self.tokens.get(index).filter(|t| t.start <= in_line) {
            style = style.patch(theme.syntax(token.kind));
        }
        let mut mask = false;
        for overlay in self.overlays {
            if overlay.span.start <= byte && byte < overlay.span.end {
                style = style.patch(overlay.style);
                mask |= overlay.mask;
            }
        }
        (style, mask)
    }

    /// Cells the whole line takes.
    #[must_use]
    pub fn width(&self, theme: &Theme, glyphs: &Glyphs) -> usize {
        let mut width = 0;
        self.walk(theme, glyphs, |unit| width += unit.width);
        width
    }

    /// Draws the line into `area`, skipping the first `skip` cells; a line that goes on beyond the right edge ends in a sign. True
    /// when nothing of the line is beyond the edge.
    pub fn draw_cut(&self, area: Rect, skip: usize, theme: &Theme, glyphs: &Glyphs, buffer: &mut Buffer) -> bool {
        let (mut column, width) = (0, usize::from(area.width));
        let mut over = false;
        self.walk(theme, glyphs, |unit| {
            let (from, to) = (column, column + unit.width);
            column = to;
            if from >= skip && to <= skip + width {
                put(buffer, area.x + (from - skip) as u16, area.y, &unit);
            } else if to > skip + width {
                over = true;
            }
        });
        if over && width > 0 {
            let style = self.base.patch(theme.style(Role::Faint));
            put(
                buffer,
                area.right() - 1,
                area.y,
                &Unit {
                    text: glyphs.ellipsis,
                    width: 1,
                    style,
                },
            );
        }
        !over
    }

    /// Draws the line wrapped into `area`, leaving out the first `skip` rows.
    pub fn draw_wrapped(&self, area: Rect, skip: usize, theme: &Theme, glyphs: &Glyphs, buffer: &mut Buffer) {
        let mut wrap = Wrapping::new(area.width);
        self.walk(theme, glyphs, |unit| {
            let (row, column) = wrap.place(unit.width);
            let Some(row) = row.checked_sub(skip).filter(|r| *r < usize::from(area.height)) else {
                return;
            };
            put(buffer, area.x + column as u16, area.y + row as u16, &unit);
        });
    }
}

/// Rows a line takes when wrapped at `width` cells.
#[must_use]
pub fn wrapped_rows(bytes: &[u8], look: &Look, width: u16) -> usize {
    if width == 0 {
        return 1;
    }
    if bytes.len() <= MAX_CELLS && bytes.iter().all(|b| matches!(b, b' '..=b'~')) {
        return bytes.len().div_ceil(usize::from(width)).max(1);
    }
    let line = CodeLine {
        bytes,
        at: 0,
        look: *look,
        tokens: &[],
        overlays: &[],
        base: Style::new(),
    };
    let mut wrap = Wrapping::new(width);
    let (clipped, hidden) = line.clipped();
    for piece in safe::pieces(clipped, 0, look) {
        for grapheme in piece.text.graphemes(true) {
            wrap.place(grapheme.width());
        }
    }
    if hidden > 0 {
        for _ in 0..format!(" . {hidden} more bytes").len() {
            wrap.place(1);
        }
    }
    wrap.row + 1
}

/// Where the next unit goes.
struct Wrapping {
    width: usize,
    row: usize,
    column: usize,
}

impl Wrapping {
    fn new(width: u16) -> Self {
        Self {
            width: usize::from(width).max(1),
            row: 0,
            column: 0,
        }
    }

    fn place(&mut self, width: usize) -> (usize, usize) {
        if self.column + width > self.width && self.column > 0 {
            self.row += 1;
            self.column = 0;
        }
        let at = (self.row, self.column);
        self.column += width;
        at
    }
}

fn put(buffer: &mut Buffer, x: u16, y: u16, unit: &Unit<'_>) {
    if unit.width == 0 {
        return;
    }
    if let Some(cell) = buffer.cell_mut((x, y)) {
        cell.set_symbol(unit.text).set_style(unit.style);
    }
    for extra in 1..unit.width {
        if let Some(cell) = buffer.cell_mut((x + extra as u16, y)) {
            cell.reset();
            cell.set_style(unit.style);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::theme::{Background, Depth};
    use ratatui::style::Modifier;

    fn theme() -> Theme {
        Theme::built_in(Background::Dark, Depth::True).unwrap()
    }

    fn line(bytes: &[u8]) -> CodeLine<'_> {
        CodeLine {
            bytes,
            at: 100,
            look: Look::default(),
            tokens: &[],
            overlays: &[],
            base: Style::new(),
        }
    }

    fn text(buffer: &Buffer, y: u16) -> String {
        (0..buffer.area.width)
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
    }

    #[test]
    fn a_cut_line_says_that_it_goes_on_and_scrolls() {
        let area = Rect::new(0, 0, 8, 1);
        let mut buffer = Buffer::empty(area);
        assert!(!line(b"0123456789").draw_cut(area, 0, &theme(), &Glyphs::unicode(), &mut buffer));
        assert_eq!(text(&buffer, 0), "0123456…");
        let mut buffer = Buffer::empty(area);
        assert!(line(b"0123456789").draw_cut(area, 2, &theme(), &Glyphs::unicode(), &mut buffer));
        assert_eq!(text(&buffer, 0), "23456789");
    }

    #[test]
    fn wide_characters_are_never_halved() {
        let area = Rect::new(0, 0, 5, 2);
        let mut buffer = Buffer::empty(area);
        line("漢字漢字".as_bytes()).draw_wrapped(area, 0, &theme(), &Glyphs::unicode(), &mut buffer);
        assert_eq!(
            (text(&buffer, 0).trim_end(), text(&buffer, 1).trim_end()),
            ("漢 字", "漢 字")
        );
        assert_eq!(wrapped_rows("漢字漢字".as_bytes(), &Look::default(), 5), 2);
    }

    #[test]
    fn measuring_and_drawing_agree() {
        let (theme, glyphs) = (theme(), Glyphs::unicode());
        let long = vec![b'x'; MAX_CELLS + 10];
        for bytes in [
            "",
            "plain",
            "\ttab\tand 漢字",
            "zero\u{200b}width \u{202e}rtl",
            "e\u{301}",
        ]
        .map(str::as_bytes)
        .into_iter()
        .chain([&long[..]])
        {
            for width in [1_u16, 7, 40] {
                let mut rows = Wrapping::new(width);
                line(bytes).walk(&theme, &glyphs, |unit| {
                    rows.place(unit.width);
                });
                assert_eq!(
                    rows.row + 1,
                    wrapped_rows(bytes, &Look::default(), width),
                    "{bytes:?} at {width}"
                );
            }
        }
    }

    #[test]
    fn marks_follow_bytes_and_secrets_are_dotted() {
        let area = Rect::new(0, 0, 12, 1);
        let mut buffer = Buffer::empty(area);
        let overlays = [
            Overlay {
                span: Span::new(105, 108),
                style: Style::new().add_modifier(Modifier::UNDERLINED),
                mask: false,
            },
            Overlay {
                span: Span::new(110, 112),
                style: Style::new(),
                mask: true,
            },
        ];
        let line = CodeLine {
            overlays: &overlays,
            ..line("é = abc; xy".as_bytes())
        };
        line.draw_cut(area, 0, &theme(), &Glyphs::unicode(), &mut buffer);
        assert_eq!(text(&buffer, 0), "é = abc; •• ");
        let underlined = |x: u16| buffer[(x, 0)].modifier.contains(Modifier::UNDERLINED);
        assert_eq!((0..12).filter(|x| underlined(*x)).collect::<Vec<_>>(), [4, 5, 6]);
    }

    #[test]
    fn nothing_hidden_reaches_a_cell() {
        let area = Rect::new(0, 0, 80, 1);
        let mut buffer = Buffer::empty(area);
        line("a\u{202e}b\x1b[31mc\u{200b}d\u{e0041}\tx\r".as_bytes()).draw_cut(
            area,
            0,
            &theme(),
            &Glyphs::unicode(),
            &mut buffer,
        );
        let drawn = text(&buffer, 0);
        assert!(drawn.contains("U+202E"), "{drawn}");
        assert!(
            !drawn
                .chars()
                .any(|c| c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c)),
            "{drawn:?}"
        );
    }
}
