//! What a file's first lines say (`id`, `languages`), without parsing it: so that only the files of the languages at hand are
//! parsed. A file that does not say it plainly there is parsed for every language.

/// The value of a one-line string key before the first table.
#[must_use]
pub fn id(text: &str) -> Option<&str> {
    let value = key(text, "id")?;
    value.strip_prefix('"')?.split_once('"').map(|(id, _)| id)
}

/// The strings of `languages = [..]` before the first table, when they stand on one line.
#[must_use]
pub fn languages(text: &str) -> Option<Vec<&str>> {
    let list = key(text, "languages")?.strip_prefix('[')?.split_once(']')?.0;
    Some(
        list.split(',')
            .map(|l| l.trim().trim_matches(['"', '\'']))
            .filter(|l| !l.is_empty())
            .collect(),
    )
}

fn key<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let head = text.lines().take_while(|l| !l.starts_with('['));
    head.filter_map(|l| l.strip_prefix(name)?.trim_start().strip_prefix('='))
        .map(str::trim)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_head_only() {
        let text = "schema = 1\nid = \"python/xss\"\nlanguages = [\"python\", \"go\"] # both\n[[match]]\nid = \"no\"";
        assert_eq!(id(text), Some("python/xss"));
        assert_eq!(languages(text), Some(vec!["python", "go"]));
        assert_eq!(languages("[[match]]\nlanguages = [\"a\"]"), None);
        assert_eq!(languages("languages = [\n\"a\"]"), None);
    }
}
