//! The way from a request to a [`Change`]: resolve, compare, read, pair, build, attribute.

use super::{
    Body, Change, Error, LineKind, Omitted, Remark, Repo, RepoPath, Request, attribute,
    attributes::Attributes,
    bodies, commits,
    contents::{Content, Loaded, Reader},
    deltas::{self, Delta},
    hidden, paths, probe, renames,
    source::{self, New},
};
use std::path::Path;

/// A path that differs, with its sides read.
pub(super) struct Item {
    pub delta: Delta,
    pub old: Option<Loaded>,
    pub new: Option<Loaded>,
    /// Set when the old side is of another path.
    pub old_path: Option<RepoPath>,
    /// With `old_path`: the other path is still there.
    pub copied: bool,
}

impl Repo {
    /// Loads the change that `request` names.
    ///
    /// # Errors
    /// The request names nothing, or this kind of repository cannot be read correctly. A single file that cannot be read
    /// is no error: it is listed in [`Change::omitted`].
    pub fn load(&self, request: &Request) -> Result<Change, Error> {
        probe::readable(&self.git, &request.source)?;
        let root = self.workdir().unwrap_or(Path::new(""));
        let specs = paths::pathspecs(root, &self.cwd, &request.paths)?;
        let sides = source::resolve(self, request)?;
        let found = deltas::between(self, &sides, &specs)?;
        let on_disk = matches!(sides.new, New::Disk | New::DiskOverIndex);
        let mut change = Change {
            base: sides.base.map(commits::id),
            tree: match &sides.new {
                New::Tree(tree) => Some(commits::id(tree.id())),
                _ => None,
            },
            commits: sides.commits,
            omitted: [sides.omitted, found.omitted].concat(),
            remarks: [sides.remarks, found.remarks].concat(),
            ..Change::empty(request.source.clone())
        };
        if on_disk {
            change.omitted.extend(hidden::in_working_tree(self));
        }
        let deltas = found.found.into_values().collect();
        let mut items = self.read(deltas, request, on_disk, &mut change.omitted)?;
        if !renames::pair(&mut items) {
            change.remarks.push(Remark {
                path: None,
                what: "too many files for a search for similar ones: only identical files were seen as moved or copied"
                    .into(),
            });
        }
        let attributes = Attributes::new(self, on_disk);
        for item in items {
            let file = bodies::build(item, request.context, &attributes, &mut change)?;
            change.files.extend(file);
        }
        bodies::in_order(&mut change);
        self.attribute(&mut change)?;
        Ok(change)
    }

    /// Marks the lines with the commits that brought them.
    fn attribute(&self, change: &mut Change) -> Result<(), Error> {
        if let [_] = &change.commits[..] {
            for file in &mut change.files {
                if let Body::Text { hunks } = &mut file.body {
                    let lines = hunks.iter_mut().flat_map(|h| &mut h.lines);
                    lines
                        .filter(|l| l.kind != LineKind::Context)
                        .for_each(|l| l.commit = Some(0));
                }
            }
        } else if !attribute::mark(&self.git, &change.commits, &mut change.files)? {
            change.remarks.push(Remark {
                path: None,
                what: "too much history to tell for every line which commit brought it".into(),
            });
        }
        Ok(())
    }

    /// Reads both sides of each delta, as far as the limits go.
    fn read(
        &self,
        mut deltas: Vec<Delta>,
        request: &Request,
        on_disk: bool,
        omitted: &mut Vec<Omitted>,
    ) -> Result<Vec<Item>, Error> {
        let limit = request.limits.files;
        for over in deltas.drain(limit.min(deltas.len())..) {
            omitted.push(Omitted {
                path: Some(over.path),
                why: format!("left out: more than {limit} files changed"),
            });
        }
        let mut reader = Reader::new(self, request.limits, on_disk)?;
        let mut items = Vec::with_capacity(deltas.len());
        for delta in deltas {
            match read_one(&mut reader, delta.clone()) {
                Ok(item) => items.extend(item),
                Err(error) => omitted.push(Omitted {
                    path: Some(delta.path),
                    why: error.to_string(),
                }),
            }
        }
        Ok(items)
    }
}

/// Reads both sides; `None` when it is no change after all.
fn read_one(reader: &mut Reader<'_>, delta: Delta) -> Result<Option<Item>, Error> {
    let old = delta.old.map(|blob| reader.stored(blob)).transpose()?;
    if let Some(Content::Lfs { pointer, .. }) = old.as_ref().map(|l| &l.content)
        && delta.new.is_some()
        && reader.is_checked_out(&delta.path, pointer)
    {
        return Ok(None);
    }
    let new = match delta.new {
        Some(blob) => reader.new_side(&delta.path, blob)?,
        None => None,
    };
    Ok(Some(Item {
        delta,
        old,
        new,
        old_path: None,
        copied: false,
    }))
}
