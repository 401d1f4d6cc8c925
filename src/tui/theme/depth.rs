//! How many colours the terminal shows, and one colour at each depth.
//!
//! The depth comes from the environment (`NO_COLOR`, `COLORTERM`, `TERM`), read by the caller and handed in, so that this stays
//! a pure function. A colour that a depth cannot show well is left to the terminal rather than shown badly.

use super::file::{Indexed, PaletteRow};
use ratatui::style::Color;

/// What the terminal can show, poorest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// No colour at all: bold, underline, reverse.
    None,
    /// The sixteen colours the terminal's own theme defines.
    Ansi,
    /// The 256-colour table.
    Indexed,
    /// 24 bits.
    True,
}

impl Depth {
    /// What the environment says. `NO_COLOR` (set and not empty) wins over everything; `COLORTERM` names 24 bits; `TERM` the rest.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        if variable("NO_COLOR").is_some_and(|v| !v.is_empty()) {
            return Depth::None;
        }
        let colorterm = variable("COLORTERM").unwrap_or_default();
        if matches!(colorterm.as_str(), "truecolor" | "24bit") {
            return Depth::True;
        }
        let term = variable("TERM").unwrap_or_default();
        match term.as_str() {
            "dumb" => Depth::None,
            t if t.ends_with("-direct") || t.contains("kitty") || t.contains("ghostty") || t.contains("alacritty") => {
                Depth::True
            }
            t if t.contains("256color") => Depth::Indexed,
            _ => Depth::Ansi,
        }
    }
}

/// One palette entry at every depth. `None` leaves the terminal's own colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour {
    rgb: (u8, u8, u8),
    indexed: Option<u8>,
    ansi: Option<Color>,
}

impl Colour {
    /// Reads a palette row; the error is the text that is no colour.
    pub(super) fn read(row: &PaletteRow) -> Result<Self, String> {
        let rgb = hex(&row.rgb).ok_or_else(|| row.rgb.clone())?;
        let indexed = match &row.indexed {
            None => Some(nearest(rgb)),
            Some(Indexed::Number(n)) => Some(*n),
            Some(Indexed::Word(word)) if word == "none" => None,
            Some(Indexed::Word(word)) => return Err(word.clone()),
        };
        let ansi = if row.ansi == "none" {
            None
        } else {
            Some(by_name(&row.ansi).ok_or_else(|| row.ansi.clone())?)
        };
        Ok(Self { rgb, indexed, ansi })
    }

    /// What to ask the terminal for at this depth.
    pub(super) fn at(self, depth: Depth) -> Option<Color> {
        match depth {
            Depth::None => None,
            Depth::Ansi => self.ansi,
            Depth::Indexed => self.indexed.map(Color::Indexed),
            Depth::True => Some(Color::Rgb(self.rgb.0, self.rgb.1, self.rgb.2)),
        }
    }
}

fn hex(text: &str) -> Option<(u8, u8, u8)> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = number.to_be_bytes();
    Some((r, g, b))
}

fn by_name(name: &str) -> Option<Color> {
    Some(match name {
        "black" => Color::Black,
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::Gray,
        "bright-black" => Color::DarkGray,
        "bright-red" => Color::LightRed,
        "bright-green" => Color::LightGreen,
        "bright-yellow" => Color::LightYellow,
        "bright-blue" => Color::LightBlue,
        "bright-magenta" => Color::LightMagenta,
        "bright-cyan" => Color::LightCyan,
        "bright-white" => Color::White,
        _ => return None,
    })
}

/// Levels of the 6x6x6 cube of the 256-colour table.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// 24 bits of an entry of the cube or the grey ramp (16 to 255); the first sixteen are the terminal's own and have none.
pub(crate) fn rgb_of(index: u8) -> Option<(u8, u8, u8)> {
    match index {
        0..16 => None,
        16..232 => {
            let n = usize::from(index) - 16;
            Some((CUBE[n / 36], CUBE[n / 6 % 6], CUBE[n % 6]))
        }
        232.. => {
            let level = 8 + 10 * (index - 232);
            Some((level, level, level))
        }
    }
}

/// The entry of the 256-colour table nearest to `rgb`.
fn nearest(rgb: (u8, u8, u8)) -> u8 {
    let distance = |index: u8| {
        let (r, g, b) = rgb_of(index).unwrap_or_default();
        let d = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
        2 * d(r, rgb.0) + 4 * d(g, rgb.1) + 3 * d(b, rgb.2)
    };
    (16..=255).min_by_key(|index| distance(*index)).unwrap_or(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(set: &[(&str, &str)]) -> Depth {
        Depth::of(|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn environment_decides_the_depth_and_no_color_wins() {
        assert_eq!(depth(&[("TERM", "xterm")]), Depth::Ansi);
        assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(
            depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            Depth::True
        );
        assert_eq!(depth(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), Depth::None);
        assert_eq!(depth(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]), Depth::True);
        assert_eq!(depth(&[("TERM", "dumb")]), Depth::None);
    }

    #[test]
    fn nearest_finds_exact_entries_and_greys() {
        assert_eq!(nearest((255, 0, 0)), 196);
        assert_eq!(nearest((0, 95, 95)), 23);
        assert_eq!(nearest((29, 28, 28)), 234);
    }
}
