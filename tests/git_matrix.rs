//! One row for every kind of repository and change: made by the `git` program, read by the library.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use countersign::change::{
    Body, Change, Error, FileChange, LineKind, Omitted, Remark, Repo, Request, Source, Stage, Status, blob_id,
};
use support::repo::TestRepo;

fn open(repo: &TestRepo) -> Repo {
    Repo::open(&repo.path()).unwrap()
}

fn load(repo: &TestRepo, source: Source) -> Change {
    open(repo).load(&Request::new(source)).unwrap()
}

fn work_tree(repo: &TestRepo) -> Change {
    load(repo, Source::WorkTree)
}

fn commit(repo: &TestRepo, spec: &str) -> Change {
    load(repo, Source::Commit { spec: spec.into() })
}

fn range(repo: &TestRepo, spec: &str) -> Change {
    load(repo, Source::Range { spec: spec.into() })
}

/// Status letter and path of each file, as `git diff --name-status`.
fn names(change: &Change) -> Vec<String> {
    change
        .files
        .iter()
        .map(|f| {
            let letter = match f.status {
                Status::Added => 'A',
                Status::Modified => 'M',
                Status::Deleted => 'D',
                Status::Renamed => 'R',
                Status::Copied => 'C',
                Status::TypeChanged => 'T',
            };
            match &f.old_path {
                Some(old) => format!("{letter} {} {}", old.lossy(), f.path.lossy()),
                None => format!("{letter} {}", f.path.lossy()),
            }
        })
        .collect()
}

fn file<'c>(change: &'c Change, path: &str) -> &'c FileChange {
    let found = change.files.iter().find(|f| f.path.bytes() == path.as_bytes());
    found.unwrap_or_else(|| panic!("{path} is not among {:?}", names(change)))
}

/// The changed lines of a file, as `git diff` prints them, separated by `|`.
fn lines(file: &FileChange) -> String {
    let mut out = String::new();
    for line in file.hunks().iter().flat_map(|h| &h.lines) {
        let (sign, text) = match line.kind {
            LineKind::Context => continue,
            LineKind::Added => ('+', file.new_text()),
            LineKind::Removed => ('-', file.old_text()),
        };
        out.push(sign);
        out.push_str(&String::from_utf8_lossy(line.span.of(text.unwrap())));
        out.push('|');
    }
    out
}

/// True when something was left out of `path` for a reason that holds `why`.
fn left_out(change: &Change, path: &str, why: &str) -> bool {
    let of = |o: &Omitted| o.path.as_ref().map(|p| p.lossy().into_owned()).unwrap_or_default();
    change.omitted.iter().any(|o| of(o) == path && o.why.contains(why))
}

/// True when something is said of how `path` is shown that holds `what`.
fn remarked(change: &Change, path: &str, what: &str) -> bool {
    let of = |r: &Remark| r.path.as_ref().map(|p| p.lossy().into_owned()).unwrap_or_default();
    change.remarks.iter().any(|r| of(r) == path && r.what.contains(what))
}

const STAGED: Stage = Stage {
    staged: true,
    unstaged: false,
    untracked: false,
};
const UNSTAGED: Stage = Stage {
    staged: false,
    unstaged: true,
    untracked: false,
};
const UNTRACKED: Stage = Stage {
    staged: false,
    unstaged: false,
    untracked: true,
};

// --- the working tree and the index ---

#[test]
fn staged_unstaged_and_untracked_are_one_net_change_a_file() {
    let repo = TestRepo::new();
    repo.write("both", "one\n")
        .write("staged", "one\n")
        .write("plain", "one\n")
        .write("same", "same\n");
    repo.commit("base");
    repo.write("both", "two\n")
        .write("staged", "two\n")
        .write("new", "n\n")
        .add();
    repo.write("both", "three\n")
        .write("plain", "two\n")
        .write("dir/untracked", "u\n");
    let change = work_tree(&repo);
    assert_eq!(
        names(&change),
        ["M both", "A dir/untracked", "A new", "M plain", "M staged"]
    );
    assert_eq!(lines(file(&change, "both")), "-one|+three|");
    assert_eq!(
        file(&change, "both").stage,
        Stage {
            unstaged: true,
            ..STAGED
        }
    );
    assert_eq!(file(&change, "staged").stage, STAGED);
    assert_eq!(file(&change, "plain").stage, UNSTAGED);
    assert_eq!(file(&change, "dir/untracked").stage, UNTRACKED);
    assert_eq!(change.base.as_ref().unwrap().0.as_ref(), repo.head());
    assert!(change.omitted.is_empty(), "{:?}", change.omitted);

    let staged = load(&repo, Source::Index);
    assert_eq!(names(&staged), ["M both", "A new", "M staged"]);
    assert_eq!(lines(file(&staged, "both")), "-one|+two|");
    let unstaged = load(&repo, Source::Unstaged);
    assert_eq!(names(&unstaged), ["M both", "A dir/untracked", "M plain"]);
    assert_eq!(lines(file(&unstaged, "both")), "-two|+three|");
}

#[test]
fn content_has_one_identity_on_disk_and_in_git() {
    let repo = TestRepo::new();
    repo.write("a", "one\n").commit("base");
    repo.write("a", "two\n");
    let before = work_tree(&repo);
    let new = file(&before, "a").new.clone().unwrap();
    assert_eq!(new.blob, blob_id(b"two\n"));
    repo.commit("two");
    let after = commit(&repo, "HEAD");
    assert_eq!(file(&after, "a").new.as_ref().unwrap().blob, new.blob);
    assert_eq!(file(&after, "a").hunks()[0].id, file(&before, "a").hunks()[0].id);
}

#[test]
fn what_was_staged_and_is_gone_from_disk_is_named() {
    let repo = TestRepo::new();
    repo.write("a", "one\n").commit("base");
    repo.write("a", "two\n").write("b", "b\n").add();
    repo.write("a", "one\n").remove("b");
    let change = work_tree(&repo);
    assert_eq!(names(&change), [] as [&str; 0]);
    assert!(left_out(&change, "a", "what is staged differs"));
    assert!(left_out(&change, "b", "what is staged differs"), "{:?}", change.omitted);
}

#[test]
fn removed_from_the_index_and_kept_on_disk_is_what_is_on_disk() {
    let repo = TestRepo::new();
    repo.write("a", "one\ntwo\n").commit("base");
    repo.git(&["rm", "-q", "--cached", "a"]);
    repo.write("a", "one\nthree\n");
    let change = work_tree(&repo);
    assert_eq!(names(&change), ["M a"]);
    assert_eq!(lines(file(&change, "a")), "-two|+three|");
    assert_eq!(
        file(&change, "a").stage,
        Stage {
            untracked: true,
            ..STAGED
        }
    );
}

#[test]
fn ignored_files_and_unwanted_untracked_ones_are_left_alone() {
    let repo = TestRepo::new();
    repo.write(".gitignore", "*.log\n").commit("base");
    repo.write("a.log", "x").write("b", "x");
    assert_eq!(names(&work_tree(&repo)), ["A b"]);
    repo.git(&["config", "status.showUntrackedFiles", "no"]);
    let change = work_tree(&repo);
    assert_eq!(names(&change), [] as [&str; 0]);
    assert!(left_out(&change, "", "untracked files were not looked at"));
}

#[test]
fn an_unborn_head_has_everything_added() {
    let repo = TestRepo::new();
    repo.write("a", "a\n").add().write("b", "b\n");
    let change = work_tree(&repo);
    assert_eq!(names(&change), ["A a", "A b"]);
    assert_eq!(change.base, None);
    assert!(open(&repo).head().unwrap().is_none());
    assert_eq!(open(&repo).branch().as_deref(), Some("refs/heads/main"));
}

#[test]
fn unmerged_files_are_shown_against_head() {
    let repo = TestRepo::new();
    repo.write("a", "base\n").commit("base");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a", "theirs\n").commit("theirs");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a", "ours\n").commit("ours");
    assert!(std::panic::catch_unwind(|| repo.git(&["merge", "-q", "other"])).is_err());
    let change = work_tree(&repo);
    assert_eq!(
        lines(file(&change, "a")),
        "+<<<<<<< HEAD|+=======|+theirs|+>>>>>>> other|"
    );
    assert!(remarked(&change, "a", "unmerged"));
    assert!(left_out(&load(&repo, Source::Index), "a", "unmerged"));
}

#[test]
fn paths_limit_the_change() {
    let repo = TestRepo::new();
    repo.write("src/a.rs", "a\n")
        .write("src/b.txt", "b\n")
        .write("[x].rs", "x\n");
    let of = |folder: &str, paths: &[&str]| {
        let mut request = Request::new(Source::WorkTree);
        request.paths = paths.iter().map(Into::into).collect();
        let opened = Repo::open(&repo.path().join(folder)).unwrap();
        names(&opened.load(&request).unwrap())
    };
    assert_eq!(of("", &["src"]), ["A src/a.rs", "A src/b.txt"]);
    assert_eq!(of("", &["src/a.rs"]), ["A src/a.rs"]);
    assert_eq!(of("", &["src/*.rs"]), ["A src/a.rs"]);
    assert_eq!(of("", &["[x].rs"]), ["A [x].rs"]);
    assert_eq!(of("src", &["b.txt"]), ["A src/b.txt"]);
    assert_eq!(of("src", &[".."]).len(), 3);
    assert_eq!(of("src", &["."]).len(), 2);
}

#[test]
fn all_files_shows_what_did_not_change_too() {
    let repo = TestRepo::new();
    repo.write("a", "a\n").write("b", "b\n").commit("base");
    repo.write("b", "c\n").write("d", "d\n");
    let mut request = Request::new(Source::WorkTree);
    request.all_files = true;
    let change = open(&repo).load(&request).unwrap();
    assert_eq!(names(&change), ["A a", "A b", "A d"]);
    assert_eq!(lines(file(&change, "b")), "+c|");
    assert_eq!(change.base.unwrap().0.as_ref(), repo.head());
}

// --- commits and ranges ---

#[test]
fn a_root_commit_is_against_nothing_and_others_against_their_parent() {
    let repo = TestRepo::new();
    repo.write("a", "one\n").commit("root");
    repo.write("a", "two\n").commit("second\n\nbody\n");
    let root = commit(&repo, "HEAD~1");
    assert_eq!((names(&root), root.base), (vec!["A a".to_owned()], None));
    let second = commit(&repo, "main");
    assert_eq!(lines(file(&second, "a")), "-one|+two|");
    let [only] = &second.commits[..] else { panic!() };
    assert_eq!(only.subject(), "second");
    assert_eq!(only.author.email, "ada@example.com");
    assert_eq!(second.tree.as_ref().unwrap(), &only.tree);
}

#[test]
fn a_merge_is_against_the_branch_it_went_into() {
    let repo = TestRepo::new();
    repo.write("a", "a\n").commit("root");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("topic", "t\n").commit("topic");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main", "m\n").commit("main");
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
    assert_eq!(names(&commit(&repo, "HEAD")), ["A topic"]);
}

#[test]
fn a_range_is_its_net_change_from_where_the_branches_parted() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("root");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("t", "1\n").commit("t1");
    repo.write("t", "2\n").commit("t2");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a", "2\n").commit("main moved on");
    for spec in ["main..topic", "main...topic"] {
        let change = range(&repo, spec);
        assert_eq!(names(&change), ["A t"], "{spec}");
        let subjects: Vec<&str> = change.commits.iter().map(|c| c.subject()).collect();
        assert_eq!(subjects, ["t2", "t1"]);
    }
    repo.git(&["checkout", "-q", "topic"]);
    assert_eq!(range(&repo, "HEAD~1..").commits.len(), 1);
    assert_eq!(range(&repo, "main..").commits.len(), 2);
    assert_eq!(names(&range(&repo, "HEAD..HEAD")), [] as [&str; 0]);
}

/// The changed lines of a file, each with the subject of its commit.
fn blamed(change: &Change, path: &str) -> String {
    let file = file(change, path);
    let changed = file
        .hunks()
        .iter()
        .flat_map(|h| &h.lines)
        .filter(|l| l.kind != LineKind::Context);
    let subjects = changed.map(|l| l.commit.map_or("?", |c| change.commits[usize::from(c)].subject()));
    lines(file)
        .split_terminator('|')
        .zip(subjects)
        .map(|(line, by)| format!("{line} {by}|"))
        .collect()
}

#[test]
fn each_line_of_a_range_is_of_the_commit_that_brought_or_removed_it() {
    let repo = TestRepo::new();
    repo.write("a", "1\n2\n3\n4\n5\n").commit("root");
    repo.write("a", "0\n1\n2\n3\n5\n").write("b", "b\n").commit("one");
    repo.write("a", "0\n1\ntwo\n3\n5\n6\n").commit("two");
    repo.write("a", "0\n1\nTWO\n3\n5\n6\n")
        .write("b", "b\nc\n")
        .commit("three");
    let change = range(&repo, "HEAD~3..");
    assert_eq!(blamed(&change, "a"), "+0 one|-2 two|+TWO three|-4 one|+6 two|");
    assert_eq!(blamed(&change, "b"), "+b one|+c three|");
    // A range of one commit and the commit itself.
    assert_eq!(blamed(&range(&repo, "HEAD~1.."), "a"), "-two three|+TWO three|");
    assert_eq!(blamed(&commit(&repo, "HEAD"), "a"), "-two three|+TWO three|");
}

#[test]
fn lines_are_followed_through_renames() {
    let repo = TestRepo::new();
    let text: String = (0..30).map(|n| format!("line {n}\n")).collect();
    repo.write("a", &text).commit("root");
    repo.write("a", format!("new\n{text}")).commit("edit");
    repo.git(&["mv", "a", "b"]);
    repo.commit("move");
    repo.git(&["mv", "b", "c"]);
    repo.write("c", format!("new\n{text}last\n")).commit("move and edit");
    let change = range(&repo, "HEAD~3..");
    assert_eq!(names(&change), ["R a c"]);
    assert_eq!(blamed(&change, "c"), "+new edit|+last move and edit|");
}

#[test]
fn lines_are_followed_into_merged_branches() {
    let repo = TestRepo::new();
    let text = |first: &str, last: &str| format!("{first}{}{last}", "x\n".repeat(10));
    repo.write("a", text("", "")).write("t", "t\n").commit("root");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("a", text("", "topic\n"))
        .write("t", "T\n")
        .commit("on topic");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a", text("main\n", "")).commit("on main");
    repo.git(&["merge", "-q", "--no-ff", "--no-commit", "topic"]);
    repo.write("a", text("main\nmerge\n", "topic\n")).commit("merge");
    let change = range(&repo, "main~2..main");
    assert_eq!(blamed(&change, "a"), "+main on main|+merge merge|+topic on topic|");
    assert_eq!(blamed(&change, "t"), "-t on topic|+T on topic|");
}

#[test]
fn what_names_no_commit_is_refused_with_a_sentence() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("root");
    for (spec, why) in [
        ("nope", "names nothing"),
        ("HEAD:a", "not a commit"),
        ("HEAD^{", "is not how git names"),
    ] {
        let error = open(&repo)
            .load(&Request::new(Source::Commit { spec: spec.into() }))
            .unwrap_err();
        assert!(error.to_string().contains(why), "{spec}: {error}");
    }
}

#[test]
fn a_shallow_clone_says_where_its_history_ends() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("one");
    repo.write("a", "2\n").commit("two");
    repo.write("a", "3\n").commit("three");
    let from = format!("file://{}", repo.path().display());
    repo.git_in(repo.around(), &["clone", "-q", "--depth=2", &from, "shallow"]);
    let clone = Repo::open(&repo.around().join("shallow")).unwrap();
    let of = |spec: &str| clone.load(&Request::new(Source::Commit { spec: spec.into() }));
    assert_eq!(lines(file(&of("HEAD").unwrap(), "a")), "-2|+3|");
    let error = of("HEAD~1").unwrap_err();
    assert!(error.to_string().contains("shallow"), "{error}");
    assert!(error.hint().unwrap().contains("--deepen"));
}

#[test]
fn a_bare_repository_has_commits_and_no_working_tree() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("one");
    repo.git_in(repo.around(), &["clone", "-q", "--bare", "repo", "bare"]);
    let bare = Repo::open(&repo.around().join("bare")).unwrap();
    assert!(matches!(bare.load(&Request::new(Source::WorkTree)), Err(Error::Bare)));
    assert!(bare.load(&Request::new(Source::Commit { spec: "HEAD".into() })).is_ok());
}

#[test]
fn messages_keep_their_characters_in_the_encoding_they_declare() {
    let repo = TestRepo::new();
    std::fs::write(repo.around().join("message"), b"caf\xe9\n\nna\xefve\n").unwrap();
    repo.git(&[
        "-c",
        "i18n.commitEncoding=ISO-8859-1",
        "commit",
        "-q",
        "--allow-empty",
        "-F",
        "../message",
    ]);
    assert_eq!(commit(&repo, "HEAD").commits[0].message, "café\n\nnaïve\n");
}

#[test]
fn notes_come_with_their_commit() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("one");
    repo.git(&["notes", "--ref=ai", "add", "-m", "who", "HEAD"]);
    let notes = &commit(&repo, "HEAD").commits[0].notes;
    assert_eq!(notes[..], [("refs/notes/ai".to_owned(), "who\n".to_owned())]);
}

// --- kinds of files ---

#[test]
fn renames_and_copies_name_where_they_come_from() {
    let repo = TestRepo::new();
    let text = |word: &str| (0..40).map(|n| format!("{word} {n}\n")).collect::<String>();
    repo.write("a", text("a"))
        .write("b", text("b"))
        .write("c", text("c"))
        .commit("base");
    // Moved as it is, moved and edited, copied from a file that is edited itself.
    repo.remove("a").write("d/a", text("a"));
    repo.remove("b").write("bb", text("b").replace("b 7\n", "b seven\n"));
    repo.write("c", text("c") + "more\n").write("cc", text("c") + "other\n");
    for change in [work_tree(&repo), {
        repo.commit("moved");
        commit(&repo, "HEAD")
    }] {
        assert_eq!(names(&change), ["R b bb", "M c", "C c cc", "R a d/a"]);
        assert_eq!(lines(file(&change, "bb")), "-b 7|+b seven|");
        assert_eq!(lines(file(&change, "cc")), "+other|");
        assert!(file(&change, "d/a").hunks().is_empty());
    }
}

#[test]
fn what_has_little_in_common_is_no_rename() {
    let repo = TestRepo::new();
    repo.write("a", "1\n2\n3\n4\n").write("empty", "").commit("base");
    repo.remove("a")
        .write("b", "1\n6\n7\n8\n")
        .remove("empty")
        .write("void", "");
    assert_eq!(names(&work_tree(&repo)), ["D a", "A b", "D empty", "A void"]);
}

#[test]
fn binaries_are_told_by_their_bytes_alone() {
    let repo = TestRepo::new();
    repo.write("pic", b"\x89PNG\0\0")
        .write("late", [vec![b'x'; 8_000], vec![0]].concat())
        .commit("base");
    repo.write("pic", b"\x89PNG\0\x01")
        .write(".gitattributes", "*.py -diff\n*.md binary\n");
    repo.write("a.py", "import os\n").write("b.md", "text\n");
    let change = work_tree(&repo);
    assert!(matches!(file(&change, "pic").body, Body::Binary));
    // Attributes in the change hide nothing.
    assert_eq!(lines(file(&change, "a.py")), "+import os|");
    assert_eq!(lines(file(&change, "b.md")), "+text|");
    assert!(remarked(&change, "a.py", "not to be compared"));
    assert!(remarked(&change, "b.md", "not to be compared"));
    repo.write("late", [vec![b'y'; 8_000], vec![0]].concat())
        .write("pic", "text now\n");
    let change = work_tree(&repo);
    assert!(matches!(file(&change, "late").body, Body::Text { .. }));
    assert_eq!(lines(file(&change, "pic")), "+text now|");
    assert!(remarked(&change, "pic", "its old side is binary"));
}

#[test]
fn line_endings_are_shown_when_they_change_and_not_when_git_converts_them() {
    let repo = TestRepo::new();
    repo.write("a", "1\r\n2\r\n").write("b", "1\n2\n").commit("base");
    repo.write("a", "1\r\n3\r\n").write("b", "1\r\n2\r\n");
    let change = work_tree(&repo);
    assert_eq!(lines(file(&change, "a")), "-2|+3|");
    assert_eq!(lines(file(&change, "b")), "-1|-2|+1\r|+2\r|");
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.write("b", "1\r\n2\r\n3\r\n");
    let change = work_tree(&repo);
    assert_eq!(lines(file(&change, "b")), "+3|");
    assert_eq!(file(&change, "b").new_text().unwrap().as_ref(), b"1\r\n2\r\n3\r\n");
}

#[test]
fn a_missing_final_newline_is_a_change() {
    let repo = TestRepo::new();
    repo.write("a", "1\n2").commit("base");
    repo.write("a", "1\n2\n");
    let change = work_tree(&repo);
    let flags: Vec<bool> = file(&change, "a").hunks()[0].lines.iter().map(|l| l.no_eol).collect();
    assert_eq!(
        (lines(file(&change, "a")).as_str(), flags),
        ("-2|+2|", vec![false, true, false])
    );
}

#[test]
fn text_that_is_not_utf8_keeps_its_bytes() {
    let repo = TestRepo::new();
    repo.write("a", b"caf\xe9\n").commit("base");
    repo.write("a", b"th\xe9\n");
    let change = work_tree(&repo);
    assert_eq!(file(&change, "a").new_text().unwrap().as_ref(), b"th\xe9\n");
    assert_eq!(lines(file(&change, "a")), "-caf\u{fffd}|+th\u{fffd}|");
}

#[test]
fn git_lfs_pointers_stand_for_content_that_is_not_here() {
    let repo = TestRepo::new();
    let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let pointer = |size: u64| format!("version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize {size}\n");
    repo.write("a.bin", pointer(5))
        .write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
        .commit("base");
    // Checked out as the pointer says: no change.
    repo.write("a.bin", "hello");
    assert_eq!(names(&work_tree(&repo)), [] as [&str; 0]);
    repo.write("a.bin", "jello");
    let change = work_tree(&repo);
    assert!(lines(file(&change, "a.bin")).ends_with("+jello|"));
    assert!(remarked(&change, "a.bin", "the filter `lfs` was not run"));
    repo.write("a.bin", pointer(9))
        .git(&["-c", "filter.lfs.clean=", "commit", "-qam", "nine"]);
    let change = commit(&repo, "HEAD");
    assert!(matches!(
        file(&change, "a.bin").body,
        Body::LfsPointer { size: Some(9) }
    ));
}

#[test]
fn a_submodule_is_a_line() {
    let repo = TestRepo::new();
    let inner = TestRepo::new();
    inner.write("a", "1\n").commit("inner");
    let from = inner.path().display().to_string();
    repo.git(&["submodule", "--quiet", "add", &from, "sub"]);
    repo.commit("base");
    assert_eq!(names(&commit(&repo, "HEAD")), ["A .gitmodules", "A sub"]);
    let first = inner.head();
    let sub = repo.path().join("sub");
    std::fs::write(sub.join("a"), "2\n").unwrap();
    let change = work_tree(&repo);
    let Body::Submodule { from, to, dirty } = &file(&change, "sub").body else {
        panic!()
    };
    assert_eq!(
        (from.as_ref().unwrap().0.as_ref(), from, dirty),
        (first.as_str(), to, &true)
    );
    repo.git_in(
        &sub,
        &["-c", "user.name=x", "-c", "user.email=x", "commit", "-qam", "two"],
    );
    let change = work_tree(&repo);
    let Body::Submodule { from, to, dirty } = &file(&change, "sub").body else {
        panic!()
    };
    assert!(from != to && !dirty);
    assert_eq!(file(&change, "sub").stage, UNSTAGED);
    repo.git(&["config", "-f", ".gitmodules", "submodule.sub.ignore", "all"]);
    assert!(left_out(&work_tree(&repo), "sub", "set to be ignored"));
}

#[test]
fn a_repository_inside_is_named_and_not_entered() {
    let repo = TestRepo::new();
    repo.write("a", "a\n").commit("base");
    repo.write("inner/x", "x\n");
    repo.git_in(&repo.path().join("inner"), &["init", "-q"]);
    let change = work_tree(&repo);
    assert_eq!(names(&change), [] as [&str; 0]);
    assert!(left_out(&change, "inner/", "repository inside"), "{:?}", change.omitted);
}

#[test]
fn what_is_over_a_limit_is_listed_without_its_text() {
    let repo = TestRepo::new();
    repo.write("big", vec![b'x'; 3 << 20])
        .write("small", "s\n")
        .write("t", "t\n");
    let change = work_tree(&repo);
    let big = file(&change, "big");
    assert!(matches!(big.body, Body::TooLarge { limit } if limit == 2 << 20));
    assert_eq!(big.new.as_ref().unwrap().blob, blob_id(&vec![b'x'; 3 << 20]));

    let mut request = Request::new(Source::WorkTree);
    request.limits.files = 2;
    request.limits.total_bytes = 1;
    let change = open(&repo).load(&request).unwrap();
    assert_eq!(names(&change), ["A big", "A small"]);
    assert!(matches!(file(&change, "small").body, Body::TooLarge { limit: 1 }));
    assert!(left_out(&change, "t", "more than 2 files"));

    repo.commit("big");
    assert!(matches!(
        file(&commit(&repo, "HEAD"), "big").body,
        Body::TooLarge { .. }
    ));
}

#[test]
fn changes_hidden_by_index_bits_are_named() {
    let repo = TestRepo::new();
    repo.write("a", "1\n")
        .write("b", "1\n")
        .write("c", "1\n")
        .commit("base");
    repo.git(&["update-index", "--assume-unchanged", "a", "c"]);
    repo.git(&["update-index", "--skip-worktree", "b"]);
    repo.write("a", "2\n").write("b", "2\n");
    let change = work_tree(&repo);
    assert!(left_out(&change, "a", "assume-unchanged"));
    assert!(left_out(&change, "b", "skip-worktree"));
    assert!(!left_out(&change, "c", ""));
}

#[test]
fn linked_worktrees_have_their_own_head_and_index() {
    let repo = TestRepo::new();
    repo.write("a", "1\n").commit("base");
    let linked = repo.around().join("linked");
    repo.git(&["worktree", "add", "-q", "-b", "topic", linked.to_str().unwrap()]);
    std::fs::write(linked.join("a"), "2\n").unwrap();
    let opened = Repo::open(&linked).unwrap();
    assert_eq!(names(&opened.load(&Request::new(Source::WorkTree)).unwrap()), ["M a"]);
    assert_eq!(opened.branch().as_deref(), Some("refs/heads/topic"));
    assert_ne!(opened.git_dir(), opened.common_dir());
    assert_eq!(
        opened.common_dir().canonicalize().unwrap(),
        repo.path().join(".git").canonicalize().unwrap()
    );
    assert_eq!(names(&work_tree(&repo)), [] as [&str; 0]);
}

#[cfg(unix)]
mod unix {
    //! What only file systems with links, modes and names of any bytes have.
    use super::*;
    use std::os::unix::{ffi::OsStrExt, fs::PermissionsExt, fs::symlink};

    #[test]
    fn modes_and_links() {
        let repo = TestRepo::new();
        repo.write("run", "#!/bin/sh\n").write("file", "target").commit("base");
        symlink("file", repo.path().join("link")).unwrap();
        repo.commit("link");
        std::fs::set_permissions(repo.path().join("run"), std::fs::Permissions::from_mode(0o755)).unwrap();
        repo.remove("link").remove("file");
        symlink("/etc/passwd", repo.path().join("link")).unwrap();
        symlink("elsewhere", repo.path().join("file")).unwrap();
        for change in [work_tree(&repo), {
            repo.commit("changed");
            commit(&repo, "HEAD")
        }] {
            assert_eq!(names(&change), ["T file", "M link", "M run"]);
            let run = file(&change, "run");
            assert_eq!(
                (run.old.as_ref().unwrap().mode, run.new.as_ref().unwrap().mode),
                (0o100_644, 0o100_755)
            );
            assert!(run.hunks().is_empty());
            let Body::Symlink { from, to } = &file(&change, "link").body else {
                panic!()
            };
            assert_eq!(
                (from.as_deref(), to.as_deref()),
                (Some(&b"file"[..]), Some(&b"/etc/passwd"[..]))
            );
            let Body::Symlink { from, to } = &file(&change, "file").body else {
                panic!()
            };
            assert_eq!((from.as_deref(), to.as_deref()), (None, Some(&b"elsewhere"[..])));
        }
        repo.remove("link").write("link", "a file\n");
        assert_eq!(lines(file(&work_tree(&repo), "link")), "-/etc/passwd|+a file|");
    }

    #[test]
    fn a_folder_that_became_a_link_is_not_followed() {
        let repo = TestRepo::new();
        repo.write("d/x", "x\n").commit("base");
        std::fs::create_dir(repo.around().join("outside")).unwrap();
        std::fs::write(repo.around().join("outside/x"), "secret\n").unwrap();
        std::fs::remove_dir_all(repo.path().join("d")).unwrap();
        symlink("../outside", repo.path().join("d")).unwrap();
        let change = work_tree(&repo);
        assert_eq!(names(&change), ["A d", "D d/x"]);
        assert!(matches!(file(&change, "d").body, Body::Symlink { .. }));
    }

    #[test]
    fn names_that_are_not_utf8_are_bytes() {
        let repo = TestRepo::new();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
        repo.write(name, "1\n").commit("base");
        repo.write(name, "2\n")
            .write(std::ffi::OsStr::from_bytes(b"new\xff"), "n\n");
        let change = work_tree(&repo);
        let paths: Vec<&[u8]> = change.files.iter().map(|f| f.path.bytes()).collect();
        assert_eq!(paths, [&b"caf\xe9"[..], b"new\xff"]);
        assert_eq!(lines(&change.files[0]), "-1|+2|");
        let opened = open(&repo);
        let head = opened.head().unwrap().unwrap().id;
        assert_eq!(opened.file_at(&head, &change.files[0].path).unwrap().unwrap(), b"1\n");
    }

    #[test]
    fn what_is_neither_file_nor_link_is_not_opened() {
        let repo = TestRepo::new();
        repo.write("a", "a\n").commit("base");
        repo.remove("a");
        let made = std::process::Command::new("mkfifo").arg(repo.path().join("a")).status();
        assert!(made.unwrap().success());
        assert_eq!(names(&work_tree(&repo)), ["D a"]);
    }

    #[test]
    fn nothing_that_the_repository_names_is_run() {
        let repo = TestRepo::new();
        let script = repo.around().join("evil");
        let ran = repo.around().join("ran");
        std::fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", ran.display())).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        repo.write("a.x", "1\n").commit("base");
        let script = script.display().to_string();
        for key in [
            "core.fsmonitor",
            "filter.x.clean",
            "filter.x.smudge",
            "filter.x.process",
            "diff.external",
            "diff.x.textconv",
            "diff.x.command",
            "core.pager",
            "core.editor",
        ] {
            repo.git(&["config", key, &script]);
        }
        repo.write(".gitattributes", "* filter=x diff=x\n").write("a.x", "2\n");
        assert_eq!(lines(file(&work_tree(&repo), "a.x")), "-1|+2|");
        assert!(!ran.exists());
    }
}

// --- kinds of repositories ---

/// The sentence and the hint with which uncommitted work is refused.
fn refusal(repo: &TestRepo) -> (String, String) {
    let opened = Repo::open(&repo.path()).and_then(|r| r.load(&Request::new(Source::WorkTree)));
    let error = opened.map(|c| names(&c)).unwrap_err();
    (error.to_string(), error.hint().unwrap_or_default())
}

#[test]
fn what_libgit2_would_misread_is_refused_and_commits_are_read_all_the_same() {
    type Step = fn(&TestRepo);
    let rows: [(&str, &str, Step); 4] = [
        ("sparse checkout", "git sparse-checkout disable", |r| {
            drop(r.git(&["sparse-checkout", "set", "--no-cone", "d"]))
        }),
        ("sparse checkout", "git sparse-checkout disable", |r| {
            drop(r.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "d"]))
        }),
        ("split", "--no-split-index", |r| {
            drop(r.git(&["update-index", "--split-index"]))
        }),
        ("index is sparse", "--no-sparse-index", |r| {
            r.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "d"]);
            r.git(&["config", "--worktree", "core.sparseCheckout", "false"]);
        }),
    ];
    for (what, hint, step) in rows {
        let repo = TestRepo::new();
        repo.write("d/a", "1\n").write("e/b", "1\n").commit("base");
        step(&repo);
        let said = refusal(&repo);
        assert!(said.0.contains(what) && said.1.contains(hint), "{said:?}");
        assert_eq!(names(&commit(&repo, "HEAD")), ["A d/a", "A e/b"], "{what}");
    }
}

#[test]
fn what_libgit2_cannot_open_is_refused_by_name() {
    let reftable = TestRepo::with_init(&["--ref-format=reftable"]);
    let sha256 = TestRepo::with_init(&["--object-format=sha256"]);
    let partial = TestRepo::new();
    partial.git(&["config", "core.repositoryFormatVersion", "1"]);
    partial.git(&["config", "extensions.partialClone", "origin"]);
    let mapped = TestRepo::new();
    mapped.git(&["config", "core.repositoryFormatVersion", "1"]);
    mapped.git(&["config", "extensions.compatObjectFormat", "sha256"]);
    for (repo, what, hint) in [
        (&mapped, "second object format", "--unset extensions.compatObjectFormat"),
        (&reftable, "reftable", "git refs migrate"),
        (&sha256, "SHA-256", "git diff"),
        (&partial, "partial clone", "--filter"),
    ] {
        let said = refusal(repo);
        assert!(said.0.contains(what) && said.1.contains(hint), "{said:?}");
    }
}

#[test]
fn outside_any_repository_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Repo::open(dir.path()), Err(Error::NotARepository(_))));
    assert!(matches!(Repo::open(&dir.path().join("nope")), Err(Error::Io { .. })));
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_not_read_and_the_way_to_trust_it_is_shown() {
    let repo = TestRepo::new();
    // Only root can give files away; elsewhere there is nothing to test.
    if std::os::unix::fs::chown(repo.path().join(".git"), Some(12_345), None).is_err() {
        return;
    }
    std::os::unix::fs::chown(repo.path(), Some(12_345), None).unwrap();
    let error = Repo::open(&repo.path()).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::NotTrusted(_)), "{error}");
    assert!(
        error
            .hint()
            .unwrap()
            .contains("git config --global --add safe.directory '/")
    );
}

// --- history ---

#[test]
fn commits_are_listed_newest_first_and_counted_past_the_limit() {
    let repo = TestRepo::new();
    for n in 1..=4 {
        repo.write("a", format!("{n}\n")).commit(&format!("c{n}"));
    }
    let opened = open(&repo);
    let of = |spec: &str, limit| {
        let (commits, more) = opened.commits(spec, limit).unwrap();
        (commits.iter().map(|c| c.subject().to_owned()).collect::<Vec<_>>(), more)
    };
    assert_eq!(of("HEAD~3..", 10), (vec!["c4".into(), "c3".into(), "c2".into()], 0));
    assert_eq!(of("HEAD~3..HEAD", 2), (vec!["c4".into(), "c3".into()], 1));
    assert_eq!(of("HEAD~1", 2), (vec!["c3".into()], 0));
    let last: Vec<String> = opened
        .history(2)
        .unwrap()
        .iter()
        .map(|c| c.subject().to_owned())
        .collect();
    assert_eq!(last, ["c4", "c3"]);
    assert!(open(&TestRepo::new()).history(5).unwrap().is_empty());
}
