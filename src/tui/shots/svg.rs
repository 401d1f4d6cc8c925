//! A grid as SVG.
//!
//! Text is set in runs of one look; a cell outside ASCII is a run of its own, since the font it comes from may have another width.
//! Lines between panes and block signs are shapes, so that they meet whatever the font.

use super::grid::{Cell, Grid};
use std::fmt::Write;

/// Width of a cell in pixels.
const WIDTH: f32 = 8.4;
/// Height of a cell.
const HEIGHT: f32 = 18.0;
/// Font size: its advance is 0.602 of it in the fonts named below.
const FONT: f32 = 14.0;
/// Where the letters stand, from the cell's top.
const BASELINE: f32 = 13.3;
/// Air around the screen.
const PADDING: f32 = 10.0;

/// What is around the cells.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The page: text colour and background where cells name none.
    pub page: ((u8, u8, u8), (u8, u8, u8)),
    /// What the picture shows, for those who cannot see it.
    pub title: String,
}

type Rgb = (u8, u8, u8);

/// The picture.
#[must_use]
pub fn svg(grid: &impl Grid, frame: &Frame) -> String {
    let (columns, rows) = grid.size();
    let width = f32::from(columns) * WIDTH + 2.0 * PADDING;
    let height = f32::from(rows) * HEIGHT + 2.0 * PADDING;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace\" font-size=\"{FONT}\" xml:space=\"preserve\">\n",
        escaped(&frame.title),
        hex(frame.page.1),
    );
    for y in 0..rows {
        let cells: Vec<Cell> = (0..columns).map(|x| grid.cell(x, y)).collect();
        let mut row = String::new();
        backgrounds(&cells, y, frame, &mut row);
        foregrounds(&cells, y, frame, &mut row);
        out.push_str(&row);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Text colour and background as they are drawn.
fn colours(cell: &Cell, frame: &Frame) -> (Rgb, Rgb) {
    let (fg, bg) = (cell.fg.unwrap_or(frame.page.0), cell.bg.unwrap_or(frame.page.1));
    if cell.reversed { (bg, fg) } else { (fg, bg) }
}

fn left(x: usize) -> f32 {
    PADDING + x as f32 * WIDTH
}

fn top(y: u16) -> f32 {
    PADDING + f32::from(y) * HEIGHT
}

fn backgrounds(cells: &[Cell], y: u16, frame: &Frame, out: &mut String) {
    let mut x = 0;
    while x < cells.len() {
        let bg = colours(&cells[x], frame).1;
        // The second half of a wide character has the look of the first.
        let same = |c: &Cell| c.text.is_empty() || colours(c, frame).1 == bg;
        let length = 1 + cells[x + 1..].iter().take_while(|c| same(c)).count();
        if bg != frame.page.1 {
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{HEIGHT:.1}\" fill=\"{}\" shape-rendering=\"crispEdges\"/>",
                left(x),
                top(y),
                length as f32 * WIDTH,
                hex(bg),
            );
        }
        x += length;
    }
}

fn foregrounds(cells: &[Cell], y: u16, frame: &Frame, out: &mut String) {
    let mut x = 0;
    while x < cells.len() {
        let cell = &cells[x];
        if cell.text.is_empty() || (cell.text == " " && !cell.underlined) {
            x += 1;
            continue;
        }
        let fg = colours(cell, frame).0;
        if let Some(shape) = shape(&cell.text, left(x), top(y)) {
            let _ = writeln!(out, "{}", shape.replace("COLOUR", &hex(fg)));
            x += 1;
            continue;
        }
        let plain = |c: &Cell| c.text.len() == 1 && c.text.is_ascii();
        let alike = |c: &Cell| {
            plain(c)
                && (c.fg, c.bold, c.italic, c.underlined, c.reversed)
                    == (cell.fg, cell.bold, cell.italic, cell.underlined, cell.reversed)
        };
        let mut length = 1;
        if plain(cell) {
            length += cells[x + 1..].iter().take_while(|c| alike(c)).count();
        }
        let text: String = cells[x..x + length].iter().map(|c| c.text.as_str()).collect();
        let shown = if cell.underlined {
            text.as_str()
        } else {
            text.trim_end()
        };
        let mut style = String::new();
        if cell.bold {
            style.push_str(" font-weight=\"bold\"");
        }
        if cell.italic {
            style.push_str(" font-style=\"italic\"");
        }
        if cell.underlined {
            style.push_str(" text-decoration=\"underline\"");
        }
        if plain(cell) && shown.len() > 1 {
            let _ = write!(style, " textLength=\"{:.1}\"", shown.len() as f32 * WIDTH);
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\"{style}>{}</text>",
            left(x),
            top(y) + BASELINE,
            hex(fg),
            escaped(shown)
        );
        x += length;
    }
}

/// Lines, corners and blocks, drawn from edge to edge of their cell.
fn shape(text: &str, x: f32, y: f32) -> Option<String> {
    let (mx, my) = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let (rx, by) = (x + WIDTH, y + HEIGHT);
    let line = |d: String| format!("<path d=\"{d}\" stroke=\"COLOUR\" fill=\"none\"/>");
    let block = |part: f32| {
        format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{HEIGHT:.1}\" fill=\"COLOUR\"/>",
            WIDTH * part
        )
    };
    Some(match text {
        "─" => line(format!("M{x:.1} {my:.1}H{rx:.1}")),
        "│" => line(format!("M{mx:.1} {y:.1}V{by:.1}")),
        "┃" => format!("<path d=\"M{mx:.1} {y:.1}V{by:.1}\" stroke=\"COLOUR\" stroke-width=\"2.4\" fill=\"none\"/>"),
        "┬" => line(format!("M{x:.1} {my:.1}H{rx:.1}M{mx:.1} {my:.1}V{by:.1}")),
        "┴" => line(format!("M{x:.1} {my:.1}H{rx:.1}M{mx:.1} {y:.1}V{my:.1}")),
        "┤" => line(format!("M{mx:.1} {y:.1}V{by:.1}M{x:.1} {my:.1}H{mx:.1}")),
        "╭" => line(format!("M{rx:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {by:.1}")),
        "╮" => line(format!("M{x:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {by:.1}")),
        "╰" => line(format!("M{rx:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {y:.1}")),
        "╯" => line(format!("M{x:.1} {my:.1}Q{mx:.1} {my:.1} {mx:.1} {y:.1}")),
        "▏" => block(0.125),
        "▎" => block(0.25),
        "▍" => block(0.375),
        "▌" => block(0.5),
        "▋" => block(0.625),
        "▊" => block(0.75),
        "▉" => block(0.875),
        "█" => block(1.0),
        _ => return None,
    })
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::{
        buffer::Buffer,
        layout::Rect,
        style::{Color, Style},
    };

    #[test]
    fn runs_wide_characters_and_markup_come_out_right() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, "a<b 漢─", Style::new().fg(Color::Rgb(1, 2, 3)));
        let frame = Frame {
            page: ((255, 255, 255), (0, 0, 0)),
            title: "x & y".into(),
        };
        let picture = svg(&buffer, &frame);
        assert!(picture.contains("<title>x &amp; y</title>"));
        assert!(
            picture.contains("fill=\"#010203\" textLength=\"25.2\">a&lt;b</text>"),
            "{picture}"
        );
        assert!(picture.contains(&format!("<text x=\"{:.1}\"", PADDING + 4.0 * WIDTH)));
        assert!(picture.contains("<path d=\"M60.4"), "{picture}");
    }
}
