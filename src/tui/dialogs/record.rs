//! Countersign: exactly what would be written, before anything is.

use super::{Outcome, Setting};
use crate::tui::{
    keymap::{Command, Mode},
    panes::footer,
    theme::Role,
    widgets::{popup, prose, prose::span, row, scroll},
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

/// One line of what would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewLine {
    /// The text, safe to draw.
    pub text: String,
    /// What stands at the right.
    pub right: String,
    /// Its look.
    pub role: Role,
}

/// What recording would do, in the words that the person confirms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The dialog's title.
    pub title: String,
    /// What would be done and written.
    pub lines: Vec<PreviewLine>,
    /// Why nothing can be recorded; `None` when it can.
    pub blocked: Option<String>,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct Record {
    preview: Preview,
    top: usize,
    /// It is being written.
    under_way: bool,
}

impl Record {
    /// Shows this.
    #[must_use]
    pub fn new(preview: Preview) -> Self {
        Self {
            preview,
            top: 0,
            under_way: false,
        }
    }

    pub(super) fn command(&mut self, command: Command) -> Outcome {
        if self.under_way {
            return Outcome::Stay;
        }
        match command {
            Command::Submit if self.preview.blocked.is_some() => {}
            Command::Submit => {
                self.under_way = true;
                return Outcome::Perform;
            }
            Command::EditMessage => return Outcome::EditMessage,
            Command::OtherWay => return Outcome::OtherWay,
            Command::CopyFeedback => return Outcome::CopyFeedback,
            Command::Down => self.scroll(1),
            Command::Up => self.scroll(-1),
            Command::PageDown | Command::HalfPageDown => self.scroll(10),
            Command::PageUp | Command::HalfPageUp => self.scroll(-10),
            Command::Back => return Outcome::Close,
            _ => {}
        }
        Outcome::Stay
    }

    pub(super) fn scroll(&mut self, by: isize) {
        self.top = self.top.min(self.preview.lines.len() * 4).saturating_add_signed(by);
    }

    pub(super) fn draw(&self, setting: Setting<'_>, buffer: &mut Buffer) {
        let brush = setting.brush;
        let width = setting.screen.width.saturating_sub(8).min(96);
        let lines = self.lines(usize::from(width), setting);
        let hints = if self.under_way {
            vec![span("writing\u{2026}", brush.style(Role::Warn))]
        } else {
            footer::dialog_hints(setting.keymap, Mode::Record, brush)
        };
        let height = (lines.len() as u16).min(setting.screen.height.saturating_sub(4));
        let area = popup::frame(
            setting.screen,
            (width, height),
            &self.preview.title,
            hints,
            brush.theme,
            brush.glyphs,
            buffer,
        );
        let top = scroll::clamp(self.top, lines.len(), usize::from(area.height));
        for (y, line) in (area.top()..area.bottom()).zip(lines.iter().skip(top)) {
            row::draw(line, Rect { y, height: 1, ..area }, buffer);
        }
        let thumb = Rect {
            width: area.width + 1,
            ..area
        };
        scroll::thumb(thumb, top, lines.len(), brush.theme, brush.glyphs, buffer);
    }

    /// The preview wrapped to `width` cells; further lines are set in as the first one is.
    fn lines(&self, width: usize, setting: Setting<'_>) -> Vec<Line<'static>> {
        let brush = setting.brush;
        let mut lines = Vec::new();
        if let Some(why) = &self.preview.blocked {
            for text in prose::wrap(&format!("Cannot record: {why}"), width) {
                lines.push(Line::from(span(text, brush.style(Role::Bad))));
            }
            lines.push(Line::default());
        }
        for line in &self.preview.lines {
            let style = brush.style(line.role);
            if !line.right.is_empty() {
                let right = vec![span(line.right.clone(), brush.style(Role::Dim))];
                lines.push(prose::between(
                    vec![span(line.text.clone(), style)],
                    right,
                    width,
                    brush.glyphs.ellipsis,
                ));
                continue;
            }
            let indent = line.text.len() - line.text.trim_start_matches(' ').len();
            let body = prose::wrap(&line.text, width.saturating_sub(indent));
            for text in body {
                lines.push(Line::from(span(format!("{}{text}", " ".repeat(indent)), style)));
            }
        }
        lines
    }
}
