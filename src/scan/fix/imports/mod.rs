//! Imports that a fix needs: nothing when the file has it already, else one more where such things stand in that language, and in the
//! file's own style. Also the reverse, where a language refuses what is imported and not used.

mod csharp;
mod go;
mod java;
mod javascript;
mod python;
mod ruby;
mod rust;

use super::{job::Code, names};
use crate::{
    lang::{Lang, facts::*},
    scan::Edit,
};

pub use go::unused as unused_in_go;

/// What must be imported: `import hmac`, `from html import escape`, `child_process.execFile`, `crypto/subtle`, `std::env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The module, as the language names it.
    pub module: String,
    /// One thing of it.
    pub item: Option<String>,
}

impl Wanted {
    /// Reads `import` of a rule.
    #[must_use]
    pub fn parse(lang: Lang, text: &str) -> Option<Wanted> {
        let text = text.trim().trim_end_matches(';');
        let module = |module: &str| Wanted {
            module: module.to_owned(),
            item: None,
        };
        let item = |from: &str, item: &str| Wanted {
            module: from.to_owned(),
            item: Some(item.to_owned()),
        };
        let wanted = match lang {
            Lang::Python => match text.strip_prefix("from ").and_then(|t| t.split_once(" import ")) {
                Some((from, name)) => item(from.trim(), name.trim()),
                None => module(text.strip_prefix("import ").unwrap_or(text).trim()),
            },
            Lang::Go => module(text.trim_matches('"')),
            Lang::Rust => {
                let path = text.strip_prefix("use ").unwrap_or(text).replace("::", ".");
                let (from, name) = path.rsplit_once('.')?;
                item(from, name)
            }
            Lang::Java | Lang::Kotlin => {
                let (from, name) = text.strip_prefix("import ").unwrap_or(text).rsplit_once('.')?;
                item(from, name)
            }
            Lang::CSharp => {
                let (from, name) = text.strip_prefix("using ").unwrap_or(text).rsplit_once('.')?;
                item(from, name)
            }
            Lang::Ruby => module(
                text.strip_prefix("require ")
                    .unwrap_or(text)
                    .trim()
                    .trim_matches(['"', '\'']),
            ),
            Lang::Php | Lang::C | Lang::Cpp | Lang::Bash => return None,
            Lang::JavaScript | Lang::TypeScript | Lang::Tsx => {
                let path = text.strip_prefix("node:").unwrap_or(text);
                match path
                    .rsplit_once('.')
                    .filter(|(from, _)| !from.is_empty() && !from.ends_with('.'))
                {
                    Some((from, name)) => item(from, name),
                    None => module(path),
                }
            }
        };
        let plain = |t: &str| !t.is_empty() && !t.contains(char::is_whitespace);
        (plain(&wanted.module) && wanted.item.as_deref().is_none_or(plain)).then_some(wanted)
    }

    /// The name it is used by when nothing says otherwise.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        match (&self.item, lang) {
            (Some(item), _) => item.clone(),
            (None, Lang::Python) => self.module.clone(),
            (None, Lang::Go) => go::package_name(&self.module).to_owned(),
            (None, _) => {
                let last = self.module.rsplit('/').next().unwrap_or_default();
                last.replace('-', "_")
            }
        }
    }

    /// The access path of it.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.item {
            Some(item) => format!("{}.{item}", self.module),
            None => self.module.clone(),
        }
    }
}

/// How a wanted import is met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// What the rule's code calls it.
    name: String,
    /// What this file calls it.
    local: String,
    /// What makes it so.
    pub edits: Vec<Edit>,
}

impl Met {
    /// `code` with the import called as this file calls it.
    #[must_use]
    pub fn localised(&self, code: &str) -> String {
        if self.local == self.name || self.name.is_empty() {
            return code.to_owned();
        }
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let mut out = String::with_capacity(code.len());
        let mut rest = code;
        while let Some(at) = rest.find(&self.name) {
            let (before, found) = rest.split_at(at);
            let after = &found[self.name.len()..];
            out.push_str(before);
            let whole = !out.ends_with(word) && !after.starts_with(|c| word(c) && c != '.');
            out.push_str(if whole { &self.local } else { &self.name });
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// Meets `wanted`. `instead` is a name that the fix stops using at this expression: where nothing else uses it, its import may go.
/// `None` when the name is taken by something else.
#[must_use]
pub fn meet(code: &Code<'_>, path: &[u8], wanted: &Wanted, instead: Option<ExprId>) -> Option<Met> {
    let lang = code.lang();
    let name = wanted.name(lang);
    if let Some(local) = bound(code, wanted) {
        return Some(Met {
            name,
            local,
            edits: Vec::new(),
        });
    }
    let first = name.split('.').next().unwrap_or(&name);
    let same = |i: &Import| *i.path == *wanted.path() || is_parent(i, wanted);
    let other = code
        .facts
        .imports
        .iter()
        .any(|i| code.facts.name(i.local) == first && !same(i));
    if other || names::is_taken(code.facts, first) {
        return None;
    }
    let edits = match lang {
        Lang::Python => vec![python::add(code, wanted)],
        Lang::Go => vec![go::add(code, &wanted.module)?],
        Lang::Rust => vec![rust::add(code, wanted)?],
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => vec![javascript::add(code, path, wanted, instead)],
        Lang::Java | Lang::Kotlin => vec![java::add(code, wanted)],
        Lang::CSharp => vec![csharp::add(code, wanted)],
        Lang::Ruby => vec![ruby::add(code, wanted)],
        Lang::Php | Lang::C | Lang::Cpp | Lang::Bash => return None,
    };
    let local = name.clone();
    Some(Met { name, local, edits })
}

/// `import a` where `a.b` is wanted: both bind `a`, to the same.
fn is_parent(import: &Import, wanted: &Wanted) -> bool {
    wanted.item.is_none() && wanted.module.starts_with(&format!("{}.", import.path))
}

/// What this file calls the wanted thing, if it has it: only imports of the whole file count.
fn bound(code: &Code<'_>, wanted: &Wanted) -> Option<String> {
    let facts = code.facts;
    let path = wanted.path();
    if code.lang() == Lang::Ruby {
        return ruby::loads(code, wanted).then(|| wanted.name(Lang::Ruby));
    }
    let jvm = matches!(code.lang(), Lang::Java | Lang::Kotlin);
    let whole = |i: &Import| i.all && *i.path == *wanted.module;
    // `using` a namespace brings in all of it, and the code of a namespace sees its own types.
    let namespace = code.lang() == Lang::CSharp && csharp::sees(code, &wanted.module);
    if namespace || jvm && facts.imports.iter().any(whole) {
        return wanted.item.clone();
    }
    let visible = |i: &&Import| !i.all && !facts.name(i.local).is_empty() && facts.enclosing(i.span.start).is_none();
    let mut imports = facts.imports.iter().filter(visible);
    imports.find_map(|i| {
        let local = facts.name(i.local);
        if *i.path == *path && local != "_" {
            return Some(local.to_owned());
        }
        // `import a.b` binds `a`.
        let dotted = wanted.item.is_none() && code.lang() == Lang::Python && path.contains('.');
        (dotted && i.span.of(code.text) == path.as_bytes()).then(|| path.clone())
    })
}

/// The lines of a text with the offset of each, endings left out.
fn lines(text: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut at = 0;
    text.split_inclusive(|b| *b == b'\n').map(move |line| {
        let start = at;
        at += line.len() as u32;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        (start, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// Where the line after the byte at `offset` begins.
fn next_line(text: &[u8], offset: u32) -> u32 {
    let rest = text.get(offset as usize..).unwrap_or_default();
    let len = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |i| i + 1);
    offset + len as u32
}

#[cfg(test)]
mod tests;
