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
        bytes::{has, has_in_any_case},
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
    if has_in_any_case(view.text, b"password") || has_in_any_case(view.text, b"pwd") {
        strings(detector, view, hits);
    }
    if has_in_any_case(view.text, b"authorization") || has_in_any_case(view.text, b"curl") {
        headers(detector, view, hits);
    }
}

fn urls(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    for found in URL.matches(view.text).take(MOST) {
        let (Some(span), Some(user), Some(host)) = (found.group("v"), found.group("user"), found.group("host")) else {
            continue;
        };
        let (value, user) = (span.of(view.text), user.of(view.text));
        let host_name = String::from_utf8_lossy(host.of(view.text)).to_ascii_lowercase();
        let name = host_name.split(':').next().unwrap_or_default();
        let local = is_local(name);
        let weak = value.eq_ignore_ascii_case(user) || is_well_known(value);
        let shape_only = is_well_known(value) && is_well_known(user) && !local;
        let label = if local && weak { "local-url" } else { "url" };
        let shown = safe::visible(&host_name);
        let outcome = Outcome {
            label,
            span: found.whole(),
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
    for found in STRING.matches(view.text).take(MOST) {
        let Some(span) = found.group("v").or(found.group("w")) else {
            continue;
        };
        let value = span.of(view.text);
        if std::str::from_utf8(value).is_ok_and(reads_like_code) {
            continue;
        }
        let outcome = Outcome {
            label: "string",
            span: found.whole(),
            values: vec![span],
            value: "",
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        finish(&mut hit, view, span, is_well_known(value));
        hits.push(hit);
    }
}

fn headers(detector: &Detector, view: &FileView<'_>, hits: &mut Vec<Hit>) {
    for found in HEADER.matches(view.text).take(MOST) {
        let (basic, bearer) = (found.group("basic"), found.group("v"));
        let Some(span) = basic.or(bearer).or(found.group("w")) else {
            continue;
        };
        let value = span.of(view.text);
        if basic.is_some() && structure::check("basic", value) != structure::Verdict::Holds {
            continue;
        }
        if bearer.is_some() && (entropy::strangeness(value) < 0.4 || entropy::shannon(value) < 3.0) {
            continue;
        }
        let outcome = Outcome {
            label: "header",
            span: found.whole(),
            values: vec![span],
            value: "",
        };
        let Some(mut hit) = detector.hit(outcome) else { continue };
        finish(&mut hit, view, span, is_well_known(value));
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
