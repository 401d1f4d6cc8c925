//! Nothing of the reviewed repository runs: everything that git would run is set as a trap that leaves a file when sprung.

use crate::{support::repo::TestRepo, world::World};
use countersign::{
    change::{ObjectId, Source},
    record::{Way, recover, undo},
};
use std::{fs, path::Path};

#[cfg(unix)]
fn trap(path: &Path, sprung: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    fs::write(
        path,
        format!("#!/bin/sh\necho {name} >> {}\nexit 0\n", sprung.display()),
    )
    .unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
fn set_traps(repo: &TestRepo) -> std::path::PathBuf {
    let sprung = repo.around().join("sprung");
    let program = repo.path().join(".git/trap");
    trap(&program, &sprung);
    let hooks = [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-rewrite",
        "reference-transaction",
        "post-index-change",
        "pre-auto-gc",
        "post-checkout",
        "fsmonitor-watchman",
        "pre-push",
        "update",
    ];
    for hook in hooks {
        trap(&repo.path().join(".git/hooks").join(hook), &sprung);
    }
    let program = program.to_str().unwrap();
    let settings = [
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "core.askPass",
        "core.sshCommand",
        "core.gitProxy",
        "sequence.editor",
        "diff.external",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.smudge",
        "merge.trap.driver",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "pager.log",
        "pager.notes",
        "core.alternateRefsCommand",
        "interactive.diffFilter",
        "trailer.trap.command",
        "trailer.trap.cmd",
        "uploadpack.packObjectsHook",
        "hook.trap.command",
        "alias.update-ref",
        "alias.write-tree",
    ];
    for setting in settings {
        let value = if setting.starts_with("alias.") {
            format!("!{program}")
        } else {
            program.to_owned()
        };
        repo.git(&["config", setting, &value]);
    }
    repo.git(&["config", "hook.trap.event", "reference-transaction"]);
    repo.write(".gitattributes", "*.py diff=trap merge=trap filter=trap\n");
    repo.write(
        ".gitmodules",
        "[submodule \"x\"]\n\tpath = x\n\turl = ./x\n\tupdate = !touch sprung\n",
    );
    let _ = fs::remove_file(&sprung);
    sprung
}

#[cfg(unix)]
#[test]
fn no_trap_is_sprung_by_any_way_of_recording() {
    let world = World::with_commit();
    let first = world.repo.head();
    world.repo.write("a.py", "2\n").commit("Second\n");
    world.repo.write("a.py", "3\n");
    let sprung = set_traps(&world.repo);

    let plan = world.plan(&world.uncommitted(Source::WorkTree, "New")).unwrap();
    assert!(
        plan.hooks_not_run.contains(&"pre-commit".to_owned()),
        "{:?}",
        plan.hooks_not_run
    );
    assert!(
        plan.hooks_not_run.contains(&"trap".to_owned()),
        "hooks from configuration are named too"
    );
    world.perform(&plan).unwrap();
    world.record(&world.review("HEAD"));
    let ways = [(ObjectId(first.as_str().into()), Way::ReviewCommit)].into();
    world
        .perform(&world.plan_ways(&world.review(&first), ways).unwrap())
        .unwrap();
    world.record(&world.review(&first));
    let (repo, mut journal) = (world.open(), world.journal());
    undo(&repo, &mut journal).unwrap();
    undo(&repo, &mut journal).unwrap();
    recover(&repo, &mut journal).unwrap();
    assert_eq!(fs::read_to_string(&sprung).unwrap_or_default(), "", "sprung");
    // The traps do work: git itself springs them.
    world.repo.git(&["commit", "-q", "--allow-empty", "-m", "by git"]);
    assert!(sprung.exists());
}

#[cfg(unix)]
#[test]
fn a_clean_filter_is_refused_and_not_run() {
    let world = World::with_commit();
    world.repo.write("a.py", "2\n");
    let sprung = set_traps(&world.repo);
    let trap = world.repo.path().join(".git/trap");
    for setting in ["filter.trap.clean", "filter.trap.process"] {
        world.repo.git(&["config", setting, trap.to_str().unwrap()]);
        let outcome = world.uncommitted(Source::WorkTree, "New");
        let _ = fs::remove_file(&sprung);
        let refused = world.plan(&outcome).unwrap_err();
        assert!(refused.to_string().contains("filter program `trap`"), "{refused}");
        world.repo.git(&["config", "--unset", setting]);
    }
    assert!(!sprung.exists());
}

#[cfg(unix)]
#[test]
fn replace_refs_and_grafts_do_not_show_another_commit() {
    let world = World::with_commit();
    let real = world.repo.head();
    let fake = world.repo.write("a.py", "fake\n").commit("Fake\n");
    world.repo.git(&["reset", "-q", "--hard", &real]);
    world.repo.git(&["replace", &real, &fake]);
    let plan = world.plan(&world.review(&real)).unwrap();
    assert_eq!(plan.steps[0].subject, "First");
}
