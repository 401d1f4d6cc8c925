//! The fix as a small diff: only the lines it changes.

use super::{
    CaseView,
    content::{Page, mask},
};
use crate::{
    scan::{Finding, Fix, FixQuality},
    text::{LineIndex, Span},
    tui::{
        theme::Role,
        widgets::prose::{self, safe, span},
    },
};
use ratatui::text::Line;

/// A place of the fix: the lines before and after.
#[derive(Debug, PartialEq, Eq)]
struct Patch {
    before: Vec<Vec<u8>>,
    after: Vec<Vec<u8>>,
}

/// Writes the fix under its heading.
pub(super) fn rows(page: &mut Page<'_>, view: &CaseView<'_>, finding: &Finding) {
    page.air();
    let brush = page.brush;
    let label = span("Fix  ", brush.style(Role::Strong));
    let Some(fix) = &finding.fix else {
        let text = format!("none known; {} opens your editor here", view.keys.editor);
        page.line(Line::from(vec![
            label,
            span(
                prose::cut(&text, page.width.saturating_sub(5), brush.glyphs.ellipsis),
                brush.style(Role::Dim),
            ),
        ]));
        return;
    };
    let shown = view.state.fix_shown() == Some(&finding.fingerprint);
    let quality = match fix.quality {
        FixQuality::Checked => "checked: finding gone, nothing new",
        FixQuality::Sketch => "a sketch: a person must finish it",
    };
    page.line(Line::from(vec![
        label,
        span(
            prose::cut(quality, page.width.saturating_sub(5), brush.glyphs.ellipsis),
            brush.style(Role::Dim),
        ),
    ]));
    page.prose(&safe(&fix.title), Role::Text);
    let Some(text) = view.state.file(&fix.path).and_then(|f| f.new_text()) else {
        return;
    };
    for patch in patches(fix, text, &finding.redact) {
        for (lines, sign, role) in [(patch.before, "- ", Role::Removed), (patch.after, "+ ", Role::Added)] {
            let sign_role = if role == Role::Added {
                Role::AddedSign
            } else {
                Role::RemovedSign
            };
            let base = brush.style(role);
            for line in lines {
                let mut first = true;
                for part in prose::wrap_exact(&tabless(&line), page.width.saturating_sub(2)) {
                    let fill = page.width.saturating_sub(2 + prose::width(&part));
                    let sign = if first { sign } else { "  " };
                    first = false;
                    page.line(Line::from(vec![
                        span(sign, base.patch(brush.style(sign_role))),
                        span(part, base),
                        span(" ".repeat(fill), base),
                    ]));
                }
            }
        }
    }
    if shown && fix.quality == FixQuality::Checked {
        page.prose(
            &format!(
                "{} again applies it to the working tree. Esc puts it away.",
                view.keys.fix
            ),
            Role::Warn,
        );
    }
}

/// A line of code for the narrow column: made safe, tabs as four cells.
fn tabless(line: &[u8]) -> String {
    let look = crate::text::safe::Look::default();
    crate::text::safe::pieces(line, 0, &look)
        .into_iter()
        .map(|p| p.text)
        .collect()
}

/// What the edits change, whole lines at a time; edits on neighbouring lines come together. Lines that are the same before and after
/// are left out at both ends, and indentation that all lines share is taken off.
fn patches(fix: &Fix, text: &[u8], redact: &[Span]) -> Vec<Patch> {
    let index = LineIndex::new(text);
    let mut groups: Vec<(u32, u32, Vec<&crate::scan::Edit>)> = Vec::new();
    for edit in &fix.edits {
        let (first, last) = index.lines_of(edit.span);
        match groups.last_mut() {
            Some((_, end, edits)) if first <= *end + 1 => {
                *end = last.max(*end);
                edits.push(edit);
            }
            _ => groups.push((first, last, vec![edit])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(first, last, edits)| patch(text, &index, (first, last), &edits, redact))
        .collect()
}

fn patch(
    text: &[u8],
    index: &LineIndex,
    lines: (u32, u32),
    edits: &[&crate::scan::Edit],
    redact: &[Span],
) -> Option<Patch> {
    let region = index.span(lines.0)?.to(index.span(lines.1)?);
    let mut hidden = text.to_vec();
    mask(&mut hidden, Span::new(0, text.len()), redact);
    let mut after = Vec::new();
    let mut at = region.start as usize;
    for edit in edits {
        after.extend_from_slice(hidden.get(at..edit.span.range().start)?);
        after.extend_from_slice(edit.text.as_bytes());
        at = edit.span.range().end;
    }
    after.extend_from_slice(hidden.get(at..region.range().end)?);
    let split = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let lines = bytes.split_inclusive(|b| *b == b'\n');
        lines.map(|l| l.trim_ascii_end().to_vec()).collect()
    };
    let (mut before, mut after) = (split(region.of(&hidden)), split(&after));
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    before.drain(..same);
    after.drain(..same);
    while !before.is_empty() && before.last() == after.last() {
        before.pop();
        after.pop();
    }
    let indent = |line: &Vec<u8>| line.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let shared = before
        .iter()
        .chain(&after)
        .filter(|l| !l.is_empty())
        .map(indent)
        .min()
        .unwrap_or(0);
    for line in before.iter_mut().chain(&mut after) {
        line.drain(..shared.min(line.len()));
    }
    Some(Patch { before, after })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{change::RepoPath, scan::Edit};

    fn fix(edits: &[(&str, &str)], text: &str) -> Fix {
        let edit = |(from, to): &(&str, &str)| {
            let at = text.find(from).unwrap();
            Edit {
                span: Span::new(at, at + from.len()),
                text: (*to).into(),
            }
        };
        Fix {
            title: String::new(),
            quality: FixQuality::Checked,
            path: RepoPath::new("a"),
            edits: edits.iter().map(edit).collect(),
        }
    }

    fn shown(patches: &[Patch]) -> String {
        let line = |sign: char| move |l: &Vec<u8>| format!("{sign}{}\n", String::from_utf8_lossy(l));
        patches
            .iter()
            .map(|p| {
                p.before
                    .iter()
                    .map(line('-'))
                    .chain(p.after.iter().map(line('+')))
                    .collect::<String>()
            })
            .collect()
    }

    #[test]
    fn only_changed_lines_without_shared_indentation() {
        let text = "import os\n\ndef f(a):\n    x = 1\n    run(f\"{a}\")\n    return x\n";
        let fix = fix(
            &[
                ("import os\n", "import os\nimport sql\n"),
                ("run(f\"{a}\")", "run(\n        \"?\", a)"),
            ],
            text,
        );
        assert_eq!(
            shown(&patches(&fix, text.as_bytes(), &[])),
            "+import sql\n-run(f\"{a}\")\n+run(\n+    \"?\", a)\n"
        );
    }

    #[test]
    fn secrets_are_starred_on_both_sides() {
        let text = "key = \"abcdef\"\n";
        let fix = fix(&[("key", "token")], text);
        let drawn = shown(&patches(&fix, text.as_bytes(), &[Span::new(7, 13)]));
        assert_eq!(drawn, "-key = \"******\"\n+token = \"******\"\n");
    }

    #[test]
    fn an_edit_beyond_the_text_gives_nothing() {
        let text = "a\n";
        let broken = Fix {
            edits: vec![Edit {
                span: Span::new(90, 99),
                text: "x".into(),
            }],
            ..fix(&[], text)
        };
        assert_eq!(patches(&broken, text.as_bytes(), &[]), []);
    }
}
