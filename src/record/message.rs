//! Messages: the person's words with our trailers after them.

use super::{
    error::{RecordError, Result},
    repo::Repo,
    trailers::{self, Trailer},
    wording::Keys,
};

/// Keys that the user's configuration declares as trailers (`trailer.<name>.key`); they make a paragraph a trailer block.
pub(super) fn declared_keys(repo: &Repo) -> Vec<String> {
    let names: Vec<String> = repo.settings.middles("trailer", "key").map(str::to_owned).collect();
    let keys = names
        .iter()
        .filter_map(|name| repo.settings.get(&format!("trailer.{name}.key")));
    let bare: Vec<String> = keys
        .map(|k| k.trim_end_matches([':', ' ', '=', '#']).to_owned())
        .collect();
    names.iter().cloned().chain(bare).collect()
}

/// A new commit's message: what the person wrote, tidied as `git commit` tidies a message given on the command line, with the trailers.
pub(super) fn compose(written: &str, trailers: &[Trailer], declared: &[String]) -> Result<Vec<u8>> {
    let tidy = tidy(written);
    if tidy.is_empty() {
        return Err(RecordError::refused(
            "the commit message is empty",
            "Write a message first.",
        ));
    }
    if tidy.contains('\0') {
        return Err(RecordError::refused(
            "the commit message holds a NUL character",
            "Take it out.",
        ));
    }
    if !can_carry(tidy.as_bytes(), declared) {
        return Err(RecordError::refused(
            "the commit message cannot carry trailers",
            "Write a subject line first.",
        ));
    }
    Ok(trailers::append(tidy.as_bytes(), trailers, declared))
}

/// True when git would find what is appended: not after a message that is empty or cut off by scissors from its first line.
pub(super) fn can_carry(message: &[u8], declared: &[String]) -> bool {
    let probe = Trailer::new("Probe", "1");
    let with = trailers::append(message, std::slice::from_ref(&probe), declared);
    // `git log` reads from the first line that is not blank.
    let start = with.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    trailers::parse(&with[start..], declared).contains(&probe)
}

/// Without trailing spaces, with single blank lines, none at either end.
fn tidy(written: &str) -> String {
    let mut out = String::new();
    let mut blank = false;
    for line in written.lines().map(str::trim_end) {
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// An existing message with the trailers: what this person wrote of the same commit before gives way, what others wrote stays.
pub(super) fn renewed(message: &[u8], trailers: &[Trailer], email: &str, keys: &Keys, declared: &[String]) -> Vec<u8> {
    let mut own = false;
    let kept = trailers::without(message, declared, |old| {
        if old.key.eq_ignore_ascii_case(&keys.countersigned_by) {
            own = old
                .value
                .to_lowercase()
                .contains(&format!("<{}>", email.to_lowercase()));
        } else if !keys.is_ours(&old.key) {
            own = false;
        }
        own
    });
    // The agent's line may be there already.
    let present = trailers::parse(&kept, declared);
    let new: Vec<Trailer> = trailers
        .iter()
        .filter(|t| keys.is_ours(&t.key) || !present.contains(t))
        .cloned()
        .collect();
    trailers::append(&kept, &new, declared)
}

/// The subject line, printable.
pub(super) fn subject(text: &str) -> String {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    super::printable::line(line, 100)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_message_is_tidied_and_an_empty_one_refused() {
        let message = compose(
            "\n\n Subject  \r\n\n\n\nbody\n# not a comment\n\n",
            &[Trailer::new("K", "v")],
            &[],
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(message).unwrap(),
            " Subject\n\nbody\n\nK: v\n# not a comment\n"
        );
        assert!(compose(" \n\n", &[], &[]).is_err());
    }

    #[test]
    fn only_ones_own_earlier_group_gives_way() {
        let keys = Keys::default();
        let old = b"s\n\nChange-Id: I1\nCountersigned-by: Bob <bob@x>\nCountersign-Verdict: partial\nCountersigned-by: Ada <ADA@x>\nCountersign-Verdict: rejected\nCountersign-Tree: 0\nAssisted-by: C:m\n";
        let new = [
            Trailer::new("Assisted-by", "C:m"),
            Trailer::new("Countersigned-by", "Ada <ada@x>"),
        ];
        let message = renewed(old, &new, "ada@x", &keys, &[]);
        assert_eq!(
            String::from_utf8(message).unwrap(),
            "s\n\nChange-Id: I1\nCountersigned-by: Bob <bob@x>\nCountersign-Verdict: partial\nAssisted-by: C:m\nCountersigned-by: Ada <ada@x>\n"
        );
    }

    #[test]
    fn renewing_twice_changes_nothing_more() {
        let keys = Keys::default();
        let new = [
            Trailer::new("Countersigned-by", "Ada <ada@x>"),
            Trailer::new("Countersign-Verdict", "approved"),
        ];
        let once = renewed(b"s", &new, "ada@x", &keys, &[]);
        assert_eq!(renewed(&once, &new, "ada@x", &keys, &[]), once);
    }
}
