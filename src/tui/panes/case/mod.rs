//! The case: why it matters, what speaks for and against, what can be done, what was decided.
//!
//! The text is written by [`content`] for the width at hand, then shown through a window. Steps of the evidence can be selected;
//! the code pane follows.

mod content;
mod fix;

use super::Brush;
use crate::{
    review::{Cursor, State},
    scan::Finding,
    tui::{
        theme::Role,
        widgets::{prose, prose::span, row, scroll},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};
use std::{fmt, sync::Arc};

/// What a rule says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Why it matters.
    pub why: String,
    /// How to check by hand.
    pub check: String,
    /// Where to read on.
    pub references: Vec<String>,
}

/// Where explanations are looked up, by rule id. Rules are read lazily, so this asks when a finding is shown.
#[derive(Clone)]
pub struct Explanations(Arc<LookUp>);

type LookUp = dyn Fn(&str) -> Option<Explanation> + Send + Sync;

impl Explanations {
    /// Looked up by this function.
    pub fn new(look_up: impl Fn(&str) -> Option<Explanation> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    /// What the rule says of itself.
    #[must_use]
    pub fn of(&self, rule: &str) -> Option<Explanation> {
        (self.0)(rule)
    }
}

impl fmt::Debug for Explanations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explanations")
    }
}

/// One row of the case.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// What it says.
    pub line: Line<'static>,
    /// The step of the evidence it belongs to.
    pub step: Option<usize>,
}

/// What one frame of the case needs.
#[derive(Clone, Copy)]
pub struct CaseView<'a> {
    /// The review.
    pub state: &'a State,
    /// The finding under the cursor.
    pub finding: Option<&'a Finding>,
    /// What the rules say of themselves.
    pub explanations: &'a Explanations,
    /// The step that is selected.
    pub step: Option<usize>,
    /// True when the pane has the keys.
    pub focused: bool,
    /// Keys to name in sentences: approve, fix, seen, editor.
    pub keys: &'a CaseKeys,
}

/// Keys that the case's sentences name.
#[derive(Clone, Debug, Default)]
pub struct CaseKeys {
    /// Approve.
    pub approve: String,
    /// Fix.
    pub fix: String,
    /// Seen.
    pub seen: String,
    /// Editor.
    pub editor: String,
}

/// The case pane's own state.
#[derive(Clone, Debug, Default)]
pub struct CasePane {
    rows: Vec<CaseRow>,
    top: usize,
    height: usize,
    followed: Option<(Option<Cursor>, Option<usize>, bool)>,
}

impl CasePane {
    /// Writes the text anew and brings what was selected into view.
    pub fn fit(&mut self, view: &CaseView<'_>, area: Rect, brush: Brush<'_>) {
        let list = list_area(area);
        self.height = usize::from(list.height);
        self.rows = content::rows(view, usize::from(list.width.saturating_sub(2)), brush);
        let fix_shown = view.state.fix_shown().is_some();
        let now = (view.state.cursor().cloned(), view.step, fix_shown);
        if self.followed.as_ref() != Some(&now) {
            let before = self.followed.replace(now);
            let same_cursor = before
                .as_ref()
                .is_some_and(|(c, _, _)| c.as_ref() == view.state.cursor());
            if !same_cursor {
                self.top = 0;
            }
            let of_step = |step: usize| self.rows.iter().position(|r| r.step == Some(step));
            if let Some(row) = view.step.and_then(of_step) {
                self.top = scroll::follow(self.top, row, self.rows.len(), self.height, 2);
            } else if fix_shown && before.is_some_and(|(_, _, shown)| !shown) {
                self.top = usize::MAX / 2;
            }
        }
        self.top = scroll::clamp(self.top, self.rows.len(), self.height);
    }

    /// Scrolls by rows.
    pub fn scroll(&mut self, by: isize) {
        self.top = scroll::clamp(self.top.saturating_add_signed(by), self.rows.len(), self.height);
    }

    /// To the first or the last row.
    pub fn to_end(&mut self, last: bool) {
        self.top = if last {
            self.rows.len().saturating_sub(self.height)
        } else {
            0
        };
    }

    /// Rows in view.
    #[must_use]
    pub fn page(&self) -> usize {
        self.height
    }

    /// The step drawn at a row of the screen.
    #[must_use]
    pub fn step_at(&self, area: Rect, y: u16) -> Option<usize> {
        let list = list_area(area);
        let index = (list.top()..list.bottom())
            .contains(&y)
            .then(|| self.top + usize::from(y - list.y))?;
        self.rows.get(index)?.step
    }

    /// Draws the pane.
    pub fn draw(&self, view: &CaseView<'_>, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
        let right = position(view)
            .map(|text| span(text, brush.style(Role::Faint)))
            .into_iter()
            .collect();
        let left = vec![span(" Case", brush.title(view.focused))];
        row::draw(
            &prose::between(left, right, usize::from(area.width), brush.glyphs.ellipsis),
            area,
            buffer,
        );
        let list = list_area(area);
        let inside = Rect {
            x: list.x + 1,
            width: list.width.saturating_sub(2),
            ..list
        };
        for (y, row) in (list.top()..list.bottom()).zip(self.rows.iter().skip(self.top)) {
            let at = Rect { y, height: 1, ..inside };
            row::draw(&row.line, at, buffer);
            if row.step.is_some() && row.step == view.step {
                row::shade(at, brush.selected(view.focused), buffer);
            }
        }
        let thumb = Rect {
            width: list.width.saturating_sub(1),
            ..list
        };
        scroll::thumb(thumb, self.top, self.rows.len(), brush.theme, brush.glyphs, buffer);
    }
}

fn list_area(area: Rect) -> Rect {
    let above = if area.height < 20 { 1 } else { 2 };
    Rect::new(
        area.x,
        area.y + above.min(area.height),
        area.width,
        area.height.saturating_sub(above),
    )
}

/// `3 of 9`, among the findings in view.
fn position(view: &CaseView<'_>) -> Option<String> {
    let finding = view.finding?;
    let all: Vec<_> = view
        .state
        .findings()
        .iter()
        .filter(|f| view.state.filter().shows(f))
        .collect();
    let at = all.iter().position(|f| f.fingerprint == finding.fingerprint)?;
    Some(format!("{} of {} ", at + 1, all.len()))
}
