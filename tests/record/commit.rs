//! A new commit of reviewed work: exactly that, and nothing else of the user's moves.

use crate::support::repo::TestRepo;
use crate::world::World;
use countersign::{
    change::Source,
    record::{RecordError, Way},
};
use std::{collections::HashMap, fs};

#[test]
fn what_was_reviewed_is_committed_with_trailers_note_and_reflog() {
    let world = World::with_commit();
    world.repo.write("a.py", "print(2)\n").write("new/b.py", "x = 1\n");
    let plan = world
        .plan(&world.uncommitted(Source::WorkTree, "Add b\n\nBecause."))
        .unwrap();
    assert_eq!(plan.steps[0].way, Way::NewCommit);
    assert_eq!(plan.steps[0].files, ["a.py", "new/b.py"]);
    assert_eq!(plan.steps[0].why, "goes on branch main");
    let before = world.repo.head();
    let done = world.perform(&plan).unwrap();

    let head = world.repo.head();
    assert_eq!(*done.made[0].0, head);
    assert_eq!(world.repo.git(&["rev-parse", "HEAD^"]), before);
    assert_eq!(
        world.repo.git(&["status", "--porcelain"]),
        "",
        "index and working tree agree with the commit"
    );
    assert_eq!(world.repo.git(&["show", "HEAD:new/b.py"]), "x = 1");
    assert_eq!(
        world.repo.git(&["log", "-1", "--format=%B"]).trim_end(),
        plan.commits[0].message.trim_end()
    );
    let tree = world.repo.git(&["rev-parse", "HEAD^{tree}"]);
    let trailers = world.trailers("HEAD");
    assert_eq!(trailers[0], "Countersigned-by: Ada Byron <ada@example.com>");
    assert!(trailers.contains(&"Countersign-Verdict: approved".to_owned()));
    assert!(trailers.contains(&format!("Countersign-Tree: {tree}")));
    let note = &world.note("HEAD")[0];
    assert!(trailers.contains(&format!("Countersign-Record: {}", note["digest"].as_str().unwrap())));
    for log in ["HEAD", "main", "refs/notes/countersign"] {
        let said = world.repo.git(&["reflog", "-1", "--format=%gs", log]);
        assert_eq!(said, "countersign: approved, 0 findings", "{log}");
    }
    assert_eq!(world.repo.git(&["fsck", "--strict", "--no-dangling"]), "");
}

#[test]
fn other_staged_and_unstaged_work_stays_exactly_as_it_was() {
    let world = World::with_commit();
    world
        .repo
        .write("staged.py", "1\n")
        .write("both.py", "1\n")
        .write("unstaged.py", "1\n");
    world.repo.commit("More\n");
    world
        .repo
        .write("staged.py", "staged\n")
        .write("both.py", "staged\n")
        .write("added.py", "added\n")
        .add();
    world
        .repo
        .write("both.py", "unstaged\n")
        .write("unstaged.py", "unstaged\n")
        .write("a.py", "reviewed\n");
    world.repo.git(&["update-index", "--assume-unchanged", "unstaged.py"]);
    let others = ["staged.py", "both.py", "added.py", "unstaged.py"];
    let state = |args: &[&str]| world.repo.git(&[args, &["--"], &others].concat());
    let before = (
        state(&["diff", "--cached"]),
        state(&["diff"]),
        state(&["ls-files", "-s", "-v"]),
    );
    let mut outcome = world.uncommitted(Source::WorkTree, "Only a");
    only(&mut outcome, &["a.py"]);
    world.record(&outcome);
    assert_eq!(world.repo.git(&["show", "--format=", "--name-only", "HEAD"]), "a.py");
    let after = (
        state(&["diff", "--cached"]),
        state(&["diff"]),
        state(&["ls-files", "-s", "-v"]),
    );
    assert_eq!(before, after);
}

#[test]
fn an_index_review_commits_what_is_staged_and_leaves_the_working_tree() {
    let world = World::with_commit();
    world.repo.write("a.py", "staged\n").add();
    world.repo.write("a.py", "later\n");
    world.record(&world.uncommitted(Source::Index, "Staged"));
    assert_eq!(world.repo.git(&["show", "HEAD:a.py"]), "staged");
    assert_eq!(world.repo.git(&["diff", "--cached", "--name-only"]), "");
    assert_eq!(world.repo.git(&["diff", "--name-only"]), "a.py");
}

#[test]
fn an_unstaged_review_refuses_files_with_other_staged_content() {
    let world = World::with_commit();
    world.repo.write("a.py", "staged\n").add();
    world.repo.write("a.py", "later\n");
    let refused = world.plan(&world.uncommitted(Source::Unstaged, "No")).unwrap_err();
    assert!(
        refused.to_string().contains("a.py also has staged changes"),
        "{refused}"
    );
    world.repo.git(&["reset", "-q"]);
    world.record(&world.uncommitted(Source::Unstaged, "Yes"));
    assert_eq!(world.repo.git(&["show", "HEAD:a.py"]), "later");
}

#[test]
fn renames_deletions_modes_links_and_strange_names_are_committed_as_shown() {
    let world = World::with_commit();
    world
        .repo
        .write("dir/old.py", "one\ntwo\nthree\nfour\n")
        .write("gone.py", "x\n")
        .write("d/f", "x\n");
    world.repo.commit("More\n");
    world.repo.git(&["mv", "dir/old.py", "dir/new.py"]);
    world
        .repo
        .remove("gone.py")
        .write("we ird \"n\u{e4}me\"\t.py", "y\n")
        .remove("d/f");
    fs::remove_dir(world.repo.path().join("d")).unwrap();
    world.repo.write("d", "a file where a folder was\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        symlink("a.py", world.repo.path().join("link")).unwrap();
        fs::set_permissions(world.repo.path().join("a.py"), fs::Permissions::from_mode(0o755)).unwrap();
    }
    world.record(&world.uncommitted(Source::WorkTree, "All kinds"));
    assert_eq!(world.repo.git(&["status", "--porcelain"]), "");
    let tree = world.repo.git(&["ls-tree", "-r", "-z", "HEAD"]);
    assert!(tree.contains("100755 blob") && tree.contains("120000 blob") && !tree.contains("gone.py"));
    assert!(tree.contains("dir/new.py") && !tree.contains("dir/old.py"));
}

#[test]
fn a_file_that_changed_since_it_was_shown_stops_the_recording() {
    let world = World::with_commit();
    world.repo.write("a.py", "shown\n").write("b.py", "shown\n");
    let outcome = world.uncommitted(Source::WorkTree, "No");
    let head = world.repo.head();
    let refused = |what: &str| match world.plan(&outcome) {
        Err(RecordError::Moved { what: found, .. }) => assert_eq!(found, what),
        other => panic!("{other:?}"),
    };
    world.repo.write("a.py", "other\n");
    refused("a.py");
    world.repo.write("a.py", "shown\n").remove("b.py");
    refused("b.py");
    world.repo.write("b.py", "shown\n");
    world.plan(&outcome).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        fs::set_permissions(world.repo.path().join("a.py"), fs::Permissions::from_mode(0o755)).unwrap();
        refused("a.py");
        fs::remove_file(world.repo.path().join("a.py")).unwrap();
        symlink("b.py", world.repo.path().join("a.py")).unwrap();
        refused("a.py");
        fs::remove_file(world.repo.path().join("a.py")).unwrap();
        world.repo.write("a.py", "shown\n");
    }
    world
        .repo
        .git(&["commit", "-q", "--allow-empty", "-m", "Somebody else"]);
    refused("HEAD");
    assert_ne!(world.repo.head(), head);
    assert_eq!(world.note("HEAD").len(), 0);
}

#[test]
fn what_moves_between_plan_and_perform_stops_it_and_changes_nothing() {
    let world = World::with_commit();
    world.repo.write("a.py", "reviewed\n");
    let plan = world.plan(&world.uncommitted(Source::WorkTree, "No")).unwrap();
    world.repo.write("a.py", "something staged meanwhile\n").add();
    let refused = world.perform(&plan).unwrap_err();
    assert!(
        matches!(&refused, RecordError::Moved { what, .. } if what == "a.py"),
        "{refused}"
    );
    assert!(!world.repo.path().join(".git/index.lock").exists());
    world.repo.git(&["reset", "-q"]);
    world
        .repo
        .git(&["commit", "-q", "--allow-empty", "-m", "Somebody else"]);
    let (head, refs) = (world.repo.head(), world.repo.git(&["for-each-ref"]));
    assert!(matches!(world.perform(&plan), Err(RecordError::Moved { .. })));
    world.repo.git(&["switch", "-q", "-c", "other", "HEAD^"]);
    assert!(
        matches!(world.perform(&plan), Err(RecordError::Moved { .. })),
        "another branch at the same commit"
    );
    world.repo.git(&["switch", "-q", "main"]);
    world.repo.git(&["branch", "-D", "other", "-q"]);
    assert_eq!((head, refs), (world.repo.head(), world.repo.git(&["for-each-ref"])));
}

#[test]
fn unborn_branch_detached_head_and_linked_worktree() {
    let world = World::default();
    world.repo.write("a.py", "first\n");
    world.record(&world.uncommitted(Source::WorkTree, "Root"));
    assert_eq!(world.repo.git(&["rev-list", "--count", "main"]), "1");
    assert_eq!(world.repo.git(&["status", "--porcelain"]), "");

    world.repo.git(&["switch", "-q", "--detach"]);
    world.repo.write("a.py", "second\n");
    world.record(&world.uncommitted(Source::WorkTree, "Detached"));
    assert_eq!(world.repo.git(&["rev-list", "--count", "HEAD"]), "2");
    assert_eq!(world.repo.git(&["rev-list", "--count", "main"]), "1", "no branch moved");
    assert_eq!(
        world.repo.git(&["reflog", "-1", "--format=%gs"]),
        "countersign: approved, 0 findings"
    );

    let linked = world.repo.around().join("linked");
    world
        .repo
        .git(&["worktree", "add", "-q", "-b", "side", linked.to_str().unwrap(), "main"]);
    fs::write(linked.join("a.py"), "in the linked one\n").unwrap();
    let repo = countersign::change::Repo::open(&linked).unwrap();
    let change = repo.load(&countersign::change::Request::new(Source::WorkTree)).unwrap();
    let work = countersign::record::Uncommitted::of(&change, "Linked").unwrap();
    let outcome = crate::world::outcome(vec![crate::world::part(
        countersign::record::Target::Uncommitted(work),
        vec![],
    )]);
    let here = world.open_at(&linked);
    let plan = world.plan_in(&here, &outcome, HashMap::new()).unwrap();
    countersign::record::perform(&here, &plan, &mut world.journal()).unwrap();
    assert_eq!(world.repo.git_in(&linked, &["status", "--porcelain"]), "");
    assert_eq!(world.repo.git(&["log", "-1", "--format=%s", "side"]), "Linked");
    assert!(!linked.join("countersign").exists());
}

#[test]
fn operations_in_progress_locks_and_jj_stop_a_commit() {
    let world = World::with_commit();
    world.repo.write("a.py", "reviewed\n");
    let outcome = world.uncommitted(Source::WorkTree, "No");
    let git = world.repo.path().join(".git");
    let cases = [
        ("MERGE_HEAD", "a merge is in progress"),
        ("CHERRY_PICK_HEAD", "a cherry-pick is in progress"),
        ("REVERT_HEAD", "a revert is in progress"),
        ("BISECT_LOG", "a bisection is in progress"),
        ("rebase-merge/x", "a rebase is in progress"),
        ("rebase-apply/x", "a rebase or `git am` is in progress"),
        ("index.lock", "index.lock exists"),
        ("HEAD.lock", "HEAD.lock exists"),
        ("refs/heads/main.lock", "main.lock exists"),
        ("../.jj/x", "this is a jj repository"),
    ];
    for (name, why) in cases {
        let path = git.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("{}\n", world.repo.head())).unwrap();
        let refused = world.plan(&outcome).unwrap_err();
        assert!(refused.to_string().contains(why), "{name}: {refused}");
        assert!(refused.hint().is_some());
        fs::remove_file(&path).unwrap();
        if name.ends_with("/x") {
            fs::remove_dir(path.parent().unwrap()).unwrap();
        }
    }
    world.plan(&outcome).unwrap();
}

#[test]
fn line_endings_and_ident_are_stored_as_git_stores_them() {
    let contents: [(&str, &[u8]); 9] = [
        ("crlf.txt", b"a\r\nb\r\n"),
        ("mixed.txt", b"a\r\nb\n\r\n"),
        ("lone.txt", b"a\rb\r\n"),
        ("bin.dat", b"a\0\r\n"),
        ("odd.txt", b"\x01\x02\r\n"),
        ("empty.txt", b""),
        ("eol.sh", b"#!/bin/sh\r\n"),
        ("id.c", b"/* $Id: 0123 $ */\r\n"),
        ("kept.crlf", b"keep\r\n"),
    ];
    for autocrlf in ["false", "true", "input"] {
        for attributes in [
            "",
            "* text=auto\n",
            "* text\n*.dat -text\n",
            "*.sh eol=lf\n*.c ident\n*.crlf -text\n",
            "* text=auto eol=crlf\n*.txt crlf\n",
        ] {
            let world = World::default();
            world
                .repo
                .write("kept.crlf", "old\r\n")
                .write("base", "x\n")
                .commit("Base\n");
            world.repo.git(&["config", "core.autocrlf", autocrlf]);
            world.repo.write(".gitattributes", attributes);
            for (name, content) in contents {
                world.repo.write(name, content);
            }
            let outcome = world.uncommitted(Source::WorkTree, "Line endings");
            // What git itself would store.
            world.repo.git(&["-c", "core.safecrlf=false", "add", "-A"]);
            let wanted = world.repo.git(&["write-tree"]);
            world.repo.git(&["reset", "-q"]);
            world.record(&outcome);
            let found = world.repo.git(&["rev-parse", "HEAD^{tree}"]);
            let difference = world.repo.git(&["diff", "--stat", &wanted, &found]);
            assert_eq!(
                found, wanted,
                "autocrlf={autocrlf} attributes={attributes:?}\n{difference}"
            );
        }
    }
}

#[test]
fn files_behind_a_filter_program_are_refused() {
    let world = World::with_commit();
    world.repo.write("big.bin", "content\n").write(
        ".gitattributes",
        "*.bin filter=lfs\n*.u16 working-tree-encoding=UTF-16\n",
    );
    let outcome = world.uncommitted(Source::WorkTree, "No");
    world
        .plan(&outcome)
        .expect("a filter that names no program does nothing");
    world.repo.git(&["config", "filter.lfs.clean", "touch sprung"]);
    let refused = world.plan(&outcome).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("big.bin goes through the filter program `lfs`"),
        "{refused}"
    );
    world.repo.remove("big.bin").write("x.u16", "x");
    let refused = world.plan(&world.uncommitted(Source::WorkTree, "No")).unwrap_err();
    assert!(
        refused.to_string().contains("x.u16 is stored in another encoding"),
        "{refused}"
    );
}

#[test]
fn sha256_repositories_are_recorded_too() {
    let world = World::with(TestRepo::with_init(&["--object-format=sha256"]));
    world.repo.write("a.py", "1\n").commit("First\n");
    let done = world.record(&world.review("HEAD"));
    assert_eq!(done.made[0].0.len(), 64);
    assert_eq!(world.note("HEAD").len(), 1);
}

#[test]
fn an_empty_commit_or_message_or_an_unknown_person_is_refused() {
    let world = World::with_commit();
    world.repo.write("a.py", "2\n");
    let mut outcome = world.uncommitted(Source::WorkTree, " \n");
    assert!(
        world
            .plan(&outcome)
            .unwrap_err()
            .to_string()
            .contains("message is empty")
    );
    only(&mut outcome, &[]);
    assert!(world.plan(&outcome).unwrap_err().to_string().contains("would be empty"));
    world.unset("user.email");
    assert!(world.plan(&outcome).unwrap_err().to_string().contains("who you are"));
}

/// Keeps only these files of an uncommitted outcome.
pub fn only(outcome: &mut countersign::record::Outcome, names: &[&str]) {
    for part in &mut outcome.parts {
        if let countersign::record::Target::Uncommitted(work) = &mut part.target {
            work.files
                .retain(|f| names.iter().any(|n| f.path.bytes() == n.as_bytes()));
        }
    }
}
