//! Kinds of repositories and commits that are easily forgotten.

use crate::{support::repo::TestRepo, world::World};
use countersign::{
    change::{ObjectId, RepoPath},
    record::{From, Target, Uncommitted, Way, content::ReviewedFile, undo},
};
use std::fs;

/// Work on one file, for kinds of repositories that only git itself can read.
fn work_on(world: &World, path: &str, content: &str) -> countersign::record::Outcome {
    world.repo.write(path, content);
    let blob = world.repo.git(&["hash-object", path]);
    let file = ReviewedFile {
        path: RepoPath::new(path),
        old_path: None,
        shown: Some((0o100_644, ObjectId(blob.as_str().into()))),
        staged: false,
    };
    let base = Some(ObjectId(world.repo.head().as_str().into()));
    let work = Uncommitted {
        from: From::WorkTree,
        base,
        files: vec![file],
        message: "Work".into(),
    };
    crate::world::outcome(vec![crate::world::part(Target::Uncommitted(work), vec![])])
}

/// Commits, amends and takes both back; the index must be left as git left it.
fn goes_round(world: &World) {
    let status = |w: &World| w.repo.git(&["status", "--porcelain"]);
    world.repo.write("dirty.py", "x\n");
    let start = (world.repo.head(), status(world), world.repo.git(&["ls-files", "-s"]));
    world.record(&work_on(world, "a.py", "reviewed\n"));
    assert_eq!(status(world), "?? dirty.py");
    world.record(&world.review("HEAD"));
    assert_eq!(status(world), "?? dirty.py");
    assert_eq!(world.repo.git(&["fsck", "--strict", "--no-dangling"]), "");
    assert_eq!(world.note("HEAD").len(), 2, "the commit's and the amend's");
    for _ in 0..2 {
        undo(&world.open(), &mut world.journal()).unwrap();
    }
    world.repo.git(&["checkout", "-q", "--", "a.py"]);
    assert_eq!(
        (world.repo.head(), status(world), world.repo.git(&["ls-files", "-s"])),
        start
    );
}

fn with_files(repo: TestRepo) -> World {
    let world = World::with(repo);
    world
        .repo
        .write("a.py", "1\n")
        .write("in/b.py", "1\n")
        .write("out/c.py", "1\n")
        .commit("First\n");
    world
}

#[test]
fn reftable_split_index_and_sparse_checkouts() {
    goes_round(&with_files(TestRepo::with_init(&["--ref-format=reftable"])));

    let split = with_files(TestRepo::new());
    split.repo.git(&["update-index", "--split-index"]);
    goes_round(&split);

    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        let sparse = with_files(TestRepo::new());
        sparse
            .repo
            .git(&["sparse-checkout", "set", "--cone", sparse_index, "in"]);
        assert!(!sparse.repo.path().join("out").exists());
        goes_round(&sparse);
        assert!(!sparse.repo.path().join("out").exists());
    }
}

#[test]
fn a_shallow_clone_and_an_octopus_merge_are_amended() {
    let world = with_files(TestRepo::new());
    world.repo.write("a.py", "2\n").commit("Second\n");
    for branch in ["one", "two", "three"] {
        world.repo.git(&["switch", "-q", "-c", branch, "main"]);
        world.repo.write(format!("{branch}.py"), "x\n").commit(branch);
    }
    world.repo.git(&["switch", "-q", "main"]);
    world.repo.git(&["merge", "-q", "--no-edit", "one", "two", "three"]);
    let parents = world.repo.git(&["log", "-1", "--format=%P"]);
    world.record(&world.review("HEAD"));
    assert_eq!(world.repo.git(&["log", "-1", "--format=%P"]), parents);
    assert_eq!(parents.split(' ').count(), 3, "an octopus");

    let shallow = world.repo.around().join("shallow");
    let url = format!("file://{}", world.repo.path().display());
    world
        .repo
        .git(&["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    for (key, value) in [("user.name", "Ada"), ("user.email", "ada@x")] {
        world.repo.git_in(&shallow, &["config", key, value]);
    }
    let repo = world.open_at(&shallow);
    let plan = world
        .plan_in(&repo, &world.review("HEAD"), std::collections::HashMap::new())
        .unwrap();
    assert_eq!(plan.steps[0].way, Way::Note, "it was fetched, so others have it");
    let reviewed = &plan.records().next().unwrap().1.reviewed[0];
    assert_eq!(
        reviewed.patch, None,
        "the parents are not here, so what it changed cannot be known"
    );
}

#[test]
fn a_submodule_is_committed_as_shown_and_the_inside_of_one_has_its_own_record() {
    let inner = TestRepo::new();
    inner.write("i.py", "1\n").commit("Inner\n");
    let world = with_files(TestRepo::new());
    world
        .repo
        .git(&["submodule", "-q", "add", inner.path().to_str().unwrap(), "sub"]);
    world.repo.commit("With submodule\n");
    let sub = world.repo.path().join("sub");
    inner.write("i.py", "2\n").commit("Inner two\n");
    world.repo.git_in(&sub, &["fetch", "-q"]);
    world.repo.git_in(&sub, &["checkout", "-q", "origin/main"]);
    let at = world.repo.git_in(&sub, &["rev-parse", "HEAD"]);
    let outcome = world.uncommitted(countersign::change::Source::WorkTree, "Move sub");
    world.record(&outcome);
    assert!(
        world
            .repo
            .git(&["ls-tree", "HEAD", "sub"])
            .contains(&format!("160000 commit {at}"))
    );
    assert_eq!(world.repo.git(&["status", "--porcelain"]), "");
    let inside = world.open_at(&sub);
    assert!(
        inside.common_dir.ends_with(".git/modules/sub"),
        "{}",
        inside.common_dir.display()
    );
    world.repo.git_in(&sub, &["checkout", "-q", "HEAD^"]);
    assert!(world.plan(&outcome).is_err(), "it is no longer what was shown");
}

#[test]
fn templates_and_cleanup_settings_do_not_touch_the_message() {
    let world = with_files(TestRepo::new());
    fs::write(world.repo.around().join("template"), "TEMPLATE\n").unwrap();
    let template = world.repo.around().join("template");
    for (key, value) in [
        ("commit.template", template.to_str().unwrap()),
        ("commit.cleanup", "scissors"),
        ("core.commentChar", "C"),
        ("trailer.ifexists", "doNothing"),
        ("trailer.separators", "="),
        ("trailer.where", "start"),
        ("commit.status", "true"),
        ("i18n.commitEncoding", "ISO-8859-1"),
    ] {
        world.repo.git(&["config", key, value]);
    }
    world.record(&work_on(&world, "a.py", "reviewed\n"));
    let raw = world.raw("HEAD");
    let message = raw.split_once("\n\n").unwrap().1;
    assert!(
        message.starts_with("Work\n\nCountersigned-by: Ada Byron <ada@example.com>\nCountersign-Verdict: "),
        "{message}"
    );
    assert!(
        !raw.contains("\nencoding "),
        "written in UTF-8, and said so by saying nothing"
    );
}
