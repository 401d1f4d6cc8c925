//! Notes: added to, never overwritten; joined by git's own merge; found in trees that git cut into folders.

use crate::world::{World, findings};
use countersign::record::Way;
use std::collections::HashMap;

fn as_note(world: &World, commit: &str) -> countersign::record::Outcome {
    let outcome = world.review(commit);
    let id = world.repo.git(&["rev-parse", commit]);
    let ways: HashMap<_, _> = [(countersign::change::ObjectId(id.as_str().into()), Way::Note)].into();
    let plan = world.plan_ways(&outcome, ways).unwrap();
    assert!(plan.commits.is_empty());
    world.perform(&plan).unwrap();
    outcome
}

#[test]
fn a_note_is_one_line_with_the_time_first_and_a_digest_anyone_can_check() {
    let world = World::with_commit();
    as_note(&world, "HEAD");
    let text = world.repo.git(&["notes", "--ref=countersign", "show"]);
    assert!(
        text.starts_with(r#"{"time":"2026-11-20T12:22:27.000Z","v":1,"digest":"sha256:"#),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1);
    let (_, record) = text.split_once(r#""record":"#).unwrap();
    let record = record.strip_suffix('}').unwrap();
    let digest = format!("sha256:{}", countersign::record::digest::sha256(record.as_bytes()));
    let note = &world.note("HEAD")[0];
    assert_eq!(note["digest"], digest.as_str());
    let reviewed = &note["record"]["reviewed"][0];
    assert_eq!(reviewed["tree"], world.repo.git(&["rev-parse", "HEAD^{tree}"]));
    assert_eq!(reviewed["findings"].as_array().unwrap().len(), findings().len());
    assert_eq!(reviewed["findings"][0]["severity"], "high", "most severe first");
    assert_eq!(reviewed["hunks"][0]["seen"], true);
    assert_eq!(note["record"]["time"], "2026-11-20T13:22:27.000+01:00");
}

#[test]
fn the_patch_id_is_gits_own() {
    let world = World::with_commit();
    world
        .repo
        .write("a.py", "one\ntwo\n")
        .write("b.bin", b"\0\x01")
        .commit("Second\n");
    as_note(&world, "HEAD");
    // What a person would type.
    let script = "git diff-tree -p --full-index --no-renames HEAD^ HEAD | git patch-id --stable";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script]).current_dir(world.repo.path());
    world.repo.env(&mut command);
    let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let wanted = out.split(' ').next().unwrap();
    assert_eq!(world.note("HEAD")[0]["record"]["reviewed"][0]["patch"], wanted);

    // It stays when the commit is made again elsewhere, under settings that change how diffs look.
    world.repo.git(&["switch", "-q", "-c", "other", "HEAD^"]);
    world.repo.write("unrelated", "x\n").commit("Between\n");
    world.repo.git(&["cherry-pick", "main"]);
    for (key, value) in [
        ("diff.noprefix", "true"),
        ("diff.algorithm", "patience"),
        ("diff.context", "9"),
        ("diff.renames", "copies"),
    ] {
        world.repo.git(&["config", key, value]);
    }
    as_note(&world, "HEAD");
    assert_eq!(world.note("HEAD")[0]["record"]["reviewed"][0]["patch"], wanted);
}

#[test]
fn what_others_noted_stays_and_blank_lines_do_not_matter() {
    let world = World::with_commit();
    world
        .repo
        .git(&["notes", "--ref=countersign", "add", "-m", "not json at all"]);
    as_note(&world, "HEAD");
    let text = world.repo.git(&["notes", "--ref=countersign", "show"]);
    assert!(text.starts_with("not json at all\n{\"time\""), "{text}");
    assert_eq!(
        world.repo.git(&["rev-list", "--count", "refs/notes/countersign"]),
        "2",
        "the ref keeps its history"
    );
    let note = countersign::record::notes::parse(format!("\n{text}\n\n{{\"time\":\"t\",\"v\":9}}").as_bytes());
    assert_eq!((note.lines.len(), note.unreadable.len()), (1, 2));
    assert!(note.lines[0].is_intact());
}

#[test]
fn notes_of_two_clones_are_joined_by_git() {
    let world = World::with_commit();
    let bare = world.repo.around().join("remote.git");
    world.repo.git(&[
        "clone",
        "-q",
        "--bare",
        world.repo.path().to_str().unwrap(),
        bare.to_str().unwrap(),
    ]);
    let clone = world.repo.around().join("clone");
    world
        .repo
        .git(&["clone", "-q", bare.to_str().unwrap(), clone.to_str().unwrap()]);
    for (key, value) in [
        ("user.name", "Bob"),
        ("user.email", "bob@x"),
        ("notes.mergeStrategy", "cat_sort_uniq"),
    ] {
        world.repo.git_in(&clone, &["config", key, value]);
    }
    as_note(&world, "HEAD");
    world
        .repo
        .git(&["push", "-q", bare.to_str().unwrap(), "refs/notes/countersign"]);
    let theirs = world.open_at(&clone);
    let plan = world.plan_in(&theirs, &world.review("HEAD"), HashMap::new()).unwrap();
    let mut journal = countersign::record::journal::Journal::open(&theirs.common_dir, world.stamp()).unwrap();
    countersign::record::perform(&theirs, &plan, &mut journal).unwrap();
    world.repo.git_in(
        &clone,
        &["fetch", "-q", "origin", "refs/notes/countersign:refs/notes/theirs"],
    );
    world
        .repo
        .git_in(&clone, &["notes", "--ref=countersign", "merge", "-q", "theirs"]);
    let text = world
        .repo
        .git_in(&clone, &["notes", "--ref=countersign", "show", "HEAD"]);
    let note = countersign::record::notes::parse(text.as_bytes());
    assert_eq!((note.lines.len(), note.unreadable.len()), (2, 0), "{text}");
    assert!(note.lines.iter().all(countersign::record::notes::NoteLine::is_intact));
}

#[test]
fn a_tree_that_git_cut_into_folders_is_read_and_added_to() {
    let world = World::with_commit();
    // git makes folders when there are many notes.
    world.repo.write("a.py", "2\n").commit("Second\n");
    let blob = world.repo.git(&["rev-parse", "HEAD:a.py"]);
    let mut index = String::new();
    for n in 0..300u32 {
        let name = format!("{:08x}{:032x}", n.wrapping_mul(2_654_435_761), n);
        index.push_str(&format!("100644 {blob}\t{}/{}\n", &name[..2], &name[2..]));
    }
    let file = world.repo.around().join("index-info");
    std::fs::write(&file, index).unwrap();
    let mut command = std::process::Command::new("sh");
    let scratch = world.repo.around().join("scratch");
    let script = format!(
        "export GIT_INDEX_FILE={}; git update-index --index-info < {} && git update-ref refs/notes/countersign $(git commit-tree -m n $(git write-tree))",
        scratch.display(),
        file.display()
    );
    command.args(["-c", &script]).current_dir(world.repo.path());
    world.repo.env(&mut command);
    assert!(command.status().unwrap().success());
    as_note(&world, "HEAD");
    assert_eq!(world.note("HEAD").len(), 1);
    let head = world.repo.head();
    let paths = world
        .repo
        .git(&["ls-tree", "-r", "--name-only", "refs/notes/countersign"]);
    assert!(
        paths.lines().any(|l| l == format!("{}/{}", &head[..2], &head[2..])),
        "in the same form"
    );
    assert_eq!(paths.lines().count(), 301);
}

#[test]
fn reflogs_are_written_even_where_they_are_switched_off() {
    let world = World::with_commit();
    world.repo.git(&["config", "core.logAllRefUpdates", "false"]);
    world.repo.git(&["reflog", "expire", "--expire=all", "--all"]);
    world.record(&world.review("HEAD"));
    for log in ["main", "refs/notes/countersign"] {
        assert_eq!(
            world.repo.git(&["reflog", "-1", "--format=%gs", log]),
            "countersign: approved, 2 findings",
            "{log}"
        );
    }
}
