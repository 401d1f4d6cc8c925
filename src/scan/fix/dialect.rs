//! How the SQL driver at hand writes its placeholders, where the call itself does not tell (`database/sql` takes any driver's): from other
//! statements and imports of the file, then of the other files of the change.

use super::sql::Style;
use crate::{
    config,
    lang::Lang,
    scan::{lazy_regex::LazyRegex, load::embedded_data},
};
use serde::Deserialize;
use std::sync::OnceLock;

/// What the files of a change tell of their drivers, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dialects {
    seen: Vec<(Lang, Style)>,
}

/// `rules/sql-drivers.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drivers {
    driver: Vec<Driver>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Driver {
    languages: Vec<String>,
    marks: Vec<String>,
    placeholder: String,
}

fn drivers() -> &'static Drivers {
    static DRIVERS: OnceLock<Drivers> = OnceLock::new();
    DRIVERS
        .get_or_init(|| config::parse("rules/sql-drivers.toml", embedded_data("sql-drivers.toml")).unwrap_or_default())
}

/// A statement up to its first placeholder.
const STATEMENT: &str = r#"(?is)\b(?:select|insert\s+into|update|delete\s+from)\b[^"'`;]{0,400}?(?:=|<|>|\(|,|\blike|\blimit)\s*(?P<v>\?|%s|%\(\w+\)s|\$[0-9]|@p[0-9]|:[0-9]|:[a-z_]\w*)"#;

impl Dialects {
    /// What these files tell, each with its language.
    #[must_use]
    pub fn of<'t>(files: impl Iterator<Item = (Lang, &'t [u8])>) -> Dialects {
        let mut seen: Vec<(Lang, Style)> = files
            .filter_map(|(lang, text)| Some((lang, told(lang, text)?)))
            .collect();
        seen.sort_unstable();
        Dialects { seen }
    }

    /// The style that `text` itself tells, or else most of the other files of its language.
    #[must_use]
    pub fn style(&self, lang: Lang, text: &[u8]) -> Option<Style> {
        told(lang, text).or_else(|| {
            let same: Vec<Style> = self
                .seen
                .iter()
                .filter(|(l, _)| l.name() == lang.name())
                .map(|(_, style)| *style)
                .collect();
            // Of equals the first in order, so that the answer never varies.
            same.iter()
                .rev()
                .copied()
                .max_by_key(|s| same.iter().filter(|o| *o == s).count())
        })
    }
}

/// From a text's own statements, else from the drivers it names.
fn told(lang: Lang, text: &[u8]) -> Option<Style> {
    static REGEX: OnceLock<LazyRegex> = OnceLock::new();
    let regex = REGEX.get_or_init(|| LazyRegex::new(STATEMENT));
    let placeholder = regex.matches(text).next().and_then(|m| m.group("v"));
    if let Some(found) = placeholder {
        return parse(&String::from_utf8_lossy(found.of(text)));
    }
    let text = String::from_utf8_lossy(text).replace('\'', "\"");
    let named = |d: &&Driver| {
        d.languages.iter().any(|l| l == lang.name()) && d.marks.iter().any(|mark| text.contains(mark.as_str()))
    };
    parse(&drivers().driver.iter().find(named)?.placeholder)
}

/// A style by how rules and texts write it (`?`, `%s`, `$n`, `$1`, `:name`, `:n`, `@pn`).
#[must_use]
pub fn parse(text: &str) -> Option<Style> {
    let digit = |t: &str| t == "n" || t.bytes().all(|b| b.is_ascii_digit()) && !t.is_empty();
    Some(match text {
        "?" => Style::Question,
        "%s" => Style::Percent,
        _ if text.starts_with("%(") => Style::PercentName,
        _ if text.strip_prefix('$').is_some_and(digit) => Style::Dollar,
        _ if text.strip_prefix("@p").is_some_and(digit) => Style::AtNumber,
        _ if text.strip_prefix(':').is_some_and(digit) => Style::ColonNumber,
        _ if text.starts_with(':') => Style::Colon,
        _ if text.starts_with('@') => Style::At,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_tell_before_drivers_do() {
        let told = |text: &str| Dialects::default().style(Lang::Python, text.as_bytes());
        assert_eq!(told("run('SELECT a FROM b WHERE c = %s', x)"), Some(Style::Percent));
        assert_eq!(
            told("import sqlite3\nrun('UPDATE a SET b = %s', x)"),
            Some(Style::Percent)
        );
        assert_eq!(told("import sqlite3\n"), Some(Style::Question));
        assert_eq!(told("from psycopg2 import connect\n"), Some(Style::Percent));
        assert_eq!(told("x = 1\n"), None);
    }

    #[test]
    fn other_files_of_the_language_tell_when_the_file_does_not() {
        let files = [
            (Lang::Go, &b"db.Query(\"select a from b where c = $1\", x)"[..]),
            (Lang::Python, b"import sqlite3\n"),
        ];
        let dialects = Dialects::of(files.into_iter());
        assert_eq!(dialects.style(Lang::Go, b"package a"), Some(Style::Dollar));
        assert_eq!(dialects.style(Lang::Rust, b""), None);
    }

    #[test]
    fn the_drivers_file_is_right() {
        assert!(drivers().driver.len() > 5);
        assert!(drivers().driver.iter().all(|d| parse(&d.placeholder).is_some()));
    }
}
