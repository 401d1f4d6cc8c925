//! The three commits that recording can make, as objects not yet written: a new one, an amended one, a review commit on top.

use super::{
    commit_object::CommitObject,
    content,
    error::{RecordError, Result},
    full::Record,
    message,
    outcome::{From, Target, Uncommitted},
    plan::{Grounded, PlannedCommit, Request, trailers_for},
    repo::{Head, Repo, Signature},
    scratch_index::{ScratchIndex, TreeEntry},
    signing::Signing,
    trailers::Trailer,
    way::{Ground, Way},
};
use crate::change::{ObjectId, RepoPath};
use std::collections::HashSet;

/// What all drafts share.
pub(super) struct Draft<'a> {
    pub repo: &'a Repo,
    pub request: &'a Request<'a>,
    /// Trailer keys that the user declared.
    pub declared: &'a [String],
    pub reviewer: Signature,
    pub head: Head,
}

/// A tree made of uncommitted work.
pub(super) struct NewTree {
    pub tree: ObjectId,
    pub entries: Vec<TreeEntry>,
    /// What the index holds at these paths now.
    pub before: Vec<TreeEntry>,
    pub why: String,
}

/// HEAD's tree with exactly the reviewed content put in.
///
/// # Errors
/// When HEAD or the content is not what was reviewed, HEAD must not move, or nothing would change.
pub(super) fn tree_of_uncommitted(ground: &Ground<'_>, work: &Uncommitted) -> Result<NewTree> {
    let Ground { repo, head, .. } = ground;
    if head.id != work.base {
        let now = head.id.as_ref().map_or("nothing", |id| id.short());
        return Err(RecordError::Moved {
            what: "HEAD".into(),
            why: format!("it is at {now} now"),
        });
    }
    if let Some(obstacle) = ground.obstacle {
        let hint = "Finish that first, or record nothing: your decisions stay in the journal.";
        return Err(RecordError::refused(
            format!("no commit can be made now: {obstacle}"),
            hint,
        ));
    }
    if let Signing::Impossible(why) = ground.signing {
        return Err(RecordError::Signing { why: why.clone() });
    }
    let index = ScratchIndex::of(repo, head.id.as_ref())?;
    let entries = match work.from {
        From::Index => content::from_index(repo, &work.files)?,
        From::WorkTree => content::from_work_tree(repo, &work.files)?,
        From::Unstaged => {
            refuse_staged(repo, &index, work)?;
            content::from_work_tree(repo, &work.files)?
        }
    };
    index.change(&entries)?;
    let tree = index.write_tree()?;
    let unchanged = match &head.id {
        Some(id) => repo.tree_of(id)? == tree,
        None => entries.iter().all(|e| e.content.is_none()),
    };
    if unchanged {
        return Err(RecordError::refused(
            "the commit would be empty",
            "Nothing differs from HEAD any more.",
        ));
    }
    let now = content::index_entries(repo, entries.iter().map(|e| &e.path))?;
    let before = entries
        .iter()
        .map(|e| TreeEntry {
            path: e.path.clone(),
            content: now.get(&e.path).cloned(),
        })
        .collect();
    let why = format!("goes on {}", head.describe());
    Ok(NewTree {
        tree,
        entries,
        before,
        why,
    })
}

/// Only what differs from the index was reviewed: a file with other staged content would be committed with what nobody looked at.
fn refuse_staged(repo: &Repo, head: &ScratchIndex<'_>, work: &Uncommitted) -> Result<()> {
    let paths: HashSet<&RepoPath> = work.files.iter().map(|f| &f.path).collect();
    let staged = content::index_entries(repo, paths.iter().copied())?;
    for entry in head.entries()?.iter().filter(|e| paths.contains(&e.path)) {
        if staged.get(&entry.path) != entry.content.as_ref() {
            return Err(also_staged(&entry.path));
        }
    }
    match work.files.iter().find(|f| f.staged) {
        Some(file) => Err(also_staged(&file.path)),
        None => Ok(()),
    }
}

fn also_staged(path: &RepoPath) -> RecordError {
    let name = super::printable::line(&path.lossy(), 200);
    RecordError::refused(
        format!("{name} also has staged changes that are not under review"),
        "Review all uncommitted work (without --unstaged), or commit what is staged first.",
    )
}

/// The commit of reviewed work.
pub(super) fn new_commit(
    draft: &Draft<'_>,
    part: &Grounded<'_>,
    record: &Record,
    digest: &str,
) -> Result<PlannedCommit> {
    let Target::Uncommitted(work) = &part.part.target else {
        return Err(RecordError::refused(
            "a commit that exists cannot be made anew",
            "Amend it or write a note.",
        ));
    };
    let trailers = trailers_for(draft.request, record, digest, &part.reviewed.tree, &[]);
    let message = message::compose(&work.message, &trailers, draft.declared)?;
    let parents: Vec<ObjectId> = draft.head.id.iter().cloned().collect();
    let author = author(draft)?;
    let object = CommitObject::new(&part.reviewed.tree, &parents, &author, &draft.reviewer, message);
    Ok(planned(Way::NewCommit, object, trailers, None))
}

/// HEAD with trailers; `None` when the profile writes none.
pub(super) fn amended(
    draft: &Draft<'_>,
    part: &Grounded<'_>,
    record: &Record,
    digest: &str,
) -> Result<Option<PlannedCommit>> {
    let (Some(object), Some(id)) = (&part.object, &part.reviewed.commit) else {
        return Ok(None);
    };
    let trailers = trailers_for(draft.request, record, digest, &part.reviewed.tree, &[]);
    if trailers.is_empty() {
        return Ok(None);
    }
    let added: String = trailers.iter().map(ToString::to_string).collect();
    let email = &draft.reviewer.who.email;
    let keys = &draft.request.wording.keys;
    let edit = |old: &[u8]| message::renewed(old, &trailers, email, keys, draft.declared);
    let object = object.rewritten(&draft.reviewer, &added, edit)?;
    Ok(Some(planned(Way::Amend, object, trailers.clone(), Some(id.clone()))))
}

/// An empty commit on top that speaks of the covered ones.
pub(super) fn review_commit(
    draft: &Draft<'_>,
    covered: &[&Grounded<'_>],
    record: &Record,
    digest: &str,
) -> Result<PlannedCommit> {
    let Some(tip) = &draft.head.id else {
        return Err(RecordError::refused("there is no commit to review", "Commit first."));
    };
    // A planned commit below (an amend) keeps its tree, so HEAD's tree is right either way.
    let tree = draft.repo.tree_of(tip)?;
    let ids: Vec<ObjectId> = covered.iter().filter_map(|g| g.reviewed.commit.clone()).collect();
    let trailers = trailers_for(draft.request, record, digest, &tree, &ids);
    let subject = match ids.as_slice() {
        [one] => format!("Countersign {}", one.short()),
        many => format!("Countersign {} commits", many.len()),
    };
    let mut body = String::new();
    for part in covered {
        let (Some(id), Some(object)) = (&part.reviewed.commit, &part.object) else {
            continue;
        };
        body.push_str(&format!(
            "- {} {}: {}\n",
            id.short(),
            message::subject(&object.text()),
            part.reviewed.conclusion
        ));
    }
    let message = message::compose(&format!("{subject}\n\n{body}"), &trailers, draft.declared)?;
    let author = author(draft)?;
    let object = CommitObject::new(&tree, std::slice::from_ref(tip), &author, &draft.reviewer, message);
    Ok(planned(Way::ReviewCommit, object, trailers, None))
}

fn author(draft: &Draft<'_>) -> Result<Signature> {
    let text = draft.repo.git.text(["var", "GIT_AUTHOR_IDENT"])?;
    Signature::parse(&text).ok_or_else(|| RecordError::Unreadable {
        what: "your identity".into(),
        why: text,
    })
}

fn planned(way: Way, object: CommitObject, trailers: Vec<Trailer>, replaces: Option<ObjectId>) -> PlannedCommit {
    PlannedCommit {
        way,
        message: object.text(),
        trailers,
        replaces,
        object,
    }
}
