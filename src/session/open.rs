//! Opening a session: repository, configuration, policy of the base, rules, journal; and what recording needs of them.

use super::{Reader, SessionError};
use crate::{
    change::RepoPath,
    change::{Change, ObjectId, Repo, Request},
    config::{Config, POLICY_FILE, Policy as RepositoryPolicy, UserFiles},
    record::{
        self, Clock, Outcome, Plan, Presence, Recorded, Undone, Way, Words,
        journal::{Journal, Stamp},
        wording::Wording,
    },
    review::{Entry, Policy, State},
    scan::{Cache, RuleSet},
};
use std::{collections::HashMap, path::Path, path::PathBuf, sync::Arc};

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// A folder inside the repository.
    pub dir: PathBuf,
    /// What to review.
    pub request: Request,
    /// Where the user's configuration lies.
    pub files: UserFiles,
    /// Folders of rules beside those of the configuration.
    pub rules: Vec<PathBuf>,
}

/// A review in a repository.
pub struct Session {
    pub(super) repo: Repo,
    pub(super) journal: Journal,
    pub(super) presence: Presence,
    git: record::Repo,
    reader: Reader,
    config: Config,
    said: Vec<String>,
}

impl Session {
    /// Opens the repository, the user's configuration and rules, and the journal; settles what a crash left of a recording.
    ///
    /// # Errors
    /// When any of them cannot be used.
    pub fn open(opening: Opening, presence: Presence) -> Result<Self, SessionError> {
        let repo = Repo::open(&opening.dir)?;
        let config = opening.files.config()?;
        let folders: Vec<PathBuf> = config.scan.rules.iter().cloned().chain(opening.rules).collect();
        let rules = Arc::new(RuleSet::load(&folders)?);
        let git = record::Repo::open(&opening.dir)?;
        let stamp = Stamp {
            tool: format!("countersign {}", env!("CARGO_PKG_VERSION")),
            rules: rules.hash().to_owned(),
            by: git.committer()?.who,
            clock: Clock::System,
        };
        let mut journal = Journal::open(repo.common_dir(), stamp)?;
        let mut said: Vec<String> = journal.problems().iter().map(ToString::to_string).collect();
        said.extend(record::recover(&git, &mut journal)?);
        let reader = Reader {
            dir: opening.dir,
            request: opening.request,
            rules,
            cache: Arc::new(Cache::default()),
        };
        Ok(Self {
            repo,
            journal,
            presence,
            git,
            reader,
            config,
            said,
        })
    }

    /// What the person should know of the opening: damage in the journal, recordings that a crash interrupted.
    #[must_use]
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// The user's settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The repository's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.repo.workdir().unwrap_or(self.repo.git_dir())
    }

    /// Loads and scans, from any thread.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// What the policy asks of a review of `change`: the stricter of the user's settings and the **base** revision's file.
    ///
    /// # Errors
    /// When that file cannot be read: a review must not go on without it.
    pub fn policy(&self, change: &Change) -> Result<Policy, SessionError> {
        let review = repository_policy(&self.repo, change.base.as_ref())?.over(self.config.review);
        Ok(Policy {
            threshold: review.threshold,
            reason_at: review.require_reason_at,
        })
    }

    /// What recording this review would do; `ways` are the person's choices for single commits.
    ///
    /// # Errors
    /// When the repository is not what was shown, or cannot be read.
    pub fn plan(&self, state: &State, words: &Words, ways: HashMap<ObjectId, Way>) -> Result<Plan, SessionError> {
        let wording = Wording {
            profile: self.config.record.profile,
            limit: self.config.record.finding_limit,
            ..Wording::default()
        };
        let outcome = Outcome::of(state, words);
        let request = record::Request {
            outcome: &outcome,
            ways,
            wording: &wording,
            stamp: self.journal.stamp(),
            presence: &self.presence,
        };
        Ok(record::plan(&self.git, &request)?)
    }

    /// Records as planned, and notes in the journal that it was.
    ///
    /// # Errors
    /// When the repository moved since the plan was made; nothing has changed then.
    pub fn record(&mut self, plan: &Plan) -> Result<Recorded, SessionError> {
        let recorded = record::perform(&self.git, plan, &mut self.journal)?;
        self.write(Entry::Recorded {
            commits: recorded.commits.clone(),
        })?;
        Ok(recorded)
    }

    /// Takes the latest recording back.
    ///
    /// # Errors
    /// When there is none, it was published, or work went on since.
    pub fn undo_recording(&mut self) -> Result<Undone, SessionError> {
        Ok(record::undo(&self.git, &mut self.journal)?)
    }
}

/// The policy file of a base revision.
///
/// # Errors
/// When it cannot be read or says something that is not understood.
pub fn repository_policy(repo: &Repo, base: Option<&ObjectId>) -> Result<RepositoryPolicy, SessionError> {
    let Some(base) = base else {
        return Ok(RepositoryPolicy::default());
    };
    let file = repo.file_at(base, &RepoPath::new(POLICY_FILE))?;
    Ok(RepositoryPolicy::read(base.short(), file.as_deref())?)
}
