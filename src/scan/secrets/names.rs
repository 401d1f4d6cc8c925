//! Names of credentials: which identifiers name a secret, and of what kind. The words are data of the rule that asks for the `credential`
//! detector; this file knows only how a name is taken apart.
//!
//! A name is read as a noun phrase: its last word says what it is (`db_password` is a password, `password_field` is a field), words before
//! it qualify (`public_key` is none of ours), and some trailing words are passed over (`password_prod`, `secret_key_base`).

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// What kind of value a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Made up by a person: any text may be one.
    Password,
    /// Made up by a person or a machine: signing secrets, client secrets.
    Secret,
    /// Made by a machine: random text.
    Token,
    /// Made by a machine: a row of plain words.
    Phrase,
}

/// The words, as the rule gives them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Last words that name a secret by themselves.
    heads: HashMap<String, Class>,
    /// Last words that do so only after one of the given words.
    qualified: HashMap<String, Qualified>,
    /// Words that name a secret only when they are the whole name.
    alone: HashMap<String, Class>,
    /// Words that make any name harmless.
    harmless: HashSet<String>,
    /// Words that make a name with this last word harmless.
    harmless_before: HashMap<String, HashSet<String>>,
    /// Words after the last word that change nothing.
    trailing: HashSet<String>,
    /// Words that a value may consist of and still name a field, beside those of its own name.
    pub neutral: HashSet<String>,
    /// Words that people put into values to say that they mean it only for now.
    pub casual: HashSet<String>,
    /// Passwords that local services are started with.
    pub defaults: HashSet<String>,
}

/// A last word that needs another before it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Qualified {
    class: Class,
    after: HashSet<String>,
}

/// Names, ready to be looked for.
pub struct Names {
    /// The words.
    pub options: Options,
    search: AhoCorasick,
}

/// An identifier that names a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its words, in small letters.
    pub words: Vec<String>,
    /// What it promises.
    pub class: Class,
}

impl Names {
    /// Takes the words; `None` when they cannot be searched for (too many).
    #[must_use]
    pub fn new(options: Options) -> Option<Names> {
        let heads = options.heads.keys().chain(options.qualified.keys());
        let mut words: Vec<&String> = heads.chain(options.alone.keys()).collect();
        words.sort();
        words.dedup();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&words)
            .ok()?;
        Some(Names { options, search })
    }

    /// Where words that may be part of such names begin, in order.
    pub fn candidates<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        self.search.find_iter(text).map(|m| m.start())
    }

    /// What `identifier` names, when it names a secret.
    #[must_use]
    pub fn read(&self, identifier: &str) -> Option<Name> {
        self.read_as(identifier, true)
    }

    /// What `identifier` names as a part of what is called `owner` (`key` of `jwt`).
    #[must_use]
    pub fn read_within(&self, owner: &str, identifier: &str) -> Option<Name> {
        self.read_as(&format!("{owner}_{identifier}"), false)
    }

    /// True when `identifier` is a word that may name a secret by what it belongs to.
    #[must_use]
    pub fn is_part(&self, identifier: &str) -> bool {
        self.options
            .qualified
            .contains_key(identifier.to_ascii_lowercase().as_str())
    }

    fn read_as(&self, identifier: &str, whole: bool) -> Option<Name> {
        let mut words = words_of(identifier);
        if words.iter().any(|w| self.options.harmless.contains(w)) {
            return None;
        }
        let all = words.clone();
        while words.len() > 1 && words.last().is_some_and(|w| self.is_trailing(w)) {
            words.pop();
        }
        let last = words.pop()?;
        let (head, before) = self.head(&last, &words)?;
        let harmless = self.options.harmless_before.get(&head);
        if before.iter().any(|w| harmless.is_some_and(|h| h.contains(w))) {
            return None;
        }
        let alone = self.options.alone.get(&head).filter(|_| whole && before.is_empty());
        let class = match self.options.heads.get(&head).or(alone) {
            Some(class) => *class,
            None => {
                let qualified = self.options.qualified.get(&head)?;
                before
                    .iter()
                    .any(|w| qualified.after.contains(w))
                    .then_some(qualified.class)?
            }
        };
        let mut words = all;
        words.push(head);
        words.extend(before);
        Some(Name { words, class })
    }

    fn is_trailing(&self, word: &str) -> bool {
        self.options.trailing.contains(word) || word.bytes().all(|b| b.is_ascii_digit())
    }

    /// The head that `last` is or ends in, and the words before it: `dbpassword` is `db` and `password`.
    fn head(&self, last: &str, before: &[String]) -> Option<(String, Vec<String>)> {
        let known = |w: &str| {
            let options = &self.options;
            options.heads.contains_key(w) || options.qualified.contains_key(w) || options.alone.contains_key(w)
        };
        if known(last) {
            return Some((last.to_owned(), before.to_vec()));
        }
        let heads = self
            .options
            .heads
            .keys()
            .filter(|h| h.len() >= 5 && last.ends_with(h.as_str()));
        let glued = heads.max_by_key(|h| h.len())?;
        let mut before = before.to_vec();
        before.push(last[..last.len() - glued.len()].to_owned());
        Some((glued.clone(), before))
    }
}

/// The words of an identifier in any of the usual spellings, in small letters; digits are words of their own.
#[must_use]
pub fn words_of(identifier: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let bytes = identifier.as_bytes();
    for (i, byte) in bytes.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| bytes.get(i));
        let next = bytes.get(i + 1);
        let cut = before.is_some_and(|b| {
            b.is_ascii_digit() != byte.is_ascii_digit()
                || (byte.is_ascii_uppercase() && (b.is_ascii_lowercase() || next.is_some_and(u8::is_ascii_lowercase)))
        });
        if !byte.is_ascii_alphanumeric() || cut {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if byte.is_ascii_alphanumeric() {
            word.push(byte.to_ascii_lowercase() as char);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_fall_into_words() {
        for (name, words) in [
            ("DB_PASSWORD", "db password"),
            ("apiKey", "api key"),
            ("HTTPAuthToken2", "http auth token 2"),
            ("client-secret", "client secret"),
            ("APIKEY", "apikey"),
            ("__x__", "x"),
        ] {
            assert_eq!(words_of(name).join(" "), words);
        }
    }
}
