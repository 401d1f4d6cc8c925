//! kill -9 at any moment: no acknowledged decision is lost, and the repository is as it was or as it should be.
//!
//! The child is this test program itself, started again for one ignored test.

use crate::world::{World, stamp};
use countersign::{
    change::Source,
    record::{
        Clock, Repo,
        journal::{Journal, NewEntry},
        recover,
    },
};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const DIR: &str = "COUNTERSIGN_TEST_CRASH_DIR";

/// Starts this program again for the test `name`, in a process group of its own.
fn child(name: &str, dir: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", name, "--nocapture"])
        .env(DIR, dir);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().unwrap()
}

fn child_dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}

fn entry(n: u64) -> NewEntry {
    NewEntry {
        kind: "review",
        about: vec![],
        content: vec![],
        body: serde_json::json!({ "n": n, "pad": "x".repeat(300) }),
    }
}

#[test]
#[ignore = "started by the test below"]
fn appends_until_killed() {
    let Some(dir) = child_dir() else { return };
    let mut journal = Journal::open(&dir, stamp(Clock::System)).unwrap();
    let first = journal.entries().len() as u64;
    for n in first.. {
        journal.append(entry(n)).unwrap();
        // Said only after it is on disk: what the parent has read must be there.
        println!("ack {n}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn no_acknowledged_entry_is_lost_to_kill_9() {
    let world = World::default();
    let dir = tempfile::tempdir().unwrap();
    for round in 0..25u64 {
        let mut child = child("crash::appends_until_killed", dir.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Wait for the first, then for a while that differs each time.
        let mut acknowledged = None;
        let start = Instant::now();
        let until = Duration::from_micros(700 * round);
        for line in lines.by_ref() {
            if let Some(n) = line.unwrap().strip_prefix("ack ") {
                acknowledged = n.parse::<u64>().ok();
                if start.elapsed() > until {
                    break;
                }
            }
        }
        child.kill().unwrap();
        for line in lines.map_while(Result::ok) {
            acknowledged = line.strip_prefix("ack ").and_then(|n| n.parse().ok()).or(acknowledged);
        }
        child.wait().unwrap();
        let journal = Journal::open(dir.path(), world.stamp()).unwrap();
        let found: Vec<u64> = journal
            .entries()
            .iter()
            .map(|e| e.body["n"].as_u64().unwrap())
            .collect();
        let wanted: Vec<u64> = (0..found.len() as u64).collect();
        assert_eq!(found, wanted, "round {round}: in order, none twice, none missing");
        let acknowledged = acknowledged.expect("the child appended at least once");
        assert!(
            found.len() as u64 > acknowledged,
            "round {round}: {acknowledged} was acknowledged, {} are there",
            found.len()
        );
    }
}

#[test]
#[ignore = "started by the test below"]
fn appends_until_the_disk_is_full() {
    let Some(dir) = child_dir() else { return };
    let mut journal = Journal::open(&dir, stamp(Clock::System)).unwrap();
    let mut n = journal.entries().len() as u64;
    while n < 1000 && journal.append(entry(n)).is_ok() {
        n += 1;
    }
    println!("acknowledged {n}");
}

/// The limit on a file's size stands in for a full disk: the write that crosses it comes back short.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_no_acknowledged_entry_and_leaves_no_half_one() {
    let world = World::default();
    let dir = tempfile::tempdir().unwrap();
    // In blocks of 512 or 1024 bytes, by shell.
    let script =
        "trap '' XFSZ; ulimit -f 9; exec \"$0\" --ignored --exact crash::appends_until_the_disk_is_full --nocapture";
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(DIR, dir.path());
    let out = String::from_utf8(command.stderr(Stdio::null()).output().unwrap().stdout).unwrap();
    let count = out
        .lines()
        .find_map(|l| l.strip_prefix("acknowledged "))
        .unwrap_or_else(|| panic!("{out}"));
    let count: usize = count.parse().unwrap();
    assert!((3..900).contains(&count), "the limit was met: {count}");
    let mut journal = Journal::open(dir.path(), world.stamp()).unwrap();
    assert_eq!((journal.entries().len(), journal.problems().len()), (count, 0));
    assert!(fs::read(Journal::path(dir.path())).unwrap().ends_with(b"\n"));
    journal.append(entry(count as u64)).unwrap();
    assert_eq!(
        Journal::open(dir.path(), world.stamp()).unwrap().entries().len(),
        count + 1
    );
}

#[cfg(unix)]
#[test]
fn a_git_directory_that_cannot_be_written_is_a_sentence() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::with_commit();
    let git = world.repo.path().join(".git");
    fs::set_permissions(&git, fs::Permissions::from_mode(0o555)).unwrap();
    let opened = Journal::open(&git, world.stamp());
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    match opened {
        Err(error) => assert!(error.to_string().contains("create"), "{error}"),
        Ok(_) => eprintln!("SKIPPED: this user may write anywhere, so that a read-only folder is not tested"),
    }
}

/// What the children of the tests below record, with what the parent made for them.
fn record_in(world: &World, uncommitted: bool) {
    let outcome = if uncommitted {
        world.uncommitted(Source::WorkTree, "Crash")
    } else {
        world.review("HEAD")
    };
    let mut outcome = outcome;
    crate::commit::only(&mut outcome, &["a.py", "new.py"]);
    world.record(&outcome);
}

#[test]
#[ignore = "started by the tests below"]
fn records_a_commit() {
    if let Some(dir) = child_dir() {
        record_in(&World::existing(&dir), true);
    }
}

#[test]
#[ignore = "started by the tests below"]
fn records_an_amend() {
    if let Some(dir) = child_dir() {
        record_in(&World::existing(&dir), false);
    }
}

/// A repository with something of everything: reviewed, staged, unstaged, untracked.
fn busy_world() -> World {
    let world = World::with_commit();
    world
        .repo
        .write("staged.py", "1\n")
        .write("both.py", "1\n")
        .commit("Second\n");
    world
        .repo
        .write("staged.py", "2\n")
        .write("both.py", "2\n")
        .write("a.py", "staged\n")
        .add();
    world
        .repo
        .write("both.py", "3\n")
        .write("a.py", "reviewed\n")
        .write("new.py", "reviewed\n");
    world
}

struct Before {
    head: String,
    others: String,
    index: String,
}

fn before(world: &World) -> Before {
    Before {
        head: world.repo.head(),
        others: others(world),
        index: world.repo.git(&["ls-files", "-s"]),
    }
}

fn others(world: &World) -> String {
    world
        .repo
        .git(&["status", "--porcelain=v2", "--", "staged.py", "both.py"])
}

/// Kills children at moments spread over how long a whole run takes, and then, more densely, over the time after the intent is in the
/// journal, which is where refs and index move; settles, and checks.
fn kill_at_many_moments(name: &str, amends: bool, group: bool, rounds: u32) {
    let (whole, after_intent) = {
        let world = busy_world();
        let start = Instant::now();
        let mut child = child(name, world.repo.around());
        let intent = wait_for_intent(&world);
        assert!(child.wait().unwrap().success());
        (start.elapsed(), intent.elapsed())
    };
    let (mut happened, mut not) = (0, 0);
    for round in 0..rounds {
        let world = busy_world();
        let was = before(&world);
        let mut child = child(name, world.repo.around());
        if round % 4 == 0 {
            std::thread::sleep(whole * round / rounds);
        } else {
            wait_for_intent(&world);
            std::thread::sleep(after_intent * 2 * round / rounds);
        }
        if group {
            let _ = Command::new("kill")
                .args(["-9", "--", &format!("-{}", child.id())])
                .stderr(Stdio::null())
                .status();
        }
        let _ = child.kill();
        child.wait().unwrap();
        if group {
            // A killed git leaves its locks; the person removes them, as git and our message say.
            remove_git_locks(&world.repo.path().join(".git"));
        }
        let repo: Repo = world.open();
        let mut journal = world.journal();
        recover(&repo, &mut journal).unwrap();
        assert_eq!(
            recover(&repo, &mut journal).unwrap(),
            [""; 0],
            "round {round}: settled once and for all"
        );
        check(&world, &was, amends, round, &mut happened, &mut not);
    }
    eprintln!(
        "{name}, group {group}: {happened} happened, {not} did not; whole run {whole:?}, {after_intent:?} after the intent"
    );
    assert!(
        happened > 0 && not > 0,
        "the moments were not spread widely enough to mean something"
    );
}

/// When the intent is in the journal.
fn wait_for_intent(world: &World) -> Instant {
    let path = Journal::path(&world.repo.path().join(".git"));
    let start = Instant::now();
    while !fs::read_to_string(&path).is_ok_and(|t| t.contains("\"kind\":\"intent\"")) {
        assert!(start.elapsed() < Duration::from_secs(60), "no intent");
        std::thread::sleep(Duration::from_micros(200));
    }
    Instant::now()
}

fn check(world: &World, was: &Before, amends: bool, round: u32, happened: &mut u32, not: &mut u32) {
    let git = world.repo.path().join(".git");
    assert!(!git.join("index.lock").exists(), "round {round}");
    let left: Vec<_> = fs::read_dir(&git)
        .unwrap()
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .collect();
    assert!(
        !left.iter().any(|n| n.starts_with("countersign-index")),
        "round {round}: {left:?}"
    );
    assert_eq!(others(world), was.others, "round {round}: other work");
    assert_eq!(
        fs::read_to_string(world.repo.path().join("a.py")).unwrap(),
        "reviewed\n"
    );
    let problems = world.repo.git(&["fsck", "--strict", "--no-dangling"]);
    assert_eq!(problems, "", "round {round}");
    if world.repo.head() == was.head {
        *not += 1;
        assert_eq!(
            world.repo.git(&["ls-files", "-s"]),
            was.index,
            "round {round}: the index as it was"
        );
        assert_eq!(
            world.repo.git(&["for-each-ref", "--format=%(refname)", "refs/notes"]),
            "",
            "round {round}"
        );
        return;
    }
    *happened += 1;
    let parent = world.repo.git(&["rev-parse", "HEAD^"]);
    let wanted = if amends {
        world.repo.git(&["rev-parse", &format!("{}^", was.head)])
    } else {
        was.head.clone()
    };
    assert_eq!(parent, wanted, "round {round}");
    assert_eq!(world.note("HEAD").len(), 1, "round {round}: the note is there");
    let status = world.repo.git(&["status", "--porcelain", "--", "a.py", "new.py"]);
    assert_eq!(
        status,
        if amends { "MM a.py\n?? new.py" } else { "" },
        "round {round}: the index follows"
    );
}

fn remove_git_locks(dir: &Path) {
    for entry in fs::read_dir(dir).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            remove_git_locks(&path);
        } else if path.extension().is_some_and(|e| e == "lock")
            && path.file_name().is_some_and(|n| n != "recording.lock")
        {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_commit_killed_at_any_moment_is_there_or_not() {
    kill_at_many_moments("crash::records_a_commit", false, false, 30);
}

#[test]
fn an_amend_killed_at_any_moment_is_there_or_not() {
    kill_at_many_moments("crash::records_an_amend", true, false, 20);
}

#[cfg(unix)]
#[test]
fn a_commit_killed_together_with_its_git_is_there_or_not() {
    kill_at_many_moments("crash::records_a_commit", false, true, 30);
}
