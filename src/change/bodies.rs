//! Two loaded sides to a [`FileChange`]: what kind of change it is, its hunks, or why it has none.
//!
//! The new side decides how a file is shown (the old one when it is deleted), so that content which was out of reach before
//! and is text now appears in full.

use super::{
    Body, Change, Error, FileChange, ObjectId, Omitted, Remark, Status,
    attributes::Attributes,
    contents::{Content, LINK, Loaded, SUBMODULE},
    hunks::{self, Compare},
    load::Item,
};
use std::sync::Arc;

/// Makes the file of the change; `None` when both sides are the same after all. What there is to say of it goes to `change`.
pub(super) fn build(
    item: Item,
    context: u32,
    attributes: &Attributes<'_>,
    change: &mut Change,
) -> Result<Option<FileChange>, Error> {
    if is_same(&item) {
        if item.delta.stage.staged && item.delta.stage.unstaged {
            change.omitted.push(Omitted {
                path: Some(item.delta.path),
                why:
                    "what is staged differs from HEAD and from the working file, which is as in HEAD: review the index"
                        .into(),
            });
        }
        return Ok(None);
    }
    let mut item = item;
    show_old_as_text(&mut item);
    let Some(shown) = item.new.as_ref().or(item.old.as_ref()) else {
        return Ok(None);
    };
    let body = body(&item, shown, context, attributes)?;
    remarks(&item, &body, attributes, &mut change.remarks);
    Ok(Some(FileChange {
        status: status(&item),
        path: item.delta.path,
        old_path: item.old_path,
        stage: item.delta.stage,
        old: item.old.map(|l| l.side),
        new: item.new.map(|l| l.side),
        body,
    }))
}

/// True when nothing differs.
fn is_same(item: &Item) -> bool {
    match (&item.old, &item.new) {
        (None, None) => true,
        (Some(old), Some(new)) if item.old_path.is_none() => {
            let dirty = matches!(new.content, Content::Submodule { dirty: true, .. });
            let known = old.side.blob.0.bytes().any(|b| b != b'0');
            old.side.mode == new.side.mode && old.side.blob == new.side.blob && known && !dirty
        }
        _ => false,
    }
}

/// Where the new side is text, an old link or pointer is shown as the text that git keeps for it.
fn show_old_as_text(item: &mut Item) {
    let new_is_text = item
        .new
        .as_ref()
        .is_some_and(|new| matches!(new.content, Content::Text(_)));
    if let (true, Some(old)) = (new_is_text, &mut item.old)
        && let Content::Link(bytes) | Content::Lfs { bytes, .. } = &old.content
    {
        old.side.text = Some(bytes.clone());
    }
}

fn status(item: &Item) -> Status {
    let kind = |mode: u32| match mode {
        LINK => 2,
        SUBMODULE => 3,
        _ => 1,
    };
    match (&item.old, &item.new) {
        (None, _) => Status::Added,
        (_, None) => Status::Deleted,
        _ if item.old_path.is_some() && item.copied => Status::Copied,
        _ if item.old_path.is_some() => Status::Renamed,
        (Some(old), Some(new)) if kind(old.side.mode) != kind(new.side.mode) => Status::TypeChanged,
        _ => Status::Modified,
    }
}

/// What the file holds, decided by its side `shown`.
fn body(item: &Item, shown: &Loaded, context: u32, attributes: &Attributes<'_>) -> Result<Body, Error> {
    let link = |side: &Option<Loaded>| match side.as_ref().map(|l| &l.content) {
        Some(Content::Link(target)) => Some(target.to_vec()),
        _ => None,
    };
    let commit = |side: &Option<Loaded>| -> Option<ObjectId> {
        match side.as_ref().map(|l| &l.content) {
            Some(Content::Submodule { commit, .. }) => Some(commit.clone()),
            _ => None,
        }
    };
    Ok(match &shown.content {
        Content::Text(_) => Body::Text {
            hunks: text_hunks(item, context, attributes)?,
        },
        Content::Binary => Body::Binary,
        Content::Link(_) => Body::Symlink {
            from: link(&item.old),
            to: link(&item.new),
        },
        Content::Submodule { dirty, .. } => Body::Submodule {
            from: commit(&item.old),
            to: commit(&item.new),
            dirty: *dirty,
        },
        Content::Lfs { pointer, .. } => Body::LfsPointer {
            size: Some(pointer.size),
        },
        Content::TooLarge { limit } => Body::TooLarge { limit: *limit },
    })
}

fn text_hunks(item: &Item, context: u32, attributes: &Attributes<'_>) -> Result<Vec<super::Hunk>, Error> {
    let text = |side: &Option<Loaded>| side.as_ref().and_then(|l| l.side.text.clone());
    let nothing: Arc<[u8]> = Arc::default();
    let old = text(&item.old).unwrap_or_else(|| nothing.clone());
    let new = text(&item.new).unwrap_or(nothing);
    let compare = Compare {
        context,
        any_eol: attributes.converts_eol(&item.delta.path, &old, &new),
    };
    hunks::between(&item.delta.path, &old, &new, compare)
}

/// Says where a text is shown differently than git would show it.
fn remarks(item: &Item, body: &Body, attributes: &Attributes<'_>, remarks: &mut Vec<Remark>) {
    if !matches!(body, Body::Text { .. }) {
        return;
    }
    let mut found = attributes.remarks(&item.delta.path);
    let old = item.old.as_ref().map(|l| &l.content);
    if item.new.is_some() && matches!(old, Some(Content::Binary | Content::TooLarge { .. })) {
        found.push("its old side is binary or too large: the new one is shown as if all of it were added".to_owned());
    }
    remarks.extend(found.into_iter().map(|what| Remark {
        path: Some(item.delta.path.clone()),
        what,
    }));
}

/// Sorts everything by path, so that equal input gives equal output.
pub(super) fn in_order(change: &mut Change) {
    change.files.sort_by(|a, b| a.path.cmp(&b.path));
    change.omitted.sort();
    change.remarks.sort();
}
