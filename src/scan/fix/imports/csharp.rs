//! C#: one more `using` among those at the top, where they would be sorted (`System` before all others, as editors do it); the whole namespace,
//! because that is what a `using` brings in.

use super::{Wanted, lines, next_line};
use crate::scan::{
    Edit,
    fix::job::{Code, insert},
};

/// The `using`, put in.
pub fn add(code: &Code<'_>, wanted: &Wanted) -> Edit {
    let module = &wanted.module;
    let line = format!("using {module};\n");
    let usings: Vec<(u32, String)> = usings(code.text).collect();
    let key = |namespace: &str| {
        let system = namespace == "System" || namespace.starts_with("System.");
        (!system, namespace.to_owned())
    };
    if let Some((at, _)) = usings.iter().find(|(_, namespace)| key(namespace) > key(module)) {
        return insert(*at, line);
    }
    if let Some((at, _)) = usings.last() {
        return insert(next_line(code.text, *at), line);
    }
    insert(first(code), format!("{line}\n"))
}

/// True when types of the namespace need no `using`: there is one, or the file's own namespace lies in it.
pub fn sees(code: &Code<'_>, module: &str) -> bool {
    let imported = code.facts.imports.iter().any(|i| {
        let namespace = code.facts.name(i.local).is_empty() && !i.all;
        namespace && *i.path == *module
    });
    imported
        || lines(code.text).any(|(_, line)| {
            let line = String::from_utf8_lossy(line);
            let own = line.trim().strip_prefix("namespace ").unwrap_or_default();
            let own = own.trim_end_matches(['{', ';', ' ']);
            own == module || own.starts_with(&format!("{module}."))
        })
}

/// Directives of plain namespaces at the beginning of a line, with their places.
fn usings(text: &[u8]) -> impl Iterator<Item = (u32, String)> {
    lines(text).filter_map(|(at, line)| {
        let line = String::from_utf8_lossy(line).into_owned();
        let namespace = line.strip_prefix("using ")?.trim().strip_suffix(';')?.trim();
        let plain = namespace.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
        plain.then(|| (at, namespace.to_owned()))
    })
}

/// After the comment at the top.
fn first(code: &Code<'_>) -> u32 {
    let comments = &code.facts.comments;
    let head = |start: u32, line: &[u8]| {
        let comment = comments.iter().any(|c| c.span.start <= start && start < c.span.end);
        comment || line.is_empty() || line.starts_with(b"#")
    };
    let found = lines(code.text).find(|(start, line)| !head(*start, line));
    found.map_or(0, |(start, _)| start)
}
