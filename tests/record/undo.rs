//! Undo takes back exactly what recording did, or refuses.

use crate::world::World;
use countersign::{
    change::Source,
    record::{RecordError, undo},
};

fn state(world: &World) -> [String; 4] {
    [
        world.repo.git(&["for-each-ref"]),
        world.repo.git(&["symbolic-ref", "-q", "HEAD"]),
        world.repo.git(&["ls-files", "-s"]),
        world.repo.git(&["status", "--porcelain=v2"]),
    ]
}

fn take_back(world: &World) -> Result<countersign::record::Undone, RecordError> {
    undo(&world.open(), &mut world.journal())
}

#[test]
fn an_amend_a_commit_and_a_note_are_taken_back_completely() {
    let world = World::with_commit();
    world.repo.write("s.py", "staged\n").write("a.py", "staged\n").add();
    world.repo.write("a.py", "reviewed\n").write("u.py", "untracked\n");
    let start = state(&world);
    world.record(&world.review("HEAD"));
    let amended = state(&world);
    let mut work = world.uncommitted(Source::WorkTree, "Commit");
    crate::commit::only(&mut work, &["a.py", "u.py"]);
    world.record(&work);
    let committed = state(&world);
    world.record(&world.review("HEAD^"));
    take_back(&world).unwrap();
    assert_eq!(state(&world), committed);
    take_back(&world).unwrap();
    assert_eq!(
        state(&world),
        amended,
        "the index holds the staged version of a.py again, u.py is untracked again"
    );
    take_back(&world).unwrap();
    assert_eq!(state(&world), start);
    assert!(
        take_back(&world)
            .unwrap_err()
            .to_string()
            .contains("no recording to take back")
    );
}

#[test]
fn the_first_commit_of_a_repository_is_taken_back_to_nothing() {
    let world = World::default();
    world.repo.write("a.py", "1\n");
    let start = state(&world);
    world.record(&world.uncommitted(Source::WorkTree, "Root"));
    take_back(&world).unwrap();
    assert_eq!(state(&world), start);
}

#[test]
fn what_was_built_upon_or_published_is_not_taken_back() {
    let world = World::with_commit();
    world.record(&world.review("HEAD"));
    let made = world.repo.head();
    let next = world.repo.write("b.py", "1\n").commit("On top\n");
    assert!(matches!(take_back(&world), Err(RecordError::Moved { .. })));
    assert_eq!(world.repo.head(), next);
    world.repo.git(&["reset", "-q", "--hard", &made]);
    world.repo.git(&["update-ref", "refs/remotes/origin/main", &made]);
    let refused = take_back(&world).unwrap_err();
    assert!(refused.to_string().contains("published"), "{refused}");
    world.repo.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    take_back(&world).unwrap();
}

#[test]
fn notes_that_others_wrote_meanwhile_stay() {
    let world = World::with_commit();
    world.repo.git(&["tag", "keeps-it-from-being-amended"]);
    world.record(&world.review("HEAD"));
    world
        .repo
        .git(&["notes", "--ref=countersign", "append", "-m", "somebody else"]);
    take_back(&world).unwrap();
    let text = world.repo.git(&["notes", "--ref=countersign", "show"]);
    assert_eq!(text.trim(), "somebody else");
}

#[test]
fn an_undo_in_another_worktree_is_refused() {
    let world = World::with_commit();
    let linked = world.repo.around().join("linked");
    world
        .repo
        .git(&["worktree", "add", "-q", "-b", "side", linked.to_str().unwrap()]);
    world.record(&world.review("HEAD"));
    let there = world.open_at(&linked);
    let refused = undo(&there, &mut world.journal()).unwrap_err();
    assert!(refused.to_string().contains("another worktree"), "{refused}");
}
