//! The signs the screen uses, each with a stand-in for terminals without the glyph.

use crate::{
    review::{Standing, Verdict},
    scan::Severity,
};

/// A set of signs, all one cell wide.
#[derive(Clone, Copy, Debug)]
pub struct Glyphs {
    /// True when these are the ASCII stand-ins.
    pub ascii: bool,
    /// Horizontal line between panes.
    pub horizontal: &'static str,
    /// Vertical line between panes.
    pub vertical: &'static str,
    /// Where a vertical line hangs from a horizontal one.
    pub tee_down: &'static str,
    /// Where a vertical line stands on a horizontal one.
    pub tee_up: &'static str,
    /// Where a horizontal line ends at a vertical one.
    pub tee_left: &'static str,
    /// Corners of a dialog: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Before the selected row.
    pub pointer: &'static str,
    /// An open fold, a closed one.
    pub folds: [&'static str; 2],
    /// Beside offending lines.
    pub bar: &'static str,
    /// Text was cut here.
    pub ellipsis: &'static str,
    /// A wrapped line goes on.
    pub wrapped: &'static str,
    /// Lines that are not shown.
    pub gap: &'static str,
    /// Nobody decided.
    pub open: &'static str,
    /// Approved.
    pub approved: &'static str,
    /// Rejected.
    pub rejected: &'static str,
    /// Fixed.
    pub fixed: &'static str,
    /// Changed since it was decided.
    pub stale: &'static str,
    /// A hunk not seen.
    pub unseen: &'static str,
    /// For and against.
    pub for_against: [&'static str; 2],
    /// Eighths of a full cell, from one to eight, for progress.
    pub eighths: [&'static str; 8],
    /// A scrollbar's thumb and track.
    pub scroll: [&'static str; 2],
    numbers: [&'static str; 20],
}

const UNICODE: Glyphs = Glyphs {
    ascii: false,
    horizontal: "─",
    vertical: "│",
    tee_down: "┬",
    tee_up: "┴",
    tee_left: "┤",
    corners: ["╭", "╮", "╰", "╯"],
    pointer: "▶",
    folds: ["▾", "▸"],
    bar: "▌",
    ellipsis: "…",
    wrapped: "↪",
    gap: "⋯",
    open: "●",
    approved: "✓",
    rejected: "✗",
    fixed: "⚒",
    stale: "⟳",
    unseen: "○",
    for_against: ["+", "−"],
    eighths: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    scroll: ["┃", "│"],
    numbers: [
        "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩", "⑪", "⑫", "⑬", "⑭", "⑮", "⑯", "⑰", "⑱", "⑲", "⑳",
    ],
};

const ASCII: Glyphs = Glyphs {
    ascii: true,
    horizontal: "-",
    vertical: "|",
    tee_down: "+",
    tee_up: "+",
    tee_left: "+",
    corners: ["+", "+", "+", "+"],
    pointer: ">",
    folds: ["v", ">"],
    bar: "|",
    ellipsis: "~",
    wrapped: "\\",
    gap: ":",
    open: "*",
    approved: "v",
    rejected: "x",
    fixed: "f",
    stale: "!",
    unseen: "o",
    for_against: ["+", "-"],
    eighths: [" ", " ", " ", "-", "-", "=", "=", "#"],
    scroll: ["#", "|"],
    numbers: [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
    ],
};

impl Glyphs {
    /// The signs for a terminal: ASCII when the locale is not UTF-8. An environment that names no locale gets the glyphs.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|v| !v.is_empty()));
        let other_charset = |name: &String| {
            name.split_once('.')
                .is_some_and(|(_, set)| !set.to_ascii_lowercase().replace('-', "").starts_with("utf8"))
        };
        let term = variable("TERM").unwrap_or_default();
        let poor = term == "dumb" || term == "linux" || term.starts_with("vt");
        if poor || locale.as_ref().is_some_and(other_charset) {
            ASCII
        } else {
            UNICODE
        }
    }

    /// The full set.
    #[must_use]
    pub fn unicode() -> Self {
        UNICODE
    }

    /// The stand-ins.
    #[must_use]
    pub fn ascii() -> Self {
        ASCII
    }

    /// The sign of evidence step `index`, counted from 0; past the twentieth they share one.
    #[must_use]
    pub fn number(&self, index: usize) -> &'static str {
        self.numbers.get(index).copied().unwrap_or(self.ellipsis)
    }

    /// The sign of a standing.
    #[must_use]
    pub fn standing(&self, standing: &Standing) -> &'static str {
        match standing {
            Standing::Open => self.open,
            Standing::Stale(_) => self.stale,
            Standing::Decided(decision) => match decision.verdict {
                Verdict::Approved(_) => self.approved,
                Verdict::Rejected => self.rejected,
                Verdict::Fixed => self.fixed,
            },
        }
    }
}

/// The letter of a severity.
#[must_use]
pub fn letter(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "C",
        Severity::High => "H",
        Severity::Medium => "M",
        Severity::Low => "L",
        Severity::Info => "I",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_sign_is_one_cell_wide() {
        for g in [UNICODE, ASCII] {
            let mut all = vec![
                g.horizontal,
                g.vertical,
                g.tee_down,
                g.tee_up,
                g.tee_left,
                g.pointer,
                g.bar,
                g.ellipsis,
                g.wrapped,
                g.gap,
                g.open,
                g.approved,
                g.rejected,
                g.fixed,
                g.stale,
                g.unseen,
            ];
            all.extend(g.corners);
            all.extend(g.folds);
            all.extend(g.for_against);
            all.extend(g.eighths);
            all.extend(g.scroll);
            all.extend(g.numbers);
            for sign in all {
                assert_eq!(sign.width(), 1, "{sign:?}");
                assert!(!g.ascii || sign.is_ascii(), "{sign:?}");
            }
        }
    }

    #[test]
    fn the_locale_decides() {
        let with = |set: &'static [(&str, &str)]| {
            Glyphs::of(|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())).ascii
        };
        assert!(!with(&[("LANG", "de_DE.UTF-8")]));
        assert!(!with(&[("LANG", "C.utf8")]));
        assert!(!with(&[]));
        assert!(with(&[("LANG", "de_DE.ISO-8859-1")]));
        assert!(with(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.ISO-8859-1")]));
        assert!(with(&[("TERM", "linux")]));
    }
}
