//! Trailers go where git would put them, and git finds them again: checked against git itself over a corpus of awkward messages.

use crate::{support::repo::TestRepo, world::World};
use countersign::record::{
    Way,
    trailers::{self, Trailer},
};
use std::{
    io::Write,
    process::{Command, Stdio},
};

const CORPUS: &[&str] = &[
    "subject",
    "subject\n",
    "subject\n\nbody",
    "subject\n\nbody\n\n\n",
    "subject over\ntwo lines\n",
    "subject\n\nSigned-off-by: A <a@b>\n",
    "subject\n\nbody\n\nFixes: 1\nFoo-Bar: x\n",
    "subject\n\nbody\nFixes: 1\n",
    "subject\n\nbody\nSigned-off-by: A <a@b>\n",
    "subject\n\none\ntwo\nthree\nfour\nSigned-off-by: A <a@b>\n",
    "subject\n\n(cherry picked from commit 0123456789012345678901234567890123456789)\n",
    "subject\n\nFoo: bar\n  folded\n\tmore\n",
    "subject\n\n  indented: no\n",
    "subject\n\nFoo: bar\n\nlast paragraph\n",
    "subject\n\nhttps://example.com\n",
    "subject\n\nDevin Session: x\nFoo: bar\n",
    "subject\n\nsnake_key: x\n",
    "subject\n\nFoo : spaced\nEmpty:\n",
    "subject\n\nbody\n---\n file | 2 +-\n",
    "subject\n\nFoo: bar\n---\nother\n",
    "subject\n\nbody\n---------\n\nCo-authored-by: A <a@b>\n",
    "subject\n\nFoo: bar\n# comment\n",
    "subject\n\nFoo: bar\n\n# comment\n# more\n",
    "subject\n\nFoo: bar\n# inside\nBar: foo\n",
    "subject\n\nbody\n# heading\n",
    "# heading first\n\nFoo: bar\n",
    "subject\n\nbody\n\n# ------------------------ >8 ------------------------\nrest: x\n",
    "subject\n\nFoo: bar\n# ------------------------ >8 ------------------------\nrest\n",
    "# ------------------------ >8 ------------------------\n",
    "subject\n\nConflicts:\n\ta.c\n\tb.c\n",
    "subject\n\nConflicts:\n\ta.c\nmore\n",
    "subject\r\n\r\nbody\r\n\r\nFoo: bar\r\n",
    "subject\r\n\r\nbody\r\n",
    "\n\nsubject\n\nbody\n",
    "Foo: bar\n",
    "Foo: bar\n\nBar: foo\n",
    "subject\n\n🖋 Generated with [Claude Code](https://claude.ai/code)\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n",
    "subject\n\n🖋 Generated with X\nCo-Authored-By: Claude <noreply@anthropic.com>\n",
    "subject\n \t \nFoo: bar\n",
    "subject\n\nFoo: bar\n \t\n\u{b}\n",
    "s\n\n: no key\n",
    "s\n\n-: dash\n",
    "",
    "\n",
    "\n\n",
];

fn by_git(repo: &TestRepo, args: &[&str], message: &[u8]) -> Vec<u8> {
    let mut command = Command::new("git");
    command
        .current_dir(repo.path())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    repo.env(&mut command);
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn appending_is_what_git_interpret_trailers_does_to_the_byte() {
    let repo = TestRepo::new();
    let new = [
        Trailer::new("Countersigned-by", "Ada <ada@x>"),
        Trailer::new("Countersign-Seen", "1/1"),
    ];
    let texts: Vec<String> = new.iter().map(ToString::to_string).collect();
    for message in CORPUS {
        let args = [
            "interpret-trailers",
            "--no-divider",
            "--if-exists",
            "add",
            "--trailer",
            &texts[0],
            "--trailer",
            &texts[1],
        ];
        let wanted = by_git(&repo, &args, message.as_bytes());
        let found = trailers::append(message.as_bytes(), &new, &[]);
        let (found, wanted) = (String::from_utf8(found).unwrap(), String::from_utf8(wanted).unwrap());
        // git also tidies what is there already (`https://x` becomes `https: //x`, comments in the block go); we leave it alone.
        let as_is = by_git(&repo, &["interpret-trailers", "--no-divider"], message.as_bytes());
        let tidied = String::from_utf8(as_is).unwrap().trim_end() != message.trim_end() || message.contains('\r');
        let squeezed = |text: &str| {
            let lines = text.lines().filter(|l| !l.starts_with('#'));
            lines
                .map(|l| l.replace([' ', '\t', '\r'], ""))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let bare = |text: &str| if tidied { squeezed(text) } else { text.to_owned() };
        assert_eq!(bare(&found), bare(&wanted), "{message:?}");
    }
}

#[test]
fn parsing_is_what_git_interpret_trailers_does() {
    let repo = TestRepo::new();
    for message in CORPUS {
        let wanted = by_git(
            &repo,
            &["interpret-trailers", "--no-divider", "--parse"],
            message.as_bytes(),
        );
        let found: String = trailers::parse(message.as_bytes(), &[])
            .iter()
            .map(|t| format!("{t}\n"))
            .collect();
        // git prints an empty value with a trailing space or without, by version.
        let tidy = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        let wanted = String::from_utf8_lossy(&wanted).into_owned();
        // Lines that are no trailers but stand in a block are listed by git as they are; ours are trailers only.
        let wanted: Vec<&str> = wanted.lines().filter(|l| l.contains(':')).collect();
        assert_eq!(tidy(&found), tidy(&wanted.join("\n")), "{message:?}");
    }
}

#[test]
fn an_amended_message_of_any_shape_carries_trailers_that_git_log_finds() {
    for message in CORPUS {
        let world = World::default();
        world.repo.write("a.py", "1\n").add();
        let raw = format!(
            "tree {}\nauthor A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n\n{message}",
            world.repo.git(&["write-tree"])
        );
        let id = by_git(
            &world.repo,
            &["hash-object", "-t", "commit", "-w", "--stdin"],
            raw.as_bytes(),
        );
        world
            .repo
            .git(&["update-ref", "refs/heads/main", String::from_utf8(id).unwrap().trim()]);
        let before = world.trailers("HEAD");
        let outcome = world.review("HEAD");
        let plan = world.plan(&outcome).unwrap();
        if message.trim().is_empty() || message.starts_with("# ---") {
            assert_eq!(plan.steps[0].way, Way::Note, "{message:?}");
            assert_eq!(plan.steps[0].why, "has a message that cannot carry trailers");
            continue;
        }
        let divided = message.contains("\n---\n");
        assert_eq!(
            plan.warnings.iter().any(|w| w.contains("`---`")),
            divided,
            "{message:?}"
        );
        world.perform(&plan).unwrap();
        let after = world.trailers("HEAD");
        for line in before {
            assert!(after.contains(&line), "{line:?} of {message:?} was lost");
        }
        for key in [
            "Countersigned-by",
            "Countersign-Verdict",
            "Countersign-Tree",
            "Countersign-Record",
        ] {
            assert!(
                after.iter().any(|t| t.starts_with(&format!("{key}: "))),
                "{key} not found after {message:?}"
            );
        }
        assert_eq!(
            world.raw("HEAD").split("\n\n").next().unwrap().lines().count(),
            3,
            "headers are as they were"
        );
    }
}

#[test]
fn messages_that_are_not_utf_8_keep_their_bytes() {
    let world = World::default();
    world.repo.write("a.py", "1\n").add();
    let tree = world.repo.git(&["write-tree"]);
    let rows: [(&str, &[u8], bool); 4] = [
        ("", b"Gr\xfc\xdfe\n", true),
        ("encoding ISO-8859-1\n", b"Gr\xfc\xdfe\n", true),
        ("encoding KOI8-R\n", b"\xf0\xd2\xc9\n", true),
        ("encoding UTF-7\n", b"x\n", false),
    ];
    for (encoding, message, amended) in rows {
        let mut raw =
            format!("tree {tree}\nauthor A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000000 +0000\n{encoding}\n")
                .into_bytes();
        raw.extend_from_slice(message);
        let id = by_git(&world.repo, &["hash-object", "-t", "commit", "-w", "--stdin"], &raw);
        world
            .repo
            .git(&["update-ref", "refs/heads/main", String::from_utf8(id).unwrap().trim()]);
        let plan = world.plan(&world.review("HEAD"));
        if !amended {
            let refused = plan.unwrap_err();
            assert!(refused.to_string().contains("UTF-7"), "{refused}");
            continue;
        }
        world.perform(&plan.unwrap()).unwrap();
        let new = by_git(&world.repo, &["cat-file", "commit", "HEAD"], b"");
        let start = [&b"\n\n"[..], message, b"\nCountersigned-by: Ada Byron"].concat();
        assert!(
            new.windows(start.len()).any(|w| w == start),
            "{}",
            String::from_utf8_lossy(&new)
        );
        assert!(String::from_utf8_lossy(&new).contains(encoding));
    }
}

#[test]
fn the_users_declared_trailer_keys_are_respected() {
    let world = World::default();
    world.repo.git(&["config", "trailer.bug.key", "Bug-Id: "]);
    world.repo.write("a.py", "1\n").commit("s\n\nprose\nBug-Id: 1\n");
    world.record(&world.review("HEAD"));
    let message = world.repo.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("prose\nBug-Id: 1\nCountersigned-by:"), "{message}");
}
