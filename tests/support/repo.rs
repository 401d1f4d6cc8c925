//! A real git repository in a temporary folder, made by the `git` program and cut off from the machine's configuration.
//!
//! Identity and time are fixed, so that commit ids are the same on every run. Library tests include this file with
//! `#[path]`, test programs through `support`.

#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicI64, Ordering},
};

/// Who commits, unless a test says otherwise.
pub const ADA: (&str, &str) = ("Ada Byron", "ada@example.com");

/// A repository in a temporary folder that is deleted with it. The folder also holds the `HOME` that its `git` sees.
pub struct TestRepo {
    folder: PathBuf,
    /// Deletes the folder; nobody's when another process made it.
    _guard: Option<tempfile::TempDir>,
    /// Seconds since 1970 of the next commit; each commit is a minute later than the one before.
    clock: AtomicI64,
}

impl Default for TestRepo {
    fn default() -> Self {
        Self::new()
    }
}

impl TestRepo {
    /// An empty repository on branch `main`.
    pub fn new() -> Self {
        Self::with_init(&[])
    }

    /// The same, with more arguments for `git init`.
    pub fn with_init(arguments: &[&str]) -> Self {
        let guard = tempfile::tempdir().unwrap();
        let repo = Self {
            folder: guard.path().to_path_buf(),
            _guard: Some(guard),
            clock: AtomicI64::new(1_750_000_000),
        };
        fs::create_dir(repo.home()).unwrap();
        fs::create_dir(repo.path()).unwrap();
        repo.git(&[&["init", "-q", "-b", "main"], arguments].concat());
        // The library reads the real user's configuration too: the repository's own values win over it.
        for (key, value) in [
            ("user.name", ADA.0),
            ("user.email", ADA.1),
            ("core.autocrlf", "false"),
            ("core.excludesFile", "/dev/null"),
            ("core.attributesFile", "/dev/null"),
            ("commit.gpgSign", "false"),
            ("status.showUntrackedFiles", "normal"),
        ] {
            repo.git(&["config", key, value]);
        }
        repo
    }

    /// One that another process made around [`TestRepo::around`]; it is not deleted with this.
    pub fn existing(around: &Path) -> Self {
        Self {
            folder: around.to_path_buf(),
            _guard: None,
            clock: AtomicI64::new(1_750_000_000),
        }
    }

    /// The working tree.
    pub fn path(&self) -> PathBuf {
        self.folder.join("repo")
    }

    /// The home folder of the `git` that runs here, and of programs started with [`TestRepo::env`].
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The folder around both, for further worktrees or clones.
    pub fn around(&self) -> &Path {
        &self.folder
    }

    /// Cuts a command off from the machine: own home, no system or global git configuration, fixed identity.
    pub fn env(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let when = format!("{} +0000", self.clock.load(Ordering::Relaxed));
        command
            .env("HOME", self.home())
            .env("XDG_CONFIG_HOME", self.home().join(".config"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", &when)
            .env("GIT_COMMITTER_DATE", &when)
            .env("LC_ALL", "C");
    }

    /// Runs git in the working tree; its standard output without the last line ending. Panics when git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.path(), arguments)
    }

    /// The same in another folder.
    pub fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(folder);
        self.env(&mut command);
        let output = command.output().expect("the git program");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Deletes a file.
    pub fn remove(&self, path: impl AsRef<Path>) -> &Self {
        fs::remove_file(self.path().join(path)).unwrap();
        self
    }

    /// Stages everything.
    pub fn add(&self) -> &Self {
        self.git(&["add", "-A"]);
        self
    }

    /// Stages everything and commits it as [`ADA`]; the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.commit_as(ADA, message)
    }

    /// Stages everything and commits it with this author; the commit's id.
    pub fn commit_as(&self, author: (&str, &str), message: &str) -> String {
        self.clock.fetch_add(60, Ordering::Relaxed);
        let author = format!("--author={} <{}>", author.0, author.1);
        self.add();
        self.git(&[
            "commit",
            "-q",
            "--allow-empty",
            "--cleanup=verbatim",
            &author,
            "-m",
            message,
        ]);
        self.head()
    }

    /// The id of HEAD.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }
}
