//! Trailers into HEAD: everything of the commit but its message and committer stays, and whatever must not be rewritten is not.

use crate::world::{World, finding, outcome, part};
use countersign::{
    change::{Identity, ObjectId},
    record::{
        Target, Way,
        full::RecordedHunk,
        wording::{Profile, Wording},
    },
    review::Verdict,
    scan::Severity,
};
use std::{collections::HashMap, fs};

#[test]
fn head_gets_trailers_and_keeps_tree_author_and_dates() {
    let world = World::with_commit();
    let old = world.repo.head();
    let keep = |rev: &str| world.repo.git(&["log", "-1", "--format=%T %an %ae %ad %P %s", rev]);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(
        (plan.steps[0].way, plan.steps[0].why.as_str()),
        (Way::Amend, "is HEAD, not pushed, not signed")
    );
    assert_eq!(plan.steps[0].others, [Way::Note, Way::ReviewCommit]);
    assert_eq!(plan.steps[0].missing, [""; 0]);
    let done = world.perform(&plan).unwrap();
    let new = world.repo.head();
    assert_eq!(
        done.rewritten,
        Some((ObjectId(old.as_str().into()), ObjectId(new.as_str().into())))
    );
    assert_eq!(keep(&old), keep(&new));
    assert_eq!(
        world.repo.git(&["log", "-1", "--format=%cn <%ce>"]),
        "Ada Byron <ada@example.com>"
    );
    assert_eq!(
        world.trailers("HEAD")[..4],
        [
            "Countersigned-by: Ada Byron <ada@example.com>",
            "Countersign-Verdict: approved",
            "Countersign-Finding: approved(accepted-risk) python/ssrf a.py:1 #bbbbbbbb; internal hosts only",
            "Countersign-Finding: fixed python/ssrf a.py:1 #aaaaaaaa",
        ]
    );
    assert_eq!(
        world.repo.git(&["reflog", "-1", "--format=%gs"]),
        "countersign: approved, 2 findings"
    );
    assert_eq!(world.note("HEAD")[0]["record"]["reviewed"][0]["commit"], old);
}

#[test]
fn staged_unstaged_and_untracked_work_is_not_touched() {
    let world = World::with_commit();
    world.repo.write("a.py", "staged\n").write("new.py", "staged\n").add();
    world.repo.write("a.py", "unstaged\n").write("untracked.py", "x\n");
    world.repo.write("later.py", "").git(&["add", "-N", "later.py"]);
    let index = fs::read(world.repo.path().join(".git/index")).unwrap();
    let status = world.repo.git(&["status", "--porcelain=v2"]);
    world.record(&world.review("HEAD"));
    assert_eq!(
        fs::read(world.repo.path().join(".git/index")).unwrap(),
        index,
        "not a byte of the index"
    );
    let strip = |s: &str| s.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(strip(&world.repo.git(&["status", "--porcelain=v2"])), strip(&status));
}

#[test]
fn unknown_headers_survive_and_a_merge_stays_a_merge() {
    let world = World::with_commit();
    world.repo.git(&["switch", "-q", "-c", "side"]);
    world.repo.write("b.py", "b\n").commit("Side\n");
    world.repo.git(&["switch", "-q", "main"]);
    world.repo.write("c.py", "c\n").commit("Main\n");
    world.repo.git(&["merge", "-q", "--no-edit", "side"]);
    let raw = world.raw("HEAD").replacen(
        "\n\n",
        "\nmergetag object 00\n type commit\n tag x\nchange-id kkmpptxzrspxrzommnulwmwkkqwworpl\n\n",
        1,
    );
    let file = world.repo.around().join("raw");
    fs::write(&file, raw).unwrap();
    let id = world.repo.git(&[
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--literally",
        file.to_str().unwrap(),
    ]);
    world.repo.git(&["update-ref", "refs/heads/main", &id]);
    world.record(&world.review("HEAD"));
    let new = world.raw("HEAD");
    assert!(
        new.contains("\nmergetag object 00\n type commit\n tag x\nchange-id kkmpptxzrspxrzommnulwmwkkqwworpl\n\n"),
        "{new}"
    );
    assert_eq!(new.matches("\nparent ").count(), 2);
}

#[test]
fn what_others_have_is_noted_and_not_rewritten() {
    let world = World::with_commit();
    let head = world.repo.head();
    let bare = world.repo.around().join("remote.git");
    world.repo.git(&["init", "-q", "--bare", bare.to_str().unwrap()]);
    world.repo.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
    world.repo.git(&["push", "-q", "origin", "main"]);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(
        (plan.steps[0].way, plan.steps[0].why.as_str()),
        (Way::Note, "is pushed or tagged (origin/main)")
    );
    assert!(plan.commits.is_empty());
    world.perform(&plan).unwrap();
    assert_eq!(world.repo.head(), head);
    assert_eq!(world.note("HEAD").len(), 1);

    world.repo.write("a.py", "2\n").commit("Second\n");
    assert_eq!(world.plan(&world.review("HEAD^")).unwrap().steps[0].way, Way::Note);
    let local = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(local.steps[0].way, Way::Amend);
    assert!(
        local
            .warnings
            .iter()
            .any(|w| w.starts_with("Not pushed as far as this clone knows")),
        "{:?}",
        local.warnings
    );
    world.repo.git(&["tag", "v1"]);
    assert!(
        world.plan(&world.review("HEAD")).unwrap().steps[0]
            .why
            .contains("tags/v1")
    );
}

#[test]
fn a_commit_below_head_gets_a_note_and_other_branches_are_listed() {
    let world = World::with_commit();
    let first = world.repo.head();
    world.repo.write("a.py", "2\n").commit("Second\n");
    world.repo.git(&["branch", "keeps"]);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert!(
        plan.warnings
            .contains(&"Stays on the old commit: refs/heads/keeps.".to_owned()),
        "{:?}",
        plan.warnings
    );
    let step = &world.plan(&world.review(&first)).unwrap().steps[0];
    assert_eq!((step.way, step.why.as_str()), (Way::Note, "is not HEAD"));
    let head = world.repo.head();
    world.record(&world.review(&first));
    assert_eq!(world.repo.head(), head);
    assert_eq!(world.note(&first).len(), 1);
}

#[test]
fn operations_in_progress_and_jj_leave_a_note_instead() {
    let world = World::with_commit();
    let (head, git) = (world.repo.head(), world.repo.path().join(".git"));
    for name in ["MERGE_HEAD", "index.lock", "HEAD.lock", "BISECT_LOG"] {
        fs::write(git.join(name), format!("{head}\n")).unwrap();
        let plan = world.plan(&world.review("HEAD")).unwrap();
        assert_eq!(plan.steps[0].way, Way::Note, "{name}");
        assert!(
            plan.steps[0].why.starts_with("must not be rewritten now: "),
            "{}",
            plan.steps[0].why
        );
        world.perform(&plan).unwrap();
        fs::remove_file(git.join(name)).unwrap();
    }
    fs::create_dir(world.repo.path().join(".jj")).unwrap();
    assert!(world.plan(&world.review("HEAD")).unwrap().steps[0].why.contains("jj"));
    assert_eq!(world.repo.head(), head);
    assert_eq!(world.note("HEAD").len(), 1, "the same record twice is one line");
}

#[test]
fn a_branch_that_another_worktree_has_is_not_moved() {
    let world = World::with_commit();
    let linked = world.repo.around().join("linked");
    world
        .repo
        .git(&["worktree", "add", "-q", "--force", linked.to_str().unwrap(), "main"]);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Note);
    assert!(plan.steps[0].why.contains("is checked out in"), "{}", plan.steps[0].why);
}

#[test]
fn a_bare_repository_gets_a_note() {
    let world = World::with_commit();
    let bare = world.repo.around().join("bare.git");
    world.repo.git(&[
        "clone",
        "-q",
        "--bare",
        world.repo.path().to_str().unwrap(),
        bare.to_str().unwrap(),
    ]);
    world.repo.git_in(&bare, &["config", "user.name", "Ada"]);
    world.repo.git_in(&bare, &["config", "user.email", "ada@x"]);
    let repo = world.open_at(&bare);
    let plan = world.plan_in(&repo, &world.review("HEAD"), HashMap::new()).unwrap();
    assert_eq!(plan.steps[0].way, Way::Note);
    let mut journal = countersign::record::journal::Journal::open(&repo.common_dir, world.stamp()).unwrap();
    countersign::record::perform(&repo, &plan, &mut journal).unwrap();
    assert_ne!(world.repo.git_in(&bare, &["notes", "--ref=countersign", "list"]), "");
}

#[test]
fn notes_of_other_tools_go_along() {
    let world = World::with_commit();
    let old = world.repo.head();
    let ai =
        format!("a.py\n  s_1::t_1 1\n---\n{{\"schema_version\":\"authorship/3.0.0\",\"base_commit_sha\":\"{old}\"}}");
    world.repo.git(&["notes", "--ref=ai", "add", "-m", &ai]);
    world.repo.git(&["notes", "--ref=ci", "add", "-m", "passed"]);
    world.repo.git(&["notes", "add", "-m", "mine"]);
    world.record(&world.review("HEAD"));
    let new = world.repo.head();
    assert_ne!(old, new);
    assert_eq!(world.repo.git(&["notes", "--ref=ai", "show"]), ai.replace(&old, &new));
    assert_eq!(world.repo.git(&["notes", "--ref=ci", "show"]), "passed");
    assert_eq!(world.repo.git(&["notes", "show"]), "mine");
    assert_eq!(
        world.repo.git(&["notes", "--ref=ci", "show", &old]),
        "passed",
        "and stay where they were"
    );

    world.repo.git(&["config", "notes.rewriteRef", "refs/notes/c*s"]);
    let mut other = world.review("HEAD");
    other.parts[0].findings.pop();
    world.record(&other);
    let listed = |name: &str| {
        world
            .repo
            .git(&["notes", &format!("--ref={name}"), "list"])
            .contains(&world.repo.head())
    };
    assert!(
        listed("ai") && listed("commits") && listed("countersign"),
        "agents', named and ours"
    );
    assert!(!listed("ci"), "the user's configuration names others");
    assert_eq!(
        world.note("HEAD").len(),
        2,
        "what was recorded before the rewrite goes on"
    );
}

#[test]
fn recording_again_replaces_ones_own_lines_only() {
    let world = World::default();
    world
        .repo
        .write("a.py", "1\n")
        .commit("s\n\nCountersigned-by: Bob <bob@x>\nCountersign-Verdict: partial\n");
    world.record(&world.review("HEAD"));
    let mut rejected = world.review("HEAD");
    rejected.parts[0].findings = vec![finding("cccccccc", Severity::High, Some(Verdict::Rejected), None)];
    let plan = world.plan(&rejected).unwrap();
    assert_eq!(
        plan.steps[0].missing,
        ["1 finding is rejected (Address built from request, a.py:1)"]
    );
    world.perform(&plan).unwrap();
    let trailers = world.trailers("HEAD");
    assert_eq!(
        trailers[..2],
        ["Countersigned-by: Bob <bob@x>", "Countersign-Verdict: partial"]
    );
    let verdicts: Vec<_> = trailers
        .iter()
        .filter(|t| t.starts_with("Countersign-Verdict"))
        .collect();
    assert_eq!(
        verdicts,
        ["Countersign-Verdict: partial", "Countersign-Verdict: rejected"]
    );
    assert_eq!(world.note("HEAD").len(), 2);
}

#[test]
fn what_is_missing_is_said() {
    let world = World::with_commit();
    let mut work = world.review("HEAD");
    let open = |id| finding(id, Severity::High, None, None);
    work.parts[0].findings = vec![
        open("11111111"),
        open("22222222"),
        finding("33333333", Severity::Info, None, None),
    ];
    work.parts[0].hunks.push(RecordedHunk {
        path: "b".into(),
        id: countersign::change::HunkId("h3".into()),
        seen: false,
    });
    let plan = world.plan(&work).unwrap();
    assert_eq!(
        plan.steps[0].missing,
        [
            "2 findings are undecided (first: Address built from request, a.py:1)",
            "1 hunk was not seen"
        ]
    );
    assert!(plan.commits[0].message.contains("\nCountersign-Verdict: partial\n"));
    assert!(plan.commits[0].message.contains("\nCountersign-Seen: 2/3\n"));
}

#[test]
fn a_review_commit_speaks_of_commits_below_and_changes_no_file() {
    let world = World::with_commit();
    let first = world.repo.head();
    let second = world.repo.write("a.py", "2\n").commit("Second: with colon\n");
    let head = world.repo.write("a.py", "3\n").commit("Third\n");
    let target = |id: &str| part(Target::Commit(ObjectId(id.into())), vec![]);
    let work = outcome(vec![target(&head), target(&second), target(&first)]);
    let ways = [&second, &first]
        .map(|id| (ObjectId(id.as_str().into()), Way::ReviewCommit))
        .into_iter()
        .collect();
    let plan = world.plan_ways(&work, ways).unwrap();
    assert_eq!(
        plan.commits.iter().map(|c| c.way).collect::<Vec<_>>(),
        [Way::Amend, Way::ReviewCommit]
    );
    let done = world.perform(&plan).unwrap();
    assert_eq!(done.made.len(), 2);
    assert_eq!(
        world.repo.git(&["log", "-3", "--format=%s"]),
        "Countersign 2 commits\nThird\nSecond: with colon"
    );
    assert_eq!(world.repo.git(&["diff", &head, "HEAD"]), "");
    let trailers = world.trailers("HEAD");
    for id in [&second, &first] {
        assert!(trailers.contains(&format!("Countersign-Commit: {id}")));
        assert_eq!(world.note(id).len(), 1);
    }
    assert_eq!(world.note("HEAD")[0]["digest"], world.note(&first)[0]["digest"]);
    assert_ne!(world.note("HEAD^")[0]["digest"], world.note("HEAD")[0]["digest"]);
    assert_eq!(world.repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn profiles_decide_what_goes_into_the_message() {
    let mut world = World::with_commit();
    world.wording = Wording {
        profile: Profile::NotesOnly,
        ..Wording::default()
    };
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Note);
    assert_eq!(plan.steps[0].others, [], "no review commit either");
    world.wording.profile = Profile::Kernel;
    let mut work = world.review("HEAD");
    work.parts[0].assisted_by = vec!["Claude:claude-opus-4-6".into()];
    world.record(&work);
    assert_eq!(
        world.trailers("HEAD"),
        ["Assisted-by: Claude:claude-opus-4-6 countersign"]
    );
    world.wording.profile = Profile::Summary;
    let work = world.review("HEAD");
    world.record(&work);
    let trailers = world.trailers("HEAD");
    assert!(
        trailers.contains(&"Countersign-Findings: total=2 approved=1 fixed=1 rejected=0 undecided=0".to_owned()),
        "{trailers:?}"
    );
}

#[test]
fn identities_from_the_repository_are_pointed_out() {
    let world = World::with_commit();
    world.user_config("user.email", "ada@home.example");
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert!(
        plan.warnings
            .iter()
            .any(|w| w.contains("ada@example.com, from this repository's own .git/config")),
        "{:?}",
        plan.warnings
    );
    assert_eq!(
        plan.reviewer.who,
        Identity {
            name: "Ada Byron".into(),
            email: "ada@example.com".into()
        }
    );
}

#[test]
fn an_agent_or_a_process_without_terminal_records_nothing() {
    let mut world = World::with_commit();
    let head = world.repo.head();
    world.presence.agents = vec!["Claude Code".into()];
    world.presence.markers = vec!["CLAUDECODE".into()];
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert!(plan.blocked.as_deref().unwrap().contains("Claude Code"));
    assert!(world.perform(&plan).is_err());
    world.presence = countersign::record::Presence::default();
    assert!(world.perform(&world.plan(&world.review("HEAD")).unwrap()).is_err());
    assert_eq!(world.repo.head(), head);
    assert_eq!(world.repo.git(&["for-each-ref", "refs/notes"]), "");
}
