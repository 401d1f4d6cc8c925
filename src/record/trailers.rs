//! Trailers: where git would put and find them in a message, to the byte.
//!
//! Writing follows `git interpret-trailers --no-divider` (checked against it in `tests/record_trailers.rs`), because git itself, forges and
//! mail tools must find what is written. Reading *claims* is another matter and is lenient, see [`super::claims`].

/// One `Key: value` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// Letters, digits and hyphens.
    pub key: String,
    /// One line.
    pub value: String,
}

impl Trailer {
    /// A trailer. Values are made of enums, numbers, ids and text that went through [`super::printable`].
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
        }
    }
}

impl std::fmt::Display for Trailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.value)
    }
}

/// Where the trailers of a message are, in bytes. Empty (start equals end) when there are none; then `end` is where they would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// First byte of the first trailer line.
    pub start: usize,
    /// Byte after the last one; what follows is blank lines, comments, or a scissors line with its rest.
    pub end: usize,
}

/// Lines that git itself writes; one of them makes a paragraph a trailer block although other lines are none.
const OF_GIT: [&[u8]; 2] = [b"Signed-off-by: ", b"(cherry picked from commit "];

/// Finds the trailer block. `known` are further keys that the user's configuration declares (`trailer.<name>.key`).
#[must_use]
pub fn block(message: &[u8], known: &[String]) -> Block {
    let end = message_end(message);
    Block {
        start: block_start(&message[..end], known),
        end,
    }
}

/// Puts `trailers` after the ones that are there, in a paragraph of their own when there are none.
#[must_use]
pub fn append(message: &[u8], trailers: &[Trailer], known: &[String]) -> Vec<u8> {
    if trailers.is_empty() {
        return message.to_vec();
    }
    let mut message = message.to_vec();
    if !message.is_empty() && !message.ends_with(b"\n") {
        message.push(b'\n');
    }
    let Block { start, end } = block(&message, known);
    let rest = message.split_off(end);
    let before = lines(&message[..start]).last();
    if !before.is_some_and(is_blank) {
        message.push(b'\n');
    }
    for trailer in trailers {
        message.extend_from_slice(trailer.to_string().as_bytes());
        message.push(b'\n');
    }
    message.extend_from_slice(&rest);
    message
}

/// Takes out the lines of the block for which `out` says so, with their continuation lines; with the last of them, the blank lines before.
#[must_use]
pub fn without(message: &[u8], known: &[String], mut out: impl FnMut(&Trailer) -> bool) -> Vec<u8> {
    let Block { start, end } = block(message, known);
    let mut kept = message[..start].to_vec();
    let mut dropping = false;
    for line in lines(&message[start..end]) {
        let folded = line.first().is_some_and(is_space) && !is_blank(line);
        if !folded {
            dropping = parse_line(line).is_some_and(|t| out(&t));
        }
        if !dropping {
            kept.extend_from_slice(line);
        }
    }
    if kept.len() == start && end > start {
        // The whole paragraph went, and with it the blank lines that made it one.
        let blank: usize = lines(&kept)
            .rev()
            .take_while(|line| is_blank(line))
            .map(<[u8]>::len)
            .sum();
        kept.truncate(kept.len() - blank);
    }
    kept.extend_from_slice(&message[end..]);
    kept
}

/// The trailers of the block as git would list them, continuation lines joined with one space.
#[must_use]
pub fn parse(message: &[u8], known: &[String]) -> Vec<Trailer> {
    let Block { start, end } = block(message, known);
    unfold(&message[start..end])
}

/// All lines of `text` that read as trailers, continuation lines joined with one space.
pub(super) fn unfold(text: &[u8]) -> Vec<Trailer> {
    let mut found: Vec<Trailer> = Vec::new();
    let mut continues = false;
    for line in lines(text) {
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t')) && !is_blank(line);
        if folded {
            if let (true, Some(last)) = (continues, found.last_mut()) {
                last.value.push(' ');
                last.value.push_str(String::from_utf8_lossy(line).trim());
            }
            continue;
        }
        let trailer = parse_line(line);
        continues = trailer.is_some();
        found.extend(trailer);
    }
    found
}

/// True when a line `---` makes mail tools (`git am`) cut off what follows, trailers included.
#[must_use]
pub fn has_divider(message: &[u8]) -> bool {
    lines(message).any(|l| {
        l.strip_prefix(b"---")
            .is_some_and(|rest| rest.first().is_none_or(is_space))
    })
}

fn parse_line(line: &[u8]) -> Option<Trailer> {
    let at = separator(line)?;
    let key = String::from_utf8_lossy(&line[..at]).trim().to_owned();
    let value = String::from_utf8_lossy(&line[at + 1..]).trim().to_owned();
    (!is_space(&line[0])).then_some(Trailer { key, value })
}

/// Where the colon is, when everything before it may be a key; at least one character before it.
fn separator(line: &[u8]) -> Option<usize> {
    let mut spaces = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b':' => return (at > 0).then_some(at),
            b' ' | b'\t' if at > 0 => spaces = true,
            b'-' if !spaces => {}
            b if b.is_ascii_alphanumeric() && !spaces => {}
            _ => return None,
        }
    }
    None
}

/// The message without what git ignores at its end: blank lines, comments, an old conflicts block, a scissors line with its rest.
fn message_end(message: &[u8]) -> usize {
    let cutoff = scissors(message);
    // Nothing yet, or where it begins. As in git, what begins at the very start is not ignored: there is no message before it.
    let mut ignored_from = 0;
    let mut conflicts = false;
    let mut at = 0;
    while at < cutoff {
        let line = lines(&message[at..]).next().unwrap_or_default();
        if line.starts_with(b"#") || line.first() == Some(&b'\n') {
            ignored_from = if ignored_from == 0 { at } else { ignored_from };
        } else if line == b"Conflicts:\n" {
            conflicts = true;
            ignored_from = if ignored_from == 0 { at } else { ignored_from };
        } else if !(conflicts && line.starts_with(b"\t")) {
            ignored_from = 0;
            conflicts = false;
        }
        at += line.len();
    }
    if ignored_from == 0 { cutoff } else { ignored_from }
}

/// Where the scissors line begins, or the end.
fn scissors(message: &[u8]) -> usize {
    const LINE: &[u8] = b"# ------------------------ >8 ------------------------\n";
    let mut at = 0;
    for line in lines(message) {
        if line == LINE {
            return at;
        }
        at += line.len();
    }
    message.len()
}

/// Backwards from the end to the blank line before a paragraph of trailers; the title is none.
fn block_start(text: &[u8], known: &[String]) -> usize {
    let all: Vec<&[u8]> = lines(text).collect();
    let title = all
        .iter()
        .position(|l| !l.starts_with(b"#") && is_blank(l))
        .unwrap_or(all.len());
    let (mut trailers, mut others, mut perhaps_folded) = (0usize, 0usize, 0usize);
    let (mut recognised, mut only_blank) = (false, true);
    let mut at = text.len();
    for line in all[title..].iter().rev() {
        let begin = at - line.len();
        if line.starts_with(b"#") {
            others += std::mem::take(&mut perhaps_folded);
        } else if is_blank(line) {
            if !only_blank {
                others += perhaps_folded;
                let is_block = (recognised && trailers * 3 >= others) || (trailers > 0 && others == 0);
                return if is_block { at } else { text.len() };
            }
        } else {
            only_blank = false;
            let folded = line.first().is_some_and(is_space);
            if OF_GIT.iter().any(|prefix| line.starts_with(prefix)) {
                (trailers, recognised, perhaps_folded) = (trailers + 1, true, 0);
            } else if let (Some(colon), false) = (separator(line), folded) {
                (trailers, perhaps_folded) = (trailers + 1, 0);
                let key = String::from_utf8_lossy(&line[..colon]);
                recognised |= known.iter().any(|k| k.eq_ignore_ascii_case(key.trim()));
            } else if folded {
                perhaps_folded += 1;
            } else {
                others += 1 + std::mem::take(&mut perhaps_folded);
            }
        }
        at = begin;
    }
    text.len()
}

/// Lines with their endings.
fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    text.split_inclusive(|b| *b == b'\n')
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(is_space)
}

/// White space as git sees it: no form feed, no vertical tab.
fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn appended(message: &str) -> String {
        String::from_utf8(append(message.as_bytes(), &[Trailer::new("K", "v")], &[])).unwrap()
    }

    #[test]
    fn a_block_is_continued_and_otherwise_begun_after_a_blank_line() {
        assert_eq!(appended("subject"), "subject\n\nK: v\n");
        assert_eq!(appended("s\n\nbody\n"), "s\n\nbody\n\nK: v\n");
        assert_eq!(appended("s\n\nA: b\n"), "s\n\nA: b\nK: v\n");
        assert_eq!(appended("A: b\n"), "A: b\n\nK: v\n", "the title is no trailer");
        assert_eq!(appended(""), "\nK: v\n", "nor does a trailer become the title");
        assert_eq!(appended("s\n\nbody\nA: b\n"), "s\n\nbody\nA: b\n\nK: v\n");
        assert_eq!(
            appended("s\n\nbody\nSigned-off-by: x\n"),
            "s\n\nbody\nSigned-off-by: x\nK: v\n"
        );
    }

    #[test]
    fn crlf_comments_and_scissors_are_treated_as_git_treats_them() {
        assert_eq!(appended("s\r\n\r\nA: b\r\n"), "s\r\n\r\nA: b\r\nK: v\n");
        assert_eq!(appended("s\n\nA: b\n\n# c\n"), "s\n\nA: b\nK: v\n\n# c\n");
        let scissors = "# ------------------------ >8 ------------------------\n";
        assert_eq!(
            appended(&format!("s\n\nb\n{scissors}r\n")),
            format!("s\n\nb\n\nK: v\n{scissors}r\n")
        );
    }

    #[test]
    fn folded_values_are_one_value_and_go_together() {
        let message = b"s\n\nA: b\n  c\nD: e\n";
        assert_eq!(parse(message, &[]), [Trailer::new("A", "b c"), Trailer::new("D", "e")]);
        assert_eq!(without(message, &[], |t| t.key == "A"), b"s\n\nD: e\n");
        assert_eq!(without(message, &[], |t| t.key == "D"), b"s\n\nA: b\n  c\n");
        assert_eq!(without(message, &[], |_| true), b"s\n");
        assert_eq!(without(b"s\n\nA: b\n# c\n", &[], |_| true), b"s\n# c\n");
    }

    #[test]
    fn a_divider_is_seen() {
        assert!(has_divider(b"s\n\n---\nx"));
        assert!(has_divider(b"s\n---"));
        assert!(!has_divider(b"s\n\n----\n"));
        assert!(!has_divider(b"s\n\na ---\n"));
    }

    #[test]
    fn keys_the_user_declared_make_a_block() {
        let message = b"s\n\nprose\nBug: 1\n";
        assert_eq!(parse(message, &[]), []);
        assert_eq!(parse(message, &["bug".into()]), [Trailer::new("Bug", "1")]);
    }
}
