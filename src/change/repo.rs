//! An opened repository: what later stages may ask of it besides the change itself. Reading only.

use super::{Commit, Error, ObjectId, RepoPath, WorkFile, commits, error::Doing, probe, worktree};
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

    /// One commit.
    ///
    /// # Errors
    /// It does not exist or cannot be read.
    pub fn commit(&self, id: &ObjectId) -> Result<Commit, Error> {
        commits::Reader::new(&self.git).read(commits::oid(id)?)
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// It does not exist or cannot be read.
    pub fn blob(&self, id: &ObjectId) -> Result<Vec<u8>, Error> {
        let blob = self.git.find_blob(commits::oid(id)?).doing("read a blob")?;
        Ok(blob.content().to_vec())
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

    /// Remote-tracking branches and tags that contain the commit, by full name: while there are any, it must be taken as
    /// published. What they say may be out of date, so that an empty answer proves nothing.
    ///
    /// # Errors
    /// References or history cannot be read.
    pub fn published_in(&self, commit: &ObjectId) -> Result<Vec<String>, Error> {
        let commit = commits::oid(commit)?;
        let mut found = Vec::new();
        for glob in ["refs/remotes/*", "refs/tags/*"] {
            for reference in self.git.references_glob(glob).doing("list references")?.flatten() {
                let Ok(tip) = reference.peel_to_commit() else {
                    continue;
                };
                let contains = tip.id() == commit
                    || self
                        .git
                        .graph_descendant_of(tip.id(), commit)
                        .doing("walk the history")?;
                if contains {
                    found.push(String::from_utf8_lossy(reference.name_bytes()).into_owned());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The operation in progress (a merge, a rebase, ...), as in "a merge is in progress"; `None` when there is none.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        use git2::RepositoryState as S;
        match self.git.state() {
            S::Clean => None,
            S::Merge => Some("a merge"),
            S::Revert | S::RevertSequence => Some("a revert"),
            S::CherryPick | S::CherryPickSequence => Some("a cherry-pick"),
            S::Bisect => Some("a bisection"),
            S::Rebase | S::RebaseInteractive | S::RebaseMerge => Some("a rebase"),
            S::ApplyMailbox | S::ApplyMailboxOrRebase => Some("applying of patches"),
        }
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
