//! What `check` and `log` share: commits with who wrote them, what is found in them now, and whether their review holds.

use super::{Failure, scan, subject};
use crate::{
    change::{Base, Change, Commit, ObjectId, Repo, Request, Source},
    config::UserFiles,
    origin::{self, Origin},
    record::{
        self,
        verify::{Checked, CommitNow, Demands, FindingNow, verify},
        wording::Keys,
    },
    review::State,
    scan::{Cache, Cancel, Finding, Fingerprint, RuleSet, scan_change},
    session::{SessionError, repository_policy},
};
use std::{collections::HashSet, path::Path, sync::Arc};

/// Most commits looked at in one go.
const LIMIT: u16 = 2000;

/// One commit, looked at.
pub(super) struct Audited {
    pub commit: Commit,
    pub origin: Origin,
    /// What is found in it now and counts.
    pub findings: Vec<Arc<Finding>>,
    pub checked: Checked,
}

/// What was looked at.
pub(super) struct Audit {
    /// Newest first.
    pub commits: Vec<Audited>,
    /// Commits of the range that were not asked for.
    pub skipped: usize,
    /// Older commits of the range that were not looked at, because there are too many.
    pub beyond: usize,
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let hint = error.hint();
        Failure {
            what: format!("{error}."),
            hint,
        }
    }
}

impl From<record::RecordError> for Failure {
    fn from(error: record::RecordError) -> Self {
        SessionError::from(error).into()
    }
}

/// The commits that a range, or a single revision, names.
pub(super) fn commits(repo: &Repo, spec: &str) -> Result<(Vec<Commit>, usize), Failure> {
    Ok(repo.commits(spec, LIMIT)?)
}

/// Looks at those of `commits` (newest first) that `wanted` picks.
pub(super) fn audit(
    dir: Option<&Path>,
    (commits, beyond): (Vec<Commit>, usize),
    wanted: impl Fn(&Origin) -> bool,
) -> Result<Audit, Failure> {
    let repo = subject::repo(dir)?;
    let record_repo = record::Repo::open(dir.unwrap_or(Path::new(".")))?;
    let config = UserFiles::standard().config().map_err(SessionError::from)?;
    let rules = scan::rules(&config.scan.rules)?;
    let cache = Cache::default();
    let all = commits.len();
    let base = commits.last().and_then(|oldest| oldest.parents.first()).cloned();
    let policy = repository_policy(&repo, base.as_ref())?;
    let later = at_head(&repo, &commits, base.as_ref(), &rules, &cache)?;
    let mut looked_at = Vec::new();
    for commit in commits {
        let origin = origin::of(&commit);
        let asked = wanted(&origin);
        let findings = if asked {
            let source = Source::Commit {
                spec: commit.id.to_string(),
            };
            found(&repo, &repo.load(&Request::new(source))?, &rules, &cache)
        } else {
            Vec::new()
        };
        looked_at.push((commit, origin, findings, asked));
    }
    let demands = Demands {
        threshold: policy.over(config.review).threshold,
        policy: &policy,
        signature: false,
        keys: &Keys::default(),
        is_agent: &origin::is_agent,
    };
    // Commits nobody asked for are read too: one of them may be the review commit that speaks of the others.
    let now: Vec<CommitNow<'_>> = looked_at
        .iter()
        .map(|(commit, _, findings, _)| CommitNow {
            commit,
            findings: findings.iter().map(|f| FindingNow::from(&**f)).collect(),
        })
        .collect();
    // What a record says is checked against notes and commits only: the journal is private to one machine.
    let checked = verify(&record_repo, None, &now, &demands, &|f| {
        later.as_ref().is_none_or(|l| l.contains(f))
    })?;
    let asked = looked_at
        .into_iter()
        .zip(checked)
        .filter(|((_, _, _, asked), _)| *asked);
    let commits: Vec<Audited> = asked
        .map(|((commit, origin, findings, _), checked)| Audited {
            commit,
            origin,
            findings,
            checked,
        })
        .collect();
    Ok(Audit {
        skipped: all - commits.len(),
        commits,
        beyond,
    })
}

/// What is found at the head of a range in the files it changed; `None` for a single commit, which has nothing after it.
fn at_head(
    repo: &Repo,
    commits: &[Commit],
    base: Option<&ObjectId>,
    rules: &RuleSet,
    cache: &Cache,
) -> Result<Option<HashSet<Fingerprint>>, Failure> {
    let ([newest, _, ..], Some(base)) = (commits, base) else {
        return Ok(None);
    };
    let source = Source::Range {
        spec: format!("{base}..{}", newest.id),
    };
    let change = repo.load(&Request::new(source))?;
    let result = scan_change(
        &change,
        &Base::of(repo, &change),
        rules,
        cache,
        &Cancel::default(),
        |_| {},
    );
    Ok(Some(result.findings.iter().map(|f| f.fingerprint.clone()).collect()))
}

/// What a commit's own lines hold.
fn found(repo: &Repo, change: &Change, rules: &RuleSet, cache: &Cache) -> Vec<Arc<Finding>> {
    let result = scan_change(
        change,
        &Base::of(repo, change),
        rules,
        cache,
        &Cancel::default(),
        |_| {},
    );
    result.findings.into_iter().filter(|f| State::counts(f)).collect()
}
