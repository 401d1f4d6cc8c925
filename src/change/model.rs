//! What is under review, as plain data: a change is made of files, a file of hunks, a hunk of lines.

use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// A path inside the repository, as git stores it: bytes, `/`-separated, relative, perhaps not UTF-8.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(Arc<[u8]>);

impl RepoPath {
    /// Takes the bytes as git gave them.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(Arc::from(bytes.as_ref()))
    }

    /// The bytes git stores.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// For messages and matching: lossy, and **not yet safe to draw** (see [`crate::text`]'s safe text for that).
    #[must_use]
    pub fn lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The last component.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|b| *b == b'/').next().unwrap_or_default()
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.lossy())
    }
}

/// A git object id in lower-case hex (40 or 64 characters). Opaque outside `change` and `record`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId(pub Arc<str>);

impl ObjectId {
    /// The first eight characters, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which change is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Source {
    /// Staged, unstaged and (as `status.showUntrackedFiles` says) untracked files against HEAD.
    WorkTree,
    /// What is staged, against HEAD.
    Index,
    /// Working tree against the index, untracked included.
    Unstaged,
    /// One commit against its first parent (a root commit: against nothing).
    Commit {
        /// What the person typed.
        spec: String,
    },
    /// The net change of a range `base..head`.
    Range {
        /// What the person typed.
        spec: String,
    },
}

/// The change under review.
#[derive(Clone, Debug)]
pub struct Change {
    /// What was asked for.
    pub source: Source,
    /// The commit that the old side is, and that policy is read from; HEAD for unstaged work, whose old side is the index.
    /// `None` for a root commit and before the first commit.
    pub base: Option<ObjectId>,
    /// The tree of the new side when it is a commit; `None` for the working tree (use the index or write it when recording).
    pub tree: Option<ObjectId>,
    /// Commits that make up the change, newest first; empty for uncommitted work.
    pub commits: Vec<Commit>,
    /// Changed files, sorted by path.
    pub files: Vec<FileChange>,
    /// What is missing from [`Change::files`], and why. Never silent. A file that is there without its text says so itself, by
    /// its [`Body`].
    pub omitted: Vec<Omitted>,
    /// Where a file is shown differently than git would show it, or less is known of it.
    pub remarks: Vec<Remark>,
}

/// One commit of the change, with everything origin detection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: ObjectId,
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents.
    pub parents: Vec<ObjectId>,
    /// Author identity.
    pub author: Identity,
    /// Committer identity.
    pub committer: Identity,
    /// Author time, seconds since 1970 and the offset from UTC in minutes.
    pub time: (i64, i32),
    /// The whole message, lossily decoded by the commit's own encoding; untrusted.
    pub message: String,
    /// True when it carries a signature header.
    pub signed: bool,
    /// Notes on it, by full ref name (`refs/notes/ai`, ...); untrusted.
    pub notes: Vec<(String, String)>,
}

impl Commit {
    /// The first line of the message.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// A name and an e-mail address, as claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// Display name: proves nothing.
    pub name: String,
    /// Address: what origin detection goes by.
    pub email: String,
}

/// How a file changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// New in the change.
    Added,
    /// Content or mode changed.
    Modified,
    /// Gone.
    Deleted,
    /// Moved, perhaps edited.
    Renamed,
    /// Copied from another file, perhaps edited.
    Copied,
    /// File became symlink, submodule became folder, and the like.
    TypeChanged,
}

/// Where uncommitted work stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Differs between HEAD and the index.
    pub staged: bool,
    /// Differs between the index and the working tree.
    pub unstaged: bool,
    /// Not in the index.
    pub untracked: bool,
}

/// One changed file.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// Path on the new side (on the old side when deleted).
    pub path: RepoPath,
    /// Path on the old side when renamed or copied.
    pub old_path: Option<RepoPath>,
    /// How it changed.
    pub status: Status,
    /// Where uncommitted work stands; all false for commits.
    pub stage: Stage,
    /// The old side; `None` when added.
    pub old: Option<Side>,
    /// The new side; `None` when deleted.
    pub new: Option<Side>,
    /// Text with hunks, or the reason there are none.
    pub body: Body,
}

/// One side of a file.
#[derive(Clone, Debug)]
pub struct Side {
    /// git file mode, octal as git writes it (`0o100644`, `0o100755`, `0o120000`, `0o160000`).
    pub mode: u32,
    /// Blob id of the content (computed for working-tree files too, so that content has one identity everywhere).
    pub blob: ObjectId,
    /// Size in bytes.
    pub size: u64,
    /// The bytes, when they were read (text within the limits).
    pub text: Option<Arc<[u8]>>,
}

/// What a changed file holds.
#[derive(Clone, Debug)]
pub enum Body {
    /// Text; hunks in order. Empty when only the mode or the name changed.
    Text {
        /// The hunks.
        hunks: Vec<Hunk>,
    },
    /// Not text (a NUL byte early on, or marked so).
    Binary,
    /// A symbolic link: old and new target, as bytes.
    Symlink {
        /// Target before.
        from: Option<Vec<u8>>,
        /// Target now.
        to: Option<Vec<u8>>,
    },
    /// A submodule that points elsewhere.
    Submodule {
        /// Commit before.
        from: Option<ObjectId>,
        /// Commit now.
        to: Option<ObjectId>,
        /// True when its own working tree has changes.
        dirty: bool,
    },
    /// A Git LFS pointer: the content is not here.
    LfsPointer {
        /// Size of the real content in bytes, as the pointer claims.
        size: Option<u64>,
    },
    /// Over the size limit; not read.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// On both sides.
    Context,
    /// Only on the new side.
    Added,
    /// Only on the old side.
    Removed,
}

/// One line of a hunk. Its text is a span of its side's bytes (old for removed, new otherwise), without the line ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Context, added or removed.
    pub kind: LineKind,
    /// 1-based line on the old side; 0 when added.
    pub old: u32,
    /// 1-based line on the new side; 0 when removed.
    pub new: u32,
    /// Its bytes in the old side's text when removed, in the new side's otherwise.
    pub span: Span,
    /// True when the line has no line ending (last line of a file without a final newline).
    pub no_eol: bool,
    /// Which commit of [`Change::commits`] brought it (index), for ranges.
    pub commit: Option<u16>,
}

/// Identity of a hunk: a digest of its path and its added and removed lines, without line numbers, so that it survives a
/// rebase and drops when its content changes. Hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HunkId(pub Arc<str>);

/// A run of changed lines with context around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Content identity.
    pub id: HunkId,
    /// First line on the old side, 1-based (0 when the old side is empty).
    pub old_start: u32,
    /// Lines on the old side.
    pub old_lines: u32,
    /// First line on the new side, 1-based (0 when the new side is empty).
    pub new_start: u32,
    /// Lines on the new side.
    pub new_lines: u32,
    /// The enclosing definition as git would print it after `@@`; untrusted.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Something that is not in [`Change::files`], and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Omitted {
    /// The path, when it is about one.
    pub path: Option<RepoPath>,
    /// A sentence for people, without a full stop.
    pub why: String,
}

/// Something to know about how the change is shown. Nothing is missing because of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The path, when it is about one.
    pub path: Option<RepoPath>,
    /// A sentence for people, without a full stop.
    pub what: String,
}

impl Change {
    /// A change in which nothing changed.
    #[must_use]
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            base: None,
            tree: None,
            commits: Vec::new(),
            files: Vec::new(),
            omitted: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl FileChange {
    /// The hunks; none when the body is not text.
    #[must_use]
    pub fn hunks(&self) -> &[Hunk] {
        match &self.body {
            Body::Text { hunks } => hunks,
            _ => &[],
        }
    }

    /// The new side's bytes, when read.
    #[must_use]
    pub fn new_text(&self) -> Option<&Arc<[u8]>> {
        self.new.as_ref()?.text.as_ref()
    }

    /// The old side's bytes, when read.
    #[must_use]
    pub fn old_text(&self) -> Option<&Arc<[u8]>> {
        self.old.as_ref()?.text.as_ref()
    }

    /// Lines added and removed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let of = |kind| {
            self.hunks()
                .iter()
                .flat_map(|h| &h.lines)
                .filter(|l| l.kind == kind)
                .count()
        };
        (of(LineKind::Added), of(LineKind::Removed))
    }
}
