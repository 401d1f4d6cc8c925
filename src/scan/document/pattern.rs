//! Paths into documents, as rules write them, parsed.

use crate::scan::lazy_regex::LazyRegex;

/// One step.
#[derive(Debug)]
pub enum Segment {
    /// Exactly this key.
    Key(Box<str>),
    /// One of these keys.
    OneOf(Vec<Box<str>>),
    /// This key in lower case, without `-` and `_`.
    Relaxed(Box<str>),
    /// A key that matches.
    Matching(LazyRegex),
    /// Any key.
    Any,
    /// An element of a list, or the value itself where it is none.
    Element,
    /// Any number of levels.
    Deep,
}

/// A path.
#[derive(Debug, Default)]
pub struct Pattern {
    /// How many levels up it begins.
    pub up: usize,
    /// All of it; at least one segment.
    pub path: Vec<Segment>,
    /// How many segments must be there: those after may be absent.
    split: usize,
}

impl Segment {
    /// True when a key is meant by it. [`Segment::Element`] and [`Segment::Deep`] mean none.
    #[must_use]
    pub fn fits(&self, key: &str) -> bool {
        match self {
            Segment::Key(name) => **name == *key,
            Segment::OneOf(names) => names.iter().any(|n| **n == *key),
            Segment::Relaxed(name) => relaxed(key) == **name,
            Segment::Matching(regex) => regex.is_match(key.as_bytes()),
            Segment::Any => true,
            Segment::Element | Segment::Deep => false,
        }
    }

    /// Words of which one must be in a text that has such a key, in lower case; `None` when a key is not `written`.
    fn words(&self, written: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let names = match self {
            Segment::Key(name) => std::slice::from_ref(name),
            Segment::OneOf(names) => names,
            _ => return None,
        };
        let all = names.iter().all(|n| written(n));
        // Attributes of XML stand there without their sign.
        let word = |name: &str| name.trim_start_matches('@').to_ascii_lowercase();
        all.then(|| names.iter().map(|n| word(n)).collect())
    }
}

impl Pattern {
    /// Parses a path.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(source: &str) -> Result<Pattern, String> {
        let (base, tail) = match source.split_once(" > ") {
            Some((base, tail)) => (segments(base)?, segments(tail)?),
            None => {
                let mut base = segments(source)?;
                let last = base.1.pop();
                (base, (0, last.into_iter().collect()))
            }
        };
        if tail.1.is_empty() {
            return Err("an empty path".into());
        }
        if tail.0 > 0 {
            return Err("`^` stands at the beginning of a path".into());
        }
        let (up, mut path) = base;
        let split = path.len();
        path.extend(tail.1);
        Ok(Pattern { up, path, split })
    }

    /// What must be there.
    #[must_use]
    pub fn base(&self) -> &[Segment] {
        self.path.get(..self.split).unwrap_or_default()
    }

    /// What is looked for below; at least one segment.
    #[must_use]
    pub fn tail(&self) -> &[Segment] {
        self.path.get(self.split..).unwrap_or_default()
    }

    /// Words of which at least one is in every text where something may be found: those of the segment that is the rarest, by length.
    /// `present`: the whole path must be there, not only its base. `written`: whether a key stands in files as it is called.
    #[must_use]
    pub fn words(&self, present: bool, written: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let sure = if present { &self.path } else { self.base() };
        let all = sure.iter().filter_map(|s| s.words(&written));
        let shortest = |words: &Vec<String>| words.iter().map(String::len).min().unwrap_or_default();
        all.max_by_key(shortest).filter(|w| shortest(w) > 0)
    }
}

/// A key without regard to case, `-` and `_`.
#[must_use]
pub fn relaxed(key: &str) -> String {
    let kept = key.chars().filter(|c| !matches!(c, '-' | '_'));
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// How many `^` a path begins with, and its segments.
fn segments(source: &str) -> Result<(usize, Vec<Segment>), String> {
    let mut found = Vec::new();
    let mut up = 0;
    let mut rest = source.trim();
    while !rest.is_empty() {
        if let Some(more) = rest.strip_prefix('^') {
            if !found.is_empty() {
                return Err("`^` stands at the beginning of a path".into());
            }
            up += 1;
            rest = more.strip_prefix('.').unwrap_or(more);
            continue;
        }
        let (segment, more) = one(rest)?;
        found.push(segment);
        rest = more;
        while let Some(more) = rest.strip_prefix("[]") {
            found.push(Segment::Element);
            rest = more;
        }
        rest = match rest.strip_prefix('.') {
            Some("") => return Err("a path ends with a dot".into()),
            Some(more) => more,
            None if rest.is_empty() => rest,
            None => return Err(format!("a dot is missing before `{rest}`")),
        };
    }
    Ok((up, found))
}

/// The segment that `rest` begins with, and what follows it.
fn one(rest: &str) -> Result<(Segment, &str), String> {
    let quoted = |open: &str, close: char| {
        let inner = rest.strip_prefix(open)?;
        Some(
            inner
                .split_once(close)
                .ok_or_else(|| format!("`{close}` is missing in `{rest}`")),
        )
    };
    if let Some(more) = rest.strip_prefix("[]") {
        return Ok((Segment::Element, more));
    }
    if let Some(inner) = rest.strip_prefix('/') {
        let (regex, more) = up_to_slash(inner).ok_or_else(|| format!("`/` is missing in `{rest}`"))?;
        let regex = LazyRegex::new(&regex.replace("\\/", "/"));
        return match regex.error() {
            Some(error) => Err(error.to_owned()),
            None => Ok((Segment::Matching(regex), more)),
        };
    }
    if let Some(found) = quoted("\"", '"') {
        let (name, more) = found?;
        return Ok((Segment::Key(name.into()), more));
    }
    if let Some(found) = quoted("{", '}') {
        let (names, more) = found?;
        let names = names.split(',').map(|n| n.trim().into()).collect();
        return Ok((Segment::OneOf(names), more));
    }
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (word, more) = rest.split_at(end);
    let segment = match word {
        "" => return Err(format!("a key is missing before `{rest}`")),
        "*" => Segment::Any,
        "**" => Segment::Deep,
        _ => match word.strip_prefix('~') {
            Some(name) => Segment::Relaxed(relaxed(name).into()),
            None => Segment::Key(word.into()),
        },
    };
    Ok((segment, more))
}

/// A regex and what follows the slash that ends it; `\/` ends nothing.
fn up_to_slash(inner: &str) -> Option<(&str, &str)> {
    let ends = |at: usize| !inner.get(..at).is_some_and(|before| before.ends_with('\\'));
    let end = inner.match_indices('/').map(|(at, _)| at).find(|at| ends(*at))?;
    Some((inner.get(..end)?, inner.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(source: &str) -> String {
        let pattern = Pattern::parse(source).unwrap();
        let list = |all: &[Segment]| {
            let one = |s: &Segment| match s {
                Segment::Key(k) => k.to_string(),
                Segment::OneOf(names) => names.join("|"),
                Segment::Relaxed(k) => format!("~{k}"),
                Segment::Matching(r) => format!("/{}/", r.source()),
                Segment::Any => "*".into(),
                Segment::Element => "[]".into(),
                Segment::Deep => "**".into(),
            };
            all.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        format!("{} {} > {}", pattern.up, list(pattern.base()), list(pattern.tail()))
    }

    #[test]
    fn paths_are_parsed() {
        assert_eq!(shown("spec.**.containers[].x"), "0 spec ** containers [] > x");
        assert_eq!(shown("^.^.kind"), "2  > kind");
        assert_eq!(shown("a.{b,c}.* > d.\"e.f\""), "0 a b|c * > d e.f");
        assert_eq!(shown("/a\\/b/.c"), "0 /a/b/ > c");
        assert_eq!(shown("/^(?:on|x)$/.~Show-SQL"), "0 /^(?:on|x)$/ > ~showsql");
        for wrong in ["", "a..b", "a.", "a.{b", "a.^.b", "/(/"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_longest_word_that_must_be_there_is_the_trigger() {
        let words = |source: &str, present| Pattern::parse(source).unwrap().words(present, |_| true);
        assert_eq!(words("spec.hostNetwork", true), Some(vec!["hostnetwork".into()]));
        assert_eq!(words("spec.hostNetwork", false), Some(vec!["spec".into()]));
        assert_eq!(words("**.*", true), None);
    }
}
