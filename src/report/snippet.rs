//! The lines of a finding, with secrets covered.

use crate::{
    scan::Finding,
    text::{LineIndex, Span},
};

/// Longest line shown in a report, in bytes; the rest is cut, and said so.
const MAX_LINE: usize = 240;

/// The line a finding begins on, secrets covered by `*`, cut when very long. Raw: still to be made safe by the caller.
pub(super) fn first_line(finding: &Finding, text: &[u8]) -> Vec<u8> {
    let index = LineIndex::new(text);
    let Some(line) = index.content(text, finding.place.start.line) else {
        return Vec::new();
    };
    let covered = cover(text, line, &finding.redact);
    if covered.len() <= MAX_LINE {
        return covered;
    }
    // Around the place, so that a finding in a minified file still shows what it is about.
    let at = (finding.place.span.start.saturating_sub(line.start) as usize).min(covered.len());
    let start = at.saturating_sub(MAX_LINE / 4);
    let end = (start + MAX_LINE).min(covered.len());
    let mut cut = if start > 0 {
        "… ".as_bytes().to_vec()
    } else {
        Vec::new()
    };
    cut.extend_from_slice(&covered[start..end]);
    if end < covered.len() {
        cut.extend_from_slice(" …".as_bytes());
    }
    cut
}

/// The bytes of `span`, with every byte of `redact` replaced by `*`.
pub(super) fn cover(text: &[u8], span: Span, redact: &[Span]) -> Vec<u8> {
    let mut bytes = span.of(text).to_vec();
    for secret in redact.iter().filter(|s| s.touches(span)) {
        let start = secret.start.saturating_sub(span.start) as usize;
        let end = (secret.end.saturating_sub(span.start) as usize).min(bytes.len());
        for byte in bytes.get_mut(start..end).unwrap_or_default() {
            *byte = b'*';
        }
    }
    bytes
}
