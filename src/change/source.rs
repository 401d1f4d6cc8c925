//! What was asked for, resolved: which two sides are compared, and which commits lie between them.

use super::{Commit, Error, Omitted, Remark, Repo, Request, Source, commits, error::Doing};

/// The new side of the comparison.
pub(super) enum New<'r> {
    /// A commit's tree.
    Tree(git2::Tree<'r>),
    /// What is staged.
    Index,
    /// The working tree, index included.
    Disk,
    /// The working tree against the index alone.
    DiskOverIndex,
}

/// The two sides and what belongs to them.
pub(super) struct Sides<'r> {
    /// The commit that policy is read from and the old side is of.
    pub base: Option<git2::Oid>,
    /// The old side; `None` for nothing. Unused when the old side is the index.
    pub old: Option<git2::Tree<'r>>,
    /// The new side.
    pub new: New<'r>,
    /// Commits from the old side to the new, newest first.
    pub commits: Vec<Commit>,
    /// What the resolution itself left out.
    pub omitted: Vec<Omitted>,
    /// What the resolution has to say.
    pub remarks: Vec<Remark>,
}

/// Finds the two sides of `request` in `repo`.
pub(super) fn resolve<'r>(repo: &'r Repo, request: &Request) -> Result<Sides<'r>, Error> {
    let mut sides = match &request.source {
        Source::WorkTree => uncommitted(repo, New::Disk)?,
        Source::Index => uncommitted(repo, New::Index)?,
        Source::Unstaged => uncommitted(repo, New::DiskOverIndex)?,
        Source::Commit { spec } => one_commit(repo, spec)?,
        Source::Range { spec } => range(repo, spec, request.limits.commits)?,
    };
    if request.all_files {
        sides.old = None;
        if matches!(sides.new, New::DiskOverIndex) {
            sides.new = New::Disk;
        }
    }
    Ok(sides)
}

fn tree<'r>(repo: &'r Repo, commit: git2::Oid) -> Result<git2::Tree<'r>, Error> {
    repo.git
        .find_commit(commit)
        .and_then(|commit| commit.tree())
        .doing("read a commit")
}

fn uncommitted<'r>(repo: &'r Repo, new: New<'r>) -> Result<Sides<'r>, Error> {
    repo.need_workdir()?;
    let base = repo.head_oid()?;
    Ok(Sides {
        base,
        old: base.map(|base| tree(repo, base)).transpose()?,
        new,
        commits: Vec::new(),
        omitted: Vec::new(),
        remarks: Vec::new(),
    })
}

/// A commit against its first parent, which for a merge is the branch that was merged into.
fn one_commit<'r>(repo: &'r Repo, spec: &str) -> Result<Sides<'r>, Error> {
    let oid = repo.resolve_oid(spec)?;
    let commit = repo.git.find_commit(oid).doing("read a commit")?;
    let base = commit.parent_ids().next();
    if base.is_none() && is_cut_off(repo, oid) {
        return Err(Error::Unsupported {
            what: format!(
                "the history of this shallow clone ends at {}: its parent is not here",
                commits::id(oid).short()
            ),
            hint: "fetch more of it: git fetch --deepen=1".into(),
        });
    }
    Ok(Sides {
        base,
        old: base.map(|base| tree(repo, base)).transpose()?,
        new: New::Tree(commit.tree().doing("read a tree")?),
        commits: vec![commits::Reader::new(&repo.git).read(oid)?],
        omitted: Vec::new(),
        remarks: Vec::new(),
    })
}

/// True when a shallow clone ends at this commit, so that having no parent means nothing.
fn is_cut_off(repo: &Repo, commit: git2::Oid) -> bool {
    let shallow = std::fs::read_to_string(repo.common_dir().join("shallow")).unwrap_or_default();
    let id = commit.to_string();
    shallow.lines().any(|line| line.trim() == id)
}

/// The ends of a range as typed: `A..B` and `A...B`, where a missing end is HEAD.
pub(super) fn ends(spec: &str) -> Option<(&str, &str)> {
    let (from, to) = spec.split_once("...").or_else(|| spec.split_once(".."))?;
    Some((or_head(from), or_head(to)))
}

fn or_head(end: &str) -> &str {
    if end.is_empty() { "HEAD" } else { end }
}

/// The commits of `B` that `A` does not have, and their net change. Where the two have parted, the net change is from the
/// commit they parted at, for both forms: the other branch's work undone is not this one's doing.
fn range<'r>(repo: &'r Repo, spec: &str, limit: u16) -> Result<Sides<'r>, Error> {
    let (from, to) = ends(spec).ok_or_else(|| Error::BadRevision {
        spec: spec.to_owned(),
        why: "is not a range".into(),
    })?;
    let (from, to) = (repo.resolve_oid(from)?, repo.resolve_oid(to)?);
    let (mut omitted, mut remarks) = (Vec::new(), Vec::new());
    let base = match repo.git.merge_base(from, to) {
        Ok(base) => base,
        Err(_) => {
            remarks.push(Remark {
                path: None,
                what: format!("the ends of {spec} share no history: everything that differs between them is shown"),
            });
            from
        }
    };
    let (commits, more) = commits::Reader::new(&repo.git).range(to, Some(from), limit)?;
    if more > 0 {
        omitted.push(Omitted {
            path: None,
            why: format!(
                "{more} older commits of the range are not listed: the limit is {limit}; their changes are shown"
            ),
        });
    }
    if commits
        .iter()
        .any(|c| c.parents.is_empty() && commits::oid(&c.id).is_ok_and(|oid| is_cut_off(repo, oid)))
    {
        omitted.push(Omitted {
            path: None,
            why: "the history of this shallow clone ends inside the range: older commits are missing".into(),
        });
    }
    Ok(Sides {
        base: Some(base),
        old: Some(tree(repo, base)?),
        new: New::Tree(tree(repo, to)?),
        commits,
        omitted,
        remarks,
    })
}
