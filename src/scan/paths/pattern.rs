//! Access-path patterns as written in models and rules, taken apart once. See [`crate::scan::model`] for the notation.

use thiserror::Error;

/// Most alternatives one pattern may stand for after its braces are multiplied out.
const MAX_ALTERNATIVES: usize = 256;

/// One step of an access path. Its names are owned, or borrowed from the text of the pattern while that is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Seg<N = Box<str>> {
    /// A name: a root, a member, a module part. Macros keep their `!`.
    Name(N),
    /// Any one name (`*` after the first place).
    AnyName,
    /// What calling gives; an instance.
    Call,
    /// An element, whatever its key.
    Elem,
    /// The element with this constant key.
    Key(N),
}

/// A parsed pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern<N = Box<str>> {
    /// Began with `*`: the steps may follow any receiver.
    pub anywhere: bool,
    /// The steps, at least one.
    pub segs: Vec<Seg<N>>,
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// Nothing is written, or only a `*`.
    #[error("an access path needs at least one name")]
    Empty,
    /// A bracket has no partner.
    #[error("`{0}` is not closed")]
    Unclosed(char),
    /// A name is missing between two dots, or after the last.
    #[error("a name is missing after `{0}`")]
    NoName(String),
    /// What is between `[` and `]` is neither nothing nor a quoted key.
    #[error("between `[` and `]` stands a quoted key (`[\"name\"]`) or nothing, not `{0}`")]
    BadKey(String),
    /// What is between `(` and `)` is not nothing.
    #[error("`(` is followed at once by `)`: arguments cannot be given in an access path")]
    BadCall,
    /// Braces multiply out to too many paths.
    #[error("the alternatives in braces make more than {MAX_ALTERNATIVES} paths")]
    TooMany,
}

impl Pattern {
    /// Parses `text`; one pattern for each combination of the alternatives in braces.
    ///
    /// # Errors
    /// When it is not an access path.
    pub fn parse(text: &str) -> Result<Vec<Pattern>, PathError> {
        let mut all = Vec::new();
        Pattern::each(text, |pattern| all.push(pattern.owned()))?;
        Ok(all)
    }

    /// The same, one pattern after the other and nothing kept.
    ///
    /// # Errors
    /// When it is not an access path; `take` may have got some of its alternatives by then.
    pub fn each(text: &str, mut take: impl FnMut(&Pattern<&str>)) -> Result<(), PathError> {
        let text = text.trim();
        if !text.contains('{') {
            take(&parse_one(text)?);
            return Ok(());
        }
        let (choices, tail) = choices(text)?;
        let count = choices.iter().try_fold(1_usize, |n, (_, all)| n.checked_mul(all.len()));
        let count = count.filter(|n| *n <= MAX_ALTERNATIVES).ok_or(PathError::TooMany)?;
        let mut one = String::with_capacity(text.len());
        for number in 0..count {
            one.clear();
            // The last choice changes fastest, like the last digit of a number.
            let mut left = count;
            for (head, all) in &choices {
                left /= all.len();
                one.push_str(head);
                one.push_str(all[number / left % all.len()]);
            }
            one.push_str(tail);
            take(&parse_one(&one)?);
        }
        Ok(())
    }
}

impl Pattern<&str> {
    fn owned(&self) -> Pattern {
        let seg = |seg: &Seg<&str>| match seg {
            Seg::Name(name) => Seg::Name((*name).into()),
            Seg::AnyName => Seg::AnyName,
            Seg::Call => Seg::Call,
            Seg::Elem => Seg::Elem,
            Seg::Key(key) => Seg::Key((*key).into()),
        };
        Pattern {
            anywhere: self.anywhere,
            segs: self.segs.iter().map(seg).collect(),
        }
    }
}

impl<N: AsRef<str>> Pattern<N> {
    /// The last name in it: what must occur in a file for the pattern to match there. `None` when it ends in any name.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        let named = self.segs.iter().rev().find_map(|seg| match seg {
            Seg::Name(name) | Seg::Key(name) => Some(Some(name.as_ref())),
            Seg::AnyName => Some(None),
            Seg::Call | Seg::Elem => None,
        });
        named.flatten()
    }
}

/// Splits a dotted path (an import, a type as written) into its names, exactly as patterns are split.
pub fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('.')
}

/// What stands before each pair of braces with the alternatives in it, and what stands after the last.
type Choices<'t> = (Vec<(&'t str, Vec<&'t str>)>, &'t str);

fn choices(text: &str) -> Result<Choices<'_>, PathError> {
    let (mut all, mut rest) = (Vec::new(), text);
    while let Some((head, inside)) = rest.split_once('{') {
        let (inside, tail) = inside.split_once('}').ok_or(PathError::Unclosed('{'))?;
        all.push((head, inside.split(',').map(str::trim).collect()));
        rest = tail;
    }
    Ok((all, rest))
}

fn parse_one(text: &str) -> Result<Pattern<&str>, PathError> {
    let (anywhere, mut rest) = match text.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut segs = Vec::with_capacity(8);
    if !anywhere {
        // Leading dots belong to relative imports, which split into empty names.
        let end = rest.find(['.', '(', '[']).unwrap_or(rest.len());
        if rest.is_empty() || (end == 0 && !rest.starts_with('.')) {
            return Err(PathError::Empty);
        }
        segs.push(Seg::Name(&rest[..end]));
        rest = &rest[end..];
    }
    while !rest.is_empty() {
        let before = rest;
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '(', '[']).unwrap_or(after.len());
            let relative = segs.iter().all(|s| matches!(s, Seg::Name("")));
            match &after[..end] {
                "" if !relative || after.is_empty() || anywhere => {
                    return Err(PathError::NoName(text[..text.len() - after.len()].to_owned()));
                }
                "*" => segs.push(Seg::AnyName),
                name => segs.push(Seg::Name(name)),
            }
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix('(') {
            rest = after.strip_prefix(')').ok_or(PathError::BadCall)?;
            segs.push(Seg::Call);
        } else if let Some(after) = rest.strip_prefix('[') {
            let end = after.find(']').ok_or(PathError::Unclosed('['))?;
            segs.push(key(&after[..end])?);
            rest = &after[end + 1..];
        }
        if rest.len() == before.len() {
            return Err(PathError::NoName(text[..text.len() - rest.len()].to_owned()));
        }
    }
    if segs.is_empty() {
        return Err(PathError::Empty);
    }
    Ok(Pattern { anywhere, segs })
}

fn key(inside: &str) -> Result<Seg<&str>, PathError> {
    if inside.is_empty() {
        return Ok(Seg::Elem);
    }
    let quoted = |q: char| inside.strip_prefix(q).and_then(|s| s.strip_suffix(q));
    if let Some(name) = quoted('"').or_else(|| quoted('\'')) {
        return Ok(Seg::Key(name));
    }
    if inside.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Seg::Key(inside));
    }
    Err(PathError::BadKey(inside.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let patterns = Pattern::parse(text).unwrap();
        let seg = |s: &Seg| match s {
            Seg::Name(n) => format!(".{n}"),
            Seg::AnyName => ".*".into(),
            Seg::Call => "()".into(),
            Seg::Elem => "[]".into(),
            Seg::Key(k) => format!("[{k}]"),
        };
        let one = |p: &Pattern| {
            let star = if p.anywhere { "*" } else { "" };
            star.to_owned() + &p.segs.iter().map(seg).collect::<String>()
        };
        patterns.iter().map(one).collect()
    }

    #[test]
    fn steps_are_names_calls_and_elements() {
        assert_eq!(shown("os.system"), [".os.system"]);
        assert_eq!(
            shown("sqlite3.connect().cursor().execute"),
            [".sqlite3.connect().cursor().execute"]
        );
        assert_eq!(shown("*.execute"), ["*.execute"]);
        assert_eq!(shown("a[\"x-admin\"].b[][0]"), [".a[x-admin].b[][0]"]);
        assert_eq!(shown("console!"), [".console!"]);
        assert_eq!(shown("a.*.b"), [".a.*.b"]);
    }

    #[test]
    fn braces_are_alternatives_and_multiply() {
        assert_eq!(
            shown("{a,b}.c.{d, e}()"),
            [".a.c.d()", ".a.c.e()", ".b.c.d()", ".b.c.e()"]
        );
        let many = "{a,b,c,d}.".repeat(5) + "x";
        assert_eq!(Pattern::parse(&many), Err(PathError::TooMany));
    }

    #[test]
    fn import_paths_split_as_imports_do() {
        assert_eq!(shown("net/http.Request()"), [".net/http.Request()"]);
        assert_eq!(shown("./db.connect"), ["../db.connect"]);
        assert_eq!(names("./db.connect").collect::<Vec<_>>(), ["", "/db", "connect"]);
        assert_eq!(shown("..util.run"), ["...util.run"]);
        assert_eq!(names("..util.run").collect::<Vec<_>>(), ["", "", "util", "run"]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["", "*", "a..b", "a.", "a(x)", "a[", "a[x]", "a{b", "()", "a()b"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_name_is_what_a_file_must_mention() {
        let last = |t: &str| Pattern::parse(t).unwrap()[0].last_name().map(str::to_owned);
        assert_eq!(last("os.system").as_deref(), Some("system"));
        assert_eq!(last("sqlite3.connect()").as_deref(), Some("connect"));
        assert_eq!(last("a.*"), None);
    }
}
