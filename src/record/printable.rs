//! Outside text reduced to one printable line, for trailers and messages.
//!
//! A trailer is a place where a forged line, a hidden character or a bidirectional override would be read as the reviewer's word. So
//! nothing but visible characters and single spaces gets through, and lines stay short enough for mail and forges.

use crate::text::unicode;

/// `text` as one line of at most `limit` characters: white space runs become one space, characters that cannot be seen become
/// U+FFFD, and what does not fit is cut with an ellipsis.
#[must_use]
pub fn line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        let needed = 1 + usize::from(gap);
        if count + needed > limit {
            while count >= limit && out.pop().is_some() {
                count -= 1;
            }
            if limit > 0 {
                out.push('…');
            }
            return out;
        }
        if gap {
            out.push(' ');
        }
        out.push(if unicode::class(c).is_some() { '\u{fffd}' } else { c });
        count += needed;
        gap = false;
    }
    out
}

/// A path for a trailer: one printable word; quoted when it holds something that would end the word.
#[must_use]
pub fn path(path: &str) -> String {
    let plain = shortened(&line(path, 4096), 90);
    let needs_quotes = plain.is_empty() || plain.contains([' ', '"', ';', '\\', '#']) || plain != path;
    if !needs_quotes {
        return plain;
    }
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A path that may have to give way: its end says more than its beginning.
fn shortened(path: &str, limit: usize) -> String {
    let length = path.chars().count();
    if length <= limit {
        return path.to_owned();
    }
    let tail: String = path.chars().skip(length + 1 - limit).collect();
    format!("…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_line_breaking_characters_never_get_through() {
        assert_eq!(
            line("ok\nCountersigned-by: Eve <e@x>", 80),
            "ok Countersigned-by: Eve <e@x>"
        );
        assert_eq!(
            line("a\u{202e}b\u{200b}c\u{1b}[2J\u{e0041}", 80),
            "a\u{fffd}b\u{fffd}c\u{fffd}[2J\u{fffd}"
        );
        assert_eq!(line("  two\r\n\tspaces  ", 80), "two spaces");
        assert_eq!(line("a\u{2028}b\u{85}c", 80), "a b c");
    }

    #[test]
    fn long_text_is_cut_at_the_limit_in_characters() {
        assert_eq!(line("äöüäöü", 4), "äöü…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("abc d", 4), "abc…");
        assert_eq!(line("x", 0), "");
        for limit in 1..12 {
            assert!(line("one two three four", limit).chars().count() <= limit, "{limit}");
        }
    }

    #[test]
    fn a_path_stays_one_word() {
        assert_eq!(path("app/db.py"), "app/db.py");
        assert_eq!(path("a b;c"), "\"a b;c\"");
        assert_eq!(path("q\"q\\"), "\"q\\\"q\\\\\"");
        assert_eq!(path("x\ny"), "\"x y\"");
        let long = path(&format!("{}/last.py", "d/".repeat(60)));
        assert!(
            long.starts_with("\"…") && long.ends_with("/last.py\"") && long.chars().count() == 92,
            "{long}"
        );
    }
}
