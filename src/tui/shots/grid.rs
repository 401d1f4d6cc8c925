//! What a picture is made from: cells with a text and a look.

use crate::tui::theme::depth::rgb_of;
use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier},
};

/// One cell, its colours worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is in it; empty for the second half of a wide character.
    pub text: String,
    /// Text colour; `None`: the page's.
    pub fg: Option<(u8, u8, u8)>,
    /// Background; `None`: the page's.
    pub bg: Option<(u8, u8, u8)>,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underlined: bool,
    /// Text and background swapped.
    pub reversed: bool,
}

/// A screen.
pub trait Grid {
    /// Columns and rows.
    fn size(&self) -> (u16, u16);
    /// The cell in this column and row.
    fn cell(&self, x: u16, y: u16) -> Cell;
}

impl Grid for Buffer {
    fn size(&self) -> (u16, u16) {
        (self.area.width, self.area.height)
    }

    fn cell(&self, x: u16, y: u16) -> Cell {
        let Some(cell) = self.cell((self.area.x + x, self.area.y + y)) else {
            return Cell::default();
        };
        let wide_before = x
            .checked_sub(1)
            .and_then(|x| self.cell((self.area.x + x, self.area.y + y)));
        let covered = wide_before.is_some_and(|c| unicode_width::UnicodeWidthStr::width(c.symbol()) > 1);
        let has = |m| cell.modifier.contains(m);
        Cell {
            text: if covered {
                String::new()
            } else {
                cell.symbol().to_owned()
            },
            fg: rgb(cell.fg),
            bg: rgb(cell.bg),
            bold: has(Modifier::BOLD),
            italic: has(Modifier::ITALIC),
            underlined: has(Modifier::UNDERLINED),
            reversed: has(Modifier::REVERSED),
        }
    }
}

/// What a common terminal shows for a colour.
fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    let named = |index: usize| Some(SIXTEEN[index]);
    match colour {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(index) => rgb_of(index).or_else(|| SIXTEEN.get(usize::from(index)).copied()),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
    }
}

/// The sixteen colours as xterm shows them.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];
