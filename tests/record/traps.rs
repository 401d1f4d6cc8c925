//! Nothing of the reviewed repository runs: everything that git would run is set as a trap that leaves a file when sprung.

use crate::{support::traps::set_traps, world::World};
use countersign::{
    change::{ObjectId, Source},
    record::{Way, recover, undo},
};
use std::fs;

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
