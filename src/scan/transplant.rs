//! A fix that was made for one version of a file, put into another: it fits when every line it touches stands unchanged in both.

use super::Edit;
use crate::text::{LineIndex, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The edits as offsets into `to`, when the lines they touch are the same in `from` and `to`; `None` when they do not fit.
#[must_use]
pub fn transplant(edits: &[Edit], from: &[u8], to: &[u8]) -> Option<Vec<Edit>> {
    if from == to {
        return Some(edits.to_vec());
    }
    let (old, new) = (LineIndex::new(from), LineIndex::new(to));
    let old_lines = lines(&old, from);
    let new_lines = lines(&new, to);
    let same: Vec<(usize, usize, usize)> = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines)
        .into_iter()
        .filter_map(|op| match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => Some((old_index, new_index, len)),
            _ => None,
        })
        .collect();
    edits
        .iter()
        .map(|edit| {
            let (first, last) = old.lines_of(edit.span);
            let (first, last) = (first as usize - 1, last as usize - 1);
            let (at, there, _) = same.iter().find(|(at, _, len)| *at <= first && last < at + len)?;
            let line = |index: &LineIndex, n: usize| index.span(n as u32 + 1).map(|s| s.start);
            let shift = i64::from(line(&new, there + first - at)?) - i64::from(line(&old, first)?);
            let moved = |offset: u32| usize::try_from(i64::from(offset) + shift).ok();
            Some(Edit {
                span: Span::new(moved(edit.span.start)?, moved(edit.span.end)?),
                text: edit.text.clone(),
            })
        })
        .collect()
}

fn lines<'t>(index: &LineIndex, text: &'t [u8]) -> Vec<&'t [u8]> {
    (1..=index.count())
        .filter_map(|n| index.span(n))
        .map(|s| s.of(text))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn edit(text: &[u8], what: &str, with: &str) -> Edit {
        let at = String::from_utf8_lossy(text).find(what).unwrap();
        Edit {
            span: Span::new(at, at + what.len()),
            text: with.into(),
        }
    }

    #[test]
    fn a_fix_moves_with_its_lines() {
        let from = b"a\nrun(x)\nb\n";
        let to = b"new\nmore\na\nrun(x)\nb\n";
        let moved = transplant(&[edit(from, "run", "safe")], from, to).unwrap();
        assert_eq!(moved, [edit(to, "run", "safe")]);
    }

    #[test]
    fn a_fix_does_not_fit_where_its_lines_changed() {
        let from = b"a\nrun(x)\nb\n";
        assert_eq!(transplant(&[edit(from, "run", "safe")], from, b"a\nrun(y)\nb\n"), None);
        assert_eq!(transplant(&[edit(from, "run", "safe")], from, b"a\nb\n"), None);
    }
}
