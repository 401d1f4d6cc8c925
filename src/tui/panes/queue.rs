//! The queue: what there is to look at, one row each, and where each thing stands.

use super::{Brush, severity_role};
use crate::{
    change::{RepoPath, Source},
    review::{Cursor, Fold, Grouping, Row, State},
    scan::{Confidence, Finding, Severity},
    tui::{
        glyphs,
        listing::changed_lines,
        theme::Role,
        widgets::{
            prose::{self, safe, span},
            row, scroll,
        },
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

/// The queue's own place.
#[derive(Clone, Debug, Default)]
pub struct QueuePane {
    /// First row in view.
    top: usize,
    /// The cursor that was last brought into view.
    followed: Option<Cursor>,
    /// Rows in view.
    height: usize,
}

/// What one drawing of the queue needs.
pub struct QueueView<'a> {
    /// The review.
    pub state: &'a State,
    /// Its rows.
    pub rows: &'a [Row],
    /// True when the queue has the keys.
    pub focused: bool,
    /// True when there is room for a title row.
    pub titled: bool,
}

impl QueuePane {
    /// Brings the cursor into view when it moved since; keeps the place otherwise.
    pub fn fit(&mut self, state: &State, rows: &[Row], area: Rect, titled: bool) {
        let height = usize::from(list_area(area, titled).height);
        let resized = height != self.height;
        self.height = height;
        self.top = scroll::clamp(self.top, rows.len(), height);
        if self.followed.as_ref() != state.cursor() || resized {
            self.followed = state.cursor().cloned();
            if let Some(index) = selected(state, rows) {
                // The head of the group stays in view with its first row.
                let head = rows[..=index]
                    .iter()
                    .rposition(|r| matches!(r, Row::File { .. } | Row::Group { .. }));
                self.top = scroll::follow(self.top, index, rows.len(), height, 2);
                if let Some(head) = head.filter(|h| index - h < height / 2) {
                    self.top = self.top.min(head);
                }
            }
        }
    }

    /// Scrolls without moving the cursor.
    pub fn scroll(&mut self, by: isize, rows: &[Row]) {
        self.top = scroll::clamp(self.top.saturating_add_signed(by), rows.len(), self.height);
    }

    /// The row drawn at screen row `y`.
    #[must_use]
    pub fn row_at(&self, area: Rect, titled: bool, y: u16) -> Option<usize> {
        let list = list_area(area, titled);
        (list.top()..list.bottom())
            .contains(&y)
            .then(|| self.top + usize::from(y - list.y))
    }

    /// Draws the queue.
    pub fn draw(&self, view: &QueueView<'_>, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
        if view.titled {
            draw_title(view, area, brush, buffer);
        }
        let list = list_area(area, view.titled);
        if view.rows.is_empty() {
            draw_empty(view.state, list, brush, buffer);
            return;
        }
        let selected = selected(view.state, view.rows);
        let exact = view
            .state
            .cursor()
            .is_some_and(|c| selected.is_some_and(|i| view.rows[i].cursor() == *c));
        for (y, (index, row)) in (list.y..list.bottom()).zip(view.rows.iter().enumerate().skip(self.top)) {
            let at = Rect::new(list.x, y, list.width, 1);
            let here = selected == Some(index);
            row::draw(&line(view.state, row, usize::from(list.width), here, brush), at, buffer);
            if here {
                row::shade(at, brush.selected(view.focused && exact), buffer);
            }
        }
        scroll::thumb(list, self.top, view.rows.len(), brush.theme, brush.glyphs, buffer);
    }
}

/// The rows below the title; a row of air where there is room.
fn list_area(area: Rect, titled: bool) -> Rect {
    let above = match (titled, area.height) {
        (false, _) => 0,
        (true, 0..20) => 1,
        (true, _) => 2,
    };
    Rect::new(
        area.x,
        area.y + above.min(area.height),
        area.width,
        area.height.saturating_sub(above),
    )
}

/// The row under the cursor; when that is folded away, the row of its file.
fn selected(state: &State, rows: &[Row]) -> Option<usize> {
    let cursor = state.cursor()?;
    let exact = rows.iter().position(|r| r.cursor() == *cursor);
    exact.or_else(|| {
        let path = &state.current_file()?.path;
        rows.iter()
            .position(|r| matches!(r, Row::File { path: p, .. } if p == path))
    })
}

fn draw_title(view: &QueueView<'_>, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let filter = view.state.filter();
    let mut right = Vec::new();
    if !filter.text.is_empty() {
        right.push(span(
            format!("\u{201c}{}\u{201d} ", safe(&filter.text)),
            brush.style(Role::Warn),
        ));
    }
    if filter.severity > Severity::Info {
        let name = format!("{:?}", filter.severity).to_lowercase();
        right.push(span(format!("from {name} "), brush.style(Role::Warn)));
    }
    right.push(span(
        format!("{} ", view.state.grouping().title()),
        brush.style(Role::Faint),
    ));
    let left = vec![span(" Queue", brush.title(view.focused))];
    row::draw(
        &prose::between(left, right, usize::from(area.width), brush.glyphs.ellipsis),
        area,
        buffer,
    );
}

fn draw_empty(state: &State, area: Rect, brush: Brush<'_>, buffer: &mut Buffer) {
    let inside = Rect::new(area.x + 1, area.y, area.width.saturating_sub(2), area.height);
    let lines = prose::wrap(empty_sentence(state), usize::from(inside.width));
    for (y, text) in (inside.y..inside.bottom()).zip(lines) {
        let at = Rect::new(inside.x, y, inside.width, 1);
        row::draw(&Line::from(span(text, brush.style(Role::Dim))), at, buffer);
    }
}

/// Why there is nothing in the queue.
fn empty_sentence(state: &State) -> &'static str {
    if state.filter().narrows() {
        return "No finding matches the filter. Esc clears it.";
    }
    match state.change().source {
        Source::WorkTree => "Nothing changed since the last commit. Review commits with `countersign HEAD~5..`.",
        Source::Index => "Nothing is staged. `countersign` without --staged reviews everything uncommitted.",
        Source::Unstaged => "Everything is staged. `countersign --staged` reviews what is.",
        Source::Commit { .. } => "This commit changes no file.",
        Source::Range { .. } => "These commits together change no file.",
    }
}

fn line(state: &State, row: &Row, width: usize, here: bool, brush: Brush<'_>) -> Line<'static> {
    match row {
        Row::File { path, open, unseen } => file(state, path, *open, *unseen, width, here, brush),
        Row::Group { key, open } => group(state, key, *open, width, here, brush),
        Row::Finding(fingerprint) => match state.finding(fingerprint) {
            Some(f) => finding(state, f, width, here, brush),
            None => Line::default(),
        },
        Row::Fixed(fingerprint) => match state.ledger().settled(fingerprint) {
            Some(settled) => {
                let subject = &settled.subject;
                let place = format!(":{} ", subject.line);
                let sign = span(format!("{} ", brush.glyphs.fixed), brush.style(Role::Fixed));
                let left = vec![
                    pointer(here, brush),
                    severity(subject.severity, brush),
                    span(safe(&subject.title), brush.style(Role::Dim)),
                ];
                prose::between(
                    left,
                    vec![span(place, brush.style(Role::Faint)), sign],
                    width,
                    brush.glyphs.ellipsis,
                )
            }
            None => Line::default(),
        },
        Row::Hunk(id) => hunk(state, id, width, here, brush),
        Row::Fold { fold, count } => {
            let glyph = brush.glyphs.folds[usize::from(!state.is_open(fold))];
            let what = match fold {
                Fold::Decided => "decided",
                Fold::NotExamined => "not examined",
                Fold::Hunks if *count == 1 => "hunk not seen",
                Fold::Hunks => "hunks not seen",
                Fold::File(_) | Fold::Group(_) => "rows",
            };
            let role = if *fold == Fold::NotExamined {
                Role::Warn
            } else {
                Role::Dim
            };
            let left = vec![
                edge(here, brush),
                span(format!("{glyph} {count} {what}"), brush.style(role)),
            ];
            prose::between(left, Vec::new(), width, brush.glyphs.ellipsis)
        }
        Row::NotExamined(index) => match state.not_examined().get(*index) {
            Some(n) => {
                let lines = n.lines.map(|(a, b)| format!(":{a}-{b}")).unwrap_or_default();
                let path = format!("{}{lines}", safe(n.path.bytes()));
                let path = prose::path(&path, width / 2, brush.glyphs.ellipsis);
                let left = vec![
                    pointer(here, brush),
                    span(format!("{path}  "), brush.style(Role::Text)),
                    span(safe(&n.why), brush.style(Role::Dim)),
                ];
                prose::between(left, Vec::new(), width, brush.glyphs.ellipsis)
            }
            None => Line::default(),
        },
    }
}

/// The sign of the selected row, so that colour is not the only one.
fn pointer(here: bool, brush: Brush<'_>) -> Span<'static> {
    if here {
        span(format!(" {} ", brush.glyphs.pointer), brush.style(Role::Pointer))
    } else {
        Span::raw("   ")
    }
}

/// The same for rows that begin at the edge.
fn edge(here: bool, brush: Brush<'_>) -> Span<'static> {
    if here {
        span(brush.glyphs.bar, brush.style(Role::Pointer))
    } else {
        Span::raw(" ")
    }
}

fn severity(severity: Severity, brush: Brush<'_>) -> Span<'static> {
    span(
        format!("{}  ", glyphs::letter(severity)),
        brush.style(severity_role(severity)),
    )
}

fn file(
    state: &State,
    path: &RepoPath,
    open: usize,
    unseen: usize,
    width: usize,
    here: bool,
    brush: Brush<'_>,
) -> Line<'static> {
    let closed = !state.is_open(&Fold::File(path.clone())) && open + unseen > 0;
    let done = open + unseen == 0;
    let mut right = Vec::new();
    if closed {
        right.push(span(format!("{} ", open + unseen), brush.style(Role::Dim)));
    }
    if let Some(file) = state.file(path) {
        let (added, removed) = file.counts();
        let (plus, minus) = if done {
            (Role::Faint, Role::Faint)
        } else {
            (Role::AddedSign, Role::RemovedSign)
        };
        let plain = |role| ratatui::style::Style {
            add_modifier: ratatui::style::Modifier::empty(),
            ..brush.style(role)
        };
        right.push(span(format!("+{added}"), plain(plus)));
        right.push(span(format!(" -{removed} "), plain(minus)));
    }
    let used: usize = right.iter().map(|s| prose::width(&s.content)).sum();
    let mut left = vec![edge(here, brush)];
    if closed {
        left.push(span(format!("{} ", brush.glyphs.folds[1]), brush.style(Role::Dim)));
    }
    let room = width.saturating_sub(used + 2 + if closed { 2 } else { 0 });
    let shown = prose::path(&safe(path.bytes()), room, brush.glyphs.ellipsis);
    let (folder, name) = shown
        .rsplit_once('/')
        .map_or(("", shown.as_str()), |(f, n)| (&shown[..=f.len()], n));
    left.push(span(folder, brush.style(if done { Role::Faint } else { Role::Dim })));
    left.push(span(name, brush.style(if done { Role::Faint } else { Role::Text })));
    prose::between(left, right, width, brush.glyphs.ellipsis)
}

fn group(state: &State, key: &str, open: usize, width: usize, here: bool, brush: Brush<'_>) -> Line<'static> {
    let closed = !state.is_open(&Fold::Group(key.to_owned()));
    let title = match state.grouping() {
        Grouping::Commit if key.is_empty() => "not committed".to_owned(),
        Grouping::Commit => {
            let commit = state.change().commits.iter().find(|c| *c.id.0 == *key);
            let short = key.get(..8).unwrap_or(key);
            commit.map_or(short.to_owned(), |c| format!("{short}  {}", safe(c.subject())))
        }
        _ => safe(key),
    };
    let mut left = vec![edge(here, brush)];
    if closed {
        left.push(span(format!("{} ", brush.glyphs.folds[1]), brush.style(Role::Dim)));
    }
    left.push(span(title, brush.style(Role::Text)));
    prose::between(
        left,
        vec![span(format!("{open} "), brush.style(Role::Dim))],
        width,
        brush.glyphs.ellipsis,
    )
}

fn finding(state: &State, f: &Finding, width: usize, here: bool, brush: Brush<'_>) -> Line<'static> {
    let standing = state.standing(f);
    let place = if state.grouping() == Grouping::File && standing.is_open() {
        format!(":{} ", f.place.start.line)
    } else {
        format!("{}:{} ", safe(f.place.path.file_name()), f.place.start.line)
    };
    let sign = span(
        format!("{} ", brush.glyphs.standing(&standing)),
        brush.standing(&standing),
    );
    let quiet = f.confidence == Confidence::Low || !standing.is_open();
    let title = span(safe(&f.title), brush.style(if quiet { Role::Dim } else { Role::Text }));
    let left = vec![pointer(here, brush), severity(f.severity, brush), title];
    let right = vec![span(place, brush.style(Role::Faint)), sign];
    prose::between(left, right, width, brush.glyphs.ellipsis)
}

fn hunk(state: &State, id: &crate::change::HunkId, width: usize, here: bool, brush: Brush<'_>) -> Line<'static> {
    let Some((file, hunk)) = state.hunk(id) else {
        return Line::default();
    };
    let (first, last) = changed_lines(hunk);
    let text = if first == last {
        format!("line {first}")
    } else {
        format!("lines {first}-{last}")
    };
    let mut left = vec![
        pointer(here, brush),
        span("·  ", brush.style(Role::Faint)),
        span(text, brush.style(Role::Dim)),
    ];
    let heading = safe(hunk.heading.trim());
    if state.grouping() != Grouping::File {
        left.push(span(
            format!("  {}", safe(file.path.file_name())),
            brush.style(Role::Faint),
        ));
    } else if !heading.is_empty() {
        left.push(span(format!("  {heading}"), brush.style(Role::Faint)));
    }
    prose::between(
        left,
        vec![span(format!("{} ", brush.glyphs.unseen), brush.style(Role::Unseen))],
        width,
        brush.glyphs.ellipsis,
    )
}
