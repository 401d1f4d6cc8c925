//! The panes, one file each. A pane's file holds its own scroll position, the pass that fits it to its area, and its drawing.
//!
//! Drawing is a pure function of state, theme and area into a buffer: whatever depends on the area (scroll positions, wrapping, what is
//! on screen) is worked out before, in a pass called `fit`.

pub mod areas;
pub mod case;
pub mod code;
pub mod footer;
pub mod header;
pub mod queue;

use super::{
    glyphs::Glyphs,
    theme::{Role, Theme},
};
use crate::{
    review::{Standing, Verdict},
    scan::Severity,
};
use ratatui::style::Style;

/// What every drawing function needs beside its own data.
#[derive(Clone, Copy)]
pub struct Brush<'a> {
    /// The looks.
    pub theme: &'a Theme,
    /// The signs.
    pub glyphs: &'a Glyphs,
}

impl Brush<'_> {
    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The style of a selected row.
    #[must_use]
    pub fn selected(&self, focused: bool) -> Style {
        self.style(if focused { Role::Selected } else { Role::SelectedAway })
    }

    /// The style of a pane's title.
    #[must_use]
    pub fn title(&self, focused: bool) -> Style {
        self.style(if focused { Role::TitleFocused } else { Role::Title })
    }

    /// The style of a standing's sign.
    #[must_use]
    pub fn standing(&self, standing: &Standing) -> Style {
        self.style(match standing {
            Standing::Open => Role::Open,
            Standing::Stale(_) => Role::Stale,
            Standing::Decided(decision) => match decision.verdict {
                Verdict::Approved(_) => Role::Approved,
                Verdict::Rejected => Role::Rejected,
                Verdict::Fixed => Role::Fixed,
            },
        })
    }
}

/// The look of a severity.
#[must_use]
pub fn severity_role(severity: Severity) -> Role {
    match severity {
        Severity::Critical => Role::Critical,
        Severity::High => Role::High,
        Severity::Medium => Role::Medium,
        Severity::Low => Role::Low,
        Severity::Info => Role::Info,
    }
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// What there is.
    #[default]
    Queue,
    /// What it looks like.
    Code,
    /// Why it matters.
    Case,
}
