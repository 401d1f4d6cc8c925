//! Where the panes go: three columns when there is room, two, or a stack.

use super::Focus;
use ratatui::layout::Rect;

/// How the panes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// Queue, code and case side by side.
    Columns,
    /// Queue over case on the left, code on the right.
    Halves,
    /// Queue over code; the case takes the code's place when it has the keys.
    Stack,
    /// Only the pane that has the keys.
    Single,
}

/// The areas of one frame. A pane without an area is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    /// How the panes stand.
    pub arrangement: Arrangement,
    /// The whole screen.
    pub screen: Rect,
    /// One row.
    pub header: Rect,
    /// The horizontal line under the header; none on low screens.
    pub top_rule: Option<Rect>,
    /// The queue, its title row included.
    pub queue: Option<Rect>,
    /// The code.
    pub code: Option<Rect>,
    /// The case.
    pub case: Option<Rect>,
    /// Vertical lines between panes.
    pub walls: Vec<Rect>,
    /// Horizontal lines between stacked panes.
    pub rules: Vec<Rect>,
    /// The horizontal line over the footer, where messages are said.
    pub bottom_rule: Rect,
    /// One row.
    pub footer: Rect,
}

/// Least width for three columns.
const COLUMNS_FROM: u16 = 140;
/// The same while old and new stand side by side: the code needs the room.
const COLUMNS_FROM_SPLIT: u16 = 210;
/// Least width for two.
const HALVES_FROM: u16 = 100;
/// Least height for more than one pane.
const STACK_FROM: u16 = 16;

impl Areas {
    /// The areas on a screen of this size. `queue_rows` is how many rows the queue would like in a stack; `split` that old and new code
    /// stand side by side.
    #[must_use]
    pub fn of(screen: Rect, focus: Focus, queue_rows: usize, split: bool) -> Self {
        let low = screen.height < STACK_FROM;
        let arrangement = match screen.width {
            _ if low => Arrangement::Single,
            width if width >= if split { COLUMNS_FROM_SPLIT } else { COLUMNS_FROM } => Arrangement::Columns,
            HALVES_FROM.. => Arrangement::Halves,
            _ => Arrangement::Stack,
        };
        let row = |y: u16| Rect::new(screen.x, y, screen.width, 1).intersection(screen);
        let header = row(screen.y);
        let top_rule = (!low && arrangement != Arrangement::Stack).then(|| row(screen.y + 1));
        let top = screen.y + if top_rule.is_some() { 2 } else { 1 };
        let footer = row(screen.bottom().saturating_sub(1));
        let bottom_rule = row(screen.bottom().saturating_sub(2).max(screen.y));
        let body = Rect::new(screen.x, top, screen.width, bottom_rule.y.saturating_sub(top));
        let mut areas = Self {
            arrangement,
            screen,
            header,
            top_rule,
            queue: None,
            code: None,
            case: None,
            walls: Vec::new(),
            rules: Vec::new(),
            bottom_rule,
            footer,
        };
        match arrangement {
            Arrangement::Columns => areas.columns(body),
            Arrangement::Halves => areas.halves(body, queue_rows),
            Arrangement::Stack => areas.stack(body, focus, queue_rows),
            Arrangement::Single => *areas.pane(focus) = Some(body),
        }
        areas
    }

    /// The area of a pane.
    pub fn pane(&mut self, focus: Focus) -> &mut Option<Rect> {
        match focus {
            Focus::Queue => &mut self.queue,
            Focus::Code => &mut self.code,
            Focus::Case => &mut self.case,
        }
    }

    fn columns(&mut self, body: Rect) {
        let queue = (body.width * 24 / 100).clamp(34, 50);
        let case = (body.width * 28 / 100).clamp(38, 58);
        let code = body.width - queue - case - 2;
        let column = |x: u16, width: u16| Rect::new(x, body.y, width, body.height);
        self.queue = Some(column(body.x, queue));
        self.walls.push(column(body.x + queue, 1));
        self.code = Some(column(body.x + queue + 1, code));
        self.walls.push(column(body.x + queue + 1 + code, 1));
        self.case = Some(column(body.x + queue + code + 2, case));
    }

    fn halves(&mut self, body: Rect, queue_rows: usize) {
        let left = (body.width * 34 / 100).clamp(36, 46);
        let half = body.height / 2;
        let wish = u16::try_from(queue_rows + 2).unwrap_or(u16::MAX);
        let queue = wish.clamp(half.saturating_sub(4), half + 1).min(body.height);
        let part = |y: u16, height: u16| Rect::new(body.x, y, left, height);
        self.queue = Some(part(body.y, queue));
        self.rules.push(part(body.y + queue, 1));
        self.case = Some(part(body.y + queue + 1, body.height.saturating_sub(queue + 1)));
        self.walls.push(Rect::new(body.x + left, body.y, 1, body.height));
        self.code = Some(Rect::new(body.x + left + 1, body.y, body.width - left - 1, body.height));
    }

    fn stack(&mut self, body: Rect, focus: Focus, queue_rows: usize) {
        let wish = u16::try_from(queue_rows).unwrap_or(u16::MAX);
        let queue = wish.clamp(3, (body.height / 3).max(3));
        self.queue = Some(Rect::new(body.x, body.y, body.width, queue));
        self.rules.push(Rect::new(body.x, body.y + queue, body.width, 1));
        let rest = Rect::new(
            body.x,
            body.y + queue + 1,
            body.width,
            body.height.saturating_sub(queue + 1),
        );
        *self.pane(if focus == Focus::Case { Focus::Case } else { Focus::Code }) = Some(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_area_leaves_the_screen_or_meets_another() {
        for width in 1..=260 {
            for height in 1..=80 {
                for focus in [Focus::Queue, Focus::Code, Focus::Case] {
                    let screen = Rect::new(0, 0, width, height);
                    let areas = Areas::of(screen, focus, 12, width % 2 == 0);
                    let panes: Vec<Rect> = [areas.queue, areas.code, areas.case].into_iter().flatten().collect();
                    let mut all = panes.clone();
                    all.extend(areas.walls.iter().chain(&areas.rules).chain(&areas.top_rule));
                    for (i, a) in all.iter().enumerate() {
                        assert_eq!(a.intersection(screen), *a, "{width}x{height} {a:?}");
                        assert!(all[i + 1..].iter().all(|b| !a.intersects(*b)), "{width}x{height} {a:?}");
                    }
                    assert!(
                        panes.iter().all(|p| !p.intersects(areas.footer) || p.is_empty()),
                        "{width}x{height}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_code_is_wide_enough_to_read() {
        for (width, height, least) in [(160, 45, 72), (120, 35, 76), (80, 24, 80), (200, 60, 94)] {
            let areas = Areas::of(Rect::new(0, 0, width, height), Focus::Queue, 12, false);
            assert!(
                areas.code.is_some_and(|c| c.width >= least),
                "{width}: {:?}",
                areas.code
            );
        }
    }
}
