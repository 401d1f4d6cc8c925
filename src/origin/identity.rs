//! Identities as commits write them, and the addresses that GitHub makes for its accounts.

use crate::change::Identity;

/// The end of every address that GitHub makes.
const GITHUB: &str = "@users.noreply.github.com";

/// Reads `Name <address>` or a bare address; `None` when there is no address in it.
pub(super) fn parse(text: &str) -> Option<Identity> {
    let text = text.trim();
    match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => Some(Identity {
            name: text.get(..open)?.trim().to_owned(),
            email: text.get(open + 1..close)?.trim().to_owned(),
        }),
        (None, None) if text.contains('@') && !text.contains(char::is_whitespace) => Some(Identity {
            name: String::new(),
            email: text.to_owned(),
        }),
        _ => None,
    }
}

/// A GitHub account's address: its number, when it has one, and its login in lower case.
pub(super) fn github(email: &str) -> Option<(Option<u64>, String)> {
    let email = email.to_lowercase();
    let local = email.strip_suffix(GITHUB)?;
    match local.split_once('+') {
        Some((number, login)) => Some((Some(number.parse().ok()?), login.to_owned())),
        None => Some((None, local.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn identities_are_read_leniently() {
        let email = |text| parse(text).map(|i| i.email);
        assert_eq!(email("A B <a@b>").as_deref(), Some("a@b"));
        assert_eq!(email("a@b").as_deref(), Some("a@b"));
        assert_eq!(email("x <a> <a@b> tail").as_deref(), Some("a@b"));
        assert_eq!(email("nobody"), None);
        assert_eq!(email("mail a@b"), None);
        assert_eq!(email("> <"), None);
    }

    #[test]
    fn github_addresses_have_a_number_and_a_login() {
        assert_eq!(
            github("12+Bot[bot]@users.noreply.github.com"),
            Some((Some(12), "bot[bot]".into()))
        );
        assert_eq!(github("bot@users.noreply.github.com"), Some((None, "bot".into())));
        assert_eq!(github("x+bot@users.noreply.github.com"), None);
        assert_eq!(github("bot@github.com"), None);
    }
}
