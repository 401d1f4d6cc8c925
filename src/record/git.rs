//! The `git` program, called so that nothing of the reviewed repository runs.
//!
//! Recording writes through git's plumbing rather than libgit2, because libgit2 loses headers, signatures and whole repository
//! kinds (sha256, reftable, sparse and split indexes). Every call goes through here and is hardened in the same way: hooks point at
//! an empty private folder, no fsmonitor, pager, editor, prompt, network or replace refs, arguments as a vector, and a cleaned
//! [`Environment`]. Commands that run filters or external diffs are never used; see [`super::content`] for how bytes get into
//! blobs.

use super::{
    environment::Environment,
    error::{RecordError, Result},
    printable,
};
use std::{
    ffi::{OsStr, OsString},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    sync::Arc,
};
use tempfile::TempDir;

/// Settings that every call overrides.
const OVERRIDES: &[&str] = &[
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.editor=:",
    "core.askPass=",
    "core.sshCommand=false",
    "core.alternateRefsCommand=",
    "credential.helper=",
    "protocol.allow=never",
    "diff.external=",
    "color.ui=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "submodule.recurse=false",
    // An audit trail must not carry an identity that git made up from the host's name.
    "user.useConfigOnly=true",
];

/// A hardened `git` for one folder. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    dir: PathBuf,
    hooks: Arc<TempDir>,
    extra: Vec<String>,
    environment: Arc<Environment>,
    for_git: Arc<Environment>,
}

impl Git {
    /// A git that works in `dir` and sees of `environment` what it may.
    ///
    /// # Errors
    /// When there is no git program outside the reviewed tree, or no private folder can be made.
    pub fn at(dir: &Path, environment: Environment) -> Result<Self> {
        let program = environment.find_program("git", dir).ok_or(RecordError::NoGit)?;
        let hooks = tempfile::Builder::new()
            .prefix("countersign-no-hooks-")
            .tempdir()
            .map_err(RecordError::io("make a private folder in", std::env::temp_dir()))?;
        Ok(Self {
            program,
            dir: dir.to_path_buf(),
            hooks: Arc::new(hooks),
            extra: Vec::new(),
            for_git: Arc::new(environment.for_git()),
            environment: Arc::new(environment),
        })
    }

    /// The environment it was given, for other programs.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The same git with one more setting overridden (`key=value`).
    #[must_use]
    pub fn with_setting(mut self, setting: String) -> Self {
        self.extra.push(setting);
        self
    }

    /// The same git for another folder.
    #[must_use]
    pub fn in_dir(&self, dir: &Path) -> Self {
        Self {
            dir: dir.to_path_buf(),
            ..self.clone()
        }
    }

    /// Where it works.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Begins a call.
    pub fn call<I, S>(&self, args: I) -> Call<'_>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let args = args.into_iter().map(|a| a.as_ref().to_owned()).collect();
        Call {
            git: self,
            args,
            stdin: Vec::new(),
            env: Vec::new(),
            overridden: true,
        }
    }

    /// Runs and gives standard output without its last line ending.
    ///
    /// # Errors
    /// When git fails or says something that is not UTF-8.
    pub fn text<I, S>(&self, args: I) -> Result<String>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.call(args).text()
    }
}

/// One call of git being put together.
#[derive(Debug)]
pub struct Call<'a> {
    git: &'a Git,
    args: Vec<OsString>,
    stdin: Vec<u8>,
    env: Vec<(&'static str, OsString)>,
    overridden: bool,
}

impl Call<'_> {
    /// What git reads.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// One more environment variable.
    #[must_use]
    pub fn env(mut self, key: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((key, value.as_ref().to_owned()));
        self
    }

    /// Without our settings on top: only for asking what the configuration is. `git config` runs nothing.
    #[must_use]
    pub(super) fn without_overrides(mut self) -> Self {
        self.overridden = false;
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.git.program);
        command.env_clear().envs(self.git.for_git.all());
        command.arg("-C").arg(&self.git.dir);
        command.args(["--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"]);
        if self.overridden {
            let mut hooks = OsString::from("core.hooksPath=");
            hooks.push(self.git.hooks.path());
            command.arg("-c").arg(hooks);
            for setting in OVERRIDES
                .iter()
                .copied()
                .chain(self.git.extra.iter().map(String::as_str))
            {
                command.args(["-c", setting]);
            }
        }
        command.args(&self.args).envs(self.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Runs; a non-zero exit is no error here.
    ///
    /// # Errors
    /// When the program cannot be started or its pipes break.
    pub fn output(self) -> Result<Output> {
        feed(self.command(), &self.stdin).map_err(RecordError::io("run", &self.git.program))
    }

    /// Starts a git that is talked to line by line.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn converse(self) -> Result<Conversation> {
        let mut command = self.command();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(RecordError::io("run", &self.git.program))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        Ok(Conversation {
            command: describe(&self.args),
            child,
            stdin,
            stdout,
        })
    }

    /// Runs and gives standard output.
    ///
    /// # Errors
    /// When git cannot be run or fails.
    pub fn bytes(self) -> Result<Vec<u8>> {
        let command = describe(&self.args);
        let output = self.output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = printable::line(&String::from_utf8_lossy(&output.stderr), 600);
        let said = if said.is_empty() {
            output.status.to_string()
        } else {
            said
        };
        Err(RecordError::Git { command, said })
    }

    /// Runs and gives standard output as text without its last line ending.
    ///
    /// # Errors
    /// When git cannot be run or fails, or says something that is not UTF-8.
    pub fn text(self) -> Result<String> {
        let what = describe(&self.args);
        let mut text = String::from_utf8(self.bytes()?).map_err(|e| RecordError::Unreadable {
            what: format!("what `git {what}` says"),
            why: e.to_string(),
        })?;
        if text.ends_with('\n') {
            text.pop();
        }
        Ok(text)
    }

    /// Runs; true when git exits with 0.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn succeeds(self) -> Result<bool> {
        Ok(self.output()?.status.success())
    }
}

/// A git that answers. When we die, it reads the end of its input and gives up what it has not been told to finish.
#[derive(Debug)]
pub(super) struct Conversation {
    command: String,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Conversation {
    /// Says something. Whether git has heard it shows in its answer or its end.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        let said = self
            .stdin
            .as_mut()
            .map(|pipe| pipe.write_all(bytes).and_then(|()| pipe.flush()));
        if !matches!(said, Some(Ok(()))) {
            self.stdin = None;
        }
    }

    /// Waits for the line `answer`; false when git ends without saying it.
    pub(super) fn hears(&mut self, answer: &str) -> bool {
        let Some(stdout) = &mut self.stdout else { return false };
        stdout
            .lines()
            .map_while(std::result::Result::ok)
            .any(|line| line == answer)
    }

    /// Lets git end.
    ///
    /// # Errors
    /// When it ends with anything but success; its own words.
    pub(super) fn finish(mut self) -> Result<()> {
        self.stdin = None;
        let output = self.child.wait_with_output().map_err(RecordError::io("run", "git"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = printable::line(&String::from_utf8_lossy(&output.stderr), 600);
        Err(RecordError::Git {
            command: self.command,
            said,
        })
    }
}

/// Starts `command`, writes `stdin` while reading what it says, and waits.
pub(super) fn feed(mut command: Command, stdin: &[u8]) -> io::Result<Output> {
    command.stdin(if stdin.is_empty() {
        Stdio::null()
    } else {
        Stdio::piped()
    });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || match pipe {
            // A program that stops reading early says why by its exit code, not by our broken pipe.
            Some(mut pipe) => match pipe.write_all(stdin) {
                Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e),
                _ => Ok(()),
            },
            None => Ok(()),
        });
        let output = child.wait_with_output();
        match writer.join() {
            Ok(Ok(())) => output,
            Ok(Err(e)) => Err(e),
            Err(_) => Err(io::Error::other("the writer of standard input stopped")),
        }
    })
}

/// The subcommand with its first arguments, for messages.
fn describe(args: &[OsString]) -> String {
    let words: Vec<_> = args.iter().take(4).map(|a| a.to_string_lossy()).collect();
    printable::line(&words.join(" "), 120)
}
