//! The `connection` detector: passwords in addresses (`scheme://user:password@host`), in connection strings (`Server=..;Password=..`), in
//! `Authorization` headers and in command lines of `curl`. Labels: `url`, `local-url` (a service on this machine with a well-known password),
//! `string`, `header`.

use super::{
    entropy, formats::about, placeholder, redacted, structure, value::reads_like_code, weigh_comment,
    weigh_surroundings,
};
use crate::{
    scan::{
        Confidence, Severity,
        detect::{Detector, Outcome},
        hit::Hit,
        lazy_regex::LazyRegex,
        view::FileView,
    },
    text::{Span, safe},
};
use std::sync::LazyLock;

/// Most findings in one file.
const MOST: usize = 100;

/// User, password and host of an address. The password may hold anything but what ends it.
static URL: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::new(
        r##"\b(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,24})://(?P<user>[^\s:/?#@"'`<>|\\,;()\[\]]{0,64}):(?P<v>[^\s/?#@"'`<>|\\]{1,128})@(?P<host>[^\s/?#@"'`<>\\,;()]{1,128})"##,
    )
});

/// `Password=..;` beside a server's name in one literal, as ADO, ODBC and JDBC want it.
static STRING: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::new(
        r##"(?i)\b(?:server|data source|host|uid|user id|username|user)\s*=[^"'`\n,(){}]{1,200}?[;&? ](?:password|pwd)\s*=\s*(?P<v>[^;"'`\s&,(){}]{3,128})|\b(?:password|pwd)\s*=\s*(?P<w>[^;"'`\s&,(){}]{3,128})[;& ][^"'`\n,(){}]{0,200}?\b(?:server|data source|host|user id|uid)\s*="##,
    )
});

/// `Authorization: Basic ..` and `Bearer ..`, in any spelling of a header, and `curl -u user:password`.
static HEADER: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::new(
        r##"(?i)\bauthorization\b["']?\]?\s*(?:=>|[:=,]|to\s)\s*(?:[a-z_]{0,3})["'`]?\s*(?:basic\s+(?P<basic>[A-Za-z0-9+/]{6,}={0,2})|(?:bearer|token)\s+(?P<v>[A-Za-z0-9_.~+/=-]{12,}))|\bcurl\b[^\n|;]{0,200}?\s(?:-u|--user)[ =]["']?(?P<user>[A-Za-z0-9_.@-]{1,64}):(?P<w>[^\s"'@]{3,128})"##,
    )
});

/// Runs over one file.
pub(crate) fn run(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    if has(view.text, b"://") {
        urls(detector, view, hits);
    }
    if has_ignoring_case(view.text, &[b"password", b"pwd"]) {
        strings(detector, view, hits);
    }
    if has_ignoring_case(view.text, &[b"authorization", b"curl"]) {
        headers(detector, view, hits);
    }
}

fn urls(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let Some(regex) = URL.get() else { return };
    for found in regex.captures_iter(view.text).take(MOST) {
        let (Some(whole), Some(value), Some(user), Some(host)) =
            (found.get(0), found.name("v"), found.name("user"), found.name("host"))
        else {
            continue;
        };
        let host_name = String::from_utf8_lossy(host.as_bytes()).to_ascii_lowercase();
        let name = host_name.split(':').next().unwrap_or_default();
        let local = is_local(name);
        let weak = value.as_bytes().eq_ignore_ascii_case(user.as_bytes()) || is_well_known(value.as_bytes());
        let shape_only = is_well_known(value.as_bytes()) && is_well_known(user.as_bytes()) && !local;
        let label = if local && weak { "local-url" } else { "url" };
        let span = Span::new(value.start(), value.end());
        let shown = safe::visible(&host_name);
        let outcome = Outcome {
            label,
            span: Span::new(whole.start(), whole.end()),
            values: vec![span],
            value: &shown,
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        finish(&mut hit, view, span, weak);
        if is_example_host(name) {
            hit.dismissed = true;
            hit.argue("example-host", -3, "The host is one that is reserved for examples.");
        } else if shape_only {
            hit.dismissed = true;
            hit.argue("placeholder", -3, "User and password only show where they go.");
        } else if local {
            hit.severity = hit.severity.min(Severity::Low);
            hit.argue("local", -1, "The service is on this machine.");
        }
        hits.push(hit);
    }
}

fn strings(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let Some(regex) = STRING.get() else { return };
    for found in regex.captures_iter(view.text).take(MOST) {
        let (Some(whole), Some(value)) = (found.get(0), found.name("v").or(found.name("w"))) else {
            continue;
        };
        let code = std::str::from_utf8(value.as_bytes()).is_ok_and(reads_like_code);
        if code {
            continue;
        }
        let span = Span::new(value.start(), value.end());
        let outcome = Outcome {
            label: "string",
            span: Span::new(whole.start(), whole.end()),
            values: vec![span],
            value: "",
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        finish(&mut hit, view, span, is_well_known(value.as_bytes()));
        hits.push(hit);
    }
}

fn headers(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    let Some(regex) = HEADER.get() else { return };
    for found in regex.captures_iter(view.text).take(MOST) {
        let Some(whole) = found.get(0) else { continue };
        let basic = found.name("basic");
        let Some(value) = basic.or(found.name("v")).or(found.name("w")) else {
            continue;
        };
        if basic.is_some_and(|b| structure::check("basic", b.as_bytes()) != structure::Verdict::Holds) {
            continue;
        }
        let bearer = found.name("v").is_some();
        if bearer && (entropy::strangeness(value.as_bytes()) < 0.4 || entropy::shannon(value.as_bytes()) < 3.0) {
            continue;
        }
        let span = Span::new(value.start(), value.end());
        let outcome = Outcome {
            label: "header",
            span: Span::new(whole.start(), whole.end()),
            values: vec![span],
            value: "",
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        finish(&mut hit, view, span, is_well_known(value.as_bytes()));
        hits.push(hit);
    }
}

/// What all kinds share: redaction, identity, placeholders, weight.
fn finish(hit: &mut Hit, view: &FileView<'_>, value: Span, weak: bool) {
    let bytes = value.of(view.text);
    hit.redact = vec![redacted(value, false)];
    hit.about = Some(about("connection", bytes));
    let strange = entropy::strangeness(bytes) >= 0.4 || bytes.iter().any(|b| b.is_ascii_punctuation());
    hit.confidence = match (weak, strange) {
        (true, _) => Confidence::Low,
        (_, false) => Confidence::Medium,
        (_, true) => Confidence::High,
    };
    if let Some(why) =
        placeholder::reason(bytes).filter(|_| !is_well_known(bytes) || hit.matcher.as_deref() != Some("url"))
    {
        hit.dismissed = true;
        hit.argue("placeholder", -3, why);
    } else if weak {
        hit.argue("well-known", -1, "The password is one that everybody tries first.");
    }
    weigh_comment(hit, view);
    weigh_surroundings(hit, view.surroundings);
}

/// This machine, or a service of the same composition (a host name without a dot).
fn is_local(host: &str) -> bool {
    host == "localhost"
        || host.starts_with("127.")
        || host == "0.0.0.0"
        || host == "[::1]"
        || host == "::1"
        || host == "host.docker.internal"
        || !host.contains('.')
}

/// Reserved by RFC 2606 and 6761.
fn is_example_host(host: &str) -> bool {
    [
        "example.com",
        "example.org",
        "example.net",
        "example",
        "invalid",
        "test",
    ]
    .iter()
    .any(|end| host == *end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
}

fn is_well_known(value: &[u8]) -> bool {
    const KNOWN: [&str; 24] = [
        "username", "login", "name", "scott", "tiger", "passwd", "u", "p", "postgres", "password", "pass", "root",
        "admin", "guest", "secret", "mysql", "mongo", "redis", "test", "example", "changeme", "user", "pwd", "minio",
    ];
    KNOWN.iter().any(|k| value.eq_ignore_ascii_case(k.as_bytes()))
}

fn has(text: &[u8], what: &[u8]) -> bool {
    text.windows(what.len()).any(|w| w == what)
}

fn has_ignoring_case(text: &[u8], words: &[&[u8]]) -> bool {
    words
        .iter()
        .any(|word| text.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_regexes_can_be_built() {
        for regex in [&URL, &STRING, &HEADER] {
            assert_eq!(regex.error(), None);
        }
    }
}
