//! What recording will do, before it does it: per commit what is written where and why, with every word of it.
//!
//! The screen shows a [`Plan`] and nothing else; [`super::perform`] does exactly that plan or refuses because the repository moved
//! meanwhile. Planning moves no ref and touches neither index nor working tree; it writes loose objects that nothing points to (a tree must
//! have an id before a trailer can name it).

use super::{
    commit_object::CommitObject,
    draft::{self, Draft},
    error::{RecordError, Result},
    full::{Conclusion, Counts, Record, RecordedFinding, Reviewed, SCHEMA, by_weight},
    journal::Stamp,
    message, obstacles,
    outcome::{Outcome, Part, Target},
    patch_id,
    person::Presence,
    printable,
    repo::{Head, Repo, Signature},
    scratch_index::TreeEntry,
    signing,
    trailers::{self, Trailer},
    way::{self, Choice, Ground, Way},
    wording::{self, Wording},
};
use crate::{change::ObjectId, scan::Severity};
use jiff::Zoned;
use std::collections::HashMap;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What the review came to.
    pub outcome: &'a Outcome,
    /// Ways the person chose; the others are chosen here.
    pub ways: HashMap<ObjectId, Way>,
    /// Which trailers.
    pub wording: &'a Wording,
    /// Who, with what, when.
    pub stamp: &'a Stamp,
    /// Whether it is a person.
    pub presence: &'a Presence,
}

/// What will be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One for each part of the review, newest commit first.
    pub steps: Vec<Step>,
    /// Commits that will be made, each on top of the one before.
    pub commits: Vec<PlannedCommit>,
    /// `signed as configured (ssh)`.
    pub signing: String,
    /// Hooks that git would run and that are not run.
    pub hooks_not_run: Vec<String>,
    /// What the person should know, in sentences.
    pub warnings: Vec<String>,
    /// Why nothing can be recorded at all; `None` when it can.
    pub blocked: Option<String>,
    /// Who records.
    pub reviewer: Signature,
    pub(super) records: Vec<PlannedRecord>,
    pub(super) head: Head,
    /// For a new commit: what its paths shall be in the index, with what they are now.
    pub(super) index: Vec<(TreeEntry, TreeEntry)>,
    pub(super) now: Zoned,
}

/// What happens to one part.
#[derive(Clone, Debug)]
pub struct Step {
    /// The commit; `None` for uncommitted work.
    pub commit: Option<ObjectId>,
    /// Its subject, printable.
    pub subject: String,
    /// The way taken.
    pub way: Way,
    /// Why, as a clause: `is HEAD, not pushed, not signed`.
    pub why: String,
    /// Ways the person may choose instead.
    pub others: Vec<Way>,
    /// Findings and hunks counted.
    pub counts: Counts,
    /// The sum.
    pub conclusion: Conclusion,
    /// What stands between this and `approved`, in sentences.
    pub missing: Vec<String>,
    /// Files that will be committed, printable; empty unless a commit is made of them.
    pub files: Vec<String>,
}

/// A commit that will be made.
#[derive(Clone, Debug)]
pub struct PlannedCommit {
    /// How it comes to be.
    pub way: Way,
    /// The whole message, trailers included.
    pub message: String,
    /// The trailers alone.
    pub trailers: Vec<Trailer>,
    /// The commit it takes the place of.
    pub replaces: Option<ObjectId>,
    /// Without signature; a commit made on top of another planned one gets its parent when that is made.
    pub(super) object: CommitObject,
}

/// A record, and what its note goes on.
#[derive(Clone, Debug)]
pub(super) struct PlannedRecord {
    pub record: Record,
    pub digest: String,
    /// Commits that exist.
    pub on: Vec<ObjectId>,
    /// The planned commit that carries it.
    pub carried_by: Option<usize>,
}

/// A part with what git says of it.
pub(super) struct Grounded<'a> {
    pub part: &'a Part,
    pub reviewed: Reviewed,
    pub choice: Choice,
    pub object: Option<CommitObject>,
    pub entries: Vec<TreeEntry>,
    /// The index at these paths before.
    pub before: Vec<TreeEntry>,
}

/// Makes the plan.
///
/// # Errors
/// When the repository cannot be read; when uncommitted work is not what was shown or cannot be committed without running a program or
/// losing something.
pub fn plan(repo: &Repo, request: &Request<'_>) -> Result<Plan> {
    let head = repo.head()?;
    let reviewer = repo.committer()?;
    let obstacle = obstacles::to_moving_head(repo, &head)?;
    let signing = signing::configured(repo);
    let ground = Ground {
        repo,
        head: &head,
        obstacle: obstacle.as_deref(),
        signing: &signing,
        wording: request.wording,
    };
    let grounded = request
        .outcome
        .parts
        .iter()
        .map(|p| on_the_ground(&ground, request, p))
        .collect::<Result<Vec<_>>>()?;
    let now = request.stamp.clock.now();
    let mut plan = Plan {
        steps: grounded.iter().map(|g| step(g, request.outcome.threshold)).collect(),
        commits: Vec::new(),
        signing: signing.describe(),
        hooks_not_run: Vec::new(),
        warnings: warnings(repo, &grounded),
        blocked: blocked(request.presence, &grounded),
        reviewer,
        records: Vec::new(),
        head: head.clone(),
        index: grounded
            .iter()
            .flat_map(|g| g.before.iter().cloned().zip(g.entries.iter().cloned()))
            .collect(),
        now,
    };
    draft_all(repo, request, &grounded, &mut plan)?;
    if !plan.commits.is_empty() {
        plan.hooks_not_run = obstacles::hooks_present(repo);
    }
    Ok(plan)
}

/// Records, and the commits that carry them: what is written into HEAD first, then the review commit on top.
fn draft_all(repo: &Repo, request: &Request<'_>, grounded: &[Grounded<'_>], plan: &mut Plan) -> Result<()> {
    let declared = message::declared_keys(repo);
    let drafting = Draft {
        repo,
        request,
        declared: &declared,
        reviewer: plan.reviewer.clone(),
        head: plan.head.clone(),
    };
    for part in grounded.iter().filter(|g| g.choice.way != Way::ReviewCommit) {
        let record = record(request, plan, vec![part.reviewed.clone()]);
        let digest = record.digest()?;
        let commit = match part.choice.way {
            Way::NewCommit => Some(draft::new_commit(&drafting, part, &record, &digest)?),
            Way::Amend => draft::amended(&drafting, part, &record, &digest)?,
            Way::Note | Way::ReviewCommit => None,
        };
        let carried_by = commit.is_some().then_some(plan.commits.len());
        let on = if carried_by.is_some() {
            Vec::new()
        } else {
            part.reviewed.commit.iter().cloned().collect()
        };
        plan.commits.extend(commit);
        plan.records.push(PlannedRecord {
            record,
            digest,
            on,
            carried_by,
        });
    }
    let covered: Vec<&Grounded<'_>> = grounded.iter().filter(|g| g.choice.way == Way::ReviewCommit).collect();
    if !covered.is_empty() {
        let record = record(request, plan, covered.iter().map(|g| g.reviewed.clone()).collect());
        let digest = record.digest()?;
        let commit = draft::review_commit(&drafting, &covered, &record, &digest)?;
        let on = covered.iter().filter_map(|g| g.reviewed.commit.clone()).collect();
        plan.records.push(PlannedRecord {
            record,
            digest,
            on,
            carried_by: Some(plan.commits.len()),
        });
        plan.commits.push(commit);
    }
    for commit in &plan.commits {
        if trailers::has_divider(&commit.object.message) {
            let text = "The message holds a line `---`; `git am` would cut off what follows, trailers included. The note keeps the record.";
            plan.warnings.push(text.to_owned());
        }
    }
    Ok(())
}

fn record(request: &Request<'_>, plan: &Plan, reviewed: Vec<Reviewed>) -> Record {
    Record {
        schema: SCHEMA,
        time: super::clock::local(&plan.now),
        tool: request.stamp.tool.clone(),
        rules: request.stamp.rules.clone(),
        threshold: request.outcome.threshold,
        reviewer: plan.reviewer.who.clone(),
        agent_markers: request.presence.markers.clone(),
        terminal: request.presence.terminal,
        reviewed,
    }
}

/// Looks at what a part is about.
fn on_the_ground<'a>(ground: &Ground<'_>, request: &Request<'_>, part: &'a Part) -> Result<Grounded<'a>> {
    let repo = ground.repo;
    let threshold = request.outcome.threshold;
    let (commit, base, tree, choice, object, entries, before) = match &part.target {
        Target::Commit(id) => {
            let object = CommitObject::read(repo, id)?;
            let tree = object.tree().ok_or_else(|| RecordError::Unreadable {
                what: format!("commit {id}"),
                why: "it names no tree".into(),
            })?;
            let choice = way::for_commit(ground, id, &object, request.ways.get(id).copied())?;
            let base = object.parents().first().cloned();
            (
                Some(id.clone()),
                base,
                tree,
                choice,
                Some(object),
                Vec::new(),
                Vec::new(),
            )
        }
        Target::Uncommitted(work) => {
            let new = draft::tree_of_uncommitted(ground, work)?;
            let choice = Choice {
                way: Way::NewCommit,
                why: new.why,
                others: Vec::new(),
                warnings: Vec::new(),
            };
            (None, work.base.clone(), new.tree, choice, None, new.entries, new.before)
        }
    };
    let cut = commit.as_ref().is_some_and(|id| patch_id::cut_off(repo).contains(id));
    let patch = if cut {
        None
    } else {
        patch_id::of(repo, base.as_ref(), &tree)?
    };
    let mut findings = part.findings.clone();
    findings.sort_by(by_weight);
    let reviewed = Reviewed {
        commit,
        patch,
        tree,
        conclusion: Conclusion::of(&findings, &part.hunks, threshold),
        findings,
        hunks: part.hunks.clone(),
        not_examined: part.not_examined.clone(),
        assisted_by: part.assisted_by.clone(),
    };
    Ok(Grounded {
        part,
        reviewed,
        choice,
        object,
        entries,
        before,
    })
}

fn step(grounded: &Grounded<'_>, threshold: Severity) -> Step {
    let Reviewed {
        commit,
        findings,
        hunks,
        conclusion,
        ..
    } = &grounded.reviewed;
    let subject = match (&grounded.object, &grounded.part.target) {
        (Some(object), _) => message::subject(&object.text()),
        (None, Target::Uncommitted(work)) => message::subject(&work.message),
        (None, Target::Commit(_)) => String::new(),
    };
    let counts = Counts::of(findings, hunks);
    Step {
        commit: commit.clone(),
        subject,
        way: grounded.choice.way,
        why: grounded.choice.why.clone(),
        others: grounded.choice.others.clone(),
        missing: missing(findings, &counts, threshold),
        counts,
        conclusion: *conclusion,
        files: grounded
            .entries
            .iter()
            .map(|e| printable::line(&e.path.lossy(), 200))
            .collect(),
    }
}

/// What stands between a review and `approved`.
fn missing(findings: &[RecordedFinding], counts: &Counts, threshold: Severity) -> Vec<String> {
    let mut out = Vec::new();
    let mut say = |some: Vec<&RecordedFinding>, what: &str| {
        let Some(first) = some.first() else { return };
        let (noun, verb) = if some.len() == 1 {
            ("finding", "is")
        } else {
            ("findings", "are")
        };
        let place = format!(
            "{}, {}:{}",
            printable::line(&first.title, 60),
            printable::path(&first.path),
            first.line
        );
        let place = if some.len() == 1 {
            place
        } else {
            format!("first: {place}")
        };
        out.push(format!("{} {noun} {verb} {what} ({place})", some.len()));
    };
    let rejected = |f: &&RecordedFinding| {
        f.decision
            .as_ref()
            .is_some_and(|d| d.verdict == crate::review::Verdict::Rejected)
    };
    say(findings.iter().filter(rejected).collect(), "rejected");
    say(
        findings
            .iter()
            .filter(|f| f.decision.is_none() && f.severity >= threshold)
            .collect(),
        "undecided",
    );
    let unseen = counts.hunks - counts.seen;
    if unseen > 0 {
        let verb = if unseen == 1 { "hunk was" } else { "hunks were" };
        out.push(format!("{unseen} {verb} not seen"));
    }
    out
}

fn warnings(repo: &Repo, grounded: &[Grounded<'_>]) -> Vec<String> {
    let mut out: Vec<String> = signing::caution(repo).into_iter().collect();
    let (here, own) = (repo.settings.get("user.email"), repo.settings.trusted("user.email"));
    let of_repository = repo.settings.is_of_repository("user.email");
    if let Some((here, own)) = here.zip(own).filter(|(here, own)| of_repository && here != own) {
        let (here, own) = (printable::line(here, 80), printable::line(own, 80));
        out.push(format!(
            "Your address here is {here}, from this repository's own .git/config; elsewhere it is {own}."
        ));
    }
    for part in grounded {
        out.extend(part.choice.warnings.iter().cloned());
        let counts = Counts::of(&part.reviewed.findings, []);
        if let (true, Some(id)) = (counts.fixed > 0, &part.reviewed.commit) {
            let s = if counts.fixed == 1 {
                "finding is"
            } else {
                "findings are"
            };
            out.push(format!(
                "{} {s} fixed in the working tree, not in {}: commit the fix too.",
                counts.fixed,
                id.short()
            ));
        }
        if !part.reviewed.not_examined.is_empty() {
            out.push(format!(
                "{} places were not examined; the record lists them.",
                part.reviewed.not_examined.len()
            ));
        }
    }
    out
}

fn blocked(presence: &Presence, grounded: &[Grounded<'_>]) -> Option<String> {
    if grounded.is_empty() {
        return Some("there is nothing to record".into());
    }
    presence.objection()
}

/// The trailers for a record on a commit with `tree`.
pub(super) fn trailers_for(
    request: &Request<'_>,
    record: &Record,
    digest: &str,
    tree: &ObjectId,
    covers: &[ObjectId],
) -> Vec<Trailer> {
    wording::trailers(record, digest, tree, covers, request.wording)
}

impl Plan {
    /// Notes that will be written: each commit that exists, and whether it is new ones that get one too.
    #[must_use]
    pub fn noted(&self) -> Vec<&ObjectId> {
        self.records.iter().flat_map(|r| &r.on).collect()
    }

    /// Digest and record of each note.
    pub fn records(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.records.iter().map(|r| (r.digest.as_str(), &r.record))
    }
}
