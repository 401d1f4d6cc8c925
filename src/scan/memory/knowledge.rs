//! What functions do to memory: `rules/memory.toml`, by name.

use crate::{config, scan::load::embedded_data};
use serde::Deserialize;
use std::{collections::HashMap, sync::OnceLock};

/// One thing a function does. Positions are arguments from 0; widths are bytes of an element.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Gives new memory.
    Allocate(Allocate),
    /// Gives memory back; the family it must come from.
    Release(Family),
    /// Moves bytes.
    Copy(Copy),
    /// Sets bytes.
    Fill(Fill),
    /// Copies or appends a text.
    Text(Text),
    /// Writes a formatted text.
    Print(Print),
    /// Fills a buffer from outside.
    Read(Read),
    /// Reads by a format, which is this argument.
    Scan(usize),
    /// Gives a number from outside.
    Number(Number),
    /// Gives a text from outside, or NULL.
    Outside,
    /// Gives a place in this argument, or NULL.
    Find(usize),
    /// Gives the length of its first argument.
    Length,
    /// Waits as long as its first argument says.
    Wait,
    /// Only looks at its arguments.
    Looks,
    /// Gives NULL when it fails.
    Fallible,
}

/// What gives memory back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Family {
    #[serde(rename = "free")]
    Free,
    #[serde(rename = "delete")]
    Delete,
    #[serde(rename = "delete[]")]
    DeleteMany,
    /// Nothing: it goes with the function.
    #[serde(rename = "stack")]
    Stack,
}

impl Family {
    /// As it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Family::Free => "free",
            Family::Delete => "delete",
            Family::DeleteMany => "delete[]",
            Family::Stack => "nothing",
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allocate {
    names: Vec<String>,
    pub size: Option<usize>,
    pub count: Option<usize>,
    pub family: Family,
    #[serde(default)]
    pub fails: bool,
    #[serde(default)]
    pub zeroed: bool,
    /// A copy of this text.
    pub text: Option<usize>,
    /// What is given is no longer valid.
    pub moves: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Copy {
    names: Vec<String>,
    pub to: usize,
    pub from: usize,
    pub length: usize,
    #[serde(default = "one")]
    pub width: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fill {
    names: Vec<String>,
    pub to: usize,
    pub value: Option<usize>,
    pub length: usize,
    #[serde(default = "one")]
    pub width: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    names: Vec<String>,
    pub to: usize,
    pub from: usize,
    /// At most that many elements are taken, without an end when it does not fit (`pads`) or with one more (`append`).
    pub limit: Option<usize>,
    /// The whole room, the end included.
    pub room: Option<usize>,
    #[serde(default)]
    pub append: bool,
    #[serde(default)]
    pub pads: bool,
    #[serde(default = "one")]
    pub width: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Print {
    names: Vec<String>,
    pub to: usize,
    pub room: Option<usize>,
    pub format: usize,
    #[serde(default = "one")]
    pub width: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Read {
    names: Vec<String>,
    pub to: usize,
    pub length: Option<usize>,
    pub times: Option<usize>,
    /// Nothing limits what is read.
    #[serde(default)]
    pub all: bool,
    /// It ends with a zero.
    #[serde(default)]
    pub text: bool,
    #[serde(default = "one")]
    pub width: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    names: Vec<String>,
    pub of: Option<usize>,
    pub low: Option<i64>,
    pub high: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    names: Vec<String>,
    family: Family,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    names: Vec<String>,
    format: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Find {
    names: Vec<String>,
    of: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    names: Vec<String>,
}

fn one() -> i64 {
    1
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    allocate: Vec<Allocate>,
    release: Vec<Release>,
    copy: Vec<Copy>,
    fill: Vec<Fill>,
    text: Vec<Text>,
    print: Vec<Print>,
    read: Vec<Read>,
    scan: Vec<Scan>,
    number: Vec<Number>,
    outside: Vec<Plain>,
    find: Vec<Find>,
    wait: Vec<Plain>,
    length: Vec<Plain>,
    looks: Vec<Plain>,
    fallible: Vec<Plain>,
    follow: Vec<Find>,
    #[serde(default)]
    steps: Steps,
}

/// What is asked about the order of calls.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Steps {
    /// Look whether a file may be used, by its name.
    #[serde(default)]
    checks: Vec<String>,
    /// Look what a name means.
    #[serde(default)]
    looks_up: Vec<String>,
    /// Use a file by its name.
    #[serde(default)]
    uses: Vec<String>,
    /// Register a handler for a signal.
    #[serde(default)]
    registers: Vec<String>,
    /// Must not be called in such a handler.
    #[serde(default)]
    not_in_handler: Vec<String>,
}

impl Steps {
    /// The table.
    pub(super) fn known() -> &'static Steps {
        &tables().steps
    }

    /// The position of the name a call is about, and the defect when it only looks; nothing for other calls.
    pub(super) fn names(&self, call: &str) -> Option<(usize, Option<&'static str>)> {
        let is = |list: &[String]| list.iter().any(|n| n == call);
        if is(&self.checks) {
            Some((0, Some("checked-name")))
        } else if is(&self.looks_up) {
            Some((0, Some("looked-up-name")))
        } else {
            is(&self.uses).then_some((0, None))
        }
    }

    /// True for `signal` and its kin.
    pub(super) fn registers(&self, call: &str) -> bool {
        self.registers.iter().any(|n| n == call)
    }

    /// True for what must not be called in a handler.
    pub(super) fn unsafe_in_handler(&self, call: &str) -> bool {
        self.not_in_handler.iter().any(|n| n == call)
    }
}

/// What the function of that name does. The first table that names it counts.
pub(super) fn deed(name: &str) -> Option<&'static Deed> {
    static DEEDS: OnceLock<HashMap<String, Deed>> = OnceLock::new();
    DEEDS.get_or_init(|| read(tables())).get(name)
}

/// The argument that the function of that name follows, so that it must not be NULL.
pub(super) fn followed(name: &str) -> Option<usize> {
    static FOLLOWED: OnceLock<HashMap<String, usize>> = OnceLock::new();
    let read = || {
        let rows = tables().follow.iter();
        rows.flat_map(|r| r.names.iter().map(|n| (n.clone(), r.of))).collect()
    };
    FOLLOWED.get_or_init(read).get(name).copied()
}

/// The file, read once.
fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| config::parse("rules/memory.toml", embedded_data("memory.toml")).unwrap_or_default())
}

fn read(tables: &Tables) -> HashMap<String, Deed> {
    let mut deeds = HashMap::new();
    let mut add = |names: &[String], deed: Deed| {
        for name in names {
            deeds.entry(name.clone()).or_insert_with(|| deed.clone());
        }
    };
    tables
        .allocate
        .iter()
        .for_each(|r| add(&r.names, Deed::Allocate(r.clone())));
    tables
        .release
        .iter()
        .for_each(|r| add(&r.names, Deed::Release(r.family)));
    tables.copy.iter().for_each(|r| add(&r.names, Deed::Copy(r.clone())));
    tables.fill.iter().for_each(|r| add(&r.names, Deed::Fill(r.clone())));
    tables.text.iter().for_each(|r| add(&r.names, Deed::Text(r.clone())));
    tables.print.iter().for_each(|r| add(&r.names, Deed::Print(r.clone())));
    tables.read.iter().for_each(|r| add(&r.names, Deed::Read(r.clone())));
    tables.scan.iter().for_each(|r| add(&r.names, Deed::Scan(r.format)));
    tables
        .number
        .iter()
        .for_each(|r| add(&r.names, Deed::Number(r.clone())));
    tables.outside.iter().for_each(|r| add(&r.names, Deed::Outside));
    tables.find.iter().for_each(|r| add(&r.names, Deed::Find(r.of)));
    tables.wait.iter().for_each(|r| add(&r.names, Deed::Wait));
    tables.length.iter().for_each(|r| add(&r.names, Deed::Length));
    tables.fallible.iter().for_each(|r| add(&r.names, Deed::Fallible));
    tables.looks.iter().for_each(|r| add(&r.names, Deed::Looks));
    deeds
}

/// The limits of types that `<limits.h>` and `<stdint.h>` name.
pub(super) fn limit(name: &str) -> Option<i64> {
    Some(match name {
        "CHAR_MAX" | "SCHAR_MAX" | "INT8_MAX" => 127,
        "CHAR_MIN" | "SCHAR_MIN" | "INT8_MIN" => -128,
        "UCHAR_MAX" | "UINT8_MAX" => 255,
        "SHRT_MAX" | "INT16_MAX" => 32767,
        "SHRT_MIN" | "INT16_MIN" => -32768,
        "USHRT_MAX" | "UINT16_MAX" => 65535,
        "INT_MAX" | "INT32_MAX" => i64::from(i32::MAX),
        "INT_MIN" | "INT32_MIN" => i64::from(i32::MIN),
        "UINT_MAX" | "UINT32_MAX" => i64::from(u32::MAX),
        "PATH_MAX" | "MAX_PATH_LINUX" => 4096,
        "MAX_PATH" => 260,
        "BUFSIZ" => 8192,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let tables: Tables = config::parse("rules/memory.toml", embedded_data("memory.toml")).unwrap();
        assert!(tables.allocate.len() > 5);
        assert!(matches!(deed("memcpy"), Some(Deed::Copy(_))));
        assert!(deed("no_such_function").is_none());
    }
}
