//! The lines of a commit message, and those that look like trailers, wherever they stand.
//!
//! Neither git's trailer parser nor libgit2's finds many real marks: a prose line glued to the block, an indented block of a
//! squashed commit, text behind it, all disable them. So every line is looked at on its own. Only *writing* trailers needs
//! git's rules, and that is not done here.

/// Lines that are looked at. Messages above this are squashes of whole histories.
const LINES: usize = 20_000;

/// One line behind the subject, without white space around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MessageLine<'m> {
    pub text: &'m str,
    /// Key in lower case and value, when it looks like a trailer.
    pub trailer: Option<(String, String)>,
    /// The value with the indented lines that follow, when there are any.
    pub folded: Option<String>,
}

/// The subject: the first line that is not blank.
pub(super) fn subject(message: &str) -> &str {
    message
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty())
        .unwrap_or_default()
}

/// The lines behind the subject, blank ones left out.
pub(super) fn body(message: &str) -> Vec<MessageLine<'_>> {
    let mut lines = message
        .lines()
        .skip_while(|l| l.trim().is_empty())
        .skip(1)
        .take(LINES)
        .peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let trailer = trailer(text);
        let next = lines
            .peek()
            .filter(|next| indent(next) > indent(line) && !next.trim().is_empty());
        let folded = match (&trailer, next) {
            (Some((_, value)), Some(next)) => Some(format!("{value} {}", next.trim())),
            _ => None,
        };
        found.push(MessageLine { text, trailer, folded });
    }
    found
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `Key: value`, with git's letters for keys: ASCII letters, digits, hyphens. The key comes in lower case.
fn trailer(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once(':')?;
    let key = key.trim_end();
    let is_key = !key.is_empty() && key.len() <= 60 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_key.then(|| (key.to_ascii_lowercase(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn keys(message: &str) -> Vec<(String, String)> {
        body(message).into_iter().filter_map(|l| l.trailer).collect()
    }

    #[test]
    fn trailers_are_found_where_git_finds_none() {
        let one = [("co-authored-by".to_owned(), "A <a@b>".to_owned())];
        for message in [
            "s\n\nCo-authored-by: A <a@b>",
            "s\n\nGenerated with a tool\nCo-Authored-By: A <a@b>\n",
            "s\n\n    Co-authored-by: A <a@b>\n",
            "s\r\n\r\nCo-authored-by: A <a@b>\r\n",
            "s\n\nCo-authored-by : A <a@b>\n\nprose behind it",
            "s\n\n---\nCo-authored-by: A <a@b>\n",
            "\n\ns\nCo-authored-by:A <a@b>\n",
        ] {
            assert_eq!(keys(message), one, "{message:?}");
        }
        assert_eq!(keys("Co-authored-by: A <a@b>\n"), []);
        assert_eq!(keys("s\n\nhttp_x: 1\nDevin Session: 2\n: 3\n"), []);
    }

    #[test]
    fn a_folded_value_is_known_in_both_forms() {
        let lines = body("s\n\nCo-authored-by: A\n <a@b>\n");
        assert_eq!(lines[0].folded.as_deref(), Some("A <a@b>"));
        assert_eq!(lines[0].trailer.as_ref().unwrap().1, "A");
    }
}
