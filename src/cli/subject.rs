//! From what was typed to the change that is meant.

use super::{Failure, args::ChangeArgs};
use crate::change::{Change, Repo, Request, Source};
use std::path::Path;

impl From<crate::change::Error> for Failure {
    fn from(error: crate::change::Error) -> Self {
        let hint = error.hint();
        Failure {
            what: format!("{error}."),
            hint,
        }
    }
}

/// Which change the arguments mean.
pub(super) fn source(args: &ChangeArgs) -> Source {
    match (&args.range, &args.since) {
        (Some(spec), _) if spec.contains("..") => Source::Range { spec: spec.clone() },
        (Some(spec), _) => Source::Commit { spec: spec.clone() },
        (None, Some(since)) => Source::Range {
            spec: format!("{since}..HEAD"),
        },
        (None, None) if args.staged => Source::Index,
        (None, None) if args.unstaged => Source::Unstaged,
        (None, None) => Source::WorkTree,
    }
}

/// The request for those arguments.
pub(super) fn request(args: &ChangeArgs) -> Request {
    Request {
        paths: args.paths.clone(),
        ..Request::new(source(args))
    }
}

/// Opens the repository around `dir`.
pub(super) fn repo(dir: Option<&Path>) -> Result<Repo, Failure> {
    Ok(Repo::open(dir.unwrap_or(Path::new(".")))?)
}

/// The change in words: `working tree`, `staged changes`, `main..`.
pub(super) fn words(change: &Change) -> String {
    match &change.source {
        Source::WorkTree => "working tree".into(),
        Source::Index => "staged changes".into(),
        Source::Unstaged => "unstaged changes".into(),
        Source::Commit { spec } | Source::Range { spec } => spec.clone(),
    }
}
