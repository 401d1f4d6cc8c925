//! Java and Kotlin: among the imports, where it would be sorted; a package that is imported whole needs no more.

use super::{Wanted, lines, next_line};
use crate::{
    lang::Lang,
    scan::{
        Edit,
        fix::job::{Code, insert},
    },
};

/// The import, put in.
pub fn add(code: &Code<'_>, wanted: &Wanted) -> Edit {
    let path = wanted.path();
    let end = if code.lang() == Lang::Kotlin { "" } else { ";" };
    let line = format!("import {path}{end}\n");
    let plain = |l: &[u8]| l.starts_with(b"import ") && !l.starts_with(b"import static ");
    let imports: Vec<(u32, &[u8])> = lines(code.text).filter(|(_, l)| plain(l)).collect();
    if let Some((at, _)) = imports.iter().find(|(_, l)| &l[7..] > path.as_bytes()) {
        return insert(*at, line);
    }
    if let Some((at, _)) = imports.last() {
        return insert(next_line(code.text, *at), line);
    }
    match lines(code.text).find(|(_, l)| l.starts_with(b"package ")) {
        Some((at, _)) => insert(next_line(code.text, at), format!("\n{line}")),
        None => insert(0, format!("{line}\n")),
    }
}
