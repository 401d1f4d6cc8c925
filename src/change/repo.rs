//! An opened repository: what later stages may ask of it besides the change itself. Reading only; recording has its own way
//! into git.

use super::{Commit, Error, ObjectId, RepoPath, WorkFile, commits, error::Doing, probe, source, worktree};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A repository, opened for reading.
pub struct Repo {
    pub(super) git: git2::Repository,
    /// The folder that path arguments are relative to.
    pub(super) cwd: PathBuf,
}

impl Repo {
    /// Opens the repository that holds `dir`, or the one that git's own environment variables name (as in a hook).
    ///
    /// # Errors
    /// There is none, git does not trust it, or it is of a kind that cannot be read correctly; each with what to do.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let cwd = dir.canonicalize().map_err(|source| Error::Io {
            path: dir.to_path_buf(),
            source,
        })?;
        let opened = if env::var_os("GIT_DIR").is_some() {
            git2::Repository::open_from_env()
        } else {
            git2::Repository::open_ext(&cwd, git2::RepositoryOpenFlags::FROM_ENV, [] as [&Path; 0])
        };
        match opened {
            Ok(git) => Ok(Self { git, cwd }),
            Err(error) => Err(probe::explain(&cwd, &error)),
        }
    }

    /// The git directory of this worktree (`.git`, or `.git/worktrees/NAME`).
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        self.git.path()
    }

    /// The git directory that all worktrees of the repository share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        self.git.commondir()
    }

    /// The root of the working tree; `None` when the repository is bare.
    #[must_use]
    pub fn workdir(&self) -> Option<&Path> {
        self.git.workdir()
    }

    /// The root of the working tree.
    pub(super) fn need_workdir(&self) -> Result<PathBuf, Error> {
        self.git.workdir().map(Path::to_path_buf).ok_or(Error::Bare)
    }

    /// The commit that HEAD is; `None` before the first commit.
    ///
    /// # Errors
    /// HEAD cannot be read.
    pub fn head(&self) -> Result<Option<Commit>, Error> {
        match self.head_oid()? {
            Some(oid) => commits::Reader::new(&self.git).read(oid).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn head_oid(&self) -> Result<Option<git2::Oid>, Error> {
        match self.git.head() {
            Ok(head) => Ok(Some(head.peel_to_commit().doing("read HEAD")?.id())),
            Err(e) if matches!(e.code(), git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound) => Ok(None),
            Err(e) => Err(e).doing("read HEAD"),
        }
    }

    /// The branch HEAD is on, in full (`refs/heads/main`), born or not; `None` when HEAD is detached.
    #[must_use]
    pub fn branch(&self) -> Option<String> {
        let head = self.git.find_reference("HEAD").ok()?;
        let target = head.symbolic_target_bytes()?;
        Some(String::from_utf8_lossy(target).into_owned())
    }

    /// The commit that `spec` names.
    ///
    /// # Errors
    /// It names nothing, or something that is no commit.
    pub fn resolve(&self, spec: &str) -> Result<ObjectId, Error> {
        self.resolve_oid(spec).map(commits::id)
    }

    pub(super) fn resolve_oid(&self, spec: &str) -> Result<git2::Oid, Error> {
        let bad = |why: &str| Error::BadRevision {
            spec: spec.to_owned(),
            why: why.to_owned(),
        };
        let object = self.git.revparse_single(spec).map_err(|e| match e.code() {
            git2::ErrorCode::Ambiguous => bad("is short for more than one object"),
            git2::ErrorCode::InvalidSpec => bad("is not how git names a revision"),
            _ => bad("names nothing in this repository"),
        })?;
        let commit = object
            .peel_to_commit()
            .map_err(|_| bad("names something that is not a commit"))?;
        Ok(commit.id())
    }

    /// The commits that `spec` names, newest first, children before parents: those of a range, or the commit itself. Of more
    /// than `limit`, the newest, and how many are missing.
    ///
    /// # Errors
    /// It names nothing, or the history cannot be read.
    pub fn commits(&self, spec: &str, limit: u16) -> Result<(Vec<Commit>, usize), Error> {
        let reader = commits::Reader::new(&self.git);
        match source::ends(spec) {
            Some((from, to)) => reader.range(self.resolve_oid(to)?, Some(self.resolve_oid(from)?), limit),
            None => Ok((vec![reader.read(self.resolve_oid(spec)?)?], 0)),
        }
    }

    /// The last `limit` commits of HEAD, newest first, children before parents; none before the first commit.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn history(&self, limit: u16) -> Result<Vec<Commit>, Error> {
        match self.head_oid()? {
            Some(head) => Ok(commits::Reader::new(&self.git).newest(head, limit)?),
            None => Ok(Vec::new()),
        }
    }

    /// The bytes of an ordinary file of a commit; `None` when the commit has none at `path`.
    ///
    /// # Errors
    /// The commit or the blob cannot be read.
    pub fn file_at(&self, commit: &ObjectId, path: &RepoPath) -> Result<Option<Vec<u8>>, Error> {
        let commit = self.git.find_commit(commits::oid(commit)?).doing("read a commit")?;
        let tree = commit.tree().doing("read a tree")?;
        match entry_at(&self.git, tree, path)? {
            Some((oid, mode)) if mode & 0o170_000 == 0o100_000 => {
                let blob = self.git.find_blob(oid).doing("read a blob")?;
                Ok(Some(blob.content().to_vec()))
            }
            _ => Ok(None),
        }
    }

    /// What stands at `path` in the working tree now, as it is on disk. Files above `limit` bytes are not read.
    ///
    /// # Errors
    /// The repository is bare, the path leads out of the working tree, or the system refuses.
    pub fn read_work_file(&self, path: &RepoPath, limit: u64) -> Result<WorkFile, Error> {
        worktree::read(&self.need_workdir()?, path, limit).map_err(|source| Error::Io {
            path: PathBuf::from(path.lossy().into_owned()),
            source,
        })
    }

    /// A value of git's configuration as git sees it here, the repository's own included: untrusted.
    pub(super) fn setting(&self, key: &str) -> Option<String> {
        self.git.config().ok()?.get_string(key).ok()
    }
}

/// Id and mode of what a tree has at `path`, followed byte by byte, since a path need not be one of this system's.
pub(super) fn entry_at(
    repo: &git2::Repository,
    tree: git2::Tree<'_>,
    path: &RepoPath,
) -> Result<Option<(git2::Oid, u32)>, Error> {
    let mut tree = tree;
    let mut components = path.bytes().split(|b| *b == b'/').peekable();
    while let Some(name) = components.next() {
        let Some(entry) = tree.get_name_bytes(name) else {
            return Ok(None);
        };
        let (oid, mode) = (entry.id(), entry.filemode().cast_unsigned());
        if components.peek().is_none() {
            return Ok(Some((oid, mode)));
        }
        if mode != 0o040_000 {
            return Ok(None);
        }
        let inner = repo.find_tree(oid).doing("read a tree")?;
        drop(entry);
        tree = inner;
    }
    Ok(None)
}
