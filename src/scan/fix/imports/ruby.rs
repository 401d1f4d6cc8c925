//! Ruby: `require` of a library, after those that are there; else before the first line that is no comment.

use super::{Wanted, lines, next_line};
use crate::scan::{
    Edit,
    fix::job::{Code, insert},
};

/// True when the file loads the library.
pub fn loads(code: &Code<'_>, wanted: &Wanted) -> bool {
    code.facts.imports.iter().any(|i| *i.path == *wanted.module)
}

/// The `require`, put in, with the quotes of the others.
pub fn add(code: &Code<'_>, wanted: &Wanted) -> Edit {
    let required = |l: &[u8]| l.starts_with(b"require '") || l.starts_with(b"require \"");
    let last = lines(code.text).filter(|(_, l)| required(l)).last();
    let quote = match last {
        Some((_, line)) if line.contains(&b'\'') => '\'',
        _ => '"',
    };
    let line = format!("require {quote}{}{quote}\n", wanted.module);
    if let Some((at, _)) = last {
        return insert(next_line(code.text, at), line);
    }
    // Comments that speak to Ruby itself stay first.
    let magic =
        |l: &[u8]| l.starts_with(b"#!") || l.starts_with(b"# frozen_string_literal") || l.starts_with(b"# encoding");
    let (at, after) = match lines(code.text).take_while(|(_, l)| magic(l)).last() {
        Some((at, _)) => (next_line(code.text, at), true),
        None => (0, false),
    };
    let blank_follows = code.text.get(at as usize) == Some(&b'\n');
    insert(
        at,
        match (after, blank_follows) {
            (true, true) => format!("\n{line}"),
            (true, false) => format!("\n{line}\n"),
            _ => format!("{line}\n"),
        },
    )
}
