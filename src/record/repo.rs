//! The repository that is written to: where it is, what HEAD is, who the reviewer is.

use super::{
    environment::Environment,
    error::{RecordError, Result},
    git::Git,
    settings::Settings,
};
use crate::change::{Identity, ObjectId};
use std::path::{Path, PathBuf};

/// An opened repository. Holds no handle and no lock; everything is asked anew where it matters.
#[derive(Clone, Debug)]
pub struct Repo {
    /// The hardened git, working in the top of the working tree (or in the git directory of a bare repository).
    pub git: Git,
    /// This worktree's own git directory (HEAD, index).
    pub git_dir: PathBuf,
    /// The git directory that all worktrees share (objects, refs, the journal).
    pub common_dir: PathBuf,
    /// The top of the working tree; `None` in a bare repository.
    pub work_tree: Option<PathBuf>,
    /// git's configuration.
    pub settings: Settings,
    /// Characters of an object id: 40 or 64.
    pub hex: usize,
}

/// What HEAD is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The full name of the branch; `None` when detached.
    pub branch: Option<String>,
    /// The commit; `None` when the branch is unborn.
    pub id: Option<ObjectId>,
}

impl Head {
    /// For messages: `branch main` or `the detached HEAD`.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.branch {
            Some(name) => format!("branch {}", name.strip_prefix("refs/heads/").unwrap_or(name)),
            None => "the detached HEAD".into(),
        }
    }
}

impl Repo {
    /// Opens the repository that holds `dir`.
    ///
    /// # Errors
    /// When there is none, git refuses it (another owner, say), or there is no git program.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, Environment::of_process())
    }

    /// The same with an environment of the caller's.
    ///
    /// # Errors
    /// See [`Repo::open`].
    pub fn open_with(dir: &Path, environment: Environment) -> Result<Self> {
        let git = Git::at(dir, environment)?;
        let ask = |what: &str| git.text(["rev-parse", "--path-format=absolute", what]);
        let git_dir = PathBuf::from(ask("--git-dir")?);
        let common_dir = PathBuf::from(ask("--git-common-dir")?);
        let bare = ask("--is-inside-work-tree")? != "true";
        let work_tree = if bare {
            None
        } else {
            Some(PathBuf::from(ask("--show-toplevel")?))
        };
        let hex = if git.text(["rev-parse", "--show-object-format"])? == "sha256" {
            64
        } else {
            40
        };
        let settings = Settings::read(&git)?;
        let mut git = git.in_dir(work_tree.as_deref().unwrap_or(&git_dir));
        // Hooks may also come from configuration in newer gits; none of them runs either.
        for name in settings
            .middles("hook", "command")
            .chain(settings.middles("hook", "event"))
        {
            git = git
                .with_setting(format!("hook.{name}.enabled=false"))
                .with_setting(format!("hook.{name}.event="));
        }
        Ok(Self {
            git,
            git_dir,
            common_dir,
            work_tree,
            settings,
            hex,
        })
    }

    /// The id that means "no object".
    #[must_use]
    pub fn zero(&self) -> ObjectId {
        ObjectId("0".repeat(self.hex).into())
    }

    /// What HEAD is now.
    ///
    /// # Errors
    /// When git cannot tell.
    pub fn head(&self) -> Result<Head> {
        let output = self.git.call(["symbolic-ref", "-q", "HEAD"]).output()?;
        let branch = output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        Ok(Head {
            branch,
            id: self.resolve("HEAD^{commit}")?,
        })
    }

    /// The object a revision names; `None` when there is none.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn resolve(&self, revision: &str) -> Result<Option<ObjectId>> {
        let output = self
            .git
            .call(["rev-parse", "-q", "--verify", "--end-of-options", revision])
            .output()?;
        if !output.status.success() {
            return Ok(None);
        }
        self.id(&String::from_utf8_lossy(&output.stdout)).map(Some)
    }

    /// Reads an object id that git printed.
    pub(super) fn id(&self, text: &str) -> Result<ObjectId> {
        let text = text.trim();
        if text.len() == self.hex && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Ok(ObjectId(text.into()));
        }
        Err(RecordError::Unreadable {
            what: "an object id".into(),
            why: format!("{text:?} is none"),
        })
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// When it is no commit.
    pub fn tree_of(&self, commit: &ObjectId) -> Result<ObjectId> {
        self.id(&self.git.text([
            "rev-parse",
            "--verify",
            "--end-of-options",
            &format!("{commit}^{{tree}}"),
        ])?)
    }

    /// Who records, as git's configuration and environment say, with the time in git's own form (`Ada <ada@x> 1700000000 +0100`).
    ///
    /// # Errors
    /// When no name or address is configured.
    pub fn committer(&self) -> Result<Signature> {
        let text = self.git.text(["var", "GIT_COMMITTER_IDENT"]).map_err(|_| {
            RecordError::refused(
                "git does not know who you are",
                "Set your name and address: git config --global user.name \"…\"; git config --global user.email …",
            )
        })?;
        Signature::parse(&text).ok_or_else(|| RecordError::Unreadable {
            what: "your identity".into(),
            why: format!("{text:?}"),
        })
    }
}

/// A name, an address and a time, as they stand in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who.
    pub who: Identity,
    /// Seconds since 1970 and offset, as git writes them: `1700000000 +0100`.
    pub when: String,
}

impl Signature {
    /// Reads `Name <email> seconds offset`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (who, when) = text.rsplit_once("> ")?;
        let (name, email) = who.split_once('<')?;
        Some(Self {
            who: Identity {
                name: name.trim().into(),
                email: email.trim().into(),
            },
            when: when.trim().into(),
        })
    }
}

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} <{}> {}", self.who.name, self.who.email, self.when)
    }
}
