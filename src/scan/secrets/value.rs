//! What a value that a credential's name is given says of itself: how likely it is the secret, or what else it is.

use super::{
    entropy, names,
    names::{Class, Name, Options},
    placeholder,
};
use crate::scan::Confidence;
use std::{borrow::Cow, collections::HashSet};

/// The judgement of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// A secret, as sure as this.
    Secret(Confidence),
    /// It only stands for one: why, as a sentence. Worth counting.
    Placeholder(&'static str),
    /// Something else: the name of a field, a path, a sentence.
    Other,
}

use Judgement::{Other, Secret};

/// Judges `value`, given to something called `name`.
#[must_use]
pub fn judge(name: &Name, value: &[u8], quoted: bool, options: &Options) -> Judgement {
    let Ok(text) = std::str::from_utf8(value) else {
        return Other;
    };
    if text.starts_with("\\x") && text.matches("\\x").count() * 4 == text.len() {
        return judge_bytes(value);
    }
    let text = unescaped(text);
    let text = text.trim();
    if name.class == Class::Phrase {
        return if is_phrase(text) {
            Secret(Confidence::High)
        } else {
            Other
        };
    }
    if name.class == Class::Password && is_in_groups(text) {
        return Secret(Confidence::High);
    }
    if text.len() < 4 || is_other(text, quoted) || is_hash_or_key(text) {
        return Other;
    }
    if let Some(why) = placeholder::reason(text.as_bytes()) {
        return Judgement::Placeholder(why);
    }
    if names_a_field(name, text, options) || is_type(text) || is_header(text) {
        return Other;
    }
    match name.class {
        Class::Password => password(text, options),
        Class::Secret if is_slug(text) && !is_casual(text, options) => Other,
        Class::Secret => match token(text) {
            Secret(confidence) if confidence > Confidence::Low => Secret(confidence),
            _ => password(text, options),
        },
        Class::Phrase => Other,
        Class::Token => match token(text) {
            Other if is_made_up(name, text, options) => Secret(Confidence::Low),
            judgement => judgement,
        },
    }
}

/// Judges a row of numbers, as the bytes of a key are written.
#[must_use]
pub fn judge_bytes(value: &[u8]) -> Judgement {
    let Ok(text) = std::str::from_utf8(value) else {
        return Other;
    };
    // Escapes in a text: `\x8a\x11`.
    let escapes = text.starts_with("\\x").then(|| text.replace("\\x", ",0x"));
    let text = escapes.as_deref().unwrap_or(text).trim_start_matches(',');
    let number = |part: &str| {
        let part = part.replace("(byte)", "");
        let part = part.trim().trim_end_matches("u8");
        match part.strip_prefix("0x") {
            Some(hex) => i64::from_str_radix(hex, 16).ok(),
            None => part.parse().ok(),
        }
    };
    let all: Vec<i64> = text.split(',').filter_map(number).collect();
    let distinct: HashSet<i64> = all.iter().copied().collect();
    let rising = all.windows(2).filter(|p| p[1] > p[0]).count();
    // Rising rows are tables; a key has hardly a byte twice, goes up and down, and has large ones.
    let drawn = distinct.len() * 3 >= all.len().min(96) * 2
        && rising * 5 <= all.len() * 4
        && all.iter().any(|n| *n > 96 || *n < -32);
    match (all.len() >= 8, drawn) {
        (true, true) => Secret(Confidence::High),
        (true, false) => Secret(Confidence::Low),
        _ => Other,
    }
}

/// `\u00f1` and `\n` as what they stand for: translations are stored like that.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u") {
        out.push_str(before);
        let digits: String = after.chars().take_while(char::is_ascii_hexdigit).take(4).collect();
        let code = (digits.len() == 4)
            .then(|| u32::from_str_radix(&digits, 16).ok())
            .flatten();
        match code {
            // Half of a surrogate pair stands for some character outside ASCII.
            Some(code) => out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            None => out.push_str("\\u"),
        }
        rest = &after[if code.is_some() { 4 } else { 0 }..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a literal looks like a password that somebody made up or drew: letters with digits or signs among them, or no words at all.
#[must_use]
pub fn looks_made_up(text: &str) -> bool {
    let has = |f: fn(&u8) -> bool| text.bytes().any(|b| f(&b));
    let sign = |b: &u8| b.is_ascii_punctuation() && !matches!(b, b'_' | b'-' | b'.' | b':' | b'/');
    let odd = has(u8::is_ascii_digit) || has(sign) || entropy::strangeness(text.as_bytes()) >= 0.5;
    text.len() >= 5
        && (is_in_groups(text)
            || !is_other(text, true) && has(u8::is_ascii_alphabetic) && odd && !reads_like_code(text))
}

/// Values made by people.
fn password(text: &str, options: &Options) -> Judgement {
    if text.split_whitespace().count() > 1 && !is_strong(text)
        || text.chars().all(char::is_alphabetic) && !text.is_ascii()
    {
        return Other;
    }
    let has = |f: fn(&u8) -> bool| text.bytes().any(|b| f(&b));
    let letters = has(u8::is_ascii_alphabetic);
    let digits = has(u8::is_ascii_digit);
    let signs = has(|b| b.is_ascii_punctuation() && !matches!(b, b'_' | b'-' | b'.' | b':' | b'/'));
    let identifier = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/'));
    if is_strong(text) {
        return Secret(Confidence::High);
    }
    if letters && (digits || signs) && text.len() >= 6 {
        // `api-v2`, `users/2` read like names of things.
        let wordy =
            identifier && entropy::strangeness(text.as_bytes()) < 0.5 && text.contains(['-', '_', '.', '/', ':']);
        return Secret(if wordy && !is_casual(text, options) {
            Confidence::Low
        } else {
            Confidence::Medium
        });
    }
    if letters
        && text.len() >= 6
        && text
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'))
    {
        // One plain word may be a label; a word that people put into passwords may not.
        let strange = entropy::strangeness(text.as_bytes());
        let both = has(u8::is_ascii_lowercase) && has(|b| b.is_ascii_uppercase());
        return match (is_casual(text, options), both) {
            (true, _) => Secret(Confidence::Low),
            (_, true) if strange >= 0.5 && text.len() >= 8 => Secret(Confidence::Medium),
            (_, false) if strange >= 0.9 && text.len() >= 8 && text.bytes().all(|b| b.is_ascii_lowercase()) => {
                Secret(Confidence::Low)
            }
            _ => Other,
        };
    }
    if digits && !letters && text.bytes().all(|b| b.is_ascii_digit()) && (4..=12).contains(&text.len()) {
        return Secret(Confidence::Low);
    }
    Other
}

/// Values made by machines.
fn token(text: &str) -> Judgement {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|b| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'_' | b'-'
                    | b'.'
                    | b'+'
                    | b'/'
                    | b'='
                    | b':'
                    | b'~'
                    | b'!'
                    | b'@'
                    | b'$'
                    | b'*'
                    | b'#'
                    | b'%'
                    | b'&'
                    | b'^'
            )
    });
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if !plain || letters == 0 {
        return Other;
    }
    let strange = entropy::strangeness(bytes);
    let random = strange >= 0.45 && entropy::shannon(bytes) >= 3.0 && (digits >= 2 || strange >= 0.7);
    if is_slug(text) {
        return Other;
    }
    if bytes.len() >= 16 && random {
        if is_uuid(bytes) || entropy::is_sequential(bytes) {
            return Secret(Confidence::Low);
        }
        return Secret(if digits >= 2 {
            Confidence::High
        } else {
            Confidence::Medium
        });
    }
    let both = bytes.iter().any(u8::is_ascii_uppercase) && bytes.iter().any(u8::is_ascii_lowercase);
    if bytes.len() >= 16 && both && digits >= 1 && strange >= 0.5 && entropy::shannon(bytes) >= 3.3 {
        return Secret(Confidence::Medium);
    }
    if bytes.len() >= 8 && digits >= 2 && letters >= 2 && strange >= 0.5 {
        return Secret(Confidence::Low);
    }
    Other
}

/// `abcd efgh ijkl mnop`: the passwords that mail services make for programs.
fn is_in_groups(text: &str) -> bool {
    let groups: Vec<&str> = text.split(' ').collect();
    let odd = |g: &&&str| entropy::strangeness(g.as_bytes()) > 0.5;
    groups.len() == 4
        && groups
            .iter()
            .all(|g| g.len() == 4 && g.bytes().all(|b| b.is_ascii_lowercase()))
        && groups.iter().filter(odd).count() >= 2
}

/// Twelve to twenty-four plain words, as wallets give their keys to people.
fn is_phrase(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    matches!(words.len(), 12 | 15 | 18 | 21 | 24)
        && words
            .iter()
            .all(|w| (3..=8).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase()))
        && words.iter().collect::<HashSet<_>>().len() * 3 >= words.len() * 2
}

/// `shop-tls-cert-2024`: small words and numbers with signs between, as things are named.
fn is_slug(text: &str) -> bool {
    let pieces: Vec<&str> = text.split(['-', '_', '.', '/']).collect();
    let number = |p: &str| p.len() <= 5 && p.trim_start_matches('v').bytes().all(|b| b.is_ascii_digit());
    let word = |p: &str| p.len() <= 12 && p.bytes().all(|b| b.is_ascii_lowercase());
    let words = pieces.iter().filter(|p| word(p)).count();
    pieces.len() >= 3 && words * 2 > pieces.len() && pieces.iter().all(|p| !p.is_empty() && (word(p) || number(p)))
}

/// At least eight characters of three kinds.
fn is_strong(text: &str) -> bool {
    let has = |f: fn(&u8) -> bool| usize::from(text.bytes().any(|b| f(&b)));
    let kinds = has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(|b| b.is_ascii_punctuation() && !matches!(b, b'_' | b'-' | b'.' | b'/' | b':'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() >= 8 && kinds >= 3 && !text.contains(' ') && (digits >= 1) && !reads_like_code(text)
}

/// A dotted path, a call, an index: `user.passwordHash2`, `getPassword()`.
pub(super) fn reads_like_code(text: &str) -> bool {
    let balanced = text.contains("()") || text.contains("](") || text.contains("->") || text.contains("::");
    let dotted = text.split('.').count() > 1
        && text.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && entropy::strangeness(part.as_bytes()) < 0.5
        });
    balanced || dotted
}

/// Words that people use when they make something up for now.
fn is_casual(text: &str, options: &Options) -> bool {
    let lower = text.to_ascii_lowercase();
    names::words_of(text).iter().any(|w| options.casual.contains(w))
        || options
            .casual
            .iter()
            .any(|w| w.len() >= 6 && lower.contains(w.as_str()))
}

/// A machine's token that a person made up: some words, one of them casual, or digits at the end.
fn is_made_up(name: &Name, text: &str, options: &Options) -> bool {
    let words = names::words_of(text);
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let foreign = words
        .iter()
        .any(|w| !name.words.contains(w) && !options.neutral.contains(w) && w != "my");
    plain && text.len() >= 8 && words.len() >= 2 && foreign && is_casual(text, options)
}

/// `V1SecretVolumeSource`, `List[Secret]`, `Optional<String>`: the name of a type.
fn is_type(text: &str) -> bool {
    let generic = (text.ends_with(']') || text.ends_with('>'))
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.contains(['[', '<']);
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let pascal = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && capitals >= 3
        && digits <= 2
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && entropy::strangeness(text.as_bytes()) < 0.3;
    generic || pascal
}

/// `X-Auth-Token`: the name of a header.
fn is_header(text: &str) -> bool {
    text.strip_prefix("X-")
        .or(text.strip_prefix("x-"))
        .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'))
}

/// A path, an address, a sentence, a pattern, code: not a value of this kind.
fn is_other(text: &str, quoted: bool) -> bool {
    let starts = |p: &[&str]| p.iter().any(|p| text.starts_with(p));
    let words = text.split_whitespace().count();
    let path =
        starts(&["/", "./", "../", "~/", "\\\\"]) && entropy::strangeness(text.as_bytes()) < 0.6 || is_file(text);
    let address = text.contains("://") || starts(&["mailto:", "data:", "urn:", "www."]);
    let pattern = text.contains(".*")
        || text.contains("[a-z")
        || text.contains("\\w")
        || text.contains("\\d")
        || text.contains("(?")
        || starts(&["^"]);
    let selector = starts(&["#", ".", "[", "@", "*", "&", "!", "--", "input"])
        && entropy::strangeness(text.as_bytes()) < 0.4
        && !is_strong(text);
    let hole =
        text.contains("{}") || text.contains("%s") || text.contains("%d") || text.contains("{0}") || is_hole(text);
    let markup = starts(&["<"]) || text.contains("</");
    let constant = text.contains('_') && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let not_ascii = text.chars().filter(|c| !c.is_ascii()).count() * 4 > text.chars().count();
    let code = reads_like_code(text) && (!quoted || text.contains('('));
    let key = text.split('.').count() > 2 && reads_like_code(text)
        || quoted && reads_like_code(text) && entropy::strangeness(text.as_bytes()) < 0.3;
    let piece = ["),", ")?", "){", "(\"", "=>", "&&", "||", "();"]
        .iter()
        .any(|sign| text.contains(sign))
        || starts(&[")", "+", ","]);
    piece
        || words > 3
        || path
        || address
        || pattern
        || selector
        || hole
        || markup
        || constant
        || not_ascii
        || code
        || key
}

/// `{name}` somewhere inside.
fn is_hole(text: &str) -> bool {
    let inside = text
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(inside, _)| inside);
    inside.is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'!'))
    })
}

/// `keys/server.pem`, `secrets.yaml`: a name with a short extension of letters.
fn is_file(text: &str) -> bool {
    const EXTENSIONS: [&str; 25] = [
        "pem", "key", "crt", "cer", "p12", "pfx", "jks", "json", "yaml", "yml", "toml", "txt", "env", "py", "js", "ts",
        "go", "rs", "html", "md", "xml", "sh", "asc", "gpg", "pub",
    ];
    text.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// Hashes of passwords, public keys, checksums.
fn is_hash_or_key(text: &str) -> bool {
    // `md5$salt$..`, `pbkdf2_sha256$..`
    let parts: Vec<&str> = text.split('$').collect();
    let hashed = parts.len() >= 3
        && parts[0].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && parts[parts.len() - 1].len() >= 16;
    const BEGINNINGS: [&str; 20] = [
        "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$1$", "$apr1$", "$argon2", "$scrypt", "$pbkdf2", "pbkdf2", "scrypt:",
        "bcrypt", "sha1$", "sha256$", "{SSHA}", "ssh-", "ecdsa-", "sha256-", "sha512-",
    ];
    hashed
        || BEGINNINGS.iter().any(|b| text.starts_with(b))
        || text.contains("PUBLIC KEY")
        || text.starts_with("sha256:")
        || text.starts_with("-----BEGIN")
}

fn is_uuid(value: &[u8]) -> bool {
    let dashes: Vec<usize> = value
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'-')
        .map(|(i, _)| i)
        .collect();
    value.len() == 36 && dashes == [8, 13, 18, 23] && value.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}

/// True when the value only repeats words of its own name, or words that names of fields are made of (`TOKEN_KEY = "auth_token"`), or
/// is spelled like a name and ends as its own name does (`"oauth2_jwt_secret"`, `"incorrect_password"`).
fn names_a_field(name: &Name, text: &str, options: &Options) -> bool {
    let words = names::words_of(text);
    let own: String = name.words.concat();
    let glued: String = words.concat();
    let number = |w: &String| w.bytes().all(|b| b.is_ascii_digit());
    let known = |w: &String| name.words.contains(w) || options.neutral.contains(w) || number(w);
    // Digits glued to a word (`password123`) make a password of it, a number at the end of a field's name hardly occurs.
    let numbered = text.bytes().any(|b| b.is_ascii_digit());
    let repeats = !words.is_empty() && !numbered && (words.iter().all(known) || own.contains(&glued));
    let spelled = text.contains(['_', '-'])
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    let ends_alike = words.last().is_some_and(|w| name.words.contains(w));
    let human = name.class != Class::Token && is_casual(text, options);
    repeats || spelled && ends_alike && !human && entropy::strangeness(text.as_bytes()) < 0.4
}
