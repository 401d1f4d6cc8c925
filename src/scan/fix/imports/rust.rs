//! Rust: among the `use` items at the top, where `rustfmt` would sort it.

use super::{Wanted, lines, next_line};
use crate::scan::{
    Edit,
    fix::job::{Code, insert},
};

/// The `use` item, put in.
pub fn add(code: &Code<'_>, wanted: &Wanted) -> Option<Edit> {
    let path = wanted.path().replace('.', "::");
    let item = format!("use {path};\n");
    let uses: Vec<(u32, &[u8])> = lines(code.text).filter(|(_, l)| l.starts_with(b"use ")).collect();
    if let Some((at, _)) = uses.iter().find(|(_, l)| &l[4..] > path.as_bytes()) {
        return Some(insert(*at, item));
    }
    if let Some((at, line)) = uses.last() {
        // A group over several lines ends further down: before it is as good a place.
        return Some(if line.trim_ascii_end().ends_with(b";") {
            insert(next_line(code.text, *at), item)
        } else {
            insert(*at, item)
        });
    }
    let head = |l: &[u8]| l.is_empty() || l.starts_with(b"//!") || l.starts_with(b"#![") || l.starts_with(b"// ");
    let (at, _) = lines(code.text).find(|(_, l)| !head(l))?;
    Some(insert(at, format!("{item}\n")))
}
