//! The gate: every trailer and note is a claim, and here are the ways in which claims fail.

use crate::world::{World, finding, findings, outcome, part};
use countersign::{
    change::{self, Commit, Identity, ObjectId},
    config::Policy,
    record::{
        Target, Way, undo,
        verify::{Checked, CommitNow, Demands, FindingNow, Standing, verify},
        wording::Keys,
    },
    review::Verdict,
    scan::{Fingerprint, Severity},
};
use std::collections::HashSet;

/// A gate over a range, with what is found in every commit now.
struct Gate<'w> {
    world: &'w World,
    policy: Policy,
    signature: bool,
    found: Vec<FindingNow>,
    gone: HashSet<Fingerprint>,
    with_journal: bool,
}

impl<'w> Gate<'w> {
    fn new(world: &'w World) -> Self {
        let found = findings()
            .iter()
            .filter(|f| f.severity == Severity::High)
            .map(now)
            .collect();
        Self {
            world,
            policy: Policy::default(),
            signature: false,
            found,
            gone: HashSet::new(),
            with_journal: false,
        }
    }

    fn check(&self, revision: &str) -> Checked {
        let mut checked = self.check_range(&[revision]);
        checked.remove(0)
    }

    fn check_range(&self, revisions: &[&str]) -> Vec<Checked> {
        let repo = change::Repo::open(&self.world.repo.path()).unwrap();
        let ids: Vec<String> = revisions
            .iter()
            .map(|r| self.world.repo.git(&["rev-parse", r]))
            .collect();
        let commits: Vec<Commit> = ids.iter().map(|id| repo.commits(id, 1).unwrap().0.remove(0)).collect();
        let range: Vec<_> = commits
            .iter()
            .map(|commit| CommitNow {
                commit,
                findings: self.found.clone(),
            })
            .collect();
        let demands = Demands {
            threshold: Severity::Medium,
            policy: &self.policy,
            signature: self.signature,
            keys: &Keys::default(),
            is_agent: &|who: &Identity| who.email == "noreply@anthropic.com",
        };
        let journal = self.with_journal.then(|| self.world.journal());
        verify(&self.world.open(), journal.as_ref(), &range, &demands, &|f| {
            !self.gone.contains(f)
        })
        .unwrap()
    }

    fn standing(&self, revision: &str) -> Standing {
        self.check(revision).standing
    }
}

fn now(finding: &countersign::record::full::RecordedFinding) -> FindingNow {
    FindingNow {
        fingerprint: finding.fingerprint.clone(),
        severity: finding.severity,
        what: "x, a.py:1".into(),
    }
}

fn recorded() -> World {
    let world = World::with_commit();
    world.record(&world.review("HEAD"));
    world
}

#[test]
fn a_recorded_commit_is_verified_and_an_unrecorded_one_is_not() {
    let world = World::with_commit();
    let gate = Gate::new(&world);
    assert_eq!(gate.standing("HEAD"), Standing::Unreviewed);
    world.record(&world.review("HEAD"));
    let checked = gate.check("HEAD");
    assert_eq!((checked.standing, checked.why), (Standing::Verified, vec![]));
    assert_eq!(checked.reviewers[0].email, "ada@example.com");
    let _ = undo(&world.open(), &mut world.journal()).unwrap();
    assert_eq!(gate.standing("HEAD"), Standing::Unreviewed);
}

#[test]
fn notes_alone_and_review_commits_verify_too() {
    let world = World::with_commit();
    let first = world.repo.head();
    world.repo.write("a.py", "2\n").commit("Second\n");
    world.record(&world.review(&first));
    assert_eq!(Gate::new(&world).standing(&first), Standing::Verified, "by the note");

    let second = world.repo.head();
    let ways = [(ObjectId(second.as_str().into()), Way::ReviewCommit)].into();
    world
        .perform(&world.plan_ways(&world.review(&second), ways).unwrap())
        .unwrap();
    let mut gate = Gate::new(&world);
    assert_eq!(gate.standing(&second), Standing::Verified);
    // The review commit travels with a push, the note perhaps not: the journal (or a fetched note) holds the record.
    world.repo.git(&["update-ref", "-d", "refs/notes/countersign"]);
    assert_eq!(
        gate.check_range(&["HEAD", &second])[1].standing,
        Standing::RecordMissing
    );
    gate.with_journal = true;
    assert_eq!(gate.check_range(&["HEAD", &second])[1].standing, Standing::Verified);
}

#[test]
fn a_record_is_found_again_after_rebase_and_cherry_pick_and_not_after_an_edit() {
    let world = World::with_commit();
    let base = world.repo.head();
    world.repo.write("b.py", "b\n").commit("B\n");
    world.record(&world.review("HEAD"));
    world.repo.git(&["switch", "-q", "-c", "other", &base]);
    world.repo.write("unrelated", "x\n").commit("Between\n");
    world.repo.git(&["cherry-pick", "main"]);
    let gate = Gate::new(&world);
    let checked = gate.check("HEAD");
    assert_eq!(checked.standing, Standing::Verified, "{:?}", checked.why);
    assert_eq!(checked.why, ["the same change was reviewed on another base"]);
    // Without trailers it is found by what it does.
    world.repo.git(&["commit", "-q", "--amend", "-m", "No trailers"]);
    assert_eq!(gate.standing("HEAD"), Standing::Verified);
    // Other content under the same message is stale, with and without trailers.
    world.repo.git(&["reset", "-q", "--hard", "main"]);
    world
        .repo
        .write("b.py", "evil\n")
        .add()
        .git(&["commit", "-q", "--amend", "--no-edit"]);
    let checked = gate.check("HEAD");
    assert_eq!(
        (checked.standing, checked.why),
        (
            Standing::Stale,
            vec!["the change is not the one that was reviewed".into()]
        )
    );
    world.repo.git(&["commit", "-q", "--amend", "-m", "No trailers"]);
    assert_eq!(gate.standing("HEAD"), Standing::Unreviewed);
}

#[test]
fn a_shallow_clone_goes_by_the_tree() {
    let world = World::with_commit();
    world.repo.write("a.py", "2\n").commit("Second\n");
    world.record(&world.review("HEAD"));
    std::fs::write(
        world.repo.path().join(".git/shallow"),
        format!("{}\n", world.repo.head()),
    )
    .unwrap();
    let checked = Gate::new(&world).check("HEAD");
    assert_eq!(checked.standing, Standing::Verified, "{:?}", checked.why);
    std::fs::remove_file(world.repo.path().join(".git/shallow")).unwrap();
    assert_eq!(Gate::new(&world).standing("HEAD"), Standing::Verified);
}

#[test]
fn forged_copied_and_edited_trailers_fail() {
    let world = recorded();
    let gate = Gate::new(&world);
    let message = world.repo.git(&["log", "-1", "--format=%B"]);
    let again = |text: &str| {
        world
            .repo
            .git(&["commit", "-q", "--amend", "--cleanup=verbatim", "-m", text]);
        let checked = gate.check("HEAD");
        (checked.standing, checked.why.join("; "))
    };
    // An agent writes trailers out of thin air, on a commit of its own.
    let forged = "S\n\nCountersigned-by: Ada Byron <ada@example.com>\nCountersign-Verdict: approved\nCountersign-Record: sha256:0123\n";
    world.repo.write("a.py", "agent\n").commit(forged);
    assert_eq!(gate.standing("HEAD"), Standing::RecordMissing);
    // It copies them from a reviewed commit.
    let (standing, _) = again(&message);
    assert_eq!(standing, Standing::Stale);
    world.repo.git(&["reset", "-q", "--hard", "HEAD^"]);
    // Somebody edits the reviewed commit's.
    for (from, to, say) in [
        (
            "Countersign-Verdict: approved",
            "Countersign-Verdict: rejected",
            "another verdict",
        ),
        ("Ada Byron <ada@example.com>", "Eve <eve@x>", "the record Ada Byron"),
        ("Countersign-Tree: ", "Countersign-Tree: 0", "another tree"),
    ] {
        let (standing, why) = again(&message.replace(from, to));
        // The change itself is still the reviewed one, and found by what it does; but somebody changed the reviewer's words.
        assert_eq!(standing, Standing::Altered, "{why}");
        assert!(why.contains(say), "{why}");
    }
    let (standing, why) = again(&message.replace("Countersign-Record: sha256:", "Countersign-Record: sha256:0"));
    assert_eq!(
        standing,
        Standing::Verified,
        "the record is found by the change; the claim that does not hold is reported"
    );
    assert!(why.contains("is not here"), "{why}");
    let (standing, _) = again(&message);
    assert_eq!(standing, Standing::Verified);
}

#[test]
fn an_edited_note_is_altered() {
    let world = recorded();
    let text = world.repo.git(&["notes", "--ref=countersign", "show"]);
    for (from, to) in [
        ("accepted-risk", "false-positive"),
        ("\"seen\":true", "\"seen\":false"),
        ("rules\"", "other\""),
    ] {
        let edited = text.replace(from, to);
        assert_ne!(edited, text);
        world
            .repo
            .git(&["notes", "--ref=countersign", "add", "-f", "-m", &edited]);
        let checked = Gate::new(&world).check("HEAD");
        assert_eq!(checked.standing, Standing::Altered, "{:?}", checked.why);
    }
    world
        .repo
        .git(&["notes", "--ref=countersign", "add", "-f", "-m", "no json"]);
    assert_eq!(Gate::new(&world).standing("HEAD"), Standing::Altered);
}

#[test]
fn findings_of_today_must_be_the_decided_ones() {
    let world = recorded();
    let mut gate = Gate::new(&world);
    gate.found.push(now(&finding("dddddddd", Severity::Low, None, None)));
    assert_eq!(gate.standing("HEAD"), Standing::Verified, "below the threshold");
    gate.found.push(now(&finding("eeeeeeee", Severity::High, None, None)));
    let checked = gate.check("HEAD");
    assert_eq!(
        (checked.standing, checked.why),
        (Standing::Stale, vec!["not in the record: x, a.py:1".into()])
    );
    gate.gone
        .insert(finding("eeeeeeee", Severity::High, None, None).fingerprint);
    assert_eq!(gate.standing("HEAD"), Standing::Verified, "a later commit removed it");
    gate.found.push(now(&findings()[0]));
    assert_eq!(gate.check("HEAD").why, ["recorded as fixed and still there: x, a.py:1"]);
}

#[test]
fn rejected_undecided_and_unseen_are_incomplete_until_resolved() {
    let world = World::with_commit();
    let rejected = finding("cccccccc", Severity::High, Some(Verdict::Rejected), None);
    let target = || Target::Commit(ObjectId(world.repo.head().as_str().into()));
    let mut gate = Gate::new(&world);
    gate.found = vec![];
    world.record(&outcome(vec![part(target(), vec![rejected.clone()])]));
    let checked = gate.check("HEAD");
    assert_eq!(checked.standing, Standing::Incomplete);
    assert_eq!(
        checked.why,
        ["rejected: Address built from request, a.py:1"],
        "even if it is no longer found by the rules"
    );
    gate.gone.insert(rejected.fingerprint.clone());
    assert_eq!(gate.standing("HEAD"), Standing::Verified, "a later commit removed it");
    gate.gone.clear();

    let mut unseen = outcome(vec![part(target(), vec![])]);
    unseen.parts[0].hunks[0].seen = false;
    world.record(&unseen);
    let checked = gate.check("HEAD");
    assert_eq!(
        checked.why,
        ["1 of 2 hunks were not seen"],
        "the same person's later word replaces the earlier one"
    );
    let open = finding("ffffffff", Severity::High, None, None);
    gate.found = vec![now(&open)];
    world.record(&outcome(vec![part(target(), vec![open])]));
    assert_eq!(gate.check("HEAD").why, ["undecided: x, a.py:1"]);
}

#[test]
fn one_persons_rejection_is_not_outvoted() {
    let mut world = World::with_commit();
    world.repo.git(&["tag", "keep"]);
    let rejected = finding("bbbbbbbb", Severity::High, Some(Verdict::Rejected), None);
    let target = Target::Commit(ObjectId(world.repo.head().as_str().into()));
    world.record(&outcome(vec![part(target, vec![rejected])]));
    world.repo.git(&["config", "user.email", "bob@x"]);
    world.clock = countersign::record::Clock::Fixed("2026-11-21T13:22:27+01:00[+01:00]".parse().unwrap());
    world.record(&world.review("HEAD"));
    let gate = Gate::new(&world);
    let checked = gate.check("HEAD");
    assert_eq!((checked.standing, checked.reviewers.len()), (Standing::Incomplete, 2));
    world.repo.git(&["config", "user.email", "ada@example.com"]);
    world.record(&world.review("HEAD"));
    assert_eq!(gate.standing("HEAD"), Standing::Verified, "she changed her mind");
}

#[test]
fn who_may_not_and_what_was_not_a_person_does_not_count() {
    let mut world = recorded();
    let mut gate = Gate::new(&world);
    gate.policy.reviewers = vec!["BOB@example.com".into()];
    let checked = gate.check("HEAD");
    assert_eq!(checked.standing, Standing::NotPermitted);
    assert_eq!(checked.why, ["Ada Byron <ada@example.com> may not countersign here"]);
    gate.policy.reviewers.push("ADA@example.com".into());
    assert_eq!(gate.standing("HEAD"), Standing::Verified);

    world.repo.git(&["config", "user.email", "noreply@anthropic.com"]);
    world.repo.write("a.py", "2\n").commit("Second\n");
    world.record(&world.review("HEAD"));
    assert!(Gate::new(&world).check("HEAD").why[0].ends_with("is an agent"));
    // A record that says itself that it was made inside an agent.
    world.repo.git(&["config", "user.email", "ada@example.com"]);
    world.repo.write("a.py", "3\n").commit("Third\n");
    world.presence.markers = vec!["CLAUDECODE".into()];
    world.record(&world.review("HEAD"));
    assert_eq!(
        Gate::new(&world).check("HEAD").why,
        ["it was recorded inside an agent (CLAUDECODE)"]
    );
}

#[test]
fn a_demanded_signature_must_hold_and_be_the_reviewers() {
    let world = recorded();
    let mut gate = Gate::new(&world);
    gate.signature = true;
    assert_eq!(gate.standing("HEAD"), Standing::NotPermitted, "unsigned");
    let Some(key) = crate::signing::ssh_key(&world, "key") else {
        return;
    };
    crate::signing::sign_with_ssh(&world, &key);
    world.record(&world.review("HEAD"));
    let checked = gate.check("HEAD");
    assert_eq!(checked.standing, Standing::Verified, "{:?}", checked.why);
    // The repository cannot say whose keys are trusted.
    let own = world.repo.around().join("nobody");
    std::fs::write(&own, "").unwrap();
    world.user_config("gpg.ssh.allowedSignersFile", own.to_str().unwrap());
    let allowed = world.repo.around().join("allowed");
    world
        .repo
        .git(&["config", "gpg.ssh.allowedSignersFile", allowed.to_str().unwrap()]);
    assert_eq!(gate.standing("HEAD"), Standing::NotPermitted);
    world.user_config("gpg.ssh.allowedSignersFile", allowed.to_str().unwrap());
    assert_eq!(gate.standing("HEAD"), Standing::Verified);
    // A signature of somebody else's does not make Ada's trailers hers.
    let text = std::fs::read_to_string(&allowed)
        .unwrap()
        .replace("ada@example.com", "eve@example.com");
    std::fs::write(&allowed, text).unwrap();
    let checked = gate.check("HEAD");
    assert_eq!(
        checked.why,
        ["the signature is not that of Ada Byron <ada@example.com>"]
    );
}
