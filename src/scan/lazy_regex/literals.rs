//! Literals that a text must hold for a regex to match it, found from the regex itself, so that rule authors need not repeat themselves.
//!
//! The build script includes this file: what the embedded rules need is worked out when the program is built. So it knows nothing of the program.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

/// Shorter literals occur everywhere and filter nothing, even in names.
const SHORTEST: usize = 2;
/// More alternatives than this are not worth their place in the prefilter.
const MOST: usize = 64;

/// Lower-case literals of which at least one occurs (in any case) wherever `regex` matches; `None` when the regex guarantees
/// none that is long enough, or is no regex.
#[must_use]
pub fn required(regex: &str) -> Option<Vec<String>> {
    let hir = ParserBuilder::new()
        .utf8(false)
        .unicode(false)
        .build()
        .parse(regex)
        .ok()?;
    let mut found = of(&hir)?;
    found.sort();
    found.dedup();
    // A literal that holds another says nothing more.
    let within = |word: &String| found.iter().any(|other| other != word && word.contains(other.as_str()));
    Some(found.iter().filter(|w| !within(w)).cloned().collect())
}

/// The best guarantee of one expression. Nesting is bounded by the regex parser's own limit.
fn of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => usable(String::from_utf8(literal.0.to_vec()).ok()?),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of(&repetition.sub),
        HirKind::Concat(parts) => of_concat(parts),
        HirKind::Alternation(arms) => {
            let mut all = Vec::new();
            for arm in arms {
                all.extend(of(arm)?);
            }
            (all.len() <= MOST).then_some(all)
        }
        _ => None,
    }
}

/// Of a sequence, the part (or the run of single letters in any case) with the longest shortest literal.
fn of_concat(parts: &[Hir]) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut run = String::new();
    let mut offer = |candidate: Option<Vec<String>>| {
        let worth = |all: &Vec<String>| all.iter().map(String::len).min().unwrap_or_default();
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|b| worth(b) < worth(&candidate))
        {
            best = Some(candidate);
        }
    };
    for part in parts {
        match letters(part) {
            Some(text) => run.push_str(&text),
            None => {
                offer(usable(std::mem::take(&mut run)));
                offer(of(part));
            }
        }
    }
    offer(usable(run));
    best
}

/// The text of a literal, or of a class that holds one letter in both cases.
fn letters(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok(),
        HirKind::Class(Class::Bytes(class)) => {
            let singles: Vec<u8> = class
                .iter()
                .filter(|r| r.start() == r.end())
                .map(|r| r.start())
                .collect();
            match (singles.as_slice(), class.iter().count()) {
                ([upper, lower], 2) if upper.eq_ignore_ascii_case(lower) => Some((*lower as char).to_string()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn usable(text: String) -> Option<Vec<String>> {
    (text.len() >= SHORTEST && text.is_ascii()).then(|| vec![text.to_ascii_lowercase()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_match_cannot_lack() {
        let of = |regex| required(regex).map(|all| all.join(" "));
        assert_eq!(of(r"\bghp_[A-Za-z0-9]{36}\b").as_deref(), Some("ghp_"));
        assert_eq!(of(r"(?i)ignore\s+(?:all\s+)?previous").as_deref(), Some("previous"));
        assert_eq!(of(r"(?:nosec|noqa)\b").as_deref(), Some("noqa nosec"));
        assert_eq!(of(r"(?i)#\s*(NOSEC|type:\s*ignore)").as_deref(), Some("ignore nosec"));
        assert_eq!(of(r"[a-z]+"), None);
        assert_eq!(of(r"(?:abc)?"), None);
        assert_eq!(of(r"abc|x"), None);
        assert_eq!(of("("), None);
    }
}
