//! Edits put in order: ascending, not overlapping, with the file's own line endings.

use crate::scan::Edit;

/// The edits in the form a [`Fix`](crate::scan::Fix) has; `None` when two of them overlap or nothing is changed by them.
#[must_use]
pub fn tidy(text: &[u8], mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    if uses_crlf(text) {
        for edit in &mut edits {
            edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
    }
    edits.retain(|e| e.span.of(text) != e.text.as_bytes());
    // Stable: insertions at one place stay in the order in which they were asked for.
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut tidied: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match tidied.last_mut() {
            Some(last) if last.span.end > edit.span.start => return None,
            Some(last) if last.span.end == edit.span.start => {
                last.span.end = edit.span.end;
                last.text.push_str(&edit.text);
            }
            _ => tidied.push(edit),
        }
    }
    (!tidied.is_empty()).then_some(tidied)
}

/// True when the file's first line ends in CR LF.
#[must_use]
pub fn uses_crlf(text: &[u8]) -> bool {
    let first = text.iter().position(|b| *b == b'\n');
    first.is_some_and(|at| at > 0 && text[at - 1] == b'\r')
}

/// The offset before `edits` of the byte at `offset` after them: what an edit put in is at the start of what it replaced.
#[must_use]
pub fn back(edits: &[Edit], offset: u32) -> u32 {
    let mut shift = 0_i64;
    for edit in edits {
        let start = i64::from(edit.span.start) + shift;
        let len = edit.text.len() as i64;
        if i64::from(offset) < start {
            break;
        }
        if i64::from(offset) < start + len {
            return edit.span.start;
        }
        shift += len - edit.span.len() as i64;
    }
    u32::try_from(i64::from(offset) - shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{scan::fix::job::edit, text::Span};

    #[test]
    fn overlapping_edits_are_refused_and_neighbours_joined() {
        let text = b"abcdef";
        let made = |list: &[(usize, usize, &str)]| {
            let edits = list.iter().map(|(s, e, t)| edit(Span::new(*s, *e), *t)).collect();
            tidy(text, edits)
        };
        assert_eq!(made(&[(2, 4, "x"), (3, 5, "y")]), None);
        assert_eq!(made(&[(0, 1, "a")]), None);
        let joined = made(&[(4, 5, "y"), (2, 4, "x"), (0, 0, "!")]).unwrap();
        assert_eq!(joined, [edit(Span::new(0, 0), "!"), edit(Span::new(2, 5), "xy")]);
    }

    #[test]
    fn new_lines_are_those_of_the_file() {
        let edits = vec![edit(Span::new(0, 0), "import os\n")];
        assert_eq!(tidy(b"a\r\nb\r\n", edits).unwrap()[0].text, "import os\r\n");
    }

    #[test]
    fn offsets_go_back_to_where_they_were() {
        let edits = [edit(Span::new(0, 0), "xx"), edit(Span::new(2, 4), "y")];
        let before: Vec<u32> = (0..6).map(|o| back(&edits, o)).collect();
        assert_eq!(before, [0, 0, 0, 1, 2, 4]);
    }
}
