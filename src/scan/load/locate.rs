//! Where in a TOML text a table's entry, or a key of it, is written: for errors that are found after parsing.

use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The bytes of `key` in the `entry`-th table of the array `table`; of the entry when it lacks the key; of the first key when
/// `table` is empty.
#[must_use]
pub fn span(text: &str, table: &str, entry: usize, key: &str) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let root = document.get_ref();
    if table.is_empty() {
        return root.iter().find(|(k, _)| k.get_ref() == key).map(|(k, _)| k.span());
    }
    let array = match root.iter().find(|(k, _)| k.get_ref() == table)?.1.get_ref() {
        DeValue::Array(array) => array,
        _ => return None,
    };
    let item = array.get(entry)?;
    match item.get_ref() {
        DeValue::Table(inner) => deep(inner, key).or_else(|| Some(item.span())),
        _ => Some(item.span()),
    }
}

/// The key in a table, or in a table directly inside (`assign = { name = ".." }`).
fn deep(table: &DeTable<'_>, key: &str) -> Option<Range<usize>> {
    let here = table.iter().find(|(k, _)| k.get_ref() == key).map(|(k, _)| k.span());
    here.or_else(|| {
        table.iter().find_map(|(_, value)| match value.get_ref() {
            DeValue::Table(inner) => inner.iter().find(|(k, _)| k.get_ref() == key).map(|(k, _)| k.span()),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_keys_entries_and_the_head() {
        let text = "id = \"a\"\n[[match]]\nmessage = \"x\"\n[[match]]\nassign = { name = \"y\" }\n";
        let at = |table, entry, key| span(text, table, entry, key).map(|r| &text[r.start..r.end]);
        assert_eq!(at("", 0, "id"), Some("id"));
        assert_eq!(at("match", 0, "message"), Some("message"));
        assert_eq!(at("match", 1, "name"), Some("name"));
        assert!(at("match", 1, "nothing").is_some());
        assert_eq!(at("match", 2, "name"), None);
    }
}
