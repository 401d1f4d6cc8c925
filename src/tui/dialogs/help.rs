//! All keys, read off the key table.

use super::{Outcome, Setting};
use crate::tui::{
    keymap::{Command, Keymap, Mode},
    panes::{Brush, footer},
    theme::Role,
    widgets::{popup, prose, prose::span, row, scroll},
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

/// Cells of a column of the help.
const COLUMN: usize = 46;

/// Sections of the help, each beginning with this command in the order of the vocabulary.
const SECTIONS: &[(&str, Command)] = &[
    ("Deciding", Command::Approve),
    ("Moving", Command::NextOpen),
    ("Finding", Command::Search),
    ("Looking", Command::SideBySide),
];

/// What the signs mean, for the end of the help.
const SIGNS: &[&str] = &[
    "open",
    "approved",
    "rejected",
    "fixed",
    "changed since it was decided",
    "hunk not seen",
];

/// The dialog.
#[derive(Clone, Debug, Default)]
pub struct Help {
    top: usize,
}

impl Help {
    pub(super) fn command(&mut self, command: Command) -> Outcome {
        match command {
            Command::Down => self.scroll(1),
            Command::Up => self.scroll(-1),
            Command::PageDown | Command::HalfPageDown => self.scroll(12),
            Command::PageUp | Command::HalfPageUp => self.scroll(-12),
            Command::First => self.top = 0,
            Command::Last => self.top = usize::MAX / 2,
            Command::Back | Command::Submit => return Outcome::Close,
            _ => {}
        }
        Outcome::Stay
    }

    pub(super) fn scroll(&mut self, by: isize) {
        // Where the end is depends on the screen; drawing clamps.
        self.top = self.top.min(200).saturating_add_signed(by);
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let columns = (usize::from(setting.screen.width.saturating_sub(4)) / (COLUMN + 2)).clamp(1, 3);
        let blocks = blocks(setting.keymap, brush);
        let rows = arranged(&blocks, columns);
        let width = (columns * (COLUMN + 2) - 2) as u16;
        let hints = footer::dialog_hints(setting.keymap, Mode::Read, brush);
        let inside = (width, rows.len() as u16);
        let area = popup::frame(setting.screen, inside, "Keys", hints, brush.theme, brush.glyphs, buffer);
        let top = scroll::clamp(self.top, rows.len(), usize::from(area.height));
        for (y, row_cells) in (area.top()..area.bottom()).zip(rows.iter().skip(top)) {
            for (i, line) in row_cells.iter().enumerate() {
                let x = area.x + (i * (COLUMN + 2)) as u16;
                let at = Rect {
                    x,
                    y,
                    width: (COLUMN as u16).min(area.right().saturating_sub(x)),
                    height: 1,
                };
                row::draw(line, at, buffer);
            }
        }
        let thumb = Rect {
            width: area.width + 1,
            ..area
        };
        scroll::thumb(thumb, top, rows.len(), brush.theme, brush.glyphs, buffer);
    }
}

/// The sections, each as lines with its heading.
fn blocks(keymap: &Keymap, brush: Brush<'_>) -> Vec<Vec<Line<'static>>> {
    let heading = |text: &str| Line::from(span(text.to_owned(), brush.style(Role::Strong)));
    let mut blocks: Vec<Vec<Line<'static>>> = Vec::new();
    for (i, (title, first)) in SECTIONS.iter().enumerate() {
        let end = SECTIONS.get(i + 1).map_or(Command::Submit, |(_, c)| *c);
        let mut block = vec![heading(title)];
        for command in Command::ALL.iter().filter(|c| **c >= *first && **c < end) {
            let mut bound = keymap.of(Mode::Main).filter(|b| b.command == *command).peekable();
            let Some(desc) = bound.peek().map(|b| b.desc.clone()) else {
                continue;
            };
            let keys: Vec<String> = bound.map(crate::tui::keymap::Binding::written).collect();
            block.push(Line::from(vec![
                span(
                    format!("{:<16} ", prose::cut(&keys.join(" "), 16, brush.glyphs.ellipsis)),
                    brush.style(Role::Key),
                ),
                span(
                    prose::cut(&desc, COLUMN - 17, brush.glyphs.ellipsis),
                    brush.style(Role::Text),
                ),
            ]));
        }
        blocks.push(block);
    }
    let g = brush.glyphs;
    let roles = [
        Role::Open,
        Role::Approved,
        Role::Rejected,
        Role::Fixed,
        Role::Stale,
        Role::Unseen,
    ];
    let mut signs = vec![heading("Signs")];
    for ((sign, what), role) in [g.open, g.approved, g.rejected, g.fixed, g.stale, g.unseen]
        .iter()
        .zip(SIGNS)
        .zip(roles)
    {
        signs.push(Line::from(vec![
            span(format!("{sign}  "), brush.style(role)),
            span(*what, brush.style(Role::Text)),
        ]));
    }
    signs.push(Line::from(span(
        "C H M L I  critical, high, medium, low, info",
        brush.style(Role::Text),
    )));
    blocks.push(signs);
    blocks
}

/// The blocks set into columns of about the same height.
fn arranged(blocks: &[Vec<Line<'static>>], columns: usize) -> Vec<Vec<Line<'static>>> {
    let total: usize = blocks.iter().map(|b| b.len() + 1).sum();
    let mut set: Vec<Vec<Line<'static>>> = vec![Vec::new(); columns];
    let mut column = 0;
    for block in blocks {
        let filled = set[column].len();
        if filled > 0 && filled + block.len() / 2 > total.div_ceil(columns) && column + 1 < columns {
            column += 1;
        }
        if !set[column].is_empty() {
            set[column].push(Line::default());
        }
        set[column].extend(block.iter().cloned());
    }
    let height = set.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|i| set.iter().map(|c| c.get(i).cloned().unwrap_or_default()).collect())
        .collect()
}
