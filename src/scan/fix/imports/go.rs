//! Go: in the import block, where `gofmt` would sort it; and out again what is no longer used, because the compiler refuses it.

use super::{lines, next_line};
use crate::{
    lang::facts::*,
    scan::{
        Edit,
        fix::job::{Code, edit, insert},
    },
    text::Span,
};

/// The import, put in.
pub fn add(code: &Code<'_>, path: &str) -> Option<Edit> {
    let text = code.text;
    if let Some(block) = block(text) {
        let mut entries = entries(text, block);
        let standard = |path: &str| !path.split('/').next().unwrap_or_default().contains('.');
        // The group of the same sort, if there is one: groups are set apart by blank lines.
        let groups: Vec<Vec<Entry>> = groups(text, &mut entries);
        let fits = |g: &&Vec<Entry>| g.iter().all(|e| standard(&e.path) == standard(path));
        let group = groups.iter().find(fits);
        return Some(match group {
            Some(group) => match group.iter().find(|e| *e.path > *path) {
                Some(after) => insert(after.line.start, format!("\t\"{path}\"\n")),
                None => insert(group.last()?.line.end, format!("\t\"{path}\"\n")),
            },
            None if standard(path) => insert(next_line(text, block.start), format!("\t\"{path}\"\n\n")),
            None => insert(groups.last()?.last()?.line.end, format!("\n\t\"{path}\"\n")),
        });
    }
    let single = lines(text).filter(|(_, l)| l.starts_with(b"import ")).last();
    if let Some((start, _)) = single {
        return Some(insert(next_line(text, start), format!("import \"{path}\"\n")));
    }
    let (package, _) = lines(text).find(|(_, l)| l.starts_with(b"package "))?;
    Some(insert(next_line(text, package), format!("\nimport \"{path}\"\n")))
}

/// From `import (` to its `)`.
fn block(text: &[u8]) -> Option<Span> {
    let (start, _) = lines(text).find(|(_, l)| {
        let rest = l.strip_prefix(b"import").unwrap_or_default();
        rest.trim_ascii_start().starts_with(b"(") && rest.trim_ascii_end().ends_with(b"(")
    })?;
    let mut inside = lines(text).skip_while(|(at, _)| *at <= start);
    let (end, _) = inside.find(|(_, l)| l.trim_ascii().starts_with(b")"))?;
    Some(Span { start, end })
}

/// One line of the block.
#[derive(Clone)]
struct Entry {
    line: Span,
    path: String,
}

fn entries(text: &[u8], block: Span) -> Vec<Entry> {
    let inside = lines(text).filter(|(at, _)| block.start < *at && *at < block.end);
    let entry = |(start, line): (u32, &[u8])| {
        let line_text = String::from_utf8_lossy(line).into_owned();
        let path = line_text.split('"').nth(1)?.to_owned();
        let line = Span {
            start,
            end: next_line(text, start),
        };
        Some(Entry { line, path })
    };
    inside.filter_map(entry).collect()
}

fn groups(text: &[u8], entries: &mut [Entry]) -> Vec<Vec<Entry>> {
    let mut groups: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let before = groups.last().and_then(|g| g.last()).map(|e| e.line.end);
        let blank = |from: u32| {
            let between = text.get(from as usize..entry.line.start as usize).unwrap_or_default();
            between.contains(&b'\n')
        };
        match (groups.last_mut(), before) {
            (Some(group), Some(end)) if !blank(end) => group.push(entry.clone()),
            _ => groups.push(vec![entry.clone()]),
        }
    }
    groups
}

/// The name a package goes by: the last part of its path that is no version.
#[must_use]
pub fn package_name(path: &str) -> &str {
    let version = |p: &&str| p.starts_with('v') && p.len() > 1 && p[1..].bytes().all(|b| b.is_ascii_digit());
    let last = path.rsplit('/').find(|p| !version(p)).unwrap_or(path);
    last.split('.').next().unwrap_or(last)
}

/// Edits that take out the imports of `after` which `before` used and `after` does not.
#[must_use]
pub fn unused(before: &Facts, after: &Facts, after_text: &[u8]) -> Vec<Edit> {
    let used = |facts: &Facts, local: &str| {
        let expr = |e: &Expr| match &e.kind {
            ExprKind::Name(name) => facts.name(*name) == local,
            ExprKind::Cast { ty, .. } => mentions(facts, ty, local),
            _ => false,
        };
        facts.functions.iter().any(|f| {
            let types = f.params.iter().filter_map(|p| p.ty.as_ref()).chain(&f.returns);
            types.clone().any(|t| mentions(facts, t, local)) || f.exprs.iter().any(expr)
        }) || facts.classes.iter().any(|c| {
            let types = c.fields.iter().filter_map(|f| f.ty.as_ref()).chain(&c.bases);
            types.clone().any(|t| mentions(facts, t, local))
        })
    };
    let mut edits = Vec::new();
    for import in &after.imports {
        let local = after.name(import.local);
        if matches!(local, "" | "_" | ".") || import.all || !used(before, local) || used(after, local) {
            continue;
        }
        // Types in places that are not lowered count as uses too.
        if text_uses(after_text, local) {
            continue;
        }
        edits.push(edit(line_of(after_text, import.span), ""));
    }
    edits
}

fn mentions(facts: &Facts, ty: &TypeRef, local: &str) -> bool {
    let name = facts.name(ty.name);
    name.split('.').next() == Some(local) || ty.args.iter().any(|a| mentions(facts, a, local))
}

/// True when `local.` stands anywhere in the text as a word of its own.
fn text_uses(text: &[u8], local: &str) -> bool {
    let text = String::from_utf8_lossy(text);
    let needle = format!("{local}.");
    text.match_indices(&needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '"'))
    })
}

/// The whole line, and the whole declaration when nothing else is in it.
fn line_of(text: &[u8], span: Span) -> Span {
    let start = text[..span.start as usize]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |i| i + 1);
    let line = Span::new(start, next_line(text, span.start) as usize);
    match block(text) {
        Some(block) if block.start < line.start && line.end <= block.end && entries(text, block).len() == 1 => {
            let mut whole = Span {
                start: block.start,
                end: next_line(text, block.end),
            };
            if text.get(whole.end as usize) == Some(&b'\n') {
                whole.end += 1;
            }
            whole
        }
        _ => line,
    }
}
