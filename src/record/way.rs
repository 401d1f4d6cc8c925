//! Which way a commit's review is written, and why.
//!
//! The rule: trailers where nothing of anybody's is lost by it, a note where the commit must stay as it is. A commit stays as it is when
//! others have it, when somebody else signed it, when something is in progress, or when it is not HEAD.

use super::{
    commit_object::CommitObject,
    error::Result,
    message,
    obstacles::{self, Holders},
    repo::{Head, Repo},
    signing::Signing,
    wording::{Profile, Wording},
};
use crate::change::ObjectId;
use serde::{Deserialize, Serialize};

/// How a review goes into git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A new commit of the reviewed work, with trailers.
    NewCommit,
    /// The commit is rewritten with trailers in its message: same tree, same author, new id.
    Amend,
    /// A note beside the commit.
    Note,
    /// An empty commit on top that speaks of the reviewed ones.
    ReviewCommit,
}

/// The way for one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The one taken.
    pub way: Way,
    /// A clause: `is HEAD, not pushed, not signed`.
    pub why: String,
    /// The others that are possible.
    pub others: Vec<Way>,
    /// What the person should know before.
    pub warnings: Vec<String>,
}

/// What is known of the repository when ways are chosen.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub repo: &'a Repo,
    pub head: &'a Head,
    /// Why HEAD must not move.
    pub obstacle: Option<&'a str>,
    pub signing: &'a Signing,
    pub wording: &'a Wording,
}

/// Chooses for a commit that exists. `asked` is taken when it is possible.
pub(super) fn for_commit(
    ground: &Ground<'_>,
    id: &ObjectId,
    object: &CommitObject,
    asked: Option<Way>,
) -> Result<Choice> {
    let mut warnings = Vec::new();
    let amend = may_amend(ground, id, object, &mut warnings)?;
    let mut possible = vec![Way::Note];
    if amend.is_ok() {
        possible.insert(0, Way::Amend);
    }
    if may_review_commit(ground, id)? {
        possible.push(Way::ReviewCommit);
    }
    let way = asked.filter(|w| possible.contains(w)).unwrap_or(possible[0]);
    if way != Way::Amend {
        warnings.clear();
    }
    possible.retain(|w| *w != way);
    let why = match amend {
        Ok(why) | Err(why) => why,
    };
    Ok(Choice {
        way,
        why,
        others: possible,
        warnings,
    })
}

/// The reason for yes or for no, as a clause about the commit.
fn may_amend(
    ground: &Ground<'_>,
    id: &ObjectId,
    object: &CommitObject,
    warnings: &mut Vec<String>,
) -> Result<std::result::Result<String, String>> {
    let Ground { repo, head, .. } = ground;
    if head.id.as_ref() != Some(id) {
        let held = obstacles::holders(repo, id, head)?;
        let place = if held.published.is_empty() {
            "is not HEAD".into()
        } else {
            pushed(&held)
        };
        return Ok(Err(place));
    }
    let held = obstacles::holders(repo, id, head)?;
    if !held.published.is_empty() {
        return Ok(Err(pushed(&held)));
    }
    if repo.work_tree.is_none() {
        return Ok(Err("is in a bare repository".into()));
    }
    if let Some(obstacle) = ground.obstacle {
        return Ok(Err(format!("must not be rewritten now: {obstacle}")));
    }
    if matches!(ground.wording.profile, Profile::NotesOnly) {
        return Ok(Err("is left as it is: records go into notes by configuration".into()));
    }
    if !message::can_carry(&object.message, &message::declared_keys(repo)) {
        return Ok(Err("has a message that cannot carry trailers".into()));
    }
    let signature = match may_resign(ground.signing, object) {
        Ok(signature) => signature,
        Err(why) => return Ok(Err(why)),
    };
    let remotes = !repo.git.text(["remote"])?.is_empty();
    if remotes {
        warnings.push("Not pushed as far as this clone knows; remote-tracking branches may be old.".into());
    }
    let left: Vec<_> = held.branches.iter().chain(&held.others).map(String::as_str).collect();
    if !left.is_empty() {
        warnings.push(format!("Stays on the old commit: {}.", left.join(", ")));
    }
    Ok(Ok(format!("is HEAD, not pushed, {signature}")))
}

fn pushed(held: &Holders) -> String {
    let first = held.published.first().map_or("", String::as_str);
    let name = first
        .strip_prefix("refs/remotes/")
        .or_else(|| first.strip_prefix("refs/"))
        .unwrap_or(first);
    format!("is pushed or tagged ({name})")
}

/// A signature is made again by the one who made it, or the commit stays as it is.
fn may_resign(signing: &Signing, object: &CommitObject) -> std::result::Result<&'static str, String> {
    match (object.signature(), signing) {
        (_, Signing::Impossible(why)) => Err(format!("cannot be signed here: {why}")),
        (None, Signing::Off) => Ok("not signed"),
        (None, Signing::With(_)) => Ok("not signed yet, and will be"),
        (Some(_), Signing::Off) => Err("is signed, and commits are not signed here (commit.gpgSign)".into()),
        (Some(armour), Signing::With(signer)) => {
            if signer.made(armour, &object.unsigned().to_bytes()) {
                Ok("signed by you and will be signed again")
            } else {
                Err("is signed by somebody else".into())
            }
        }
    }
}

/// An empty commit on top needs a branch that may move and that holds the commit.
fn may_review_commit(ground: &Ground<'_>, id: &ObjectId) -> Result<bool> {
    let profile = ground.wording.profile;
    let writes = !matches!(profile, Profile::NotesOnly | Profile::Kernel);
    let signed = !matches!(ground.signing, Signing::Impossible(_));
    let Some(tip) = &ground.head.id else { return Ok(false) };
    if !writes || !signed || ground.obstacle.is_some() || ground.repo.work_tree.is_none() {
        return Ok(false);
    }
    ground
        .repo
        .git
        .call(["merge-base", "--is-ancestor", &id.0, &tip.0])
        .succeeds()
}
