//! From a changed file to rows.

use super::{LineAt, Listing, Row, Shape};
use crate::{
    change::{Body, FileChange, Hunk, LineKind, Status},
    text::{LineIndex, safe::visible},
};

impl Listing {
    /// The rows of `file` in this shape.
    #[must_use]
    pub fn of(file: &FileChange, shape: &Shape) -> Self {
        let mut listing = Listing {
            old_index: file.old_text().map(|t| LineIndex::new(t)),
            new_index: file.new_text().map(|t| LineIndex::new(t)),
            ..Listing::default()
        };
        listing.rows.extend(notes(file).into_iter().map(Row::Note));
        let mut between = Between {
            file,
            shape,
            next_new: 1,
            next_old: 1,
        };
        for (index, hunk) in file.hunks().iter().enumerate() {
            // An empty new side starts at the line before it, as git counts.
            let first = if hunk.new_lines == 0 {
                hunk.new_start + 1
            } else {
                hunk.new_start
            };
            let skipped = between.until(first, &mut listing);
            if !shape.whole {
                listing.rows.push(Row::Hunk { index, skipped });
            }
            lines(hunk, index, shape.split, &mut listing.rows);
            between.next_new = after(hunk.new_start, hunk.new_lines);
            between.next_old = after(hunk.old_start, hunk.old_lines);
        }
        let end = listing
            .new_index
            .as_ref()
            .filter(|_| !file.hunks().is_empty())
            .map_or(0, LineIndex::count)
            + 1;
        let skipped = between.until(end, &mut listing);
        if skipped > 0 {
            listing.rows.push(Row::Gap { skipped });
        }
        listing.digits = digits(&listing);
        listing
    }
}

/// The line after a side of a hunk. An empty side starts at the line before it, as git counts.
fn after(start: u32, lines: u32) -> u32 {
    if lines == 0 { start + 1 } else { start + lines }
}

/// Unchanged lines between hunks.
struct Between<'f> {
    file: &'f FileChange,
    shape: &'f Shape,
    next_new: u32,
    next_old: u32,
}

impl Between<'_> {
    /// Lists what is wanted of the lines before new line `stop`; gives how many were left out right before it.
    fn until(&mut self, stop: u32, listing: &mut Listing) -> u32 {
        let mut skipped = 0;
        while self.next_new < stop {
            let number = self.next_new;
            let wanted = self.shape.whole || self.shape.extra.iter().any(|r| r.contains(&number));
            let line = wanted.then(|| self.context(listing)).flatten();
            match line {
                Some(line) => {
                    if skipped > 0 {
                        listing.rows.push(Row::Gap { skipped });
                        skipped = 0;
                    }
                    let row = if self.shape.split {
                        Row::Pair(Some(line), Some(line))
                    } else {
                        Row::Line(line)
                    };
                    listing.rows.push(row);
                    self.step(1);
                }
                None => {
                    // On to the next line that is wanted, in one step.
                    let next = self
                        .shape
                        .extra
                        .iter()
                        .map(|r| *r.start())
                        .filter(|s| *s > number)
                        .min();
                    let to = if wanted {
                        number + 1
                    } else {
                        next.unwrap_or(stop).min(stop)
                    };
                    skipped += to - number;
                    self.step(to - number);
                }
            }
        }
        skipped
    }

    fn step(&mut self, lines: u32) {
        self.next_new += lines;
        self.next_old += lines;
    }

    fn context(&self, listing: &Listing) -> Option<LineAt> {
        let text = self.file.new_text()?;
        let span = listing.new_index.as_ref()?.content(text, self.next_new)?;
        Some(LineAt {
            kind: LineKind::Context,
            old: self.next_old,
            new: self.next_new,
            span,
            no_eol: false,
            hunk: None,
            commit: None,
        })
    }
}

fn lines(hunk: &Hunk, index: usize, split: bool, rows: &mut Vec<Row>) {
    let at = |l: &crate::change::Line| LineAt {
        kind: l.kind,
        old: l.old,
        new: l.new,
        span: l.span,
        no_eol: l.no_eol,
        hunk: Some(index),
        commit: l.commit,
    };
    if !split {
        rows.extend(hunk.lines.iter().map(|l| Row::Line(at(l))));
        return;
    }
    let mut rest = hunk.lines.as_slice();
    while let Some(first) = rest.first() {
        if first.kind == LineKind::Context {
            rows.push(Row::Pair(Some(at(first)), Some(at(first))));
            rest = &rest[1..];
            continue;
        }
        let count = |lines: &[crate::change::Line], kind| lines.iter().take_while(|l| l.kind == kind).count();
        let removed = count(rest, LineKind::Removed);
        let (old, after) = rest.split_at(removed);
        let (new, after) = after.split_at(count(after, LineKind::Added));
        for i in 0..old.len().max(new.len()) {
            rows.push(Row::Pair(old.get(i).map(at), new.get(i).map(at)));
        }
        rest = after;
    }
}

fn digits(listing: &Listing) -> (usize, usize) {
    let highest = listing
        .rows
        .iter()
        .flat_map(Row::lines)
        .fold((0, 0), |(o, n), l| (l.old.max(o), l.new.max(n)));
    let count = |n: u32| n.checked_ilog10().unwrap_or(0) as usize + 1;
    (count(highest.0).max(2), count(highest.1).max(2))
}

/// What must be said of a file beside its lines.
fn notes(file: &FileChange) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(old) = file.old_path.as_ref() {
        let verb = if file.status == Status::Copied {
            "Copied"
        } else {
            "Renamed"
        };
        notes.push(format!("{verb} from {}.", visible(old.bytes())));
    }
    if let (Some(old), Some(new)) = (&file.old, &file.new)
        && old.mode != new.mode
    {
        notes.push(format!(
            "Mode changed from {:o} to {:o}{}.",
            old.mode,
            new.mode,
            meaning(old.mode, new.mode)
        ));
    }
    match &file.body {
        Body::Text { hunks } if hunks.is_empty() && notes.is_empty() => notes.push(match file.status {
            Status::Added => "A new, empty file.".into(),
            Status::Deleted => "An empty file was deleted.".into(),
            _ => "No line changed.".into(),
        }),
        Body::Text { .. } => {}
        Body::Binary => notes.push(format!("A binary file{}: not shown.", sizes(file))),
        Body::Symlink { from, to } => {
            let target = |t: &Option<Vec<u8>>| t.as_ref().map_or("nothing".to_owned(), visible);
            notes.push(format!(
                "A symbolic link: pointed to {}, points to {}.",
                target(from),
                target(to)
            ));
        }
        Body::Submodule { from, to, dirty } => {
            let id =
                |i: &Option<crate::change::ObjectId>| i.as_ref().map_or("nothing".to_owned(), |i| i.short().to_owned());
            let dirty = if *dirty { " It has changes of its own." } else { "" };
            notes.push(format!(
                "A submodule: pointed to {}, points to {}.{dirty}",
                id(from),
                id(to)
            ));
        }
        Body::LfsPointer { size } => {
            let size = size.map_or(String::new(), |s| format!(" of {}", bytes(s)));
            notes.push(format!("A Git LFS pointer{size}: the content is not here."));
        }
        Body::TooLarge { limit } => {
            notes.push(format!("Over the limit of {}{}: not read.", bytes(*limit), sizes(file)))
        }
    }
    notes
}

fn meaning(old: u32, new: u32) -> &'static str {
    match (old & 0o111 != 0, new & 0o111 != 0) {
        (false, true) => ": it can be executed now",
        (true, false) => ": it can no longer be executed",
        _ => "",
    }
}

fn sizes(file: &FileChange) -> String {
    match (&file.old, &file.new) {
        (Some(old), Some(new)) => format!(" ({}, now {})", bytes(old.size), bytes(new.size)),
        (Some(side), None) | (None, Some(side)) => format!(" ({})", bytes(side.size)),
        (None, None) => String::new(),
    }
}

/// A size for people.
fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} bytes"),
        1024..1_048_576 => format!("{} kB", count.div_ceil(1024)),
        _ => format!("{:.1} MB", count as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::change::{HunkId, Line, ObjectId, RepoPath, Side, Stage};

    /// A file of `n` lines whose line 10 was replaced by two.
    fn file(n: u32) -> FileChange {
        let old: String = (1..=n).map(|i| format!("line {i}\n")).collect();
        let new = old.replace("line 10\n", "line ten\nline ten and a half\n");
        let find = |text: &str, what: &str| {
            let at = text.find(&format!("{what}\n")).unwrap();
            crate::text::Span::new(at, at + what.len())
        };
        let line = |kind, old_no, new_no, text: &str, what: &str| Line {
            kind,
            old: old_no,
            new: new_no,
            span: find(text, what),
            no_eol: false,
            commit: None,
        };
        let hunk = Hunk {
            id: HunkId("h".into()),
            old_start: 9,
            old_lines: 3,
            new_start: 9,
            new_lines: 4,
            heading: String::new(),
            lines: vec![
                line(LineKind::Context, 9, 9, &new, "line 9"),
                line(LineKind::Removed, 10, 0, &old, "line 10"),
                line(LineKind::Added, 0, 10, &new, "line ten"),
                line(LineKind::Added, 0, 11, &new, "line ten and a half"),
                line(LineKind::Context, 11, 12, &new, "line 11"),
            ],
        };
        let side = |text: &str| {
            Some(Side {
                mode: 0o100_644,
                blob: ObjectId("b".into()),
                size: text.len() as u64,
                text: Some(text.as_bytes().into()),
            })
        };
        FileChange {
            path: RepoPath::new("a.txt"),
            old_path: None,
            status: Status::Modified,
            stage: Stage::default(),
            old: side(&old),
            new: side(&new),
            body: Body::Text { hunks: vec![hunk] },
        }
    }

    fn shape(listing: &Listing) -> String {
        let one = |row: &Row| match row {
            Row::Hunk { skipped, .. } => format!("@{skipped}"),
            Row::Gap { skipped } => format!("~{skipped}"),
            Row::Line(l) => format!("{}{}/{}", ['=', '+', '-'][l.kind as usize], l.old, l.new),
            Row::Pair(a, b) => {
                let side = |l: &Option<LineAt>| l.map_or("_".into(), |l| format!("{}/{}", l.old, l.new));
                format!("({} {})", side(a), side(b))
            }
            Row::Note(text) => text.clone(),
        };
        listing.rows.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hunks_with_what_was_left_out() {
        let listing = Listing::of(&file(20), &Shape::default());
        assert_eq!(shape(&listing), "@8 =9/9 -10/0 +0/10 +0/11 =11/12 ~9");
        assert_eq!(listing.row_of(true, 10), Some(2));
        assert_eq!(listing.row_of(false, 11), Some(4));
        assert_eq!(listing.rows_of_hunk(0), Some(0..=5));
    }

    #[test]
    fn evidence_outside_the_hunks_is_listed() {
        let extra = Shape {
            extra: vec![3..=4, 18..=19],
            ..Shape::default()
        };
        assert_eq!(
            shape(&Listing::of(&file(20), &extra)),
            "~2 =3/3 =4/4 @4 =9/9 -10/0 +0/10 +0/11 =11/12 ~5 =17/18 =18/19 ~2"
        );
    }

    #[test]
    fn the_whole_file_has_every_line_once() {
        let listing = Listing::of(
            &file(20),
            &Shape {
                whole: true,
                ..Shape::default()
            },
        );
        let new: Vec<u32> = listing
            .rows
            .iter()
            .flat_map(Row::lines)
            .map(|l| l.new)
            .filter(|n| *n > 0)
            .collect();
        assert_eq!(new, (1..=21).collect::<Vec<_>>());
    }

    #[test]
    fn side_by_side_pairs_removed_with_added() {
        let listing = Listing::of(
            &file(12),
            &Shape {
                split: true,
                ..Shape::default()
            },
        );
        assert_eq!(shape(&listing), "@8 (9/9 9/9) (10/0 0/10) (_ 0/11) (11/12 11/12) ~1");
    }

    #[test]
    fn files_without_lines_say_why() {
        let mut f = file(20);
        f.body = Body::Binary;
        assert_eq!(
            shape(&Listing::of(&f, &Shape::default())),
            "A binary file (151 bytes, now 172 bytes): not shown."
        );
        f.body = Body::Text { hunks: Vec::new() };
        f.new.as_mut().unwrap().mode = 0o100_755;
        assert_eq!(
            shape(&Listing::of(&f, &Shape::default())),
            "Mode changed from 100644 to 100755: it can be executed now."
        );
    }
}
