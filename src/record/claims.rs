//! What a message says of reviews. Claims only: anyone can write these lines, and agents do.
//!
//! Reading is lenient where writing is strict: any line of the message that begins with one of our keys counts, in any case, wherever it
//! stands; so a claim cannot hide from verification by being put outside the trailer block. Indented lines do not count: `git merge --squash`
//! indents the messages of *other* commits.

use super::{trailers, wording::Keys};
use crate::change::ObjectId;

/// One person's group of trailers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// `Name <email>` as written; empty when the lines name nobody.
    pub by: String,
    /// The conclusion as written.
    pub verdict: Option<String>,
    /// The tree named.
    pub tree: Option<ObjectId>,
    /// The record's digest (`sha256:...`).
    pub record: Option<String>,
    /// Commits that a review commit speaks of.
    pub commits: Vec<ObjectId>,
    /// Findings as written.
    pub findings: Vec<String>,
    /// Hunks seen, as written.
    pub seen: Option<String>,
}

impl Claim {
    /// The address in [`Claim::by`], lower case.
    #[must_use]
    pub fn email(&self) -> Option<String> {
        let (_, rest) = self.by.rsplit_once('<')?;
        let (email, _) = rest.split_once('>')?;
        Some(email.trim().to_lowercase())
    }
}

/// All claims of a message, in order.
#[must_use]
pub fn read(message: &str, keys: &Keys) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    for trailer in trailers::unfold(message.as_bytes()) {
        let (key, value) = (trailer.key, trailer.value);
        let is = |ours: &String| ours.eq_ignore_ascii_case(&key);
        if !keys.is_ours(&key) {
            continue;
        }
        if is(&keys.countersigned_by) || claims.is_empty() {
            claims.push(Claim::default());
        }
        let Some(claim) = claims.last_mut() else { continue };
        if is(&keys.countersigned_by) {
            claim.by = value;
        } else if is(&keys.verdict) {
            claim.verdict.get_or_insert(value);
        } else if is(&keys.tree) {
            claim.tree.get_or_insert(id(&value));
        } else if is(&keys.record) {
            claim.record.get_or_insert(value.to_ascii_lowercase());
        } else if is(&keys.commit) {
            claim.commits.push(id(&value));
        } else if is(&keys.seen) {
            claim.seen.get_or_insert(value);
        } else {
            claim.findings.push(value);
        }
    }
    claims
}

fn id(value: &str) -> ObjectId {
    ObjectId(value.to_ascii_lowercase().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn claims_are_found_in_any_case_and_place_and_grouped_by_person() {
        let message = "Subject\n\nCOUNTERSIGNED-BY: Ada <Ada@X>\r\ncountersign-verdict: approved\r\ncountersign-tree: ABC\n\nprose\n\nOther: x\nCountersigned-by: Bob <bob@x>\nCountersign-Record: sha256:1\n  2\nCountersign-Commit: a\nCountersign-Commit: b\n";
        let claims = read(message, &Keys::default());
        assert_eq!(claims.len(), 2);
        assert_eq!(claims[0].email().unwrap(), "ada@x");
        assert_eq!(claims[0].verdict.as_deref(), Some("approved"));
        assert_eq!(claims[0].tree, Some(ObjectId("abc".into())));
        assert_eq!(claims[1].record.as_deref(), Some("sha256:1 2"));
        assert_eq!(claims[1].commits.len(), 2);
    }

    #[test]
    fn the_first_of_two_contradicting_lines_counts_and_indented_ones_do_not() {
        let message =
            "s\n\nCountersign-Verdict: rejected\nCountersign-Verdict: approved\n\n    Countersigned-by: Eve <e@x>\n";
        let claims = read(message, &Keys::default());
        assert_eq!(claims.len(), 1);
        assert_eq!(
            (claims[0].by.as_str(), claims[0].verdict.as_deref()),
            ("", Some("rejected"))
        );
    }

    #[test]
    fn a_message_without_claims_has_none() {
        assert_eq!(
            read("s\n\nCountersign is a tool: good\nSigned-off-by: x\n", &Keys::default()),
            []
        );
    }
}
