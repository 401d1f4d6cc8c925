//! What is marked on a line: tokens below, then differing words, search matches, the offending code, secrets.

use super::{CodeView, draw::Side};
use crate::{
    change::LineKind,
    scan::{Finding, Place},
    text::Span,
    tui::{listing::LineAt, panes::Brush, theme::Role, widgets::code_line::Overlay},
};

impl CodeView<'_> {
    /// The marks of a line, lowest first.
    pub(super) fn overlays(&self, line: &LineAt, side: Side, brush: Brush<'_>) -> Vec<Overlay> {
        let mut marks = Vec::new();
        if let Some(paint) = self.paint {
            let (words, role): (&[Span], Role) = match line.kind {
                LineKind::Removed => (paint.words.removed(line.old), Role::RemovedWord),
                LineKind::Added => (paint.words.added(line.new), Role::AddedWord),
                LineKind::Context => (&[], Role::Context),
            };
            marks.extend(words.iter().map(|span| Overlay {
                span: *span,
                style: brush.style(role),
                mask: false,
            }));
        }
        let old_side = side.is_old(line);
        for found in self
            .found
            .iter()
            .filter(|f| f.old_side == old_side && line.span.touches(f.span))
        {
            let role = if found.current { Role::MatchCurrent } else { Role::Match };
            marks.push(Overlay {
                span: found.span,
                style: brush.style(role),
                mask: false,
            });
        }
        if let Some(finding) = self
            .finding
            .filter(|f| self.is_here(&f.place) && f.place.old_side == old_side)
            && let Some(span) = self.offending(finding, line, old_side)
        {
            marks.push(Overlay {
                span,
                style: brush.style(Role::Offending),
                mask: false,
            });
        }
        if let Some(place) = self.step.and_then(|i| self.finding?.steps.get(i)).map(|s| &s.place)
            && self.is_here(place)
            && place.old_side == old_side
            && line.span.touches(place.span)
        {
            marks.push(Overlay {
                span: place.span,
                style: brush.style(Role::Offending),
                mask: false,
            });
        }
        for finding in self
            .state
            .findings()
            .iter()
            .filter(|f| !f.redact.is_empty() && self.is_here(&f.place))
        {
            let hidden = finding
                .redact
                .iter()
                .filter(|s| finding.place.old_side == old_side && line.span.touches(**s));
            marks.extend(hidden.map(|span| Overlay {
                span: *span,
                style: brush.style(Role::Dim),
                mask: true,
            }));
        }
        marks
    }

    /// The part of the line that the finding is about, without the indentation.
    fn offending(&self, finding: &Finding, line: &LineAt, old_side: bool) -> Option<Span> {
        if !line.span.touches(finding.place.span) {
            return None;
        }
        let start = finding.place.span.start.max(line.span.start);
        let end = finding.place.span.end.min(line.span.end);
        let bytes = Span {
            start,
            end: end.max(start),
        }
        .of(self.text(old_side));
        let blanks = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count() as u32;
        (start + blanks < end).then_some(Span {
            start: start + blanks,
            end,
        })
    }

    /// True when the place is in the file on view.
    fn is_here(&self, place: &Place) -> bool {
        self.file.is_some_and(|f| {
            let path = if place.old_side {
                f.old_path.as_ref().unwrap_or(&f.path)
            } else {
                &f.path
            };
            *path == place.path || f.path == place.path
        })
    }

    /// The bar beside a line: the selected finding's lines, or another finding's. With the severity's look.
    pub(super) fn bar(&self, line: &LineAt) -> Option<(bool, Role)> {
        let on = |f: &Finding| {
            let number = if f.place.old_side { line.old } else { line.new };
            let fits = f.place.old_side == (line.kind == LineKind::Removed) || line.kind == LineKind::Context;
            self.is_here(&f.place) && fits && number > 0 && (f.place.start.line..=f.place.end.line).contains(&number)
        };
        if self.finding.is_some_and(on) {
            return Some((true, Role::Bar));
        }
        let others = self
            .state
            .findings()
            .iter()
            .filter(|f| self.state.filter().shows(f) && on(f));
        let open = others.filter(|f| self.state.standing(f).is_open());
        open.max_by_key(|f| f.severity)
            .map(|f| (false, crate::tui::panes::severity_role(f.severity)))
    }

    /// The numbers of the evidence steps on a line, at most three.
    pub(super) fn numbers(&self, line: &LineAt) -> Vec<usize> {
        let Some(finding) = self.finding else { return Vec::new() };
        let on = |place: &Place| {
            let number = if place.old_side { line.old } else { line.new };
            let fits = place.old_side == (line.kind == LineKind::Removed) || line.kind == LineKind::Context;
            self.is_here(place) && fits && number > 0 && place.start.line == number
        };
        let steps = finding.steps.iter().enumerate().filter(|(_, s)| on(&s.place));
        steps.map(|(i, _)| i).take(3).collect()
    }
}
